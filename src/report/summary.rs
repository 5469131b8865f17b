//! The lines at the end: how much was found, and how much was looked at.

use std::collections::{BTreeMap, HashSet};

use crate::finding::{Outcome, Severity};

use super::{Report, text::inline};

/// The summary, a line each.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("{} in {}", found(report), documents(report))];
    lines.extend(verdict(report).map(|verdict| format!("the gate says {verdict}")));
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
    lines.extend(left_out(report));
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

/// What is not among the findings on purpose, and what is gone.
fn left_out(report: &Report) -> Option<String> {
    let counts =
        [(report.waived.len(), "waived"), (report.known.len(), "known before")].into_iter();
    let mut parts: Vec<_> =
        counts.filter(|it| it.0 > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if report.gone > 0 {
        let verb = if report.gone == 1 { "is" } else { "are" };
        parts.push(format!("{} of the baseline {verb} gone", report.gone));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The decision of a gate and what it rests on: `bounce, for 2 of change-by-non-owner`.
pub(super) fn verdict(report: &Report) -> Option<String> {
    let verdict = report.verdict.as_ref()?;
    let outcome = verdict.outcome.as_str();
    if verdict.outcome == Outcome::Pass {
        return Some(outcome.to_owned());
    }
    let reasons: HashSet<&str> = verdict.reasons.iter().map(String::as_str).collect();
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|it| reasons.contains(&*it.id)) {
        *rules.entry(&finding.rule).or_default() += 1;
    }
    let shown: usize = rules.values().sum();
    let mut why: Vec<_> =
        rules.iter().map(|(rule, count)| format!("{count} of {}", inline(rule))).collect();
    if reasons.len() > shown {
        why.push(format!("{} that are left out", reasons.len() - shown));
    }
    if why.is_empty() {
        let limit = report.incomplete.as_ref().map(|it| it.limit);
        why.push(match limit {
            Some(limit) => format!("what the limit `--{limit}` left unjudged"),
            None => "what is left out".to_owned(),
        });
    }
    Some(format!("{outcome}, for {}", why.join(", ")))
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
