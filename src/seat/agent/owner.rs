//! Who is responsible for what stands in a contract: by the charter, and by its `x-owner`.

use crate::{
    charter::Mandate,
    document::{Value, pointer},
};

use super::tree::{lies_within, parent, remove};

/// The party that is responsible for what stands at `place`: the nearest word on it counts, of the
/// charter's pointers and of the marks at the place and above it; of two at one place the
/// charter's. A pointer that leads to nothing yet gives nothing.
pub(super) fn of<'v>(mandate: &'v Mandate, root: &'v Value, place: &str) -> Option<&'v str> {
    let given = mandate.owned.iter().filter(|(_, owned)| {
        lies_within(place, owned.as_str()) && root.at(owned.as_str()).is_some()
    });
    let given = given.max_by_key(|(_, owned)| owned.as_str().len());
    let given_at = given.map(|(_, owned)| owned.as_str().len());
    let mut place = place;
    loop {
        let said = root.at(place).and_then(|it| it.get("x-owner")).and_then(Value::as_str);
        if given_at.is_some_and(|length| length >= place.len()) {
            return given.map(|(party, _)| party.as_str());
        }
        if said.is_some() || place.is_empty() {
            return said;
        }
        place = parent(place);
    }
}

/// Whether somebody else than the mandate's party is responsible for what stands at `place`.
pub(super) fn is_foreign(mandate: &Mandate, root: &Value, place: &str) -> bool {
    of(mandate, root, place).is_some_and(|it| it != mandate.party.as_str())
}

/// Whether somebody else is responsible for something at `place` or below it.
pub(super) fn is_shared(mandate: &Mandate, root: &Value, place: &str) -> bool {
    let given = mandate.owned.iter().map(|(_, owned)| owned.as_str());
    let mut given = given.filter(|it| lies_within(it, place) && root.at(it).is_some());
    given.any(|it| is_foreign(mandate, root, it))
        || marks(root, place).iter().any(|(marked, _)| is_foreign(mandate, root, marked))
}

/// Takes away the marks of the mandate's own party at `place` and below it.
pub(super) fn release(mandate: &Mandate, root: &mut Value, place: &str) {
    for (marked, owner) in marks(root, place) {
        if owner == mandate.party.as_str() {
            remove(root, &pointer::join(&marked, "x-owner"));
        }
    }
}

/// The marks at `place` and below it, each with where it stands and whom it names.
fn marks(root: &Value, place: &str) -> Vec<(String, String)> {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::of;
    use crate::{
        charter::{Charter, Mandate},
        document::Value,
    };

    #[test]
    fn the_nearest_word_counts() {
        let charter = "version: 1\nparties:\n  shop: { agent: S, owns: [/a, /a/b/c] }\n  \
                       erp: { agent: E }\n";
        let charter = Charter::parse("treaty.yaml", charter.as_bytes()).unwrap();
        let mandate = Mandate::parse("m.yaml", b"party: shop\n", Some(&charter)).unwrap();
        let word = |name: &str, inner: Value| {
            Value::object([("x-owner", Value::from(name)), ("c", inner)])
        };
        let leaf = word("erp", Value::Null);
        let root = Value::object([("a", Value::object([("b", word("erp", leaf))]))]);
        for (place, owner) in [
            ("", None),
            ("/a", Some("shop")),
            ("/a/b", Some("erp")),
            ("/a/b/c", Some("shop")),
            ("/a/b/c/d", Some("shop")),
            ("/a/x", Some("shop")),
        ] {
            assert_eq!(of(&mandate, &root, place), owner, "{place}");
        }
    }
}
