//! What can go wrong between `treaty`, git and the disk.

use std::{io, path::PathBuf};

/// Git or the disk did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository where one is needed.
    #[error("{} lies in no git repository", path.display())]
    NoRepository {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The repository cannot be opened.
    #[error("cannot open the git repository of {}", path.display())]
    Open {
        /// Where it was looked for.
        path: PathBuf,
        /// What libgit2 said.
        source: git2::Error,
    },
    /// The revision is unknown.
    #[error("there is no revision `{revision}` in {}", path.display())]
    NoRevision {
        /// The revision as the user named it.
        revision: String,
        /// The repository.
        path: PathBuf,
    },
    /// Something in the repository cannot be read.
    #[error("cannot read `{name}` from the git repository: {reason}")]
    Read {
        /// What was to be read.
        name: String,
        /// Why it cannot.
        reason: String,
    },
    /// The `git` program is needed and cannot be run.
    #[error("cannot run the `git` program")]
    Program {
        /// What the system said.
        source: io::Error,
    },
    /// The `git` program would not do what it was asked.
    #[error("git refused: {said}")]
    Refused {
        /// Its own words.
        said: String,
    },
    /// There is no index: nothing is ever committed here.
    #[error("this is a bare repository, in which nothing is staged or committed")]
    Bare,
    /// The contract repository cannot be written.
    #[error("cannot write the contract repository {}", path.display())]
    Write {
        /// The repository.
        path: PathBuf,
        /// What libgit2 said.
        source: git2::Error,
    },
    /// The place of the contract repository is taken by something else.
    #[error(
        "{} is not empty and is no contract repository of this run; name another place with \
         `--out`, or move it away", path.display()
    )]
    Taken {
        /// The place.
        path: PathBuf,
    },
    /// The repository holds other commits than the log says.
    #[error(
        "the contract repository {} is not what the log of this run says: commit {number} is \
         {found}, not {expected}; `--restart` moves it aside and begins anew", path.display()
    )]
    Diverged {
        /// The repository.
        path: PathBuf,
        /// The commit's number, from 0.
        number: usize,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// An object of the repository is lost or damaged.
    #[error(
        "the object {object} of the contract repository {} is damaged; remove the repository, \
         and this command makes it again from the private records", path.display()
    )]
    Damaged {
        /// The repository.
        path: PathBuf,
        /// The object.
        object: String,
    },
    /// The repository holds more commits than the log says.
    #[error(
        "the contract repository {} has the commit {found}, which this run did not make; \
         `--restart` moves it aside and begins anew", path.display()
    )]
    Longer {
        /// The repository.
        path: PathBuf,
        /// The commit.
        found: String,
    },
    /// The system refused something.
    #[error("cannot {what} {}", path.display())]
    System {
        /// What was tried, as a verb.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process works on the same run.
    #[error("another `treaty negotiate` is at work on {}; wait for it, or name another `--out`",
        path.display())]
    Busy {
        /// The run's private directory.
        path: PathBuf,
    },
}
