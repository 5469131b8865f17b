//! Who may change what: every way around ownership that was thought of, and what is nobody's.

use treaty::{
    charter::Charter,
    document::Limits,
    gate::{self, Terms},
    openapi::{Description, NoFiles, Source, SourceError},
    verify,
};

use crate::shared::corpus;

const CHARTER: &str = include_str!("../../fixtures/ownership/treaty.yaml");
const BASE: &str = include_str!("../../fixtures/ownership/base.yaml");

/// Revisions that go back, and some that pass: `# PROPOSER: WHAT`, and lines of the base, each
/// run of them with those that take their place.
const BOUNCES: &str = include_str!("../../fixtures/ownership/bounces.txt");
const PASSES: &str = include_str!("../../fixtures/ownership/passes.txt");

/// A text to look for, and the one that takes its place.
type Edit<'t> = (&'t str, &'t str);

/// What each revision of a list is called, and what the gate says of it.
fn judged(list: &str) -> Vec<(&str, String)> {
    let mut judged = Vec::new();
    for case in list.split("# ").skip(1) {
        let (head, lines) = case.split_once('\n').unwrap();
        let (proposer, what) = head.split_once(": ").unwrap();
        let mut edits: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for line in lines.lines() {
            if let Some(line) = line.strip_prefix('-') {
                match edits.last_mut().filter(|(_, to)| to.is_empty()) {
                    Some((from, _)) => from.push(line),
                    None => edits.push((vec![line], Vec::new())),
                }
            } else if let Some(line) = line.strip_prefix('+') {
                edits.last_mut().unwrap().1.push(line);
            }
        }
        let edits: Vec<_> =
            edits.iter().map(|(from, to)| (from.join("\n"), to.join("\n"))).collect();
        let edits: Vec<Edit<'_>> = edits.iter().map(|(from, to)| (&**from, &**to)).collect();
        judged.push((what, judge(proposer, &edits)));
    }
    assert!(judged.len() > 20);
    judged
}

/// The files beside a document.
struct Files(Vec<(&'static str, String)>);

impl Source for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| text.clone().into_bytes()).ok_or(SourceError::Missing)
    }
}

/// What the gate says of a revision's ownership, a line each.
fn said(base: (&str, &Files), revision: (&str, &Files), proposer: &str, open: &[&str]) -> String {
    let charter = Charter::parse("treaty.yaml", CHARTER.as_bytes()).unwrap();
    let reopened: Vec<String> = open.iter().map(|it| (*it).to_owned()).collect();
    let load = |(text, files): (&str, &Files)| {
        Description::load("openspec.yaml", text.into(), files, &Limits::default())
    };
    let terms = Terms {
        charter: Some((&charter, CHARTER.as_bytes())),
        proposer: Some(proposer),
        reopened: &reopened,
    };
    let (ruleset, _) = gate::ruleset(Some(&charter)).unwrap();
    let (base, revision) = (load(base), load(revision));
    let options = verify::Options::default();
    let judged = gate::judge(Some(&base), &revision, terms, &ruleset, &options);
    let rules = ["change-by-non-owner", "rewording-by-non-owner", "undecided-ownership"];
    let mut said = String::new();
    for finding in judged.lint.findings.iter().filter(|it| rules.contains(&&*it.rule)) {
        said += &format!("{}: {}\n", finding.rule, finding.message);
    }
    said
}

/// The base with some of its text replaced.
fn edited(edits: &[(&str, &str)]) -> String {
    let mut text = BASE.to_owned();
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    text
}

fn judge(proposer: &str, edits: &[(&str, &str)]) -> String {
    let none = Files(Vec::new());
    said((BASE, &none), (&edited(edits), &none), proposer, &[])
}

#[test]
fn nobody_steps_around_an_owner() {
    let mut report = String::new();
    let mut passed = Vec::new();
    for (what, said) in judged(BOUNCES) {
        if !said.contains("change-by-non-owner") {
            passed.push(what);
        }
        report += &format!("{what}\n{said}\n");
    }
    assert!(passed.is_empty(), "passed: {passed:#?}");
    insta::assert_snapshot!(report);
}

#[test]
fn what_is_nobodys_or_ones_own_may_change() {
    let mut wrong = String::new();
    for (what, said) in judged(PASSES).into_iter().filter(|(_, said)| !said.is_empty()) {
        wrong += &format!("{what}\n{said}\n");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn words_in_what_another_owns_are_told_and_pass() {
    let said = judge("shop", &[("total: { type: number,", "total: { type: number, title: Sum,")]);
    assert!(said.starts_with("rewording-by-non-owner: `shop` adds `title`"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let said = judge("shop", &[("description: The stock.", "description: All stock.")]);
    assert!(said.starts_with("rewording-by-non-owner: `shop` changes `description`"), "{said}");
    assert_eq!(
        judge(
            "shop",
            &[(
                "number: { type: string }\n        price",
                "number: { type: string, title: No }\n        price"
            )]
        ),
        ""
    );
}

#[test]
fn the_owner_opens_a_part_or_a_place_that_it_refers_to() {
    let none = Files(Vec::new());
    let text = edited(&[("Level: { type: integer }", "Level: { type: string }")]);
    let said = |open: &[&str]| said((BASE, &none), (&text, &none), "shop", open);
    for open in ["/paths/~1stock", "/paths/~1stock/get", "/components/schemas/Level", ""] {
        assert_eq!(said(&[open]), "", "{open}");
    }
    for open in ["/paths/~1stoc", "/paths/~1stock/get/responses", "/components/schemas/Lev"] {
        assert!(said(&[open]).contains("change-by-non-owner"), "{open}");
    }
}

#[test]
fn what_stands_in_another_file_is_owned_all_the_same() {
    let entry =
        BASE.replace("Level: { type: integer }", "Level: { $ref: 'parts/level.yaml#/Level' }");
    let files = |level: &str| Files(vec![("parts/level.yaml", level.to_owned())]);
    let old = files("Level: { type: integer }\nOther: { type: string }\n");
    let said = |files: &Files| said((&entry, &old), (&entry, files), "shop", &[]);
    assert_eq!(said(&old), "");
    assert_eq!(said(&files("Level: { type: integer }\nOther: { type: number }\n")), "");
    let told = said(&files("Level: { type: string }\nOther: { type: string }\n"));
    assert!(told.contains("changes `type`, but `/paths/~1stock/get`"), "{told}");
    let told = said(&Files(Vec::new()));
    assert!(told.contains("takes away `parts/level.yaml`"), "{told}");
}

#[test]
fn data_that_looks_like_a_declaration_is_data() {
    let none = Files(Vec::new());
    let base = edited(&[(
        "note: { type: string }",
        "note: { default: { x-owner: nobody }, example: { x-owner: erp } }",
    )]);
    let text = base.replace("example: { x-owner: erp }", "example: { x-owner: shop }");
    assert_eq!(said((&base, &none), (&text, &none), "shop", &[]), "");
}

/// The same contract in another form, whoever sends it and whatever is owned, changes nothing; and
/// taking anything away that is owned as a whole changes something.
#[test]
fn another_form_of_a_real_document_changes_nothing() {
    let charter = "version: 1\nparties:\n  shop: { agent: S }\n  \
                   erp: { agent: E, owns: [/paths, /components] }\n";
    let charter = Charter::parse("treaty.yaml", charter.as_bytes()).unwrap();
    let (ruleset, _) = gate::ruleset(Some(&charter)).unwrap();
    let terms = Terms { charter: Some((&charter, b"")), proposer: Some("shop"), reopened: &[] };
    let load =
        |bytes: Vec<u8>| Description::load("openspec.yaml", bytes, &NoFiles, &Limits::default());
    let judge = |base: &Description, revision: &Description| {
        let options = verify::Options::default();
        let judged = gate::judge(Some(base), revision, terms, &ruleset, &options);
        let rules = ["change-by-non-owner", "rewording-by-non-owner"];
        let told = judged.lint.findings.into_iter().filter(|it| rules.contains(&&*it.rule));
        told.map(|it| it.message).collect::<Vec<_>>()
    };
    let mut seen = 0;
    for path in corpus() {
        let bytes = std::fs::read(&path).unwrap();
        let base = load(bytes);
        let is_sound = base.entry().faults().is_empty() && base.version().is_some();
        if !is_sound || base.entry().text().len() > 30_000 {
            continue;
        }
        let again = load(gate::reemit(&base).unwrap().into_bytes());
        let told = judge(&base, &again);
        assert!(told.is_empty(), "{}: {told:#?}", path.display());
        assert!(judge(&again, &base).is_empty(), "{}", path.display());
        let cut = base.entry().text().replace("type: string", "type: number");
        if cut != base.entry().text() && cut.contains("schemas:") {
            assert!(!judge(&base, &load(cut.into_bytes())).is_empty(), "{}", path.display());
        }
        seen += 1;
    }
    assert!(seen == 0 || seen > 50, "{seen}");
}
