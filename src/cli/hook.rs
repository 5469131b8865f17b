//! `treaty hook`: the git pre-commit hook, and what it runs.
//!
//! * **Shape.** [`Selection`] says which documents of the index the next commit touches; they are
//!   verified from the index, with everything that they refer to.
//! * **Errors.** A document that is not merged is an error; the others are reported all the same.

mod index;
mod memory;
mod rules;
mod selection;

use std::{collections::BTreeSet, fmt::Write as _, num::NonZero, path::PathBuf};

use crate::{
    charter::Date,
    document::visible,
    finding::{Counts, Severity},
    git::{Hooks, Installed, Staged, Uninstalled},
    report::{Collector, Format, Keep, Part, Report, inline},
    verify::{self, Knowing, Scope},
};

use super::{
    Exit,
    baseline::Baseline,
    config::{Config, sha256_of as sha256, today},
    error::RunError,
    files::{normalize, shown},
    lint::exit,
    options::{Deadline, LimitOptions, ReportOptions},
    output::{print, print_aside},
    workers::Crew,
};

use rules::StagedConfigs;
use selection::{Loaded, Look, Selection};

/// How many documents are held in memory for each that is verified at the moment.
const WAITING_EACH: usize = 8;

/// What is done with the hook.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Verify what is staged before each commit; a hook that is there already runs first.
    Install {
        /// Also into a directory of hooks that lies outside the repository, over a hook of ours
        /// that was changed, and beside husky.
        #[arg(long)]
        force: bool,

        /// Documents that are not verified, as a line of a .gitignore names them; repeatable.
        #[arg(long, value_name = "GLOB")]
        exclude: Vec<String>,

        /// Count only what the staged baseline at this path does not hold.
        #[arg(long, value_name = "FILE")]
        baseline: Option<String>,
    },
    /// Take the hook away and bring back what was there before it.
    Uninstall {
        /// Also from a directory of hooks that lies outside the repository, and where the hook
        /// was changed.
        #[arg(long)]
        force: bool,
    },
    /// Verify the OpenAPI documents that the next commit touches, as they are staged.
    Run(Args),
}

/// What `hook run` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files of the index that count as changed, whether they are or not.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Documents that are not verified, as a line of a .gitignore names them; repeatable.
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Count only what the staged baseline at this path does not hold.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    #[command(flatten)]
    report: ReportOptions,

    #[command(flatten)]
    limits: LimitOptions,
}

/// Does one of them.
pub(super) fn run(command: &Command) -> Result<Exit, RunError> {
    match command {
        Command::Install { force, exclude, baseline } => {
            install(*force, exclude, baseline.as_deref())
        }
        Command::Uninstall { force } => uninstall(*force),
        Command::Run(args) => verify_staged(args),
    }
}

fn install(force: bool, exclude: &[String], baseline: Option<&str>) -> Result<Exit, RunError> {
    selection::patterns(exclude)?;
    let hooks = Hooks::find()?;
    let program = std::env::current_exe().map_err(RunError::OwnPath)?;
    let exclude = exclude.iter().map(|glob| ["--exclude".to_owned(), glob.clone()]);
    let baseline = baseline.map(|path| ["--baseline".to_owned(), path.to_owned()]);
    let arguments: Vec<_> = exclude.chain(baseline).flatten().collect();
    let hook = inline(&shown(&hooks.hook())).into_owned();
    let told = match hooks.install(&program, &arguments, force)? {
        Installed::New(None) => format!("installed the hook {hook}\n"),
        Installed::New(Some(kept)) => {
            let kept = inline(&shown(&kept)).into_owned();
            format!("installed the hook {hook}\nthe one that was there runs first, as {kept}\n")
        }
        Installed::Renewed => format!("renewed the hook {hook}\n"),
        Installed::Unchanged => format!("the hook {hook} is installed already\n"),
    };
    print(&told)?;
    Ok(Exit::Clean)
}

fn uninstall(force: bool) -> Result<Exit, RunError> {
    let hooks = Hooks::find()?;
    let hook = inline(&shown(&hooks.hook())).into_owned();
    let told = match hooks.uninstall(force)? {
        Uninstalled::Removed => format!("removed the hook {hook}\n"),
        Uninstalled::Restored => format!("brought back the hook {hook} that was there before\n"),
        Uninstalled::Nothing => format!("there is no hook of treaty at {hook}\n"),
    };
    print(&told)?;
    Ok(Exit::Clean)
}

/// Verifies the documents that the next commit touches.
fn verify_staged(args: &Args) -> Result<Exit, RunError> {
    let limits = args.limits.document();
    let staged = Staged::open()?;
    let named = named(&staged, &args.files)?;
    let excluded = selection::patterns(&args.exclude)?;
    let mut selection = Selection::new(&staged, &limits, named, excluded);
    let mut run = Run::new(args, &staged)?;
    for file in selection.documents() {
        if run.deadline.is_over() {
            run.collector.incomplete("deadline", Some(&selection::shown(file)));
            break;
        }
        match selection.look(file)? {
            Look::Untouched => {}
            Look::TooLarge => {
                run.collector.incomplete("max-bytes", Some(&selection::shown(file)));
            }
            Look::Touched(loaded) => run.add(*loaded)?,
        }
    }
    run.verify();
    selection.finish();
    let errors = selection.unmerged();
    errors.iter().for_each(RunError::print);
    let configs = run.configs.into_all()?;
    let report = run.collector.finish_under(sha256(&configs));
    let is_plain = args.report.format == Format::Pretty && args.report.output.is_empty();
    if let Some(config) = configs.first().filter(|_| !is_plain || !report.documents.is_empty()) {
        args.report.write(&report, config.ruleset.catalog())?;
    }
    say(&notes(&report, &run.failing, selection.absent(), !args.report.quiet));
    Ok(if errors.is_empty() { exit(&report) } else { Exit::Failed })
}

/// What a run verifies with, and what it found.
struct Run<'a> {
    configs: StagedConfigs<'a>,
    baseline: Option<Baseline>,
    today: Date,
    findings_max: usize,
    path_steps: usize,
    keep: Keep,
    deadline: Deadline,
    jobs: usize,
    /// What waits to be verified, each with its configuration.
    waiting: Vec<(usize, Loaded)>,
    collector: Collector,
    /// The documents with errors.
    failing: Vec<String>,
}

impl<'a> Run<'a> {
    fn new(args: &Args, staged: &'a Staged) -> Result<Self, RunError> {
        let findings_max = args.limits.max_findings;
        let keep = args.report.keep();
        let baseline = args.baseline.as_deref().map(|path| rules::baseline(staged, path));
        Ok(Self {
            configs: StagedConfigs::new(staged),
            baseline: baseline.transpose()?,
            today: today()?,
            findings_max,
            path_steps: args.limits.max_path_steps,
            keep,
            deadline: args.limits.deadline(),
            jobs: std::thread::available_parallelism().map_or(1, NonZero::get),
            waiting: Vec::new(),
            collector: Collector::new(findings_max, keep),
            failing: Vec::new(),
        })
    }

    /// Verifies a document, at once or with some that follow.
    fn add(&mut self, loaded: Loaded) -> Result<(), RunError> {
        let number = self.configs.find(loaded.description.entry().path())?;
        self.waiting.push((number, loaded));
        if self.waiting.len() >= self.jobs * WAITING_EACH {
            self.verify();
        }
        Ok(())
    }

    /// Verifies what waits.
    fn verify(&mut self) {
        let waiting: Vec<_> = std::mem::take(&mut self.waiting)
            .into_iter()
            .filter_map(|(number, loaded)| Some((self.configs.get(number)?, loaded)))
            .collect();
        let crew = Crew { jobs: self.jobs, weight: |_| 0, waiting_max: 0 };
        let mut parts = Vec::new();
        let bench = Bench {
            baseline: self.baseline.as_ref(),
            today: self.today,
            findings_max: self.findings_max,
            path_steps: self.path_steps,
            keep: self.keep,
            deadline: self.deadline,
        };
        let part = |(config, loaded): &(&Config, Loaded)| bench.part(config, loaded);
        crew.in_order(&waiting, part, |part| parts.push(part), |_| ());
        for ((part, has_errors), (_, loaded)) in parts.into_iter().zip(&waiting) {
            if has_errors {
                self.failing.push(loaded.description.entry().path().to_owned());
            }
            self.collector.take(part);
        }
    }
}

/// What every document is verified with.
struct Bench<'r> {
    baseline: Option<&'r Baseline>,
    today: Date,
    findings_max: usize,
    path_steps: usize,
    keep: Keep,
    deadline: Deadline,
}

impl Bench<'_> {
    /// What a report says of one document, and whether it stops the commit.
    fn part(&self, config: &Config, loaded: &Loaded) -> (Part, bool) {
        let Loaded { description, too_large } = loaded;
        let stop = || self.deadline.is_over();
        let place = |path: &str| config.place(path);
        let known =
            |path: &str, id: &str| self.baseline.is_some_and(|baseline| baseline.has(path, id));
        let known: &Knowing<'_> = &known;
        let scope = Scope {
            directives: Some(&config.directives),
            place: Some(&place),
            today: Some(self.today),
            known: self.baseline.map(|_| known),
            ..Scope::default()
        };
        let options = verify::Options {
            findings_max: self.findings_max,
            path_steps: self.path_steps,
            formats: config.formats(),
            scope,
            stop: &stop,
            ..verify::Options::default()
        };
        let lint = verify::lint(description, &config.ruleset, &options);
        // A commit is no time to hear of anything that does not stop it.
        let (errors, others): (Vec<_>, Vec<_>) =
            lint.findings.into_iter().partition(|it| it.severity == Severity::Error);
        let mut omitted = others.iter().collect::<Counts>();
        omitted += lint.omitted;
        let has_errors = errors.len() + lint.omitted.error > 0;
        let documents = description.documents();
        let mut part = Part::new(documents, errors, omitted, lint.coverage, self.keep);
        part.leave_out(lint.used.waived, lint.used.known);
        if let Some(path) = too_large {
            part.incomplete("max-bytes", Some(path));
        }
        if lint.stopped {
            part.incomplete("deadline", Some(description.entry().path()));
        }
        (part, has_errors)
    }
}

/// The named files, from the top of the work tree.
fn named(staged: &Staged, files: &[PathBuf]) -> Result<BTreeSet<Box<[u8]>>, RunError> {
    if files.is_empty() {
        return Ok(BTreeSet::new());
    }
    let prefix = staged.prefix()?;
    let path = |file: &PathBuf| {
        let path = index::path_bytes(&normalize(&prefix.join(file)));
        let is_there = staged.file(&path).is_some() || staged.unmerged().contains(&*path);
        is_there.then_some(path).ok_or_else(|| RunError::NotStaged { path: shown(file) })
    };
    files.iter().map(path).collect()
}

/// What is said beside the report.
fn notes(report: &Report, failing: &[String], absent: usize, is_talkative: bool) -> String {
    let mut notes = String::new();
    if absent > 0 {
        let files = counted(absent, "file");
        let _ = writeln!(notes, "note: {files} of this partial clone could not be looked at");
    }
    let errors = report.summary.failing(Severity::Error);
    if errors > 0 {
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "/._-".contains(it);
        let path = match failing {
            [path] if path.chars().all(is_plain) => format!(" {path}"),
            _ => String::new(),
        };
        let _ = writeln!(
            notes,
            "treaty: {} in what is staged; `treaty lint{path}` says more, warnings too, and \
             `git commit --no-verify` skips this",
            counted(errors, "error")
        );
    } else if is_talkative && report.documents.is_empty() && report.incomplete.is_none() {
        notes.push_str("nothing that is staged touches an OpenAPI document\n");
    }
    notes
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn say(text: &str) {
    print_aside(&visible(text));
}
