//! What a mandate says once it is understood: every type resolved, every default in place.

use std::fmt;

use serde::Deserialize;

use crate::document::Value;

use super::{
    super::{OwnedPointer, PartyName, PrivateTerm},
    seat::SeatKind,
};

/// One party's brief.
#[derive(Clone, Debug, PartialEq)]
pub struct Mandate {
    /// Whose brief it is.
    pub party: PartyName,
    /// How its agent sits at the table.
    pub seat: SeatKind,
    /// What must never cross.
    pub private_terms: Vec<PrivateTerm>,
    /// The contract's title, where this party writes the first document.
    pub title: Option<String>,
    /// What the party thinks of what the brief does not mention.
    pub unlisted: Unlisted,
    /// The operations, the more important first.
    pub operations: Vec<Operation>,
    /// What the charter gives to either party.
    pub owned: Vec<(PartyName, OwnedPointer)>,
}

/// How much a party wants something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Want {
    /// No contract without it.
    #[default]
    Needed,
    /// Asked for, and given up as turns are spent.
    Preferred,
    /// Offered once; no word is lost when the other side leaves it out.
    Offered,
    /// No contract with it.
    Refused,
}

impl Want {
    /// The want that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "needed" => Some(Self::Needed),
            "preferred" => Some(Self::Preferred),
            "offered" => Some(Self::Offered),
            "refused" => Some(Self::Refused),
            _ => None,
        }
    }
}

/// Which end of an operation a party is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It calls.
    #[default]
    Consumer,
    /// It answers.
    Provider,
}

/// What a party thinks of operations and fields that its brief does not mention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unlisted {
    /// It goes along.
    #[default]
    Accepted,
    /// It refuses them.
    Refused,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the path's template.
    Path,
    /// Behind the `?`.
    Query,
    /// Among the headers.
    Header,
    /// Among the cookies.
    Cookie,
}

impl Location {
    /// The word of `in`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// An operation's method and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method, in small letters.
    pub method: String,
    /// The path's template.
    pub path: String,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.to_uppercase(), self.path)
    }
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its method and path.
    pub endpoint: Endpoint,
    /// Other methods and paths under which this side takes it.
    pub aliases: Vec<Endpoint>,
    /// How much it is wanted.
    pub want: Want,
    /// Which end of it this side is.
    pub role: Role,
    /// Its `operationId`, where this side's system has one.
    pub id: Option<String>,
    /// A few words.
    pub summary: Option<String>,
    /// More words.
    pub description: Option<String>,
    /// Who is responsible for it.
    pub owner: Option<PartyName>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub request: Option<Body>,
    /// What is answered when it went well.
    pub response: Body,
    /// The status codes of what is answered when it did not, each with its meaning.
    pub errors: Vec<(u16, String)>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Where it stands.
    pub location: Location,
    /// Its name, type and the rest.
    pub field: Field,
}

/// What is sent or answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The status code; of an answer alone.
    pub status: u16,
    /// The media type.
    pub media: String,
    /// A few words.
    pub description: Option<String>,
    /// What this side's system calls its example.
    pub sample: Option<String>,
    /// What it holds; nothing where it is empty.
    pub content: Option<Field>,
}

/// A value with a name: a property, a parameter, an array's item, a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name.
    pub name: String,
    /// Other names under which this side takes it.
    pub aliases: Vec<String>,
    /// How much it is wanted.
    pub want: Want,
    /// Whether it may be left out of a message.
    pub presence: Presence,
    /// Whether the brief does not speak of it: a parameter that stands in a path alone.
    pub implied: bool,
    /// Who is responsible for the value.
    pub owner: Option<Ownership>,
    /// Whether records are matched by it, so that no two share it.
    pub key: bool,
    /// Whether only the answering side writes it.
    pub read_only: bool,
    /// A few words.
    pub description: Option<String>,
    /// An example, as this side's system writes it.
    pub example: Option<Value>,
    /// What is meant where it is left out.
    pub default: Option<Value>,
    /// How this side's own system writes the type.
    pub word: Word,
    /// The type in standard words.
    pub shape: Shape,
    /// Other types that this side can live with.
    pub accepts: Vec<Facets>,
}

/// Whether a value may be left out of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is in every message.
    Always,
    /// It need not be, though the brief does not say so.
    Unsaid,
    /// The brief says that it need not be: its party may not have it each time.
    Sometimes,
}

impl Presence {
    /// Whether a message may do without it.
    pub fn is_optional(self) -> bool {
        self != Self::Always
    }
}

/// Who is responsible for a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The party.
    pub party: PartyName,
    /// Whether it works the value out anew, whatever was sent.
    pub computed: bool,
}

/// How a system writes a type when nobody has asked it to speak standard words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// In standard words.
    Standard,
    /// Not at all.
    Untyped,
    /// In a word of its own, perhaps with a format of its own.
    Own {
        /// The word.
        r#type: String,
        /// The format.
        format: Option<String>,
    },
}

/// A type in standard words.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A value without parts, or an object of which nothing more is said.
    Scalar(Facets),
    /// An object with named fields.
    Object {
        /// Its name, where the mandate gives it one.
        name: Option<String>,
        /// Its fields.
        fields: Vec<Field>,
    },
    /// A list.
    Array {
        /// What it holds.
        items: Box<Field>,
        /// The fewest items.
        min_items: Option<u64>,
        /// The most items.
        max_items: Option<u64>,
    },
    /// Whatever: of something that is refused.
    Any,
}

/// The JSON type of a value without parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// `string`
    #[default]
    String,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `object`, of which nothing more is said
    Object,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::String, Self::Integer, Self::Number, Self::Boolean, Self::Object];

    /// The standard word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
        }
    }

    /// The kind that a standard word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A standard type and what narrows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets {
    /// The JSON type.
    pub kind: Kind,
    /// `format`
    pub format: Option<String>,
    /// `pattern`
    pub pattern: Option<String>,
    /// `enum`; empty where any value will do
    pub enumeration: Vec<Value>,
    /// `minimum`
    pub minimum: Option<f64>,
    /// `maximum`
    pub maximum: Option<f64>,
    /// `minLength`
    pub min_length: Option<u64>,
    /// `maxLength`
    pub max_length: Option<u64>,
    /// `nullable`
    pub nullable: bool,
    /// An example in standard words, where the dictionary has one.
    pub example: Option<Value>,
}
