//! `treaty lint`: verify documents.

use crate::{
    report::{Collector, Part, Report},
    ruleset::{Profile, Ruleset},
};

use super::{
    Exit,
    error::RunError,
    inputs::{Input, Inputs},
    network::{Network, NetworkOptions},
    options::{FailSeverity, InputOptions, LimitOptions, ReportOptions, RuleOptions},
    progress::Progress,
    verifier::{Changes, Verifier},
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

    #[command(flatten)]
    report: ReportOptions,

    #[command(flatten)]
    rules: RuleOptions,

    #[command(flatten)]
    network: NetworkOptions,

    #[command(flatten)]
    limits: LimitOptions,
}

/// Verifies every document and says what was found.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let mut ruleset = Ruleset::built_in(Profile::Recommended);
    args.rules.apply(&mut ruleset)?;
    let keep = args.report.keep();
    let network = Network::new(&args.network, &args.inputs, &args.limits)?;
    let verifier = Verifier::new(&args.inputs, &args.limits)?.keeping(keep).fetching(&network);
    let Inputs { inputs, mut errors } = Inputs::of(&args.inputs, &verifier)?;
    let mut collector = Collector::new(args.limits.max_findings, keep);
    let mut read = 0;
    let untouched = Changes::new();
    let mut progress = Progress::of(inputs.len(), args.report.quiet);
    // As many findings may wait as the report may hold.
    let crew = Crew {
        jobs: args.inputs.jobs(),
        weight: |part: &Result<Part, RunError>| part.as_ref().map_or(1, |part| part.weight() + 1),
        waiting_max: args.limits.max_findings,
    };
    crew.in_order(
        &inputs,
        |input: &Input| verifier.verify(input, &ruleset, &untouched),
        |part| match part {
            Ok(part) => {
                read += 1;
                collector.take(part);
            }
            Err(error) => errors.push(error),
        },
        |done| progress.tick(done),
    );
    drop(progress);
    errors.extend(network.close(args.report.quiet));
    for error in &errors {
        error.print();
    }
    if read == 0 {
        return Ok(Exit::Failed);
    }
    let mut report = collector.finish(&ruleset);
    report.fail_severity = args.fail_severity.severity();
    args.report.write(&report, ruleset.catalog())?;
    Ok(if errors.is_empty() { exit(&report) } else { Exit::Failed })
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
