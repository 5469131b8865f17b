//! `treaty completions` and `treaty man`: what shells and packagers need.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::charter::nearest;

use super::{Exit, command, error::RunError, output::print_bytes};

/// What `man` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The command that the page is about; by default the program.
    #[arg(value_name = "COMMAND", conflicts_with = "to")]
    path: Vec<String>,

    /// Write the pages of the program and of every command into a directory.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// Prints the completions of a shell.
pub(super) fn completions(shell: Shell) -> Result<Exit, RunError> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command(), "treaty", &mut text);
    print_bytes(&text)?;
    Ok(Exit::Clean)
}

/// Prints a manual page, or writes all of them.
pub(super) fn man(args: &Args) -> Result<Exit, RunError> {
    let mut page = command().disable_help_subcommand(true);
    page.build();
    if let Some(folder) = &args.to {
        fs::create_dir_all(folder)
            .and_then(|()| write_all(page, folder))
            .map_err(|source| RunError::Write { path: folder.clone(), source })?;
        return Ok(Exit::Clean);
    }
    for name in &args.path {
        let Some(command) = page.find_subcommand(name) else {
            let known = page.get_subcommands().map(Command::get_name);
            let nearest = nearest(name, known).map(str::to_owned);
            return Err(RunError::UnknownCommand { name: name.clone(), nearest });
        };
        page = command.clone();
    }
    print_bytes(&text(&manual(page)).map_err(RunError::Stdout)?)?;
    Ok(Exit::Clean)
}

/// Writes the pages of a command and of all commands below it.
fn write_all(command: Command, folder: &Path) -> io::Result<()> {
    for below in command.get_subcommands() {
        write_all(below.clone(), folder)?;
    }
    let page = manual(command);
    let mut file = File::create(folder.join(page.get_filename()))?;
    file.write_all(&text(&page)?)
}

fn manual(command: Command) -> Man {
    Man::new(command).source(concat!("treaty ", env!("CARGO_PKG_VERSION")))
}

fn text(page: &Man) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok(text)
}
