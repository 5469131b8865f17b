//! One rule file.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::finding::{Class, Severity};

/// What a rule file says.
#[derive(Debug)]
pub struct Rule {
    id: Arc<str>,
    class: Class,
    severity: Option<Severity>,
    contract: Option<Severity>,
    text: &'static str,
    fail: &'static str,
    pass: &'static str,
    page: OnceLock<Page>,
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
}

impl Rule {
    /// A rule from its text; nothing where the head is not that of a rule.
    pub(super) fn new(text: &'static str, fail: &'static str, pass: &'static str) -> Option<Self> {
        // The word `off` is no severity.
        let severity = Severity::from_word(head(text, "severity")?);
        let contract = head(text, "contract").map_or(severity, Severity::from_word);
        Some(Self {
            id: head(text, "id")?.into(),
            class: Class::from_word(head(text, "class")?)?,
            severity,
            contract,
            text,
            fail,
            pass,
            page: OnceLock::new(),
        })
    }

    /// The name of the defect, in kebab case.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// What kind of truth its findings are.
    pub fn class(&self) -> Class {
        self.class
    }

    /// How grave it is in `treaty:recommended`; nothing where it is off.
    pub fn severity(&self) -> Option<Severity> {
        self.severity
    }

    /// How grave it is in `treaty:contract`; nothing where it is off.
    pub fn contract_severity(&self) -> Option<Severity> {
        self.contract
    }

    /// The function that finds it.
    pub fn check(&self) -> Option<&'static str> {
        head(self.text, "check")
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

/// The value of a key at the top of a rule file, where it stands on the key's own line.
fn head<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).map(str::trim)
}
