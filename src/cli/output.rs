//! Where results go: standard output, or files that are either whole or not there.

use std::{
    fs::{self, File},
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use crate::{
    report::{Format, Look, Report},
    ruleset::Catalog,
};

use super::{
    error::RunError,
    options::{Colour, Output, ReportOptions},
};

impl ReportOptions {
    /// Whether a report is wanted in a form.
    pub(super) fn wants(&self, format: Format) -> bool {
        self.outputs().any(|output| output.format.unwrap_or(self.format) == format)
    }

    /// Writes a report everywhere it is wanted.
    pub(super) fn write(&self, report: &Report, catalog: &Catalog) -> Result<(), RunError> {
        for Output { format, file } in self.outputs() {
            let format = format.unwrap_or(self.format);
            let to_stdout = file.as_os_str() == "-";
            let is_terminal = to_stdout && io::stdout().is_terminal();
            let look = Look {
                catalog,
                colour: to_stdout && self.color.applies(is_terminal),
                links: is_terminal && self.color.applies(is_terminal),
                summary: !self.quiet,
            };
            let write = |out: &mut dyn Write| report.write(format, look, out);
            if to_stdout { to_standard_output(write)? } else { to_file(&file, write)? }
        }
        Ok(())
    }

    /// The places that the user named, and standard output unless a plain file takes its place.
    fn outputs(&self) -> impl Iterator<Item = Output> {
        let stdout = Output { format: None, file: PathBuf::from("-") };
        let replaced = self.output.iter().any(|output| output.format.is_none());
        (!replaced).then_some(stdout).into_iter().chain(self.output.iter().cloned())
    }
}

impl Colour {
    /// Whether colours are used.
    pub(super) fn applies(self, is_terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let dumb = set("TERM").is_some_and(|term| term == "dumb");
                is_terminal && !dumb && set("NO_COLOR").is_none()
            }
        }
    }
}

/// Writes text to standard output.
pub(super) fn print(text: &str) -> Result<(), RunError> {
    to_standard_output(|out| out.write_all(text.as_bytes()))
}

/// Writes to standard output; a reader that has seen enough is no error.
fn to_standard_output(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), RunError> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(RunError::Stdout(error)),
        _ => Ok(()),
    }
}

/// Writes a file beside its place and moves it there, so that nobody ever reads half of it.
/// What is no regular file (a device, a pipe) is written to as it stands.
pub(super) fn to_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), RunError> {
    let written = match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => {
            fs::OpenOptions::new().write(true).open(path).and_then(|file| fill(file, write))
        }
        Ok(_) => fs::canonicalize(path).and_then(|path| replace(&path, write)),
        Err(_) => replace(path, write),
    };
    written.map_err(|source| RunError::Write { path: path.to_owned(), source })
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let done = File::create_new(&beside)
        .and_then(|file| fill(file, write))
        .and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    out.flush()
}
