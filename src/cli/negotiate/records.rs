//! The records of the two parties, as they are replayed and as they grow.

use std::{collections::VecDeque, path::PathBuf};

use crate::{
    charter::PartyIndex,
    document::{Value, sha256_hex},
    negotiate::{Chain, Saying, TurnRequest, parse_records},
};

use super::{Change, Clock, NegotiateError, Scenario, World};

/// The name and version of the program, as a run begins with.
const PROGRAM: &str = concat!("treaty ", env!("CARGO_PKG_VERSION"));

/// The digest of a party's record, kept once the run has ended: no line follows the last one
/// that would hold it.
const DIGEST: &str = "journal.sha256";

/// Both records.
pub(super) struct Records {
    /// When the run began, in seconds since 1970.
    pub(super) time: u64,
    sayings: [VecDeque<Saying>; 2],
    chains: [Chain; 2],
    /// The records' bytes.
    texts: [Vec<u8>; 2],
}

impl Records {
    /// Begins a run, or compares the inputs with those of the run that there is and reads
    /// what its seats said.
    pub(super) fn open(
        scenario: &Scenario,
        clock: Clock,
        world: &mut dyn World,
    ) -> Result<Self, NegotiateError> {
        let time = if let Some(bytes) = world.beginning() {
            began(scenario, bytes)?
        } else {
            let time = clock.time(0);
            let line = beginning(scenario, time).to_json();
            world.perform(Change::Begin(format!("{line}\n").into_bytes()))?;
            time
        };
        let mut records = Self {
            time,
            sayings: [VecDeque::new(), VecDeque::new()],
            chains: [Chain::default(), Chain::default()],
            texts: [Vec::new(), Vec::new()],
        };
        for party in PartyIndex::BOTH {
            let mut bytes = world.open_record(party, &scenario.charter.party(party).name)?;
            let read = parse_records(&bytes).map_err(|source| NegotiateError::Record {
                path: world.record_path(party),
                source,
            })?;
            let digest = world.kept(party, DIGEST)?;
            if digest.is_some_and(|digest| digest != digest_of(&bytes)) {
                let remedy = "restore it".to_owned();
                return Err(NegotiateError::Altered { path: world.record_path(party), remedy });
            }
            if read.whole < bytes.len() {
                world.cut_record(party, read.whole)?;
            }
            bytes.truncate(read.whole);
            *party.of_mut(&mut records.texts) = bytes;
            *party.of_mut(&mut records.sayings) = read.sayings.into();
            *party.of_mut(&mut records.chains) = read.chain;
        }
        Ok(records)
    }

    /// How many sayings are still to be replayed.
    pub(super) fn waiting(&self) -> usize {
        self.sayings.iter().map(VecDeque::len).sum()
    }

    /// The recorded answer to a question; nothing where the seat is to be asked.
    pub(super) fn next(
        &mut self,
        request: &TurnRequest,
        party: PartyIndex,
        world: &dyn World,
    ) -> Result<Option<Saying>, NegotiateError> {
        match party.of_mut(&mut self.sayings).pop_front() {
            Some(saying) if saying.request_id != request.request_id => {
                let what = format!("it answers `{}`", saying.request_id);
                Err(unfit(world.record_path(party), &what))
            }
            None if self.waiting() > 0 => {
                Err(unfit(world.record_path(party), "it lacks an answer that the other follows"))
            }
            other => Ok(other),
        }
    }

    /// Remembers an answer before anything comes of it.
    pub(super) fn remember(
        &mut self,
        saying: &Saying,
        party: PartyIndex,
        world: &mut dyn World,
    ) -> Result<(), NegotiateError> {
        let line = party.of_mut(&mut self.chains).line(saying);
        party.of_mut(&mut self.texts).extend_from_slice(line.as_bytes());
        Ok(world.perform(Change::Remember(party, line))?)
    }

    /// Nothing is left to replay, and nothing will be added.
    pub(super) fn end(&self, world: &mut dyn World) -> Result<(), NegotiateError> {
        let more = PartyIndex::BOTH.into_iter().find(|it| !it.of(&self.sayings).is_empty());
        if let Some(party) = more {
            return Err(unfit(world.record_path(party), "it goes on after the end"));
        }
        for party in PartyIndex::BOTH {
            let digest = digest_of(party.of::<Vec<u8>>(&self.texts));
            world.perform(Change::Keep(party, DIGEST.to_owned(), digest))?;
        }
        Ok(())
    }
}

fn digest_of(bytes: &[u8]) -> Vec<u8> {
    format!("{}\n", sha256_hex(bytes)).into_bytes()
}

fn unfit(path: PathBuf, what: &str) -> NegotiateError {
    NegotiateError::Unfit { path, what: what.to_owned() }
}

/// What a run begins with: the program, the time, and the digest of each input.
fn beginning(scenario: &Scenario, time: u64) -> Value {
    let mandate = |party: PartyIndex| {
        let name = scenario.charter.party(party).name.to_string();
        (name, Value::from(scenario.mandate_sha256(party)))
    };
    Value::object([
        ("v", Value::from(1_u64)),
        ("program", Value::from(PROGRAM)),
        ("time", Value::from(time)),
        ("charter", Value::from(scenario.charter_sha256())),
        ("mandates", Value::object(PartyIndex::BOTH.map(mandate))),
    ])
}

/// When the run began; an error where an input is not the one that it began with.
fn began(scenario: &Scenario, bytes: &[u8]) -> Result<u64, NegotiateError> {
    let value = std::str::from_utf8(bytes).ok().and_then(Value::from_json);
    let value = value.ok_or(NegotiateError::Beginning)?;
    let time = match value.get("time") {
        Some(Value::Number(time)) => time.parse().map_err(|_| NegotiateError::Beginning)?,
        _ => return Err(NegotiateError::Beginning),
    };
    let present = beginning(scenario, time);
    let differs = |pointer: &str| value.at(pointer) != present.at(pointer);
    if differs("/program") {
        let began = value.get("program").and_then(Value::as_str).unwrap_or_default();
        return Err(NegotiateError::Version {
            began: began.to_owned(),
            present: PROGRAM.to_owned(),
        });
    }
    let changed = |path: &str| Err(NegotiateError::Changed { path: path.to_owned() });
    if differs("/charter") {
        return changed(&scenario.charter_path);
    }
    for party in PartyIndex::BOTH {
        if differs(&format!("/mandates/{}", scenario.charter.party(party).name)) {
            return changed(&party.of(&scenario.mandates).path);
        }
    }
    Ok(time)
}
