//! `treaty init`: a charter to begin with.

use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
};

use crate::charter::{CHARTER, TEMPLATE};

use super::{
    Exit,
    error::RunError,
    files::{normalize, shown},
    output::{print, to_file},
};

/// What `init` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The directory that gets the charter; by default the current one.
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    /// Write over a charter that is there.
    #[arg(long)]
    force: bool,
}

/// Writes a commented charter.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let path = normalize(&args.folder.join(CHARTER));
    if args.force {
        to_file(&path, |out| out.write_all(TEMPLATE.as_bytes()))?;
    } else {
        let written = File::create_new(&path);
        written.and_then(|mut file| file.write_all(TEMPLATE.as_bytes())).map_err(|source| {
            match source.kind() {
                io::ErrorKind::AlreadyExists => RunError::Exists { path: shown(&path) },
                _ => RunError::Write { path: path.clone(), source },
            }
        })?;
    }
    print(&format!("wrote {}\n", crate::report::inline(&shown(&path))))?;
    Ok(Exit::Clean)
}
