//! `treaty schema`: the JSON Schemas of what is read and written.

use clap::builder::PossibleValuesParser;

use crate::{charter, negotiate, report, ruleset};

use super::{Exit, error::RunError, output::print};

/// Every schema by its name.
const SCHEMAS: [(&str, &str); 7] = [
    ("report", report::SCHEMA),
    ("outcome", negotiate::OUTCOME_SCHEMA),
    ("turn-request", negotiate::TURN_REQUEST_SCHEMA),
    ("act", negotiate::ACT_SCHEMA),
    ("charter", charter::SCHEMA),
    ("mandate", charter::mandate::SCHEMA),
    ("rule", ruleset::SCHEMA),
];

/// What `schema` is asked.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print the schema of something that is read or written.
    Print {
        /// What the schema is of.
        #[arg(value_parser = PossibleValuesParser::new(SCHEMAS.map(|(name, _)| name)))]
        name: String,
    },
}

/// Prints a schema.
pub(super) fn run(command: &Command) -> Result<Exit, RunError> {
    let Command::Print { name } = command;
    for (known, schema) in SCHEMAS {
        if known == name {
            print(schema)?;
        }
    }
    Ok(Exit::Clean)
}
