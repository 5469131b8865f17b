//! The lines of a document with the findings in place.

use std::{fmt::Write as _, ops::Range};

use crate::{
    finding::{Finding, Severity},
    report::sheet::{CONTEXT_LINES, Line, Sheet},
};

use super::{card::Card, escape::escape_source};

/// Fewer lines are not folded.
const FOLDED_LINES_MIN: usize = 6;

/// One document of the page.
pub(super) struct Paper<'r> {
    /// Its number on the page.
    pub(super) number: usize,
    /// Its lines.
    pub(super) sheet: &'r Sheet,
    /// Whether the page lacks some of the findings, so that lines around those are not shown.
    pub(super) is_partial: bool,
    /// Its findings, in order, with their numbers on the page.
    pub(super) findings: Vec<(usize, &'r Finding)>,
}

/// Lines that follow each other, and stand open or folded together.
struct Stretch<'r> {
    lines: Vec<&'r Line>,
    /// Whether a finding stands in it or near it.
    is_near: bool,
}

/// The id of a line's element.
pub(super) fn anchor(document: usize, line: u32) -> String {
    format!("d{document}l{line}")
}

/// The text of a document; what is away from the findings is folded.
pub(super) fn write(paper: &Paper<'_>, cards: &Card<'_>, out: &mut String) {
    let mut next = 1;
    for stretch in stretches(paper) {
        if !stretch.is_near && paper.is_partial {
            continue;
        }
        let (Some(first), Some(last)) = (stretch.lines.first(), stretch.lines.last()) else {
            continue;
        };
        gap(next, first.number, out);
        next = last.number + 1;
        let (kind, open) = if stretch.is_near { ("near", " open") } else { ("far", "") };
        let _ = write!(
            out,
            "<details class=\"stretch {kind}\"{open}><summary>{}</summary>\n<ol>\n",
            lines_named(first.number, last.number)
        );
        for (at, line) in stretch.lines.iter().enumerate() {
            let is_first = at == 0
                || stretch.lines.get(at - 1).is_none_or(|before| before.number != line.number);
            write_line(paper, line, is_first, cards, out);
        }
        out.push_str("</ol>\n</details>\n");
    }
    gap(next, paper.sheet.line_count + 1, out);
    let placed =
        |finding: &Finding| paper.sheet.line_at(finding.place.range.start.offset).is_some();
    for (number, finding) in paper.findings.iter().filter(|(_, finding)| !placed(finding)) {
        cards.write(*number, finding, out);
    }
}

/// Says which lines the page leaves out.
fn gap(from: u32, before: u32, out: &mut String) {
    if from < before {
        let lines = lines_named(from, before - 1);
        let verb = if from + 1 == before { "is" } else { "are" };
        let _ = writeln!(out, "<p class=\"gap\">{lines} {verb} not on this page</p>");
    }
}

fn lines_named(first: u32, last: u32) -> String {
    if first == last { format!("Line {first}") } else { format!("Lines {first}–{last}") }
}

/// The lines, cut where findings begin and end to be near.
fn stretches<'r>(paper: &Paper<'r>) -> Vec<Stretch<'r>> {
    let mut lines: Vec<u32> =
        paper.findings.iter().map(|(_, finding)| finding.place.range.start.line).collect();
    lines.sort_unstable();
    let is_near = |line: &Line| {
        let at = lines.partition_point(|it| it + CONTEXT_LINES < line.number);
        lines.get(at).is_some_and(|it| *it <= line.number + CONTEXT_LINES)
    };
    let mut stretches: Vec<Stretch<'r>> = Vec::new();
    for line in paper.sheet.lines() {
        let is_near = is_near(line);
        let follows =
            |it: &Stretch<'_>| it.lines.last().is_some_and(|last| last.number + 1 >= line.number);
        match stretches.last_mut().filter(|it| it.is_near == is_near && follows(it)) {
            Some(stretch) => stretch.lines.push(line),
            None => stretches.push(Stretch { lines: vec![line], is_near }),
        }
    }
    joined(stretches)
}

/// Leaves nothing folded that is short and stands beside something open.
fn joined(stretches: Vec<Stretch<'_>>) -> Vec<Stretch<'_>> {
    let has_near = stretches.iter().any(|it| it.is_near);
    let mut joined: Vec<Stretch<'_>> = Vec::new();
    for mut stretch in stretches {
        stretch.is_near |= has_near && stretch.lines.len() < FOLDED_LINES_MIN;
        let first = stretch.lines.first().map_or(0, |line| line.number);
        let before = joined.last_mut().filter(|it| {
            let last = it.lines.last().map_or(0, |line| line.number);
            it.is_near && stretch.is_near && last + 1 >= first
        });
        match before {
            Some(before) => before.lines.append(&mut stretch.lines),
            None => joined.push(stretch),
        }
    }
    joined
}

fn write_line(paper: &Paper<'_>, line: &Line, is_first: bool, cards: &Card<'_>, out: &mut String) {
    let id = match anchor(paper.number, line.number) {
        anchor if is_first => format!(" id=\"{anchor}\""),
        _ => String::new(),
    };
    let _ = write!(out, "<li value=\"{}\"{id}><code>", line.number);
    out.push_str(if line.is_cut_before { "…" } else { "" });
    write_marked(paper, line, out);
    out.push_str(if line.is_cut_after { "…" } else { "" });
    out.push_str("</code>");
    let here = findings_in(paper, line);
    out.push_str(if here.is_empty() { "" } else { "\n" });
    for (number, finding) in here {
        cards.write(*number, finding, out);
    }
    out.push_str("</li>\n");
}

/// The findings that begin in a line.
fn findings_in<'p, 'r>(paper: &'p Paper<'r>, line: &Line) -> &'p [(usize, &'r Finding)] {
    let start = |it: &(usize, &Finding)| it.1.place.range.start.offset;
    let from = paper.findings.partition_point(|it| start(it) < line.start);
    let to = paper.findings.partition_point(|it| start(it) <= line.end);
    let here = paper.findings.get(from..to).unwrap_or_default();
    // The end of one part of a long line may be the beginning of the next.
    let next = here.partition_point(|it| {
        paper.sheet.line_at(start(it)).is_some_and(|at| at.start == line.start)
    });
    here.get(..next).unwrap_or_default()
}

/// One marked part of a line: which findings it belongs to, and how grave the gravest is.
struct Mark {
    range: Range<u32>,
    number: usize,
    severity: Severity,
}

/// The text of a line, keys and marks as elements.
fn write_marked(paper: &Paper<'_>, line: &Line, out: &mut String) {
    let text = paper.sheet.text_of(line);
    let marks = marks_in(paper, line);
    let keys = paper.sheet.keys_in(line);
    let ends = marks.iter().map(|mark| &mark.range).chain(keys);
    let mut cuts: Vec<u32> = ends.flat_map(|range| [range.start, range.end]).collect();
    cuts.extend([line.start, line.end]);
    cuts.retain(|cut| line.start <= *cut && *cut <= line.end);
    cuts.sort_unstable();
    cuts.dedup();
    for pair in cuts.windows(2) {
        let [from, to] = pair else { continue };
        let part = text.get((from - line.start) as usize..(to - line.start) as usize);
        let part = escape_source(part.unwrap_or_default());
        let covers = |range: &Range<u32>| range.start <= *from && *to <= range.end;
        let over: Vec<_> = marks.iter().filter(|mark| covers(&mark.range)).collect();
        let is_key = keys.iter().any(covers);
        let part = if is_key { format!("<b>{part}</b>") } else { part };
        let Some(gravest) = over.iter().map(|mark| mark.severity).min() else {
            out.push_str(&part);
            continue;
        };
        let numbers: Vec<_> = over.iter().map(|mark| mark.number.to_string()).collect();
        let _ = write!(
            out,
            "<mark class=\"{}\" data-for=\"{}\">{part}</mark>",
            gravest.as_str(),
            numbers.join(" ")
        );
    }
}

/// The marks that show in a line; an empty place marks the character after it.
fn marks_in(paper: &Paper<'_>, line: &Line) -> Vec<Mark> {
    let text = paper.sheet.text_of(line);
    let mut marks = Vec::new();
    for (number, finding) in findings_in(paper, line) {
        let range = finding.place.range;
        let (start, end) = (range.start.offset, range.end.offset);
        let rest = text.get((start - line.start) as usize..).unwrap_or_default();
        let next = rest.chars().next().map_or(0, char::len_utf8);
        let least = start + u32::try_from(next).unwrap_or_default();
        let range = start..end.max(least).min(line.end);
        marks.push(Mark { range, number: *number, severity: finding.severity });
    }
    marks
}
