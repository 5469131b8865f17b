//! Where a revision differs from its base.
//!
//! Lists of words (`required`, `enum`) have no order here, and an item of another list is matched
//! by what it is, so that moving something is no change. Examples say nothing that binds, so they
//! are left out.

use crate::{
    document::{Kind, NodeRef},
    openapi::item_identity,
    schema::{canonical, equal},
};

/// Members that show what the others mean without saying anything of their own.
const SILENT: [&str; 2] = ["example", "examples"];

/// One smallest place at which two documents differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'d> {
    /// What stood there; nothing for what was added.
    pub(super) base: Option<NodeRef<'d>>,
    /// What stands there now; nothing for what was removed.
    pub(super) revision: Option<NodeRef<'d>>,
    /// The object or array that holds it, in the base and in the revision.
    pub(super) holders: (NodeRef<'d>, NodeRef<'d>),
}

/// Every change between two values that stand at one place.
pub(super) fn changes<'d>(base: NodeRef<'d>, revision: NodeRef<'d>) -> Vec<Change<'d>> {
    let mut found = Vec::new();
    compare(base, revision, (base, revision), &mut found);
    found
}

fn compare<'d>(
    base: NodeRef<'d>,
    revision: NodeRef<'d>,
    holders: (NodeRef<'d>, NodeRef<'d>),
    found: &mut Vec<Change<'d>>,
) {
    match (base.kind(), revision.kind()) {
        (Kind::Object, Kind::Object) => objects(base, revision, found),
        (Kind::Array, Kind::Array) => arrays(base, revision, holders, found),
        _ if equal(base, revision) => {}
        _ => found.push(Change { base: Some(base), revision: Some(revision), holders }),
    }
}

fn objects<'d>(base: NodeRef<'d>, revision: NodeRef<'d>, found: &mut Vec<Change<'d>>) {
    let holders = (base, revision);
    for entry in base.entries().filter(|entry| !SILENT.contains(&entry.key)) {
        match revision.get(entry.key) {
            Some(other) => compare(entry.value, other, holders, found),
            None => found.push(Change { base: Some(entry.value), revision: None, holders }),
        }
    }
    for entry in revision.entries().filter(|entry| !SILENT.contains(&entry.key)) {
        if base.get(entry.key).is_none() {
            found.push(Change { base: None, revision: Some(entry.value), holders });
        }
    }
}

fn arrays<'d>(
    base: NodeRef<'d>,
    revision: NodeRef<'d>,
    holders: (NodeRef<'d>, NodeRef<'d>),
    found: &mut Vec<Change<'d>>,
) {
    let scalar = |node: NodeRef<'d>| !matches!(node.kind(), Kind::Object | Kind::Array);
    if base.items().chain(revision.items()).all(scalar) {
        let sorted = |list: NodeRef<'d>| {
            let mut items: Vec<_> = list.items().map(canonical).collect();
            items.sort();
            items
        };
        if sorted(base) != sorted(revision) {
            found.push(Change { base: Some(base), revision: Some(revision), holders });
        }
        return;
    }
    let holders = (base, revision);
    let name = |node: NodeRef<'d>| item_identity(node).unwrap_or_default();
    let mut others: Vec<(String, NodeRef<'d>)> =
        revision.items().map(|it| (name(it), it)).collect();
    for item in base.items() {
        let key = name(item);
        match others.iter().position(|(other, _)| *other == key) {
            Some(at) => compare(item, others.remove(at).1, holders, found),
            None => found.push(Change { base: Some(item), revision: None, holders }),
        }
    }
    found.extend(others.into_iter().map(|(_, item)| Change {
        base: None,
        revision: Some(item),
        holders,
    }));
}
