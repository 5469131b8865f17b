//! What ties the fields of one object to each other.

use crate::openapi::version::Versions;

/// A constraint and the versions that state it.
#[derive(Debug)]
pub struct Rule {
    /// The versions.
    pub versions: Versions,
    /// What they state.
    pub constraint: Constraint,
}

/// A relation between fields of one object.
///
/// Where a field that decides (`when`) is missing or wrong, nothing is said: that is another fault.
#[derive(Debug)]
pub enum Constraint {
    /// At most one of these fields stands.
    AtMostOne(&'static [&'static str]),
    /// Exactly one of these fields stands.
    ExactlyOne(&'static [&'static str]),
    /// At least one of these fields stands.
    AtLeastOne(&'static [&'static str]),
    /// At least one patterned field stands, or this fixed one.
    AtLeastOnePatternedOr(&'static str),
    /// `example` and `examples` do not stand together.
    OneKindOfExample,
    /// Where `beside` stands, none of `fields` does.
    NotBeside {
        /// The field that excludes the others.
        beside: &'static str,
        /// The excluded ones.
        fields: &'static [&'static str],
    },
    /// Where `when` is `is`, all of `fields` stand.
    Needs {
        /// The field that decides.
        when: &'static str,
        /// Its value.
        is: &'static str,
        /// What must stand.
        fields: &'static [&'static str],
    },
    /// `field` stands only where `when` is one of `is`.
    OnlyFor {
        /// The field.
        field: &'static str,
        /// The field that decides.
        when: &'static str,
        /// Its values, letter case aside.
        is: &'static [&'static str],
    },
    /// `field` does not stand where `when` is `is`.
    NotFor {
        /// The field.
        field: &'static str,
        /// The field that decides.
        when: &'static str,
        /// Its value.
        is: &'static str,
    },
    /// Where `when` is `is`, `field` is one of `words`.
    Words {
        /// The field that decides.
        when: &'static str,
        /// Its value.
        is: &'static str,
        /// The field.
        field: &'static str,
        /// Its words.
        words: &'static [&'static str],
    },
    /// Where `when` is `is`, `field` must have this form.
    Form {
        /// The field that decides.
        when: &'static str,
        /// Its value.
        is: &'static str,
        /// The field.
        field: &'static str,
        /// The form.
        form: Form,
    },
    /// The two fields are not both `true`.
    NotBothTrue(&'static str, &'static str),
    /// The map in `field` has exactly one entry.
    OneEntry(&'static str),
    /// The array in `field` holds the value of `value`.
    Holds {
        /// The array.
        field: &'static str,
        /// The field whose value it must hold.
        value: &'static str,
    },
    /// The array in `field` is not empty.
    NotEmpty(&'static str),
    /// The objects in the array `field` differ in `name`.
    UniqueNames {
        /// The array.
        field: &'static str,
        /// The field in which its objects differ.
        name: &'static str,
    },
}

/// The form of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A token of RFC 9110, section 5.6.2.
    Token,
    /// Without `{` and `}`.
    NoBraces,
}

impl Rule {
    pub(super) const fn new(versions: Versions, constraint: Constraint) -> Self {
        Self { versions, constraint }
    }
}

impl Constraint {
    /// The fields that it is about.
    pub fn fields(&self) -> Vec<&'static str> {
        match *self {
            Self::AtMostOne(fields) | Self::ExactlyOne(fields) | Self::AtLeastOne(fields) => {
                fields.to_vec()
            }
            Self::OneKindOfExample => vec!["example", "examples"],
            Self::NotBeside { beside: when, fields } | Self::Needs { when, fields, .. } => {
                fields.iter().copied().chain([when]).collect()
            }
            Self::OnlyFor { field, when, .. }
            | Self::NotFor { field, when, .. }
            | Self::Words { when, field, .. }
            | Self::Form { when, field, .. } => vec![field, when],
            Self::NotBothTrue(left, right) | Self::Holds { field: left, value: right } => {
                vec![left, right]
            }
            Self::AtLeastOnePatternedOr(field)
            | Self::OneEntry(field)
            | Self::NotEmpty(field)
            | Self::UniqueNames { field, .. } => vec![field],
        }
    }
}
