//! The edited lines of a fix: what goes and what comes.

use std::fmt::Write as _;

use crate::{
    finding::{Edit, Finding},
    report::{Report, sheet::Sheet},
};

use super::escape::escape_source;

/// A part of the edited lines.
enum Part<'a> {
    Kept(&'a str),
    Gone(&'a str),
    New(&'a str),
}

impl<'a> Part<'a> {
    fn text(&self) -> &'a str {
        match self {
            Self::Kept(text) | Self::Gone(text) | Self::New(text) => text,
        }
    }
}

/// Writes the edits of a finding's fix, those of one line together.
pub(super) fn write(report: &Report, finding: &Finding, out: &mut String) {
    let Some(fix) = &finding.fix else { return };
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| (&edit.path, edit.range.start.offset));
    let mut rest = &*edits;
    while let Some(first) = rest.first() {
        let sheet = report.sheets.get(&*first.path);
        let line = sheet.and_then(|sheet| Some((sheet, sheet.line_at(first.range.start.offset)?)));
        let Some((sheet, line)) = line else {
            write_parts(first.range.start.line, &[Part::New(&first.text)], out);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let count = rest
            .iter()
            .take_while(|edit| *edit.path == *first.path && edit.range.start.offset <= line.end);
        let (here, later) = rest.split_at(count.count().max(1));
        write_parts(line.number, &parts(sheet, here, line.start, line.end), out);
        rest = later;
    }
}

/// A line with its edits carried out beside what they replace.
fn parts<'a>(sheet: &'a Sheet, edits: &[&'a Edit], start: u32, end: u32) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut done = start;
    for edit in edits {
        let (from, to) = (edit.range.start.offset, edit.range.end.offset);
        parts.push(Part::Kept(sheet.slice(done, from).unwrap_or_default()));
        parts.push(Part::Gone(sheet.slice(from, to.min(end)).unwrap_or_default()));
        parts.push(Part::Gone(if to > end { "…" } else { "" }));
        parts.push(Part::New(&edit.text));
        done = to;
    }
    parts.push(Part::Kept(sheet.slice(done, end).unwrap_or_default()));
    parts
}

fn write_parts(line: u32, parts: &[Part<'_>], out: &mut String) {
    let indent = indent(parts);
    let _ = write!(out, "<pre class=\"fix\" data-line=\"{line}\">");
    let mut left = indent;
    for part in parts {
        let name = match part {
            Part::Kept(_) => None,
            Part::Gone(_) => Some("del"),
            Part::New(_) => Some("ins"),
        };
        for (at, text) in part.text().split('\n').enumerate() {
            if at > 0 {
                out.push('\n');
                left = indent;
            }
            let spaces = text.len() - text.trim_start_matches(' ').len();
            let text = text.get(left.min(spaces)..).unwrap_or_default();
            left -= left.min(spaces);
            let text = escape_source(text.trim_end_matches('\r'));
            match name {
                Some(name) if !text.is_empty() => {
                    let _ = write!(out, "<{name}>{text}</{name}>");
                }
                _ => out.push_str(&text),
            }
        }
    }
    out.push_str("</pre>\n");
}

/// How many spaces all the lines begin with.
fn indent(parts: &[Part<'_>]) -> usize {
    let text: String = parts.iter().map(Part::text).collect();
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let spaces = filled.map(|line| line.len() - line.trim_start_matches(' ').len());
    spaces.min().unwrap_or_default()
}
