//! Agents at the table.
//!
//! * **Shape.** [`EmbeddedSeat`] seats the mandate agent, which [`agent::decide`] is, in this
//!   program; [`ExecSeat`] seats a program of the party's own; `http` seats a model behind an
//!   address, where the feature of that name is on.
//! * **Errors.** Whatever an agent does is an answer or a
//!   [`SeatFault`](crate::negotiate::SeatFault); what led to it is in its [`PrivateLog`].

pub mod agent;
mod embedded;
mod exec;
#[cfg(feature = "http")]
pub mod http;
mod log;

pub use embedded::EmbeddedSeat;
pub use exec::{ExecSeat, Program, passes};
pub use log::PrivateLog;
