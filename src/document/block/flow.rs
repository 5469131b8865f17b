//! Collections in brackets, on one line or several.

use super::{Kind, Parser, Span, Style, is_marker, offset, scalars::Close, signed};

impl Parser<'_> {
    /// Reads the collection that begins here; the parser stands behind it afterwards.
    pub(super) fn flow_collection(&mut self, parent: isize) -> Option<()> {
        let is_object = self.peek()? == b'{';
        let (kind, close) = if is_object { (Kind::Object, b'}') } else { (Kind::Array, b']') };
        self.open(kind, Style::Flow)?;
        self.at += 1;
        self.last_end = self.last_end.max(offset(self.at));
        let mut separated = true;
        loop {
            self.flow_space(parent)?;
            match self.peek()? {
                byte if byte == close => {
                    self.at += 1;
                    self.last_end = self.last_end.max(offset(self.at));
                    self.close();
                    return Some(());
                }
                b',' => {
                    if separated {
                        return None;
                    }
                    separated = true;
                    self.at += 1;
                }
                _ if !separated => return None,
                _ => {
                    if is_object {
                        self.flow_member(parent)?;
                    } else if self.at_pair() {
                        self.open(Kind::Object, Style::Flow)?;
                        self.flow_member(parent)?;
                        self.close();
                    } else {
                        self.flow_value(parent)?;
                        self.flow_space(parent)?;
                        if self.peek()? == b':' {
                            return None;
                        }
                    }
                    separated = false;
                }
            }
        }
    }

    /// White space and line breaks between the parts of a collection.
    fn flow_space(&mut self, parent: isize) -> Option<()> {
        loop {
            self.skip_spaces();
            if self.peek()? != b'\n' {
                return (self.peek()? != b'#').then_some(());
            }
            self.at += 1;
            self.line = self.at;
            let rest = self.bytes.get(self.at..)?;
            let spaces = rest.iter().position(|byte| *byte != b' ')?;
            let blank = rest.get(spaces) == Some(&b'\n');
            if !blank && (signed(spaces) <= parent || is_marker(rest)) {
                return None;
            }
        }
    }

    /// Whether a member without braces stands here: `[key: value]`.
    fn at_pair(&self) -> bool {
        let end = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.quote_end(quote).and_then(Close::here),
            Some(b'[' | b'{') | None => None,
            Some(_) => Some(self.flow_plain_end()),
        };
        let rest = end.and_then(|end| self.bytes.get(end..));
        matches!(rest, Some([b':', b' ', ..]))
    }

    fn flow_member(&mut self, parent: isize) -> Option<()> {
        let start = self.at;
        match self.peek()? {
            b'"' | b'\'' => {
                let end = self.flow_quote_end()?;
                self.quoted_text(end)?;
                let text = std::mem::take(&mut self.buffer);
                self.builder.key(&text, Span::new(offset(start), offset(end)));
                self.buffer = text;
                self.at = end;
            }
            _ => {
                self.may_begin_plain(true)?;
                let end = self.flow_plain_end();
                let span = Span::new(offset(start), offset(end));
                let text = span.slice(self.text);
                if text.is_empty() || text == "<<" {
                    return None;
                }
                self.builder.key(text, span);
                self.at = end;
            }
        }
        self.last_end = self.last_end.max(offset(self.at));
        if self.peek()? != b':' || !matches!(self.bytes.get(self.at + 1)?, b' ' | b'\n') {
            return None;
        }
        self.at += 1;
        self.flow_space(parent)?;
        self.flow_value(parent)
    }

    fn flow_value(&mut self, parent: isize) -> Option<()> {
        match self.peek()? {
            b'[' | b'{' => self.flow_collection(parent),
            b'"' | b'\'' => self.quoted_scalar(parent),
            _ => {
                self.may_begin_plain(true)?;
                let (start, end) = (self.at, self.flow_plain_end());
                self.at = end;
                // Text that goes on below is outside the subset, and so is a comment.
                let rest = self.bytes.get(end..)?;
                let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\n'))?;
                if !matches!(next, b',' | b']' | b'}') || end == start {
                    return None;
                }
                self.plain_value(Span::new(offset(start), offset(end)), false)
            }
        }
    }

    /// Where the plain text that begins here ends inside a collection.
    fn flow_plain_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let mut end = 0;
        for (at, byte) in rest.iter().enumerate() {
            match byte {
                b',' | b'[' | b']' | b'{' | b'}' | b'\n' => break,
                b':' if matches!(
                    rest.get(at + 1),
                    None | Some(b' ' | b'\n' | b',' | b'[' | b']' | b'{' | b'}')
                ) =>
                {
                    break;
                }
                b'#' if at > 0 && rest.get(at - 1) == Some(&b' ') => break,
                b' ' => {}
                _ => end = at + 1,
            }
        }
        self.at + end
    }

    /// Where the quotes of a key close, on this line.
    fn flow_quote_end(&self) -> Option<usize> {
        self.quote_end(self.peek()?)?.here()
    }
}
