//! Where a negotiation stands.
//!
//! * **Shape.** [`State`] is all there is between two events. [`State::measure`] is the proof
//!   that it ends: it falls at every event, whatever the seats do.
//! * **Units.** Turns count both seats together, bounces one turn, faults one seat's run; time
//!   is in milliseconds that the seats took, so that a pause of the program costs nobody.

use std::collections::BTreeSet;

use crate::{
    charter::{Charter, Limits, PartyIndex},
    document::sha256_hex,
    finding::Finding,
};

use super::{
    act::{ActKind, ConstraintKind},
    issue::{IssueState, Ledger},
    outcome::{Outcome, OutcomeKind},
};

/// The most issues that one act opens.
pub const ISSUES_PER_ACT_MAX: usize = 8;

/// Turns of a seat without progress before the final offers.
pub const IDLE_TURNS_MAX: u32 = 3;

/// What does not change in a negotiation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The session.
    pub session: String,
    /// The contract's file name.
    pub contract: String,
    /// The parties' names, the opener first.
    pub parties: [String; 2],
    /// The budgets.
    pub limits: Limits,
}

impl Table {
    /// The table that a charter sets for a session that begins at `time`.
    pub fn new(charter: &Charter, charter_sha256: &str, time: u64) -> Self {
        let seed = format!("treaty session\n{charter_sha256}\n{time}\n");
        Self {
            session: sha256_hex(seed.as_bytes()).chars().take(32).collect(),
            contract: charter.contract.to_string(),
            parties: charter.names().map(ToString::to_string),
            limits: charter.limits,
        }
    }

    /// A party's name.
    pub fn party(&self, seat: PartyIndex) -> &str {
        seat.of(&self.parties).as_str()
    }
}

/// A revision that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The digest of the bytes.
    pub sha256: String,
    /// The bytes, which are text.
    pub document: String,
    /// Who proposed it, and so accepts it.
    pub by: PartyIndex,
    /// Whether the counterpart has declined it.
    pub declined: bool,
}

/// A proposal that went back.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounced {
    /// The digest of the bytes that were judged.
    pub sha256: String,
    /// Those bytes, as text.
    pub document: String,
    /// Why.
    pub findings: Vec<Finding>,
}

/// What is known of one seat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeatState {
    /// Bounces in the run.
    pub bounces: u32,
    /// Faults in the run.
    pub faults: u32,
    /// Turns forfeited one after the other.
    pub(super) forfeits_in_row: u32,
    /// Turns one after the other without progress.
    pub(super) idle_turns: u32,
    /// What it has said must hold, and in which respect.
    pub(super) named: BTreeSet<(String, ConstraintKind)>,
    /// The fewest differences of one of its proposals from its base.
    pub(super) fewest_differences: Option<usize>,
    /// What went back on the present head, for good unless the seat reopens something.
    pub(super) bounced: Vec<Bounced>,
    /// The proposal among them that went back last in this turn.
    pub(super) last_bounced: Option<Bounced>,
    /// What to tell the seat: its fault, or why something went back in this turn.
    pub(super) findings: Vec<Finding>,
}

/// The end game: one final offer each, then the first one's last word on the second's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinalStage {
    /// A seat makes its final offer.
    FirstOffer,
    /// The other accepts it or makes its own.
    SecondOffer,
    /// The first accepts it or not.
    LastWord,
}

/// A negotiation between two events.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What does not change.
    pub table: Table,
    /// How many answers, good or bad, have been heard.
    pub acts: u64,
    /// The present turn, from 1.
    pub turn: u32,
    /// Turns left, the present one included.
    pub turns_left: u32,
    /// Bounces left in this turn.
    pub bounces_left: u32,
    /// Whose turn it is.
    pub holder: PartyIndex,
    /// The seats.
    pub seats: [SeatState; 2],
    /// The issues.
    pub ledger: Ledger,
    /// The end game, once nothing moves.
    pub final_stage: Option<FinalStage>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The heads; a withdrawn one is gone.
    pub(super) heads: Vec<Head>,
    /// The digest of everything that was ever head.
    pub(super) seen: BTreeSet<String>,
    /// Milliseconds taken in this turn.
    pub(super) turn_ms: u64,
    /// Milliseconds taken in all.
    pub(super) session_ms: u64,
    /// The last act of each seat that crossed.
    pub(super) last_acts: [Option<super::request::LastAct>; 2],
}

/// The proof of termination; it is compared in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// Turns and reopenings left, of the issues that there are and of those that the turns
    /// left could still open.
    pub turns_and_reopens: u64,
    /// Open issues.
    pub open_issues: usize,
    /// Bounces left in the turn.
    pub bounces: u32,
    /// Faults left of both seats.
    pub faults: u32,
}

impl State {
    /// The state before the first word.
    pub fn new(table: Table) -> Self {
        let limits = table.limits;
        Self {
            table,
            acts: 0,
            turn: 1,
            turns_left: limits.turns(),
            bounces_left: limits.bounces(),
            holder: PartyIndex::First,
            seats: [SeatState::default(), SeatState::default()],
            ledger: Ledger::default(),
            final_stage: None,
            outcome: None,
            heads: Vec::new(),
            seen: BTreeSet::new(),
            turn_ms: 0,
            session_ms: 0,
            last_acts: [None, None],
        }
    }

    /// What is on the table.
    pub fn head(&self) -> Option<&Head> {
        self.heads.last()
    }

    /// The digest of the head.
    pub fn base(&self) -> Option<&str> {
        self.head().map(|head| head.sha256.as_str())
    }

    /// The number of the next question, which names it.
    pub fn request_id(&self) -> String {
        let session: String = self.table.session.chars().take(8).collect();
        format!("{session}-{}", self.acts + 1)
    }

    /// Faults that a seat may still make.
    pub fn faults_left(&self, seat: PartyIndex) -> u32 {
        self.table.limits.faults().saturating_sub(seat.of(&self.seats).faults)
    }

    /// Milliseconds that the holder has for its answer.
    pub fn deadline_ms(&self) -> u64 {
        let limits = self.table.limits;
        let turn = limits.turn_ms().saturating_sub(self.turn_ms);
        turn.min(limits.session_ms().saturating_sub(self.session_ms)).max(1)
    }

    /// What falls at every event.
    pub fn measure(&self) -> Measure {
        if self.outcome.is_some() {
            return Measure { turns_and_reopens: 0, open_issues: 0, bounces: 0, faults: 0 };
        }
        let per_turn = 1 + 2 * ISSUES_PER_ACT_MAX as u64;
        Measure {
            turns_and_reopens: u64::from(self.turns_left) * per_turn + self.ledger.reopens_left(),
            open_issues: self.ledger.with(IssueState::Open).count(),
            bounces: self.bounces_left,
            faults: PartyIndex::BOTH.into_iter().map(|seat| self.faults_left(seat)).sum(),
        }
    }

    /// The acts that the holder may answer with.
    pub fn allowed_acts(&self) -> Vec<ActKind> {
        if self.outcome.is_some() {
            return Vec::new();
        }
        let (me, other) = (self.holder, self.holder.other());
        let head_by = |seat| self.head().filter(|head| head.by == seat);
        let declinable = head_by(other).is_some_and(|head| !head.declined)
            || self.ledger.with(IssueState::Open).next().is_some();
        let last_word = self.final_stage == Some(FinalStage::LastWord);
        let free = self.final_stage.is_none();
        ActKind::ALL
            .into_iter()
            .filter(|kind| match kind {
                ActKind::Propose => !last_word,
                ActKind::Accept => head_by(other).is_some(),
                ActKind::Ask => free,
                ActKind::Answer => free && self.ledger.waits_for_answer(None, me),
                ActKind::Decline => declinable,
                ActKind::Reopen => !last_word && self.ledger.can_reopen_any(me),
                ActKind::Withdraw => free && head_by(me).is_some_and(|head| !head.declined),
                ActKind::Escalate | ActKind::Exit => true,
            })
            .collect()
    }

    /// Ends the negotiation.
    pub(super) fn end(&mut self, kind: OutcomeKind, reason: impl Into<String>) {
        let constraints = self.ledger.constraints().cloned().collect();
        self.outcome = Some(Outcome { kind, reason: reason.into(), constraints });
    }
}
