//! The document floor: outside suites, and laws that hold for any text.

use proptest::prelude::*;
use serde_json::Value as Json;
use treaty::document::{
    Document, FaultKind, Kind, Limits, NodeRef, Style, Value, apply_edits, edit, pointer,
};

use crate::shared::{corpus, shared};

fn parse(name: &str, text: &str) -> Document {
    Document::parse(name, text.into(), &Limits::default())
}

fn syntax(document: &Document) -> bool {
    let syntax = [FaultKind::Syntax, FaultKind::Encoding, FaultKind::Depth];
    document.faults().iter().any(|fault| syntax.contains(&fault.kind))
}

#[test]
fn yaml_reads_as_the_yaml_test_suite_says() {
    let Some(path) = shared("suites/yaml-test-suite/cases.json") else { return };
    let suite: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in suite["items"].as_array().unwrap() {
        let (id, text) = (case["id"].as_str().unwrap(), case["yaml"].as_str().unwrap());
        let document = parse("case.yaml", text);
        let refused = syntax(&document);
        if case["error"] == true {
            if !refused && !documented(&document, FaultKind::SecondDocument) {
                wrong.push(format!("{id}: must fail"));
            }
            continue;
        }
        let Some(expected) = case["json_text"].as_str() else {
            continue;
        };
        let mut values = serde_json::Deserializer::from_str(expected).into_iter::<Json>();
        let Some(Ok(expected)) = values.next() else { continue };
        let found = document.root().map_or(Json::Null, |root| json(&root.to_value()));
        let odd = document.faults().iter().any(|fault| {
            matches!(fault.kind, FaultKind::ComplexKey | FaultKind::Tag | FaultKind::DuplicateKey)
        });
        if !odd && found != expected {
            wrong.push(format!("{id}: {found} is not {expected} ({:?})", document.faults()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

fn documented(document: &Document, kind: FaultKind) -> bool {
    document.faults().iter().any(|fault| fault.kind == kind)
}

fn json(value: &Value) -> Json {
    serde_json::from_str(&value.to_json()).unwrap()
}

#[test]
fn json_is_read_or_refused_as_the_suite_says() {
    let Some(folder) = shared("suites/json-parsing/test_parsing") else { return };
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let document = Document::parse(&name, std::fs::read(&path).unwrap(), &Limits::default());
        let refused = syntax(&document);
        if name.starts_with("y_") && refused || name.starts_with("n_") && !refused {
            wrong.push(format!("{name}: {:?}", document.faults()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_corpus_reads_without_a_fault_of_syntax_and_spans_are_true() {
    for path in corpus() {
        let document = parse(&path.to_string_lossy(), &std::fs::read_to_string(&path).unwrap());
        let faults: Vec<_> =
            document.faults().iter().filter(|it| it.kind == FaultKind::Syntax).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        check_spans(document.root().unwrap());
    }
}

/// Each span lies in its parent's, and slices back to the token it came from.
fn check_spans(node: NodeRef<'_>) {
    let text = node.document().text();
    let span = node.span();
    let source = span.slice(text);
    match (node.kind(), node.style()) {
        (Kind::Array | Kind::Object, style) => {
            let implicit_pair = node.len() == 1 && !source.starts_with(['[', '{']);
            if style == Style::Flow && node.document().faults().is_empty() && !implicit_pair {
                assert!(source.starts_with(['[', '{']), "{node:?}: {source:.20}");
                assert!(source.ends_with([']', '}']), "{node:?}: {source:.20}");
            }
            for child in node.entries().map(|it| it.value).chain(node.items()) {
                if child.parent() != Some(node) {
                    continue;
                }
                let inner = child.span();
                assert!(
                    span.start <= inner.start && inner.end <= span.end,
                    "{child:?} in {node:?}"
                );
                check_spans(child);
            }
            for entry in node.entries().filter(|it| it.value.parent() == Some(node)) {
                let key = entry.key_span.slice(text);
                let plain = !key.starts_with(['"', '\'']);
                assert!(!plain || key == entry.key, "{node:?}: {key} is not {}", entry.key);
            }
        }
        (_, Style::Plain) if !source.contains('\n') => {
            assert_eq!(
                Some(source),
                node.scalar_text().map(|it| if source.is_empty() { "" } else { it })
            );
        }
        (_, Style::DoubleQuoted) => assert!(source.starts_with('"') && source.ends_with('"')),
        (_, Style::SingleQuoted) => assert!(source.starts_with('\'') && source.ends_with('\'')),
        _ => {}
    }
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec!["1.10", "1e3", "-0.5E+2", "12345678901234567890123"])
            .prop_map(|text| Value::Number(text.into())),
        "\\PC{0,12}".prop_map(Value::String),
        "(a|b|\n| |:|#|-|yes|1:30|'|\"|\t){0,8}".prop_map(Value::String),
    ];
    scalar.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::btree_map("[a-z: #\n]{0,6}|\\PC{0,4}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}|[ \\-:\\[\\]{}#&*!|>'\"%@\n\tab,0.1]{0,80}") {
        for name in ["a.yaml", "a.json"] {
            let document = parse(name, &text);
            if let Some(root) = document.root() {
                root.to_value();
                for fault in document.faults() {
                    document.range(fault.span);
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for name in ["a.yaml", "a.json"] {
            Document::parse(name, bytes.clone(), &Limits::default());
        }
    }

    #[test]
    fn a_value_written_as_yaml_or_json_reads_back_alike(value in value()) {
        for (name, text) in [("a.yaml", value.to_yaml()), ("a.json", value.to_json())] {
            let document = parse(name, &text);
            prop_assert!(document.faults().is_empty(), "{:?}\n{}", document.faults(), text);
            prop_assert_eq!(document.root().unwrap().to_value(), value.clone(), "{}", text);
            check_spans(document.root().unwrap());
        }
    }

    #[test]
    fn pointers_lead_back_to_their_nodes(value in value()) {
        let document = parse("a.yaml", &value.to_yaml());
        let mut nodes = vec![document.root().unwrap()];
        while let Some(node) = nodes.pop() {
            prop_assert_eq!(document.at(&node.pointer()), Some(node));
            nodes.extend(node.entries().map(|it| it.value).chain(node.items()));
        }
    }

    #[test]
    fn edits_change_what_they_say_and_nothing_else(
        value in value(), new in value(), pick in any::<prop::sample::Index>(), what in 0..6,
    ) {
        for (name, text) in [("a.yaml", value.to_yaml()), ("a.json", value.to_json()), ("b.yaml", value.to_flow_yaml())] {
            let document = parse(name, &text);
            let mut nodes = vec![document.root().unwrap()];
            let mut at = 0;
            while let Some(node) = nodes.get(at).copied() {
                nodes.extend(node.entries().map(|it| it.value).chain(node.items()));
                at += 1;
            }
            let node = *pick.get(&nodes);
            let place = node.pointer();
            let (edit, patch) = match what {
                0 => (edit::replace(node, &new), operation("replace", &place, Some(&new))),
                1 => (edit::remove(node), operation("remove", &place, None)),
                2 if node.is_array() => (edit::append(node, &new), operation("add", &format!("{place}/-"), Some(&new))),
                3 if node.is_object() => {
                    let patch = operation("add", &pointer::join(&place, "new key"), Some(&new));
                    (edit::insert_last(node, "new key", &new), patch)
                }
                4 if node.is_object() => {
                    let patch = operation("add", &pointer::join(&place, "new: key"), Some(&new));
                    (edit::insert_first(node, "new: key", &new), patch)
                }
                _ => continue,
            };
            let Some(edit) = edit else { continue };
            let Ok(expected) = value.patched(&Value::Array(vec![patch])) else { continue };
            let text = apply_edits(&text, &[edit]);
            let document = parse(name, &text);
            prop_assert!(document.faults().is_empty(), "{:?}\n{}", document.faults(), text);
            prop_assert_eq!(sorted(document.root().unwrap().to_value()), sorted(expected), "{}", text);
        }
    }
}

#[test]
fn white_space_that_separates_nothing_is_text() {
    let text = "{first: 1, \u{2000}: 2, last\u{a0}: 3}\n";
    let document = parse("a.yaml", text);
    let first = document.at("/first").unwrap();
    let repaired = apply_edits(text, &[edit::remove(first).unwrap()]);
    assert_eq!(repaired, "{\u{2000}: 2, last\u{a0}: 3}\n");
    assert_eq!(Value::from("\u{2000}").to_flow_yaml(), "\"\u{2000}\"");
}

fn operation(op: &str, path: &str, value: Option<&Value>) -> Value {
    let mut members = vec![("op".to_owned(), op.into()), ("path".to_owned(), path.into())];
    members.extend(value.map(|value| ("value".to_owned(), value.clone())));
    Value::Object(members)
}

/// The same value with the members of each object in the order of their keys.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(key, it)| (key, sorted(it))).collect();
            members.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(members)
        }
        other => other,
    }
}
