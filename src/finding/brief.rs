//! What helps to repair, and nothing else: the form in which an agent is told.
//!
//! * **Shape.** [`causes`] puts findings that say the same together, the gravest first;
//!   [`Cause::to_value`] is one of them as data, in which whatever comes from a document is inside
//!   a string.

use std::collections::HashMap;

use crate::document::Value;

use super::{Class, Finding, Fix, PatchOperation, Safety, Severity};

/// How many further places of a cause are named.
const ALSO_MAX: usize = 20;

/// Findings of one rule that say the same of several places.
#[derive(Debug)]
pub struct Cause<'f> {
    /// The place of the first among all findings.
    pub at: usize,
    /// The first.
    pub finding: &'f Finding,
    /// The others, in their order.
    pub also: Vec<&'f Finding>,
}

/// The causes behind some findings: the gravest first, then those of the most places.
pub fn causes(findings: &[Finding]) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut known: HashMap<(&str, Severity, &str), usize> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let key = (&*finding.rule, finding.severity, finding.message.as_str());
        let cause = known.get(&key).and_then(|cause| causes.get_mut(*cause));
        if let Some(cause) = cause {
            cause.also.push(finding);
            continue;
        }
        known.insert(key, causes.len());
        causes.push(Cause { at, finding, also: Vec::new() });
    }
    let class = |class: Class| Class::ALL.iter().position(|it| *it == class);
    causes.sort_by_key(|cause| {
        let finding = cause.finding;
        (finding.severity, class(finding.class), usize::MAX - cause.also.len())
    });
    causes
}

impl Cause<'_> {
    /// The cause as data, with the object around it where that is at hand.
    pub fn to_value(&self, object: Option<&str>) -> Value {
        let finding = self.finding;
        let mut members = vec![
            ("rule", Value::from(&*finding.rule)),
            ("severity", Value::from(finding.severity.as_str())),
            ("class", Value::from(finding.class.as_str())),
            ("message", Value::from(finding.message.as_str())),
        ];
        members.extend(place(finding));
        let maybe = [
            ("found", finding.found.clone()),
            ("expected", finding.expected.clone()),
            ("witness", finding.witness.clone()),
            ("help", finding.help.as_deref().map(Value::from)),
            ("fix", finding.fix.as_ref().map(fix)),
            ("object", object.map(Value::from)),
        ];
        members.extend(maybe.into_iter().filter_map(|(key, value)| Some((key, value?))));
        if !self.also.is_empty() {
            let also = self.also.iter().take(ALSO_MAX).map(|it| self.further(it));
            members.push(("also", Value::Array(also.collect())));
        }
        if let Some(more) = self.also.len().checked_sub(ALSO_MAX).filter(|more| *more > 0) {
            members.push(("more", Value::from(more as u64)));
        }
        Value::object(members)
    }

    /// A further place: where it is, and how it is repaired.
    fn further(&self, finding: &Finding) -> Value {
        let is_elsewhere = finding.place.path != self.finding.place.path;
        let own = place(finding).into_iter().filter(|(key, _)| *key != "at" || is_elsewhere);
        let fix = finding.fix.as_ref().map(|it| ("fix", fix(it)));
        Value::object(own.chain(fix))
    }
}

fn place(finding: &Finding) -> [(&'static str, Value); 3] {
    [
        ("at", Value::from(&*finding.place.path)),
        ("pointer", Value::from(finding.place.pointer.as_str())),
        ("line", Value::from(u64::from(finding.place.range.start.line))),
    ]
}

/// A fix as a JSON Patch, and whether it has to be looked at.
fn fix(fix: &Fix) -> Value {
    let safety = match fix.safety {
        Safety::Safe => "safe",
        Safety::NeedsReview => "needs-review",
    };
    let patch = fix.patch.iter().map(operation).collect();
    Value::object([("safety", Value::from(safety)), ("patch", Value::Array(patch))])
}

fn operation(operation: &PatchOperation) -> Value {
    let mut members = vec![("op", Value::from(operation.op))];
    members.extend(operation.from.as_deref().map(|from| ("from", Value::from(from))));
    members.push(("path", Value::from(operation.path.as_str())));
    members.extend(operation.value.clone().map(|value| ("value", value)));
    Value::object(members)
}
