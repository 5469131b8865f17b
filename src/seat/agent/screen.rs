//! The agent's own look at what it is about to say.

use crate::{
    boundary::Vocabulary,
    charter::Mandate,
    document::Value,
    negotiate::{Act, ConstraintKind, Egress, PROSE_CHARACTERS_MAX, TurnRequest},
};

use super::{
    difference::Change,
    note::NOTHING,
    write::{Words, Writer},
};

/// The act without what would be stopped: a private term, or a text that is too long.
/// A proposal's document is left to the check that stops it, and then repaired.
pub(super) fn screened(act: Act, mandate: &Mandate, request: &TurnRequest) -> Act {
    let vocabulary = Vocabulary::new(&mandate.private_terms);
    let TurnRequest { head, issues, last_act, .. } = request;
    let head = head.as_ref().map(|it| it.document.as_str());
    let egress = &Egress::new(&vocabulary, head, issues, last_act.as_ref());
    match act {
        Act::Propose { content, note } => {
            let note = note.filter(|note| !leaks_any(note, egress) && is_short(note));
            Act::Propose { content, note }
        }
        Act::Answer { pointer, answer } => {
            let safe = !leaks_any(&answer, egress) && is_short(&answer);
            let answer = if safe { answer } else { NOTHING.to_owned() };
            Act::Answer { pointer, answer }
        }
        Act::Decline { issue, reason_code, mut constraint, mut more } => {
            for constraint in std::iter::once(&mut constraint).chain(&mut more) {
                let value = &constraint.value;
                let optional = constraint.kind == ConstraintKind::Required;
                if optional && (leaks_in(value, egress) || !is_short(&value.to_json())) {
                    constraint.value = Value::Null;
                }
            }
            more.retain(|it| !leaks_in(&it.to_value(), egress));
            if leaks_in(&constraint.to_value(), egress) {
                let reason = "our brief stands against the contract on the table";
                return Act::Escalate { reason: reason.to_owned() };
            }
            Act::Decline { issue, reason_code, constraint, more }
        }
        other => other,
    }
}

/// What a change would add, so that the other side can add it itself, marks of ownership and
/// uniqueness included.
pub(super) fn described(mandate: &Mandate, change: &Change<'_>) -> Value {
    // Written out whole, since the other side does not have our components.
    let names = mandate.operations.iter().flat_map(super::own::object_names).collect();
    let mut writer = Writer::new(Words::Standard, names);
    match change {
        Change::AddField(_, field) => writer.field(field),
        _ => Value::Null,
    }
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= PROSE_CHARACTERS_MAX
}

fn leaks_any(text: &str, egress: &Egress<'_>) -> bool {
    leaks_in(&Value::from(text), egress)
}

fn leaks_in(value: &Value, egress: &Egress<'_>) -> bool {
    !egress.findings("the act", &value.to_json()).is_empty()
}
