//! `$id`, `$anchor` and `$self`: names for places that are no JSON Pointers.
//!
//! * **Source.** JSON Schema 2020-12 core, section 8.2; OpenAPI 3.2.0, section 4.1.2.2.
//! * **Shape.** What is supported: a `$ref` to the `$id` of a loaded schema, resolved against the
//!   `$id`s around it, and to an anchor in the resource that holds it. `$self` names its document
//!   for others; relative references of a document are resolved against its path all the same,
//!   because that is where its files are.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::{
    document::{Document, NodeId, NodeRef},
    openapi::{
        uri::{self, Location},
        version::Version,
    },
};

use super::Description;

/// The names of places in all documents.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    resources: FxHashMap<String, (usize, NodeId)>,
    anchors: FxHashMap<(usize, NodeId), FxHashMap<String, NodeId>>,
}

/// What a relative reference is resolved against.
pub(in crate::openapi) struct Base<'d> {
    /// The path of the document, or the `$id`s around the reference.
    pub(in crate::openapi) uri: Cow<'d, str>,
    /// The root of the resource that a fragment alone is resolved in.
    pub(in crate::openapi) resource: Option<NodeRef<'d>>,
}

/// The base of the references in `node`.
pub(super) fn base_of(node: NodeRef<'_>, rebased: bool) -> Base<'_> {
    let document = node.document();
    let mut base = Base { uri: Cow::Borrowed(document.path()), resource: document.root() };
    if !rebased {
        return base;
    }
    let around = std::iter::successors(Some(node), |node| node.parent());
    let mut ids: Vec<_> = around.filter_map(|node| Some((node, id_of(node)?))).collect();
    while let Some((node, id)) = ids.pop() {
        if let Ok(Location::File(uri) | Location::Url(uri)) = uri::locate(&base.uri, id) {
            base = Base { uri: Cow::Owned(uri), resource: Some(node) };
        }
    }
    base
}

/// Whether a document's text could hold an `$id`.
pub(super) fn is_rebased(document: &Document, version: Version) -> bool {
    version.has_json_schema() && mentions(document, "$id")
}

/// The `$id` of a schema, where it opens a resource.
fn id_of(node: NodeRef<'_>) -> Option<&str> {
    let id = node.get("$id")?.as_str()?;
    let (resource, _) = uri::split(id);
    (!resource.is_empty()).then_some(resource)
}

fn mentions(document: &Document, keyword: &str) -> bool {
    memchr::memmem::find(document.text().as_bytes(), keyword.as_bytes()).is_some()
}

impl Anchors {
    /// Collects the names in the documents of a description.
    pub(super) fn of(description: &Description) -> Self {
        let mut anchors = Self::default();
        for (slot, document) in description.documents().iter().enumerate() {
            let version = description.version_of(slot);
            let named = ["$id", "$anchor", "$dynamicAnchor", "$self"];
            let Some(root) = document.root() else { continue };
            if version.has_json_schema() && named.iter().any(|it| mentions(document, it)) {
                anchors.collect(slot, root);
            }
        }
        anchors
    }

    fn collect(&mut self, slot: usize, root: NodeRef<'_>) {
        if let Some(own) = root.get("$self").and_then(NodeRef::as_str) {
            self.resources.entry(own.to_owned()).or_insert((slot, root.id()));
        }
        let mut seen = vec![false; root.document().node_count()];
        let mut stack = vec![(root, root.id(), Cow::Borrowed(root.document().path()))];
        while let Some((node, mut resource, mut base)) = stack.pop() {
            match seen.get_mut(node.id().index()) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if let Some(id) = id_of(node)
                && let Ok(Location::File(uri) | Location::Url(uri)) = uri::locate(&base, id)
            {
                resource = node.id();
                self.resources.entry(uri.clone()).or_insert((slot, resource));
                base = Cow::Owned(uri);
            }
            for keyword in ["$anchor", "$dynamicAnchor"] {
                if let Some(name) = node.get(keyword).and_then(NodeRef::as_str) {
                    let names = self.anchors.entry((slot, resource)).or_default();
                    names.entry(name.to_owned()).or_insert(node.id());
                }
            }
            let children = node.entries().map(|entry| entry.value).chain(node.items());
            stack.extend(
                children
                    .filter(|child| !is_scalar(*child))
                    .map(|child| (child, resource, base.clone())),
            );
        }
    }

    pub(super) fn resource(&self, uri: &str) -> Option<(usize, NodeId)> {
        self.resources.get(uri).copied()
    }

    pub(super) fn anchor(&self, slot: usize, resource: NodeId, name: &str) -> Option<NodeId> {
        self.anchors.get(&(slot, resource))?.get(name).copied()
    }
}

fn is_scalar(node: NodeRef<'_>) -> bool {
    !node.is_object() && !node.is_array()
}
