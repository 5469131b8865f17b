//! The walk itself: a list of values to look into, never recursion.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{Document, NodeRef},
    openapi::{
        description::Description,
        resolve::{Resolver, Target, loses_text},
        tables::{self, Kind, Role, Shape},
        version::Version,
    },
};

use super::{
    Directions, Reference, Visit, Walk,
    marks::{Entered, Marks},
    problems::Problems,
};

/// A value to look into.
#[derive(Clone, Copy)]
pub(super) struct Task<'d> {
    pub(super) node: NodeRef<'d>,
    /// The place of its document.
    pub(super) slot: usize,
    pub(super) shape: Shape,
    pub(super) directions: Directions,
    /// Its findings have been made; only directions are carried on.
    pub(super) quiet: bool,
}

pub(super) struct Walker<'d> {
    pub(super) description: &'d Description,
    pub(super) resolver: Resolver<'d>,
    pub(super) problems: Problems<'d>,
    pub(super) marks: Marks,
    pub(super) visits: Vec<Vec<Visit<'d>>>,
    pub(super) references: Vec<Reference<'d>>,
    /// The values of discriminators' mappings, which are references too.
    pub(super) mappings: Vec<Reference<'d>>,
    pub(super) stack: Vec<Task<'d>>,
    targets: VecDeque<Task<'d>>,
    /// Dialects that have been reported, by document.
    pub(super) dialects: FxHashSet<(usize, &'d str)>,
    /// The fields that unknown names probably mean.
    pub(super) meanings: FxHashMap<(Kind, Version, &'d str), Option<&'static str>>,
    /// Where text of each document was lost, in order.
    pub(super) cuts: Vec<Vec<u32>>,
    /// How many names may still be compared in search of the nearest.
    pub(super) comparisons: usize,
}

/// The places where a fault keeps text out of the tree.
fn cuts(document: &Document) -> Vec<u32> {
    let faults = document.faults().iter().filter(|fault| loses_text(fault));
    let mut cuts: Vec<u32> = faults.map(|fault| fault.span.start).collect();
    cuts.sort_unstable();
    cuts
}

impl<'d> Walker<'d> {
    pub(super) fn new(description: &'d Description) -> Self {
        Self {
            description,
            resolver: Resolver::new(description),
            problems: Problems::default(),
            marks: Marks::new(description),
            visits: vec![Vec::new(); Kind::ALL.len()],
            references: Vec::new(),
            mappings: Vec::new(),
            stack: Vec::new(),
            targets: VecDeque::new(),
            dialects: FxHashSet::default(),
            meanings: FxHashMap::default(),
            cuts: description.documents().iter().map(cuts).collect(),
            comparisons: 300_000,
        }
    }

    pub(super) fn run(mut self) -> Walk<'d> {
        if let Some(root) = self.description.entry().root()
            && self.check_root()
        {
            let shape = Shape::Object(Kind::OpenApi, Role::Root);
            let directions = Directions::NONE;
            self.stack.push(Task { node: root, slot: 0, shape, directions, quiet: false });
            self.drain();
        }
        self.set_directions();
        self.check_references();
        let finals = self.check_cycles();
        let mut walk = Walk {
            problems: Vec::new(),
            omitted: std::collections::BTreeMap::new(),
            description: self.description,
            visits: self.visits,
            references: self.references,
            mappings: self.mappings,
            operations: Vec::new(),
            paths: Vec::new(),
            marks: self.marks,
            finals,
        };
        let collected = super::operations::collect(&walk);
        (walk.paths, walk.operations) = (collected.paths, collected.operations);
        super::parameters::check(&walk, &mut self.problems);
        (walk.problems, walk.omitted) = self.problems.into_parts();
        super::sections::cite(&mut walk);
        walk
    }

    fn drain(&mut self) {
        loop {
            while let Some(task) = self.stack.pop() {
                self.look_into(task);
            }
            let Some(task) = self.targets.pop_front() else { return };
            if let Shape::Object(kind, _) | Shape::Referable(kind, _) = task.shape
                && self.misfit(task.node, kind).is_none()
            {
                self.stack.push(task);
            }
        }
    }

    fn set_directions(&mut self) {
        for visit in self.visits.iter_mut().flatten() {
            let slot = self.description.slot(visit.node);
            visit.directions = self.marks.directions(slot, visit.node.id(), visit.kind);
        }
    }

    pub(super) fn version(&self, slot: usize) -> Version {
        self.description.version_of(slot)
    }

    fn look_into(&mut self, task: Task<'d>) {
        match task.shape {
            Shape::Object(kind, role) => self.object(task, kind, role),
            Shape::Referable(kind, role) => self.referable(task, kind, role),
            Shape::SchemaOrBool(role) => {
                if task.node.as_bool().is_none() {
                    self.referable(task, Kind::Schema, role);
                }
            }
            Shape::Array(item, least) => self.array(task, *item, least),
            Shape::Map(keys, value) => self.map(task, keys, *value),
            _ => self.scalar(task.node, task.shape),
        }
    }

    fn referable(&mut self, task: Task<'d>, kind: Kind, role: Role) {
        let version = self.version(task.slot);
        let allowed = kind != Kind::MediaType || version == Version::V32;
        let value = if allowed { task.node.get("$ref") } else { None };
        let Some(value) = value else { return self.object(task, kind, role) };
        // Since 3.1 a schema's `$ref` is a keyword among others.
        if kind == Kind::Schema && version.has_json_schema() && task.node.len() > 1 {
            return self.object(task, kind, role);
        }
        let (slot, id) = (task.slot, task.node.id());
        let quiet = match self.marks.enter(slot, id, Kind::Reference, task.directions) {
            Entered::Known => return,
            Entered::Farther => true,
            Entered::First => false,
        };
        if !quiet {
            self.marks.stands_for(slot, id, kind);
            self.check_siblings(task.node, kind, version);
            for entry in task.node.entries().filter(|entry| entry.key != "$ref") {
                if let Some(field) = tables::field(Kind::Reference, version, entry.key) {
                    self.child(task, field.shape, entry.value);
                }
            }
        }
        self.follow(Task { quiet, ..task }, value, kind);
    }

    /// Goes where the `$ref` of a node leads.
    pub(super) fn follow(&mut self, task: Task<'d>, value: NodeRef<'d>, kind: Kind) {
        let Some(text) = value.as_str() else {
            if !task.quiet {
                self.wrong_type(value, "a string");
            }
            return;
        };
        let target = self.resolver.target(task.node, text);
        self.visit_target(task, &target, kind);
        if !task.quiet {
            self.references.push(Reference { node: task.node, value, kind, target });
        }
    }

    /// Looks into what a reference leads to, later.
    pub(super) fn visit_target(&mut self, task: Task<'d>, target: &Target<'d>, kind: Kind) {
        if let Target::Node(node) = *target {
            let shape = match kind {
                Kind::PathItem => Shape::Object(kind, Role::Fragment),
                _ => Shape::Referable(kind, Role::Fragment),
            };
            let slot = self.description.slot(node);
            let directions = task.directions;
            self.targets.push_back(Task { node, slot, shape, directions, quiet: false });
        }
    }

    fn array(&mut self, task: Task<'d>, item: Shape, least: u8) {
        if !task.node.is_array() {
            if !task.quiet {
                self.wrong_type(task.node, "an array");
            }
            return;
        }
        if !task.quiet && task.node.len() < usize::from(least) {
            self.must_not_be_empty(task.node);
        }
        self.children(task, item, task.node.items());
    }

    fn map(&mut self, task: Task<'d>, keys: tables::Keys, value: Shape) {
        if !task.node.is_object() {
            if !task.quiet {
                self.wrong_type(task.node, "an object");
            }
            return;
        }
        if !task.quiet {
            for entry in task.node.entries() {
                self.key(task, keys, &entry);
            }
        }
        self.children(task, value, task.node.entries().map(|entry| entry.value));
    }

    /// Looks into values of one shape, now where they are scalars and in their order otherwise.
    fn children(&mut self, task: Task<'d>, shape: Shape, nodes: impl Iterator<Item = NodeRef<'d>>) {
        let before = self.stack.len();
        for node in nodes {
            self.child(task, shape, node);
        }
        self.stack.get_mut(before..).unwrap_or_default().reverse();
    }

    /// Looks into one value, now where it is a scalar and later otherwise.
    pub(super) fn child(&mut self, task: Task<'d>, shape: Shape, node: NodeRef<'d>) {
        match shape {
            Shape::Any => {}
            Shape::Object(..)
            | Shape::Referable(..)
            | Shape::SchemaOrBool(_)
            | Shape::Array(..)
            | Shape::Map(..) => self.stack.push(Task { node, shape, ..task }),
            _ if task.quiet => {}
            _ => self.scalar(node, shape),
        }
    }
}
