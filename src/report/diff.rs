//! What edits do to a text, as a unified diff.
//!
//! * **Shape.** The edits are known, so nothing has to be guessed: each line of the new text
//!   remembers the line it was, and what lies between two that remember is a change.
//! * **Units.** Lines from 0, their ends belonging to them.
//! * **Source.** The unified format of GNU diffutils.
//!
//! Tabs and the carriage return of a line's end stay as they are, so that the diff can be
//! applied; everything else that cannot be seen is an escape.

use std::io::{self, Write};

use crate::document::{TextEdit, apply_edits};

use super::text::{inline, push_inline};

/// How many lines that stay are shown around a change.
const CONTEXT: usize = 3;

/// A text that knows what it was.
#[derive(Debug)]
pub struct Edited<'t> {
    before: &'t str,
    after: String,
    /// The line that each line was, where it has not changed.
    origins: Vec<Option<usize>>,
}

impl<'t> Edited<'t> {
    /// A text as it is.
    pub fn new(text: &'t str) -> Self {
        let origins = (0..text.split_inclusive('\n').count()).map(Some).collect();
        Self { before: text, after: text.to_owned(), origins }
    }

    /// Carries out edits that do not overlap, each at a place in the text as it is now.
    pub fn edit(&mut self, edits: &[TextEdit]) {
        let mut edits: Vec<_> = edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        let starts = line_starts(&self.after);
        let line = |at: usize| starts.partition_point(|start| *start <= at).saturating_sub(1);
        let mut after = String::with_capacity(self.after.len());
        let mut origins = Vec::with_capacity(self.origins.len());
        let mut rest = edits.into_iter().peekable();
        let mut done = 0;
        while let Some(first) = rest.next() {
            let (start, mut end) = (line(first.span.start as usize), line(first.span.end as usize));
            let mut group = vec![first];
            while let Some(next) = rest.next_if(|it| line(it.span.start as usize) <= end) {
                end = end.max(line(next.span.end as usize));
                group.push(next);
            }
            let at = |line: usize| starts.get(line).copied().unwrap_or(self.after.len());
            after.push_str(self.after.get(at(done)..at(start)).unwrap_or_default());
            origins.extend_from_slice(self.origins.get(done..start).unwrap_or_default());
            done = end + 1;
            let old = self.after.get(at(start)..at(done)).unwrap_or_default();
            let new = apply_edits(old, &moved(&group, at(start)));
            let known = self.origins.get(start..done.min(self.origins.len())).unwrap_or_default();
            push_origins(&mut origins, known, old, &new);
            after.push_str(&new);
        }
        let at = starts.get(done).copied().unwrap_or(self.after.len());
        after.push_str(self.after.get(at..).unwrap_or_default());
        origins.extend_from_slice(self.origins.get(done..).unwrap_or_default());
        (self.after, self.origins) = (after, origins);
    }

    /// Writes the difference between what the text was and what it is.
    pub fn write_diff(&self, path: &str, out: &mut dyn Write) -> io::Result<()> {
        let hunks = hunks(&self.changes());
        if hunks.is_empty() {
            return Ok(());
        }
        let path = inline(path);
        writeln!(out, "--- {path}\n+++ {path}")?;
        let before: Vec<_> = self.before.split_inclusive('\n').collect();
        let after: Vec<_> = self.after.split_inclusive('\n').collect();
        for hunk in hunks {
            write_hunk(&hunk, &before, &after, out)?;
        }
        Ok(())
    }

    /// The runs of lines that are not the same.
    fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let (mut old, mut new) = (0, 0);
        let end = (self.before.split_inclusive('\n').count(), self.origins.len());
        let same = self.origins.iter().enumerate().filter_map(|(at, it)| Some(((*it)?, at)));
        for (old_at, new_at) in same.chain([end]) {
            if old < old_at || new < new_at {
                changes.push(Change { old: (old, old_at), new: (new, new_at) });
            }
            (old, new) = (old_at + 1, new_at + 1);
        }
        changes
    }
}

/// The lines of the new text that are lines of the old one: those at its beginning and its end.
fn push_origins(origins: &mut Vec<Option<usize>>, known: &[Option<usize>], old: &str, new: &str) {
    let old: Vec<_> = old.split_inclusive('\n').collect();
    let new: Vec<_> = new.split_inclusive('\n').collect();
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let room = old.len().min(new.len()) - head;
    let ends = old.iter().rev().zip(new.iter().rev()).take(room);
    let tail = ends.take_while(|(old, new)| old == new).count();
    origins.extend(known.iter().take(head));
    origins.extend(std::iter::repeat_n(None, new.len() - head - tail));
    origins.extend(known.iter().skip(old.len() - tail));
}

/// Edits of a part of a text that begins at `start`.
fn moved(edits: &[&TextEdit], start: usize) -> Vec<TextEdit> {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let moved = edits.iter().map(|edit| {
        let mut edit = (*edit).clone();
        edit.span.start = edit.span.start.saturating_sub(start);
        edit.span.end = edit.span.end.saturating_sub(start);
        edit
    });
    moved.collect()
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
    std::iter::once(0).chain(ends).filter(|at| *at < text.len() || *at == 0).collect()
}

/// Lines that took the place of others; each side from its first line to the one after its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    old: (usize, usize),
    new: (usize, usize),
}

/// The changes that are shown together, since the lines around them meet.
fn hunks(changes: &[Change]) -> Vec<Vec<Change>> {
    let mut hunks: Vec<Vec<Change>> = Vec::new();
    for change in changes {
        let last = hunks.last_mut().filter(|hunk| {
            hunk.last().is_some_and(|last| change.old.0 - last.old.1 <= 2 * CONTEXT)
        });
        match last {
            Some(hunk) => hunk.push(*change),
            None => hunks.push(vec![*change]),
        }
    }
    hunks
}

fn write_hunk(
    hunk: &[Change],
    before: &[&str],
    after: &[&str],
    out: &mut dyn Write,
) -> io::Result<()> {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return Ok(()) };
    let lead = first.old.0.min(CONTEXT);
    let tail = (before.len() - last.old.1).min(CONTEXT);
    let (old_start, new_start) = (first.old.0 - lead, first.new.0 - lead);
    let place = |start: usize, count: usize| match count {
        0 => format!("{start},0"),
        _ => format!("{},{count}", start + 1),
    };
    let old = place(old_start, last.old.1 + tail - old_start);
    let new = place(new_start, last.new.1 + tail - new_start);
    writeln!(out, "@@ -{old} +{new} @@")?;
    let mut at = old_start;
    for change in hunk {
        write_lines(' ', before, (at, change.old.0), out)?;
        write_lines('-', before, change.old, out)?;
        write_lines('+', after, change.new, out)?;
        at = change.old.1;
    }
    write_lines(' ', before, (at, at + tail), out)
}

fn write_lines(
    mark: char,
    lines: &[&str],
    (start, end): (usize, usize),
    out: &mut dyn Write,
) -> io::Result<()> {
    for line in lines.get(start..end).unwrap_or_default() {
        let text = line.strip_suffix('\n');
        writeln!(out, "{mark}{}", shown(text.unwrap_or(line)))?;
        if text.is_none() {
            writeln!(out, "\\ No newline at end of file")?;
        }
    }
    Ok(())
}

/// A line as a diff shows it; no runner takes it for a command.
fn shown(line: &str) -> String {
    let (text, end) = line.strip_suffix('\r').map_or((line, ""), |text| (text, "\r"));
    let mut shown = String::with_capacity(line.len());
    for (at, part) in text.split('\t').enumerate() {
        shown.push_str(if at > 0 { "\t" } else { "" });
        push_inline(&mut shown, part);
    }
    if let Some(rest) = shown.trim_start().strip_prefix("::") {
        let indent = shown.len() - rest.len() - 2;
        shown.replace_range(indent..=indent, "\\u{3a}");
    }
    shown + end
}
