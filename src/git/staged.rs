//! The index: the files that the next commit will hold, and whether it changes them.
//!
//! * **Shape.** [`Staged::open`] reads the index that git names (a partial commit has one of its
//!   own) once; the bytes of a file are read when asked for. libgit2 reads; where it cannot
//!   open a repository or its index, everything comes from the `git` program.
//! * **Units.** Paths are bytes from the top of the work tree, with `/`.
//! * **Errors.** A file that is absent from a partial clone is no error; nothing is fetched.

mod library;
mod program;
mod reader;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::GitError;

use library::Library;
use program::Program;
use reader::Reader;

/// The name of a blob: twenty bytes, or thirty-two where the repository is one of SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId {
    length: u8,
    bytes: [u8; 32],
}

impl BlobId {
    /// An id from its bytes.
    pub fn from_bytes(id: &[u8]) -> Option<Self> {
        let mut bytes = [0; 32];
        bytes.get_mut(..id.len())?.copy_from_slice(id);
        let length = u8::try_from(id.len()).ok().filter(|length| [20, 32].contains(length))?;
        Some(Self { length, bytes })
    }

    /// An id from its hexadecimal digits.
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        let pairs = hex.chunks(2).map(|pair| match pair {
            [high, low] => Some(digit(high)? * 16 + digit(low)?),
            _ => None,
        });
        Self::from_bytes(&pairs.collect::<Option<Vec<u8>>>()?)
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or_default()
    }
}

impl std::fmt::Display for BlobId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A file, executable or not.
    Regular,
    /// A symbolic link; its bytes are its target.
    SymbolicLink,
    /// A commit of another repository.
    Submodule,
}

impl FileKind {
    /// The kind that a mode means; nothing for a directory.
    fn of(mode: u32) -> Option<Self> {
        match mode & 0o170_000 {
            0o100_000 => Some(Self::Regular),
            0o120_000 => Some(Self::SymbolicLink),
            0o160_000 => Some(Self::Submodule),
            _ => None,
        }
    }
}

/// One file of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedFile {
    /// Where it stands.
    pub path: Box<[u8]>,
    /// What it is.
    pub kind: FileKind,
    /// Its bytes' name.
    pub id: BlobId,
}

/// What there is to read of a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blob {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is larger than was asked for.
    TooLarge,
    /// It is not here, and is not fetched.
    Absent,
}

/// Where the rest is read from.
enum Store {
    Library(Library),
    Program(Program),
}

/// The index of a repository.
pub struct Staged {
    files: Vec<StagedFile>,
    unmerged: BTreeSet<Box<[u8]>>,
    store: Store,
    reader: RefCell<Option<Reader>>,
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Staged({} files)", self.files.len())
    }
}

/// What a backend reads of an index.
struct Listing {
    files: Vec<StagedFile>,
    unmerged: BTreeSet<Box<[u8]>>,
}

impl Staged {
    /// Reads the index of the repository that the current directory or the environment names.
    pub fn open() -> Result<Self, GitError> {
        let (listing, store) = match Library::open() {
            Ok((library, listing)) => (listing, Store::Library(library)),
            Err(Some(error @ GitError::Bare)) => return Err(error),
            Err(refusal) => {
                let opened = Program::open().map_err(|error| refusal.unwrap_or(error));
                let (program, listing) = opened?;
                (listing, Store::Program(program))
            }
        };
        let Listing { mut files, unmerged } = listing;
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files, unmerged, store, reader: RefCell::default() })
    }

    /// Every file, by path.
    pub fn files(&self) -> &[StagedFile] {
        &self.files
    }

    /// The file at a path.
    pub fn file(&self, path: &[u8]) -> Option<&StagedFile> {
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        self.files.get(at)
    }

    /// Whether files stand below a path.
    pub fn is_directory(&self, path: &[u8]) -> bool {
        let below = [path, b"/"].concat();
        let at = self.files.partition_point(|file| *file.path < *below);
        self.files.get(at).is_some_and(|file| file.path.starts_with(&below))
    }

    /// The paths that a merge left open.
    pub fn unmerged(&self) -> &BTreeSet<Box<[u8]>> {
        &self.unmerged
    }

    /// Whether the next commit would change what stands at a path, its mode aside.
    pub fn is_changed(&self, path: &[u8]) -> Result<bool, GitError> {
        match &self.store {
            Store::Library(library) => {
                let now = self.file(path).map(|file| (file.kind, file.id));
                Ok(library.committed(path)? != now)
            }
            Store::Program(program) => Ok(program.is_changed(path)),
        }
    }

    /// The bytes of a blob, if they are no more than `bytes_max`.
    pub fn read(&self, id: &BlobId, bytes_max: u64) -> Result<Blob, GitError> {
        if let Store::Library(library) = &self.store
            && let Ok(blob) = library.read(id, bytes_max)
        {
            return Ok(blob);
        }
        let mut reader = self.reader.borrow_mut();
        let open = match reader.take() {
            Some(open) => open,
            None => Reader::start()?,
        };
        let (blob, open) = open.read(id, bytes_max)?;
        *reader = open;
        Ok(blob)
    }

    /// The directory of the repository that is this work tree's own.
    pub fn folder(&self) -> &Path {
        match &self.store {
            Store::Library(library) => library.folder(),
            Store::Program(program) => program.folder(),
        }
    }

    /// The current directory, seen from the top of the work tree; empty at the top.
    pub fn prefix(&self) -> Result<PathBuf, GitError> {
        program::prefix()
    }
}
