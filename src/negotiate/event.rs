//! What happens to a negotiation, and what comes of it.
//!
//! * **Shape.** An [`Event`] carries everything that is not a function of the state: what was
//!   heard, when, and how the gate judged it. An [`Effect`] is for the world to carry out:
//!   share something with both sides, or keep something for one.

use std::collections::BTreeMap;

use crate::{
    charter::PartyIndex,
    document::Value,
    finding::{Finding, Verdict},
};

use super::{
    act::{ActKind, Answer, Constraint},
    fault::Fault,
    gate::Judgement,
    outcome::Outcome,
    request::Digested,
};

/// One answer of the turn holder, or its absence.
#[derive(Clone, Debug)]
pub struct Event {
    /// When, in seconds since 1970.
    pub time: u64,
    /// How long the seat took, in milliseconds.
    pub took_ms: u64,
    /// What was heard.
    pub heard: Heard,
}

/// What an answer turned out to be.
#[derive(Clone, Debug)]
pub enum Heard {
    /// Nothing that the protocol can take.
    Fault(Fault),
    /// Something that the sender's own check stops.
    Stopped {
        /// The proposal, where it was one.
        proposal: Option<Digested>,
        /// Why, for the sender alone.
        findings: Vec<Finding>,
    },
    /// A proposal that the gate has judged.
    Proposal(Box<Proposal>),
    /// Any other act.
    Act(Answer),
}

/// A judged proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The head that it is about.
    pub base: Option<String>,
    /// A word to the other side.
    pub note: Option<String>,
    /// What was judged.
    pub judged: Digested,
    /// How; nothing where the same bytes went back before and were not read again.
    pub judgement: Option<Judgement>,
}

/// Something for the world to carry out.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Both sides may see it.
    Share(Entry),
    /// The party alone may see it.
    Keep(Note),
}

/// What one party keeps of an answer that did not cross.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The party.
    pub party: PartyIndex,
    /// The number of the answer.
    pub act: u64,
    /// The proposal, where it was one.
    pub proposal: Option<Digested>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

/// One entry of the shared record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The number of the answer that it comes from.
    pub act: u64,
    /// When, in seconds since 1970.
    pub time: u64,
    /// The turn.
    pub turn: u32,
    /// The party that it is about.
    pub party: PartyIndex,
    /// What it says.
    pub what: What,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// An act crossed.
    Act(Box<Crossed>),
    /// A proposal went back.
    Bounce {
        /// The digest of what was judged.
        sha256: String,
        /// The public rules that it breaks.
        rules: Vec<String>,
        /// How many findings they made.
        count: usize,
        /// Bounces left in this turn.
        left: u32,
    },
    /// The proposer's own check stopped something.
    Stopped {
        /// Bounces left in this turn.
        left: u32,
    },
    /// The seat made a fault.
    Fault {
        /// Which.
        word: &'static str,
        /// Faults left.
        left: u32,
    },
    /// The seat lost its turn.
    Forfeit,
    /// Nothing moves any more: the final offers begin.
    FinalOffers {
        /// Why.
        reason: String,
    },
    /// The end.
    End(Outcome),
}

/// An act as it crossed.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossed {
    /// Which act.
    pub kind: ActKind,
    /// Its body; of a proposal `{ "sha256", "note" }`.
    pub body: Value,
    /// The head that it is about.
    pub base: Option<String>,
    /// The head after it.
    pub head: Option<String>,
    /// What must hold, of a refusal.
    pub constraints: Vec<Constraint>,
    /// Whether it is a final offer.
    pub final_offer: bool,
    /// The places that settled by it.
    pub settled: Vec<String>,
    /// What the places that it names are called, as the head has them.
    pub names: BTreeMap<String, String>,
    /// The verdict, of a proposal.
    pub verdict: Option<Verdict>,
}
