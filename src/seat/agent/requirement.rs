//! Places that say that something must not be left out of a message: a name in an object's
//! `required`, and a parameter's `required`.
//!
//! A name in a list has no place that lasts, since its number changes with the list: it is
//! called by itself, `…/required/total`.

use crate::document::{Value, pointer};

use super::{
    put,
    schema::required,
    tree::{last, parent, remove, set},
};

/// What must not be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Requirement {
    /// A property of the schema at a place.
    Property(String, String),
    /// The parameter at a place.
    Parameter(String),
}

/// Where an object's schema says that it must have a property.
pub(super) fn of_property(schema: &str, name: &str) -> String {
    pointer::join(&pointer::join(schema, "required"), name)
}

/// Where a parameter says that it must be sent.
pub(super) fn of_parameter(parameter: &str) -> String {
    pointer::join(parameter, "required")
}

/// What a place says, where it is about something that is there.
pub(super) fn at(root: &Value, place: &str) -> Option<Requirement> {
    let holder = parent(place);
    let name = last(place)?;
    if let Some(schema) = holder.strip_suffix("/required") {
        let properties = super::schema::properties(root, schema);
        let there = properties.iter().any(|it| it.name == name);
        return there.then(|| Requirement::Property(schema.to_owned(), name));
    }
    let parameter = name == "required" && root.at(holder)?.get("in").is_some();
    parameter.then(|| Requirement::Parameter(holder.to_owned()))
}

impl Requirement {
    /// Whether the contract says it.
    pub(super) fn holds(&self, root: &Value) -> bool {
        match self {
            Self::Property(schema, name) => required(root, schema).contains(name),
            Self::Parameter(place) => {
                root.at(place).and_then(|it| it.get("required")) == Some(&Value::Bool(true))
            }
        }
    }

    /// Makes the contract say it, or not.
    pub(super) fn set(&self, root: &mut Value, holds: bool) {
        match self {
            Self::Property(schema, name) if holds => put::require(root, schema, name),
            Self::Property(schema, name) => {
                for part in super::schema::parts(root, schema, &["allOf"]) {
                    put::unrequire(root, &part, name);
                }
            }
            Self::Parameter(place) if holds => set(root, place, "required", Value::Bool(true)),
            Self::Parameter(place) => {
                remove(root, &of_parameter(place));
            }
        }
    }
}
