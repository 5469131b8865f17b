//! Small parts of a mandate: types with what narrows them, errors, values.

use crate::document::{Value, pointer};

use super::{
    brief::{FieldKeys, Named, TypeBrief},
    check::{self, Wrong, wrong},
    types::{Endpoint, Facets, Kind},
};

/// The errors that an operation lists, or the usual ones.
pub(super) fn errors(
    at: &str,
    listed: Option<&Named<String>>,
    endpoint: &Endpoint,
) -> Result<Vec<(u16, String)>, Wrong> {
    let Some(listed) = listed else {
        let known = [
            (400, "The request is not valid."),
            (404, "There is nothing under this path."),
            (500, "The request could not be carried out."),
        ];
        let named = endpoint.parameters().next().is_some();
        let used = known.into_iter().filter(|(status, _)| named || *status != 404);
        return Ok(used.map(|(status, text)| (status, text.to_owned())).collect());
    };
    let error = |(status, text): &(String, String)| {
        if let Ok(code @ 400..=599) = status.parse() {
            return Ok((code, text.clone()));
        }
        let at = pointer::join(&pointer::join(at, "errors"), status);
        Err(wrong(at, format!("`{status}` is no error; use a code from 400 to 599")))
    };
    listed.0.iter().map(error).collect()
}

/// What the dictionary says of a word.
pub(super) fn of_dictionary(brief: &TypeBrief) -> Facets {
    Facets {
        kind: Kind::from_word(&brief.r#type).unwrap_or_default(),
        format: brief.format.clone(),
        pattern: brief.pattern.clone(),
        enumeration: brief.r#enum.iter().flatten().map(value).collect(),
        minimum: brief.minimum,
        maximum: brief.maximum,
        min_length: brief.min_length,
        max_length: brief.max_length,
        nullable: brief.nullable.unwrap_or_default(),
        example: brief.example.as_ref().map(value),
    }
}

/// What a field says beside its type narrows it.
pub(super) fn narrowed(at: &str, facets: Facets, keys: &FieldKeys) -> Result<Facets, Wrong> {
    let listed = keys.r#enum.as_ref().map(|it| it.iter().map(value).collect());
    let facets = Facets {
        format: keys.format.clone().or(facets.format),
        pattern: keys.pattern.clone().or(facets.pattern),
        enumeration: listed.unwrap_or(facets.enumeration),
        minimum: keys.minimum.or(facets.minimum),
        maximum: keys.maximum.or(facets.maximum),
        min_length: keys.min_length.or(facets.min_length),
        max_length: keys.max_length.or(facets.max_length),
        nullable: keys.nullable.unwrap_or(facets.nullable),
        ..facets
    };
    check::facets(at, &facets)?;
    Ok(facets)
}

/// A value of the file.
pub(super) fn value(json: &serde_json::Value) -> Value {
    Value::from_json(&json.to_string()).unwrap_or(Value::Null)
}
