//! Repairing the documents of one cluster.

use std::path::PathBuf;

use crate::{
    cli::{
        error::RunError,
        inputs::Input,
        verifier::{Changes, Verifier},
    },
    document::TextEdit,
    finding::{Bar, Repaired, Safety, Wanted},
    report::Part,
    ruleset::{READING, Ruleset},
};

use super::{
    Args,
    bench::{Documents, Tally},
};

/// What the documents of one run are repaired with.
pub(super) struct Mender<'a> {
    pub(super) verifier: &'a Verifier<'a>,
    pub(super) inputs: &'a [Input],
    /// What stands in place of files from the beginning: standard input.
    pub(super) untouched: Changes,
    /// The rules by which a change is judged.
    pub(super) guard: Ruleset,
    /// The rules whose fixes are wanted, and that report.
    pub(super) chosen: Ruleset,
    pub(super) args: &'a Args,
}

/// A document as it was before anything was repaired.
pub(super) struct First {
    part: Part,
    files: Vec<PathBuf>,
    is_fixable: bool,
}

impl First {
    /// The paths of all its files, without symbolic links.
    pub(super) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Whether there is something to do.
    pub(super) fn is_fixable(&self) -> bool {
        self.is_fixable
    }

    /// What a report says of it.
    pub(super) fn into_part(self) -> Part {
        self.part
    }
}

/// What was done in all.
#[derive(Default)]
pub(super) struct Mended {
    /// The files that change, by path.
    pub(super) changed: Vec<Changed>,
    /// How many fixes were held back because they would bring something to light.
    pub(super) held: usize,
    /// The time was over before all was tried.
    pub(super) stopped: bool,
}

impl Mended {
    pub(super) fn add(&mut self, other: Self) {
        self.changed.extend(other.changed);
        self.held += other.held;
        self.stopped |= other.stopped;
    }
}

/// A file with its old text and its new one.
pub(super) struct Changed {
    /// Its path without symbolic links.
    pub(super) real: PathBuf,
    /// Its path as reports show it.
    pub(super) path: String,
    pub(super) before: String,
    pub(super) after: String,
    /// The edits, pass by pass.
    pub(super) passes: Vec<Vec<TextEdit>>,
    /// How many findings of each rule are gone.
    pub(super) fixed: Tally,
}

/// A cluster that is done: what was done, and what remains in each of its documents.
pub(super) struct Done {
    pub(super) mended: Mended,
    pub(super) parts: Vec<(usize, Result<Part, RunError>)>,
}

impl Mender<'_> {
    /// Looks at one document before anything is repaired.
    pub(super) fn look(&self, input: &Input) -> Result<First, RunError> {
        let loaded = self.verifier.load(input, &self.untouched)?;
        let lint = loaded.description().map(|description| {
            let findings_max = self.args.limits.max_findings;
            self.verifier.lint(description, &self.chosen, findings_max)
        });
        let findings = lint.iter().flat_map(|lint| &lint.findings);
        let is_fixable = findings.clone().any(|finding| self.args.wants(finding, &self.chosen));
        let documents = loaded.description().map_or(&[][..], |it| it.documents()).iter();
        let mut files = vec![input.real_path()];
        files.extend(documents.skip(1).map(|document| self.verifier.real_path(document.path())));
        Ok(First { part: self.verifier.part(input, &loaded, lint), files, is_fixable })
    }

    /// Repairs the documents of one cluster, in memory.
    pub(super) fn mend(&self, cluster: &[usize]) -> Done {
        let inputs: Vec<_> = cluster.iter().filter_map(|at| self.inputs.get(*at)).collect();
        let mut documents =
            Documents::new(self.verifier, &self.guard, inputs.clone(), &self.untouched);
        let mut repaired = Repaired::default();
        let is_chosen = |finding: &_| self.args.wants(finding, &self.chosen);
        let safe = Wanted { finding: &is_chosen, safety: Safety::Safe, bar: Bar::Clean };
        repaired.repair(&mut documents, &safe);
        if self.args.unsafe_fixes && !repaired.stopped {
            let ruin = [&READING[..], &["duplicate-key"]].concat();
            let bar = Bar::Without(&ruin);
            let safety = Safety::NeedsReview;
            repaired.repair(&mut documents, &Wanted { finding: &is_chosen, safety, bar });
        }
        let changes = documents.changes(&repaired.texts);
        let mut parts = Vec::new();
        for (at, input) in cluster.iter().zip(inputs) {
            parts.push((*at, self.verifier.verify(input, &self.chosen, &changes)));
        }
        if let (Some(error), Some(first)) = (documents.error.take(), parts.first_mut()) {
            first.1 = Err(error);
        }
        Done { mended: mended(documents, repaired), parts }
    }
}

fn mended(documents: Documents<'_>, repaired: Repaired) -> Mended {
    let mut changed = Vec::new();
    let Repaired { mut texts, passes, fixed, held, stopped } = repaired;
    for (number, file) in documents.files.into_iter().enumerate() {
        let Some(after) = texts.remove(&number).filter(|after| *after != file.text) else {
            continue;
        };
        let own = passes.iter().filter_map(|pass| pass.get(&number).cloned());
        let mut tally = Tally::new();
        for (rule, _) in fixed.iter().filter(|(_, file)| *file == number) {
            *tally.entry(rule.to_string()).or_default() += 1;
        }
        changed.push(Changed {
            real: file.real,
            path: file.path,
            before: file.text,
            after,
            passes: own.collect(),
            fixed: tally,
        });
    }
    Mended { changed, held, stopped }
}
