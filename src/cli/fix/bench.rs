//! Where fixes are tried: a few documents with all that they refer to, and texts in memory.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

use crate::{
    cli::{
        error::RunError,
        inputs::Input,
        verifier::{Changes, Loaded, Verifier},
    },
    document::Document,
    finding::{Bench, Found, Texts},
    openapi::Description,
};

use super::{is_standard_input, mend::Rules};

/// The documents of one cluster.
pub(super) struct Documents<'a> {
    pub(super) verifier: &'a Verifier<'a>,
    pub(super) rules: &'a Rules,
    pub(super) inputs: Vec<&'a Input>,
    /// What stands in place of files from the beginning: standard input.
    pub(super) untouched: &'a Changes,
    /// The files that fixes want to edit.
    pub(super) files: Vec<File>,
    /// The number of a file by the name that findings give it; nothing where it stays as it is.
    numbers: HashMap<String, Option<usize>>,
    /// Why nothing more can be tried.
    pub(super) error: Option<RunError>,
}

/// A file that may be edited.
pub(super) struct File {
    /// Its path without symbolic links.
    pub(super) real: PathBuf,
    /// Its path as reports show it.
    pub(super) path: String,
    /// Its text before any change.
    pub(super) text: String,
}

impl<'a> Documents<'a> {
    pub(super) fn new(
        verifier: &'a Verifier<'a>,
        rules: &'a Rules,
        inputs: Vec<&'a Input>,
        untouched: &'a Changes,
    ) -> Self {
        let (files, numbers) = (Vec::new(), HashMap::new());
        Self { verifier, rules, inputs, untouched, files, numbers, error: None }
    }

    /// The texts as the verifier reads them in place of files.
    pub(super) fn changes(&self, texts: &Texts) -> Changes {
        let mut changes = self.untouched.clone();
        let own = texts.iter().filter_map(|(number, text)| Some((self.files.get(*number)?, text)));
        changes.extend(own.map(|(file, text)| (file.real.clone(), text.clone().into_bytes())));
        changes
    }

    /// What is found in one description; nothing when there is no more time.
    fn look(&mut self, input: &Input, changes: &Changes) -> Option<Found> {
        let description = match self.verifier.load(input, changes) {
            Ok(Loaded::Whole(description) | Loaded::Partly(description, _)) => description,
            Ok(Loaded::TooLarge) => return Some(Found::default()),
            Ok(Loaded::TooLate) => return None,
            Err(error) => {
                self.error = Some(error);
                return None;
            }
        };
        let (config, guard) = self.rules.of(input);
        let lint = self.verifier.lint(&description, config, guard, usize::MAX);
        if lint.stopped {
            return None;
        }
        let fixes = lint.findings.iter().filter_map(|finding| finding.fix.as_ref());
        for edit in fixes.flat_map(|fix| &fix.edits) {
            if !self.numbers.contains_key(&*edit.path) {
                let number = self.register(input, &description, &edit.path);
                self.numbers.insert(edit.path.to_string(), number);
            }
        }
        Some(Found { findings: lint.findings, omitted: lint.omitted.total() })
    }

    /// The number of a file that a fix wants to edit.
    fn register(&mut self, input: &Input, description: &Description, path: &str) -> Option<usize> {
        let documents = description.documents();
        let document = documents.iter().find(|document| document.path() == path)?;
        let real = if description.entry().path() == path {
            input.real_path()
        } else {
            self.verifier.real_path(path)
        };
        // Beside standard input nothing is written, and what is no UTF-8 would not survive.
        if input.is_stdin() != is_standard_input(&real) || !is_text(document) {
            return None;
        }
        if let Some(known) = self.files.iter().position(|file| file.real == real) {
            return Some(known);
        }
        let text = document.text().to_owned();
        self.files.push(File { real, path: path.to_owned(), text });
        Some(self.files.len() - 1)
    }
}

/// Whether the text of a document is all of its bytes.
fn is_text(document: &Document) -> bool {
    document.bytes() == document.text().as_bytes()
}

impl Bench for Documents<'_> {
    fn find(&mut self, texts: &Texts) -> Option<Vec<Found>> {
        let changes = self.changes(texts);
        let inputs = self.inputs.clone();
        inputs.into_iter().map(|input| self.look(input, &changes)).collect()
    }

    fn file(&self, path: &str) -> Option<usize> {
        self.numbers.get(path).copied().flatten()
    }

    fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.text)
    }
}

/// How often each rule was mended in a file.
pub(super) type Tally = BTreeMap<String, usize>;
