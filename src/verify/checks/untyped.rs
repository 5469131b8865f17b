//! Schemas that leave the type open.
//!
//! * **Source.** JSON Schema 2020-12 core, section 7.6.1: a keyword that is absent asserts nothing.
//!   OpenAPI 3.1.1, section 4.8.14.3: a schema of a binary body says nothing.

use rustc_hash::FxHashSet;

use crate::{
    document::{NodeId, NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Role, Version},
};

use crate::verify::{context::Context, sink::Sink};

/// Keywords that say of which type a value is, or leave that to other schemas.
const TELLING: [&str; 14] = [
    "type",
    "$ref",
    "$dynamicRef",
    "allOf",
    "anyOf",
    "oneOf",
    "enum",
    "const",
    "not",
    "if",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
    "$recursiveRef",
];

/// The types that keywords speak of.
const SPEAKING: [(&str, &[&str]); 4] = [
    ("object", &["properties", "required", "additionalProperties", "patternProperties"]),
    ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
    ("string", &["pattern", "minLength", "maxLength"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
];

/// Reports properties, items and parameters whose schema allows any type.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut parts = None;
    for visit in cx.walk.visits(Object::Schema) {
        let schema = visit.node;
        let Some(what) = part(visit.role).filter(|_| !is_telling(schema)) else { continue };
        let told = match visit.role {
            Role::Property => is_told_elsewhere(cx, schema),
            // What `contains` asks for are items that another keyword speaks of.
            Role::Item => schema.key() != Some("items") || are_told_elsewhere(cx, schema),
            _ => false,
        };
        if told {
            continue;
        }
        let since_3_1 = cx.walk.description().version_at(schema) != Version::V30;
        if since_3_1 && schema.is_empty() {
            let parts = parts.get_or_insert_with(|| binary_parts(cx));
            if parts.contains(&key(cx, schema))
                || visit.role == Role::MediaType && is_binary(schema)
            {
                continue;
            }
        }
        let name = schema.key().filter(|_| matches!(visit.role, Role::Property | Role::Component));
        let message = match name {
            Some(name) => format!("the {what} `{name}` has no type"),
            None => format!("the {what} has no type"),
        };
        sink.push(suggested(Draft::new("untyped-schema", At::Key(schema), message), schema));
    }
}

fn is_telling(schema: NodeRef<'_>) -> bool {
    TELLING.iter().any(|keyword| schema.get(keyword).is_some())
}

/// Whether another schema for the same object says of which type the property is, so that this
/// one only adds to it; or whether the object is one that must not be.
fn is_told_elsewhere<'d>(cx: &Context<'_, 'd>, property: NodeRef<'d>) -> bool {
    let object = property.parent().and_then(NodeRef::parent);
    let (Some(name), Some(object)) = (property.key(), object) else { return false };
    let outer = object.parent().filter(|_| object.key() == Some("not"));
    if outer.is_some_and(|outer| cx.walk.kind_of(outer) == Some(Object::Schema)) {
        return true;
    }
    is_told(cx, object, |part| part.get("properties")?.get(name))
}

/// Whether another schema for the same array says of which type its items are.
fn are_told_elsewhere<'d>(cx: &Context<'_, 'd>, items: NodeRef<'d>) -> bool {
    items.parent().is_some_and(|array| is_told(cx, array, |part| part.get("items")))
}

/// Whether a part of another schema for the same instance says something.
fn is_told<'d>(
    cx: &Context<'_, 'd>,
    schema: NodeRef<'d>,
    part_of: impl Fn(NodeRef<'d>) -> Option<NodeRef<'d>>,
) -> bool {
    let around = cx.schemas.around(schema);
    // Where too many schemas apply this one, those that it stands in count.
    let around = around.or_else(|| cx.schemas.closure(cx.schemas.outermost(schema), true));
    let Some(around) = around else { return true };
    let mut others = around.into_iter().filter(|other| *other != schema);
    others.any(|other| {
        part_of(other).is_some_and(|part| part.as_bool().is_some() || is_telling(part))
    })
}

fn key<'d>(cx: &Context<'_, 'd>, node: NodeRef<'d>) -> (usize, NodeId) {
    (cx.walk.description().slot(node), node.id())
}

/// Whether a body of this media type is bytes, of which a schema says nothing
/// (OpenAPI 3.1.1, section 4.8.14.3).
fn is_binary(schema: NodeRef<'_>) -> bool {
    let media_type = schema.parent().and_then(NodeRef::key).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let structured = ["json", "xml", "yaml", "form-data", "x-www-form-urlencoded"];
    !structured.iter().any(|ending| essence.ends_with(ending)) && !essence.starts_with("text/")
}

/// The properties that are parts of multipart messages: without a schema they are bytes
/// (OpenAPI 3.1.1, section 4.8.15.1.1).
fn binary_parts(cx: &Context<'_, '_>) -> FxHashSet<(usize, NodeId)> {
    let mut parts = FxHashSet::default();
    for visit in cx.walk.visits(Object::MediaType) {
        let is_multipart = visit.node.key().is_some_and(|key| key.starts_with("multipart/"));
        let Some(schema) = visit.node.get("schema").filter(|_| is_multipart) else { continue };
        for object in cx.schemas.closure(schema, true).unwrap_or_default() {
            let properties = object.get("properties").into_iter().flat_map(NodeRef::entries);
            for entry in properties {
                parts.insert(key(cx, entry.value));
                // A list of files is one part for each.
                parts.extend(entry.value.get("items").map(|items| key(cx, items)));
            }
        }
    }
    parts
}

/// What a schema of a role is called where its type matters.
fn part(role: Role) -> Option<&'static str> {
    match role {
        Role::Property => Some("property"),
        Role::Item | Role::PrefixItem => Some("item"),
        Role::Component => Some("schema"),
        Role::Parameter => Some("parameter"),
        Role::Header => Some("header"),
        Role::MediaType => Some("body"),
        _ => None,
    }
}

/// Adds the type that the other keywords speak of.
fn suggested<'d>(draft: Draft<'d>, schema: NodeRef<'d>) -> Draft<'d> {
    let speaks_of = |(_, keywords): &&(&str, &[&str])| {
        keywords.iter().any(|keyword| schema.get(keyword).is_some())
    };
    let mut spoken = SPEAKING.iter().filter(speaks_of);
    let (Some((meant, _)), None) = (spoken.next(), spoken.next()) else { return draft };
    if *meant == "number" {
        return draft.help("add `type: number` or `type: integer`");
    }
    let meant = *meant;
    let value = Value::from(meant);
    let draft = draft
        .help(format!("add `type: {meant}`"))
        .expected(Value::object([("type", value.clone())]));
    match edit::insert_first(schema, "type", &value) {
        Some(edit) => {
            let patch = [PatchOperation::add(format!("{}/type", schema.pointer()), value)];
            draft.fix(Safety::NeedsReview, [edit], patch)
        }
        None => draft,
    }
}
