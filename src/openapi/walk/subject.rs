//! How findings name nodes and values.

use crate::{
    document::{self, Entry, NodeRef},
    finding::At,
};

/// A node as the subject of a sentence: `` `title` `` or `` an item of `tags` ``.
pub(super) fn subject(node: NodeRef<'_>) -> String {
    if let Some(key) = node.key() {
        return format!("`{key}`");
    }
    match node.parent().and_then(NodeRef::key) {
        Some(key) => format!("an item of `{key}`"),
        None if node.parent().is_none() => "the document".to_owned(),
        None => "an item".to_owned(),
    }
}

/// What a node is, for "must be a string, not …".
pub(super) fn what_it_is(node: NodeRef<'_>) -> &'static str {
    match node.kind() {
        document::Kind::Null => "null",
        document::Kind::Bool => "a boolean",
        document::Kind::Number => "a number",
        document::Kind::String => "a string",
        document::Kind::Array => "an array",
        document::Kind::Object => "an object",
    }
}

/// The value, or its key where the value has no text of its own (`info:` and nothing after it).
pub(super) fn value_of(node: NodeRef<'_>) -> At<'_> {
    if node.span().start == node.span().end { At::Key(node) } else { At::Value(node) }
}

/// The key of a member; of a member that is an alias, the key where it stands.
pub(super) fn key_of<'d>(object: NodeRef<'d>, entry: &Entry<'d>) -> At<'d> {
    if entry.value.key_span() == Some(entry.key_span) {
        At::Key(entry.value)
    } else {
        At::Span(object, entry.key_span)
    }
}

/// Names in back-quotes with commas between.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Names in back-quotes as alternatives: `` `a`, `b` or `c` ``.
pub(super) fn alternatives(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => format!("{} or `{last}`", listed(first.iter().copied())),
    }
}
