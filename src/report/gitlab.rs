//! The report as GitLab shows it in a merge request.
//!
//! * **Source.** <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};

use serde_json::json;

use crate::finding::{Finding, Severity};

use super::{Report, fingerprint, write_json};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let issue = |finding: &Finding| {
        let place = &finding.place;
        json!({
            "description": finding.message,
            "check_name": finding.rule,
            "fingerprint": fingerprint(finding),
            "severity": severity(finding.severity),
            "location": {
                "path": place.path.strip_prefix("./").unwrap_or(&place.path),
                "lines": { "begin": place.range.start.line, "end": place.range.end.line },
            },
        })
    };
    write_json(&report.findings.iter().map(issue).collect::<Vec<_>>(), out)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warn => "major",
        Severity::Info => "minor",
        Severity::Hint => "info",
    }
}
