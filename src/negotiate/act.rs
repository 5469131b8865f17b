//! What a seat can do: nine acts as typed values, and how they are written again.
//!
//! * **Shape.** An [`Act`] holds nothing but what its kind needs, so that what crosses is
//!   written from these values and never from the agent's own bytes.
//! * **Source.** The table of acts of the exec seat.

use crate::document::{Value, pointer};

use super::changes::standing;

/// The kinds of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActKind {
    /// Offer a revision of the whole contract.
    Propose,
    /// Agree to the head.
    Accept,
    /// Ask about a place of the contract.
    Ask,
    /// Answer a question.
    Answer,
    /// Refuse a place of the head, and say what must hold there.
    Decline,
    /// Open a settled issue again.
    Reopen,
    /// Hand the matter to people.
    Escalate,
    /// Take back one's own open proposal.
    Withdraw,
    /// Leave the table.
    Exit,
}

impl ActKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Propose,
        Self::Accept,
        Self::Ask,
        Self::Answer,
        Self::Decline,
        Self::Reopen,
        Self::Escalate,
        Self::Withdraw,
        Self::Exit,
    ];

    /// The word of the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Accept => "accept",
            Self::Ask => "ask",
            Self::Answer => "answer",
            Self::Decline => "decline",
            Self::Reopen => "reopen",
            Self::Escalate => "escalate",
            Self::Withdraw => "withdraw",
            Self::Exit => "exit",
        }
    }

    /// The kind that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl serde::Serialize for ActKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Offer a revision.
    Propose {
        /// What is offered.
        content: Content,
        /// A word to the other side.
        note: Option<String>,
    },
    /// Agree to the head.
    Accept {
        /// The head's digest.
        sha256: String,
    },
    /// Ask about a place.
    Ask {
        /// The place.
        pointer: String,
        /// The question.
        question: String,
    },
    /// Answer a question.
    Answer {
        /// The place that was asked about.
        pointer: String,
        /// The answer.
        answer: String,
    },
    /// Refuse a place.
    Decline {
        /// The place.
        issue: String,
        /// Why, as a code.
        reason_code: String,
        /// What must hold.
        constraint: Constraint,
        /// What else must hold, each an issue at its own place.
        more: Vec<Constraint>,
    },
    /// Open a settled issue again.
    Reopen {
        /// The issue's place.
        issue: String,
    },
    /// Hand the matter to people.
    Escalate {
        /// Why.
        reason: String,
    },
    /// Take back one's own open proposal.
    Withdraw,
    /// Leave the table.
    Exit,
}

/// What a proposal offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The whole revision, as YAML or JSON text.
    Document(String),
    /// Changes of the head (RFC 6902).
    Patch(Value),
}

/// What a seat says must hold at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The place.
    pub pointer: String,
    /// In which respect.
    pub kind: ConstraintKind,
    /// The type or owner that must stand there; null where the kind says it all.
    pub value: Value,
}

/// In which respect a constraint binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintKind {
    /// It must be there.
    Required,
    /// It must not be there.
    Forbidden,
    /// It must have this type.
    Type,
    /// This party must own it.
    Owner,
}

impl ConstraintKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Required, Self::Forbidden, Self::Type, Self::Owner];

    /// The word of the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Forbidden => "forbidden",
            Self::Type => "type",
            Self::Owner => "owner",
        }
    }

    /// The kind that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Constraint {
    /// Whether no contract can satisfy both: one place required and forbidden, of two types,
    /// or of two owners.
    pub fn clashes_with(&self, other: &Self) -> bool {
        use ConstraintKind::{Forbidden, Owner, Required, Type};
        self.pointer == other.pointer
            && match (self.kind, other.kind) {
                (Required, Forbidden) | (Forbidden, Required) => true,
                (Type, Type) | (Owner, Owner) => self.value != other.value,
                _ => false,
            }
    }

    /// Whether a contract meets it.
    pub(super) fn is_met(&self, contract: &Value) -> bool {
        let there = match self.value.get("name").and_then(Value::as_str) {
            // A parameter that is named, whatever its number is now.
            Some(name) if self.kind == ConstraintKind::Forbidden => {
                let list = self.pointer.rsplit_once('/').map_or("", |(list, _)| list);
                standing(contract, &pointer::join(list, name))
            }
            _ => standing(contract, &self.pointer),
        };
        match self.kind {
            ConstraintKind::Required => there.is_some(),
            ConstraintKind::Forbidden => there.is_none(),
            ConstraintKind::Owner => there.is_some_and(|it| it.get("x-owner") == Some(&self.value)),
            ConstraintKind::Type => there.is_some_and(|there| {
                let said = self.value.members();
                !said.is_empty() && said.iter().all(|(key, it)| there.get(key) == Some(it))
            }),
        }
    }

    /// The constraint as the wire has it.
    pub fn to_value(&self) -> Value {
        Value::object([
            ("pointer", Value::from(self.pointer.as_str())),
            ("kind", Value::from(self.kind.as_str())),
            ("value", self.value.clone()),
        ])
    }
}

impl Act {
    /// Which act it is.
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Propose { .. } => ActKind::Propose,
            Self::Accept { .. } => ActKind::Accept,
            Self::Ask { .. } => ActKind::Ask,
            Self::Answer { .. } => ActKind::Answer,
            Self::Decline { .. } => ActKind::Decline,
            Self::Reopen { .. } => ActKind::Reopen,
            Self::Escalate { .. } => ActKind::Escalate,
            Self::Withdraw => ActKind::Withdraw,
            Self::Exit => ActKind::Exit,
        }
    }

    /// The body as the wire has it.
    pub fn body(&self) -> Value {
        let text = |text: &String| Value::from(text.as_str());
        match self {
            Self::Propose { content, note } => {
                let content = match content {
                    Content::Document(document) => ("document", text(document)),
                    Content::Patch(patch) => ("patch", patch.clone()),
                };
                let note = note.as_ref().map(|note| ("note", text(note)));
                Value::object([content].into_iter().chain(note))
            }
            Self::Accept { sha256 } => Value::object([("sha256", text(sha256))]),
            Self::Ask { pointer, question } => {
                Value::object([("pointer", text(pointer)), ("question", text(question))])
            }
            Self::Answer { pointer, answer } => {
                Value::object([("pointer", text(pointer)), ("answer", text(answer))])
            }
            Self::Decline { issue, reason_code, constraint, more } => {
                let listed = || Value::Array(more.iter().map(Constraint::to_value).collect());
                let more = (!more.is_empty()).then(|| ("more", listed()));
                let first = [
                    ("issue", text(issue)),
                    ("reason_code", text(reason_code)),
                    ("constraint", constraint.to_value()),
                ];
                Value::object(first.into_iter().chain(more))
            }
            Self::Reopen { issue } => Value::object([("issue", text(issue))]),
            Self::Escalate { reason } => Value::object([("reason", text(reason))]),
            Self::Withdraw | Self::Exit => Value::Object(Vec::new()),
        }
    }
}

/// An answer of a seat: an act on a head, to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question that it answers.
    pub request_id: String,
    /// The digest of the head that it is about; none where there is no head.
    pub base: Option<String>,
    /// The act.
    pub act: Act,
}

impl Answer {
    /// The answer as a seat writes it: one JSON object on one line.
    pub fn to_json(&self) -> String {
        let base = self.base.as_deref().map_or(Value::Null, Value::from);
        Value::object([
            ("v", Value::from(1_u64)),
            ("request_id", Value::from(self.request_id.as_str())),
            ("act", Value::from(self.act.kind().as_str())),
            ("base", base),
            ("body", self.act.body()),
        ])
        .to_json()
    }
}
