//! A run that is cut anywhere goes on and ends in the same bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use treaty::{
    charter::{PartyIndex, PartyName},
    cli::negotiate::{
        Change, Clock, Disk, Format, NegotiateError, Parts, Place, Scenario, Streams, View, World,
        carry_out,
    },
    git::{CommitDraft, CommitId, GitError},
};

use crate::negotiation::{
    eventful,
    play::{EPOCH, Played, Room},
    table::{Move, charter},
};

/// The real world, until so many changes were made.
struct Cut {
    disk: Disk,
    left: usize,
    /// How the change at which it is cut is spoiled.
    spoil: Spoil,
    ended: Ended,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ended {
    /// Before the cut.
    Whole,
    /// At the cut.
    Cut,
    /// At a change that cannot be spoiled so.
    Elsewhere,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Spoil {
    /// It does not happen at all.
    Nothing,
    /// It happens in full, and nothing after it.
    Whole,
    /// Of a line, some first part reaches the disk.
    Torn(usize),
}

impl World for Cut {
    fn beginning(&self) -> Option<&[u8]> {
        self.disk.beginning()
    }

    fn open_record(&mut self, party: PartyIndex, name: &PartyName) -> Result<Vec<u8>, GitError> {
        self.disk.open_record(party, name)
    }

    fn record_path(&self, party: PartyIndex) -> PathBuf {
        self.disk.record_path(party)
    }

    fn kept(&self, party: PartyIndex, name: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.disk.kept(party, name)
    }

    fn repository_path(&self) -> PathBuf {
        self.disk.repository_path()
    }

    fn cut_record(&mut self, party: PartyIndex, length: usize) -> Result<(), GitError> {
        self.disk.cut_record(party, length)
    }

    fn commits(&self) -> Option<usize> {
        self.disk.commits()
    }

    fn holds(
        &self,
        number: usize,
        draft: &CommitDraft,
        parent: Option<CommitId>,
    ) -> Result<(CommitId, bool), GitError> {
        self.disk.holds(number, draft, parent)
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.disk.file(name)
    }

    fn ends_at(&self, count: usize) -> Result<(), GitError> {
        self.disk.ends_at(count)
    }

    fn perform(&mut self, change: Change) -> Result<(), GitError> {
        if self.left > 0 {
            self.left -= 1;
            return self.disk.perform(change);
        }
        self.ended = Ended::Cut;
        match (self.spoil, change) {
            (Spoil::Nothing, _) => {}
            (Spoil::Whole, change) => self.disk.perform(change)?,
            (Spoil::Torn(bytes), Change::Remember(party, line)) => {
                let torn = &line.as_bytes()[..bytes.min(line.len() - 1)];
                let path = self.disk.record_path(party);
                let mut whole = fs::read(&path).unwrap();
                whole.extend(torn);
                fs::write(path, whole).unwrap();
            }
            (Spoil::Torn(_), _) => self.ended = Ended::Elsewhere,
        }
        Err(GitError::Read { name: "it".to_owned(), reason: "the power failed".to_owned() })
    }
}

/// Runs until the cut.
fn run_until(room: &Room, moves: &[Move], left: usize, spoil: Spoil) -> Ended {
    let scenario = Scenario::read(&room.scenario()).unwrap();
    let place = Place::new(Some(&room.out()), &scenario).unwrap();
    let parts = Played { moves: moves.to_vec(), clock: Clock::Epoch(EPOCH) };
    let gate = parts.gate(&scenario).unwrap();
    let mut seated =
        PartyIndex::BOTH.map(|party| parts.seat(&scenario, party, Path::new("")).unwrap());
    let disk = Disk::open(&place, false).unwrap();
    let mut world = Cut { disk, left, spoil, ended: Ended::Whole };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams { out: &mut out, err: &mut err, live: false, color: false };
    let view = View::new(&scenario.charter, &room.arguments(Format::Pretty), &mut streams);
    let ran = carry_out(&scenario, gate.as_ref(), &mut seated, parts.clock, &mut world, view);
    match ran {
        Ok(_) => assert_eq!(world.ended, Ended::Whole),
        Err(NegotiateError::Git(GitError::Read { .. })) => {}
        Err(error) => unreachable!("{error}"),
    }
    world.ended
}

fn cut_everywhere(moves: &[Move], spoil: Spoil) -> usize {
    let text = charter("{}");
    let whole = Room::new(&text);
    let (code, _, err) = whole.run(moves, Format::Pretty);
    assert_eq!(err, "");
    let expected = whole.bytes();
    for left in 0.. {
        let room = Room::new(&text);
        match run_until(&room, moves, left, spoil) {
            Ended::Whole => return left,
            Ended::Elsewhere => continue,
            Ended::Cut => {}
        }
        let (resumed, _, err) = room.run(moves, Format::Pretty);
        assert_eq!((resumed, err.as_str()), (code, ""), "cut after {left}, {spoil:?}");
        let found = room.bytes();
        let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
            files.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names(&found), names(&expected), "cut after {left}, {spoil:?}");
        assert!(found == expected, "cut after {left}, {spoil:?}");
    }
    0
}

#[test]
fn a_run_cut_after_any_change_ends_in_the_same_bytes() {
    let changes = cut_everywhere(&eventful(), Spoil::Whole);
    assert!(changes > 60, "only {changes}");
}

#[test]
fn a_torn_line_is_as_if_it_was_never_begun() {
    for bytes in [1, 100, usize::MAX] {
        cut_everywhere(&eventful(), Spoil::Torn(bytes));
    }
}

#[test]
fn a_run_cut_before_any_change_ends_in_the_same_bytes() {
    cut_everywhere(&eventful(), Spoil::Nothing);
}

/// Kills the program at each call of the system that changes something, by `strace`.
#[test]
fn a_run_killed_at_any_system_call_ends_in_the_same_bytes() {
    let strace = std::process::Command::new("strace").arg("-V").output();
    if std::env::var("RUN_SLOW_TESTS").is_err() || strace.is_err() {
        eprintln!("skipped: RUN_SLOW_TESTS is not set, or there is no strace");
        return;
    }
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/negotiation/customs-broker");
    let program = [env!("CARGO_BIN_EXE_treaty"), "negotiate", scenario, "--out", "out", "--quiet"];
    let run = |room: &Room, before: &[&str]| {
        let words = [before, &program].concat();
        let mut command = std::process::Command::new(words[0]);
        command.args(&words[1..]).current_dir(room.directory.path());
        command.env("SOURCE_DATE_EPOCH", EPOCH.to_string()).status().unwrap().code()
    };
    let whole = Room::new(&charter("{}"));
    let code = run(&whole, &[]);
    assert_eq!(code, Some(3));
    let expected = whole.bytes();
    let calls = "write rename unlink fsync fdatasync mkdir ftruncate link openat rmdir chmod";
    for call in calls.split(' ') {
        for number in 1.. {
            let room = Room::new(&charter("{}"));
            let trace = format!("trace={call}");
            let kill = format!("inject={call}:signal=KILL:when={number}");
            let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &kill];
            if run(&room, &strace) == code {
                break;
            }
            assert_eq!(run(&room, &[]), code, "killed at {call} {number}");
            assert!(room.bytes() == expected, "killed at {call} {number}");
        }
    }
}
