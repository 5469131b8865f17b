//! What the parameter of a path can have as its value.

use crate::{
    document::{Decimal, NodeRef, Number},
    openapi::Walk,
    schema::{
        Pattern,
        format::{self, Judgement},
    },
};

/// Values of the usual types and formats.
const USUAL: [&str; 8] = [
    "x",
    "1",
    "true",
    "false",
    "2026-11-24",
    "2026-11-24T00:00:00Z",
    "00000000-0000-4000-8000-000000000000",
    "a@example.com",
];

/// Formats that have no text in common with each other, or with a number.
const APART: [&str; 8] =
    ["uuid", "date", "date-time", "email", "idn-email", "ipv4", "ipv6", "boolean"];

/// How deep schemas are looked into.
const DEPTH: usize = 16;
/// How many values that a schema gives for itself are tried.
const GIVEN_MAX: usize = 50;

/// The parameters' schemas of one description.
#[derive(Clone, Copy)]
pub(super) struct Values<'c, 'd> {
    pub(super) walk: &'c Walk<'d>,
}

/// A parameter's schema: nothing is known of a parameter without one.
pub(super) type Schema<'d> = Option<NodeRef<'d>>;

impl<'d> Values<'_, 'd> {
    /// Texts worth trying as the value of each of these parameters.
    pub(super) fn candidates(self, schemas: &[Schema<'d>]) -> Vec<String> {
        let mut candidates: Vec<String> = USUAL.iter().map(|text| (*text).to_owned()).collect();
        for schema in schemas.iter().flatten() {
            self.given(*schema, &mut candidates, DEPTH);
        }
        candidates.retain(|text| !text.is_empty() && !text.contains('/'));
        candidates
    }

    /// The values that a schema gives for itself, and those at its bounds.
    fn given(self, schema: NodeRef<'d>, candidates: &mut Vec<String>, depth: usize) {
        let Some(schema) = self.walk.resolve(schema).filter(|_| depth > 0) else { return };
        let single =
            ["example", "default", "const", "minimum", "maximum"].map(|key| schema.get(key));
        let lists = ["enum", "examples"].map(|key| schema.get(key));
        let listed = lists.into_iter().flatten().flat_map(NodeRef::items).take(GIVEN_MAX);
        let texts = single.into_iter().flatten().chain(listed).filter_map(NodeRef::scalar_text);
        candidates.extend(texts.map(str::to_owned));
        let bound = |key| schema.get(key).and_then(NodeRef::as_number)?.as_i128();
        let inner = [("exclusiveMinimum", 1), ("exclusiveMaximum", -1)];
        let inner = inner.into_iter().filter_map(|(key, step)| bound(key)?.checked_add(step));
        let beyond = [("minimum", 1), ("maximum", -1)];
        let beyond = beyond.into_iter().filter_map(|(key, step)| bound(key)?.checked_add(step));
        candidates.extend(inner.chain(beyond).map(|value| value.to_string()));
        let length = bound("minLength").and_then(|it| usize::try_from(it).ok());
        candidates.extend(length.filter(|it| *it <= 64).map(|it| "x".repeat(it)));
        for list in ["allOf", "anyOf", "oneOf"] {
            for branch in schema.get(list).into_iter().flat_map(NodeRef::items).take(GIVEN_MAX) {
                self.given(branch, candidates, depth - 1);
            }
        }
    }

    /// Whether a parameter with this schema could have this text as its value, as far as one can
    /// tell.
    pub(super) fn accepts(self, schema: Schema<'d>, text: &str) -> Option<bool> {
        schema.map_or(Some(true), |schema| self.judge(schema, text, DEPTH))
    }

    fn judge(self, schema: NodeRef<'d>, text: &str, depth: usize) -> Option<bool> {
        let schema = self.walk.resolve(schema).filter(|_| depth > 0)?;
        if let Some(allowed) = schema.as_bool() {
            return Some(allowed);
        }
        let unknown = ["not", "if", "$ref", "$dynamicRef"];
        let mut known = unknown.iter().all(|key| schema.get(key).is_none());
        for part in schema.get("allOf").into_iter().flat_map(NodeRef::items) {
            match self.judge(part, text, depth - 1) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => known = false,
            }
        }
        for list in ["anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)) {
            let judged: Vec<_> =
                list.items().take(GIVEN_MAX).map(|it| self.judge(it, text, depth - 1)).collect();
            if !judged.contains(&Some(true)) {
                if !judged.contains(&None) {
                    return Some(false);
                }
                known = false;
            }
        }
        match own(schema, text) {
            Some(false) => Some(false),
            Some(true) if known => Some(true),
            _ => None,
        }
    }

    /// Whether two parameters certainly have no value in common, although no value that was tried
    /// is one of both.
    pub(super) fn are_apart(self, one: Schema<'d>, other: Schema<'d>) -> bool {
        let resolve = |schema: Schema<'d>| schema.and_then(|schema| self.walk.resolve(schema));
        let (Some(one), Some(other)) = (resolve(one), resolve(other)) else { return false };
        let finite = |schema: NodeRef<'d>| {
            let listed = schema.get("enum").is_some_and(|list| list.len() <= GIVEN_MAX);
            listed || schema.get("const").is_some() || kinds(schema) == ["boolean"]
        };
        if finite(one) || finite(other) {
            return true;
        }
        let word = |schema: NodeRef<'d>| {
            let numeric = |it: &&str| matches!(*it, "integer" | "number");
            let kinds = kinds(schema);
            if !kinds.is_empty() && kinds.iter().all(numeric) {
                return Some("number");
            }
            let format = schema.get("format").and_then(NodeRef::as_str);
            format.filter(|it| kinds == ["string"] && APART.contains(it))
        };
        match (word(one), word(other)) {
            (Some("number"), Some("number")) => {
                let plain = |it: NodeRef<'d>| it.get("pattern").is_none();
                plain(one) && plain(other)
            }
            (Some(one), Some(other)) => one != other,
            _ => false,
        }
    }
}

/// The types that a schema names, null left out.
fn kinds(schema: NodeRef<'_>) -> Vec<&str> {
    let kind = schema.get("type");
    let one = kind.and_then(NodeRef::as_str);
    let listed = kind.into_iter().flat_map(NodeRef::items).filter_map(NodeRef::as_str);
    one.into_iter().chain(listed).filter(|name| *name != "null").collect()
}

/// Whether a text is a value by the keywords of a schema itself.
fn own(schema: NodeRef<'_>, text: &str) -> Option<bool> {
    let kinds = kinds(schema);
    if kinds.is_empty() {
        return by_kind(schema, "string", text);
    }
    let judged: Vec<_> = kinds.into_iter().map(|kind| by_kind(schema, kind, text)).collect();
    if judged.contains(&Some(true)) {
        return Some(true);
    }
    if judged.contains(&None) { None } else { Some(false) }
}

fn by_kind(schema: NodeRef<'_>, kind: &str, text: &str) -> Option<bool> {
    let number = Decimal::parse(text);
    let fits = match kind {
        "integer" => number.as_ref().is_some_and(Decimal::is_integer) && !text.contains(['e', 'E']),
        "number" => number.is_some(),
        "boolean" => matches!(text, "true" | "false"),
        "string" => true,
        // How an array or an object is written depends on its style.
        _ => return None,
    };
    let is_one = |item: NodeRef<'_>| item.scalar_text() == Some(text);
    let listed = schema.get("enum").is_none_or(|list| list.items().any(is_one));
    let constant = schema.get("const").is_none_or(is_one);
    if !(fits && listed && constant && is_within(schema, kind, text)) {
        return Some(false);
    }
    if kind != "string" {
        return Some(true);
    }
    let format = schema.get("format").and_then(NodeRef::as_str).unwrap_or_default();
    if matches!(format::judge(format, text), Judgement::Wrong(_)) {
        return Some(false);
    }
    match schema.get("pattern").and_then(NodeRef::as_str) {
        Some(pattern) => Pattern::new(pattern).ok()?.is_match(text),
        None => Some(true),
    }
}

/// Whether the length of a string, or the size of a number, is within its bounds.
fn is_within(schema: NodeRef<'_>, kind: &str, text: &str) -> bool {
    let bound = |key: &str| schema.get(key)?.as_number().and_then(Number::decimal);
    let (least, greatest, size) = if kind == "string" {
        let length = Decimal::parse(&text.chars().count().to_string());
        (bound("minLength"), bound("maxLength"), length)
    } else {
        (bound("minimum"), bound("maximum"), Decimal::parse(text))
    };
    let Some(size) = size else { return true };
    let open = |key: &str, least: bool| {
        let exclusive = schema.get(key);
        let own = bound(key).is_none_or(|it| if least { it < size } else { size < it });
        let bound = if least { bound("minimum") } else { bound("maximum") };
        let flag = exclusive.and_then(NodeRef::as_bool) == Some(true);
        own && !(flag && bound.is_some_and(|it| it == size))
    };
    least.is_none_or(|least| least <= size)
        && greatest.is_none_or(|greatest| size <= greatest)
        && (kind == "string" || open("exclusiveMinimum", true) && open("exclusiveMaximum", false))
}
