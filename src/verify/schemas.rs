//! Where schemas refer to each other, for checks and for the evaluator.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.25.3 (implicit and explicit mapping);
//!   JSON Schema 2020-12 core, section 8.2.3.2 (`$dynamicRef`).

use std::cell::{Cell, OnceCell};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::{
    document::{NodeId, NodeRef},
    openapi::{Kind, Target, Version, Walk},
    schema::{self, Dialect, References},
};

/// Keywords whose value is an array of schemas for the same instance.
const IN_PLACE: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// How many schemas one question may look at.
const LOOKED_AT: usize = 500;
/// How many schemas all questions together may look at.
const LOOKED_AT_IN_ALL: usize = 5_000_000;
/// How many schemas that apply a schema, one through the other, one question may look at.
const APPLIERS_MAX: usize = 100;
/// How many references are followed, one after the other.
const STEPS_MAX: usize = 64;

/// The schemas of one description.
pub(super) struct Schemas<'c, 'd> {
    walk: &'c Walk<'d>,
    targets: FxHashMap<(usize, NodeId), schema::Target<'d>>,
    /// What the values of mappings lead to.
    mapped: FxHashMap<(usize, NodeId), NodeRef<'d>>,
    /// Each `$dynamicAnchor`, with its schema where only one has it.
    dynamic: FxHashMap<&'d str, Option<NodeRef<'d>>>,
    /// Schemas whose `$dynamicAnchor` another schema of their resource has too.
    twice: FxHashSet<(usize, NodeId)>,
    /// The schemas that apply each schema to the instance that they are applied to themselves.
    appliers: OnceCell<FxHashMap<(usize, NodeId), Vec<NodeRef<'d>>>>,
    /// How many schemas may still be looked at.
    left: Cell<usize>,
}

impl<'c, 'd> Schemas<'c, 'd> {
    pub(super) fn new(walk: &'c Walk<'d>) -> Self {
        let description = walk.description();
        let references = walk.references().iter().filter(|it| it.kind == Kind::Schema);
        let mut targets =
            FxHashMap::with_capacity_and_hasher(walk.references().len(), FxBuildHasher);
        targets.extend(references.map(|reference| {
            let key = (description.slot(reference.node), reference.node.id());
            let target = match reference.target {
                Target::Node(node) => schema::Target::Schema(node),
                Target::Unread(..) => schema::Target::Unknown,
                _ => schema::Target::Missing,
            };
            (key, target)
        }));
        let mapped = walk.mappings().iter().filter_map(|mapping| match mapping.target {
            Target::Node(node) => {
                Some(((description.slot(mapping.value), mapping.value.id()), node))
            }
            _ => None,
        });
        let mut dynamic = FxHashMap::default();
        let mut twice = FxHashSet::default();
        for visit in walk.visits(Kind::Schema) {
            if let Some(name) = visit.node.get("$dynamicAnchor").and_then(NodeRef::as_str) {
                dynamic.entry(name).and_modify(|it| *it = None).or_insert(Some(visit.node));
                let known = description.anchored(visit.node, name);
                if let Some(first) = known.filter(|first| *first != visit.node) {
                    twice.insert((description.slot(first), first.id()));
                }
            }
        }
        Self {
            walk,
            targets,
            mapped: mapped.collect(),
            dynamic,
            twice,
            appliers: OnceCell::new(),
            left: Cell::new(LOOKED_AT_IN_ALL),
        }
    }

    /// The dialect of a schema's document.
    pub(super) fn dialect(&self, node: NodeRef<'d>) -> Dialect {
        self.dialect_of(node)
    }

    fn dialect_of(&self, node: NodeRef<'_>) -> Dialect {
        match self.walk.description().version_at(node) {
            Version::V30 => Dialect::OpenApi30,
            _ => Dialect::Draft2020,
        }
    }

    /// The one schema that the `$dynamicRef` of a schema can lead to.
    fn dynamic(&self, holder: NodeRef<'_>) -> schema::Target<'d> {
        let reference = holder.get("$dynamicRef").and_then(NodeRef::as_str);
        let name = reference.and_then(|it| it.strip_prefix('#'));
        match name.and_then(|name| self.dynamic.get(name)) {
            Some(Some(schema)) => schema::Target::Schema(*schema),
            _ => schema::Target::Unknown,
        }
    }

    /// What the `$ref` of a schema leads to in one step; nothing where there is none to follow.
    pub(super) fn step(&self, schema: NodeRef<'d>) -> Option<NodeRef<'d>> {
        match self.targets.get(&self.key(schema)) {
            Some(schema::Target::Schema(target)) => Some(*target),
            _ => None,
        }
    }

    /// The schema itself and all that apply to the same instance whenever it does:
    /// through `$ref` and `allOf`, and where `choices` says so through `anyOf` and `oneOf`.
    /// Nothing where one of them was not read.
    pub(super) fn closure(&self, schema: NodeRef<'d>, choices: bool) -> Option<Vec<NodeRef<'d>>> {
        let mut reached = Reached::default();
        self.reach(schema, choices, &mut reached)?;
        Some(reached.schemas)
    }

    fn reach(&self, schema: NodeRef<'d>, choices: bool, reached: &mut Reached<'d>) -> Option<()> {
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            if !reached.keys.insert(self.key(schema)) {
                continue;
            }
            let left = self.left.get().checked_sub(1)?;
            if reached.schemas.len() >= LOOKED_AT {
                return None;
            }
            self.left.set(left);
            reached.schemas.push(schema);
            if schema.get("$ref").is_some() {
                open.push(self.step(schema)?);
                if self.dialect(schema).ignores_reference_siblings() {
                    continue;
                }
            }
            if choices {
                open.extend(branches(schema));
            } else {
                open.extend(schema.get("allOf").into_iter().flat_map(NodeRef::items));
            }
        }
        Some(())
    }

    /// All schemas that may be applied to the same instance as this one: those that it applies
    /// itself, those that apply it, and what these apply in turn. Nothing where one of them was
    /// not read.
    pub(super) fn around(&self, schema: NodeRef<'d>) -> Option<Vec<NodeRef<'d>>> {
        let appliers = self.appliers.get_or_init(|| self.find_appliers());
        let mut outer = vec![schema];
        let mut seen = FxHashSet::default();
        let mut reached = Reached::default();
        while let Some(schema) = outer.pop() {
            if !seen.insert(self.key(schema)) {
                continue;
            }
            if seen.len() > APPLIERS_MAX {
                return None;
            }
            outer.extend(appliers.get(&self.key(schema)).into_iter().flatten());
            self.reach(schema, true, &mut reached)?;
        }
        Some(reached.schemas)
    }

    /// The outermost schema that this one is a part of, for the same instance, where it stands.
    pub(super) fn outermost(&self, schema: NodeRef<'d>) -> NodeRef<'d> {
        let is_schema = |node: &NodeRef<'d>| self.walk.kind_of(*node) == Some(Kind::Schema);
        let mut schema = schema;
        loop {
            let holder = match (schema.key(), schema.parent()) {
                (Some("if" | "then" | "else"), holder) => holder,
                (None, Some(list)) if list.key().is_some_and(|key| IN_PLACE.contains(&key)) => {
                    list.parent()
                }
                _ => None,
            };
            match holder.filter(is_schema) {
                Some(holder) => schema = holder,
                None => return schema,
            }
        }
    }

    fn find_appliers(&self) -> FxHashMap<(usize, NodeId), Vec<NodeRef<'d>>> {
        let mut appliers: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for visit in self.walk.visits(Kind::Schema) {
            for branch in branches(visit.node) {
                let mut branch = branch;
                for _ in 0..STEPS_MAX {
                    appliers.entry(self.key(branch)).or_default().push(visit.node);
                    match self.step(branch) {
                        Some(target) => branch = target,
                        None => break,
                    }
                }
            }
            // Beside a `$ref` other keywords may stand.
            if let Some(target) = self.step(visit.node) {
                appliers.entry(self.key(target)).or_default().push(visit.node);
            }
        }
        appliers
    }

    fn key(&self, node: NodeRef<'_>) -> (usize, NodeId) {
        (self.walk.description().slot(node), node.id())
    }

    /// The component schema of a name, in the document of `node` or in the entry.
    fn component(&self, node: NodeRef<'d>, name: &str) -> Option<NodeRef<'d>> {
        let find = |root: NodeRef<'d>| root.get("components")?.get("schemas")?.get(name);
        let own = node.document().root().and_then(find);
        own.or_else(|| self.walk.description().entry().root().and_then(find))
    }
}

/// The schemas that were come by, each once.
#[derive(Default)]
struct Reached<'d> {
    keys: FxHashSet<(usize, NodeId)>,
    schemas: Vec<NodeRef<'d>>,
}

/// The subschemas that may be applied to the same instance as a schema.
fn branches(schema: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let lists = IN_PLACE.into_iter().filter_map(move |list| schema.get(list));
    let conditions = ["then", "else", "if"].into_iter().filter_map(move |it| schema.get(it));
    let dependent = schema.get("dependentSchemas").into_iter().flat_map(NodeRef::entries);
    lists.flat_map(NodeRef::items).chain(conditions).chain(dependent.map(|entry| entry.value))
}

impl<'d> References<'d> for &Schemas<'_, 'd> {
    fn target(&self, holder: NodeRef<'d>) -> schema::Target<'d> {
        self.targets.get(&self.key(holder)).copied().unwrap_or(schema::Target::Unknown)
    }

    fn dynamic_target(&self, holder: NodeRef<'d>, scope: &[NodeRef<'d>]) -> schema::Target<'d> {
        let description = self.walk.description();
        let reference = holder.get("$dynamicRef").and_then(NodeRef::as_str);
        let Some(name) = reference.and_then(|it| it.strip_prefix('#')) else {
            return schema::Target::Unknown;
        };
        let Some(first) = description.anchored(holder, name) else {
            return schema::Target::Missing;
        };
        let carries =
            |node: &NodeRef<'d>| node.get("$dynamicAnchor").and_then(NodeRef::as_str) == Some(name);
        if !carries(&first) {
            return schema::Target::Schema(first);
        }
        let resources = scope.iter().filter_map(|schema| description.anchored(*schema, name));
        let outermost = resources.into_iter().find(carries).unwrap_or(first);
        // In one resource a name may stand once; of several nobody knows which is meant.
        if self.twice.contains(&self.key(outermost)) {
            return schema::Target::Unknown;
        }
        schema::Target::Schema(outermost)
    }

    fn discriminated(&self, discriminator: NodeRef<'d>, value: &str) -> Option<NodeRef<'d>> {
        let mapped = discriminator.get("mapping").and_then(|mapping| mapping.get(value));
        let Some(mapped) = mapped else { return self.component(discriminator, value) };
        self.mapped.get(&self.key(mapped)).copied()
    }

    fn dialect(&self, schema: NodeRef<'d>) -> Option<Dialect> {
        Some(Schemas::dialect(self, schema))
    }
}

/// The same schemas for instances of another document, which lives shorter.
#[derive(Clone, Copy)]
pub(super) struct Foreign<'s, 'c, 'd>(pub(super) &'s Schemas<'c, 'd>);

impl<'x, 'd: 'x> References<'x> for Foreign<'_, '_, 'd> {
    fn target(&self, holder: NodeRef<'x>) -> schema::Target<'x> {
        self.0.targets.get(&self.0.key(holder)).copied().unwrap_or(schema::Target::Unknown)
    }

    fn dynamic_target(&self, holder: NodeRef<'x>, _: &[NodeRef<'x>]) -> schema::Target<'x> {
        self.0.dynamic(holder)
    }

    fn discriminated(&self, discriminator: NodeRef<'x>, value: &str) -> Option<NodeRef<'x>> {
        let mapped = discriminator.get("mapping").and_then(|mapping| mapping.get(value));
        // Whoever asks has left out what has a discriminator.
        self.0.mapped.get(&self.0.key(mapped?)).copied()
    }

    fn dialect(&self, schema: NodeRef<'x>) -> Option<Dialect> {
        Some(self.0.dialect_of(schema))
    }
}
