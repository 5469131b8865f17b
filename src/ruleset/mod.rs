//! Rules as data: one file each, a catalogue of them, and which of them are in force.
//!
//! * **Shape.** [`Catalog`] holds every [`Rule`]; a [`Ruleset`] is a catalogue under a profile
//!   (`treaty:recommended`, `treaty:contract`, `treaty:security` or `treaty:all`) with the
//!   charter's changes on top.
//! * **Errors.** A built-in rule is read by a test before anyone ships it, so reading one never
//!   fails; a rule that nobody knows is an [`UnknownRule`] with the nearest name.
//! * **Source.** The files in `rules/`, built in by `build.rs`; their form is [`SCHEMA`].
//!
//! A start costs microseconds: until somebody asks for a rule's words, only its head is read.

mod assertion;
mod catalog;
mod others;
mod profile;
mod rule;

pub use assertion::{Assertion, Function};
pub use catalog::{Catalog, UnknownRule};
pub use others::{Meaning, Other, others, title};
pub use profile::{Profile, READING, Ruleset};
pub use rule::{DATA, Page, Rule};

/// The JSON Schema of a rule file.
pub const SCHEMA: &str = include_str!("schema.json");
