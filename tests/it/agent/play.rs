//! A negotiation of two embedded agents, through the real protocol and the real verifier.

use treaty::{
    boundary::Vocabulary,
    charter::{Charter, Mandate, PartyIndex},
    document::{Document, Limits, NodeRef, Value},
    finding::Finding,
    negotiate::{
        Act, ActKind, Effect, Event, Listener, Outcome, Seat, State, Table, Verifier, What, step,
    },
    openapi::{Description, NoFiles},
    ruleset::{Profile, Ruleset},
    seat::{EmbeddedSeat, agent::decide},
    verify,
};

/// What a lint by the default rules finds in a contract.
pub(crate) fn lint(text: &str) -> Vec<Finding> {
    let bytes = text.as_bytes().to_vec();
    let description = Description::load("openspec.yaml", bytes, &NoFiles, &Limits::default());
    let ruleset = Ruleset::built_in(Profile::Recommended);
    verify::lint(&description, &ruleset, &verify::Options::default()).findings
}

pub(crate) fn value_of(text: &str) -> Value {
    let document = Document::parse("openspec.yaml", text.into(), &Limits::default());
    document.root().map_or(Value::Null, NodeRef::to_value)
}

/// How a negotiation went.
pub(crate) struct Game {
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
}

/// Plays a negotiation to its end.
pub(crate) fn play(charter: &str, briefs: [&str; 2]) -> Game {
    let bytes = charter.as_bytes();
    let charter = Charter::parse("treaty.yaml", bytes).unwrap();
    let parse = |brief: &str| {
        Mandate::parse("brief.yaml", brief.as_bytes(), Some(&charter))
            .unwrap_or_else(|error| panic!("{error}\n{brief}"))
    };
    let mandates = briefs.map(parse);
    let vocabularies = [0, 1].map(|at| Vocabulary::new(&mandates[at].private_terms));
    let gate = Verifier::new(&charter, bytes).unwrap();
    let mut state = State::new(Table::new(&charter, "0", 0));
    let mut seats = mandates.clone().map(EmbeddedSeat::new);
    let (mut story, mut bounces) = (Vec::new(), Vec::new());
    let mut crossed = String::new();
    while let Some(request) = state.request() {
        let holder = state.holder;
        let said = holder.of_mut(&mut seats).answer(&request).unwrap();
        let listener = Listener {
            parties: charter.names(),
            private_terms: holder.of(&vocabularies),
            gate: &gate,
        };
        let heard = listener.hear(&state, Ok(&said));
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
    Game { mandates, outcome, contract, story, bounces, crossed }
}

fn line(what: &What) -> String {
    match what {
        What::Act(act) => {
            let body = if act.kind == ActKind::Propose {
                act.body.get("note").and_then(Value::as_str).unwrap_or_default().to_owned()
            } else if act.kind == ActKind::Accept {
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
    decide(&mandate, &state.request().unwrap())
}
