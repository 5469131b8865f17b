//! Carrying out fixes so that a document gets better and in no place worse.
//!
//! * **Shape.** [`Repaired::repair`] takes the fixes of what a [`Bench`] finds, tries those
//!   together that do not touch each other, and keeps what removes as many findings as it says
//!   and brings none that was not there; then it begins again, until no fix is left to keep.
//! * **Units.** Files are numbered by the bench; edits are those of one pass, against the texts
//!   that the passes before have left.
//! * **Errors.** A fix that would bring something new is held back, alone where it can be told.
//!
//! The last pass is the first one of the next run, so a second run changes nothing.

mod judge;

use std::{collections::BTreeMap, sync::Arc};

use crate::document::{Span, TextEdit, apply_edits};

use super::{Finding, Safety};

pub use judge::{Bar, Found};

/// How often fixes are looked for; each pass but the last carries out at least one.
const PASSES_MAX: usize = 64;

/// Texts of files, by the number of the file.
pub type Texts = BTreeMap<usize, String>;

/// Where fixes are tried.
pub trait Bench {
    /// What is found in each description while some files have other texts; nothing when the
    /// time is over.
    fn find(&mut self, changed: &Texts) -> Option<Vec<Found>>;

    /// The number of a file that a finding names; nothing where it must not be changed.
    fn file(&self, path: &str) -> Option<usize>;

    /// The text of a file before any change.
    fn text(&self, file: usize) -> &str;
}

/// Which fixes are wanted.
pub struct Wanted<'w> {
    /// Whether a finding is to be fixed at all.
    pub finding: &'w dyn Fn(&Finding) -> bool,
    /// The least safety that a fix has.
    pub safety: Safety,
    /// What a kept fix lives up to.
    pub bar: Bar<'w>,
}

impl std::fmt::Debug for Wanted<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Wanted").field("safety", &self.safety).finish_non_exhaustive()
    }
}

/// What was done.
#[derive(Debug, Default)]
pub struct Repaired {
    /// The files that have changed, with their new texts.
    pub texts: Texts,
    /// The edits, pass by pass.
    pub passes: Vec<BTreeMap<usize, Vec<TextEdit>>>,
    /// Each fix that was carried out: its rule and the file of its first edit.
    pub fixed: Vec<(Arc<str>, usize)>,
    /// How many fixes were held back because they would bring something new.
    pub held: usize,
    /// The time was over before all was tried.
    pub stopped: bool,
}

/// A fix with all the findings that it removes.
#[derive(Clone, Debug)]
struct Candidate {
    rule: Arc<str>,
    edits: Vec<(usize, TextEdit)>,
    /// The findings by description and id.
    findings: Vec<(usize, String)>,
}

impl Repaired {
    /// Carries out more fixes, on top of what was done already.
    pub fn repair(&mut self, bench: &mut dyn Bench, wanted: &Wanted<'_>) {
        self.held = 0;
        let Some(mut found) = bench.find(&self.texts) else {
            self.stopped = true;
            return;
        };
        for _ in 0..PASSES_MAX {
            let mut candidates = candidates(&found, bench, wanted);
            let kept = loop {
                let (batch, rest) = apart(candidates);
                if batch.is_empty() {
                    return;
                }
                let mut trial = Trial::new(bench, wanted, &self.texts, &found);
                trial.keep(&batch);
                self.stopped |= trial.stopped;
                if trial.kept.is_empty() {
                    self.held += batch.len();
                } else {
                    break (trial.kept, trial.outcome);
                }
                candidates = rest;
            };
            let (kept, Some((texts, after))) = kept else { return };
            self.held = 0;
            self.texts = texts;
            self.passes.push(edits_by_file(&kept));
            self.fixed.extend(kept.into_iter().filter_map(|it| {
                let (file, _) = it.edits.first()?;
                Some((it.rule, *file))
            }));
            found = after;
            if self.stopped {
                return;
            }
        }
    }
}

/// The fixes of what was found, in order of place; the same fix of several descriptions once.
fn candidates(found: &[Found], bench: &dyn Bench, wanted: &Wanted<'_>) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for (description, found) in found.iter().enumerate() {
        for finding in &found.findings {
            let Some(fix) = &finding.fix else { continue };
            let is_safe = fix.safety == Safety::Safe || wanted.safety == Safety::NeedsReview;
            if !is_safe || !(wanted.finding)(finding) {
                continue;
            }
            let edits = fix.edits.iter().map(|edit| {
                let span = Span::new(edit.range.start.offset, edit.range.end.offset);
                Some((bench.file(&edit.path)?, TextEdit { span, text: edit.text.clone() }))
            });
            let Some(mut edits) = edits.collect::<Option<Vec<_>>>() else { continue };
            edits.sort_by_key(|(file, edit)| (*file, edit.span));
            if !edits.is_empty() {
                let findings = vec![(description, finding.id.clone())];
                candidates.push(Candidate { rule: finding.rule.clone(), edits, findings });
            }
        }
    }
    let place = |it: &Candidate| it.edits.first().map(|(file, edit)| (*file, edit.span));
    candidates.sort_by_key(place);
    candidates.dedup_by(|later, first| {
        let is_same = later.edits == first.edits && later.rule == first.rule;
        if is_same {
            first.findings.append(&mut later.findings);
        }
        is_same
    });
    candidates
}

/// Those candidates, in order, that touch none before them, and the rest.
fn apart(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut taken: BTreeMap<(usize, u32), u32> = BTreeMap::new();
    candidates.into_iter().partition(|candidate| {
        let is_free = candidate.edits.iter().all(|(file, edit)| {
            let before = taken.range(..=(*file, edit.span.end)).next_back();
            before.is_none_or(|((other, _), end)| other != file || *end < edit.span.start)
        });
        if is_free {
            for (file, edit) in &candidate.edits {
                let start = (*file, edit.span.start);
                let own = taken.range_mut(..=start).next_back();
                match own.filter(|((other, _), end)| other == file && **end >= edit.span.start) {
                    Some((_, end)) => *end = edit.span.end.max(*end),
                    None => drop(taken.insert(start, edit.span.end)),
                }
            }
        }
        is_free
    })
}

fn edits_by_file(candidates: &[Candidate]) -> BTreeMap<usize, Vec<TextEdit>> {
    let mut edits: BTreeMap<usize, Vec<TextEdit>> = BTreeMap::new();
    for (file, edit) in candidates.iter().flat_map(|candidate| &candidate.edits) {
        edits.entry(*file).or_default().push(edit.clone());
    }
    for edits in edits.values_mut() {
        edits.sort_by_key(|edit| edit.span);
    }
    edits
}

/// The choice of one pass.
struct Trial<'t> {
    bench: &'t mut dyn Bench,
    wanted: &'t Wanted<'t>,
    texts: &'t Texts,
    before: &'t [Found],
    kept: Vec<Candidate>,
    /// The texts with all that is kept, and what is found in them.
    outcome: Option<(Texts, Vec<Found>)>,
    stopped: bool,
}

impl<'t> Trial<'t> {
    fn new(
        bench: &'t mut dyn Bench,
        wanted: &'t Wanted<'t>,
        texts: &'t Texts,
        before: &'t [Found],
    ) -> Self {
        Self { bench, wanted, texts, before, kept: Vec::new(), outcome: None, stopped: false }
    }

    /// Keeps those of a batch that live up to the bar, on top of those that are kept already.
    fn keep(&mut self, batch: &[Candidate]) {
        if batch.is_empty() || self.stopped {
            return;
        }
        let all: Vec<_> = self.kept.iter().chain(batch).cloned().collect();
        let texts = self.changed(&all);
        let Some(after) = self.bench.find(&texts) else {
            self.stopped = true;
            return;
        };
        let removed: Vec<_> = all.iter().flat_map(|candidate| &candidate.findings).collect();
        if self.wanted.bar.is_met(self.before, &after, &removed) {
            self.kept = all;
            self.outcome = Some((texts, after));
        } else if batch.len() > 1 {
            let (first, second) = batch.split_at(batch.len() / 2);
            self.keep(first);
            self.keep(second);
        }
    }

    fn changed(&self, candidates: &[Candidate]) -> Texts {
        let mut texts = self.texts.clone();
        for (file, edits) in edits_by_file(candidates) {
            let before = match self.texts.get(&file) {
                Some(text) => text,
                None => self.bench.text(file),
            };
            texts.insert(file, apply_edits(before, &edits));
        }
        texts
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use crate::{
        document::{Document, Limits},
        finding::{Class, Edit, Fix, Place, Severity},
    };

    use super::*;

    /// Says of each `bad` that it should be `good`, and of each `trap` that it should be a `bog`,
    /// which it says something of as well.
    struct Words {
        text: String,
        runs: usize,
    }

    fn finding(document: &Document, at: usize, word: &str, better: Option<&str>) -> Finding {
        let span = |at: usize| u32::try_from(at).unwrap();
        let range = document.range(Span::new(span(at), span(at + word.len())));
        let path: Arc<str> = document.path().into();
        let edit = |text: &str| Edit { path: path.clone(), range, text: text.to_owned() };
        let fix = |text| Fix { safety: Safety::Safe, edits: vec![edit(text)], patch: Vec::new() };
        Finding {
            id: format!("{word} {}", document.text().get(..at).unwrap().matches(' ').count()),
            rule: word.into(),
            severity: Severity::Error,
            class: Class::Style,
            message: word.to_owned(),
            place: Place { path: path.clone(), pointer: String::new(), range },
            related: Vec::new(),
            help: None,
            found: None,
            expected: None,
            witness: None,
            fix: better.map(fix),
            source: "".into(),
        }
    }

    impl Bench for Words {
        fn find(&mut self, changed: &Texts) -> Option<Vec<Found>> {
            self.runs += 1;
            let text = changed.get(&0).unwrap_or(&self.text).clone();
            let document = Document::parse("words", text.into(), &Limits::default());
            let mut findings = Vec::new();
            for (word, better) in [("bad", Some("good")), ("trap", Some("bog")), ("bog", None)] {
                let places = document.text().match_indices(word);
                findings.extend(places.map(|(at, _)| finding(&document, at, word, better)));
            }
            Some(vec![Found { findings, omitted: 0 }])
        }

        fn file(&self, path: &str) -> Option<usize> {
            (path == "words").then_some(0)
        }

        fn text(&self, _: usize) -> &str {
            &self.text
        }
    }

    fn repaired(text: &str, bar: Bar<'_>) -> (Repaired, usize) {
        let mut bench = Words { text: text.to_owned(), runs: 0 };
        let mut repaired = Repaired::default();
        let wanted = Wanted { finding: &|_| true, safety: Safety::Safe, bar };
        repaired.repair(&mut bench, &wanted);
        (repaired, bench.runs)
    }

    #[test]
    fn what_would_bring_something_new_is_held_back() {
        let text = "bad a trap bad b bad bad trap c bad";
        let (done, _) = repaired(text, Bar::Clean);
        let better = "good a trap good b good good trap c good";
        assert_eq!(done.texts[&0], better);
        assert_eq!((done.held, done.fixed.len()), (2, 5));
        let (again, _) = repaired(better, Bar::Clean);
        assert!(again.texts.is_empty() && again.passes.is_empty());
    }

    #[test]
    fn a_lower_bar_lets_more_through() {
        let (done, _) = repaired("bad trap", Bar::Without(&["mud"]));
        assert_eq!((done.texts[&0].as_str(), done.held), ("good bog", 0));
        let (done, _) = repaired("bad trap", Bar::Without(&["bog"]));
        assert_eq!((done.texts[&0].as_str(), done.held), ("good trap", 1));
    }

    #[test]
    fn what_touches_waits_for_the_next_pass() {
        let (done, _) = repaired("badbadbad bad", Bar::Clean);
        assert_eq!(done.texts[&0], "goodgoodgood good");
        let edits: Vec<_> =
            done.passes.iter().map(|pass| pass.values().flatten().count()).collect();
        assert_eq!(edits, [3, 1], "the middle one waits");
    }

    #[test]
    fn many_fixes_take_few_looks() {
        let (done, runs) = repaired(&"bad ".repeat(1000), Bar::Clean);
        assert_eq!((done.fixed.len(), runs), (1000, 2));
    }
}
