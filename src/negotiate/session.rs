//! A run: the state, the shared record that grows with it, and what must be done about it.
//!
//! * **Shape.** [`Session::hear`] takes one [`Saying`] and gives [`Deed`]s in order: what the
//!   party keeps, what both sides see, and, where an act crossed or the negotiation ended, one
//!   commit. It is a pure function of the inputs and the sayings so far, so that a run that is
//!   replayed ends in the same bytes.

use std::collections::BTreeMap;

use crate::{
    boundary::Vocabulary,
    charter::{CHARTER, Charter, JOURNAL},
    document::sha256_hex,
};

use super::{
    commit::{Commit, charter_commit, commit},
    event::{Effect, Entry, Event, Note},
    gate::Gate,
    hear::Listener,
    journal::Journal,
    record::Saying,
    request::TurnRequest,
    state::{State, Table},
    step::step,
    story::{Teller, utc},
};

/// What a run is about.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The charter.
    pub charter: &'a Charter,
    /// Its bytes, which are committed as they are.
    pub charter_bytes: &'a [u8],
    /// The private terms of the two parties.
    pub private_terms: [&'a Vocabulary; 2],
    /// The gate.
    pub gate: &'a dyn Gate,
}

/// Something to be done in the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// The party keeps it.
    Keep(Note),
    /// It is told to whoever watches.
    Tell(Entry),
    /// The shared record gets one more commit.
    Commit(Commit),
}

/// A run.
pub struct Session<'a> {
    inputs: Inputs<'a>,
    state: State,
    time: u64,
    journal: Journal,
    transcript: String,
    /// What was shared since the last commit.
    waiting: Vec<Entry>,
}

impl<'a> Session<'a> {
    /// A run that begins at `time`, and the commit of its charter.
    pub fn begin(inputs: Inputs<'a>, time: u64) -> (Self, Commit) {
        let charter_sha256 = sha256_hex(inputs.charter_bytes);
        let table = Table::new(inputs.charter, &charter_sha256, time);
        let mut journal = Journal::default();
        journal.begin(&table, inputs.charter, &charter_sha256, time);
        let transcript = Teller { charter: inputs.charter }.opening(&table.session, time);
        let state = State::new(table);
        let session = Self { inputs, state, time, journal, transcript, waiting: Vec::new() };
        let commit = charter_commit(session.teller(), &session.state);
        let commit = Commit { time, files: session.files(), ..commit };
        (session, commit)
    }

    /// Where the negotiation stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The time of the last thing that happened.
    pub fn time(&self) -> u64 {
        self.time
    }

    /// The question to the turn holder; nothing after the end.
    pub fn request(&self) -> Option<TurnRequest> {
        self.state.request()
    }

    /// What comes of a saying of the turn holder.
    pub fn hear(&mut self, saying: &Saying) -> Vec<Deed> {
        let listener = Listener {
            parties: self.inputs.charter.names(),
            private_terms: self.state.holder.of::<&Vocabulary>(&self.inputs.private_terms),
            gate: self.inputs.gate,
        };
        let said = saying.said.as_deref().map_err(|fault| *fault);
        let heard = listener.hear(&self.state, said);
        self.time = self.time.max(saying.time);
        let event = Event { time: self.time, took_ms: saying.took_ms, heard };
        let (state, effects) = step(self.state.clone(), event);
        self.state = state;
        let mut deeds = Vec::new();
        for effect in effects {
            match effect {
                Effect::Keep(note) => deeds.push(Deed::Keep(note)),
                Effect::Share(entry) => {
                    self.share(&entry);
                    deeds.push(Deed::Tell(entry));
                }
            }
        }
        deeds.extend(self.commit().map(Deed::Commit));
        deeds
    }

    fn teller(&self) -> Teller<'a> {
        Teller { charter: self.inputs.charter }
    }

    fn share(&mut self, entry: &Entry) {
        self.journal.enter(&self.state.table, entry);
        self.transcript.push_str(&self.teller().paragraph(entry));
        self.waiting.push(entry.clone());
    }

    /// The commit of what is waiting, where an act crossed or the negotiation ended.
    fn commit(&mut self) -> Option<Commit> {
        let commit = commit(self.teller(), &self.state, &self.waiting)?;
        self.waiting.clear();
        Some(Commit { time: self.time, files: self.files(), ..commit })
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let charter = self.inputs.charter;
        let mut files = BTreeMap::from([
            (CHARTER.to_owned(), self.inputs.charter_bytes.to_vec()),
            (JOURNAL.to_owned(), self.journal.text().as_bytes().to_vec()),
            (charter.transcript.to_string(), self.transcript.as_bytes().to_vec()),
        ]);
        if let Some(head) = self.state.head() {
            files.insert(charter.contract.to_string(), head.document.as_bytes().to_vec());
        }
        files
    }
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Session({} at {})", self.state.table.session, utc(self.time))
    }
}
