//! One finding a line: `PATH:LINE:COLUMN: SEVERITY[RULE] MESSAGE`.

use std::io::{self, Write};

use super::{
    Report,
    text::{inline, leading},
};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
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
    Ok(())
}
