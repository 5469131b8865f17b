//! What was there before does not count: a baseline, an earlier revision; and the hook hears of it.

use std::process::Command;

use crate::{
    config::{FAULTY, lint, rules},
    program::{Place, treaty},
};

/// Runs git in a place, as nobody.
fn git(place: &Place, arguments: &[&str]) {
    let run = Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.invalid"])
        .args(arguments)
        .current_dir(place.path(""))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_baseline_lets_only_new_faults_count() {
    let place = Place::with(&[("api/openapi.yaml", FAULTY), ("api/b.yaml", FAULTY)]);
    let wrote = lint(&place, &["api", "--write-baseline", "known.json"]);
    assert_eq!((wrote.code, wrote.err.as_str()), (0, "wrote 4 findings to known.json\n"));
    let run = |paths: &[&str]| {
        let arguments = [&["lint", "--baseline", "known.json", "--format", "json"], paths].concat();
        let ran = place.treaty(&arguments);
        let json = ran.json();
        let count = |name: &str| json[name].as_u64().unwrap_or_default();
        (ran.code, json["findings"].as_array().unwrap().len(), count("known"), count("gone"))
    };
    assert_eq!(run(&["api"]), (0, 0, 4, 0));
    assert_eq!(run(&["api/b.yaml"]), (0, 0, 2, 0));
    // The same from another folder.
    let inner = ["lint", "--baseline", "../known.json", "--format", "compact", "."];
    let ran = treaty(&place.path("api"), &inner, &[], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.text());
    // What is known of one document says nothing of another.
    place.file("api/c.yaml", FAULTY);
    assert_eq!(run(&["api"]), (1, 2, 4, 0));
    std::fs::remove_file(place.path("api/c.yaml")).unwrap();
    let moved = FAULTY.replace("uuidd", "uuid").replace("paths:", "tags: []\npaths:");
    place.file(
        "api/b.yaml",
        moved.replace(
            "    get:",
            "    put:\n      responses: { '200': { description: P. } }\n    get:",
        ),
    );
    assert_eq!(run(&["api"]), (1, 1, 3, 1));
    let table = place.treaty(&["lint", "--baseline", "known.json", "api/b.yaml"]).out;
    assert!(table.contains("1 known before, 1 of the baseline is gone"), "{table}");
    for wrong in [
        "",
        "{}",
        "[]",
        "{\"version\": 2, \"findings\": []}",
        "{\"version\": 1, \"findings\": [], \"x\": 1}",
    ] {
        place.file("wrong.json", wrong);
        let ran = lint(&place, &["api", "--baseline", "wrong.json"]);
        assert!(ran.code == 2 && ran.err.contains("wrong.json is no baseline"), "{}", ran.text());
    }
    assert_eq!(lint(&place, &["api", "--baseline", "gone.json"]).code, 2);
}

#[test]
fn a_baseline_is_whole_or_not_written() {
    let place = Place::with(&[("openapi.yaml", FAULTY), ("known.json", "old")]);
    for more in [
        &["openapi.yaml", "gone.yaml"][..],
        &["openapi.yaml", "--max-findings", "1"],
        &["openapi.yaml", "--max-bytes", "9"],
        &["openapi.yaml", "--deadline", "0"],
    ] {
        let ran = lint(&place, &[&["--write-baseline", "known.json"], more].concat());
        assert_eq!((ran.code, place.read("known.json").as_str()), (2, "old"), "{}", ran.text());
    }
    assert_eq!(lint(&place, &["openapi.yaml", "--write-baseline", "no/known.json"]).code, 2);
    let both = ["openapi.yaml", "--write-baseline", "a.json", "--baseline", "known.json"];
    assert_eq!(lint(&place, &both).code, 2);
}

#[test]
fn only_what_a_revision_introduced_counts() {
    let place = Place::with(&[
        ("api/openapi.yaml", FAULTY),
        ("api/parts.yaml", "Pet: { type: object, properties: { sort: { type: strin } } }\n"),
    ]);
    git(&place, &["init", "-q"]);
    git(&place, &["add", "."]);
    git(&place, &["commit", "-qm", "a"]);
    let run = |more: &[&str]| lint(&place, &[&["--changed-since", "HEAD"], more].concat());
    assert_eq!((run(&["api"]).code, rules(&run(&["api"])).len()), (0, 0));
    let linked = FAULTY.replace("    Pet:", "    Far: { $ref: 'parts.yaml#/Pet' }\n    Pet:");
    place.file(
        "api/openapi.yaml",
        linked.replace(
            "  /pets:",
            "  /cats:\n    put:\n      responses: { '200': { description: C. } }\n  /pets:",
        ),
    );
    assert_eq!(rules(&run(&["api"])), ["missing-operation-id", "unused-component", "unknown-type"]);
    // From inside the folder, too, and for a document that is new as a whole.
    place.file("api/new.yaml", FAULTY);
    let inner = ["lint", "--changed-since", "HEAD", "--format", "compact", "."];
    assert_eq!(rules(&treaty(&place.path("api"), &inner, &[], "")).len(), 5);
    git(&place, &["add", "."]);
    git(&place, &["commit", "-qm", "b"]);
    assert_eq!(run(&["api"]).code, 0);
    let json = place.treaty(&["lint", "api", "--changed-since", "HEAD", "--format", "json"]).json();
    assert_eq!(json["known"].as_u64(), Some(7));
    assert_eq!(rules(&lint(&place, &["api", "--changed-since", "HEAD~1"])).len(), 5);
    assert_eq!(lint(&place, &["api", "--changed-since", "nothing"]).code, 2);
    let nowhere = Place::with(&[("openapi.yaml", FAULTY)]);
    assert_eq!(lint(&nowhere, &["--changed-since", "HEAD"]).code, 2);
}

#[test]
fn a_hook_reads_what_is_staged() {
    let place = Place::with(&[("api/openapi.yaml", FAULTY)]);
    git(&place, &["init", "-q"]);
    let run = |more: &[&str]| {
        git(&place, &["add", "."]);
        let arguments = [&["hook", "run", "--format", "compact"], more].concat();
        place.treaty(&arguments)
    };
    assert_eq!(rules(&run(&[])).len(), 2);
    place.file(
        "treaty.yaml",
        "version: 1\noverrides: [{ files: [api/], rules: { misspelled-format: off } }]\n",
    );
    assert_eq!(rules(&run(&[])), ["missing-operation-id"]);
    git(&place, &["commit", "-qm", "a"]);
    assert_eq!(rules(&run(&[])), Vec::<String>::new(), "nothing is touched");
    place.file("treaty.yaml", "version: 1\n");
    assert_eq!(rules(&run(&[])).len(), 2, "another configuration touches what it is about");
    lint(&place, &["api", "--write-baseline", "known.json"]);
    let ran = run(&["--baseline", "known.json"]);
    assert_eq!((ran.code, rules(&ran).len()), (0, 0), "{}", ran.text());
    let ran = run(&["--baseline", "gone.json"]);
    assert_eq!(ran.code, 2, "{}", ran.text());
    place.file("treaty.yaml", "version: 1\nwaivers: [{ rule: missing-operation-id, reason: Old. }, { rule: misspelled-format, reason: Old. }]\n");
    assert_eq!((run(&[]).code, rules(&run(&[])).len()), (0, 0));
    place.file("treaty.yaml", "version: 1\nrulse: {}\n");
    assert!(run(&[]).err.contains("treaty.yaml:2:1: there is no key `rulse`"));
}

#[test]
fn what_is_said_of_waivers_can_be_known_as_well() {
    let allowed = FAULTY.replace(
        "    get:\n",
        "    get:\n      x-treaty-allow: { rule: duplicate-key, reason: Old. }\n",
    );
    let config = "version: 1\nwaivers: [{ rule: openapi-2, reason: It was one. }]\n";
    let place = Place::with(&[("openapi.yaml", &allowed), ("treaty.yaml", config)]);
    git(&place, &["init", "-q"]);
    git(&place, &["add", "."]);
    git(&place, &["commit", "-qm", "a"]);
    let strict = [".", "--fail-severity", "warn"];
    assert_eq!(rules(&lint(&place, &strict)).iter().filter(|it| *it == "unused-waiver").count(), 2);
    let since = [&strict[..], &["--changed-since", "HEAD"]].concat();
    assert_eq!(lint(&place, &since).text(), "exit 0\n");
    assert_eq!(lint(&place, &[".", "--write-baseline", "known.json"]).code, 0);
    let known = [&strict[..], &["--baseline", "known.json"]].concat();
    assert_eq!(lint(&place, &known).text(), "exit 0\n");
    let json = place.treaty(&["lint", ".", "--baseline", "known.json", "--format", "json"]).json();
    let schema = serde_json::from_str(treaty::report::SCHEMA).unwrap();
    let problems: Vec<_> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&json)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(problems, Vec::<String>::new());
    assert!(json.get("gone").is_none(), "{json}");
}
