//! The contract repository: the shared record, one commit per accepted act.
//!
//! * **Shape.** Objects are written and synced first, then the branch moves by a
//!   compare-and-swap, then the files of the work tree and the index follow. The branch is the
//!   only commit point; everything after it is repaired on the next opening.
//! * **Errors.** Commits that the log does not know are an error, never overwritten.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Oid, Repository, RepositoryInitOptions};

use super::{
    CommitDraft, CommitId, GitError,
    durable::{self, Access},
    objects::{Objects, objects},
};

const BRANCH: &str = "refs/heads/main";

/// The repository of one run.
pub struct ContractRepository {
    root: PathBuf,
    repository: Repository,
    chain: Vec<CommitId>,
}

impl std::fmt::Debug for ContractRepository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ContractRepository({})", self.root.display())
    }
}

impl ContractRepository {
    /// Whether nothing stands at `path`, or an empty directory.
    pub fn is_free(path: &Path) -> Result<bool, GitError> {
        let system = |source| GitError::System { what: "read", path: path.to_owned(), source };
        match path.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(system(error)),
            Ok(metadata) if metadata.is_dir() => {
                Ok(path.read_dir().map_err(system)?.next().is_none())
            }
            Ok(_) => Ok(false),
        }
    }

    /// Makes an empty repository at `root`: in `workshop` first, then moved there whole.
    pub fn found(root: &Path, workshop: &Path) -> Result<(), GitError> {
        let write = |source| GitError::Write { path: root.to_owned(), source };
        if !Self::is_free(root)? {
            return Err(GitError::Taken { path: root.to_owned() });
        }
        if workshop.exists() {
            clear(workshop)?;
        }
        let mut options = RepositoryInitOptions::new();
        options.external_template(false).no_reinit(true).initial_head("main");
        let repository = Repository::init_opts(workshop, &options).map_err(write)?;
        let config = repository.config().map_err(write)?;
        let mut config = config.open_level(git2::ConfigLevel::Local).map_err(write)?;
        for (key, value) in [
            ("core.autocrlf", false),
            ("core.safecrlf", false),
            // A reflog would hold the name of whoever runs `treaty`.
            ("core.logAllRefUpdates", false),
        ] {
            config.set_bool(key, value).map_err(write)?;
        }
        drop(repository);
        if root.exists() {
            std::fs::remove_dir(root).map_err(|source| GitError::System {
                what: "replace",
                path: root.to_owned(),
                source,
            })?;
        }
        durable::rename(workshop, root)
    }

    /// Opens the repository at `root`; nothing where there is none yet.
    pub fn open(root: &Path) -> Result<Option<Self>, GitError> {
        if Self::is_free(root)? {
            return Ok(None);
        }
        if !root.join(".git").is_dir() {
            return Err(GitError::Taken { path: root.to_owned() });
        }
        let repository = Repository::open(root)
            .map_err(|source| GitError::Open { path: root.to_owned(), source })?;
        // We hold the lock of the run, so whoever left these is dead.
        for stale in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
            durable::remove(&root.join(".git").join(stale))?;
        }
        for unfinished in unfinished_objects(&root.join(".git/objects"))? {
            durable::remove(&unfinished)?;
        }
        let mut opened = Self { root: root.to_owned(), repository, chain: Vec::new() };
        opened.chain = opened.read_chain()?;
        Ok(Some(opened))
    }

    fn error(&self) -> impl Fn(git2::Error) -> GitError {
        let path = self.root.clone();
        move |source| GitError::Write { path: path.clone(), source }
    }

    /// The commits of the branch, the first one first.
    fn read_chain(&self) -> Result<Vec<CommitId>, GitError> {
        let mut next = self.branch()?;
        let mut chain = Vec::new();
        while let Some(id) = next {
            chain.push(id);
            let commit = self.repository.find_commit(id).map_err(self.error())?;
            next = commit.parent_ids().next();
        }
        chain.reverse();
        Ok(chain)
    }

    /// How many commits the branch has.
    pub fn len(&self) -> usize {
        self.chain.len()
    }

    /// Whether the branch has no commit yet.
    pub fn is_empty(&self) -> bool {
        self.chain.is_empty()
    }

    /// Whether commit `number` is there; an error where another one stands in its place.
    pub fn holds(
        &self,
        number: usize,
        draft: &CommitDraft,
        parent: Option<CommitId>,
    ) -> Result<(CommitId, bool), GitError> {
        let Objects { parts, commit: expected } = objects(draft, parent).map_err(self.error())?;
        match self.chain.get(number) {
            None => Ok((expected, false)),
            Some(found) if *found == expected => {
                self.check_objects(&parts)?;
                Ok((expected, true))
            }
            Some(found) => Err(GitError::Diverged {
                path: self.root.clone(),
                number,
                expected: expected.to_string(),
                found: found.to_string(),
            }),
        }
    }

    /// The objects of a commit are there, each with the bytes that its name stands for.
    fn check_objects(&self, parts: &[(ObjectType, Oid, Vec<u8>)]) -> Result<(), GitError> {
        let odb = self.repository.odb().map_err(self.error())?;
        for (_, id, bytes) in parts {
            if !odb.read(*id).is_ok_and(|object| object.data() == bytes) {
                let (path, object) = (self.root.clone(), id.to_string());
                return Err(GitError::Damaged { path, object });
            }
        }
        Ok(())
    }

    /// An error where the branch has more commits than `count`.
    pub fn ends_at(&self, count: usize) -> Result<(), GitError> {
        let Some(found) = self.chain.get(count) else { return Ok(()) };
        Err(GitError::Longer { path: self.root.clone(), found: found.to_string() })
    }

    /// Writes the objects of a commit on the present one; nothing refers to them yet.
    pub fn store(&self, draft: &CommitDraft) -> Result<(), GitError> {
        let odb = self.repository.odb().map_err(self.error())?;
        for (kind, id, bytes) in self.objects(draft)?.parts {
            if !odb.exists(id) {
                odb.write(kind, &bytes).map_err(self.error())?;
                durable::sync(&self.object_path(id))?;
            }
        }
        Ok(())
    }

    fn objects(&self, draft: &CommitDraft) -> Result<Objects, GitError> {
        objects(draft, self.chain.last().copied()).map_err(self.error())
    }

    /// Moves the branch from the present commit to the stored one.
    pub fn advance(&mut self, draft: &CommitDraft) -> Result<(), GitError> {
        let commit = self.objects(draft)?.commit;
        let expected = self.chain.last().copied();
        // As git does it: whoever makes the lock file may compare and swap.
        let branch = self.root.join(".git").join(BRANCH);
        let lock = durable::Lockfile::make(&branch, format!("{commit}\n").as_bytes())?;
        let found = self.branch()?;
        if found != expected {
            let shown = |id: Option<CommitId>| id.map_or("none".to_owned(), |id| id.to_string());
            return Err(GitError::Diverged {
                path: self.root.clone(),
                number: self.chain.len(),
                expected: shown(expected),
                found: shown(found),
            });
        }
        lock.commit()?;
        self.chain.push(commit);
        Ok(())
    }

    /// Where git keeps a loose object.
    fn object_path(&self, id: Oid) -> PathBuf {
        let name = id.to_string();
        let (folder, file) = name.split_at(2);
        self.root.join(".git/objects").join(folder).join(file)
    }

    /// The commit that the branch names.
    fn branch(&self) -> Result<Option<CommitId>, GitError> {
        match self.repository.refname_to_id(BRANCH) {
            Ok(id) => Ok(Some(id)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(self.error()(error)),
        }
    }

    /// The bytes of a file of the work tree.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>, GitError> {
        durable::read(&self.root.join(name))
    }

    /// Makes one file of the work tree what the commit says; nothing means that it has none.
    pub fn check_out(&self, name: &str, bytes: Option<&[u8]>) -> Result<(), GitError> {
        let path = self.root.join(name);
        let beside = self.root.join(".git").join(format!("treaty-{name}"));
        match bytes {
            Some(bytes) => durable::write(&path, &beside, bytes, Access::Usual),
            None => durable::remove(&path),
        }
    }

    /// Makes the index that of the branch's commit, so that `git status` is clean.
    pub fn refresh_index(&self) -> Result<(), GitError> {
        let Some(id) = self.chain.last() else { return Ok(()) };
        let commit = self.repository.find_commit(*id).map_err(self.error())?;
        let tree = commit.tree().map_err(self.error())?;
        let mut index = self.repository.index().map_err(self.error())?;
        let same = index.len() == tree.len()
            && index.iter().all(|entry| {
                let name = String::from_utf8_lossy(&entry.path);
                tree.get_name(&name).is_some_and(|it| it.id() == entry.id)
            });
        if same {
            return Ok(());
        }
        index.read_tree(&tree).and_then(|()| index.write()).map_err(self.error())
    }
}

/// Objects that libgit2 had not yet given their names.
fn unfinished_objects(objects: &Path) -> Result<Vec<PathBuf>, GitError> {
    let system = |source| GitError::System { what: "read", path: objects.to_owned(), source };
    let mut unfinished = Vec::new();
    for entry in objects.read_dir().map_err(system)? {
        let entry = entry.map_err(system)?;
        if entry.file_name().to_string_lossy().starts_with("tmp_object_git2_") {
            unfinished.push(entry.path());
        }
    }
    Ok(unfinished)
}

/// Removes what an earlier attempt left in the workshop.
fn clear(path: &Path) -> Result<(), GitError> {
    std::fs::remove_dir_all(path).map_err(|source| GitError::System {
        what: "remove",
        path: path.to_owned(),
        source,
    })
}
