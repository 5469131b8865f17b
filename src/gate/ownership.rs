//! Who may change what: `x-owner` in the base, and the charter's pointers, which win over it.
//!
//! A revision by one side that changes what the other owns goes back, unless the owner has opened
//! it again. What an owner's part refers to belongs to whoever owns that.

use crate::{
    charter::Charter,
    document::{FaultKind, NodeRef, pointer},
    finding::{At, Draft},
    openapi::{Description, Direction, Kind, Walk},
};

use super::{
    Terms,
    changes::{Change, changes},
};

/// The member that names the owner of the object that holds it.
const X_OWNER: &str = "x-owner";

/// What is wrong with who changed what, and with who is said to own what.
pub(super) fn check<'d>(
    base: Option<&'d Description>,
    revision: &'d Description,
    terms: Terms<'_>,
) -> Vec<Draft<'d>> {
    let Some(root) = revision.entry().root() else { return Vec::new() };
    let charter = terms.charter.map(|(charter, _)| charter);
    let mut drafts = Vec::new();
    if let Some(charter) = charter {
        declared(root, charter, &mut drafts);
        undeclared(revision, charter, &mut drafts);
    }
    let Some(base) = base.map(Description::entry) else { return drafts };
    if base.faults().iter().any(|fault| is_loss(fault.kind)) {
        let message = "who owns what is not known: the base cannot be read as a whole";
        drafts.push(Draft::new("undecided-ownership", At::Key(root), message).fact("base"));
    }
    let Some(base) = base.root() else { return drafts };
    let owners = Owners { charter };
    let Some(proposer) = terms.proposer else {
        if owners.any(base) && !changes(base, root).is_empty() {
            let message = "whose parts this revision changes is not known: no proposer is named";
            drafts.push(Draft::new("undecided-ownership", At::Key(root), message));
        }
        return drafts;
    };
    for change in changes(base, root) {
        let touched = owners.touched(change);
        let foreign = touched
            .into_iter()
            .find(|(owner, part)| *owner != proposer && !is_reopened(*part, terms.reopened));
        if let Some((owner, part)) = foreign {
            drafts.push(foreign_change(change, part, owner, proposer));
        }
    }
    drafts
}

/// Whether text with such a fault may say more than was read of it.
fn is_loss(kind: FaultKind) -> bool {
    use FaultKind::{Depth, DuplicateKey, Encoding, Nodes, SecondDocument, Syntax, TooLarge};
    matches!(kind, Syntax | Encoding | DuplicateKey | SecondDocument | Depth | Nodes | TooLarge)
}

fn foreign_change<'d>(
    change: Change<'d>,
    part: NodeRef<'_>,
    owner: &str,
    proposer: &str,
) -> Draft<'d> {
    let (at, what, name) = match (change.base, change.revision) {
        (Some(_), Some(node)) => (At::Value(node), "changes", name_of(node)),
        (None, Some(node)) => (At::Key(node), "adds", name_of(node)),
        (base, None) => {
            let name = base.map_or_else(String::new, name_of);
            (At::Key(change.holders.1), "removes", name)
        }
    };
    let place = part.pointer();
    let place = if place.is_empty() { "the contract".to_owned() } else { format!("`{place}`") };
    let message = format!("`{proposer}` {what} `{name}`, but {place} is owned by `{owner}`");
    Draft::new("change-by-non-owner", at, message).fact(format!("{what} {name}"))
}

fn name_of(node: NodeRef<'_>) -> String {
    node.key()
        .map_or_else(|| crate::openapi::item_identity(node).unwrap_or_default(), str::to_owned)
}

fn is_reopened(part: NodeRef<'_>, reopened: &[String]) -> bool {
    let place = part.pointer();
    reopened.iter().any(|open| covers(open, &place))
}

/// Whether a pointer names `place` or something that holds it.
fn covers(outer: &str, place: &str) -> bool {
    place.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

struct Owners<'c> {
    charter: Option<&'c Charter>,
}

impl<'c> Owners<'c> {
    /// Whether anything is owned at all.
    fn any(&self, base: NodeRef<'_>) -> bool {
        let charter =
            self.charter.is_some_and(|it| it.parties.iter().any(|it| !it.owns.is_empty()));
        charter || holds_owner(base)
    }

    /// The owners of what a change touches, each with the part that it owns.
    fn touched<'d>(&self, change: Change<'d>) -> Vec<(&'d str, NodeRef<'d>)>
    where
        'c: 'd,
    {
        let mut touched = Vec::new();
        match change.base {
            Some(node) => {
                touched.extend(self.owner(node));
                // Whatever is owned inside of what was removed or replaced is changed as well.
                self.inside(node, &mut touched);
            }
            None => touched.extend(self.owner(change.holders.0)),
        }
        touched
    }

    /// The owner of a node of the base, and the part that the ownership is said of.
    fn owner<'d>(&self, node: NodeRef<'d>) -> Option<(&'d str, NodeRef<'d>)>
    where
        'c: 'd,
    {
        self.by_charter(node).or_else(|| by_member(node))
    }

    fn by_charter<'d>(&self, node: NodeRef<'d>) -> Option<(&'d str, NodeRef<'d>)>
    where
        'c: 'd,
    {
        let place = node.pointer();
        let parties = self.charter.into_iter().flat_map(|charter| &charter.parties);
        let pairs = parties.flat_map(|party| {
            party.owns.iter().map(|pointer| (pointer.as_str(), party.name.as_str()))
        });
        let nearest = pairs.filter(|(pointer, _)| covers(pointer, &place));
        let (pointer, owner) = nearest.max_by_key(|(pointer, _)| pointer.len())?;
        let part = node.document().at(pointer).unwrap_or(node);
        Some((owner, part))
    }

    fn inside<'d>(&self, node: NodeRef<'d>, touched: &mut Vec<(&'d str, NodeRef<'d>)>)
    where
        'c: 'd,
    {
        let parties = self.charter.into_iter().flat_map(|charter| &charter.parties);
        let place = node.pointer();
        for party in parties {
            let inner = party.owns.iter().filter(|it| covers(&place, it.as_str()));
            let inner = inner.filter_map(|it| node.document().at(it.as_str()));
            touched.extend(inner.map(|part| (party.name.as_str(), part)));
        }
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            let children = node.entries().map(|it| it.value).chain(node.items());
            for child in children.filter(|child| child.parent() == Some(node)) {
                if child.get(X_OWNER).is_some() {
                    touched.extend(self.owner(child));
                }
                open.push(child);
            }
        }
    }
}

/// The nearest `x-owner` at or above a node.
fn by_member(node: NodeRef<'_>) -> Option<(&str, NodeRef<'_>)> {
    let mut up = std::iter::successors(Some(node), |node| node.parent());
    up.find_map(|part| Some((part.get(X_OWNER)?.as_str()?, part)))
}

fn holds_owner(root: NodeRef<'_>) -> bool {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if node.get(X_OWNER).is_some() {
            return true;
        }
        let children = node.entries().map(|it| it.value).chain(node.items());
        open.extend(children.filter(|child| child.parent() == Some(node)));
    }
    false
}

/// An `x-owner` must name a party.
fn declared<'d>(root: NodeRef<'d>, charter: &Charter, drafts: &mut Vec<Draft<'d>>) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if let Some(owner) = node.get(X_OWNER) {
            let name = owner.as_str().unwrap_or_default();
            if charter.index_of(name).is_none() {
                let [first, second] = charter.names();
                let message = format!("`{name}` is no party of the charter");
                let draft = Draft::new("unknown-owner", At::Value(owner), message).fact(name);
                drafts.push(draft.help(format!("write `{first}` or `{second}`")));
            }
        }
        let children = node.entries().map(|it| it.value).chain(node.items());
        open.extend(children.filter(|child| child.parent() == Some(node)));
    }
}

/// A value that only the receiver of a request sets must say whose it is.
fn undeclared<'d>(revision: &'d Description, charter: &Charter, drafts: &mut Vec<Draft<'d>>) {
    let walk = Walk::new(revision);
    for visit in walk.visits(Kind::Schema) {
        let read_only = visit.node.get("readOnly").and_then(NodeRef::as_bool) == Some(true);
        if !read_only || !visit.directions.contains(Direction::Request) {
            continue;
        }
        let owners = Owners { charter: Some(charter) };
        if owners.owner(visit.node).is_none() {
            let name = visit.node.key().unwrap_or_default();
            let message =
                format!("a request can hold `{name}`, which its sender does not set: whose is it?");
            let draft = Draft::new("undeclared-owner", At::Key(visit.node), message);
            let place = pointer::join(&visit.node.pointer(), X_OWNER);
            drafts.push(
                draft.fact(name).help(format!("add `{place}` with the party that sets the value")),
            );
        }
    }
}
