//! One rule file.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use serde::Deserialize;

use crate::finding::{Class, Severity};

use super::{Assertion, Profile, READING};

/// The check of the rules that are data alone.
pub const DATA: &str = "data";

/// What a rule file says.
#[derive(Debug)]
pub struct Rule {
    id: Arc<str>,
    class: Class,
    /// How grave it is in each profile, in their order; nothing where it is off.
    levels: [Option<Severity>; Profile::ALL.len()],
    name: &'static str,
    check: Option<&'static str>,
    text: &'static str,
    fail: &'static str,
    pass: &'static str,
    page: OnceLock<Page>,
    assertion: OnceLock<Option<Assertion>>,
}

/// The words of a rule, for people.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// One sentence: what is wrong where the rule speaks.
    pub summary: String,
    /// Why it matters.
    pub why: String,
    /// What to do about it.
    pub fix: String,
    /// The section of the specification, as an address.
    pub source: Arc<str>,
    /// The version that first had the rule.
    pub since: String,
    /// What other linters call it, by linter.
    #[serde(default)]
    pub also: BTreeMap<String, Vec<String>>,
}

impl Rule {
    /// A rule from its text; nothing where the head is not that of a rule.
    pub(super) fn new(text: &'static str, fail: &'static str, pass: &'static str) -> Option<Self> {
        let id = head(text, "id")?;
        // The word `off` is no severity.
        let severity = Severity::from_word(head(text, "severity")?);
        let level = |key| head(text, key).map(Severity::from_word);
        let contract = level("contract").unwrap_or(severity);
        let reading = severity.filter(|_| READING.contains(&id));
        let security = level("security").unwrap_or(reading);
        let all = level("all").unwrap_or(severity.or(contract).or(security));
        Some(Self {
            id: id.into(),
            class: Class::from_word(head(text, "class")?)?,
            levels: [severity, contract, security, all],
            name: id,
            check: check(text),
            text,
            fail,
            pass,
            page: OnceLock::new(),
            assertion: OnceLock::new(),
        })
    }

    /// The name of the defect, in kebab case.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// The same, for drafts.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What kind of truth its findings are.
    pub fn class(&self) -> Class {
        self.class
    }

    /// How grave it is in a profile; nothing where it is off.
    pub fn severity(&self, profile: Profile) -> Option<Severity> {
        self.levels.get(profile as usize).copied().flatten()
    }

    /// How grave it is in the first profile that has it.
    pub fn usual_severity(&self) -> Option<Severity> {
        self.levels.iter().find_map(|level| *level)
    }

    /// The function that finds it; of a rule that is data alone, [`DATA`].
    pub fn check(&self) -> Option<&'static str> {
        self.check
    }

    /// What must be true of which objects, where the rule is data alone.
    pub fn assertion(&self) -> Option<&Assertion> {
        let read = || (self.check == Some(DATA)).then(|| Assertion::read(self.text)).flatten();
        self.assertion.get_or_init(read).as_ref()
    }

    /// The file's text.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// A document in which the rule speaks.
    pub fn failing_example(&self) -> &'static str {
        self.fail
    }

    /// A document in which it does not.
    pub fn passing_example(&self) -> &'static str {
        self.pass
    }

    /// The words of the rule.
    ///
    /// # Panics
    ///
    /// Never with a built-in rule: a test reads them all.
    pub fn page(&self) -> &Page {
        self.page.get_or_init(|| {
            serde_yaml::from_str(self.text).expect("a test reads every built-in rule")
        })
    }
}

/// The value of a key in the head of a rule file: what stands above the summary, a line each.
fn head<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut head = text.lines().take_while(|line| !line.starts_with("summary"));
    head.find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).map(str::trim)
}

/// The last line that says what finds the fault: a function, or what must be true.
fn check(text: &'static str) -> Option<&'static str> {
    text.lines().rev().find_map(|line| {
        line.strip_prefix("check: ").or(line.starts_with("given: ").then_some(DATA))
    })
}
