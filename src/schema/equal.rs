//! Equality of values: numbers as mathematics has it, objects without order.
//!
//! * **Source.** JSON Schema 2020-12 core, section 4.2.2.

use rustc_hash::FxHashMap;

use crate::document::{Kind, NodeRef, Number, quote_double};

/// Whether two values are the same.
pub fn equal(left: NodeRef<'_>, right: NodeRef<'_>) -> bool {
    match (left.kind(), right.kind()) {
        (Kind::Number, Kind::Number) => {
            let (left, right) = (left.as_number(), right.as_number());
            left.map(Number::text) == right.map(Number::text)
                || left.and_then(Number::decimal) == right.and_then(Number::decimal)
        }
        (Kind::Bool, Kind::Bool) => left.as_bool() == right.as_bool(),
        (Kind::String, Kind::String) => left.as_str() == right.as_str(),
        (Kind::Null, Kind::Null) => true,
        (Kind::Array, Kind::Array) => {
            left.len() == right.len()
                && left.items().zip(right.items()).all(|(left, right)| equal(left, right))
        }
        (Kind::Object, Kind::Object) => left.len() == right.len() && objects_equal(left, right),
        _ => false,
    }
}

fn objects_equal(left: NodeRef<'_>, right: NodeRef<'_>) -> bool {
    if left.len() <= 8 {
        return left
            .entries()
            .all(|entry| right.get(entry.key).is_some_and(|other| equal(entry.value, other)));
    }
    let others: FxHashMap<_, _> = right.entries().map(|entry| (entry.key, entry.value)).collect();
    left.entries()
        .all(|entry| others.get(entry.key).is_some_and(|other| equal(entry.value, *other)))
}

/// A text that two values share exactly when they are [`equal`].
pub fn canonical(node: NodeRef<'_>) -> String {
    match node.kind() {
        Kind::Number => {
            let number = node.as_number();
            match number.and_then(Number::decimal) {
                Some(decimal) => format!("{decimal:?}"),
                None => number.map_or("", |number| number.text()).to_owned(),
            }
        }
        Kind::String => quote_double(node.as_str().unwrap_or_default()),
        Kind::Bool => node.as_bool().unwrap_or_default().to_string(),
        Kind::Null => "null".to_owned(),
        Kind::Array => {
            let items: Vec<_> = node.items().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Kind::Object => {
            let mut members: Vec<_> = node
                .entries()
                .map(|entry| format!("{}:{}", quote_double(entry.key), canonical(entry.value)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
    }
}
