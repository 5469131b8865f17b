//! What a commit is told, and on which bytes.

use insta::assert_snapshot;

use super::{BAD_PET, CLEAN, FAULTY, PET, Repository, referring};

#[test]
fn a_commit_with_an_error_is_stopped() {
    let repository = Repository::new();
    repository.install();
    repository.stage(&[("api/openapi.yaml", FAULTY)]);
    assert_snapshot!(repository.git(&["commit", "-qm", "one"]).text(), @"
    exit 1
    --- err
    error[duplicate-key]

      × the key `title` stands twice in one object
       ╭─[api/openapi.yaml:4:3]
     2 │ info:
     3 │   title: Pets
       ·   ──┬──
       ·     ╰── first here
     4 │   title: Pets
       ·   ─────
     5 │   version: 1.0.0
       ╰────
      help: Remove one of the two, or rename it.

    treaty: 1 error in what is staged; `treaty lint api/openapi.yaml` says more, warnings too, and `git commit --no-verify` skips this
    ");
    assert_eq!(repository.git(&["commit", "-qm", "one", "--no-verify"]).code, 0);
}

#[test]
fn a_commit_without_one_hears_nothing() {
    let repository = Repository::new();
    repository.install();
    repository.stage(&[("openapi.yaml", CLEAN), ("other.yaml", "a: [\n"), ("x.json", "{")]);
    assert_eq!(repository.git(&["commit", "-qm", "one"]).text(), "exit 0\n");
}

#[test]
fn the_staged_bytes_count_not_the_files() {
    let repository = Repository::with(&[("openapi.yaml", CLEAN)]);
    repository.stage(&[("openapi.yaml", FAULTY)]);
    repository.write("openapi.yaml", CLEAN);
    assert_eq!(repository.hook().code, 1);
    repository.stage(&[("openapi.yaml", &format!("{CLEAN}# changed\n"))]);
    repository.write("openapi.yaml", FAULTY);
    assert_eq!(repository.hook().text(), "exit 0\n");
    std::fs::remove_file(repository.path("openapi.yaml")).unwrap();
    assert_eq!(
        repository.treaty(&["hook", "run"]).out.lines().next(),
        Some("no findings in 1 document")
    );
}

#[test]
fn only_what_stops_the_commit_is_shown_and_the_rest_is_counted() {
    let repository = Repository::new();
    let warned = CLEAN.replace("paths: {}", "paths: {}\ncomponents: {schemas: {A: {}}}");
    repository.stage(&[("openapi.yaml", &warned)]);
    let ran = repository.treaty(&["hook", "run", "--format", "json"]);
    let report = ran.json();
    assert_eq!((ran.code, report["findings"].as_array().unwrap().len()), (0, 0));
    assert!(report["summary"]["warn"].as_u64().unwrap() > 0, "{report}");
    assert_eq!(report["documents"][0]["path"], "openapi.yaml");
}

#[test]
fn every_way_to_commit_shows_the_hook_its_own_index() {
    let repository = Repository::with(&[("a.yaml", CLEAN), ("b.yaml", CLEAN)]);
    repository.install();
    // Of all changed files.
    repository.write("a.yaml", FAULTY);
    assert_eq!(repository.git(&["commit", "-qam", "all"]).code, 1);
    // Of named files, whatever else is staged.
    repository.done(&["add", "a.yaml"]);
    repository.write("b.yaml", format!("{CLEAN}# changed\n"));
    assert_eq!(repository.git(&["commit", "-qm", "b alone", "b.yaml"]).text(), "exit 0\n");
    repository.write("b.yaml", FAULTY);
    let ran = repository.git(&["commit", "-qm", "b alone", "--only", "b.yaml"]);
    assert!(ran.code == 1 && ran.err.contains("b.yaml:4:3"), "{}", ran.text());
    assert!(!ran.err.contains("a.yaml:4:3"), "{}", ran.text());
    // Of named files beside what is staged.
    let ran = repository.git(&["commit", "-qm", "both", "--include", "b.yaml"]);
    assert!(ran.err.contains("a.yaml:4:3") && ran.err.contains("b.yaml:4:3"), "{}", ran.text());
}

#[test]
fn a_subdirectory_makes_no_difference() {
    let repository = Repository::with(&[("api/openapi.yaml", CLEAN), ("sub/x", "")]);
    repository.install();
    repository.stage(&[("api/openapi.yaml", FAULTY)]);
    let repository = repository.at("r/sub");
    let ran = repository.hook();
    assert!(ran.code == 1 && ran.out.starts_with("api/openapi.yaml:4:3: "), "{}", ran.text());
    let ran = repository.git(&["commit", "-qm", "two"]);
    assert!(ran.code == 1 && ran.err.contains("[api/openapi.yaml:4:3]"), "{}", ran.text());
}

#[test]
fn a_linked_worktree_has_its_own_index_and_the_same_hook() {
    let repository = Repository::with(&[("openapi.yaml", CLEAN)]);
    repository.install();
    repository.done(&["worktree", "add", "-q", "../linked"]);
    let linked = repository.at("linked");
    assert_eq!(linked.treaty(&["hook", "install"]).out.lines().count(), 1);
    linked.write("openapi.yaml", FAULTY);
    let ran = linked.git(&["commit", "-qam", "two"]);
    assert!(ran.code == 1 && ran.err.contains("[openapi.yaml:4:3]"), "{}", ran.text());
    assert_eq!(linked.hook().code, 0, "nothing is staged");
    assert!(linked.path("../r/.git/worktrees/linked/treaty-hook").is_file());
    let main = linked.at("r");
    assert_eq!(main.hook().code, 0);
    assert_eq!(main.treaty(&["hook", "uninstall"]).code, 0);
    assert!(!main.path(".git/worktrees/linked/treaty-hook").exists());
}

#[test]
fn a_work_tree_elsewhere_is_found_by_the_environment() {
    let repository = Repository::new();
    repository.done(&["init", "-q", "--bare", "../store.git"]);
    let (store, top) = (repository.path("../store.git"), repository.path(""));
    let [store, top] = [&store, &top].map(|path| path.canonicalize().unwrap());
    let [store, top] = [&store, &top].map(|path| path.to_str().unwrap());
    let there = [("GIT_DIR", store), ("GIT_WORK_TREE", top)];
    let ran = repository.treaty_knowing(&["hook", "install"], &there);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(repository.path("../store.git/hooks/pre-commit").is_file());
    repository.write("openapi.yaml", FAULTY);
    let there = ["--git-dir", store, "--work-tree", top];
    repository.done(&[&there[..], &["add", "openapi.yaml"]].concat());
    let ran = repository.git(&[&there[..], &["commit", "-qm", "one"]].concat());
    assert!(ran.code == 1 && ran.err.contains("[openapi.yaml:4:3]"), "{}", ran.text());
}

#[test]
fn a_conflict_is_named_and_the_rest_is_verified_all_the_same() {
    let repository = Repository::with(&[("a.yaml", CLEAN), ("b.yaml", CLEAN), ("x.txt", "0")]);
    repository.install();
    repository.done(&["checkout", "-qb", "side"]);
    repository.stage(&[("a.yaml", &CLEAN.replace("Pets", "Side")), ("x.txt", "side")]);
    repository.commit_unseen();
    repository.done(&["checkout", "-q", "main"]);
    repository.stage(&[("a.yaml", &CLEAN.replace("Pets", "Main")), ("x.txt", "main")]);
    repository.commit_unseen();
    assert_eq!(repository.git(&["merge", "-q", "side"]).code, 1);
    repository.write("b.yaml", FAULTY);
    repository.done(&["add", "b.yaml"]);
    assert_snapshot!(repository.hook().text(), @"
    exit 2
    --- out
    b.yaml:4:3: error[duplicate-key] the key `title` stands twice in one object
    --- err
    error: a.yaml is not merged yet
      help: settle the conflict and `git add` the file
    treaty: 1 error in what is staged; `treaty lint b.yaml` says more, warnings too, and `git commit --no-verify` skips this
    ");
    repository.stage(&[("a.yaml", CLEAN), ("b.yaml", CLEAN)]);
    assert_eq!(repository.git(&["commit", "-qm", "merged"]).text(), "exit 0\n");
}

#[test]
fn a_merge_brings_documents_of_the_other_side() {
    let repository = Repository::with(&[("a.yaml", CLEAN), ("x.txt", "0")]);
    repository.done(&["checkout", "-qb", "side"]);
    repository.stage(&[("new.yaml", FAULTY)]);
    repository.commit_unseen();
    repository.done(&["checkout", "-q", "main"]);
    repository.stage(&[("x.txt", "1")]);
    repository.commit_unseen();
    repository.done(&["merge", "-q", "--no-commit", "side"]);
    repository.install();
    let ran = repository.git(&["commit", "-qm", "merged"]);
    assert!(ran.code == 1 && ran.err.contains("[new.yaml:4:3]"), "{}", ran.text());
}

#[test]
fn what_is_named_is_verified_changed_or_not() {
    let repository = Repository::with(&[
        ("api/a.yaml", &referring("pet.yaml#/Pet")),
        ("api/pet.yaml", BAD_PET),
        ("b.yaml", FAULTY),
    ]);
    assert_eq!(repository.hook().text(), "exit 0\n");
    let run = ["hook", "run", "--format", "compact", "--quiet"];
    let all = repository.treaty(&[&run[..], &["api/a.yaml", "./b.yaml"]].concat());
    assert_eq!((all.code, all.out.lines().count()), (1, 2), "{}", all.text());
    let repository = repository.at("r/api");
    let fragment = repository.treaty(&[&run[..], &["pet.yaml"]].concat());
    assert!(fragment.out.starts_with("api/pet.yaml:1:13: "), "{}", fragment.text());
    assert_snapshot!(repository.treaty(&[&run[..], &["gone.yaml"]].concat()).text(), @r"
    exit 2
    --- err
    error: gone.yaml is not in the index
      help: `git add` it first
    ");
}

#[test]
fn what_is_excluded_is_not_verified_but_still_referred_to() {
    let repository = Repository::new();
    repository.stage(&[
        ("bad/openapi.yaml", FAULTY),
        ("it's bad.yaml", FAULTY),
        ("a.yaml", &referring("bad/pet.yaml#/Pet")),
        ("bad/pet.yaml", PET),
    ]);
    let install = ["hook", "install", "--exclude", "/bad/", "--exclude", "it's*"];
    assert_eq!(repository.treaty(&install).code, 0);
    assert_eq!(repository.git(&["commit", "-qm", "one"]).text(), "exit 0\n");
    repository.stage(&[("bad/pet.yaml", BAD_PET)]);
    assert_eq!(repository.git(&["commit", "-qm", "two"]).code, 1);
    let ran = repository.treaty(&["hook", "run", "--exclude", "{a", "--quiet"]);
    assert!(
        ran.code == 2 && ran.err.starts_with("error: `{a` is no pattern for paths: "),
        "{}",
        ran.text()
    );
}

#[test]
fn limits_end_the_work_with_a_word() {
    let repository = Repository::new();
    repository.stage(&[("a.yaml", FAULTY), ("big.json", &format!("[{}1]", "1,".repeat(999)))]);
    assert_eq!(repository.treaty(&["hook", "run", "--max-bytes", "500"]).code, 1);
    repository.stage(&[("b.yaml", &format!("{CLEAN}#{}\n", "x".repeat(600)))]);
    let ran = repository.treaty(&["hook", "run", "--max-bytes", "500"]);
    assert!(ran.code == 2 && ran.out.contains("`--max-bytes` ended the work at b.yaml"));
    let ran = repository.treaty(&["hook", "run", "--deadline", "0", "--format", "json"]);
    assert_eq!((ran.code, &ran.json()["incomplete"]["limit"]), (2, &"deadline".into()));
}

#[test]
fn there_is_a_word_where_nothing_is_staged() {
    let repository = Repository::with(&[("a.yaml", FAULTY)]);
    assert_snapshot!(repository.treaty(&["hook", "run"]).text(), @r"
    exit 0
    --- err
    nothing that is staged touches an OpenAPI document
    ");
    assert_eq!(
        repository.treaty(&["hook", "run", "--format", "json"]).json()["summary"]["error"],
        0
    );
    let bare = Repository::of_kind(&["--bare"]).unwrap();
    assert_snapshot!(bare.treaty(&["hook", "run"]).text(), @r"
    exit 2
    --- err
    error: this is a bare repository, in which nothing is staged or committed
    ");
    let nowhere = bare.at(".");
    let ran = nowhere.treaty(&["hook", "run"]);
    assert!(ran.code == 2 && ran.err.contains("lies in no git repository"), "{}", ran.text());
}
