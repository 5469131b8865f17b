//! The evaluator against the JSON-Schema-Test-Suite.

use serde_json::Value as Json;
use treaty::document::{Document, Limits, NodeRef};
use treaty::schema::{Dialect, Evaluator, Options, References, Target, second_opinion};

use crate::shared::shared;

/// Files of the suite that do not bear on OpenAPI documents, and why.
const LEFT_OUT: [(&str, &str); 4] = [
    ("hostname.json", "labels in Punycode are not decoded (RFC 5892): such a host name passes"),
    ("idn-hostname.json", "host names beyond ASCII are not judged"),
    ("dependencies-compatibility.json", "`dependencies` is no keyword of 2020-12"),
    ("vocabulary.json", "a dialect of its own is undecided before the evaluator is asked"),
];

/// References inside one document, by pointer and by anchor.
struct Local;

impl<'d> References<'d> for Local {
    fn target(&self, holder: NodeRef<'d>) -> Target<'d> {
        let document = holder.document();
        let reference = holder.get("$ref").and_then(NodeRef::as_str).unwrap_or_default();
        let root = document.at("/schema");
        let found = match reference.strip_prefix('#') {
            Some("") => root,
            Some(fragment) if fragment.starts_with('/') => {
                let decoded = percent(fragment);
                document.at(&format!("/schema{decoded}"))
            }
            _ => None,
        };
        let text = document.text();
        let simple = !text.contains("\"$id\"") && !text.contains("\"id\": \"");
        found.filter(|_| simple).map_or(Target::Unknown, Target::Schema)
    }

    fn dynamic_target(&self, _holder: NodeRef<'d>, _scope: &[NodeRef<'d>]) -> Target<'d> {
        Target::Unknown
    }

    fn discriminated(&self, _discriminator: NodeRef<'d>, _value: &str) -> Option<NodeRef<'d>> {
        None
    }
}

fn percent(text: &str) -> String {
    text.replace("%25", "%").replace("%22", "\"")
}

fn run(folder: &str, dialect: Dialect, formats: bool) {
    let Some(folder) = shared(&format!("suites/json-schema/tests/{folder}")) else { return };
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    let (mut wrong, mut right, mut undecided) = (Vec::new(), 0, 0);
    for file in files.iter().filter(|it| it.is_file()) {
        let name = file.file_name().unwrap().to_string_lossy();
        if LEFT_OUT.iter().any(|(file, _)| *file == name) {
            continue;
        }
        let cases: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            let document =
                Document::parse("case.json", serde_json::to_vec(case).unwrap(), &Limits::default());
            let evaluator = Evaluator::new(Local, dialect, u64::MAX);
            for test in document.at("/tests").unwrap().items() {
                let schema = document.at("/schema").unwrap();
                let options = Options { formats, ..Options::default() };
                let found = evaluator.evaluate(test.get("data").unwrap(), schema, options);
                let valid = test.get("valid").unwrap().as_bool().unwrap();
                let data = test.get("data").unwrap();
                let second = second_opinion(&Local, dialect, data, schema, options);
                // The other judge knows more of `idn-email`, and fewer formats.
                if !formats {
                    assert!(second.is_none_or(|second| second == valid), "{name}: {data:?}");
                }
                if !found.problems.is_empty() && !valid
                    || found.problems.is_empty() && valid && found.undecided.is_empty()
                {
                    right += 1;
                } else if found.problems.is_empty() && !found.undecided.is_empty() {
                    undecided += 1;
                } else {
                    let what = |key| test.get(key).and_then(NodeRef::as_str).unwrap_or_default();
                    wrong.push(format!(
                        "{name}: {} / {}: valid is {valid}, {:?}",
                        case["description"].as_str().unwrap(),
                        what("description"),
                        found.problems.first().map(|it| &it.message),
                    ));
                }
            }
        }
    }
    eprintln!("{right} right, {undecided} undecided, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn draft_2020_12() {
    run("draft2020-12", Dialect::Draft2020, false);
}

#[test]
fn draft_4() {
    run("draft4", Dialect::Draft4, false);
}

#[test]
fn formats_of_2020_12() {
    run("draft2020-12/optional/format", Dialect::Draft2020, true);
}

#[test]
fn patterns_of_ecma_262() {
    run("draft2020-12/optional", Dialect::Draft2020, true);
}
