//! What takes one contract to another, as a JSON Patch.
//!
//! * **Source.** RFC 6902; only `add`, `remove` and `replace` are written.

use crate::document::{Value, pointer};

/// The operations that make `revision` of `base`; members that are added come last.
pub(super) fn patch(base: &Value, revision: &Value) -> Vec<Value> {
    let mut operations = Vec::new();
    compare(base, revision, "", &mut operations);
    operations
}

fn operation(op: &str, place: &str, value: Option<&Value>) -> Value {
    let members = [("op", Value::from(op)), ("path", Value::from(place))];
    Value::object(members.into_iter().chain(value.map(|it| ("value", it.clone()))))
}

fn compare(base: &Value, revision: &Value, place: &str, operations: &mut Vec<Value>) {
    match (base, revision) {
        _ if base == revision => {}
        (Value::Object(old), Value::Object(new)) => {
            for (key, _) in old.iter().filter(|(key, _)| revision.get(key).is_none()) {
                operations.push(operation("remove", &pointer::join(place, key), None));
            }
            for (key, value) in new {
                let place = pointer::join(place, key);
                match base.get(key) {
                    Some(old) => compare(old, value, &place, operations),
                    None => operations.push(operation("add", &place, Some(value))),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => lists(old, new, place, operations),
        _ => operations.push(operation("replace", place, Some(revision))),
    }
}

/// What is equal at both ends stays; of the rest, items are compared one by one where there are
/// as many, and otherwise taken away from the end and added.
fn lists(old: &[Value], new: &[Value], place: &str, operations: &mut Vec<Value>) {
    let begin = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(begin..).unwrap_or_default(), new.get(begin..).unwrap_or_default());
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let old = old.get(..old.len() - end).unwrap_or_default();
    let new = new.get(..new.len() - end).unwrap_or_default();
    let at = |index: usize| format!("{place}/{}", begin + index);
    if old.len() == new.len() {
        for (index, (old, new)) in old.iter().zip(new).enumerate() {
            compare(old, new, &at(index), operations);
        }
        return;
    }
    for index in (0..old.len()).rev() {
        operations.push(operation("remove", &at(index), None));
    }
    for (index, value) in new.iter().enumerate() {
        operations.push(operation("add", &at(index), Some(value)));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_patch_makes_one_of_the_other() {
        let texts = [
            r#"{"a":[1,2,3],"b":{"c":"x"},"d":null}"#,
            r#"{"a":[1,3],"b":{"c":"y","~/":[{"e":1}]}}"#,
            r#"{"a":[4,1,2,5,3],"d":{"c":1.10}}"#,
            r#"{"a":[{"x":1},{"y":2}],"b":[]}"#,
            r#"{"a":[{"x":1},{"y":3}],"b":[[]]}"#,
            "[]",
            r#""text""#,
        ];
        for one in texts {
            for other in texts {
                let (base, revision) =
                    (Value::from_json(one).unwrap(), Value::from_json(other).unwrap());
                let patch = Value::Array(patch(&base, &revision));
                let patched = base.patched(&patch).unwrap();
                assert_eq!(sorted(&patched), sorted(&revision), "{}", patch.to_json());
            }
        }
    }

    /// Members in the order of their keys, since an added one comes last.
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut members: Vec<_> =
                    members.iter().map(|(key, it)| (key.clone(), sorted(it))).collect();
                members.sort_by(|one, other| one.0.cmp(&other.0));
                Value::Object(members)
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
}
