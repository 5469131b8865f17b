//! `treaty lint`: verify documents.

use std::path::{Path, PathBuf};

use crate::{
    document::Limits,
    finding::Severity,
    openapi::Description,
    report::{Collector, Format, Report},
    ruleset::{Profile, Ruleset},
    verify,
};

use super::{
    Exit,
    error::RunError,
    files::{Files, normalize},
    inputs::{Input, Inputs},
    options::{Deadline, FailSeverity, LimitOptions, ReportOptions},
};

/// What `lint` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Documents, and directories that hold some; `-` is standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// From which severity on findings make the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_severity: FailSeverity,

    /// What standard input is called in the report.
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<String>,

    /// The directory that no `$ref` leaves; by default the current one, or the document's own
    /// where the document lies elsewhere.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    #[command(flatten)]
    report: ReportOptions,

    #[command(flatten)]
    limits: LimitOptions,
}

/// Verifies every document and says what was found.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let run = Run {
        root: args.root.as_deref(),
        current: std::env::current_dir().map_err(RunError::CurrentDirectory)?,
        limits: args.limits.document(),
        findings_max: args.limits.max_findings,
        deadline: args.limits.deadline(),
        ruleset: Ruleset::built_in(Profile::Recommended),
    };
    run.check_root()?;
    let bytes_max = run.limits.file_bytes;
    let Inputs { inputs, mut errors } =
        Inputs::of(&args.paths, args.stdin_filename.as_deref(), bytes_max);
    let mut collector = Collector::new(run.findings_max, args.report.wants(Format::Pretty));
    let mut read = 0;
    for input in &inputs {
        match run.lint(input, &mut collector) {
            Ok(()) => read += 1,
            Err(error) => errors.push(error),
        }
    }
    for error in &errors {
        error.print();
    }
    if read == 0 {
        return Ok(Exit::Failed);
    }
    let report = collector.finish(&run.ruleset);
    args.report.write(&report, run.ruleset.catalog())?;
    Ok(if errors.is_empty() { exit(&report, args.fail_severity.severity()) } else { Exit::Failed })
}

fn exit(report: &Report, fail: Option<Severity>) -> Exit {
    if report.incomplete.is_some() {
        Exit::Failed
    } else if fail.is_some_and(|severity| report.summary.failing(severity) > 0) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// What is the same for every document of a run.
struct Run<'a> {
    root: Option<&'a Path>,
    current: PathBuf,
    limits: Limits,
    findings_max: usize,
    deadline: Deadline,
    ruleset: Ruleset,
}

impl Run<'_> {
    /// Verifies one document with all that it refers to.
    fn lint(&self, input: &Input, collector: &mut Collector) -> Result<(), RunError> {
        if self.deadline.is_over() {
            collector.incomplete("deadline", Some(&input.path));
            return Ok(());
        }
        let Some(bytes) = input.read(self.limits.file_bytes)? else {
            collector.incomplete("max-bytes", Some(&input.path));
            return Ok(());
        };
        let files = self.files(input)?;
        let description = Description::load(&input.path, bytes, &files, &self.limits);
        if let Some(path) = files.too_large() {
            collector.incomplete("max-bytes", Some(&path));
        }
        let stop = || self.deadline.is_over();
        let options = verify::Options {
            findings_max: self.findings_max,
            stop: &stop,
            ..verify::Options::default()
        };
        let lint = verify::lint(&description, &self.ruleset, &options);
        if lint.stopped {
            collector.incomplete("deadline", Some(&input.path));
        }
        collector.add(description.documents(), lint.findings, lint.omitted, &lint.coverage);
        Ok(())
    }

    /// The files that a document may refer to.
    fn files(&self, input: &Input) -> Result<Files<'_>, RunError> {
        let folder = normalize(&self.current.join(input.folder()));
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        let is_here = self.current.canonicalize().is_ok_and(|current| real.starts_with(current));
        let root = match self.root {
            Some(root) => root,
            None if is_here || !real.is_dir() => &self.current,
            None => &folder,
        };
        self.under(root)
    }

    fn under(&self, root: &Path) -> Result<Files<'_>, RunError> {
        Files::under(root, &self.current, self.limits.file_bytes)
            .map_err(|source| RunError::Root { path: root.to_owned(), source })
    }

    /// Says at once that `--root` is no directory.
    fn check_root(&self) -> Result<(), RunError> {
        self.root.map_or(Ok(()), |root| self.under(root).map(drop))
    }
}
