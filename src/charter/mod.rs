//! The charter (`treaty.yaml`) and the parties' mandates as plain values.
//!
//! * **Shape.** [`Charter`] is what both sides share: who negotiates, what each owns, which
//!   rules bounce, and the limits. A mandate is one side's own and never shared.
//! * **Errors.** Every [`ConfigError`] names the file, the place in it and what to do;
//!   unknown keys are errors with the nearest known name.
//!
//! Nothing here reads a file: text comes in, values come out.

mod date;
mod directives;
mod limits;
pub mod mandate;
mod names;
mod parties;
mod places;
mod policy;
mod private_terms;
mod ruleset_file;
mod treaty;
mod waiver;
mod yaml;

/// The JSON Schema of a charter.
pub const SCHEMA: &str = include_str!("charter.schema.json");

/// A charter to begin with, every setting explained and at its default.
pub const TEMPLATE: &str = include_str!("template.yaml");

pub use date::Date;
pub use directives::{Directives, Override};
pub use limits::{Bounded, Limits};
pub use mandate::Mandate;
pub use names::{AgentName, FileName, JOURNAL, OwnedPointer, PartyName};
pub use parties::{Party, PartyIndex};
pub use places::{FilePattern, Places, PointerPattern};
pub use policy::{Glossary, Policy, RuleLevel, Undecided};
pub use private_terms::PrivateTerm;
pub use ruleset_file::RulesetFile;
pub use treaty::{CHARTER, Charter, Settings};
pub use waiver::{Waiver, Waivers, reason};
pub use yaml::{ConfigError, checked, nearest, read, read_value};
