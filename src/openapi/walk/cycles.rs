//! References that lead back to themselves, and where the others lead in the end.
//!
//! A schema may contain itself through `properties` or `items`: an instance ends somewhere.
//! A circle of `$ref` and `allOf` alone says nothing, and a validator that follows it never ends.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.23; JSON Schema 2020-12 core, section 9.4.1.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{NodeId, NodeRef},
    finding::{At, Draft},
    openapi::{resolve::Target, tables::Kind},
};

use super::walker::Walker;

/// How many places of a circle a finding names.
const RELATED_MAX: usize = 8;

type Key = (usize, NodeId);

/// A node on the way, and where it still leads.
struct Frame<'d> {
    node: NodeRef<'d>,
    next: Vec<NodeRef<'d>>,
}

impl<'d> Walker<'d> {
    fn place(&self, node: NodeRef<'d>) -> Key {
        (self.description.slot(node), node.id())
    }

    /// Reports each circle once; returns where each reference leads in the end.
    pub(super) fn check_cycles(&mut self) -> FxHashMap<Key, Option<NodeRef<'d>>> {
        let mut steps: FxHashMap<Key, NodeRef<'d>> = FxHashMap::default();
        let mut values: FxHashMap<Key, NodeRef<'d>> = FxHashMap::default();
        for reference in &self.references {
            if let Target::Node(target) = reference.target
                && self.misfit(target, reference.kind).is_none()
            {
                steps.insert(self.place(reference.node), target);
                values.insert(self.place(reference.node), reference.value);
            }
        }
        let mut done: FxHashSet<Key> = FxHashSet::default();
        let mut reported: FxHashSet<Key> = FxHashSet::default();
        let starts: Vec<NodeRef<'d>> = self.references.iter().map(|it| it.node).collect();
        for start in starts {
            self.search(start, &steps, &values, &mut done, &mut reported);
        }
        self.finals(&steps)
    }

    /// Looks for circles from one node, depth first, each node once in all searches.
    fn search(
        &mut self,
        start: NodeRef<'d>,
        steps: &FxHashMap<Key, NodeRef<'d>>,
        values: &FxHashMap<Key, NodeRef<'d>>,
        done: &mut FxHashSet<Key>,
        reported: &mut FxHashSet<Key>,
    ) {
        let mut path: Vec<Frame<'d>> = Vec::new();
        let mut on_path: FxHashMap<Key, usize> = FxHashMap::default();
        let mut enter = Some(start);
        loop {
            if let Some(node) = enter.take() {
                let key = self.place(node);
                if let Some(from) = on_path.get(&key) {
                    let circle = path.get(*from..).unwrap_or_default();
                    let nodes: Vec<NodeRef<'d>> = circle.iter().map(|it| it.node).collect();
                    self.report(&nodes, values, reported);
                } else if done.insert(key) {
                    on_path.insert(key, path.len());
                    path.push(Frame { node, next: self.leads(node, steps) });
                }
            }
            let Some(frame) = path.last_mut() else { return };
            enter = frame.next.pop();
            if enter.is_none() {
                let key = (self.description.slot(frame.node), frame.node.id());
                on_path.remove(&key);
                path.pop();
            }
        }
    }

    /// What must be known before a node means anything: its target, and its `allOf`.
    fn leads(&self, node: NodeRef<'d>, steps: &FxHashMap<Key, NodeRef<'d>>) -> Vec<NodeRef<'d>> {
        let (slot, id) = self.place(node);
        let mut leads: Vec<NodeRef<'d>> = steps.get(&(slot, id)).copied().into_iter().collect();
        let pure = !leads.is_empty() && !self.version(slot).has_json_schema();
        if !pure
            && self.marks.used_as(slot, id) == Some(Kind::Schema)
            && let Some(all) = node.get("allOf")
        {
            leads.extend(all.items());
        }
        leads
    }

    fn report(
        &mut self,
        circle: &[NodeRef<'d>],
        values: &FxHashMap<Key, NodeRef<'d>>,
        reported: &mut FxHashSet<Key>,
    ) {
        let mut references: Vec<NodeRef<'d>> =
            circle.iter().filter_map(|node| values.get(&self.place(*node))).copied().collect();
        references.sort_by_key(|value| (self.description.slot(*value), value.span().start));
        let Some((first, others)) = references.split_first() else { return };
        if !reported.insert(self.place(*first)) {
            return;
        }
        self.problems.add("circular-reference", || {
            let text = first.as_str().unwrap_or_default();
            let message = match circle.len() {
                1 => format!("`{text}` leads to itself"),
                _ => format!("`{text}` leads back to itself through references alone"),
            };
            let mut draft = Draft::new("circular-reference", At::Value(*first), message);
            for other in others.iter().take(RELATED_MAX) {
                draft = draft.related(At::Value(*other), "by way of this reference");
            }
            draft
        });
    }

    /// Follows every chain to its end, each link once.
    fn finals(&self, steps: &FxHashMap<Key, NodeRef<'d>>) -> FxHashMap<Key, Option<NodeRef<'d>>> {
        let mut finals: FxHashMap<Key, Option<NodeRef<'d>>> = FxHashMap::default();
        for reference in &self.references {
            let mut chain: Vec<Key> = Vec::new();
            let mut on_chain: FxHashSet<Key> = FxHashSet::default();
            let mut node = reference.node;
            let end = loop {
                let key = self.place(node);
                if let Some(end) = finals.get(&key) {
                    break *end;
                }
                if !on_chain.insert(key) {
                    break None;
                }
                match steps.get(&key) {
                    Some(target) => {
                        chain.push(key);
                        node = *target;
                    }
                    // A reference that leads nowhere, or what is no reference at all.
                    None if key == self.place(reference.node) || self.is_lost(node) => {
                        chain.push(key);
                        break None;
                    }
                    None => break Some(node),
                }
            };
            finals.extend(chain.into_iter().map(|key| (key, end)));
        }
        finals
    }

    /// Whether a node is a reference all the same, one that leads nowhere.
    fn is_lost(&self, node: NodeRef<'d>) -> bool {
        let (slot, id) = self.place(node);
        self.marks.is_reference(slot, id)
    }
}
