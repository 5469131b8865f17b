//! Work away from the messages: verifying, trying fixes, looking for who refers to a file.
//!
//! A panic in it costs this one result; the next task is done as if nothing had been.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        atomic::AtomicBool,
        mpsc::{Receiver, Sender, SyncSender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use crate::openapi::Description;

use super::{
    Host,
    analysis::{Analysis, Task, analyse},
    fix::{self, FixTask},
    server::Event,
};

/// The stack of a worker: that of a main thread, for documents that nest.
const STACK_BYTES: usize = 8 << 20;
/// How many documents are looked through for one that refers to a file, and for how long.
const SEARCHED_MAX: usize = 300;
const SEARCH_MAX: Duration = Duration::from_secs(5);
/// How long the list of the documents of a workspace is good.
const LIST_MAX: Duration = Duration::from_secs(30);

/// Something to do.
#[derive(Debug)]
pub(super) enum Job {
    /// To verify a description.
    Verify(Box<Task>),
    /// To find a document of the workspace that refers to a file.
    Search { file: PathBuf, task: Box<Task> },
    /// To apply all safe fixes on trial, and to answer with what comes of it.
    Fix(Box<FixTask>),
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Done {
    /// A description, or nothing where it was stopped, cannot be read or brought a panic.
    Verified { entry: PathBuf, stop: Arc<AtomicBool>, analysis: Option<Box<Analysis>> },
    /// The path of a document that refers to a file.
    Searched { file: PathBuf, entry: Option<PathBuf> },
    /// The answer to a request.
    Fixed { id: Json, result: Json },
    /// The verifier fell over a document.
    Panicked(String),
}

/// A thread that does one job after the other.
pub(super) fn hire(host: Arc<dyn Host>, events: SyncSender<Event>) -> Sender<Job> {
    let (sender, jobs) = channel();
    let builder = thread::Builder::new().name("treaty-worker".to_owned()).stack_size(STACK_BYTES);
    // Without a thread the jobs go nowhere: no diagnostics, but every message is answered.
    let _ = builder.spawn(move || work(&*host, &jobs, &events));
    sender
}

fn work(host: &dyn Host, jobs: &Receiver<Job>, events: &SyncSender<Event>) {
    let mut lists = Lists::new();
    while let Ok(job) = jobs.recv() {
        for done in do_one(host, job, &mut lists) {
            if events.send(Event::Done(done)).is_err() {
                return;
            }
        }
    }
}

/// The documents of a workspace, and since when they are known.
type Lists = BTreeMap<PathBuf, (Instant, Vec<PathBuf>)>;

fn do_one(host: &dyn Host, job: Job, lists: &mut Lists) -> Vec<Done> {
    match job {
        Job::Verify(task) => {
            let (entry, stop) = (task.entry.clone(), task.stop.clone());
            let name = task.path.display().to_string();
            let work = || analyse(host, *task).map(Box::new);
            let (analysis, panicked) = caught(work, &name);
            let done = Done::Verified { entry, stop, analysis: analysis.flatten() };
            panicked.into_iter().chain([done]).collect()
        }
        Job::Search { file, task } => {
            let name = file.display().to_string();
            let (entry, panicked) = caught(|| search(host, &file, &task, lists), &name);
            let done = Done::Searched { file, entry: entry.flatten() };
            panicked.into_iter().chain([done]).collect()
        }
        Job::Fix(task) => {
            let name = task.name();
            let id = task.id.clone();
            let (result, panicked) = caught(|| fix::fix_all(host, &task), &name);
            let done = Done::Fixed { id, result: result.unwrap_or(Json::Null) };
            panicked.into_iter().chain([done]).collect()
        }
    }
}

/// Does something that may panic.
fn caught<T>(work: impl FnOnce() -> T, name: &str) -> (Option<T>, Option<Done>) {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => (Some(done), None),
        Err(_) => (None, Some(Done::Panicked(name.to_owned()))),
    }
}

/// The first document of the workspace that a file belongs to.
fn search(host: &dyn Host, file: &PathBuf, task: &Task, lists: &mut Lists) -> Option<PathBuf> {
    let root = task.root.as_ref()?;
    let began = Instant::now();
    lists.retain(|_, (since, _)| since.elapsed() < LIST_MAX);
    let list = lists.entry(root.clone()).or_insert_with(|| (began, host.documents(root)));
    let found = list.1.iter().take(SEARCHED_MAX).find(|path| {
        if began.elapsed() > SEARCH_MAX {
            return false;
        }
        let entry = host.real_path(path);
        let task = Task { entry, path: (*path).clone(), ..task.clone() };
        let files = |description: Description| {
            let documents = description.documents().iter().skip(1);
            let paths = documents.map(|document| task.path_of(document, false));
            paths.map(|path| host.real_path(&path)).any(|real| real == *file)
        };
        task.load(host, &[]).is_some_and(files)
    });
    found.cloned()
}
