//! Quotes and brackets that are never closed, told by the layout of the lines behind them.
//!
//! A parser that meets the end of such a value complains about every line that it swallowed; the
//! one character at fault is the one that opened it.
//!
//! * **Source.** YAML 1.2.2, sections 7.3 and 7.4: what a quote or bracket opens is indented more
//!   than the block around it.

/// A value whose end is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    /// The quote or bracket to blame.
    pub(super) opener: usize,
    /// Where the value begins: the outermost bracket around the opener.
    pub(super) start: usize,
    /// Where the lines begin that belong to the value no more.
    pub(super) end: usize,
}

/// The first value of `text` that has no end, where a parser fails at `fault`; nothing where all
/// values up to there have one.
pub(super) fn unclosed(text: &str, fault: usize) -> Option<Unclosed> {
    let mut lexer = Lexer::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if start > fault && !lexer.is_open() {
            return None;
        }
        if let Some(opener) = lexer.line(line, start) {
            let begin = lexer.flow.first().map_or(opener, |(_, at)| *at);
            // A bracket of the other kind was met inside this line.
            let behind = start + if begin < start { 0 } else { line.len() };
            let end = lexer.resumes(text, behind);
            return Some(Unclosed { opener, start: begin, end });
        }
        start += line.len();
    }
    let opener = lexer.innermost()?;
    let begin = lexer.flow.first().map_or(opener, |(_, at)| *at);
    let behind = text.get(begin..).and_then(|rest| rest.find('\n'));
    let end = behind.map_or(text.len(), |it| lexer.resumes(text, begin + it + 1));
    Some(Unclosed { opener, start: begin, end })
}

/// The brackets of a JSON text that have no end, in the order of their ends: a line behind one is
/// indented no more than the line that opened it, although the first was.
pub(super) fn unclosed_in_json(text: &str) -> Vec<Unclosed> {
    let mut open: Vec<Bracket> = Vec::new();
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        let column = line.len() - content.len();
        let first = content.bytes().next().unwrap_or(b'\n');
        if !content.trim().is_empty() {
            while let Some(top) = open.last_mut() {
                let inner = *top.inner.get_or_insert(column);
                let closes = first == top.closer && column >= top.column;
                if inner <= top.column || column > top.column || closes {
                    break;
                }
                let end = start + column;
                found.push(Unclosed { opener: top.at, start: top.at, end });
                open.pop();
            }
        }
        brackets(line, start, column, &mut open);
        start += line.len();
    }
    let end = text.len();
    found.extend(open.iter().rev().map(|it| Unclosed { opener: it.at, start: it.at, end }));
    found
}

/// A bracket of JSON that is open.
struct Bracket {
    closer: u8,
    at: usize,
    /// How far the line that opens it is indented, and the first line inside it.
    column: usize,
    inner: Option<usize>,
}

/// Opens and closes the brackets of one line.
fn brackets(line: &str, start: usize, column: usize, open: &mut Vec<Bracket>) {
    let mut in_string = false;
    let mut bytes = line.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if in_string => drop(bytes.next()),
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                let closer = if byte == b'{' { b'}' } else { b']' };
                open.push(Bracket { closer, at: start + at, column, inner: None });
            }
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
    }
}

/// What the text is in the middle of.
#[derive(Default)]
struct Lexer {
    /// The brackets that are open, each with the byte that closes it.
    flow: Vec<(u8, usize)>,
    quote: Option<(u8, usize)>,
    /// The column of the block that holds what is open, counted from 1; 0 for none.
    base: usize,
    /// A block scalar holds every line that is indented more than this.
    literal: Option<usize>,
    /// An unquoted value may go on in a line that is indented more than this.
    plain: Option<usize>,
}

impl Lexer {
    fn is_open(&self) -> bool {
        self.quote.is_some() || !self.flow.is_empty()
    }

    fn innermost(&self) -> Option<usize> {
        self.quote.or(self.flow.last().copied()).map(|(_, at)| at)
    }

    /// Where the first line begins, from `at` on, that stands in the block again.
    fn resumes(&self, text: &str, at: usize) -> usize {
        let mut at = at;
        for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
            if self.is_outside(line) {
                return at;
            }
            at += line.len();
        }
        at
    }

    /// Whether a line is indented too little to belong to what is open.
    fn is_outside(&self, line: &str) -> bool {
        let content = line.trim_start_matches(' ');
        let column = line.len() - content.len();
        let closes = content.trim_end().trim_end_matches(',');
        let closers = !closes.is_empty() && closes.bytes().all(|it| matches!(it, b']' | b'}'));
        column < self.base && !content.trim().is_empty() && !(closers && self.quote.is_none())
    }

    /// Takes a line; returns what is to blame where something has no end.
    fn line(&mut self, line: &str, start: usize) -> Option<usize> {
        let content = line.trim_start_matches(' ');
        let column = line.len() - content.len();
        let held = |by: Option<usize>| by.is_some_and(|base| column >= base);
        if content.trim().is_empty() || held(self.literal) {
            return None;
        }
        self.literal = None;
        if self.is_open() {
            if self.is_outside(line) {
                return self.innermost();
            }
            return self.inside(line.as_bytes(), column, start);
        }
        if held(self.plain) {
            return None;
        }
        self.plain = None;
        self.block(line.as_bytes(), column, start)
    }

    /// A line that begins in a block.
    fn block(&mut self, line: &[u8], column: usize, start: usize) -> Option<usize> {
        let mut at = column;
        self.base = column;
        loop {
            at += line.get(at..)?.iter().position(|byte| *byte != b' ')?;
            match line.get(at)? {
                b'\r' | b'\n' | b'#' => return None,
                b'-' | b'?' if ends_word(line, at + 1) => {
                    self.base = at + 1;
                    at += 1;
                }
                b'&' | b'!' => at += line.get(at..)?.iter().position(u8::is_ascii_whitespace)?,
                b'"' | b'\'' | b'[' | b'{' => {
                    let key = at;
                    let blame = self.inside(line, at, start);
                    if blame.is_some() || self.is_open() {
                        return blame;
                    }
                    // It may have been a key.
                    at = after(line, key)?;
                    if line.get(at) != Some(&b':') {
                        return None;
                    }
                    self.base = key + 1;
                    at += 1;
                }
                b'|' | b'>' => {
                    self.literal = Some(self.base);
                    return None;
                }
                _ => {
                    let Some(end) = key_end(line, at) else {
                        self.plain = Some(self.base);
                        return None;
                    };
                    self.base = at + 1;
                    at = end + 1;
                }
            }
        }
    }

    /// Goes on inside quotes and brackets to the end of the line, or until all are closed.
    fn inside(&mut self, line: &[u8], from: usize, start: usize) -> Option<usize> {
        let mut at = from;
        while at < line.len() {
            match self.step(line, at, start) {
                Ok(next) => at = next,
                Err(blame) => return Some(blame),
            }
            if !self.is_open() {
                return None;
            }
        }
        None
    }

    /// Takes the next token; an error is the bracket that another one wants to close.
    fn step(&mut self, line: &[u8], at: usize, start: usize) -> Result<usize, usize> {
        let byte = line.get(at).copied().unwrap_or(b'\n');
        if let Some((quote, _)) = self.quote {
            if byte == b'\\' && quote == b'"' {
                return Ok(at + 2);
            }
            if byte != quote {
                return Ok(at + 1);
            }
            if quote == b'\'' && line.get(at + 1) == Some(&quote) {
                return Ok(at + 2);
            }
            self.quote = None;
            return Ok(at + 1);
        }
        match byte {
            b'"' | b'\'' => self.quote = Some((byte, start + at)),
            b'[' => self.flow.push((b']', start + at)),
            b'{' => self.flow.push((b'}', start + at)),
            b']' | b'}' => match self.flow.pop() {
                Some((closer, opener)) if closer != byte => {
                    self.flow.push((closer, opener));
                    return Err(opener);
                }
                _ => {}
            },
            b'#' if at == 0 || line.get(at - 1).is_some_and(u8::is_ascii_whitespace) => {
                return Ok(line.len());
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => return Ok(plain_end(line, at)),
        }
        Ok(at + 1)
    }
}

/// Where what begins at `from` ends in a line that closes it.
fn after(line: &[u8], from: usize) -> Option<usize> {
    let mut lexer = Lexer::default();
    let mut at = from;
    loop {
        at = lexer.step(line, at, 0).ok()?;
        if !lexer.is_open() {
            let rest = line.get(at..)?;
            return Some(at + rest.iter().position(|byte| *byte != b' ')?);
        }
    }
}

/// Whether a word ends before `at`.
fn ends_word(line: &[u8], at: usize) -> bool {
    line.get(at).is_none_or(u8::is_ascii_whitespace)
}

/// The colon behind an unquoted key that begins at `at`.
fn key_end(line: &[u8], at: usize) -> Option<usize> {
    let comment = |end: &usize| line.get(end - 1..=*end) == Some(b" #");
    (at + 1..line.len())
        .take_while(|end| !comment(end))
        .find(|end| line.get(*end) == Some(&b':') && ends_word(line, end + 1))
}

/// The end of an unquoted value between brackets.
fn plain_end(line: &[u8], at: usize) -> usize {
    let ends = |end: &usize| match line.get(*end) {
        None | Some(b',' | b'[' | b']' | b'{' | b'}') => true,
        Some(b':') => ends_word(line, end + 1),
        Some(b'#') => line.get(end - 1) == Some(&b' '),
        _ => false,
    };
    (at + 1..=line.len()).find(ends).unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blamed(text: &str) -> Option<&str> {
        let found = unclosed(text, text.len())?;
        let line = text.get(found.opener..)?.split('\n').next()?;
        assert!(found.start <= found.opener && found.opener < found.end);
        Some(line)
    }

    #[test]
    fn the_opener_is_found() {
        assert_eq!(blamed("a: [b, c\nd: 1\n"), Some("[b, c"));
        assert_eq!(blamed("a: {b: [c, d}\ne: 1\n"), Some("[c, d}"));
        assert_eq!(blamed("a: \"b\nc: \"d\"\n"), Some("\"b"));
        assert_eq!(blamed("a: { b: 'c }\nd: 'e'\n"), Some("'c }"));
        assert_eq!(blamed("- a: {b: {c: 1}\n- d\n"), Some("{b: {c: 1}"));
        assert_eq!(blamed("a: [\n  b,\n  c\n"), Some("["));
    }

    #[test]
    fn what_is_closed_is_left_alone() {
        for text in [
            "a: [b,\n  c]\nd: \"e\n  f\"\n",
            "a: It's\nb: c\n",
            "a: The \"b\"\nc: d\n",
            "a: |\n  \"b\n  [c\nd: e\n",
            "a: b\n  \"c\nd: e\n",
            "a: [b, # ]\n  c]\n",
            "a: 'it''s'\nb: \"\\\"\"\n",
            "a: [\n  b,\n]\nc: d\n",
            "\"a\": [b]\n'c' : d\n",
            "- - [a]\n  - 'b'\n",
        ] {
            assert_eq!(unclosed(text, text.len()), None, "{text}");
        }
    }
}
