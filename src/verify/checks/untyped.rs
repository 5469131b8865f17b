//! Schemas that leave the type open.
//!
//! * **Source.** JSON Schema 2020-12 core, section 7.6.1: a keyword that is absent asserts nothing.

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Role},
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

/// Reports properties, items and parameters whose schema allows any type.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let Some(what) = part(visit.role) else { continue };
        let schema = visit.node;
        if TELLING.iter().any(|keyword| schema.get(keyword).is_some()) {
            continue;
        }
        let name = schema.key().filter(|_| matches!(visit.role, Role::Property | Role::Component));
        let message = match name {
            Some(name) => format!("the {what} `{name}` has no type"),
            None => format!("the {what} has no type"),
        };
        sink.push(suggested(Draft::new("untyped-schema", At::Key(schema), message), schema));
    }
}

/// What a schema of a role is called where its type matters.
fn part(role: Role) -> Option<&'static str> {
    match role {
        Role::Property => Some("property"),
        Role::Item => Some("item"),
        Role::Component => Some("schema"),
        Role::Parameter => Some("parameter"),
        Role::Header => Some("header"),
        Role::MediaType => Some("body"),
        _ => None,
    }
}

/// Adds the type that the other keywords speak of.
fn suggested<'d>(draft: Draft<'d>, schema: NodeRef<'d>) -> Draft<'d> {
    let has = |names: &[&str]| names.iter().any(|name| schema.get(name).is_some());
    let meant = if has(&["properties", "required", "additionalProperties"]) {
        "object"
    } else if has(&["items", "minItems", "maxItems"]) {
        "array"
    } else if has(&["pattern", "minLength", "maxLength"]) {
        "string"
    } else {
        return draft;
    };
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
