//! Where two contracts differ, as places.

use crate::document::{Document, Limits, NodeRef, Value, pointer};

use super::words::is_requirement;

/// The smallest places at which two values differ, in the order of the first, then of the
/// second for what only that has.
pub(super) fn changed_places(base: &Value, revision: &Value) -> Vec<String> {
    let mut places = Vec::new();
    collect(base, revision, String::new(), &mut places);
    places
}

fn collect(base: &Value, revision: &Value, place: String, places: &mut Vec<String>) {
    match (base, revision) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                let place = pointer::join(&place, key);
                match revision.get(key) {
                    Some(other) => collect(value, other, place, places),
                    None => places.push(place),
                }
            }
            let added = new.iter().filter(|(key, _)| base.get(key).is_none());
            places.extend(added.map(|(key, _)| pointer::join(&place, key)));
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (at, (value, other)) in old.iter().zip(new).enumerate() {
                collect(value, other, pointer::join(&place, &at.to_string()), places);
            }
        }
        _ if base == revision => {}
        _ => places.push(place),
    }
}

/// What a contract has at a place. What is in a list without a number that lasts is also found
/// by its name: a property in `required`, and a parameter.
pub(super) fn standing<'v>(contract: &'v Value, place: &str) -> Option<&'v Value> {
    let there = contract.at(place).or_else(|| {
        let (list, _) = place.rsplit_once('/')?;
        let name = pointer::tokens(place)?.pop()?;
        let named = |it: &&Value| match it.get("name") {
            Some(of_parameter) => of_parameter.as_str() == Some(&name),
            None => it.as_str() == Some(&name),
        };
        let listed = list.ends_with("/required") || list.ends_with("/parameters");
        contract.at(list).filter(|_| listed)?.items().iter().find(named)
    })?;
    // A parameter that need not be sent says so by a word, or by none.
    let left_out = *there == Value::Bool(false) && is_requirement(place);
    (!left_out).then_some(there)
}

/// A contract's text as a value; null where there is none.
pub(super) fn value_of(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    let document = Document::parse("head.yaml", text.into(), &Limits::default());
    document.root().map_or(Value::Null, NodeRef::to_value)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_places() {
        let base = Value::from_json(r#"{"a":{"b":1,"c":[1,2]},"d":1,"~/":0}"#).unwrap();
        let revision = Value::from_json(r#"{"a":{"b":2,"c":[1,3]},"e":{"f":1},"~/":1}"#).unwrap();
        assert_eq!(changed_places(&base, &revision), ["/a/b", "/a/c/1", "/d", "/~0~1", "/e"]);
        assert!(changed_places(&base, &base).is_empty());
    }
}
