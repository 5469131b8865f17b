//! The sender's own check: nothing crosses that adds one of its private terms to what both
//! sides have before them.
//!
//! * **Shape.** What the other side has written is no secret, whoever says it again: an act is
//!   stopped for what it adds alone, so that a guess that stands in the head is never answered.
//! * **Errors.** A finding says where, and which entry of `private_terms`; never the term.

use crate::{
    boundary::{Leak, Shared, Vocabulary},
    document::{Document, Limits, Value},
    finding::Finding,
};

use super::{diagnostic::diagnostic, issue::Issue, request::LastAct, state::State};

/// The rule that a private term breaks.
pub const PRIVATE_TERM: &str = "private-term";

/// The private terms that an act of the turn holder adds to what is shared.
#[derive(Debug)]
pub struct Egress<'a> {
    vocabulary: &'a Vocabulary,
    head: Option<Document>,
    said: Vec<String>,
}

impl<'a> Egress<'a> {
    /// The check of an act on this state.
    pub(super) fn of(state: &State, vocabulary: &'a Vocabulary) -> Self {
        let head = state.head().map(|head| head.document.as_str());
        let last = state.holder.other().of(&state.last_acts).as_ref();
        Self::new(vocabulary, head, state.ledger.issues(), last)
    }

    /// The check of an act that answers what the other side and the head say.
    pub fn new(
        vocabulary: &'a Vocabulary,
        head: Option<&str>,
        issues: &[Issue],
        last_act: Option<&LastAct>,
    ) -> Self {
        let mut said = Vec::new();
        for issue in issues {
            said.push(issue.pointer.clone());
            for named in &issue.constraints {
                said.push(named.constraint.pointer.clone());
                texts(&named.constraint.value, &mut said);
            }
        }
        if let Some(last) = last_act {
            texts(&last.body, &mut said);
        }
        let head = head.filter(|_| !vocabulary.is_empty());
        let head = head.map(|text| Document::parse("head", text.into(), &limits(text)));
        Self { vocabulary, head, said }
    }

    /// What a text adds, called `name` in the findings.
    pub fn findings(&self, name: &str, text: &str) -> Vec<Finding> {
        if self.vocabulary.is_empty() {
            return Vec::new();
        }
        let shared = Shared::new(self.vocabulary, self.head.as_ref(), self.said.iter().cloned());
        let document = Document::parse(name, text.into(), &limits(text));
        self.vocabulary.added(&document, &shared).into_iter().map(finding).collect()
    }
}

/// Every key and string of a value.
fn texts(value: &Value, into: &mut Vec<String>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        into.extend(value.as_str().map(str::to_owned));
        for (key, member) in value.members() {
            into.push(key.clone());
            open.push(member);
        }
        open.extend(value.items());
    }
}

fn finding(Leak { place, entry }: Leak) -> Finding {
    let message = format!("entry {} of `private_terms` stands here", entry + 1);
    diagnostic(PRIVATE_TERM, place, message, "say it in the words of the contract")
}

/// Limits for a text that is short: it has no more nodes than bytes, unless its aliases expand.
pub(super) fn limits(text: &str) -> Limits {
    Limits { nodes: text.len() as u64, ..Limits::default() }
}
