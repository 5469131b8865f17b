//! Laws over random histories: what is remembered, and who reads, changes nothing that is said.

use std::fmt::Write;

use crate::program::treaty;

use super::{FAULTY, Repository, referring};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }

    fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.throw(things.len())]
    }
}

const FOLDERS: [&str; 3] = ["", "a/", "a/b/"];
const FILES: [&str; 4] = ["one.yaml", "two.yaml", "pet.yaml", "pet.json"];

/// A place that a reference may name, from any folder.
fn target(dice: &mut Dice) -> String {
    let up = dice.one_of(&["", "../", "../../", "./", "b/", "link/"]);
    format!("{up}{}#/Pet", dice.one_of(&FILES))
}

fn content(dice: &mut Dice) -> String {
    let target = target(dice);
    match dice.throw(6) {
        0 | 1 => referring(&target),
        2 => format!("{{\"Pet\": {{\"$ref\": \"{target}\"}}}}"),
        3 => "{\"Pet\": {\"type\": \"string\"}}".to_owned(),
        4 => "{\"Pet\": {\"type\": \"strin\"}}".to_owned(),
        _ => FAULTY.to_owned(),
    }
}

/// One change of the disk, the index or the history.
fn step(repository: &Repository, dice: &mut Dice) -> String {
    let path = format!("{}{}", dice.one_of(&FOLDERS), dice.one_of(&FILES));
    let link = repository.path("a/link");
    match dice.throw(9) {
        0..=3 => {
            let content = content(dice);
            repository.write(&path, &content);
            repository.done(&["add", "-A"]);
            format!("write {path}: {content}")
        }
        4 => {
            repository.git(&["rm", "-q", "--cached", "--ignore-unmatch", &path]);
            format!("unstage {path}")
        }
        5 => {
            let other = format!("{}{}", dice.one_of(&FOLDERS), dice.one_of(&FILES));
            repository.git(&["mv", "-f", &path, &other]);
            format!("move {path} {other}")
        }
        6 if cfg!(unix) => {
            let to = dice.one_of(&["b", "..", "../..", "link"]);
            let _ = std::fs::remove_file(&link);
            #[cfg(unix)]
            std::os::unix::fs::symlink(to, &link).unwrap();
            repository.done(&["add", "-A"]);
            format!("link {to}")
        }
        _ => {
            repository.commit_unseen();
            "commit".to_owned()
        }
    }
}

/// The errors of a report, each with its place.
fn errors(report: &serde_json::Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let errors = findings.filter(|it| it["severity"] == "error");
    let lines = errors.map(|it| format!("{} {} {}", it["path"], it["pointer"], it["message"]));
    // A link that leads out of the repository may lead to something on the disk.
    lines.filter(|line| !line.contains("link/")).collect()
}

/// What the hook says of every document, touched or not.
fn errors_of_index(repository: &Repository) -> Vec<String> {
    let files = repository.done(&["ls-files"]);
    let all: Vec<_> = files.lines().filter(|file| !file.ends_with("link")).collect();
    let run = ["hook", "run", "--format", "json"];
    errors(&repository.treaty(&[&run[..], &all].concat()).json())
}

/// What a lint says of the same documents as files.
fn errors_of_files(repository: &Repository) -> Vec<String> {
    repository.done(&["checkout-index", "--all", "--prefix=../out/"]);
    let run = ["lint", ".", "--format", "json"];
    let ran = treaty(&repository.path("../out"), &run, &[], "");
    if ran.out.is_empty() { Vec::new() } else { errors(&ran.json()) }
}

#[test]
fn neither_memory_nor_reader_changes_what_is_said() {
    let rounds = if std::env::var_os("RUN_SLOW_TESTS").is_some() { 40 } else { 2 };
    let mut found = 0;
    for seed in 0..rounds {
        let (repository, mut dice) = (Repository::new(), Dice(seed));
        std::fs::create_dir_all(repository.path("a/b")).unwrap();
        let memory = repository.path(".git/treaty-hook");
        let run = ["hook", "run", "--quiet", "--format", "json"];
        let objects = repository.path(".git/objects").canonicalize().unwrap();
        let by_program = [("GIT_OBJECT_DIRECTORY", objects.to_str().unwrap())];
        let mut history = String::new();
        for _ in 0..30 {
            writeln!(history, "{}", step(&repository, &mut dice)).unwrap();
            let remembering = repository.treaty(&run);
            let told = repository.treaty_knowing(&run, &by_program);
            // What is remembered grows old over the whole history.
            let kept = std::fs::read(&memory).ok();
            let _ = std::fs::remove_file(&memory);
            let fresh = repository.treaty(&run);
            if let Some(kept) = kept {
                std::fs::write(&memory, kept).unwrap();
            }
            assert_eq!(remembering.text(), fresh.text(), "memory, seed {seed}\n{history}");
            assert_eq!(told.text(), fresh.text(), "reader, seed {seed}\n{history}");
            assert!(fresh.code < 2, "{}", fresh.text());
            found += usize::from(fresh.code == 1);
        }
        assert_eq!(errors_of_index(&repository), errors_of_files(&repository), "\n{history}");
    }
    assert!(found > 10, "only {found} findings");
}
