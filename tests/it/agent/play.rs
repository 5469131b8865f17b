//! A negotiation of two embedded agents, through the real protocol and the real verifier.

use treaty::{
    charter::{Charter, Mandate, PartyIndex},
    document::{Document, Limits, NodeRef, Value, sha256_hex},
    finding::{Class, Digests, Finding, Outcome as Passed, Place, Severity, Verdict},
    negotiate::{
        Act, Effect, Event, Gate, Judgement, Listener, Offer, Outcome, Seat, State, Table, What,
        step,
    },
    openapi::{Description, NoFiles},
    ruleset::{Profile, Ruleset},
    seat::EmbeddedSeat,
    verify,
};

/// The verifier under `treaty:contract`, and who owns what.
pub(crate) struct TestGate {
    ruleset: Ruleset,
    /// What each party owns by the charter.
    owned: Vec<(String, String)>,
}

impl TestGate {
    pub(crate) fn new(charter: &Charter) -> Self {
        let parties = charter.parties.iter();
        let owned = parties.flat_map(|party| {
            party.owns.iter().map(|it| (party.name.to_string(), it.as_str().to_owned()))
        });
        Self { ruleset: Ruleset::built_in(Profile::Contract), owned: owned.collect() }
    }

    /// What is wrong with a contract by itself.
    pub(crate) fn findings(&self, text: &str) -> Vec<Finding> {
        let bytes = text.as_bytes().to_vec();
        let description = Description::load("openspec.yaml", bytes, &NoFiles, &Limits::default());
        verify::lint(&description, &self.ruleset, &verify::Options::default()).findings
    }

    /// The places that somebody else owns and that the revision changes.
    fn trespasses(&self, base: &Value, revision: &Value, proposer: &str) -> Vec<String> {
        let mut owned: Vec<(String, String)> = self.owned.clone();
        collect_owned(base, String::new(), &mut owned);
        owned.retain(|(owner, place)| owner != proposer && base.at(place).is_some());
        owned.retain(|(_, place)| base.at(place) != revision.at(place));
        owned.into_iter().map(|(_, place)| place).collect()
    }
}

fn collect_owned(value: &Value, place: String, owned: &mut Vec<(String, String)>) {
    if let Some(owner) = value.get("x-owner").and_then(Value::as_str) {
        owned.push((owner.to_owned(), place.clone()));
    }
    for (key, member) in value.members() {
        collect_owned(member, treaty::document::pointer::join(&place, key), owned);
    }
    for (at, item) in value.items().iter().enumerate() {
        collect_owned(item, format!("{place}/{at}"), owned);
    }
}

pub(crate) fn value_of(text: &str) -> Value {
    let document = Document::parse("openspec.yaml", text.into(), &Limits::default());
    document.root().map_or(Value::Null, NodeRef::to_value)
}

impl Gate for TestGate {
    fn judge(&self, offer: Offer<'_>) -> Judgement {
        let Offer { base, revision: proposal, proposer, .. } = offer;
        let text = String::from_utf8(proposal.to_vec()).unwrap();
        let revision = value_of(&text);
        let canonical = revision.to_yaml();
        let mut findings = self.findings(&canonical);
        if let Some(base) = base {
            let base = value_of(std::str::from_utf8(base).unwrap());
            let document = Document::parse("openspec.yaml", text.into(), &Limits::default());
            let places = self.trespasses(&base, &revision, proposer);
            findings.extend(places.iter().map(|place| trespass(&document, place)));
        }
        let reasons = findings.iter().filter(|it| it.severity == Severity::Error);
        let reasons: Vec<String> = reasons.map(|it| it.id.clone()).collect();
        let outcome = if reasons.is_empty() { Passed::Pass } else { Passed::Bounce };
        let digests = Digests {
            base: base.map(sha256_hex),
            revision: sha256_hex(proposal),
            charter: None,
            ruleset: self.ruleset.sha256().to_owned(),
        };
        let proposer = Some(proposer.to_owned());
        let verdict = Verdict { outcome, reasons, proposer, digests };
        Judgement { canonical: Some(canonical.into_bytes()), verdict, findings }
    }
}

fn trespass(document: &Document, place: &str) -> Finding {
    let node = document.at(place).or(document.root()).unwrap();
    Finding {
        id: format!("owned {place}"),
        rule: "foreign-owner".into(),
        severity: Severity::Error,
        class: Class::Violation,
        message: "somebody else owns this".to_owned(),
        place: Place {
            path: document.path().into(),
            pointer: place.to_owned(),
            range: document.range(node.span()),
        },
        related: Vec::new(),
        help: None,
        found: None,
        expected: None,
        witness: None,
        fix: None,
        source: "test".into(),
    }
}

/// How a negotiation went.
pub(crate) struct Game {
    pub(crate) charter: Charter,
    pub(crate) mandates: [Mandate; 2],
    pub(crate) outcome: Outcome,
    /// The contract on the table at the end.
    pub(crate) contract: Option<String>,
    /// What crossed and what went back, a line each.
    pub(crate) story: Vec<String>,
    /// The rules that bounced proposals, by turn.
    pub(crate) bounces: Vec<(u32, Vec<String>)>,
    /// Everything that crossed.
    pub(crate) crossed: String,
    /// Every proposal as it was judged, passed or not.
    pub(crate) proposals: Vec<String>,
}

/// Plays a negotiation to its end.
pub(crate) fn play(charter: &str, briefs: [&str; 2]) -> Game {
    let charter = Charter::parse("treaty.yaml", charter.as_bytes()).unwrap();
    let parse = |brief: &str| {
        Mandate::parse("brief.yaml", brief.as_bytes(), Some(charter.names()))
            .unwrap_or_else(|error| panic!("{error}\n{brief}"))
    };
    let mandates = briefs.map(parse);
    let gate = TestGate::new(&charter);
    let mut state = State::new(Table::new(&charter, "0", 0));
    let mut seats = mandates.clone().map(EmbeddedSeat::new);
    let (mut story, mut bounces, mut proposals) = (Vec::new(), Vec::new(), Vec::new());
    let mut crossed = String::new();
    while let Some(request) = state.request() {
        let holder = state.holder;
        let said = holder.of_mut(&mut seats).answer(&request).unwrap();
        let listener = Listener {
            parties: charter.names(),
            private_terms: &holder.of(&mandates).private_terms,
            gate: &gate,
        };
        let heard = listener.hear(&state, Ok(&said));
        if let treaty::negotiate::Heard::Proposal(proposal) = &heard {
            proposals.push(proposal.judged.document.clone());
        }
        let (next, effects) = step(state, Event { time: 0, took_ms: 1, heard });
        for effect in effects {
            let Effect::Share(entry) = effect else { continue };
            let party = PartyIndex::of(entry.party, &charter.parties).name.to_string();
            if let What::Bounce { rules, .. } = &entry.what {
                bounces.push((entry.turn, rules.clone()));
            }
            if let What::Act(act) = &entry.what {
                crossed.push_str(&act.body.to_json());
            }
            story.push(format!("{} {party} {}", entry.turn, line(&entry.what)));
        }
        state = next;
        crossed.push_str(state.head().map_or("", |head| &head.document));
    }
    let outcome = state.outcome.clone().unwrap();
    let contract = state.head().map(|head| head.document.clone());
    Game { charter, mandates, outcome, contract, story, bounces, crossed, proposals }
}

fn line(what: &What) -> String {
    match what {
        What::Act(act) => {
            let body = if act.kind == treaty::negotiate::ActKind::Propose {
                act.body.get("note").and_then(Value::as_str).unwrap_or_default().to_owned()
            } else if act.kind == treaty::negotiate::ActKind::Accept {
                String::new()
            } else {
                act.body.to_json()
            };
            format!("{}{} {body}", act.kind.as_str(), if act.final_offer { " (final)" } else { "" })
        }
        What::Bounce { rules, count, .. } => format!("bounced: {count} of {}", rules.join(", ")),
        What::Stopped { .. } => "stopped".to_owned(),
        What::Fault { word, .. } => format!("fault: {word}"),
        What::Forfeit => "forfeited".to_owned(),
        What::FinalOffers { reason } => format!("final offers: {reason}"),
        What::End(outcome) => format!("{}: {}", outcome.kind.as_str(), outcome.reason),
    }
}

/// What an agent would answer to the very first question.
pub(crate) fn first_word(charter: &str, brief: &str) -> Act {
    let charter = Charter::parse("treaty.yaml", charter.as_bytes()).unwrap();
    let mandate = Mandate::parse("brief.yaml", brief.as_bytes(), None).unwrap();
    let state = State::new(Table::new(&charter, "0", 0));
    treaty::seat::agent::decide(&mandate, &state.request().unwrap())
}
