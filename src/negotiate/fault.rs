//! What a seat does wrong as a seat, whatever its proposal is worth.
//!
//! A fault is not a bounce: the answer was not one that the protocol can take. The shared
//! record names its kind alone; what it was in full is for the seat that made it.

/// A fault of a seat.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The answer is no JSON.
    #[error("the answer is no JSON: {0}")]
    Garbage(String),
    /// The answer is JSON, and not one of the acts.
    #[error("the answer is no act: {0}")]
    Shape(String),
    /// The answer holds a character that may not cross.
    #[error("the answer is refused at `{at}`: {what}")]
    RefusedCharacter {
        /// A pointer into the answer.
        at: String,
        /// What is wrong there.
        what: String,
    },
    /// The answer is longer than allowed.
    #[error("the answer is too long: {0}")]
    TooLong(String),
    /// The answer is to another question.
    #[error("the answer has the `request_id` of another question; answer `{0}`")]
    WrongRequest(String),
    /// The act is about another head.
    #[error("`base` is not the present head; it must be {}", digest(.0.as_ref()))]
    StaleBase(Option<String>),
    /// The accepted digest is not that of the head.
    #[error("`sha256` is not that of the present head; it must be {}", digest(.0.as_ref()))]
    StaleAccept(Option<String>),
    /// The act is not allowed now.
    #[error("the act is not allowed now: {0}")]
    NotAllowed(String),
    /// The pointer is settled.
    #[error("`{0}` is settled; `reopen` it first")]
    SettledPointer(String),
    /// The patch cannot be applied to the head.
    #[error("the patch does not apply: {0}")]
    BadPatch(String),
    /// The seat itself failed to answer.
    #[error("the seat did not answer: {0}")]
    Seat(#[from] SeatFault),
}

fn digest(sha256: Option<&String>) -> String {
    sha256.map_or_else(|| "null, there is no head yet".to_owned(), |it| format!("`{it}`"))
}

impl Fault {
    /// The kind of fault, for the shared record.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Garbage(_) => "garbage",
            Self::Shape(_) => "no-act",
            Self::RefusedCharacter { .. } => "refused-character",
            Self::TooLong(_) => "too-long",
            Self::WrongRequest(_) => "wrong-request",
            Self::StaleBase(_) => "stale-base",
            Self::StaleAccept(_) => "stale-accept",
            Self::NotAllowed(_) => "not-allowed",
            Self::SettledPointer(_) => "settled-pointer",
            Self::BadPatch(_) => "bad-patch",
            Self::Seat(fault) => fault.word(),
        }
    }
}

/// Why a seat gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeatFault {
    /// The time was up.
    #[error("its time was up")]
    TimedOut,
    /// The agent's process ended, or its service broke off.
    #[error("it ended")]
    Ended,
    /// The agent said more than an answer may be long.
    #[error("it said too much")]
    Flooded,
    /// The agent said something that nobody had asked for.
    #[error("it spoke without being asked; one line answers one question")]
    Unasked,
    /// The agent could not be reached.
    #[error("it could not be reached")]
    Unreachable,
    /// The tokens that the agent may use are used.
    #[error("its tokens are spent")]
    Spent,
}

impl SeatFault {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::TimedOut, Self::Ended, Self::Flooded, Self::Unasked, Self::Unreachable, Self::Spent];

    /// The kind, for the records.
    pub fn word(self) -> &'static str {
        match self {
            Self::TimedOut => "timed-out",
            Self::Ended => "ended",
            Self::Flooded => "flooded",
            Self::Unasked => "unasked",
            Self::Unreachable => "unreachable",
            Self::Spent => "tokens-spent",
        }
    }

    /// The fault that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.word() == word)
    }
}
