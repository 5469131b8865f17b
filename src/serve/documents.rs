//! What is open, which descriptions that concerns, and when each is verified again.
//!
//! * **Shape.** An entry is a document where reading begins: one that is open, or one of the
//!   workspace that refers to a file which is open. A change makes the entries dirty whose
//!   descriptions have the file; a dirty entry is verified when nothing has changed for a moment.
//! * **Units.** The moment grows with what the last run took, up to [`PAUSE_MAX`].

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    Host,
    analysis::{Analysis, Buffer, Open, Task},
    client::Client,
};

/// How long nothing must change before a document is verified again.
const PAUSE_MIN: Duration = Duration::from_millis(80);
const PAUSE_MAX: Duration = Duration::from_millis(800);

/// A document where reading begins.
#[derive(Debug)]
pub(super) struct Entry {
    path: PathBuf,
    /// When it is to be verified; nothing where it has been.
    due: Option<Instant>,
    /// The run that is on its way: how to stop it, and when it began.
    run: Option<(Arc<AtomicBool>, Instant)>,
    pause: Duration,
    pub(super) analysis: Option<Arc<Analysis>>,
}

/// All that is open and known.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) open: Open,
    entries: BTreeMap<PathBuf, Entry>,
    /// The files of which nobody knows yet whether a document refers to them.
    searched: BTreeSet<PathBuf>,
}

impl Documents {
    /// Takes in a text that was opened or has changed. Gives the file that is to be looked for in
    /// the documents of the workspace, where it is none itself.
    pub(super) fn set(
        &mut self,
        real: PathBuf,
        buffer: Buffer,
        host: &dyn Host,
    ) -> Option<PathBuf> {
        let is_new = !self.open.contains_key(&real);
        let is_document = host.is_openapi(buffer.text.content().as_bytes());
        let path = buffer.path.clone();
        self.open.insert(real.clone(), buffer);
        // What was missing may be there now.
        let now = Instant::now();
        self.touch(if is_new { None } else { Some(&real) }, now);
        if is_document || self.entries.contains_key(&real) {
            let path = path.unwrap_or_else(|| real.clone());
            self.enter(real, path, now);
            return None;
        }
        let is_known = self.analyses().any(|analysis| analysis.slot(&real).is_some());
        (is_new && path.is_some() && !is_known && self.searched.insert(real.clone()))
            .then_some(real)
    }

    /// Makes a document one where reading begins.
    pub(super) fn enter(&mut self, real: PathBuf, path: PathBuf, now: Instant) {
        self.entries.entry(real).or_insert(Entry {
            path,
            due: Some(now),
            run: None,
            pause: PAUSE_MIN,
            analysis: None,
        });
    }

    /// The search for a document that refers to a file has ended.
    pub(super) fn searched(&mut self, file: &Path) {
        self.searched.remove(file);
    }

    /// Forgets a text that was closed, and the entries that nothing open belongs to any more.
    pub(super) fn close(&mut self, real: &Path) {
        self.open.remove(real);
        self.searched.remove(real);
        self.touch(Some(real), Instant::now());
        let open = &self.open;
        self.entries.retain(|entry, it| {
            let is_wanted = open.contains_key(entry)
                || it.analysis.as_ref().is_some_and(|analysis| {
                    analysis.files.iter().any(|file| open.contains_key(&file.real))
                });
            if let (false, Some((stop, _))) = (is_wanted, &it.run) {
                stop.store(true, Ordering::Relaxed);
            }
            is_wanted
        });
    }

    /// Makes those entries dirty that have a file, or all of them.
    pub(super) fn touch(&mut self, real: Option<&Path>, now: Instant) {
        for (entry, it) in &mut self.entries {
            let has = |real: &Path| match &it.analysis {
                Some(analysis) => analysis.slot(real).is_some(),
                None => true,
            };
            if real.is_none_or(|real| entry == real || has(real)) {
                it.due = Some(now + it.pause);
                if let Some((stop, _)) = &it.run {
                    stop.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// When the next entry is to be verified; nothing where none is, or one is on its way.
    pub(super) fn next_due(&self) -> Option<Instant> {
        if self.entries.values().any(|entry| entry.run.is_some()) {
            return None;
        }
        self.entries.values().filter_map(|entry| entry.due).min()
    }

    /// The entry that is to be verified now.
    pub(super) fn take_due(&mut self, client: &Client, now: Instant) -> Option<Task> {
        if self.next_due()? > now {
            return None;
        }
        let due = self.entries.iter_mut().filter(|(_, it)| it.due.is_some());
        let (real, entry) = due.min_by_key(|(_, it)| it.due)?;
        let stop = Arc::new(AtomicBool::new(false));
        entry.due = None;
        entry.run = Some((stop.clone(), now));
        let (real, path) = (real.clone(), entry.path.clone());
        Some(self.task(real, path, client, stop))
    }

    /// What a worker needs to read a document.
    pub(super) fn task(
        &self,
        entry: PathBuf,
        path: PathBuf,
        client: &Client,
        stop: Arc<AtomicBool>,
    ) -> Task {
        let is_saved = self.open.get(&entry).is_none_or(|buffer| buffer.path.is_some());
        let root = is_saved.then(|| client.root_of(&path)).flatten();
        Task { entry, path, root, open: self.open.clone(), encoding: client.encoding, stop }
    }

    /// Takes in what a run brought; whether it is of the state that is open now.
    pub(super) fn verified(
        &mut self,
        entry: &Path,
        stop: &Arc<AtomicBool>,
        analysis: Option<Box<Analysis>>,
    ) {
        let Some(it) = self.entries.get_mut(entry) else { return };
        let Some((_, began)) = it.run.take_if(|(own, _)| Arc::ptr_eq(own, stop)) else { return };
        it.pause = began.elapsed().clamp(PAUSE_MIN, PAUSE_MAX);
        if let Some(analysis) = analysis {
            // What has changed meanwhile is verified again, but may have more files now.
            it.analysis = Some(Arc::from(analysis));
        }
        if stop.load(Ordering::Relaxed) {
            it.due.get_or_insert(Instant::now());
        }
    }

    /// What is known of every description.
    pub(super) fn analyses(&self) -> impl Iterator<Item = &Arc<Analysis>> {
        self.entries.values().filter_map(|entry| entry.analysis.as_ref())
    }

    /// What is known of an open text, where that is of its present state.
    pub(super) fn fresh(&self, real: &Path) -> Option<&Arc<Analysis>> {
        self.analyses().find(|analysis| {
            let file = analysis.slot(real).and_then(|slot| analysis.files.get(slot));
            file.is_some_and(|file| file.is_fresh(&self.open))
        })
    }

    /// Whether more will be known of an open text soon.
    pub(super) fn is_pending(&self, real: &Path) -> bool {
        self.searched.contains(real)
            || self.entries.iter().any(|(entry, it)| {
                let is_busy = it.due.is_some() || it.run.is_some();
                let has = || it.analysis.as_ref().is_none_or(|it| it.slot(real).is_some());
                is_busy && (entry == real || has())
            })
    }
}
