//! A description: the document where reading begins and every document that it refers to.
//!
//! * **Shape.** [`Description::load`] reads the whole linked set; afterwards nothing changes.
//! * **Errors.** A file that cannot be read is kept with the reason and becomes a finding where
//!   a reference leads to it.
//! * **Source.** OpenAPI 3.1.1, sections 4.3 and 4.6; RFC 3986, section 5.

mod anchors;
mod loader;

use rustc_hash::FxHashMap;

use crate::document::{Document, Limits, NodeId, NodeRef};

use super::{
    uri::{self, normalize},
    version::Version,
};

use anchors::Anchors;
pub(super) use anchors::Base;
pub use loader::may_lead_elsewhere;

/// Where the files of a description come from.
///
/// A path is the referring document's joined with the reference, normalized, with `/`; it may
/// begin with `..` or `/`. What lies outside the lint root is for the source to decide.
pub trait Source {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError>;

    /// The bytes behind a URL; nothing is fetched unless a source says otherwise.
    fn fetch(&self, url: &str) -> Result<Vec<u8>, SourceError> {
        Err(url_error(url))
    }
}

/// Why the document behind a URL is not read.
fn url_error(url: &str) -> SourceError {
    match uri::scheme(url) {
        Some("file") => SourceError::Outside,
        _ => SourceError::Network,
    }
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// There is no such file.
    #[error("it does not exist")]
    Missing,
    /// It lies outside the lint root.
    #[error("it lies outside the lint root")]
    Outside,
    /// It is on the network, and nobody allowed its host.
    #[error("the network is not read unless its host is allowed")]
    Network,
    /// It is a directory, a device or something else that is no regular file.
    #[error("it is no regular file")]
    NotAFile,
    /// It is larger than the limit.
    #[error("it is larger than the limit for a file")]
    TooLarge,
    /// The system refused.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

/// A source without files: every other file is missing.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Source for NoFiles {
    fn read(&self, _: &str) -> Result<Vec<u8>, SourceError> {
        Err(SourceError::Missing)
    }
}

/// What the entry document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// An OpenAPI document of a version that we know.
    OpenApi(Version),
    /// A Swagger or OpenAPI 2.0 document.
    OpenApi2,
    /// An OpenAPI document of a version that we do not know.
    UnknownVersion,
    /// Something else.
    NotOpenApi,
    /// Nothing: there is no root.
    Empty,
}

/// The linked set of documents.
#[derive(Debug)]
pub struct Description {
    documents: Vec<Document>,
    versions: Vec<Version>,
    /// Whether `$id` changes what references of a document are resolved against.
    rebased: Vec<bool>,
    state: State,
    paths: FxHashMap<String, usize>,
    unread: FxHashMap<String, SourceError>,
    /// The files of external examples, each with why it cannot be read where it cannot.
    externals: FxHashMap<String, Option<SourceError>>,
    anchors: Anchors,
}

impl Description {
    /// Reads the document and, through `source`, every document that a reference leads to.
    pub fn load(path: &str, bytes: Vec<u8>, source: &dyn Source, limits: &Limits) -> Self {
        let entry = Document::parse(path, bytes, limits);
        Self::of(entry, source, limits)
    }

    /// Reads every document that a reference of `entry` leads to.
    pub fn of(entry: Document, source: &dyn Source, limits: &Limits) -> Self {
        let state = state_of(&entry);
        let version = match state {
            State::OpenApi(version) => version,
            _ => Version::V30,
        };
        let paths = FxHashMap::from_iter([(normalize(entry.path()), 0)]);
        let mut description = Self {
            rebased: vec![anchors::is_rebased(&entry, version)],
            documents: vec![entry],
            versions: vec![version],
            state,
            paths,
            unread: FxHashMap::default(),
            externals: FxHashMap::default(),
            anchors: Anchors::default(),
        };
        if matches!(state, State::OpenApi(_)) {
            loader::load(&mut description, source, limits);
            description.anchors = Anchors::of(&description);
        }
        description
    }

    /// The document where reading begins.
    #[expect(clippy::missing_panics_doc, reason = "there is always an entry")]
    pub fn entry(&self) -> &Document {
        self.documents.first().expect("`of` puts the entry in")
    }

    /// Every document, the entry first, the others in the order in which they were met.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Where a document lies, seen from the folder of the entry; empty for the entry itself.
    pub fn place_of(&self, path: &str) -> String {
        let entry = self.entry().path();
        if path == entry {
            return String::new();
        }
        let mut folder: Vec<&str> = entry.split('/').filter(|it| *it != ".").collect();
        folder.pop();
        let steps: Vec<&str> = path.split('/').filter(|it| *it != ".").collect();
        let shared = folder.iter().zip(&steps).take_while(|(a, b)| a == b).count();
        let up = std::iter::repeat_n("..", folder.len() - shared);
        up.chain(steps.into_iter().skip(shared)).collect::<Vec<_>>().join("/")
    }

    /// What the entry is.
    pub fn state(&self) -> State {
        self.state
    }

    /// The version of the entry, where it is an OpenAPI document that we know.
    pub fn version(&self) -> Option<Version> {
        match self.state {
            State::OpenApi(version) => Some(version),
            _ => None,
        }
    }

    /// The version that a document is written in: its own where it is a whole OpenAPI document,
    /// otherwise the entry's.
    pub(super) fn version_of(&self, slot: usize) -> Version {
        self.versions.get(slot).copied().unwrap_or(Version::V30)
    }

    /// The version that the document of a node is written in.
    pub fn version_at(&self, node: NodeRef<'_>) -> Version {
        self.version_of(self.slot(node))
    }

    /// Why the file that an `externalValue` names cannot be read; nothing where it can.
    pub fn external_value(&self, value: NodeRef<'_>) -> Option<SourceError> {
        let path = self.external_path(value)?;
        self.externals.get(&path).cloned().flatten()
    }

    /// The path of the file that an `externalValue` names; nothing where that is elsewhere.
    fn external_path(&self, value: NodeRef<'_>) -> Option<String> {
        let base = self.base(self.slot(value), value.parent()?).uri;
        let (resource, _) = uri::split(value.as_str()?);
        match uri::locate(&base, resource) {
            Ok(uri::Location::File(path)) => Some(path),
            _ => None,
        }
    }

    /// The place of a node's document among [`Self::documents`].
    pub fn slot(&self, node: NodeRef<'_>) -> usize {
        let start = self.documents.as_ptr().addr();
        let address = std::ptr::from_ref(node.document()).addr();
        address.saturating_sub(start) / size_of::<Document>()
    }

    /// What the references in a node are resolved against.
    pub(super) fn base<'d>(&self, slot: usize, node: NodeRef<'d>) -> Base<'d> {
        anchors::base_of(node, self.rebased.get(slot).copied().unwrap_or_default())
    }

    /// The document of a slot.
    pub(super) fn document(&self, slot: usize) -> Option<&Document> {
        self.documents.get(slot)
    }

    /// The document that was read from a normalized path.
    pub(super) fn document_at(&self, path: &str) -> Option<usize> {
        self.paths.get(path).copied()
    }

    /// Why the file at a normalized path was not read.
    pub(super) fn unread(&self, path: &str) -> Option<&SourceError> {
        self.unread.get(path)
    }

    /// The schema that carries `$dynamicAnchor` or `$anchor` in the resource that holds a node.
    pub fn anchored<'d>(&'d self, node: NodeRef<'d>, name: &str) -> Option<NodeRef<'d>> {
        let slot = self.slot(node);
        let resource = self.base(slot, node).resource?;
        self.document(slot)?.node(self.anchor(slot, resource.id(), name)?)
    }

    /// The schema that carries an absolute `$id`, or the document whose `$self` this is.
    pub(super) fn resource(&self, uri: &str) -> Option<(usize, NodeId)> {
        self.anchors.resource(uri)
    }

    /// The schema that carries `$anchor` or `$dynamicAnchor` in a resource.
    pub(super) fn anchor(&self, slot: usize, resource: NodeId, name: &str) -> Option<NodeId> {
        self.anchors.anchor(slot, resource, name)
    }

    fn add(&mut self, path: String, document: Document) -> usize {
        let slot = self.documents.len();
        let version = match state_of(&document) {
            State::OpenApi(version) => version,
            _ => self.version_of(0),
        };
        self.rebased.push(anchors::is_rebased(&document, version));
        self.documents.push(document);
        self.versions.push(version);
        self.paths.insert(path, slot);
        slot
    }
}

/// What a document is, judged by its root.
pub(super) fn state_of(document: &Document) -> State {
    let Some(root) = document.root() else { return State::Empty };
    let Some(openapi) = root.get("openapi") else {
        return if root.get("swagger").is_some() { State::OpenApi2 } else { State::NotOpenApi };
    };
    match openapi.scalar_text().and_then(Version::from_text) {
        Some(version) => State::OpenApi(version),
        None => State::UnknownVersion,
    }
}

#[cfg(test)]
mod tests {
    use super::{Description, Limits, NoFiles};

    #[test]
    fn documents_are_named_from_the_folder_of_the_entry() {
        for (entry, path, place) in [
            ("api/openspec.yaml", "api/parts/order.yaml", "parts/order.yaml"),
            ("base.yaml", "parts/order.yaml", "parts/order.yaml"),
            ("api/v1/base.yaml", "api/common.yaml", "../common.yaml"),
            ("./base.yaml", "order.yaml", "order.yaml"),
            ("/r/api/base.yaml", "/r/order.yaml", "../order.yaml"),
            ("base.yaml", "base.yaml", ""),
        ] {
            let description = Description::load(entry, Vec::new(), &NoFiles, &Limits::default());
            assert_eq!(description.place_of(path), place);
        }
    }
}
