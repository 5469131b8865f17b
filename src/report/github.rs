//! Workflow commands of GitHub Actions, which show each finding at its line of a pull request.
//!
//! * **Source.** <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use std::io::{self, Write};

use crate::finding::{Outcome, Severity};

use super::{Report, summary, text::inline};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warn => "warning",
            Severity::Info | Severity::Hint => "notice",
        };
        let range = finding.place.range;
        writeln!(
            out,
            "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}",
            property(&finding.place.path),
            range.start.line,
            range.start.column,
            range.end.line,
            range.end.column,
            property(&finding.rule),
            data(&finding.message),
        )?;
    }
    if let (Some(verdict), Some(why)) = (&report.verdict, summary::verdict(report)) {
        let command = match verdict.outcome {
            Outcome::Pass => "notice",
            Outcome::Bounce => "error",
        };
        writeln!(out, "::{command} title=gate::{}", data(&format!("the gate says {why}")))?;
    }
    Ok(())
}

/// The message: line ends and `%` as the runner reads them back, all else visible.
fn data(text: &str) -> String {
    let lines = text.replace('%', "%25");
    let lines: Vec<_> = lines.split('\n').map(inline).collect();
    lines.join("%0A")
}

/// A property: as the message, and what would end it as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
