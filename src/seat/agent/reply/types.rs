//! What a mandate says to the type that the other side says a value must have.

use crate::{
    charter::{Mandate, mandate::Kind},
    document::{Value, pointer},
    negotiate::Constraint,
};

use super::super::{
    amend::Amender,
    difference::{Change, Difference, Weight},
    fit::{Size, fits},
    judge::differences,
    put,
    schema::{Reading, read},
    tree::{at_mut, remove, resolve, set},
    write::Words,
};
use super::{Stance, judged};

/// How deep a schema of the other side is read.
const DEPTH_MAX: usize = 6;
/// Where a schema that stands by itself is read.
const ALONE: &str = "/schema";

/// Goes along with a type where the mandate can; where it needs more said of it, the contract
/// says what both can live with.
pub(super) fn stance(mandate: &Mandate, root: &Value, constraint: &Constraint) -> Stance {
    let place = constraint.pointer.as_str();
    let mut wanted = root.clone();
    if is_size(&constraint.value) {
        let Some(place) = resolve(root, place).filter(|it| read(root, it).is_array()) else {
            return Stance::Neutral;
        };
        for key in ["minItems", "maxItems"] {
            match constraint.value.get(key) {
                Some(bound) => set(&mut wanted, &place, key, bound.clone()),
                None => {
                    remove(&mut wanted, &pointer::join(&place, key));
                }
            }
        }
    } else {
        let Some(schema) = plain_schema(&constraint.value, 0) else { return Stance::Neutral };
        put::put_type(&mut wanted, place, &schema);
    }
    if wanted == *root {
        return Stance::Neutral;
    }
    let first = judged(mandate, root, constraint, wanted.clone());
    if matches!(first, Stance::Comply(_)) {
        return first;
    }
    let Some((both, reads)) = reconciled(mandate, &wanted, place) else { return first };
    let alone = read(&Value::object([("schema", constraint.value.clone())]), ALONE);
    if !suits(&alone, &read(&both, place), !reads) {
        return first;
    }
    match judged(mandate, root, constraint, both) {
        Stance::Comply(both) => Stance::Comply(both),
        _ => first,
    }
}

/// The contract with what the mandate needs said of the value at a place beside what is said,
/// and whether its side reads the value.
fn reconciled(mandate: &Mandate, root: &Value, place: &str) -> Option<(Value, bool)> {
    let found = differences(mandate, root);
    let here = |it: &&Difference<'_>| {
        it.weight == Weight::Firm
            && it.constraint.pointer == place
            && matches!(it.change, Change::Retype(..) | Change::Resize(..))
    };
    let difference = found.iter().find(here)?;
    let reads = match &difference.change {
        Change::Retype(_, _, reads) | Change::Resize(_, _, reads) => *reads,
        _ => return None,
    };
    let mut both = root.clone();
    Amender { mandate, words: Words::Standard }.amend(&mut both, &[difference]);
    Some((both, reads))
}

/// Whether a side that says a type can live with what the contract says.
fn suits(said: &Reading, there: &Reading, reads: bool) -> bool {
    if said.is_array() {
        let size = |it: &Reading| Size { least: it.size.least, most: it.size.most };
        return there.is_array() && size(said).fits(size(there), reads);
    }
    !said.types.is_empty() && fits(&said.facets, there, reads)
}

/// Whether a type is that of a list of which only the size is said.
fn is_size(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str) == Some("array") && value.get("items").is_none()
}

/// The structure of a schema, without a word of text.
pub(super) fn plain_schema(value: &Value, depth: usize) -> Option<Value> {
    let word = value.get("type")?.as_str()?;
    if depth > DEPTH_MAX || Kind::from_word(word).is_none() && word != "array" {
        return None;
    }
    let mut schema = Value::object([("type", Value::from(word))]);
    for (key, value) in value.members() {
        let taken = match key.as_str() {
            "format" | "pattern" => matches!(value, Value::String(_)).then(|| value.clone()),
            "nullable" | "uniqueItems" => matches!(value, Value::Bool(_)).then(|| value.clone()),
            "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" => {
                matches!(value, Value::Number(_)).then(|| value.clone())
            }
            "enum" => {
                let plain = |it: &Value| !matches!(it, Value::Array(_) | Value::Object(_));
                let listed = !value.items().is_empty() && value.items().iter().all(plain);
                listed.then(|| value.clone())
            }
            "required" => {
                let named = value.items().iter().all(|it| it.as_str().is_some());
                (!value.items().is_empty() && named).then(|| value.clone())
            }
            "items" => plain_schema(value, depth + 1),
            "properties" => {
                let inner = value.members().iter();
                let inner = inner
                    .filter_map(|(name, it)| Some((name.clone(), plain_schema(it, depth + 1)?)));
                Some(Value::Object(inner.collect()))
            }
            _ => None,
        };
        if let Some(taken) = taken {
            set(&mut schema, "", key, taken);
        }
    }
    if word == "array" && schema.get("items").is_none() {
        return None;
    }
    let names: Vec<Value> = schema
        .get("properties")
        .map(Value::members)
        .unwrap_or_default()
        .iter()
        .map(|(name, _)| Value::from(name.as_str()))
        .collect();
    if let Some(Value::Array(required)) = at_mut(&mut schema, "/required") {
        required.retain(|it| names.contains(it));
    }
    if schema.get("required").is_some_and(|it| it.items().is_empty()) {
        remove(&mut schema, "/required");
    }
    Some(schema)
}
