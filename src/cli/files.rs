//! The files of a description, and the root that none of them leaves.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use crate::openapi::{Source, SourceError};

use super::{network::Network, verifier::Changes};

/// How many symbolic links one path may lead through.
const LINKS_MAX: usize = 40;

/// The regular files under one directory.
#[derive(Debug)]
pub(super) struct Files<'a> {
    /// Where relative paths start.
    current: &'a Path,
    /// The root as it is named, without `.` and `..`.
    named: PathBuf,
    /// The root with every symbolic link resolved.
    real: PathBuf,
    bytes_max: usize,
    /// What stands in place of files.
    changes: Option<&'a Changes>,
    network: Option<&'a Network>,
    /// The first file that was larger than the limit.
    too_large: RefCell<Option<String>>,
}

impl<'a> Files<'a> {
    /// The files under `root`; relative paths start at `current`.
    pub(super) fn under(root: &Path, current: &'a Path, bytes_max: usize) -> io::Result<Self> {
        let named = normalize(&current.join(root));
        let real = named.canonicalize()?;
        if !real.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let too_large = RefCell::default();
        Ok(Self { current, named, real, bytes_max, changes: None, network: None, too_large })
    }

    /// The same files, but for those that have been changed.
    pub(super) fn with(self, changes: &'a Changes) -> Self {
        Self { changes: Some(changes), ..self }
    }

    /// The same files, and what a network lets us see.
    pub(super) fn beside(self, network: Option<&'a Network>) -> Self {
        Self { network, ..self }
    }

    /// The first file that was not read because it is larger than the limit.
    pub(super) fn too_large(&self) -> Option<String> {
        self.too_large.borrow().clone()
    }
}

impl Source for Files<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let file = normalize(&self.current.join(path));
        if !file.starts_with(&self.named) && !file.starts_with(&self.real) {
            return Err(SourceError::Outside);
        }
        let file = match file.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                // What is not there may lie outside all the same, behind a link; and what stands
                // in place of a file need not be on the disk yet.
                let would_be = without_links(&file, LINKS_MAX);
                if !would_be.starts_with(&self.real) {
                    return Err(SourceError::Outside);
                }
                let text = self.changes.and_then(|changes| changes.get(&would_be));
                return text.cloned().ok_or_else(|| refusal(&error));
            }
        };
        if !file.starts_with(&self.real) {
            return Err(SourceError::Outside);
        }
        if let Some(bytes) = self.changes.and_then(|changes| changes.get(&file)) {
            return Ok(bytes.clone());
        }
        if !file.metadata().map_err(|error| refusal(&error))?.is_file() {
            return Err(SourceError::NotAFile);
        }
        let bytes = File::open(&file)
            .and_then(|file| read_file(file, self.bytes_max))
            .map_err(|error| refusal(&error))?;
        bytes.ok_or_else(|| {
            self.too_large.borrow_mut().get_or_insert_with(|| path.to_owned());
            SourceError::TooLarge
        })
    }

    fn fetch(&self, url: &str) -> Result<Vec<u8>, SourceError> {
        self.network.map_or(Err(SourceError::Network), |network| network.fetch(url))
    }
}

/// Where a path leads whose links are followed, though nothing may be there.
fn without_links(path: &Path, links_max: usize) -> PathBuf {
    let mut real = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            real.pop();
            continue;
        }
        real.push(component);
        let Ok(target) = real.read_link() else { continue };
        if links_max == 0 {
            return real;
        }
        real.pop();
        real = without_links(&real.join(target), links_max - 1);
    }
    real
}

fn refusal(error: &io::Error) -> SourceError {
    match error.kind() {
        io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::InvalidFilename => SourceError::Missing,
        _ => SourceError::Unreadable(error.to_string()),
    }
}

/// The bytes of a file, unless they are more than the limit.
pub(super) fn read_file(file: File, bytes_max: usize) -> io::Result<Option<Vec<u8>>> {
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let capacity = usize::try_from(length).unwrap_or(0).min(bytes_max) + 1;
    read_into(Vec::with_capacity(capacity), file, bytes_max)
}

/// Everything that can be read, unless it is more than the limit.
pub(super) fn read_limited(from: impl Read, bytes_max: usize) -> io::Result<Option<Vec<u8>>> {
    read_into(Vec::new(), from, bytes_max)
}

fn read_into(mut bytes: Vec<u8>, from: impl Read, bytes_max: usize) -> io::Result<Option<Vec<u8>>> {
    from.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= bytes_max).then_some(bytes))
}

/// The path without `.`, and without `..` where there is something to take back.
pub(super) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match normal.components().next_back() {
                Some(Component::Normal(_)) => {
                    normal.pop();
                }
                Some(Component::RootDir) => {}
                _ => normal.push(".."),
            },
            other => normal.push(other),
        }
    }
    normal
}

/// A path as reports show it, with `/`.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}
