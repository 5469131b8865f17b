//! Reading files out of revisions of a user's repository; nothing is changed.
//!
//! * **Shape.** libgit2 reads; where it cannot open a repository (partial clone, reftable,
//!   SHA-256, an unknown extension) the same question goes to the `git` program.
//! * **Errors.** An unknown revision is an error; a path that a revision does not have is
//!   `None`, an empty base.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Repository};

use super::{GitError, program};

/// A blob larger than this is not read.
const BLOB_BYTES_MAX: u64 = 100 << 20;

/// A repository to read revisions from.
pub struct Blobs {
    root: PathBuf,
    repository: Option<Repository>,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Blobs({})", self.root.display())
    }
}

impl Blobs {
    /// Opens the repository that `start` lies in.
    pub fn open(start: &Path) -> Result<Self, GitError> {
        match Repository::discover(start) {
            Ok(repository) => {
                let root = repository.workdir().unwrap_or(repository.path()).to_owned();
                Ok(Self { root, repository: Some(repository) })
            }
            Err(error) if error.code() == ErrorCode::NotFound => {
                Err(GitError::NoRepository { path: start.to_owned() })
            }
            Err(error) if error.code() == ErrorCode::Owner => {
                Err(GitError::Open { path: start.to_owned(), source: error })
            }
            Err(error) => match program::root(start) {
                Ok(root) => Ok(Self { root, repository: None }),
                Err(_) => Err(GitError::Open { path: start.to_owned(), source: error }),
            },
        }
    }

    /// The top of the work tree, or the repository itself where it is bare.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The full id of the commit that `revision` names.
    pub fn commit(&self, revision: &str) -> Result<String, GitError> {
        let unknown =
            || GitError::NoRevision { revision: revision.to_owned(), path: self.root.clone() };
        let Some(repository) = &self.repository else {
            return program::commit(&self.root, revision)?.ok_or_else(unknown);
        };
        let object = repository.revparse_single(revision).map_err(|_| unknown())?;
        object.peel_to_commit().map(|it| it.id().to_string()).map_err(|_| unknown())
    }

    /// The bytes of `path` (from the root, with `/`) in `revision`; nothing where it has none.
    pub fn read(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let commit = self.commit(revision)?;
        let name = || format!("{revision}:{path}");
        let refuse = |reason: String| GitError::Read { name: name(), reason };
        let Some(repository) = &self.repository else {
            return program::blob(&self.root, &commit, path, BLOB_BYTES_MAX).map_err(|error| {
                match error {
                    GitError::Read { reason, .. } => refuse(reason),
                    other => other,
                }
            });
        };
        let said = |error: git2::Error| refuse(error.message().to_owned());
        let tree = git2::Oid::from_str(&commit)
            .and_then(|id| repository.find_commit(id))
            .and_then(|commit| commit.tree())
            .map_err(said)?;
        let entry = match tree.get_path(Path::new(path)) {
            Ok(entry) => entry,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(said(error)),
        };
        if entry.kind() != Some(ObjectType::Blob) || entry.filemode() == 0o120_000 {
            return Err(refuse("it is no regular file".to_owned()));
        }
        let odb = repository.odb().map_err(said)?;
        let (size, _) = odb.read_header(entry.id()).map_err(said)?;
        if size as u64 > BLOB_BYTES_MAX {
            return Err(refuse(format!("it has {size} bytes, more than {BLOB_BYTES_MAX}")));
        }
        repository.find_blob(entry.id()).map(|blob| Some(blob.content().to_vec())).map_err(said)
    }

    /// The bytes that `REVISION:path` names.
    pub fn blob(&self, specification: &str) -> Result<Option<Vec<u8>>, GitError> {
        let (revision, path) = specification.split_once(':').ok_or_else(|| GitError::Read {
            name: specification.to_owned(),
            reason: "write it as `REVISION:path`".to_owned(),
        })?;
        self.read(revision, path)
    }
}
