//! The charter (`treaty.yaml`) and the parties' mandates as plain values.
//!
//! * **Shape.** [`Charter`] is what both sides share: who negotiates, what each owns, which
//!   rules bounce, and the limits. A mandate is one side's own and never shared.
//! * **Errors.** Every [`ConfigError`] names the file, the place in it and what to do;
//!   unknown keys are errors with the nearest known name.
//!
//! Nothing here reads a file: text comes in, values come out.

mod limits;
pub mod mandate;
mod names;
mod parties;
mod policy;
mod private_terms;
mod treaty;
mod yaml;

/// The JSON Schema of a charter.
pub const SCHEMA: &str = include_str!("charter.schema.json");

/// A charter to begin with, every setting explained and at its default.
pub const TEMPLATE: &str = include_str!("template.yaml");

pub use limits::{Bounded, Limits};
pub use mandate::Mandate;
pub use names::{AgentName, FileName, JOURNAL, OwnedPointer, PartyName};
pub use parties::{Party, PartyIndex};
pub use policy::{Glossary, Policy, RuleLevel, Undecided};
pub use private_terms::PrivateTerm;
pub use treaty::{CHARTER, Charter};
pub use yaml::{ConfigError, checked, nearest, read};
