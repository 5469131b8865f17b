//! The report as SARIF, for code scanning.
//!
//! * **Units.** Lines and columns from 1, columns in Unicode code points, ends exclusive;
//!   byte offsets from 0.
//! * **Source.** SARIF 2.1.0 (OASIS Standard). `info` and `hint` are both `note`.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use serde_json::{Value as Json, json};

use crate::{
    document::Range,
    finding::{Edit, Finding, Fix, Place, Safety, Severity},
    ruleset::Catalog,
};

use super::{Report, fingerprint, write_json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(report: &Report, catalog: &Catalog, out: &mut dyn Write) -> io::Result<()> {
    let paths = report.documents.iter().enumerate();
    let artifacts = Artifacts(paths.map(|(at, it)| (it.path.as_str(), at)).collect());
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &report.findings {
        rules.entry(&finding.rule).or_default();
    }
    rules.values_mut().enumerate().for_each(|(at, index)| *index = at);
    let results = report.findings.iter().map(|it| {
        let index = rules.get(&*it.rule).copied().unwrap_or_default();
        artifacts.result(it, index)
    });
    let run = json!({
        "tool": { "driver": {
            "name": "treaty",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules.keys().map(|id| descriptor(id, catalog)).collect::<Vec<_>>(),
        } },
        "columnKind": "unicodeCodePoints",
        "artifacts": report.documents.iter().map(|document| json!({
            "location": { "uri": uri(&document.path) },
            "roles": ["analysisTarget"],
            "hashes": { "sha-256": document.sha256 },
        })).collect::<Vec<_>>(),
        "invocations": [invocation(report)],
        "results": results.collect::<Vec<_>>(),
        "properties": properties(report),
    });
    write_json(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }), out)
}

fn properties(report: &Report) -> Json {
    let mut properties = json!({ "ruleset": report.ruleset });
    if let (Some(verdict), Some(members)) = (&report.verdict, properties.as_object_mut()) {
        members.insert("verdict".to_owned(), json!(verdict));
    }
    properties
}

/// Whether the work was done, and what the results do not say.
fn invocation(report: &Report) -> Json {
    let mut notes = Vec::new();
    if let Some(incomplete) = &report.incomplete {
        let limit = incomplete.limit;
        let text = format!("the limit `--{limit}` ended the work");
        notes.push(json!({ "level": "error", "message": { "text": text } }));
    }
    if report.omitted > 0 {
        let text = format!("{} more findings are left out, the least grave", report.omitted);
        notes.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    json!({
        "executionSuccessful": report.incomplete.is_none(),
        "toolExecutionNotifications": notes,
    })
}

/// What is known of a rule.
fn descriptor(id: &str, catalog: &Catalog) -> Json {
    let Some(rule) = catalog.get(id) else { return json!({ "id": id }) };
    let page = rule.page();
    let severity = rule.usual_severity();
    json!({
        "id": id,
        "shortDescription": { "text": page.summary },
        "fullDescription": { "text": page.why },
        "help": { "text": page.fix },
        "helpUri": page.source,
        "defaultConfiguration": { "level": severity.map_or("none", level) },
        "properties": { "tags": [rule.class().as_str()] },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

/// The documents by path, each with its place in the list of artifacts.
struct Artifacts<'r>(BTreeMap<&'r str, usize>);

impl Artifacts<'_> {
    fn result(&self, finding: &Finding, rule: usize) -> Json {
        let mut result = json!({
            "ruleId": finding.rule,
            "ruleIndex": rule,
            "level": level(finding.severity),
            "message": message(&finding.message),
            "locations": [self.location(&finding.place)],
            "partialFingerprints": { "treaty/v1": fingerprint(finding) },
            "properties": {
                "id": finding.id,
                "class": finding.class,
                "severity": finding.severity,
                "source": finding.source,
            },
        });
        let Some(members) = result.as_object_mut() else { return result };
        if !finding.related.is_empty() {
            let related = finding.related.iter().enumerate().map(|(at, related)| {
                let mut location = self.location(&related.place);
                if let Some(members) = location.as_object_mut() {
                    members.insert("id".to_owned(), (at + 1).into());
                    members.insert("message".to_owned(), message(&related.message));
                }
                location
            });
            members.insert("relatedLocations".to_owned(), related.collect());
        }
        if let Some(fix) = &finding.fix {
            let help = finding.help.as_deref().unwrap_or(&finding.message);
            members.insert("fixes".to_owned(), json!([self.fix(fix, help)]));
        }
        result
    }

    fn location(&self, place: &Place) -> Json {
        json!({
            "physicalLocation": {
                "artifactLocation": self.artifact(&place.path),
                "region": region(place.range),
            },
            "logicalLocations": [{ "fullyQualifiedName": place.pointer }],
        })
    }

    fn artifact(&self, path: &str) -> Json {
        match self.0.get(path) {
            Some(index) => json!({ "uri": uri(path), "index": index }),
            None => json!({ "uri": uri(path) }),
        }
    }

    fn fix(&self, fix: &Fix, help: &str) -> Json {
        let mut changes: Vec<(&str, Vec<Json>)> = Vec::new();
        for edit in &fix.edits {
            let known = changes.iter_mut().find(|(path, _)| **path == *edit.path);
            match known {
                Some((_, replacements)) => replacements.push(replacement(edit)),
                None => changes.push((&edit.path, vec![replacement(edit)])),
            }
        }
        let changes = changes.into_iter().map(|(path, replacements)| {
            json!({ "artifactLocation": self.artifact(path), "replacements": replacements })
        });
        let review = if fix.safety == Safety::Safe { "" } else { " (to be reviewed)" };
        json!({
            "description": message(&format!("{help}{review}")),
            "artifactChanges": changes.collect::<Vec<_>>(),
            "properties": { "safety": fix.safety },
        })
    }
}

fn replacement(edit: &Edit) -> Json {
    json!({ "deletedRegion": region(edit.range), "insertedContent": { "text": edit.text } })
}

fn region(range: Range) -> Json {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
        "byteOffset": range.start.offset,
        "byteLength": range.end.offset.saturating_sub(range.start.offset),
    })
}

/// A message in which no text of a document is a link (section 3.11.6).
fn message(text: &str) -> Json {
    json!({ "text": text.replace("](", "\\](") })
}

/// A path as a URI reference: percent-encoded, `file:` where it is absolute.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let is_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes().get(2) == Some(&b'/');
    let mut uri = String::with_capacity(path.len());
    uri.push_str(match path.starts_with('/') {
        true => "file://",
        false if is_drive => "file:///",
        false => "",
    });
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => uri.push(byte.into()),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
