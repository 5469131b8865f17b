//! Mechanical repairs of values that have another type than their schema.

use crate::{
    document::{Kind, NodeRef, Value, edit},
    finding::{At, Draft, PatchOperation, Safety},
    schema::Evaluation,
};

/// How many values a finding shows.
const RELATED_MAX: usize = 5;

/// An `enum` of which no value fits, with each value written as its schema wants it where there
/// is a way to do so for all of them.
pub(super) fn unsatisfiable<'d>(
    list: NodeRef<'d>,
    judged: &[(NodeRef<'d>, Evaluation<'d>)],
) -> Draft<'d> {
    let problems: Vec<_> = judged.iter().filter_map(|(_, it)| it.problems.first()).collect();
    let why = problems.first().map_or("", |problem| &problem.message);
    let message = format!("no value of `enum` fits its schema: {why}");
    let mut draft = Draft::new("unsatisfiable-enum", At::Key(list), message);
    if let Some(problem) = problems.first() {
        let by = format!("by this `{}`", problem.keyword);
        draft = draft.related(At::Value(problem.schema), by);
    }
    for problem in problems.iter().skip(1).take(RELATED_MAX) {
        draft = draft.related(At::Value(problem.instance), problem.message.clone());
    }
    let (mut edits, mut patch) = (Vec::new(), Vec::new());
    for problem in &problems {
        let single = Draft::new("invalid-enum-value", At::Value(problem.instance), "");
        if let Some(fix) = retyped(single, problem.instance, problem.schema).fix {
            edits.extend(fix.edits.into_iter().map(|it| it.edit));
            patch.extend(fix.patch);
        }
    }
    if edits.len() < judged.len() {
        return draft;
    }
    draft.help("write the values in the type of the schema, or correct the type").fix(
        Safety::NeedsReview,
        edits,
        patch,
    )
}

/// Writes the same value in a type that its schema has: `42` as `"42"`, `"42"` as `42`, and the
/// text of a JSON object as the object.
pub(super) fn retyped<'d>(draft: Draft<'d>, instance: NodeRef<'d>, kind: NodeRef<'d>) -> Draft<'d> {
    let names = kind.as_str().into_iter().chain(kind.items().filter_map(NodeRef::as_str));
    let mut values = names.filter_map(|name| written_as(instance, name));
    let Some(value) = values.next() else { return draft };
    let draft = match value {
        Value::Object(_) | Value::Array(_) => {
            draft.help("this is the text of a JSON value: write the value itself")
        }
        _ => draft.help(format!("write `{}`, or correct the type", value.to_flow_yaml())),
    };
    let patch = [PatchOperation::replace(instance.pointer(), value.clone())];
    draft.fix(Safety::NeedsReview, edit::replace(instance, &value), patch)
}

/// A value written as another type, where there is one way to do so.
fn written_as(instance: NodeRef<'_>, name: &str) -> Option<Value> {
    let text = instance.scalar_text()?;
    match (instance.kind(), name) {
        (Kind::Number | Kind::Bool, "string") => Some(Value::from(text)),
        (Kind::String, "boolean") => match text {
            "true" => Some(Value::from(true)),
            "false" => Some(Value::from(false)),
            _ => None,
        },
        (Kind::String, "integer" | "number" | "object" | "array") => {
            let value = Value::from_json(text)?;
            let fits = match &value {
                Value::Number(digits) => {
                    name == "number" || name == "integer" && !digits.contains(['.', 'e', 'E'])
                }
                Value::Object(_) => name == "object",
                Value::Array(_) => name == "array",
                _ => false,
            };
            fits.then_some(value)
        }
        _ => None,
    }
}

/// Leaves a member out.
pub(super) fn left_out<'d>(draft: Draft<'d>, member: NodeRef<'d>) -> Draft<'d> {
    let patch = [PatchOperation::remove(member.pointer())];
    draft.fix(Safety::NeedsReview, edit::remove(member), patch)
}
