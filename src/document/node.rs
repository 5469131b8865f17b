//! Reading the tree: a cheap handle to one node.

use super::{
    Document, Kind, Number, Span, Style, Value,
    arena::{Member, NONE, Node, NodeId},
};

/// One node of a [`Document`].
#[derive(Clone, Copy)]
pub struct NodeRef<'d> {
    document: &'d Document,
    id: NodeId,
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'d> {
    /// The key, unescaped.
    pub key: &'d str,
    /// Where the key stands, its quotes included.
    pub key_span: Span,
    /// The value.
    pub value: NodeRef<'d>,
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.document, other.document)
    }
}

impl Eq for NodeRef<'_> {}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}#{}", self.document.path(), self.pointer())
    }
}

impl<'d> NodeRef<'d> {
    pub(super) fn new(document: &'d Document, id: NodeId) -> Self {
        Self { document, id }
    }

    fn node(self) -> &'d Node {
        self.document.arena.nodes.get(self.id.index()).expect("ids come from this document")
    }

    fn sibling(self, id: u32) -> Self {
        Self { document: self.document, id: NodeId(id) }
    }

    /// The document that the node belongs to.
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// The node's number in its document.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// What the node is.
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Whether the node is an object.
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether the node is an array.
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// Whether the node is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// How the node is written.
    pub fn style(self) -> Style {
        self.node().style
    }

    /// The bytes of the value; of a block scalar, its content without the indicator.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The object or array that holds this node.
    pub fn parent(self) -> Option<Self> {
        let parent = self.node().parent;
        (parent != NONE).then(|| self.sibling(parent))
    }

    fn member(self) -> Option<&'d Member> {
        let parent = self.parent()?;
        let slot = self.node().slot as usize;
        (parent.kind() == Kind::Object).then(|| parent.members().get(slot)).flatten()
    }

    /// The key that holds this value.
    pub fn key(self) -> Option<&'d str> {
        self.member().map(|member| self.document.key(member.key))
    }

    /// Where that key stands, its quotes included.
    pub fn key_span(self) -> Option<Span> {
        self.member().map(|member| member.key_span)
    }

    /// The place among the items of the array that holds this node.
    pub fn index(self) -> Option<usize> {
        self.parent().filter(|parent| parent.is_array()).map(|_| self.node().slot as usize)
    }

    /// The RFC 6901 pointer of the node.
    pub fn pointer(self) -> String {
        let mut steps = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            match node.key() {
                Some(key) => steps.push(super::pointer::escape(key).into_owned()),
                None => steps.push(node.node().slot.to_string()),
            }
            node = parent;
        }
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            pointer.push('/');
            pointer.push_str(step);
        }
        pointer
    }

    /// A string's text, unescaped; nothing for other kinds.
    pub fn as_str(self) -> Option<&'d str> {
        (self.kind() == Kind::String).then(|| self.text())
    }

    /// Any scalar's text: a string unescaped, anything else as it is written.
    pub fn scalar_text(self) -> Option<&'d str> {
        (!matches!(self.kind(), Kind::Array | Kind::Object)).then(|| self.text())
    }

    fn text(self) -> &'d str {
        let node = self.node();
        let (from, to) = (node.first as usize, node.first as usize + node.count as usize);
        let source = if node.owned { &self.document.arena.side } else { &self.document.text };
        source.get(from..to).unwrap_or_default()
    }

    /// The value of `true` and `false`.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| matches!(self.text().as_bytes(), [b't' | b'T', ..]))
    }

    /// A number, as its text.
    pub fn as_number(self) -> Option<Number<'d>> {
        (self.kind() == Kind::Number).then(|| Number::new(self.text()))
    }

    fn members(self) -> &'d [Member] {
        let node = self.node();
        if node.kind != Kind::Object {
            return &[];
        }
        let from = node.first as usize;
        self.document.arena.members.get(from..from + node.count as usize).unwrap_or_default()
    }

    /// The value of `key` in an object; of a repeated key, the last.
    pub fn get(self, key: &str) -> Option<Self> {
        let member = self.members().iter().rfind(|it| self.document.key(it.key) == key)?;
        Some(self.sibling(member.value))
    }

    /// The item at `index` of an array.
    pub fn item(self, index: usize) -> Option<Self> {
        self.item_ids().get(index).map(|id| self.sibling(*id))
    }

    /// The members of an object, as written; a repeated key comes twice.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = Entry<'d>> + ExactSizeIterator {
        self.members().iter().map(move |member| Entry {
            key: self.document.key(member.key),
            key_span: member.key_span,
            value: self.sibling(member.value),
        })
    }

    fn item_ids(self) -> &'d [u32] {
        let node = self.node();
        if node.kind != Kind::Array {
            return &[];
        }
        let from = node.first as usize;
        self.document.arena.items.get(from..from + node.count as usize).unwrap_or_default()
    }

    /// The items of an array.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        self.item_ids().iter().map(move |id| self.sibling(*id))
    }

    /// The number of members or items.
    pub fn len(self) -> usize {
        self.members().len() + self.item_ids().len()
    }

    /// Whether an object or array has nothing in it.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// An owned copy; numbers keep their text.
    pub fn to_value(self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(self.as_bool().unwrap_or_default()),
            Kind::Number => Value::number(Number::new(self.text())),
            Kind::String => Value::String(self.text().to_owned()),
            Kind::Array => Value::Array(self.items().map(Self::to_value).collect()),
            Kind::Object => Value::Object(
                self.entries().map(|it| (it.key.to_owned(), it.value.to_value())).collect(),
            ),
        }
    }
}
