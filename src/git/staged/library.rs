//! The index and the last commit as libgit2 reads them.

use std::{cell::RefCell, collections::BTreeSet, path::Path};

use git2::{ErrorCode, ObjectType, Oid, Repository};
use rustc_hash::FxHashMap;

use super::{Blob, BlobId, FileKind, GitError, Listing, StagedFile};

/// The bit of an entry that was announced by `git add --intent-to-add` and holds nothing yet.
const INTENT_TO_ADD: u16 = 1 << 13;
/// The bits of an entry that say which side of a merge it is.
const STAGE: u16 = 0x3000;

/// A repository and the tree of its last commit.
pub(super) struct Library {
    repository: Repository,
    /// The trees of directories, as far as they were asked for.
    trees: RefCell<FxHashMap<Box<[u8]>, Option<Oid>>>,
}

impl Library {
    /// Opens the repository with its index; the error, where there is one, is what to say if
    /// the program cannot open it either.
    pub(super) fn open() -> Result<(Self, Listing), Option<GitError>> {
        let elsewhere = ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];
        if elsewhere.into_iter().any(|name| std::env::var_os(name).is_some()) {
            return Err(None);
        }
        let failed = |_| None;
        let repository = Repository::open_from_env().map_err(|error| {
            let path = std::env::current_dir().unwrap_or_default();
            (error.code() == ErrorCode::NotFound).then_some(GitError::NoRepository { path })
        })?;
        if repository.is_bare() && std::env::var_os("GIT_WORK_TREE").is_none() {
            return Err(Some(GitError::Bare));
        }
        let root = match repository.head() {
            Ok(head) => Some(head.peel_to_tree().map_err(failed)?.id()),
            Err(error) if error.code() == ErrorCode::UnbornBranch => None,
            Err(_) => return Err(None),
        };
        let listing = list(&repository).map_err(failed)?;
        let trees = RefCell::new(FxHashMap::from_iter([(Box::default(), root)]));
        Ok((Self { repository, trees }, listing))
    }

    pub(super) fn folder(&self) -> &Path {
        self.repository.path()
    }

    /// What the last commit holds at a path.
    pub(super) fn committed(&self, path: &[u8]) -> Result<Option<(FileKind, BlobId)>, GitError> {
        let found = self.entry(path).map_err(|error| said(path, &error))?;
        Ok(found.and_then(|(mode, id)| Some((FileKind::of(mode)?, blob_id(id)?))))
    }

    fn entry(&self, path: &[u8]) -> Result<Option<(u32, Oid)>, git2::Error> {
        let (folder, name) = split(path);
        let Some(tree) = self.tree(folder)? else { return Ok(None) };
        let tree = self.repository.find_tree(tree)?;
        let entry = tree.get_name_bytes(name);
        Ok(entry.map(|entry| (entry.filemode_raw().cast_unsigned(), entry.id())))
    }

    fn tree(&self, folder: &[u8]) -> Result<Option<Oid>, git2::Error> {
        if let Some(known) = self.trees.borrow().get(folder) {
            return Ok(*known);
        }
        let entry = self.entry(folder)?;
        let tree = entry.filter(|(mode, _)| mode & 0o170_000 == 0o040_000).map(|(_, id)| id);
        self.trees.borrow_mut().insert(folder.into(), tree);
        Ok(tree)
    }

    pub(super) fn read(&self, id: &BlobId, bytes_max: u64) -> Result<Blob, git2::Error> {
        let id = Oid::from_bytes(id.bytes())?;
        let store = self.repository.odb()?;
        let (size, kind) = store.read_header(id)?;
        if kind != ObjectType::Blob {
            return Err(git2::Error::from_str("it is no blob"));
        }
        if size as u64 > bytes_max {
            return Ok(Blob::TooLarge);
        }
        Ok(Blob::Bytes(store.read(id)?.data().to_vec()))
    }
}

/// The folder of a path, empty at the top, and the name in it.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (path.get(..at).unwrap_or_default(), path.get(at + 1..).unwrap_or_default()),
        None => (&[], path),
    }
}

fn list(repository: &Repository) -> Result<Listing, git2::Error> {
    let index = repository.index()?;
    let mut files = Vec::with_capacity(index.len());
    let mut unmerged = BTreeSet::new();
    for entry in index.iter() {
        if entry.flags & STAGE != 0 {
            unmerged.insert(entry.path.into_boxed_slice());
        } else if entry.flags_extended & INTENT_TO_ADD == 0
            && let Some((kind, id)) = FileKind::of(entry.mode).zip(blob_id(entry.id))
        {
            files.push(StagedFile { path: entry.path.into_boxed_slice(), kind, id });
        }
    }
    Ok(Listing { files, unmerged })
}

fn blob_id(id: Oid) -> Option<BlobId> {
    BlobId::from_bytes(id.as_bytes())
}

fn said(path: &[u8], error: &git2::Error) -> GitError {
    let name = String::from_utf8_lossy(path).into_owned();
    GitError::Read { name, reason: error.message().to_owned() }
}
