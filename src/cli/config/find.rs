//! The configuration of each document.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    charter::CHARTER,
    cli::{
        error::RunError,
        files::{normalize, shown},
        inputs::Input,
        options::RuleOptions,
    },
    ruleset::Profile,
};

use super::{Config, ConfigFile};

/// A configuration larger than this is not read.
const FILE_BYTES_MAX: usize = 1 << 20;

/// Where the configuration comes from.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Rules")]
pub(in crate::cli) struct ConfigOptions {
    /// The configuration of every document, in place of the nearest `treaty.yaml` above it.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Read no `treaty.yaml`.
    #[arg(long)]
    isolated: bool,
}

/// The configurations of a run, and which documents each is about.
pub(in crate::cli) struct Configs {
    all: Vec<Config>,
    /// The configuration of the documents in a folder, by number.
    folders: BTreeMap<PathBuf, usize>,
    current: PathBuf,
}

impl Configs {
    /// Finds and reads the configuration of every document. Without a repository around it, a
    /// document has none above `root`, or above the current directory.
    pub(in crate::cli) fn of(
        inputs: &[Input],
        options: &ConfigOptions,
        rules: &RuleOptions,
        current: &Path,
        root: Option<&Path>,
    ) -> Result<Self, RunError> {
        let mut found =
            Self { all: Vec::new(), folders: BTreeMap::new(), current: normalize(current) };
        let mut known: BTreeMap<Option<PathBuf>, usize> = BTreeMap::new();
        let root = root.map(|root| normalize(&current.join(root)));
        for folder in inputs.iter().map(|input| found.folder(input)).collect::<Vec<_>>() {
            if found.folders.contains_key(&folder) {
                continue;
            }
            let path = match &options.config {
                Some(path) => Some(normalize(&current.join(path))),
                None if options.isolated => None,
                None => nearest(&folder, root.as_deref(), &found.current)?,
            };
            let at = if let Some(at) = known.get(&path) {
                *at
            } else {
                found.all.push(read(path.as_deref(), rules, &found.current)?);
                known.insert(path, found.all.len() - 1);
                found.all.len() - 1
            };
            found.folders.insert(folder, at);
        }
        if found.all.is_empty() {
            found.all.push(read(None, rules, &found.current)?);
        }
        Ok(found)
    }

    fn folder(&self, input: &Input) -> PathBuf {
        normalize(&self.current.join(input.folder()))
    }

    /// The configuration of a document, by number.
    pub(in crate::cli) fn number(&self, input: &Input) -> usize {
        self.folders.get(&self.folder(input)).copied().unwrap_or_default()
    }

    /// The configuration of a document.
    pub(in crate::cli) fn get(&self, input: &Input) -> &Config {
        self.all.get(self.number(input)).expect("every document has a configuration")
    }

    /// The configuration of a document by its path in a report: of one that only others refer to,
    /// that of the nearest folder around it that has one.
    pub(in crate::cli) fn at(&self, path: &str) -> &Config {
        let path = normalize(&self.current.join(path));
        let number = path.ancestors().skip(1).find_map(|folder| self.folders.get(folder));
        let number = number.copied().unwrap_or_default();
        self.all.get(number).expect("there is always a configuration")
    }

    /// All of them.
    pub(in crate::cli) fn all(&self) -> &[Config] {
        &self.all
    }

    /// The digest of all that decides what is found.
    pub(in crate::cli) fn sha256(&self) -> String {
        super::sha256_of(&self.all)
    }
}

/// The nearest `treaty.yaml` at or above a folder.
fn nearest(
    folder: &Path,
    root: Option<&Path>,
    current: &Path,
) -> Result<Option<PathBuf>, RunError> {
    let top = folder.ancestors().find(|folder| folder.join(".git").exists());
    let root = root.unwrap_or(current);
    let limit = top.unwrap_or(if folder.starts_with(root) { root } else { folder });
    let mut above = folder.ancestors().take_while(|folder| folder.starts_with(limit));
    let found = above.find_map(|folder| Some(folder.join(CHARTER)).filter(|path| path.is_file()));
    match found {
        Some(path) if !lies_within(&path, limit) => {
            Err(RunError::OutsideConfig { path: shown(&path) })
        }
        found => Ok(found),
    }
}

/// Whether a file lies in a folder, wherever links lead.
fn lies_within(path: &Path, folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(path).starts_with(real(folder))
}

fn read(path: Option<&Path>, rules: &RuleOptions, current: &Path) -> Result<Config, RunError> {
    let Some(path) = path else {
        return Config::new(None, Profile::Recommended, rules, current);
    };
    let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
    let name = |path: &Path| shown(path.strip_prefix(current).unwrap_or(path));
    let bytes = |path: &Path| -> Result<Vec<u8>, RunError> {
        let bytes = Input::named(path, &name(path)).read(FILE_BYTES_MAX + 1)?;
        // What is larger is said to be so by whoever reads it.
        Ok(bytes.unwrap_or_else(|| vec![b' '; FILE_BYTES_MAX + 1]))
    };
    let beside = |name: &str| {
        let path = folder.join(name);
        if !path.is_file() {
            return Ok(None);
        }
        if !lies_within(&path, &folder) {
            return Err(RunError::OutsideConfig { path: shown(&path) });
        }
        bytes(&path).map(Some)
    };
    let file = ConfigFile {
        path: name(path),
        bytes: bytes(path)?,
        folder: folder.clone(),
        beside: &beside,
    };
    Config::new(Some(file), Profile::Recommended, rules, current)
}
