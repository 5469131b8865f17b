//! Byte spans, and the lines and columns that people see.

use serde::Serialize;

/// A half-open range of bytes in one document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The part of `text` that the span covers; empty where the span does not fit the text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A place in a text as people and editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// In Unicode scalar values, from 1.
    pub column: u32,
    /// In bytes, from 0.
    pub offset: u32,
}

/// Two positions, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Range {
    /// The first position.
    pub start: Position,
    /// The position after the last.
    pub end: Position,
}

/// How many bytes share one entry of the table of continuation bytes.
const BLOCK: usize = 1024;

/// Finds line and column of an offset without reading the line from its start.
#[derive(Debug)]
pub(super) struct LineIndex {
    /// Offset of the first byte of each line.
    starts: Vec<u32>,
    /// UTF-8 continuation bytes before each block; empty when the text is ASCII.
    continuations: Vec<u32>,
}

impl LineIndex {
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| offset(at + 1)));
        let mut continuations = Vec::new();
        if !text.is_ascii() {
            let mut before = 0;
            for block in bytes.chunks(BLOCK) {
                continuations.push(before);
                before += count_continuations(block);
            }
            continuations.push(before);
        }
        Self { starts, continuations }
    }

    pub(super) fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(u32::try_from(text.len()).unwrap_or(u32::MAX));
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let skipped =
            self.continuations_before(text, offset) - self.continuations_before(text, start);
        let column = offset - start - skipped + 1;
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), column, offset }
    }

    fn continuations_before(&self, text: &str, offset: u32) -> u32 {
        let block = offset as usize / BLOCK;
        let Some(before) = self.continuations.get(block) else { return 0 };
        let rest = text.as_bytes().get(block * BLOCK..offset as usize).unwrap_or_default();
        before + count_continuations(rest)
    }
}

fn count_continuations(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|byte| **byte & 0xC0 == 0x80).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// An offset as the arena keeps it; [`super::Limits`] keeps texts below 4 GiB.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalar_values_across_blocks() {
        let line = "é".repeat(2000);
        let text = format!("a\n{line}x");
        let index = LineIndex::new(&text);
        let end = u32::try_from(text.len()).unwrap_or(0);
        let position = index.position(&text, end - 1);
        assert_eq!((position.line, position.column), (2, 2001));
    }
}
