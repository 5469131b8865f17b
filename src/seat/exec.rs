//! The exec seat: a program of the party's own, one JSON object per line each way.
//!
//! * **Shape.** One long-lived process per seat, started without a shell in the mandate's
//!   directory when it is asked first, and again after it ended. A question that a running
//!   program ended on is asked once more, with the same `request_id`; a program that was
//!   started for the question and ends on it makes a fault.
//! * **Environment.** The program is given what [`passes`] and the variables that its mandate
//!   names; nothing else, so that the keys of one party are not shown to the other's agent.
//! * **Limits.** Time by the question's `deadline_ms`; a line of twice the charter's
//!   `act_bytes` (a shorter one that is too long still is a fault of its own); one MiB of
//!   standard error from one question to the next.
//! * **Errors.** [`SeatFault`]; after every one but [`SeatFault::Unasked`] the program and all
//!   that it has started are killed.

mod process;
mod signals;
mod streams;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::negotiate::{Seat, SeatFault, TurnRequest};

use super::log::PrivateLog;

use process::Process;

/// The variables of the environment that every agent is given: where programs and temporary
/// files are, who the user is, language and time zone, how the network is reached.
const VARIABLES: [&str; 38] = [
    "ALL_PROXY",
    "APPDATA",
    "COMSPEC",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LANG",
    "LANGUAGE",
    "LD_LIBRARY_PATH",
    "LOCALAPPDATA",
    "LOGNAME",
    "NO_PROXY",
    "PATH",
    "PATHEXT",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "SHELL",
    "SOURCE_DATE_EPOCH",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "USER",
    "USERNAME",
    "USERPROFILE",
    "VIRTUAL_ENV",
    "WINDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// Whether every agent is given the variable.
pub fn passes(name: &str) -> bool {
    VARIABLES.contains(&name)
        || name.starts_with("LC_")
        || (cfg!(windows) && VARIABLES.contains(&name.to_uppercase().as_str()))
}

/// A program and how it is started.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program: a name to look for, or a path from the directory.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Where it runs.
    pub directory: PathBuf,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The longest line that is listened to.
    pub line_bytes_max: usize,
}

impl Program {
    /// What is started: a name without a slash is looked for by the system.
    fn path(&self) -> PathBuf {
        if self.is_path() { self.directory.join(&self.name) } else { PathBuf::from(&self.name) }
    }

    fn is_path(&self) -> bool {
        self.name.chars().any(std::path::is_separator)
    }

    /// Why it cannot be started, as far as that can be seen before.
    fn refusal(&self) -> Option<String> {
        let name = &self.name;
        if self.is_path() {
            let path = self.path();
            return (!is_program(&path)).then(|| {
                format!("{} is no program that can be started; correct `exec`", path.display())
            });
        }
        let paths = self.environment.iter().find(|(it, _)| it.eq_ignore_ascii_case("PATH"));
        let (_, paths) = paths?;
        let found = std::env::split_paths(paths).any(|it| is_program(&it.join(name)));
        if found || cfg!(windows) {
            return None;
        }
        let beside = self.directory.join(name).is_file();
        let remedy = if beside { format!("write `./{name}`") } else { "correct `exec`".to_owned() };
        Some(format!("there is no program `{name}` in PATH; {remedy}"))
    }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file() || path.with_extension("exe").is_file()
}

/// Seats a program.
#[derive(Debug)]
pub struct ExecSeat {
    program: Program,
    log: PrivateLog,
    process: Option<Process>,
}

impl ExecSeat {
    /// A seat for a program, which is not started yet.
    pub fn new(program: Program, log: PrivateLog) -> Self {
        Self { program, log, process: None }
    }

    fn ask(&mut self, question: &[u8], until: Instant) -> Result<Vec<u8>, SeatFault> {
        match self.process.as_mut().map(Process::glance) {
            // It ended when nobody was waiting for it, as a program that answers once does.
            Some(Err(SeatFault::Ended)) => self.stop(),
            Some(Err(fault)) => return Err(fault),
            Some(Ok(())) | None => {}
        }
        if let Some(process) = &mut self.process {
            match process.ask(question, until) {
                Err(SeatFault::Ended) => {
                    self.log.note("it ended on a question, which is asked again");
                    self.stop();
                }
                answered => return answered,
            }
        }
        let process = Process::start(&self.program, &self.log).map_err(|error| {
            self.log.note(&format!("cannot start `{}`: {error}", self.program.name));
            SeatFault::Unreachable
        })?;
        self.process.insert(process).ask(question, until)
    }

    fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.stop(true);
        }
    }
}

impl Seat for ExecSeat {
    fn ready(&self) -> Result<(), String> {
        self.program.refusal().map_or(Ok(()), Err)
    }

    fn answer(&mut self, request: &TurnRequest) -> Result<Vec<u8>, SeatFault> {
        let until = Instant::now() + Duration::from_millis(request.deadline_ms);
        let mut question = request.to_json().into_bytes();
        question.push(b'\n');
        let answered = self.ask(&question, until);
        if let Err(fault) = answered {
            self.log.note(&format!("question {}: {fault}", request.request_id));
            if fault != SeatFault::Unasked {
                self.stop();
            }
        }
        answered
    }
}
