//! Who is responsible for what stands in a contract, by its `x-owner`.

use crate::document::{Value, pointer};

use super::tree::{parent, remove};

/// The party that is responsible for what stands at `place`: by its own mark, or by one above.
pub(super) fn of<'v>(root: &'v Value, place: &str) -> Option<&'v str> {
    let mut place = place;
    loop {
        let said = root.at(place).and_then(|it| it.get("x-owner")).and_then(Value::as_str);
        if said.is_some() || place.is_empty() {
            return said;
        }
        place = parent(place);
    }
}

/// The marks at `place` and below it, each with where it stands and whom it names.
pub(super) fn within(root: &Value, place: &str) -> Vec<(String, String)> {
    let mut marks = Vec::new();
    let mut open: Vec<(String, &Value)> =
        root.at(place).map(|it| (place.to_owned(), it)).into_iter().collect();
    while let Some((place, value)) = open.pop() {
        if let Some(owner) = value.get("x-owner").and_then(Value::as_str) {
            marks.push((place.clone(), owner.to_owned()));
        }
        let members = value.members().iter();
        open.extend(members.map(|(key, member)| (pointer::join(&place, key), member)));
        let items = value.items().iter().enumerate();
        open.extend(items.map(|(at, item)| (format!("{place}/{at}"), item)));
    }
    marks
}

/// Whether somebody else than `party` is responsible for something at `place` or below it.
pub(super) fn is_shared(root: &Value, place: &str, party: &str) -> bool {
    within(root, place).iter().any(|(_, owner)| owner != party)
}

/// Takes away the marks of `party` at `place` and below it.
pub(super) fn release(root: &mut Value, place: &str, party: &str) {
    for (marked, owner) in within(root, place) {
        if owner == party {
            remove(root, &pointer::join(&marked, "x-owner"));
        }
    }
}
