//! The structural checks against the JSON Schemas of the OpenAPI Initiative: where one refuses a
//! document that the other accepts, the reason stands here with its section.

use std::path::Path;

use serde_json::{Value as Json, json};
use treaty::document::{Document, Limits, Value, pointer};
use treaty::openapi::{Description, NoFiles, Version};

use crate::{oai::violations, shared::shared};

/// The schema of a version, ready to judge.
struct Oracle {
    version: Version,
    validator: jsonschema::Validator,
}

impl Oracle {
    fn new(version: Version) -> Option<Self> {
        let folder = shared("suites/oai-schemas")?;
        let text = version.as_str();
        if version == Version::V30 {
            let schema = load(&folder.join("v3.0-schema.yaml"));
            let validator = jsonschema::draft4::new(&schema).unwrap();
            return Some(Self { version, validator });
        }
        let mut registry = jsonschema::Registry::new();
        for name in ["schema", "schema-base", "dialect", "meta"] {
            let schema = load(&folder.join(format!("v{text}/{name}.yaml")));
            let id = schema["$id"].as_str().unwrap().to_owned();
            let resource = jsonschema::Resource::from_contents(schema);
            registry = registry.add(id, resource).unwrap();
        }
        let registry = registry.prepare().unwrap();
        let base = format!("https://spec.openapis.org/oas/{text}/schema-base/WORK-IN-PROGRESS");
        let validator = jsonschema::options()
            .with_registry(&registry)
            .with_vocabulary(format!("https://spec.openapis.org/oas/{text}/vocab/base"))
            .build(
                &json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": base }),
            )
            .unwrap();
        Some(Self { version, validator })
    }

    /// Where the schema refuses a document, and why.
    fn refusals(&self, instance: &Json) -> Vec<String> {
        let errors = self.validator.iter_errors(instance);
        errors.map(|it| format!("{}: {it}", it.instance_path())).collect()
    }
}

fn load(path: &Path) -> Json {
    let document = Document::parse("schema.yaml", std::fs::read(path).unwrap(), &Limits::default());
    serde_json::from_str(&document.root().unwrap().to_value().to_json()).unwrap()
}

fn description(value: &Value) -> Description {
    Description::load("case.json", value.to_json().into_bytes(), &NoFiles, &Limits::default())
}

fn everything(version: Version) -> Value {
    let path = format!(
        "{}/fixtures/openapi/everything-{}.yaml",
        env!("CARGO_MANIFEST_DIR"),
        version.as_str()
    );
    let document = Document::parse("x.yaml", std::fs::read(path).unwrap(), &Limits::default());
    assert_eq!(document.faults(), []);
    document.root().unwrap().to_value()
}

/// Rules about more than one object at a time, of which no schema knows.
const BEYOND: [&str; 7] = [
    "unresolved-reference",
    "wrong-reference-kind",
    "circular-reference",
    "undeclared-path-parameter",
    "unused-path-parameter",
    "duplicate-parameter",
    "duplicate-tag",
];

/// What we refuse and the schemas accept: a part of our finding, and the text that we follow.
const WE_REFUSE: [(&str, &str); 14] = [
    (
        "may hold only letters, digits",
        "3.0.4, 4.8.7: MUST use keys that match the regular expression",
    ),
    (
        "`$ref` must be a string",
        "3.0.4, 4.8.23: MUST be in the form of a URI; `$ref` is no callback expression",
    ),
    (
        "a Link Object must have `operationRef` or `operationId`",
        "3.0.4, 4.8.20: a linked operation MUST be identified directly, or via a relative reference",
    ),
    ("`oneOf` must not be empty", "3.0.4, 4.8.24: Wright-00, 5.24: MUST have at least one element"),
    ("`anyOf` must not be empty", "3.0.4, 4.8.24: Wright-00, 5.23: MUST have at least one element"),
    ("`allOf` must not be empty", "3.0.4, 4.8.24: Wright-00, 5.22: MUST have at least one element"),
    (
        "`items` is required where",
        "3.0.4, 4.8.24: `items` MUST be present if the `type` is `array`",
    ),
    ("is no field of a Discriminator Object", "3.0.4, 4.8.25: its fixed fields are two"),
    (
        "`namespace` must be an absolute URI",
        "3.1.1, 4.8.26: MUST be in the form of a non-relative URI",
    ),
    ("is not in `enum`", "3.1.1, 4.8.6: the value MUST exist in the enum's values"),
    ("must be an address for e-mail", "3.1.1, 4.8.3: MUST be in the form of an email address"),
    (
        "must be a URL",
        "3.1.1, 4.8.2: MUST be in the form of a URI; the schema's `format` is no assertion",
    ),
    ("`allowEmptyValue` applies only", "3.0.4, 4.8.12: is valid only for `query` parameters"),
    (
        "must not both be true",
        "3.0.4, 4.8.24: MUST NOT be marked as both `readOnly` and `writeOnly`",
    ),
];

/// What the schemas refuse and we accept: a part of the changed place, and the text that we follow.
const THEY_REFUSE: [(&str, &str); 6] = [
    ("/enum", "3.0.4, 4.8.24: Wright-00, 5.20: SHOULD have at least one element"),
    ("/type", "what a schema's `type` may be is for the rules about types"),
    ("/exclusiveM", "the form of the other version is for the rules about types"),
    ("/$schema", "3.1.1, 4.8.24.5: other dialects are allowed; it is undecided, not wrong"),
    ("/jsonSchemaDialect", "3.1.1, 4.8.1: any URI; it is undecided, not wrong"),
    ("/links/again/parameters/id", "3.1.1, 4.8.20: Map[`string`, Any | {expression}]"),
];

/// One change of a document.
#[derive(Clone, Debug)]
enum Change {
    Remove(String),
    Rename(String),
    Replace(String, Value),
}

impl Change {
    fn place(&self) -> &str {
        match self {
            Self::Remove(place) | Self::Rename(place) | Self::Replace(place, _) => place,
        }
    }
}

/// Every change of a document, or a fifth of them where there is little time.
fn changes(value: &Value) -> Vec<Change> {
    let step = if std::env::var_os("RUN_SLOW_TESTS").is_some() { 1 } else { 5 };
    all_changes(value).into_iter().step_by(step).collect()
}

fn all_changes(value: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut stack = vec![(String::new(), value)];
    while let Some((at, value)) = stack.pop() {
        if !at.is_empty() {
            changes.push(Change::Remove(at.clone()));
            changes.push(Change::Rename(at.clone()));
            let others = [
                Value::Null,
                Value::from(true),
                Value::from(-7_i64),
                Value::from("!"),
                Value::Array(Vec::new()),
                Value::Object(Vec::new()),
            ];
            changes.extend(others.into_iter().map(|other| Change::Replace(at.clone(), other)));
        }
        for (key, member) in value.members() {
            stack.push((pointer::join(&at, key), member));
        }
        for (index, item) in value.items().iter().enumerate() {
            stack.push((format!("{at}/{index}"), item));
        }
    }
    changes
}

fn apply(value: &Value, change: &Change) -> Option<Value> {
    let patch = match change {
        Change::Remove(path) => json!([{ "op": "remove", "path": path }]),
        Change::Replace(path, with) => {
            let with: Json = serde_json::from_str(&with.to_json()).unwrap();
            json!([{ "op": "replace", "path": path, "value": with }])
        }
        Change::Rename(path) => {
            let last = path.rsplit('/').next()?;
            if last.parse::<usize>().is_ok() && !path.contains("responses") {
                return None;
            }
            json!([{ "op": "move", "from": path, "path": format!("{path}x") }])
        }
    };
    value.patched(&Value::from_json(&patch.to_string())?).ok()
}

#[test]
fn everything_is_right() {
    for version in Version::ALL {
        let Some(oracle) = Oracle::new(version) else { return };
        let value = everything(version);
        let json: Json = serde_json::from_str(&value.to_json()).unwrap();
        assert_eq!(oracle.refusals(&json), Vec::<String>::new(), "{version:?}");
        assert_eq!(violations(&description(&value)), Vec::<String>::new(), "{version:?}");
    }
}

#[test]
fn changed_documents_are_judged_alike() {
    let mut wrong = Vec::new();
    for version in Version::ALL {
        let Some(oracle) = Oracle::new(version) else { return };
        let value = everything(version);
        for change in changes(&value) {
            let Some(changed) = apply(&value, &change) else { continue };
            let found = violations(&description(&changed));
            let json: Json = serde_json::from_str(&changed.to_json()).unwrap();
            let accepted = oracle.validator.is_valid(&json);
            let argued = if accepted {
                let known = WE_REFUSE.map(|(part, _)| part);
                let beyond = BEYOND.map(|rule| format!(" {rule}: "));
                found.iter().all(|it| {
                    known.iter().any(|part| it.contains(part))
                        || beyond.iter().any(|part| it.contains(part.as_str()))
                })
            } else {
                !found.is_empty()
                    || THEY_REFUSE.iter().any(|(part, _)| change.place().contains(part))
            };
            if !argued {
                let theirs = oracle.refusals(&json);
                wrong.push(format!(
                    "{version:?} {change:?}\n   ours {found:?}\n   theirs {theirs:.400?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_the_typed_model_cannot_load_is_refused() {
    // The model knows no reference in the place of a callback (3.0.4, 4.8.10 allows it).
    let path = "/paths/~1parts~1{id}/put/callbacks/sold".to_owned();
    let value = apply(&everything(Version::V30), &Change::Remove(path)).unwrap();
    let mut wrong = Vec::new();
    for change in changes(&value) {
        let Some(changed) = apply(&value, &change) else { continue };
        let loaded = serde_yaml::from_str::<openapiv3::OpenAPI>(&changed.to_json());
        let Err(error) = loaded else { continue };
        if violations(&description(&changed)).is_empty()
            && !THEY_REFUSE.iter().any(|(part, _)| change.place().contains(part))
        {
            wrong.push(format!("{change:?}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn real_documents_are_judged_alike() {
    let Some(root) = shared("corpus") else { return };
    let slow = std::env::var_os("RUN_SLOW_TESTS").is_some();
    let oracles: Vec<_> = Version::ALL.into_iter().filter_map(Oracle::new).collect();
    let mut wrong = Vec::new();
    let manifest = std::fs::read_to_string(root.join("manifest.tsv")).unwrap();
    for line in manifest.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let bytes: usize = columns[1].parse().unwrap();
        let path = root.join(columns[0]);
        if columns[8] != "single" || !path.is_file() || (bytes > 200_000 && !slow) {
            continue;
        }
        let description = crate::oai::describe(&path);
        let Some(version) = description.version() else { continue };
        let oracle = oracles.iter().find(|it| it.version == version).unwrap();
        let value = description.entry().root().unwrap().to_value();
        let json: Json = serde_json::from_str(&value.to_json()).unwrap();
        let found = violations(&description);
        let mut theirs = oracle.refusals(&json);
        theirs.retain(|it| !it.starts_with("/jsonSchemaDialect"));
        let known = |it: &String| {
            WE_REFUSE.iter().any(|(part, _)| it.contains(part))
                || BEYOND.iter().any(|rule| it.contains(&format!(" {rule}: ")))
        };
        let wrong_here =
            if theirs.is_empty() { !found.iter().all(known) } else { found.is_empty() };
        if wrong_here {
            wrong.push(format!("{}\n   ours {found:.600?}\n   theirs {theirs:.600?}", columns[0]));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
