//! Whether one side can live with what a contract says of a value.
//!
//! * **Rule.** A value goes one way: in a request from the consumer to the provider, in an
//!   answer back. The contract must allow no more than the receiver takes, and no less than the
//!   sender may send. A keyword that a mandate does not write it leaves to the other side: a
//!   receiver takes every value in that respect, a sender follows the contract.
//! * **Limits.** Two patterns are the same where they are written the same; whether one allows
//!   more than another is not worked out.

use crate::{
    charter::mandate::{Facets, Kind},
    document::Value,
    schema::format::registry::registered,
};

use super::{example, schema::Reading};

/// The most whole numbers that are compared with a list one by one.
const COUNTED_MAX: f64 = 1_000.0;

/// The formats that allow less than others.
const NARROWER: [(&str, &str); 7] = [
    ("float", "double"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("uri", "iri"),
    ("uri", "uri-reference"),
    ("uri-reference", "iri-reference"),
    ("iri", "iri-reference"),
];

/// How many items a list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// The fewest.
    pub least: Option<u64>,
    /// The most.
    pub most: Option<u64>,
}

/// Whether a side can live with what the contract says of a value that it reads or writes.
pub(super) fn fits(own: &Facets, reading: &Reading, reads: bool) -> bool {
    if !reading.branches.is_empty() {
        let mut branches = reading.branches.iter();
        return if reads {
            branches.all(|it| fits(own, it, reads))
        } else {
            branches.any(|it| fits(own, it, reads))
        };
    }
    if reading.types.is_empty() {
        return reading.composed;
    }
    let there = &reading.facets;
    let kind = own.kind.as_str();
    let within =
        |inner: &str, outer: &str| inner == outer || inner == "integer" && outer == "number";
    if reads {
        reading.types.iter().all(|it| within(it, kind)) && is_within(there, own, false)
    } else {
        let [open_least, open_most] = reading.exclusive;
        let touches = |one: Option<f64>, other: Option<f64>| one.is_some() && one == other;
        reading.types.iter().any(|it| within(kind, it))
            && is_within(own, there, true)
            && !is_apart(own, there)
            && !(open_least && touches(own.minimum, there.minimum))
            && !(open_most && touches(own.maximum, there.maximum))
    }
}

/// Whether every value that `inner` allows is allowed by `outer`, as far as their keywords say;
/// what `inner` leaves unsaid counts as `open`.
fn is_within(inner: &Facets, outer: &Facets, open: bool) -> bool {
    if inner.nullable && !outer.nullable {
        return false;
    }
    if !inner.enumeration.is_empty() {
        let allowed = |value: &Value| match value {
            Value::Null => outer.nullable,
            value => example::fits(value, outer),
        };
        return inner.enumeration.iter().all(allowed);
    }
    // A format says how wide a number is kept, not that every such number is sent.
    let inner_range = if open { [inner.minimum, inner.maximum] } else { range(inner) };
    let outer_range = range(outer);
    let lengths = [inner, outer].map(|it| Size { least: it.min_length, most: it.max_length });
    let [inner_length, outer_length] = lengths;
    let listed = outer.enumeration.is_empty()
        || whole_numbers(inner).map_or(open, |numbers| {
            let listed = |number: f64| outer.enumeration.iter().any(|it| is_number(it, number));
            numbers.into_iter().all(listed)
        });
    let pattern = match (&inner.pattern, &outer.pattern) {
        (_, None) => true,
        (None, Some(_)) => open,
        (Some(inner), Some(outer)) => plain_pattern(inner) == plain_pattern(outer),
    };
    not_below(inner_range[0], outer_range[0], open)
        && not_above(inner_range[1], outer_range[1], open)
        && inner_length.is_within(outer_length, open)
        && listed
        && pattern
        && is_format_within(inner, outer, open)
}

fn not_below<T: PartialOrd>(inner: Option<T>, outer: Option<T>, open: bool) -> bool {
    outer.is_none_or(|outer| inner.map_or(open, |inner| inner >= outer))
}

fn not_above<T: PartialOrd>(inner: Option<T>, outer: Option<T>, open: bool) -> bool {
    outer.is_none_or(|outer| inner.map_or(open, |inner| inner <= outer))
}

/// Whether no value at all can be both.
fn is_apart(one: &Facets, other: &Facets) -> bool {
    let above = |least: Option<f64>, most: Option<f64>| {
        least.zip(most).is_some_and(|(least, most)| least > most)
    };
    let [a, b] = [range(one), range(other)];
    let lengths = [one, other].map(|it| Size { least: it.min_length, most: it.max_length });
    let listed = one.enumeration.is_empty()
        && !other.enumeration.is_empty()
        && !other.enumeration.iter().any(|it| example::fits(it, one));
    above(a[0], b[1]) || above(b[0], a[1]) || lengths[0].is_apart(lengths[1]) || listed
}

/// The least and the greatest number, by the bounds and by the format.
fn range(facets: &Facets) -> [Option<f64>; 2] {
    let Some((low, high)) = width(facets) else { return [facets.minimum, facets.maximum] };
    let least = facets.minimum.map_or(low, |it| it.max(low));
    let most = facets.maximum.map_or(high, |it| it.min(high));
    [Some(least), Some(most)]
}

/// The least and the greatest whole number of a format.
fn width(facets: &Facets) -> Option<(f64, f64)> {
    let power = |exponent| 2_f64.powi(exponent);
    match facets.format.as_deref() {
        _ if facets.kind != Kind::Integer => None,
        Some("int8") => Some((-power(7), power(7) - 1.0)),
        Some("int16") => Some((-power(15), power(15) - 1.0)),
        Some("int32") => Some((-power(31), power(31) - 1.0)),
        Some("int64") => Some((-power(63), power(63))),
        Some("uint8") => Some((0.0, power(8) - 1.0)),
        Some("uint16") => Some((0.0, power(16) - 1.0)),
        Some("uint32") => Some((0.0, power(32) - 1.0)),
        Some("uint64") => Some((0.0, power(64))),
        Some("double-int") => Some((1.0 - power(53), power(53) - 1.0)),
        _ => None,
    }
}

/// Every whole number that is allowed, where both bounds are said and there are few.
fn whole_numbers(facets: &Facets) -> Option<Vec<f64>> {
    let (least, most) = facets.minimum.zip(facets.maximum)?;
    if facets.kind != Kind::Integer || most - least > COUNTED_MAX {
        return None;
    }
    let first = least.ceil();
    let numbers = std::iter::successors(Some(first), |it| Some(it + 1.0));
    Some(numbers.take_while(|it| *it <= most).collect())
}

fn is_number(value: &Value, number: f64) -> bool {
    matches!(value, Value::Number(text) if text.parse() == Ok(number))
}

/// The format, where a registry has it: no other binds anybody.
fn known(facets: &Facets) -> Option<&str> {
    facets.format.as_deref().filter(|it| registered(it).is_some())
}

fn is_format_within(inner: &Facets, outer: &Facets, open: bool) -> bool {
    if inner.kind != outer.kind {
        return true;
    }
    if let Some((low, high)) = width(outer) {
        let bounds = inner.minimum.zip(inner.maximum).or_else(|| width(inner));
        return !open || bounds.is_none_or(|(least, most)| low <= least && most <= high);
    }
    match (known(inner), known(outer)) {
        (_, None) => true,
        (None, Some(_)) => open,
        (Some(inner), Some(outer)) => inner == outer || NARROWER.contains(&(inner, outer)),
    }
}

/// A pattern in one of the ways to write it.
fn plain_pattern(pattern: &str) -> String {
    pattern.replace("[0-9]", r"\d").replace("(?:", "(")
}

/// What a side would have the contract say: its own words, and what stands there as far as it
/// can live with that.
pub(super) fn adjusted(own: &Facets, there: &Facets, reads: bool) -> Facets {
    if own.kind != there.kind {
        return own.clone();
    }
    let mut wanted = own.clone();
    if reads {
        let both = Size { least: own.min_length, most: own.max_length }
            .adjusted(Size { least: there.min_length, most: there.max_length }, true);
        (wanted.min_length, wanted.max_length) = (both.least, both.most);
        let [least, most] = [greater(own.minimum, there.minimum), less(own.maximum, there.maximum)];
        if least.zip(most).is_none_or(|(least, most)| least <= most) {
            (wanted.minimum, wanted.maximum) = (least, most);
        }
        wanted.nullable = own.nullable && there.nullable;
        wanted.pattern = own.pattern.clone().or_else(|| there.pattern.clone());
        wanted.format = own.format.clone().or_else(|| there.format.clone());
        let listed = there.enumeration.iter().filter(|it| example::fits(it, own));
        let listed: Vec<Value> = listed.cloned().collect();
        if !listed.is_empty() {
            wanted.enumeration = listed;
        }
    } else {
        let both = Size { least: own.min_length, most: own.max_length }
            .adjusted(Size { least: there.min_length, most: there.max_length }, false);
        (wanted.min_length, wanted.max_length) = (both.least, both.most);
        wanted.minimum = if own.minimum.is_none() {
            there.minimum
        } else {
            less_of_both(own.minimum, there.minimum)
        };
        wanted.maximum = if own.maximum.is_none() {
            there.maximum
        } else {
            greater_of_both(own.maximum, there.maximum)
        };
        wanted.nullable = own.nullable || there.nullable;
        wanted.pattern = own.pattern.clone().or_else(|| there.pattern.clone());
        wanted.format = own.format.clone().or_else(|| there.format.clone());
        if own.enumeration.is_empty() {
            wanted.enumeration.clone_from(&there.enumeration);
        }
    }
    if is_empty(&wanted) { own.clone() } else { wanted }
}

fn is_empty(facets: &Facets) -> bool {
    let [least, most] = range(facets);
    let numbers = least.zip(most).is_some_and(|(least, most)| least > most);
    let lengths =
        facets.min_length.zip(facets.max_length).is_some_and(|(least, most)| least > most);
    let bare = Facets { enumeration: Vec::new(), ..facets.clone() };
    let mut listed = facets.enumeration.iter();
    numbers || lengths || !listed.all(|it| matches!(it, Value::Null) || example::fits(it, &bare))
}

fn greater<T: PartialOrd>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one > other { one } else { other }),
        (one, other) => one.or(other),
    }
}

fn less<T: PartialOrd>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one < other { one } else { other }),
        (one, other) => one.or(other),
    }
}

fn less_of_both<T: PartialOrd>(one: Option<T>, other: Option<T>) -> Option<T> {
    let (one, other) = (one?, other?);
    Some(if one < other { one } else { other })
}

fn greater_of_both<T: PartialOrd>(one: Option<T>, other: Option<T>) -> Option<T> {
    let (one, other) = (one?, other?);
    Some(if one > other { one } else { other })
}

impl Size {
    /// Whether a side can live with the number of items that the contract allows.
    pub(super) fn fits(self, there: Self, reads: bool) -> bool {
        if reads {
            there.is_within(self, false)
        } else {
            self.is_within(there, true) && !self.is_apart(there)
        }
    }

    fn is_within(self, outer: Self, open: bool) -> bool {
        // No list and no text has less than nothing.
        let least = outer.least.filter(|it| *it > 0);
        not_below(self.least, least, open) && not_above(self.most, outer.most, open)
    }

    fn is_apart(self, other: Self) -> bool {
        let above = |least: Option<u64>, most: Option<u64>| {
            least.zip(most).is_some_and(|(least, most)| least > most)
        };
        above(self.least, other.most) || above(other.least, self.most)
    }

    /// What a side would have the contract say.
    pub(super) fn adjusted(self, there: Self, reads: bool) -> Self {
        let wanted = if reads {
            Self { least: greater(self.least, there.least), most: less(self.most, there.most) }
        } else {
            Self {
                least: match self.least {
                    None => there.least,
                    own => less_of_both(own, there.least),
                },
                most: match self.most {
                    None => there.most,
                    own => greater_of_both(own, there.most),
                },
            }
        };
        if wanted.least.zip(wanted.most).is_some_and(|(least, most)| least > most) {
            self
        } else {
            wanted
        }
    }

    /// The size as a schema of a list.
    pub(super) fn to_schema(self) -> Value {
        let mut members = vec![("type", Value::from("array"))];
        members.extend(self.least.map(|it| ("minItems", Value::from(it))));
        members.extend(self.most.map(|it| ("maxItems", Value::from(it))));
        Value::object(members)
    }
}
