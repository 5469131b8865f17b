//! Agents at the table.
//!
//! * **Shape.** [`EmbeddedSeat`] seats the mandate agent, which [`agent::decide`] is, in this
//!   program.

pub mod agent;
mod embedded;

pub use embedded::EmbeddedSeat;
