//! The mandate agent: a negotiator that knows its brief, the head and nothing else.
//!
//! * **Shape.** [`decide`] is a pure function of a [`Mandate`] and a [`TurnRequest`], so an
//!   agent that starts anew in the middle answers as the old one would have.
//! * **Words.** In its first turn it speaks as its own system's export does; a bounce makes it
//!   say the same in standard words, and from then on it speaks those.
//! * **Changes.** Its first document is written by the types of `openapiv3`; every later
//!   proposal is a patch of the head, so that nothing of the other side's text is lost.
//! * **Promises.** It never proposes or accepts a contract that lacks what its mandate needs or
//!   holds what it refuses, and it says at most what its mandate says about the contract:
//!   nothing of its private terms, its dictionary or its other wishes.
//! * **Firmness.** What it needs and does not find it puts in; where the other side, knowing
//!   that, has taken it out again, it declines with the constraint instead, and so it does to
//!   a constraint that its own stands against. Unless it has an open constraint of its own, its
//!   turns before this one were proposals, so the other side knows.

mod amend;
mod compare;
mod concede;
mod difference;
mod example;
mod find;
mod fit;
mod judge;
mod name;
mod note;
mod own;
mod owner;
mod plan;
mod put;
mod refresh;
mod repair;
mod reply;
mod requirement;
mod schema;
mod screen;
mod share;
mod translate;
mod tree;
mod typed;
mod write;

use crate::{
    charter::Mandate,
    document::{Document, Limits, NodeRef, Value},
    negotiate::{
        Act, ActKind, Answer, Constraint, ConstraintKind, Content, ISSUES_PER_ACT_MAX, IssueState,
        LastAct, PRIVATE_TERM, TurnRequest,
    },
};

use amend::Amender;
use difference::{Difference, Weight};
use judge::differences;
use plan::Plan;
use write::{Words, Writer};

/// The most nodes of a contract, aliases written out.
const NODES_MAX: u64 = 1_000_000;
/// The turns in which a system speaks its own words: each seat's first.
const OWN_WORDS_TURNS: u32 = 2;
/// A request's name is no longer than this.
const REQUEST_ID_BYTES_MAX: usize = 32;
/// What an answer or a contract is that is longer than the charter allows.
const TOO_LONG: &str = "too-long";
/// The most operations of a patch; a larger change is offered as a whole document.
const OPERATIONS_MAX: usize = 1_000;

/// What the mandate's agent answers to a question.
pub fn decide(mandate: &Mandate, request: &TurnRequest) -> Act {
    let agent = Agent { mandate, request };
    screen::screened(agent.act(), mandate, request)
}

/// How long the longest first answer is that follows from a mandate, in bytes: of a contract in
/// standard words, or in those of the party's own system.
pub fn opening_bytes(mandate: &Mandate) -> usize {
    let answer = |words| {
        let content = Content::Document(draft(mandate, words).to_yaml());
        let act = Act::Propose { content, note: note::of_draft(mandate) };
        Answer { request_id: String::new(), base: None, act }.to_json().len()
    };
    answer(Words::Own).max(answer(Words::Standard)) + REQUEST_ID_BYTES_MAX
}

/// An agent in one turn.
struct Agent<'a> {
    mandate: &'a Mandate,
    request: &'a TurnRequest,
}

impl<'a> Agent<'a> {
    fn act(&self) -> Act {
        if self.request.findings.iter().any(|it| it.rule.as_ref() == TOO_LONG) {
            return escalate("what our brief needs is longer than the charter's `act_bytes`");
        }
        let bounced = self.request.bounced.as_ref().and_then(|it| read(&it.document));
        let Some(head) = &self.request.head else { return self.open(bounced) };
        let Some(head) = read(&head.document) else {
            return escalate("the contract on the table cannot be read");
        };
        if let Some(bounced) = bounced {
            let offer = self.repaired(Some(&head), &bounced);
            let sound = offer != bounced && offer != head && self.firm(&offer).is_empty();
            if sound && self.may(ActKind::Propose) {
                return self.propose(&head, &offer);
            }
            // What only the other side can change is said of the head, which both have.
            let firm = self.firm(&head);
            if !firm.is_empty() {
                return self.refuse(firm);
            }
            return if self.may(ActKind::Accept) { self.settle() } else { self.give_up() };
        }
        let plan = self.plan(&head);
        let settled = matches!(&plan, Plan::Offer(offer) if *offer == head);
        if let Some(answer) = self.answer(&head, settled) {
            return answer;
        }
        match plan {
            Plan::Offer(offer) if offer == head => self.settle(),
            Plan::Offer(offer) if self.may(ActKind::Propose) => self.propose(&head, &offer),
            Plan::Offer(_) => match self.firm(&head) {
                firm if firm.is_empty() => self.settle(),
                firm => self.refuse(firm),
            },
            Plan::Refuse(differences) => self.refuse(differences),
            Plan::Oppose { issue, constraint } => self.decline(issue, constraint, Vec::new()),
        }
    }

    /// The first document, or what it becomes after a bounce.
    fn open(&self, bounced: Option<Value>) -> Act {
        let draft = match bounced {
            None => draft(self.mandate, self.words()),
            Some(bounced) => {
                let repaired = self.repaired(None, &bounced);
                if repaired == bounced {
                    return self.give_up();
                }
                repaired
            }
        };
        let content = Content::Document(draft.to_yaml());
        Act::Propose { content, note: note::of_draft(self.mandate) }
    }

    fn repaired(&self, head: Option<&Value>, bounced: &Value) -> Value {
        let last = self.request.bounces_left <= 1;
        let findings = &self.request.findings;
        repair::Repair { mandate: self.mandate, head, findings, last }.of(bounced)
    }

    /// The answer to a question that the other side has just asked: where the brief knows one,
    /// or nothing else is to be said.
    fn answer(&self, head: &Value, settled: bool) -> Option<Act> {
        let LastAct { act: ActKind::Ask, body, .. } = self.request.last_act.as_ref()? else {
            return None;
        };
        let pointer = body.get("pointer")?.as_str()?.to_owned();
        let known = note::of_place(self.mandate, head, &pointer);
        let unknown = || settled.then(|| note::NOTHING.to_owned());
        let answer = known.or_else(unknown).filter(|_| self.may(ActKind::Answer))?;
        Some(Act::Answer { pointer, answer })
    }

    fn words(&self) -> Words {
        // Where no bounce is to spare, no time is lost with words that nobody else knows.
        let may_bounce = self.request.bounces_left > 1;
        if self.request.turn <= OWN_WORDS_TURNS && may_bounce {
            Words::Own
        } else {
            Words::Standard
        }
    }

    fn may(&self, kind: ActKind) -> bool {
        self.request.allowed_acts.contains(&kind)
    }

    fn firm(&self, root: &Value) -> Vec<Difference<'a>> {
        let mut found = differences(self.mandate, root);
        found.retain(|it| it.weight == Weight::Firm);
        found
    }

    fn propose(&self, head: &Value, offer: &Value) -> Act {
        let patch = compare::patch(head, offer);
        let content = if patch.len() > OPERATIONS_MAX {
            Content::Document(offer.to_yaml())
        } else {
            Content::Patch(Value::Array(patch))
        };
        Act::Propose { content, note: Some(note::of_revision(self.mandate, head, offer)) }
    }

    /// Nothing is left to be said against the head.
    fn settle(&self) -> Act {
        match &self.request.head {
            Some(head) if self.may(ActKind::Accept) => Act::Accept { sha256: head.sha256.clone() },
            _ if self.may(ActKind::Ask) && self.last_act() != Some(ActKind::Answer) => {
                let open = self.request.issues.iter().find(|it| it.state == IssueState::Open);
                let pointer = open.map_or_else(String::new, |it| it.pointer.clone());
                let question = "What is still missing here? Our brief has nothing against it.";
                Act::Ask { pointer, question: question.to_owned() }
            }
            _ => escalate("we have nothing against the contract on the table, and cannot say so"),
        }
    }

    /// What went back cannot be repaired from the brief.
    fn give_up(&self) -> Act {
        // What our own check stops is nobody's business but ours.
        if self.request.findings.iter().any(|it| it.rule.as_ref() == PRIVATE_TERM) {
            return escalate("our brief has nothing that would pass");
        }
        let mut rules: Vec<&str> = self.request.findings.iter().map(|it| &*it.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let rules = rules.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        escalate(&format!("our brief has nothing that would pass where this went back: {rules}"))
    }

    /// Names the constraints of firm differences, those first that were not named before.
    fn refuse(&self, mut differences: Vec<Difference<'a>>) -> Act {
        differences.sort_by_key(|it| self.has_said(&it.constraint.pointer));
        let mut constraints: Vec<Constraint> = Vec::new();
        for difference in differences {
            let mut constraint = difference.constraint;
            if constraint.kind == ConstraintKind::Required && constraint.value == Value::Null {
                constraint.value = screen::described(self.mandate, &difference.change);
            }
            if constraints.iter().all(|it| it.pointer != constraint.pointer) {
                constraints.push(constraint);
            }
        }
        let settled = |constraint: &Constraint| {
            self.request.issues.iter().find(|it| {
                let within = tree::lies_within(&constraint.pointer, &it.pointer);
                it.state == IssueState::Settled && within
            })
        };
        let mut constraints = constraints.into_iter();
        let Some(constraint) = constraints.next() else { return self.settle() };
        if let Some(settled) = settled(&constraint) {
            return if self.may(ActKind::Reopen) {
                Act::Reopen { issue: settled.pointer.clone() }
            } else {
                escalate("what was settled is not what our brief needs")
            };
        }
        let more = constraints.filter(|it| settled(it).is_none());
        let more = more.filter(|it| !self.has_said(&it.pointer)).take(ISSUES_PER_ACT_MAX - 1);
        self.decline(self.issue_for(&constraint.pointer), constraint, more.collect())
    }

    /// The issue to name a constraint under: its own place, or, where the head was declined
    /// before and only open issues may be spoken to, one that this side has spoken to.
    fn issue_for(&self, place: &str) -> String {
        let open = self.request.issues.iter().filter(|it| it.state == IssueState::Open);
        let exact = open.clone().any(|it| it.pointer == place);
        let fresh = self.last_act() == Some(ActKind::Propose) || !self.may(ActKind::Accept);
        let party = self.mandate.party.as_str();
        let mut own = open.filter(|it| it.constraints.iter().any(|it| it.party == party));
        match own.next() {
            Some(spoken) if !exact && !fresh => spoken.pointer.clone(),
            _ => place.to_owned(),
        }
    }

    fn last_act(&self) -> Option<ActKind> {
        self.request.last_act.as_ref().map(|it| it.act)
    }

    fn decline(&self, issue: String, constraint: Constraint, more: Vec<Constraint>) -> Act {
        if !self.may(ActKind::Decline) {
            return escalate("our brief needs something that cannot be said any more");
        }
        let reason_code = match constraint.kind {
            ConstraintKind::Required => "needed",
            ConstraintKind::Forbidden => "refused",
            ConstraintKind::Type => "other-type",
            ConstraintKind::Owner => "other-owner",
        };
        Act::Decline { issue, reason_code: reason_code.to_owned(), constraint, more }
    }
}

/// The first document of a mandate.
fn draft(mandate: &Mandate, words: Words) -> Value {
    let mut root = Writer::frame(mandate);
    let found = differences(mandate, &root);
    let changes: Vec<&Difference<'_>> = found.iter().collect();
    Amender { mandate, words }.amend(&mut root, &changes);
    root
}

fn escalate(reason: &str) -> Act {
    Act::Escalate { reason: reason.to_owned() }
}

fn read(text: &str) -> Option<Value> {
    let limits = Limits { nodes: NODES_MAX, ..Limits::default() };
    let document = Document::parse("contract.yaml", text.into(), &limits);
    document.root().map(NodeRef::to_value).filter(|it| matches!(it, Value::Object(_)))
}
