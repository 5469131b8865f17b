//! The rule files: their form, their fixtures, and the page that is made of them.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use serde_json::Value as Json;
use treaty::{
    document::visible,
    finding::{Class, Severity},
    ruleset::{Catalog, DATA, Profile, READING, Rule, Ruleset, others, title},
};

/// The names in a directory of the repository, without extension.
fn stems(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_rule_has_its_fixtures_and_every_fixture_a_rule() {
    let rules: BTreeSet<_> = Catalog::built_in().iter().map(|rule| rule.id().to_string()).collect();
    assert_eq!(rules, stems("rules/document"), "a rule is named as its file is");
    assert_eq!(rules, stems("fixtures/document"));
    for rule in rules {
        let fixtures = stems(&format!("fixtures/document/{rule}"));
        for name in ["pass", "fail"] {
            assert!(fixtures.contains(name), "{rule} has no fixture `{name}`");
        }
    }
}

/// The keys at the end of a rule that is data alone.
const DATA_KEYS: [&str; 4] = ["given", "when", "then", "message"];

#[test]
fn every_rule_file_is_as_the_schema_says() {
    let schema: Json = serde_json::from_str(treaty::ruleset::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let order = [
        "id", "severity", "contract", "security", "all", "class", "summary", "why", "fix",
        "source", "since", "also",
    ];
    for rule in Catalog::built_in().iter() {
        let file: Json = serde_yaml::from_str(rule.text()).unwrap();
        assert!(validator.is_valid(&file), "{}: {:?}", rule.id(), validator.validate(&file));
        let known = |key: &&str| file.get(key).is_some();
        let keys: Vec<_> = file.as_object().unwrap().keys().map(String::as_str).collect();
        let expected: Vec<_> = order.into_iter().filter(known).collect();
        let end = if file.get("check").is_some() { &["check"][..] } else { &DATA_KEYS[..] };
        let end = end.iter().copied().filter(|key| file.get(key).is_some());
        let expected: Vec<_> = expected.into_iter().chain(end).collect();
        assert_eq!(keys, expected, "{}: the order of the fields", rule.id());
        assert_eq!(file["id"], **rule.id(), "the head is read as the whole is");
        assert_eq!(file["severity"], level(rule, Profile::Recommended));
        for (key, profile) in [
            ("contract", Profile::Contract),
            ("security", Profile::Security),
            ("all", Profile::All),
        ] {
            if let Some(word) = file.get(key) {
                assert_eq!(word, level(rule, profile), "{}", rule.id());
            }
        }
        assert!(rule.severity(Profile::All).is_some(), "{} is in no set", rule.id());
        assert_eq!(file.get("check").and_then(Json::as_str).unwrap_or(DATA), rule.check().unwrap());
        assert_eq!(file.get("given").is_some(), rule.assertion().is_some(), "{}", rule.id());
        assert_eq!(file["class"], rule.class().as_str());
        assert_eq!(file["summary"], rule.page().summary);
    }
}

fn level(rule: &Rule, profile: Profile) -> &'static str {
    rule.severity(profile).map_or("off", Severity::as_str)
}

/// Lint and contract have what breaks; security what can be attacked; all of them everything.
#[test]
fn sets_hold_what_they_say() {
    let ids = |profile| -> BTreeSet<String> {
        Ruleset::built_in(profile).rules().map(|(rule, _)| rule.id().to_string()).collect()
    };
    let all = ids(Profile::All);
    for profile in Profile::ALL {
        assert_eq!(Profile::from_name(profile.as_str()), Some(profile));
        assert!(ids(profile).is_subset(&all));
        for rule in READING {
            assert!(ids(profile).contains(rule), "{rule}");
        }
    }
    for (rule, severity) in Ruleset::built_in(Profile::Recommended).rules() {
        assert_ne!(rule.class(), Class::Style, "{}: taste is not recommended", rule.id());
        let grave = matches!(rule.class(), Class::Violation | Class::Ambiguity);
        assert!(grave || severity != Severity::Error, "{} is no error", rule.id());
    }
    let mut both = Ruleset::built_in(Profile::Recommended);
    both.include(Profile::Contract);
    assert_eq!(both.rule("untyped-schema").unwrap().1, Severity::Error);
    assert!(both.rule("undeclared-owner").is_some());
}

#[test]
fn a_ruleset_is_known_by_its_digest() {
    let digest = |change: &dyn Fn(&mut Ruleset)| {
        let mut ruleset = Ruleset::built_in(Profile::Recommended);
        change(&mut ruleset);
        ruleset.sha256().to_owned()
    };
    let plain = digest(&|_| {});
    assert_eq!(plain, digest(&|_| {}));
    assert_ne!(plain, digest(&|it| it.set("duplicate-key", None).unwrap()));
    assert_ne!(plain, digest(&|it| it.set("duplicate-key", Some(Severity::Hint)).unwrap()));
    assert_eq!(plain, digest(&|it| it.set("duplicate-key", Some(Severity::Error)).unwrap()));
    let mut ruleset = Ruleset::built_in(Profile::Contract);
    let unknown = ruleset.set("duplicate-keys", None).unwrap_err();
    assert_eq!(unknown.nearest.as_deref(), Some("duplicate-key"));
}

#[test]
fn the_page_of_the_rules_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let page = page(&Catalog::built_in());
    if std::env::var("INSTA_UPDATE").is_ok_and(|it| it == "always") {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/rules.md is not what the rules say; run `cargo accept`");
}

/// Every name of another linter is a rule here or has a reason, and no rule names another one.
#[test]
fn names_of_other_linters_are_all_known() {
    let catalog = Catalog::built_in();
    let others = others();
    let mut wrong = Vec::new();
    for rule in catalog.iter() {
        for (linter, names) in &rule.page().also {
            let known = |name: &&String| !others[linter].names.contains(name);
            wrong.extend(names.iter().filter(known).map(|it| format!("{}: {it}", rule.id())));
        }
    }
    for (linter, other) in &others {
        for name in &other.names {
            let also =
                |rule: &&Rule| rule.page().also.get(linter).is_some_and(|it| it.contains(name));
            let has_reason = other.reasons.contains_key(name);
            if catalog.iter().any(|rule| also(&rule)) == has_reason {
                wrong.push(format!("{linter} {name}: a rule or a reason, one of the two"));
            }
        }
        assert!(other.reasons.keys().all(|name| other.names.contains(name)), "{linter}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_of_other_linters_is_fresh() {
    let catalog = Catalog::built_in();
    let mut page = String::from(
        "# From other linters\n\n\
         What the rules of other linters are called here; `treaty explain` takes their names too.\n\
         This page is made of the rule files and of `src/ruleset/others.yaml`; \
         `cargo accept` rewrites it.\n",
    );
    for (linter, other) in others() {
        writeln!(page, "\n## {}\n\n| their rule | here |\n|---|---|", title(&linter)).unwrap();
        for name in &other.names {
            let also =
                |rule: &&Rule| rule.page().also.get(&linter).is_some_and(|it| it.contains(name));
            let rules: Vec<_> = catalog
                .iter()
                .filter(also)
                .map(|rule| format!("[{0}](rules.md#{0})", rule.id()))
                .collect();
            let here = other.reasons.get(name).cloned().unwrap_or(rules.join(", "));
            writeln!(page, "| `{name}` | {here} |").unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/from-other-linters.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|it| it == "always") {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/from-other-linters.md is not fresh; run `cargo accept`");
}

/// The page, made of rule files and fixtures.
fn page(catalog: &Catalog) -> String {
    let mut page = String::from(
        "# The rules\n\n\
         This page is made of the rule files and their fixtures; `cargo accept` rewrites it.\n\n\
         | rule | lint | contract | security | all | class | what is wrong |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for rule in catalog.iter() {
        let (id, summary) = (rule.id(), rule.page().summary.replace('|', "\\|"));
        let levels = Profile::ALL.map(|profile| level(rule, profile)).join(" | ");
        let class = rule.class().as_str();
        writeln!(page, "| [{id}](#{id}) | {levels} | {class} | {summary} |").unwrap();
    }
    for rule in catalog.iter() {
        section(&mut page, rule);
    }
    page
}

fn section(page: &mut String, rule: &Rule) {
    let words = rule.page();
    write!(
        page,
        "\n## {}\n\n{}\n\n**Why.** {}\n\n**Fix.** {}\n\n**Source.** <{}>, since {}\n",
        rule.id(),
        words.summary,
        words.why,
        words.fix,
        words.source,
        words.since
    )
    .unwrap();
    for (title, text) in
        [("It speaks here:", rule.failing_example()), ("And not here:", rule.passing_example())]
    {
        let text = visible(text);
        let language = if text.starts_with('{') { "json" } else { "yaml" };
        // Four ticks, since a description in a document may hold three.
        write!(page, "\n{title}\n\n````{language}\n{}\n````\n", text.trim_end()).unwrap();
    }
}
