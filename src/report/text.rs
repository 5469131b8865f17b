//! A document's text inside our lines.
//!
//! Whatever a document holds, a reader sees every character of it, a text format keeps one
//! finding on one line, and no runner of a build takes a part of it for a command.

use std::borrow::Cow;

use crate::document::is_invisible;

/// The text as it may stand within a line: invisible characters and line ends as escapes.
pub fn inline(text: &str) -> Cow<'_, str> {
    if !text.contains("##[") && !text.chars().any(|char| char == '\n' || is_invisible(char)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    push_inline(&mut shown, text);
    Cow::Owned(shown)
}

/// Appends the text as [`inline`] shows it.
pub(super) fn push_inline(shown: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '\n' => shown.push_str("\\n"),
            '[' if shown.ends_with("##") => shown.extend('['.escape_unicode()),
            char if is_invisible(char) => shown.extend(char.escape_unicode()),
            char => shown.push(char),
        }
    }
}

/// The text as it may begin a line: as [`inline`], and never `::` after white space.
pub fn leading(text: &str) -> Cow<'_, str> {
    let shown = inline(text);
    let Some(rest) = shown.trim_start().strip_prefix("::") else { return shown };
    let indent = shown.len() - rest.len() - 2;
    let white = shown.get(..indent).unwrap_or_default();
    Cow::Owned(format!("{white}\\u{{3a}}:{rest}"))
}
