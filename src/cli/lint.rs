//! `treaty lint`: verify documents.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::report::{Collector, Report, inline};

use super::{
    Exit,
    baseline::{self, Baseline},
    config::{Config, ConfigOptions, Configs, today},
    earlier::Earlier,
    error::RunError,
    files::normalize,
    inputs::{Input, Inputs},
    network::{Network, NetworkOptions},
    options::{FailSeverity, InputOptions, LimitOptions, ReportOptions, RuleOptions},
    output::print_aside,
    progress::Progress,
    stopwatch::Stopwatch,
    tally::{End, Tally, stats, table},
    verifier::{Changes, Past, Verified, Verifier},
    workers::Crew,
};

/// What `lint` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: InputOptions,

    /// From which severity on findings make the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_severity: FailSeverity,

    /// Count only what the baseline in this file does not hold.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write a baseline of all that is found now into this file; the exit code is 0 then.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "changed_since"])]
    write_baseline: Option<PathBuf>,

    /// Count only what the documents did not have in this git revision.
    #[arg(long, value_name = "REV")]
    changed_since: Option<String>,

    /// Say on standard error what each check found and took.
    #[arg(long)]
    stats: bool,

    #[command(flatten)]
    report: ReportOptions,

    #[command(flatten)]
    config: ConfigOptions,

    #[command(flatten)]
    rules: RuleOptions,

    #[command(flatten)]
    network: NetworkOptions,

    #[command(flatten)]
    limits: LimitOptions,
}

/// Verifies every document and says what was found.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let keep = args.report.keep();
    let watch = args.stats.then(Stopwatch::default);
    let today = today()?;
    let verifier = Verifier::new(&args.inputs, &args.limits)?.keeping(keep).on(today);
    let past = past(args, verifier.current())?;
    let network = Network::new(&args.network, &args.inputs, &args.limits)?;
    let verifier = verifier.knowing(&past).timed_by(watch.as_ref()).fetching(&network);
    let Inputs { inputs, mut errors } = Inputs::of(&args.inputs, &verifier)?;
    let (current, root) = (verifier.current().to_owned(), args.inputs.root.as_deref());
    let configs = Configs::of(&inputs, &args.config, &args.rules, &current, root)?;
    let mut collector = Collector::new(args.limits.max_findings, keep);
    let mut tally = Tally::default();
    let mut read = 0;
    let untouched = Changes::new();
    let mut progress = Progress::of(inputs.len(), args.report.quiet);
    // As many findings may wait as the report may hold.
    let crew = Crew {
        jobs: args.inputs.jobs(),
        weight: |done: &Result<(usize, Verified), RunError>| {
            done.as_ref().map_or(1, |(_, verified)| verified.part.weight() + 1)
        },
        waiting_max: args.limits.max_findings,
    };
    crew.in_order(
        &inputs,
        |input: &Input| {
            let number = configs.number(input);
            Ok((number, verifier.verify(input, configs.get(input), &untouched)?))
        },
        |done| match done {
            Ok((number, verified)) => {
                read += 1;
                collector.take(tally.take(number, &configs, verified));
            }
            Err(error) => errors.push(error),
        },
        |done| progress.tick(done),
    );
    drop(progress);
    errors.extend(network.close(args.report.quiet));
    errors.iter().for_each(RunError::print);
    if read == 0 {
        return Ok(Exit::Failed);
    }
    let is_whole = errors.is_empty() && !collector.is_cut_short();
    if is_whole {
        let is_all = |config: &Config| is_all(args, config, &current);
        let end = End { today, keep, past: &past };
        tally.finish(&configs, is_all, end, &mut collector);
    }
    let mut report = collector.finish_under(configs.sha256());
    report.fail_severity = args.fail_severity.severity();
    if let (Some(baseline), true) = (&past.baseline, is_whole) {
        report.gone = gone(baseline, &configs, &report);
    }
    let catalog = configs.all().first().map(|config| config.ruleset.catalog());
    if let (Some(watch), Some(catalog)) = (&watch, catalog) {
        report.stats = Some(stats(watch, &report, catalog));
    }
    finish(args, &report, &configs, &errors, &current)
}

/// Writes what a run leaves.
fn finish(
    args: &Args,
    report: &Report,
    configs: &Configs,
    errors: &[RunError],
    current: &Path,
) -> Result<Exit, RunError> {
    if let Some(config) = configs.all().first() {
        args.report.write(report, config.ruleset.catalog())?;
    }
    if let Some(stats) = &report.stats {
        print_aside(&table(stats));
    }
    if let Some(path) = &args.write_baseline {
        if !errors.is_empty() {
            return Err(RunError::PartialBaseline { path: super::files::shown(path) });
        }
        baseline::write(path, report, current)?;
        let path = super::files::shown(path);
        let count = report.findings.len();
        let findings = if count == 1 { "finding" } else { "findings" };
        print_aside(&format!("wrote {count} {findings} to {}\n", inline(&path)));
        return Ok(Exit::Clean);
    }
    Ok(if errors.is_empty() { exit(report) } else { Exit::Failed })
}

/// What was known before this run.
fn past(args: &Args, current: &Path) -> Result<Past, RunError> {
    let baseline = args.baseline.as_deref().map(|path| Baseline::read(path, current));
    let earlier = args.changed_since.as_deref().map(|it| Earlier::find(it, current));
    Ok(Past { baseline: baseline.transpose()?, earlier: earlier.transpose()? })
}

/// Whether everything was verified that a configuration can be about.
fn is_all(args: &Args, config: &Config, current: &Path) -> bool {
    let holds = |path: &PathBuf| {
        let path = normalize(&current.join(path));
        path.is_dir() && config.folder().is_some_and(|folder| folder.starts_with(path))
    };
    args.inputs.exclude.is_empty() && args.inputs.paths.iter().any(holds)
}

fn gone(baseline: &Baseline, configs: &Configs, report: &Report) -> usize {
    let paths: BTreeSet<_> = report.documents.iter().map(|it| it.path.clone()).collect();
    let findings = report.findings.iter();
    let mut found: BTreeSet<_> =
        findings.map(|it| (it.place.path.to_string(), it.id.clone())).collect();
    found.extend(report.left_out().cloned());
    let is_in_force =
        |rule: &str| configs.all().iter().any(|config| config.ruleset.rule(rule).is_some());
    baseline.gone(&paths, &found, is_in_force)
}

/// How a run ends that reports so much.
pub(super) fn exit(report: &Report) -> Exit {
    if report.incomplete.is_some() {
        Exit::Failed
    } else if report.fail_severity.is_some_and(|severity| report.summary.failing(severity) > 0) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
