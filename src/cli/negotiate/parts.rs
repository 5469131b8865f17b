//! The gate, the agents and the clock of a run as a user starts it.

use std::io::{self, IsTerminal};

use crate::{
    charter::{ConfigError, Mandate, PartyIndex, mandate::SeatKind},
    cli::{Exit, environment},
    document::pointer,
    negotiate::{Gate, Verifier},
    seat::EmbeddedSeat,
};

use super::{Arguments, Clock, NegotiateError, Parts, Scenario, Seated, Streams, run_with};

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
            let remedy = match &unknown.nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "`treaty rules` lists them".to_owned(),
            };
            let at = pointer::join("/rules", &unknown.id);
            let (path, bytes) = (&scenario.charter_path, &scenario.charter_bytes);
            ConfigError::at(path, bytes, &at, format!("{unknown}; {remedy}"))
        })?;
        Ok(Box::new(verifier))
    }

    fn seat(&self, scenario: &Scenario, party: PartyIndex) -> Result<Seated, NegotiateError> {
        let file = party.of(&scenario.mandates);
        let wrong = |at: &str, message: String| -> NegotiateError {
            ConfigError::at(&file.path, &file.bytes, at, message).into()
        };
        let names = scenario.charter.names();
        let mandate = Mandate::parse(&file.path, &file.bytes, Some(names))?;
        let expected = &scenario.charter.party(party).name;
        if mandate.party != *expected {
            let party = &mandate.party;
            let message =
                format!("this is the mandate of `{party}`; its file is named for `{expected}`");
            return Err(wrong("/party", message));
        }
        let kind = match mandate.seat {
            SeatKind::Embedded => {
                let private_terms = mandate.private_terms.clone();
                return Ok(Seated { private_terms, seat: Box::new(EmbeddedSeat::new(mandate)) });
            }
            SeatKind::Exec(_) => "exec",
            SeatKind::Http => "http",
        };
        let message = format!(
            "the seat is `{kind}`, and this build seats embedded agents only; write \
             `seat: embedded`"
        );
        Err(wrong("/seat", message))
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
