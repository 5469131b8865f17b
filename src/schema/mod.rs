//! Schemas as judges of values: whether an instance of one document fits a schema of it.
//!
//! * **Shape.** [`Evaluator`] walks schema and instance together, both where they stand in their
//!   arenas; nothing is copied or compiled, and every [`Problem`] names both places.
//! * **Errors.** What cannot be decided (an unread reference, a pattern that no linear engine
//!   takes, a budget) is in [`Evaluation::undecided`], never guessed.
//! * **Source.** JSON Schema 2020-12 and draft 4; the Schema Object of OpenAPI 3.0
//!   (section 4.7.24), which is draft Wright-00 with `nullable`.

mod arrays;
mod assertions;
mod choices;
mod discriminator;
mod equal;
mod evaluate;
pub mod format;
mod objects;
mod pattern;
mod seen;
mod stand_in;

use crate::document::{NodeRef, Value};

pub use choices::SEVERAL;
pub use equal::{canonical, equal};
pub use evaluate::Evaluator;
pub use pattern::{Grammar, Pattern, PatternError};
pub use stand_in::second_opinion;

/// The rules a schema is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// JSON Schema draft 4.
    Draft4,
    /// The Schema Object of OpenAPI 3.0.
    OpenApi30,
    /// JSON Schema 2020-12, as OpenAPI 3.1 and 3.2 use it.
    Draft2020,
}

impl Dialect {
    /// Whether what stands beside a `$ref` is ignored.
    pub fn ignores_reference_siblings(self) -> bool {
        self != Self::Draft2020
    }
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug)]
pub enum Target<'d> {
    /// To this schema.
    Schema(NodeRef<'d>),
    /// Nobody knows: it was not read.
    Unknown,
    /// Nowhere, which is a fault of its own.
    Missing,
}

/// Finds the schemas that others refer to.
pub trait References<'d> {
    /// The target of the `$ref` of `holder`.
    fn target(&self, holder: NodeRef<'d>) -> Target<'d>;

    /// The target of the `$dynamicRef` of `holder`, given the schemas that led here in order.
    fn dynamic_target(&self, holder: NodeRef<'d>, scope: &[NodeRef<'d>]) -> Target<'d>;

    /// The schema that a discriminator's value names, by its mapping or by the schema's name.
    fn discriminated(&self, discriminator: NodeRef<'d>, value: &str) -> Option<NodeRef<'d>>;

    /// The dialect of `schema`, where it differs from the one in force.
    fn dialect(&self, schema: NodeRef<'d>) -> Option<Dialect> {
        let _ = schema;
        None
    }
}

/// What an evaluation takes into account.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether `format` is an assertion.
    pub formats: bool,
    /// The keyword that takes a property out of this direction:
    /// `readOnly` for what is sent in a request, `writeOnly` for a response.
    pub absent: Option<&'static str>,
    /// Whether to ignore `enum` and `const` of the outermost schema.
    pub without_enum: bool,
    /// The budget of one evaluation, in applications of a schema.
    pub steps: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { formats: true, absent: None, without_enum: false, steps: 1_000_000 }
    }
}

/// One way in which an instance does not fit.
#[derive(Clone, Debug)]
pub struct Problem<'d> {
    /// The part of the instance at fault.
    pub instance: NodeRef<'d>,
    /// The keyword's value in the schema; the schema itself where that is `false`.
    pub schema: NodeRef<'d>,
    /// The keyword.
    pub keyword: &'static str,
    /// One true sentence about the instance.
    pub message: String,
    /// What distinguishes this problem at its place (the missing property, say).
    pub fact: String,
    /// What would fit, where that is one value or a short list.
    pub expected: Option<Value>,
}

/// What could not be decided.
#[derive(Clone, Debug)]
pub struct Undecided<'d> {
    /// The schema at which the evaluation stopped.
    pub schema: NodeRef<'d>,
    /// Why.
    pub reason: String,
    /// The cause is a fault of the schema that has a finding of its own.
    pub reported: bool,
}

/// The result of an evaluation.
#[derive(Clone, Debug, Default)]
pub struct Evaluation<'d> {
    /// Why the instance does not fit; empty where it does, or where nobody knows.
    pub problems: Vec<Problem<'d>>,
    /// What could not be decided.
    pub undecided: Vec<Undecided<'d>>,
    /// Members that the direction says are not sent (see [`Options::absent`]).
    pub misdirected: Vec<NodeRef<'d>>,
    /// Members that no schema declares, although some schema declares others beside them.
    pub undeclared: Vec<NodeRef<'d>>,
}
