//! Repairing the documents of one cluster.

use std::path::PathBuf;

use crate::{
    cli::{
        config::{Config, Configs},
        error::RunError,
        inputs::Input,
        verifier::{Changes, Verifier},
    },
    document::TextEdit,
    finding::{Bar, Finding, Repaired, Safety, Wanted},
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
    /// What is in force for each document.
    pub(super) rules: Rules,
    pub(super) args: &'a Args,
}

/// The rules of a run.
pub(super) struct Rules {
    /// The rules whose fixes are wanted, and that report.
    pub(super) configs: Configs,
    /// The rules by which a change is judged, for each configuration.
    pub(super) guards: Vec<Ruleset>,
}

impl Rules {
    /// What is in force for a document, and the rules by which a change of it is judged.
    pub(super) fn of(&self, input: &Input) -> (&Config, &Ruleset) {
        let config = self.configs.get(input);
        let guard = self.guards.get(self.configs.number(input));
        (config, guard.unwrap_or(&config.ruleset))
    }
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
            let (config, findings_max) =
                (self.rules.configs.get(input), self.args.limits.max_findings);
            self.verifier.lint(description, config, &config.ruleset, findings_max)
        });
        let findings = lint.iter().flat_map(|lint| &lint.findings);
        let is_fixable = findings.clone().any(|finding| self.wants(finding));
        let documents = loaded.description().map_or(&[][..], |it| it.documents()).iter();
        let mut files = vec![input.real_path()];
        files.extend(documents.skip(1).map(|document| self.verifier.real_path(document.path())));
        Ok(First { part: self.verifier.part(input, &loaded, lint), files, is_fixable })
    }

    /// Whether a fix of a finding is wanted, by the rules of the finding's document.
    fn wants(&self, finding: &Finding) -> bool {
        self.args.wants(finding, &self.rules.configs.at(&finding.place.path).ruleset)
    }

    /// Repairs the documents of one cluster, in memory.
    pub(super) fn mend(&self, cluster: &[usize]) -> Done {
        let inputs: Vec<_> = cluster.iter().filter_map(|at| self.inputs.get(*at)).collect();
        let mut documents =
            Documents::new(self.verifier, &self.rules, inputs.clone(), &self.untouched);
        let mut repaired = Repaired::default();
        let is_chosen = |finding: &_| self.wants(finding);
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
            let config = self.rules.configs.get(input);
            let part = self.verifier.verify(input, config, &changes).map(|it| it.part);
            parts.push((*at, part));
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
