//! Where results go: standard output, or files that are either whole or not there.

use std::{
    fs::{self, File},
    io::{self, BufWriter, IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

use crate::{
    report::{Keep, Look, Report},
    ruleset::Catalog,
};

use super::{
    error::RunError,
    options::{Colour, Output, ReportOptions},
};

/// Where the report goes that no file is named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Main {
    /// To standard output.
    StandardOutput,
    /// To standard error, since standard output holds something else.
    StandardError,
    /// Nowhere.
    Nowhere,
}

impl ReportOptions {
    /// What has to be kept of the documents for the forms that are wanted.
    pub(super) fn keep(&self) -> Keep {
        Keep::of(self.outputs().map(|output| output.format.unwrap_or(self.format)))
    }

    /// Writes a report everywhere it is wanted.
    pub(super) fn write(&self, report: &Report, catalog: &Catalog) -> Result<(), RunError> {
        self.write_to(Main::StandardOutput, report, catalog)
    }

    /// Writes a report everywhere it is wanted, if `main` says where else than to files.
    pub(super) fn write_to(
        &self,
        main: Main,
        report: &Report,
        catalog: &Catalog,
    ) -> Result<(), RunError> {
        for Output { format, file } in self.outputs() {
            let format = format.unwrap_or(self.format);
            let is_main = file.as_os_str() == "-";
            let is_terminal = is_main
                && match main {
                    Main::StandardOutput => io::stdout().is_terminal(),
                    Main::StandardError => io::stderr().is_terminal(),
                    Main::Nowhere => continue,
                };
            let look = Look {
                catalog,
                colour: is_main && self.color.applies(is_terminal),
                links: is_terminal && self.color.applies(is_terminal),
                summary: !self.quiet,
                causes_max: self.max_causes,
            };
            let write = |out: &mut dyn Write| report.write(format, look, out);
            match main {
                _ if !is_main => to_file(&file, write)?,
                Main::StandardError => to_standard_error(write),
                _ => to_standard_output(write)?,
            }
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
    print_bytes(text.as_bytes())
}

/// Writes bytes to standard output.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), RunError> {
    to_standard_output(|out| out.write_all(bytes))
}

/// Writes a remark to standard error; where nobody hears it, nothing is lost.
pub(super) fn print_aside(text: &str) {
    to_standard_error(|out| out.write_all(text.as_bytes()));
}

fn to_standard_error(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut out = BufWriter::with_capacity(1 << 16, io::stderr().lock());
    let _ = write(&mut out).and_then(|()| out.flush());
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
            fs::OpenOptions::new().write(true).open(path).and_then(|file| fill(&file, write))
        }
        Ok(_) => fs::canonicalize(path).and_then(|path| replace(&path, None, write)),
        Err(_) => replace(path, None, write),
    };
    written.map_err(|source| RunError::Write { path: path.to_owned(), source })
}

/// What a file holds.
pub(super) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Gives a file new content: it is always the old one or the new one, whole, on the disk too, and
/// stays its owner's, with the same permissions.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = fs::metadata(path)?;
    if old.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    replace(path, Some(&old), |out| out.write_all(bytes))
}

fn replace(
    path: &Path,
    old: Option<&fs::Metadata>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let done = File::create_new(&beside)
        .and_then(|file| {
            if let Some(old) = old {
                resemble(&file, old)?;
            }
            fill(&file, write)?;
            if old.is_some() { file.sync_all() } else { Ok(()) }
        })
        .and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Gives a new file the owner, as far as that is allowed, and the permissions of an old one.
fn resemble(file: &File, old: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    }
    file.set_permissions(old.permissions())
}

fn fill(file: &File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    out.flush()
}
