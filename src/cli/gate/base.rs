//! Where the base of a revision comes from, and the charter that it stands under.

use std::path::{Path, PathBuf};

use crate::{
    charter::CHARTER,
    cli::{
        error::RunError,
        files::{Files, shown},
        inputs::Input,
    },
    document::Limits,
    git::{Blobs, GitError},
    openapi::{Description, Source, SourceError},
};

/// The base of a revision.
pub(super) enum Base {
    /// A file, with the charter beside it.
    File {
        /// The file as the user named it.
        path: PathBuf,
    },
    /// A revision of the repository that the document lies in.
    Revision {
        /// The repository.
        blobs: Blobs,
        /// The revision as the user named it.
        revision: String,
        /// The document's folder, from the top of the repository.
        folder: PathBuf,
    },
}

impl Base {
    /// An existing file first, else a git revision.
    pub(super) fn find(base: &str, folder: &Path) -> Result<Self, RunError> {
        if Path::new(base).is_file() {
            return Ok(Self::File { path: base.into() });
        }
        let neither = |source| RunError::NoBase { base: base.to_owned(), source };
        let blobs = Blobs::open(folder).map_err(neither)?;
        blobs.commit(base).map_err(neither)?;
        let top = blobs.root().canonicalize().unwrap_or_else(|_| blobs.root().to_owned());
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let inner = real.strip_prefix(&top).unwrap_or(Path::new("")).to_owned();
        Ok(Self::Revision { blobs, revision: base.to_owned(), folder: inner })
    }

    /// The repository of a revision.
    pub(super) fn repository(&self) -> Option<&Path> {
        match self {
            Self::File { .. } => None,
            Self::Revision { blobs, .. } => Some(blobs.root()),
        }
    }

    /// The charter that the base stands under: beside a file; in a revision, from the document's
    /// folder upward.
    pub(super) fn charter(&self) -> Result<Option<Found>, RunError> {
        match self {
            Self::File { path } => {
                let beside = path.with_file_name(CHARTER);
                if !beside.is_file() {
                    return Ok(None);
                }
                let bytes = Input::file(&beside).read(1 << 20)?.unwrap_or_default();
                Ok(Some(Found { path: shown(&beside), bytes, inner: PathBuf::new() }))
            }
            Self::Revision { blobs, revision, folder } => {
                for above in folder.ancestors() {
                    let path = shown(&above.join(CHARTER));
                    if let Some(bytes) = blobs.read(revision, &path)? {
                        let path = format!("{revision}:{path}");
                        let inner = folder.strip_prefix(above).unwrap_or(folder).to_owned();
                        return Ok(Some(Found { path, bytes, inner }));
                    }
                }
                Ok(None)
            }
        }
    }

    /// What a file beside the charter holds.
    pub(super) fn beside_charter(&self, name: &str) -> Result<Option<Vec<u8>>, RunError> {
        match self {
            Self::File { path } => {
                let beside = path.with_file_name(name);
                if !beside.is_file() {
                    return Ok(None);
                }
                Input::file(&beside).read(1 << 20)
            }
            Self::Revision { blobs, revision, folder } => {
                for above in folder.ancestors() {
                    if blobs.read(revision, &shown(&above.join(CHARTER)))?.is_some() {
                        return Ok(blobs.read(revision, &shown(&above.join(name)))?);
                    }
                }
                Ok(None)
            }
        }
    }

    /// The base's document, with all that it refers to; nothing where the revision has none.
    /// `path` is the revision's own, from the root of the file system.
    pub(super) fn description(
        &self,
        path: &Path,
        limits: &Limits,
    ) -> Result<Option<Description>, RunError> {
        match self {
            Self::File { path } => {
                let input = Input::file(path);
                let bytes = input.read(limits.file_bytes)?.unwrap_or_default();
                let folder = match path.parent() {
                    Some(folder) if !folder.as_os_str().is_empty() => folder,
                    _ => Path::new("."),
                };
                let current = std::env::current_dir().map_err(RunError::CurrentDirectory)?;
                let files = Files::under(folder, &current, limits.file_bytes)
                    .map_err(|source| RunError::Root { path: folder.to_owned(), source })?;
                Ok(Some(Description::load(&input.path, bytes, &files, limits)))
            }
            Self::Revision { blobs, revision, folder } => {
                let name = path.file_name().map_or(Path::new(""), Path::new);
                let inner = shown(&folder.join(name));
                let Some(bytes) = blobs.read(revision, &inner)? else { return Ok(None) };
                let files = RevisionFiles { blobs, revision };
                Ok(Some(Description::load(&inner, bytes, &files, limits)))
            }
        }
    }
}

/// The charter of a base.
pub(super) struct Found {
    /// Its path as errors show it.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    /// The document's folder, seen from the charter's.
    pub(super) inner: PathBuf,
}

/// The files of one revision.
struct RevisionFiles<'a> {
    blobs: &'a Blobs,
    revision: &'a str,
}

impl Source for RevisionFiles<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        if path.starts_with("..") || path.starts_with('/') {
            return Err(SourceError::Outside);
        }
        match self.blobs.read(self.revision, path) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(SourceError::Missing),
            Err(GitError::Read { reason, .. }) => Err(SourceError::Unreadable(reason)),
            Err(error) => Err(SourceError::Unreadable(error.to_string())),
        }
    }
}
