//! How findings name nodes and values.

use std::borrow::Cow;

use crate::{
    document::{self, Entry, NodeRef},
    finding::At,
};

/// How much of a document's own text a message repeats.
const SHOWN_MAX: usize = 120;

/// Text of a document as a message shows it: cut where it is long.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// A node as the subject of a sentence: `` `title` `` or `` an item of `tags` ``.
pub(super) fn subject(node: NodeRef<'_>) -> String {
    if let Some(key) = node.key() {
        return format!("`{}`", shown(key));
    }
    match node.parent().and_then(NodeRef::key) {
        Some(key) => format!("an item of `{}`", shown(key)),
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
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{}`", shown(name))).collect();
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
