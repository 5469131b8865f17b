//! What earlier runs learned of the blobs of a repository, so that it is not read again.
//!
//! * **Shape.** A blob holds an OpenAPI document or none; a document read certain files. Both
//!   follow from the bytes alone, so what was learned stays true: it is forgotten only when the
//!   file it is about is gone, when the links of the index change, or with another treaty.
//! * **Errors.** None: what cannot be read or is damaged is learned again, what cannot be written
//!   is done without.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    cli::output::to_file,
    document::sha256_hex,
    git::{BlobId, FileKind, Staged, StagedFile, durable},
};

use super::index::Read;

/// The name of the file, in the repository.
const NAME: &str = "treaty-hook";
/// The first line; the version of the program is a part of it.
const HEADER: &str = concat!("treaty hook memory 1 ", env!("CARGO_PKG_VERSION"));
/// A file larger than this is not read.
const BYTES_MAX: u64 = 64 << 20;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// It holds no OpenAPI document.
    Other,
    /// It is a document that read these files, or looked for them.
    Document(Vec<Read>),
}

/// Facts by the files they are about.
#[derive(Debug, Default)]
struct Facts {
    others: BTreeSet<BlobId>,
    documents: BTreeMap<Box<[u8]>, (BlobId, Vec<Read>)>,
}

impl Facts {
    fn insert(&mut self, file: &StagedFile, fact: Fact) {
        match fact {
            Fact::Other => {
                self.others.insert(file.id);
            }
            Fact::Document(reads) => {
                self.documents.insert(file.path.clone(), (file.id, reads));
            }
        }
    }
}

/// What earlier runs learned, and what this one does.
#[derive(Debug)]
pub(super) struct Memory {
    path: PathBuf,
    links: Vec<Read>,
    old: Facts,
    new: Facts,
    has_learned: bool,
}

impl Memory {
    /// Remembers what is true of the present index.
    pub(super) fn of(staged: &Staged) -> Self {
        let path = staged.folder().join(NAME);
        let links = staged.files().iter().filter(|file| file.kind != FileKind::Regular);
        let links: Vec<_> = links.map(|file| (file.path.clone(), Some(file.id))).collect();
        let old = read(&path).and_then(|bytes| parse(&bytes, &links)).unwrap_or_default();
        Self { path, links, old, new: Facts::default(), has_learned: false }
    }

    /// What is known of a file, if all that follows from it is as it was.
    pub(super) fn recall(&self, file: &StagedFile, staged: &Staged) -> Option<Fact> {
        if self.old.others.contains(&file.id) {
            return Some(Fact::Other);
        }
        let (id, reads) = self.old.documents.get(&file.path)?;
        let is_same = |(path, id): &Read| staged.file(path).map(|file| file.id) == *id;
        let is_known = *id == file.id && reads.iter().all(is_same);
        is_known.then(|| Fact::Document(reads.clone()))
    }

    /// Keeps what was recalled of a file.
    pub(super) fn keep(&mut self, file: &StagedFile, fact: Fact) {
        self.new.insert(file, fact);
    }

    /// Keeps what was found out of a file.
    pub(super) fn learn(&mut self, file: &StagedFile, fact: Fact) {
        self.has_learned = true;
        self.new.insert(file, fact);
    }

    /// Writes down what is true now.
    pub(super) fn save(&self) {
        if !self.has_learned {
            return;
        }
        let text = self.text();
        // A repository that cannot be written to is verified all the same.
        let _ = to_file(&self.path, |out| out.write_all(&text));
    }

    fn text(&self) -> Vec<u8> {
        let mut text = format!("{HEADER}\n").into_bytes();
        for (path, id) in &self.links {
            line(&mut text, "link", *id, path);
        }
        for id in &self.new.others {
            line(&mut text, "other", Some(*id), b"");
        }
        for (path, (id, reads)) in &self.new.documents {
            // A line cannot hold every path.
            let is_odd = |path: &[u8]| path.contains(&b'\n');
            if is_odd(path) || reads.iter().any(|(path, _)| is_odd(path)) {
                continue;
            }
            line(&mut text, "document", Some(*id), path);
            for (path, id) in reads {
                line(&mut text, "reads", *id, path);
            }
        }
        let digest = sha256_hex(&text);
        text.extend_from_slice(digest.as_bytes());
        text.push(b'\n');
        text
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let metadata = path.symlink_metadata().ok()?;
    if !metadata.is_file() || metadata.len() > BYTES_MAX {
        return None;
    }
    durable::read(path).ok()?
}

fn line(out: &mut Vec<u8>, word: &str, id: Option<BlobId>, path: &[u8]) {
    let id = id.map_or("-".to_owned(), |id| id.to_string());
    out.extend_from_slice(format!("{word} {id}").as_bytes());
    if !path.is_empty() {
        out.push(b' ');
        out.extend_from_slice(path);
    }
    out.push(b'\n');
}

/// The facts of a whole file that was written with the same links.
fn parse(bytes: &[u8], links: &[Read]) -> Option<Facts> {
    let text = bytes.strip_suffix(b"\n")?;
    let end = text.iter().rposition(|byte| *byte == b'\n')? + 1;
    let (text, digest) = text.split_at_checked(end)?;
    if digest != sha256_hex(text).as_bytes() {
        return None;
    }
    let mut records = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    if records.next() != Some(HEADER.as_bytes()) {
        return None;
    }
    let mut facts = Facts::default();
    let mut found = Vec::new();
    let mut document = None;
    for record in records {
        let mut words = record.splitn(3, |byte| *byte == b' ');
        let (word, id) = (words.next()?, BlobId::from_hex(words.next()?));
        let path: Box<[u8]> = words.next().unwrap_or_default().into();
        match (word, id) {
            (b"link", id) => found.push((path, id)),
            (b"other", Some(id)) => {
                facts.others.insert(id);
            }
            (b"document", Some(id)) => {
                facts.documents.insert(path.clone(), (id, Vec::new()));
                document = Some(path);
            }
            (b"reads", id) => {
                let known = document.as_ref().and_then(|it| facts.documents.get_mut(it));
                known?.1.push((path, id));
            }
            _ => return None,
        }
    }
    (found == links).then_some(facts)
}
