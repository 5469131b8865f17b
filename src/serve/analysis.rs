//! One description, read and verified as the editor sees it.
//!
//! * **Shape.** [`analyse`] is what a worker does with a [`Task`]: texts that are open stand in
//!   place of files. What comes of it answers questions until one of its texts changes.
//! * **Errors.** Nothing where the task was stopped or its entry cannot be read.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use lsp_types::Uri;

use crate::{
    document::{Document, Limits, NodeRef},
    finding::Finding,
    openapi::{Description, NoFiles, Source},
    verify::Lint,
};

use super::{
    Host, Rules,
    text::{Encoding, Text},
    uri::normalize,
};

/// How many findings of one description an editor is shown, the gravest.
const FINDINGS_MAX: usize = 1_000;

/// What is open, by real path.
pub(super) type Open = BTreeMap<PathBuf, Buffer>;

/// A text that is open in the editor.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    /// As the editor names it.
    pub(super) uri: Uri,
    /// Which state of it.
    pub(super) version: i32,
    /// The file that it stands for; nothing of what was never saved.
    pub(super) path: Option<PathBuf>,
    pub(super) text: Arc<Text>,
}

/// A description to read and verify.
#[derive(Clone, Debug)]
pub(super) struct Task {
    /// The real path of the document where reading begins, and the one by which it is named.
    pub(super) entry: PathBuf,
    pub(super) path: PathBuf,
    /// The directory that no reference leaves; nothing for what was never saved.
    pub(super) root: Option<PathBuf>,
    pub(super) open: Open,
    pub(super) encoding: Encoding,
    /// Set when nobody wants the result any more.
    pub(super) stop: Arc<AtomicBool>,
}

/// One file of a description.
#[derive(Debug)]
pub(super) struct File {
    /// The path by which it is named.
    pub(super) path: PathBuf,
    /// The path without symbolic links.
    pub(super) real: PathBuf,
    pub(super) text: Arc<Text>,
    /// The state of the open text that was read; nothing where the file was.
    pub(super) version: Option<i32>,
}

impl File {
    /// Whether it is what is open now.
    pub(super) fn is_fresh(&self, open: &Open) -> bool {
        match open.get(&self.real) {
            // The very text: an editor may give two texts one version.
            Some(buffer) => self.version.is_some() && Arc::ptr_eq(&buffer.text, &self.text),
            None => self.version.is_none(),
        }
    }
}

/// What is known of one description.
#[derive(Debug)]
pub(super) struct Analysis {
    pub(super) task: Task,
    pub(super) description: Description,
    /// The files, in the order of the description's documents.
    pub(super) files: Vec<File>,
    pub(super) findings: Vec<Finding>,
    pub(super) rules: Arc<dyn Rules>,
    /// What is wrong with the configuration.
    pub(super) trouble: Option<String>,
}

impl Task {
    /// What the entry is called in findings: from the root where it lies below it.
    fn label(&self) -> String {
        let Some(root) = &self.root else { return "untitled".to_owned() };
        shown(self.path.strip_prefix(root).unwrap_or(&self.path))
    }

    /// Reads the description; `changed` stands in place of files and of what is open.
    pub(super) fn load(&self, host: &dyn Host, changed: &[(&Path, &str)]) -> Option<Description> {
        let mut texts: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        for (real, buffer) in &self.open {
            texts.insert(real.clone(), buffer.text.content().as_bytes().to_vec());
        }
        for (real, text) in changed {
            texts.insert((*real).to_owned(), text.as_bytes().to_vec());
        }
        let source = self.root.as_ref().map(|root| host.source(root, &texts)).transpose();
        let source: Box<dyn Source + '_> = source.ok()?.unwrap_or_else(|| Box::new(NoFiles));
        let label = self.label();
        let bytes = match texts.get(&self.entry) {
            Some(bytes) => bytes.clone(),
            None => source.read(&label).ok()?,
        };
        Some(Description::load(&label, bytes, &*source, &Limits::default()))
    }

    /// Verifies a description, until nobody wants to know.
    pub(super) fn lint(&self, description: &Description, rules: &dyn Rules, max: usize) -> Lint {
        rules.lint(description, max, &|| self.stop.load(Ordering::Relaxed))
    }

    /// The path of a document of the description.
    pub(super) fn path_of(&self, document: &Document, is_entry: bool) -> PathBuf {
        match &self.root {
            Some(root) if !is_entry => normalize(&root.join(document.path())),
            _ => self.path.clone(),
        }
    }
}

/// A path with `/`, as documents refer to each other.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

/// Reads and verifies a description.
pub(super) fn analyse(host: &dyn Host, task: Task) -> Option<Analysis> {
    let description = task.load(host, &[])?;
    let (rules, trouble) = host.rules(&task.path, task.root.as_deref());
    let lint = task.lint(&description, &*rules, FINDINGS_MAX);
    if lint.stopped {
        return None;
    }
    let files = description.documents().iter().enumerate().map(|(at, document)| {
        let path = task.path_of(document, at == 0);
        let real = if at == 0 { task.entry.clone() } else { host.real_path(&path) };
        let buffer = task.open.get(&real);
        let text = match buffer {
            Some(buffer) => buffer.text.clone(),
            None => Arc::new(Text::new(document.text().to_owned(), task.encoding)),
        };
        File { path, real, text, version: buffer.map(|buffer| buffer.version) }
    });
    let files = files.collect();
    Some(Analysis { files, findings: lint.findings, rules, trouble, description, task })
}

impl Analysis {
    /// The place of a file among its files.
    pub(super) fn slot(&self, real: &Path) -> Option<usize> {
        self.files.iter().position(|file| file.real == real)
    }

    /// The file that findings call by this path.
    pub(super) fn file(&self, path: &str) -> Option<&File> {
        let documents = self.description.documents().iter();
        let at = documents.into_iter().position(|document| document.path() == path)?;
        self.files.get(at)
    }

    /// The file in which a node stands.
    pub(super) fn file_of(&self, node: NodeRef<'_>) -> Option<&File> {
        self.files.get(self.description.slot(node))
    }

    /// The findings of one of its files.
    pub(super) fn findings_in(&self, slot: usize) -> impl Iterator<Item = &Finding> {
        let path = self.description.documents().get(slot).map(Document::path);
        self.findings.iter().filter(move |finding| Some(&*finding.place.path) == path)
    }
}
