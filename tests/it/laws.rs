//! Laws that hold for any document: the same bytes get the same findings, and a finding keeps its
//! id as long as its fault stands, whatever else is edited.

use std::{collections::BTreeSet, sync::LazyLock};

use proptest::{prelude::*, sample::Index};
use treaty::{
    document::{Document, Limits, NodeRef, Value},
    finding::Finding,
    openapi::{Description, NoFiles},
    ruleset::{Profile, Ruleset},
    verify,
};

fn lint(text: &str) -> Vec<Finding> {
    let description = Description::load("openapi.yaml", text.into(), &NoFiles, &Limits::default());
    let ruleset = Ruleset::built_in(Profile::Contract);
    verify::lint(&description, &ruleset, &verify::Options::default()).findings
}

fn ids(findings: &[Finding]) -> BTreeSet<String> {
    findings.iter().map(|finding| finding.id.clone()).collect()
}

/// The YAML fixtures that are whole documents, as values.
static DOCUMENTS: LazyLock<Vec<(String, Value)>> = LazyLock::new(documents);

fn documents() -> Vec<(String, Value)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/document");
    let mut documents = Vec::new();
    for rule in std::fs::read_dir(root).unwrap() {
        let rule = rule.unwrap().path();
        // What ends at a limit stands under limits of its own.
        if rule.file_name().unwrap().to_string_lossy().starts_with("undecided-") {
            continue;
        }
        for file in std::fs::read_dir(rule).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let document = Document::parse("a.yaml", text.clone().into(), &Limits::default());
            let is_yaml = path.extension().is_some_and(|it| it == "yaml");
            let value = document.root().map(NodeRef::to_value);
            let alone = document.first_anchor().is_none() && text.len() < 20_000;
            if is_yaml && alone && document.faults().is_empty() && text.contains("openapi: 3.") {
                documents.extend(value.map(|value| (path.display().to_string(), value)));
            }
        }
    }
    documents.sort_by(|a, b| a.0.cmp(&b.0));
    documents
}

/// Something that has nothing to do with any fault.
fn unrelated(value: &mut Value, what: usize) {
    let Value::Object(members) = value else { return };
    let operation = r#"{"get":{"operationId":"zzzUnrelated","summary":"Unrelated",
        "responses":{"200":{"description":"Fine"}}}}"#;
    match what {
        0 => members.push(("x-unrelated".to_owned(), Value::from("note"))),
        1 => members.insert(0, ("x-unrelated".to_owned(), Value::from("note"))),
        2 => put(members, "paths", "/zzz-unrelated", operation, false),
        3 => put(members, "paths", "/zzz-unrelated", operation, true),
        _ => {
            let schema = r#"{"schemas":{"ZzzUnrelated":{"type":"object","properties":{}}}}"#;
            if !members.iter().any(|(key, _)| key == "components") {
                members.push(("components".to_owned(), Value::from_json(schema).unwrap()));
            }
        }
    }
}

fn put(members: &mut [(String, Value)], into: &str, key: &str, json: &str, first: bool) {
    let Some((_, Value::Object(inner))) = members.iter_mut().find(|(name, _)| name == into) else {
        return;
    };
    let at = if first { 0 } else { inner.len() };
    inner.insert(at, (key.to_owned(), Value::from_json(json).unwrap()));
}

/// Puts a parameter of another name before all others in each list of parameters.
fn put_parameters(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if let (true, Value::Array(items)) = (key == "parameters", &mut *value) {
                    // A header: one more query parameter is not unrelated to `querystring`.
                    let other =
                        r#"{"name":"Zzz-Unrelated","in":"header","schema":{"type":"string"}}"#;
                    items.insert(0, Value::from_json(other).unwrap());
                }
                put_parameters(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(put_parameters),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_same_bytes_get_the_same_findings(pick in any::<Index>()) {
        let text = pick.get(&DOCUMENTS).1.to_yaml();
        let once = serde_json::to_string(&lint(&text)).unwrap();
        prop_assert_eq!(once, serde_json::to_string(&lint(&text)).unwrap());
    }

    #[test]
    fn ids_outlive_unrelated_edits(pick in any::<Index>(), what in 0..5_usize, comment in any::<bool>()) {
        let (path, value) = pick.get(&DOCUMENTS);
        let before = ids(&lint(&value.to_yaml()));
        let mut edited = value.clone();
        unrelated(&mut edited, what);
        let mut text = edited.to_yaml();
        if comment {
            text = format!("# One line more.\n\n{text}");
        }
        let after = ids(&lint(&text));
        let lost: Vec<_> = before.difference(&after).collect();
        prop_assert!(lost.is_empty(), "{path} ({what}): {lost:?}\n{text}");
    }

    #[test]
    fn ids_outlive_other_parameters(pick in any::<Index>()) {
        let (path, value) = pick.get(&DOCUMENTS);
        let mut edited = value.clone();
        put_parameters(&mut edited);
        let before = ids(&lint(&value.to_yaml()));
        let after = ids(&lint(&edited.to_yaml()));
        let lost: Vec<_> = before.difference(&after).collect();
        prop_assert!(lost.is_empty(), "{path}: {lost:?}");
    }
}
