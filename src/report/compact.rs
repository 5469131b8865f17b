//! One finding a line: `PATH:LINE:COLUMN: SEVERITY[RULE] MESSAGE`; after them, the decision of a
//! gate.

use std::io::{self, Write};

use super::{
    Look, Report, summary,
    text::{inline, leading},
};

pub(super) fn write(report: &Report, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let start = finding.place.range.start;
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            leading(&finding.place.path),
            start.line,
            start.column,
            finding.severity.as_str(),
            inline(&finding.rule),
            inline(&finding.message),
        )?;
    }
    if let Some(verdict) = summary::verdict(report).filter(|_| look.summary) {
        writeln!(out, "the gate says {verdict}")?;
    }
    Ok(())
}
