//! The arena: every node of one text.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::{Fault, Span};

/// A node of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The node's place in tables that hold one entry for each node of a document.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is, in the data model of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, kept as its text.
    Number,
    /// A string.
    String,
    /// An array (YAML: sequence).
    Array,
    /// An object (YAML: mapping).
    Object,
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// An unquoted scalar.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets.
    Flow,
}

/// One node: 28 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) style: Style,
    /// The scalar's text is in the side buffer, not in the source.
    pub(super) owned: bool,
    pub(super) span: Span,
    /// Scalars: offset of the text. Collections: index of the first child.
    pub(super) first: u32,
    /// Scalars: length of the text. Collections: number of children.
    pub(super) count: u32,
    pub(super) parent: u32,
    /// Place among the parent's children.
    pub(super) slot: u32,
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) key: u32,
    pub(super) key_span: Span,
    pub(super) value: u32,
}

/// Parent of the root, and value of nothing.
pub(super) const NONE: u32 = u32::MAX;

/// The nodes of a text, without the text.
#[derive(Debug, Default)]
pub(super) struct Arena {
    pub(super) nodes: Vec<Node>,
    pub(super) members: Vec<Member>,
    pub(super) items: Vec<u32>,
    pub(super) keys: IndexSet<Box<str>, FxBuildHasher>,
    pub(super) side: String,
    pub(super) faults: Vec<Fault>,
    pub(super) root: Option<u32>,
    /// The first anchor, alias or tag.
    pub(super) anchor: Option<Span>,
}
