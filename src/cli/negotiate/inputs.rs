//! The inputs of a run: the charter and the two mandates, read whole before anything else.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    charter::{CHARTER, Charter, PartyIndex},
    document::sha256_hex,
};

use super::NegotiateError;

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct Mandate {
    /// The file as the user knows it.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a run is about.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The name of the directory that it lies in.
    pub name: String,
    /// The charter's file as the user knows it.
    pub charter_path: String,
    /// The charter.
    pub charter: Charter,
    /// Its bytes.
    pub charter_bytes: Vec<u8>,
    /// The mandates of the two parties.
    pub mandates: [Mandate; 2],
}

impl Scenario {
    /// Reads a charter, or the one of a directory, and the mandates beside it.
    pub fn read(named: &Path) -> Result<Self, NegotiateError> {
        let path = if named.is_dir() { named.join(CHARTER) } else { named.to_owned() };
        let remedy = format!("name a charter, or a directory that holds `{CHARTER}`");
        let charter_bytes = read(&path, &remedy)?;
        let charter_path = shown(&path);
        let charter = Charter::parse(&charter_path, &charter_bytes)?;
        let directory = path.parent().unwrap_or(Path::new(""));
        let mandate = |party: PartyIndex| {
            let name = &charter.party(party).name;
            let path = directory.join(format!("{name}.mandate.yaml"));
            let bytes = read(&path, &format!("write the mandate of `{name}` there"))?;
            Ok::<_, NegotiateError>(Mandate { path: shown(&path), bytes })
        };
        let mandates = [mandate(PartyIndex::First)?, mandate(PartyIndex::Second)?];
        let name = scenario_name(&path);
        Ok(Self { name, charter_path, charter, charter_bytes, mandates })
    }

    /// The digest of the charter.
    pub fn charter_sha256(&self) -> String {
        sha256_hex(&self.charter_bytes)
    }

    /// The digest of a party's mandate.
    pub fn mandate_sha256(&self, party: PartyIndex) -> String {
        sha256_hex(&party.of(&self.mandates).bytes)
    }
}

fn read(path: &Path, remedy: &str) -> Result<Vec<u8>, NegotiateError> {
    let error =
        |source| NegotiateError::Read { path: path.to_owned(), remedy: remedy.to_owned(), source };
    if path.metadata().map_err(error)?.is_file() {
        #[expect(clippy::disallowed_methods, reason = "files are read in `cli` and `git` alone")]
        return fs::read(path).map_err(error);
    }
    Err(error(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file")))
}

/// A path with `/`.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") }
}

/// The name of the directory that the charter lies in, or of the charter, if it has another
/// name than all charters have.
fn scenario_name(path: &Path) -> String {
    let stem = path.file_stem().map(|it| it.to_string_lossy().into_owned());
    let usual = path.file_name().is_some_and(|name| name == CHARTER);
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let directory: Option<PathBuf> = parent.canonicalize().ok();
    let name = directory.as_deref().and_then(Path::file_name);
    let name = name.map(|it| it.to_string_lossy().into_owned());
    let name = if usual { name } else { stem.filter(|it| !it.is_empty()).or(name) };
    name.unwrap_or_else(|| "scenario".to_owned())
}
