//! The git hook, with real repositories: who is asked, what is read, what is left behind.

mod framework;
mod install;
mod kinds;
mod laws;
mod run;
mod touched;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::program::{Place, Ran, treaty};

/// A document without a fault; `{}` stands for its references.
const CLEAN: &str = "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths: {}\n";
/// A document whose fourth line repeats a key.
const FAULTY: &str = "openapi: 3.1.0\ninfo:\n  title: Pets\n  title: Pets\n  version: 1.0.0\n\
                      paths: {}\n";
/// A fragment without a fault, and one with an error.
const PET: &str = "Pet: {type: string}\n";
const BAD_PET: &str = "Pet: {type: strin}\n";

/// A document that refers to one schema.
fn referring(to: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Pets, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  \
         schemas:\n    Pet:\n      $ref: '{to}'\n"
    )
}

/// A repository of its own, in a world where nothing else is configured.
struct Repository {
    place: Place,
    /// Where commands are run, from the place.
    folder: PathBuf,
}

impl Repository {
    /// An empty repository.
    fn new() -> Self {
        Self::of_kind(&[]).unwrap()
    }

    /// A repository made with more arguments; nothing where this git makes none of the kind.
    fn of_kind(init: &[&str]) -> Option<Self> {
        let repository = Self { place: Place::empty(), folder: PathBuf::from("r") };
        std::fs::create_dir(repository.path("")).unwrap();
        let made = repository.git(&[&["init", "-q", "-b", "main"], init].concat());
        if made.code != 0 {
            eprintln!("skipped: this git makes no repository with {init:?}");
            return None;
        }
        Some(repository)
    }

    /// A repository whose first commit holds some files.
    fn with(files: &[(&str, &str)]) -> Self {
        let repository = Self::new();
        repository.stage(files);
        repository.commit_unseen();
        repository
    }

    /// The same place, seen from another directory of it.
    fn at(self, folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), ..self }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.place.path(".").join(&self.folder).join(path)
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Writes a file that is run later, through another process: while this one holds it open,
    /// a thread that starts a program hands it on, and what is open to be written cannot be run.
    fn script(&self, path: &str, text: &str) {
        self.write(path, "");
        let mut shell = self.command("sh");
        shell.args(["-c", "printf %s \"$1\" >\"$2\" && chmod 755 \"$2\"", "sh", text, path]);
        assert_eq!(ran(&mut shell).code, 0, "{path}");
    }

    /// Writes files and stages everything.
    fn stage(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            self.write(path, text);
        }
        self.done(&["add", "-A"]);
    }

    /// Commits what is staged without asking the hook.
    fn commit_unseen(&self) {
        self.done(&["commit", "-qm", "unseen", "--no-verify", "--allow-empty"]);
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let home = self.place.path(".").display().to_string();
        let mut environment = vec![
            ("PATH", std::env::var("PATH").unwrap()),
            ("HOME", home.clone()),
            ("GIT_CEILING_DIRECTORIES", home),
            ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("GIT_EDITOR", "true".to_owned()),
        ];
        for who in ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"] {
            environment.push((who, "U".to_owned()));
        }
        for who in ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"] {
            environment.push((who, "u@u.invalid".to_owned()));
        }
        environment
    }

    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.path("")).env_clear().envs(self.environment());
        command.stdin(Stdio::null());
        command
    }

    fn git(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command("git");
        command.args(["-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false"]);
        ran(command.args(arguments))
    }

    /// Runs git, which has to agree.
    fn done(&self, arguments: &[&str]) -> String {
        let ran = self.git(arguments);
        assert_eq!(ran.code, 0, "git {arguments:?}\n{}", ran.text());
        ran.out
    }

    fn treaty(&self, arguments: &[&str]) -> Ran {
        self.treaty_knowing(arguments, &[])
    }

    fn treaty_knowing(&self, arguments: &[&str], more: &[(&str, &str)]) -> Ran {
        let environment = self.environment();
        let known = environment.iter().map(|(name, value)| (*name, value.as_str()));
        let known: Vec<_> = known.chain(more.iter().copied()).collect();
        treaty(&self.path(""), arguments, &known, "")
    }

    /// What `hook run` finds, a line each, and its exit code.
    fn hook(&self) -> Ran {
        self.treaty(&["hook", "run", "--quiet", "--format", "compact"])
    }

    fn install(&self) {
        let ran = self.treaty(&["hook", "install"]);
        assert_eq!(ran.code, 0, "{}", ran.text());
    }
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::symlink_metadata(path).unwrap().permissions().mode()
}
