//! The `git` program as a reader, for repositories that libgit2 cannot open.
//!
//! The repository may be hostile and the user's configuration may be anything: only plumbing
//! is run, without pager, hooks, file system monitor, prompts, fetching or replaced objects.
//! [`git`] knows nothing of the environment; [`user_git`] is for a hook, which has to see the
//! repository and the index that the git around it sees.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use super::GitError;

#[cfg(windows)]
const NOWHERE: &str = "NUL";
#[cfg(not(windows))]
const NOWHERE: &str = "/dev/null";

fn git(directory: &Path, arguments: &[&str]) -> Result<Output, GitError> {
    let mut command = program();
    command.env_clear();
    for name in ["PATH", "SYSTEMROOT", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", NOWHERE);
    command.env("GIT_NO_REPLACE_OBJECTS", "1").arg("-C").arg(directory);
    command.arg("-c").arg(format!("core.hooksPath={NOWHERE}"));
    plumbing(&mut command, arguments).output().map_err(|source| GitError::Program { source })
}

/// A plumbing command in the current directory, with the user's environment and configuration.
pub(super) fn user_git(arguments: &[&str]) -> Command {
    let mut command = program();
    command.env("GIT_LITERAL_PATHSPECS", "0");
    plumbing(&mut command, arguments);
    command
}

#[expect(clippy::disallowed_methods, reason = "programs are run by `seat` and `git` alone")]
fn program() -> Command {
    Command::new("git")
}

fn plumbing<'c>(command: &'c mut Command, arguments: &[&str]) -> &'c mut Command {
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("LC_ALL", "C")
        .args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"])
        .args(arguments)
        .stdin(Stdio::null())
}

/// What git said on its standard error, on one line.
pub(super) fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let words: Vec<_> = text.split_whitespace().collect();
    crate::document::visible(&words.join(" ")).into_owned()
}

pub(super) fn line(output: &Output) -> Option<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The top of the work tree that `start` lies in.
pub(super) fn root(start: &Path) -> Result<PathBuf, GitError> {
    let directory = if start.is_dir() { start } else { start.parent().unwrap_or(start) };
    for arguments in [["rev-parse", "--show-toplevel"], ["rev-parse", "--absolute-git-dir"]] {
        if let Some(path) = line(&git(directory, &arguments)?) {
            return Ok(PathBuf::from(path));
        }
    }
    Err(GitError::NoRepository { path: start.to_owned() })
}

/// The id of the commit that `revision` names.
pub(super) fn commit(root: &Path, revision: &str) -> Result<Option<String>, GitError> {
    let name = format!("{revision}^{{commit}}");
    let output = git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
    Ok(line(&output).filter(|id| !id.is_empty()))
}

/// The bytes of a regular file in a commit; nothing where it has no such path.
pub(super) fn blob(
    root: &Path,
    commit: &str,
    path: &str,
    bytes_max: u64,
) -> Result<Option<Vec<u8>>, GitError> {
    let refuse = |reason: String| GitError::Read { name: path.to_owned(), reason };
    let listed =
        git(root, &["--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", path])?;
    if !listed.status.success() {
        return Err(refuse(said(&listed)));
    }
    let text = String::from_utf8_lossy(&listed.stdout);
    let Some((entry, _)) = text.split_once('\t') else { return Ok(None) };
    let mut words = entry.split(' ');
    let (mode, kind, id) = (words.next(), words.next(), words.next());
    let Some(id) = id.filter(|_| kind == Some("blob") && mode != Some("120000")) else {
        return Err(refuse("it is no regular file".to_owned()));
    };
    let size = git(root, &["cat-file", "-s", id])?;
    let bytes = line(&size).and_then(|it| it.parse::<u64>().ok());
    match bytes {
        None => return Err(refuse(said(&size))),
        Some(bytes) if bytes > bytes_max => {
            return Err(refuse(format!("it has {bytes} bytes, more than {bytes_max}")));
        }
        Some(_) => {}
    }
    let output = git(root, &["cat-file", "blob", id])?;
    if output.status.success() { Ok(Some(output.stdout)) } else { Err(refuse(said(&output))) }
}
