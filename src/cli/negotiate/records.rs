//! The records of the two parties, as they are replayed and as they grow.

use std::{collections::VecDeque, path::PathBuf};

use crate::{
    charter::PartyIndex,
    document::Value,
    negotiate::{Chain, Saying, TurnRequest, parse_records},
};

use super::{Change, Clock, NegotiateError, Scenario, World};

/// The name and version of the program, as a run begins with.
const PROGRAM: &str = concat!("treaty ", env!("CARGO_PKG_VERSION"));

/// Both records.
pub(super) struct Records {
    /// When the run began, in seconds since 1970.
    pub(super) time: u64,
    sayings: [VecDeque<Saying>; 2],
    chains: [Chain; 2],
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
        };
        for party in PartyIndex::BOTH {
            let bytes = world.open_record(party, &scenario.charter.party(party).name)?;
            let read = parse_records(&bytes).map_err(|source| NegotiateError::Record {
                path: world.record_path(party),
                source,
            })?;
            if read.whole < bytes.len() {
                world.cut_record(party, read.whole)?;
            }
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
        Ok(world.perform(Change::Remember(party, line))?)
    }

    /// Nothing is left to replay.
    pub(super) fn end(&self, world: &dyn World) -> Result<(), NegotiateError> {
        let more = PartyIndex::BOTH.into_iter().find(|it| !it.of(&self.sayings).is_empty());
        more.map_or(Ok(()), |it| Err(unfit(world.record_path(it), "it goes on after the end")))
    }
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
