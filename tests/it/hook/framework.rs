//! The pre-commit framework, the real one: over ours, under ours, and with our manifest.
//!
//! It is used where it is on PATH; with `RUN_SLOW_TESTS=1` it is installed from `PyPI`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::program::Ran;

use super::{BAD_PET, CLEAN, FAULTY, PET, Repository, ran, referring};

/// The program `pre-commit`; nothing, with a word, where there is none.
fn pre_commit() -> Option<PathBuf> {
    let works = |program: &Path| {
        let version = Command::new(program).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    let named = PathBuf::from("pre-commit");
    if works(&named) {
        return Some(named);
    }
    if std::env::var_os("RUN_SLOW_TESTS").is_none() {
        eprintln!("skipped: there is no pre-commit here; RUN_SLOW_TESTS=1 installs it");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pre-commit");
    let program = folder.join("bin/pre-commit");
    if !works(&program) {
        let venv = Command::new("python3").arg("-m").arg("venv").arg(&folder).output();
        let pip =
            Command::new(folder.join("bin/pip")).args(["install", "-q", "pre-commit"]).output();
        if !works(&program) {
            eprintln!("skipped: pre-commit cannot be installed: {venv:?} {pip:?}");
            return None;
        }
    }
    Some(program)
}

/// A repository that takes our hook from a manifest that is a commit of another one.
fn configured() -> Option<(Repository, PathBuf)> {
    let program = pre_commit()?;
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    let hooks = Repository::with(&[(".pre-commit-hooks.yaml", &manifest)]);
    let at = hooks.done(&["rev-parse", "HEAD"]);
    std::fs::create_dir(hooks.path("../user")).unwrap();
    let from = hooks.path("").canonicalize().unwrap();
    let user = hooks.at("user");
    user.done(&["init", "-q", "-b", "main"]);
    let config = format!(
        "repos:\n  - repo: {}\n    rev: {}\n    hooks: [{{id: treaty-system}}]\n",
        from.display(),
        at.trim_end()
    );
    user.stage(&[(".pre-commit-config.yaml", &config)]);
    user.commit_unseen();
    Some((user, program))
}

/// Runs something with our program first on PATH.
fn with_ours(user: &Repository, program: &Path, arguments: &[&str]) -> Ran {
    let ours = Path::new(env!("CARGO_BIN_EXE_treaty")).parent().unwrap();
    let path = format!("{}:{}", ours.display(), std::env::var("PATH").unwrap());
    let mut command = user.command(program);
    command.env("PATH", path).env("PRE_COMMIT_HOME", user.path("../cache")).args(arguments);
    ran(&mut command)
}

#[test]
fn the_manifest_works_with_the_framework() {
    let Some((user, program)) = configured() else { return };
    let run = |arguments: &[&str]| with_ours(&user, &program, arguments);
    let commit = |arguments: &[&str]| {
        with_ours(&user, Path::new("git"), &[&["commit", "-qm", "x"], arguments].concat())
    };
    assert_eq!(run(&["validate-manifest", "../r/.pre-commit-hooks.yaml"]).code, 0);
    let ran = run(&["install"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    user.stage(&[("a.yaml", &referring("pet.yaml#/Pet")), ("pet.yaml", PET), ("x.yaml", "a: 1")]);
    let ran = commit(&[]);
    assert!(ran.code == 0 && ran.err.contains("Passed"), "{}", ran.text());
    // A fragment alone, with other changes on the disk.
    user.stage(&[("pet.yaml", BAD_PET)]);
    user.write("pet.yaml", PET);
    let ran = commit(&[]);
    assert!(ran.code == 1 && ran.err.contains("[pet.yaml:1:13]"), "{}", ran.text());
    // Nothing but a deletion, of which the framework names no file.
    user.done(&["reset", "-q", "--hard"]);
    user.done(&["rm", "-q", "pet.yaml"]);
    let ran = commit(&[]);
    assert!(ran.code == 1 && ran.err.contains("unresolved-reference"), "{}", ran.text());
    // The index of a partial commit.
    user.done(&["reset", "-q", "--hard"]);
    user.write("b.yaml", CLEAN);
    user.done(&["add", "b.yaml"]);
    user.write("a.yaml", FAULTY);
    let ran = commit(&["a.yaml"]);
    assert!(ran.code == 1 && ran.err.contains("[a.yaml:4:3]"), "{}", ran.text());
    // Everything, changed or not.
    user.done(&["reset", "-q", "--hard"]);
    user.stage(&[("deep/bad.json", "{\"openapi\": \"3.1.0\"}")]);
    user.commit_unseen();
    let ran = run(&["run", "--all-files"]);
    assert!(ran.code == 1 && ran.out.contains("[deep/bad.json:1:1]"), "{}", ran.text());
}

#[test]
fn the_framework_and_our_hook_keep_each_other() {
    let Some((user, program)) = configured() else { return };
    let before = "#!/bin/sh\necho before >&2\n";
    user.script(".git/hooks/pre-commit", before);
    user.install();
    assert_eq!(with_ours(&user, &program, &["install"]).code, 0);
    user.stage(&[("a.yaml", FAULTY)]);
    let ran = with_ours(&user, Path::new("git"), &["commit", "-qm", "one"]);
    assert!(ran.code == 1 && ran.err.starts_with("before\n"), "{}", ran.text());
    assert_eq!(ran.err.matches("[a.yaml:4:3]").count(), 2, "{}", ran.text());
    // Ours is not where it was put, so it is not taken away.
    assert_eq!(user.treaty(&["hook", "uninstall"]).code, 2);
    assert_eq!(with_ours(&user, &program, &["uninstall"]).code, 0);
    assert_eq!(user.treaty(&["hook", "uninstall"]).code, 0);
    let hook = std::fs::read_to_string(user.path(".git/hooks/pre-commit")).unwrap();
    assert_eq!(hook, before);
}
