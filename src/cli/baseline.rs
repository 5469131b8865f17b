//! Findings that were there before and do not count: those of a baseline file, and those of an
//! earlier revision.
//!
//! * **Shape.** A [`Baseline`] holds finding ids by document; paths are seen from the folder of
//!   the file, so that a run may begin anywhere.
//! * **Errors.** A file that cannot be read whole ends the run. A new one is written whole or not
//!   at all, and never from a run that was cut short.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    finding::Finding,
    report::{Report, write_json},
};

use super::{
    error::RunError,
    files::{normalize, read_file, shown},
    output::to_file,
};

/// A baseline larger than this is not read.
const BYTES_MAX: usize = 256 << 20;

/// What was known before.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    folder: PathBuf,
    current: PathBuf,
    /// The ids of each document, each with its rule.
    known: BTreeMap<String, BTreeMap<String, String>>,
}

/// The form of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form<'a> {
    version: u32,
    #[serde(borrow)]
    findings: Vec<Line<'a>>,
}

/// One finding of the file; the message is for whoever reads it.
#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    path: std::borrow::Cow<'a, str>,
    rule: std::borrow::Cow<'a, str>,
    id: std::borrow::Cow<'a, str>,
    #[serde(default)]
    message: std::borrow::Cow<'a, str>,
}

impl Baseline {
    /// Reads a file.
    pub(super) fn read(path: &Path, current: &Path) -> Result<Self, RunError> {
        let bytes = File::open(path)
            .and_then(|file| read_file(file, BYTES_MAX))
            .map_err(|source| RunError::Read { path: shown(path), source })?;
        let wrong = |reason: String| RunError::Baseline { path: shown(path), reason };
        let Some(bytes) = bytes else {
            return Err(wrong(format!("it has more than {BYTES_MAX} bytes")));
        };
        Self::parse(path, &bytes, current)
    }

    /// Reads what a file holds; paths begin at `current`.
    pub(super) fn parse(path: &Path, bytes: &[u8], current: &Path) -> Result<Self, RunError> {
        let wrong = |reason: String| RunError::Baseline { path: shown(path), reason };
        let form: Form<'_> =
            serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if form.version != 1 {
            return Err(wrong(format!("its version is {}, and this reads 1", form.version)));
        }
        let mut baseline = Self::beside(path, current);
        for line in form.findings {
            let ids = baseline.known.entry(line.path.into_owned()).or_default();
            ids.insert(line.id.into_owned(), line.rule.into_owned());
        }
        Ok(baseline)
    }

    fn beside(path: &Path, current: &Path) -> Self {
        let current = normalize(current);
        let folder = normalize(&current.join(path));
        let folder = folder.parent().map(Path::to_owned).unwrap_or_default();
        Self { folder, current, known: BTreeMap::new() }
    }

    /// A path of a report as the file names it.
    fn place(&self, path: &str) -> String {
        let path = normalize(&self.current.join(path));
        let mut up = PathBuf::new();
        for folder in self.folder.ancestors() {
            if let Ok(inner) = path.strip_prefix(folder) {
                return shown(&up.join(inner));
            }
            up.push("..");
        }
        shown(&path)
    }

    /// Whether a finding is in it.
    pub(super) fn has(&self, path: &str, id: &str) -> bool {
        self.known.get(&self.place(path)).is_some_and(|ids| ids.contains_key(id))
    }

    /// How many of its findings the verified documents no longer have, under the rules in force.
    pub(super) fn gone(
        &self,
        paths: &BTreeSet<String>,
        found: &BTreeSet<(String, String)>,
        is_in_force: impl Fn(&str) -> bool,
    ) -> usize {
        let still: BTreeSet<_> =
            found.iter().map(|(path, id)| (self.place(path), id.as_str())).collect();
        let paths: BTreeSet<_> = paths.iter().map(|path| self.place(path)).collect();
        let known = self.known.iter().filter(|(path, _)| paths.contains(*path));
        let ids = known.flat_map(|(path, ids)| ids.iter().map(move |(id, rule)| (path, id, rule)));
        ids.filter(|(path, id, rule)| {
            is_in_force(rule) && !still.contains(&((*path).clone(), id.as_str()))
        })
        .count()
    }
}

/// Writes the findings of a whole report as a baseline.
pub(super) fn write(path: &Path, report: &Report, current: &Path) -> Result<(), RunError> {
    if report.incomplete.is_some() || report.omitted > 0 {
        return Err(RunError::PartialBaseline { path: shown(path) });
    }
    let baseline = Baseline::beside(path, current);
    let line = |finding: &'_ Finding| Line {
        path: baseline.place(&finding.place.path).into(),
        rule: finding.rule.to_string().into(),
        id: finding.id.clone().into(),
        message: finding.message.clone().into(),
    };
    let mut findings: Vec<_> = report.findings.iter().map(line).collect();
    findings.sort();
    findings.dedup();
    let form = Form { version: 1, findings };
    to_file(path, |out| write_json(&form, out))
}
