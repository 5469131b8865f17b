//! Values made from schemas, as guesses for whoever judges them afterwards.

use std::cell::Cell;

use crate::{
    document::{NodeRef, Number, Value},
    schema,
};

use super::{context::Context, kinds::Kinds};

/// How deep a value may nest.
const DEPTH: usize = 12;
/// How many schemas the making of one value may look at.
const LOOKED_AT: usize = 2_000;
/// How long a string or list may become to reach its least length.
const LENGTH_MAX: usize = 200;

/// Texts that fit the usual formats.
const FORMATS: [(&str, &str); 12] = [
    ("date", "2026-11-24"),
    ("date-time", "2026-11-24T00:00:00Z"),
    ("time", "00:00:00Z"),
    ("duration", "P1D"),
    ("email", "a@example.com"),
    ("uuid", "00000000-0000-4000-8000-000000000000"),
    ("uri", "https://example.com/"),
    ("url", "https://example.com/"),
    ("uri-reference", "/a"),
    ("hostname", "example.com"),
    ("ipv4", "192.0.2.1"),
    ("ipv6", "2001:db8::1"),
];

/// Makes values of the schemas of one description.
pub(super) struct Samples<'x, 'c, 'd> {
    cx: &'x Context<'c, 'd>,
    left: Cell<usize>,
    /// A `oneOf` of which no branch is chosen.
    open: Option<NodeRef<'d>>,
}

impl<'x, 'c, 'd> Samples<'x, 'c, 'd> {
    pub(super) fn new(cx: &'x Context<'c, 'd>) -> Self {
        Self { cx, left: Cell::new(LOOKED_AT), open: None }
    }

    /// The same, but of this `oneOf` no branch is chosen.
    pub(super) fn without(self, choice: NodeRef<'d>) -> Self {
        Self { open: Some(choice), ..self }
    }

    /// A small value that may fit all of these schemas at once.
    pub(super) fn minimal(&self, schemas: &[NodeRef<'d>]) -> Option<Value> {
        self.left.set(LOOKED_AT);
        self.make(schemas, DEPTH)
    }

    fn make(&self, schemas: &[NodeRef<'d>], depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let parts = self.parts(schemas)?;
        if let Some(value) = listed(&parts) {
            return value;
        }
        let kinds = parts.iter().filter_map(|part| Kinds::of(*part)).reduce(Kinds::and);
        let has =
            |keys: &[&str]| parts.iter().any(|part| keys.iter().any(|it| part.get(it).is_some()));
        let kind = match kinds {
            Some(kinds) => kinds.first()?,
            None if has(&["properties", "required", "additionalProperties"]) => "object",
            None if has(&["items", "prefixItems", "minItems"]) => "array",
            None if has(&["minimum", "maximum", "multipleOf"]) => "number",
            None if has(&["pattern", "format", "minLength", "maxLength"]) => "string",
            None => "object",
        };
        if matches!(kind, "string" | "number" | "integer")
            && let Some(value) = shown(&parts)
        {
            return Some(value);
        }
        match kind {
            "object" => self.object(&parts, depth),
            "array" => self.array(&parts, depth),
            "string" => Some(Value::from(text(&parts))),
            "number" | "integer" => Some(number(&parts)),
            "boolean" => Some(Value::from(true)),
            _ => Some(Value::Null),
        }
    }

    /// The schemas themselves, all that apply with them, and the first branch of each choice.
    fn parts(&self, schemas: &[NodeRef<'d>]) -> Option<Vec<NodeRef<'d>>> {
        let mut parts: Vec<NodeRef<'d>> = Vec::new();
        let mut open: Vec<NodeRef<'d>> = schemas.to_vec();
        while let Some(schema) = open.pop() {
            if schema.as_bool() == Some(false) {
                return None;
            }
            for part in self.cx.schemas.closure(schema, false)? {
                if parts.contains(&part) {
                    continue;
                }
                self.left.set(self.left.get().checked_sub(1)?);
                parts.push(part);
                let choices = ["anyOf", "oneOf"].into_iter().filter_map(|key| part.get(key));
                open.extend(
                    choices.filter(|it| Some(*it) != self.open).filter_map(|it| it.item(0)),
                );
            }
        }
        Some(parts)
    }

    fn object(&self, parts: &[NodeRef<'d>], depth: usize) -> Option<Value> {
        let mut names: Vec<&str> = Vec::new();
        for part in parts {
            let required = part.get("required").into_iter().flat_map(NodeRef::items);
            for name in required.filter_map(NodeRef::as_str) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let mut members = Vec::new();
        for name in names {
            let property = |part: &NodeRef<'d>| part.get("properties")?.get(name);
            let mut schemas: Vec<_> = parts.iter().filter_map(property).collect();
            if schemas.is_empty() {
                let rest = parts.iter().filter_map(|part| part.get("additionalProperties"));
                schemas.extend(rest.filter(|it| it.is_object()));
            }
            let value = match schemas.as_slice() {
                [] => Value::from("x"),
                schemas => self.make(schemas, depth)?,
            };
            members.push((name, value));
        }
        Some(Value::object(members))
    }

    fn array(&self, parts: &[NodeRef<'d>], depth: usize) -> Option<Value> {
        let least = parts.iter().filter_map(|part| count(*part, "minItems")).max().unwrap_or(0);
        let items: Vec<_> = parts.iter().filter_map(|part| part.get("items")).collect();
        let mut values = Vec::new();
        for _ in 0..least.min(LENGTH_MAX) {
            values.push(if items.is_empty() { Value::Null } else { self.make(&items, depth)? });
        }
        Some(Value::Array(values))
    }
}

/// The value that `const` or `enum` allow; nothing inside where they allow none together.
#[expect(clippy::option_option, reason = "whether there is a list, and whether it holds a value")]
fn listed<'d>(parts: &[NodeRef<'d>]) -> Option<Option<Value>> {
    let lists = parts.iter().filter_map(|part| part.get("const").or_else(|| part.get("enum")));
    let lists: Vec<_> = lists.collect();
    let first = lists.first()?;
    let values = |list: NodeRef<'d>| -> Vec<NodeRef<'d>> {
        if list.key() == Some("const") { vec![list] } else { list.items().collect() }
    };
    let in_all = |value: &NodeRef<'d>| {
        lists.iter().all(|list| values(*list).iter().any(|it| schema::equal(*it, *value)))
    };
    Some(values(*first).into_iter().find(in_all).map(NodeRef::to_value))
}

/// A value that one of the schemas shows.
fn shown(parts: &[NodeRef<'_>]) -> Option<Value> {
    let needed =
        parts.iter().any(|part| part.get("pattern").is_some() || part.get("format").is_some());
    let shows = |part: &NodeRef<'_>| {
        let single = part.get("example").or_else(|| part.get("default"));
        single.or_else(|| part.get("examples")?.item(0)).map(NodeRef::to_value)
    };
    parts.iter().filter(|_| needed).find_map(shows)
}

fn count(schema: NodeRef<'_>, key: &str) -> Option<usize> {
    schema.get(key)?.as_number()?.as_i128()?.try_into().ok()
}

fn text(parts: &[NodeRef<'_>]) -> String {
    let format = parts.iter().find_map(|part| part.get("format")?.as_str());
    if let Some((_, text)) = FORMATS.iter().find(|(name, _)| Some(*name) == format) {
        return (*text).to_owned();
    }
    let least = parts.iter().filter_map(|part| count(*part, "minLength")).max();
    let most = parts.iter().filter_map(|part| count(*part, "maxLength")).min();
    "x".repeat(least.unwrap_or(1).min(LENGTH_MAX).min(most.unwrap_or(LENGTH_MAX)))
}

fn number(parts: &[NodeRef<'_>]) -> Value {
    let bound = |key: &str| {
        let bounds = parts.iter().filter_map(move |part| {
            let flag = format!("exclusiveM{}", key.get(1..).unwrap_or_default());
            let open = part.get(&flag);
            let plain = part.get(key).and_then(NodeRef::as_number).and_then(Number::as_i128);
            let own = open.and_then(NodeRef::as_number).and_then(Number::as_i128);
            let step = i128::from(open.and_then(NodeRef::as_bool) == Some(true));
            let step = if key == "minimum" { step } else { -step };
            let inner = if key == "minimum" { 1 } else { -1 };
            let plain = plain.and_then(|it| it.checked_add(step));
            plain.or_else(|| own.and_then(|it| it.checked_add(inner)))
        });
        bounds.collect::<Vec<_>>()
    };
    let least = bound("minimum").into_iter().max();
    let most = bound("maximum").into_iter().min();
    let value = match (least, most) {
        (Some(least), _) if least > 0 => least,
        (_, Some(most)) if most < 0 => most,
        _ => 0,
    };
    Value::from_json(&value.to_string()).unwrap_or(Value::Null)
}
