//! The branch that a discriminator's value names.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.25 (Discriminator Object).

use crate::document::{NodeRef, Value};

use super::{
    Problem, References,
    evaluate::{At, Run, Truth},
    seen::Seen,
};

/// How many names a message shows.
const NAMES_MAX: usize = 8;

/// Applies the schema that the instance names, unless it is being applied already.
pub(super) fn check<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    discriminator: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    match named_by(run, at, discriminator) {
        Some(schema) => run.apply(At { schema, ..at }, seen),
        None => Truth::Yes,
    }
}

/// The schema that the instance names, where the schema has a discriminator.
pub(super) fn named<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    at: At<'d>,
) -> Option<NodeRef<'d>> {
    named_by(run, at, at.schema.get("discriminator")?)
}

/// What is wrong where the instance names a branch that there is not.
pub(super) fn unknown<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    at: At<'d>,
    choice: NodeRef<'d>,
) -> Option<Problem<'d>> {
    let discriminator = at.schema.get("discriminator")?;
    let property = discriminator.get("propertyName").and_then(NodeRef::as_str)?;
    let instance = at.instance.get(property)?;
    let name = instance.as_str()?;
    if run.evaluator.references.discriminated(discriminator, name).is_some() {
        return None;
    }
    let mapped = discriminator.get("mapping").into_iter().flat_map(NodeRef::entries);
    let mut names: Vec<&str> = mapped.map(|entry| entry.key).collect();
    if names.is_empty() {
        let references = choice.items().filter_map(|it| it.get("$ref")?.as_str());
        names.extend(references.filter_map(|it| it.rsplit('/').next()));
    }
    let known = names.iter().take(NAMES_MAX).map(|name| format!("`{name}`"));
    let known = known.collect::<Vec<_>>().join(", ");
    let message = match names.len() {
        0 => format!("`{name}`, the value of `{property}`, names no schema"),
        _ => format!("`{name}`, the value of `{property}`, names no schema: there are {known}"),
    };
    Some(Problem {
        instance,
        schema: discriminator,
        keyword: "discriminator",
        message,
        fact: name.to_owned(),
        expected: (!names.is_empty()).then(|| Value::object([("enum", Value::from(names))])),
    })
}

fn named_by<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    at: At<'d>,
    discriminator: NodeRef<'d>,
) -> Option<NodeRef<'d>> {
    let property = discriminator.get("propertyName").and_then(NodeRef::as_str)?;
    let name = at.instance.get(property).and_then(NodeRef::as_str)?;
    run.evaluator.references.discriminated(discriminator, name)
}
