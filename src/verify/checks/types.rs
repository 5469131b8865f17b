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

use crate::verify::{checks::given, context::Context, sink::Sink};

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
    let Some(word) = value.as_str() else { return sink.push(no_name(value)) };
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
    sink.push(match meant(word) {
        Some(("null", _)) if version == Version::V30 => {
            draft.help("write `nullable: true` beside the type of the other values")
        }
        Some((meant, format)) => corrected(draft, schema, value, meant, format),
        None if word.eq_ignore_ascii_case("any") => {
            draft.help("leave `type` out where any value is allowed")
        }
        None => draft,
    });
}

/// An item of a list of types that is no string.
fn no_name(value: NodeRef<'_>) -> Draft<'_> {
    if !value.is_null() {
        let message = "a list of types holds the names of types";
        return Draft::new("unknown-type", At::Value(value), message);
    }
    let message = "the type in this list must be the string `\"null\"`";
    let draft = Draft::new("unknown-type", At::Value(value), message).expected("null");
    replaced(draft, value, &Value::from("null"), Safety::Safe)
}

/// Writes the type that was meant, with the format that says the rest.
fn corrected<'d>(
    draft: Draft<'d>,
    schema: NodeRef<'d>,
    value: NodeRef<'d>,
    meant: &str,
    format: Option<&str>,
) -> Draft<'d> {
    let siblings = value.parent().filter(|_| value.key().is_none());
    let stands_there =
        siblings.is_some_and(|list| list.items().any(|it| it.as_str() == Some(meant)));
    let (edit, operation) = if stands_there {
        (edit::remove(value), PatchOperation::remove(value.pointer()))
    } else {
        let meant = Value::from(meant);
        (edit::replace(value, &meant), PatchOperation::replace(value.pointer(), meant))
    };
    let mut expected = vec![("type", Value::from(meant))];
    let quote = if meant == "null" { "\"" } else { "" };
    let mut shown = format!("write `type: {quote}{meant}{quote}`");
    let mut edits = vec![edit];
    let mut patch = vec![operation];
    if let Some(format) = format.filter(|_| schema.get("format").is_none()) {
        shown = format!("write `type: {meant}, format: {format}`");
        expected.push(("format", Value::from(format)));
        // Behind a type that goes there is no place.
        let insert = if stands_there { edit::insert_first } else { edit::insert_last };
        edits.push(insert(schema, "format", &Value::from(format)));
        patch.push(PatchOperation::add(format!("{}/format", schema.pointer()), format));
    }
    let draft = draft.help(shown).expected(Value::object(expected));
    let alone = siblings.is_none();
    let fits = given::fit(schema, alone.then_some(meant), format.filter(|_| alone));
    let safety = if fits { Safety::Safe } else { Safety::NeedsReview };
    match edits.into_iter().collect::<Option<Vec<_>>>() {
        Some(edits) => draft.fix(safety, edits, patch),
        None => draft,
    }
}

/// The type, and perhaps the format, that a word stands for.
pub(super) fn meant(word: &str) -> Option<(&'static str, Option<&'static str>)> {
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
        let format = registry::meant(word)?.format;
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
    let name = match others.as_slice() {
        [] => return draft.help("write the one type that is meant, or leave `type` out"),
        [name] => name,
        _ => return draft.help("write one schema for each type, under `anyOf`"),
    };
    if !TYPES.contains(name) {
        return draft;
    }
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
    if allows_null(schema) {
        return;
    }
    let message = "OpenAPI 3.1 has no `nullable`: some readers allow null here, others do not";
    let draft = Draft::new("nullable-since-3-1", At::Key(value), message);
    sink.push(modernized(draft, schema, value));
}

/// Whether null is allowed without `nullable` too.
fn allows_null(schema: NodeRef<'_>) -> bool {
    const DECIDING: [&str; 8] = ["type", "$ref", "allOf", "anyOf", "oneOf", "not", "enum", "const"];
    let listed = schema.get("type").into_iter().flat_map(NodeRef::items);
    let in_type = listed.into_iter().any(|it| it.as_str() == Some("null"));
    in_type || !DECIDING.iter().any(|keyword| schema.get(keyword).is_some())
}

/// Writes `nullable: true` as a type, or as a branch of a choice.
fn modernized<'d>(draft: Draft<'d>, schema: NodeRef<'d>, nullable: NodeRef<'d>) -> Draft<'d> {
    let choice = || schema.get("anyOf").or_else(|| schema.get("oneOf"));
    match (schema.get("type"), choice()) {
        (Some(kind), _) => typed(draft, kind, nullable),
        (None, Some(choice)) if choice.is_array() => {
            let null = Value::object([("type", Value::from("null"))]);
            let draft = draft.help("add `{type: \"null\"}` to the choice");
            let pointer = format!("{}/-", choice.pointer());
            match (edit::append(choice, &null), edit::remove(nullable)) {
                (Some(append), Some(remove)) => {
                    let remove_patch = PatchOperation::remove(nullable.pointer());
                    let patch = [PatchOperation::add(pointer, null), remove_patch];
                    draft.fix(Safety::NeedsReview, [append, remove], patch)
                }
                _ => draft,
            }
        }
        _ => draft,
    }
}

/// Writes `type: T` and `nullable: true` as `type: [T, "null"]`.
fn typed<'d>(draft: Draft<'d>, kind: NodeRef<'d>, nullable: NodeRef<'d>) -> Draft<'d> {
    let mut names: Vec<_> = kind.as_str().into_iter().collect();
    names.extend(kind.items().filter_map(NodeRef::as_str));
    if names.is_empty() || !names.iter().all(|name| TYPES.contains(name)) {
        return draft;
    }
    names.push("null");
    let all = Value::from(names.clone());
    names.pop();
    let draft = draft
        .help(format!("write `type: [{}, \"null\"]`", names.join(", ")))
        .expected(Value::object([("type", all.clone())]));
    match (edit::replace(kind, &all), edit::remove(nullable)) {
        (Some(replace), Some(remove)) => {
            let patch = [
                PatchOperation::replace(kind.pointer(), all),
                PatchOperation::remove(nullable.pointer()),
            ];
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
