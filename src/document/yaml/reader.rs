//! One reading of a text: the events of the parser as nodes of the arena.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag, options};
use rustc_hash::FxHashMap;

use crate::document::{
    Fault, FaultKind, Kind, Limits, Span, Style,
    arena::Arena,
    builder::{Builder, Text},
    scalar::{is_non_finite, plain_kind},
    span::offset,
};

use super::properties::properties;

/// The key that YAML 1.1 reads as "merge these mappings into this one".
const MERGE_KEY: &str = "<<";

/// Reads a text once.
pub(super) struct Reader<'t> {
    /// The document's text: spans and slices are into this.
    text: &'t str,
    /// The same text with lines left out, of equal length.
    readable: &'t str,
    builder: Builder,
    limits: &'t Limits,
    /// Anchored nodes that are complete, each with its expanded size.
    anchors: FxHashMap<usize, Anchored>,
    open: Vec<Open>,
    /// End of the last thing read, white space and comments left out.
    last_end: u32,
    documents: usize,
    /// What is left out: a key that is a collection, and then its value.
    skip: Skip,
}

/// What the next events belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Skip {
    /// The tree.
    Nothing,
    /// A key that is left out, at this depth inside it.
    Key(usize),
    /// The value of such a key, at this depth inside it; not begun at 0.
    Value(usize),
}

/// What an anchor names.
enum Anchored {
    /// A complete node, with its expanded size and height.
    Node(u32, u64, usize),
    /// A key: an alias to it is a scalar of the same text.
    Key(String, Kind),
}

/// A collection that is still open.
struct Open {
    anchor: usize,
    node: u32,
    size_before: u64,
    flow: bool,
    merges: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, readable: &'t str, limits: &'t Limits) -> Self {
        Self {
            text,
            readable,
            builder: Builder::new(*limits),
            limits,
            anchors: FxHashMap::default(),
            open: Vec::new(),
            last_end: 0,
            documents: 0,
            skip: Skip::Nothing,
        }
    }

    /// Reads to the end, or to the first fault of syntax.
    pub(super) fn read(mut self) -> (Arena, Option<Fault>) {
        let options = options! {
            strict_indentation: true,
            emit_unresolved_aliases: true,
            emit_comments: false,
            flow_nesting_limit: self.limits.depth,
            block_nesting_limit: self.limits.depth,
            simple_key_max_lookahead: 1024 * 1024,
        };
        let mut fault = None;
        for next in Parser::new_from_str_with_options(self.readable, options) {
            match next {
                Ok((event, span)) => {
                    let range = span.byte_range().unwrap_or_default();
                    let span = Span::new(offset(range.start), offset(range.end));
                    if !self.event(event, span) || self.builder.is_full() {
                        break;
                    }
                }
                Err(error) => {
                    fault = Some(self.scan_fault(&error));
                    break;
                }
            }
        }
        let end = self.last_end;
        (self.builder.finish(end), fault)
    }

    fn scan_fault(&self, error: &ScanError) -> Fault {
        let at = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let mut end = at;
        if let Some(char) = self.text.get(at..).and_then(|rest| rest.chars().next()) {
            end += char.len_utf8();
        }
        let message = error.info();
        let kind = if message.contains("nesting") || message.contains("limit") {
            FaultKind::Depth
        } else {
            FaultKind::Syntax
        };
        let span = Span::new(offset(at), offset(end));
        Fault { kind, span, message: lower_first(&message), related: None, node: None }
    }

    /// Takes one event; false when nothing more should be read.
    fn event(&mut self, event: Event<'_>, span: Span) -> bool {
        if let Some(span) = properties(&event, span, self.text) {
            self.builder.note_anchor(span);
        }
        if self.skip != Skip::Nothing {
            self.skip = skipped(self.skip, &event);
            return true;
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let message = "a second YAML document begins here; only the first is read";
                    self.builder.fault(FaultKind::SecondDocument, span, message);
                    return false;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span);
            }
            Event::SequenceStart(style, anchor, tag) => {
                return self.open_collection(Kind::Array, style, anchor, tag.as_deref(), span);
            }
            Event::MappingStart(style, anchor, tag) => {
                return self.open_collection(Kind::Object, style, anchor, tag.as_deref(), span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close_collection(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                let message = format!("the alias `*{name}` names no anchor");
                self.builder.fault(FaultKind::Syntax, span, message);
                self.null_for(span);
            }
            _ => {}
        }
        true
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        // The event parser spells what is left empty as `~`.
        let text = if span.start == span.end && style == ScalarStyle::Plain { "" } else { text };
        let (kind, style) = self.scalar_kind(text, style, tag, span);
        let span = self.trim(span, style, text);
        self.last_end = self.last_end.max(span.end);
        if self.builder.wants_key() {
            self.builder.key(text, span);
            if text == MERGE_KEY && style == Style::Plain {
                self.note_merge(span);
            }
            if anchor != 0 {
                self.anchors.insert(anchor, Anchored::Key(text.to_owned(), kind));
            }
            return;
        }
        let source = self.source_of(text);
        let text = source.map_or(Text::Made(text), Text::Source);
        let node = self.builder.scalar(kind, style, span, &text);
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored::Node(node, 1, 0));
        }
    }

    fn scalar_kind(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> (Kind, Style) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let untagged = if style == Style::Plain { plain_kind(text) } else { Kind::String };
        let kind = match tag {
            None => untagged,
            Some(tag) => match tag.core_suffix() {
                Some("str") => Kind::String,
                Some("int" | "float" | "bool" | "null") => plain_kind(text),
                _ => {
                    self.tag_fault(tag, span);
                    untagged
                }
            },
        };
        if kind == Kind::Number && is_non_finite(text) && !self.builder.wants_key() {
            let message = format!("JSON has no number `{text}`");
            self.builder.fault(FaultKind::NonFiniteNumber, span, message);
        }
        (kind, style)
    }

    fn tag_fault(&mut self, tag: &Tag, span: Span) {
        let message = format!("the tag `{tag}` is outside YAML's JSON schema");
        self.builder.fault(FaultKind::Tag, span, message);
    }

    /// The place of a scalar's text in the source, where the event parser borrowed it from there.
    fn source_of(&self, text: &str) -> Option<Span> {
        let base = self.readable.as_ptr() as usize;
        let start = (text.as_ptr() as usize).checked_sub(base)?;
        let end = start.checked_add(text.len())?;
        (end <= self.text.len() && self.text.get(start..end) == Some(text))
            .then(|| Span::new(offset(start), offset(end)))
    }

    /// Leaves out the line break after a block scalar, and gives an empty value its key's end.
    fn trim(&self, span: Span, style: Style, text: &str) -> Span {
        match style {
            Style::Literal | Style::Folded => {
                let trimmed = span.slice(self.text).trim_end_matches(['\n', '\r', ' ', '\t']);
                Span::new(span.start, span.start + offset(trimmed.len()))
            }
            Style::Plain if text.is_empty() => {
                let at = self.last_end.min(span.start);
                let rest = self.text.get(at as usize..).unwrap_or_default();
                let colon = u32::from(rest.starts_with(':'));
                Span::new(at + colon, at + colon)
            }
            _ => span,
        }
    }

    /// Opens a collection; false where it would nest too deep.
    fn open_collection(
        &mut self,
        kind: Kind,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> bool {
        let core = if kind == Kind::Object { "map" } else { "seq" };
        if let Some(tag) = tag.filter(|tag| tag.core_suffix() != Some(core)) {
            self.tag_fault(tag, span);
        }
        if self.builder.wants_key() {
            let message = "a key must be a string, not a collection";
            self.builder.fault(FaultKind::ComplexKey, span, message);
            self.skip = Skip::Key(1);
            return true;
        }
        if self.builder.depth() >= self.limits.depth {
            let message = format!("collections nest deeper than {}", self.limits.depth);
            self.builder.fault(FaultKind::Depth, span, message);
            return false;
        }
        let flow = style == StructureStyle::Flow;
        let size_before = self.builder.expanded();
        let style = if flow { Style::Flow } else { Style::Block };
        let start = match style {
            Style::Block if kind == Kind::Array => self.first_dash(span.start),
            _ => span.start,
        };
        let node = self.builder.open(kind, style, start);
        self.last_end = self.last_end.max(if flow { span.end } else { start });
        self.open.push(Open { anchor, node, size_before, flow, merges: false });
        true
    }

    /// Where a block sequence begins: the event parser says so, but for one that is indented no
    /// further than its key, of which it names the first item.
    fn first_dash(&self, start: u32) -> u32 {
        let before = self.text.get(..start as usize).unwrap_or_default();
        let Some(key) = self.builder.waiting_key() else { return start };
        let column =
            |at: usize| at - before.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let dash = before.trim_end_matches([' ', '\n']);
        let is_dash = dash.ends_with('-') && key.end as usize <= dash.len();
        if is_dash && column(dash.len() - 1) == column(key.start as usize) {
            return offset(dash.len() - 1);
        }
        start
    }

    fn close_collection(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        if open.merges {
            self.builder.merge(MERGE_KEY);
        }
        if open.flow {
            self.last_end = self.last_end.max(span.end);
        }
        let height = self.builder.close(self.last_end);
        if open.anchor != 0 {
            let size = self.builder.expanded() - open.size_before;
            self.anchors.insert(open.anchor, Anchored::Node(open.node, size, height));
        }
    }

    fn note_merge(&mut self, span: Span) {
        let message = "YAML 1.1 merges what `<<` names, YAML 1.2 reads a key called `<<`";
        self.builder.fault(FaultKind::MergeKey, span, message);
        if let Some(open) = self.open.last_mut() {
            open.merges = true;
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        self.last_end = self.last_end.max(span.end);
        if self.builder.wants_key() {
            let message = "a key must be a string, not an alias";
            self.builder.fault(FaultKind::ComplexKey, span, message);
            self.builder.key(span.slice(self.text), span);
            return;
        }
        match self.anchors.get(&anchor) {
            Some(Anchored::Node(node, size, height)) => {
                self.builder.alias(*node, *size, *height, span);
            }
            Some(Anchored::Key(text, kind)) => {
                self.builder.scalar(*kind, Style::Plain, span, &Text::Made(text));
            }
            None => {
                let message = "this alias stands inside the collection that it names";
                self.builder.fault(FaultKind::Syntax, span, message);
                self.null_for(span);
            }
        }
    }

    fn null_for(&mut self, span: Span) {
        self.last_end = self.last_end.max(span.end);
        if self.builder.wants_key() {
            self.builder.key(span.slice(self.text), span);
        } else {
            self.builder.scalar(Kind::Null, Style::Plain, span, &Text::Made("null"));
        }
    }
}

/// What is still left out after an event.
fn skipped(skip: Skip, event: &Event<'_>) -> Skip {
    let opens = matches!(event, Event::SequenceStart(..) | Event::MappingStart(..));
    let closes = matches!(event, Event::SequenceEnd | Event::MappingEnd);
    match skip {
        Skip::Key(1) if closes => Skip::Value(0),
        Skip::Key(depth) if closes => Skip::Key(depth - 1),
        Skip::Key(depth) if opens => Skip::Key(depth + 1),
        Skip::Value(1) if closes => Skip::Nothing,
        Skip::Value(depth) if closes => Skip::Value(depth.saturating_sub(1)),
        Skip::Value(depth) if opens => Skip::Value(depth + 1),
        Skip::Value(0) => Skip::Nothing,
        _ => skip,
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars.clone()).collect()
}
