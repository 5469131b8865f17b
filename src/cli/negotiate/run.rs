//! A run: replay what is recorded, then ask, remember, and do.
//!
//! * **Shape.** For each question the next line of the holder's record is taken; where there
//!   is none, the seat is asked and its answer is remembered, synced, before anything comes of
//!   it. What comes of it is a function of the records, so that a run that was cut anywhere
//!   goes on without a turn lost or repeated, and ends in the same bytes.
//! * **Units.** Times in seconds since 1970; they never run backwards.

use std::{
    collections::BTreeMap,
    time::{Instant, SystemTime},
};

use crate::{
    boundary::Vocabulary,
    charter::{Charter, ConfigError, PartyIndex},
    git::{Author, CommitDraft, CommitId},
    negotiate::{Commit, Deed, Gate, Inputs, Note, Outcome, Saying, Session, State, TurnRequest},
};

use super::{Change, NegotiateError, Scenario, Seated, View, World, records::Records};

/// Where times come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    Wall,
    /// Act n has this time and n seconds (`SOURCE_DATE_EPOCH`).
    Epoch(u64),
}

impl Clock {
    /// The time of act `act`.
    pub(super) fn time(self, act: u64) -> u64 {
        match self {
            Self::Epoch(epoch) => epoch.saturating_add(act),
            #[expect(clippy::disallowed_methods, reason = "the clock is read in `cli` alone")]
            Self::Wall => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
        }
    }

    fn took_ms(self, began: Instant) -> u64 {
        match self {
            Self::Epoch(_) => 0,
            Self::Wall => u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// A run that came to its end.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The end.
    pub outcome: Outcome,
    /// The last state.
    pub state: State,
    /// The turns that were begun.
    pub turns: u32,
    /// Whether it had ended before, so that nothing was done.
    pub before: bool,
    /// The parties' names.
    pub parties: [String; 2],
}

type Files = BTreeMap<String, Vec<u8>>;

/// Carries a run to its end.
pub fn carry_out<'v>(
    scenario: &Scenario,
    gate: &dyn Gate,
    seated: &mut [Seated; 2],
    clock: Clock,
    world: &mut dyn World,
    view: View<'v>,
) -> Result<(Finished, View<'v>), NegotiateError> {
    let [first, second] = &*seated;
    let terms = [first, second].map(|it| Vocabulary::new(&it.private_terms));
    let [first_terms, second_terms] = &terms;
    let mut records = Records::open(scenario, clock, world)?;
    let inputs = Inputs {
        charter: &scenario.charter,
        charter_bytes: &scenario.charter_bytes,
        private_terms: [first_terms, second_terms],
        gate,
    };
    let (session, commit) = Session::begin(inputs, records.time);
    let mut run = Run {
        charter: &scenario.charter,
        session,
        world,
        view,
        commits: 0,
        parent: None,
        turns: 1,
        files: Files::new(),
        fresh: 0,
    };
    run.view.begins(&run.session, records.waiting())?;
    run.commit(commit)?;
    while let Some(request) = run.session.request() {
        let holder = run.session.state().holder;
        run.turns = request.turn;
        let replayed = records.next(&request, holder, run.world)?;
        let fresh = replayed.is_none();
        let saying = if let Some(saying) = replayed {
            saying
        } else {
            if run.fresh == 0 {
                ready(scenario, seated)?;
            }
            run.view.asks(&request)?;
            let saying = ask(&request, holder.of_mut(seated), clock, &run.session);
            records.remember(&saying, holder, run.world)?;
            saying
        };
        run.hear(&saying, fresh)?;
    }
    if run.fresh > 0 {
        run.world.ends_at(run.commits)?;
    } else {
        run.verify()?;
    }
    records.end(run.world)?;
    Ok(run.finish())
}

/// Both agents can be asked.
pub(super) fn ready(scenario: &Scenario, seated: &[Seated; 2]) -> Result<(), NegotiateError> {
    for party in PartyIndex::BOTH {
        party.of(seated).seat.ready().map_err(|reason| {
            let mandate = party.of(&scenario.mandates);
            let message = format!("the agent cannot be seated: {reason}");
            ConfigError::at(&mandate.path, &mandate.bytes, "/seat", message)
        })?;
    }
    Ok(())
}

/// Asks a seat.
fn ask(request: &TurnRequest, seated: &mut Seated, clock: Clock, session: &Session<'_>) -> Saying {
    let began = Instant::now();
    // One byte more than is allowed is enough to see that it is too long.
    let bytes_max = session.state().table.limits.act_bytes() + 1;
    let said = seated.seat.answer(request).map(|mut bytes| {
        bytes.truncate(bytes_max);
        bytes
    });
    let act = session.state().acts + 1;
    Saying {
        act,
        request_id: request.request_id.clone(),
        time: clock.time(act).max(session.time()),
        took_ms: clock.took_ms(began),
        said,
    }
}

/// The file of the private record that says why an answer went back.
fn findings_of(act: u64) -> String {
    format!("{act:04}-findings.json")
}

struct Run<'r, 'v> {
    charter: &'r Charter,
    session: Session<'r>,
    world: &'r mut dyn World,
    view: View<'v>,
    commits: usize,
    parent: Option<CommitId>,
    turns: u32,
    /// The files of the last commit.
    files: Files,
    /// How many answers were heard that no record held.
    fresh: u64,
}

impl<'v> Run<'_, 'v> {
    fn hear(&mut self, saying: &Saying, fresh: bool) -> Result<(), NegotiateError> {
        self.fresh += u64::from(fresh);
        for deed in self.session.hear(saying) {
            match deed {
                Deed::Keep(note) => {
                    if fresh {
                        let file = findings_of(note.act);
                        let record = self.world.record_path(note.party);
                        self.view.keeps(&note, &record.with_file_name(file));
                    }
                    self.keep(note)?;
                }
                Deed::Tell(entry) => {
                    if fresh {
                        self.view.tells(&entry)?;
                    }
                }
                Deed::Commit(commit) => self.commit(commit)?,
            }
        }
        Ok(())
    }

    fn keep(&mut self, note: Note) -> Result<(), NegotiateError> {
        let Note { party, act, proposal, findings } = note;
        if let Some(proposal) = proposal {
            let name = format!("{act:04}-bounced.yaml");
            self.keep_file(party, name, proposal.document.into_bytes())?;
        }
        let mut bytes = serde_json::to_vec_pretty(&findings).unwrap_or_default();
        bytes.push(b'\n');
        let name = findings_of(act);
        self.keep_file(party, name, bytes)
    }

    fn keep_file(
        &mut self,
        party: PartyIndex,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<(), NegotiateError> {
        if self.world.kept(party, &name)?.is_some_and(|found| found != bytes) {
            let path = self.world.record_path(party).with_file_name(name);
            return Err(NegotiateError::Altered { path, remedy: "remove it".to_owned() });
        }
        Ok(self.world.perform(Change::Keep(party, name, bytes))?)
    }

    /// Makes a commit, or finds that it is made; what follows from the last one is put right.
    fn commit(&mut self, commit: Commit) -> Result<(), NegotiateError> {
        let Commit { name, email, time, message, files } = commit;
        let draft = CommitDraft { author: Author { name, email }, time, message, files };
        let (id, held) = self.world.holds(self.commits, &draft, self.parent)?;
        if !held {
            if self.world.commits().is_none() {
                self.world.perform(Change::Found)?;
            }
            self.world.perform(Change::Store(draft.clone()))?;
            self.world.perform(Change::Advance(draft.clone()))?;
        }
        self.parent = Some(id);
        self.commits += 1;
        if self.world.commits().is_some_and(|commits| commits > self.commits) {
            self.files = draft.files;
            return Ok(());
        }
        self.check_out(&draft.files, held)?;
        self.files = draft.files;
        Ok(())
    }

    /// Brings the work tree to the last commit. Where that was made before, a file is of it or
    /// of the commit before it; another one is not of this run.
    fn check_out(&mut self, files: &Files, held: bool) -> Result<(), NegotiateError> {
        let contract = self.charter.contract.as_str();
        let names = files.keys().map(String::as_str);
        let absent = [contract].into_iter().filter(|name| !files.contains_key(*name));
        for name in names.chain(absent) {
            let bytes = files.get(name);
            let found = self.world.file(name)?;
            if found.as_ref() == bytes {
                continue;
            }
            if held && found.is_some() && found.as_ref() != self.files.get(name) {
                return Err(self.altered(name));
            }
            self.world.perform(Change::CheckOut(name.to_owned(), bytes.cloned()))?;
        }
        Ok(self.world.perform(Change::Index)?)
    }

    /// The files of a run that had ended are those that it left, whatever was committed since.
    fn verify(&self) -> Result<(), NegotiateError> {
        for (name, bytes) in &self.files {
            if self.world.file(name)?.is_some_and(|found| found != *bytes) {
                return Err(self.altered(name));
            }
        }
        Ok(())
    }

    fn altered(&self, name: &str) -> NegotiateError {
        let repository = self.world.repository_path();
        let remedy = match self.parent {
            Some(id) => {
                format!("restore it with `git -C {} checkout {id} -- {name}`", repository.display())
            }
            None => "remove it".to_owned(),
        };
        NegotiateError::Altered { path: repository.join(name), remedy }
    }

    fn finish(self) -> (Finished, View<'v>) {
        let state = self.session.state().clone();
        let outcome = state.outcome.clone().expect("somebody is asked until the end");
        let parties = self.charter.names().map(ToString::to_string);
        let before = self.fresh == 0;
        (Finished { outcome, state, turns: self.turns, before, parties }, self.view)
    }
}
