//! Whole runs with scripted seats, in a directory of their own.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use treaty::{
    charter::PartyIndex,
    cli::negotiate::{
        Arguments, Clock, Colour, Format, NegotiateError, Parts, Scenario, Seated, Streams,
        run_with,
    },
    negotiate::{Gate, Seat, SeatFault, TurnRequest},
};

use super::table::{Move, SimpleGate, private_terms, say};

/// The second at which every played run begins.
pub(crate) const EPOCH: u64 = 1_795_564_800;

/// A seat that makes its moves in order and leaves the table after the last.
///
/// It has no memory but the question: move n answers question n of the run.
pub(crate) struct Scripted {
    pub(crate) moves: Vec<Move>,
    pub(crate) asked: Vec<String>,
}

impl Seat for Scripted {
    fn answer(&mut self, request: &TurnRequest) -> Result<Vec<u8>, SeatFault> {
        self.asked.push(request.request_id.clone());
        let number = request.request_id.rsplit('-').next().unwrap();
        let number: usize = number.parse().unwrap();
        say(request, self.moves.get(number - 1).unwrap_or(&Move::Exit))
    }
}

/// The parts of a played run.
pub(crate) struct Played {
    pub(crate) moves: Vec<Move>,
    pub(crate) clock: Clock,
}

impl Parts for Played {
    fn gate(&self, _: &Scenario) -> Result<Box<dyn Gate>, NegotiateError> {
        Ok(Box::new(SimpleGate::default()))
    }

    fn seat(&self, _: &Scenario, party: PartyIndex, _: &Path) -> Result<Seated, NegotiateError> {
        let private_terms = party.of(&private_terms()).clone();
        let seat = Box::new(Scripted { moves: self.moves.clone(), asked: Vec::new() });
        Ok(Seated { private_terms, seat })
    }

    fn clock(&self) -> Result<Clock, NegotiateError> {
        Ok(self.clock)
    }
}

/// A directory of its own. Many runs, each with many synced writes, need not wait for a disk.
pub(crate) fn directory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let directory =
        if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    directory.unwrap()
}

/// A scenario in a directory of its own.
pub(crate) struct Room {
    pub(crate) directory: tempfile::TempDir,
}

impl Room {
    pub(crate) fn new(charter: &str) -> Self {
        let directory = directory();
        let scenario = directory.path().join("scenario");
        fs::create_dir(&scenario).unwrap();
        fs::write(scenario.join("treaty.yaml"), charter).unwrap();
        fs::write(scenario.join("shop.mandate.yaml"), "party: shop\n").unwrap();
        fs::write(scenario.join("erp.mandate.yaml"), "party: erp\n").unwrap();
        Self { directory }
    }

    pub(crate) fn scenario(&self) -> PathBuf {
        self.directory.path().join("scenario")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.directory.path().join("out")
    }

    pub(crate) fn private(&self) -> PathBuf {
        self.directory.path().join("out.private")
    }

    pub(crate) fn arguments(&self, format: Format) -> Arguments {
        Arguments {
            scenario: self.scenario(),
            out: Some(self.out()),
            restart: false,
            format,
            color: Colour::Auto,
            verbose: false,
            quiet: false,
        }
    }

    /// Runs; gives the exit code, standard output and standard error.
    pub(crate) fn run(&self, moves: &[Move], format: Format) -> (u8, String, String) {
        self.run_with(&self.arguments(format), moves, Clock::Epoch(EPOCH))
    }

    pub(crate) fn run_with(
        &self,
        arguments: &Arguments,
        moves: &[Move],
        clock: Clock,
    ) -> (u8, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut streams = Streams { out: &mut out, err: &mut err, live: false, color: false };
        let code = run_with(arguments, &mut streams, &Played { moves: moves.to_vec(), clock });
        (code, self.scrubbed(out), self.scrubbed(err))
    }

    fn scrubbed(&self, bytes: Vec<u8>) -> String {
        let directory = self.directory.path().to_str().unwrap();
        String::from_utf8(bytes).unwrap().replace(directory, "ROOM")
    }

    /// Everything that must be the same at the end of a run, however it went.
    pub(crate) fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for root in [self.out(), self.private()].into_iter().filter(|it| it.is_dir()) {
            collect(&root, self.directory.path(), &mut files);
        }
        files
    }
}

/// Every file of a run but the index, which holds times of the file system, and what git
/// itself writes when it makes a repository.
fn collect(directory: &Path, root: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            collect(&path, root, files);
        } else if !name.ends_with(".git/index") {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// The ids and subjects of a repository's commits, the first one first.
pub(crate) fn commits(repository: &Path) -> Vec<(String, String)> {
    let repository = git2::Repository::open(repository).unwrap();
    let mut commits = Vec::new();
    let mut next = repository.head().ok().map(|head| head.peel_to_commit().unwrap());
    while let Some(commit) = next {
        commits.push((commit.id().to_string(), commit.summary().unwrap().unwrap().to_owned()));
        next = commit.parent(0).ok();
    }
    commits.reverse();
    commits
}
