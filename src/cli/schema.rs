//! `treaty schema`: the JSON Schemas of what is read and written.

use clap::builder::PossibleValuesParser;

use crate::{report, ruleset};

use super::{Exit, error::RunError, output::print};

/// Every schema by its name.
const SCHEMAS: [(&str, &str); 2] = [("report", report::SCHEMA), ("rule", ruleset::SCHEMA)];

/// What `schema` is asked.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print the schema of a report or a rule file.
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
