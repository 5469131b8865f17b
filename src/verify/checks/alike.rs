//! Things that are too alike, as classes that no order of the document changes.

use std::{collections::BTreeMap, hash::Hash};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::{document::NodeRef, openapi::Identities};

/// Which of a number of things belong together, told by what they share.
#[derive(Debug, Default)]
pub(super) struct Classes<K> {
    parents: Vec<usize>,
    first: FxHashMap<K, usize>,
}

impl<K: Hash + Eq> Classes<K> {
    /// No things yet, but room for so many different traits.
    pub(super) fn for_traits(count: usize) -> Self {
        let first = FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
        Self { parents: Vec::new(), first }
    }

    /// Adds the next thing with its traits: it belongs to all that share one of them.
    pub(super) fn add(&mut self, traits: impl IntoIterator<Item = K>) {
        let thing = self.parents.len();
        self.parents.push(thing);
        for shared in traits {
            let other = *self.first.entry(shared).or_insert(thing);
            let (one, other) = (self.find(thing), self.find(other));
            if let Some(parent) = self.parents.get_mut(one.max(other)) {
                *parent = one.min(other);
            }
        }
    }

    /// The first thing of the class that a thing belongs to.
    fn find(&self, thing: usize) -> usize {
        let mut thing = thing;
        while let Some(parent) = self.parents.get(thing).filter(|parent| **parent != thing) {
            thing = *parent;
        }
        thing
    }

    /// The classes of more than one thing, each in the order of its things.
    pub(super) fn shared(&self) -> Vec<Vec<usize>> {
        let mut classes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for thing in 0..self.parents.len() {
            let first = self.find(thing);
            if first != thing {
                classes.entry(first).or_insert_with(|| vec![first]).push(thing);
            }
        }
        classes.into_values().collect()
    }
}

/// The node of a class that stands first whatever the order of the document is.
pub(super) fn least<'d>(nodes: impl Iterator<Item = NodeRef<'d>>) -> Option<NodeRef<'d>> {
    let mut identities = Identities::default();
    nodes.min_by_key(|node| (node.document().path().to_owned(), identities.of(*node)))
}

/// Nodes in an order that does not depend on the document's.
pub(super) fn ordered<'d, T>(things: &mut [T], node: impl Fn(&T) -> NodeRef<'d>) {
    let mut identities = Identities::default();
    things.sort_by_cached_key(|thing| {
        let node = node(thing);
        (node.document().path().to_owned(), identities.of(node))
    });
}

/// Of nodes that are alike, in the order of the document, the node that names the finding at each
/// but the first: together they are all but the [`least`], in whichever order they stand.
pub(super) fn names<'d>(nodes: &[NodeRef<'d>]) -> Vec<NodeRef<'d>> {
    let least = least(nodes.iter().copied());
    let Some((first, rest)) = nodes.split_first() else { return Vec::new() };
    rest.iter().map(|node| if Some(*node) == least { *first } else { *node }).collect()
}

/// Members of a map that share a trait: for each but the first of its kind, the first one, the
/// member itself, and the node that names the finding.
pub(super) fn pairs<'d>(
    members: impl Iterator<Item = (String, NodeRef<'d>)>,
) -> Vec<(NodeRef<'d>, NodeRef<'d>, NodeRef<'d>)> {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<NodeRef<'d>>> = Vec::new();
    for (shared, node) in members {
        let next = groups.len();
        let place = *places.entry(shared).or_insert(next);
        if place == next {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(place) {
            group.push(node);
        }
    }
    let mut pairs = Vec::new();
    for group in groups.iter().filter(|group| group.len() > 1) {
        let Some((first, rest)) = group.split_first() else { continue };
        pairs.extend(rest.iter().zip(names(group)).map(|(node, names)| (*first, *node, names)));
    }
    pairs
}
