//! The story of a negotiation in words: for the transcript, the commits and the terminal.
//!
//! * **Shape.** One sentence says what an entry is. What an agent said is quoted on lines of
//!   its own that begin with ` | `, invisible characters escaped, so that no agent can forge a
//!   line of the story, nor an annotation of a build system.

use std::fmt::Write as _;

use crate::{
    charter::{Charter, Date, PartyIndex},
    document::{Value, visible},
};

use super::{
    act::{ActKind, Constraint, ConstraintKind},
    event::{Crossed, Entry, What},
    words::{is_requirement, place_in_words},
};

/// Tells the story of one charter's negotiation.
#[derive(Clone, Copy, Debug)]
pub struct Teller<'a> {
    /// The charter.
    pub charter: &'a Charter,
}

impl<'a> Teller<'a> {
    /// The agent's name.
    pub fn agent(self, party: PartyIndex) -> &'a str {
        self.charter.party(party).agent.as_str()
    }

    /// What an entry says, on one line, without who and when.
    pub fn sentence(self, entry: &Entry) -> String {
        match &entry.what {
            What::Act(crossed) => self.act(crossed),
            What::Bounce { sha256, rules, count, left } => format!(
                "has its proposal {} sent back: {} ({}); {}",
                short(sha256),
                counted(*count, "finding", "findings"),
                rules.join(", "),
                tries(*left)
            ),
            What::Stopped { left } => {
                format!("is stopped by its own boundary check; {}", tries(*left))
            }
            What::Fault { word, left } => format!("makes a fault ({word}); {left} left"),
            What::Forfeit => "forfeits the turn".to_owned(),
            What::FinalOffers { reason } => format!("calls for final offers: {reason}"),
            What::End(outcome) => {
                let reason = one_line(&outcome.reason);
                format!("{}: {reason}", outcome.kind.as_str())
            }
        }
    }

    fn act(self, crossed: &Crossed) -> String {
        let raw = |key: &str| crossed.body.get(key).and_then(Value::as_str).unwrap_or_default();
        let text = |key: &str| one_line(raw(key));
        let place = |key: &str| crossed.name_of(raw(key));
        match crossed.kind {
            ActKind::Propose => {
                let what = match (&crossed.base, crossed.final_offer) {
                    (_, true) => "makes its final offer",
                    (None, false) => "proposes",
                    (Some(_), false) => "counters with",
                };
                format!("{what} {} {}", self.charter.contract, short(&text("sha256")))
            }
            ActKind::Accept => {
                format!("accepts {} {}", self.charter.contract, short(&text("sha256")))
            }
            ActKind::Ask => format!("asks about {}", place("pointer")),
            ActKind::Answer => format!("answers about {}", place("pointer")),
            ActKind::Decline => {
                let said = crossed.constraints.iter().map(|it| {
                    if it.pointer == raw("issue") {
                        must(it)
                    } else {
                        format!("{}: {}", crossed.name_of(&it.pointer), must(it))
                    }
                });
                let said = said.collect::<Vec<_>>().join("; ");
                format!("declines {} ({}): {said}", place("issue"), text("reason_code"))
            }
            ActKind::Reopen => format!("reopens {}", place("issue")),
            ActKind::Escalate => "hands the matter to people".to_owned(),
            ActKind::Withdraw => "withdraws its proposal".to_owned(),
            ActKind::Exit => "leaves the table".to_owned(),
        }
    }

    /// What the agent said in its own words, one string for each line.
    pub fn quote(self, entry: &Entry) -> Vec<String> {
        let What::Act(crossed) = &entry.what else { return Vec::new() };
        ["note", "question", "answer", "reason"]
            .into_iter()
            .filter_map(|key| crossed.body.get(key).and_then(Value::as_str))
            .flat_map(|text| text.split('\n'))
            .map(one_line)
            .collect()
    }

    /// Who an entry is about: an agent, or `treaty` itself.
    pub fn speaker(self, entry: &Entry) -> &'a str {
        match entry.what {
            What::FinalOffers { .. } | What::End(_) => "treaty",
            _ => self.agent(entry.party),
        }
    }

    /// The line and the quotes of an entry, as the transcript has them.
    pub fn paragraph(self, entry: &Entry) -> String {
        let (time, who, what) = (utc(entry.time), self.speaker(entry), self.sentence(entry));
        let mut text = format!("{time} turn {} {who} {what}\n", entry.turn);
        for line in self.quote(entry) {
            let _ = writeln!(text, "{}", format!("    | {line}").trim_end());
        }
        if let What::Act(crossed) = &entry.what {
            for settled in &crossed.settled {
                let _ = writeln!(text, "    settled: {}", crossed.name_of(settled));
            }
        }
        text
    }

    /// How the transcript begins.
    pub fn opening(self, session: &str, time: u64) -> String {
        let contract = &self.charter.contract;
        let mut text = format!("Negotiation of {contract}, session {session}\n");
        for party in PartyIndex::BOTH {
            let first = if party == PartyIndex::First { ", opens" } else { "" };
            let name = &self.charter.party(party).name;
            let _ = writeln!(text, "    {name}: {}{first}", self.agent(party));
        }
        let _ = writeln!(text, "\n{} the charter stands", utc(time));
        text
    }
}

/// What a constraint says of its place, in words.
pub fn must(constraint: &Constraint) -> String {
    let value = one_line(&constraint.value.to_json());
    match constraint.kind {
        ConstraintKind::Required if is_requirement(&constraint.pointer) => {
            "it must be required".to_owned()
        }
        ConstraintKind::Forbidden if is_requirement(&constraint.pointer) => {
            "it must not be required".to_owned()
        }
        ConstraintKind::Required => "it must be there".to_owned(),
        ConstraintKind::Forbidden => "it must not be there".to_owned(),
        ConstraintKind::Type => format!("its type must be {value}"),
        ConstraintKind::Owner => format!("it must belong to {value}"),
    }
}

impl Crossed {
    /// What a place that the act names is called.
    fn name_of(&self, place: &str) -> String {
        self.names.get(place).cloned().unwrap_or_else(|| place_in_words(place, None))
    }
}

fn tries(left: u32) -> String {
    if left == 0 {
        "no try left".to_owned()
    } else {
        counted(left as usize, "try left", "tries left")
    }
}

/// `1 finding`, `2 findings`.
pub(super) fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// The first twelve characters of a digest.
pub(super) fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

/// A text on one line: line feeds and invisible characters escaped, and nothing that a build
/// system takes for a command.
pub fn one_line(text: &str) -> String {
    visible(text).replace('\n', "\\n").replace("##[", "#\\u{23}[")
}

/// A time as `2026-11-24T12:00:00Z`.
pub fn utc(seconds: u64) -> String {
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", Date::of_seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_564_799, "2026-11-24T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc(seconds), text);
        }
    }

    #[test]
    fn a_line_stays_a_line() {
        assert_eq!(one_line("a\nb\u{202e}\u{1b}[31m##[x"), "a\\nb\\u{202e}\\u{1b}[31m#\\u{23}[x");
    }
}
