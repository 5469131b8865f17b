//! Git objects from exact bytes.
//!
//! * **Shape.** A [`CommitDraft`] and a parent give the bytes of blobs, one flat tree and one
//!   commit; their ids follow from nothing else.
//! * **Source.** gitformat: `100644 name\0` and the id for a tree's entry, entries sorted by
//!   name; headers, an empty line and the message for a commit.

use std::{collections::BTreeMap, path::PathBuf};

use git2::{ObjectType, Oid};

use super::GitError;

/// The id of a commit.
pub type CommitId = Oid;

/// Whose work a commit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// A name without control characters and `<>`.
    pub name: String,
    /// An address without control characters and `<>`.
    pub email: String,
}

/// A commit to be: everything but its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitDraft {
    /// Who made it.
    pub author: Author,
    /// When, in seconds since 1970.
    pub time: u64,
    /// The message, which ends in a line feed.
    pub message: String,
    /// The files by name; there are no folders.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The id that a commit has on a parent.
pub fn commit_id(draft: &CommitDraft, parent: Option<CommitId>) -> Result<CommitId, GitError> {
    objects(draft, parent)
        .map(|objects| objects.commit)
        .map_err(|source| GitError::Write { path: PathBuf::new(), source })
}

/// A commit as the objects that git stores, in the order in which they are written.
#[derive(Debug)]
pub(super) struct Objects {
    /// Kind, id and bytes.
    pub(super) parts: Vec<(ObjectType, Oid, Vec<u8>)>,
    /// The id of the commit, which is the last part.
    pub(super) commit: CommitId,
}

/// The objects of a draft on a parent.
pub(super) fn objects(
    draft: &CommitDraft,
    parent: Option<CommitId>,
) -> Result<Objects, git2::Error> {
    let mut parts = Vec::new();
    let mut tree = Vec::new();
    for (name, bytes) in &draft.files {
        let id = Oid::hash_object(ObjectType::Blob, bytes)?;
        tree.extend_from_slice(b"100644 ");
        tree.extend_from_slice(name.as_bytes());
        tree.push(0);
        tree.extend_from_slice(id.as_bytes());
        parts.push((ObjectType::Blob, id, bytes.clone()));
    }
    let tree_id = Oid::hash_object(ObjectType::Tree, &tree)?;
    parts.push((ObjectType::Tree, tree_id, tree));
    let parent = parent.map(|id| format!("parent {id}\n")).unwrap_or_default();
    let CommitDraft { author: Author { name, email }, time, message, .. } = draft;
    let commit = format!(
        "tree {tree_id}\n{parent}author {name} <{email}> {time} +0000\n\
         committer {name} <{email}> {time} +0000\n\n{message}"
    )
    .into_bytes();
    let commit_id = Oid::hash_object(ObjectType::Commit, &commit)?;
    parts.push((ObjectType::Commit, commit_id, commit));
    Ok(Objects { parts, commit: commit_id })
}
