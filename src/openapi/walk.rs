//! The one walk over a description: it classifies each node, checks it against its table and
//! gathers what rules ask for.
//!
//! * **Shape.** [`Walk::new`] does all the work; afterwards a [`Walk`] answers.
//!   Each node is looked into once for each kind that it is used as, and once more for each
//!   direction that reaches it later, never once for each path that leads to it.
//! * **Order.** Documents are walked from the top; then the targets of references, in the order of
//!   the references. So a node's kind comes from its own place where that has a meaning, and from
//!   the reference otherwise.
//! * **Directions.** What a Request Body or Parameter Object holds is `Request`, what a Response
//!   Object holds is `Response`. Callbacks and webhooks invert nothing: a callback's request body
//!   is `Request` although the provider sends it.
//! * **Source.** OpenAPI 3.0.4, 3.1.1, 3.2.0.

mod constraints;
mod cycles;
mod keys;
mod leftovers;
mod mapping;
mod marks;
mod object;
mod operations;
mod parameters;
mod problems;
mod references;
mod root;
mod scalar;
mod sections;
mod subject;
mod walker;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeId, NodeRef},
    finding::Draft,
};

use super::{
    description::Description,
    resolve::Target,
    tables::{Kind, Role},
};

pub use keys::is_expression;
use marks::Marks;
pub use marks::{Direction, Directions};
pub use operations::{Operation, Parameter, PathEntry, Surface};

/// One object of the description.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'d> {
    /// The object; a schema may be a boolean only where it is not visited.
    pub node: NodeRef<'d>,
    /// What it is.
    pub kind: Kind,
    /// The part that it plays at its own place.
    pub role: Role,
    /// The directions that reach it; none where nothing uses it.
    pub directions: Directions,
}

/// One `$ref`.
#[derive(Clone, Debug)]
pub struct Reference<'d> {
    /// The object that holds it.
    pub node: NodeRef<'d>,
    /// The reference itself.
    pub value: NodeRef<'d>,
    /// What it must lead to.
    pub kind: Kind,
    /// What it leads to, in one step.
    pub target: Target<'d>,
}

/// What a walk found.
#[derive(Debug)]
pub struct Walk<'d> {
    /// Structural findings, in the order in which they were met.
    pub problems: Vec<Draft<'d>>,
    /// How many findings of a rule were left out because there are too many.
    pub omitted: BTreeMap<&'static str, usize>,
    description: &'d Description,
    visits: Vec<Vec<Visit<'d>>>,
    references: Vec<Reference<'d>>,
    mappings: Vec<Reference<'d>>,
    operations: Vec<Operation<'d>>,
    paths: Vec<PathEntry<'d>>,
    marks: Marks,
    finals: FxHashMap<(usize, NodeId), Option<NodeRef<'d>>>,
}

impl<'d> Walk<'d> {
    /// Walks a description.
    pub fn new(description: &'d Description) -> Self {
        walker::Walker::new(description).run()
    }

    /// What was walked.
    pub fn description(&self) -> &'d Description {
        self.description
    }

    /// The operations: those under `paths`, then webhooks, callbacks, and path items that only
    /// Components hold. An operation of a path item that several paths share comes once for each.
    pub fn operations(&self) -> &[Operation<'d>] {
        &self.operations
    }

    /// The paths, webhooks and callback expressions, with what stands under each.
    pub fn paths(&self) -> &[PathEntry<'d>] {
        &self.paths
    }

    /// The objects of a kind, each once.
    ///
    /// A schema that is nothing but a `$ref` is no visit of [`Kind::Schema`]; its target is.
    pub fn visits(&self, kind: Kind) -> &[Visit<'d>] {
        self.visits.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    /// Every `$ref` that stands where a reference can stand.
    pub fn references(&self) -> &[Reference<'d>] {
        &self.references
    }

    /// The values of the mappings of discriminators, which are references without a `$ref`.
    pub fn mappings(&self) -> &[Reference<'d>] {
        &self.mappings
    }

    /// The node itself, or what its `$ref` leads to in the end; nothing where that is nowhere.
    ///
    /// Keywords beside the `$ref` of a schema (since 3.1) or path item stay behind.
    pub fn resolve(&self, node: NodeRef<'d>) -> Option<NodeRef<'d>> {
        match self.finals.get(&self.key(node)) {
            Some(target) => *target,
            None => Some(node),
        }
    }

    /// The kind of an object, where the walk came by; of a Reference Object, what it stands for.
    pub fn kind_of(&self, node: NodeRef<'d>) -> Option<Kind> {
        self.marks.used_as(self.description.slot(node), node.id())
    }

    /// The directions that reach a node which was visited as `kind`.
    pub fn directions(&self, node: NodeRef<'d>, kind: Kind) -> Directions {
        self.marks.directions(self.description.slot(node), node.id(), kind)
    }

    /// What tells a node from all others of the description.
    pub(super) fn key(&self, node: NodeRef<'d>) -> (usize, NodeId) {
        (self.description.slot(node), node.id())
    }
}
