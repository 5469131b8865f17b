//! What was found in an earlier revision of the documents.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    git::{Blobs, GitError},
    openapi::{Description, Source, SourceError},
};

use super::{
    error::RunError,
    files::{normalize, shown},
    inputs::Input,
};

/// A revision of the repository, by paths as reports name them.
#[derive(Debug)]
pub(super) struct Earlier {
    top: PathBuf,
    current: PathBuf,
    revision: String,
}

impl Earlier {
    /// The revision that the user named, of the repository that the current directory lies in.
    pub(super) fn find(revision: &str, current: &Path) -> Result<Self, RunError> {
        let blobs = Blobs::open(current)?;
        let commit = blobs.commit(revision)?;
        let top = blobs.root().canonicalize().unwrap_or_else(|_| blobs.root().to_owned());
        let current = current.canonicalize().unwrap_or_else(|_| current.to_owned());
        Ok(Self { top, current, revision: commit })
    }

    /// The ids of what `verify` finds in the document as it was, by path; nothing where it was not
    /// there.
    pub(super) fn findings(
        &self,
        input: &Input,
        limits: &crate::document::Limits,
        verify: impl FnOnce(&Description) -> Vec<crate::finding::Finding>,
    ) -> Result<Option<BTreeSet<(String, String)>>, RunError> {
        let blobs = Blobs::open(&self.top)?;
        let files = Files { earlier: self, blobs: &blobs };
        let bytes = match files.read(&input.path) {
            Ok(bytes) if bytes.len() <= limits.file_bytes => bytes,
            Ok(_) | Err(_) => return Ok(None),
        };
        let description = Description::load(&input.path, bytes, &files, limits);
        let findings = verify(&description).into_iter();
        Ok(Some(findings.map(|it| (it.place.path.to_string(), it.id)).collect()))
    }
}

/// The files of the revision.
struct Files<'a> {
    earlier: &'a Earlier,
    blobs: &'a Blobs,
}

impl Source for Files<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let path = normalize(&self.earlier.current.join(path));
        let Ok(inner) = path.strip_prefix(&self.earlier.top) else {
            return Err(SourceError::Outside);
        };
        match self.blobs.read(&self.earlier.revision, &shown(inner)) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(SourceError::Missing),
            Err(GitError::Read { reason, .. }) => Err(SourceError::Unreadable(reason)),
            Err(error) => Err(SourceError::Unreadable(error.to_string())),
        }
    }
}
