//! The one form in which a contract crosses: block YAML, written anew from what was read.
//!
//! Fixed fields come in the specification's order, everything else in the proposer's; comments,
//! anchors and layout stay behind, and numbers keep their text.

use crate::{
    document::{NodeRef, Value},
    openapi::{Description, Walk, tables},
};

/// Writes a document in the form in which it crosses; nothing where there is nothing to write.
pub fn reemit(description: &Description) -> Option<String> {
    let root = description.entry().root()?;
    let walk = Walk::new(description);
    Some(ordered(root, &walk, description).to_yaml())
}

fn ordered<'d>(node: NodeRef<'d>, walk: &Walk<'d>, description: &'d Description) -> Value {
    if node.is_array() {
        return Value::Array(node.items().map(|it| ordered(it, walk, description)).collect());
    }
    if !node.is_object() {
        return node.to_value();
    }
    let mut entries: Vec<_> = node.entries().collect();
    if let Some(kind) = walk.kind_of(node) {
        let version = description.version_at(node);
        let fields: Vec<_> = tables::fields(kind, version).map(|field| field.name).collect();
        let place = |key: &str| match fields.iter().position(|field| *field == key) {
            _ if key == "$ref" => 0,
            Some(at) => at + 1,
            None => fields.len() + 1,
        };
        entries.sort_by_key(|entry| place(entry.key));
    }
    let members =
        entries.into_iter().map(|it| (it.key.to_owned(), ordered(it.value, walk, description)));
    Value::Object(members.collect())
}
