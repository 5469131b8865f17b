//! The gate: whether one side's revision may take the place of the base.
//!
//! * **Shape.** [`judge`] is a function of the base, the revision, the proposer and the charter;
//!   policy comes from the charter that the base stands under, never from the revision.
//! * **Errors.** None: whatever is wrong with the revision is a finding.
//! * **Source.** The charter's `owns`, `rules`, `policy` and `glossary`; `x-owner` in the base.

mod applied;
mod bearing;
mod comparison;
mod owners;
mod ownership;
mod reach;
mod redirected;
mod reemit;
mod statements;

use crate::{
    charter::{Directives, RuleLevel, Settings, Undecided},
    document::sha256_hex,
    finding::{Class, Counts, Digests, Finding, Outcome, Severity, Verdict},
    openapi::Description,
    ruleset::{Profile, Ruleset, UnknownRule},
    verify::{self, Allowed, Lint, Scope},
};

pub use reemit::reemit;

/// What a revision is judged by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms<'t> {
    /// The charter and its bytes; nothing where the base has none.
    pub charter: Option<(&'t Settings, &'t [u8])>,
    /// The party that proposes, where it is known.
    pub proposer: Option<&'t str>,
    /// What its owner has opened again, as RFC 6901 pointers.
    pub reopened: &'t [String],
}

/// A decision and all that it rests on.
#[derive(Debug)]
pub struct Judgement {
    /// The decision.
    pub verdict: Verdict,
    /// What was found in the revision, the gate's own findings included.
    pub lint: Lint,
}

/// The rules of a contract as the charter sets them, and what it says of places; waivers in a file
/// of their own are for the caller to read.
pub fn ruleset(charter: Option<&Settings>) -> Result<(Ruleset, Directives), UnknownRule> {
    let mut ruleset = Ruleset::built_in(Profile::Contract);
    let Some(charter) = charter else { return Ok((ruleset, Directives::default())) };
    for name in &charter.extends {
        let unknown = || UnknownRule { id: name.clone(), nearest: None };
        ruleset.include(Profile::from_name(name).ok_or_else(unknown)?);
    }
    for (rule, level) in &charter.rules {
        let severity = match level {
            RuleLevel::Off => None,
            RuleLevel::Is(severity) => Some(*severity),
        };
        ruleset.set(rule, severity)?;
    }
    let mut directives = Directives::new(&charter.overrides, charter.waivers.here());
    for (rule, _) in charter.overrides.iter().flat_map(|it| &it.rules) {
        ruleset.catalog().find(rule)?;
    }
    for waiver in charter.waivers.here() {
        ruleset.catalog().find(&waiver.rule)?;
    }
    directives.spread(|rule, severity| {
        let is_off = ruleset.rule(rule).is_none();
        is_off && ruleset.set(rule, Some(severity)).is_ok()
    });
    Ok((ruleset, directives))
}

/// Judges `revision` against `base`.
pub fn judge(
    base: Option<&Description>,
    revision: &Description,
    terms: Terms<'_>,
    ruleset: &Ruleset,
    options: &verify::Options<'_>,
) -> Judgement {
    let charter = terms.charter.map(|(charter, _)| charter);
    let formats = charter.map_or(options.formats, |charter| &charter.glossary.formats);
    // What the proposal itself waives counts for nothing.
    let allowed = base.map_or(Allowed::None, Allowed::Of);
    let scope = Scope { allowed, ..options.scope };
    let mut lint = verify::lint(revision, ruleset, &verify::Options { formats, scope, ..*options });
    let drafts = ownership::check(base, revision, terms);
    lint.add(verify::complete_within(drafts, revision, ruleset, scope));
    let undecided = charter.map_or(Undecided::Pass, |charter| charter.policy.undecided);
    let reasons: Vec<String> = lint
        .findings
        .iter()
        .filter(|finding| bounces(finding, undecided))
        .map(|finding| finding.id.clone())
        .collect();
    let bounced = !reasons.is_empty() || hidden(lint.omitted, undecided) || lint.stopped;
    let digests = Digests {
        base: base.map(|base| base.entry().sha256()),
        revision: revision.entry().sha256(),
        charter: terms.charter.map(|(_, bytes)| sha256_hex(bytes)),
        ruleset: ruleset.sha256().to_owned(),
        waivers: None,
    };
    let outcome = if bounced { Outcome::Bounce } else { Outcome::Pass };
    let proposer = terms.proposer.map(str::to_owned);
    Judgement { verdict: Verdict { outcome, reasons, proposer, digests }, lint }
}

/// Whether a finding sends a revision back.
fn bounces(finding: &Finding, undecided: Undecided) -> bool {
    if finding.class == Class::Undecided {
        return undecided == Undecided::Bounce;
    }
    finding.severity == Severity::Error
}

/// Whether a finding that was counted but not kept would send it back.
fn hidden(omitted: Counts, undecided: Undecided) -> bool {
    omitted.error > 0 || omitted.undecided > 0 && undecided == Undecided::Bounce
}
