//! Schemas as the agent needs them: what a type is, how two types stand to each other, and the
//! properties of an object wherever composition puts them.

use std::collections::BTreeSet;

use crate::{
    charter::mandate::{Facets, Kind, folded},
    document::{Value, pointer},
    schema::format::registry::registered,
};

use super::tree::resolve;

/// How many schemas, and how many branches, are looked through for one object.
const SCHEMAS_MAX: usize = 100;
const BRANCHES_MAX: usize = 500;

/// The keywords that say or narrow the type of a value without parts.
pub(super) const TYPE_KEYWORDS: [&str; 13] = [
    "type",
    "format",
    "pattern",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "nullable",
    "multipleOf",
    "const",
];

/// What a schema says about a value without parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reading {
    /// The words of `type`, `null` left out.
    pub types: Vec<String>,
    /// What narrows them.
    pub facets: Facets,
    /// Whether composition says things that are not in the other members.
    pub composed: bool,
    /// Whether there are properties.
    pub properties: bool,
    /// Whether there are items.
    pub items: bool,
}

/// Reads the schema at `place`, through references and `allOf`.
pub(super) fn read(root: &Value, place: &str) -> Reading {
    let mut reading = Reading::default();
    for place in parts(root, place, &["allOf"]) {
        if let Some(schema) = root.at(&place) {
            gather(schema, &mut reading);
        }
    }
    if let Some(kind) = reading.types.first().and_then(|word| Kind::from_word(word)) {
        reading.facets.kind = kind;
    }
    reading
}

fn gather(schema: &Value, reading: &mut Reading) {
    let word = |it: &Value| it.as_str().map(str::to_owned);
    let said = schema.get("type");
    let types = said.into_iter().flat_map(|it| [it].into_iter().chain(it.items()));
    for word in types.filter_map(word) {
        if word == "null" {
            reading.facets.nullable = true;
        } else if !reading.types.contains(&word) {
            reading.types.push(word);
        }
    }
    let number = |key: &str| match schema.get(key) {
        Some(Value::Number(text)) => text.parse::<f64>().ok(),
        _ => None,
    };
    let facets = &mut reading.facets;
    let text = |key: &str| schema.get(key).and_then(word);
    facets.format = text("format").or(facets.format.take());
    facets.pattern = text("pattern").or(facets.pattern.take());
    facets.minimum = number("minimum").or(facets.minimum);
    facets.maximum = number("maximum").or(facets.maximum);
    facets.min_length = length(number("minLength")).or(facets.min_length);
    facets.max_length = length(number("maxLength")).or(facets.max_length);
    facets.nullable |= schema.get("nullable") == Some(&Value::Bool(true));
    if let Some(listed) = schema.get("enum") {
        facets.enumeration = listed.items().to_vec();
    }
    reading.composed |=
        ["oneOf", "anyOf", "not", "const"].iter().any(|it| schema.get(it).is_some());
    reading.properties |= ["properties", "additionalProperties"]
        .iter()
        .any(|it| schema.get(it).is_some_and(|value| matches!(value, Value::Object(_))));
    reading.items |= schema.get("items").is_some();
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a length is small, and the cast saturates"
)]
fn length(number: Option<f64>) -> Option<u64> {
    number.filter(|it| *it >= 0.0).map(|it| it as u64)
}

impl Reading {
    pub(super) fn is_object(&self) -> bool {
        self.types.iter().any(|it| it == "object") || self.types.is_empty() && self.properties
    }

    pub(super) fn is_array(&self) -> bool {
        self.types.iter().any(|it| it == "array") || self.types.is_empty() && self.items
    }
}

/// How what stands in the contract fits one side's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// That side can live with it.
    Good,
    /// It is the same type, too wide or too narrow.
    Loose,
    /// It is another type.
    Wrong,
}

/// How the reading fits `own`. A side that reads the value needs it to be no wider than its own
/// type; a side that writes it needs it to be no narrower than what it says of its own: about
/// what it does not say, it has nothing to say against either. A format that no registry has
/// binds nobody firmly.
pub(super) fn fit(own: &Facets, reading: &Reading, reads: bool) -> Fit {
    if reading.types.is_empty() {
        return if reading.composed { Fit::Good } else { Fit::Wrong };
    }
    let there = &reading.facets;
    let own_word = own.kind.as_str();
    let within =
        |inner: &str, outer: &str| inner == outer || inner == "integer" && outer == "number";
    let kinds = if reads {
        reading.types.iter().all(|it| within(it, own_word))
    } else {
        reading.types.iter().any(|it| within(own_word, it))
    };
    let formats = own.kind != Kind::String
        || match (own.format.as_deref().filter(|it| registered(it).is_some()), &there.format) {
            (None, _) => true,
            (Some(_), None) => !reads,
            (Some(own), Some(there)) => own == there,
        };
    if !kinds || !formats {
        return Fit::Wrong;
    }
    let narrow = if reads { is_within(there, own, false) } else { is_within(own, there, true) };
    if narrow { Fit::Good } else { Fit::Loose }
}

/// Whether every value that `inner` allows is allowed by `outer`, as far as their facets say;
/// what `inner` leaves open counts as `open`.
fn is_within(inner: &Facets, outer: &Facets, open: bool) -> bool {
    let bounded = |inner: Option<f64>, outer: Option<f64>, least: bool| match (inner, outer) {
        (_, None) => true,
        (None, Some(_)) => open,
        (Some(inner), Some(outer)) => {
            if least {
                inner >= outer
            } else {
                inner <= outer
            }
        }
    };
    let long = |inner: Option<u64>, outer: Option<u64>, least: bool| match (inner, outer) {
        (_, None) => true,
        (None, Some(_)) => open,
        (Some(inner), Some(outer)) => {
            if least {
                inner >= outer
            } else {
                inner <= outer
            }
        }
    };
    let listed = match (inner.enumeration.as_slice(), outer.enumeration.as_slice()) {
        (_, []) => true,
        ([], _) => open,
        (inner, outer) => inner.iter().all(|it| outer.contains(it)),
    };
    let pattern = match (&inner.pattern, &outer.pattern) {
        (_, None) => true,
        (None, Some(_)) => open || !inner.enumeration.is_empty(),
        (Some(inner), Some(outer)) => inner == outer,
    };
    let width = match (inner.format.as_deref(), outer.format.as_deref()) {
        (_, None) => true,
        (None, Some(_)) => open || !inner.enumeration.is_empty() || inner.kind != outer.kind,
        (Some(inner), Some(outer)) => {
            inner == outer || matches!((inner, outer), ("int32", "int64") | ("float", "double"))
        }
    };
    bounded(inner.minimum, outer.minimum, true)
        && bounded(inner.maximum, outer.maximum, false)
        && long(inner.min_length, outer.min_length, true)
        && long(inner.max_length, outer.max_length, false)
        && listed
        && pattern
        && width
        && (outer.nullable || !inner.nullable)
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Property {
    /// Its name.
    pub name: String,
    /// Where its schema stands, a reference perhaps.
    pub place: String,
    /// The schema that lists it under `properties`.
    pub holder: String,
}

/// The properties of the object whose schema stands at `place`, its branches included.
pub(super) fn properties(root: &Value, place: &str) -> Vec<Property> {
    let mut properties = Vec::new();
    for holder in parts(root, place, &["allOf", "anyOf", "oneOf"]) {
        let listed = root.at(&holder).and_then(|schema| schema.get("properties"));
        let within = pointer::join(&holder, "properties");
        for (name, _) in listed.map(Value::members).unwrap_or_default() {
            properties.push(Property {
                name: name.clone(),
                place: pointer::join(&within, name),
                holder: holder.clone(),
            });
        }
    }
    properties
}

/// The properties that the object whose schema stands at `place` must have.
pub(super) fn required(root: &Value, place: &str) -> BTreeSet<String> {
    let parts = parts(root, place, &["allOf"]);
    let lists = parts.iter().filter_map(|part| root.at(part)?.get("required"));
    lists.flat_map(Value::items).filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// The schema at `place` and those that it is composed of, each where it really stands.
pub(super) fn parts(root: &Value, place: &str, keywords: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = vec![place.to_owned()];
    let mut branches_left = BRANCHES_MAX;
    while let Some(place) = open.pop() {
        let Some(place) = resolve(root, &place) else { continue };
        if found.len() >= SCHEMAS_MAX || found.contains(&place) {
            continue;
        }
        let schema = root.at(&place);
        for keyword in keywords.iter().rev() {
            let branches = schema.and_then(|it| it.get(keyword)).map_or(0, |it| it.items().len());
            let branches = branches.min(branches_left);
            branches_left -= branches;
            let within = pointer::join(&place, keyword);
            open.extend((0..branches).rev().map(|at| format!("{within}/{at}")));
        }
        found.push(place);
    }
    found
}

/// Whether a name in the contract means the field that this side calls `name`.
pub(super) fn is_named(found: &str, name: &str, aliases: &[String]) -> bool {
    let plain = folded(found);
    plain == folded(name) || aliases.iter().any(|alias| folded(alias) == plain)
}

/// A type in standard words, as a schema.
pub(super) fn schema_of(facets: &Facets) -> Value {
    let mut members = vec![("type", Value::from(facets.kind.as_str()))];
    members.extend(facets.format.iter().map(|it| ("format", Value::from(it.as_str()))));
    members.extend(facets.pattern.iter().map(|it| ("pattern", Value::from(it.as_str()))));
    if !facets.enumeration.is_empty() {
        members.push(("enum", Value::Array(facets.enumeration.clone())));
    }
    members.extend(facets.minimum.map(|it| ("minimum", number(it))));
    members.extend(facets.maximum.map(|it| ("maximum", number(it))));
    members.extend(facets.min_length.map(|it| ("minLength", Value::from(it))));
    members.extend(facets.max_length.map(|it| ("maxLength", Value::from(it))));
    if facets.nullable {
        members.push(("nullable", Value::Bool(true)));
    }
    Value::object(members)
}

/// A number without a fraction that says nothing.
pub(super) fn number(number: f64) -> Value {
    Value::Number(format!("{number}").into())
}
