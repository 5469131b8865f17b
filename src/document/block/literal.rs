//! Scalars in blocks: literal (`|`) and folded (`>`).
//!
//! * **Source.** YAML 1.2.2, section 8.1.

use super::{Kind, Parser, Span, Style, Text, is_marker, offset, signed};

impl Parser<'_> {
    /// Reads a scalar under `|` or `>`.
    pub(super) fn block_scalar(&mut self, parent: isize) -> Option<()> {
        let folded = self.peek()? == b'>';
        self.at += 1;
        let (strip, digit) = self.block_header();
        self.skip_spaces();
        if self.peek()? != b'\n' {
            return None;
        }
        self.at += 1;
        let (indent, leading) = self.block_indent(parent, digit)?;
        let start = self.at + indent;
        self.buffer.clear();
        self.buffer.extend(std::iter::repeat_n('\n', leading));
        let mut end = start;
        let mut lines = 0;
        let mut blank = 0;
        let mut more_before = false;
        loop {
            let rest = self.rest_of(self.at);
            let Some(spaces) = rest.iter().position(|byte| *byte != b' ') else {
                // White space without a line break at the end of the text.
                if !rest.is_empty() {
                    return None;
                }
                break;
            };
            if rest.get(spaces) == Some(&b'\n') && spaces <= indent {
                blank += 1;
                self.at += spaces + 1;
                continue;
            }
            if spaces < indent {
                let ends = signed(spaces) <= parent && !(spaces == 0 && is_marker(rest));
                if !ends {
                    return None;
                }
                break;
            }
            let length = memchr::memchr(b'\n', rest)?;
            let line = rest.get(indent..length).unwrap_or_default();
            let more = line.first() == Some(&b' ');
            if lines > 0 {
                if folded && !more && !more_before {
                    self.fold(blank);
                } else {
                    self.buffer.extend(std::iter::repeat_n('\n', blank + 1));
                }
            }
            blank = 0;
            more_before = more;
            lines += 1;
            let from = self.at + indent;
            end = self.at + length;
            self.buffer.push_str(self.text.get(from..end)?);
            self.at += length + 1;
        }
        if !strip {
            self.buffer.push('\n');
        }
        self.block_value(start, end, folded, lines == 1 && leading == 0, strip)?;
        self.next_line().map(drop)
    }

    /// What stands behind `|` or `>`: whether the last line break is left out, and the
    /// indentation in digits.
    fn block_header(&mut self) -> (bool, Option<usize>) {
        let (mut strip, mut digit) = (false, None);
        loop {
            match self.peek() {
                Some(b'-') if !strip => strip = true,
                Some(byte @ b'1'..=b'9') if digit.is_none() => {
                    digit = Some(usize::from(byte - b'0'));
                }
                _ => return (strip, digit),
            }
            self.at += 1;
        }
    }

    /// The indentation of a block scalar's content, and how many blank lines come before it.
    fn block_indent(&mut self, parent: isize, digit: Option<usize>) -> Option<(usize, usize)> {
        let stated = digit.map(|digit| usize::try_from(parent.max(0)).unwrap_or(0) + digit);
        let mut leading = 0;
        let mut widest = 0;
        loop {
            let rest = self.rest_of(self.at);
            let spaces = rest.iter().position(|byte| *byte != b' ')?;
            if rest.get(spaces) == Some(&b'\n') {
                widest = widest.max(spaces);
                leading += 1;
                self.at += spaces + 1;
                continue;
            }
            let indent = stated.unwrap_or(spaces);
            let fits =
                signed(indent) > parent && widest <= indent && 0 < indent && indent <= spaces;
            return fits.then_some((indent, leading));
        }
    }

    fn block_value(
        &mut self,
        start: usize,
        end: usize,
        folded: bool,
        one_line: bool,
        strip: bool,
    ) -> Option<()> {
        let style = if folded { Style::Folded } else { Style::Literal };
        let trimmed = self.text.get(start..end)?.trim_end_matches([' ', '\n']).len();
        let span = Span::new(offset(start), offset(start + trimmed));
        let source = Span::new(offset(start), offset(end + usize::from(!strip)));
        let text = if one_line { Text::Source(source) } else { Text::Made(&self.buffer) };
        self.builder.scalar(Kind::String, style, span, &text);
        self.last_end = self.last_end.max(span.end);
        (!self.builder.is_full()).then_some(())
    }
}
