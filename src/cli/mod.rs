//! The program: arguments, files, exit codes; decisions are made below.
//!
//! * **Shape.** One module per command; each takes its parsed arguments and returns an [`Exit`].
//! * **Errors.** What ends a run is printed as `error: … because …`, with a remedy where
//!   there is one, and ends with 2. What is wrong with a document is a finding, never an error.
//!
//! Results go to standard output, everything else to standard error.

mod agent;
mod baseline;
mod config;
mod discover;
mod earlier;
mod error;
mod files;
mod fix;
mod gate;
mod hook;
mod init;
mod inputs;
mod lint;
mod lsp;
pub mod negotiate;
mod network;
mod options;
mod output;
mod pages;
mod progress;
mod rules;
mod schema;
mod stopwatch;
mod tally;
mod verifier;
mod workers;

use std::{
    ffi::OsString,
    process::{ExitCode, Termination},
};

use clap::{CommandFactory, Parser, Subcommand};

use crate::report;

/// Two organizations' agents agree an API contract through a verifier.
#[derive(Debug, Parser)]
#[command(name = "treaty", version, arg_required_else_help = true)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Verify OpenAPI documents.
    Lint(lint::Args),
    /// Carry out the fixes that the verifier proposes.
    Fix(fix::Args),
    /// Judge a revision against its base: the rules of a contract, ownership, policy.
    Gate(gate::Args),
    /// Run or resume a negotiation to its outcome.
    Negotiate(negotiate::Arguments),
    /// Answer questions from a mandate, as a program at an exec seat.
    Agent(agent::Args),
    /// Verify what is staged before each commit: the pre-commit hook of a git repository.
    Hook {
        #[command(subcommand)]
        command: hook::Command,
    },
    /// Serve an editor: diagnostics, fixes, references, over standard input and output.
    Lsp(lsp::Args),
    /// List the rules.
    Rules,
    /// Say what a rule is about, and what to do when it speaks.
    Explain {
        /// The id of the rule, e.g. `duplicate-operation-id`.
        rule: String,
    },
    /// Print the JSON Schemas of what treaty reads and writes.
    Schema {
        #[command(subcommand)]
        command: schema::Command,
    },
    /// Write a commented charter, `treaty.yaml`, to begin with.
    Init(init::Args),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the program or of a command.
    Man(pages::Args),
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Clean or passed.
    Clean,
    /// Findings at or above the fail severity.
    Findings,
    /// The program could not do its work.
    Failed,
    /// The exit code of a negotiation's outcome.
    Code(u8),
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
            Self::Code(code) => code,
        })
    }
}

/// The program's arguments, as a parser that only parses.
pub fn command() -> clap::Command {
    Program::command()
}

/// Runs the program with its arguments, its own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let program = match Program::try_parse_from(arguments) {
        Ok(program) => program,
        Err(refused) => {
            print_refusal(&refused);
            return if refused.use_stderr() { Exit::Failed } else { Exit::Clean };
        }
    };
    let outcome = match program.command {
        Command::Lint(args) => lint::run(&args),
        Command::Fix(args) => fix::run(&args),
        Command::Gate(args) => gate::run(&args),
        Command::Negotiate(arguments) => Ok(negotiate::run(&arguments)),
        Command::Agent(args) => agent::run(&args),
        Command::Hook { command } => hook::run(&command),
        Command::Lsp(args) => lsp::run(args),
        Command::Rules => rules::list(),
        Command::Explain { rule } => rules::explain(&rule),
        Command::Schema { command } => schema::run(&command),
        Command::Init(args) => init::run(&args),
        Command::Completions { shell } => pages::completions(shell),
        Command::Man(args) => pages::man(&args),
    };
    outcome.unwrap_or_else(|error| {
        error.print();
        Exit::Failed
    })
}

/// Says what is wrong with the arguments. One that a runner of a build could take for a command of
/// its own is shown, and does nothing.
fn print_refusal(refused: &clap::Error) {
    let text = refused.render().to_string();
    if !refused.use_stderr() {
        let _ = refused.print();
        return;
    }
    let lines: Vec<_> = text.split('\n').map(report::leading).collect();
    let harmless = lines.join("\n");
    if harmless == text {
        let _ = refused.print();
    } else {
        output::print_aside(&harmless);
    }
}

/// A variable of the environment, where it is set to text.
#[expect(clippy::disallowed_methods, reason = "the environment is read here")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
