//! Why a negotiation could not be run.

use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
};

use crate::{
    charter::ConfigError,
    git::GitError,
    negotiate::{RecordError, one_line},
};

/// The program could not run the negotiation. Outcomes are not errors.
#[derive(Debug, thiserror::Error)]
pub enum NegotiateError {
    /// An input cannot be read.
    #[error("cannot read {}; {remedy}", path.display())]
    Read {
        /// The file as the user named it.
        path: PathBuf,
        /// What to do.
        remedy: String,
        /// What the system said.
        source: io::Error,
    },
    /// The charter or a mandate is not what we understand.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The place of the contract repository has no name.
    #[error(
        "`{}` cannot be the contract repository; name a directory with `--out`", path.display()
    )]
    Out {
        /// The place.
        path: PathBuf,
    },
    /// The environment's clock is not one.
    #[error("SOURCE_DATE_EPOCH is `{0}`; set it to seconds since 1970, or leave it away")]
    Epoch(String),
    /// An input is not the one that the run began with.
    #[error("{path} has changed since this run began; restore it, or begin anew with `--restart`")]
    Changed {
        /// The file that changed.
        path: String,
    },
    /// A file of the run is not what its records say.
    #[error(
        "{} is not as this run left it; {remedy}, or begin anew with `--restart`", path.display()
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// How it can be put right.
        remedy: String,
    },
    /// The run was begun by another version of the program.
    #[error(
        "this run was begun by {began}, and this is {present}; finish it with that version, or \
         begin anew with `--restart`"
    )]
    Version {
        /// The version that began it.
        began: String,
        /// The present version.
        present: String,
    },
    /// How the run began cannot be read.
    #[error("the beginning of this run (`run.json`) is damaged; begin anew with `--restart`")]
    Beginning,
    /// The contract repository is there, and how it came about is not.
    #[error(
        "the contract repository {} is there, but its private record {} is not; restore it, or \
         begin anew with `--restart`", repository.display(), private.display()
    )]
    NoRecord {
        /// The repository.
        repository: PathBuf,
        /// The private directory.
        private: PathBuf,
    },
    /// The private record is damaged.
    #[error("cannot read the private record {}; begin anew with `--restart`", path.display())]
    Record {
        /// The record.
        path: PathBuf,
        /// What is wrong.
        source: RecordError,
    },
    /// The private record is about other questions than the run asks.
    #[error(
        "the private record {} does not fit this run: {what}; begin anew with `--restart`",
        path.display()
    )]
    Unfit {
        /// The record.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// Git or the disk failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The output cannot be written.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

/// `error: …`, and on lines of their own what it came from.
pub(super) fn write(error: &NegotiateError, stream: &mut dyn Write) -> io::Result<()> {
    writeln!(stream, "error: {}", one_line(&error.to_string()))?;
    let mut source = error.source();
    while let Some(error) = source {
        writeln!(stream, "  because {}", one_line(&error.to_string()))?;
        source = error.source();
    }
    Ok(())
}
