//! The mandate agent in this program.

use crate::{
    charter::Mandate,
    negotiate::{Answer, Seat, SeatFault, TurnRequest},
};

use super::agent::decide;

/// Seats the mandate agent.
#[derive(Clone, Debug)]
pub struct EmbeddedSeat {
    mandate: Mandate,
}

impl EmbeddedSeat {
    /// A seat for a party's brief.
    pub fn new(mandate: Mandate) -> Self {
        Self { mandate }
    }
}

impl Seat for EmbeddedSeat {
    fn answer(&mut self, request: &TurnRequest) -> Result<Vec<u8>, SeatFault> {
        let answer = Answer {
            request_id: request.request_id.clone(),
            base: request.base.clone(),
            act: decide(&self.mandate, request),
        };
        Ok(answer.to_json().into_bytes())
    }
}
