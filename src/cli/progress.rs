//! How far a long piece of work is, on a terminal only.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// How long work goes on before anything is said of it.
const PATIENCE: Duration = Duration::from_millis(500);

/// How wide the bar is.
const WIDTH: usize = 30;

/// A line on standard error that is drawn again and wiped at the end.
pub(super) struct Progress {
    /// When to draw next; nothing where nobody would see it.
    due: Option<Instant>,
    total: usize,
    is_drawn: bool,
}

impl Progress {
    /// The progress of a work on so many documents.
    pub(super) fn of(total: usize, quiet: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_seen = !quiet && !dumb && total > 1 && io::stderr().is_terminal();
        let due = is_seen.then(|| Instant::now() + PATIENCE);
        Self { due, total, is_drawn: false }
    }

    /// Draws how many are done, where it is time to.
    pub(super) fn tick(&mut self, done: usize) {
        let now = Instant::now();
        if self.due.is_some_and(|due| now >= due) {
            self.due = Some(now + PATIENCE / 5);
            self.is_drawn = true;
            let filled = WIDTH * done / self.total.max(1);
            let bar = "━".repeat(filled) + &"╌".repeat(WIDTH - filled.min(WIDTH));
            let line = format!("\r{bar} {done} of {} documents", self.total);
            let _ = io::stderr().write_all(line.as_bytes());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_drawn {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}
