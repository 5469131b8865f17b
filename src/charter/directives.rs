//! What a configuration says of findings by their place.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::finding::Severity;

use super::{
    Date, RuleLevel, Waiver,
    places::{FilePattern, Places, PointerPattern},
};

/// Other severities in some places.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an override, e.g. `{ files: [old.yaml], rules: { openapi-2: off } }`"
)]
pub struct Override {
    /// The files that it is about; all of them where there are none.
    #[serde(default)]
    pub files: Vec<FilePattern>,
    /// The places that it is about; all of them where there are none.
    #[serde(default)]
    pub pointers: Vec<PointerPattern>,
    /// The rules, as they are there.
    #[serde(deserialize_with = "super::policy::rules")]
    pub rules: Vec<(String, RuleLevel)>,
}

/// Overrides and waivers, ready to be asked.
#[derive(Debug, Default)]
pub struct Directives {
    overrides: Vec<(Places, Vec<(String, RuleLevel)>)>,
    waivers: Vec<(Places, Waiver)>,
    /// Rules that are in force through an override alone.
    scattered: BTreeSet<String>,
}

impl Directives {
    /// Makes overrides and waivers ready; of several overrides the last one wins.
    pub fn new(overrides: &[Override], waivers: &[Waiver]) -> Self {
        let overrides =
            overrides.iter().map(|it| (Places::new(&it.files, &it.pointers), it.rules.clone()));
        let waivers = waivers.iter().map(|it| (Places::new(&it.files, &it.pointers), it.clone()));
        Self {
            overrides: overrides.collect(),
            waivers: waivers.collect(),
            scattered: BTreeSet::new(),
        }
    }

    /// Asks of each rule that an override sets whether it is off elsewhere; one that is stays off
    /// where no override turns it on.
    pub fn spread(&mut self, mut is_off: impl FnMut(&str, Severity) -> bool) {
        for (rule, level) in self.overrides.iter().flat_map(|(_, rules)| rules) {
            if let RuleLevel::Is(severity) = level
                && is_off(rule, *severity)
            {
                self.scattered.insert(rule.clone());
            }
        }
    }

    /// Says that a rule is on everywhere.
    pub fn gather(&mut self, rule: &str) {
        self.scattered.remove(rule);
    }

    /// Whether it says anything about severities.
    pub fn has_overrides(&self) -> bool {
        !self.overrides.is_empty()
    }

    /// Whether there are waivers.
    pub fn has_waivers(&self) -> bool {
        !self.waivers.is_empty()
    }

    /// The severity of a rule in a place; nothing where it is off there.
    pub fn severity(
        &self,
        rule: &str,
        severity: Severity,
        path: Option<&str>,
        place: &str,
    ) -> Option<Severity> {
        let here = self.overrides.iter().rev().filter(|(places, _)| places.has(path, place));
        let level = here.flat_map(|(_, rules)| rules).find(|(name, _)| name == rule);
        match level {
            Some((_, RuleLevel::Is(severity))) => Some(*severity),
            Some((_, RuleLevel::Off)) => None,
            None => (!self.scattered.contains(rule)).then_some(severity),
        }
    }

    /// The first waiver that holds for a finding, by its number.
    pub fn waiver(
        &self,
        rule: &str,
        path: Option<&str>,
        place: &str,
        today: Option<Date>,
    ) -> Option<usize> {
        self.waivers.iter().position(|(places, waiver)| {
            waiver.rule == rule && waiver.holds(today) && places.has(path, place)
        })
    }

    /// The waivers, each with its places.
    pub fn waivers(&self) -> impl Iterator<Item = &(Places, Waiver)> {
        self.waivers.iter()
    }
}
