//! A document as the page shows it: its whole text, or the lines around the findings.
//!
//! * **Shape.** [`Sheet`] holds lines in order; each knows where it starts in the document, so that
//!   a finding's offsets find their place in it. A line that is very long is cut into the parts
//!   around its marks.
//! * **Units.** Offsets are bytes of the document, numbers of lines count from 1.

use std::ops::Range;

use crate::{
    document::{Document, NodeRef},
    finding::Finding,
};

/// A larger document is shown around its findings alone.
const WHOLE_BYTES_MAX: usize = 256 << 10;
/// A longer line is cut.
const LINE_BYTES_MAX: usize = 600;
/// How much of a cut line stands before and after a mark.
const CUT_BYTES: usize = 120;
/// How many lines stand before and after a finding.
pub(super) const CONTEXT_LINES: u32 = 3;
/// How many related places of a finding bring lines of their own.
const RELATED_MAX: usize = 4;

/// What is shown of one document.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Whether this is all of the text.
    pub(super) is_whole: bool,
    /// How many lines the document has.
    pub(super) line_count: u32,
    lines: Vec<Line>,
    text: String,
    /// Where keys stand in the document, in order.
    keys: Vec<Range<u32>>,
}

/// A line, or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its number in the document.
    pub(super) number: u32,
    /// Where it starts in the document.
    pub(super) start: u32,
    /// Where it ends in the document, without its line break.
    pub(super) end: u32,
    /// Something of the line stands before.
    pub(super) is_cut_before: bool,
    /// Something of the line stands after.
    pub(super) is_cut_after: bool,
    /// Where it starts in the sheet's own text.
    at: usize,
}

impl Sheet {
    /// What is shown of a document in which these findings are.
    pub(super) fn new(document: &Document, findings: &[Finding]) -> Self {
        let text = document.text();
        let marks = Marks::of(document.path(), findings);
        let mut sheet = Self::default();
        let mut start = 0;
        let mut is_whole = text.len() <= WHOLE_BYTES_MAX;
        for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
            let end = start + line.trim_end_matches(['\n', '\r']).len();
            is_whole &= end - start <= LINE_BYTES_MAX;
            sheet.line_count = number;
            let whole = Line {
                number,
                start: offset(start),
                end: offset(end),
                is_cut_before: false,
                is_cut_after: false,
                at: 0,
            };
            if text.len() <= WHOLE_BYTES_MAX || marks.is_near(number) {
                sheet.push_line(text, &whole, &marks);
            }
            start += line.len();
        }
        if !is_whole {
            sheet = sheet.around(&marks);
        }
        sheet.is_whole = is_whole;
        sheet.keys = sheet.keys_of(document);
        sheet
    }

    /// The sheet with nothing but the lines around these findings.
    pub(super) fn cut(self, path: &str, findings: &[&Finding]) -> Self {
        let sheet = self.around(&Marks::of(path, findings.iter().copied()));
        Self { is_whole: false, ..sheet }
    }

    fn around(self, marks: &Marks) -> Self {
        let mut kept =
            Self { line_count: self.line_count, keys: self.keys.clone(), ..Self::default() };
        for line in self.lines.iter().filter(|line| marks.is_near(line.number)) {
            kept.push(self.text_of(line), line);
        }
        kept
    }

    /// Takes in the lines of another sheet of the same document.
    pub(super) fn merge(&mut self, other: &Self) {
        if self.is_whole {
            return;
        }
        let known = |line: &Line| {
            let after = self.lines.partition_point(|it| it.start < line.end.max(line.start + 1));
            let before = after.checked_sub(1).and_then(|at| self.lines.get(at));
            before.is_some_and(|it| it.end > line.start || it.start == line.start)
        };
        let new: Vec<Line> = other.lines.iter().filter(|line| !known(line)).cloned().collect();
        for line in new {
            self.push(other.text_of(&line), &line);
        }
        self.lines.sort_by_key(|line| line.start);
        self.keys.extend(other.keys.iter().cloned());
        self.keys.sort_by_key(|key| key.start);
        self.keys.dedup();
    }

    /// The lines, in order.
    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many bytes of the document are kept.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text of one of its lines.
    pub(super) fn text_of(&self, line: &Line) -> &str {
        let length = line.end.saturating_sub(line.start) as usize;
        self.text.get(line.at..line.at + length).unwrap_or_default()
    }

    /// The text between two offsets, where one line has all of it.
    pub(super) fn slice(&self, start: u32, end: u32) -> Option<&str> {
        let line = self.line_at(start).filter(|line| end <= line.end)?;
        let from = start.checked_sub(line.start)? as usize;
        self.text_of(line).get(from..from + end.checked_sub(start)? as usize)
    }

    /// The line that holds an offset.
    pub(super) fn line_at(&self, offset: u32) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.start <= offset);
        let line = self.lines.get(after.checked_sub(1)?)?;
        (offset <= line.end).then_some(line)
    }

    /// Whether a line of this number is shown.
    pub(super) fn has_line(&self, number: u32) -> bool {
        self.lines.binary_search_by_key(&number, |line| line.number).is_ok()
    }

    /// The keys that stand in a line.
    pub(super) fn keys_in(&self, line: &Line) -> &[Range<u32>] {
        let from = self.keys.partition_point(|key| key.start < line.start);
        let to = self.keys.partition_point(|key| key.start < line.end);
        self.keys.get(from..to).unwrap_or_default()
    }

    fn push(&mut self, text: &str, line: &Line) {
        let at = self.text.len();
        self.text.push_str(text);
        self.lines.push(Line { at, ..line.clone() });
    }

    /// Adds a line; of a long one, the parts around its marks, or its beginning.
    fn push_line(&mut self, text: &str, line: &Line, marks: &Marks) {
        let (start, end) = (line.start as usize, line.end as usize);
        if end - start <= LINE_BYTES_MAX {
            self.push(text.get(start..end).unwrap_or_default(), line);
            return;
        }
        let mut parts: Vec<(usize, usize)> = Vec::new();
        let marked = marks.within(line.start, line.end);
        let first = [(line.start, line.start)];
        let marked = if marked.is_empty() { &first[..] } else { marked };
        for (from, to) in marked {
            let to = (*to as usize).min(*from as usize + CUT_BYTES) + CUT_BYTES;
            let from = boundary(text, (*from as usize).saturating_sub(CUT_BYTES).max(start));
            let to = boundary(text, to.min(end));
            match parts.last_mut() {
                Some(last) if last.1 >= from => last.1 = last.1.max(to),
                _ => parts.push((from, to)),
            }
        }
        for (from, to) in parts {
            let part = Line {
                start: offset(from),
                end: offset(to),
                is_cut_before: from > start,
                is_cut_after: to < end,
                ..line.clone()
            };
            self.push(text.get(from..to).unwrap_or_default(), &part);
        }
    }

    /// Where the keys stand in the lines that are shown.
    fn keys_of(&self, document: &Document) -> Vec<Range<u32>> {
        let keys = document.nodes().filter_map(NodeRef::key_span);
        let is_shown = |key: &Range<u32>| self.line_at(key.start).is_some();
        let mut keys: Vec<_> =
            keys.map(|span| span.start..span.end).filter(|key| is_shown(key)).collect();
        keys.sort_by_key(|key| key.start);
        keys.dedup();
        keys
    }
}

/// The places of a document that findings point at.
struct Marks {
    /// The first and the last line of each, sorted.
    lines: Vec<(u32, u32)>,
    /// Start and end of each, sorted.
    ranges: Vec<(u32, u32)>,
}

impl Marks {
    fn of<'f>(path: &str, findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut marks = Self { lines: Vec::new(), ranges: Vec::new() };
        for finding in findings {
            let related = finding.related.iter().take(RELATED_MAX).map(|it| &it.place);
            let places = std::iter::once(&finding.place).chain(related);
            for place in places.filter(|place| &*place.path == path) {
                let (start, end) = (place.range.start, place.range.end);
                // Of a long range, such as a whole object, the beginning is shown.
                let last = end.line.min(start.line + CONTEXT_LINES);
                marks.lines.push((start.line, last));
                marks.ranges.push((start.offset, end.offset));
            }
        }
        marks.lines.sort_unstable();
        marks.lines.dedup();
        marks.ranges.sort_unstable();
        marks.ranges.dedup();
        marks
    }

    fn is_near(&self, line: u32) -> bool {
        let after = self.lines.partition_point(|(first, _)| *first <= line + CONTEXT_LINES);
        // No mark is longer than the lines that are shown of it.
        let candidates = self.lines.get(..after).unwrap_or_default().iter().rev();
        let reach = 2 * CONTEXT_LINES;
        let mut near = candidates.take_while(|(first, _)| first + reach >= line);
        near.any(|(_, last)| last + CONTEXT_LINES >= line)
    }

    fn within(&self, start: u32, end: u32) -> &[(u32, u32)] {
        let from = self.ranges.partition_point(|(at, _)| *at < start);
        let to = self.ranges.partition_point(|(at, _)| *at < end);
        self.ranges.get(from..to).unwrap_or_default()
    }
}

/// The end of the last character that ends at or before an offset.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// An offset as findings have it; documents are smaller than 4 GiB.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
