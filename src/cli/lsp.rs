//! `treaty lsp`: the verifier for editors, over standard input and output.

use std::{
    fmt,
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use ignore::overrides::Override;

use crate::{
    charter::Date,
    document::Limits,
    openapi::{Description, Source},
    ruleset::{Profile, Rule},
    serve::{Host, Rules, Streams, Texts, serve},
    verify::{self, Lint, Scope},
};

use super::{
    Exit,
    config::{Config, ConfigOptions, Configs, today},
    discover::{is_named_openapi, is_openapi},
    error::RunError,
    files::Files,
    inputs::{Input, holds_openapi, walk},
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
    config: ConfigOptions,

    #[command(flatten)]
    rules: RuleOptions,
}

/// Serves one editor.
pub(super) fn run(args: Args) -> Result<Exit, RunError> {
    let current = std::env::current_dir().map_err(RunError::CurrentDirectory)?;
    let bare = Config::new(None, Profile::Recommended, &args.rules, &current)?;
    let bare = Arc::new(InForce { configs: None, bare, today: today()? });
    let streams = Streams {
        input: Box::new(BufReader::with_capacity(1 << 16, io::stdin())),
        output: Box::new(io::stdout()),
    };
    match serve(streams, Arc::new(Machine { args, bare })) {
        Ok(true) => Ok(Exit::Clean),
        Ok(false) => Ok(Exit::Code(1)),
        Err(error) => Err(RunError::Session(error)),
    }
}

/// This machine, as the server sees it.
#[derive(Debug)]
struct Machine {
    args: Args,
    /// What holds where the configuration is wrong.
    bare: Arc<InForce>,
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

    fn rules(&self, path: &Path, root: Option<&Path>) -> (Arc<dyn Rules>, Option<String>) {
        let Some(root) = root else { return (self.bare.clone(), None) };
        match InForce::new(&self.args, path, root) {
            Ok(rules) => (Arc::new(rules), None),
            Err(error) => (self.bare.clone(), Some(error.text())),
        }
    }
}

/// What is in force for one document.
struct InForce {
    /// The configuration of the document; nothing where there is none.
    configs: Option<(Configs, Input)>,
    bare: Config,
    today: Date,
}

impl InForce {
    fn new(args: &Args, path: &Path, root: &Path) -> Result<Self, RunError> {
        let input = Input::file(path);
        let inputs = std::slice::from_ref(&input);
        let configs = Configs::of(inputs, &args.config, &args.rules, root, Some(root))?;
        let bare = Config::new(None, Profile::Recommended, &args.rules, root)?;
        Ok(Self { configs: Some((configs, input)), bare, today: today()? })
    }

    fn config(&self) -> &Config {
        self.configs.as_ref().map_or(&self.bare, |(configs, input)| configs.get(input))
    }
}

impl fmt::Debug for InForce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("InForce").finish_non_exhaustive()
    }
}

impl Rules for InForce {
    fn lint(
        &self,
        description: &Description,
        findings_max: usize,
        stop: &dyn Fn() -> bool,
    ) -> Lint {
        let config = self.config();
        let place = |path: &str| config.place(path);
        let scope = Scope {
            directives: Some(&config.directives),
            place: Some(&place),
            today: Some(self.today),
            ..Scope::default()
        };
        let formats = config.formats();
        let options =
            verify::Options { findings_max, formats, scope, stop, ..verify::Options::default() };
        verify::lint(description, &config.ruleset, &options)
    }

    fn rule(&self, id: &str) -> Option<&Rule> {
        self.config().ruleset.catalog().get(id)
    }
}
