//! Where repaired texts go, and what is said of them.

use std::{fmt::Write as _, io::Write as _};

use crate::{
    cli::{
        error::RunError,
        output::{print_aside, print_bytes, read_file, replace_file},
    },
    finding::Safety,
    report::{Edited, Report, inline},
};

use super::{
    Args,
    mend::{Changed, Mended},
};

/// Writes every changed file, each whole or not at all; says which could not be.
pub(super) fn files(mended: &Mended) -> Vec<RunError> {
    mended.changed.iter().filter_map(|file| file.write().err()).collect()
}

/// Writes the text of standard input, changed or not.
pub(super) fn standard_output(mended: &Mended, text: &[u8]) -> Result<(), RunError> {
    let changed = mended.changed.first().map(|file| file.after.as_bytes());
    print_bytes(changed.unwrap_or(text))
}

/// Says on standard output what would be done.
pub(super) fn show(mended: &Mended, args: &Args) -> Result<(), RunError> {
    let mut text = Vec::new();
    for file in &mended.changed {
        let written = if args.diff {
            let mut edited = Edited::new(&file.before);
            for pass in &file.passes {
                edited.edit(pass);
            }
            edited.write_diff(&file.path, &mut text)
        } else {
            writeln!(text, "would change {}", file.summary())
        };
        written.map_err(RunError::Stdout)?;
    }
    print_bytes(&text)
}

/// Says on standard error what was done and what more could be.
pub(super) fn say(mended: &Mended, report: &Report, args: &Args) {
    let mut text = String::new();
    if !args.is_dry() {
        for file in &mended.changed {
            let _ = writeln!(text, "changed {}", file.summary());
        }
    }
    if mended.held > 0 {
        let [fixes, each] = match mended.held {
            1 => ["fix is", "it"],
            _ => ["fixes are", "each"],
        };
        let held = mended.held;
        let _ = writeln!(text, "{held} {fixes} held back: {each} would bring another finding");
    }
    let fixes = report.findings.iter().filter_map(|finding| finding.fix.as_ref());
    let more = fixes.filter(|fix| fix.safety == Safety::NeedsReview).count();
    if more > 0 && !args.unsafe_fixes {
        let fixes = if more == 1 { "fix needs" } else { "fixes need" };
        let _ =
            writeln!(text, "{more} {fixes} a look: `--unsafe-fixes` carries out such fixes too");
    }
    print_aside(&text);
}

impl Changed {
    /// Writes the new text, unless somebody else changed the file since it was read.
    fn write(&self) -> Result<(), RunError> {
        let now = read_file(&self.real)
            .map_err(|source| RunError::Read { path: self.path.clone(), source })?;
        if now != self.before.as_bytes() {
            return Err(RunError::Meanwhile { path: self.path.clone() });
        }
        replace_file(&self.real, self.after.as_bytes())
            .map_err(|source| RunError::Write { path: self.path.clone().into(), source })
    }

    /// The file, and how many fixes of each rule were carried out in it.
    fn summary(&self) -> String {
        let mut text = inline(&self.path).into_owned();
        for (at, (rule, count)) in self.fixed.iter().enumerate() {
            let separator = if at == 0 { ':' } else { ',' };
            let _ = write!(text, "{separator} {count} of {rule}");
        }
        text
    }
}
