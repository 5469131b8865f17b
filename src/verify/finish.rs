//! From what a check states to a finding, with all that its rule knows.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;

use crate::{
    document::{Document, Fault, NodeRef, Span, sha256_hex},
    finding::{
        At, Class, Counts, Coverage, Draft, DraftFix, Edit, Finding, Fix, Place, Related, Severity,
    },
    openapi::{Description, Identities},
    ruleset::{Rule, Ruleset},
};

use super::{
    GRAVEST_FIRST, Lint,
    scope::{Case, Sieve},
    sink::Sink,
};

/// The section of an object that every version of the specification has.
fn object_section(source: &str) -> Option<&str> {
    let section = source.strip_prefix("https://spec.openapis.org/oas/v3.")?.split_once('#')?.1;
    section.ends_with("-object").then_some(section)
}

/// How many hexadecimal digits an id has.
const ID_DIGITS: usize = 16;

/// Makes findings of drafts and faults.
pub(super) struct Finisher<'r> {
    ruleset: &'r Ruleset,
    sieve: Option<&'r Sieve<'r, 'r>>,
    findings_max: usize,
    findings: Vec<Finding>,
    omitted: Counts,
    paths: FxHashMap<String, Arc<str>>,
    /// How often each id came, so that each is given once.
    ids: FxHashMap<String, usize>,
    identities: Identities,
}

impl<'r> Finisher<'r> {
    pub(super) fn new(
        ruleset: &'r Ruleset,
        findings_max: usize,
        sieve: Option<&'r Sieve<'r, 'r>>,
    ) -> Self {
        Self {
            ruleset,
            sieve,
            findings_max,
            findings: Vec::new(),
            omitted: Counts::default(),
            paths: FxHashMap::default(),
            ids: FxHashMap::default(),
            identities: Identities::default(),
        }
    }

    /// Adds a fault of a text.
    pub(super) fn fault(
        &mut self,
        rule: &str,
        document: &Document,
        fault: &Fault,
        node: Option<NodeRef<'_>>,
        description: &Description,
    ) {
        let Some((rule, severity)) = self.ruleset.rule(rule) else { return };
        let pointer = node.map_or_else(String::new, NodeRef::pointer);
        let case = Case { rule: rule.id(), path: document.path(), pointer: &pointer };
        let Some(severity) = self.severity(&case, severity) else { return };
        let identity = node.map_or_else(String::new, |node| self.identity(node, description));
        let fact = fault.span.slice(document.text());
        let id = self.id(rule.id(), &identity, fact);
        if self.sieve.is_some_and(|sieve| sieve.holds_back(&case, &id)) {
            return;
        }
        let earlier = fault.related.map(|span| Related {
            place: self.place(document, pointer.clone(), span),
            message: "first here".to_owned(),
        });
        let place = self.place(document, pointer, fault.span);
        let finding = Finding {
            id,
            related: earlier.into_iter().collect(),
            ..bare(rule, severity, fault.message.clone(), place)
        };
        self.findings.push(finding);
    }

    /// Adds the drafts of a description.
    pub(super) fn take(&mut self, sink: Sink<'_, '_>, description: &Description) {
        for (rule, count) in sink.omitted() {
            if let Some((rule, severity)) = self.ruleset.rule(rule) {
                self.omit(severity, rule.class(), count);
            }
        }
        let mut drafts: BTreeMap<Severity, Vec<Draft<'_>>> = BTreeMap::new();
        for draft in sink.drafts {
            let known = self.ruleset.rule(draft.rule).map(|(_, severity)| severity);
            let severity = match self.sieve.filter(|sieve| sieve.has_overrides()) {
                Some(_) => known.and_then(|severity| self.severity_of(&draft, severity)),
                None => known,
            };
            if let Some(severity) = severity {
                drafts.entry(severity).or_default().push(draft);
            }
        }
        for severity in GRAVEST_FIRST {
            for draft in drafts.remove(&severity).unwrap_or_default() {
                self.draft(draft, severity, description);
            }
        }
    }

    fn severity(&self, case: &Case<'_>, severity: Severity) -> Option<Severity> {
        self.sieve.map_or(Some(severity), |sieve| sieve.severity(case, severity))
    }

    fn severity_of(&self, draft: &Draft<'_>, severity: Severity) -> Option<Severity> {
        let node = draft.at.node();
        let (path, pointer) = (node.document().path(), &node.pointer());
        self.severity(&Case { rule: draft.rule, path, pointer }, severity)
    }

    fn omit(&mut self, severity: Severity, class: Class, count: usize) {
        let sum = match severity {
            Severity::Error => &mut self.omitted.error,
            Severity::Warn => &mut self.omitted.warn,
            Severity::Info => &mut self.omitted.info,
            Severity::Hint => &mut self.omitted.hint,
        };
        *sum += count;
        if class == Class::Undecided {
            self.omitted.undecided += count;
        }
    }

    fn draft(&mut self, draft: Draft<'_>, severity: Severity, description: &Description) {
        let Some((rule, _)) = self.ruleset.rule(draft.rule) else { return };
        let sieve = self.sieve.filter(|sieve| sieve.may_hold_back());
        let is_full = self.findings.len() >= self.findings_max;
        if is_full && sieve.is_none() {
            self.omit(severity, rule.class(), 1);
            return;
        }
        let node = draft.at.node();
        let identity = self.identity(draft.named_by.unwrap_or(node), description);
        let id = self.id(rule.id(), &identity, &draft.fact);
        if let Some(sieve) = sieve {
            let (path, pointer) = (node.document().path(), &node.pointer());
            if sieve.holds_back(&Case { rule: rule.id(), path, pointer }, &id) {
                return;
            }
        }
        if is_full {
            self.omit(severity, rule.class(), 1);
            return;
        }
        let place = self.place_of(draft.at);
        let text = description.version_at(draft.at.node()).text();
        let mut finding = Finding {
            id,
            found: draft.found,
            expected: draft.expected,
            witness: draft.witness,
            related: draft
                .related
                .into_iter()
                .map(|(at, message)| Related { place: self.place_of(at), message })
                .collect(),
            fix: draft.fix.map(|fix| self.fix(fix)),
            ..bare(rule, severity, draft.message, place)
        };
        if let Some(help) = draft.help {
            finding.help = Some(help);
        }
        if let Some(source) = draft.source {
            finding.source = source.into();
        } else if let Some(section) = object_section(&finding.source) {
            finding.source = format!("{text}#{section}").into();
        }
        self.findings.push(finding);
    }

    /// The place of a node by what it is, and its document where that is not the entry.
    fn identity(&mut self, node: NodeRef<'_>, description: &Description) -> String {
        let identity = self.identities.of(node);
        if description.slot(node) > 0 {
            return format!("{}#{identity}", description.place_of(node.document().path()));
        }
        identity
    }

    fn fix(&mut self, fix: DraftFix<'_>) -> Fix {
        let edits = fix.edits.into_iter().map(|draft| {
            let document = draft.node.document();
            Edit {
                path: self.path(document.path()),
                range: document.range(draft.edit.span),
                text: draft.edit.text,
            }
        });
        Fix { safety: fix.safety, edits: edits.collect(), patch: fix.patch }
    }

    fn place_of(&mut self, at: At<'_>) -> Place {
        let node = at.node();
        self.place(node.document(), node.pointer(), at.span())
    }

    fn place(&mut self, document: &Document, pointer: String, span: Span) -> Place {
        Place { path: self.path(document.path()), pointer, range: document.range(span) }
    }

    fn path(&mut self, path: &str) -> Arc<str> {
        if let Some(known) = self.paths.get(path) {
            return known.clone();
        }
        let shared: Arc<str> = path.into();
        self.paths.insert(path.to_owned(), shared.clone());
        shared
    }

    /// A digest over the rule, the place by identity and what distinguishes the fault.
    fn id(&mut self, rule: &str, identity: &str, fact: &str) -> String {
        let text = format!("{rule}\n{identity}\n{fact}");
        let count = self.ids.entry(text.clone()).or_default();
        *count += 1;
        let text = if *count > 1 { format!("{text}\n{count}") } else { text };
        let mut id = sha256_hex(text.as_bytes());
        id.truncate(ID_DIGITS);
        id
    }

    /// The findings in their order.
    pub(super) fn finish(mut self, coverage: Coverage, stopped: bool) -> Lint {
        sort(&mut self.findings);
        Lint {
            findings: self.findings,
            omitted: self.omitted,
            coverage,
            stopped,
            ..Lint::default()
        }
    }
}

/// Sorts findings by path, offset and rule.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by_cached_key(|it| {
        (it.place.path.clone(), it.place.range.start.offset, it.rule.clone())
    });
}

fn bare(rule: &Rule, severity: Severity, message: String, place: Place) -> Finding {
    let page = rule.page();
    Finding {
        id: String::new(),
        rule: rule.id().clone(),
        severity,
        class: rule.class(),
        message,
        place,
        related: Vec::new(),
        help: Some(page.fix.clone()),
        found: None,
        expected: None,
        witness: None,
        fix: None,
        source: page.source.clone(),
    }
}
