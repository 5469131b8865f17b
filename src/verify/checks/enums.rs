//! Lists of values: values that stand twice, null that is allowed but not listed, and names that
//! generated code cannot keep apart.
//!
//! * **Source.** JSON Schema 2020-12 validation, section 6.1.2 (elements of `enum` SHOULD be
//!   unique); OpenAPI 3.0.4, section 4.7.24.1 (`nullable` does not add null to `enum`).

use rustc_hash::FxHashMap;

use crate::{
    document::{Kind, NodeRef, Number, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Version},
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// Reports what is wrong with the values of `enum`.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let Some(values) = visit.node.get("enum").filter(|it| it.is_array()) else { continue };
        check_repeated(values, sink);
        check_similar(values, sink);
        let version = cx.walk.description().version_at(visit.node);
        check_null(visit.node, values, version, sink);
    }
}

/// What makes two values equal: numbers by their value.
fn identity(value: NodeRef<'_>) -> String {
    match value.kind() {
        Kind::Number => {
            let number = value.as_number();
            match number.and_then(Number::as_f64).filter(|it| it.abs() < 1e15) {
                Some(number) => format!("number {number}"),
                None => format!("number {}", value.scalar_text().unwrap_or_default()),
            }
        }
        Kind::String => format!("string {}", value.as_str().unwrap_or_default()),
        _ => value.to_value().to_json(),
    }
}

fn check_repeated<'d>(values: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let mut first: FxHashMap<String, NodeRef<'d>> = FxHashMap::default();
    for value in values.items() {
        let identity = identity(value);
        let Some(earlier) = first.get(&identity) else {
            first.insert(identity, value);
            continue;
        };
        let shown = value.to_value().to_json();
        let message = format!("the value `{shown}` stands twice in `enum`");
        let draft = Draft::new("duplicate-enum-value", At::Value(value), message)
            .fact(shown)
            .related(At::Value(*earlier), "first here");
        let patch = [PatchOperation::remove(value.pointer())];
        sink.push(draft.fix(Safety::Safe, edit::remove(value), patch));
    }
}

/// A value as the name of a constant: letters and digits alone, without case.
fn as_constant(text: &str) -> Option<String> {
    let words = text.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | ' ' | '.'));
    let signed = text.starts_with(['-', '.']) || !text.contains(char::is_alphabetic);
    (words && !signed).then(|| {
        text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    })
}

fn check_similar<'d>(values: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let mut first: FxHashMap<String, &'d str> = FxHashMap::default();
    for value in values.items() {
        let Some(text) = value.as_str() else { continue };
        let Some(name) = as_constant(text) else { continue };
        let earlier = *first.entry(name).or_insert(text);
        if earlier != text {
            let message = format!("the values `{text}` and `{earlier}` become one constant");
            sink.push(Draft::new("colliding-enum-values", At::Value(value), message).fact(text));
        }
    }
}

fn check_null<'d>(
    schema: NodeRef<'d>,
    values: NodeRef<'d>,
    version: Version,
    sink: &mut Sink<'_, 'd>,
) {
    let nullable = if version == Version::V30 {
        schema.get("nullable").filter(|it| it.as_bool() == Some(true))
    } else {
        schema.get("type").filter(|it| it.len() > 1 && each::types(schema).any(|it| it == "null"))
    };
    let Some(nullable) = nullable.filter(|_| !values.is_empty()) else { return };
    if values.items().any(NodeRef::is_null) {
        return;
    }
    let message = "null is allowed by the type, but is not in `enum`";
    let draft = Draft::new("enum-without-null", At::Key(values), message)
        .related(At::Key(nullable), "this allows null");
    let patch = [PatchOperation::add(format!("{}/-", values.pointer()), Value::Null)];
    sink.push(draft.fix(Safety::NeedsReview, edit::append(values, &Value::Null), patch));
}
