//! The index and what it changes, as the `git` program lists them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Output,
};

use rustc_hash::FxHashSet;

use super::{BlobId, FileKind, GitError, Listing, StagedFile};
use crate::git::program::{line, said, user_git};

/// What the program said of a repository.
pub(super) struct Program {
    folder: PathBuf,
    /// The paths that the next commit changes; nothing where there is no commit yet.
    changed: Option<FxHashSet<Box<[u8]>>>,
}

impl Program {
    pub(super) fn open() -> Result<(Self, Listing), GitError> {
        let folder = ask(&["rev-parse", "--absolute-git-dir"])?;
        if ask(&["rev-parse", "--is-bare-repository"])? == "true" {
            return Err(GitError::Bare);
        }
        let listing = listing()?;
        let head = run(&["rev-parse", "--verify", "--quiet", "HEAD"])?;
        let changed = if head.status.success() { Some(changes()?) } else { None };
        Ok((Self { folder: folder.into(), changed }, listing))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn is_changed(&self, path: &[u8]) -> bool {
        self.changed.as_ref().is_none_or(|changed| changed.contains(path))
    }
}

/// The current directory, seen from the top of the work tree.
pub(super) fn prefix() -> Result<PathBuf, GitError> {
    ask(&["rev-parse", "--show-prefix"]).map(PathBuf::from)
}

fn run(arguments: &[&str]) -> Result<Output, GitError> {
    user_git(arguments).output().map_err(|source| GitError::Program { source })
}

/// What the program answered; its refusal is an error in its own words.
fn answer(arguments: &[&str]) -> Result<Output, GitError> {
    let output = run(arguments)?;
    if output.status.success() {
        Ok(output)
    } else {
        Err(GitError::Refused { said: said(&output) })
    }
}

fn ask(arguments: &[&str]) -> Result<String, GitError> {
    Ok(line(&answer(arguments)?).unwrap_or_default())
}

/// Every entry of the index.
fn listing() -> Result<Listing, GitError> {
    let list = ["ls-files", "--stage", "-z", "--full-name", "--", ":(top)"];
    // Where the trees of a sparse index are not here, the part outside the cone stays folded.
    let sparse = ["ls-files", "--sparse", "--stage", "-z", "--full-name", "--", ":(top)"];
    let output = answer(&list).or_else(|error| answer(&sparse).map_err(|_| error))?;
    let mut listing = Listing { files: Vec::new(), unmerged: BTreeSet::new() };
    for record in output.stdout.split(|byte| *byte == 0).filter(|record| !record.is_empty()) {
        let Some((file, stage)) = entry(record) else { continue };
        if stage == b"0" {
            listing.files.push(file);
        } else {
            listing.unmerged.insert(file.path);
        }
    }
    Ok(listing)
}

/// `MODE ID STAGE<TAB>PATH`.
fn entry(record: &[u8]) -> Option<(StagedFile, &[u8])> {
    let tab = record.iter().position(|byte| *byte == b'\t')?;
    let (facts, path) = (record.get(..tab)?, record.get(tab + 1..)?);
    let mut facts = facts.split(|byte| *byte == b' ');
    let kind = kind(facts.next()?)?;
    let id = BlobId::from_hex(facts.next()?)?;
    Some((StagedFile { path: path.into(), kind, id }, facts.next()?))
}

fn kind(mode: &[u8]) -> Option<FileKind> {
    FileKind::of(u32::from_str_radix(std::str::from_utf8(mode).ok()?, 8).ok()?)
}

/// The paths whose bytes or kind the next commit changes.
fn changes() -> Result<FxHashSet<Box<[u8]>>, GitError> {
    let output = answer(&["diff-index", "--cached", "--raw", "-z", "--no-renames", "HEAD"])?;
    let mut changed = FxHashSet::default();
    let mut records = output.stdout.split(|byte| *byte == 0);
    while let Some((facts, path)) = records.next().zip(records.next()) {
        // `:MODE MODE ID ID STATUS`, the last commit's first.
        let mut facts = facts.strip_prefix(b":").unwrap_or(facts).split(|byte| *byte == b' ');
        let kinds = [facts.next(), facts.next()].map(|it| it.and_then(kind));
        let ids = [facts.next(), facts.next()];
        let [before, after] = kinds;
        if before != after || ids.first() != ids.last() {
            changed.insert(path.into());
        }
    }
    Ok(changed)
}
