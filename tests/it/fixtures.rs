//! Fixtures say themselves what must be found in them.
//!
//! A fixture answers to its own rule and to all rules of severity `error`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use regex::Regex;
use treaty::{
    charter::{Charter, Date},
    document::{Document, Limits},
    finding::{Counts, Coverage, Finding, Severity},
    gate::{self, Terms},
    openapi::{Description, Source, SourceError},
    report::{Collector, Format, Keep, Look},
    ruleset::{Profile, Ruleset},
    verify,
};

/// The directory with one directory of fixtures for each rule.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/document")
}

/// The directory of the documents with planted faults.
pub(crate) fn planted() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/planted")
}

/// The names in a directory, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// One document that must pass or fail.
pub(crate) struct Fixture {
    rule: String,
    name: String,
    folder: PathBuf,
}

impl Fixture {
    /// The fixtures of every rule.
    pub(crate) fn all() -> Vec<Self> {
        let mut fixtures = Vec::new();
        for rule in names(&root()) {
            let folder = root().join(&rule);
            let documents = names(&folder).into_iter().filter(|name| {
                let begins = name.starts_with("pass") || name.starts_with("fail");
                begins && matches!(name.rsplit_once('.'), Some((_, "yaml" | "json")))
            });
            fixtures.extend(documents.map(|name| Self {
                rule: rule.clone(),
                name,
                folder: folder.clone(),
            }));
        }
        fixtures
    }

    /// Where it lies, and its name there.
    pub(crate) fn place(&self) -> (&Path, &str) {
        (&self.folder, &self.name)
    }

    /// Its text, and the limits that it sets.
    pub(crate) fn bytes(&self) -> (Vec<u8>, Limits) {
        let bytes = fs::read(self.folder.join(&self.name)).unwrap();
        let limits = Settings::of(&bytes).limits;
        (bytes, limits)
    }

    fn must_fail(&self) -> bool {
        self.name.starts_with("fail")
    }

    /// The description, and what its own rule and the grave ones say of it.
    fn lint(&self) -> (Description, Vec<Finding>, Ruleset) {
        let mut ruleset = Ruleset::built_in(Profile::Recommended);
        if ruleset.rule(&self.rule).is_none() {
            // What a lint leaves alone is as grave here as in the first set that has it.
            let severity = ruleset.catalog().find(&self.rule).unwrap().usual_severity();
            ruleset.set(&self.rule, severity.or(Some(Severity::Warn))).unwrap();
        }
        let bytes = fs::read(self.folder.join(&self.name)).unwrap();
        let settings = Settings::of(&bytes);
        let description = self.load(&self.name, &settings.limits).unwrap();
        let mut findings = if let Some(charter) = self.charter() {
            self.gate(&description, &charter, &ruleset, &settings)
        } else {
            let lint = verify::lint(&description, &ruleset, &settings.options);
            [lint.findings, lint.unused].concat()
        };
        findings.retain(|it| *it.rule == *self.rule || it.severity == Severity::Error);
        (description, findings, ruleset)
    }

    fn load(&self, name: &str, limits: &Limits) -> Option<Description> {
        let bytes = fs::read(self.folder.join(name)).ok()?;
        Some(Description::load(name, bytes, &Files(&self.folder), limits))
    }

    fn charter(&self) -> Option<Charter> {
        let bytes = fs::read(self.folder.join("treaty.yaml")).ok()?;
        Some(Charter::parse("treaty.yaml", &bytes).unwrap())
    }

    /// What the gate says of a revision.
    fn gate(
        &self,
        revision: &Description,
        charter: &Charter,
        ruleset: &Ruleset,
        settings: &Settings,
    ) -> Vec<Finding> {
        let base = self.load("base.yaml", &settings.limits);
        let terms = Terms {
            charter: Some((charter, &[])),
            proposer: settings.proposer.as_deref(),
            reopened: &settings.reopened,
        };
        gate::judge(base.as_ref(), revision, terms, ruleset, &settings.options).lint.findings
    }

    /// What the fixture says must be found, as `path:line: severity[rule]: message`.
    fn marked(&self, documents: &[Document]) -> BTreeSet<String> {
        let expected = Path::new(&self.name).with_extension("expected");
        if let Ok(text) = fs::read_to_string(self.folder.join(expected)) {
            return text.lines().map(|line| format!("{}:{line}", self.name)).collect();
        }
        documents.iter().flat_map(markers).collect()
    }
}

/// What the first line of a fixture sets: `# with: depth=20 proposer=shop`.
#[derive(Default)]
struct Settings {
    limits: Limits,
    options: verify::Options<'static>,
    proposer: Option<String>,
    reopened: Vec<String>,
}

impl Settings {
    fn of(bytes: &[u8]) -> Self {
        let mut settings = Self::default();
        let text = String::from_utf8_lossy(bytes);
        let words = text.lines().next().unwrap_or_default().strip_prefix("# with: ");
        for word in words.into_iter().flat_map(str::split_whitespace) {
            let (name, value) = word.split_once('=').unwrap();
            let number = || value.parse::<usize>().unwrap();
            match name {
                "file_bytes" => settings.limits.file_bytes = number(),
                "depth" => settings.limits.depth = number(),
                "nodes" => settings.limits.nodes = number() as u64,
                "path_steps" => settings.options.path_steps = number(),
                "today" => settings.options.scope.today = Some(Date::parse(value).unwrap()),
                "proposer" => settings.proposer = Some(value.to_owned()),
                "reopened" => settings.reopened.push(value.to_owned()),
                _ => panic!("a fixture cannot set `{name}`"),
            }
        }
        settings
    }
}

/// What the comments of a document say must be found on their lines.
fn markers(document: &Document) -> Vec<String> {
    let marker = Regex::new(r"# ((?:error|warn|info|hint)\[[a-z0-9-]+\]: )").unwrap();
    let mut markers = Vec::new();
    for (at, line) in document.text().lines().enumerate() {
        let mut found = marker.captures_iter(line).peekable();
        while let Some(start) = found.next() {
            let end = found.peek().map_or(line.len(), |next| next.get(0).unwrap().start());
            let text = line[start.get(1).unwrap().start()..end].trim_end();
            markers.push(format!("{}:{}: {text}", document.path(), at + 1));
        }
    }
    markers
}

/// The files beside a fixture.
pub(crate) struct Files<'f>(pub(crate) &'f Path);

impl Source for Files<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        if path.starts_with("..") || path.starts_with('/') {
            return Err(SourceError::Outside);
        }
        fs::read(self.0.join(path)).map_err(|_| SourceError::Missing)
    }
}

/// A finding as a marker names it.
fn told(finding: &Finding) -> String {
    let (path, line) = (&finding.place.path, finding.place.range.start.line);
    let Finding { rule, message, .. } = finding;
    format!("{path}:{line}: {}[{rule}]: {message}", finding.severity.as_str())
}

#[test]
fn fixtures_say_what_is_found() {
    let mut wrong = Vec::new();
    for fixture in Fixture::all() {
        let (description, findings, _) = fixture.lint();
        let marked = fixture.marked(description.documents());
        let found: BTreeSet<_> = findings.iter().map(told).collect();
        let name = &fixture.rule;
        wrong.extend(found.difference(&marked).map(|it| format!("{name}/{it}  <- not marked")));
        wrong.extend(marked.difference(&found).map(|it| format!("{name}/{it}  <- not found")));
        let speaks = findings.iter().any(|it| *it.rule == *fixture.rule);
        if speaks != fixture.must_fail() {
            let verb = if speaks { "speaks" } else { "is silent" };
            wrong.push(format!("{name}/{}: the rule {verb}", fixture.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// One document for each version with every fault that people plant to try a linter, and with
/// sound pieces that others take for faults: all is found, and nothing else.
#[test]
fn planted_faults_are_all_found() {
    let folder = planted();
    let ruleset = Ruleset::built_in(Profile::Recommended);
    for name in names(&folder) {
        let bytes = fs::read(folder.join(&name)).unwrap();
        let description = Description::load(&name, bytes, &Files(&folder), &Limits::default());
        let options = verify::Options::default();
        let findings = verify::lint(&description, &ruleset, &options).findings;
        let marked: BTreeSet<_> = description.documents().iter().flat_map(markers).collect();
        let found: BTreeSet<_> = findings.iter().map(told).collect();
        assert_eq!(found.len(), findings.len());
        assert!(marked.len() > 30, "{name}");
        let wrong: Vec<_> = found.symmetric_difference(&marked).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn findings_look_as_they_did() {
    for fixture in Fixture::all().iter().filter(|fixture| fixture.must_fail()) {
        let (description, mut findings, ruleset) = fixture.lint();
        findings.retain(|it| *it.rule == *fixture.rule);
        let mut collector = Collector::new(findings.len(), Keep::of(Format::ALL));
        let documents = description.documents();
        collector.add(documents, findings, Counts::default(), &Coverage::default());
        let report = collector.finish(&ruleset);
        let look = Look {
            catalog: ruleset.catalog(),
            colour: false,
            links: false,
            summary: false,
            causes_max: 20,
        };
        let mut text = Vec::new();
        report.write(Format::Pretty, look, &mut text).unwrap();
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&fixture.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let name = fixture.name.trim_end_matches(".yaml").replace(".json", "-json");
        settings.bind(|| insta::assert_snapshot!(name, String::from_utf8(text).unwrap()));
    }
}
