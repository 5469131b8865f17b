//! Which documents of the index the next commit touches.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::{
    charter::CHARTER,
    cli::{
        discover::{is_named_openapi, is_openapi},
        error::RunError,
    },
    document::Limits,
    git::{Blob, FileKind, GitError, Staged, StagedFile},
    openapi::{Description, may_lead_elsewhere},
};

use super::{
    index::{Index, Read},
    memory::{Fact, Memory},
};

/// A blob larger than this is binary to git, and no document to us.
const BLOB_BYTES_MAX: u64 = 512 << 20;

/// A document with all that it refers to.
pub(super) struct Loaded {
    pub(super) description: Description,
    /// The first file that was not read because it is larger than the limit.
    pub(super) too_large: Option<String>,
}

/// What a look at a file says.
pub(super) enum Look {
    /// The next commit leaves it alone, or it is no document.
    Untouched,
    /// The next commit changes it, or something that it refers to.
    Touched(Box<Loaded>),
    /// It would have to be verified, but is larger than the limit.
    TooLarge,
}

/// The documents of an index.
pub(super) struct Selection<'a> {
    staged: &'a Staged,
    limits: &'a Limits,
    named: BTreeSet<Box<[u8]>>,
    excluded: Gitignore,
    memory: Memory,
    absent: usize,
    /// The folders whose documents a changed configuration is about.
    ruled: BTreeMap<Box<[u8]>, bool>,
}

/// The patterns of what is left out.
pub(super) fn patterns(globs: &[String]) -> Result<Gitignore, RunError> {
    let mut builder = GitignoreBuilder::new("");
    for glob in globs {
        builder.add_line(None, glob).map_err(|error| RunError::glob(glob, error))?;
    }
    builder.build().map_err(|error| RunError::glob(&globs.join(" "), error))
}

/// A file's path as reports show it.
pub(super) fn shown(file: &StagedFile) -> String {
    String::from_utf8_lossy(&file.path).into_owned()
}

impl<'a> Selection<'a> {
    /// The documents of `staged`; the `named` files count as changed.
    pub(super) fn new(
        staged: &'a Staged,
        limits: &'a Limits,
        named: BTreeSet<Box<[u8]>>,
        excluded: Gitignore,
    ) -> Self {
        Self {
            staged,
            limits,
            named,
            excluded,
            memory: Memory::of(staged),
            absent: 0,
            ruled: BTreeMap::new(),
        }
    }

    /// Every file that may be a document, by path.
    pub(super) fn documents(&self) -> Vec<&'a StagedFile> {
        let files = self.staged.files().iter();
        let regular = files.filter(|file| file.kind == FileKind::Regular);
        regular.filter(|file| self.may_be_document(&file.path)).collect()
    }

    /// The documents that are not merged yet, each as what is wrong.
    pub(super) fn unmerged(&self) -> Vec<RunError> {
        let open = self.staged.unmerged().iter().filter(|path| self.may_be_document(path));
        open.map(|path| RunError::Unmerged { path: String::from_utf8_lossy(path).into_owned() })
            .collect()
    }

    fn may_be_document(&self, path: &[u8]) -> bool {
        let text = String::from_utf8_lossy(path);
        let path = Path::new(&*text);
        is_named_openapi(path)
            && !self.excluded.matched_path_or_any_parents(path, false).is_ignore()
    }

    /// Reads as little as will say whether the next commit touches a document.
    pub(super) fn look(&mut self, file: &StagedFile) -> Result<Look, GitError> {
        let is_changed = self.named.contains(&file.path)
            || self.staged.is_changed(&file.path)?
            || self.is_ruled_anew(&file.path)?;
        if let Some(fact) = self.memory.recall(file, self.staged) {
            let is_touched = match &fact {
                Fact::Other => false,
                Fact::Document(reads) => is_changed || self.touches_any(reads)?,
            };
            self.memory.keep(file, fact);
            if !is_touched {
                return Ok(Look::Untouched);
            }
        }
        let bytes = match self.staged.read(&file.id, BLOB_BYTES_MAX)? {
            Blob::Bytes(bytes) => bytes,
            Blob::TooLarge => return Ok(Look::Untouched),
            Blob::Absent => {
                self.absent += 1;
                return Ok(Look::Untouched);
            }
        };
        if !is_openapi(&bytes) {
            self.memory.learn(file, Fact::Other);
            return Ok(Look::Untouched);
        }
        let is_alone = std::str::from_utf8(&bytes).is_ok_and(|text| !may_lead_elsewhere(text));
        if !is_changed && is_alone {
            self.memory.learn(file, Fact::Document(Vec::new()));
            return Ok(Look::Untouched);
        }
        if bytes.len() > self.limits.file_bytes {
            return Ok(if is_changed { Look::TooLarge } else { Look::Untouched });
        }
        let index = Index::new(self.staged, self.limits.file_bytes);
        let description = Description::load(&shown(file), bytes, &index, self.limits);
        let (reads, too_large) = index.into_parts();
        let is_touched = is_changed || self.touches_any(&reads)?;
        self.memory.learn(file, Fact::Document(reads));
        if !is_touched {
            return Ok(Look::Untouched);
        }
        Ok(Look::Touched(Box::new(Loaded { description, too_large })))
    }

    /// Whether the next commit changes a configuration that is about a document.
    fn is_ruled_anew(&mut self, path: &[u8]) -> Result<bool, GitError> {
        let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        let folder = path.get(..end).unwrap_or_default();
        if let Some(known) = self.ruled.get(folder) {
            return Ok(*known);
        }
        let own = self.staged.is_changed(&[folder, CHARTER.as_bytes()].concat())?;
        let is_ruled = own
            || match folder.strip_suffix(b"/") {
                Some(above) => self.is_ruled_anew(above)?,
                None => false,
            };
        self.ruled.insert(folder.into(), is_ruled);
        Ok(is_ruled)
    }

    /// Whether the next commit changes any of the paths that were read, or a file above one.
    fn touches_any(&self, reads: &[Read]) -> Result<bool, GitError> {
        for (path, _) in reads {
            let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
            for end in ends.chain([path.len()]) {
                let path = path.get(..end).unwrap_or_default();
                if self.named.contains(path) || self.staged.is_changed(path)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// How many files are absent from a partial clone.
    pub(super) fn absent(&self) -> usize {
        self.absent
    }

    /// Keeps what was learned for the next run.
    pub(super) fn finish(&self) {
        self.memory.save();
    }
}
