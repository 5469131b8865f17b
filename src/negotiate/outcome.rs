//! How a negotiation ends.

use super::issue::NamedConstraint;

/// The six ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    /// Both seats accepted one digest of a revision that passed.
    Agreed,
    /// No contract can satisfy both, or nothing moved any more.
    Impasse,
    /// A seat, or two forfeits in a row, handed it to people.
    Escalated,
    /// A seat spent its faults.
    FailedSeat,
    /// A seat left the table.
    Withdrawn,
    /// The turns or the time are spent.
    Budget,
}

impl OutcomeKind {
    /// The word of the reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Impasse => "impasse",
            Self::Escalated => "escalated",
            Self::FailedSeat => "failed-seat",
            Self::Withdrawn => "withdrawn",
            Self::Budget => "budget",
        }
    }

    /// The exit code of the program.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Agreed => 0,
            Self::Impasse | Self::Escalated | Self::FailedSeat => 3,
            Self::Withdrawn => 4,
            Self::Budget => 5,
        }
    }
}

/// An end, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which.
    pub kind: OutcomeKind,
    /// Why, in one sentence without a full stop.
    pub reason: String,
    /// What the seats said must hold and could not.
    pub constraints: Vec<NamedConstraint>,
}
