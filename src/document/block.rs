//! The YAML that real documents use, straight into the arena: block mappings and sequences,
//! plain, quoted and block scalars, flow collections, comments.
//!
//! * **Shape.** [`parse`] builds what [`super::yaml`] builds from the same text, byte for byte.
//! * **Errors.** Nothing is returned for whatever lies outside the subset: anchors, aliases, tags,
//!   directives, complex or merge keys, tabs, odd indentation, and every fault. Then the whole
//!   file goes to the event parser.
//! * **Source.** YAML 1.2.2, chapters 6 to 8.

mod flow;
mod literal;
mod scalars;

use super::{
    Kind, Limits, Span, Style,
    arena::Arena,
    builder::{Builder, Text},
    scalar::{is_non_finite, plain_kind},
    span::offset,
};

/// Reads `text`; nothing where it is outside the subset.
pub(super) fn parse(text: &str, limits: &Limits) -> Option<Arena> {
    if !is_plain_text(text.as_bytes()) {
        return None;
    }
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
        builder: Builder::new(*limits),
        last_end: 0,
        buffer: String::new(),
        depth_max: limits.depth,
    };
    parser.document()?;
    Some(parser.builder.finish(parser.last_end))
}

/// Whether a text holds no character that YAML forbids or that breaks lines in some parsers.
fn is_plain_text(bytes: &[u8]) -> bool {
    let control = bytes.iter().any(|byte| *byte < 0x20 && *byte != b'\n' || *byte == 0x7f);
    !control
        && (bytes.is_ascii()
            || !memchr::memchr3_iter(0xC2, 0xE2, 0xEF, bytes).any(|at| {
                matches!(
                    bytes.get(at..).unwrap_or_default(),
                    [0xC2, 0x80..=0x9F, ..]
                        | [0xE2, 0x80, 0xA8 | 0xA9, ..]
                        | [0xEF, 0xBB, 0xBF, ..]
                        | [0xEF, 0xBF, 0xBE | 0xBF, ..]
                )
            }))
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the line of `at` begins.
    line: usize,
    builder: Builder,
    /// End of the last thing read, white space and comments left out.
    last_end: u32,
    buffer: String,
    depth_max: usize,
}

/// A mapping or sequence in block style that is still open.
#[derive(Clone, Copy)]
enum Block {
    Mapping(usize),
    Sequence(usize),
}

impl Parser<'_> {
    fn document(&mut self) -> Option<()> {
        if self.bytes.starts_with(b"---\n") {
            self.at = 4;
            self.line = 4;
        }
        let Next::Column(0) = self.next_line()? else { return None };
        self.block_node(-1)?;
        (self.at == self.bytes.len()).then_some(())
    }

    /// Goes from the start of a line to the next content.
    fn next_line(&mut self) -> Option<Next> {
        loop {
            self.line = self.at;
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(spaces) = rest.iter().position(|byte| *byte != b' ') else {
                self.at = self.bytes.len();
                return Some(Next::End);
            };
            self.at += spaces;
            match rest.get(spaces) {
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.skip_line(),
                _ if spaces == 0 && is_marker(rest) => return None,
                _ => return Some(Next::Column(spaces)),
            }
        }
    }

    /// To the start of the next line, or to the end of the text.
    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |end| self.at + end + 1);
    }

    /// After a value: only white space and a comment may follow on its line.
    fn end_line(&mut self) -> Option<()> {
        let spaces = self.skip_spaces();
        match self.peek() {
            None => Some(()),
            Some(b'\n') => {
                self.at += 1;
                Some(())
            }
            Some(b'#') if spaces > 0 => {
                self.skip_line();
                Some(())
            }
            _ => None,
        }
    }

    fn skip_spaces(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let spaces = rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
        self.at += spaces;
        spaces
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    /// Whether a dash that begins an item stands here.
    fn at_dash(&self) -> bool {
        matches!(self.bytes.get(self.at..), Some([b'-'] | [b'-', b' ' | b'\n', ..]))
    }

    /// Reads the node that begins here, with the lines that belong to it; afterwards the parser
    /// stands at the next content, or at the end. `parent` is the column of what holds the node.
    fn block_node(&mut self, parent: isize) -> Option<()> {
        let column = self.column();
        if self.at_dash() {
            return self.sequence(column);
        }
        if let Ahead::Key(key) = self.ahead()? {
            return self.mapping(column, key);
        }
        self.inline_value(parent)
    }

    /// Reads a scalar or flow collection, and goes on to the next content.
    fn inline_value(&mut self, parent: isize) -> Option<()> {
        match self.peek()? {
            b'|' | b'>' => return self.block_scalar(parent),
            b'[' | b'{' => {
                self.flow_collection(parent)?;
                self.end_line()?;
            }
            b'"' | b'\'' => {
                self.quoted_scalar(parent)?;
                self.end_line()?;
            }
            _ => return self.plain_scalar(parent),
        }
        self.next_line().map(drop)
    }

    fn open(&mut self, kind: Kind, style: Style) -> Option<()> {
        if self.builder.depth() >= self.depth_max || self.builder.is_full() {
            return None;
        }
        self.builder.open(kind, style, offset(self.at));
        self.last_end = self.last_end.max(offset(self.at));
        Some(())
    }

    fn close(&mut self) {
        self.builder.close(self.last_end);
    }

    fn sequence(&mut self, column: usize) -> Option<()> {
        self.open(Kind::Array, Style::Block)?;
        loop {
            self.at += 1;
            let spaces = self.skip_spaces();
            match self.peek() {
                None => return None,
                Some(b'\n' | b'#') => {
                    if self.peek() == Some(b'#') && spaces == 0 {
                        return None;
                    }
                    self.skip_line();
                    match self.next_line()? {
                        Next::Column(next) if next > column => {}
                        _ => return None,
                    }
                }
                Some(_) => {}
            }
            self.block_node(signed(column))?;
            if !self.continues(Block::Sequence(column))? {
                self.close();
                return Some(());
            }
        }
    }

    /// Whether the next content belongs to this block; nothing where its indentation is odd.
    fn continues(&self, block: Block) -> Option<bool> {
        if self.at >= self.bytes.len() {
            return Some(false);
        }
        let here = self.column();
        match block {
            Block::Sequence(column) if here == column => Some(self.at_dash()),
            Block::Mapping(column) if here == column => (!self.at_dash()).then_some(true),
            Block::Sequence(column) | Block::Mapping(column) => (here < column).then_some(false),
        }
    }

    fn mapping(&mut self, column: usize, first: KeyEnd) -> Option<()> {
        self.open(Kind::Object, Style::Block)?;
        let mut key = first;
        loop {
            self.take_key(&key)?;
            self.mapping_value(column)?;
            if !self.continues(Block::Mapping(column))? {
                self.close();
                return Some(());
            }
            let Ahead::Key(next) = self.ahead()? else { return None };
            key = next;
        }
    }

    /// Reads what stands behind a colon.
    fn mapping_value(&mut self, column: usize) -> Option<()> {
        let colon_end = offset(self.at);
        let spaces = self.skip_spaces();
        match self.peek() {
            None | Some(b'\n') => {}
            Some(b'#') if spaces > 0 => {}
            Some(_) => {
                if self.at_dash() || self.peek() == Some(b'?') {
                    return None;
                }
                return self.inline_value(signed(column));
            }
        }
        self.skip_line();
        match self.next_line()? {
            Next::Column(next) if next > column => self.block_node(signed(column)),
            Next::Column(next) if next == column && self.at_dash() => self.sequence(column),
            _ => {
                let span = Span::new(colon_end, colon_end);
                self.builder.scalar(Kind::Null, Style::Plain, span, &Text::Made(""));
                self.last_end = self.last_end.max(colon_end);
                Some(())
            }
        }
    }

    /// Gives the builder a key, and goes behind its colon.
    fn take_key(&mut self, key: &KeyEnd) -> Option<()> {
        let span = Span::new(offset(self.at), offset(key.end));
        match self.peek()? {
            b'"' | b'\'' => {
                self.quoted_text(key.end)?;
                let text = std::mem::take(&mut self.buffer);
                self.builder.key(&text, span);
                self.buffer = text;
            }
            _ => {
                let text = span.slice(self.text);
                if text == "<<" {
                    return None;
                }
                self.builder.key(text, span);
            }
        }
        self.last_end = self.last_end.max(span.end);
        self.at = key.colon + 1;
        // What follows the colon counts from there; only an empty value shows it.
        (key.colon == key.end || !self.value_is_empty()).then_some(())
    }

    /// Whether nothing but white space and a comment follows on this line.
    fn value_is_empty(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let next = rest.iter().find(|byte| **byte != b' ');
        matches!(next, None | Some(b'\n' | b'#'))
    }
}

/// What the next line with content is.
enum Next {
    /// Content at this column.
    Column(usize),
    /// The end of the text.
    End,
}

/// What begins at a place.
enum Ahead {
    /// A key.
    Key(KeyEnd),
    /// A value.
    Value,
}

/// Where a key ends, and where its colon is.
struct KeyEnd {
    end: usize,
    colon: usize,
}

fn signed(column: usize) -> isize {
    isize::try_from(column).unwrap_or(isize::MAX)
}

/// `---` or `...` at the start of a line.
fn is_marker(line: &[u8]) -> bool {
    (line.starts_with(b"---") || line.starts_with(b"..."))
        && matches!(line.get(3), None | Some(b' ' | b'\n'))
}
