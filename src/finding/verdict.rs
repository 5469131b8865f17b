//! What a gate decides about one revision.

use serde::Serialize;

/// Whether a revision may become the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It may.
    Pass,
    /// It goes back to its proposer.
    Bounce,
}

impl Outcome {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Bounce => "bounce",
        }
    }
}

/// The bytes a verdict is a function of, as SHA-256 in lowercase hex.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Digests {
    /// The base; none where there is no base.
    pub base: Option<String>,
    /// The revision.
    pub revision: String,
    /// The charter; none where there is no charter.
    pub charter: Option<String>,
    /// The ruleset in force.
    pub ruleset: String,
    /// The waivers, where they stand in a file of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waivers: Option<String>,
}

/// A decision, recomputable by anyone who holds the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Pass or bounce.
    pub outcome: Outcome,
    /// The ids of the findings that bounce it.
    pub reasons: Vec<String>,
    /// The party that proposes; none where it was not named.
    pub proposer: Option<String>,
    /// What was judged.
    pub digests: Digests,
}
