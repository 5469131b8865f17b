//! The protocol of a negotiation as a pure state machine.
//!
//! * **Shape.** Alternating offers on a single text. [`step()`] takes a [`State`] and an
//!   [`Event`] and gives the next state and its [`Effect`]s; a [`Listener`] makes the event out
//!   of what a seat said, with a [`Gate`] that it is given. Nothing here reads a file or a
//!   clock.
//! * **Errors.** A seat that does not keep to the protocol makes a [`Fault`]; a proposal that is
//!   not good enough bounces. Both are data, and both have budgets, so that every negotiation
//!   ends: see [`State::measure`].

mod act;
mod answer;
mod changes;
mod commit;
mod diagnostic;
mod egress;
mod event;
mod fault;
mod gate;
mod hear;
mod issue;
mod journal;
mod outcome;
mod question;
mod record;
mod request;
mod screen;
mod session;
mod state;
mod step;
mod story;
mod verifier;
mod words;

/// The JSON Schema of an answer.
pub const ACT_SCHEMA: &str = include_str!("act.schema.json");
/// The JSON Schema of a question.
pub const TURN_REQUEST_SCHEMA: &str = include_str!("turn-request.schema.json");
/// The JSON Schema of the report of a negotiation.
pub const OUTCOME_SCHEMA: &str = include_str!("outcome.schema.json");

pub use act::{Act, ActKind, Answer, Constraint, ConstraintKind, Content};
pub use answer::parse_answer;
pub use commit::Commit;
pub use egress::{Egress, PRIVATE_TERM};
pub use event::{Crossed, Effect, Entry, Event, Heard, Note, Proposal, What};
pub use fault::{Fault, SeatFault};
pub use gate::{Gate, Judgement, Offer};
pub use hear::Listener;
pub use issue::{Issue, IssueState, Ledger, NamedConstraint};
pub use journal::{Journal, json_line};
pub use outcome::{Outcome, OutcomeKind};
pub use question::parse_question;
pub use record::{Chain, RecordError, Records, Saying, parse_records};
pub use request::{Digested, LastAct, Seat, TurnRequest};
pub use screen::{PROSE_CHARACTERS_MAX, Refused, is_refused, refused};
pub use session::{Deed, Inputs, Session};
pub use state::{
    Bounced, FinalStage, Head, IDLE_TURNS_MAX, ISSUES_PER_ACT_MAX, Measure, SeatState, State, Table,
};
pub use step::step;
pub use story::{Teller, must, one_line, utc};
pub use verifier::Verifier;
pub use words::place_in_words;
