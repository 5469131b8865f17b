//! The rule names of other linters, and what they are called here.
//!
//! * **Source.** `others.yaml` lists all of their names, with the reason where there is no rule;
//!   each rule file says under `also` which of the names mean it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Catalog, Rule};

/// The names, and why some have no rule here, by linter.
const OTHERS: &str = include_str!("others.yaml");

/// One linter.
#[derive(Debug, Deserialize)]
pub struct Other {
    /// All of its rules.
    pub names: Vec<String>,
    /// Why some of them have no counterpart.
    pub reasons: BTreeMap<String, String>,
}

/// What a name of another linter means here.
#[derive(Debug)]
pub struct Meaning<'c> {
    /// The linters that have the name.
    pub linters: Vec<String>,
    /// The rules, by id.
    pub rules: Vec<&'c Rule>,
    /// Why there is none.
    pub reason: Option<String>,
}

/// The linters whose names are known.
///
/// # Panics
///
/// Never: a test reads the list.
pub fn others() -> BTreeMap<String, Other> {
    serde_yaml::from_str(OTHERS).expect("a test reads the names of others")
}

impl Catalog {
    /// What a name of another linter means; nothing where none has it.
    pub fn of_other(&self, name: &str) -> Option<Meaning<'_>> {
        let mut meaning = Meaning { linters: Vec::new(), rules: Vec::new(), reason: None };
        for (linter, other) in others() {
            if other.names.iter().any(|it| it == name) {
                meaning.linters.push(title(&linter).to_owned());
                meaning.reason = meaning.reason.or(other.reasons.get(name).cloned());
            }
        }
        let named = |rule: &&Rule| rule.page().also.values().flatten().any(|it| it == name);
        meaning.rules = self.iter().filter(named).collect();
        (!meaning.linters.is_empty()).then_some(meaning)
    }
}

/// How people write the name of a linter.
pub fn title(linter: &str) -> &str {
    match linter {
        "spectral" => "Spectral",
        "owasp" => "Spectral's OWASP ruleset",
        "redocly" => "Redocly",
        "vacuum" => "vacuum",
        "ibm" => "IBM",
        other => other,
    }
}
