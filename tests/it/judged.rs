//! Findings on real documents that people judged by the text of the specifications.
//!
//! * **The list.** `fixtures/judged/corpus.tsv` has a line for each: the document, the place
//!   (`FILE#POINTER` where that is another file), the rule, the verdict, words of the message
//!   where several findings share a place, and the evidence. What was judged `true` must be
//!   found, what was judged `false` must not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    thread,
};

use treaty::{
    document::Limits,
    finding::{Finding, Severity},
    openapi::Description,
    ruleset::{Profile, Ruleset},
    verify,
};

use crate::{fixtures::Files, shared::shared};

const FINDINGS_MIN: usize = 300;
const RULES_MIN: usize = 40;
const DOCUMENTS_MIN: usize = 60;

/// One line of the list.
struct Judged {
    document: String,
    place: String,
    rule: String,
    is_true: bool,
    says: String,
}

impl Judged {
    fn all() -> Vec<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/judged/corpus.tsv");
        let text = fs::read_to_string(path).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("document\tpointer\trule\tverdict\tsays\treason"));
        lines.map(Self::read).collect()
    }

    fn read(line: &str) -> Self {
        let cells: Vec<_> = line.split('\t').collect();
        let [document, place, rule, verdict, says, reason] = cells.try_into().unwrap();
        assert!(matches!(verdict, "true" | "false"), "{line}");
        assert!(reason.split_whitespace().count() >= 2, "{line}: on what evidence?");
        let [document, place, rule, says] = [document, place, rule, says].map(str::to_owned);
        Self { document, place, rule, is_true: verdict == "true", says }
    }

    fn names(&self, finding: &Finding) -> bool {
        let path = &*finding.place.path;
        let pointer = &finding.place.pointer;
        let here = if path == self.document {
            *pointer == self.place
        } else {
            format!("{path}#{pointer}") == self.place
        };
        here && *finding.rule == *self.rule && finding.message.contains(&self.says)
    }
}

fn lint(root: &Path, document: &str, ruleset: &Ruleset) -> Vec<Finding> {
    let bytes = fs::read(root.join(document)).unwrap();
    let description = Description::load(document, bytes, &Files(root), &Limits::default());
    verify::lint(&description, ruleset, &verify::Options::default()).findings
}

/// What the findings of one document say against the verdicts on it.
fn against(judged: &[&Judged], findings: &[Finding]) -> Vec<String> {
    let wrong = judged.iter().filter(|it| findings.iter().any(|f| it.names(f)) != it.is_true);
    let wrong = wrong.map(|it| {
        let what = if it.is_true { "true, and not found" } else { "false, and found" };
        format!("{} {} {} {}: {what}", it.document, it.place, it.rule, it.says)
    });
    wrong.collect()
}

#[test]
fn findings_on_real_documents_are_as_they_were_judged() {
    let Some(root) = shared("corpus") else { return };
    let ruleset = Ruleset::built_in(Profile::Recommended);
    let judged = Judged::all();
    let mut documents: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for line in &judged {
        documents.entry(&line.document).or_default().push(line);
    }
    let documents: Vec<_> = documents.into_iter().collect();
    let (ruleset, documents, root) = (&ruleset, &documents, &root);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<_> = thread::scope(|scope| {
        let work = (0..workers).map(|at| {
            scope.spawn(move || {
                let own = documents.iter().skip(at).step_by(workers);
                let wrong =
                    own.flat_map(|(name, judged)| against(judged, &lint(root, name, ruleset)));
                wrong.collect::<Vec<_>>()
            })
        });
        let work: Vec<_> = work.collect();
        work.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_list_is_wide_enough_to_tell() {
    let judged = Judged::all();
    let ruleset = Ruleset::built_in(Profile::Recommended);
    let count = |cell: fn(&Judged) -> &str| judged.iter().map(cell).collect::<BTreeSet<_>>().len();
    assert!(judged.len() >= FINDINGS_MIN, "{} findings", judged.len());
    assert!(count(|it| &it.rule) >= RULES_MIN, "{} rules", count(|it| &it.rule));
    assert!(count(|it| &it.document) >= DOCUMENTS_MIN, "{} documents", count(|it| &it.document));
    let each: BTreeSet<_> =
        judged.iter().map(|it| (&it.document, &it.place, &it.rule, &it.says)).collect();
    assert_eq!(each.len(), judged.len(), "a finding is judged once");
    let mut errors = 0;
    for line in judged.iter().filter(|it| it.is_true) {
        let rule = ruleset.rule(&line.rule);
        let (_, severity) = rule.unwrap_or_else(|| panic!("there is no rule {}", line.rule));
        errors += usize::from(severity == Severity::Error);
    }
    assert!(errors * 2 >= FINDINGS_MIN, "{errors} of the findings judged true are errors");
}

/// A finding cites the text of its document's own version.
#[test]
fn a_finding_cites_the_version_of_its_document() {
    let ruleset = Ruleset::built_in(Profile::Recommended);
    for (version, text) in [("3.0.0", "v3.0.4"), ("3.1.0", "v3.1.1"), ("3.2.0", "v3.2.0")] {
        let bytes = format!(
            "openapi: {version}\ninfo: {{ title: Shop, version: '1' }}\npaths:\n  /orders:\n    \
             get: {{ responses: {{ '200': {{ description: The orders. }} }} }}\n"
        );
        let nothing = Files(Path::new("."));
        let limits = Limits::default();
        let description = Description::load("a.yaml", bytes.into_bytes(), &nothing, &limits);
        let findings = verify::lint(&description, &ruleset, &verify::Options::default()).findings;
        let missing = findings.iter().find(|it| &*it.rule == "missing-operation-id").unwrap();
        let source = format!("https://spec.openapis.org/oas/{text}.html#operation-object");
        assert_eq!(&*missing.source, source);
    }
}
