//! The gate, the agents and the clock of a run as a user starts it.

#[cfg(feature = "http")]
mod model;

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf, absolute},
};

use crate::{
    charter::{
        ConfigError, Mandate, PartyIndex,
        mandate::{Program as Brief, SeatKind},
    },
    cli::{Exit, environment, error::unknown_in_charter},
    negotiate::{Gate, Seat, Verifier},
    seat::{EmbeddedSeat, ExecSeat, PrivateLog, Program, agent::opening_bytes, passes},
};

use super::{Arguments, Clock, NegotiateError, Parts, Scenario, Seated, Streams, run_with};

/// What a party's agent said beside its answers, in the party's private directory.
const AGENT_LOG: &str = "agent.log";

/// Runs or resumes a negotiation between the agents that the mandates seat.
pub(in crate::cli) fn run(arguments: &Arguments) -> Exit {
    let live = io::stdout().is_terminal();
    let color = arguments.color.applies(live);
    let (mut out, mut err) = (io::stdout(), io::stderr());
    let mut streams = Streams { out: &mut out, err: &mut err, live, color };
    Exit::Code(run_with(arguments, &mut streams, &Real))
}

/// What a run outside of tests is made of.
struct Real;

impl Parts for Real {
    fn gate(&self, scenario: &Scenario) -> Result<Box<dyn Gate>, NegotiateError> {
        let verifier = Verifier::new(&scenario.charter, &scenario.charter_bytes);
        let verifier = verifier.map_err(|unknown| {
            unknown_in_charter(&scenario.charter_path, &scenario.charter_bytes, &unknown)
        })?;
        Ok(Box::new(verifier))
    }

    fn seat(
        &self,
        scenario: &Scenario,
        party: PartyIndex,
        private: &Path,
    ) -> Result<Seated, NegotiateError> {
        let file = party.of(&scenario.mandates);
        let wrong = |at: &str, message: String| -> NegotiateError {
            ConfigError::at(&file.path, &file.bytes, at, message).into()
        };
        let mandate = Mandate::parse(&file.path, &file.bytes, Some(&scenario.charter))?;
        let expected = &scenario.charter.party(party).name;
        if mandate.party != *expected {
            let party = &mandate.party;
            let message =
                format!("this is the mandate of `{party}`; its file is named for `{expected}`");
            return Err(wrong("/party", message));
        }
        let private_terms = mandate.private_terms.clone();
        let log = PrivateLog::new(private.join(AGENT_LOG));
        let seat: Box<dyn Seat> = match mandate.seat.clone() {
            SeatKind::Embedded => {
                let (bytes, allowed) =
                    (opening_bytes(&mandate), scenario.charter.limits.act_bytes());
                if bytes > allowed {
                    let message = format!(
                        "the contract that this brief asks for makes an act of {bytes} bytes, and \
                         the charter's `limits.act_bytes` is {allowed}; shorten the brief, or \
                         raise the limit"
                    );
                    return Err(wrong("/operations", message));
                }
                Box::new(EmbeddedSeat::new(mandate))
            }
            SeatKind::Exec(brief) => {
                let act_bytes = scenario.charter.limits.act_bytes();
                let program = program(brief, &directory(&file.path), act_bytes);
                Box::new(ExecSeat::new(program, log))
            }
            #[cfg(feature = "http")]
            SeatKind::Http(http) => Box::new(model::seat(http, file, private, log)?),
            #[cfg(not(feature = "http"))]
            SeatKind::Http(_) => {
                let message = "this build seats no model; build it with `--features http`";
                return Err(wrong("/seat", message.to_owned()));
            }
        };
        Ok(Seated { private_terms, seat })
    }

    fn clock(&self) -> Result<Clock, NegotiateError> {
        match environment("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) {
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
