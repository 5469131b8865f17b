//! Repositories that libgit2 cannot open, and those that are just large.

use super::{CLEAN, FAULTY, PET, Repository, referring};

/// Goes through what a hook meets: a first commit, a fragment, a deletion.
fn check(repository: &Repository) {
    repository.install();
    repository.stage(&[
        ("api/a.yaml", &referring("pet.yaml#/Pet")),
        ("api/pet.yaml", "Pet: {type: strin}\n"),
    ]);
    let ran = repository.git(&["commit", "-qm", "one"]);
    assert!(ran.code == 1 && ran.err.contains("[api/pet.yaml:1:13]"), "{}", ran.text());
    repository.stage(&[("api/pet.yaml", PET)]);
    assert_eq!(repository.git(&["commit", "-qm", "one"]).text(), "exit 0\n");
    repository.stage(&[("old.yaml", FAULTY)]);
    repository.commit_unseen();
    assert_eq!(repository.hook().text(), "exit 0\n");
    repository.stage(&[("x.txt", "x")]);
    assert_eq!(repository.hook().text(), "exit 0\n");
    repository.done(&["rm", "-q", "api/pet.yaml"]);
    let ran = repository.hook();
    assert!(ran.code == 1 && ran.out.contains("unresolved-reference"), "{}", ran.text());
    repository.stage(&[("api/pet.yaml", "Pet: {type: strin}\n")]);
    assert_eq!(repository.git(&["commit", "-qm", "bad"]).code, 1);
    repository.done(&["update-index", "--chmod=+x", "old.yaml"]);
    repository.stage(&[("api/pet.yaml", PET)]);
    assert_eq!(repository.hook().text(), "exit 0\n", "a mode is no change");
}

#[test]
fn every_kind_of_repository_has_an_index_to_read() {
    for init in [&[][..], &["--ref-format=reftable"], &["--object-format=sha256"]] {
        let Some(repository) = Repository::of_kind(init) else { continue };
        check(&repository);
    }
}

#[test]
fn an_index_in_two_parts_is_one_index() {
    for (key, value) in [
        ("core.splitIndex", "true"),
        ("index.version", "4"),
        ("feature.manyFiles", "true"),
        ("index.skipHash", "true"),
        ("index.threads", "2"),
    ] {
        let repository = Repository::new();
        repository.done(&["config", key, value]);
        check(&repository);
    }
}

#[test]
fn objects_that_are_borrowed_are_read() {
    let lender = Repository::with(&[("a.yaml", &referring("pet.yaml#/Pet")), ("pet.yaml", PET)]);
    lender.done(&["gc", "-q"]);
    lender.done(&["clone", "-q", "--shared", ".", "../borrower"]);
    let borrower = lender.at("borrower");
    borrower.stage(&[("pet.yaml", "Pet: {type: strin}\n")]);
    assert_eq!(borrower.hook().code, 1);
}

#[test]
fn of_a_partial_clone_what_is_here_is_read_and_nothing_is_fetched() {
    let origin = Repository::with(&[
        ("in/a.yaml", &referring("../out/pet.yaml#/Pet")),
        ("in/pet.yaml", PET),
        ("in/faulty.yaml", FAULTY),
        ("out/pet.yaml", "Pet: {type: integer}\n"),
        ("out/b.yaml", &referring("../in/pet.yaml#/Pet")),
    ]);
    origin.done(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", origin.path("").canonicalize().unwrap().display());
    let clone = ["clone", "-q", "--filter=blob:none", "--sparse", &from, "../clone"];
    origin.done(&clone);
    let clone = origin.at("clone");
    for sparse in ["--no-sparse-index", "--sparse-index"] {
        if clone.git(&["sparse-checkout", "set", "--cone", sparse, "in"]).code != 0 {
            eprintln!("skipped: this git has no {sparse}");
            continue;
        }
        let absent = || clone.done(&["rev-list", "--objects", "--missing=print", "HEAD"]);
        let before = absent();
        assert!(before.contains('?'), "something is absent: {before}");
        clone.stage(&[("in/pet.yaml", "Pet: {type: strin}\n"), ("in/new.yaml", FAULTY)]);
        let ran = clone.hook();
        assert!(ran.code == 1 && ran.out.starts_with("in/new.yaml:4:3: "), "{}", ran.text());
        assert_eq!(ran.out.lines().count(), 1, "{}", ran.text());
        assert!(ran.err.starts_with("note: 2 files of this partial clone"), "{}", ran.text());
        // What cannot be read is no fault of the document.
        clone.stage(&[("in/a.yaml", &referring("../out/./pet.yaml#/Pet"))]);
        assert_eq!(clone.hook().out.lines().count(), 1);
        assert_eq!(absent(), before, "nothing was fetched");
        clone.done(&["reset", "-q", "--hard"]);
    }
}

#[test]
fn an_index_that_cannot_be_read_is_an_error() {
    let repository = Repository::with(&[("a.yaml", CLEAN)]);
    std::fs::write(repository.path(".git/index"), "garbage, and more than a few bytes of it")
        .unwrap();
    let ran = repository.hook();
    assert!(ran.code == 2 && ran.err.starts_with("error: git refused: "), "{}", ran.text());
}

#[test]
fn a_hostile_configuration_runs_nothing() {
    for init in [&[][..], &["--ref-format=reftable"]] {
        let Some(repository) = Repository::of_kind(init) else { continue };
        let mark = repository.path("../mark");
        let run = format!("touch {}; cat", mark.display());
        repository.stage(&[("a.yaml", FAULTY)]);
        for key in [
            "core.fsmonitor",
            "core.pager",
            "core.sshCommand",
            "core.editor",
            "diff.external",
            "diff.x.textconv",
            "filter.x.clean",
            "filter.x.smudge",
            "gpg.program",
            "alias.ls-files",
            "alias.cat-file",
            "alias.rev-parse",
        ] {
            let value = if key.starts_with("alias") { format!("!{run}") } else { run.clone() };
            repository.done(&["config", key, &value]);
        }
        repository.write(".git/info/attributes", "* filter=x diff=x\n");
        assert_eq!(repository.hook().code, 1);
        assert!(!mark.exists(), "something was run");
    }
}

#[test]
fn many_documents_cost_as_much_as_one() {
    let repository = Repository::new();
    for at in 0..300 {
        repository.write(
            &format!("s{}/api{at}.yaml", at / 20),
            CLEAN.replace("Pets", &format!("Pets {at}")),
        );
    }
    repository.done(&["add", "-A"]);
    assert_eq!(repository.hook().code, 0);
    repository.commit_unseen();
    repository.stage(&[("s0/api0.yaml", FAULTY)]);
    let ran = repository.treaty(&["hook", "run", "--format", "json"]);
    assert_eq!(ran.json()["documents"].as_array().unwrap().len(), 1);
    assert_eq!(ran.code, 1);
}
