//! Which documents a command is about.

use std::{
    collections::HashSet,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use ignore::{
    Walk, WalkBuilder,
    overrides::{Override, OverrideBuilder},
};

use super::{
    discover::{is_named_openapi, is_openapi},
    error::RunError,
    files::{normalize, read_file, read_limited, shown},
    options::InputOptions,
    verifier::Verifier,
    workers::Crew,
};

/// One document to read.
#[derive(Debug)]
pub(super) struct Input {
    /// Its path as reports show it.
    pub(super) path: String,
    /// The file; nothing for standard input.
    file: Option<PathBuf>,
}

/// The documents that the arguments name, and what went wrong with the other arguments.
pub(super) struct Inputs {
    /// Each document once, in the order of the arguments.
    pub(super) inputs: Vec<Input>,
    /// A directory without documents, for one.
    pub(super) errors: Vec<RunError>,
}

impl Inputs {
    /// Looks at every argument; patterns of what to leave out start at the current directory.
    pub(super) fn of(options: &InputOptions, verifier: &Verifier<'_>) -> Result<Self, RunError> {
        let search = Search {
            excluded: excluded(&options.exclude, verifier.current())?,
            jobs: options.jobs(),
            bytes_max: verifier.bytes_max(),
        };
        let mut found = Self { inputs: Vec::new(), errors: Vec::new() };
        for path in &options.paths {
            if path.as_os_str() == "-" {
                found.inputs.push(Input::stdin(options.stdin_filename.as_deref()));
            } else if path.is_dir() {
                match search.documents_under(path) {
                    Ok(documents) if documents.is_empty() => {
                        found.errors.push(RunError::NoDocument { path: shown(path) });
                    }
                    Ok(documents) => found.inputs.extend(documents),
                    Err(error) => found.errors.push(error),
                }
            } else {
                found.inputs.push(Input { path: shown(path), file: Some(path.clone()) });
            }
        }
        let mut seen = HashSet::new();
        found.inputs.retain(|input| seen.insert(input.real_path()));
        Ok(found)
    }
}

impl Input {
    /// A file by its path.
    pub(super) fn file(path: &Path) -> Self {
        Self { path: shown(path), file: Some(path.to_owned()) }
    }

    /// A file, and what it is called.
    pub(super) fn named(path: &Path, name: &str) -> Self {
        Self { path: name.to_owned(), file: Some(path.to_owned()) }
    }

    /// Standard input, and what it is called.
    pub(super) fn stdin(name: Option<&str>) -> Self {
        Self { path: name.unwrap_or("<stdin>").to_owned(), file: None }
    }

    /// The bytes; nothing when they are more than the limit.
    pub(super) fn read(&self, bytes_max: usize) -> Result<Option<Vec<u8>>, RunError> {
        let bytes = match &self.file {
            Some(file) => File::open(file).and_then(|file| read_file(file, bytes_max)),
            None => read_limited(io::stdin().lock(), bytes_max),
        };
        bytes.map_err(|source| RunError::Read { path: self.path.clone(), source })
    }

    /// Whether it is standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.file.is_none()
    }

    /// The path of its file without symbolic links; `-` for standard input.
    pub(super) fn real_path(&self) -> PathBuf {
        match &self.file {
            Some(file) => file.canonicalize().unwrap_or_else(|_| file.clone()),
            None => PathBuf::from("-"),
        }
    }

    /// The directory that holds the document, where it is known.
    pub(super) fn folder(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(&self.path)).parent().unwrap_or(Path::new(""))
    }
}

/// What directories leave out: `!` in front of a pattern is how an override says so.
fn excluded(globs: &[String], current: &Path) -> Result<Override, RunError> {
    let mut builder = OverrideBuilder::new(current);
    for glob in globs {
        builder.add(&format!("!{glob}")).map_err(|error| RunError::glob(glob, error))?;
    }
    builder.build().map_err(|error| RunError::glob(&globs.join(" "), error))
}

/// Everything below a directory but what is ignored, which must not depend on the machine, nor on
/// whether this is a repository.
pub(super) fn walk(folder: &Path, excluded: Override) -> Walk {
    WalkBuilder::new(folder)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .overrides(excluded)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build()
}

/// How directories are looked through.
struct Search {
    excluded: Override,
    jobs: usize,
    bytes_max: usize,
}

impl Search {
    /// Every OpenAPI document under a directory, by path.
    fn documents_under(&self, folder: &Path) -> Result<Vec<Input>, RunError> {
        let failed = |source| RunError::Walk { path: shown(folder), source };
        let mut files = Vec::new();
        for entry in walk(folder, self.excluded.clone()) {
            let file = entry.map_err(failed)?.into_path();
            if is_named_openapi(&file) && file.is_file() {
                files.push(file);
            }
        }
        let mut documents = Vec::new();
        let crew = Crew { jobs: self.jobs, weight: |_| 0, waiting_max: 0 };
        let look = |file: &PathBuf| holds_openapi(file, self.bytes_max).then(|| file.clone());
        let take = |file: Option<PathBuf>| {
            documents.extend(
                file.map(|file| Input { path: shown(&normalize(&file)), file: Some(file) }),
            );
        };
        crew.in_order(&files, look, take, |_| ());
        documents.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(documents)
    }
}

/// Whether a file is to be read as OpenAPI; one that cannot be looked into is, so that the reader
/// says why.
pub(super) fn holds_openapi(file: &Path, bytes_max: usize) -> bool {
    let read = File::open(file).and_then(|file| read_file(file, bytes_max));
    match read {
        Ok(Some(bytes)) => is_openapi(&bytes),
        Ok(None) | Err(_) => true,
    }
}
