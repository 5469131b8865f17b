//! The `type` of schemas, and the forms of null and of exclusive bounds, which changed in 3.1.
//!
//! * **Source.** OpenAPI 3.0.4, section 4.7.24; OpenAPI 3.1.1, section 4.8.24;
//!   JSON Schema 2020-12 validation, section 6.1.1.

use crate::{
    document::{Kind, NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Version},
    schema::format::registry,
};

use crate::verify::{context::Context, sink::Sink};

const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/// What people write for a type, and the type and format that say it.
const WORDS: &[(&str, &str, Option<&str>)] = &[
    ("any", "", None),
    ("bigdecimal", "string", Some("decimal")),
    ("biginteger", "integer", None),
    ("bigint", "integer", Some("int64")),
    ("binary", "string", Some("binary")),
    ("bool", "boolean", None),
    ("byte", "string", Some("byte")),
    ("char", "string", None),
    ("date", "string", Some("date")),
    ("datetime", "string", Some("date-time")),
    ("decimal", "string", Some("decimal")),
    ("dict", "object", None),
    ("double", "number", Some("double")),
    ("email", "string", Some("email")),
    ("enum", "string", None),
    ("file", "string", Some("binary")),
    ("float", "number", Some("float")),
    ("guid", "string", Some("uuid")),
    ("hash", "object", None),
    ("int", "integer", None),
    ("int32", "integer", Some("int32")),
    ("int64", "integer", Some("int64")),
    ("json", "object", None),
    ("list", "array", None),
    ("long", "integer", Some("int64")),
    ("map", "object", None),
    ("nil", "null", None),
    ("none", "null", None),
    ("numeric", "number", None),
    ("short", "integer", Some("int32")),
    ("str", "string", None),
    ("text", "string", None),
    ("time", "string", Some("time")),
    ("timestamp", "string", Some("date-time")),
    ("uri", "string", Some("uri")),
    ("url", "string", Some("uri")),
    ("uuid", "string", Some("uuid")),
    ("varchar", "string", None),
];

/// Reports types that do not exist and forms that belong to another version.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let version = cx.walk.description().version_at(visit.node);
        if let Some(value) = visit.node.get("type") {
            check_type(visit.node, value, version, sink);
        }
        check_null(visit.node, version, sink);
        check_bounds(visit.node, version, sink);
    }
}

fn check_type<'d>(
    schema: NodeRef<'d>,
    value: NodeRef<'d>,
    version: Version,
    sink: &mut Sink<'_, 'd>,
) {
    match value.kind() {
        Kind::String => check_word(schema, value, version, sink),
        Kind::Array if version == Version::V30 => sink.push(array_form(schema, value)),
        Kind::Array => {
            for item in value.items() {
                check_word(schema, item, version, sink);
            }
        }
        // YAML reads an unquoted `type: null` as no value at all.
        Kind::Null if version != Version::V30 && value.scalar_text() == Some("null") => {
            let message = "`type: null` is no type; the type is the string `\"null\"`";
            let draft = Draft::new("unknown-type", At::Value(value), message).expected("null");
            sink.push(replaced(draft, value, &Value::from("null"), Safety::Safe));
        }
        _ => {
            let message = "`type` must be the name of a type".to_owned();
            sink.push(Draft::new("unknown-type", At::Value(value), message));
        }
    }
}

fn check_word<'d>(
    schema: NodeRef<'d>,
    value: NodeRef<'d>,
    version: Version,
    sink: &mut Sink<'_, 'd>,
) {
    let Some(word) = value.as_str() else {
        if value.is_null() {
            let message = "the type in this list must be the string `\"null\"`";
            let draft = Draft::new("unknown-type", At::Value(value), message).expected("null");
            sink.push(replaced(draft, value, &Value::from("null"), Safety::Safe));
        }
        return;
    };
    if word == "null" && version == Version::V30 {
        let message =
            "OpenAPI 3.0 has no type `null`; it says `nullable: true` beside another type";
        sink.push(Draft::new("type-form", At::Value(value), message));
        return;
    }
    if TYPES.contains(&word) {
        return;
    }
    let message = format!("there is no type `{word}`");
    let draft = Draft::new("unknown-type", At::Value(value), message).found(word).fact(word);
    let Some((meant, format)) = meant(word) else { return sink.push(draft) };
    let mut shown = format!("type: {meant}");
    let mut expected = vec![("type", Value::from(meant))];
    let mut edits = Vec::new();
    let mut patch = Vec::new();
    let pointer = value.pointer();
    edits.extend(edit::replace(value, &Value::from(meant)));
    patch.push(PatchOperation::replace(&pointer, meant));
    if let Some(format) = format.filter(|_| schema.get("format").is_none() && value.key().is_some())
    {
        shown = format!("{shown}, format: {format}");
        expected.push(("format", Value::from(format)));
        edits.extend(edit::insert_last(schema, "format", &Value::from(format)));
        patch.push(PatchOperation::add(format!("{}/format", schema.pointer()), format));
    }
    let whole = edits.len() == patch.len();
    let draft = draft.help(format!("write `{shown}`")).expected(Value::object(expected));
    sink.push(if whole { draft.fix(Safety::Safe, edits, patch) } else { draft });
}

/// The type, and perhaps the format, that a word stands for.
fn meant(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    let folded: String =
        word.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let exact = TYPES.iter().find(|name| **name == folded).map(|name| (*name, None));
    let known = || {
        let found = WORDS.iter().find(|(name, ..)| *name == folded)?;
        (!found.1.is_empty()).then_some((found.1, found.2))
    };
    let plural =
        || TYPES.iter().find(|name| format!("{name}s") == folded).map(|name| (*name, None));
    let near = || {
        let near = |name: &&&str| folded.len() > 3 && strsim::osa_distance(name, &folded) <= 2;
        let mut candidates = TYPES.iter().filter(near);
        candidates.next().filter(|_| candidates.next().is_none()).map(|name| (*name, None))
    };
    let format = || {
        let types = registry::registered(word)?;
        let format = registry::meant(word)?;
        types.first().map(|name| (*name, Some(format)))
    };
    exact.or_else(known).or_else(plural).or_else(format).or_else(near)
}

fn replaced<'d>(draft: Draft<'d>, node: NodeRef<'d>, value: &Value, safety: Safety) -> Draft<'d> {
    match edit::replace(node, value) {
        Some(edit) => {
            draft.fix(safety, [edit], [PatchOperation::replace(node.pointer(), value.clone())])
        }
        None => draft,
    }
}

fn array_form<'d>(schema: NodeRef<'d>, value: NodeRef<'d>) -> Draft<'d> {
    let message = "a list of types came with OpenAPI 3.1; in 3.0 `type` is one name";
    let draft = Draft::new("type-form", At::Value(value), message);
    let names: Vec<_> = value.items().filter_map(NodeRef::as_str).collect();
    let others: Vec<_> = names.iter().copied().filter(|name| *name != "null").collect();
    let [name] = others.as_slice() else {
        return draft.help("write one schema for each type, under `anyOf`");
    };
    if names.len() == 1 {
        return replaced(draft, value, &Value::from(*name), Safety::Safe);
    }
    let replace = edit::replace(value, &Value::from(*name));
    let nullable = edit::insert_last(schema, "nullable", &Value::from(true));
    let draft = draft.help(format!("write `type: {name}` and `nullable: true`"));
    match (replace, nullable) {
        (Some(replace), Some(insert)) if schema.get("nullable").is_none() => {
            let patch = [
                PatchOperation::replace(value.pointer(), *name),
                PatchOperation::add(format!("{}/nullable", schema.pointer()), true),
            ];
            draft.fix(Safety::Safe, [replace, insert], patch)
        }
        _ => draft,
    }
}

fn check_null<'d>(schema: NodeRef<'d>, version: Version, sink: &mut Sink<'_, 'd>) {
    let Some(value) = schema.get("nullable").filter(|it| it.as_bool() == Some(true)) else {
        return;
    };
    if version == Version::V30 {
        let composed =
            ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|it| schema.get(it).is_some());
        if schema.get("type").is_none() {
            let message = "`nullable` says nothing without `type` beside it";
            let draft = Draft::new("nullable-without-type", At::Key(value), message);
            sink.push(if composed {
                draft.help("allow null in the schemas that this one is made of")
            } else {
                draft
            });
        }
        return;
    }
    let message = "OpenAPI 3.1 has no `nullable`: some readers allow null here, others do not";
    let draft = Draft::new("nullable-since-3-1", At::Key(value), message);
    sink.push(modernized(draft, schema, value));
}

/// Writes `nullable: true` as `type: [T, "null"]`.
fn modernized<'d>(draft: Draft<'d>, schema: NodeRef<'d>, nullable: NodeRef<'d>) -> Draft<'d> {
    let Some(kind) = schema.get("type") else { return draft };
    let Some(name) = kind.as_str().filter(|name| TYPES.contains(name)) else { return draft };
    let both = Value::from(vec![name, "null"]);
    match (edit::replace(kind, &both), edit::remove(nullable)) {
        (Some(replace), Some(remove)) => {
            let patch = [
                PatchOperation::replace(kind.pointer(), both.clone()),
                PatchOperation::remove(nullable.pointer()),
            ];
            let draft = draft.help(format!("write `type: [{name}, \"null\"]`")).expected(both);
            draft.fix(Safety::Safe, [replace, remove], patch)
        }
        _ => draft,
    }
}

fn check_bounds<'d>(schema: NodeRef<'d>, version: Version, sink: &mut Sink<'_, 'd>) {
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")]
    {
        let Some(value) = schema.get(exclusive) else { continue };
        let bound = schema.get(inclusive);
        match (value.kind(), version) {
            (Kind::Number, Version::V30) => {
                let message =
                    format!("in OpenAPI 3.0 `{exclusive}` is true or false, beside `{inclusive}`");
                let draft = Draft::new("exclusive-bound-form", At::Value(value), message);
                sink.push(if bound.is_none() {
                    older(draft, schema, value, inclusive)
                } else {
                    draft
                });
            }
            (Kind::Bool, Version::V31 | Version::V32) => {
                let message =
                    format!("since OpenAPI 3.1 `{exclusive}` is the bound itself, a number");
                let draft = Draft::new("exclusive-bound-form", At::Value(value), message);
                sink.push(newer(draft, value, bound));
            }
            _ => {}
        }
    }
}

fn older<'d>(
    draft: Draft<'d>,
    schema: NodeRef<'d>,
    value: NodeRef<'d>,
    inclusive: &str,
) -> Draft<'d> {
    let number = value.to_value();
    let (replace, insert) =
        (edit::replace(value, &Value::from(true)), edit::insert_last(schema, inclusive, &number));
    match (replace, insert) {
        (Some(replace), Some(insert)) => {
            let patch = [
                PatchOperation::replace(value.pointer(), true),
                PatchOperation::add(format!("{}/{inclusive}", schema.pointer()), number),
            ];
            draft.fix(Safety::Safe, [replace, insert], patch)
        }
        _ => draft,
    }
}

fn newer<'d>(draft: Draft<'d>, value: NodeRef<'d>, bound: Option<NodeRef<'d>>) -> Draft<'d> {
    if value.as_bool() == Some(false) {
        return match edit::remove(value) {
            Some(edit) => {
                draft.fix(Safety::Safe, [edit], [PatchOperation::remove(value.pointer())])
            }
            None => draft,
        };
    }
    let Some(bound) = bound.filter(|bound| bound.as_number().is_some()) else { return draft };
    let number = bound.to_value();
    match (edit::replace(value, &number), edit::remove(bound)) {
        (Some(replace), Some(remove)) => {
            let patch = [
                PatchOperation::replace(value.pointer(), number),
                PatchOperation::remove(bound.pointer()),
            ];
            draft.fix(Safety::Safe, [replace, remove], patch)
        }
        _ => draft,
    }
}
