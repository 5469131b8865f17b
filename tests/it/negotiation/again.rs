//! A run that is started again: finished, with other inputs, damaged, lost, or twice at once.

use std::{fs, path::Path, time::SystemTime};

use treaty::cli::negotiate::{Clock, Disk, Format, Place, Scenario};

use super::{
    eventful,
    play::{EPOCH, Room, commits},
    table::{Move, charter},
};

fn times(directory: &Path) -> Vec<(String, SystemTime)> {
    let mut times = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            times.extend(self::times(&path));
        }
        let modified = path.metadata().unwrap().modified().unwrap();
        times.push((path.to_str().unwrap().to_owned(), modified));
    }
    times.sort();
    times
}

#[test]
fn a_finished_run_says_its_outcome_again_and_changes_nothing() {
    let room = Room::new(&charter("{}"));
    let (_, first, _) = room.run(&eventful(), Format::Json);
    let before = (times(&room.out()), times(&room.private()));
    std::thread::sleep(std::time::Duration::from_millis(20));
    // Its seats are not asked, whatever they would say, and its clock is not looked at.
    let arguments = room.arguments(Format::Json);
    let (code, again, err) = room.run_with(&arguments, &[Move::Exit], Clock::Wall);
    assert_eq!((code, again, err.as_str()), (0, first, ""));
    assert_eq!((times(&room.out()), times(&room.private())), before);
    let (_, pretty, _) = room.run(&[], Format::Pretty);
    insta::assert_snapshot!(pretty);
}

#[test]
fn other_inputs_are_named() {
    let mut said = String::new();
    for moves in [eventful(), vec![Move::Propose(1, 1), Move::Exit]] {
        for name in ["treaty.yaml", "shop.mandate.yaml", "erp.mandate.yaml"] {
            let room = Room::new(&charter("{}"));
            room.run(&moves, Format::Json);
            let before = room.bytes();
            let path = room.scenario().join(name);
            fs::write(&path, [fs::read(&path).unwrap(), b"# more\n".to_vec()].concat()).unwrap();
            let (code, out, err) = room.run(&moves, Format::Json);
            assert_eq!((code, out.as_str()), (2, ""));
            assert_eq!(room.bytes(), before);
            said.push_str(&err);
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_restart_moves_the_old_run_aside() {
    let room = Room::new(&charter("{}"));
    room.run(&eventful(), Format::Json);
    let before = commits(&room.out());
    let mut arguments = room.arguments(Format::Json);
    arguments.restart = true;
    for number in 1..3 {
        let (code, _, err) = room.run_with(&arguments, &[Move::Exit], Clock::Epoch(EPOCH));
        assert_eq!((code, err.as_str()), (4, ""));
        assert_eq!(commits(&room.out()).len(), 2);
        let aside = room.directory.path().join(format!("out.old-{number}"));
        assert_eq!(commits(&aside).len(), if number == 1 { before.len() } else { 2 });
        let private = room.directory.path().join(format!("out.old-{number}.private"));
        assert!(private.join("shop/journal.jsonl").is_file());
    }
}

/// What a finished run says that was spoiled.
fn spoiled(name: &str, spoil: impl Fn(&Room)) -> String {
    let room = Room::new(&charter("{}"));
    room.run(&eventful(), Format::Json);
    let before = room.bytes();
    spoil(&room);
    let (code, _, err) = room.run(&eventful(), Format::Json);
    let same = if room.bytes() == before { "as it was" } else { "not as it was" };
    format!("{name}: exit {code}, {same}\n{err}")
}

#[test]
fn what_is_lost_or_damaged_is_made_again_or_named() {
    let mut said = String::new();
    let mut spoil = |name: &str, spoil: &dyn Fn(&Room)| said.push_str(&spoiled(name, spoil));
    spoil("no repository", &|room| fs::remove_dir_all(room.out()).unwrap());
    spoil("no work tree", &|room| {
        for name in ["openspec.yaml", "chat-history.txt", "journal.jsonl", ".git/index"] {
            fs::remove_file(room.out().join(name)).unwrap();
        }
    });
    spoil("no private record", &|room| fs::remove_dir_all(room.private()).unwrap());
    spoil("a lost last line", &|room| {
        let path = room.private().join("shop/journal.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        let end = text.trim_end().rfind('\n').unwrap() + 1;
        fs::write(&path, &text[..end]).unwrap();
    });
    spoil("a changed first line", &|room| {
        let path = room.private().join("shop/journal.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen("nonsense", "monsense", 1)).unwrap();
    });
    spoil("an empty record", &|room| {
        fs::write(room.private().join("erp/journal.jsonl"), "").unwrap();
    });
    spoil("a damaged beginning", &|room| {
        fs::write(room.private().join("run.json"), "{").unwrap();
    });
    spoil("a commit of somebody else", &|room| {
        let repository = git2::Repository::open(room.out()).unwrap();
        let head = repository.head().unwrap().peel_to_commit().unwrap();
        let who = git2::Signature::new("x", "x@x.invalid", &git2::Time::new(0, 0)).unwrap();
        let tree = head.tree().unwrap();
        repository.commit(Some("HEAD"), &who, &who, "mine", &tree, &[&head]).unwrap();
    });
    let said = said.split_inclusive('\n').map(without_ids).collect::<String>();
    insta::assert_snapshot!(said);
}

/// A commit that stands where none should has an id of its own each time.
fn without_ids(line: &str) -> String {
    let hex = |word: &&str| word.len() == 41 && word.ends_with(',');
    line.split(' ').map(|word| if hex(&word) { "ID," } else { word }).collect::<Vec<_>>().join(" ")
}

#[test]
fn two_processes_do_not_work_on_one_run() {
    let room = Room::new(&charter("{}"));
    let scenario = Scenario::read(&room.scenario()).unwrap();
    let place = Place::new(Some(&room.out()), &scenario).unwrap();
    let disk = Disk::open(&place, false).unwrap();
    let (code, _, err) = room.run(&eventful(), Format::Json);
    assert_eq!(code, 2);
    assert!(err.contains("another `treaty negotiate` is at work"), "{err}");
    drop(disk);
    assert_eq!(room.run(&eventful(), Format::Json).0, 0);
}

#[test]
fn a_place_that_is_taken_is_left_alone() {
    let room = Room::new(&charter("{}"));
    fs::create_dir(room.out()).unwrap();
    fs::write(room.out().join("mine.txt"), "mine").unwrap();
    let (code, _, err) = room.run(&eventful(), Format::Json);
    assert_eq!(code, 2, "{err}");
    let mut arguments = room.arguments(Format::Json);
    arguments.restart = true;
    let (code, _, again) = room.run_with(&arguments, &[], Clock::Epoch(EPOCH));
    assert_eq!((code, &again), (2, &err));
    assert_eq!(fs::read_dir(room.out()).unwrap().count(), 1);
    assert!(!room.private().exists(), "nothing is left behind");
}

#[test]
fn what_was_altered_is_named() {
    let mut said = String::new();
    let mut spoil = |name: &str, spoil: &dyn Fn(&Room)| said.push_str(&spoiled(name, spoil));
    spoil("a changed contract", &|room| {
        fs::write(room.out().join("openspec.yaml"), "mine: 1\n").unwrap();
    });
    for name in ["chat-history.txt", "journal.jsonl", "treaty.yaml"] {
        spoil(&format!("a changed {name}"), &|room| {
            let path = room.out().join(name);
            fs::write(&path, [fs::read(&path).unwrap(), b"\n".to_vec()].concat()).unwrap();
        });
    }
    spoil("a changed file of a commit that is not the last", &|room| {
        let path = room.out().join("openspec.yaml");
        let repository = git2::Repository::open(room.out()).unwrap();
        let first = repository.revparse_single("HEAD~2:openspec.yaml").unwrap();
        let object = room.out().join(".git/objects");
        let (folder, file) = (first.id().to_string()[..2].to_owned(), first.id().to_string());
        fs::remove_file(object.join(folder).join(&file[2..])).unwrap();
        assert!(path.is_file());
    });
    spoil("a changed draft that went back", &|room| {
        fs::write(room.private().join("shop/0002-bounced.yaml"), "a: 1\n").unwrap();
    });
    spoil("a changed finding", &|room| {
        fs::write(room.private().join("shop/0002-findings.json"), "[]\n").unwrap();
    });
    spoil("a changed last line", &|room| {
        let path = room.private().join("erp/journal.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        let end = text.trim_end().rfind('\n').unwrap() + 1;
        let last = text[end..].replacen("\"took_ms\":0", "\"took_ms\":1", 1);
        assert_ne!(last, text[end..]);
        fs::write(&path, format!("{}{last}", &text[..end])).unwrap();
    });
    insta::assert_snapshot!(said);
}
