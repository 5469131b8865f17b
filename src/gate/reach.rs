//! What the meaning of an owned part rests on: all that it refers to, and what it inherits.
//!
//! * **Shape.** [`Reach::of`] follows the references of every part that the proposer does not own,
//!   once for all of them, and stops at places whose owner may change them by himself.
//! * **Source.** OpenAPI 3.1.1: `parameters` and `servers` of a Path Item, `servers` and `security`
//!   of the OpenAPI Object, the names in a Security Requirement.

use rustc_hash::FxHashMap;

use crate::{
    document::NodeRef,
    openapi::{Kind, Operation, Target},
};

use super::{
    comparison::{Key, Side},
    owners::{Owners, Part},
};

/// How a place belongs to the meaning of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It lies within the part.
    Within,
    /// The part refers to it.
    Referred,
    /// The part inherits it.
    Inherited,
}

/// A part and the way to it.
pub(super) type Reached = (usize, Way);

/// Whose meaning rests on which places of the base.
#[derive(Debug)]
pub(super) struct Reach<'s, 'd> {
    side: &'s Side<'d>,
    owners: &'s Owners<'d>,
    /// Which parts are closed to the proposer.
    closed: Vec<bool>,
    nodes: FxHashMap<Key, Reached>,
    /// Members that do not exist, but would be inherited.
    absent: FxHashMap<(Key, &'static str), usize>,
    targets: FxHashMap<Key, Vec<NodeRef<'d>>>,
}

impl<'s, 'd> Reach<'s, 'd> {
    /// Follows every part that `is_closed` to the proposer.
    pub(super) fn of(
        side: &'s Side<'d>,
        owners: &'s Owners<'d>,
        is_closed: impl Fn(&Part<'d>) -> bool,
    ) -> Self {
        let mut reach = Self {
            side,
            owners,
            closed: owners.parts().iter().map(is_closed).collect(),
            nodes: FxHashMap::default(),
            absent: FxHashMap::default(),
            targets: FxHashMap::default(),
        };
        if !reach.closed.contains(&true) {
            return reach;
        }
        reach.find_targets();
        let parts = owners.parts().iter().enumerate();
        let closed: Vec<_> = parts.filter(|(at, _)| reach.is_closed_part(*at)).collect();
        for (at, part) in closed {
            reach.follow(part.node, (at, Way::Within));
        }
        for operation in side.walk.operations() {
            if let Some((part, _)) = reach.node(operation.node) {
                reach.inherit(operation, part);
            }
        }
        reach
    }

    fn is_closed_part(&self, part: usize) -> bool {
        self.closed.get(part).copied().unwrap_or_default()
    }

    /// Where each object leads, its discriminator's mapping included.
    fn find_targets(&mut self) {
        let walk = &self.side.walk;
        for reference in walk.references().iter().chain(walk.mappings()) {
            if let Target::Node(node) = reference.target {
                let from = self.side.key(reference.value);
                self.targets.entry(from).or_default().push(node);
            }
        }
        let mut anchors: FxHashMap<&str, Vec<NodeRef<'d>>> = FxHashMap::default();
        for visit in walk.visits(Kind::Schema) {
            if let Some(name) = visit.node.get("$dynamicAnchor").and_then(NodeRef::as_str) {
                anchors.entry(name).or_default().push(visit.node);
            }
        }
        for visit in walk.visits(Kind::Schema) {
            let Some(value) = visit.node.get("$dynamicRef") else { continue };
            let name = value.as_str().and_then(|text| text.split_once('#')).map(|(_, name)| name);
            let found = name.and_then(|name| anchors.get(name)).cloned();
            self.targets.entry(self.side.key(value)).or_default().extend(found.unwrap_or_default());
        }
        for visit in walk.visits(Kind::SecurityRequirement) {
            for entry in visit.node.entries() {
                let scheme = self.scheme(entry.key);
                self.targets.entry(self.side.key(entry.value)).or_default().extend(scheme);
            }
        }
    }

    fn scheme(&self, name: &str) -> Option<NodeRef<'d>> {
        let root = self.side.description.entry().root()?;
        root.get("components")?.get("securitySchemes")?.get(name)
    }

    /// Marks a node, all that it holds and all that it refers to.
    fn follow(&mut self, node: NodeRef<'d>, from: Reached) {
        let mut open = vec![(node, from)];
        while let Some((node, from)) = open.pop() {
            let key = self.side.key(node);
            let around = self.owners.around(key);
            let own = around.iter().find(|part| self.is_closed_part(**part));
            if own.is_none() && !around.is_empty() || self.nodes.contains_key(&key) {
                continue;
            }
            let here = own.map_or(from, |part| (*part, Way::Within));
            self.nodes.insert(key, here);
            let children = node.entries().map(|it| it.value).chain(node.items());
            open.extend(children.map(|child| (child, here)));
            let targets = self.targets.get(&key).into_iter().flatten();
            open.extend(targets.map(|target| (*target, (here.0, Way::Referred))));
        }
    }

    /// Marks what an operation takes over from its path item and from the document.
    fn inherit(&mut self, operation: &Operation<'d>, part: usize) {
        let item = operation.path_item;
        self.list(item, "parameters", part);
        for parameter in operation.inherited.iter() {
            let is_same = |own: &&crate::openapi::Parameter<'_>| {
                (own.location, own.name) == (parameter.location, parameter.name)
            };
            if operation.own.iter().find(is_same).is_none() {
                self.follow(parameter.listed, (part, Way::Inherited));
            }
        }
        let root = self.side.description.entry().root();
        let has_servers = |node: NodeRef<'_>| node.get("servers").is_some();
        if !has_servers(operation.node) {
            self.whole(item, "servers", part);
            if let Some(root) = root.filter(|_| !has_servers(item)) {
                self.whole(root, "servers", part);
            }
        }
        if let Some(root) = root.filter(|_| operation.node.get("security").is_none()) {
            self.whole(root, "security", part);
        }
        for key in ["$ref", operation.method] {
            // The path may lead to the path item by a reference.
            let entries = self.side.walk.paths().iter();
            for entry in entries.filter(|it| it.path == operation.path && it.node != item) {
                if let Some(value) = entry.node.get(key) {
                    let here = (part, Way::Inherited);
                    self.nodes.entry(self.side.key(value)).or_insert(here);
                }
            }
        }
    }

    /// A member that counts as it stands, and by its absence.
    fn whole(&mut self, holder: NodeRef<'d>, name: &'static str, part: usize) {
        match holder.get(name) {
            Some(node) => self.follow(node, (part, Way::Inherited)),
            None => drop(self.absent.insert((self.side.key(holder), name), part)),
        }
    }

    /// A list to which nobody may add, whatever becomes of its items.
    fn list(&mut self, holder: NodeRef<'d>, name: &'static str, part: usize) {
        match holder.get(name) {
            Some(node) if self.owners.around(self.side.key(node)).is_empty() => {
                let here = (part, Way::Inherited);
                self.nodes.entry(self.side.key(node)).or_insert(here);
            }
            Some(_) => {}
            None => drop(self.absent.insert((self.side.key(holder), name), part)),
        }
    }

    /// The part whose meaning rests on a node.
    pub(super) fn node(&self, node: NodeRef<'d>) -> Option<Reached> {
        self.nodes.get(&self.side.key(node)).copied()
    }

    /// The part whose meaning would rest on a member that an object does not have.
    pub(super) fn member(&self, holder: NodeRef<'d>, name: Option<&str>) -> Option<Reached> {
        let key = self.side.key(holder);
        let inherited = ["parameters", "servers", "security"].into_iter();
        let mut inherited = inherited.filter(|it| name == Some(*it));
        let absent = inherited.find_map(|it| self.absent.get(&(key, it)));
        self.node(holder).or(absent.map(|part| (*part, Way::Inherited)))
    }

    /// The first part whose meaning rests on a node or on anything in it.
    pub(super) fn inside(&self, node: NodeRef<'d>) -> Option<Reached> {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if let Some(reached) = self.node(node) {
                return Some(reached);
            }
            let children = node.entries().map(|it| it.value).chain(node.items());
            open.extend(children.filter(|child| child.parent() == Some(node)));
        }
        None
    }

    /// The closed part that a node lies in.
    pub(super) fn closed(&self, node: NodeRef<'d>) -> Option<usize> {
        let around = self.owners.around(self.side.key(node)).iter();
        around.copied().find(|part| self.is_closed_part(*part))
    }

    /// Whether somebody is said to own a node who may change it.
    pub(super) fn is_open(&self, node: NodeRef<'d>) -> bool {
        !self.owners.around(self.side.key(node)).is_empty() && self.closed(node).is_none()
    }

    /// Whether anything is closed to the proposer.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A part by its number.
    pub(super) fn part(&self, part: usize) -> Option<&'s Part<'d>> {
        self.owners.parts().get(part)
    }
}
