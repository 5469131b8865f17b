//! Why the program could not do its work.

use std::{
    error::Error,
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
};

use crate::{
    charter::ConfigError,
    document::pointer,
    git::{GitError, HookError},
    report::inline,
    ruleset::UnknownRule,
    serve::WireError,
};

/// The program could not do its work. Findings are not errors.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    /// A file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file as the user named it.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file as the user named it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard input cannot be read.
    #[error("cannot read standard input")]
    Stdin(#[source] io::Error),
    /// What an agent was asked is no question.
    #[error("cannot answer the question: {0}")]
    Question(String),
    /// A file has changed since it was read.
    #[error("{path} has changed since it was read; it is left alone")]
    Meanwhile {
        /// The file as reports name it.
        path: String,
    },
    /// Standard input is to be repaired, and files too.
    #[error("standard input cannot be repaired together with files")]
    InputAmongFiles,
    /// Standard input is larger than the limit.
    #[error("standard input has more than {bytes_max} bytes")]
    LargeInput {
        /// The limit.
        bytes_max: usize,
    },
    /// Standard output cannot be written to.
    #[error("cannot write to standard output")]
    Stdout(#[source] io::Error),
    /// The current directory cannot be found.
    #[error("cannot find the current directory")]
    CurrentDirectory(#[source] io::Error),
    /// `--root` names no directory.
    #[error("cannot use {} as the lint root", path.display())]
    Root {
        /// The directory as the user named it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `init` finds a charter.
    #[error("{path} is there already")]
    Exists {
        /// The charter.
        path: String,
    },
    /// `man` is asked for a command that does not exist.
    #[error("there is no command `{name}`")]
    UnknownCommand {
        /// What was asked for.
        name: String,
        /// The command that was meant, where one is near.
        nearest: Option<String>,
    },
    /// A directory cannot be walked.
    #[error("cannot look through {path}")]
    Walk {
        /// The directory as the user named it.
        path: String,
        /// What the walk said.
        source: ignore::Error,
    },
    /// A directory holds no OpenAPI document.
    #[error("{path} holds no OpenAPI document")]
    NoDocument {
        /// The directory as the user named it.
        path: String,
    },
    /// `--exclude` is no pattern.
    #[error("`{glob}` is no pattern for paths: {reason}")]
    Glob {
        /// The pattern as the user wrote it.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// `--base` is neither a file nor a revision.
    #[error("`{base}` is neither a file nor a git revision")]
    NoBase {
        /// The base as the user named it.
        base: String,
        /// What git said.
        source: GitError,
    },
    /// `--proposer` names nobody.
    #[error("`{party}` is no party of {charter}")]
    UnknownParty {
        /// The party as the user named it.
        party: String,
        /// The charter.
        charter: &'static str,
        /// The party that was meant, where one is near.
        nearest: Option<String>,
        /// The parties that there are.
        known: [String; 2],
    },
    /// A baseline is not what we understand.
    #[error("{path} is no baseline: {reason}")]
    Baseline {
        /// The file as the user named it.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A baseline would not hold everything.
    #[error("the baseline {path} is not written: not everything was verified")]
    PartialBaseline {
        /// The file as the user named it.
        path: String,
    },
    /// `SOURCE_DATE_EPOCH` is no number.
    #[error("SOURCE_DATE_EPOCH is `{text}`, and not a number of seconds")]
    Epoch {
        /// What it is.
        text: String,
    },
    /// A configuration is a link that leads out of where it is looked for.
    #[error("{path} leads out of the repository, and is not read")]
    OutsideConfig {
        /// The configuration.
        path: String,
    },
    /// A file of the index is larger than the limit.
    #[error("{path} has more than {bytes_max} bytes")]
    LargeFile {
        /// The file, from the top of the repository.
        path: String,
        /// The limit.
        bytes_max: u64,
    },
    /// A file of the index is not here, and nothing is fetched.
    #[error("{path} is not in this partial clone")]
    AbsentFile {
        /// The file, from the top of the repository.
        path: String,
    },
    /// There is no set of rules of that name.
    #[error("{message}")]
    UnknownSet {
        /// What is wrong with the name, and what to do.
        message: String,
    },
    /// A configuration file is not what we understand.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Git did not do what was asked.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Something is in the way of the git hook.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// The program cannot find its own place, which the hook needs.
    #[error("cannot find the program's own path")]
    OwnPath(#[source] io::Error),
    /// A document cannot be committed, so it cannot be verified either.
    #[error("{path} is not merged yet")]
    Unmerged {
        /// The document, from the top of the repository.
        path: String,
    },
    /// A file that was named is not in the index.
    #[error("{path} is not in the index")]
    NotStaged {
        /// The file as the user named it.
        path: String,
    },
    /// The lock file is not one.
    #[cfg(feature = "http")]
    #[error("cannot use {}", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: crate::fetch::PinError,
    },
    /// Something was not fetched.
    #[cfg(feature = "http")]
    #[error(transparent)]
    Fetch(#[from] crate::fetch::FetchError),
    /// What an editor says cannot be followed.
    #[error("cannot go on with the editor")]
    Session(#[source] WireError),
    /// The user named a rule that does not exist.
    #[error(transparent)]
    UnknownRule(#[from] UnknownRule),
}

/// A charter sets a rule that there is none of: where, and what to write in its place.
pub(super) fn unknown_in_charter(path: &str, bytes: &[u8], unknown: &UnknownRule) -> ConfigError {
    let remedy = match &unknown.nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "`treaty rules` lists them".to_owned(),
    };
    let at = pointer::join("/rules", &unknown.id);
    ConfigError::at(path, bytes, &at, format!("{unknown}; {remedy}"))
}

impl RunError {
    /// What is wrong with a pattern for paths.
    pub(super) fn glob(glob: &str, error: ignore::Error) -> Self {
        let reason = match error {
            ignore::Error::Glob { err, .. } => err,
            other => other.to_string(),
        };
        Self::Glob { glob: glob.to_owned(), reason }
    }

    /// What the user can do about it.
    fn help(&self) -> Option<String> {
        match self {
            Self::NoDocument { .. } => Some(
                "looked for `openapi` or `swagger` at the top level of .yaml, .yml and .json \
                 files that no .gitignore names"
                    .to_owned(),
            ),
            Self::UnknownRule(UnknownRule { nearest: Some(nearest), .. })
            | Self::UnknownParty { nearest: Some(nearest), .. }
            | Self::UnknownCommand { nearest: Some(nearest), .. } => {
                Some(format!("did you mean `{nearest}`?"))
            }
            Self::UnknownParty { known: [first, second], .. } => {
                Some(format!("the parties are `{first}` and `{second}`"))
            }
            Self::Hook(error) => error.help().map(str::to_owned),
            Self::Unmerged { .. } => Some("settle the conflict and `git add` the file".to_owned()),
            Self::NotStaged { .. } => Some("`git add` it first".to_owned()),
            Self::Exists { .. } => Some("`--force` writes over it".to_owned()),
            Self::InputAmongFiles => Some("name `-` alone".to_owned()),
            Self::OutsideConfig { .. } => {
                Some("`--config` names a file wherever it lies, `--isolated` reads none".to_owned())
            }
            Self::PartialBaseline { .. } => Some(
                "see what is said above; `--max-findings` and `--deadline` may help".to_owned(),
            ),
            Self::LargeInput { .. } => Some("`--max-bytes` sets the limit".to_owned()),
            #[cfg(feature = "http")]
            Self::Fetch(error) => error.help().map(str::to_owned),
            Self::UnknownRule(_) => Some("`treaty rules` lists them".to_owned()),
            _ => None,
        }
    }

    /// What went wrong, and why, in one sentence.
    pub(super) fn text(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let _ = write!(text, ", because {error}");
            cause = error.source();
        }
        text
    }

    /// Says on standard error what went wrong, why, and what to do: a line each, whatever a file
    /// or an argument is called.
    pub(super) fn print(&self) {
        let mut text = format!("error: {}\n", inline(&self.to_string()));
        let mut cause = self.source();
        while let Some(error) = cause {
            let _ = writeln!(text, "  because {}", inline(&error.to_string()));
            cause = error.source();
        }
        if let Some(help) = self.help() {
            let _ = writeln!(text, "  help: {}", inline(&help));
        }
        let _ = io::stderr().write_all(text.as_bytes());
    }
}
