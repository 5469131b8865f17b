//! The place of a node by what it is, so that ids of findings outlive other edits.

use crate::document::{Kind, NodeRef, pointer};

/// Like a pointer, but an item of an array is named by what it is: a parameter by `in` and
/// `name`, a tag by `name`, a server by `url`, a reference by where it leads, a scalar by its
/// value, anything else by its place among the items that have the same keys.
pub fn identity(node: NodeRef<'_>) -> String {
    let mut steps = Vec::new();
    let mut node = node;
    while let Some(parent) = node.parent() {
        match node.key() {
            Some(key) => steps.push(pointer::escape(key).into_owned()),
            None => steps.push(format!("[{}]", item(parent, node))),
        }
        node = parent;
    }
    let mut identity = String::new();
    for step in steps.iter().rev() {
        identity.push('/');
        identity.push_str(step);
    }
    identity
}

/// What an item of an array is, as [`identity`] names it; nothing for anything else.
pub fn item_identity(node: NodeRef<'_>) -> Option<String> {
    node.parent().filter(|parent| parent.is_array()).map(|array| item(array, node))
}

fn item(array: NodeRef<'_>, node: NodeRef<'_>) -> String {
    match node.kind() {
        Kind::Object => named(node).unwrap_or_else(|| {
            let keys = keys(node);
            let alike = array.items().take_while(|item| *item != node);
            let place =
                alike.filter(|item| named(*item).is_none() && self::keys(*item) == keys).count();
            format!("{} {place}", keys.join(","))
        }),
        Kind::Array => {
            let place =
                array.items().take_while(|item| *item != node).filter(|it| it.is_array()).count();
            format!("array {place}")
        }
        _ => node.scalar_text().unwrap_or_default().to_owned(),
    }
}

fn named(node: NodeRef<'_>) -> Option<String> {
    let text = |key| node.get(key).and_then(NodeRef::as_str);
    match (text("in"), text("name"), text("$ref")) {
        (Some(location), Some(name), _) => Some(format!("{location}:{name}")),
        (None, Some(name), _) => Some(format!("name:{name}")),
        (_, None, Some(reference)) => Some(format!("$ref:{reference}")),
        _ => text("url").map(|url| format!("url:{url}")),
    }
}

fn keys(node: NodeRef<'_>) -> Vec<&str> {
    let mut keys: Vec<_> = node.entries().map(|entry| entry.key).collect();
    keys.sort_unstable();
    keys
}
