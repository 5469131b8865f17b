//! YAML into the arena, through an event parser, with recovery by leaving out what is at fault.
//!
//! * **Source.** YAML 1.2.2; plain scalars by the core schema; merge keys as YAML 1.1 has them.
//! * **Errors.** Faults are kept in the arena. After a fault of syntax the text is read again
//!   without the value that has no end, or else without the offending line, so that the rest of
//!   the file still counts.

mod properties;
mod reader;

use std::borrow::Cow;

use super::{Fault, FaultKind, Limits, Span, arena::Arena, openers, span::offset};

use reader::Reader;

/// How many bytes are read again in all before the rest of a broken file is given up.
const REREAD_BYTES: usize = 32_000_000;

/// Reads `text`, which must be shorter than 4 GiB.
pub(super) fn parse(text: &str, limits: &Limits) -> Arena {
    let mut readable = Cow::Borrowed(text);
    let mut faults: Vec<Fault> = Vec::new();
    let mut budget = REREAD_BYTES;
    loop {
        let (mut arena, fault) = Reader::new(text, &readable, limits).read();
        let Some(fault) = fault else {
            if arena.root.is_none() && faults.is_empty() && arena.faults.is_empty() {
                faults.push(nothing(text));
            }
            faults.append(&mut arena.faults);
            arena.faults = faults;
            return arena;
        };
        let (fault, line) = blamed(text, &readable, fault);
        let fatal = fault.kind == FaultKind::Depth
            || faults.len() + 1 >= limits.syntax_faults
            || budget < text.len()
            || blank(&readable, line.clone());
        faults.push(fault);
        if fatal {
            faults.append(&mut arena.faults);
            arena.faults = faults;
            return arena;
        }
        budget -= text.len();
        let mut bytes = readable.into_owned().into_bytes();
        for byte in bytes.get_mut(line).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        readable = Cow::Owned(String::from_utf8(bytes).expect("whole lines are replaced"));
    }
}

/// A text without a document.
fn nothing(text: &str) -> Fault {
    let blank = text.trim_start_matches('\u{feff}').trim().is_empty();
    let message = if blank { "the file is empty" } else { "the file holds no YAML document" };
    let (kind, span) = (FaultKind::Syntax, Span::new(0, 0));
    Fault { kind, span, message: message.to_owned(), related: None, node: None }
}

/// What is to blame for a fault, and the bytes to leave out: the value whose end is missing, or
/// the line of the fault.
fn blamed(text: &str, readable: &str, fault: Fault) -> (Fault, std::ops::Range<usize>) {
    let at = fault.span.start as usize;
    let unclosed = openers::unclosed(readable, at).filter(|_| fault.kind == FaultKind::Syntax);
    let Some(openers::Unclosed { opener, start, end }) = unclosed else {
        return (fault, line_around(text, at));
    };
    let span = Span::new(offset(opener), offset(opener + 1));
    let message = match span.slice(text) {
        quote @ ("\"" | "'") => format!("the quote `{quote}` is never closed"),
        bracket => format!("the bracket `{bracket}` is never closed"),
    };
    let kind = FaultKind::Syntax;
    (Fault { kind, span, message, related: None, node: None }, start..end)
}

/// The bytes of the line around `at`, without its line break.
fn line_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let at = at.min(text.len());
    let bytes = text.as_bytes();
    let before = bytes.get(..at).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let rest = bytes.get(at..).unwrap_or_default();
    start..at + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

fn blank(text: &str, line: std::ops::Range<usize>) -> bool {
    text.get(line).is_none_or(|line| line.trim().is_empty())
}
