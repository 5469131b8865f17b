//! The gate, the agents and the clock of a run as a user starts it.

#[cfg(feature = "http")]
mod model;

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf, absolute},
};

use crate::{
    charter::{
        Charter, Mandate, PartyIndex,
        mandate::{Program as Brief, SeatKind},
    },
    cli::{Exit, environment},
    negotiate::{Gate, Seat, Verifier},
    seat::{EmbeddedSeat, ExecSeat, PrivateLog, Program, passes},
};

use super::{Arguments, Clock, NegotiateError, Parts, Seated, Streams, run_with};

/// What a party's agent said beside its answers, in the party's private directory.
const AGENT_LOG: &str = "agent.log";

/// Runs or resumes a negotiation between the agents that the mandates seat.
pub(in crate::cli) fn run(arguments: &Arguments) -> Exit {
    let live = io::stdout().is_terminal();
    let mut streams = Streams {
        out: &mut io::stdout(),
        err: &mut io::stderr(),
        live,
        color: live && environment("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    Exit::Code(run_with(arguments, &mut streams, &Real))
}

/// What a run outside of tests is made of.
struct Real;

impl Parts for Real {
    fn gate(&self, charter: &Charter, bytes: &[u8]) -> Result<Box<dyn Gate>, NegotiateError> {
        Ok(Box::new(Verifier::new(charter, bytes)?))
    }

    fn seat(
        &self,
        charter: &Charter,
        party: PartyIndex,
        path: &str,
        bytes: &[u8],
        private: &Path,
    ) -> Result<Seated, NegotiateError> {
        let mandate = Mandate::parse(path, bytes, Some(charter.names()))?;
        let expected = &charter.party(party).name;
        if mandate.party != *expected {
            return Err(NegotiateError::Party {
                path: path.to_owned(),
                party: mandate.party.to_string(),
                expected: expected.to_string(),
            });
        }
        let private_terms = mandate.private_terms.clone();
        let log = PrivateLog::new(private.join(AGENT_LOG));
        let seat: Box<dyn Seat> = match mandate.seat.clone() {
            SeatKind::Embedded => Box::new(EmbeddedSeat::new(mandate)),
            SeatKind::Exec(brief) => {
                let program = program(brief, &directory(path), charter.limits.act_bytes());
                Box::new(ExecSeat::new(program, log))
            }
            #[cfg(feature = "http")]
            SeatKind::Http(http) => Box::new(model::seat(http, path, bytes, private, log)?),
            #[cfg(not(feature = "http"))]
            SeatKind::Http(_) => {
                return Err(NegotiateError::NotReady {
                    path: path.to_owned(),
                    party: expected.to_string(),
                    reason: "this build seats no model; build it with `--features http`".to_owned(),
                });
            }
        };
        Ok(Seated { private_terms, seat })
    }

    fn clock(&self) -> Result<Clock, NegotiateError> {
        match environment("SOURCE_DATE_EPOCH") {
            None => Ok(Clock::Wall),
            Some(text) => match text.parse() {
                Ok(seconds) => Ok(Clock::Epoch(seconds)),
                Err(_) => Err(NegotiateError::Epoch(text)),
            },
        }
    }
}

/// The directory of a mandate as a program that runs in it can be started.
fn directory(mandate: &str) -> PathBuf {
    let directory = Path::new(mandate).parent().filter(|it| !it.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    absolute(directory).unwrap_or_else(|_| directory.to_owned())
}

/// The program that a mandate names, with as much of the environment as it is given.
fn program(brief: Brief, directory: &Path, act_bytes: usize) -> Program {
    let given = |name: &str| {
        passes(name) || brief.environment.iter().any(|variable| variable.as_str() == name)
    };
    let environment = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(given));
    let environment = environment.collect();
    let mut command = brief.command.into_iter();
    Program {
        name: command.next().unwrap_or_default(),
        arguments: command.collect(),
        directory: directory.to_owned(),
        environment,
        line_bytes_max: act_bytes.saturating_mul(2),
    }
}
