//! The `format` of schemas against the registry, and keywords against the type beside them.
//!
//! * **Source.** OpenAPI Format Registry; OpenAPI 3.1.1, section 4.4.1;
//!   JSON Schema 2020-12 validation, sections 6.2 to 6.5.

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Version},
    schema::format::registry::{self, Meant},
};

use crate::verify::{checks::given, context::Context, sink::Sink};

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

/// Those that came with OpenAPI 3.1.
const APPLIES_SINCE_3_1: &[(&str, &[&str])] = &[
    ("contentEncoding", &["string"]),
    ("contentMediaType", &["string"]),
    ("contentSchema", &["string"]),
    ("minContains", &["array"]),
    ("maxContains", &["array"]),
    ("unevaluatedItems", &["array"]),
    ("propertyNames", &["object"]),
    ("dependentRequired", &["object"]),
    ("dependentSchemas", &["object"]),
    ("unevaluatedProperties", &["object"]),
];

const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/// Reports formats that are not registered or not for the type, and keywords without effect.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let types = types(visit.node);
        if let Some(format) = visit.node.get("format")
            && let Some(name) = format.as_str()
            && !cx.formats.iter().any(|known| known == name)
        {
            check_format(visit.node, &types, format, sink);
        }
        let known = types.iter().all(|name| TYPES.contains(name));
        if known && !types.is_empty() {
            let version = cx.walk.description().version_at(visit.node);
            check_keywords(visit.node, &types, version, sink);
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

fn check_format<'d>(
    schema: NodeRef<'d>,
    types: &[&str],
    format: NodeRef<'d>,
    sink: &mut Sink<'_, 'd>,
) {
    let name = format.as_str().unwrap_or_default();
    if let Some(fitting) = registry::registered(name) {
        if !fits(types, fitting) {
            let message = format!(
                "the format `{name}` is for {}, not for {}",
                alternatives(fitting),
                alternatives(types)
            );
            let draft = Draft::new("format-not-for-type", At::Value(format), message);
            sink.push(draft.fact(name));
        }
        return;
    }
    let Some(Meant { format: meant, plain }) = registry::meant(name) else {
        let message = format!("the format `{name}` is not registered");
        let draft = Draft::new("unregistered-format", At::Value(format), message);
        sink.push(draft.fact(name).found(name));
        return;
    };
    let message = format!("the format `{name}` is not registered; `{meant}` is");
    let draft = Draft::new("misspelled-format", At::Value(format), message)
        .fact(name)
        .found(name)
        .expected(meant)
        .help(format!("write `format: {meant}`"));
    let fitting = registry::registered(meant).unwrap_or_default();
    let edit = edit::replace(format, &Value::from(meant)).filter(|_| fits(types, fitting));
    sink.push(match edit {
        Some(edit) => {
            let plain = plain && given::fit(schema, None, Some(meant));
            let safety = if plain { Safety::Safe } else { Safety::NeedsReview };
            draft.fix(safety, [edit], [PatchOperation::replace(format.pointer(), meant)])
        }
        None => draft,
    });
}

/// Whether a format for some types says something beside these ones, as far as they exist.
fn fits(types: &[&str], fitting: &[&str]) -> bool {
    let mut others = types.iter().filter(|name| **name != "null").peekable();
    let known = types.iter().all(|name| TYPES.contains(name));
    !known || others.peek().is_none() || others.any(|name| fitting.contains(name))
}

fn check_keywords<'d>(
    schema: NodeRef<'d>,
    types: &[&str],
    version: Version,
    sink: &mut Sink<'_, 'd>,
) {
    let newer = if version == Version::V30 { &[][..] } else { APPLIES_SINCE_3_1 };
    for entry in schema.entries() {
        let mut applies = APPLIES.iter().chain(newer);
        let Some((_, fitting)) = applies.find(|(name, _)| *name == entry.key) else {
            continue;
        };
        // `required: true` is of a wrong type itself, and that is a finding of its own.
        let misplaced = entry.key == "required" && !entry.value.is_array();
        if !misplaced && !types.iter().any(|name| fitting.contains(name)) {
            let message = format!(
                "`{}` says nothing about a value of type {}",
                entry.key,
                alternatives(types)
            );
            let draft = Draft::new("keyword-not-for-type", At::Key(entry.value), message);
            sink.push(draft.fact(entry.key));
        }
    }
}

/// Names in back-quotes: `` `a`, `b` or `c` ``.
fn alternatives(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => format!("`{}` or `{last}`", first.join("`, `")),
    }
}
