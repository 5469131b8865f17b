//! Which schemas apply to one value: those that a schema holds by `allOf` and its like, those that
//! it refers to, and, from those, the ones for a member of the value.
//!
//! * **Shape.** A [`Step`] leads from a value to a member of it; [`Schemas::applied`] takes steps
//!   down, [`Schemas::contexts`] climbs from a schema to every schema that it is a part of.
//!   Only where several schemas are joined can one say something of what another holds, so nothing
//!   is climbed to that no join lies above.
//! * **Units.** Every look at a schema costs a step of one budget; where it is spent, the answer
//!   is not known and [`Schemas::is_spent`] says so.
//! * **Source.** JSON Schema 2020-12 core, sections 10 and 11.

use std::{
    cell::Cell,
    hash::{Hash, Hasher},
    rc::Rc,
};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::{
    document::NodeRef,
    openapi::{Kind, Target},
    schema::Pattern,
};

use super::comparison::{Key, Says, Side};

/// How many looks at schemas one side may take.
const STEPS_MAX: u64 = 4_000_000;
/// How far a value lies within another one, at most, for the outer to say something of the inner.
const PATH_MAX: usize = 16;
/// How many ways lead to one schema, at most.
const CONTEXTS_MAX: usize = 4_096;

/// The way from a value to one in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'d> {
    /// The member of a name.
    Name(&'d str),
    /// The members whose names match.
    Pattern(&'d str),
    /// The members that none of these schemas names.
    Others(Rc<[NodeRef<'d>]>),
    /// Any member.
    Any,
    /// An item.
    Item,
}

impl Step<'_> {
    /// Whether it leads to the member of a name.
    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Name(other) => *other == name,
            Self::Pattern(pattern) => matches(pattern, name),
            Self::Others(schemas) => !schemas.iter().any(|schema| names(*schema, name)),
            Self::Any => true,
            Self::Item => false,
        }
    }
}

impl Hash for Step<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Name(text) | Self::Pattern(text) => text.hash(state),
            Self::Others(schemas) => schemas.first().map(|it| it.id()).hash(state),
            Self::Any | Self::Item => {}
        }
    }
}

/// A schema that applies, and whether it does so in any case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Applied<'d> {
    pub(super) schema: NodeRef<'d>,
    pub(super) always: bool,
}

/// A schema that another one is a part of, and the way from its value to that of the other.
#[derive(Clone, Debug)]
pub(super) struct Context<'d> {
    pub(super) schema: NodeRef<'d>,
    pub(super) path: Vec<Step<'d>>,
    /// The alternatives that the way leads through: others beside them say nothing of it.
    pub(super) branches: Vec<NodeRef<'d>>,
}

/// The schemas of a description by what they apply to.
#[derive(Debug)]
pub(super) struct Schemas<'s, 'd> {
    side: &'s Side<'d>,
    targets: FxHashMap<Key, NodeRef<'d>>,
    holders: FxHashMap<Key, Vec<NodeRef<'d>>>,
    /// The schemas that join several, and all that lies below one.
    joined: FxHashSet<Key>,
    steps: Cell<u64>,
}

impl<'s, 'd> Schemas<'s, 'd> {
    pub(super) fn of(side: &'s Side<'d>) -> Self {
        let mut targets = FxHashMap::default();
        let mut holders: FxHashMap<Key, Vec<NodeRef<'d>>> = FxHashMap::default();
        for reference in side.walk.references() {
            if let (Kind::Schema, Target::Node(target)) = (reference.kind, &reference.target) {
                targets.insert(side.key(reference.node), *target);
                holders.entry(side.key(*target)).or_default().push(reference.node);
            }
        }
        let joined = FxHashSet::default();
        let mut schemas = Self { side, targets, holders, joined, steps: Cell::new(STEPS_MAX) };
        schemas.find_joins();
        schemas
    }

    fn find_joins(&mut self) {
        let walk = &self.side.walk;
        let visits = walk.visits(Kind::Schema).iter().map(|visit| visit.node);
        let references = walk.references().iter().filter(|it| it.kind == Kind::Schema);
        let schemas = visits.chain(references.map(|it| it.node));
        let mut open: Vec<_> = schemas.filter(|schema| self.joins(*schema)).collect();
        while let Some(node) = open.pop() {
            if self.joined.insert(self.side.key(node)) {
                open.extend(self.target(node));
                open.extend(node.entries().map(|it| it.value).chain(node.items()));
            }
        }
    }

    /// Whether a schema has several sources of what it says.
    fn joins(&self, schema: NodeRef<'d>) -> bool {
        let sources = schema.entries().map(|entry| match entry.key {
            "allOf" => entry.value.len().saturating_mul(2),
            "$ref" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "dependentSchemas" => 2,
            "$defs" | "definitions" | "discriminator" | "nullable" | "deprecated" => 0,
            key if key.starts_with("x-") => 0,
            key => {
                let says = self.side.says(schema, key);
                usize::from(matches!(says, Says::Meaning | Says::Data))
            }
        });
        let sources: usize = sources.sum();
        // Words of its own count together as one source.
        sources > 2 && schema.entries().any(|entry| is_applicator(entry.key))
    }

    /// Whether some answer was not known because it costs too much.
    pub(super) fn is_spent(&self) -> bool {
        self.steps.get() == 0
    }

    fn step(&self) -> bool {
        self.steps.set(self.steps.get().saturating_sub(1));
        !self.is_spent()
    }

    /// Whether a node is a schema, or a boolean in the place of one.
    pub(super) fn is_schema(&self, node: NodeRef<'d>) -> bool {
        self.side.walk.kind_of(node) == Some(Kind::Schema)
            || node.as_bool().is_some() && self.upward(node).is_some()
    }

    /// What the `$ref` of a schema leads to.
    pub(super) fn target(&self, node: NodeRef<'d>) -> Option<NodeRef<'d>> {
        self.targets.get(&self.side.key(node)).copied()
    }

    /// Every schema that applies to a value which `path` leads to from one of `schema`.
    /// Of alternatives that `branches` names one of, the others do not.
    pub(super) fn applied(
        &self,
        schema: NodeRef<'d>,
        path: &[Step<'d>],
        branches: &[NodeRef<'d>],
    ) -> Vec<Applied<'d>> {
        let mut here = self.closure(vec![Applied { schema, always: true }], branches);
        for step in path {
            let next = here.iter().flat_map(|it| Self::members(*it, step)).collect();
            here = self.closure(next, branches);
        }
        here
    }

    /// The schemas themselves and all that they apply to the same value.
    fn closure(&self, mut open: Vec<Applied<'d>>, branches: &[NodeRef<'d>]) -> Vec<Applied<'d>> {
        let is_other = |schema: NodeRef<'d>| {
            let beside = |branch: &NodeRef<'d>| {
                *branch != schema && branch.parent() == schema.parent() && is_alternative(schema)
            };
            branches.iter().any(beside)
        };
        let mut found: Vec<Applied<'d>> = Vec::new();
        let mut seen: FxHashSet<(Key, bool)> = FxHashSet::default();
        while let Some(Applied { schema, always }) = open.pop() {
            let is_new = seen.insert((self.side.key(schema), always));
            if !is_new || is_other(schema) || !self.step() {
                continue;
            }
            found.push(Applied { schema, always });
            let inner = in_place(schema)
                .map(|(schema, is_certain)| Applied { schema, always: always && is_certain });
            open.extend(inner);
            open.extend(self.target(schema).map(|schema| Applied { schema, always }));
        }
        found
    }

    /// The schemas that one applies to a member of its value.
    fn members(Applied { schema, always }: Applied<'d>, step: &Step<'d>) -> Vec<Applied<'d>> {
        let mut found = Vec::new();
        if *step == Step::Item {
            let items = ["items", "contains", "unevaluatedItems", "additionalItems"];
            found.extend(items.into_iter().filter_map(|key| schema.get(key)));
            found.extend(schema.get("prefixItems").into_iter().flat_map(NodeRef::items));
        } else {
            let fits = |name: &str| step.fits(name);
            let named = schema.get("properties").into_iter().flat_map(NodeRef::entries);
            found.extend(named.filter(|it| fits(it.key)).map(|it| it.value));
            let patterns = schema.get("patternProperties").into_iter().flat_map(NodeRef::entries);
            let overlaps = |pattern: &str| match step {
                Step::Name(name) => matches(pattern, name),
                _ => true,
            };
            found.extend(patterns.filter(|it| overlaps(it.key)).map(|it| it.value));
            let is_named = matches!(step, Step::Name(_)) && !found.is_empty();
            if !is_named {
                let others = ["additionalProperties", "unevaluatedProperties"];
                found.extend(others.into_iter().filter_map(|key| schema.get(key)));
            }
        }
        found.into_iter().map(|schema| Applied { schema, always }).collect()
    }

    /// The schema around one that holds it, and the step from the value of that to its own;
    /// nothing where what is around it is no schema.
    fn upward(&self, node: NodeRef<'d>) -> Option<(NodeRef<'d>, Option<Step<'d>>)> {
        let parent = node.parent()?;
        let is_schema = |it: NodeRef<'d>| self.side.walk.kind_of(it) == Some(Kind::Schema);
        if is_schema(parent) {
            let step = match node.key()? {
                "not" | "if" | "then" | "else" => None,
                "items" | "contains" | "unevaluatedItems" | "additionalItems" => Some(Step::Item),
                "additionalProperties" => Some(Step::Others([parent].into())),
                "unevaluatedProperties" => Some(self.unevaluated(parent)),
                _ => return None,
            };
            return Some((parent, step));
        }
        let holder = parent.parent().filter(|it| is_schema(*it))?;
        let step = match (parent.key()?, node.key()) {
            ("allOf" | "anyOf" | "oneOf" | "dependentSchemas", _) => None,
            ("prefixItems", _) => Some(Step::Item),
            ("properties", Some(name)) => Some(Step::Name(name)),
            ("patternProperties", Some(pattern)) => Some(Step::Pattern(pattern)),
            _ => return None,
        };
        Some((holder, step))
    }

    /// The members that `unevaluatedProperties` of a schema is about.
    pub(super) fn unevaluated(&self, schema: NodeRef<'d>) -> Step<'d> {
        Step::Others(self.applied(schema, &[], &[]).into_iter().map(|it| it.schema).collect())
    }

    /// Whether a schema is one for a member or an item of what the schema around it describes, or
    /// stands where no schema is around it.
    pub(super) fn is_own_value(&self, node: NodeRef<'d>) -> bool {
        self.upward(node).is_none_or(|(_, step)| step.is_some())
    }

    /// The schema itself and every one that it is a part of.
    pub(super) fn contexts(&self, schema: NodeRef<'d>) -> Vec<Context<'d>> {
        let mut found = vec![Context { schema, path: Vec::new(), branches: Vec::new() }];
        let mut seen: FxHashSet<(Key, u64)> = FxHashSet::default();
        seen.insert((self.side.key(schema), mark(&[])));
        let mut at = 0;
        while let Some(Context { schema, path, branches }) = found.get(at).cloned() {
            at += 1;
            if found.len() > CONTEXTS_MAX || !self.step() {
                self.steps.set(0);
                break;
            }
            let holders = self.holders.get(&self.side.key(schema)).into_iter().flatten();
            let mut above: Vec<_> = holders.map(|holder| (*holder, None)).collect();
            above.extend(self.upward(schema));
            let mut branches = branches;
            branches.extend(Some(schema).filter(|schema| is_alternative(*schema)));
            for (schema, step) in above {
                if !self.joined.contains(&self.side.key(schema)) {
                    continue;
                }
                let path: Vec<_> = step.into_iter().chain(path.iter().cloned()).collect();
                // A schema that holds itself is not looked at for ever.
                let key = (self.side.key(schema), mark(&path));
                if path.len() <= PATH_MAX && seen.insert(key) {
                    found.push(Context { schema, path, branches: branches.clone() });
                }
            }
        }
        found
    }
}

/// A number that tells a way from others.
pub(super) fn mark(path: &[Step<'_>]) -> u64 {
    let mut hasher = FxHasher::default();
    path.hash(&mut hasher);
    hasher.finish()
}

/// The schemas that one holds for the same value, and whether each applies in any case.
pub(super) fn in_place(schema: NodeRef<'_>) -> impl Iterator<Item = (NodeRef<'_>, bool)> {
    let lists = [("allOf", true), ("anyOf", false), ("oneOf", false)];
    let lists = lists.into_iter().flat_map(move |(key, is_certain)| {
        schema.get(key).into_iter().flat_map(NodeRef::items).map(move |it| (it, is_certain))
    });
    let single = ["not", "if", "then", "else"];
    let single = single.into_iter().filter_map(move |key| Some((schema.get(key)?, false)));
    let dependent = schema.get("dependentSchemas").into_iter().flat_map(NodeRef::entries);
    lists.chain(single).chain(dependent.map(|it| (it.value, false)))
}

/// Whether a keyword applies other schemas to the same value.
fn is_applicator(keyword: &str) -> bool {
    matches!(
        keyword,
        "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "dependentSchemas" | "$ref"
    )
}

/// Whether a schema is one of several alternatives.
fn is_alternative(schema: NodeRef<'_>) -> bool {
    let list = schema.parent().filter(|parent| parent.is_array());
    list.is_some_and(|list| matches!(list.key(), Some("anyOf" | "oneOf")))
}

/// Whether a schema names a member by itself.
fn names(schema: NodeRef<'_>, name: &str) -> bool {
    let named = schema.get("properties").is_some_and(|it| it.get(name).is_some());
    let mut patterns = schema.get("patternProperties").into_iter().flat_map(NodeRef::entries);
    named || patterns.any(|it| matches(it.key, name))
}

/// Whether a pattern may match a name.
fn matches(pattern: &str, name: &str) -> bool {
    Pattern::new(pattern).ok().and_then(|it| it.is_match(name)).unwrap_or(true)
}
