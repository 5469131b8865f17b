//! `treaty lsp`: the verifier for editors, over standard input and output.

use std::{
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use ignore::overrides::Override;

use crate::{
    document::Limits,
    openapi::Source,
    ruleset::{Profile, Ruleset},
    serve::{Host, Streams, Texts, serve},
};

use super::{
    Exit,
    discover::{is_named_openapi, is_openapi},
    error::RunError,
    files::Files,
    inputs::{holds_openapi, walk},
    options::RuleOptions,
};

/// How many files of a workspace are looked at.
const LOOKED_AT_MAX: usize = 20_000;

/// What `lsp` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Speak on standard input and output; there is no other way, so this changes nothing.
    #[arg(long)]
    stdio: bool,

    #[command(flatten)]
    rules: RuleOptions,
}

/// Serves one editor.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let mut ruleset = Ruleset::built_in(Profile::Recommended);
    args.rules.apply(&mut ruleset)?;
    let streams = Streams {
        input: Box::new(BufReader::with_capacity(1 << 16, io::stdin())),
        output: Box::new(io::stdout()),
    };
    match serve(streams, Arc::new(Machine { ruleset: Arc::new(ruleset) })) {
        Ok(true) => Ok(Exit::Clean),
        Ok(false) => Ok(Exit::Code(1)),
        Err(error) => Err(RunError::Session(error)),
    }
}

/// This machine, as the server sees it.
#[derive(Debug)]
struct Machine {
    ruleset: Arc<Ruleset>,
}

impl Host for Machine {
    fn source<'s>(&'s self, root: &'s Path, texts: &'s Texts) -> io::Result<Box<dyn Source + 's>> {
        let files = Files::under(root, root, Limits::default().file_bytes)?;
        Ok(Box::new(files.with(texts)))
    }

    fn real_path(&self, path: &Path) -> PathBuf {
        // A file that is not there yet has a directory that may be a link.
        let folder = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
        path.canonicalize().ok().or_else(folder).unwrap_or_else(|| path.to_owned())
    }

    fn documents(&self, root: &Path) -> Vec<PathBuf> {
        let entries = walk(root, Override::empty()).take(LOOKED_AT_MAX);
        let files = entries.filter_map(|entry| Some(entry.ok()?.into_path()));
        let is_document = |file: &PathBuf| {
            is_named_openapi(file)
                && file.is_file()
                && holds_openapi(file, Limits::default().file_bytes)
        };
        let mut documents: Vec<_> = files.filter(is_document).collect();
        documents.sort();
        documents
    }

    fn is_openapi(&self, text: &[u8]) -> bool {
        is_openapi(text)
    }

    fn ruleset(&self, _: &Path) -> Arc<Ruleset> {
        self.ruleset.clone()
    }
}
