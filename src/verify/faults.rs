//! Faults of the text as findings.
//!
//! * **Source.** YAML 1.2.2; RFC 8259; OpenAPI 3.1.1, section 4.4 (Format).

use crate::document::{Document, Fault, FaultKind, NodeRef, Span};

use super::finish::Finisher;

/// Reports what is wrong with the text of a document.
pub(super) fn report(document: &Document, finisher: &mut Finisher<'_>) {
    for fault in document.faults() {
        finisher.fault(rule(fault.kind), document, fault, &pointer(document, fault));
    }
    if let Some(span) = document.first_anchor() {
        let message = "the document uses an anchor, an alias or a tag".to_owned();
        let kind = FaultKind::Tag;
        let fault = Fault { kind, span, message, related: None, node: None };
        finisher.fault("yaml-anchor", document, &fault, &pointer(document, &fault));
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

/// The pointer of the node at fault, or of the innermost one around the fault.
fn pointer(document: &Document, fault: &Fault) -> String {
    if let Some(node) = fault.node.and_then(|id| document.node(id)) {
        return node.pointer();
    }
    document.root().map_or_else(String::new, |root| innermost(root, fault.span).pointer())
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
