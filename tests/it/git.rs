//! Reading revisions of a user's repository, whatever it is made of and configured with.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use treaty::git::{Blobs, GitError};

/// Runs git as a user would, with a configuration of its own.
fn git(directory: &Path, arguments: &[&str]) -> bool {
    let status = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["-c", "user.name=U", "-c", "user.email=u@u.invalid"])
        .args(["-c", "commit.gpgSign=false", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// A repository with two commits; false where this git cannot make one of this kind.
fn repository(directory: &Path, init: &[&str]) -> bool {
    if !git(directory, &[&["init", "-q", "-b", "main"], init].concat()) {
        return false;
    }
    let api = directory.join("api");
    fs::create_dir_all(&api).unwrap();
    fs::write(api.join("openspec.yaml"), "openapi: 3.0.3\r\n").unwrap();
    assert!(git(directory, &["add", "."]) && git(directory, &["commit", "-qm", "one"]));
    fs::write(api.join("openspec.yaml"), "openapi: 3.1.0\n").unwrap();
    fs::write(directory.join("-odd name"), "odd").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", directory.join("link.yaml")).unwrap();
    assert!(git(directory, &["add", "."]) && git(directory, &["commit", "-qm", "two"]));
    fs::write(api.join("openspec.yaml"), "not committed").unwrap();
    true
}

fn check(directory: &Path) {
    let blobs = Blobs::open(&directory.join("api")).unwrap();
    let root = directory.canonicalize().unwrap();
    assert_eq!(blobs.root().canonicalize().unwrap(), root);
    let text = |it: Option<Vec<u8>>| it.map(|bytes| String::from_utf8(bytes).unwrap());
    let read = |revision, path| text(blobs.read(revision, path).unwrap());
    assert_eq!(read("HEAD", "api/openspec.yaml").unwrap(), "openapi: 3.1.0\n");
    assert_eq!(read("HEAD~1", "api/openspec.yaml").unwrap(), "openapi: 3.0.3\r\n");
    assert_eq!(read("main", "-odd name").unwrap(), "odd");
    assert_eq!(text(blobs.blob("HEAD:-odd name").unwrap()).unwrap(), "odd");
    assert_eq!(read("HEAD", "api/absent.yaml"), None);
    assert_eq!(read("HEAD~1", "-odd name"), None);
    let error = |revision, path| blobs.read(revision, path).unwrap_err().to_string();
    assert!(error("no-such", "x").contains("there is no revision `no-such`"));
    assert!(error("--upload-pack=x", "x").contains("there is no revision"));
    assert!(error("HEAD", "api").contains("it is no regular file"));
    #[cfg(unix)]
    assert!(error("HEAD", "link.yaml").contains("it is no regular file"));
    assert!(blobs.blob("HEAD").unwrap_err().to_string().contains("REVISION:path"));
    assert_eq!(blobs.commit("HEAD").unwrap(), blobs.commit("main").unwrap());
}

#[test]
fn revisions_are_read_from_every_kind_of_repository() {
    let kinds: [&[&str]; 3] = [&[], &["--ref-format=reftable"], &["--object-format=sha256"]];
    for init in kinds {
        let directory = tempfile::tempdir().unwrap();
        if repository(directory.path(), init) {
            check(directory.path());
        } else {
            eprintln!("skipped: this git makes no repository with {init:?}");
        }
    }
}

#[test]
fn a_partial_clone_is_read_as_far_as_it_goes_and_nothing_is_fetched() {
    let (origin, clone) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(repository(origin.path(), &[]));
    assert!(git(origin.path(), &["config", "uploadpack.allowFilter", "true"]));
    let from = format!("file://{}", origin.path().display());
    let whole = ["clone", "-q", "--filter=blob:none", &from, "."];
    assert!(git(clone.path(), &whole));
    let blobs = Blobs::open(clone.path()).unwrap();
    assert!(blobs.read("HEAD", "api/openspec.yaml").unwrap().is_some());
    let absent = blobs.read("HEAD~1", "api/openspec.yaml").unwrap_err().to_string();
    assert!(absent.contains("cannot read `HEAD~1:api/openspec.yaml`"), "{absent}");
}

#[test]
fn a_hostile_configuration_runs_nothing() {
    for init in [&[][..], &["--ref-format=reftable"]] {
        let directory = tempfile::tempdir().unwrap();
        if !repository(directory.path(), init) {
            continue;
        }
        let mark = directory.path().join("mark");
        let run = format!("touch {}; cat", mark.display());
        for key in [
            "core.fsmonitor",
            "core.pager",
            "core.sshCommand",
            "core.hooksPath",
            "core.editor",
            "diff.external",
            "filter.x.smudge",
            "gpg.program",
            "alias.cat-file",
            "alias.rev-parse",
        ] {
            let value = if key.starts_with("alias") { format!("!{run}") } else { run.clone() };
            assert!(git(directory.path(), &["config", key, &value]));
        }
        fs::write(directory.path().join(".git/info/attributes"), "* filter=x\n").unwrap();
        check(directory.path());
        assert!(!mark.exists(), "something was run");
    }
}

#[test]
fn outside_of_a_repository_there_is_nothing_to_read() {
    let directory = tempfile::tempdir().unwrap();
    let error = Blobs::open(directory.path()).unwrap_err();
    assert!(matches!(error, GitError::NoRepository { .. }), "{error}");
}
