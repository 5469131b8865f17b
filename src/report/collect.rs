//! From the findings of many descriptions to one report.

use std::{collections::HashSet, sync::Arc};

use crate::{
    document::Document,
    finding::{Counts, Coverage, Finding, Severity, Verdict},
    ruleset::Ruleset,
};

use super::{DocumentInfo, Incomplete, Report, excerpt::Excerpt};

/// What was found in one description, without its documents.
#[derive(Debug, Default)]
pub struct Part {
    documents: Vec<DocumentInfo>,
    entries: Vec<Entry>,
    omitted: Counts,
    coverage: Coverage,
    incomplete: Option<Incomplete>,
}

impl Part {
    /// What was found in some documents, with the number of findings that their verifier left
    /// out already, and what [`super::Format::Pretty`] shows of them where `shows_source` says so.
    pub fn new<'d>(
        documents: impl IntoIterator<Item = &'d Document>,
        findings: Vec<Finding>,
        omitted: Counts,
        coverage: Coverage,
        shows_source: bool,
    ) -> Self {
        let documents: Vec<_> = documents.into_iter().collect();
        let excerpt = |finding: &Finding| {
            let path = &*finding.place.path;
            let document = documents.iter().find(|document| document.path() == path)?;
            shows_source.then(|| Excerpt::new(document.text(), finding))
        };
        let entries = findings.into_iter().map(|finding| {
            let excerpt = excerpt(&finding);
            Entry { finding, excerpt }
        });
        Self {
            entries: entries.collect(),
            documents: documents.iter().map(|document| DocumentInfo::of(document)).collect(),
            omitted,
            coverage,
            incomplete: None,
        }
    }

    /// Notes which limit ended the work; the first one stays.
    pub fn incomplete(&mut self, limit: &'static str, path: Option<&str>) {
        let path = path.map(str::to_owned);
        self.incomplete.get_or_insert(Incomplete { limit, path });
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds no finding.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Gathers findings and forgets the documents they were found in.
#[derive(Debug)]
pub struct Collector {
    findings_max: usize,
    shows_source: bool,
    documents: Vec<DocumentInfo>,
    paths: HashSet<String>,
    entries: Vec<Entry>,
    seen: HashSet<(Arc<str>, u32, Arc<str>, String)>,
    counts: Counts,
    coverage: Coverage,
    incomplete: Option<Incomplete>,
    verdict: Option<Verdict>,
}

#[derive(Debug)]
struct Entry {
    finding: Finding,
    excerpt: Option<Excerpt>,
}

impl Collector {
    /// A collector that keeps at most so many findings, the gravest, and with them what
    /// [`super::Format::Pretty`] shows of the documents where `shows_source` says so.
    pub fn new(findings_max: usize, shows_source: bool) -> Self {
        Self {
            findings_max,
            shows_source,
            documents: Vec::new(),
            paths: HashSet::new(),
            entries: Vec::new(),
            seen: HashSet::new(),
            counts: Counts::default(),
            coverage: Coverage::default(),
            incomplete: None,
            verdict: None,
        }
    }

    /// Adds what was found in one description, with the number of findings that its verifier
    /// left out already. What an earlier description said of a shared file is not said again.
    pub fn add<'d>(
        &mut self,
        documents: impl IntoIterator<Item = &'d Document>,
        findings: Vec<Finding>,
        omitted: Counts,
        coverage: &Coverage,
    ) {
        self.take(Part::new(documents, findings, omitted, coverage.clone(), self.shows_source));
    }

    /// Adds what was found in one description, as [`Self::add`] does.
    pub fn take(&mut self, part: Part) {
        for document in part.documents {
            if self.paths.insert(document.path.clone()) {
                self.documents.push(document);
            }
        }
        for entry in part.entries {
            let place = &entry.finding.place;
            let key = (place.path.clone(), place.range.start.offset, entry.finding.rule.clone());
            if self.seen.insert((key.0, key.1, key.2, entry.finding.id.clone())) {
                self.counts.add(&entry.finding);
                self.entries.push(entry);
            }
        }
        self.counts += part.omitted;
        self.coverage.merge(&part.coverage);
        if let Some(incomplete) = part.incomplete {
            self.incomplete.get_or_insert(incomplete);
        }
        self.drop_the_least_grave();
    }

    /// Notes which limit ended the work; the first one stays.
    pub fn incomplete(&mut self, limit: &'static str, path: Option<&str>) {
        let path = path.map(str::to_owned);
        self.incomplete.get_or_insert(Incomplete { limit, path });
    }

    /// Adds the verdict of a gate.
    pub fn verdict(&mut self, verdict: Verdict) {
        self.verdict = Some(verdict);
    }

    fn drop_the_least_grave(&mut self) {
        if self.entries.len() > self.findings_max {
            self.entries.sort_by(|a, b| {
                let key = |entry: &Entry| entry.finding.severity;
                key(a).cmp(&key(b)).then_with(|| place_order(&a.finding, &b.finding))
            });
            self.entries.truncate(self.findings_max);
        }
    }

    /// The report, its findings sorted by path, offset and rule.
    pub fn finish(mut self, ruleset: &Ruleset) -> Report {
        self.entries.sort_by(|a, b| place_order(&a.finding, &b.finding));
        let omitted = self.counts.total().saturating_sub(self.entries.len());
        let (findings, excerpts) =
            self.entries.into_iter().map(|entry| (entry.finding, entry.excerpt)).unzip();
        Report {
            ruleset: ruleset.sha256().to_owned(),
            documents: self.documents,
            findings,
            excerpts,
            omitted,
            coverage: self.coverage,
            summary: self.counts,
            incomplete: self.incomplete,
            fail_severity: Some(Severity::Error),
            verdict: self.verdict,
        }
    }
}

fn place_order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let key = |it: &Finding| (it.place.range.start.offset, it.place.range.end.offset);
    (a.place.path.cmp(&b.place.path))
        .then(a.place.range.start.offset.cmp(&b.place.range.start.offset))
        .then_with(|| a.rule.cmp(&b.rule))
        .then(key(a).cmp(&key(b)))
        .then_with(|| a.message.cmp(&b.message))
        .then_with(|| a.id.cmp(&b.id))
}
