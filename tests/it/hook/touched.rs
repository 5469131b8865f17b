//! Which documents a commit touches: those that change, and those that refer to what changes.

use super::{BAD_PET, CLEAN, FAULTY, PET, Repository, referring};

/// A repository with a document that reaches a pet in two steps, one that reaches none, and one
/// that is wrong but not touched.
fn repository() -> Repository {
    Repository::with(&[
        ("api/openapi.yaml", &referring("../shared/pets.yaml#/Pet")),
        ("shared/pets.yaml", "Pet: {$ref: 'deep/pet.json#/Pet'}\n"),
        ("shared/deep/pet.json", "{\"Pet\": {\"type\": \"string\"}}\n"),
        ("alone.yaml", CLEAN),
        ("untouched.yaml", FAULTY),
        ("other.txt", "0\n"),
    ])
}

#[test]
fn a_fragment_verifies_the_documents_that_reach_it() {
    let repository = repository();
    for _ in 0..2 {
        repository.stage(&[("shared/deep/pet.json", "{\"Pet\": {\"type\": \"strin\"}}\n")]);
        let ran = repository.hook();
        assert_eq!(ran.code, 1, "{}", ran.text());
        assert!(ran.out.starts_with("shared/deep/pet.json:1:18: error["), "{}", ran.text());
        assert_eq!(ran.out.lines().count(), 1, "{}", ran.text());
        assert!(ran.err.contains("`treaty lint api/openapi.yaml`"), "{}", ran.text());
        // Nothing is left to say once it is undone.
        repository.done(&["reset", "-q", "--hard"]);
        assert_eq!(repository.hook().text(), "exit 0\n");
    }
}

#[test]
fn references_are_resolved_in_the_index() {
    let repository = Repository::with(&[("pet.yaml", PET)]);
    repository.write("new.yaml", PET);
    repository.write("a.yaml", referring("new.yaml#/Pet"));
    repository.done(&["add", "a.yaml"]);
    let ran = repository.hook();
    assert!(ran.code == 1 && ran.out.contains("error[unresolved-reference]"), "{}", ran.text());
    repository.done(&["add", "new.yaml"]);
    std::fs::remove_file(repository.path("new.yaml")).unwrap();
    assert_eq!(repository.hook().text(), "exit 0\n");
}

#[test]
fn a_file_that_goes_or_moves_is_missed() {
    let repository = repository();
    repository.done(&["rm", "-q", "shared/deep/pet.json"]);
    let ran = repository.hook();
    assert!(ran.code == 1 && ran.out.contains("unresolved-reference"), "{}", ran.text());
    repository.done(&["reset", "-q", "--hard"]);
    repository.done(&["mv", "shared/deep/pet.json", "shared/deep/animal.json"]);
    assert_eq!(repository.hook().code, 1);
    repository.stage(&[("shared/pets.yaml", "Pet: {$ref: 'deep/animal.json#/Pet'}\n")]);
    assert_eq!(repository.hook().text(), "exit 0\n");
    // A document that moves is another; one that goes is none.
    repository.commit_unseen();
    repository.done(&["mv", "api", "interface"]);
    repository.done(&["rm", "-q", "alone.yaml"]);
    let ran = repository.treaty(&["hook", "run", "--format", "json"]);
    let documents = ran.json()["documents"].as_array().unwrap().len();
    assert_eq!((ran.code, documents), (0, 3), "{}", ran.text());
    // One that moves away from its files misses them.
    std::fs::create_dir_all(repository.path("deep/down")).unwrap();
    repository.done(&["mv", "interface/openapi.yaml", "deep/down/openapi.yaml"]);
    assert_eq!(repository.hook().code, 1);
}

#[test]
fn a_file_that_comes_is_found() {
    let repository = Repository::with(&[("a.yaml", &referring("late.yaml#/Pet"))]);
    assert_eq!(repository.hook().code, 0);
    repository.stage(&[("late.yaml", BAD_PET)]);
    let ran = repository.hook();
    assert!(ran.code == 1 && ran.out.starts_with("late.yaml:1:13: "), "{}", ran.text());
}

#[test]
fn untouched_documents_are_not_read_again() {
    let repository = repository();
    repository.stage(&[("other.txt", "1\n")]);
    assert_eq!(repository.hook().text(), "exit 0\n");
    // Without the blobs of what is untouched nothing can be read of it.
    for path in ["alone.yaml", "untouched.yaml", "api/openapi.yaml", "shared/pets.yaml"] {
        let id = repository.done(&["rev-parse", &format!(":{path}")]);
        let (folder, file) = id.trim_end().split_at(2);
        let object = repository.path(".git/objects").join(folder).join(file);
        std::fs::rename(&object, object.with_extension("hidden")).unwrap();
    }
    repository.done(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("100644,{},new.yaml", {
            repository.write("new.yaml", FAULTY);
            repository.done(&["hash-object", "-w", "new.yaml"]).trim_end().to_owned()
        }),
    ]);
    let ran = repository.hook();
    assert_eq!((ran.code, ran.out.lines().count()), (1, 1), "{}", ran.text());
    assert!(ran.out.starts_with("new.yaml:4:3: "), "{}", ran.text());
    assert!(!ran.err.contains("note:"), "{}", ran.text());
}

#[test]
fn what_is_remembered_wrongly_is_learned_again() {
    let repository = repository();
    assert_eq!(repository.hook().code, 0);
    let memory = repository.path(".git/treaty-hook");
    let good = std::fs::read(&memory).unwrap();
    let damaged = [&good[..good.len() / 2], b"", &[0xff; 99], &good.repeat(2)].map(<[u8]>::to_vec);
    for bytes in damaged {
        std::fs::write(&memory, bytes).unwrap();
        repository.stage(&[("shared/deep/pet.json", "{\"Pet\": {\"type\": \"strin\"}}\n")]);
        assert_eq!(repository.hook().code, 1);
        repository.done(&["reset", "-q", "--hard"]);
        assert_eq!(repository.hook().code, 0);
        assert!(std::fs::read(&memory).unwrap() == good, "the memory is what it was");
    }
    std::fs::remove_file(&memory).unwrap();
    std::fs::create_dir(&memory).unwrap();
    repository.stage(&[("alone.yaml", FAULTY)]);
    assert_eq!(repository.hook().code, 1, "it is done without");
}

#[test]
fn documents_of_one_content_are_told_apart_by_their_places() {
    let repository = Repository::with(&[
        ("one/a.yaml", &referring("pet.yaml#/Pet")),
        ("two/a.yaml", &referring("pet.yaml#/Pet")),
        ("one/pet.yaml", PET),
        ("two/pet.yaml", PET),
    ]);
    assert_eq!(repository.hook().code, 0);
    repository.stage(&[("two/pet.yaml", BAD_PET)]);
    let ran = repository.hook();
    assert_eq!((ran.code, ran.out.lines().count()), (1, 1), "{}", ran.text());
    assert!(ran.out.starts_with("two/pet.yaml:1:13: "), "{}", ran.text());
}

#[cfg(unix)]
#[test]
fn symbolic_links_lead_where_the_index_says() {
    use std::os::unix::fs::symlink;
    let repository = Repository::with(&[
        ("a.yaml", &referring("link/pet.yaml#/Pet")),
        ("v1/pet.yaml", PET),
        ("v2/pet.yaml", BAD_PET),
        ("broken/openapi.yaml", FAULTY),
    ]);
    symlink("v1", repository.path("link")).unwrap();
    symlink("broken/openapi.yaml", repository.path("entry.yaml")).unwrap();
    repository.done(&["add", "-A"]);
    assert_eq!(repository.hook().text(), "exit 0\n", "a link is no document");
    repository.commit_unseen();
    let relink = |target: &str| {
        let link = repository.path("link");
        if std::fs::remove_file(&link).is_err() {
            std::fs::remove_dir_all(&link).unwrap();
        }
        symlink(target, link).unwrap();
        repository.done(&["add", "-A"]);
        repository.hook()
    };
    let ran = relink("v2");
    assert!(ran.code == 1 && ran.out.starts_with("link/pet.yaml:1:13"), "{}", ran.text());
    let ran = relink("no-such");
    assert!(ran.code == 1 && ran.out.contains("unresolved-reference"), "{}", ran.text());
    for elsewhere in ["/etc", "../..", "link"] {
        let ran = relink(elsewhere);
        assert_eq!(ran.text(), "exit 0\n", "{elsewhere} cannot be judged");
    }
    // What was behind a link stays known after the link is another.
    assert_eq!(relink("v1").code, 0);
    repository.commit_unseen();
    repository.stage(&[("v1/pet.yaml", BAD_PET)]);
    assert_eq!(repository.hook().code, 1);
    // A directory in the place of the link.
    repository.done(&["reset", "-q", "--hard"]);
    std::fs::remove_file(repository.path("link")).unwrap();
    repository.stage(&[("link/pet.yaml", BAD_PET)]);
    let ran = repository.hook();
    assert!(ran.code == 1 && ran.out.starts_with("link/pet.yaml:1:13"), "{}", ran.text());
}

#[test]
fn what_is_announced_holds_nothing_yet() {
    let repository = Repository::with(&[("a.yaml", &referring("late.yaml#/Pet"))]);
    repository.write("new.yaml", FAULTY);
    repository.write("late.yaml", PET);
    repository.done(&["add", "--intent-to-add", "new.yaml", "late.yaml"]);
    assert_eq!(repository.hook().text(), "exit 0\n", "neither is part of the next commit");
    repository.stage(&[("a.yaml", &referring("./late.yaml#/Pet"))]);
    repository.done(&["reset", "-q", "late.yaml"]);
    repository.done(&["add", "--intent-to-add", "late.yaml"]);
    assert!(repository.hook().out.contains("unresolved-reference"));
}

#[test]
fn what_lies_in_another_repository_cannot_be_judged() {
    let pets = Repository::with(&[("pet.yaml", PET), ("openapi.yaml", FAULTY)]);
    let repository = Repository::with(&[("x", "")]);
    let from = pets.path("").display().to_string();
    repository.done(&["submodule", "--quiet", "add", &from, "pets"]);
    repository.stage(&[("a.yaml", &referring("pets/pet.yaml#/Pet"))]);
    assert_eq!(repository.hook().text(), "exit 0\n");
    let report = repository.treaty(&["hook", "run", "--format", "json"]).json();
    assert_eq!(report["summary"]["undecided"], 1);
    let inside = repository.at("r/pets");
    inside.write("openapi.yaml", format!("{FAULTY}# changed\n"));
    inside.install();
    let ran = inside.git(&["commit", "-qam", "inside"]);
    assert!(ran.code == 1 && ran.err.contains("[openapi.yaml:4:3]"), "{}", ran.text());
}

#[test]
fn a_pointer_of_git_lfs_is_neither_a_document_nor_a_fragment() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";
    let repository = Repository::new();
    repository.stage(&[("big.yaml", pointer), ("a.yaml", &referring("big.yaml#/Pet"))]);
    assert_eq!(repository.hook().text(), "exit 0\n");
    let report = repository.treaty(&["hook", "run", "--format", "json"]).json();
    assert_eq!(
        (&report["summary"]["undecided"], report["documents"].as_array().unwrap().len()),
        (&1.into(), 1)
    );
}

#[test]
fn odd_names_are_names() {
    let names =
        ["a b.yaml", "-x.yaml", "q'\"$(x)`.yaml", "ä.yaml", "new\nline.yaml", ":(top).yaml"];
    let repository = Repository::new();
    for name in names {
        repository.write(name, FAULTY);
    }
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"\xff.YAML");
        std::fs::write(repository.path("").join(name), FAULTY).unwrap();
    }
    repository.done(&["add", "-A"]);
    for _ in 0..2 {
        let ran = repository.hook();
        let count = names.len() + usize::from(cfg!(target_os = "linux"));
        assert_eq!((ran.code, ran.out.lines().count()), (1, count), "{}", ran.text());
        assert!(ran.err.contains("`treaty lint` says more"), "{}", ran.text());
    }
    let ran = repository.treaty(&["hook", "run", "--", "-x.yaml"]);
    assert_eq!(ran.code, 1);
}
