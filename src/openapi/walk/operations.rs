//! Operations and the paths that lead to them.

use std::{ops::Range, sync::Arc};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{NodeId, NodeRef},
    openapi::{
        resolve::Target,
        tables::{self, Kind, Shape},
    },
};

use super::Walk;

/// Where an operation can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Surface {
    /// Under `paths`: the provider serves it.
    Path,
    /// Under `webhooks`.
    Webhook,
    /// In a Callback Object.
    Callback,
    /// In a path item of Components that nothing refers to.
    Component,
}

/// A path, webhook or callback expression and what stands under it.
#[derive(Clone, Debug)]
pub struct PathEntry<'d> {
    /// The key: a path template, a name or a runtime expression.
    pub path: &'d str,
    /// The value under the key, perhaps with a `$ref`.
    pub node: NodeRef<'d>,
    /// Where it stands.
    pub surface: Surface,
    /// The parameters that all its operations inherit.
    pub parameters: Arc<[Parameter<'d>]>,
    /// Whether every reference on the way could be followed.
    pub complete: bool,
    /// Its operations among those of the walk.
    pub operations: Range<usize>,
}

/// One operation as one path reaches it.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// The Operation Object.
    pub node: NodeRef<'d>,
    /// The field that holds it (`get`), or the method of an additional operation as written.
    pub method: &'d str,
    /// The key of its path, webhook or callback.
    pub path: &'d str,
    /// The Path Item Object that holds it: not the one at the path where that is a reference.
    pub path_item: NodeRef<'d>,
    /// Where it can be reached.
    pub surface: Surface,
    /// The parameters that it lists itself.
    pub own: Vec<Parameter<'d>>,
    /// The parameters of its path item.
    pub inherited: Arc<[Parameter<'d>]>,
    /// Whether all of its parameters could be found.
    pub complete: bool,
}

/// A parameter in the list of an operation or path item.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<'d> {
    /// The item of the list, perhaps a reference.
    pub listed: NodeRef<'d>,
    /// The Parameter Object.
    pub node: NodeRef<'d>,
    /// Its `in`.
    pub location: &'d str,
    /// Its `name`.
    pub name: &'d str,
}

impl<'d> Operation<'d> {
    /// Method and path as people write them: `GET /pets`.
    pub fn title(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }

    /// The parameters in force: the operation's own, and those that it inherits unchanged.
    pub fn parameters(&self) -> Vec<Parameter<'d>> {
        let own: FxHashSet<_> = self.own.iter().map(|it| (it.location, it.name)).collect();
        let inherited = self.inherited.iter().filter(|it| !own.contains(&(it.location, it.name)));
        self.own.iter().chain(inherited).copied().collect()
    }
}

/// How many path items one path leads through.
const CHAIN_MAX: usize = 64;

/// What `collect` gathers.
pub(super) struct Collected<'d> {
    pub(super) paths: Vec<PathEntry<'d>>,
    pub(super) operations: Vec<Operation<'d>>,
}

/// Gathers every operation that the walk met.
pub(super) fn collect<'d>(walk: &Walk<'d>) -> Collected<'d> {
    let mut collector = Collector {
        walk,
        references: path_item_references(walk),
        collected: Collected { paths: Vec::new(), operations: Vec::new() },
    };
    for paths in walk.visits(Kind::Paths) {
        collector.add_all(paths.node, Surface::Path);
    }
    for root in walk.visits(Kind::OpenApi) {
        if let Some(webhooks) = root.node.get("webhooks") {
            collector.add_all(webhooks, Surface::Webhook);
        }
    }
    for callback in walk.visits(Kind::Callback) {
        collector.add_all(callback.node, Surface::Callback);
    }
    let used: FxHashSet<_> =
        collector.references.values().flatten().map(|it| walk.key(*it)).collect();
    for components in walk.visits(Kind::Components) {
        let Some(items) = components.node.get("pathItems") else { continue };
        for entry in items.entries() {
            if !used.contains(&walk.key(entry.value)) {
                collector.add(entry.key, entry.value, Surface::Component);
            }
        }
    }
    collector.collected
}

type Key = (usize, NodeId);

/// Where the `$ref` of each path item leads; nothing where it leads nowhere.
fn path_item_references<'d>(walk: &Walk<'d>) -> FxHashMap<Key, Option<NodeRef<'d>>> {
    let references = walk.references().iter().filter(|it| it.kind == Kind::PathItem);
    let targets = references.map(|it| {
        let target = match it.target {
            Target::Node(node) if walk.kind_of(node) == Some(Kind::PathItem) => Some(node),
            _ => None,
        };
        (walk.key(it.node), target)
    });
    targets.collect()
}

struct Collector<'w, 'd> {
    walk: &'w Walk<'d>,
    references: FxHashMap<Key, Option<NodeRef<'d>>>,
    collected: Collected<'d>,
}

impl<'d> Collector<'_, 'd> {
    fn add_all(&mut self, map: NodeRef<'d>, surface: Surface) {
        for entry in map.entries() {
            if surface == Surface::Webhook || !entry.key.starts_with("x-") {
                self.add(entry.key, entry.value, surface);
            }
        }
    }

    fn add(&mut self, path: &'d str, node: NodeRef<'d>, surface: Surface) {
        let (items, mut complete) = self.chain(node);
        let mut parameters = Vec::new();
        for item in &items {
            complete &= list(self.walk, *item, &mut parameters);
        }
        let parameters: Arc<[Parameter<'d>]> = parameters.into();
        let start = self.collected.operations.len();
        let mut methods: FxHashSet<&str> = FxHashSet::default();
        for item in items {
            for (method, operation) in self.methods(item) {
                if !methods.insert(method) {
                    continue;
                }
                let mut own = Vec::new();
                let listed = list(self.walk, operation, &mut own);
                self.collected.operations.push(Operation {
                    node: operation,
                    method,
                    path,
                    path_item: item,
                    surface,
                    own,
                    inherited: Arc::clone(&parameters),
                    complete: complete && listed,
                });
            }
        }
        let operations = start..self.collected.operations.len();
        let entry = PathEntry { path, node, surface, parameters, complete, operations };
        self.collected.paths.push(entry);
    }

    /// A path item and those that its `$ref` leads to; and whether that could be followed.
    fn chain(&self, node: NodeRef<'d>) -> (Vec<NodeRef<'d>>, bool) {
        let mut items = vec![node];
        let mut seen = FxHashSet::from_iter([self.walk.key(node)]);
        let mut node = node;
        while let Some(target) = self.references.get(&self.walk.key(node)) {
            match target {
                Some(target) if items.len() < CHAIN_MAX && seen.insert(self.walk.key(*target)) => {
                    items.push(*target);
                    node = *target;
                }
                _ => return (items, false),
            }
        }
        (items, true)
    }

    fn methods(&self, item: NodeRef<'d>) -> Vec<(&'d str, NodeRef<'d>)> {
        let version = self.walk.description.version_of(self.walk.description.slot(item));
        let mut methods = Vec::new();
        for entry in item.entries() {
            let Some(field) = tables::field(Kind::PathItem, version, entry.key) else { continue };
            match field.shape {
                Shape::Object(Kind::Operation, _) => methods.push((entry.key, entry.value)),
                Shape::Map(tables::Keys::Method, _) => {
                    let more = entry.value.entries().map(|entry| (entry.key, entry.value));
                    methods.extend(more);
                }
                _ => {}
            }
        }
        methods.retain(|(_, node)| node.is_object());
        methods
    }
}

/// Adds the parameters that an object lists; returns whether all of them could be found.
pub(super) fn list<'d>(
    walk: &Walk<'d>,
    node: NodeRef<'d>,
    parameters: &mut Vec<Parameter<'d>>,
) -> bool {
    let Some(array) = node.get("parameters") else { return true };
    let mut complete = array.is_array();
    for listed in array.items() {
        let resolved = walk.resolve(listed).filter(|it| walk.kind_of(*it) == Some(Kind::Parameter));
        let parameter = resolved.and_then(|node| {
            let location = node.get("in")?.as_str()?;
            let name = node.get("name")?.as_str()?;
            Some(Parameter { listed, node, location, name })
        });
        match parameter {
            Some(parameter) => parameters.push(parameter),
            None => complete = false,
        }
    }
    complete
}
