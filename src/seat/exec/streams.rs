//! What an agent's program writes, read on threads of their own so that nothing it does or
//! leaves undone can hold up the negotiation.
//!
//! * **Shape.** Standard output comes as [`Heard`]s in order; standard error goes to the
//!   private log and is counted in [`Noise`].
//! * **Units.** Bytes. What is kept in memory is bounded: a reader whose lines nobody takes
//!   stops reading, and the program has to wait.

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::SyncSender,
    },
};

use super::super::log::PrivateLog;

/// The most bytes of standard error from one question to the next.
const NOISE_BYTES_MAX: u64 = 1 << 20;

/// Something on an agent's standard output.
#[derive(Debug)]
pub(super) enum Heard {
    /// A line, without its line feed.
    Line(Vec<u8>),
    /// More than any answer.
    Flood,
    /// The end, with what stood there of a line.
    End(usize),
    /// The program does not take questions any more.
    Deaf,
}

/// Passes lines of at most `bytes_max` bytes on; blank ones are left out.
pub(super) fn listen(stream: impl Read, bytes_max: usize, heard: &SyncSender<Heard>) {
    let mut stream = BufReader::new(stream);
    let mut blank = 0;
    loop {
        let mut line = Vec::new();
        let most = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
        let read = stream.by_ref().take(most).read_until(b'\n', &mut line);
        let next = match (read, line.last()) {
            (Ok(0) | Err(_), _) => Heard::End(line.len()),
            (Ok(_), Some(b'\n')) => {
                line.pop();
                if line.trim_ascii().is_empty() {
                    blank += line.len() + 1;
                    if blank <= bytes_max {
                        continue;
                    }
                    Heard::Flood
                } else {
                    Heard::Line(line)
                }
            }
            (Ok(_), _) if line.len() > bytes_max => Heard::Flood,
            (Ok(_), _) => Heard::End(line.len()),
        };
        let last = !matches!(next, Heard::Line(_));
        if heard.send(next).is_err() || last {
            return;
        }
    }
}

/// Writes a question; a program that does not take it is deaf.
pub(super) fn speak(mut stream: impl Write, question: &[u8]) -> bool {
    stream.write_all(question).and_then(|()| stream.flush()).is_ok()
}

/// How much a program has written to its standard error since it was asked last.
#[derive(Clone, Debug, Default)]
pub(super) struct Noise(Arc<AtomicU64>);

impl Noise {
    /// Whether it was more than anyone wants to read.
    pub(super) fn is_flood(&self) -> bool {
        self.0.load(Ordering::Relaxed) > NOISE_BYTES_MAX
    }

    /// The next question begins.
    pub(super) fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Takes a stream to the log, until it ends or is a flood.
    pub(super) fn record(&self, mut stream: impl Read, log: &PrivateLog) {
        let mut file = None;
        let mut chunk = vec![0; 8192];
        while let Ok(read) = stream.read(&mut chunk) {
            let Some(bytes) = chunk.get(..read).filter(|it| !it.is_empty()) else { return };
            if file.is_none() {
                file = log.open();
            }
            if let Some(file) = &mut file {
                let _ = file.write_all(bytes);
            }
            self.0.fetch_add(read as u64, Ordering::Relaxed);
            if self.is_flood() {
                return;
            }
        }
    }
}
