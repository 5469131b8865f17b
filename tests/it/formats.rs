//! The forms of a report that other programs read: each as its own specification says.

use std::{collections::HashSet, sync::LazyLock};

use insta::assert_snapshot;
use serde_json::Value as Json;

use crate::{html::check_html, program::Place, shared::shared};

/// Validates SARIF by its own schema.
static SARIF: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("sarif/schema.json")).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

/// Fails where a text is not SARIF 2.1.0.
pub(crate) fn check_sarif(text: &str) -> Json {
    let json: Json = serde_json::from_str(text).unwrap();
    let errors: Vec<_> = SARIF.iter_errors(&json).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    json
}

/// Fails where a text is not well-formed XML, as far as a report uses it.
pub(crate) fn check_xml(text: &str) {
    let body = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let mut open = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, content) = part.split_once('>').unwrap();
        let outside = tag.split('"').step_by(2).collect::<Vec<_>>().concat();
        assert!(!outside.contains(['\'', '&']), "{tag}");
        for text in tag.split('"').skip(1).step_by(2).chain([content]) {
            for reference in text.split('&').skip(1) {
                let name = reference.split_once(';').map(|(name, _)| name);
                assert!(matches!(name, Some("amp" | "lt" | "gt" | "quot" | "apos")), "{text}");
            }
            assert!(!text.contains(['\u{fffe}', '\u{ffff}']));
        }
        let name = outside.split([' ', '/']).find(|name| !name.is_empty()).unwrap().to_owned();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name)),
            (false, true) => {}
            (false, false) => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Fails where a table of Markdown holds more than its cells and what we put into them.
pub(crate) fn check_markdown(text: &str) {
    let link = regex::Regex::new(r"\[[a-z0-9-]*\]\(https://[^)]*\)").unwrap();
    for row in text.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(row.split('|').count(), 6, "{row}");
        let row = link.replace_all(row, "");
        let row = row.replace("<code>", "").replace("</code>", "").replace("<br>", "");
        assert!(!row.contains(['<', '>', '*', '_', '`', '@', '!', '[', ']', '\\', '~']), "{row}");
    }
}

const FAULTY: &str = "\
openapi: 3.1.0
info: { title: Pets, title: Péts, version: 1.0.0 }
paths:
  /pets/{id}:
    get:
      responses: { '200': { description: ok } }
    parameters:
      - { name: id, in: path, schema: { type: string, format: datetime } }
";

fn written(format: &str, files: &[(&str, &str)]) -> String {
    let place = Place::with(files);
    let ran = place.treaty(&["lint", "--format", format]);
    assert!(ran.code < 2, "{}", ran.text());
    ran.out
}

#[test]
fn sarif_is_as_its_schema_says() {
    let sarif = check_sarif(&written("sarif", &[("openapi.yaml", FAULTY)]));
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let levels: Vec<_> = results
        .iter()
        .map(|it| {
            let index = usize::try_from(it["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], it["ruleId"]);
            assert!(rules[index]["help"]["text"].is_string());
            (it["ruleId"].as_str().unwrap(), it["level"].as_str().unwrap())
        })
        .collect();
    assert_snapshot!(format!("{levels:?}"), @r#"[("duplicate-key", "error"), ("missing-operation-id", "error"), ("path-parameter-not-required", "error"), ("misspelled-format", "error")]"#);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let twice = results.iter().find(|it| it["ruleId"] == "duplicate-key").unwrap();
    assert_snapshot!(twice["locations"][0], @r#"{"physicalLocation":{"artifactLocation":{"uri":"openapi.yaml","index":0},"region":{"startLine":2,"startColumn":22,"endLine":2,"endColumn":27,"byteOffset":36,"byteLength":5}},"logicalLocations":[{"fullyQualifiedName":"/info/title"}]}"#);
    assert_eq!(twice["relatedLocations"][0]["message"]["text"], "first here");
    assert_eq!(twice["relatedLocations"][0]["physicalLocation"]["region"]["startColumn"], 9);
    check_sarif(&written("sarif", &[("openapi.yaml", "openapi: 3.1.0\n")]));
}

#[test]
fn what_the_corpus_brings_to_light_is_well_formed() {
    if std::env::var("RUN_SLOW_TESTS").is_err() {
        eprintln!("skipped: RUN_SLOW_TESTS is not set");
        return;
    }
    let Some(corpus) = shared("corpus") else { return };
    let corpus = corpus.to_str().unwrap();
    let place = Place::empty();
    let files = ["sarif=a.sarif", "junit=a.xml", "markdown=a.md", "gitlab=a.json"];
    let files = files.iter().flat_map(|file| ["-o", file]);
    let arguments = ["lint", corpus, "--deadline", "3000", "--max-findings", "1000000", "--quiet"];
    let ran = place.treaty(&arguments.into_iter().chain(files).collect::<Vec<_>>());
    assert_eq!(ran.code, 1, "{}", ran.err);
    check_sarif(&place.read("a.sarif"));
    check_xml(&place.read("a.xml"));
    check_markdown(&place.read("a.md"));
    let issues: Vec<Json> = serde_json::from_str(&place.read("a.json")).unwrap();
    let prints: HashSet<_> = issues.iter().map(|it| it["fingerprint"].to_string()).collect();
    assert_eq!(prints.len(), issues.len());
}

/// The offset of a line and a column that counts code points.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let count = |number: u64| usize::try_from(number).unwrap() - 1;
    let before: usize = text.split_inclusive('\n').take(count(line)).map(str::len).sum();
    let rest = &text[before..];
    before + rest.char_indices().nth(count(column)).map_or(rest.len(), |(at, _)| at)
}

#[test]
fn fixes_in_sarif_do_what_treaty_fix_does() {
    let text = FAULTY.replace("title: Pets, ", "").replace("/pets", "/päts");
    let sarif = check_sarif(&written("sarif", &[("openapi.yaml", &text)]));
    let mut replacements = Vec::new();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    for fix in results.iter().filter_map(|it| it["fixes"].as_array()).flatten() {
        assert_eq!(fix["artifactChanges"].as_array().unwrap().len(), 1);
        let change = &fix["artifactChanges"][0];
        assert_eq!(change["artifactLocation"]["uri"], "openapi.yaml");
        for replacement in change["replacements"].as_array().unwrap() {
            let region = &replacement["deletedRegion"];
            let number = |name: &str| region[name].as_u64().unwrap();
            let start = offset(&text, number("startLine"), number("startColumn"));
            let end = offset(&text, number("endLine"), number("endColumn"));
            assert_eq!(start, usize::try_from(number("byteOffset")).unwrap());
            assert_eq!(end - start, usize::try_from(number("byteLength")).unwrap());
            replacements.push((start, end, replacement["insertedContent"]["text"].clone()));
        }
    }
    replacements.sort_by_key(|(start, ..)| *start);
    let mut repaired = text.clone();
    for (start, end, new) in replacements.iter().rev() {
        repaired.replace_range(start..end, new.as_str().unwrap());
    }
    let place = Place::with(&[("openapi.yaml", &text)]);
    place.treaty(&["fix", "--unsafe-fixes"]);
    assert!(replacements.len() > 2, "{replacements:?}");
    assert_eq!(repaired, place.read("openapi.yaml"));
}

#[test]
fn paths_are_uris_in_sarif() {
    let place = Place::with(&[("a b/50%:ä.yaml", FAULTY), ("x.yaml", FAULTY)]);
    let absolute = place.path("x.yaml");
    let absolute = absolute.to_str().unwrap();
    let ran = place.treaty(&["lint", "./a b/50%:ä.yaml", absolute, "--format", "sarif"]);
    let sarif = check_sarif(&ran.out);
    let artifacts = sarif["runs"][0]["artifacts"].as_array().unwrap();
    let uris: Vec<_> = artifacts.iter().map(|it| it["location"]["uri"].as_str().unwrap()).collect();
    assert_eq!(uris, ["a%20b/50%25%3A%C3%A4.yaml", &format!("file://{absolute}")]);
    let ran = place.treaty_reading(FAULTY, &["lint", "-", "--format", "sarif"]);
    assert!(check_sarif(&ran.out).to_string().contains("%3Cstdin%3E"));
}

#[test]
fn what_ended_early_says_so_in_every_format() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let ended = |format: &str| {
        let ran = place.treaty(&["lint", "--deadline", "0", "--format", format]);
        assert_eq!(ran.code, 2);
        ran.out
    };
    let sarif = check_sarif(&ended("sarif"));
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    check_xml(&ended("junit"));
    assert!(ended("junit").contains("errors=\"1\""));
    assert!(ended("markdown").contains("incomplete"));
}

#[test]
fn fingerprints_outlive_edits_elsewhere() {
    let prints = |files: &[(&str, &str)], format: &str, pointer: &str| {
        let json: Json = serde_json::from_str(&written(format, files)).unwrap();
        let results = json.pointer(pointer).unwrap().as_array().unwrap().clone();
        let print = |it: &Json| match format {
            "sarif" => it["partialFingerprints"]["treaty/v1"].as_str().unwrap().to_owned(),
            _ => it["fingerprint"].as_str().unwrap().to_owned(),
        };
        let prints: Vec<_> = results.iter().map(print).collect();
        assert_eq!(prints.iter().collect::<HashSet<_>>().len(), prints.len(), "each is its own");
        prints
    };
    let twice = [("a.yaml", FAULTY), ("b.yaml", FAULTY)];
    let moved = FAULTY.replace("paths:", "# more\n# lines\npaths:");
    let later = [("a.yaml", &*moved), ("b.yaml", FAULTY)];
    for (format, pointer) in [("sarif", "/runs/0/results"), ("gitlab", "")] {
        assert_eq!(prints(&twice, format, pointer), prints(&later, format, pointer));
    }
}

#[test]
fn gitlab_reads_code_quality() {
    let report: Json =
        serde_json::from_str(&written("gitlab", &[("api/openapi.yaml", FAULTY)])).unwrap();
    let mut issue = report[0].clone();
    issue["fingerprint"] = "…".into();
    assert_snapshot!(serde_json::to_string_pretty(&issue).unwrap(), @r#"
    {
      "description": "the key `title` stands twice in one object",
      "check_name": "duplicate-key",
      "fingerprint": "…",
      "severity": "critical",
      "location": {
        "path": "api/openapi.yaml",
        "lines": {
          "begin": 2,
          "end": 2
        }
      }
    }
    "#);
}

#[test]
fn junit_fails_where_the_run_fails() {
    let place = Place::with(&[("a & b.yaml", FAULTY), ("clean.yaml", "")]);
    let clean = "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths: {}\n";
    place.file("clean.yaml", clean);
    let run = |severity: &str| {
        let arguments = ["lint", "--format", "junit", "--ignore", "missing-operation-id"];
        place.treaty(&[&arguments[..], &["--fail-severity", severity]].concat()).out
    };
    check_xml(&run("error"));
    assert_snapshot!(run("error"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="treaty" tests="4" failures="3" errors="0" skipped="0">
      <testsuite name="a &amp; b.yaml" tests="3" failures="3" errors="0" skipped="0">
        <testcase classname="a &amp; b.yaml" name="duplicate-key at /info/title" file="a &amp; b.yaml" line="2">
          <failure message="the key `title` stands twice in one object" type="error">at a &amp; b.yaml:2:22; Remove one of the two, or rename it. (https://yaml.org/spec/1.2.2/#3213-node-comparison)</failure>
        </testcase>
        <testcase classname="a &amp; b.yaml" name="path-parameter-not-required at /paths/~1pets~1{id}/parameters/0" file="a &amp; b.yaml" line="8">
          <failure message="the path parameter `id` must be `required: true`" type="error">at a &amp; b.yaml:8:9; Add `required: true`. (https://spec.openapis.org/oas/v3.1.1.html#parameter-object)</failure>
        </testcase>
        <testcase classname="a &amp; b.yaml" name="misspelled-format at /paths/~1pets~1{id}/parameters/0/schema/format" file="a &amp; b.yaml" line="8">
          <failure message="the format `datetime` is not registered; `date-time` is" type="error">at a &amp; b.yaml:8:63; write `format: date-time` (https://spec.openapis.org/registry/format/)</failure>
        </testcase>
      </testsuite>
      <testsuite name="clean.yaml" tests="1" failures="0" errors="0" skipped="0">
        <testcase classname="clean.yaml" name="no findings"/>
      </testsuite>
    </testsuites>
    "#);
    assert!(run("never").contains("failures=\"0\""));
}

#[test]
fn markdown_is_a_table() {
    let text = written("markdown", &[("openapi.yaml", FAULTY)]);
    check_markdown(&text);
    assert_snapshot!(text, @r"
    ### treaty: 4 errors in 1 document

    | | rule | where | what |
    |---|---|---|---|
    | error | [duplicate-key](https://yaml.org/spec/1.2.2/#3213-node-comparison) | <code>openapi.yaml&#58;2&#58;22</code> | the key <code>title</code> stands twice in one object<br>Remove one of the two, or rename it. |
    | error | [missing-operation-id](https://spec.openapis.org/oas/v3.1.1.html#operation-object) | <code>openapi.yaml&#58;5&#58;5</code> | <code>GET /pets/&#123;id&#125;</code> has no <code>operationId</code><br>name the operation, e.g. <code>getPetsById</code> |
    | error | [path-parameter-not-required](https://spec.openapis.org/oas/v3.1.1.html#parameter-object) | <code>openapi.yaml&#58;8&#58;9</code> | the path parameter <code>id</code> must be <code>required: true</code><br>Add <code>required: true</code>. |
    | error | [misspelled-format](https://spec.openapis.org/registry/format/) | <code>openapi.yaml&#58;8&#58;63</code> | the format <code>datetime</code> is not registered; <code>date-time</code> is<br>write <code>format: date-time</code> |

    checked 1 operations, 1 schemas, 0 references, 0 patterns, 0 examples, 1 paths
    ");
    assert_snapshot!(written("markdown", &[("x.yaml", "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths: {}\n")]), @r"
    ### treaty: no findings in 1 document

    checked 0 operations, 0 schemas, 0 references, 0 patterns, 0 examples, 0 paths
    ");
}

#[test]
fn every_command_writes_several_formats_at_once() {
    let base = FAULTY.replace("datetime", "date-time");
    let place = Place::with(&[("openapi.yaml", FAULTY), ("base.yaml", &base)]);
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        assert!(git.current_dir(place.path("")).args(arguments).output().unwrap().status.success());
    };
    git(&["init", "--quiet"]);
    git(&["add", "openapi.yaml"]);
    for (name, arguments) in [
        ("lint", &["lint", "openapi.yaml"][..]),
        ("gate", &["gate", "--base", "base.yaml", "openapi.yaml"]),
        ("hook", &["hook", "run"]),
        ("fix", &["fix", "openapi.yaml"]),
    ] {
        let file = |format: &str| format!("{format}=out/{name}.{format}");
        std::fs::create_dir_all(place.path("out")).unwrap();
        let files = ["sarif", "html", "agent", "junit", "json"].map(file);
        let outputs: Vec<_> = files.iter().flat_map(|file| ["-o", file.as_str()]).collect();
        let ran = place.treaty(&[arguments, &outputs].concat());
        assert_eq!(ran.code, 1, "{}", ran.text());
        assert!(ran.out.contains("error[duplicate-key]\n\n  × "), "{name}: {}", ran.text());
        let read = |format: &str| place.read(&format!("out/{name}.{format}"));
        check_sarif(&read("sarif"));
        check_html(&read("html"));
        check_xml(&read("junit"));
        assert!(read("html").contains("data-rule=\"duplicate-key\""));
        assert!(read("agent").contains("1. duplicate-key (error, violation)\n"));
        let json: Json = serde_json::from_str(&read("json")).unwrap();
        let findings = json["findings"].as_array().unwrap();
        assert!(findings.iter().any(|it| it["rule"] == "duplicate-key"));
    }
}
