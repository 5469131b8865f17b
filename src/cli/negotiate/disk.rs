//! The world of a run: where changes are made.
//!
//! * **Shape.** A [`Change`] either happens or does not, and happens again without harm, so
//!   that a run that was cut anywhere is replayed over what is there.
//! * **Errors.** [`GitError`]; a run that failed in the middle of a change is resumed like one
//!   that was killed.

use std::path::{Path, PathBuf};

use crate::{
    charter::{JOURNAL, PartyIndex, PartyName},
    git::{
        CommitDraft, CommitId, ContractRepository, GitError, commit_id,
        durable::{self, Access, Lock, Log},
    },
};

use super::{NegotiateError, Place};

/// How the run began, in the private directory.
pub(super) const BEGINNING: &str = "run.json";
/// What a party's agent said, in the party's directory.
const RECORD: &str = "journal.jsonl";

/// One change of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The run begins with these inputs.
    Begin(Vec<u8>),
    /// A party's record gets one more line, which ends in its line feed.
    Remember(PartyIndex, String),
    /// A party keeps a file of this name.
    Keep(PartyIndex, String, Vec<u8>),
    /// The contract repository is made, empty.
    Found,
    /// The objects of the next commit are written.
    Store(CommitDraft),
    /// The branch moves to the next commit.
    Advance(CommitDraft),
    /// A file of the work tree becomes what the commit says; nothing where it has no such file.
    CheckOut(String, Option<Vec<u8>>),
    /// The index becomes that of the commit.
    Index,
}

/// Where a run lies and changes are made.
pub trait World {
    /// How the run began; nothing where it has not.
    fn beginning(&self) -> Option<&[u8]>;

    /// Opens a party's record and gives its whole lines.
    fn open_record(&mut self, party: PartyIndex, name: &PartyName) -> Result<Vec<u8>, GitError>;

    /// The path of a party's record, for errors.
    fn record_path(&self, party: PartyIndex) -> PathBuf;

    /// The bytes of a file that a party keeps; its record is open.
    fn kept(&self, party: PartyIndex, name: &str) -> Result<Option<Vec<u8>>, GitError>;

    /// Cuts a party's record to its first `length` bytes.
    fn cut_record(&mut self, party: PartyIndex, length: usize) -> Result<(), GitError>;

    /// How many commits the contract repository has; nothing where there is none.
    fn commits(&self) -> Option<usize>;

    /// The id of a commit, and whether it is commit `number` already.
    fn holds(
        &self,
        number: usize,
        draft: &CommitDraft,
        parent: Option<CommitId>,
    ) -> Result<(CommitId, bool), GitError>;

    /// The contract repository's directory.
    fn repository_path(&self) -> PathBuf;

    /// The bytes of a file of the work tree.
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, GitError>;

    /// An error where the repository has more commits than `count`.
    fn ends_at(&self, count: usize) -> Result<(), GitError>;

    /// Makes a change.
    fn perform(&mut self, change: Change) -> Result<(), GitError>;
}

/// The real world: two directories.
#[derive(Debug)]
pub struct Disk {
    place: Place,
    beginning: Option<Vec<u8>>,
    records: [Option<(PathBuf, Log)>; 2],
    repository: Option<ContractRepository>,
    _locks: Vec<Lock>,
}

impl Disk {
    /// Opens the place of a run and locks it; with `restart`, what lies there is moved aside.
    pub fn open(place: &Place, restart: bool) -> Result<Self, NegotiateError> {
        let free = ContractRepository::is_free(&place.repository)?;
        let explained = place.private.exists() || (restart && is_contract(&place.repository));
        if !free && !explained {
            return Err(unexplained(place));
        }
        if let Some(ours) = &place.ours {
            durable::directory(ours, Access::Usual)?;
            ignore_all(ours)?;
        }
        if let Some(parent) = place.private.parent().filter(|it| !it.as_os_str().is_empty()) {
            durable::directory(parent, Access::Usual)?;
        }
        let mut locks = vec![lock(&place.private)?];
        if restart && has_run(place)? {
            move_aside(place)?;
            locks.push(lock(&place.private)?);
        }
        ignore_all(&place.private)?;
        let beginning = durable::read(&place.private.join(BEGINNING))?;
        let repository = ContractRepository::open(&place.repository)?;
        if repository.is_some() && beginning.is_none() {
            return Err(unexplained(place));
        }
        let records = [None, None];
        Ok(Self { place: place.clone(), beginning, records, repository, _locks: locks })
    }

    fn repository(&mut self) -> Result<&mut ContractRepository, GitError> {
        let path = self.place.repository.clone();
        self.repository.as_mut().ok_or(GitError::NoRepository { path })
    }

    fn party(&mut self, party: PartyIndex) -> Result<&mut (PathBuf, Log), GitError> {
        let path = self.place.private.clone();
        party.of_mut(&mut self.records).as_mut().ok_or(GitError::NoRepository { path })
    }
}

impl World for Disk {
    fn beginning(&self) -> Option<&[u8]> {
        self.beginning.as_deref()
    }

    fn open_record(&mut self, party: PartyIndex, name: &PartyName) -> Result<Vec<u8>, GitError> {
        let directory = self.place.private_of(name);
        durable::directory(&directory, Access::Private)?;
        ignore_all(&directory)?;
        let (log, bytes) = Log::open(&directory.join(RECORD))?;
        *party.of_mut(&mut self.records) = Some((directory, log));
        Ok(bytes)
    }

    fn record_path(&self, party: PartyIndex) -> PathBuf {
        let record = party.of(&self.records).as_ref();
        record.map_or(self.place.private.clone(), |(directory, _)| directory.join(RECORD))
    }

    fn kept(&self, party: PartyIndex, name: &str) -> Result<Option<Vec<u8>>, GitError> {
        durable::read(&self.record_path(party).with_file_name(name))
    }

    fn cut_record(&mut self, party: PartyIndex, length: usize) -> Result<(), GitError> {
        self.party(party)?.1.cut(length as u64)
    }

    fn commits(&self) -> Option<usize> {
        self.repository.as_ref().map(ContractRepository::len)
    }

    fn holds(
        &self,
        number: usize,
        draft: &CommitDraft,
        parent: Option<CommitId>,
    ) -> Result<(CommitId, bool), GitError> {
        match &self.repository {
            Some(repository) => repository.holds(number, draft, parent),
            None => Ok((commit_id(draft, parent)?, false)),
        }
    }

    fn repository_path(&self) -> PathBuf {
        self.place.repository.clone()
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.repository.as_ref().map_or(Ok(None), |it| it.file(name))
    }

    fn ends_at(&self, count: usize) -> Result<(), GitError> {
        self.repository.as_ref().map_or(Ok(()), |it| it.ends_at(count))
    }

    fn perform(&mut self, change: Change) -> Result<(), GitError> {
        match change {
            Change::Begin(bytes) => {
                let path = self.place.private.join(BEGINNING);
                let beside = self.place.private.join(".new");
                durable::write(&path, &beside, &bytes, Access::Private)
            }
            Change::Remember(party, line) => self.party(party)?.1.append(line.as_bytes()),
            Change::Keep(party, name, bytes) => {
                let directory = &self.party(party)?.0;
                let beside = directory.join(".new");
                durable::write(&directory.join(name), &beside, &bytes, Access::Private)
            }
            Change::Found => {
                let workshop = self.place.private.join("new-repository");
                ContractRepository::found(&self.place.repository, &workshop)?;
                self.repository = ContractRepository::open(&self.place.repository)?;
                self.repository().map(drop)
            }
            Change::Store(draft) => self.repository()?.store(&draft),
            Change::Advance(draft) => self.repository()?.advance(&draft),
            Change::CheckOut(name, bytes) => self.repository()?.check_out(&name, bytes.as_deref()),
            Change::Index => self.repository()?.refresh_index(),
        }
    }
}

/// Makes the private directory and takes its lock.
fn lock(private: &Path) -> Result<Lock, GitError> {
    durable::directory(private, Access::Private)?;
    Lock::take(private)
}

/// A directory that no enclosing repository takes in.
fn ignore_all(directory: &Path) -> Result<(), GitError> {
    let name = directory.join(".gitignore");
    durable::write(&name, &directory.join(".gitignore.new"), b"*\n", Access::Usual)
}

/// Why a repository cannot be gone on with whose beginning nobody knows.
fn unexplained(place: &Place) -> NegotiateError {
    if is_contract(&place.repository) {
        let (repository, private) = (place.repository.clone(), place.private.clone());
        return NegotiateError::NoRecord { repository, private };
    }
    GitError::Taken { path: place.repository.clone() }.into()
}

/// Whether a directory looks like a contract repository, so that it may be moved aside.
fn is_contract(directory: &Path) -> bool {
    directory.join(".git").is_dir() && directory.join(JOURNAL).is_file()
}

/// Whether there is anything to move aside.
fn has_run(place: &Place) -> Result<bool, GitError> {
    let begun = durable::read(&place.private.join(BEGINNING))?.is_some();
    Ok(begun || !ContractRepository::is_free(&place.repository)?)
}

/// Moves an earlier run to a free name beside it.
///
/// The repository goes first: a run that is left without it is whole, since it can be made
/// again from the records.
fn move_aside(place: &Place) -> Result<(), GitError> {
    let taken = || GitError::Taken { path: place.repository.clone() };
    let aside = place.aside().ok_or_else(taken)?;
    if !ContractRepository::is_free(&place.repository)? {
        if !is_contract(&place.repository) {
            return Err(taken());
        }
        durable::rename(&place.repository, &aside.repository)?;
    }
    durable::rename(&place.private, &aside.private)
}
