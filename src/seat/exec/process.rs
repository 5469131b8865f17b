//! One running program of an agent.
//!
//! * **Shape.** [`Process::start`], then questions and answers, and [`Process::stop`], which
//!   also happens when it is dropped. Its streams are on threads that end with them.
//! * **Errors.** Everything that the program does wrong is a [`SeatFault`]; after one the
//!   program has to be stopped, except after [`SeatFault::Unasked`].

use std::{
    io,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError},
    thread,
    time::{Duration, Instant},
};

use crate::negotiate::SeatFault;

use super::{
    super::log::PrivateLog,
    Program, signals,
    streams::{Heard, Noise, listen, speak},
};

/// How often it is looked whether a silent program still runs.
const GLANCE: Duration = Duration::from_millis(50);
/// How long what a program has said before it ended may take to arrive.
const ECHO: Duration = Duration::from_millis(500);
/// How long a program has to end by itself when nothing more will be asked.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long the system has to end a program that was killed.
const BURIAL: Duration = Duration::from_secs(5);
/// The most lines that wait to be heard.
const LINES_MAX: usize = 16;

/// A program that was started.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    questions: Option<Sender<Vec<u8>>>,
    heard: Receiver<Heard>,
    noise: Noise,
    log: PrivateLog,
}

impl Process {
    /// Starts the program.
    pub(super) fn start(program: &Program, log: &PrivateLog) -> io::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "programs are run by `seat` and `git` alone")]
        let mut command = Command::new(program.path());
        command
            .args(&program.arguments)
            .current_dir(&program.directory)
            .env_clear()
            .envs(program.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        signals::lead_group(&mut command);
        let mut child = command.spawn()?;
        let (sender, heard) = mpsc::sync_channel(LINES_MAX);
        let noise = Noise::default();
        let questions = attend(&mut child, program.line_bytes_max, sender, &noise, log);
        Ok(Self { child, questions: Some(questions), heard, noise, log: log.clone() })
    }

    /// What the program has done since its last answer.
    pub(super) fn glance(&mut self) -> Result<(), SeatFault> {
        let mut unasked = false;
        for _ in 0..=LINES_MAX {
            match self.heard.try_recv() {
                Ok(Heard::Line(line)) => {
                    let start = String::from_utf8_lossy(line.get(..200).unwrap_or(&line));
                    self.log.note(&format!("said without being asked: {start}"));
                    unasked = true;
                }
                Ok(Heard::Flood) => return Err(SeatFault::Flooded),
                _ if self.noise.is_flood() => return Err(SeatFault::Flooded),
                Err(TryRecvError::Empty) if unasked => return Err(SeatFault::Unasked),
                Err(TryRecvError::Empty) if !signals::has_ended(&mut self.child) => return Ok(()),
                _ if unasked => return Err(SeatFault::Unasked),
                _ => return Err(SeatFault::Ended),
            }
        }
        Err(SeatFault::Flooded)
    }

    /// Asks a question, and waits for the answer until the time is up.
    pub(super) fn ask(&mut self, question: &[u8], until: Instant) -> Result<Vec<u8>, SeatFault> {
        self.noise.begin();
        if let Some(questions) = &self.questions {
            // Where nobody takes it, the program is deaf, and says so.
            let _ = questions.send(question.to_vec());
        }
        let (mut until, mut late) = (until, SeatFault::TimedOut);
        loop {
            let mut lost = false;
            let left = until.saturating_duration_since(Instant::now());
            match self.heard.recv_timeout(left.min(GLANCE)) {
                Ok(Heard::Line(line)) if !self.noise.is_flood() => return Ok(line),
                Ok(Heard::Line(_) | Heard::Flood) => return Err(SeatFault::Flooded),
                Ok(Heard::End(bytes)) => return Err(self.ended(bytes)),
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended(0)),
                Ok(Heard::Deaf) => lost = true,
                Err(RecvTimeoutError::Timeout) => lost |= signals::has_ended(&mut self.child),
            }
            if self.noise.is_flood() {
                return Err(SeatFault::Flooded);
            }
            if left.is_zero() {
                return Err(late);
            }
            if lost && late == SeatFault::TimedOut {
                until = until.min(Instant::now() + ECHO);
                late = SeatFault::Ended;
            }
        }
    }

    /// What the end of its output means.
    fn ended(&self, bytes: usize) -> SeatFault {
        if bytes > 0 {
            self.log.note(&format!("ended after {bytes} bytes of a line"));
        }
        // Nobody listens to a flood to its end, and a program whose pipe is closed ends.
        if self.noise.is_flood() { SeatFault::Flooded } else { SeatFault::Ended }
    }

    /// Stops the program: at once, or when it has had time to end by itself.
    pub(super) fn stop(mut self, at_once: bool) {
        self.end(at_once);
    }

    fn end(&mut self, at_once: bool) {
        // Its standard input ends with this.
        let Some(questions) = self.questions.take() else { return };
        drop(questions);
        if !at_once {
            self.wait(FAREWELL);
        }
        signals::kill(&mut self.child);
        if self.wait(BURIAL)
            && let Ok(status) = self.child.wait()
        {
            self.log.note(&format!("the agent ended ({status})"));
        }
    }

    /// Whether the program ends in time.
    fn wait(&mut self, most: Duration) -> bool {
        let until = Instant::now() + most;
        let mut pause = Duration::from_millis(1);
        while !signals::has_ended(&mut self.child) {
            if Instant::now() >= until {
                return false;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(GLANCE);
        }
        true
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end(false);
    }
}

/// Attends to the streams of a program; gives the way to ask it.
fn attend(
    child: &mut Child,
    bytes_max: usize,
    heard: SyncSender<Heard>,
    noise: &Noise,
    log: &PrivateLog,
) -> Sender<Vec<u8>> {
    let (questions, to_ask) = mpsc::channel::<Vec<u8>>();
    if let Some(mut input) = child.stdin.take() {
        let heard = heard.clone();
        thread::spawn(move || {
            for question in to_ask {
                if !speak(&mut input, &question) {
                    let _ = heard.send(Heard::Deaf);
                    return;
                }
            }
        });
    }
    if let Some(output) = child.stdout.take() {
        thread::spawn(move || listen(output, bytes_max, &heard));
    }
    if let Some(errors) = child.stderr.take() {
        let (noise, log) = (noise.clone(), log.clone());
        thread::spawn(move || noise.record(errors, &log));
    }
    questions
}
