//! The agent's own look at what it is about to say.

use crate::{
    charter::{Mandate, PrivateTerm},
    document::{Document, Limits, Value},
    negotiate::{Act, ConstraintKind, PROSE_CHARACTERS_MAX, leaks},
};

use super::{
    difference::Change,
    note::NOTHING,
    write::{Words, Writer},
};

/// The act without what would be stopped: a private term, or a text that is too long.
/// A proposal's document is left to the check that stops it, and then repaired.
pub(super) fn screened(act: Act, terms: &[PrivateTerm]) -> Act {
    match act {
        Act::Propose { content, note } => {
            let note = note.filter(|note| !leaks_any(note, terms) && is_short(note));
            Act::Propose { content, note }
        }
        Act::Answer { pointer, answer } => {
            let safe = !leaks_any(&answer, terms) && is_short(&answer);
            let answer = if safe { answer } else { NOTHING.to_owned() };
            Act::Answer { pointer, answer }
        }
        Act::Decline { issue, reason_code, mut constraint } => {
            let value = constraint.value.to_json();
            let optional = constraint.kind == ConstraintKind::Required;
            if optional && (leaks_any(&value, terms) || !is_short(&value)) {
                constraint.value = Value::Null;
            }
            if leaks_any(&constraint.to_value().to_json(), terms) {
                let reason = "our brief stands against this, and the place cannot be named";
                return Act::Escalate { reason: reason.to_owned() };
            }
            Act::Decline { issue, reason_code, constraint }
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
        Change::AddField(_, field) | Change::Require(_, _, field) => writer.field(field),
        _ => Value::Null,
    }
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= PROSE_CHARACTERS_MAX
}

fn leaks_any(text: &str, terms: &[PrivateTerm]) -> bool {
    let value = Value::from(text).to_json();
    let document = Document::parse("act.json", value.into(), &Limits::default());
    !leaks(&document, terms).is_empty()
}
