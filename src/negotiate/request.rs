//! What a seat is asked, and the seat itself.
//!
//! * **Shape.** A [`TurnRequest`] is built from the state each time and holds all that an agent
//!   needs for its turn; nothing of the dialogue is replayed. Serializing it gives the line
//!   that the exec seat writes.
//! * **Source.** The exec seat's request, version 1.

use serde::Serialize;

use crate::{document::Value, finding::Finding};

use super::{
    act::ActKind,
    fault::SeatFault,
    issue::Issue,
    state::{Bounced, State},
};

/// The most findings that a request carries.
const FINDINGS_MAX: usize = 100;

/// An agent at the table.
pub trait Seat {
    /// Whether the agent can be asked, or why not; looked at before its first question, so
    /// that what the user can put right spends no faults.
    fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    /// Answers one question with the bytes of one act.
    fn answer(&mut self, request: &TurnRequest) -> Result<Vec<u8>, SeatFault>;
}

/// A text and its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Digested {
    /// The digest of exactly these bytes.
    pub sha256: String,
    /// The text.
    pub document: String,
}

/// The other seat's last act, as it crossed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LastAct {
    /// The party.
    pub seat: String,
    /// What it did.
    pub act: ActKind,
    /// With what; of a proposal `{ "sha256", "note" }`, since the head holds its text.
    pub body: Value,
}

/// The question to the turn holder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TurnRequest {
    /// The version of the wire.
    pub v: u8,
    /// `turn_request`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The session.
    pub session: String,
    /// The question's name; the same when it is asked again after a crash.
    pub request_id: String,
    /// The party that is asked.
    pub seat: String,
    /// The turn, from 1.
    pub turn: u32,
    /// Turns left of both seats, this one included.
    pub turns_left: u32,
    /// Bounces left in this turn.
    pub bounces_left: u32,
    /// The digest of the head.
    pub base: Option<String>,
    /// The head.
    pub head: Option<Digested>,
    /// The issues.
    pub issues: Vec<Issue>,
    /// What the other seat did last.
    pub last_act: Option<LastAct>,
    /// This seat's last bounced proposal of this turn.
    pub bounced: Option<Digested>,
    /// Why it went back; before that, what was wrong with the last answer, if it was a fault.
    pub findings: Vec<Finding>,
    /// The acts that may answer.
    pub allowed_acts: Vec<ActKind>,
    /// Milliseconds from now.
    pub deadline_ms: u64,
}

impl State {
    /// The question to the turn holder; nothing after the end.
    pub fn request(&self) -> Option<TurnRequest> {
        if self.outcome.is_some() {
            return None;
        }
        let seat = self.holder.of(&self.seats);
        let digested = |Bounced { sha256, document, .. }: &Bounced| Digested {
            sha256: sha256.clone(),
            document: document.clone(),
        };
        Some(TurnRequest {
            v: 1,
            kind: "turn_request",
            session: self.table.session.clone(),
            request_id: self.request_id(),
            seat: self.table.party(self.holder).to_owned(),
            turn: self.turn,
            turns_left: self.turns_left,
            bounces_left: self.bounces_left,
            base: self.base().map(str::to_owned),
            head: self.head().map(|head| Digested {
                sha256: head.sha256.clone(),
                document: head.document.clone(),
            }),
            issues: self.ledger.issues().to_vec(),
            last_act: self.holder.other().of(&self.last_acts).clone(),
            bounced: seat.last_bounced.as_ref().map(digested),
            findings: seat.findings.iter().take(FINDINGS_MAX).cloned().collect(),
            allowed_acts: self.allowed_acts(),
            deadline_ms: self.deadline_ms(),
        })
    }
}

impl TurnRequest {
    /// The request as one line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
