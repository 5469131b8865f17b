//! From the findings of many descriptions to one report.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use crate::{
    document::Document,
    finding::{Counts, Coverage, Finding, Severity, Verdict, causes, reprint},
    ruleset::Ruleset,
};

use super::{DocumentInfo, Incomplete, Keep, Report, excerpt::Excerpt, sheet::Sheet};

/// How many bytes of whole documents are kept; of further ones, the lines around the findings.
const WHOLE_BYTES_MAX: usize = 1 << 20;
/// Of how many causes of one description the object around is kept.
const OBJECTS_MAX: usize = 200;

/// What was found in one description, without its documents.
#[derive(Debug, Default)]
pub struct Part {
    documents: Vec<DocumentInfo>,
    sheets: Vec<(String, Sheet)>,
    entries: Vec<Entry>,
    omitted: Counts,
    coverage: Coverage,
    incomplete: Option<Incomplete>,
    waived: BTreeSet<(String, String)>,
    known: BTreeSet<(String, String)>,
}

impl Part {
    /// What was found in some documents, with the number of findings that their verifier left
    /// out already, and what is to be kept of the documents.
    pub fn new<'d>(
        documents: impl IntoIterator<Item = &'d Document>,
        findings: Vec<Finding>,
        omitted: Counts,
        coverage: Coverage,
        keep: Keep,
    ) -> Self {
        let documents: Vec<_> = documents.into_iter().collect();
        let document_at = |path: &str| documents.iter().find(|document| document.path() == path);
        let mut objects = BTreeMap::new();
        for cause in causes(&findings).iter().take(if keep.objects { OBJECTS_MAX } else { 0 }) {
            let object = document_at(&cause.finding.place.path)
                .and_then(|document| reprint(document, &cause.finding.place));
            objects.insert(cause.at, object);
        }
        let sheets = documents
            .iter()
            .filter(|_| keep.sheets)
            .map(|document| (document.path().to_owned(), Sheet::new(document, &findings)));
        let sheets = sheets.collect();
        let entries = findings.into_iter().enumerate().map(|(at, finding)| {
            let document = document_at(&finding.place.path).filter(|_| keep.excerpts);
            let excerpt = document.map(|document| Excerpt::new(document.text(), &finding));
            Entry { finding, excerpt, object: objects.remove(&at).flatten() }
        });
        Self {
            entries: entries.collect(),
            sheets,
            documents: documents.iter().map(|document| DocumentInfo::of(document)).collect(),
            omitted,
            coverage,
            incomplete: None,
            waived: BTreeSet::new(),
            known: BTreeSet::new(),
        }
    }

    /// What is said of a file that was read beside the documents.
    pub fn beside(file: &Document, findings: Vec<Finding>, keep: Keep) -> Self {
        let (omitted, coverage) = (Counts::default(), Coverage::default());
        let part = Self::new([file], findings, omitted, coverage, keep);
        Self { documents: Vec::new(), ..part }
    }

    /// Notes what was left out on purpose: by a waiver, and because it was known before; each
    /// finding by its document's path and its id.
    pub fn leave_out(
        &mut self,
        waived: BTreeSet<(String, String)>,
        known: BTreeSet<(String, String)>,
    ) {
        self.waived.extend(waived);
        self.known.extend(known);
    }

    /// The paths of the documents.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|document| document.path.as_str())
    }

    /// Notes which limit ended the work; the first one stays.
    pub fn incomplete(&mut self, limit: &'static str, path: Option<&str>) {
        let path = path.map(str::to_owned);
        self.incomplete.get_or_insert(Incomplete { limit, path });
    }

    /// How much it holds, in findings: what it keeps of documents counts as well.
    pub fn weight(&self) -> usize {
        self.len() + self.sheets.iter().map(|(_, sheet)| sheet.len() / 256).sum::<usize>()
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
    keep: Keep,
    documents: Vec<DocumentInfo>,
    paths: HashSet<String>,
    sheets: BTreeMap<String, Sheet>,
    whole_bytes: usize,
    entries: Vec<Entry>,
    seen: HashSet<(Arc<str>, u32, Arc<str>, String)>,
    counts: Counts,
    coverage: Coverage,
    incomplete: Option<Incomplete>,
    verdict: Option<Verdict>,
    waived: BTreeSet<(String, String)>,
    known: BTreeSet<(String, String)>,
}

#[derive(Debug)]
struct Entry {
    finding: Finding,
    excerpt: Option<Excerpt>,
    object: Option<String>,
}

impl Collector {
    /// A collector that keeps at most so many findings, the gravest, and with them what is to be
    /// kept of the documents.
    pub fn new(findings_max: usize, keep: Keep) -> Self {
        Self {
            findings_max,
            keep,
            documents: Vec::new(),
            paths: HashSet::new(),
            sheets: BTreeMap::new(),
            whole_bytes: 0,
            entries: Vec::new(),
            seen: HashSet::new(),
            counts: Counts::default(),
            coverage: Coverage::default(),
            incomplete: None,
            verdict: None,
            waived: BTreeSet::new(),
            known: BTreeSet::new(),
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
        self.take(Part::new(documents, findings, omitted, coverage.clone(), self.keep));
    }

    /// Adds what was found in one description, as [`Self::add`] does.
    pub fn take(&mut self, part: Part) {
        for document in part.documents {
            if self.paths.insert(document.path.clone()) {
                self.documents.push(document);
            }
        }
        for (path, sheet) in part.sheets {
            self.take_sheet(path, sheet, &part.entries);
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
        self.waived.extend(part.waived);
        self.known.extend(part.known);
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

    /// Keeps a document's text as long as there is room, and the lines around its findings
    /// otherwise.
    fn take_sheet(&mut self, path: String, sheet: Sheet, entries: &[Entry]) {
        if let Some(known) = self.sheets.get_mut(&path) {
            known.merge(&sheet);
            return;
        }
        let whole = if sheet.is_whole { sheet.len() } else { 0 };
        let sheet = if self.whole_bytes + whole > WHOLE_BYTES_MAX {
            let findings: Vec<_> = entries.iter().map(|entry| &entry.finding).collect();
            sheet.cut(&path, &findings)
        } else {
            self.whole_bytes += whole;
            sheet
        };
        self.sheets.insert(path, sheet);
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

    /// Whether something was not looked at, or is left out for its number.
    pub fn is_cut_short(&self) -> bool {
        self.incomplete.is_some() || self.counts.total() > self.entries.len()
    }

    /// The report, its findings sorted by path, offset and rule.
    pub fn finish(self, ruleset: &Ruleset) -> Report {
        self.finish_under(ruleset.sha256().to_owned())
    }

    /// The same of rules with a digest of their own.
    pub fn finish_under(mut self, ruleset: String) -> Report {
        self.entries.sort_by(|a, b| place_order(&a.finding, &b.finding));
        let omitted = self.counts.total().saturating_sub(self.entries.len());
        let mut findings = Vec::with_capacity(self.entries.len());
        let mut excerpts = Vec::with_capacity(self.entries.len());
        let mut objects = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            findings.push(entry.finding);
            excerpts.push(entry.excerpt);
            objects.push(entry.object);
        }
        Report {
            ruleset,
            documents: self.documents,
            findings,
            excerpts,
            objects,
            sheets: self.sheets,
            omitted,
            coverage: self.coverage,
            summary: self.counts,
            incomplete: self.incomplete,
            fail_severity: Some(Severity::Error),
            verdict: self.verdict,
            waived: self.waived,
            known: self.known,
            gone: 0,
            stats: None,
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
