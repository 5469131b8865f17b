//! Agents that are not ours: programs at the exec seat, models at the http seat.

mod faults;
#[cfg(feature = "http")]
mod http;
mod mandates;
#[cfg(feature = "http")]
mod service;
#[cfg(feature = "http")]
mod tls;
mod whole;

use std::{path::Path, time::Duration};

use tempfile::TempDir;

use treaty::{
    negotiate::{State, Table, TurnRequest},
    seat::{ExecSeat, PrivateLog, Program},
};

use crate::negotiation::table::{charter, parsed};

/// The longest line of a seat in these tests.
const LINE_BYTES_MAX: usize = 4096;

/// A script at the exec seat, in a directory of its own.
struct Script {
    directory: TempDir,
    seat: ExecSeat,
}

impl Script {
    fn new(script: &str) -> Self {
        let directory = TempDir::with_prefix("treaty-seat-").unwrap();
        let program = Program {
            name: "sh".to_owned(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            directory: directory.path().to_owned(),
            environment: vec![("PATH".into(), std::env::var_os("PATH").unwrap())],
            line_bytes_max: LINE_BYTES_MAX,
        };
        let log = PrivateLog::new(directory.path().join("agent.log"));
        Self { seat: ExecSeat::new(program, log), directory }
    }

    /// What the script left in a file.
    fn left(&self, name: &str) -> String {
        std::fs::read_to_string(self.directory.path().join(name)).unwrap_or_default()
    }
}

/// The question number `number` of a negotiation, to be answered within `time`.
fn question(number: u64, time: Duration) -> TurnRequest {
    let mut state = State::new(Table::new(&parsed(&charter("{}")), "0", 0));
    state.acts = number - 1;
    let mut request = state.request().unwrap();
    request.deadline_ms = u64::try_from(time.as_millis()).unwrap();
    request
}

/// Whether a process is there that is more than a name.
fn runs(pid: &str) -> bool {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat"));
    status.is_ok_and(|it| !it.rsplit(") ").next().unwrap().starts_with('Z'))
}
