//! Putting the hook in its place, and giving the place back as it was.

use std::path::Path;

use insta::assert_snapshot;

use super::{CLEAN, FAULTY, Repository, ran};

/// A hook that leaves what it was told behind, and then says how it ends.
fn earlier(code: u8) -> String {
    format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >>../told\ncat >>../told\nexit {code}\n")
}

fn with_earlier(code: u8) -> Repository {
    let repository = Repository::new();
    repository.script(".git/hooks/pre-commit", &earlier(code));
    #[cfg(unix)]
    super::set_mode(&repository.path(".git/hooks/pre-commit"), 0o745);
    repository
}

/// Every hook by name, with its bytes.
fn hooks(repository: &Repository) -> Vec<(String, Vec<u8>)> {
    let folder = std::fs::read_dir(repository.path(".git/hooks")).unwrap();
    let mut hooks: Vec<_> = folder
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        })
        .collect();
    hooks.sort();
    hooks
}

/// What the program says, without where the test is.
fn said(repository: &Repository, arguments: &[&str]) -> String {
    let place = repository.path("").canonicalize().unwrap();
    repository.treaty(arguments).text().replace(place.to_str().unwrap(), "[r]")
}

#[test]
fn a_hook_comes_and_goes_without_a_trace() {
    let repository = Repository::new();
    let before = hooks(&repository);
    assert_snapshot!(said(&repository, &["hook", "install"]), @r"
    exit 0
    --- out
    installed the hook [r]/.git/hooks/pre-commit
    ");
    let installed = hooks(&repository);
    assert_snapshot!(said(&repository, &["hook", "install"]), @r"
    exit 0
    --- out
    the hook [r]/.git/hooks/pre-commit is installed already
    ");
    assert_eq!(hooks(&repository), installed);
    repository.stage(&[("a.yaml", CLEAN)]);
    assert_eq!(repository.git(&["commit", "-qm", "one"]).code, 0);
    assert_snapshot!(said(&repository, &["hook", "uninstall"]), @r"
    exit 0
    --- out
    removed the hook [r]/.git/hooks/pre-commit
    ");
    assert_eq!(hooks(&repository), before);
    assert!(!repository.path(".git/treaty-hook").exists());
    assert_snapshot!(said(&repository, &["hook", "uninstall"]), @r"
    exit 0
    --- out
    there is no hook of treaty at [r]/.git/hooks/pre-commit
    ");
}

#[test]
fn a_hook_that_was_there_runs_first_and_comes_back() {
    let repository = with_earlier(0);
    let before = hooks(&repository);
    #[cfg(unix)]
    let mode = super::mode(&repository.path(".git/hooks/pre-commit"));
    assert_snapshot!(said(&repository, &["hook", "install"]), @r"
    exit 0
    --- out
    installed the hook [r]/.git/hooks/pre-commit
    the one that was there runs first, as [r]/.git/hooks/pre-commit.before-treaty
    ");
    assert_eq!(repository.treaty(&["hook", "install"]).code, 0);
    repository.stage(&[("a.yaml", FAULTY)]);
    assert_eq!(repository.git(&["commit", "-qm", "one"]).code, 1);
    let mut hook = repository.command(".git/hooks/pre-commit");
    let (reader, mut writer) = std::io::pipe().unwrap();
    std::io::Write::write_all(&mut writer, b"input\n").unwrap();
    drop(writer);
    assert_eq!(ran(hook.args(["a b", "$c"]).stdin(reader)).code, 1);
    assert_eq!(std::fs::read_to_string(repository.path("../told")).unwrap(), "\na b\n$c\ninput\n");
    assert_snapshot!(said(&repository, &["hook", "uninstall"]), @r"
    exit 0
    --- out
    brought back the hook [r]/.git/hooks/pre-commit that was there before
    ");
    assert_eq!(hooks(&repository), before);
    #[cfg(unix)]
    assert_eq!(super::mode(&repository.path(".git/hooks/pre-commit")), mode);
}

#[test]
fn a_hook_that_fails_stops_the_commit_with_its_own_code() {
    let repository = with_earlier(7);
    repository.install();
    repository.stage(&[("a.yaml", FAULTY)]);
    let ran = ran(&mut repository.command(".git/hooks/pre-commit"));
    assert_eq!((ran.code, ran.err.as_str()), (7, ""), "nothing else is done");
    assert_eq!(repository.git(&["commit", "-qm", "one"]).code, 1);
}

#[cfg(unix)]
#[test]
fn what_git_would_not_run_is_kept_and_not_run() {
    use std::os::unix::fs::symlink;
    let repository = with_earlier(7);
    super::set_mode(&repository.path(".git/hooks/pre-commit"), 0o644);
    repository.install();
    repository.stage(&[("a.yaml", CLEAN)]);
    assert_eq!(repository.git(&["commit", "-qm", "one"]).code, 0);
    assert_eq!(repository.treaty(&["hook", "uninstall"]).code, 0);
    let hook = repository.path(".git/hooks/pre-commit");
    assert_eq!(super::mode(&hook) & 0o777, 0o644);
    // A link, which leads nowhere, and one that leads to a hook.
    repository.script("../scripts/check", "#!/bin/sh\nexit 5\n");
    for (target, code) in [("no-such", 0), ("../../../scripts/check", 5)] {
        std::fs::remove_file(&hook).unwrap();
        symlink(target, &hook).unwrap();
        repository.install();
        assert_eq!(ran(&mut repository.command(".git/hooks/pre-commit")).code, code);
        assert_eq!(repository.treaty(&["hook", "uninstall"]).code, 0);
        assert_eq!(std::fs::read_link(&hook).unwrap(), Path::new(target));
    }
}

#[test]
fn an_older_one_of_ours_is_replaced_and_a_changed_one_is_not() {
    let repository = with_earlier(0);
    repository.install();
    let hook = repository.path(".git/hooks/pre-commit");
    let new = std::fs::read_to_string(&hook).unwrap();
    // As an older version would have written it.
    let body = "# an older hook\nexit 0\n";
    repository.write("body", body);
    let digest = repository.done(&["hash-object", "body"]);
    std::fs::write(&hook, format!("#!/bin/sh\n# treaty hook 0 {digest}{body}")).unwrap();
    assert!(repository.treaty(&["hook", "install"]).out.starts_with("renewed the hook "));
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), new);
    // With a line that somebody added, which runs too.
    repository.script(".git/hooks/pre-commit", &format!("{new}echo added\n"));
    assert_eq!(ran(&mut repository.command(".git/hooks/pre-commit")).out, "added\n");
    for command in ["install", "uninstall"] {
        let ran = repository.treaty(&["hook", command]);
        assert!(ran.code == 2 && ran.err.contains("was changed after treaty wrote it"));
        assert!(ran.err.contains("`--force`"), "{}", ran.text());
        assert!(std::fs::read_to_string(&hook).unwrap().ends_with("echo added\n"));
    }
    assert_eq!(repository.treaty(&["hook", "install", "--force"]).code, 0);
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), new);
    std::fs::write(&hook, format!("{new}echo added\n")).unwrap();
    assert_eq!(repository.treaty(&["hook", "uninstall", "--force"]).code, 0);
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), earlier(0));
}

#[test]
fn another_hook_in_our_place_is_left_alone() {
    let repository = with_earlier(0);
    repository.install();
    let hook = repository.path(".git/hooks/pre-commit");
    std::fs::write(&hook, "#!/bin/sh\nexit 0\n").unwrap();
    let before = hooks(&repository);
    assert_snapshot!(said(&repository, &["hook", "uninstall"]), @r"
    exit 2
    --- err
    error: the hook [r]/.git/hooks/pre-commit is not treaty's: something took its place; what was there before treaty is still in [r]/.git/hooks/pre-commit.before-treaty
      help: remove or rename the one that is not needed, and try again
    ");
    assert_eq!(repository.treaty(&["hook", "install"]).code, 2, "there is no name to keep it");
    assert_eq!(hooks(&repository), before);
    // Gone altogether: what was kept comes back, or runs again.
    std::fs::remove_file(&hook).unwrap();
    repository.install();
    assert_eq!(repository.treaty(&["hook", "uninstall"]).code, 0);
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), earlier(0));
    // Without one that was kept there is nothing of ours.
    assert!(
        repository.treaty(&["hook", "uninstall"]).out.starts_with("there is no hook of treaty")
    );
    std::fs::remove_file(&hook).unwrap();
    std::fs::create_dir(&hook).unwrap();
    assert!(repository.treaty(&["hook", "install"]).err.contains("is no file"));
}

#[test]
fn hooks_stand_where_git_looks_for_them() {
    let repository = Repository::with(&[("sub/x", "")]);
    repository.done(&["config", "core.hooksPath", "tools/git hooks"]);
    let sub = repository.at("r/sub");
    sub.install();
    let repository = sub.at("r");
    assert!(repository.path("tools/git hooks/pre-commit").is_file());
    repository.stage(&[("a.yaml", FAULTY)]);
    let ran = repository.git(&["commit", "-qm", "one"]);
    assert!(ran.code == 1 && ran.err.contains("[a.yaml:4:3]"), "{}", ran.text());
    assert_eq!(repository.treaty(&["hook", "uninstall"]).code, 0);
    assert!(!repository.path("tools/git hooks").exists(), "the directory was made for the hook");
    std::fs::create_dir_all(repository.path("tools/git hooks")).unwrap();
    repository.install();
    assert_eq!(repository.treaty(&["hook", "uninstall"]).code, 0);
    assert!(repository.path("tools/git hooks").exists(), "this one was not");
}

#[test]
fn hooks_of_others_are_touched_by_force_alone() {
    let repository = Repository::with(&[("x", "")]);
    let outside = repository.path("../everybody");
    std::fs::create_dir(&outside).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, repository.path("linked")).unwrap();
    for hooks in ["../everybody", "~/everybody", "linked"] {
        if hooks == "linked" && cfg!(not(unix)) {
            continue;
        }
        repository.done(&["config", "core.hooksPath", hooks]);
        let ran = repository.treaty(&["hook", "install"]);
        assert!(
            ran.code == 2 && ran.err.contains("lies outside this repository"),
            "{}",
            ran.text()
        );
        assert!(ran.err.contains("help: `--force` goes ahead"), "{}", ran.text());
        assert_eq!(repository.treaty(&["hook", "install", "--force"]).code, 0);
        assert!(outside.join("pre-commit").is_file());
        assert_eq!(repository.treaty(&["hook", "uninstall"]).code, 2);
        assert_eq!(repository.treaty(&["hook", "uninstall", "--force"]).code, 0);
        assert!(!outside.join("pre-commit").exists());
    }
}

#[test]
fn where_nothing_is_committed_there_is_no_hook() {
    let bare = Repository::of_kind(&["--bare"]).unwrap();
    assert_snapshot!(bare.treaty(&["hook", "install"]).text(), @r"
    exit 2
    --- err
    error: this is a bare repository: nothing is committed in it, so git never runs its pre-commit hook
    ");
    let nowhere = bare.at(".");
    let ran = nowhere.treaty(&["hook", "install"]);
    assert!(ran.code == 2 && ran.err.contains("not a git repository"), "{}", ran.text());
    let husky = Repository::with(&[(".husky/_/h", "#!/bin/sh\n")]);
    husky.done(&["config", "core.hooksPath", ".husky/_"]);
    let ran = husky.treaty(&["hook", "install"]);
    assert!(ran.code == 2 && ran.err.contains("made by husky"), "{}", ran.text());
}

#[cfg(unix)]
#[test]
fn the_program_is_found_again_or_missed_with_a_word() {
    let repository = Repository::new();
    repository.stage(&[("a.yaml", FAULTY)]);
    let odd = repository.path("../it's \"odd\" $HOME `x`\n/bin");
    std::fs::create_dir_all(&odd).unwrap();
    let program = odd.join("treaty");
    let mut copy = repository.command("cp");
    assert_eq!(ran(copy.arg(env!("CARGO_BIN_EXE_treaty")).arg(&program)).code, 0);
    assert_eq!(ran(repository.command(&program).args(["hook", "install"])).code, 0);
    let hook = repository.path(".git/hooks/pre-commit");
    for shell in ["sh", "dash", "bash", "busybox", "mksh"] {
        let mut command = repository.command(shell);
        if shell == "busybox" {
            command.arg("sh");
        }
        match command.arg(&hook).output() {
            Ok(output) => assert_eq!(output.status.code(), Some(1), "{shell}"),
            Err(_) => eprintln!("skipped: there is no {shell} here"),
        }
    }
    std::fs::remove_file(&program).unwrap();
    // Elsewhere on PATH.
    let mut path = odd.with_file_name("other bin").into_os_string();
    std::fs::create_dir(&path).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_treaty"), Path::new(&path).join("treaty"))
        .unwrap();
    path.push(":/usr/bin:/bin");
    let run = |path: &std::ffi::OsStr| ran(repository.command(&hook).env("PATH", path));
    assert_eq!(run(&path).code, 1);
    // Nowhere.
    let ran = run("/usr/bin:/bin".as_ref());
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: the pre-commit hook finds no treaty: no "));
    assert!(ran.err.ends_with("run `treaty hook install` again, or `git commit --no-verify`\n"));
}
