//! Where examples, defaults and choices stand.

use crate::{
    document::NodeRef,
    openapi::{Direction, Directions, Kind as Object, Role, Visit},
};

use crate::verify::context::Context;

use super::judge::{Judge, Purpose};

/// The values that schemas themselves give.
pub(super) fn schemas<'d>(cx: &Context<'_, 'd>, judge: &mut Judge<'_, '_, 'd>) {
    for visit in cx.walk.visits(Object::Schema) {
        let schema = visit.node;
        let by = if visit.role == Role::AllOf { annotated(schema) } else { schema };
        let single = schema.get("example").into_iter();
        for value in single.chain(schema.get("examples").into_iter().flat_map(NodeRef::items)) {
            judge.either_way(value, by, Purpose::Example, visit.directions);
        }
        if let Some(value) = schema.get("default") {
            judge.either_way(value, by, Purpose::Default, visit.directions);
        }
        judge.choices(schema);
    }
}

/// The schema that a branch of `allOf` speaks of: the whole, where the branch says nothing of its
/// own and only shows something, as OpenAPI 3.0 must do it beside a `$ref`.
fn annotated(branch: NodeRef<'_>) -> NodeRef<'_> {
    const ANNOTATIONS: [&str; 10] = [
        "title",
        "description",
        "default",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "nullable",
        "externalDocs",
    ];
    let shows = branch
        .entries()
        .all(|entry| ANNOTATIONS.contains(&entry.key) || entry.key.starts_with("x-"));
    let whole = branch.parent().and_then(NodeRef::parent);
    whole.filter(|_| shows).unwrap_or(branch)
}

/// The values that parameters, headers and media types give for their schema.
pub(super) fn carriers<'d>(cx: &Context<'_, 'd>, judge: &mut Judge<'_, '_, 'd>) {
    for kind in [Object::Parameter, Object::Header, Object::MediaType] {
        for visit in cx.walk.visits(kind) {
            carrier(cx, visit, judge);
        }
    }
}

fn carrier<'d>(cx: &Context<'_, 'd>, visit: &Visit<'d>, judge: &mut Judge<'_, '_, 'd>) {
    let node = visit.node;
    if node.get("schema").is_none() && node.get("itemSchema").is_none() {
        return;
    }
    if let Some(value) = node.get("example") {
        shown(cx, visit, value, judge);
    }
    for entry in node.get("examples").into_iter().flat_map(NodeRef::entries) {
        let Some(example) = cx.walk.resolve(entry.value) else {
            judge.open();
            continue;
        };
        match (example.get("value"), example.get("dataValue")) {
            (_, Some(value)) | (Some(value), None) => shown(cx, visit, value, judge),
            (None, None) => judge.open(),
        }
    }
}

/// Judges an example that is a value of the schema, or the text of one.
fn shown<'d>(
    cx: &Context<'_, 'd>,
    visit: &Visit<'d>,
    value: NodeRef<'d>,
    judge: &mut Judge<'_, '_, 'd>,
) {
    let schema = visit.node.get("schema");
    let is_text = || schema.is_none_or(|schema| may_be_serialized(cx, visit, schema));
    if value.as_str().is_some() && is_text() {
        judge.open();
    } else {
        data(visit, value, judge);
    }
}

/// Judges a value by the schema of the whole, and its items by the schema of each item that a
/// sequential media type has since 3.2.
fn data<'d>(visit: &Visit<'d>, value: NodeRef<'d>, judge: &mut Judge<'_, '_, 'd>) {
    let from_owner = is_sent_by_owner(visit.node);
    let mut judge = |value, schema| {
        if from_owner {
            judge.either_way(value, schema, Purpose::Example, Directions::NONE);
        } else {
            judge.value(value, schema, Purpose::Example, direction(visit));
        }
    };
    if let Some(schema) = visit.node.get("schema") {
        judge(value, schema);
    }
    if let Some(schema) = visit.node.get("itemSchema") {
        for item in value.items() {
            judge(item, schema);
        }
    }
}

/// Whether a message belongs to a callback or webhook, whose request comes from the owner of the
/// values: `readOnly` and `writeOnly` speak of what is sent to the owner and read from it
/// (JSON Schema 2020-12 validation, section 9.4).
fn is_sent_by_owner(node: NodeRef<'_>) -> bool {
    let mut around = std::iter::successors(node.parent(), |node| node.parent());
    around.any(|node| {
        let at_root = || node.parent().is_some_and(|parent| parent.parent().is_none());
        node.key() == Some("callbacks") || node.key() == Some("webhooks") && at_root()
    })
}

fn direction(visit: &Visit<'_>) -> Option<Direction> {
    match visit.kind {
        Object::Parameter => Some(Direction::Request),
        _ => visit.directions.only().filter(|_| visit.directions != Directions::NONE),
    }
}

/// Whether a string given as an example may be the text that is sent, and so no value of the
/// schema (OpenAPI 3.1.1, sections 4.8.12.4, 4.8.14 and 4.8.19).
fn may_be_serialized<'d>(cx: &Context<'_, 'd>, visit: &Visit<'d>, schema: NodeRef<'d>) -> bool {
    let media_type = visit.node.key().filter(|_| visit.kind == Object::MediaType);
    let Some(media_type) = media_type else {
        // `1,2` is how an array of a parameter is sent; a number has no other form.
        let schema = cx.walk.resolve(schema);
        return schema.is_some_and(|it| types(it).any(|name| matches!(name, "array" | "object")));
    };
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json =
        essence == "application/json" || essence.ends_with("+json") || essence.ends_with("/json");
    let is_text = essence.starts_with("text/");
    let mut types = cx.walk.resolve(schema).into_iter().flat_map(types).peekable();
    let is_string = types.peek().is_some() && types.all(|name| matches!(name, "string" | "null"));
    !(is_json || is_text && is_string)
}

/// The types that a schema names.
fn types(schema: NodeRef<'_>) -> impl Iterator<Item = &str> {
    let value = schema.get("type").into_iter();
    value.flat_map(|it| it.as_str().into_iter().chain(it.items().filter_map(NodeRef::as_str)))
}
