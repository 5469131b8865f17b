//! Operations and responses, each once, however many paths lead to them.

use rustc_hash::FxHashSet;

use crate::{document::NodeRef, openapi::Operation};

use crate::verify::context::Context;

/// The operations of a description; one that several paths share comes with the first of them.
pub(super) fn operations<'c, 'd>(
    cx: &Context<'c, 'd>,
) -> impl Iterator<Item = &'c Operation<'d>> + use<'c, 'd> {
    let description = cx.walk.description();
    let mut seen = FxHashSet::default();
    cx.walk
        .operations()
        .iter()
        .filter(move |it| seen.insert((description.slot(it.node), it.node.id())))
}

/// The responses of an operation by their keys; those that could not be read are left out.
pub(super) fn responses<'d>(
    cx: &Context<'_, 'd>,
    operation: NodeRef<'d>,
) -> Vec<(&'d str, NodeRef<'d>)> {
    let responses = operation.get("responses").into_iter().flat_map(NodeRef::entries);
    let responses = responses.filter(|entry| !entry.key.starts_with("x-"));
    responses.filter_map(|entry| Some((entry.key, cx.walk.resolve(entry.value)?))).collect()
}

/// The types that a schema names.
pub(super) fn types(schema: NodeRef<'_>) -> impl Iterator<Item = &str> {
    let value = schema.get("type").into_iter();
    value.flat_map(|it| it.as_str().into_iter().chain(it.items().filter_map(NodeRef::as_str)))
}

/// Whether a schema names a type, perhaps beside null.
pub(super) fn is_typed(schema: NodeRef<'_>, name: &str) -> bool {
    let mut types = types(schema).filter(|it| *it != "null").peekable();
    types.peek().is_some() && types.all(|it| it == name)
}

/// Whether a key of `content` names JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") || essence.ends_with("/json")
}
