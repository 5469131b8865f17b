//! Who owns what: `x-owner` in a description, and the charter's pointers.
//!
//! The innermost declaration around a place says whose it is; where the charter and an `x-owner`
//! speak of the same place, the charter wins. A place that nobody declares is nobody's.

use rustc_hash::FxHashMap;

use crate::{charter::Settings, document::NodeRef};

use super::comparison::{Key, Says, Side};

/// The member that names the owner of the object that holds it.
pub(super) const X_OWNER: &str = "x-owner";

/// A place that somebody is said to own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'d> {
    pub(super) owner: &'d str,
    pub(super) node: NodeRef<'d>,
    /// The `x-owner`, where that says it.
    pub(super) said: Option<NodeRef<'d>>,
}

/// Whose each place of a description is.
#[derive(Debug, Default)]
pub(super) struct Owners<'d> {
    parts: Vec<Part<'d>>,
    /// The part around each node that has one; several where an alias shares the node.
    around: FxHashMap<Key, Vec<usize>>,
    /// The number of the part that a node itself is.
    numbers: FxHashMap<Key, usize>,
    /// Where `x-owner` names nobody, being no text.
    malformed: Vec<NodeRef<'d>>,
}

/// What is known of a node before it is looked at.
#[derive(Clone, Copy)]
struct Task<'d> {
    node: NodeRef<'d>,
    part: Option<usize>,
    /// Whether the node is a value of data, in which `x-owner` is a word like any other.
    is_data: bool,
}

impl<'d> Owners<'d> {
    /// The owners of everything in a description.
    pub(super) fn of<'c: 'd>(side: &Side<'d>, charter: Option<&'c Settings>) -> Self {
        let mut owners = Self::default();
        let mut given: FxHashMap<Key, &'d str> = FxHashMap::default();
        for party in charter.into_iter().flat_map(Settings::parties) {
            for pointer in &party.owns {
                if let Some(node) = side.description.entry().at(pointer.as_str()) {
                    given.insert(side.key(node), party.name.as_str());
                }
            }
        }
        for document in side.description.documents() {
            let root = document.root().into_iter();
            let mut open: Vec<_> =
                root.map(|node| Task { node, part: None, is_data: false }).collect();
            while let Some(task) = open.pop() {
                owners.visit(side, &given, task, &mut open);
            }
        }
        owners
    }

    fn visit(
        &mut self,
        side: &Side<'d>,
        given: &FxHashMap<Key, &'d str>,
        task: Task<'d>,
        open: &mut Vec<Task<'d>>,
    ) {
        let Task { node, mut part, is_data } = task;
        let key = side.key(node);
        let said = node.get(X_OWNER).filter(|_| !is_data);
        let said = match said {
            Some(said) if said.as_str().is_none() => {
                if side.walk.kind_of(node).is_some() && !self.malformed.contains(&said) {
                    self.malformed.push(said);
                }
                None
            }
            said => said,
        };
        let by_charter = given.get(&key).copied();
        if let Some(owner) = by_charter.or_else(|| said?.as_str()) {
            let next = self.parts.len();
            let number = *self.numbers.entry(key).or_insert(next);
            part = Some(number);
            if number == next {
                self.parts.push(Part { owner, node, said });
            }
        }
        if let Some(part) = part {
            let around = self.around.entry(key).or_default();
            if around.contains(&part) {
                return;
            }
            around.push(part);
        }
        let children = node.entries().map(|it| (Some(it.key), it.value));
        for (key, child) in children.chain(node.items().map(|it| (None, it))) {
            // What an alias shares with a place that nobody owns is looked at in its own place.
            if part.is_some() || child.parent() == Some(node) {
                let says = key.map_or(Says::Meaning, |key| side.says(node, key));
                let is_data = is_data || matches!(says, Says::Data | Says::Nothing);
                open.push(Task { node: child, part, is_data });
            }
        }
    }

    /// Every place that is owned.
    pub(super) fn parts(&self) -> &[Part<'d>] {
        &self.parts
    }

    /// Every `x-owner` that is no text.
    pub(super) fn malformed(&self) -> &[NodeRef<'d>] {
        &self.malformed
    }

    /// The parts that a node belongs to, by number.
    pub(super) fn around(&self, key: Key) -> &[usize] {
        self.around.get(&key).map_or(&[], Vec::as_slice)
    }
}
