//! The commits of the shared record: who made them, and a message that tells the story.
//!
//! * **Shape.** The subject says in words what the party did; the body, what led to it; the
//!   trailers are for programs. What an agent said stands on quoted lines, never in the
//!   paragraph of the trailers.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::charter::{CHARTER, PartyIndex};

use super::{
    act::ActKind,
    event::{Crossed, Entry, What},
    state::State,
    story::{Teller, short},
};

/// A commit of the contract repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The author's name.
    pub name: String,
    /// The author's address.
    pub email: String,
    /// When, in seconds since 1970.
    pub time: u64,
    /// The message.
    pub message: String,
    /// The files by name.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Author and message of the charter's commit.
pub(super) fn charter_commit(teller: Teller<'_>, state: &State) -> Commit {
    let [first, second] = teller.charter.names();
    let message = format!(
        "Begin: {first} and {second} negotiate {}\n\n\
         {} opens, {} answers; the charter is in {CHARTER}.\n\n\
         Treaty-Session: {}\nTreaty-Act: 0\n",
        teller.charter.contract,
        teller.agent(PartyIndex::First),
        teller.agent(PartyIndex::Second),
        state.table.session
    );
    by(mediator(), message)
}

/// Author and message of the commit of what is waiting, where an act crossed or the
/// negotiation ended.
pub(super) fn commit(teller: Teller<'_>, state: &State, waiting: &[Entry]) -> Option<Commit> {
    let crossed = waiting.iter().find_map(|entry| match &entry.what {
        What::Act(crossed) => Some((entry.party, &**crossed)),
        _ => None,
    });
    let outcome = state.outcome.as_ref().map(|outcome| outcome.kind.as_str());
    let (author, subject) = match (crossed, outcome) {
        (Some((party, crossed)), outcome) => {
            let end = outcome.map(|outcome| format!(": {outcome}")).unwrap_or_default();
            let name = &teller.charter.party(party).name;
            let subject = format!("{name} {}{end}", subject(teller, crossed));
            (author(teller, party), subject)
        }
        (None, Some(outcome)) => (mediator(), format!("End: {outcome}")),
        (None, None) => return None,
    };
    let mut message = format!("{subject}\n\n");
    for entry in waiting {
        let _ = writeln!(message, "- {} {}", teller.speaker(entry), teller.sentence(entry));
        for line in teller.quote(entry) {
            let _ = writeln!(message, "{}", format!("    | {line}").trim_end());
        }
    }
    let turn = waiting.last().map_or(state.turn, |entry| entry.turn);
    let _ = write!(message, "\nTreaty-Turn: {turn}\nTreaty-Act: {}\n", state.acts);
    if let Some(sha256) = state.base() {
        let _ = writeln!(message, "Contract-Sha256: {sha256}");
    }
    Some(by(author, message))
}

fn by((name, email): (String, String), message: String) -> Commit {
    Commit { name, email, time: 0, message, files: BTreeMap::new() }
}

/// The author of what no agent did.
fn mediator() -> (String, String) {
    ("treaty".to_owned(), "treaty@treaty.invalid".to_owned())
}

fn author(teller: Teller<'_>, party: PartyIndex) -> (String, String) {
    let agent = teller.agent(party).to_owned();
    let plain = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
    let local: String = agent.chars().map(plain).collect();
    let host = teller.charter.party(party).name.as_str().replace('_', "-");
    (agent, format!("{local}@{host}.invalid"))
}

fn subject(teller: Teller<'_>, crossed: &Crossed) -> String {
    let contract = &teller.charter.contract;
    let head = crossed.head.as_deref().map(short).unwrap_or_default();
    match crossed.kind {
        ActKind::Propose if crossed.final_offer => format!("makes its final offer {head}"),
        ActKind::Propose if crossed.base.is_none() => format!("proposes {contract} {head}"),
        ActKind::Propose => format!("counters with {head}"),
        ActKind::Accept => format!("accepts {head}"),
        ActKind::Ask => "asks a question".to_owned(),
        ActKind::Answer => "answers a question".to_owned(),
        ActKind::Decline if head.is_empty() => "declines".to_owned(),
        ActKind::Decline => format!("declines {head}"),
        ActKind::Reopen => "reopens an issue".to_owned(),
        ActKind::Escalate => "escalates".to_owned(),
        ActKind::Withdraw => "withdraws its proposal".to_owned(),
        ActKind::Exit => "leaves the table".to_owned(),
    }
}
