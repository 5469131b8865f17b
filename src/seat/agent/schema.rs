//! Schemas as the agent needs them: what a type is, and the properties of an object wherever
//! composition puts them.

use std::collections::BTreeSet;

use crate::{
    charter::mandate::{Facets, Kind, folded},
    document::{Value, pointer},
};

use super::{fit::Size, tree::resolve};

/// How many schemas, and how many branches, are looked through for one object.
const SCHEMAS_MAX: usize = 100;
const BRANCHES_MAX: usize = 500;
/// How many branches are read as what a value may be, and how deep.
const BRANCHES_READ_MAX: usize = 20;
const DEPTH_MAX: usize = 3;

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
    /// How many items there may be.
    pub size: Size,
    /// Whether the least and the greatest number are left out themselves.
    pub exclusive: [bool; 2],
    /// What it may be, where no type is said: the branches of its composition.
    pub branches: Vec<Reading>,
}

/// Reads the schema at `place`, through references and `allOf`.
pub(super) fn read(root: &Value, place: &str) -> Reading {
    read_at(root, place, 0)
}

fn read_at(root: &Value, place: &str, depth: usize) -> Reading {
    let mut reading = Reading::default();
    for place in parts(root, place, &["allOf"]) {
        if let Some(schema) = root.at(&place) {
            gather(schema, &mut reading);
        }
    }
    if let Some(kind) = reading.types.first().and_then(|word| Kind::from_word(word)) {
        reading.facets.kind = kind;
    }
    if reading.types.is_empty() && !reading.properties && !reading.items && depth < DEPTH_MAX {
        let branches = branches(root, place);
        reading.branches = branches.iter().map(|it| read_at(root, it, depth + 1)).collect();
    }
    reading
}

/// The branches of the first `oneOf` or `anyOf` of the schema at `place`.
fn branches(root: &Value, place: &str) -> Vec<String> {
    for part in parts(root, place, &["allOf"]) {
        for keyword in ["oneOf", "anyOf"] {
            let listed = root.at(&part).and_then(|it| it.get(keyword));
            let count = listed.map_or(0, |it| it.items().len()).min(BRANCHES_READ_MAX);
            if count > 0 {
                let within = pointer::join(&part, keyword);
                return (0..count).map(|at| format!("{within}/{at}")).collect();
            }
        }
    }
    Vec::new()
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
    let least = [number("minimum"), number("exclusiveMinimum")].into_iter().flatten();
    let most = [number("maximum"), number("exclusiveMaximum")].into_iter().flatten();
    facets.minimum = facets.minimum.into_iter().chain(least).reduce(f64::max);
    facets.maximum = facets.maximum.into_iter().chain(most).reduce(f64::min);
    let greater = |one: Option<u64>, key: &str| one.max(length(number(key)));
    let less = |one: Option<u64>, key: &str| one.into_iter().chain(length(number(key))).min();
    facets.min_length = greater(facets.min_length, "minLength");
    facets.max_length = less(facets.max_length, "maxLength");
    reading.size.least = greater(reading.size.least, "minItems");
    reading.size.most = less(reading.size.most, "maxItems");
    for (at, key) in ["exclusiveMinimum", "exclusiveMaximum"].into_iter().enumerate() {
        let said = schema.get(key).is_some_and(|it| *it != Value::Bool(false));
        if let Some(exclusive) = reading.exclusive.get_mut(at) {
            *exclusive |= said;
        }
    }
    facets.nullable |= schema.get("nullable") == Some(&Value::Bool(true));
    let listed = schema.get("enum").map(|it| it.items().to_vec());
    let one = schema.get("const").map(|it| vec![it.clone()]);
    for listed in [listed, one].into_iter().flatten() {
        if facets.enumeration.is_empty() {
            facets.enumeration = listed;
        } else {
            facets.enumeration.retain(|it| listed.contains(it));
        }
    }
    reading.composed |= ["oneOf", "anyOf", "not"].iter().any(|it| schema.get(it).is_some());
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
