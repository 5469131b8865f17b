//! JSON into the arena, with recovery: a fault costs the member it stands in, not the file.
//!
//! * **Source.** RFC 8259.
//! * **Errors.** Faults are kept in the arena; past [`Limits::syntax_faults`] the rest is given up.

mod strings;

use std::collections::VecDeque;

use super::{
    FaultKind, Kind, Limits, Span, Style,
    arena::Arena,
    builder::{Builder, Text},
    openers::{self, Unclosed},
    span::offset,
};

/// What is said where brackets are open at the end of the text.
const ENDS_OPEN: &str = "the text ends before its last object or array is closed";

/// Reads `text`, which must be shorter than 4 GiB.
pub(super) fn parse(text: &str, start: usize, limits: &Limits) -> Arena {
    let arena = parse_with(text, start, limits, &[]);
    // The layout says which bracket was not closed, and where it should have been; one line has
    // none, and what else is wrong in it comes first.
    let laid_out = arena.faults.len() == 1 || text.trim_ascii().contains('\n');
    if !laid_out || !arena.faults.iter().any(|fault| fault.message == ENDS_OPEN) {
        return arena;
    }
    match openers::unclosed_in_json(text) {
        unclosed if unclosed.is_empty() => arena,
        unclosed => parse_with(text, start, limits, &unclosed),
    }
}

/// Reads a text in which some brackets lack their end.
fn parse_with(text: &str, start: usize, limits: &Limits, unclosed: &[Unclosed]) -> Arena {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: start,
        builder: Builder::new(*limits),
        limits: *limits,
        faults: 0,
        buffer: String::new(),
        last: Last::Open,
        ends: unclosed.iter().map(|it| it.end).collect(),
    };
    for Unclosed { opener, .. } in unclosed {
        let bracket = text.get(*opener..*opener + 1).unwrap_or_default();
        let span = Span::new(offset(*opener), offset(opener + 1));
        let message = format!("the bracket `{bracket}` is never closed");
        parser.builder.fault(FaultKind::Syntax, span, message);
    }
    parser.document();
    parser.builder.finish(offset(text.len()))
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    builder: Builder,
    limits: Limits,
    faults: usize,
    buffer: String,
    last: Last,
    /// Where collections end that have no bracket for it.
    ends: VecDeque<usize>,
}

/// What was read last in the innermost collection.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Open,
    Comma,
    Value,
}

/// The parser gives up: the fault that says why is in the builder.
struct GiveUp;

type Step = Result<(), GiveUp>;

impl Parser<'_> {
    fn document(&mut self) {
        self.skip_white();
        if self.at == self.bytes.len() {
            let span = self.here();
            self.builder.fault(FaultKind::Syntax, span, "the file is empty");
            return;
        }
        if self.value().is_err() {
            return;
        }
        while self.builder.depth() > 0 {
            if self.member_or_item().is_err() {
                return;
            }
        }
        self.skip_white();
        if self.at < self.bytes.len() {
            let span = Span::new(offset(self.at), offset(self.bytes.len()));
            self.builder.fault(FaultKind::Syntax, span, "text follows the end of the document");
        }
    }

    /// Goes on in the innermost collection: one member, one item, or its end.
    fn member_or_item(&mut self) -> Step {
        self.skip_white();
        if self.ends_here() {
            self.ends.pop_front();
            self.builder.close(offset(self.at));
            // A comma may stand on either side of the bracket that is missing.
            let comma = self.last == Last::Comma;
            self.last = if comma { Last::Comma } else { Last::Value };
            return Ok(());
        }
        match self.peek() {
            None => {
                self.fault(ENDS_OPEN)?;
                Err(GiveUp)
            }
            Some(b'}' | b']') => self.end_collection(),
            Some(b',') => {
                if self.last != Last::Value {
                    self.fault("a comma must follow a value")?;
                }
                self.at += 1;
                self.last = Last::Comma;
                Ok(())
            }
            Some(b'"') if self.builder.wants_key() => self.member(),
            Some(_) if self.builder.wants_key() => {
                self.fault("a member must begin with a key in double quotes")?;
                self.skip_to_next();
                Ok(())
            }
            Some(_) => self.value(),
        }
    }

    /// Whether the innermost collection ends here without a bracket.
    fn ends_here(&self) -> bool {
        self.builder.depth() > 0 && self.ends.front().is_some_and(|end| *end <= self.at)
    }

    fn end_collection(&mut self) -> Step {
        let closes_object = self.peek() == Some(b'}');
        let in_object = self.builder.wants_key();
        if closes_object != in_object {
            let (wrong, right) = if in_object { (']', '}') } else { ('}', ']') };
            self.fault(&format!("`{wrong}` stands where `{right}` must"))?;
        }
        if self.last == Last::Comma {
            self.fault("a comma must be followed by another value")?;
        }
        self.at += 1;
        self.builder.close(offset(self.at));
        self.last = Last::Value;
        if self.builder.depth() > 0 { self.expect_separator() } else { Ok(()) }
    }

    fn member(&mut self) -> Step {
        let start = self.at;
        match self.string() {
            Ok(None) => {
                let key = self.text.get(start + 1..self.at - 1).unwrap_or_default();
                self.builder.key(key, Span::new(offset(start), offset(self.at)));
            }
            Ok(Some(())) => {
                let key = std::mem::take(&mut self.buffer);
                self.builder.key(&key, Span::new(offset(start), offset(self.at)));
                self.buffer = key;
            }
            Err(give_up) => return Err(give_up),
        }
        self.skip_white();
        if self.peek() == Some(b':') {
            self.at += 1;
        } else {
            let key = Span::new(offset(start), offset(start + 1));
            self.count(key, "a key must be followed by `:`")?;
            if self.is_astray() {
                self.skip_line();
                self.builder.complete_pending_key(offset(self.at));
                self.last = Last::Value;
                return Ok(());
            }
        }
        self.skip_white();
        if let None | Some(b',' | b'}' | b']') = self.peek() {
            self.fault("a key must be followed by a value")?;
            self.builder.complete_pending_key(offset(self.at));
            self.last = Last::Value;
            return Ok(());
        }
        self.value()
    }

    /// Whether what follows a key is no value: its quote closes another string, then.
    fn is_astray(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let words: [&[u8]; 3] = [b"true", b"false", b"null"];
        rest.first().is_some_and(u8::is_ascii_alphabetic)
            && !words.iter().any(|word| rest.starts_with(word))
    }

    /// Goes on behind the line, at the comma that ends it.
    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()));
        let line = line.unwrap_or_default().trim_ascii_end();
        self.at += line.strip_suffix(b",").unwrap_or(line).len();
    }

    /// After a value: `,`, an end, or a fault; leaves the parser at the next thing to read.
    fn expect_separator(&mut self) -> Step {
        self.skip_white();
        match self.peek() {
            None | Some(b',' | b'}' | b']') => Ok(()),
            Some(_) if self.ends_here() => Ok(()),
            Some(_) => self.fault("a value must be followed by `,` or the end of its collection"),
        }
    }

    /// Reads a scalar, or opens a collection.
    fn value(&mut self) -> Step {
        let start = self.at;
        self.last = Last::Value;
        match self.peek() {
            Some(open @ (b'{' | b'[')) => {
                self.last = Last::Open;
                if self.builder.depth() >= self.limits.depth {
                    let span = Span::new(offset(start), offset(start + 1));
                    let message = format!("collections nest deeper than {}", self.limits.depth);
                    self.builder.fault(FaultKind::Depth, span, message);
                    return Err(GiveUp);
                }
                self.at += 1;
                let kind = if open == b'{' { Kind::Object } else { Kind::Array };
                self.builder.open(kind, Style::Flow, offset(start));
                return if self.builder.is_full() { Err(GiveUp) } else { Ok(()) };
            }
            Some(b'"') => {
                let made = self.string()?.is_some();
                let span = Span::new(offset(start), offset(self.at));
                let text = if made {
                    Text::Made(&self.buffer)
                } else {
                    Text::Source(Span::new(span.start + 1, span.end.saturating_sub(1)))
                };
                self.builder.scalar(Kind::String, Style::DoubleQuoted, span, &text);
            }
            _ => self.word()?,
        }
        if self.builder.is_full() {
            return Err(GiveUp);
        }
        if self.builder.depth() > 0 { self.expect_separator() } else { Ok(()) }
    }

    /// `true`, `false`, `null`, a number, or something that is none of them.
    fn word(&mut self) -> Step {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| {
                byte.is_ascii_whitespace()
                    || matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']')
            })
            .unwrap_or(rest.len());
        if length == 0 {
            self.at += 1;
            let span = Span::new(offset(start), offset(self.at));
            self.count(span, "a value must stand here")?;
            self.builder.scalar(Kind::Null, Style::Plain, span, &Text::Made("null"));
            return Ok(());
        }
        self.at += length;
        let span = Span::new(offset(start), offset(self.at));
        let word = span.slice(self.text);
        let kind = match word {
            "true" | "false" => Kind::Bool,
            "null" => Kind::Null,
            _ if is_json_number(word) => Kind::Number,
            _ => {
                self.count(span, "this is neither a string, a number, `true`, `false` nor `null`")?;
                Kind::String
            }
        };
        self.builder.scalar(kind, Style::Plain, span, &Text::Source(span));
        Ok(())
    }

    /// After a fault in a key: on to the next comma or end of this collection.
    fn skip_to_next(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let skipped = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b'\n'));
        self.at += skipped.unwrap_or(rest.len());
    }

    fn skip_white(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let white = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += white.unwrap_or(rest.len());
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn here(&self) -> Span {
        let end =
            self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Span::new(offset(self.at), offset(self.at + end))
    }

    fn fault(&mut self, message: &str) -> Step {
        let span = self.here();
        self.count(span, message)
    }

    fn count(&mut self, span: Span, message: &str) -> Step {
        self.builder.fault(FaultKind::Syntax, span, message);
        self.faults += 1;
        if self.faults >= self.limits.syntax_faults { Err(GiveUp) } else { Ok(()) }
    }
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
fn is_json_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    if whole == 0 || (whole > 1 && unsigned.starts_with('0')) {
        return false;
    }
    let mut rest = unsigned.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}
