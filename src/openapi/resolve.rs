//! Where a reference leads.
//!
//! * **Shape.** [`Resolver::target`] takes one step, from a `$ref` to the node that it names;
//!   each distinct reference of a document is resolved once.
//! * **Source.** RFC 3986, section 5; RFC 6901, section 6; JSON Schema 2020-12 core, section 8.2.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::document::{Fault, FaultKind, NodeId, NodeRef, pointer};

use super::{
    description::{Base, Description, SourceError},
    uri::{self, Location},
};

/// What one reference names.
#[derive(Clone, Debug)]
pub enum Target<'d> {
    /// A node.
    Node(NodeRef<'d>),
    /// Nothing: `step` is no member of `parent`, the last node that there was.
    Missing {
        /// How far the pointer leads.
        parent: NodeRef<'d>,
        /// The first step that leads nowhere.
        step: Arc<str>,
    },
    /// Nothing: there is no such file.
    NoFile(Arc<str>),
    /// Nothing: there is no such anchor.
    NoAnchor(Arc<str>),
    /// Something that was not read: where it is, and why not.
    Unread(Arc<str>, SourceError),
    /// Nothing: the text is no reference, and why not.
    Invalid(&'static str),
    /// A place in a file whose text is broken, which is said elsewhere.
    Broken,
}

/// Objects with more members than this get an index.
const LINEAR_MAX: usize = 24;

/// Resolves the references of one description.
#[derive(Debug)]
pub(super) struct Resolver<'d> {
    description: &'d Description,
    targets: FxHashMap<(usize, Option<NodeId>, &'d str), Target<'d>>,
    members: FxHashMap<(usize, NodeId), FxHashMap<&'d str, NodeRef<'d>>>,
}

impl<'d> Resolver<'d> {
    pub(super) fn new(description: &'d Description) -> Self {
        Self { description, targets: FxHashMap::default(), members: FxHashMap::default() }
    }

    /// What `reference`, the `$ref` of `node`, names.
    pub(super) fn target(&mut self, node: NodeRef<'d>, reference: &'d str) -> Target<'d> {
        let slot = self.description.slot(node);
        let base = self.description.base(slot, node);
        let key = (slot, base.resource.map(NodeRef::id), reference);
        if let Some(target) = self.targets.get(&key) {
            return target.clone();
        }
        let target = self.resolve(&base, reference);
        self.targets.insert(key, target.clone());
        target
    }

    fn resolve(&mut self, base: &Base<'d>, reference: &'d str) -> Target<'d> {
        if reference.is_empty() {
            return Target::Invalid("it is empty");
        }
        let (resource, fragment) = uri::split(reference);
        let Some(fragment) = uri::percent_decode(fragment.unwrap_or_default()) else {
            return Target::Invalid("its percent-encoding is broken");
        };
        let location = match uri::locate(&base.uri, resource) {
            Ok(location) => location,
            Err(why) => return Target::Invalid(why),
        };
        let root = match self.root(base, location) {
            Ok(root) => root,
            Err(target) => return target,
        };
        if fragment.is_empty() || fragment.starts_with('/') {
            self.walk(root, &fragment)
        } else {
            self.anchor(root, &fragment)
        }
    }

    /// The root of the document or resource at a location.
    fn root(&self, base: &Base<'d>, location: Location) -> Result<NodeRef<'d>, Target<'d>> {
        let named = |uri: &str| {
            let (slot, id) = self.description.resource(uri)?;
            self.description.document(slot)?.node(id)
        };
        match location {
            Location::Here => base.resource.ok_or(Target::Broken),
            Location::Url(uri) => {
                let fetched = || self.read_root(&uri);
                named(&uri).or_else(fetched).ok_or_else(|| self.no_document(&uri))
            }
            Location::File(path) => {
                if let Some(node) = named(&path) {
                    return Ok(node);
                }
                match self.description.document_at(&path) {
                    Some(_) => self.read_root(&path).ok_or(Target::Broken),
                    None => Err(self.no_document(&path)),
                }
            }
        }
    }

    /// The root of a document that was read.
    fn read_root(&self, path: &str) -> Option<NodeRef<'d>> {
        self.description.document(self.description.document_at(path)?)?.root()
    }

    fn no_document(&self, path: &str) -> Target<'d> {
        match self.description.unread(path) {
            Some(SourceError::Missing) | None => Target::NoFile(path.into()),
            Some(error) => Target::Unread(path.into(), error.clone()),
        }
    }

    fn anchor(&self, root: NodeRef<'d>, name: &str) -> Target<'d> {
        let slot = self.description.slot(root);
        if !self.description.version_of(slot).has_json_schema() {
            return Target::Invalid("a fragment must be a JSON Pointer, which begins with `/`");
        }
        let id = self.description.anchor(slot, root.id(), name);
        let document = self.description.document(slot);
        match id.and_then(|id| document?.node(id)) {
            Some(node) => Target::Node(node),
            None => Target::NoAnchor(name.into()),
        }
    }

    fn walk(&mut self, root: NodeRef<'d>, fragment: &str) -> Target<'d> {
        let Some(steps) = pointer::tokens(fragment) else {
            return Target::Invalid("its fragment is no JSON Pointer: `~` stands alone");
        };
        let mut node = root;
        for step in steps {
            match self.step(node, &step) {
                Some(next) => node = next,
                None if is_broken(node) => return Target::Broken,
                None => return Target::Missing { parent: node, step: step.as_ref().into() },
            }
        }
        Target::Node(node)
    }

    fn step(&mut self, node: NodeRef<'d>, step: &str) -> Option<NodeRef<'d>> {
        if node.is_array() {
            let canonical = step == "0" || !step.starts_with(['0', '+']);
            return node.item(step.parse().ok().filter(|_| canonical)?);
        }
        self.member(node, step)
    }

    /// A member of an object, by an index where there are many.
    pub(super) fn member(&mut self, node: NodeRef<'d>, name: &str) -> Option<NodeRef<'d>> {
        if node.len() <= LINEAR_MAX {
            return node.get(name);
        }
        let key = (self.description.slot(node), node.id());
        let index = || node.entries().map(|entry| (entry.key, entry.value)).collect();
        self.members.entry(key).or_insert_with(index).get(name).copied()
    }
}

/// What a reference that an object holds names, in one step.
pub fn follow<'d>(
    description: &'d Description,
    object: NodeRef<'d>,
    reference: &'d str,
) -> Target<'d> {
    Resolver::new(description).target(object, reference)
}

/// Whether what is missing may be missing because the text could not be read.
fn is_broken(node: NodeRef<'_>) -> bool {
    node.document().faults().iter().any(loses_text)
}

/// Whether a fault keeps a part of the text out of the tree.
pub(super) fn loses_text(fault: &Fault) -> bool {
    matches!(
        fault.kind,
        FaultKind::Syntax | FaultKind::Depth | FaultKind::Nodes | FaultKind::TooLarge
    )
}
