//! Which rules are in force, and how grave each is.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, OnceLock},
};

use crate::{document::sha256_hex, finding::Severity};

use super::{Catalog, Rule, UnknownRule};

/// The built-in choices of rules and severities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// What a lint uses: violations of the specifications, ambiguities, known breaks of tools.
    #[default]
    Recommended,
    /// What gate and negotiation use: what two organizations need before they sign.
    Contract,
    /// What leaks or can be attacked, as OWASP has it.
    Security,
    /// Every rule, those of style included.
    All,
}

impl Profile {
    /// The profiles.
    pub const ALL: [Self; 4] = [Self::Recommended, Self::Contract, Self::Security, Self::All];

    /// The name in configuration and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recommended => "treaty:recommended",
            Self::Contract => "treaty:contract",
            Self::Security => "treaty:security",
            Self::All => "treaty:all",
        }
    }

    /// The profile that `name` names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == name)
    }
}

/// The rules that say that a document, or most of it, was not read: while they are silent, silence
/// means nothing.
pub const READING: [&str; 8] = [
    "file-too-large",
    "invalid-encoding",
    "nested-too-deep",
    "not-openapi",
    "openapi-2",
    "syntax-error",
    "too-many-nodes",
    "unsupported-version",
];

/// A catalogue under a profile, with changes on top.
#[derive(Debug)]
pub struct Ruleset {
    catalog: Catalog,
    profile: Profile,
    changes: BTreeMap<Arc<str>, Option<Severity>>,
    sha256: OnceLock<String>,
}

impl Ruleset {
    /// The built-in rules under a profile.
    pub fn built_in(profile: Profile) -> Self {
        let catalog = Catalog::built_in();
        Self { catalog, profile, changes: BTreeMap::new(), sha256: OnceLock::new() }
    }

    /// Sets a rule's severity; nothing turns it off.
    pub fn set(&mut self, id: &str, severity: Option<Severity>) -> Result<(), UnknownRule> {
        let id = self.catalog.find(id)?.id().clone();
        self.changes.insert(id, severity);
        self.sha256 = OnceLock::new();
        Ok(())
    }

    /// Takes in another profile: of two severities of a rule the graver one counts.
    pub fn include(&mut self, profile: Profile) {
        for rule in self.catalog.iter() {
            let (own, other) = (self.severity(rule), rule.severity(profile));
            if other.is_some_and(|other| own.is_none_or(|own| other < own)) {
                self.changes.insert(rule.id().clone(), other);
            }
        }
        self.sha256 = OnceLock::new();
    }

    /// Turns off every rule but those named, which are in force from now on, and [`READING`].
    pub fn select(&mut self, ids: &[String]) -> Result<(), UnknownRule> {
        let mut changes = BTreeMap::new();
        for rule in self.catalog.iter() {
            if !READING.contains(&&**rule.id()) {
                changes.insert(rule.id().clone(), None);
            }
        }
        for id in ids {
            let rule = self.catalog.find(id)?;
            let severity = self.severity(rule).or(rule.severity(Profile::All));
            changes.insert(rule.id().clone(), Some(severity.unwrap_or(Severity::Warn)));
        }
        self.changes.extend(changes);
        self.sha256 = OnceLock::new();
        Ok(())
    }

    /// Every rule, in force or not.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The profile below the changes.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The rule of an id and its severity; nothing where it is off or unknown.
    pub fn rule(&self, id: &str) -> Option<(&Rule, Severity)> {
        let rule = self.catalog.get(id)?;
        Some((rule, self.severity(rule)?))
    }

    /// The rules in force with their severities, by id.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, Severity)> {
        self.catalog.iter().filter_map(|rule| Some((rule, self.severity(rule)?)))
    }

    fn severity(&self, rule: &Rule) -> Option<Severity> {
        if let Some(changed) = self.changes.get(rule.id()) {
            return *changed;
        }
        rule.severity(self.profile)
    }

    /// The SHA-256, in lowercase hex, of all that decides what is found: the version of the
    /// program, and id, severity and text of each rule in force.
    pub fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| {
            let mut text = concat!("treaty ", env!("CARGO_PKG_VERSION"), "\n").to_owned();
            for (rule, severity) in self.rules() {
                let words = rule.text();
                let _ = writeln!(text, "{} {} {}", rule.id(), severity.as_str(), words.len());
                text.push_str(words);
            }
            sha256_hex(text.as_bytes())
        })
    }
}
