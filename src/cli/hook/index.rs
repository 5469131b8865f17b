//! The files of the index as the files that a document may refer to.

use std::{
    cell::RefCell,
    path::{Component, Path},
};

use crate::{
    cli::files::{normalize, shown},
    git::{Blob, BlobId, FileKind, Staged, StagedFile},
    openapi::{Source, SourceError},
};

/// How many symbolic links a path leads through.
const LINKS_MAX: usize = 40;
/// How the text begins that Git LFS puts in the place of a file.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// A path that was looked for, and what the index held there.
pub(super) type Read = (Box<[u8]>, Option<BlobId>);

/// The files of the index.
pub(super) struct Index<'a> {
    staged: &'a Staged,
    bytes_max: usize,
    reads: RefCell<Vec<Read>>,
    too_large: RefCell<Option<String>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(staged: &'a Staged, bytes_max: usize) -> Self {
        Self { staged, bytes_max, reads: RefCell::default(), too_large: RefCell::default() }
    }

    /// Every path that was looked for, and the first file that was larger than the limit.
    pub(super) fn into_parts(self) -> (Vec<Read>, Option<String>) {
        let mut reads = self.reads.into_inner();
        reads.sort_unstable();
        reads.dedup();
        (reads, self.too_large.into_inner())
    }

    /// The file that a path leads to, through symbolic links of the index.
    fn find(&self, path: &str) -> Result<&'a StagedFile, SourceError> {
        let mut path = normalize(Path::new(path));
        for _ in 0..LINKS_MAX {
            let outside =
                |it| matches!(it, Component::ParentDir | Component::RootDir | Component::Prefix(_));
            if path.components().next().is_none_or(outside) {
                return Err(SourceError::Outside);
            }
            let Some((at, file)) = self.on_the_way(&path) else {
                return Err(self.missing(&path_bytes(&path)));
            };
            let rest = path.strip_prefix(at).unwrap_or(Path::new(""));
            let is_whole = rest.as_os_str().is_empty();
            match file.kind {
                FileKind::Regular if is_whole => return Ok(file),
                FileKind::Regular => return Err(SourceError::Missing),
                FileKind::Submodule if is_whole => return Err(SourceError::NotAFile),
                FileKind::Submodule => {
                    let text = format!("`{}` is a submodule, another repository", shown(at));
                    return Err(SourceError::Unreadable(text));
                }
                FileKind::SymbolicLink => {
                    let target = String::from_utf8(self.bytes(&file.id)?);
                    let target = target.map_err(|_| SourceError::Missing)?;
                    let folder = at.parent().unwrap_or(Path::new(""));
                    path = normalize(&folder.join(target).join(rest));
                }
            }
        }
        Err(SourceError::Unreadable("its symbolic links lead in a circle".to_owned()))
    }

    /// The first file on the way to a path, which is that at its end, or a link or a submodule.
    fn on_the_way<'p>(&self, path: &'p Path) -> Option<(&'p Path, &'a StagedFile)> {
        let mut ways: Vec<_> = path.ancestors().collect();
        ways.pop();
        let found = ways.iter().rev().find_map(|way| {
            let bytes = path_bytes(way);
            let file = self.staged.file(&bytes)?;
            self.reads.borrow_mut().push((bytes, Some(file.id)));
            Some((*way, file))
        });
        if found.is_none() {
            self.reads.borrow_mut().push((path_bytes(path), None));
        }
        found
    }

    fn missing(&self, path: &[u8]) -> SourceError {
        if self.staged.unmerged().contains(path) {
            SourceError::Unreadable("it is not merged yet".to_owned())
        } else if self.staged.is_directory(path) {
            SourceError::NotAFile
        } else {
            SourceError::Missing
        }
    }

    fn bytes(&self, id: &BlobId) -> Result<Vec<u8>, SourceError> {
        match self.staged.read(id, self.bytes_max as u64) {
            Ok(Blob::Bytes(bytes)) => Ok(bytes),
            Ok(Blob::TooLarge) => Err(SourceError::TooLarge),
            Ok(Blob::Absent) => {
                Err(SourceError::Unreadable("it is not in this partial clone".to_owned()))
            }
            Err(error) => Err(SourceError::Unreadable(error.to_string())),
        }
    }
}

impl Source for Index<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let bytes = self.find(path).and_then(|file| self.bytes(&file.id));
        match bytes {
            Ok(bytes) if bytes.starts_with(LFS_POINTER) => {
                let text = "it is in Git LFS; the repository holds only a pointer to it";
                Err(SourceError::Unreadable(text.to_owned()))
            }
            Err(SourceError::TooLarge) => {
                self.too_large.borrow_mut().get_or_insert_with(|| path.to_owned());
                Err(SourceError::TooLarge)
            }
            other => other,
        }
    }
}

/// A path as git writes it.
pub(super) fn path_bytes(path: &Path) -> Box<[u8]> {
    #[cfg(unix)]
    {
        std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).into()
    }
    #[cfg(not(unix))]
    {
        shown(path).into_bytes().into()
    }
}
