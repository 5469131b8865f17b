//! The options of `treaty lint` that choose rules, documents and workers.

use insta::assert_snapshot;

use crate::program::Place;

/// A document with a repeated key, an operation without a name and a tag without a definition.
const FAULTY: &str = "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0, version: 1.0.0}\n\
                      paths:\n  /pets:\n    get:\n      responses: {'200': {description: ok}}\n";

fn place() -> Place {
    Place::with(&[("openapi.yaml", FAULTY)])
}

/// The rules that a run reports, with their severities.
fn rules(arguments: &[&str]) -> Vec<String> {
    let arguments = [&["lint", "--format", "compact"], arguments].concat();
    let ran = place().treaty(&arguments);
    assert!(ran.code < 2, "{}", ran.text());
    let words = ran.out.lines().map(|line| line.split(' ').nth(1).unwrap().to_owned());
    words.collect()
}

#[test]
fn rules_are_chosen() {
    let all = ["error[duplicate-key]", "error[missing-operation-id]"];
    assert_eq!(rules(&[]), all);
    assert_eq!(rules(&["--select", "missing-operation-id"]), all[1..]);
    assert_eq!(rules(&["--select", "missing-operation-id,duplicate-key"]), all);
    assert_eq!(rules(&["--ignore", "missing-operation-id"]), all[..1]);
    let severity = ["--severity", "duplicate-key=hint", "--severity", "missing-operation-id=off"];
    assert_eq!(rules(&severity), ["hint[duplicate-key]"]);
    let both = ["--select", "duplicate-key", "--severity", "duplicate-key=warn"];
    assert_eq!(rules(&both), ["warn[duplicate-key]"]);
    let nothing = ["--select", "duplicate-key", "--ignore", "duplicate-key"];
    assert!(rules(&nothing).is_empty(), "`--ignore` has the last word");
}

#[test]
fn what_cannot_be_read_is_said_whatever_is_selected() {
    let place = Place::with(&[("openapi.yaml", "openapi: 3.1.0\ninfo: [\n"), ("a.yaml", "a: b\n")]);
    let ran =
        place.treaty(&["lint", "openapi.yaml", "--select", "yaml-tag", "--format", "compact"]);
    assert!(ran.code == 1 && ran.out.contains("error[syntax-error]"), "{}", ran.text());
    let ran = place.treaty(&["lint", "a.yaml", "--select", "yaml-tag", "--format", "compact"]);
    assert!(ran.code == 1 && ran.out.contains("error[not-openapi]"), "{}", ran.text());
    for rule in treaty::ruleset::READING {
        assert!(treaty::ruleset::Catalog::built_in().get(rule).is_some(), "{rule}");
    }
}

#[test]
fn a_rule_that_does_not_exist_is_an_error() {
    for option in ["--select", "--ignore"] {
        let ran = place().treaty(&["lint", option, "duplicate-kye"]);
        assert_eq!(
            ran.text(),
            "exit 2\n--- err\nerror: there is no rule `duplicate-kye`\n  \
             help: did you mean `duplicate-key`?\n"
        );
    }
    let ran = place().treaty(&["lint", "--severity", "duplicate-kye=off"]);
    assert!(ran.code == 2 && ran.err.contains("did you mean `duplicate-key`?"), "{}", ran.text());
    for (word, remedy) in [("eror", "did you mean `error`?"), ("9", "use one of error, warn")] {
        let ran = place().treaty(&["lint", "--severity", &format!("duplicate-key={word}")]);
        assert!(ran.code == 2 && ran.err.contains(remedy), "{}", ran.text());
    }
    assert_eq!(place().treaty(&["lint", "--severity", "duplicate-key"]).code, 2);
}

#[test]
fn the_choice_of_rules_goes_into_the_digest() {
    let digest = |arguments: &[&str]| {
        let arguments = [&["lint", "--format", "json"], arguments].concat();
        place().treaty(&arguments).json()["ruleset"]["sha256"].clone()
    };
    let plain = digest(&[]);
    assert_eq!(plain, digest(&["--severity", "duplicate-key=error"]));
    for option in [["--select", "duplicate-key"], ["--ignore", "duplicate-key"]] {
        assert_ne!(plain, digest(&option));
    }
    assert_ne!(plain, digest(&["--severity", "duplicate-key=hint"]));
}

#[test]
fn a_gate_hears_the_choice_of_rules() {
    let place = Place::with(&[("base.yaml", FAULTY), ("openapi.yaml", FAULTY)]);
    let gate = ["gate", "--base", "base.yaml", "openapi.yaml", "--format", "json"];
    let outcome = |more: &[&str]| {
        let ran = place.treaty(&[&gate, more].concat());
        (ran.code, ran.json()["verdict"]["outcome"].clone())
    };
    assert_eq!(outcome(&[]), (1, "bounce".into()));
    let off = ["--ignore", "duplicate-key", "--ignore", "missing-operation-id"];
    assert_eq!(outcome(&off), (0, "pass".into()));
    assert_eq!(place.treaty(&[&gate[..], &["--select", "nothing"]].concat()).code, 2);
}

#[test]
fn directories_leave_out_what_is_excluded() {
    let place = Place::with(&[
        ("openapi.yaml", FAULTY),
        ("build/openapi.yaml", FAULTY),
        ("sub/build/openapi.yaml", FAULTY),
        ("sub/old.yaml", FAULTY),
        ("sub/api.yaml", FAULTY),
    ]);
    let paths = |arguments: &[&str]| {
        let ran = place.treaty(&[&["lint", "--format", "json"], arguments].concat());
        let documents = ran.json()["documents"].as_array().unwrap().clone();
        let paths = documents.iter().map(|it| it["path"].as_str().unwrap().to_owned());
        paths.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(paths(&["--exclude", "build/", "--exclude", "old.*"]), "openapi.yaml sub/api.yaml");
    let rooted = "openapi.yaml sub/api.yaml sub/build/openapi.yaml sub/old.yaml";
    assert_eq!(paths(&["--exclude", "/build"]), rooted);
    assert_eq!(paths(&["sub", "--exclude", "sub/*.yaml"]), "sub/build/openapi.yaml");
    assert_eq!(paths(&["sub/old.yaml", "--exclude", "*.yaml"]), "sub/old.yaml", "it was named");
    let nothing = place.treaty(&["lint", "--exclude", "*"]);
    assert!(nothing.code == 2 && nothing.err.contains("holds no OpenAPI"), "{}", nothing.text());
    assert_snapshot!(place.treaty(&["lint", "--exclude", "a[b"]).text(), @r"
    exit 2
    --- err
    error: `a[b` is no pattern for paths: unclosed character class; missing ']'
    ");
}

#[test]
fn many_workers_say_what_one_says() {
    let place = Place::empty();
    let fragment = "type: object\nproperties:\n  id: {type: strin}\n";
    place.file("shared.yaml", fragment);
    for at in 0..40 {
        let text = FAULTY.to_owned()
            + &format!("  /pets/{at}: {{}}\n").repeat(at * 3)
            + "components:\n  schemas:\n    S: {$ref: '../shared.yaml'}\n";
        place.file(&format!("api/{at}.yaml"), text);
    }
    place.file("api/unreadable.json", "{\"openapi\": ");
    for format in ["json", "pretty"] {
        for limit in ["10000", "17", "0"] {
            let run = |jobs: &str| {
                let arguments =
                    ["lint", ".", "gone.yaml", "--format", format, "--max-findings", limit];
                let ran = place.treaty(&[&arguments[..], &["--jobs", jobs]].concat());
                assert_eq!(ran.code, 2, "{}", ran.text());
                ran.text()
            };
            let one = run("1");
            assert_eq!(one, run("2"));
            assert_eq!(one, run("7"));
        }
    }
    assert_eq!(place.treaty(&["lint", "--jobs", "0"]).code, 2);
}
