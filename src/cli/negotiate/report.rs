//! How a negotiation ended: for people, and as the JSON object of version 1.

use crate::{
    charter::PartyIndex,
    document::Value,
    negotiate::{NamedConstraint, OutcomeKind, State, json_line, must, one_line},
};

use super::{
    Finished, Format, NegotiateError, Place,
    inputs::shown,
    view::{Tone, View},
};

/// Prints the outcome.
pub fn report(
    finished: &Finished,
    place: &Place,
    charter: &crate::charter::Charter,
    format: Format,
    mut view: View<'_>,
) -> Result<(), NegotiateError> {
    if format == Format::Json {
        let contract = charter.contract.as_str();
        return Ok(view.plain(&json_line(&json(finished, place, contract)))?);
    }
    if !view.is_shown() {
        return Ok(());
    }
    let kind = finished.outcome.kind;
    let tone = Tone::of_end(kind);
    let before =
        if finished.before { " (this run had ended before; nothing was done)" } else { "" };
    let turns = finished.turns;
    let turns = if turns == 1 { "1 turn".to_owned() } else { format!("{turns} turns") };
    let reason = one_line(&finished.outcome.reason);
    view.line(tone, &format!("{} after {turns}: {reason}{before}", kind.as_str()))?;
    for named in &finished.outcome.constraints {
        view.line(Tone::Plain, &format!("  {}", sentence(named, &finished.state)))?;
    }
    let repository = shown(&place.repository);
    if finished.state.head().is_some() {
        let what = if kind == OutcomeKind::Agreed { "contract" } else { "last head" };
        view.line(Tone::Plain, &format!("  {what:9} {repository}/{}", charter.contract))?;
    }
    view.line(Tone::Plain, &format!("  dialogue  {repository}/{}", charter.transcript))?;
    view.line(Tone::Plain, &format!("  history   git -C {repository} log"))?;
    view.line(Tone::Plain, &format!("  private   {}/", shown(&place.private)))?;
    Ok(())
}

fn sentence(named: &NamedConstraint, state: &State) -> String {
    let place = state.name_of(&named.constraint.pointer);
    format!("{} says of {place}: {}", named.party, must(&named.constraint))
}

/// The report as JSON.
fn json(finished: &Finished, place: &Place, contract: &str) -> Value {
    let count = |of: fn(&crate::negotiate::SeatState) -> u32| {
        let members = PartyIndex::BOTH.map(|party| {
            let number = of(party.of(&finished.state.seats));
            (party.of(&finished.parties).clone(), Value::from(u64::from(number)))
        });
        Value::object(members)
    };
    let repository = shown(&place.repository);
    let contract = finished.state.head().map_or(Value::Null, |head| {
        Value::object([
            ("path", Value::from(format!("{repository}/{contract}"))),
            ("sha256", Value::from(head.sha256.as_str())),
        ])
    });
    let outcome = &finished.outcome;
    let constraints = outcome.constraints.iter().map(NamedConstraint::to_value).collect();
    Value::object([
        ("version", Value::from(1_u64)),
        ("outcome", Value::from(outcome.kind.as_str())),
        ("exit", Value::from(u64::from(outcome.kind.exit_code()))),
        ("reason", Value::from(outcome.reason.as_str())),
        ("constraints", Value::Array(constraints)),
        ("contract", contract),
        ("turns", Value::from(u64::from(finished.turns))),
        ("bounces", count(|seat| seat.bounces)),
        ("faults", count(|seat| seat.faults)),
        ("repository", Value::from(repository)),
    ])
}
