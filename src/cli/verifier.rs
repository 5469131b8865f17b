//! The verifier over the files of this machine, as `lint` and `fix` run it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    charter::Date,
    document::Limits,
    finding::Finding,
    openapi::Description,
    report::{Keep, Part},
    ruleset::Ruleset,
    verify::{self, Lint, Scope},
};

use super::{
    baseline::Baseline,
    config::Config,
    earlier::Earlier,
    error::RunError,
    files::{Files, normalize},
    inputs::Input,
    network::Network,
    options::{Deadline, InputOptions, LimitOptions},
    stopwatch::Stopwatch,
};

/// Texts that stand in place of files, by the files' real paths.
pub(super) type Changes = BTreeMap<PathBuf, Vec<u8>>;

/// What is the same for every document of a run.
#[derive(Debug)]
pub(super) struct Verifier<'a> {
    root: Option<&'a Path>,
    /// Where relative paths start.
    current: PathBuf,
    limits: Limits,
    findings_max: usize,
    path_steps: usize,
    deadline: Deadline,
    keep: Keep,
    network: Option<&'a Network>,
    today: Option<Date>,
    past: Option<&'a Past>,
    watch: Option<&'a Stopwatch>,
}

/// Findings that were there before.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) baseline: Option<Baseline>,
    pub(super) earlier: Option<Earlier>,
}

impl Past {
    /// Whether the baseline holds a finding.
    pub(super) fn has(&self, path: &str, id: &str) -> bool {
        self.baseline.as_ref().is_some_and(|baseline| baseline.has(path, id))
    }
}

/// The ids of findings, by their documents' paths.
type Ids = BTreeSet<(String, String)>;

/// What was found in one document.
#[derive(Default)]
pub(super) struct Verified {
    /// What a report says of it.
    pub(super) part: Part,
    /// The waivers of its configuration that it needs, by number.
    pub(super) waivers: BTreeSet<usize>,
    /// The waivers in documents that it needs, and those that it does not.
    pub(super) needed: Ids,
    pub(super) unused: Vec<((String, String), Part)>,
}

/// A document with all that it refers to, or why it was not read.
pub(super) enum Loaded {
    /// It was read.
    Whole(Box<Description>),
    /// A file that it refers to is larger than the limit.
    Partly(Box<Description>, String),
    /// The document itself is larger than the limit.
    TooLarge,
    /// The time was over.
    TooLate,
}

impl<'a> Verifier<'a> {
    /// A verifier under the options of a command; `--root` must be a directory.
    pub(super) fn new(inputs: &'a InputOptions, limits: &LimitOptions) -> Result<Self, RunError> {
        let verifier = Self {
            root: inputs.root.as_deref(),
            current: std::env::current_dir().map_err(RunError::CurrentDirectory)?,
            limits: limits.document(),
            findings_max: limits.max_findings,
            path_steps: limits.max_path_steps,
            deadline: limits.deadline(),
            keep: Keep::default(),
            network: None,
            today: None,
            past: None,
            watch: None,
        };
        if let Some(root) = verifier.root {
            verifier.under(root, &Changes::new())?;
        }
        Ok(verifier)
    }

    /// The same verifier, whose reports keep parts of the documents.
    pub(super) fn keeping(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// The same verifier, which may see a part of the network.
    pub(super) fn fetching(self, network: &'a Network) -> Self {
        Self { network: Some(network), ..self }
    }

    /// The same verifier on some day.
    pub(super) fn on(self, today: Date) -> Self {
        Self { today: Some(today), ..self }
    }

    /// The same verifier, for which what was there before does not count.
    pub(super) fn knowing(self, past: &'a Past) -> Self {
        Self { past: Some(past), ..self }
    }

    /// The same verifier, whose parts are timed.
    pub(super) fn timed_by(self, watch: Option<&'a Stopwatch>) -> Self {
        Self { watch, ..self }
    }

    /// Verifies one document with all that it refers to.
    pub(super) fn verify(
        &self,
        input: &Input,
        config: &Config,
        changes: &Changes,
    ) -> Result<Verified, RunError> {
        let laps = self.watch.map(Stopwatch::start);
        if let Some(laps) = &laps {
            laps.begins("reading");
        }
        let loaded = self.load(input, changes)?;
        drop(laps);
        let Some(description) = loaded.description() else {
            let part = self.part(input, &loaded, None);
            return Ok(Verified { part, ..Verified::default() });
        };
        let earlier = self.earlier(input, config)?;
        let known = earlier.as_ref();
        let lint = self.judge(description, config, &config.ruleset, self.findings_max, known);
        let Lint { used, .. } = &lint;
        let (waivers, needed) = (used.waivers.clone(), used.allowances.clone());
        let is_known = |finding: &&Finding| {
            let place = key(finding);
            let has = |past: &Past| past.has(&place.0, &place.1);
            known.is_some_and(|ids| ids.contains(&place)) || self.past.is_some_and(has)
        };
        let (old, new): (Vec<_>, Vec<_>) = lint.unused.iter().partition(is_known);
        let unused = new.into_iter().map(|finding| {
            let place = (finding.place.path.to_string(), finding.place.pointer.clone());
            let document = description.documents().iter().find(|it| it.path() == place.0);
            let part = document.map(|it| Part::beside(it, vec![finding.clone()], self.keep));
            (place, part.unwrap_or_default())
        });
        let (unused, old): (_, Ids) = (unused.collect(), old.into_iter().map(key).collect());
        let mut part = self.part(input, &loaded, Some(lint));
        part.leave_out(Ids::new(), old);
        Ok(Verified { part, waivers, needed, unused })
    }

    /// What was found in the document as it was in an earlier revision.
    fn earlier(&self, input: &Input, config: &Config) -> Result<Option<Ids>, RunError> {
        let Some(earlier) = self.past.and_then(|past| past.earlier.as_ref()) else {
            return Ok(None);
        };
        earlier.findings(input, &self.limits, |description| {
            let lint = self.judge(description, config, &config.ruleset, usize::MAX, None);
            [lint.findings, lint.unused].concat()
        })
    }

    /// What a report says of one document, given what was found in it where it was read.
    pub(super) fn part(&self, input: &Input, loaded: &Loaded, lint: Option<Lint>) -> Part {
        let mut part = Part::default();
        if let (Some(description), Some(lint)) = (loaded.description(), lint) {
            let Lint { findings, omitted, coverage, stopped, used, .. } = lint;
            let documents = description.documents();
            part = Part::new(documents, findings, omitted, coverage, self.keep);
            part.leave_out(used.waived, used.known);
            if let Loaded::Partly(_, path) = loaded {
                part.incomplete("max-bytes", Some(path));
            }
            if stopped {
                part.incomplete("deadline", Some(&input.path));
            }
        }
        match loaded {
            Loaded::TooLarge => part.incomplete("max-bytes", Some(&input.path)),
            Loaded::TooLate => part.incomplete("deadline", Some(&input.path)),
            Loaded::Whole(_) | Loaded::Partly(..) => {}
        }
        part
    }

    /// Every finding of a description by some rules, up to a number; the places are judged as a
    /// configuration says.
    pub(super) fn lint(
        &self,
        description: &Description,
        config: &Config,
        ruleset: &Ruleset,
        findings_max: usize,
    ) -> Lint {
        self.judge(description, config, ruleset, findings_max, None)
    }

    fn judge(
        &self,
        description: &Description,
        config: &Config,
        ruleset: &Ruleset,
        findings_max: usize,
        earlier: Option<&Ids>,
    ) -> Lint {
        let stop = || self.deadline.is_over();
        let place = |path: &str| config.place(path);
        let baseline = self.past.and_then(|past| past.baseline.as_ref());
        let known = |path: &str, id: &str| {
            baseline.is_some_and(|it| it.has(path, id))
                || earlier.is_some_and(|ids| ids.contains(&(path.to_owned(), id.to_owned())))
        };
        let known: &dyn Fn(&str, &str) -> bool = &known;
        let has_past = baseline.is_some() || earlier.is_some();
        let laps = self.watch.map(Stopwatch::start);
        let begins = |name| laps.iter().for_each(|laps| laps.begins(name));
        let scope = Scope {
            directives: Some(&config.directives),
            place: Some(&place),
            today: self.today,
            known: has_past.then_some(known),
            ..Scope::default()
        };
        let options = verify::Options {
            findings_max,
            path_steps: self.path_steps,
            formats: config.formats(),
            scope,
            begins: &begins,
            stop: &stop,
        };
        verify::lint(description, ruleset, &options)
    }

    /// Reads one document with all that it refers to.
    pub(super) fn load(&self, input: &Input, changes: &Changes) -> Result<Loaded, RunError> {
        if self.deadline.is_over() {
            return Ok(Loaded::TooLate);
        }
        let stand_in = if changes.is_empty() { None } else { changes.get(&input.real_path()) };
        let bytes = match stand_in {
            Some(bytes) => bytes.clone(),
            None => match input.read(self.limits.file_bytes)? {
                Some(bytes) => bytes,
                None => return Ok(Loaded::TooLarge),
            },
        };
        let files = self.files(input, changes)?;
        let description = Box::new(Description::load(&input.path, bytes, &files, &self.limits));
        Ok(match files.too_large() {
            Some(path) => Loaded::Partly(description, path),
            None => Loaded::Whole(description),
        })
    }

    /// The path of a file that a description names, without symbolic links.
    pub(super) fn real_path(&self, path: &str) -> PathBuf {
        let path = normalize(&self.current.join(path));
        path.canonicalize().unwrap_or(path)
    }

    /// Where relative paths start.
    pub(super) fn current(&self) -> &Path {
        &self.current
    }

    /// The most bytes that a file may have.
    pub(super) fn bytes_max(&self) -> usize {
        self.limits.file_bytes
    }

    /// The files that a document may refer to.
    fn files<'f>(&'f self, input: &Input, changes: &'f Changes) -> Result<Files<'f>, RunError> {
        let folder = normalize(&self.current.join(input.folder()));
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        let is_here = self.current.canonicalize().is_ok_and(|current| real.starts_with(current));
        let root = match self.root {
            Some(root) => root,
            None if is_here || !real.is_dir() => &self.current,
            None => &folder,
        };
        self.under(root, changes)
    }

    fn under<'f>(&'f self, root: &Path, changes: &'f Changes) -> Result<Files<'f>, RunError> {
        Files::under(root, &self.current, self.limits.file_bytes)
            .map(|files| files.with(changes).beside(self.network))
            .map_err(|source| RunError::Root { path: root.to_owned(), source })
    }
}

/// A finding by its document's path and its id.
fn key(finding: &Finding) -> (String, String) {
    (finding.place.path.to_string(), finding.id.clone())
}

impl Loaded {
    /// The description, where there is one.
    pub(super) fn description(&self) -> Option<&Description> {
        match self {
            Self::Whole(description) | Self::Partly(description, _) => Some(description),
            Self::TooLarge | Self::TooLate => None,
        }
    }
}
