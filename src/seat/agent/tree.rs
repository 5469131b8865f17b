//! Reading and changing a contract as a value: pointers, local references, members.

use crate::document::{Value, pointer};

/// How many references are followed one after the other.
const HOPS_MAX: usize = 32;

/// What stands at a pointer, to change it.
pub(super) fn at_mut<'v>(root: &'v mut Value, place: &str) -> Option<&'v mut Value> {
    pointer::tokens(place)?.iter().try_fold(root, |value, token| match value {
        Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?),
        other => other.get_mut(token),
    })
}

/// Sets a member of the object at `place`; the object must be there.
pub(super) fn set(root: &mut Value, place: &str, key: &str, value: Value) {
    let Some(Value::Object(members)) = at_mut(root, place) else { return };
    match members.iter_mut().find(|(name, _)| name == key) {
        Some((_, old)) => *old = value,
        None => members.push((key.to_owned(), value)),
    }
}

/// Takes a member or item away.
pub(super) fn remove(root: &mut Value, place: &str) -> Option<Value> {
    let (parent, _) = place.rsplit_once('/')?;
    let token = pointer::tokens(place)?.pop()?.into_owned();
    match at_mut(root, parent)? {
        Value::Object(members) => {
            let at = members.iter().position(|(key, _)| *key == token)?;
            Some(members.remove(at).1)
        }
        Value::Array(items) => {
            let at = token.parse().ok().filter(|at| *at < items.len())?;
            Some(items.remove(at))
        }
        _ => None,
    }
}

/// The object at `place` and its member `key`, both made where they are missing.
pub(super) fn ensure(root: &mut Value, place: &str, key: &str, empty: Value) -> Option<String> {
    let Value::Object(members) = at_mut(root, place)? else { return None };
    if !members.iter().any(|(name, _)| name == key) {
        members.push((key.to_owned(), empty));
    }
    Some(pointer::join(place, key))
}

/// Follows the references at `place` to what they name in this document; nothing where they
/// lead nowhere, out of it, or in a circle.
pub(super) fn resolve(root: &Value, place: &str) -> Option<String> {
    let mut place = place.to_owned();
    for _ in 0..HOPS_MAX {
        let Some(target) = root.at(&place)?.get("$ref") else { return Some(place) };
        let fragment = target.as_str()?.strip_prefix('#')?;
        place = percent_decoded(fragment)?;
    }
    None
}

/// A fragment without percent-encoding (RFC 3986, section 2.1).
fn percent_decoded(fragment: &str) -> Option<String> {
    if !fragment.contains('%') {
        return Some(fragment.to_owned());
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Whether `place` is `area` or lies below it.
pub(super) fn lies_within(place: &str, area: &str) -> bool {
    place.strip_prefix(area).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The pointer of what holds the member or item at `place`.
pub(super) fn parent(place: &str) -> &str {
    place.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last step of a pointer, unescaped.
pub(super) fn last(place: &str) -> Option<String> {
    pointer::tokens(place)?.pop().map(std::borrow::Cow::into_owned)
}
