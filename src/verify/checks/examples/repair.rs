//! Mechanical repairs of values that have another type than their schema.

use crate::{
    document::{Kind, NodeRef, Value, edit},
    finding::{Draft, PatchOperation, Safety},
};

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
