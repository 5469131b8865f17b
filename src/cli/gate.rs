//! `treaty gate`: whether a revision may take the place of its base.

mod base;

use std::path::{Path, PathBuf};

use crate::{
    charter::{CHARTER, PartyName, Settings, nearest},
    document::Limits,
    finding::{Outcome, Verdict},
    gate::{self, Terms},
    openapi::Description,
    report::{Collector, Part},
    ruleset::Profile,
    verify::{self, Scope},
};

use super::{
    Exit,
    config::{Config, ConfigFile, today},
    error::RunError,
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
    let beside = |name: &str| base.beside_charter(name);
    let file = charter.as_ref().map(|found| ConfigFile {
        path: found.path.clone(),
        bytes: found.bytes.clone(),
        folder: PathBuf::new(),
        beside: &beside,
    });
    let config = Config::new(file, Profile::Contract, &args.rules, &current)?;
    let settings = config.settings.as_ref();
    check_proposer(args.proposer.as_deref(), settings)?;
    let path = args.named().map_or_else(
        || PathBuf::from(settings.map_or(CONTRACT, |settings| settings.contract.as_str())),
        Path::to_owned,
    );
    let mut collector = Collector::new(args.limits.max_findings, args.report.keep());
    let root = args.root.clone().or_else(|| base.repository().map(Path::to_owned));
    let reader = Reader { current: &current, root: root.as_deref(), limits: &limits };
    let input =
        if args.is_stdin() { Input::stdin(Some(&shown(&path))) } else { Input::file(&path) };
    let ruleset = &config.ruleset;
    let Some(revision) = reader.revision(&input, &mut collector)? else {
        args.report.write(&collector.finish(ruleset), ruleset.catalog())?;
        return Ok(Exit::Failed);
    };
    let before = base.description(&normalize(&current.join(&path)), &limits)?;
    let terms = Terms {
        charter: settings.zip(charter.as_ref().map(|found| found.bytes.as_slice())),
        proposer: args.proposer.as_deref(),
        reopened: &[],
    };
    let place = |path: &str| {
        let folder = charter.as_ref().map(|found| found.inner.as_path())?;
        Some(place(folder, path, &revision))
    };
    let stop = || deadline.is_over();
    let scope = Scope {
        directives: Some(&config.directives),
        place: Some(&place),
        today: Some(today()?),
        ..Scope::default()
    };
    let options = verify::Options {
        findings_max: args.limits.max_findings,
        path_steps: args.limits.max_path_steps,
        scope,
        stop: &stop,
        ..verify::Options::default()
    };
    let mut judgement = gate::judge(before.as_ref(), &revision, terms, ruleset, &options);
    judgement.verdict.digests.waivers = config.waiver_file_sha256();
    let lint = judgement.lint;
    if lint.stopped {
        collector.incomplete("deadline", Some(&shown(&path)));
    }
    let documents = revision.documents();
    let mut part =
        Part::new(documents, lint.findings, lint.omitted, lint.coverage, args.report.keep());
    part.leave_out(lint.used.waived, lint.used.known);
    collector.take(part);
    let exit = exit(&judgement.verdict, lint.stopped);
    collector.verdict(judgement.verdict);
    args.report.write(&collector.finish(ruleset), ruleset.catalog())?;
    Ok(exit)
}

/// A document of the revision as the base's charter names it: as if it stood in the place of the
/// base, seen from the charter's folder.
fn place(folder: &Path, path: &str, revision: &Description) -> String {
    let place = match revision.place_of(path) {
        entry if entry.is_empty() => {
            let name = Path::new(path).file_name();
            name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
        }
        place => place,
    };
    shown(&normalize(&folder.join(place)))
}

fn exit(verdict: &Verdict, stopped: bool) -> Exit {
    match verdict.outcome {
        _ if stopped => Exit::Failed,
        Outcome::Bounce => Exit::Findings,
        Outcome::Pass => Exit::Clean,
    }
}

/// The proposer must be a party, where a charter says which there are.
fn check_proposer(proposer: Option<&str>, settings: Option<&Settings>) -> Result<(), RunError> {
    let names = settings.and_then(Settings::party_names);
    let (Some(proposer), Some(names)) = (proposer, names) else { return Ok(()) };
    let names = names.map(PartyName::as_str);
    if names.contains(&proposer) {
        return Ok(());
    }
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
