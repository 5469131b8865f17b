//! Reading the linked set: which files a document refers to, and those in turn.
//!
//! A reference counts only where one can stand, so the scan follows the tables and leaves
//! examples, defaults and extensions alone. Work follows nodes: each is looked into once a kind.

use rustc_hash::FxHashSet;

use crate::{
    document::{Document, Limits, NodeId, NodeRef},
    openapi::{
        tables::{self, Kind, Role, Shape},
        uri::{self, Location},
    },
};

use super::{Description, Source, SourceError};

/// A value to look into.
struct Step {
    slot: usize,
    node: NodeId,
    shape: Shape,
}

/// A reference and what its target must be.
struct Lead {
    reference: String,
    base: String,
    shape: Shape,
}

struct Loader<'s> {
    source: &'s dyn Source,
    limits: &'s Limits,
    seen: FxHashSet<(usize, NodeId, Kind)>,
    steps: Vec<Step>,
}

/// Adds to `description` every document that it leads to.
pub(super) fn load(description: &mut Description, source: &dyn Source, limits: &Limits) {
    if !may_lead_elsewhere(description.entry().text()) {
        return;
    }
    let Some(root) = description.entry().root().map(NodeRef::id) else { return };
    let shape = Shape::Object(Kind::OpenApi, Role::Root);
    let steps = vec![Step { slot: 0, node: root, shape }];
    let mut loader = Loader { source, limits, seen: FxHashSet::default(), steps };
    while let Some(step) = loader.steps.pop() {
        for lead in loader.look_into(description, &step) {
            loader.follow(description, step.slot, &lead);
        }
        loader.look_for_external_value(description, &step);
    }
}

/// Whether any `$ref`, mapping or external example of a text could name another file:
/// a quick look before the true one.
pub fn may_lead_elsewhere(text: &str) -> bool {
    let bytes = text.as_bytes();
    let other = ["externalValue", "mapping", "defaultMapping"].iter();
    if other.into_iter().any(|it| memchr::memmem::find(bytes, it.as_bytes()).is_some()) {
        return true;
    }
    let escaped =
        ["\\u0024", "\\x24"].iter().any(|it| memchr::memmem::find(bytes, it.as_bytes()).is_some());
    escaped
        || memchr::memmem::find_iter(bytes, b"$ref").any(|at| {
            let rest = bytes.get(at + 4..).unwrap_or_default().trim_ascii_start();
            let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
            let Some(value) = rest.trim_ascii_start().strip_prefix(b":") else { return true };
            let value = value.trim_ascii_start();
            !matches!(value, [b'\'' | b'"', b'#', ..])
        })
}

impl Loader<'_> {
    fn look_into(&mut self, description: &Description, step: &Step) -> Vec<Lead> {
        let document = description.document(step.slot);
        let Some(node) = document.and_then(|document| document.node(step.node)) else {
            return Vec::new();
        };
        let (kind, role) = match step.shape {
            Shape::Array(item, _) => {
                self.push_all(step.slot, *item, node.items());
                return Vec::new();
            }
            Shape::Map(_, value) => {
                self.push_all(step.slot, *value, node.entries().map(|entry| entry.value));
                return Vec::new();
            }
            Shape::Object(kind, role) | Shape::Referable(kind, role) => (kind, role),
            Shape::SchemaOrBool(role) => (Kind::Schema, role),
            _ => return Vec::new(),
        };
        if !node.is_object() || !self.seen.insert((step.slot, node.id(), kind)) {
            return Vec::new();
        }
        let version = description.version_of(step.slot);
        let mut leads = Vec::new();
        if let Some(reference) = node.get("$ref").and_then(NodeRef::as_str) {
            let base = description.base(step.slot, node).uri.into_owned();
            let shape = Shape::Referable(kind, role);
            leads.push(Lead { reference: reference.to_owned(), base, shape });
        }
        if kind == Kind::Discriminator {
            leads.extend(mapped(description, step.slot, node));
        }
        for entry in node.entries() {
            if let Some(shape) = tables::shape(kind, version, entry.key) {
                self.push_all(step.slot, *shape, std::iter::once(entry.value));
            }
        }
        leads
    }

    fn push_all<'d>(
        &mut self,
        slot: usize,
        shape: Shape,
        nodes: impl DoubleEndedIterator<Item = NodeRef<'d>>,
    ) {
        if shape.holds_objects() {
            let steps = nodes.rev().map(|node| Step { slot, node: node.id(), shape });
            self.steps.extend(steps);
        }
    }

    fn follow(&mut self, description: &mut Description, slot: usize, lead: &Lead) {
        let (resource, fragment) = uri::split(&lead.reference);
        let slot = match uri::locate(&lead.base, resource) {
            Ok(Location::Here) => slot,
            Ok(Location::File(path)) => {
                match self.open(description, path, |path| self.source.read(path)) {
                    Some(slot) => slot,
                    None => return,
                }
            }
            Ok(Location::Url(url)) => {
                match self.open(description, url, |url| self.source.fetch(url)) {
                    Some(slot) => slot,
                    None => return,
                }
            }
            Err(_) => return,
        };
        let pointer = uri::percent_decode(fragment.unwrap_or_default());
        let Some(document) = description.document(slot) else { return };
        if let Some(node) = pointer.and_then(|pointer| document.at(&pointer)) {
            self.steps.push(Step { slot, node: node.id(), shape: lead.shape });
        }
    }

    /// Asks whether the file of an external example exists.
    fn look_for_external_value(&self, description: &mut Description, step: &Step) {
        if !matches!(
            step.shape,
            Shape::Object(Kind::Example, _) | Shape::Referable(Kind::Example, _)
        ) {
            return;
        }
        let document = description.document(step.slot);
        let node = document.and_then(|document| document.node(step.node));
        let value = node.and_then(|node| node.get("externalValue"));
        let Some(path) = value.and_then(|value| description.external_path(value)) else { return };
        let source = self.source;
        let externals = &mut description.externals;
        externals.entry(path).or_insert_with_key(|path| source.read(path).err());
    }

    fn open(
        &self,
        description: &mut Description,
        path: String,
        read: impl FnOnce(&str) -> Result<Vec<u8>, SourceError>,
    ) -> Option<usize> {
        if let Some(slot) = description.document_at(&path) {
            return Some(slot);
        }
        if description.unread(&path).is_some() {
            return None;
        }
        match read(&path) {
            Ok(bytes) if bytes.len() > self.limits.file_bytes => {
                description.unread.insert(path, SourceError::TooLarge);
                None
            }
            Ok(bytes) => {
                let document = Document::parse(&path, bytes, self.limits);
                Some(description.add(path, document))
            }
            Err(error) => {
                description.unread.insert(path, error);
                None
            }
        }
    }
}

/// The values of a discriminator's mapping that look like references to files.
fn mapped(description: &Description, slot: usize, node: NodeRef<'_>) -> Vec<Lead> {
    let base = description.base(slot, node).uri.into_owned();
    let mapping = node.get("mapping").into_iter().flat_map(NodeRef::entries);
    let values = mapping.map(|entry| entry.value).chain(node.get("defaultMapping"));
    let texts = values.filter_map(NodeRef::as_str).filter(|text| text.contains(['/', '#', '.']));
    let shape = Shape::Referable(Kind::Schema, Role::Fragment);
    texts.map(|text| Lead { reference: text.to_owned(), base: base.clone(), shape }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_look_sees_every_reference_that_leaves() {
        for text in [
            "$ref: other.yaml",
            "{\"$ref\" : \"other.json#/a\"}",
            "'$ref': \"other.yaml\"",
            "$ref: *alias",
            "$ref: >-\n  #/a",
            "{\"\\u0024ref\": \"x\"}",
            "? $ref\n: other.yaml",
        ] {
            assert!(may_lead_elsewhere(text), "{text}");
        }
        for text in ["$ref: '#/a'", "{\"$ref\":\"#/a\"}", "\"$ref\" :\n  \"#/a\"", "ref: x"] {
            assert!(!may_lead_elsewhere(text), "{text}");
        }
    }
}
