//! The few lines of a document that a finding shows.
//!
//! * **Shape.** Blocks of consecutive lines around the finding and its related places, with every
//!   character visible; a long line is cut around its mark. Nothing else of the document is kept.
//! * **Units.** Offsets are bytes in the excerpt's own text; line numbers and columns are the
//!   document's.
//!
//! The cost of an excerpt does not depend on the document: a line's ends are looked for within
//! [`LINE_BYTES`], so ten thousand findings on one line of seven megabytes cost nothing special.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::{
    document::Position,
    finding::{Finding, Related},
};

use super::text::{inline, push_inline};

/// A line of more bytes is cut.
const LINE_BYTES: usize = 180;
/// How many bytes of a cut line stand before its mark.
const LEAD_BYTES: usize = 50;
/// How many related places are shown with their source.
const RELATED_MAX: usize = 8;

/// Lines of a document with marks in them.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    lines: Vec<Line>,
    marks: Vec<Mark>,
}

/// One line of an excerpt.
#[derive(Debug)]
struct Line {
    /// Where it starts in the excerpt.
    start: usize,
    /// Its number in the document, from 1.
    number: usize,
    /// Lines of one block follow each other in the document.
    block: usize,
}

/// One marked place of an excerpt.
#[derive(Debug)]
pub(super) struct Mark {
    /// Where it starts in the excerpt.
    pub(super) start: usize,
    /// Where it ends, on the same line.
    pub(super) end: usize,
    /// What is said of it; nothing of the finding itself.
    pub(super) message: Option<String>,
    /// Its column in the document, from 1.
    column: usize,
}

/// A place to show: its two ends, and what is said of it.
type Shown<'f> = (Position, Position, Option<&'f str>);

impl Excerpt {
    /// What `text` shows of a finding.
    pub(super) fn new(text: &str, finding: &Finding) -> Self {
        let place = &finding.place;
        let mut shown: Vec<Shown<'_>> = vec![(place.range.start, place.range.end, None)];
        for related in finding.related.iter().filter(|it| fits(finding, it)).take(RELATED_MAX) {
            let range = related.place.range;
            shown.push((range.start, range.end, Some(&related.message)));
        }
        shown.sort_by_key(|(start, ..)| start.offset);
        let mut blocks: Vec<Block<'_>> = Vec::new();
        for it in shown {
            if !blocks.last_mut().is_some_and(|block| block.takes(text, it)) {
                blocks.push(Block::around(text, it));
            }
        }
        let mut excerpt = Self { text: String::new(), lines: Vec::new(), marks: Vec::new() };
        for (number, block) in blocks.iter().enumerate() {
            excerpt.push(text, number, block);
        }
        excerpt
    }

    /// The related places of a finding that no excerpt shows.
    pub(super) fn others(finding: &Finding) -> impl Iterator<Item = &Related> {
        let mut shown = 0;
        finding.related.iter().filter(move |it| {
            let is_shown = fits(finding, it) && shown < RELATED_MAX;
            shown += usize::from(is_shown);
            !is_shown
        })
    }

    /// The marks, from the top.
    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The excerpt as what miette prints, under the name of its document.
    pub(super) fn source<'e>(&'e self, name: &'e str) -> impl SourceCode + 'e {
        Source { name, excerpt: self }
    }

    fn push(&mut self, text: &str, number: usize, block: &Block<'_>) {
        let mut marks: Vec<_> = block.marks.iter().collect();
        for slice in &block.lines {
            let start = self.text.len();
            self.lines.push(Line { start, number: slice.number, block: number });
            marks.retain(|(from, to, message)| {
                if from.line as usize != slice.number {
                    return true;
                }
                let at = |position: &Position| start + slice.shown_before(text, position).len();
                self.marks.push(Mark {
                    start: at(from),
                    end: at(if to.line == from.line { to } else { &LINE_END }),
                    message: message.map(|it| inline(it).into_owned()),
                    column: from.column as usize,
                });
                false
            });
            self.text.push_str(&slice.shown_before(text, &LINE_END));
            self.text.push_str(if slice.cut_after { "…\n" } else { "\n" });
        }
    }
}

/// Whether a related place can be marked beside the finding: in the same file, not over it.
fn fits(finding: &Finding, related: &Related) -> bool {
    let (own, other) = (&finding.place.range, &related.place.range);
    let beside = other.start.line != own.start.line
        || other.start.offset >= own.end.offset
        || other.end.offset <= own.start.offset;
    beside && related.place.path == finding.place.path
}

/// A place behind every other one of its line.
const LINE_END: Position = Position { line: u32::MAX, column: u32::MAX, offset: u32::MAX };

/// Consecutive lines of a document.
struct Block<'f> {
    lines: Vec<Slice>,
    marks: Vec<Shown<'f>>,
}

impl<'f> Block<'f> {
    /// The line of a place, and the lines before and after it.
    fn around(text: &str, place: Shown<'f>) -> Self {
        let line = Slice::at(text, place.0.line as usize, place.0.offset as usize);
        let before = line.previous(text);
        let after = line.next(text);
        let lines = before.into_iter().chain([line]).chain(after).collect();
        Self { lines, marks: vec![place] }
    }

    /// Takes in a further place, where it stands on or just below these lines.
    fn takes(&mut self, text: &str, place: Shown<'f>) -> bool {
        let number = place.0.line as usize;
        while let Some(last) = self.lines.last()
            && last.number <= number
            && last.number + 2 >= number
            && let Some(next) = last.next(text)
        {
            self.lines.push(next);
        }
        let offset = place.0.offset as usize;
        let holds = |it: &Slice| it.number == number && it.start <= offset && offset <= it.end;
        let taken = self.lines.iter().any(holds);
        if taken {
            self.marks.push(place);
        }
        taken
    }
}

/// A line of a document, or the part of it that is shown.
#[derive(Clone, Copy)]
struct Slice {
    number: usize,
    start: usize,
    end: usize,
    cut_before: bool,
    cut_after: bool,
}

impl Slice {
    /// The line that holds an offset.
    fn at(text: &str, number: usize, offset: usize) -> Self {
        let offset = boundary(text, offset);
        let low = boundary(text, offset.saturating_sub(LINE_BYTES));
        let high = boundary(text, offset + LINE_BYTES);
        let before = text.get(low..offset).unwrap_or_default().rfind('\n').map(|at| low + at + 1);
        let after = text.get(offset..high).unwrap_or_default().find('\n').map(|at| offset + at);
        let start = before.or((low == 0).then_some(0));
        let end = after.or((high == text.len()).then_some(high));
        if let (Some(start), Some(end)) = (start, end)
            && end - start <= LINE_BYTES
        {
            return Self { number, start, end, cut_before: false, cut_after: false };
        }
        let near = start.filter(|start| offset - start <= LEAD_BYTES);
        let start = near.unwrap_or_else(|| boundary(text, offset.saturating_sub(LEAD_BYTES)));
        let limit = boundary(text, start + LINE_BYTES);
        let whole = end.filter(|end| *end <= limit);
        Self {
            number,
            start,
            end: whole.unwrap_or(limit),
            cut_before: near.is_none(),
            cut_after: whole.is_none(),
        }
    }

    /// The line before, where it is short.
    fn previous(self, text: &str) -> Option<Self> {
        let end = self.start.checked_sub(1).filter(|_| !self.cut_before)?;
        let line = Self::at(text, self.number - 1, end);
        (!line.cut_before && !line.cut_after).then_some(line)
    }

    /// The line after, where it is short.
    fn next(self, text: &str) -> Option<Self> {
        let start = self.end + 1;
        if self.cut_after || start >= text.len() {
            return None;
        }
        let line = Self::at(text, self.number + 1, start);
        (!line.cut_after).then_some(line)
    }

    /// What is shown of the line before a position.
    fn shown_before(self, text: &str, position: &Position) -> String {
        let end = boundary(text, (position.offset as usize).clamp(self.start, self.end));
        let mut shown = String::from(if self.cut_before { "…" } else { "" });
        let line = text.get(self.start..end).unwrap_or_default();
        let line = if end == self.end { line.strip_suffix('\r').unwrap_or(line) } else { line };
        for (at, part) in line.split('\t').enumerate() {
            shown.push_str(if at > 0 { "    " } else { "" });
            push_inline(&mut shown, part);
        }
        shown
    }
}

/// The end of the last character that ends at or before an offset.
fn boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// An excerpt under the name of its document.
struct Source<'e> {
    name: &'e str,
    excerpt: &'e Excerpt,
}

impl SourceCode for Source<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let Excerpt { text, lines, marks } = self.excerpt;
        let line_of = |at: usize| lines.partition_point(|line| line.start <= at).checked_sub(1);
        let first = line_of(span.offset()).ok_or(MietteError::OutOfBounds)?;
        let last = line_of(span.offset() + span.len().saturating_sub(1)).unwrap_or(first);
        let block = |at: usize| lines.get(at).map(|line| line.block);
        if block(first) != block(last) {
            return Err(MietteError::OutOfBounds);
        }
        let same = |at: &usize| block(*at) == block(first);
        let from = (first.saturating_sub(lines_before)..=first).find(same).unwrap_or(first);
        let to = (last..=last + lines_after).rev().find(same).unwrap_or(last);
        let start = lines.get(from).map_or(0, |line| line.start);
        let end = lines.get(to + 1).map_or(text.len(), |line| line.start);
        let column = match marks.iter().find(|mark| mark.start == span.offset()) {
            Some(mark) if lines_before == 0 => mark.column.saturating_sub(1),
            _ => 0,
        };
        let number = lines.get(from).map_or(1, |line| line.number);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_owned(),
            text.as_bytes().get(start..end).unwrap_or_default(),
            (start, end - start).into(),
            number.saturating_sub(1),
            column,
            to + 1 - from,
        )))
    }
}
