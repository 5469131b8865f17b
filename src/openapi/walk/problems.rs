//! The findings of a walk, bounded.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::finding::Draft;

/// How many findings of one rule are kept; more than a report shows of all rules together.
const OF_ONE_RULE_MAX: usize = 10_000;

/// Findings, and how many more there were.
#[derive(Debug, Default)]
pub(super) struct Problems<'d> {
    drafts: Vec<Draft<'d>>,
    counts: FxHashMap<&'static str, usize>,
    omitted: BTreeMap<&'static str, usize>,
}

impl<'d> Problems<'d> {
    /// Adds the finding that `draft` makes, unless its rule has spoken too often already.
    pub(super) fn add(&mut self, rule: &'static str, draft: impl FnOnce() -> Draft<'d>) {
        if self.admits(rule) {
            self.push(draft());
        }
    }

    /// Whether a rule may still speak; if not, its finding is counted.
    pub(super) fn admits(&mut self, rule: &'static str) -> bool {
        let count = self.counts.entry(rule).or_default();
        *count += 1;
        let admitted = *count <= OF_ONE_RULE_MAX;
        if !admitted {
            *self.omitted.entry(rule).or_default() += 1;
        }
        admitted
    }

    /// Adds a finding that was admitted.
    pub(super) fn push(&mut self, draft: Draft<'d>) {
        self.drafts.push(draft);
    }

    pub(super) fn into_parts(self) -> (Vec<Draft<'d>>, BTreeMap<&'static str, usize>) {
        (self.drafts, self.omitted)
    }
}
