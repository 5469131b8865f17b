//! The verifier for editors: a language server.
//!
//! * **Shape.** [`serve`] reads messages, answers them and tells diagnostics until the editor says
//!   `exit`. One thread reads, one writes, one verifies, and one carries out fixes on trial; the
//!   one in the middle (`server.rs`) holds all state and waits for nothing but messages, so a
//!   large document holds up no answer.
//! * **Errors.** A panic in the verifier costs one result. A stream that cannot be followed is a
//!   [`WireError`].
//! * **Boundary.** Files are read through a [`Host`], below the folders of the workspace alone;
//!   nothing is written. Text of a document is shown with every character visible.
//! * **Source.** LSP 3.17.

mod actions;
mod analysis;
mod client;
mod complete;
mod definition;
mod diagnostics;
mod documents;
mod fix;
mod hover;
mod questions;
mod server;
mod symbols;
mod text;
mod uri;
mod wire;
mod worker;

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    openapi::{Description, Source},
    ruleset::Rule,
    verify::Lint,
};

pub use server::serve;
pub use wire::WireError;

/// Texts that stand in place of files, by the files' real paths.
pub type Texts = BTreeMap<PathBuf, Vec<u8>>;

/// What the server asks of the machine.
pub trait Host: fmt::Debug + Send + Sync {
    /// The files below a directory, but for those whose texts are given.
    fn source<'s>(&'s self, root: &'s Path, texts: &'s Texts) -> io::Result<Box<dyn Source + 's>>;

    /// A path without symbolic links, as far as it exists.
    fn real_path(&self, path: &Path) -> PathBuf;

    /// The OpenAPI documents below a directory.
    fn documents(&self, root: &Path) -> Vec<PathBuf>;

    /// Whether a text is an OpenAPI document.
    fn is_openapi(&self, text: &[u8]) -> bool;

    /// The rules in force for a document below a root, and what is wrong with the configuration
    /// where they are not as it says.
    fn rules(&self, path: &Path, root: Option<&Path>) -> (Arc<dyn Rules>, Option<String>);
}

/// The rules in force for a document, and how they are asked.
pub trait Rules: fmt::Debug + Send + Sync {
    /// What is found in a description, up to a number, until somebody says to stop.
    fn lint(&self, description: &Description, findings_max: usize, stop: &dyn Fn() -> bool)
    -> Lint;

    /// The rule of an id.
    fn rule(&self, id: &str) -> Option<&Rule>;
}

/// The two ends of a session.
pub struct Streams {
    /// What the editor says.
    pub input: Box<dyn BufRead + Send>,
    /// What the editor hears.
    pub output: Box<dyn Write + Send>,
}

impl fmt::Debug for Streams {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Streams").finish_non_exhaustive()
    }
}
