//! Scalars: plain and quoted.

use super::{
    Ahead, KeyEnd, Kind, Parser, Span, Style, Text, is_marker, is_non_finite, offset, plain_kind,
};

/// Where quotes close.
#[derive(Clone, Copy)]
pub(super) enum Close {
    /// On their line, before this byte.
    Here(usize),
    /// On a further line.
    Below,
}

impl Close {
    /// The byte behind the quotes, where they close on their line.
    pub(super) fn here(self) -> Option<usize> {
        match self {
            Self::Here(end) => Some(end),
            Self::Below => None,
        }
    }
}

/// Implicit keys are not longer than this.
const KEY_MAX: usize = 1024;

impl Parser<'_> {
    /// Whether a key or a value begins here.
    pub(super) fn ahead(&self) -> Option<Ahead> {
        match self.peek()? {
            quote @ (b'"' | b'\'') => {
                let Close::Here(end) = self.quote_end(quote)? else { return Some(Ahead::Value) };
                let rest = self.bytes.get(end..).unwrap_or_default();
                let spaces = rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
                let is_key = rest.get(spaces) == Some(&b':')
                    && matches!(rest.get(spaces + 1), None | Some(b' ' | b'\n'));
                let key = KeyEnd { end, colon: end + spaces };
                if is_key && end - self.at > KEY_MAX {
                    return None;
                }
                Some(if is_key { Ahead::Key(key) } else { Ahead::Value })
            }
            b'[' | b'{' | b'|' | b'>' => Some(Ahead::Value),
            _ => {
                self.may_begin_plain(false)?;
                let (end, colon) = self.plain_end();
                let Some(colon) = colon else { return Some(Ahead::Value) };
                let fits = end - self.at <= KEY_MAX && end > self.at;
                fits.then_some(Ahead::Key(KeyEnd { end, colon }))
            }
        }
    }

    /// Where the quotes that begin here close.
    pub(super) fn quote_end(&self, quote: u8) -> Option<Close> {
        let mut at = self.at + 1;
        loop {
            let rest = self.bytes.get(at..)?;
            let run = if quote == b'"' {
                memchr::memchr3(b'"', b'\\', b'\n', rest)?
            } else {
                memchr::memchr2(b'\'', b'\n', rest)?
            };
            match rest.get(run..)? {
                [b'\n', ..] => return Some(Close::Below),
                [b'\\', _, ..] | [b'\'', b'\'', ..] => at += run + 2,
                [b'\\'] => return None,
                _ => return Some(Close::Here(at + run + 1)),
            }
        }
    }

    /// Whether the character here can begin a plain scalar.
    pub(super) fn may_begin_plain(&self, in_flow: bool) -> Option<()> {
        let safe = |byte: &u8| match byte {
            b' ' | b'\n' => false,
            b',' | b'[' | b']' | b'{' | b'}' => !in_flow,
            _ => true,
        };
        match self.peek()? {
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' | b'?' | b':' => None,
            b'-' => self.bytes.get(self.at + 1).is_some_and(safe).then_some(()),
            _ => Some(()),
        }
    }

    /// Where the plain text that begins here ends on this line, and the colon of a key, if that
    /// is what ended it.
    fn plain_end(&self) -> (usize, Option<usize>) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let rest = rest.get(..line).unwrap_or_default();
        let mut end = line;
        let mut colon = None;
        for at in memchr::memchr2_iter(b':', b'#', rest) {
            if rest.get(at) == Some(&b':') {
                if matches!(rest.get(at + 1), None | Some(b' ')) {
                    end = at;
                    colon = Some(self.at + at);
                    break;
                }
            } else if at > 0 && rest.get(at - 1) == Some(&b' ') {
                end = at;
                break;
            }
        }
        let text = rest.get(..end).unwrap_or_default();
        let trimmed = text.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
        (self.at + trimmed, colon)
    }

    /// Reads a plain scalar, which may go on over further lines.
    pub(super) fn plain_scalar(&mut self, parent: isize) -> Option<()> {
        self.may_begin_plain(false)?;
        let start = self.at;
        let (mut end, colon) = self.plain_end();
        if colon.is_some() || end == start {
            return None;
        }
        let mut lines = false;
        let mut commented = self.line_has_more(end);
        self.at = end;
        self.end_line()?;
        loop {
            let (before, line_before) = (self.at, self.line);
            let blank = self.blank_lines();
            let Some(column) = self.content_column() else { break };
            if super::signed(column) <= parent {
                (self.at, self.line) = (before, line_before);
                break;
            }
            // A comment ends a plain scalar, so more text is a fault; a key here is one too.
            if commented || self.bytes.get(self.line + column) == Some(&b'#') {
                return None;
            }
            self.at = self.line + column;
            let (next_end, colon) = self.plain_end();
            if colon.is_some() || next_end == self.at || is_marker(self.rest_of(self.line)) {
                return None;
            }
            if !lines {
                lines = true;
                self.buffer.clear();
                self.buffer.push_str(self.text.get(start..end)?);
            }
            self.fold(blank);
            self.buffer.push_str(self.text.get(self.at..next_end)?);
            end = next_end;
            commented = self.line_has_more(end);
            self.at = end;
            self.end_line()?;
        }
        let span = Span::new(offset(start), offset(end));
        self.plain_value(span, lines)?;
        self.next_line().map(drop)
    }

    /// Adds a plain scalar; its text is in the buffer where it was folded.
    pub(super) fn plain_value(&mut self, span: Span, folded: bool) -> Option<()> {
        let text = if folded { self.buffer.as_str() } else { span.slice(self.text) };
        let kind = plain_kind(text);
        if kind == Kind::Number && is_non_finite(text) {
            return None;
        }
        let text = if folded { Text::Made(&self.buffer) } else { Text::Source(span) };
        self.builder.scalar(kind, Style::Plain, span, &text);
        self.last_end = self.last_end.max(span.end);
        (!self.builder.is_full()).then_some(())
    }

    pub(super) fn rest_of(&self, at: usize) -> &[u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// Whether a comment follows the text that ends here.
    fn line_has_more(&self, end: usize) -> bool {
        let rest = self.rest_of(end);
        rest.iter().find(|byte| **byte != b' ') == Some(&b'#')
    }

    /// Goes over blank lines, counts them, and leaves `line` at the next line with content.
    fn blank_lines(&mut self) -> usize {
        let mut count = 0;
        loop {
            self.line = self.at;
            let rest = self.rest_of(self.at);
            let spaces = rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
            if rest.get(spaces) != Some(&b'\n') {
                return count;
            }
            self.at += spaces + 1;
            count += 1;
        }
    }

    /// The column of the content of this line; nothing at the end of the text.
    fn content_column(&self) -> Option<usize> {
        self.rest_of(self.line).iter().position(|byte| *byte != b' ')
    }

    /// A line break between two lines of a folded scalar, with so many blank lines between them.
    pub(super) fn fold(&mut self, blank: usize) {
        if blank == 0 {
            self.buffer.push(' ');
        } else {
            self.buffer.extend(std::iter::repeat_n('\n', blank));
        }
    }

    /// Reads a scalar in quotes.
    pub(super) fn quoted_scalar(&mut self, parent: isize) -> Option<()> {
        let start = self.at;
        let quote = self.peek()?;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        let (end, one_line) = match self.quote_end(quote)? {
            Close::Here(end) => (end, true),
            Close::Below => (self.quote_end_below(quote, parent)?, false),
        };
        let span = Span::new(offset(start), offset(end));
        let inner = Span::new(span.start + 1, span.end.saturating_sub(1));
        let raw = inner.slice(self.text);
        let escape = if quote == b'"' { b'\\' } else { b'\'' };
        if one_line && memchr::memchr(escape, raw.as_bytes()).is_none() {
            self.builder.scalar(Kind::String, style, span, &Text::Source(inner));
        } else {
            self.quoted_text(end)?;
            self.builder.scalar(Kind::String, style, span, &Text::Made(&self.buffer));
        }
        self.at = end;
        self.last_end = self.last_end.max(span.end);
        (!self.builder.is_full()).then_some(())
    }

    /// Where quotes close that go on over several lines, each of which is indented.
    fn quote_end_below(&mut self, quote: u8, parent: isize) -> Option<usize> {
        let mut at = self.at + 1;
        loop {
            let rest = self.bytes.get(at..)?;
            let run = if quote == b'"' {
                memchr::memchr3(b'"', b'\\', b'\n', rest)?
            } else {
                memchr::memchr2(b'\'', b'\n', rest)?
            };
            match rest.get(run..)? {
                [b'\n', below @ ..] => {
                    at += run + 1;
                    let spaces = below.iter().position(|byte| *byte != b' ')?;
                    let blank = below.get(spaces) == Some(&b'\n');
                    if !blank && (super::signed(spaces) <= parent || is_marker(below)) {
                        return None;
                    }
                    self.line = at;
                }
                [b'\\'] => return None,
                // An escaped line break is looked at as a break.
                [b'\\', b'\n', ..] => at += run + 1,
                [b'\\', _, ..] | [b'\'', b'\'', ..] => at += run + 2,
                _ => return Some(at + run + 1),
            }
        }
    }

    /// Puts the text of the quotes that begin here and close before `end` into the buffer.
    pub(super) fn quoted_text(&mut self, end: usize) -> Option<()> {
        let quote = self.peek()?;
        let raw = self.text.get(self.at + 1..end - 1)?;
        self.buffer.clear();
        let lines = raw.matches('\n').count();
        let (mut blank, mut escaped) = (0, false);
        for (number, line) in raw.split('\n').enumerate() {
            let mut line = line;
            if number > 0 {
                line = line.trim_start_matches(' ');
                if line.is_empty() && number < lines {
                    blank += 1;
                    continue;
                }
                if escaped {
                    self.buffer.extend(std::iter::repeat_n('\n', blank));
                } else {
                    self.fold(blank);
                }
                blank = 0;
            }
            escaped = quote == b'"' && number < lines && ends_in_escape(line);
            if escaped {
                line = line.strip_suffix('\\')?;
            } else if number < lines {
                line = line.trim_end_matches(' ');
            }
            match quote {
                b'"' => self.unescape(line)?,
                _ => self.buffer.push_str(&line.replace("''", "'")),
            }
        }
        Some(())
    }

    fn unescape(&mut self, line: &str) -> Option<()> {
        let mut rest = line;
        while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
            self.buffer.push_str(rest.get(..at)?);
            let escape = rest.as_bytes().get(at + 1)?;
            let (char, length) = match escape {
                b'0' => ('\0', 2),
                b'a' => ('\u{7}', 2),
                b'b' => ('\u{8}', 2),
                b't' => ('\t', 2),
                b'n' => ('\n', 2),
                b'v' => ('\u{b}', 2),
                b'f' => ('\u{c}', 2),
                b'r' => ('\r', 2),
                b'e' => ('\u{1b}', 2),
                b' ' => (' ', 2),
                b'"' => ('"', 2),
                b'/' => ('/', 2),
                b'\\' => ('\\', 2),
                b'x' => (hex(rest, at, 2)?, 4),
                b'u' => (hex(rest, at, 4)?, 6),
                b'U' => (hex(rest, at, 8)?, 10),
                _ => return None,
            };
            self.buffer.push(char);
            rest = rest.get(at + length..)?;
        }
        self.buffer.push_str(rest);
        Some(())
    }
}

/// Whether the line break behind a line is escaped.
fn ends_in_escape(line: &str) -> bool {
    let backslashes = line.bytes().rev().take_while(|byte| *byte == b'\\').count();
    backslashes % 2 == 1
}

/// The character that so many hexadecimal digits of an escape at `at` name; no half of a pair.
fn hex(text: &str, at: usize, digits: usize) -> Option<char> {
    let digits = text.get(at + 2..at + 2 + digits)?;
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| all)?)
}
