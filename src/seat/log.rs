//! A party's private log: what its agent says beside its answers, and what became of it.
//!
//! * **Shape.** The agent's own bytes as they are, between them lines of ours that begin with
//!   `treaty: `. No key and no counterpart's draft is ever written here by us.
//! * **Errors.** None: a log that cannot be written must not cost a turn.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::PathBuf,
};

use crate::negotiate::one_line;

/// Where a party's log lies; it is made with its first line.
#[derive(Clone, Debug)]
pub struct PrivateLog {
    path: PathBuf,
}

impl PrivateLog {
    /// The log at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Writes a line of ours.
    pub(super) fn note(&self, text: &str) {
        let line = format!("treaty: {}\n", one_line(text));
        if let Some(mut file) = self.open() {
            let _ = file.write_all(line.as_bytes());
        }
    }

    /// The file, to add to.
    pub(super) fn open(&self) -> Option<File> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        options.open(&self.path).ok()
    }
}
