//! The options that commands share.

use std::{
    num::NonZero,
    path::PathBuf,
    time::{Duration, Instant},
};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::{
    charter::nearest,
    document::Limits,
    finding::Severity,
    report::Format,
    ruleset::{Ruleset, UnknownRule},
    verify,
};

/// Which documents a command is about, and what they may refer to.
#[derive(Debug, Args)]
pub(super) struct InputOptions {
    /// Documents, and directories that hold some; `-` is standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// Leave out of directories what matches, as a line of a .gitignore would; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,

    /// What standard input is called in the report.
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<String>,

    /// The directory that no `$ref` leaves; by default the current one, or the document's own
    /// where the document lies elsewhere.
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,

    /// How many documents are verified at once; by default as many as there are cores.
    #[arg(long, value_name = "DOCUMENTS")]
    #[arg(hide_short_help = true, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

impl InputOptions {
    /// How many documents are verified at once.
    pub(super) fn jobs(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        self.jobs.map_or_else(cores, usize::from)
    }
}

/// How and where a report is written.
#[derive(Debug, Args)]
pub(super) struct ReportOptions {
    /// The form of the report.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = format_parser())]
    pub(super) format: Format,

    /// Write to FILE instead of standard output; FORMAT=FILE writes in that form as well.
    #[arg(short, long, value_name = "[FORMAT=]FILE", value_parser = parse_output)]
    pub(super) output: Vec<Output>,

    /// Colour and links; `auto` means on a terminal, unless `NO_COLOR` is set.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Colour,

    /// Print the findings and nothing else.
    #[arg(long)]
    pub(super) quiet: bool,

    /// How many causes `--format agent` tells, the gravest first.
    #[arg(long, value_name = "CAUSES", default_value_t = 20, hide_short_help = true)]
    pub(super) max_causes: usize,
}

/// One place to write a report to.
#[derive(Clone, Debug)]
pub(super) struct Output {
    /// The form, where it is not that of `--format`.
    pub(super) format: Option<Format>,
    /// The file; `-` is standard output.
    pub(super) file: PathBuf,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let words = PossibleValuesParser::new(Format::ALL.map(Format::as_str));
    words.map(|word| Format::from_word(&word).unwrap_or_default())
}

fn parse_output(argument: &str) -> Result<Output, String> {
    let Some((word, file)) = argument.split_once('=') else {
        return Ok(Output { format: None, file: argument.into() });
    };
    if word.contains(['/', '.']) {
        return Ok(Output { format: None, file: argument.into() });
    }
    match Format::from_word(word) {
        Some(format) => Ok(Output { format: Some(format), file: file.into() }),
        None => Err(format!(
            "there is no format `{word}`; the formats are {}; a file of that name is \
             `./{argument}`",
            Format::ALL.map(Format::as_str).join(", ")
        )),
    }
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Also in a pipe or a file.
    Always,
    /// Not at all.
    Never,
}

/// From which severity on a finding makes the exit code 1.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailSeverity {
    /// An error.
    Error,
    /// A warning too.
    Warn,
    /// An info too.
    Info,
    /// Any finding.
    Hint,
    /// Nothing does.
    Never,
}

impl FailSeverity {
    /// The severity; nothing for `never`.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warn => Some(Severity::Warn),
            Self::Info => Some(Severity::Info),
            Self::Hint => Some(Severity::Hint),
            Self::Never => None,
        }
    }
}

/// Which rules speak, and how loudly.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleOptions {
    /// A set of rules in place of `treaty:recommended`, or a file with one; repeatable.
    #[arg(long, value_name = "NAME|FILE")]
    ruleset: Vec<String>,

    /// Only this rule, and those that say that a document cannot be read; repeatable.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,

    /// Not this rule; repeatable.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,

    /// How grave a rule is: error, warn, info, hint or off; repeatable.
    #[arg(long, value_name = "RULE=SEVERITY", value_delimiter = ',', value_parser = parse_level)]
    severity: Vec<Level>,
}

/// A rule and its severity; nothing turns it off.
#[derive(Clone, Debug)]
struct Level {
    rule: String,
    severity: Option<Severity>,
}

impl RuleOptions {
    /// The sets that are wanted.
    pub(super) fn rulesets(&self) -> &[String] {
        &self.ruleset
    }

    /// The rules that are turned on by name.
    pub(super) fn named(&self) -> impl Iterator<Item = &str> {
        let set = self.severity.iter().filter(|level| level.severity.is_some());
        set.map(|level| level.rule.as_str()).chain(self.select.iter().map(String::as_str))
    }

    /// Changes a ruleset as the user asked; of the options, `--ignore` has the last word.
    pub(super) fn apply(&self, ruleset: &mut Ruleset) -> Result<(), UnknownRule> {
        if !self.select.is_empty() {
            ruleset.select(&self.select)?;
        }
        for level in &self.severity {
            ruleset.set(&level.rule, level.severity)?;
        }
        for rule in &self.ignore {
            ruleset.set(rule, None)?;
        }
        Ok(())
    }
}

fn parse_level(argument: &str) -> Result<Level, String> {
    let words = ["error", "warn", "info", "hint", "off"];
    let (rule, word) = argument.split_once('=').ok_or("write RULE=SEVERITY")?;
    let severity = Severity::from_word(word);
    if severity.is_none() && word != "off" {
        let remedy = match nearest(word, words) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("use one of {}", words.join(", ")),
        };
        return Err(format!("there is no severity `{word}`; {remedy}"));
    }
    Ok(Level { rule: rule.to_owned(), severity })
}

/// How much work is done before it is said that it is too much.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitOptions {
    /// The largest file that is read.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().file_bytes)]
    #[arg(hide_short_help = true)]
    max_bytes: usize,

    /// How deep a document nests.
    #[arg(long, value_name = "LEVELS", default_value_t = 255)]
    #[arg(hide_short_help = true, value_parser = clap::value_parser!(u8).range(1..))]
    max_depth: u8,

    /// How many nodes a document has, its aliases expanded.
    #[arg(long, value_name = "NODES", default_value_t = Limits::default().nodes)]
    #[arg(hide_short_help = true)]
    max_nodes: u64,

    /// How many findings are reported; the gravest are kept.
    #[arg(long, value_name = "FINDINGS", default_value_t = 10_000)]
    #[arg(hide_short_help = true)]
    pub(super) max_findings: usize,

    /// How many steps the comparison of all paths of a document with each other may take.
    #[arg(long, value_name = "STEPS", default_value_t = verify::Options::default().path_steps)]
    #[arg(hide_short_help = true)]
    pub(super) max_path_steps: usize,

    /// How long the whole run may take; what was found by then is reported.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    #[arg(hide_short_help = true)]
    deadline: u64,
}

impl LimitOptions {
    /// The limits of one document.
    pub(super) fn document(&self) -> Limits {
        Limits {
            file_bytes: self.max_bytes.min(u32::MAX as usize),
            depth: self.max_depth.into(),
            nodes: self.max_nodes,
            ..Limits::default()
        }
    }

    /// When the run has to end, if it starts now.
    pub(super) fn deadline(&self) -> Deadline {
        Deadline { end: Instant::now().checked_add(Duration::from_secs(self.deadline)) }
    }
}

/// The end of a run's time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    end: Option<Instant>,
}

impl Deadline {
    /// Whether the time is over.
    pub(super) fn is_over(self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// How much time there is left.
    #[cfg(feature = "http")]
    pub(super) fn left(self) -> Duration {
        self.end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }
}
