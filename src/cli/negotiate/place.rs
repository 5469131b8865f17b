//! Where a run lies: the contract repository and, beside it, the private records.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::charter::PartyName;

use super::{NegotiateError, Scenario};

/// The directory that holds runs whose place nobody named.
const DEFAULT: &str = "treaty-out";

/// The directories of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The contract repository.
    pub repository: PathBuf,
    /// The private records.
    pub private: PathBuf,
    /// The directory that is ours to keep out of an enclosing repository.
    pub ours: Option<PathBuf>,
}

impl Place {
    /// The place that the user named, or `treaty-out/<scenario>`.
    pub fn new(out: Option<&Path>, scenario: &Scenario) -> Result<Self, NegotiateError> {
        let ours = out.is_none().then(|| PathBuf::from(DEFAULT));
        let repository =
            out.map_or_else(|| Path::new(DEFAULT).join(&scenario.name), Path::to_owned);
        let private = with_suffix(&repository, ".private")
            .ok_or_else(|| NegotiateError::Out { path: repository.clone() })?;
        Ok(Self { repository, private, ours })
    }

    /// What a party alone may see.
    pub fn private_of(&self, party: &PartyName) -> PathBuf {
        self.private.join(party.as_str())
    }

    /// The first free place beside this one, for an earlier run.
    pub(super) fn aside(&self) -> Option<Self> {
        (1..10_000).find_map(|number| {
            let repository = with_suffix(&self.repository, &format!(".old-{number}"))?;
            let private = with_suffix(&repository, ".private")?;
            let free = !repository.exists() && !private.exists();
            free.then_some(Self { repository, private, ours: None })
        })
    }
}

/// A path whose last name has something more at its end.
fn with_suffix(path: &Path, suffix: &str) -> Option<PathBuf> {
    let mut name: OsString = path.file_name()?.to_owned();
    name.push(suffix);
    Some(path.with_file_name(name))
}
