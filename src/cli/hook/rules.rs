//! The configuration of each document of the index, and the baseline: as they are staged.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    charter::CHARTER,
    cli::{
        baseline::Baseline,
        config::{Config, ConfigFile},
        error::RunError,
        files::{normalize, shown},
        options::RuleOptions,
    },
    git::{Blob, FileKind, Staged},
    ruleset::Profile,
};

use super::index::path_bytes;

/// A configuration larger than this is not read.
const CONFIG_BYTES_MAX: u64 = 1 << 20;
/// A baseline larger than this is not read.
const BASELINE_BYTES_MAX: u64 = 256 << 20;

/// The configurations of an index.
pub(super) struct StagedConfigs<'a> {
    staged: &'a Staged,
    all: Vec<Config>,
    known: BTreeMap<Option<PathBuf>, usize>,
    folders: BTreeMap<PathBuf, usize>,
}

impl<'a> StagedConfigs<'a> {
    pub(super) fn new(staged: &'a Staged) -> Self {
        Self { staged, all: Vec::new(), known: BTreeMap::new(), folders: BTreeMap::new() }
    }

    /// Finds the configuration of a document: the nearest one above it in the index.
    pub(super) fn find(&mut self, document: &str) -> Result<usize, RunError> {
        let folder = Path::new(document).parent().unwrap_or(Path::new("")).to_owned();
        if let Some(number) = self.folders.get(&folder) {
            return Ok(*number);
        }
        let mut above = folder.ancestors().map(|folder| folder.join(CHARTER));
        let path = above.find(|path| {
            let file = self.staged.file(&path_bytes(path));
            file.is_some_and(|file| file.kind == FileKind::Regular)
        });
        let number = if let Some(number) = self.known.get(&path) {
            *number
        } else {
            self.all.push(self.read(path.as_deref())?);
            self.known.insert(path, self.all.len() - 1);
            self.all.len() - 1
        };
        self.folders.insert(folder, number);
        Ok(number)
    }

    fn read(&self, path: Option<&Path>) -> Result<Config, RunError> {
        let options = RuleOptions::default();
        let top = Path::new("/");
        let Some(path) = path else {
            return Config::new(None, Profile::Recommended, &options, top);
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = |name: &str| bytes(self.staged, &folder.join(name), CONFIG_BYTES_MAX);
        let file = ConfigFile {
            path: shown(path),
            bytes: bytes(self.staged, path, CONFIG_BYTES_MAX)?.unwrap_or_default(),
            folder: normalize(&top.join(folder)),
            beside: &beside,
        };
        Config::new(Some(file), Profile::Recommended, &options, top)
    }

    /// A configuration that was found.
    pub(super) fn get(&self, number: usize) -> Option<&Config> {
        self.all.get(number)
    }

    /// All that were found, or the one that is in force where there is none.
    pub(super) fn into_all(mut self) -> Result<Vec<Config>, RunError> {
        if self.all.is_empty() {
            self.find("")?;
        }
        Ok(self.all)
    }
}

/// The baseline at a path, seen from the current directory, as it is staged.
pub(super) fn baseline(staged: &Staged, path: &Path) -> Result<Baseline, RunError> {
    let inner = normalize(&staged.prefix()?.join(path));
    let bytes = bytes(staged, &inner, BASELINE_BYTES_MAX)?;
    let bytes = bytes.ok_or_else(|| RunError::NotStaged { path: shown(path) })?;
    Baseline::parse(&inner, &bytes, Path::new("/"))
}

/// What a file of the index holds; nothing where there is none.
fn bytes(staged: &Staged, path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, RunError> {
    let file = staged.file(&path_bytes(path));
    let Some(file) = file.filter(|file| file.kind == FileKind::Regular) else { return Ok(None) };
    match staged.read(&file.id, bytes_max)? {
        Blob::Bytes(bytes) => Ok(Some(bytes)),
        Blob::TooLarge => Err(RunError::LargeFile { path: shown(path), bytes_max }),
        Blob::Absent => Err(RunError::AbsentFile { path: shown(path) }),
    }
}
