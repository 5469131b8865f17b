//! The gate, the agents and the clock of a run as a user starts it.

use std::io::{self, IsTerminal};

use crate::{
    charter::{Charter, Mandate, PartyIndex, mandate::SeatKind},
    cli::{Exit, environment},
    negotiate::{Gate, Verifier},
    seat::EmbeddedSeat,
};

use super::{Arguments, Clock, NegotiateError, Parts, Seated, Streams, run_with};

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
        mandate: &[u8],
    ) -> Result<Seated, NegotiateError> {
        let mandate = Mandate::parse(path, mandate, Some(charter.names()))?;
        let expected = &charter.party(party).name;
        if mandate.party != *expected {
            return Err(NegotiateError::Party {
                path: path.to_owned(),
                party: mandate.party.to_string(),
                expected: expected.to_string(),
            });
        }
        let kind = match mandate.seat {
            SeatKind::Embedded => None,
            SeatKind::Exec(_) => Some("exec"),
            SeatKind::Http => Some("http"),
        };
        if let Some(kind) = kind {
            return Err(NegotiateError::Seat { path: path.to_owned(), kind });
        }
        let private_terms = mandate.private_terms.clone();
        Ok(Seated { private_terms, seat: Box::new(EmbeddedSeat::new(mandate)) })
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
