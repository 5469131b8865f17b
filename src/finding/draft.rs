//! A finding as a check states it: facts about a place in the tree, no advice.

use crate::document::{NodeRef, Span, TextEdit, Value};

use super::{PatchOperation, Safety};

/// Which bytes of a node a finding points at.
#[derive(Clone, Copy, Debug)]
pub enum At<'d> {
    /// The value: it is wrong.
    Value(NodeRef<'d>),
    /// The key that holds the value (the value itself where there is none):
    /// something is missing in it, or the key is wrong.
    Key(NodeRef<'d>),
    /// A key that holds no value of its own in the tree, such as the later of two equal ones.
    Span(NodeRef<'d>, Span),
}

impl<'d> At<'d> {
    /// The node that the finding is about.
    pub fn node(self) -> NodeRef<'d> {
        match self {
            Self::Value(node) | Self::Key(node) | Self::Span(node, _) => node,
        }
    }

    /// The bytes to show.
    pub fn span(self) -> Span {
        match self {
            Self::Value(node) => node.span(),
            Self::Key(node) => node.key_span().unwrap_or_else(|| match node.parent() {
                Some(_) => node.span(),
                None => Span::new(node.span().start, node.span().start),
            }),
            Self::Span(_, span) => span,
        }
    }
}

/// A repair as a check proposes it: edits of the text of the node's own document.
#[derive(Clone, Debug)]
pub struct DraftFix<'d> {
    /// Whether it can be applied unread.
    pub safety: Safety,
    /// Replacements, each in the document of its node.
    pub edits: Vec<DraftEdit<'d>>,
    /// The same as RFC 6902 operations.
    pub patch: Vec<PatchOperation>,
}

/// One replacement in the document that `node` belongs to.
#[derive(Clone, Debug)]
pub struct DraftEdit<'d> {
    /// Any node of the document.
    pub node: NodeRef<'d>,
    /// The replacement.
    pub edit: TextEdit,
}

/// A finding before its rule has spoken.
#[derive(Clone, Debug)]
pub struct Draft<'d> {
    /// The id of the rule.
    pub rule: &'static str,
    /// The place to edit.
    pub at: At<'d>,
    /// One true sentence: no capital, no full stop, code in back-quotes.
    pub message: String,
    /// What distinguishes this fault from another of the same rule at the same place
    /// (the name of an unknown field, say); it goes into the finding's `id`, the message does not.
    pub fact: String,
    /// The node whose place goes into the `id`, where that is not the place to edit: of two that
    /// are too alike, the same one in whichever order they stand.
    pub named_by: Option<NodeRef<'d>>,
    /// Places that explain it.
    pub related: Vec<(At<'d>, String)>,
    /// What to do, in this case; the rule's `fix` where none is given.
    pub help: Option<String>,
    /// What stands there.
    pub found: Option<Value>,
    /// What should stand there.
    pub expected: Option<Value>,
    /// A value that proves the finding.
    pub witness: Option<Value>,
    /// The repair, where it is mechanical.
    pub fix: Option<DraftFix<'d>>,
    /// The section of the specification, as an address; the rule's where none is given.
    pub source: Option<String>,
}

impl<'d> Draft<'d> {
    /// A draft of `rule` at a place.
    pub fn new(rule: &'static str, at: At<'d>, message: impl Into<String>) -> Self {
        Self {
            rule,
            at,
            message: message.into(),
            fact: String::new(),
            named_by: None,
            related: Vec::new(),
            help: None,
            found: None,
            expected: None,
            witness: None,
            fix: None,
            source: None,
        }
    }

    /// Names what distinguishes this fault at its place.
    #[must_use]
    pub fn fact(mut self, fact: impl Into<String>) -> Self {
        self.fact = fact.into();
        self
    }

    /// Names the node whose place goes into the `id`.
    #[must_use]
    pub fn named_by(mut self, node: NodeRef<'d>) -> Self {
        self.named_by = Some(node);
        self
    }

    /// Names the finding by its fact alone, wherever in the document it is told.
    #[must_use]
    pub fn named_by_fact(self) -> Self {
        match self.at.node().document().root() {
            Some(root) => self.named_by(root),
            None => self,
        }
    }

    /// Adds a place that explains the finding.
    #[must_use]
    pub fn related(mut self, at: At<'d>, message: impl Into<String>) -> Self {
        self.related.push((at, message.into()));
        self
    }

    /// Says what to do in this case.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what stands there.
    #[must_use]
    pub fn found(mut self, found: impl Into<Value>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Says what should stand there.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<Value>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Gives a value that proves the finding.
    #[must_use]
    pub fn witness(mut self, witness: impl Into<Value>) -> Self {
        self.witness = Some(witness.into());
        self
    }

    /// Attaches a repair: edits in the document of the finding's own node. Without an edit there
    /// is none.
    #[must_use]
    pub fn fix(
        mut self,
        safety: Safety,
        edits: impl IntoIterator<Item = TextEdit>,
        patch: impl IntoIterator<Item = PatchOperation>,
    ) -> Self {
        let node = self.at.node();
        let edits: Vec<_> = edits.into_iter().map(|edit| DraftEdit { node, edit }).collect();
        if !edits.is_empty() {
            self.fix = Some(DraftFix { safety, edits, patch: patch.into_iter().collect() });
        }
        self
    }
}
