//! What a rule that is data alone says: which objects it is given, and what must be true of them.
//!
//! * **Errors.** A test reads every built-in rule; what cannot be read is nothing.
//! * **Source.** The functions have the names and meanings of Spectral's core functions.

use serde::Deserialize;

use crate::openapi::Kind;

/// Which objects, which field of them, and what must be true of it.
#[derive(Debug)]
pub struct Assertion {
    /// The kinds of objects.
    pub given: Vec<Kind>,
    /// A field that decides whether an object is meant, and the words that it may have.
    pub when: Option<(String, Vec<String>)>,
    /// The fields; of an object's own key, `@key`.
    pub fields: Vec<String>,
    /// What must be true.
    pub function: Function,
    /// What is wrong where it is not: `{object}`, `{field}` and `{value}` stand for themselves.
    pub message: String,
}

/// What must be true of a field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "function", content = "options", rename_all = "camelCase")]
pub enum Function {
    /// Each of the fields is there, and not empty.
    Truthy,
    /// One of the fields is there, and not empty.
    Or,
    /// None of the fields is there.
    Undefined,
    /// The text matches one regular expression and not another.
    #[serde(rename_all = "camelCase")]
    Pattern {
        /// What it must match.
        r#match: Option<String>,
        /// What it must not match.
        not_match: Option<String>,
    },
    /// The text or list is no longer.
    Length {
        /// How long it may be.
        max: usize,
    },
    /// The text is one of these.
    Enumeration {
        /// The words.
        values: Vec<String>,
    },
}

/// The form in a rule file.
#[derive(Deserialize)]
struct File {
    given: OneOrMore,
    when: Option<When>,
    then: Then,
    message: String,
}

#[derive(Deserialize)]
struct When {
    field: String,
    is: OneOrMore,
}

#[derive(Deserialize)]
struct Then {
    field: OneOrMore,
    #[serde(flatten)]
    function: Function,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl From<OneOrMore> for Vec<String> {
    fn from(value: OneOrMore) -> Self {
        match value {
            OneOrMore::One(word) => vec![word],
            OneOrMore::More(words) => words,
        }
    }
}

impl Assertion {
    /// The assertion of a rule file.
    pub(super) fn read(text: &str) -> Option<Self> {
        let file: File = serde_yaml::from_str(text).ok()?;
        let given: Vec<String> = file.given.into();
        Some(Self {
            given: given.iter().map(|word| Kind::from_word(word)).collect::<Option<_>>()?,
            when: file.when.map(|when| (when.field, when.is.into())),
            fields: file.then.field.into(),
            function: file.then.function,
            message: file.message,
        })
    }
}
