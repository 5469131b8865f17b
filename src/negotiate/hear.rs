//! From what a seat said to an event: read, check, stop, judge.
//!
//! * **Shape.** A pure function of the state, the bytes, the sender's private terms and the
//!   gate. What is stopped here never reaches the gate, and what the gate sends back never
//!   reaches the other side.

use crate::{
    boundary::Vocabulary,
    charter::PartyName,
    document::{Document, NodeRef, Value, sha256_hex},
    finding::{Finding, Severity},
};

use super::{
    act::{Act, Answer, Content},
    answer::parse_answer,
    diagnostic::{diagnostic, place},
    egress::{Egress, limits},
    event::{Heard, Proposal},
    fault::{Fault, SeatFault},
    gate::{Gate, Judgement, Offer},
    request::Digested,
    screen::refused,
    state::State,
};

/// The rule that a character which may not cross breaks.
const REFUSED_CHARACTER: &str = "refused-character";

/// The one who listens for one seat: its private terms, and the gate.
#[derive(Clone, Copy)]
pub struct Listener<'a> {
    /// The parties.
    pub parties: [&'a PartyName; 2],
    /// The private terms of the seat that speaks.
    pub private_terms: &'a Vocabulary,
    /// The gate.
    pub gate: &'a dyn Gate,
}

impl Listener<'_> {
    /// What the turn holder's answer turns out to be.
    pub fn hear(&self, state: &State, said: Result<&[u8], SeatFault>) -> Heard {
        let heard = said.map_err(Fault::from).and_then(|bytes| self.read(state, bytes));
        heard.unwrap_or_else(Heard::Fault)
    }

    fn read(&self, state: &State, bytes: &[u8]) -> Result<Heard, Fault> {
        let bytes_max = state.table.limits.act_bytes();
        let answer = parse_answer(bytes, bytes_max, self.parties)?;
        if answer.request_id != state.request_id() {
            return Err(Fault::WrongRequest(state.request_id()));
        }
        state.check(&answer)?;
        match answer.act {
            Act::Propose { content, note } => {
                let text = resolve(state, content)?;
                if text.len() > bytes_max {
                    let message = format!("the contract would have {} bytes", text.len());
                    return Err(Fault::TooLong(message));
                }
                Ok(self.propose(state, answer.base, text, note))
            }
            act => Ok(self.send(state, Answer { act, ..answer })),
        }
    }

    /// An act that is no proposal: the sender's own check, on the act as it would cross.
    fn send(&self, state: &State, answer: Answer) -> Heard {
        let text = answer.act.body().to_json();
        let findings = Egress::of(state, self.private_terms).findings("the act", &text);
        if findings.is_empty() {
            return Heard::Act(answer);
        }
        Heard::Stopped { proposal: None, findings }
    }

    fn propose(
        &self,
        state: &State,
        base: Option<String>,
        document: String,
        note: Option<String>,
    ) -> Heard {
        let judged = Digested { sha256: sha256_hex(document.as_bytes()), document };
        let egress = Egress::of(state, self.private_terms);
        let mut findings = egress.findings(&state.table.contract, &judged.document);
        if let Some(note) = &note {
            let note = Value::object([("note", Value::from(note.as_str()))]).to_json();
            findings.extend(egress.findings("the act", &note));
        }
        if !findings.is_empty() {
            return Heard::Stopped { proposal: Some(judged), findings };
        }
        let seat = state.holder.of(&state.seats);
        let repeated = seat.bounced.iter().any(|it| it.sha256 == judged.sha256);
        let judgement = (!repeated).then(|| self.judge(state, &judged.document));
        Heard::Proposal(Box::new(Proposal { base, note, judged, judgement }))
    }

    fn judge(&self, state: &State, document: &str) -> Judgement {
        let mut judgement = self.gate.judge(Offer {
            base: state.head().map(|head| head.document.as_bytes()),
            revision: document.as_bytes(),
            proposer: state.table.party(state.holder),
            reopened: &state.ledger.opened_by(state.holder.other()),
        });
        let refused = refused_texts(&state.table.contract, document, &judgement.findings);
        judgement.add(refused);
        judgement
    }
}

/// The text that a proposal offers.
fn resolve(state: &State, content: Content) -> Result<String, Fault> {
    match content {
        Content::Document(text) => Ok(text),
        Content::Patch(patch) => {
            let head =
                state.head().ok_or_else(|| Fault::BadPatch("there is no head".to_owned()))?;
            let value = super::changes::value_of(Some(&head.document));
            let value = value.patched(&patch).map_err(|error| {
                Fault::BadPatch(crate::document::visible(&error.to_string()).into_owned())
            })?;
            Ok(value.to_yaml())
        }
    }
}

/// One finding for each key or string of a document that holds what may not cross, unless a
/// rule of the gate has said so of it.
fn refused_texts(name: &str, text: &str, said: &[Finding]) -> Vec<Finding> {
    let document = Document::parse(name, text.into(), &limits(text));
    let is_said = |pointer: &str| {
        let said = said.iter().filter(|it| it.severity == Severity::Error);
        said.filter(|it| &*it.rule == "invisible-character").any(|it| it.place.pointer == pointer)
    };
    let mut findings = Vec::new();
    let mut nodes: Vec<NodeRef<'_>> = document.root().into_iter().collect();
    while let Some(node) = nodes.pop() {
        let texts = [node.key(), node.as_str()];
        if let Some(what) = texts.into_iter().flatten().find_map(refused) {
            let help = "write the text without it";
            let place = place(node);
            if !is_said(&place.pointer) {
                findings.push(diagnostic(REFUSED_CHARACTER, place, what.to_string(), help));
            }
        }
        let children: Vec<_> = node.entries().map(|it| it.value).chain(node.items()).collect();
        nodes.extend(children.into_iter().rev());
    }
    findings
}
