//! How long each part of the work takes.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The times of all documents together.
#[derive(Debug, Default)]
pub(super) struct Stopwatch {
    sums: Mutex<BTreeMap<&'static str, Duration>>,
}

/// The times of one document.
#[derive(Debug)]
pub(super) struct Laps<'w> {
    watch: &'w Stopwatch,
    running: RefCell<Option<(&'static str, Instant)>>,
}

impl Stopwatch {
    /// Begins with a document.
    pub(super) fn start(&self) -> Laps<'_> {
        Laps { watch: self, running: RefCell::default() }
    }

    fn add(&self, name: &'static str, time: Duration) {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        *sums.entry(name).or_default() += time;
    }

    /// What each part took.
    pub(super) fn times(&self) -> BTreeMap<&'static str, Duration> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Laps<'_> {
    /// A part of the work begins, and the one before it ends.
    pub(super) fn begins(&self, name: &'static str) {
        let now = Instant::now();
        if let Some((before, since)) = self.running.replace(Some((name, now))) {
            self.watch.add(before, now.duration_since(since));
        }
    }
}

impl Drop for Laps<'_> {
    fn drop(&mut self) {
        if let Some((name, since)) = self.running.take() {
            self.watch.add(name, since.elapsed());
        }
    }
}
