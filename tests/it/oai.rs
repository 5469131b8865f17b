//! The structural checks against what the OpenAPI Initiative says of documents.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value as Json;
use treaty::document::Limits;
use treaty::openapi::{Description, Source, SourceError, Walk};

use crate::shared::shared;

/// Rules of another class than `violation`, or of a lower severity than `error`.
const SOFT: [&str; 6] = [
    "invalid-media-type",
    "reference-siblings",
    "unknown-dialect",
    "unknown-schema-keyword",
    "unread-reference",
    "unresolved-mapping",
];

/// Cases whose label the specification's own text contradicts.
const CONTESTED: [&str; 1] = [
    // `/pets/{id}` with a path parameter `petId`: 4.8.12, "MUST correspond to a template expression".
    "operation-object-example",
];

/// The files of a folder, for references.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Source for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        if path.starts_with("..") || path.starts_with('/') {
            return Err(SourceError::Outside);
        }
        std::fs::read(self.0.join(path)).map_err(|_| SourceError::Missing)
    }
}

pub(crate) fn describe(path: &Path) -> Description {
    let folder = Folder(path.parent().unwrap().to_owned());
    let name = path.file_name().unwrap().to_string_lossy();
    let bytes = std::fs::read(path).unwrap();
    Description::load(&name, bytes, &folder, &Limits::default())
}

/// The violations of a description, one line each.
pub(crate) fn violations(description: &Description) -> Vec<String> {
    let walk = Walk::new(description);
    let hard = walk.problems.iter().filter(|draft| !SOFT.contains(&draft.rule));
    hard.map(|draft| format!("{:?} {}: {}", draft.at.node(), draft.rule, draft.message)).collect()
}

#[test]
fn documents_are_judged_as_the_initiative_labels_them() {
    let Some(root) = shared("suites/oai-pass-fail") else { return };
    let manifest = std::fs::read_to_string(root.join("manifest.json")).unwrap();
    let manifest: Json = serde_json::from_str(&manifest).unwrap();
    let mut wrong = Vec::new();
    for case in manifest["items"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        if id.starts_with("3.3") || CONTESTED.iter().any(|it| id.contains(it)) {
            continue;
        }
        let folder = std::fs::read_dir(root.join(id)).unwrap();
        let mut files = folder.map(|entry| entry.unwrap().path());
        let path = files.find(|path| !path.ends_with("expected.json")).unwrap();
        let found = violations(&describe(&path));
        if found.is_empty() != case["valid"].as_bool().unwrap() {
            wrong.push(format!("{id}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Cases of the example collection whose label the specification's own text contradicts.
const DISPUTED: [(&str, &str); 5] = [
    // Its one oddity is a security scheme `{type: http, scheme: oauth}`. A name that IANA does not
    // list is legal. 3.0.4, Security Scheme Object: "the values used SHOULD be registered".
    ("docs/3.0/fail/gluecon/example1_from_._Different_components.md.yaml", "valid"),
    // Two of OpenAPI 2.0, which is named as such and not checked; others of it are labelled invalid.
    ("docs/3.0/pass/resolution/twolevel/index.yaml", "invalid"),
    ("docs/3.0/pass/swagger2openapi/swagger.yaml", "invalid"),
    // The example of a property of type number is a word. 3.0.4, Schema Object: `example` is "an
    // example of an instance for this schema".
    ("docs/3.0/pass/extensionsEverywhere.yaml", "invalid"),
    // A schema that another file refers to, which is no description of an API when it is handed in
    // by itself. 3.0.4, OpenAPI Object: `openapi` is REQUIRED.
    ("docs/3.0/pass/resolution/twolevel/subdir1/subdir2/ok.yaml", "invalid"),
];

#[test]
fn documents_are_judged_as_a_collection_of_examples_labels_them() {
    let Some(root) = shared("suites/mermade-pass-fail") else { return };
    let manifest = std::fs::read_to_string(root.join("manifest.json")).unwrap();
    let manifest: Json = serde_json::from_str(&manifest).unwrap();
    let labels: BTreeMap<&str, &str> = manifest["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["disputed"] == false)
        .map(|item| (item["input"].as_str().unwrap(), item["expect"].as_str().unwrap()))
        .filter(|(input, _)| std::fs::metadata(root.join(input)).unwrap().len() > 0)
        .collect();
    let mut wrong = Vec::new();
    for (input, label) in labels {
        let out = Command::new(env!("CARGO_BIN_EXE_treaty"))
            .args(["lint", "--format", "json", input])
            .current_dir(&root)
            .output()
            .unwrap();
        let report: Json = serde_json::from_slice(&out.stdout).unwrap();
        let refused = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["class"] == "violation" && finding["severity"] == "error");
        let found = if refused { "invalid" } else { "valid" };
        let expected = DISPUTED.iter().find(|(it, _)| *it == input).map_or(label, |(_, it)| it);
        if ["valid", "invalid"].contains(&label) && found != expected {
            wrong.push(format!("{input}: {found}, labelled {label}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
