//! What the verifier says: findings, fixes and verdicts as plain data.
//!
//! * **Shape.** A check states facts in a [`Draft`] (a place in the tree, a message);
//!   `verify` makes it a [`Finding`] by adding what the rule knows (severity, class, source).
//! * **Units.** A [`Place`] carries a path, an RFC 6901 pointer and a range
//!   (lines and columns from 1, offsets in bytes from 0).
//! * **Source.** The JSON report, version 1: serializing these types gives its members.

mod brief;
mod counts;
mod draft;
mod repair;
mod reprint;
mod verdict;

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::document::{Range, Value};

pub use brief::{Cause, causes};
pub use counts::{Counts, Coverage, Tally};
pub use draft::{At, Draft, DraftEdit, DraftFix};
pub use repair::{Bar, Bench, Found, Repaired, Texts, Wanted};
pub use reprint::reprint;
pub use verdict::{Digests, Outcome, Verdict};

/// How grave a finding is; the four words of Spectral and LSP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Fails a lint by default.
    Error,
    /// Should be looked at.
    Warn,
    /// Worth knowing.
    Info,
    /// A suggestion.
    Hint,
}

impl Severity {
    /// The four severities, the gravest first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warn, Self::Info, Self::Hint];

    /// The word in reports and configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Hint => "hint",
        }
    }

    /// The severity that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word)
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What kind of truth a finding is, so that a gate never mixes proof with taste.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The text of a specification is violated.
    Violation,
    /// The document can be read in two ways.
    Ambiguity,
    /// Legal, but known to break tools or to leak.
    Risk,
    /// A matter of taste.
    Style,
    /// It could not be checked, and the message says why.
    Undecided,
}

impl Class {
    /// The five classes.
    pub const ALL: [Self; 5] =
        [Self::Violation, Self::Ambiguity, Self::Risk, Self::Style, Self::Undecided];

    /// The word in reports and rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Ambiguity => "ambiguity",
            Self::Risk => "risk",
            Self::Style => "style",
            Self::Undecided => "undecided",
        }
    }

    /// The class that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Where a finding, or something that belongs to it, stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The document's path as the user knows it, with `/`.
    pub path: Arc<str>,
    /// RFC 6901, never percent-encoded.
    pub pointer: String,
    /// The bytes to look at.
    pub range: Range,
}

/// A second place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The place.
    #[serde(flatten)]
    pub place: Place,
    /// What it has to do with the finding.
    pub message: String,
}

/// One fault of one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Stable as long as the fault is the same; see [`Draft::fact`].
    pub id: String,
    /// The rule's id.
    pub rule: Arc<str>,
    /// How grave it is under the ruleset in force.
    pub severity: Severity,
    /// What kind of truth it is.
    pub class: Class,
    /// One true sentence: no capital, no full stop, code in back-quotes.
    pub message: String,
    /// The place to edit.
    #[serde(flatten)]
    pub place: Place,
    /// Places that explain it.
    pub related: Vec<Related>,
    /// What to do, in this case.
    pub help: Option<String>,
    /// What stands there.
    pub found: Option<Value>,
    /// What should stand there.
    pub expected: Option<Value>,
    /// A value that proves the finding.
    pub witness: Option<Value>,
    /// The repair, where it is mechanical.
    pub fix: Option<Fix>,
    /// The section of the specification, as an address.
    pub source: Arc<str>,
}

/// Whether a fix can be applied unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// The meaning that was intended is plain.
    Safe,
    /// A person or an agent should read it first.
    NeedsReview,
}

impl Serialize for Safety {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Safe => "safe",
            Self::NeedsReview => "needs-review",
        })
    }
}

/// A mechanical repair, as edits of the text and as a patch of the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fix {
    /// Whether it can be applied unread.
    pub safety: Safety,
    /// Replacements in the text; they keep comments and layout.
    pub edits: Vec<Edit>,
    /// The same as RFC 6902 operations against the document.
    pub patch: Vec<PatchOperation>,
}

/// One replacement in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The file.
    pub path: Arc<str>,
    /// What is replaced.
    pub range: Range,
    /// What stands there afterwards.
    pub text: String,
}

/// One operation of a JSON Patch (RFC 6902, section 4).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PatchOperation {
    /// `add`, `remove`, `replace` or `move`.
    pub op: &'static str,
    /// Where to move from; for `move` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The RFC 6901 pointer.
    pub path: String,
    /// The new value; none for `remove` and `move`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

impl PatchOperation {
    /// An `add` of `value` at `path`.
    pub fn add(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { op: "add", from: None, path: path.into(), value: Some(value.into()) }
    }

    /// A `replace` of what stands at `path` by `value`.
    pub fn replace(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { op: "replace", from: None, path: path.into(), value: Some(value.into()) }
    }

    /// A `remove` of what stands at `path`.
    pub fn remove(path: impl Into<String>) -> Self {
        Self { op: "remove", from: None, path: path.into(), value: None }
    }

    /// A `move` of what stands at `from` to `path`.
    pub fn rename(from: impl Into<String>, path: impl Into<String>) -> Self {
        Self { op: "move", from: Some(from.into()), path: path.into(), value: None }
    }
}
