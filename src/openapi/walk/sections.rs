//! Which section of which text a finding cites: that of the object that it is about.

use crate::{
    document::NodeRef,
    finding::Draft,
    openapi::tables::{Kind, section},
};

use super::Walk;

/// Where the object stands whose section a rule cites.
enum Subject {
    /// At the place of the finding.
    Here,
    /// Around it.
    Around,
    /// It is a Reference Object, whatever stands around it.
    Reference,
    /// The rule knows better.
    Rule,
}

fn subject(rule: &str) -> Subject {
    match rule {
        "missing-field" => Subject::Here,
        "unknown-field"
        | "wrong-field-type"
        | "invalid-field-value"
        | "invalid-map-key"
        | "misplaced-field"
        | "exclusive-fields"
        | "example-with-examples" => Subject::Around,
        "unresolved-reference"
        | "wrong-reference-kind"
        | "circular-reference"
        | "reference-siblings"
        | "unread-reference" => Subject::Reference,
        _ => Subject::Rule,
    }
}

/// Gives each finding its section in the version of its document.
pub(super) fn cite(walk: &mut Walk<'_>) {
    let mut problems = std::mem::take(&mut walk.problems);
    for draft in &mut problems {
        draft.source = source(walk, draft);
    }
    walk.problems = problems;
}

fn source<'d>(walk: &Walk<'d>, draft: &Draft<'d>) -> Option<String> {
    let node = draft.at.node();
    let version = walk.description.version_at(node);
    let from = match subject(draft.rule) {
        Subject::Rule => return None,
        Subject::Reference => return Some(section(Kind::Reference, version)),
        Subject::Here => Some(node),
        Subject::Around => node.parent(),
    };
    let kind = std::iter::successors(from, |node: &NodeRef<'d>| node.parent())
        .find_map(|node| walk.kind_of(node))?;
    Some(section(kind, version))
}
