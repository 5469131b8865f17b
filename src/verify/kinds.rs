//! The types that a schema allows, as a set.
//!
//! * **Source.** JSON Schema 2020-12 validation, section 6.1.1; OpenAPI 3.0.4, section 4.7.24.1
//!   (`nullable`).

use crate::document::{Decimal, Kind, NodeRef, Number};

/// A set of types; integers are a part of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u8);

const INTEGER: u8 = 1;
const FRACTION: u8 = 2;
const NULL: u8 = 64;
const NAMES: [(&str, u8); 7] = [
    ("number", INTEGER | FRACTION),
    ("integer", INTEGER),
    ("string", 4),
    ("boolean", 8),
    ("object", 16),
    ("array", 32),
    ("null", NULL),
];

impl Kinds {
    /// The types that a schema names; nothing where it names none, or one that does not exist.
    pub(super) fn of(schema: NodeRef<'_>) -> Option<Self> {
        let value = schema.get("type")?;
        let bits = |name: &str| NAMES.iter().find(|(it, _)| *it == name).map(|(_, bits)| *bits);
        let mut set = 0;
        if value.is_array() {
            for item in value.items() {
                set |= bits(item.as_str()?)?;
            }
        } else {
            set = bits(value.as_str()?)?;
        }
        if schema.get("nullable").and_then(NodeRef::as_bool) == Some(true) {
            set |= NULL;
        }
        (set != 0).then_some(Self(set))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this is the one type that is allowed.
    pub(super) fn is_only(self, name: &str) -> bool {
        NAMES.iter().any(|(it, bits)| *it == name && *bits == self.0)
    }

    /// The name of one of the types.
    pub(super) fn first(self) -> Option<&'static str> {
        let names = ["object", "array", "string", "integer", "number", "boolean", "null"];
        names
            .into_iter()
            .find(|name| NAMES.iter().any(|(it, bits)| it == name && self.0 & bits == *bits))
    }

    /// Whether no value has a type of both.
    pub(super) fn is_apart(self, other: Self) -> bool {
        self.and(other).is_empty()
    }

    /// Whether a value has one of these types.
    pub(super) fn holds(self, value: NodeRef<'_>) -> bool {
        let bit = match value.kind() {
            Kind::Null => NULL,
            Kind::Bool => 8,
            Kind::Number => {
                let number = value.as_number().and_then(Number::decimal);
                if number.as_ref().is_some_and(Decimal::is_integer) { INTEGER } else { FRACTION }
            }
            Kind::String => 4,
            Kind::Array => 32,
            Kind::Object => 16,
        };
        self.0 & bit != 0
    }

    /// The types in a sentence: `` a `string` ``, or `` an `object` or `null` ``.
    pub(super) fn name(self) -> String {
        let mut names = Vec::new();
        let mut rest = self.0;
        for (name, bits) in NAMES {
            if rest & bits == bits {
                rest &= !bits;
                let article = match name {
                    "null" => "",
                    "integer" | "object" | "array" => "an ",
                    _ => "a ",
                };
                names.push(format!("{article}`{name}`"));
            }
        }
        names.join(" or ")
    }
}
