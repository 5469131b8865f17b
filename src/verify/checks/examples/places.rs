//! Where examples, defaults and choices stand.

use crate::{
    document::NodeRef,
    openapi::{Direction, Directions, Kind as Object, Visit},
};

use crate::verify::context::Context;

use super::judge::{Judge, Purpose};

/// The values that schemas themselves give.
pub(super) fn schemas<'d>(cx: &Context<'_, 'd>, judge: &mut Judge<'_, '_, 'd>) {
    for visit in cx.walk.visits(Object::Schema) {
        let schema = visit.node;
        if let Some(value) = schema.get("example") {
            judge.value(value, schema, Purpose::Example, None);
        }
        for value in schema.get("examples").into_iter().flat_map(NodeRef::items) {
            judge.value(value, schema, Purpose::Example, None);
        }
        if let Some(value) = schema.get("default") {
            judge.value(value, schema, Purpose::Default, None);
        }
        judge.choices(schema);
    }
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
    let Some(schema) = node.get("schema") else {
        return items(cx, visit, judge);
    };
    let media_type = node.key().filter(|_| visit.kind == Object::MediaType);
    let direction = direction(visit);
    let take = |value: NodeRef<'d>, judge: &mut Judge<'_, '_, 'd>| {
        let list = media_type.is_none() && is_serialized_list(cx, schema, value);
        if list || is_serialized(media_type, value) {
            judge.open();
        } else {
            judge.value(value, schema, Purpose::Example, direction);
        }
    };
    if let Some(value) = node.get("example") {
        take(value, judge);
    }
    for entry in node.get("examples").into_iter().flat_map(NodeRef::entries) {
        let Some(example) = cx.walk.resolve(entry.value) else {
            judge.open();
            continue;
        };
        match (example.get("value"), example.get("dataValue")) {
            (_, Some(value)) | (Some(value), None) => take(value, judge),
            (None, None) => judge.open(),
        }
    }
}

/// Sequential media types of 3.2 give a schema for each item.
fn items<'d>(_: &Context<'_, 'd>, visit: &Visit<'d>, judge: &mut Judge<'_, '_, 'd>) {
    let given = visit.node.get("example").is_some() || visit.node.get("examples").is_some();
    if given && visit.node.get("itemSchema").is_some() {
        judge.open();
    }
}

fn direction(visit: &Visit<'_>) -> Option<Direction> {
    match visit.kind {
        Object::Parameter => Some(Direction::Request),
        _ => visit.directions.only().filter(|_| visit.directions != Directions::NONE),
    }
}

/// Whether the example of a parameter or header is a list or object as it would be sent:
/// `1,2,3` is no array, but what an array looks like in a query.
fn is_serialized_list<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>, value: NodeRef<'d>) -> bool {
    let schema = cx.walk.resolve(schema).unwrap_or(schema);
    let is = |name| match schema.get("type") {
        Some(kind) if kind.is_array() => kind.items().any(|it| it.as_str() == Some(name)),
        Some(kind) => kind.as_str() == Some(name),
        None => false,
    };
    value.as_str().is_some() && (is("array") || is("object"))
}

/// Whether an example is the text of a message that is not JSON, and so no value of the schema.
fn is_serialized(media_type: Option<&str>, value: NodeRef<'_>) -> bool {
    let Some(media_type) = media_type else { return false };
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = essence == "application/json"
        || essence.ends_with("+json")
        || essence == "*/*"
        || essence == "application/*"
        || essence.ends_with("/json");
    value.as_str().is_some() && !json && !essence.starts_with("text/plain")
}
