//! Findings of the protocol itself: about a fault, a repetition, a settled place, a private
//! term, a character that may not cross.

use crate::{
    document::{Document, NodeRef, Position, Range, sha256_hex},
    finding::{Class, Finding, Place, Severity},
};

/// Where the protocol is written down.
const SOURCE: &str = "treaty:negotiation";

/// A finding about the text at `place`.
pub(super) fn diagnostic(rule: &str, place: Place, message: String, help: &str) -> Finding {
    let id = sha256_hex(format!("{rule}\n{}\n{message}", place.pointer).as_bytes());
    Finding {
        id: id.get(..16).unwrap_or(&id).to_owned(),
        rule: rule.into(),
        severity: Severity::Error,
        class: Class::Violation,
        message,
        place,
        related: Vec::new(),
        help: Some(help.to_owned()),
        found: None,
        expected: None,
        witness: None,
        fix: None,
        source: SOURCE.into(),
    }
}

/// The place of a node: its key where it has one.
pub(super) fn place(node: NodeRef<'_>) -> Place {
    let document = node.document();
    Place {
        path: document.path().into(),
        pointer: node.pointer(),
        range: document.range(node.key_span().unwrap_or_else(|| node.span())),
    }
}

/// The place of what `pointer` names, or of what would hold it.
pub(super) fn place_of(document: &Document, pointer: &str) -> Place {
    let mut shorter = pointer;
    loop {
        if let Some(node) = document.at(shorter) {
            return Place { pointer: pointer.to_owned(), ..place(node) };
        }
        match shorter.rsplit_once('/') {
            Some((parent, _)) => shorter = parent,
            None => return no_place(document.path(), pointer),
        }
    }
}

/// A place in something that has no lines.
pub(super) fn no_place(path: &str, pointer: &str) -> Place {
    let start = Position { line: 1, column: 1, offset: 0 };
    Place { path: path.into(), pointer: pointer.to_owned(), range: Range { start, end: start } }
}
