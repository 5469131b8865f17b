//! The report as a table, for the summary of a build or a comment on a change.
//!
//! * **Source.** GitHub Flavored Markdown 0.29.
//!
//! Text of a document is text: what Markdown could read as something else is a character
//! reference, and what comes after `@` or `#` mentions nobody.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use crate::finding::Finding;

use super::{Report, summary, text::inline};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = summary::lines(report).into_iter();
    writeln!(out, "### treaty: {}", plain(&lines.next().unwrap_or_default()))?;
    if let Some(verdict) = summary::verdict(report) {
        let (outcome, why) = verdict.split_once(", ").unwrap_or((&verdict, ""));
        let separator = if why.is_empty() { "" } else { ", " };
        writeln!(out, "\nThe gate says **{outcome}**{separator}{}.", plain(why))?;
        lines.next();
    }
    if !report.findings.is_empty() {
        writeln!(out, "\n| | rule | where | what |\n|---|---|---|---|")?;
    }
    for finding in &report.findings {
        let start = finding.place.range.start;
        let place = format!("{}:{}:{}", finding.place.path, start.line, start.column);
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            finding.severity.as_str(),
            rule(finding),
            code(&place),
            what(finding),
        )?;
    }
    for line in lines {
        writeln!(out, "\n{}", plain(&line))?;
    }
    Ok(())
}

/// The rule, with a link to the section that it stands on.
fn rule(finding: &Finding) -> String {
    let source = &*finding.source;
    let is_link = source.starts_with("https://")
        && source.bytes().all(|it| it.is_ascii_graphic() && !b"<>()[]\\|`\"".contains(&it));
    let name = plain(&finding.rule);
    if is_link { format!("[{name}]({source})") } else { name }
}

/// The message, what it quotes as code, and what to do.
fn what(finding: &Finding) -> String {
    let mut text = quoted(&finding.message);
    if let Some(help) = finding.help.as_deref().filter(|help| !help.is_empty()) {
        let _ = write!(text, "<br>{}", quoted(help));
    }
    text
}

/// A text whose parts between back-quotes are code.
fn quoted(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    let mut shown = String::with_capacity(text.len() * 2);
    for (at, part) in parts.iter().enumerate() {
        let is_code = at % 2 == 1;
        if is_code && at + 1 < parts.len() {
            shown.push_str(&code(part));
        } else {
            shown.push_str(if is_code { "&#96;" } else { "" });
            shown.push_str(&plain(part));
        }
    }
    shown
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// A text that mentions nobody: a host looks for names only outside of code.
fn plain(text: &str) -> String {
    let mut shown = escaped(text);
    for mark in ["&#64;", "&#35;"] {
        shown = shown.replace(mark, &format!("<code>{mark}</code>"));
    }
    shown
}

/// A text in which no character is Markdown, nor begins a link or an emoji.
fn escaped(text: &str) -> String {
    let text = inline(text);
    let mut shown = String::with_capacity(text.len() * 2);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(char) = rest.next() {
        let is_plain = match char {
            '.' => !matches!(before, 'w' | 'W'),
            ':' => rest.peek().is_none_or(|next| *next == ' '),
            char => !char.is_ascii_punctuation() || ",;-/()'".contains(char),
        };
        if is_plain {
            shown.push(char);
        } else {
            let _ = write!(shown, "&#{};", u32::from(char));
        }
        before = char;
    }
    shown
}
