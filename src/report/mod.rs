//! What was found, in the forms that people and programs read.
//!
//! * **Shape.** A [`Collector`] gathers findings into one [`Report`]; [`Report::write`] writes it
//!   in a [`Format`].
//! * **Errors.** Only what the writer says.
//! * **Source.** The JSON report, version 1: [`SCHEMA`].
//!
//! Text of a document never acts: characters that cannot be seen are escapes in every format,
//! one finding is one line in a text format, and no line can be taken for a runner's command.

mod agent;
mod collect;
mod compact;
mod diff;
mod excerpt;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod keep;
mod markdown;
mod pretty;
mod sarif;
mod sheet;
mod summary;
mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{
    document::{Document, sha256_hex},
    finding::{Counts, Coverage, Finding, Severity, Verdict},
    openapi::Version,
    ruleset::Catalog,
};

use excerpt::Excerpt;
use sheet::Sheet;

pub use collect::{Collector, Part};
pub use diff::Edited;
pub use json::write_json;
pub use keep::Keep;
pub use text::{inline, leading};

/// The JSON Schema of the JSON report.
pub const SCHEMA: &str = include_str!("schema.json");

/// The version of the JSON report.
const VERSION: u32 = 1;

/// All that one run says.
#[derive(Debug)]
pub struct Report {
    /// The SHA-256 of the ruleset in force.
    pub ruleset: String,
    /// What was read, in the order of reading.
    pub documents: Vec<DocumentInfo>,
    /// What was found, sorted by path, offset and rule.
    pub findings: Vec<Finding>,
    /// How many findings more there are.
    pub omitted: usize,
    /// What was looked at.
    pub coverage: Coverage,
    /// How many findings there are, those that are left out counted too.
    pub summary: Counts,
    /// The limit that ended the work early.
    pub incomplete: Option<Incomplete>,
    /// From which severity on a finding makes the run fail; nothing where none does.
    pub fail_severity: Option<Severity>,
    /// The findings that a waiver let pass, each by its document's path and its id.
    pub waived: BTreeSet<(String, String)>,
    /// The findings that were known before, by a baseline or an earlier revision.
    pub known: BTreeSet<(String, String)>,
    /// How many findings of the baseline are gone.
    pub gone: usize,
    /// What each check found and took, where somebody asked.
    pub stats: Option<Vec<Stat>>,
    /// The gate's decision, where a gate was asked.
    pub verdict: Option<Verdict>,
    /// What is shown of the document for each finding.
    excerpts: Vec<Option<Excerpt>>,
    /// The object around each finding, where it is kept.
    objects: Vec<Option<String>>,
    /// What is shown of each document, by path.
    sheets: BTreeMap<String, Sheet>,
}

/// What one check found and took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stat {
    /// The check, or a part of the work beside the checks.
    pub check: String,
    /// How long it took in all documents together, on one core.
    pub milliseconds: f64,
    /// How many findings of each of its rules the report counts.
    pub rules: BTreeMap<String, usize>,
}

/// One document that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentInfo {
    /// Its path as the user knows it.
    pub path: String,
    /// The digest of its bytes.
    pub sha256: String,
    /// The version of OpenAPI that it declares; nothing where nobody knows it.
    pub openapi: Option<String>,
}

impl DocumentInfo {
    fn of(document: &Document) -> Self {
        let declared = document.root().and_then(|root| root.get("openapi")?.as_str());
        let declared = declared.filter(|text| Version::from_text(text).is_some());
        Self {
            path: document.path().to_owned(),
            sha256: document.sha256(),
            openapi: declared.map(str::to_owned),
        }
    }
}

/// Which limit ended the work, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incomplete {
    /// The option that sets the limit, without its dashes.
    pub limit: &'static str,
    /// The document at which it happened.
    pub path: Option<String>,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people: the source with the place marked, what to do, a summary.
    #[default]
    Pretty,
    /// One finding a line.
    Compact,
    /// For programs.
    Json,
    /// For code scanning: SARIF 2.1.0, with fixes and fingerprints.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Results of tests.
    Junit,
    /// A table for a summary or a comment.
    Markdown,
    /// One page for a browser, with the findings in the documents.
    Html,
    /// For a model or another program that repairs: bounded, the gravest causes first.
    Agent,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 10] = [
        Self::Pretty,
        Self::Compact,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Markdown,
        Self::Html,
        Self::Agent,
    ];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Compact => "compact",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Agent => "agent",
        }
    }

    /// The format that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }
}

/// How a report looks to people, and how much an agent is told.
#[derive(Clone, Copy, Debug)]
pub struct Look<'c> {
    /// Where a finding without help of its own finds its rule's.
    pub catalog: &'c Catalog,
    /// With colours.
    pub colour: bool,
    /// With links that a terminal can follow.
    pub links: bool,
    /// With the lines at the end that say how much was found and looked at.
    pub summary: bool,
    /// How many causes [`Format::Agent`] tells.
    pub causes_max: usize,
}

impl Report {
    /// The findings that are left out on purpose, each by its document's path and its id.
    pub fn left_out(&self) -> impl Iterator<Item = &(String, String)> {
        self.waived.iter().chain(&self.known)
    }

    /// Writes the report.
    pub fn write(&self, format: Format, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Pretty => pretty::write(self, look, out),
            Format::Compact => compact::write(self, look, out),
            Format::Json => write_json(self, out),
            Format::Sarif => sarif::write(self, look.catalog, out),
            Format::Github => github::write(self, out),
            Format::Gitlab => gitlab::write(self, out),
            Format::Junit => junit::write(self, out),
            Format::Markdown => markdown::write(self, out),
            Format::Html => html::write(self, look.catalog, out),
            Format::Agent => agent::write(self, look.causes_max, out),
        }
    }
}

/// What tells a finding from every other one, in this revision and in later ones.
fn fingerprint(finding: &Finding) -> String {
    let path = &*finding.place.path;
    let path = path.strip_prefix("./").unwrap_or(path);
    sha256_hex(format!("{path}\n{}", finding.id).as_bytes())
}

/// Who made the report.
#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// The ruleset in force.
#[derive(Serialize)]
struct RulesetInfo<'r> {
    sha256: &'r str,
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Report", 10)?;
        members.serialize_field("version", &VERSION)?;
        let version = env!("CARGO_PKG_VERSION");
        members.serialize_field("tool", &Tool { name: "treaty", version })?;
        members.serialize_field("ruleset", &RulesetInfo { sha256: &self.ruleset })?;
        members.serialize_field("documents", &self.documents)?;
        members.serialize_field("findings", &self.findings)?;
        if self.omitted > 0 {
            members.serialize_field("omitted", &self.omitted)?;
        }
        for (name, count) in
            [("waived", self.waived.len()), ("known", self.known.len()), ("gone", self.gone)]
        {
            if count > 0 {
                members.serialize_field(name, &count)?;
            }
        }
        members.serialize_field("coverage", &self.coverage)?;
        members.serialize_field("summary", &self.summary)?;
        members.serialize_field("incomplete", &self.incomplete)?;
        if let Some(stats) = &self.stats {
            members.serialize_field("stats", stats)?;
        }
        if let Some(verdict) = &self.verdict {
            members.serialize_field("verdict", verdict)?;
        }
        members.end()
    }
}
