//! The lines at the end: how much was found, and how much was looked at.

use crate::finding::Severity;

use super::{Report, text::inline};

/// The summary, a line each.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("{} in {}", found(report), documents(report))];
    let looked_at: Vec<_> = report
        .coverage
        .tallies()
        .map(|(what, tally)| match tally.undecided {
            0 => format!("{} {what}", tally.checked),
            undecided => format!("{} {what} ({undecided} undecided)", tally.checked),
        })
        .collect();
    if !looked_at.is_empty() {
        lines.push(format!("checked {}", looked_at.join(", ")));
    }
    if report.omitted > 0 {
        lines.push(format!("{} more are left out, the least grave", report.omitted));
    }
    if let Some(incomplete) = &report.incomplete {
        let place = incomplete.path.as_deref().map(|path| format!(" at {}", inline(path)));
        lines.push(format!(
            "incomplete: the limit `--{}` ended the work{}",
            incomplete.limit,
            place.unwrap_or_default()
        ));
    }
    lines
}

fn found(report: &Report) -> String {
    let counts = report.summary;
    if counts.total() == 0 {
        return "no findings".to_owned();
    }
    let word = |severity| match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "info",
        Severity::Hint => "hint",
    };
    let parts: Vec<_> = Severity::ALL
        .into_iter()
        .filter(|severity| counts.of(*severity) > 0)
        .map(|severity| counted(counts.of(severity), word(severity)))
        .collect();
    let undecided = match counts.undecided {
        0 => String::new(),
        undecided => format!(" ({undecided} undecided)"),
    };
    parts.join(", ") + &undecided
}

fn documents(report: &Report) -> String {
    counted(report.documents.len(), "document")
}

pub(super) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
