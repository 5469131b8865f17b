//! `treaty fix`: carry out the fixes that the verifier proposes.
//!
//! * **Shape.** Every document is verified; those that share files are one [`cluster`], which is
//!   repaired as a whole, in memory. Only then is anything written, each file whole or not at
//!   all, and what remains is reported.
//! * **Errors.** A file that changed meanwhile is left alone, and said so.

mod bench;
mod cluster;
mod mend;
mod write;

use std::path::Path;

use crate::{
    finding::{Finding, Safety},
    report::{Collector, Part, Report},
    ruleset::{Profile, Ruleset},
};

use super::{
    Exit,
    config::{ConfigOptions, Configs, today},
    error::RunError,
    inputs::{Input, Inputs},
    lint::exit,
    options::{FailSeverity, InputOptions, LimitOptions, ReportOptions, RuleOptions},
    output::Main,
    progress::Progress,
    verifier::{Changes, Verifier},
    workers::Crew,
};

use cluster::clusters;
use mend::{First, Mended, Mender, Rules};

/// What `fix` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: InputOptions,

    /// Write nothing, say what would be done; the exit code is 1 where a file would change.
    #[arg(long)]
    check: bool,

    /// Write nothing, show what would be done as a unified diff; the exit code is that of
    /// `--check`.
    #[arg(long)]
    diff: bool,

    /// Carry out the fixes that need a look as well, even where they bring findings to light.
    #[arg(long)]
    unsafe_fixes: bool,

    /// From which severity on findings that remain make the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_severity: FailSeverity,

    #[command(flatten)]
    report: ReportOptions,

    #[command(flatten)]
    config: ConfigOptions,

    #[command(flatten)]
    rules: RuleOptions,

    #[command(flatten)]
    limits: LimitOptions,
}

impl Args {
    /// Whether files stay as they are.
    fn is_dry(&self) -> bool {
        self.check || self.diff
    }

    /// The least safety of the fixes that are wanted.
    fn safety(&self) -> Safety {
        if self.unsafe_fixes { Safety::NeedsReview } else { Safety::Safe }
    }

    /// Whether a fix of a finding is wanted, under the rules that the user chose.
    fn wants(&self, finding: &Finding, ruleset: &Ruleset) -> bool {
        let safety = finding.fix.as_ref().map(|fix| fix.safety);
        let is_safe_enough = safety == Some(Safety::Safe) || safety == Some(self.safety());
        is_safe_enough && ruleset.rule(&finding.rule).is_some()
    }
}

/// Repairs every document and says what remains.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let keep = args.report.keep();
    let verifier = Verifier::new(&args.inputs, &args.limits)?.keeping(keep).on(today()?);
    let Inputs { inputs, mut errors } = Inputs::of(&args.inputs, &verifier)?;
    let (current, root) = (verifier.current(), args.inputs.root.as_deref());
    let configs = Configs::of(&inputs, &args.config, &args.rules, current, root)?;
    let guards = configs.all().iter().map(|config| guard(&config.ruleset)).collect();
    let standard_input = standard_input(&inputs, &verifier)?;
    let mender = Mender {
        verifier: &verifier,
        inputs: &inputs,
        untouched: standard_input.clone().unwrap_or_default(),
        rules: Rules { configs, guards },
        args,
    };
    let (parts, work) = mend(&mender);
    let mut collector = Collector::new(args.limits.max_findings, keep);
    let mut read = 0;
    for part in parts {
        match part {
            Ok(part) => {
                read += 1;
                collector.take(part);
            }
            Err(error) => errors.push(error),
        }
    }
    if work.stopped {
        collector.incomplete("deadline", None);
    }
    let mut report = collector.finish_under(mender.rules.configs.sha256());
    report.fail_severity = args.fail_severity.severity();
    if args.is_dry() {
        write::show(&work, args)?;
    } else if let Some(text) = standard_input.as_ref().and_then(|it| it.values().next()) {
        write::standard_output(&work, text)?;
    } else {
        errors.extend(write::files(&work));
    }
    for error in &errors {
        error.print();
    }
    if read == 0 {
        return Ok(Exit::Failed);
    }
    let main = match (args.is_dry(), standard_input) {
        (true, _) => Main::Nowhere,
        (false, Some(_)) => Main::StandardError,
        (false, None) => Main::StandardOutput,
    };
    if let Some(config) = mender.rules.configs.all().first() {
        args.report.write_to(main, &report, config.ruleset.catalog())?;
    }
    if !args.report.quiet {
        write::say(&work, &report, args);
    }
    Ok(if errors.is_empty() { exit_code(args, &work, &report) } else { Exit::Failed })
}

fn exit_code(args: &Args, work: &Mended, report: &Report) -> Exit {
    match exit(report) {
        Exit::Failed => Exit::Failed,
        _ if args.is_dry() && !work.changed.is_empty() => Exit::Findings,
        _ if args.is_dry() => Exit::Clean,
        exit => exit,
    }
}

/// What stands on standard input, where it is to be repaired; then nothing else is.
fn standard_input(inputs: &[Input], verifier: &Verifier<'_>) -> Result<Option<Changes>, RunError> {
    match inputs {
        [input] if input.is_stdin() => {
            let bytes = input.read(verifier.bytes_max())?;
            let bytes = bytes.ok_or(RunError::LargeInput { bytes_max: verifier.bytes_max() })?;
            Ok(Some(Changes::from([(input.real_path(), bytes)])))
        }
        inputs if inputs.iter().any(Input::is_stdin) => Err(RunError::InputAmongFiles),
        _ => Ok(None),
    }
}

/// The rules that say whether a fix does harm: all that a lint has, and what the user chose.
fn guard(chosen: &Ruleset) -> Ruleset {
    let mut guard = Ruleset::built_in(Profile::Recommended);
    for (rule, severity) in chosen.rules() {
        if guard.rule(rule.id()).is_none() {
            let known = guard.set(rule.id(), Some(severity));
            debug_assert!(known.is_ok(), "both have the same catalogue");
        }
    }
    guard
}

/// Repairs every cluster; gives what remains in each document, and what was done.
fn mend(mender: &Mender<'_>) -> (Vec<Result<Part, RunError>>, Mended) {
    let jobs = mender.args.inputs.jobs();
    let mut progress = Progress::of(mender.inputs.len(), mender.args.report.quiet);
    let mut firsts = Vec::new();
    let crew = Crew { jobs, weight: |_| 0, waiting_max: 0 };
    let look = |input: &Input| mender.look(input);
    crew.in_order(mender.inputs, look, |first| firsts.push(first), |done| progress.tick(done));
    drop(progress);
    let files = firsts.iter().map(|first| first.as_ref().map_or(&[][..], First::files));
    let mut clusters = clusters(files);
    let is_fixable = |at: &usize| {
        firsts.get(*at).is_some_and(|first| first.as_ref().is_ok_and(First::is_fixable))
    };
    clusters.retain(|cluster| cluster.iter().any(is_fixable));
    let mut parts: Vec<_> = firsts.into_iter().map(|first| first.map(First::into_part)).collect();
    let mut work = Mended::default();
    let mut progress = Progress::of(clusters.len(), mender.args.report.quiet);
    let crew = Crew { jobs, weight: |_| 0, waiting_max: 0 };
    let take = |done: mend::Done| {
        for (at, part) in done.parts {
            if let Some(place) = parts.get_mut(at) {
                *place = part;
            }
        }
        work.add(done.mended);
    };
    crew.in_order(&clusters, |cluster| mender.mend(cluster), take, |done| progress.tick(done));
    work.changed.sort_by(|a, b| a.path.cmp(&b.path));
    (parts, work)
}

/// Whether a path is that of standard input.
fn is_standard_input(real: &Path) -> bool {
    real.as_os_str() == "-"
}
