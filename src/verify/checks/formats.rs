//! The `format` of schemas against the registry, and keywords against the type beside them.
//!
//! * **Source.** OpenAPI Format Registry; OpenAPI 3.1.1, section 4.4.1;
//!   JSON Schema 2020-12 validation, sections 6.2 to 6.5.

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::Kind as Object,
    schema::format::registry,
};

use crate::verify::{context::Context, sink::Sink};

/// Keywords that speak about values of some types alone.
const APPLIES: &[(&str, &[&str])] = &[
    ("multipleOf", &["number", "integer"]),
    ("maximum", &["number", "integer"]),
    ("exclusiveMaximum", &["number", "integer"]),
    ("minimum", &["number", "integer"]),
    ("exclusiveMinimum", &["number", "integer"]),
    ("maxLength", &["string"]),
    ("minLength", &["string"]),
    ("pattern", &["string"]),
    ("items", &["array"]),
    ("prefixItems", &["array"]),
    ("maxItems", &["array"]),
    ("minItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("contains", &["array"]),
    ("properties", &["object"]),
    ("patternProperties", &["object"]),
    ("additionalProperties", &["object"]),
    ("required", &["object"]),
    ("maxProperties", &["object"]),
    ("minProperties", &["object"]),
    ("discriminator", &["object"]),
];

const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/// Reports formats that are not registered or not for the type, and keywords without effect.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let types = types(visit.node);
        if types.iter().any(|name| !TYPES.contains(name)) {
            continue;
        }
        if let Some(format) = visit.node.get("format")
            && let Some(name) = format.as_str()
            && !cx.formats.iter().any(|known| known == name)
        {
            check_format(&types, format, name, sink);
        }
        if !types.is_empty() {
            check_keywords(visit.node, &types, sink);
        }
    }
}

fn types(schema: NodeRef<'_>) -> Vec<&str> {
    let Some(value) = schema.get("type") else { return Vec::new() };
    match value.as_str() {
        Some(name) => vec![name],
        None => value.items().filter_map(NodeRef::as_str).collect(),
    }
}

fn check_format<'d>(types: &[&str], format: NodeRef<'d>, name: &str, sink: &mut Sink<'_, 'd>) {
    if let Some(fitting) = registry::registered(name) {
        let others: Vec<_> = types.iter().filter(|name| **name != "null").collect();
        if others.is_empty() || others.iter().any(|name| fitting.contains(name)) {
            return;
        }
        let message = format!(
            "the format `{name}` is for `{}`, not for `{}`",
            fitting.join("` or `"),
            types.join("` or `")
        );
        sink.push(Draft::new("format-not-for-type", At::Value(format), message).fact(name));
        return;
    }
    let Some(meant) = registry::meant(name) else {
        let message = format!("the format `{name}` is not registered");
        sink.push(Draft::new("unregistered-format", At::Value(format), message).fact(name));
        return;
    };
    let message = format!("the format `{name}` is not registered; `{meant}` is");
    let mut draft = Draft::new("misspelled-format", At::Value(format), message)
        .fact(name)
        .found(name)
        .expected(meant);
    if let Some(edit) = edit::replace(format, &Value::from(meant)) {
        let patch = [PatchOperation::replace(format.pointer(), meant)];
        draft = draft.fix(Safety::Safe, [edit], patch);
    }
    sink.push(draft.help(format!("write `format: {meant}`")));
}

fn check_keywords<'d>(schema: NodeRef<'d>, types: &[&str], sink: &mut Sink<'_, 'd>) {
    for entry in schema.entries() {
        let Some((_, fitting)) = APPLIES.iter().find(|(name, _)| *name == entry.key) else {
            continue;
        };
        if !types.iter().any(|name| fitting.contains(name)) {
            let message = format!(
                "`{}` says nothing about a value of type `{}`",
                entry.key,
                types.join("` or `")
            );
            let draft = Draft::new("keyword-not-for-type", At::Key(entry.value), message);
            sink.push(draft.fact(entry.key));
        }
    }
}
