//! Faults of the text as findings.
//!
//! * **Source.** YAML 1.2.2; RFC 8259; OpenAPI 3.1.1, section 4.4 (Format).

use crate::{
    document::{Document, Fault, FaultKind, NodeRef, Span, pointer},
    finding::Draft,
    openapi::Description,
};

use super::finish::Finisher;

/// Reports what is wrong with the text of a document.
pub(super) fn report(document: &Document, description: &Description, finisher: &mut Finisher<'_>) {
    for fault in document.faults() {
        let node = node_at(document, fault);
        finisher.fault(rule(fault.kind), document, fault, node, description);
    }
    if let Some(span) = document.first_anchor() {
        let message = "the document uses an anchor, an alias or a tag".to_owned();
        let kind = FaultKind::Tag;
        let fault = Fault { kind, span, message, related: None, node: None };
        let node = node_at(document, &fault);
        finisher.fault("yaml-anchor", document, &fault, node, description);
    }
}

fn rule(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Syntax => "syntax-error",
        FaultKind::Encoding => "invalid-encoding",
        FaultKind::ByteOrderMark => "byte-order-mark",
        FaultKind::DuplicateKey => "duplicate-key",
        FaultKind::ComplexKey => "complex-key",
        FaultKind::Tag => "yaml-tag",
        FaultKind::NonFiniteNumber => "non-finite-number",
        FaultKind::SecondDocument => "several-yaml-documents",
        FaultKind::MergeKey => "yaml-merge-key",
        FaultKind::Depth => "nested-too-deep",
        FaultKind::Nodes => "too-many-nodes",
        FaultKind::TooLarge => "file-too-large",
    }
}

/// The node at fault, or the innermost one around the fault.
fn node_at<'d>(document: &'d Document, fault: &Fault) -> Option<NodeRef<'d>> {
    let own = fault.node.and_then(|id| document.node(id));
    own.or_else(|| document.root().map(|root| innermost(root, fault.span)))
}

fn innermost(root: NodeRef<'_>, span: Span) -> NodeRef<'_> {
    let holds = |node: NodeRef<'_>| {
        let start = node.key_span().map_or(node.span().start, |key| key.start);
        start <= span.start && span.end <= node.span().end
    };
    let mut node = root;
    loop {
        let children = node.entries().map(|it| it.value).chain(node.items());
        let mut own = children.filter(|child| child.parent() == Some(node));
        match own.find(|child| holds(*child)) {
            Some(child) => node = child,
            None => return node,
        }
    }
}

/// Whether a draft says that something is missing which may stand in text that was not read.
pub(super) fn may_stand_there(draft: &Draft<'_>) -> bool {
    let node = draft.at.node();
    let document = node.document();
    if document.faults().is_empty() {
        return false;
    }
    match draft.rule {
        "missing-field" | "missing-operation-id" | "undeclared-path-parameter" => has_lost(node),
        "wrong-field-type" => {
            node.is_null() && node.span().start == node.span().end && has_lost(node)
        }
        "undefined-required-property" => {
            node.parent().and_then(NodeRef::parent).is_some_and(has_lost)
        }
        "unresolved-reference" | "unresolved-mapping" => {
            let text = node.as_str().unwrap_or_default();
            let name = text.rsplit('/').next().unwrap_or_default();
            let name = pointer::unescape(name).unwrap_or_default();
            lost(document).any(|fault| {
                fault.kind != FaultKind::Syntax || line(document, fault).contains(&*name)
            })
        }
        _ => false,
    }
}

/// The faults behind which text was left out.
fn lost(document: &Document) -> impl Iterator<Item = &Fault> {
    let kinds = [FaultKind::Syntax, FaultKind::Depth, FaultKind::Nodes];
    document.faults().iter().filter(move |fault| kinds.contains(&fault.kind))
}

/// Whether text was left out between a node's key and what follows the node.
fn has_lost(node: NodeRef<'_>) -> bool {
    let start = node.key_span().unwrap_or(node.span()).start;
    if !lost(node.document()).any(|fault| fault.span.start >= start) {
        return false;
    }
    let end = following(node).unwrap_or(u32::MAX);
    lost(node.document()).any(|fault| (start..=end).contains(&fault.span.start))
}

/// Where the next thing behind a node begins: behind all of it, and of what is around it.
fn following(node: NodeRef<'_>) -> Option<u32> {
    let mut node = node;
    loop {
        let parent = node.parent()?;
        let starts = parent
            .entries()
            .map(|entry| entry.key_span.start)
            .chain(parent.items().map(|item| item.span().start));
        let end = node.span().end;
        match starts.filter(|start| *start >= end && *start > node.span().start).min() {
            Some(start) => return Some(start),
            None => node = parent,
        }
    }
}

/// The line that a fault is on.
fn line<'d>(document: &'d Document, fault: &Fault) -> &'d str {
    let at = fault.span.start as usize;
    let text = document.text();
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |it| it + 1);
    let end = text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |it| at + it);
    text.get(start..end).unwrap_or_default()
}
