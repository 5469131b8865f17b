//! The gate, as the protocol sees it: a function from bytes to a judgement.

use crate::finding::{Finding, Outcome, Verdict};

/// Judges revisions; the same bytes get the same judgement, always.
pub trait Gate {
    /// Judges what `proposer` offers in place of `base`.
    fn judge(&self, base: Option<&[u8]>, proposal: &[u8], proposer: &str) -> Judgement;
}

/// What the gate says about a revision.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The revision as the gate writes it; nothing where it cannot be written.
    pub canonical: Option<Vec<u8>>,
    /// Pass or bounce.
    pub verdict: Verdict,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

impl Judgement {
    /// The bytes that may become the head: canonical, and passed.
    pub fn passed(&self) -> Option<&[u8]> {
        self.canonical.as_deref().filter(|_| self.verdict.outcome == Outcome::Pass)
    }

    /// The rules that bounce the revision, by name without repetition, and how many findings.
    pub fn public_reasons(&self) -> (Vec<String>, usize) {
        let bounces = |finding: &&Finding| self.verdict.reasons.contains(&finding.id);
        let reasons = self.findings.iter().filter(bounces);
        let mut rules: Vec<String> = reasons.clone().map(|it| it.rule.to_string()).collect();
        rules.sort();
        rules.dedup();
        (rules, reasons.count())
    }
}
