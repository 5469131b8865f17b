//! The verifier: every rule in force over one description.
//!
//! * **Shape.** [`lint`] is a function of the description and the ruleset; a check states facts
//!   as drafts, and what its rule knows is added here.
//! * **Units.** At most [`Options::findings_max`] findings are kept, the gravest; all are counted.
//! * **Errors.** None: what could not be checked is a finding of class `undecided`, or is counted
//!   in [`Lint::coverage`].

mod checks;
mod context;
mod faults;
mod finish;
mod schemas;
mod sink;

use std::collections::BTreeSet;

use crate::{
    finding::{Counts, Coverage, Draft, Finding, Severity, Tally},
    openapi::{Description, State, Walk},
    ruleset::Ruleset,
};

use context::Context;
use finish::Finisher;
use sink::Sink;

/// What a run takes into account beside the rules.
pub struct Options<'o> {
    /// How many findings are kept.
    pub findings_max: usize,
    /// Formats that the parties have agreed on beside the registered ones.
    pub formats: &'o [String],
    /// How many steps the comparison of all paths with each other may take.
    pub path_steps: usize,
    /// Says when to stop: asked between the steps of the work.
    pub stop: &'o dyn Fn() -> bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { findings_max: 10_000, formats: &[], path_steps: 2_000_000, stop: &|| false }
    }
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Options").field("findings_max", &self.findings_max).finish()
    }
}

/// What was found in one description.
#[derive(Debug, Default)]
pub struct Lint {
    /// The findings, sorted by path, offset and rule.
    pub findings: Vec<Finding>,
    /// The findings that were counted but not kept.
    pub omitted: Counts,
    /// What was looked at.
    pub coverage: Coverage,
    /// The work was stopped before it was done.
    pub stopped: bool,
}

/// Verifies a description by the rules in force.
pub fn lint(description: &Description, ruleset: &Ruleset, options: &Options<'_>) -> Lint {
    let mut finisher = Finisher::new(ruleset, options.findings_max);
    for document in description.documents() {
        faults::report(document, description, &mut finisher);
    }
    if matches!(description.state(), State::Empty) {
        return finisher.finish(Coverage::default(), false);
    }
    let walk = Walk::new(description);
    let mut coverage = Coverage::default();
    count(&walk, &mut coverage);
    let mut sink = Sink::new(ruleset);
    sink.take(&walk);
    let context = Context::new(&walk, options);
    let mut stopped = (options.stop)();
    let wanted: BTreeSet<&str> = ruleset.rules().filter_map(|(rule, _)| rule.check()).collect();
    for (name, check) in checks::CHECKS {
        stopped = stopped || (options.stop)();
        if !stopped && wanted.contains(name) {
            check(&context, &mut sink, &mut coverage);
        }
    }
    finisher.take(sink, description);
    finisher.finish(coverage, stopped)
}

/// Makes findings of what another floor states about a description.
pub fn complete(
    drafts: Vec<Draft<'_>>,
    description: &Description,
    ruleset: &Ruleset,
) -> Vec<Finding> {
    let mut finisher = Finisher::new(ruleset, usize::MAX);
    let mut sink = Sink::new(ruleset);
    for draft in drafts {
        sink.push(draft);
    }
    finisher.take(sink, description);
    finisher.finish(Coverage::default(), false).findings
}

impl Lint {
    /// Adds findings and puts all of them in order.
    pub fn add(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        finish::sort(&mut self.findings);
    }
}

/// Says how much the walk went through.
fn count(walk: &Walk<'_>, coverage: &mut Coverage) {
    use crate::openapi::{Kind, Target};
    let tally = |checked| Tally { checked, undecided: 0 };
    coverage.add("operations", tally(walk.operations().len()));
    coverage.add("schemas", tally(walk.visits(Kind::Schema).len()));
    let references = walk.references();
    let unread = references.iter().filter(|it| matches!(it.target, Target::Unread(..))).count();
    let checked = references.len() - unread;
    coverage.add("references", Tally { checked, undecided: unread });
}

/// The severities that count as gravest first.
const GRAVEST_FIRST: [Severity; 4] = Severity::ALL;
