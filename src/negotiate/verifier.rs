//! The verifier as the gate of a negotiation.
//!
//! * **Shape.** What a seat proposes is judged as it stands, so that findings point into what
//!   the seat wrote. What passes is written anew, and judged once more as it is written: the
//!   verdict that is shared is about the very bytes that become the head, and anyone who holds
//!   them can recompute it.

use crate::{
    charter::{Charter, Directives},
    document::{Document, Limits, NodeRef, visible},
    finding::{Finding, Outcome, Place, Severity},
    gate::{self, Terms, reemit},
    openapi::{Description, Kind, NoFiles, Reference, Target, Walk},
    ruleset::{Ruleset, UnknownRule},
    verify::{self, Scope},
};

use super::{
    diagnostic::{diagnostic, no_place, place, place_of_span},
    gate::{Gate, Judgement, Offer},
};

/// The rule that an anchor, an alias or a tag breaks.
const NO_ANCHORS: &str = "anchor-or-tag";
/// The rule that a reference out of the contract breaks.
const EXTERNAL: &str = "external-reference";
/// The rule that a contract which is too long when it is written anew breaks.
const TOO_LONG: &str = "too-long";
/// How many findings are kept.
const FINDINGS_MAX: usize = 1_000;

/// The gate of one charter.
#[derive(Debug)]
pub struct Verifier {
    charter: Charter,
    charter_bytes: Vec<u8>,
    ruleset: Ruleset,
    directives: Directives,
}

impl Verifier {
    /// The gate of a charter, whose bytes are part of every verdict.
    pub fn new(charter: &Charter, charter_bytes: &[u8]) -> Result<Self, UnknownRule> {
        let (ruleset, directives) = gate::ruleset(Some(charter))?;
        Ok(Self {
            ruleset,
            directives,
            charter: charter.clone(),
            charter_bytes: charter_bytes.to_vec(),
        })
    }

    fn limits(&self) -> Limits {
        // No text of this length has more nodes, unless its aliases expand.
        let bytes = self.charter.limits.act_bytes();
        Limits { file_bytes: bytes, nodes: bytes as u64, ..Limits::default() }
    }

    fn describe(&self, bytes: &[u8]) -> Description {
        let path = self.charter.contract.as_str();
        Description::load(path, bytes.to_vec(), &NoFiles, &self.limits())
    }

    fn decide(
        &self,
        base: Option<&Description>,
        revision: &Description,
        offer: Offer<'_>,
    ) -> gate::Judgement {
        let terms = Terms {
            charter: Some((&*self.charter, &self.charter_bytes)),
            proposer: Some(offer.proposer),
            reopened: offer.reopened,
        };
        // No day is known here: a waiver that expires does not hold.
        let scope = Scope { directives: Some(&self.directives), ..Scope::default() };
        let options =
            verify::Options { findings_max: FINDINGS_MAX, scope, ..verify::Options::default() };
        gate::judge(base, revision, terms, &self.ruleset, &options)
    }

    /// What the contract's one written form cannot say.
    fn unwritable(&self, revision: &Document, canonical: Option<&str>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(span) = revision.first_anchor() {
            let message = "an anchor, an alias or a tag has no place in a contract".to_owned();
            let place = place_of_span(revision, span);
            findings.push(diagnostic(NO_ANCHORS, place, message, "write the value out"));
        }
        let bytes_max = self.charter.limits.act_bytes();
        if let Some(bytes) = canonical.map(str::len).filter(|bytes| *bytes > bytes_max) {
            let message = format!("the contract has {bytes} bytes where {bytes_max} are allowed");
            let place = no_place(revision.path(), "");
            findings.push(diagnostic(TOO_LONG, place, message, "make it shorter"));
        }
        findings
    }
}

/// One finding for each reference that leads out of the contract: what it names is not agreed,
/// and can change without anybody's leave.
fn external(revision: &Description) -> Vec<Finding> {
    let walk = Walk::new(revision);
    let outside = |it: &&Reference<'_>| matches!(it.target, Target::Unread(..) | Target::NoFile(_));
    // A mapping names a schema by its plain name too; of that, a rule speaks.
    let is_path = |it: &&Reference<'_>| it.value.as_str().is_some_and(|it| it.contains(['/', '.']));
    let mapped = walk.mappings().iter().filter(is_path);
    let outside = walk.references().iter().chain(mapped).filter(outside);
    let files = walk.visits(Kind::Example).iter().filter_map(|it| it.node.get("externalValue"));
    let links = walk.visits(Kind::Link).iter().filter_map(|it| it.node.get("operationRef"));
    let links = links.filter(|it| it.as_str().is_some_and(|it| !it.starts_with('#')));
    let mut values: Vec<NodeRef<'_>> =
        outside.map(|it| it.value).chain(files).chain(links).collect();
    values.sort_by_key(|it| it.span().start);
    values.dedup();
    values.into_iter().take(FINDINGS_MAX).map(left_contract).collect()
}

fn left_contract(value: NodeRef<'_>) -> Finding {
    let text = visible(value.as_str().unwrap_or_default());
    let message = format!("`{text}` leads out of the contract, which must be whole in itself");
    let help = "write what it names into the contract, under `components`";
    diagnostic(EXTERNAL, place(value), message, help)
}

impl Gate for Verifier {
    fn judge(&self, offer: Offer<'_>) -> Judgement {
        let base = offer.base.map(|bytes| self.describe(bytes));
        let revision = self.describe(offer.revision);
        let judged = self.decide(base.as_ref(), &revision, offer);
        let canonical = reemit(&revision);
        let mut unwritable = self.unwritable(revision.entry(), canonical.as_deref());
        let said = |place: &Place| {
            let errors = judged.lint.findings.iter().filter(|it| it.severity == Severity::Error);
            errors.map(|it| &it.place).any(|it| it.pointer == place.pointer)
        };
        unwritable.extend(external(&revision).into_iter().filter(|it| !said(&it.place)));
        let canonical = canonical.map(String::into_bytes);
        let mut judgement =
            Judgement { canonical, verdict: judged.verdict, findings: judged.lint.findings };
        judgement.add(unwritable);
        let Some(passed) = judgement.passed() else { return judgement };
        let written = self.decide(base.as_ref(), &self.describe(passed), offer);
        judgement.verdict = written.verdict;
        if judgement.verdict.outcome == Outcome::Bounce {
            judgement.findings = written.lint.findings;
        }
        judgement
    }
}
