//! A text as an editor counts it: lines and characters, kept through edits.
//!
//! * **Units.** Lines and characters count from 0; a character is what client and server agreed
//!   on. A line ends with `\n`, `\r\n` or `\r`.
//! * **Errors.** A place behind the end of a line is its end; one behind the last line is the end
//!   of the text.
//! * **Source.** LSP 3.17, "Text Documents".

use std::sync::OnceLock;

use lsp_types::{Position, Range};

/// How many bytes share one entry of the table of characters.
const BLOCK: usize = 1024;

/// What counts as one character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// A byte.
    Utf8,
    /// A unit of UTF-16: what holds where nothing was agreed on.
    #[default]
    Utf16,
    /// A scalar value.
    Utf32,
}

impl Encoding {
    /// How many characters these bytes of UTF-8 begin.
    fn count(self, bytes: &[u8]) -> usize {
        let heads = || bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        match self {
            Self::Utf8 => bytes.len(),
            Self::Utf16 => heads() + bytes.iter().filter(|byte| **byte >= 0xF0).count(),
            Self::Utf32 => heads(),
        }
    }

    fn width(self, char: char) -> usize {
        match self {
            Self::Utf8 => char.len_utf8(),
            Self::Utf16 => char.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text and where its lines start.
#[derive(Clone, Debug)]
pub(super) struct Text {
    content: String,
    encoding: Encoding,
    /// The first byte of each line.
    starts: Vec<usize>,
    /// How many characters there are before each block; empty where a character is a byte.
    counts: OnceLock<Vec<usize>>,
}

impl Text {
    pub(super) fn new(content: String, encoding: Encoding) -> Self {
        let mut starts = vec![0];
        starts.extend(line_starts(&content, 0, content.len()));
        Self { content, encoding, starts, counts: OnceLock::new() }
    }

    /// The text.
    pub(super) fn content(&self) -> &str {
        &self.content
    }

    /// Where an editor sees a byte.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.content.len());
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let character = self.count_before(offset) - self.count_before(start);
        let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(character) }
    }

    /// Where an editor sees a part of the text.
    pub(super) fn range(&self, start: usize, end: usize) -> Range {
        Range { start: self.position(start), end: self.position(end) }
    }

    /// The byte at a place of an editor.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return self.content.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.content.len());
        let text = self.content.get(start..end).unwrap_or_default();
        let text = text.trim_end_matches('\n').trim_end_matches('\r');
        let mut left = position.character as usize;
        let mut offset = start;
        for char in text.chars() {
            let width = self.encoding.width(char);
            if left < width {
                break;
            }
            left -= width;
            offset += char.len_utf8();
        }
        offset
    }

    /// Replaces a part of the text, or all of it.
    pub(super) fn edit(&mut self, range: Option<Range>, new: &str) {
        let Some(range) = range else {
            *self = Self::new(new.to_owned(), self.encoding);
            return;
        };
        let (one, other) = (self.offset(range.start), self.offset(range.end));
        let (from, to) = (one.min(other), one.max(other));
        // A line end may grow together with the edit, so the lines beside it are read again.
        let first = self.starts.partition_point(|start| *start < from).saturating_sub(1);
        let last = self.starts.partition_point(|start| *start <= to) + 1;
        let old_end = self.starts.get(last).copied().unwrap_or(self.content.len());
        let start = self.starts.get(first).copied().unwrap_or_default();
        let old_length = self.content.len();
        self.content.replace_range(from..to, new);
        let moved = |at: usize| at + self.content.len() - old_length;
        let new_end = moved(old_end);
        let mut fresh: Vec<usize> = line_starts(&self.content, start, new_end).collect();
        // The line at the end is kept with the others.
        if last < self.starts.len() && fresh.last() == Some(&new_end) {
            fresh.pop();
        }
        for later in self.starts.iter_mut().skip(last) {
            *later = moved(*later);
        }
        let end = last.min(self.starts.len());
        self.starts.splice(first + 1..end, fresh);
        self.counts = OnceLock::new();
    }

    /// How many characters there are before a byte.
    fn count_before(&self, offset: usize) -> usize {
        let counts = self.counts.get_or_init(|| {
            if self.content.is_ascii() || self.encoding == Encoding::Utf8 {
                return Vec::new();
            }
            let mut before = 0;
            let blocks = self.content.as_bytes().chunks(BLOCK).map(|block| {
                let count = before;
                before += self.encoding.count(block);
                count
            });
            blocks.collect()
        });
        if counts.is_empty() {
            return offset;
        }
        let block = (offset / BLOCK).min(counts.len() - 1);
        let rest = self.content.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        counts.get(block).copied().unwrap_or_default() + self.encoding.count(rest)
    }
}

/// Where lines start that begin behind a line end between two bytes.
fn line_starts(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let part = bytes.get(from..to).unwrap_or_default();
    memchr::memchr2_iter(b'\n', b'\r', part).filter_map(move |at| {
        let at = from + at;
        let is_first_of_two = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        (!is_first_of_two).then_some(at + 1)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn characters_are_what_was_agreed_on() {
        let content = "a\u{e9}\u{1f600}b\r\nc\rd\n";
        for (encoding, character) in
            [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)]
        {
            let text = Text::new(content.to_owned(), encoding);
            assert_eq!(text.position(7), at(0, character));
            assert_eq!(text.offset(at(0, character)), 7);
            assert_eq!(text.offset(at(0, 99)), 8, "not behind the line end");
            assert_eq!(text.position(content.find('d').unwrap_or(0)), at(2, 0));
            assert_eq!(text.offset(at(9, 0)), content.len());
        }
        let text = Text::new(content.to_owned(), Encoding::Utf16);
        assert_eq!(text.offset(at(0, 3)), 3, "the half of a pair is its beginning");
    }

    #[test]
    fn characters_are_counted_across_blocks() {
        let text = Text::new(format!("a\n{}x", "é".repeat(2000)), Encoding::Utf16);
        assert_eq!(text.position(text.content().len() - 1), at(1, 2000));
    }

    fn content() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\n"),
            Just("\r"),
            Just("\r\n"),
            Just("é"),
            Just("😀"),
            Just("ab"),
            Just("")
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn an_edited_text_is_the_text_read_anew(
            start in content(),
            edits in prop::collection::vec(
                (0_u32..8, 0_u32..6, 0_u32..8, 0_u32..6, content()),
                0..8,
            ),
        ) {
            let mut text = Text::new(start, Encoding::Utf16);
            for (line, character, end_line, end_character, new) in edits {
                let range = Range { start: at(line, character), end: at(end_line, end_character) };
                let (from, to) = (text.offset(range.start), text.offset(range.end));
                let mut whole = text.content().to_owned();
                whole.replace_range(from.min(to)..from.max(to), &new);
                text.edit(Some(range), &new);
                prop_assert_eq!(text.content(), &whole);
                let fresh = Text::new(whole, Encoding::Utf16);
                prop_assert_eq!(&text.starts, &fresh.starts);
                for (offset, _) in fresh.content().char_indices() {
                    let position = fresh.position(offset);
                    prop_assert_eq!(text.position(offset), position);
                }
            }
        }
    }
}
