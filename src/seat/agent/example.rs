//! Examples that validate: what a schema allows, kept as near as can be to what was there.
//!
//! * **Shape.** [`mend`] takes an example that a schema may no longer allow and changes only
//!   what the schema does not allow in it; without an example it makes one.
//! * **Errors.** Nothing where no value can be made up, such as one for a pattern.

use crate::{
    charter::mandate::{Facets, Kind, is_of},
    document::{Value, pointer},
    schema::{Pattern, format},
};

use super::{
    schema::{parts, properties, read, required},
    translate,
};

/// How deep an example goes.
const DEPTH_MAX: usize = 12;
/// How many values one example may have.
const STEPS_MAX: usize = 500;

/// Which way a message goes, and so which properties it leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Requests hold nothing that is `readOnly`.
    Request,
    /// Answers hold nothing that is `writeOnly`.
    Response,
    /// A value by itself.
    Neither,
}

/// The example nearest to `seed` that the schema at `place` allows.
pub(super) fn mend(
    root: &Value,
    place: &str,
    seed: Option<&Value>,
    direction: Direction,
) -> Option<Value> {
    let left_out = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Neither => "",
    };
    Mender { root, steps: STEPS_MAX, left_out }.value(place, seed, 0)
}

struct Mender<'v> {
    root: &'v Value,
    steps: usize,
    left_out: &'static str,
}

impl Mender<'_> {
    fn value(&mut self, place: &str, seed: Option<&Value>, depth: usize) -> Option<Value> {
        self.steps = self.steps.checked_sub(1)?;
        if depth > DEPTH_MAX {
            return None;
        }
        let reading = read(self.root, place);
        if reading.is_object() {
            return self.object(place, seed, depth);
        }
        if reading.is_array() {
            return self.array(place, seed, depth);
        }
        if reading.composed {
            if let Some(seed) = seed {
                return Some(seed.clone());
            }
            let branches = parts(self.root, place, &["oneOf", "anyOf"]);
            return self.value(branches.get(1)?, None, depth + 1);
        }
        let standard = reading.types.iter().all(|it| Kind::from_word(it).is_some());
        if reading.types.is_empty() || !standard {
            return seed.cloned();
        }
        let own = parts(self.root, place, &["allOf"]).into_iter();
        let own = own.filter_map(|part| self.root.at(&part)).collect::<Vec<_>>();
        let said = ["example", "default"]
            .iter()
            .filter_map(|key| own.iter().find_map(|schema| schema.get(key)));
        let facets = &reading.facets;
        nearest(seed.into_iter().chain(said), facets).or_else(|| made_up(facets))
    }

    fn object(&mut self, place: &str, seed: Option<&Value>, depth: usize) -> Option<Value> {
        let seeds = seed.map(Value::members).unwrap_or_default();
        let mut listed = properties(self.root, place);
        listed.retain(|it| !self.is_left_out(&it.place));
        let open = listed.is_empty() || self.is_open(place);
        let mut members: Vec<(String, Value)> = Vec::new();
        for (name, value) in seeds {
            match listed.iter().find(|it| it.name == *name) {
                Some(property) => {
                    let value = self.value(&property.place, Some(value), depth + 1)?;
                    members.push((name.clone(), value));
                }
                None if open => members.push((name.clone(), value.clone())),
                None => {}
            }
        }
        let fresh = !matches!(seed, Some(Value::Object(_)));
        let required = required(self.root, place);
        for property in &listed {
            let needed = required.contains(&property.name);
            let present = members.iter().any(|(name, _)| *name == property.name);
            if present || !(needed || fresh) {
                continue;
            }
            match self.value(&property.place, None, depth + 1) {
                Some(value) => members.push((property.name.clone(), value)),
                None if needed => return None,
                None => {}
            }
        }
        Some(Value::Object(members))
    }

    fn is_left_out(&self, property: &str) -> bool {
        parts(self.root, property, &["allOf"]).iter().chain([&property.to_owned()]).any(|part| {
            self.root.at(part).and_then(|it| it.get(self.left_out)) == Some(&Value::Bool(true))
        })
    }

    /// Whether the object takes members that it does not list.
    fn is_open(&self, place: &str) -> bool {
        parts(self.root, place, &["allOf"]).iter().any(|part| {
            let more = self.root.at(part).and_then(|it| it.get("additionalProperties"));
            more.is_some_and(|it| *it != Value::Bool(false))
        })
    }

    fn array(&mut self, place: &str, seed: Option<&Value>, depth: usize) -> Option<Value> {
        let schemas = parts(self.root, place, &["allOf"]);
        let holder = schemas
            .iter()
            .find(|part| self.root.at(part).is_some_and(|schema| schema.get("items").is_some()));
        let Some(items) = holder.map(|holder| pointer::join(holder, "items")) else {
            let list = seed.filter(|it| matches!(it, Value::Array(_)));
            return Some(list.cloned().unwrap_or(Value::Array(Vec::new())));
        };
        let bound = |key: &str| {
            let number = schemas.iter().find_map(|part| self.root.at(part)?.get(key));
            match number {
                Some(Value::Number(text)) => text.parse::<usize>().ok(),
                _ => None,
            }
        };
        let (least, most) = (bound("minItems").unwrap_or(1), bound("maxItems"));
        let seeds = seed.map(Value::items).unwrap_or_default();
        let count = match seed {
            Some(Value::Array(_)) => seeds.len().max(bound("minItems").unwrap_or(0)),
            _ => least.max(1),
        };
        let count = count.min(most.unwrap_or(count)).min(20);
        let mut values = Vec::new();
        for at in 0..count {
            values.push(self.value(&items, seeds.get(at), depth + 1)?);
        }
        Some(Value::Array(values))
    }
}

/// The first of these values that the facets allow, as it is or as the standard says it.
pub(super) fn nearest<'v>(
    values: impl Iterator<Item = &'v Value>,
    facets: &Facets,
) -> Option<Value> {
    let mut read = values
        .flat_map(|value| std::iter::once(value.clone()).chain(translate::readings(value, facets)));
    read.find(|value| fits(value, facets))
}

/// Whether a value without parts is one that the facets allow.
pub(super) fn fits(value: &Value, facets: &Facets) -> bool {
    if !is_of(value, facets) {
        return false;
    }
    if !facets.enumeration.is_empty() && !facets.enumeration.contains(value) {
        return false;
    }
    match value {
        Value::String(text) => {
            let length = text.chars().count() as u64;
            facets.min_length.is_none_or(|it| length >= it)
                && facets.max_length.is_none_or(|it| length <= it)
                && facets.format.as_deref().is_none_or(|it| is_formatted(it, text))
                && facets.pattern.as_deref().is_none_or(|it| matches(it, text))
        }
        Value::Number(text) => {
            let Ok(number) = text.parse::<f64>() else { return false };
            let (least, most) = match facets.format.as_deref() {
                Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
                _ => (f64::MIN, f64::MAX),
            };
            (least..=most).contains(&number)
                && facets.minimum.is_none_or(|it| number >= it)
                && facets.maximum.is_none_or(|it| number <= it)
        }
        _ => true,
    }
}

/// Whether nothing is known to be wrong with a text under a format.
fn is_formatted(name: &str, text: &str) -> bool {
    !matches!(format::judge(name, text), format::Judgement::Wrong(_))
}

fn matches(pattern: &str, text: &str) -> bool {
    Pattern::new(pattern).is_ok_and(|pattern| pattern.is_match(text) == Some(true))
}

/// A value that the facets allow, where one can be thought of.
fn made_up(facets: &Facets) -> Option<Value> {
    if let Some(first) = facets.enumeration.iter().find(|it| !matches!(it, Value::Null)) {
        return Some(first.clone());
    }
    let value = match facets.kind {
        Kind::Boolean => Value::Bool(true),
        Kind::Object => Value::Object(Vec::new()),
        Kind::Integer | Kind::Number => {
            let nearest = facets.minimum.map_or(1.0, |it| it.max(1.0));
            let nearest = facets.maximum.map_or(nearest, |it| nearest.min(it));
            let whole = facets.kind == Kind::Integer && facets.maximum == Some(nearest);
            let nearest = if whole { nearest.floor() } else { nearest };
            let up = facets.kind == Kind::Integer && !whole;
            super::schema::number(if up { nearest.ceil() } else { nearest })
        }
        Kind::String => Value::from(text_of(facets)),
    };
    fits(&value, facets).then_some(value)
}

fn text_of(facets: &Facets) -> String {
    let text = match facets.format.as_deref() {
        Some("date") => "2026-01-15",
        Some("time") => "09:30:00Z",
        Some("date-time") => "2026-01-15T09:30:00Z",
        Some("duration") => "P1D",
        Some("uuid") => "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        Some("email" | "idn-email") => "name@example.com",
        Some("uri" | "iri") => "https://example.com/",
        Some("uri-reference" | "iri-reference") => "/",
        Some("hostname" | "idn-hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("byte") => "dGV4dA==",
        _ => {
            let least = usize::try_from(facets.min_length.unwrap_or(0)).unwrap_or(0).min(10_000);
            let most = usize::try_from(facets.max_length.unwrap_or(4)).unwrap_or(4);
            return "text ".chars().cycle().take(4.min(most).max(least)).collect();
        }
    };
    text.to_owned()
}
