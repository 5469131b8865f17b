//! Strings of JSON and their escapes.
//!
//! * **Source.** RFC 8259, section 7.

use super::{GiveUp, Parser, Span, Step, offset};

impl Parser<'_> {
    /// Reads a string. `Some` says that its text had escapes and is in the buffer.
    pub(super) fn string(&mut self) -> Result<Option<()>, GiveUp> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        let mut copied = self.at;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(run) =
                rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))
            else {
                return self.unclosed_string(start, escaped, copied);
            };
            self.at += run;
            match self.peek() {
                Some(b'"') => {
                    if escaped {
                        self.buffer.push_str(self.text.get(copied..self.at).unwrap_or_default());
                    }
                    self.at += 1;
                    return Ok(escaped.then_some(()));
                }
                Some(b'\\') => {
                    if !escaped {
                        self.buffer.clear();
                        escaped = true;
                    }
                    self.buffer.push_str(self.text.get(copied..self.at).unwrap_or_default());
                    self.escape()?;
                    copied = self.at;
                }
                Some(b'\n') => return self.unclosed_string(start, escaped, copied),
                _ => {
                    self.fault("a control character must be written as an escape")?;
                    self.at += 1;
                }
            }
        }
    }

    /// A string without its closing quote ends with its line.
    fn unclosed_string(
        &mut self,
        start: usize,
        escaped: bool,
        copied: usize,
    ) -> Result<Option<()>, GiveUp> {
        let rest = self.bytes.get(start + 1..).unwrap_or_default();
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()));
        let line = line.unwrap_or_default().trim_ascii_end();
        // A comma at the end of the line is behind the string.
        let line = line.strip_suffix(b",").unwrap_or(line);
        self.at = (start + 1 + line.len()).max(copied);
        let span = Span::new(offset(start), offset(start + 1));
        self.count(span, "the string is not closed on its line")?;
        if !escaped {
            self.buffer.clear();
        }
        self.buffer.push_str(self.text.get(copied..self.at).unwrap_or_default());
        Ok(Some(()))
    }

    /// One escape, appended to the buffer; the parser stands at the backslash.
    fn escape(&mut self) -> Step {
        let start = self.at;
        self.at += 2;
        let char = match self.bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => {
                self.at = start + 1;
                let span = Span::new(offset(start), offset(start + 1));
                return self.count(span, "this backslash begins no escape of JSON");
            }
        };
        self.buffer.push(char);
        Ok(())
    }

    fn unicode_escape(&mut self, start: usize) -> Step {
        let Some(first) = self.hex4(start + 2) else {
            let span = Span::new(offset(start), offset(start + 2));
            return self.count(span, "`\\u` must be followed by four hexadecimal digits");
        };
        self.at = start + 6;
        let follows = self.bytes.get(self.at..self.at + 2) == Some(br"\u");
        let second = if follows { self.hex4(self.at + 2) } else { None };
        let char = match (first, second) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                self.at += 6;
                char::from_u32(0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00))
            }
            _ => char::from_u32(first),
        };
        if let Some(char) = char {
            self.buffer.push(char);
            return Ok(());
        }
        self.buffer.push(char::REPLACEMENT_CHARACTER);
        let span = Span::new(offset(start), offset(self.at));
        self.count(span, "this escape is half of a surrogate pair")
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?
    }
}
