//! A YAML or JSON text as a tree whose every node knows where it was written.
//!
//! * **Shape.** [`Document`] owns the text and an arena of nodes; [`NodeRef`] is a handle to one:
//!   a scalar, an array or an object, each with the [`Span`] it came from.
//! * **Units.** Spans are half-open byte ranges into [`Document::text`].
//! * **Errors.** [`Document::parse`] never fails: what it cannot read is in
//!   [`Document::faults`], and the tree holds the rest.
//! * **Source.** YAML 1.2.2, restricted to the JSON data model, and RFC 8259.
//!
//! Nothing here knows OpenAPI, and nothing here reads a file.

mod arena;
mod block;
mod builder;
mod decimal;
pub mod edit;
mod emit;
mod fault;
mod json;
mod limits;
mod node;
mod openers;
mod patch;
pub mod pointer;
mod scalar;
mod span;
mod value;
mod visible;
mod yaml;
mod yaml_1_1;

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use span::LineIndex;

pub use arena::{Kind, NodeId, Style};
pub use decimal::Decimal;
pub use edit::{TextEdit, apply_edits};
pub use emit::{is_plain_safe, quote, quote_double};
pub use fault::{Fault, FaultKind};
pub use limits::Limits;
pub use node::{Entry, NodeRef};
pub use patch::PatchError;
pub use scalar::Number;
pub use span::{Position, Range, Span};
pub use value::Value;
pub use visible::{is_invisible, visible};
pub use yaml_1_1::{yaml_1_1_reading, yaml_1_1_value};

/// One text and the tree that was read from it.
#[derive(Debug)]
pub struct Document {
    path: String,
    text: String,
    /// The bytes as they came, where they are not the bytes of `text`.
    raw: Option<Vec<u8>>,
    arena: arena::Arena,
    json: bool,
    lines: OnceLock<LineIndex>,
}

impl Document {
    /// Reads a text. The path names it in findings; one that ends in `.json` must be JSON.
    pub fn parse(path: &str, bytes: Vec<u8>, limits: &Limits) -> Self {
        Self::parse_by(path, bytes, limits, block::parse)
    }

    /// Reads a text as [`Self::parse`] does, but YAML by the event parser alone: the measure of
    /// the parser of the subset, for tests.
    pub fn parse_by_events(path: &str, bytes: Vec<u8>, limits: &Limits) -> Self {
        Self::parse_by(path, bytes, limits, |_, _| None)
    }

    fn parse_by(path: &str, bytes: Vec<u8>, limits: &Limits, fast: FastParser) -> Self {
        if bytes.len() > limits.file_bytes || u32::try_from(bytes.len()).is_err() {
            return Self::unread(path, bytes, limits);
        }
        let (text, raw, fault) = match String::from_utf8(bytes) {
            Ok(text) => (text, None, None),
            Err(error) => decode_lossy(error.into_bytes()),
        };
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (mut arena, json) = match &fault {
            Some(fault) if fault.message == UTF_16 => (arena::Arena::default(), false),
            _ => parse_text(path, &text, start, limits, fast),
        };
        if let Some(fault) = fault {
            arena.faults.insert(0, fault);
        }
        if json && start > 0 {
            let span = Span::new(0, span::offset(start));
            let message = "JSON must not begin with a byte order mark".to_owned();
            arena.faults.push(Fault {
                kind: FaultKind::ByteOrderMark,
                span,
                message,
                related: None,
                node: None,
            });
        }
        Self { path: path.to_owned(), text, raw, arena, json, lines: OnceLock::new() }
    }

    fn unread(path: &str, bytes: Vec<u8>, limits: &Limits) -> Self {
        let message = format!(
            "the file has {} bytes, more than the limit of {}",
            bytes.len(),
            limits.file_bytes.min(u32::MAX as usize)
        );
        let fault = Fault {
            kind: FaultKind::TooLarge,
            span: Span::default(),
            message,
            related: None,
            node: None,
        };
        let arena = arena::Arena { faults: vec![fault], ..arena::Arena::default() };
        Self {
            path: path.to_owned(),
            text: String::new(),
            raw: Some(bytes),
            arena,
            json: false,
            lines: OnceLock::new(),
        }
    }

    /// The path that names the document in findings.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text; bytes that are no UTF-8 stand as `?`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes as they came.
    pub fn bytes(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// The SHA-256 of the bytes, in lowercase hex.
    pub fn sha256(&self) -> String {
        sha256_hex(self.bytes())
    }

    /// Whether the text is read as JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// The root; nothing when there is nothing to read.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.arena.root.map(|root| NodeRef::new(self, NodeId(root)))
    }

    /// The node of an id that this document gave.
    pub fn node(&self, id: NodeId) -> Option<NodeRef<'_>> {
        (id.index() < self.arena.nodes.len()).then(|| NodeRef::new(self, id))
    }

    /// Every node, in the order of their ids.
    pub fn nodes(&self) -> impl Iterator<Item = NodeRef<'_>> {
        let count = u32::try_from(self.arena.nodes.len()).unwrap_or(u32::MAX);
        (0..count).map(|id| NodeRef::new(self, NodeId(id)))
    }

    /// How many nodes the document has; their ids are below this.
    pub fn node_count(&self) -> usize {
        self.arena.nodes.len()
    }

    /// The first node with an anchor or a tag, or the first alias, which JSON cannot say.
    pub fn first_anchor(&self) -> Option<Span> {
        self.arena.anchor
    }

    /// Whether a string of the document could hold a character that nobody sees: a quick look
    /// at the bytes before a true one at the strings.
    pub fn may_hide_characters(&self) -> bool {
        visible::may_hide(&self.text)
            || visible::may_hide(&self.arena.side)
            || self.arena.keys.iter().any(|key| visible::may_hide(key))
    }

    /// What is wrong with the text.
    pub fn faults(&self) -> &[Fault] {
        &self.arena.faults
    }

    /// The node that an RFC 6901 pointer names.
    pub fn at(&self, pointer: &str) -> Option<NodeRef<'_>> {
        pointer::resolve(self.root()?, pointer)
    }

    /// Lines and columns of a span.
    pub fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    fn position(&self, offset: u32) -> Position {
        self.lines.get_or_init(|| LineIndex::new(&self.text)).position(&self.text, offset)
    }

    fn key(&self, id: u32) -> &str {
        self.arena.keys.get_index(id as usize).map_or("", |key| key)
    }
}

/// What is said of a text of which nothing can be read.
const UTF_16: &str = "the text is UTF-16; it must be UTF-8";

/// The SHA-256 of `bytes`, in lowercase hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the parser of the YAML subset takes a text.
pub fn is_in_subset(text: &str) -> bool {
    block::parse(text, &Limits::default()).is_some()
}

/// A parser that may decline a text.
type FastParser = fn(&str, &Limits) -> Option<arena::Arena>;

/// JSON where the name or the text says so, YAML otherwise.
fn parse_text(
    path: &str,
    text: &str,
    start: usize,
    limits: &Limits,
    fast: FastParser,
) -> (arena::Arena, bool) {
    let first = text.as_bytes().get(start..).unwrap_or_default().trim_ascii_start().first();
    let named_json =
        path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("json"));
    if !named_json && !matches!(first, Some(b'{' | b'[')) {
        return (fast(text, limits).unwrap_or_else(|| yaml::parse(text, limits)), false);
    }
    let arena = json::parse(text, start, limits);
    if !named_json && arena.faults.iter().any(|fault| fault.kind == FaultKind::Syntax) {
        return (yaml::parse(text, limits), false);
    }
    (arena, true)
}

/// Puts `?` for each byte that is no UTF-8, so that offsets stay, and says where the first is.
fn decode_lossy(bytes: Vec<u8>) -> (String, Option<Vec<u8>>, Option<Fault>) {
    let mut text = String::with_capacity(bytes.len());
    let mut first = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            first.get_or_insert(text.len());
            text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
        }
    }
    let at = span::offset(first.unwrap_or_default());
    let message = match bytes.get(..2) {
        Some([0xFF, 0xFE] | [0xFE, 0xFF]) => UTF_16,
        _ => "the text is not UTF-8 from here on",
    };
    let fault = Fault {
        kind: FaultKind::Encoding,
        span: Span::new(at, at + 1),
        message: message.to_owned(),
        related: None,
        node: None,
    };
    (text, Some(bytes), Some(fault))
}
