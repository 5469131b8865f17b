//! What the parameter of a path can have as its value.

use crate::{
    document::{Decimal, NodeRef, Number},
    schema::{
        Pattern,
        format::{self, Judgement},
    },
};

/// Values of the usual types and formats.
const USUAL: [&str; 7] = [
    "x",
    "1",
    "true",
    "2026-11-24",
    "2026-11-24T00:00:00Z",
    "00000000-0000-4000-8000-000000000000",
    "a@example.com",
];

/// A text that two parameters can both have; nothing is known of a parameter without a schema.
pub(super) fn common<'d>(one: Option<NodeRef<'d>>, other: Option<NodeRef<'d>>) -> Option<&'d str> {
    let schemas = || [one, other].into_iter().flatten();
    let given = schemas().flat_map(given).filter(|text| !text.is_empty() && !text.contains('/'));
    USUAL.into_iter().chain(given).find(|text| schemas().all(|schema| accepts(schema, text)))
}

/// The values that a schema gives for itself.
fn given(schema: NodeRef<'_>) -> impl Iterator<Item = &str> {
    let single = ["example", "default", "const"].into_iter().filter_map(move |it| schema.get(it));
    let lists = ["enum", "examples"].into_iter().filter_map(move |it| schema.get(it));
    single.chain(lists.flat_map(NodeRef::items)).filter_map(NodeRef::scalar_text)
}

/// Whether a parameter with this schema could have this text as its value.
pub(super) fn accepts(schema: NodeRef<'_>, text: &str) -> bool {
    let kind = schema.get("type").and_then(NodeRef::as_str).unwrap_or("string");
    let number = Decimal::parse(text);
    let fits = match kind {
        "integer" => number.as_ref().is_some_and(Decimal::is_integer) && !text.contains(['e', 'E']),
        "number" => number.is_some(),
        "boolean" => matches!(text, "true" | "false"),
        _ => true,
    };
    let listed = schema
        .get("enum")
        .is_none_or(|list| list.items().any(|item| item.scalar_text() == Some(text)));
    let constant = schema.get("const").is_none_or(|it| it.scalar_text() == Some(text));
    let format = schema.get("format").and_then(NodeRef::as_str).unwrap_or_default();
    let formatted = kind != "string" || !matches!(format::judge(format, text), Judgement::Wrong(_));
    let pattern = schema.get("pattern").and_then(NodeRef::as_str).filter(|_| kind == "string");
    let matching = pattern.is_none_or(|pattern| {
        let pattern = Pattern::new(pattern).ok();
        pattern.and_then(|it| it.is_match(text)).unwrap_or(true)
    });
    fits && listed && constant && formatted && matching && is_within(schema, kind, text)
}

/// Whether the length of a string, or the size of a number, is within its bounds.
fn is_within(schema: NodeRef<'_>, kind: &str, text: &str) -> bool {
    let bound = |key| schema.get(key).and_then(NodeRef::as_number).and_then(Number::decimal);
    let (least, greatest, size) = if kind == "string" {
        let length = Decimal::parse(&text.chars().count().to_string());
        (bound("minLength"), bound("maxLength"), length)
    } else {
        (bound("minimum"), bound("maximum"), Decimal::parse(text))
    };
    let Some(size) = size else { return true };
    least.is_none_or(|least| least <= size) && greatest.is_none_or(|greatest| size <= greatest)
}
