//! Where git looks for hooks, as git itself says.

use std::path::{Path, PathBuf};

use crate::git::{
    GitError,
    program::{line, said, user_git},
};

use super::{HookError, Hooks};

/// Finds the hooks of the repository that the current directory or the environment names.
pub(super) fn find() -> Result<Hooks, HookError> {
    if ask(&["rev-parse", "--is-bare-repository"], None)? == "true" {
        return Err(HookError::Bare);
    }
    let top = PathBuf::from(ask(&["rev-parse", "--show-toplevel"], None)?);
    let git = ask(&["rev-parse", "--absolute-git-dir"], None)?;
    // Hooks run at the top of the work tree, and a relative path of theirs starts there.
    let place = Place { git: &git, top: &top };
    let common = top.join(ask(&["rev-parse", "--git-common-dir"], Some(place))?);
    let folder = top.join(ask(&["rev-parse", "--git-path", "hooks"], Some(place))?);
    let folder = real(&folder);
    let is_own = [&top, Path::new(&git), &common].iter().any(|it| folder.starts_with(real(it)));
    Ok(Hooks { folder, common, is_own })
}

/// A repository and the top of its work tree.
#[derive(Clone, Copy)]
struct Place<'a> {
    git: &'a str,
    top: &'a Path,
}

fn ask(arguments: &[&str], place: Option<Place<'_>>) -> Result<String, GitError> {
    let mut command = user_git(arguments);
    if let Some(Place { git, top }) = place {
        command.env("GIT_DIR", git).env("GIT_WORK_TREE", top).current_dir(top);
    }
    let output = command.output().map_err(|source| GitError::Program { source })?;
    line(&output).ok_or_else(|| GitError::Refused { said: said(&output) })
}

/// The path without symbolic links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    for above in path.ancestors() {
        if let Ok(real) = above.canonicalize() {
            return rest.iter().rev().fold(real, |path, name| path.join(name));
        }
        rest.extend(above.file_name());
    }
    path.to_owned()
}
