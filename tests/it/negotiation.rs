//! The negotiation, played with scripted seats.

pub mod table;
