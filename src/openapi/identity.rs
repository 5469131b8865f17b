//! The place of a node by what it is, so that ids of findings outlive other edits.

use rustc_hash::FxHashMap;

use crate::document::{Kind, NodeId, NodeRef, pointer, quote_double, sha256_hex};

/// The keywords that list schemas in an order that means nothing.
const BRANCHES: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Names places of a description; each list is looked at once.
#[derive(Debug, Default)]
pub struct Identities {
    lists: FxHashMap<(usize, NodeId), Vec<String>>,
}

impl Identities {
    /// Like a pointer, but an item of an array is named by what it is: a parameter by `in` and
    /// `name`, a tag by `name`, a server by `url`, a reference by where it leads, a scalar by its
    /// value, a branch of a choice by its title or by what it says; anything else by its place
    /// among the items that have the same keys.
    pub fn of(&mut self, node: NodeRef<'_>) -> String {
        let mut steps = Vec::new();
        let mut node = node;
        while let Some(parent) = node.parent() {
            match node.key() {
                Some(key) => steps.push(pointer::escape(key).into_owned()),
                None => steps.push(format!("[{}]", self.item(parent, node))),
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

    fn item(&mut self, array: NodeRef<'_>, node: NodeRef<'_>) -> &str {
        let key = (std::ptr::from_ref(array.document()).addr(), array.id());
        let names = self.lists.entry(key).or_insert_with(|| names(array));
        node.index().and_then(|index| names.get(index)).map_or("", String::as_str)
    }
}

/// The names of all items of an array.
fn names(array: NodeRef<'_>) -> Vec<String> {
    if array.key().is_some_and(|key| BRANCHES.contains(&key)) {
        return branches(array);
    }
    let mut alike: FxHashMap<String, usize> = FxHashMap::default();
    let name = |node: NodeRef<'_>| {
        let keys = match node.kind() {
            Kind::Object => match named(node) {
                Some(name) => return name,
                None => keys(node).join(","),
            },
            Kind::Array => "array".to_owned(),
            _ => return node.scalar_text().unwrap_or_default().to_owned(),
        };
        let place = alike.entry(keys.clone()).or_default();
        *place += 1;
        format!("{keys} {}", *place - 1)
    };
    array.items().map(name).collect()
}

/// The names of the branches of a choice: as short as tells them apart, and by their place only
/// where they are equal.
fn branches(array: NodeRef<'_>) -> Vec<String> {
    let mut names: Vec<String> = array.items().map(|it| branch(it)).collect();
    for more in [kind, digest] {
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        for name in &names {
            *counts.entry(name.clone()).or_default() += 1;
        }
        for (name, item) in names.iter_mut().zip(array.items()) {
            if counts.get(name).is_some_and(|count| *count > 1) {
                name.push_str(&more(item));
            }
        }
    }
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for name in &mut names {
        let place = places.entry(name.clone()).or_default();
        *place += 1;
        if *place > 1 {
            name.push_str(&format!(" {place}"));
        }
    }
    names
}

/// What a branch is called, or the keywords and properties that it has.
fn branch(node: NodeRef<'_>) -> String {
    let text = |key| node.get(key).and_then(NodeRef::as_str);
    for key in ["$ref", "title", "$id", "$anchor"] {
        if let Some(name) = text(key) {
            return format!("{key}:{name}");
        }
    }
    let properties = node.get("properties").into_iter().flat_map(NodeRef::entries);
    let mut properties: Vec<String> = properties
        .map(|entry| match only_value(entry.value) {
            Some(value) => format!("{}={value}", quote_double(entry.key)),
            None => quote_double(entry.key),
        })
        .collect();
    properties.sort_unstable();
    format!("{} {{{}}}", keys(node).join(","), properties.join(","))
}

/// The one value that a property may have, as a discriminator's does in each branch.
fn only_value(schema: NodeRef<'_>) -> Option<&str> {
    let constant = schema.get("const");
    let listed = || schema.get("enum").filter(|list| list.len() == 1)?.item(0);
    constant.or_else(listed)?.scalar_text()
}

/// What kind of value a branch speaks of.
fn kind(node: NodeRef<'_>) -> String {
    let mut kind = String::new();
    for key in ["type", "format", "const", "enum"] {
        let value = node.get(key).into_iter();
        for part in value.flat_map(|it| it.scalar_text().into_iter().chain(texts(it))) {
            kind.push_str(&format!(" {}", quote_double(part)));
        }
    }
    kind
}

fn texts(list: NodeRef<'_>) -> impl Iterator<Item = &str> {
    list.items().filter_map(NodeRef::scalar_text)
}

fn digest(node: NodeRef<'_>) -> String {
    format!(" {}", sha256_hex(node.to_value().to_json().as_bytes()))
}

/// What an item of an array is, for whoever compares two revisions; nothing for anything else.
pub fn item_identity(node: NodeRef<'_>) -> Option<String> {
    let array = node.parent().filter(|parent| parent.is_array())?;
    Some(match node.kind() {
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
    })
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
