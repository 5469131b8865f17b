//! `treaty gate`: whether a revision may take the place of its base.

mod base;

use std::path::{Path, PathBuf};

use crate::{
    charter::{CHARTER, Charter, PartyName, nearest},
    document::Limits,
    finding::{Outcome, Verdict},
    gate::{self, Terms},
    openapi::Description,
    report::Collector,
    verify,
};

use super::{
    Exit,
    error::{RunError, unknown_in_charter},
    files::{Files, normalize, shown},
    inputs::Input,
    options::{FailSeverity, LimitOptions, ReportOptions, RuleOptions},
};

use base::Base;

/// What the contract is called where nobody says otherwise.
const CONTRACT: &str = "openspec.yaml";

/// What `gate` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The base: a file, or else a git revision that has the document.
    #[arg(long, value_name = "REV|FILE")]
    base: String,

    /// The party that proposes the revision; without it ownership is undecided.
    #[arg(long, value_name = "PARTY")]
    proposer: Option<String>,

    /// The revision, `-` for standard input; by default the contract that the charter names, or
    /// `openspec.yaml`.
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// Where the revision on standard input belongs; by default where that of no PATH does.
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,

    /// The directory that no `$ref` leaves; by default the repository.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// Softens nothing: the verdict alone decides the exit code.
    #[arg(long, value_name = "SEVERITY", default_value = "error", hide_default_value = true)]
    #[arg(hide_short_help = true)]
    fail_severity: FailSeverity,

    #[command(flatten)]
    report: ReportOptions,

    #[command(flatten)]
    rules: RuleOptions,

    #[command(flatten)]
    limits: LimitOptions,
}

impl Args {
    fn is_stdin(&self) -> bool {
        self.path.as_deref().is_some_and(|path| path.as_os_str() == "-")
    }

    /// Where the revision lies, or belongs.
    fn named(&self) -> Option<&Path> {
        if self.is_stdin() { self.stdin_filename.as_deref() } else { self.path.as_deref() }
    }
}

/// Judges the revision and says why.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let current = std::env::current_dir().map_err(RunError::CurrentDirectory)?;
    let (limits, deadline) = (args.limits.document(), args.limits.deadline());
    let folder = args.named().and_then(Path::parent).unwrap_or(Path::new(""));
    let base = Base::find(&args.base, &current.join(folder))?;
    let charter = base.charter()?;
    let parsed = charter.as_ref().map(|(path, bytes)| Charter::parse(path, bytes)).transpose()?;
    check_proposer(args.proposer.as_deref(), parsed.as_ref())?;
    let path = args.named().map_or_else(
        || PathBuf::from(parsed.as_ref().map_or(CONTRACT, |charter| charter.contract.as_str())),
        Path::to_owned,
    );
    let mut ruleset = gate::ruleset(parsed.as_ref()).map_err(|unknown| match &charter {
        Some((path, bytes)) => unknown_in_charter(path, bytes, &unknown).into(),
        None => RunError::from(unknown),
    })?;
    args.rules.apply(&mut ruleset)?;
    let mut collector = Collector::new(args.limits.max_findings, args.report.keep());
    let root = args.root.clone().or_else(|| base.repository().map(Path::to_owned));
    let reader = Reader { current: &current, root: root.as_deref(), limits: &limits };
    let input =
        if args.is_stdin() { Input::stdin(Some(&shown(&path))) } else { Input::file(&path) };
    let Some(revision) = reader.revision(&input, &mut collector)? else {
        args.report.write(&collector.finish(&ruleset), ruleset.catalog())?;
        return Ok(Exit::Failed);
    };
    let before = base.description(&normalize(&current.join(&path)), &limits)?;
    let terms = Terms {
        charter: parsed.as_ref().zip(charter.as_ref().map(|(_, bytes)| bytes.as_slice())),
        proposer: args.proposer.as_deref(),
        reopened: &[],
    };
    let stop = || deadline.is_over();
    let options = verify::Options {
        findings_max: args.limits.max_findings,
        path_steps: args.limits.max_path_steps,
        stop: &stop,
        ..verify::Options::default()
    };
    let judgement = gate::judge(before.as_ref(), &revision, terms, &ruleset, &options);
    let lint = judgement.lint;
    if lint.stopped {
        collector.incomplete("deadline", Some(&shown(&path)));
    }
    collector.add(revision.documents(), lint.findings, lint.omitted, &lint.coverage);
    let exit = exit(&judgement.verdict, lint.stopped);
    collector.verdict(judgement.verdict);
    args.report.write(&collector.finish(&ruleset), ruleset.catalog())?;
    Ok(exit)
}

fn exit(verdict: &Verdict, stopped: bool) -> Exit {
    match verdict.outcome {
        _ if stopped => Exit::Failed,
        Outcome::Bounce => Exit::Findings,
        Outcome::Pass => Exit::Clean,
    }
}

/// The proposer must be a party, where a charter says which there are.
fn check_proposer(proposer: Option<&str>, charter: Option<&Charter>) -> Result<(), RunError> {
    let (Some(proposer), Some(charter)) = (proposer, charter) else { return Ok(()) };
    if charter.index_of(proposer).is_some() {
        return Ok(());
    }
    let names = charter.names().map(PartyName::as_str);
    Err(RunError::UnknownParty {
        party: proposer.to_owned(),
        charter: CHARTER,
        nearest: nearest(proposer, names).map(str::to_owned),
        known: names.map(str::to_owned),
    })
}

struct Reader<'a> {
    current: &'a Path,
    root: Option<&'a Path>,
    limits: &'a Limits,
}

impl Reader<'_> {
    /// The revision with all that it refers to; nothing where it is too large.
    fn revision(
        &self,
        input: &Input,
        collector: &mut Collector,
    ) -> Result<Option<Description>, RunError> {
        let Some(bytes) = input.read(self.limits.file_bytes)? else {
            collector.incomplete("max-bytes", Some(&input.path));
            return Ok(None);
        };
        let root = self.root.unwrap_or(self.current);
        let files = Files::under(root, self.current, self.limits.file_bytes)
            .map_err(|source| RunError::Root { path: root.to_owned(), source })?;
        Ok(Some(Description::load(&input.path, bytes, &files, self.limits)))
    }
}
