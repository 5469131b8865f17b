//! The shared journal: one JSON object a line, each with the digest of the line before it.
//!
//! * **Shape.** It holds what both sides may see: accepted acts with their public verdicts,
//!   and of a bounce who, the digest, the public rules and their number. A bounce by the
//!   proposer's own check shows only that it was stopped.
//! * **Units.** `time` in seconds since 1970; `act` is the number of the answer, from 1.

use std::fmt::Write as _;

use crate::{
    charter::{Charter, PartyIndex},
    document::{Value, is_invisible, sha256_hex},
    finding::{Outcome as Passes, Verdict},
};

use super::{
    event::{Crossed, Entry, What},
    issue::NamedConstraint,
    state::Table,
};

/// The journal as it grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    text: String,
    prev: String,
}

impl Journal {
    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first line: who sits at which table, under which charter.
    pub fn begin(&mut self, table: &Table, charter: &Charter, charter_sha256: &str, time: u64) {
        let party = |index: PartyIndex| {
            let party = charter.party(index);
            Value::object([
                ("party", Value::from(party.name.as_str())),
                ("agent", Value::from(party.agent.as_str())),
            ])
        };
        self.add(vec![
            ("type", Value::from("session")),
            ("session", Value::from(table.session.as_str())),
            ("time", Value::from(time)),
            ("charter", Value::from(charter_sha256)),
            ("parties", Value::Array(PartyIndex::BOTH.map(party).into())),
        ]);
    }

    /// One more line.
    pub fn enter(&mut self, table: &Table, entry: &Entry) {
        let (word, rest) = said(&entry.what);
        let mut members = vec![
            ("type", Value::from(word)),
            ("act", Value::from(entry.act)),
            ("time", Value::from(entry.time)),
            ("turn", Value::from(u64::from(entry.turn))),
            ("party", Value::from(table.party(entry.party))),
        ];
        members.extend(rest);
        self.add(members);
    }

    fn add(&mut self, members: Vec<(&str, Value)>) {
        let first = ("v", Value::from(1_u64));
        let last = ("prev", Value::from(self.prev.as_str()));
        let line = Value::object([first].into_iter().chain(members).chain([last]));
        let line = json_line(&line);
        self.prev = sha256_hex(line.as_bytes());
        self.text.push_str(&line);
        self.text.push('\n');
    }
}

fn said(what: &What) -> (&'static str, Vec<(&'static str, Value)>) {
    match what {
        What::Act(crossed) => ("act", act(crossed)),
        What::Bounce { sha256, rules, count, left: _ } => {
            let rules: Vec<_> = rules.iter().map(|rule| Value::from(rule.as_str())).collect();
            let members = vec![
                ("sha256", Value::from(sha256.as_str())),
                ("rules", Value::Array(rules)),
                ("count", Value::from(*count as u64)),
            ];
            ("bounce", members)
        }
        What::Stopped { left: _ } => ("stopped", Vec::new()),
        What::Fault { word, left: _ } => ("fault", vec![("fault", Value::from(*word))]),
        What::Forfeit => ("forfeit", Vec::new()),
        What::FinalOffers { reason } => {
            ("final-offers", vec![("reason", Value::from(reason.as_str()))])
        }
        What::End(outcome) => {
            let constraints = outcome.constraints.iter().map(NamedConstraint::to_value).collect();
            let members = vec![
                ("outcome", Value::from(outcome.kind.as_str())),
                ("reason", Value::from(outcome.reason.as_str())),
                ("constraints", Value::Array(constraints)),
            ];
            ("outcome", members)
        }
    }
}

fn act(crossed: &Crossed) -> Vec<(&'static str, Value)> {
    let digest = |it: &Option<String>| it.as_deref().map_or(Value::Null, Value::from);
    let mut members = vec![
        ("kind", Value::from(crossed.kind.as_str())),
        ("base", digest(&crossed.base)),
        ("head", digest(&crossed.head)),
        ("body", crossed.body.clone()),
    ];
    if crossed.final_offer {
        members.push(("final_offer", Value::Bool(true)));
    }
    if !crossed.settled.is_empty() {
        let settled = crossed.settled.iter().map(|it| Value::from(it.as_str())).collect();
        members.push(("settled", Value::Array(settled)));
    }
    if let Some(verdict) = &crossed.verdict {
        members.push(("verdict", public(verdict)));
    }
    members
}

/// A verdict as both sides may see it.
fn public(verdict: &Verdict) -> Value {
    let digest = |it: &Option<String>| it.as_deref().map_or(Value::Null, Value::from);
    let outcome = match verdict.outcome {
        Passes::Pass => "pass",
        Passes::Bounce => "bounce",
    };
    Value::object([
        ("outcome", Value::from(outcome)),
        (
            "digests",
            Value::object([
                ("base", digest(&verdict.digests.base)),
                ("revision", Value::from(verdict.digests.revision.as_str())),
                ("charter", digest(&verdict.digests.charter)),
                ("ruleset", Value::from(verdict.digests.ruleset.as_str())),
            ]),
        ),
    ])
}

/// JSON on one line, with invisible characters as escapes.
pub fn json_line(value: &Value) -> String {
    let json = value.to_json();
    if !json.chars().any(is_invisible) {
        return json;
    }
    let mut line = String::with_capacity(json.len() + 32);
    for char in json.chars() {
        if is_invisible(char) {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                let _ = write!(line, "\\u{unit:04x}");
            }
        } else {
            line.push(char);
        }
    }
    line
}
