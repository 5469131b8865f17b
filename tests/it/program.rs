//! The program as its users run it: arguments and files in, output and exit code out.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// What a run of the program left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Everything, as a snapshot shows it.
    pub(crate) fn text(&self) -> String {
        let stream = |name: &str, text: &str| match text {
            "" => String::new(),
            text => format!("--- {name}\n{text}"),
        };
        format!("exit {}\n{}{}", self.code, stream("out", &self.out), stream("err", &self.err))
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

/// A directory for one test, and the program in it.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty directory.
    pub(crate) fn empty() -> Self {
        Self { folder: TempDir::with_prefix("treaty-test-").unwrap() }
    }

    /// A directory that holds the given files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let place = Self::empty();
        for (path, text) in files {
            place.file(path, text);
        }
        place
    }

    /// The path of something in the directory.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn file(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// What a file holds.
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs the program in the directory.
    pub(crate) fn treaty(&self, arguments: &[&str]) -> Ran {
        self.treaty_reading("", arguments)
    }

    /// Runs the program in the directory with a text on standard input.
    pub(crate) fn treaty_reading(&self, input: &str, arguments: &[&str]) -> Ran {
        treaty(self.folder.path(), arguments, &[], input)
    }
}

/// Runs the program with nothing in its environment but what is given.
pub(crate) fn treaty(
    folder: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
    input: &str,
) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_treaty"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
