//! What is wrong with a text before anyone asks what it means.

use super::{NodeId, Span};

/// One fault of the text; the tree holds all that could be read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub kind: FaultKind,
    /// The bytes at fault.
    pub span: Span,
    /// One true sentence: no capital, no full stop.
    pub message: String,
    /// An earlier place that has to do with it (the first of two equal keys, say).
    pub related: Option<Span>,
    /// The node that the fault belongs to, where there is one.
    pub node: Option<NodeId>,
}

/// The kinds of faults of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The grammar of YAML 1.2.2 or RFC 8259 is broken.
    Syntax,
    /// The bytes are no UTF-8.
    Encoding,
    /// A byte order mark before JSON (RFC 8259, section 8.1).
    ByteOrderMark,
    /// Two keys of one object are equal.
    DuplicateKey,
    /// A key is a collection.
    ComplexKey,
    /// A tag outside YAML's JSON schema.
    Tag,
    /// A number that JSON cannot hold (`.inf`, `.nan`).
    NonFiniteNumber,
    /// More than one YAML document in the file.
    SecondDocument,
    /// A merge key (`<<`), which YAML 1.2 does not know.
    MergeKey,
    /// Collections nest deeper than the limit.
    Depth,
    /// Aliases expand beyond the limit, or the document has too many nodes.
    Nodes,
    /// The file is larger than the limit; nothing of it was read.
    TooLarge,
}
