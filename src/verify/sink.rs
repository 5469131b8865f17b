//! Where checks put what they find.

use std::collections::BTreeMap;

use crate::{
    finding::Draft,
    openapi::Walk,
    ruleset::{DATA, Rule, Ruleset},
};

use super::faults;

/// How many drafts of one rule are kept; the rest is counted.
const KEPT_OF_A_RULE: usize = 10_000;

/// The drafts of one description.
pub(super) struct Sink<'r, 'd> {
    ruleset: &'r Ruleset,
    pub(super) drafts: Vec<Draft<'d>>,
    counts: BTreeMap<&'static str, usize>,
}

impl<'r, 'd> Sink<'r, 'd> {
    pub(super) fn new(ruleset: &'r Ruleset) -> Self {
        Self { ruleset, drafts: Vec::new(), counts: BTreeMap::new() }
    }

    /// Whether a rule is in force.
    pub(super) fn wants(&self, rule: &str) -> bool {
        self.ruleset.rule(rule).is_some()
    }

    /// The rules in force that are data alone.
    pub(super) fn data_rules(&self) -> Vec<&'r Rule> {
        let rules = self.ruleset.rules().map(|(rule, _)| rule);
        rules.filter(|rule| rule.check() == Some(DATA)).collect()
    }

    /// Takes one draft, if its rule is in force.
    pub(super) fn push(&mut self, draft: Draft<'d>) {
        if faults::may_stand_there(&draft) {
            return;
        }
        let count = self.counts.entry(draft.rule).or_default();
        *count += 1;
        if *count <= KEPT_OF_A_RULE && self.wants(draft.rule) {
            self.drafts.push(draft);
        }
    }

    /// Takes what the walk found.
    pub(super) fn take(&mut self, walk: &Walk<'d>) {
        for draft in &walk.problems {
            self.push(draft.clone());
        }
        for (rule, omitted) in &walk.omitted {
            *self.counts.entry(rule).or_default() += omitted;
        }
    }

    /// How many drafts of each rule were counted but not kept.
    pub(super) fn omitted(&self) -> BTreeMap<&'static str, usize> {
        let mut omitted = self.counts.clone();
        for draft in &self.drafts {
            if let Some(count) = omitted.get_mut(draft.rule) {
                *count -= 1;
            }
        }
        omitted.retain(|rule, count| *count > 0 && self.wants(rule));
        omitted
    }
}
