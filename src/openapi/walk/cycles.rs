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
    openapi::{identity::Identities, resolve::Target, tables::Kind},
};

use super::{subject::shown, walker::Walker};

/// How many places of a circle a finding names.
const RELATED_MAX: usize = 8;

type Key = (usize, NodeId);

/// What each `$ref` leads to in one step, and the `$ref` itself.
type Steps<'d> = FxHashMap<Key, (NodeRef<'d>, NodeRef<'d>)>;

/// A node on the way, and where it still leads.
struct Frame<'d> {
    number: usize,
    next: Vec<NodeRef<'d>>,
}

/// What the search knows of a node.
struct Seen<'d> {
    node: NodeRef<'d>,
    /// The first node on the way that it leads back to.
    lowest: usize,
    /// Whether it may still turn out to belong to a circle.
    open: bool,
    /// Whether it leads to itself at once.
    to_itself: bool,
}

/// The state of Tarjan's search for strongly connected components, kept in lists, not in calls.
#[derive(Default)]
struct Search<'d> {
    numbers: FxHashMap<Key, usize>,
    seen: Vec<Seen<'d>>,
    open: Vec<usize>,
    path: Vec<Frame<'d>>,
}

impl<'d> Search<'d> {
    /// Enters a node; nothing of it is new the second time.
    fn enter(&mut self, key: Key, node: NodeRef<'d>, leads: impl FnOnce() -> Vec<NodeRef<'d>>) {
        let next_number = self.seen.len();
        let number = *self.numbers.entry(key).or_insert(next_number);
        let from = self.path.last().map(|frame| frame.number);
        if number == next_number {
            self.seen.push(Seen { node, lowest: number, open: true, to_itself: false });
            self.open.push(number);
            self.path.push(Frame { number, next: leads() });
        } else if self.seen.get(number).is_some_and(|seen| seen.open)
            && let Some(from) = from.and_then(|from| self.seen.get_mut(from))
        {
            from.lowest = from.lowest.min(number);
            from.to_itself |= from.node == node;
        }
    }

    /// Leaves the last node; returns the circle that it closes.
    fn leave(&mut self) -> Option<Vec<NodeRef<'d>>> {
        let number = self.path.pop()?.number;
        let (lowest, to_itself) = self.seen.get(number).map(|it| (it.lowest, it.to_itself))?;
        if let Some(before) = self.path.last().and_then(|frame| self.seen.get_mut(frame.number)) {
            before.lowest = before.lowest.min(lowest);
        }
        if lowest != number {
            return None;
        }
        let mut circle = Vec::new();
        while let Some(member) = self.open.pop() {
            if let Some(seen) = self.seen.get_mut(member) {
                seen.open = false;
                circle.push(seen.node);
            }
            if member == number {
                break;
            }
        }
        (circle.len() > 1 || to_itself).then_some(circle)
    }
}

impl<'d> Walker<'d> {
    fn place(&self, node: NodeRef<'d>) -> Key {
        (self.description.slot(node), node.id())
    }

    /// Reports each circle once; returns where each reference leads in the end.
    pub(super) fn check_cycles(&mut self) -> FxHashMap<Key, Option<NodeRef<'d>>> {
        let mut steps: Steps<'d> = FxHashMap::default();
        steps.reserve(self.references.len());
        for reference in &self.references {
            if let Target::Node(target) = reference.target
                && self.misfit(target, reference.kind).is_none()
            {
                steps.insert(self.place(reference.node), (target, reference.value));
            }
        }
        let mut search = Search::default();
        let mut circles = Vec::new();
        for reference in &self.references {
            let leads = self.leads(reference.node, &steps);
            // Most lead to something that leads no further.
            if leads.iter().all(|node| self.is_end(*node, &steps))
                || search.numbers.contains_key(&self.place(reference.node))
            {
                continue;
            }
            let mut enter = Some(reference.node);
            loop {
                if let Some(node) = enter.take() {
                    search.enter(self.place(node), node, || self.leads(node, &steps));
                }
                let Some(frame) = search.path.last_mut() else { break };
                enter = frame.next.pop();
                if enter.is_none() {
                    circles.extend(search.leave());
                }
            }
        }
        for circle in circles {
            self.report(&circle, &steps);
        }
        self.finals(&steps)
    }

    /// What must be known before a node means anything: its target, and its `allOf`.
    fn leads(&self, node: NodeRef<'d>, steps: &Steps<'d>) -> Vec<NodeRef<'d>> {
        let (slot, id) = self.place(node);
        let step = steps.get(&(slot, id)).map(|(target, _)| *target);
        let pure = step.is_some() && !self.version(slot).has_json_schema();
        let mut leads: Vec<NodeRef<'d>> = step.into_iter().collect();
        if !pure
            && self.marks.used_as(slot, id) == Some(Kind::Schema)
            && let Some(all) = node.get("allOf")
        {
            leads.extend(all.items());
        }
        leads
    }

    /// Whether a node means what it says by itself.
    fn is_end(&self, node: NodeRef<'d>, steps: &Steps<'d>) -> bool {
        !steps.contains_key(&self.place(node)) && node.get("allOf").is_none()
    }

    /// Reports a circle at its first reference.
    fn report(&mut self, circle: &[NodeRef<'d>], steps: &Steps<'d>) {
        let members: FxHashSet<Key> = circle.iter().map(|node| self.place(*node)).collect();
        let inside = circle.iter().filter_map(|node| {
            let (target, value) = steps.get(&self.place(*node))?;
            members.contains(&self.place(*target)).then_some(*value)
        });
        let mut references: Vec<NodeRef<'d>> = inside.collect();
        references.sort_by_key(|value| (self.description.slot(*value), value.span().start));
        let Some((first, others)) = references.split_first() else { return };
        self.problems.add("circular-reference", || {
            let text = shown(first.as_str().unwrap_or_default());
            let message = match circle.len() {
                1 => format!("`{text}` leads to itself"),
                _ => format!("`{text}` leads back to itself through references alone"),
            };
            let mut identities = Identities::default();
            let least = references
                .iter()
                .min_by_key(|value| (value.document().path().to_owned(), identities.of(**value)));
            let mut draft = Draft::new("circular-reference", At::Value(*first), message)
                .named_by(*least.unwrap_or(first));
            for other in others.iter().take(RELATED_MAX) {
                draft = draft.related(At::Value(*other), "by way of this reference");
            }
            draft
        });
    }

    /// Follows every chain to its end, each link once.
    fn finals(&self, steps: &Steps<'d>) -> FxHashMap<Key, Option<NodeRef<'d>>> {
        let mut finals: FxHashMap<Key, Option<NodeRef<'d>>> = FxHashMap::default();
        finals.reserve(self.references.len());
        for reference in &self.references {
            let mut node = reference.node;
            if let Some((target, _)) = steps.get(&self.place(node))
                && !steps.contains_key(&self.place(*target))
                && !self.is_lost(*target)
            {
                finals.insert(self.place(node), Some(*target));
                continue;
            }
            let mut chain: Vec<Key> = Vec::new();
            let mut on_chain: FxHashSet<Key> = FxHashSet::default();
            let end = loop {
                let key = self.place(node);
                if let Some(end) = finals.get(&key) {
                    break *end;
                }
                if !on_chain.insert(key) {
                    break None;
                }
                match steps.get(&key) {
                    Some((target, _)) => {
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
