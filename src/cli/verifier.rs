//! The verifier over the files of this machine, as `lint` and `fix` run it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    document::Limits,
    openapi::Description,
    report::{Keep, Part},
    ruleset::Ruleset,
    verify::{self, Lint},
};

use super::{
    error::RunError,
    files::{Files, normalize},
    inputs::Input,
    network::Network,
    options::{Deadline, InputOptions, LimitOptions},
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

    /// Verifies one document with all that it refers to.
    pub(super) fn verify(
        &self,
        input: &Input,
        ruleset: &Ruleset,
        changes: &Changes,
    ) -> Result<Part, RunError> {
        let loaded = self.load(input, changes)?;
        let lint = loaded.description().map(|it| self.lint(it, ruleset, self.findings_max));
        Ok(self.part(input, &loaded, lint))
    }

    /// What a report says of one document, given what was found in it where it was read.
    pub(super) fn part(&self, input: &Input, loaded: &Loaded, lint: Option<Lint>) -> Part {
        let mut part = Part::default();
        if let (Some(description), Some(lint)) = (loaded.description(), lint) {
            let Lint { findings, omitted, coverage, stopped } = lint;
            let documents = description.documents();
            part = Part::new(documents, findings, omitted, coverage, self.keep);
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

    /// Every finding of a description, up to a number.
    pub(super) fn lint(
        &self,
        description: &Description,
        ruleset: &Ruleset,
        findings_max: usize,
    ) -> Lint {
        let stop = || self.deadline.is_over();
        let options = verify::Options {
            findings_max,
            path_steps: self.path_steps,
            stop: &stop,
            ..verify::Options::default()
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

impl Loaded {
    /// The description, where there is one.
    pub(super) fn description(&self) -> Option<&Description> {
        match self {
            Self::Whole(description) | Self::Partly(description, _) => Some(description),
            Self::TooLarge | Self::TooLate => None,
        }
    }
}
