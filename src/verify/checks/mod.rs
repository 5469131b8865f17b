//! The rules that look at meaning: one file for each check that rule files name.

mod alike;
mod consistency;
mod examples;
mod formats;
mod given;
mod operation_ids;
mod paths;
mod patterns;
mod property_names;
mod required;
mod scalars;
mod text;
mod types;
mod untyped;

use crate::finding::Coverage;

use super::{context::Context, sink::Sink};

/// A check: it states facts, and says what it looked at.
pub(super) type Check = for<'d> fn(&Context<'_, 'd>, &mut Sink<'_, 'd>, &mut Coverage);

/// Every check by the name that rule files give it.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("operation_ids", operation_ids::check),
    ("types", types::check),
    ("formats", formats::check),
    ("patterns", patterns::check),
    ("examples", examples::check),
    ("untyped", untyped::check),
    ("required", required::check),
    ("property_names", property_names::check),
    ("consistency", consistency::check),
    ("scalars", scalars::check),
    ("paths", paths::check),
    ("text", text::check),
];
