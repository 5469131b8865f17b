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
mod kinds;
mod samples;
mod schemas;
mod scope;
mod sink;

use std::collections::BTreeSet;

use crate::{
    finding::{Counts, Coverage, Draft, Finding, Severity, Tally},
    openapi::{Description, State, Walk},
    ruleset::Ruleset,
};

use context::Context;
use finish::Finisher;
use scope::Sieve;
use sink::Sink;

pub use scope::{Allowed, Knowing, Placing, Scope, Used, X_TREATY_ALLOW};

/// What a run takes into account beside the rules.
pub struct Options<'o> {
    /// How many findings are kept.
    pub findings_max: usize,
    /// Formats that the parties have agreed on beside the registered ones.
    pub formats: &'o [String],
    /// How many steps the comparison of all paths with each other may take.
    pub path_steps: usize,
    /// What is known of places, and of findings before this run.
    pub scope: Scope<'o>,
    /// Hears what is begun: the name of each check.
    pub begins: &'o dyn Fn(&'static str),
    /// Says when to stop: asked between the steps of the work.
    pub stop: &'o dyn Fn() -> bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            findings_max: 10_000,
            formats: &[],
            path_steps: 2_000_000,
            scope: Scope::default(),
            begins: &|_| (),
            stop: &|| false,
        }
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
    /// What was left out on purpose.
    pub used: Used,
    /// Each waiver of a document that nothing in this description needs, by the document's path
    /// and the waiver's place; the finding is one where no other description needs it.
    pub unused: Vec<Finding>,
}

/// Verifies a description by the rules in force.
pub fn lint(description: &Description, ruleset: &Ruleset, options: &Options<'_>) -> Lint {
    let mut sieve = Sieve::new(options.scope, description, ruleset);
    let faults = sieve.faults();
    let mut finisher = Finisher::new(ruleset, options.findings_max, Some(&sieve));
    (options.begins)("text");
    for document in description.documents() {
        faults::report(document, description, &mut finisher);
    }
    let mut coverage = Coverage::default();
    let mut stopped = false;
    let mut sink = Sink::new(ruleset);
    if !matches!(description.state(), State::Empty) {
        (options.begins)("walk");
        let walk = Walk::new(description);
        count(&walk, &mut coverage);
        sink.take(&walk);
        stopped = check(&walk, ruleset, options, &mut sink, &mut coverage);
    }
    (options.begins)("findings");
    for draft in faults {
        sink.push(draft);
    }
    finisher.take(sink, description);
    let mut lint = finisher.finish(coverage, stopped);
    let (used, unused) = sieve.finish(ruleset);
    lint.used = used;
    // What was not looked at may need it.
    lint.unused = if stopped { Vec::new() } else { complete(unused, description, ruleset) };
    lint
}

/// Runs the checks of the rules in force; says whether the time was over before the end.
fn check<'d>(
    walk: &Walk<'d>,
    ruleset: &Ruleset,
    options: &Options<'_>,
    sink: &mut Sink<'_, 'd>,
    coverage: &mut Coverage,
) -> bool {
    let context = Context::new(walk, options);
    let mut stopped = (options.stop)();
    let wanted: BTreeSet<&str> = ruleset.rules().filter_map(|(rule, _)| rule.check()).collect();
    for (name, check) in checks::CHECKS {
        stopped = stopped || (options.stop)();
        if !stopped && wanted.contains(name) {
            (options.begins)(name);
            check(&context, sink, coverage);
        }
    }
    stopped
}

/// Makes findings of what another floor states about a description.
pub fn complete(
    drafts: Vec<Draft<'_>>,
    description: &Description,
    ruleset: &Ruleset,
) -> Vec<Finding> {
    sift(drafts, description, ruleset, None)
}

/// Makes findings of what another floor states about a description, as far as a scope lets them.
pub fn complete_within(
    drafts: Vec<Draft<'_>>,
    description: &Description,
    ruleset: &Ruleset,
    scope: Scope<'_>,
) -> Vec<Finding> {
    let sieve = Sieve::new(scope, description, ruleset);
    sift(drafts, description, ruleset, Some(&sieve))
}

fn sift(
    drafts: Vec<Draft<'_>>,
    description: &Description,
    ruleset: &Ruleset,
    sieve: Option<&Sieve<'_, '_>>,
) -> Vec<Finding> {
    let mut finisher = Finisher::new(ruleset, usize::MAX, sieve);
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
