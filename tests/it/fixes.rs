//! Fixes: each one, carried out alone, takes its finding away, brings no other one, and says as a
//! patch of the data what its edits say in the text.

use std::collections::BTreeMap;

use treaty::{
    document::{Document, Limits, NodeRef, Span, TextEdit, Value, apply_edits},
    finding::{Finding, Fix, Safety},
    openapi::{Description, Source, SourceError},
    ruleset::{Profile, Ruleset},
    verify,
};

use crate::{
    fixtures::{self, Files, Fixture},
    shared::corpus,
};

/// How many fixes of one rule are tried in one document of the corpus.
const TRIED_OF_A_RULE: usize = 10;
/// In larger documents fewer are tried.
const LARGE_BYTES: usize = 300_000;

/// What a fix that needs review may bring to light: values that do not fit what is said now, what
/// only a value of the right type, or a thing that was found, can have, and a component that only
/// what is gone has used.
const BROUGHT_TO_LIGHT: [&str; 13] = [
    "amount-without-currency",
    "identifier-without-format",
    "invalid-default",
    "invalid-enum-value",
    "invalid-example",
    "inconsistent-property-type",
    "missing-error-response",
    "number-like-string",
    "optional-body",
    "overlapping-one-of",
    "time-without-zone",
    "undeclared-example-property",
    "unused-component",
];

/// A description that can be read again with one file changed.
struct Subject<'s> {
    name: &'s str,
    bytes: Vec<u8>,
    files: &'s dyn Source,
    limits: Limits,
    ruleset: &'s Ruleset,
}

/// The files of a subject, one of them changed.
struct Changed<'c> {
    files: &'c dyn Source,
    path: &'c str,
    text: &'c str,
}

impl Source for Changed<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        if path == self.path { Ok(self.text.into()) } else { self.files.read(path) }
    }
}

/// What makes a finding the same one before and after.
fn names(findings: &[Finding]) -> BTreeMap<&str, &Finding> {
    findings.iter().map(|it| (it.id.as_str(), it)).collect()
}

impl Subject<'_> {
    fn load(&self, bytes: Vec<u8>, files: &dyn Source) -> (Description, Vec<Finding>) {
        let description = Description::load(self.name, bytes, files, &self.limits);
        let options = verify::Options { findings_max: usize::MAX, ..verify::Options::default() };
        let findings = verify::lint(&description, self.ruleset, &options).findings;
        (description, findings)
    }

    /// Tries fixes, and says what does not hold.
    fn try_fixes(&self, tried_max: usize) -> Vec<String> {
        let (description, findings) = self.load(self.bytes.clone(), self.files);
        let mut wrong = Vec::new();
        let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &findings {
            let Some(fix) = &finding.fix else { continue };
            let tried = tried.entry(&finding.rule).or_default();
            *tried += 1;
            if *tried > tried_max {
                continue;
            }
            let before = names(&findings);
            for fault in self.try_fix(&description, finding, fix, &before) {
                let (line, message) = (finding.place.range.start.line, &finding.message);
                let path = &finding.place.path;
                wrong.push(format!("{path}:{line}: {}: {message}: {fault}", finding.rule));
            }
        }
        wrong
    }

    fn try_fix(
        &self,
        description: &Description,
        finding: &Finding,
        fix: &Fix,
        before: &BTreeMap<&str, &Finding>,
    ) -> Vec<String> {
        let path = &*finding.place.path;
        let Some(document) = description.documents().iter().find(|it| it.path() == path) else {
            return vec!["its document is not there".to_owned()];
        };
        if fix.edits.is_empty() || fix.edits.iter().any(|edit| *edit.path != *path) {
            return vec!["its edits are not those of its document".to_owned()];
        }
        let edited = apply_edits(document.text(), &edits(fix));
        let changed = Changed { files: self.files, path, text: &edited };
        let entry = if path == self.name { edited.clone().into() } else { self.bytes.clone() };
        let (again, findings) = self.load(entry, &changed);
        let after = names(&findings);
        let mut wrong = Vec::new();
        if after.contains_key(&*finding.id) && !fewer(finding, before, &after) {
            wrong.push("it is still there".to_owned());
        }
        let (mut added, mut gone) = changes(before, &after, finding);
        // Of equal findings the last one loses its id, whichever was repaired.
        if after.contains_key(&*finding.id) {
            let equal = gone.iter().position(|it| is_like(it, finding));
            equal.map(|at| gone.remove(at));
        }
        let careful = fix.safety == Safety::NeedsReview;
        added.retain(|it| !(careful && BROUGHT_TO_LIGHT.contains(&&*it.rule)));
        wrong.extend(added.iter().map(|it| format!("new: {}: {}", it.rule, it.message)));
        let unrelated = gone.iter().filter(|it| !belongs(it, finding));
        wrong.extend(unrelated.map(|it| format!("gone: {}: {}", it.rule, it.message)));
        let repaired = again.documents().iter().find(|it| it.path() == path);
        wrong.extend(repaired.and_then(|it| differs(document, it, fix)));
        wrong
    }
}

fn edits(fix: &Fix) -> Vec<TextEdit> {
    let span = |range: &treaty::document::Range| Span::new(range.start.offset, range.end.offset);
    fix.edits
        .iter()
        .map(|edit| TextEdit { span: span(&edit.range), text: edit.text.clone() })
        .collect()
}

/// The findings that are new and those that are gone, but for the repaired one. What a renamed path
/// holds, or what is counted behind it, has another place and so another id; it is the same.
fn changes<'f>(
    before: &BTreeMap<&str, &'f Finding>,
    after: &BTreeMap<&str, &'f Finding>,
    repaired: &Finding,
) -> (Vec<&'f Finding>, Vec<&'f Finding>) {
    let missing = |here: &BTreeMap<&str, &'f Finding>, there: &BTreeMap<&str, &Finding>| {
        let missing = here.iter().filter(|(id, _)| !there.contains_key(*id));
        missing.map(|(_, it)| *it).collect::<Vec<_>>()
    };
    let (mut added, mut gone) = (missing(after, before), missing(before, after));
    gone.retain(|it| it.id != repaired.id);
    added.retain(|new| {
        let same = gone.iter().position(|it| is_like(it, new));
        same.map(|at| gone.remove(at)).is_none()
    });
    (added, gone)
}

/// Whether there are fewer findings like this one: of equal ones the last loses its id.
fn fewer(
    finding: &Finding,
    before: &BTreeMap<&str, &Finding>,
    after: &BTreeMap<&str, &Finding>,
) -> bool {
    let like =
        |all: &BTreeMap<&str, &Finding>| all.values().filter(|it| is_like(it, finding)).count();
    like(after) < like(before)
}

fn is_like(one: &Finding, other: &Finding) -> bool {
    one.rule == other.rule && one.message == other.message
}

/// Whether a finding that went with another one has to do with it: it stands in the same object,
/// around it, or points there.
fn belongs(gone: &Finding, fixed: &Finding) -> bool {
    let places = |finding: &Finding| {
        let own = finding.place.pointer.clone();
        let related = finding.related.iter().map(|it| it.place.pointer.clone());
        std::iter::once(own).chain(related).collect::<Vec<_>>()
    };
    let parent = |pointer: &str| pointer.rsplit_once('/').map_or("", |it| it.0).to_owned();
    places(gone).iter().any(|gone| {
        places(fixed).iter().any(|fixed| {
            let object = parent(fixed);
            gone.starts_with(&object) || fixed.starts_with(&parent(gone))
        })
    })
}

/// How the repaired text differs, as data, from what the patch makes of the old one.
fn differs(before: &Document, after: &Document, fix: &Fix) -> Option<String> {
    let root = |document: &Document| document.root().map(NodeRef::to_value);
    let patch = Value::from_json(&serde_json::to_string(&fix.patch).unwrap()).unwrap();
    let patched = match root(before)?.patched(&patch) {
        Ok(patched) => patched,
        Err(error) => return Some(format!("its patch does not apply: {error}")),
    };
    let same = sorted(patched) == sorted(root(after)?);
    (!same).then(|| "its edits and its patch make different documents".to_owned())
}

/// A value with the members of its objects in the order of their names.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            members.sort_by(|left, right| left.0.cmp(&right.0));
            Value::object(members.into_iter().map(|(name, value)| (name, sorted(value))))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[test]
fn fixes_of_fixtures_hold() {
    let ruleset = Ruleset::built_in(Profile::Contract);
    let mut wrong = Vec::new();
    for fixture in Fixture::all() {
        let ((folder, name), (bytes, limits)) = (fixture.place(), fixture.bytes());
        let files = Files(folder);
        let subject = Subject { name, bytes, files: &files, limits, ruleset: &ruleset };
        let rule = folder.file_name().unwrap().to_str().unwrap();
        wrong.extend(subject.try_fixes(usize::MAX).iter().map(|it| format!("{rule}/{it}")));
    }
    let folder = fixtures::planted();
    for name in fixtures::names(&folder) {
        let bytes = std::fs::read(folder.join(&name)).unwrap();
        let (files, limits) = (Files(&folder), Limits::default());
        let subject = Subject { name: &name, bytes, files: &files, limits, ruleset: &ruleset };
        wrong.extend(subject.try_fixes(usize::MAX));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn fixes_of_the_corpus_hold() {
    if std::env::var_os("RUN_SLOW_TESTS").is_none() {
        eprintln!("skipped: RUN_SLOW_TESTS is not set");
        return;
    }
    let ruleset = Ruleset::built_in(Profile::Contract);
    let limits = Limits::default();
    let mut wrong = Vec::new();
    for path in corpus() {
        let bytes = std::fs::read(&path).unwrap();
        let tried_max = if bytes.len() > LARGE_BYTES { 1 } else { TRIED_OF_A_RULE };
        let (folder, name) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
        let files = Files(folder);
        let subject = Subject { name, bytes, files: &files, limits, ruleset: &ruleset };
        let faults = subject.try_fixes(tried_max);
        wrong.extend(faults.iter().map(|it| format!("{}: {it}", folder.display())));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
