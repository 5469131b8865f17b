//! Where a revision differs from its base.
//!
//! * **Shape.** [`Comparison::of`] compares every document of the base with the one that stands
//!   at the same place beside the revision. Each [`Change`] says whether it is one of meaning or
//!   of words for people; examples bind nobody and are left out.
//! * **Order.** Lists of words (`required`, `tags`) have no order here, and an item of another list
//!   is matched by what it is, so that moving something is no change; where the place decides
//!   (`prefixItems`, values of data), it decides here too.

use rustc_hash::FxHashMap;

use crate::{
    document::{Document, Kind as Form, NodeId, NodeRef},
    openapi::{Description, Kind, Walk, item_identity, tables},
    schema::{canonical, equal},
};

/// What tells a node from all others of its description.
pub(super) type Key = (usize, NodeId);

/// A description and what its walk found.
#[derive(Debug)]
pub(super) struct Side<'d> {
    pub(super) description: &'d Description,
    pub(super) walk: Walk<'d>,
}

/// What a member of an object says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// What holds.
    Meaning,
    /// A value that is compared as it stands.
    Data,
    /// The same to people, in words.
    Words,
    /// Nothing that binds: an example.
    Nothing,
}

impl<'d> Side<'d> {
    pub(super) fn new(description: &'d Description) -> Self {
        Self { description, walk: Walk::new(description) }
    }

    pub(super) fn key(&self, node: NodeRef<'d>) -> Key {
        (self.description.slot(node), node.id())
    }

    /// What the member `key` of an object says.
    pub(super) fn says(&self, holder: NodeRef<'d>, key: &str) -> Says {
        let Some(kind) = self.walk.kind_of(holder) else { return Says::Meaning };
        let version = self.description.version_at(holder);
        let is_field = tables::field(kind, version, key).is_some()
            || holder.get("$ref").is_some() && matches!(key, "summary" | "description");
        match key {
            _ if key.starts_with("x-") && is_extensible(kind) => Says::Data,
            _ if !is_field => Says::Meaning,
            "example" | "examples" => Says::Nothing,
            "description" | "summary" | "title" | "externalDocs" | "$comment" => Says::Words,
            "default" | "const" | "enum" => Says::Data,
            _ => Says::Meaning,
        }
    }
}

/// Whether `x-` begins an extension in an object, and not a name that somebody chose.
fn is_extensible(kind: Kind) -> bool {
    !matches!(kind, Kind::SecurityRequirement)
}

/// One smallest place at which two documents differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'d> {
    /// What stood there; nothing for what was added.
    pub(super) base: Option<NodeRef<'d>>,
    /// What stands there now; nothing for what was removed.
    pub(super) revision: Option<NodeRef<'d>>,
    /// The object or array that holds it, in the base and in the revision.
    pub(super) holders: (NodeRef<'d>, NodeRef<'d>),
    /// Whether people alone read it.
    pub(super) is_words: bool,
}

impl<'d> Change<'d> {
    /// What stands there, or stood there.
    pub(super) fn node(&self) -> Option<NodeRef<'d>> {
        self.revision.or(self.base)
    }
}

/// Every change, and which objects stand at the same place.
#[derive(Debug)]
pub(super) struct Comparison<'d> {
    pub(super) base: Side<'d>,
    pub(super) revision: Side<'d>,
    pub(super) changes: Vec<Change<'d>>,
    /// Documents of the base that the revision no longer reads.
    pub(super) gone: Vec<&'d Document>,
    /// What stands in the base where something stands in the revision.
    before: FxHashMap<Key, NodeRef<'d>>,
    /// What stands in the revision where something stands in the base.
    after: FxHashMap<Key, NodeRef<'d>>,
}

impl<'d> Comparison<'d> {
    /// Compares two descriptions, document by document.
    pub(super) fn of(base: &'d Description, revision: &'d Description) -> Self {
        let mut comparison = Self {
            base: Side::new(base),
            revision: Side::new(revision),
            changes: Vec::new(),
            gone: Vec::new(),
            before: FxHashMap::default(),
            after: FxHashMap::default(),
        };
        let others: FxHashMap<_, _> =
            revision.documents().iter().map(|it| (revision.place_of(it.path()), it)).collect();
        for document in base.documents() {
            let other = others.get(&base.place_of(document.path())).copied();
            match (document.root(), other.and_then(Document::root)) {
                (Some(base), Some(revision)) => comparison.compare(base, revision, None, false),
                (Some(_), None) => comparison.gone.push(document),
                (None, _) => {}
            }
        }
        comparison
    }

    /// What stood where `node` of the revision stands.
    pub(super) fn before(&self, node: NodeRef<'d>) -> Option<NodeRef<'d>> {
        self.before.get(&self.revision.key(node)).copied()
    }

    /// What stands where `node` of the base stood.
    pub(super) fn after(&self, node: NodeRef<'d>) -> Option<NodeRef<'d>> {
        self.after.get(&self.base.key(node)).copied()
    }

    fn compare(
        &mut self,
        base: NodeRef<'d>,
        revision: NodeRef<'d>,
        holders: Option<(NodeRef<'d>, NodeRef<'d>)>,
        in_order: bool,
    ) {
        self.before.insert(self.revision.key(revision), base);
        self.after.insert(self.base.key(base), revision);
        match (base.kind(), revision.kind()) {
            (Form::Object, Form::Object) => self.objects(base, revision),
            (Form::Array, Form::Array) if in_order => self.tuples(base, revision),
            (Form::Array, Form::Array) => self.arrays(base, revision, holders),
            _ if equal(base, revision) => {}
            _ => self.changed(Some(base), Some(revision), holders.unwrap_or((base, revision))),
        }
    }

    fn changed(
        &mut self,
        base: Option<NodeRef<'d>>,
        revision: Option<NodeRef<'d>>,
        holders: (NodeRef<'d>, NodeRef<'d>),
    ) {
        self.changes.push(Change { base, revision, holders, is_words: false });
    }

    fn objects(&mut self, base: NodeRef<'d>, revision: NodeRef<'d>) {
        let holders = (base, revision);
        for entry in base.entries() {
            let other = revision.get(entry.key);
            let says = self.base.says(base, entry.key);
            match (says, other) {
                (Says::Nothing, _) => {}
                (Says::Meaning, Some(other)) => {
                    self.compare(entry.value, other, Some(holders), entry.key == "prefixItems");
                }
                (Says::Data, Some(other)) if same_data(entry.key, entry.value, other) => {}
                (Says::Words, Some(other)) if equal(entry.value, other) => {}
                _ => self.changes.push(Change {
                    base: Some(entry.value),
                    revision: other,
                    holders,
                    is_words: says == Says::Words,
                }),
            }
        }
        for entry in revision.entries().filter(|entry| base.get(entry.key).is_none()) {
            let says = self.revision.says(revision, entry.key);
            if says != Says::Nothing {
                let (base, revision) = (None, Some(entry.value));
                let is_words = says == Says::Words;
                self.changes.push(Change { base, revision, holders, is_words });
            }
        }
    }

    /// Items whose place decides what they are about.
    fn tuples(&mut self, base: NodeRef<'d>, revision: NodeRef<'d>) {
        let holders = (base, revision);
        let (mut old, mut new) = (base.items(), revision.items());
        loop {
            match (old.next(), new.next()) {
                (Some(old), Some(new)) => self.compare(old, new, Some(holders), false),
                (None, None) => return,
                (old, new) => self.changed(old, new, holders),
            }
        }
    }

    fn arrays(
        &mut self,
        base: NodeRef<'d>,
        revision: NodeRef<'d>,
        holders: Option<(NodeRef<'d>, NodeRef<'d>)>,
    ) {
        let scalar = |node: NodeRef<'d>| !matches!(node.kind(), Form::Object | Form::Array);
        if base.items().chain(revision.items()).all(scalar) {
            if !same_items(base, revision) {
                let holders = holders.unwrap_or((base, revision));
                self.changed(Some(base), Some(revision), holders);
            }
            return;
        }
        let holders = (base, revision);
        let name = |node: NodeRef<'d>| item_identity(node).unwrap_or_default();
        let mut others: FxHashMap<String, Vec<NodeRef<'d>>> = FxHashMap::default();
        for item in revision.items().rev() {
            others.entry(name(item)).or_default().push(item);
        }
        for item in base.items() {
            match others.get_mut(&name(item)).and_then(Vec::pop) {
                Some(other) => self.compare(item, other, Some(holders), false),
                None => self.changed(Some(item), None, holders),
            }
        }
        for item in revision.items() {
            if others.get(&name(item)).is_some_and(|left| left.contains(&item)) {
                self.changed(None, Some(item), holders);
            }
        }
    }
}

fn same_data(key: &str, base: NodeRef<'_>, revision: NodeRef<'_>) -> bool {
    let is_list = key == "enum" && base.is_array() && revision.is_array();
    if is_list { same_items(base, revision) } else { equal(base, revision) }
}

/// Whether two lists hold the same, in whatever order.
fn same_items(base: NodeRef<'_>, revision: NodeRef<'_>) -> bool {
    let sorted = |list: NodeRef<'_>| {
        let mut items: Vec<_> = list.items().map(canonical).collect();
        items.sort();
        items
    };
    sorted(base) == sorted(revision)
}
