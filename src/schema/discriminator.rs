//! The branch that a discriminator's value names.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.25 (Discriminator Object).

use crate::document::NodeRef;

use super::{
    References,
    evaluate::{At, Run, Truth},
    seen::Seen,
};

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

fn named_by<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    at: At<'d>,
    discriminator: NodeRef<'d>,
) -> Option<NodeRef<'d>> {
    let property = discriminator.get("propertyName").and_then(NodeRef::as_str)?;
    let name = at.instance.get(property).and_then(NodeRef::as_str)?;
    run.evaluator.references.discriminated(discriminator, name)
}
