//! `treaty lint` and its smaller neighbours, from the outside.

use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::program::Place;

/// A document without a fault.
const CLEAN: &str = "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths: {}\n";
/// A document whose fourth line repeats a key.
const FAULTY: &str = "openapi: 3.1.0\ninfo:\n  title: Pets\n  title: Pets\n  version: 1.0.0\n\
                      paths: {}\n";

#[test]
fn a_missing_file_says_which_and_why() {
    assert_snapshot!(Place::empty().treaty(&["lint", "no-such-file.yaml"]).text(), @r"
    exit 2
    --- err
    error: cannot read no-such-file.yaml
      because No such file or directory (os error 2)
    ");
}

#[test]
fn without_arguments_the_help_is_printed() {
    let ran = Place::empty().treaty(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("Usage: treaty <COMMAND>"), "{}", ran.err);
}

#[test]
fn an_unknown_argument_is_a_usage_error() {
    let ran = Place::empty().treaty(&["lint", "--fromat", "json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("'--format' exists") || ran.err.contains("--format"), "{}", ran.err);
}

#[test]
fn a_clean_document_says_so() {
    let place = Place::with(&[("openapi.yaml", CLEAN)]);
    let ran = place.treaty(&["lint", "openapi.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.out.starts_with("no findings in 1 document\n"), "{}", ran.out);
    assert_eq!(place.treaty(&["lint", "openapi.yaml", "--quiet"]).text(), "exit 0\n");
}

#[test]
fn a_finding_is_one_line_in_compact() {
    let place = Place::with(&[("api/openapi.yaml", FAULTY)]);
    let ran = place.treaty(&["lint", "./api/openapi.yaml", "--format", "compact"]);
    assert_snapshot!(ran.text(), @r"
    exit 1
    --- out
    ./api/openapi.yaml:4:3: error[duplicate-key] the key `title` stands twice in one object
    ");
}

#[test]
fn a_finding_shows_its_place_in_pretty() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    assert_snapshot!(place.treaty(&["lint", "openapi.yaml", "--quiet"]).text(), @r"
    exit 1
    --- out
    error[duplicate-key]

      × the key `title` stands twice in one object
       ╭─[openapi.yaml:4:3]
     2 │ info:
     3 │   title: Pets
       ·   ──┬──
       ·     ╰── first here
     4 │   title: Pets
       ·   ─────
     5 │   version: 1.0.0
       ╰────
      help: Remove one of the two, or rename it.
    ");
}

#[test]
fn a_directory_is_every_openapi_document_in_it() {
    let place = Place::with(&[
        ("b.yaml", FAULTY),
        ("sub/a.json", r#"{"components": {"openapi": 1}, "openapi": ""}"#),
        ("sub/flow.yml", "{info: {openapi: 3}}\n"),
        ("values.yaml", "openapi:\n  enabled: true\nopenapi: {}\n"),
        ("nested.yaml", "app:\n  openapi: 3.0.0\n  openapi: 3.0.0\n"),
        ("quoted.yaml", "'swagger': \"2.0\"\n"),
        ("notes.txt", FAULTY),
        ("build/left-out.yaml", FAULTY),
        (".gitignore", "build/\n"),
        (".hidden/openapi.yaml", FAULTY),
        (".git/openapi.yaml", FAULTY),
    ]);
    let ran = place.treaty(&["lint", "--format", "compact"]);
    let mut paths: Vec<_> = ran.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    paths.dedup();
    assert_eq!(
        paths,
        [".hidden/openapi.yaml", "b.yaml", "quoted.yaml", "sub/a.json"],
        "{}",
        ran.text()
    );
    let named = place.treaty(&["lint", "./sub/../build", "--format", "compact"]);
    assert!(named.out.starts_with("build/left-out.yaml:4:3: error["), "{}", named.text());
}

#[test]
fn a_directory_without_documents_is_an_error() {
    let place = Place::with(&[("values.yaml", "app: {}\n")]);
    assert_snapshot!(place.treaty(&["lint"]).text(), @r"
    exit 2
    --- err
    error: . holds no OpenAPI document
      help: looked for `openapi` or `swagger` at the top level of .yaml, .yml and .json files that no .gitignore names
    ");
}

#[test]
fn one_unreadable_file_does_not_hide_the_others() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let ran = place.treaty(&["lint", "gone.yaml", "openapi.yaml", "--format", "compact"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("openapi.yaml:4:3: error["), "{}", ran.text());
    assert!(ran.err.contains("cannot read gone.yaml"), "{}", ran.text());
}

#[test]
fn standard_input_goes_by_the_name_it_is_given() {
    let place = Place::empty();
    let ran = place.treaty_reading(FAULTY, &["lint", "-", "--format", "compact"]);
    assert!(ran.out.starts_with("<stdin>:4:3: error["), "{}", ran.text());
    let arguments = ["lint", "-", "--format", "compact", "--stdin-filename", "api/openapi.yaml"];
    let ran = place.treaty_reading(FAULTY, &arguments);
    assert!(ran.out.starts_with("api/openapi.yaml:4:3: error["), "{}", ran.text());
}

#[test]
fn the_fail_severity_decides_the_exit_code() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let code = |word| place.treaty(&["lint", "--fail-severity", word]).code;
    assert_eq!([code("error"), code("hint"), code("never")], [1, 1, 0]);
}

#[test]
fn a_document_is_read_once_however_often_it_is_named() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let ran = place.treaty(&["lint", ".", "openapi.yaml", "./openapi.yaml", "--format", "json"]);
    assert_eq!(ran.json()["documents"].as_array().unwrap().len(), 1);
    assert_eq!(ran.json()["summary"]["error"], 1);
}

#[test]
fn a_file_above_the_limit_ends_the_work() {
    let place = Place::with(&[("openapi.yaml", FAULTY), ("large.yaml", &FAULTY.repeat(9))]);
    let ran = place.treaty(&["lint", "--max-bytes", "100", "--format", "json"]);
    assert_eq!(ran.code, 2);
    let expected = serde_json::json!({ "limit": "max-bytes", "path": "large.yaml" });
    assert_eq!(ran.json()["incomplete"], expected);
    assert_eq!(ran.json()["summary"]["error"], 1);
}

#[test]
fn the_deadline_ends_the_work() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let ran = place.treaty(&["lint", "--deadline", "0", "--format", "json"]);
    assert_eq!((ran.code, &ran.json()["incomplete"]["limit"]), (2, &"deadline".into()));
}

#[test]
fn reports_go_to_files_that_are_whole() {
    let place = Place::with(&[("openapi.yaml", FAULTY), ("out.json", "old")]);
    let ran = place.treaty(&["lint", "-o", "json=out.json", "--format", "compact"]);
    assert!(ran.out.starts_with("openapi.yaml:4:3:"), "{}", ran.text());
    assert!(place.read("out.json").contains("\"version\": 1"));
    let ran = place.treaty(&["lint", "-o", "report.txt", "--output", "github=g.txt"]);
    assert_eq!(ran.text(), "exit 1\n");
    assert!(place.read("report.txt").starts_with("error[duplicate-key]\n"));
    assert!(place.read("g.txt").starts_with("::error file=openapi.yaml,line=4,"));
    let left = std::fs::read_dir(place.path(".")).unwrap().count();
    assert_eq!(left, 4, "nothing half-written remains");
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let place = Place::with(&[("openapi.yaml", CLEAN)]);
    assert_snapshot!(place.treaty(&["lint", "-o", "no/such/folder.json"]).text(), @r"
    exit 2
    --- err
    error: cannot write no/such/folder.json
      because No such file or directory (os error 2)
    ");
    let ran = place.treaty(&["lint", "-o", "jsn=out.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no format `jsn`"), "{}", ran.text());
}

#[test]
fn a_report_into_a_device_leaves_the_device() {
    let place = Place::with(&[("openapi.yaml", CLEAN)]);
    assert_eq!(place.treaty(&["lint", "-o", "/dev/null"]).code, 0);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_treaty"))
        .args(["lint", "openapi.yaml"])
        .current_dir(place.path("."))
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &*output.stderr), (Some(1), &b""[..]));
}

#[test]
fn colours_are_for_terminals_and_for_those_who_insist() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    assert!(!place.treaty(&["lint"]).out.contains('\u{1b}'));
    assert!(!place.treaty(&["lint", "--color", "never"]).out.contains('\u{1b}'));
    let always = place.treaty(&["lint", "--color", "always"]).out;
    assert!(always.contains("\u{1b}[31m") && !always.contains("\u{1b}]8"), "{always}");
}

#[test]
fn a_rule_is_explained() {
    let place = Place::empty();
    let page = place.treaty(&["explain", "duplicate-key"]);
    assert_eq!(page.code, 0);
    assert!(page.out.starts_with("duplicate-key (error, violation; "), "{}", page.out);
    assert!(page.out.contains("\nIt speaks here:\n\n    openapi: 3"), "{}", page.out);
    assert_snapshot!(place.treaty(&["explain", "duplicate-kye"]).text(), @r"
    exit 2
    --- err
    error: there is no rule `duplicate-kye`
      help: did you mean `duplicate-key`?
    ");
    let other = place.treaty(&["explain", "duplicated-entry-in-enum"]).out;
    let head = "`duplicated-entry-in-enum` (IBM, Spectral, vacuum) is `duplicate-enum-value` here.";
    assert!(other.starts_with(head), "{other}");
    let several = place.treaty(&["explain", "typed-enum"]);
    assert!(several.out.contains("invalid-enum-value"), "{}", several.out);
    assert_snapshot!(place.treaty(&["explain", "migrate-zally-ignore"]).text(), @r"
    exit 0
    --- out
    `migrate-zally-ignore` (vacuum) has no rule here. It is about the extensions of another linter.
    ");
    let rules = place.treaty(&["rules"]).out;
    assert!(rules.contains("\nduplicate-key "), "{rules}");
}

#[test]
fn the_schemas_are_printed() {
    let place = Place::empty();
    for (name, text) in [("report", treaty::report::SCHEMA), ("rule", treaty::ruleset::SCHEMA)] {
        assert_eq!(place.treaty(&["schema", "print", name]).out, text);
    }
    assert_eq!(place.treaty(&["schema", "print", "nothing"]).code, 2);
}

#[test]
fn a_base_that_cannot_be_read_leaves_ownership_undecided() {
    let sound = "openapi: 3.1.1\ninfo: { title: Shop, version: '1' }\npaths: {}\n";
    let charter = "version: 1\nparties:\n  shop: { agent: S }\n  erp: { agent: E }\n";
    let strict = format!("{charter}policy: {{ undecided: bounce }}\n");
    for (base, said) in
        [("x: [", true), ("", true), ("openapi: 3.1.1\npaths: [\n", true), (sound, false)]
    {
        for (charter, code) in [(charter, 0), (strict.as_str(), i32::from(said))] {
            let place = Place::with(&[
                ("base.yaml", base),
                ("openapi.yaml", sound),
                ("treaty.yaml", charter),
            ]);
            let gate = ["gate", "--base", "base.yaml", "--proposer", "shop", "openapi.yaml"];
            let ran = place.treaty(&gate);
            assert_eq!(ran.code, code, "{base:?}: {}", ran.text());
            assert_eq!(ran.out.contains("undecided-ownership"), said, "{base:?}: {}", ran.text());
        }
    }
}
