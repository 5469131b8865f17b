//! The tokens that an agent may still use.
//!
//! * **Shape.** A number in a file of the party's private directory, so that a run that is
//!   resumed goes on counting.
//! * **Errors.** None: what cannot be read counts from nothing, what cannot be written counts
//!   until the program ends.

use std::{fs, path::PathBuf};

/// Bytes of text that are at least one token, where a service does not count.
const BYTES_PER_TOKEN: u64 = 4;

/// A budget of tokens.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    used: Option<u64>,
    path: PathBuf,
}

impl Budget {
    /// A budget whose use is counted in a file.
    pub(super) fn new(most: u64, path: PathBuf) -> Self {
        Self { most, used: None, path }
    }

    /// The tokens that are left for the answer to a question of so many bytes.
    pub(super) fn left_after(&mut self, bytes: usize) -> u64 {
        let used = self.used();
        self.most.saturating_sub(used).saturating_sub(estimate(bytes))
    }

    /// Tokens were used: as many as the service says, or as the bytes must have been.
    pub(super) fn spend(&mut self, counted: Option<u64>, bytes: usize) {
        let used = self.used().saturating_add(counted.unwrap_or_else(|| estimate(bytes)));
        self.used = Some(used);
        #[expect(clippy::disallowed_methods, reason = "an agent's own count, beside its log")]
        let _ = fs::write(&self.path, format!("{used}\n"));
    }

    fn used(&mut self) -> u64 {
        let path = &self.path;
        *self.used.get_or_insert_with(|| {
            #[expect(clippy::disallowed_methods, reason = "an agent's own count, beside its log")]
            let text = fs::read_to_string(path).unwrap_or_default();
            text.trim().parse().unwrap_or(0)
        })
    }
}

fn estimate(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(BYTES_PER_TOKEN)
}
