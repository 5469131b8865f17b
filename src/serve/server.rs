//! The session: what comes in, in order, and what goes out.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
    path::PathBuf,
    sync::{
        Arc,
        atomic::AtomicBool,
        mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::{
    Host, Streams,
    analysis::Buffer,
    client::{Ability, Client},
    diagnostics,
    documents::Documents,
    questions::Waiting,
    text::Text,
    uri,
    wire::{self, Incoming, WireError, answer, code, notification, refusal},
    worker::{Done, Job, hire},
};

/// How many messages wait before the stream has to.
const EVENTS_MAX: usize = 256;
/// How long the last answers may take on their way out.
const FAREWELL: Duration = Duration::from_secs(2);

/// What the session hears.
#[derive(Debug)]
pub(super) enum Event {
    /// The editor said something.
    Message(Incoming),
    /// The stream ended, or cannot be followed.
    End(Result<(), WireError>),
    /// A worker has done something.
    Done(Done),
}

/// How far the session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Fresh,
    Running,
    ShutDown,
}

/// Serves one editor until it says `exit`; true where it said `shutdown` before.
pub fn serve(streams: Streams, host: Arc<dyn Host>) -> Result<bool, WireError> {
    let (events, inbox) = sync_channel(EVENTS_MAX);
    let (outbox, farewell) = send_all(streams.output)?;
    let verifier = hire(host.clone(), events.clone());
    let mender = hire(host.clone(), events.clone());
    let input = streams.input;
    thread::Builder::new().spawn(move || hear_all(input, &events))?;
    let mut server = Server {
        host,
        client: Client::default(),
        phase: Phase::Fresh,
        documents: Documents::default(),
        waiting: Vec::new(),
        told: BTreeMap::new(),
        trouble: None,
        outbox,
        verifier,
        mender,
    };
    let end = server.run(&inbox);
    let is_over = server.phase == Phase::ShutDown;
    drop(server);
    let _ = farewell.recv_timeout(FAREWELL);
    end.map(|()| is_over)
}

/// Hands every message on, up to the last one.
fn hear_all(mut input: Box<dyn BufRead + Send>, events: &SyncSender<Event>) {
    loop {
        let (event, is_last) = match wire::read(&mut input) {
            Ok(Some(message)) => {
                let is_exit =
                    matches!(&message, Incoming::Notification { method, .. } if method == "exit");
                (Event::Message(message), is_exit)
            }
            Ok(None) => (Event::End(Ok(())), true),
            Err(error) => (Event::End(Err(error)), true),
        };
        if events.send(event).is_err() || is_last {
            return;
        }
    }
}

/// Where messages go, so that an editor that does not listen holds up nothing; the other end says
/// when all are out.
fn send_all(mut output: Box<dyn Write + Send>) -> io::Result<(Sender<Json>, Receiver<()>)> {
    let (outbox, messages) = channel::<Json>();
    let (done, farewell) = channel();
    thread::Builder::new().spawn(move || {
        while let Ok(message) = messages.recv() {
            if wire::write(&message, &mut output).is_err() {
                break;
            }
        }
        let _ = done.send(());
    })?;
    Ok((outbox, farewell))
}

/// The state of a session.
pub(super) struct Server {
    pub(super) host: Arc<dyn Host>,
    pub(super) client: Client,
    phase: Phase,
    pub(super) documents: Documents,
    /// The questions that wait for what is being found out.
    pub(super) waiting: Vec<Waiting>,
    /// The diagnostics that the editor knows, by real path.
    told: BTreeMap<PathBuf, (Uri, Json)>,
    /// What is wrong with the configuration, as the editor was told.
    trouble: Option<String>,
    outbox: Sender<Json>,
    verifier: Sender<Job>,
    pub(super) mender: Sender<Job>,
}

impl Server {
    fn run(&mut self, inbox: &Receiver<Event>) -> Result<(), WireError> {
        loop {
            let event = match self.documents.next_due() {
                Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match event {
                Ok(Event::Message(Incoming::Notification { method, .. })) if method == "exit" => {
                    return Ok(());
                }
                Ok(Event::Message(message)) => self.hear(message),
                Ok(Event::Done(done)) => self.take(done),
                Ok(Event::End(end)) => return end,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if let Some(task) = self.documents.take_due(&self.client, Instant::now()) {
                let _ = self.verifier.send(Job::Verify(Box::new(task)));
            }
        }
    }

    /// Sends a message.
    pub(super) fn send(&self, message: Json) {
        let _ = self.outbox.send(message);
    }

    fn hear(&mut self, message: Incoming) {
        match message {
            Incoming::Request { id, method, params } => match (self.phase, &*method) {
                (Phase::Fresh, "initialize") => {
                    self.client = Client::new(&params);
                    self.phase = Phase::Running;
                    self.send(answer(&id, &json!(self.client.welcome())));
                }
                (Phase::Fresh, _) => {
                    self.send(refusal(&id, code::NOT_INITIALIZED, "`initialize` comes first"));
                }
                (Phase::Running, "shutdown") => {
                    self.phase = Phase::ShutDown;
                    for waiting in std::mem::take(&mut self.waiting) {
                        self.send(refusal(&waiting.id, code::CANCELLED, "the server shuts down"));
                    }
                    self.send(answer(&id, &Json::Null));
                }
                (Phase::Running, "initialize") => {
                    self.send(refusal(&id, code::INVALID_REQUEST, "`initialize` comes once"));
                }
                (Phase::Running, _) => self.ask(id, &method, params),
                (Phase::ShutDown, _) => {
                    self.send(refusal(&id, code::INVALID_REQUEST, "the server is shut down"));
                }
            },
            Incoming::Notification { method, params } if self.phase == Phase::Running => {
                self.note(&method, params);
            }
            Incoming::Notification { .. } | Incoming::Response => {}
            Incoming::Garbage(code, why) => self.send(refusal(&Json::Null, code, why)),
        }
    }

    fn note(&mut self, method: &str, params: Json) {
        match method {
            "initialized" if self.client.can(Ability::Watcher) => {
                let watchers = json!([{ "globPattern": "**/*.{yaml,yml,json}" }]);
                let registration = json!({
                    "id": "watch",
                    "method": "workspace/didChangeWatchedFiles",
                    "registerOptions": { "watchers": watchers },
                });
                self.send(json!({
                    "jsonrpc": "2.0",
                    "id": "watch",
                    "method": "client/registerCapability",
                    "params": { "registrations": [registration] },
                }));
            }
            "textDocument/didOpen" => self.with(params, Self::open),
            "textDocument/didChange" => self.with(params, Self::change),
            "textDocument/didClose" => self.with(params, |server, params| server.close(&params)),
            // A file beside the open ones may be another one now.
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.documents.touch(None, Instant::now());
            }
            "workspace/didChangeWorkspaceFolders" => {
                self.client.change_roots(params.get("event").unwrap_or(&Json::Null));
                self.documents.touch(None, Instant::now());
            }
            "$/cancelRequest" => self.cancel(params.get("id").unwrap_or(&Json::Null)),
            _ => {}
        }
    }

    /// Reads what a notification says; one that says something else is passed over.
    fn with<P: DeserializeOwned>(&mut self, params: Json, then: impl FnOnce(&mut Self, P)) {
        match serde_json::from_value(params) {
            Ok(params) => then(self, params),
            Err(error) => self.log(&format!("a notification is not understood: {error}")),
        }
    }

    /// Tells the editor's log something.
    fn log(&self, text: &str) {
        let text = diagnostics::shown(text);
        self.send(notification("window/logMessage", &json!({ "type": 2, "message": text })));
    }

    /// The real path of a text, and its path where it is a file.
    pub(super) fn paths(&self, uri: &Uri) -> (PathBuf, Option<PathBuf>) {
        match uri::to_path(uri.as_str()) {
            Some(path) => (self.host.real_path(&path), Some(path)),
            None => (PathBuf::from(uri.as_str()), None),
        }
    }

    fn open(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let (real, path) = self.paths(&document.uri);
        let text = Arc::new(Text::new(document.text, self.client.encoding));
        let buffer = Buffer { uri: document.uri, version: document.version, path, text };
        self.set(real, buffer);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let (real, _) = self.paths(&document.uri);
        let Some(buffer) = self.documents.open.get(&real) else {
            self.log(&format!("{} changed and is not open", document.uri.as_str()));
            return;
        };
        let mut buffer = buffer.clone();
        buffer.version = document.version;
        let text = Arc::make_mut(&mut buffer.text);
        for change in params.content_changes {
            text.edit(change.range, &change.text);
        }
        self.set(real, buffer);
    }

    fn set(&mut self, real: PathBuf, buffer: Buffer) {
        let path = buffer.path.clone();
        let to_find = self.documents.set(real, buffer, &*self.host);
        if let (Some(file), Some(path)) = (to_find, path) {
            let stop = Arc::new(AtomicBool::new(false));
            let task = self.documents.task(file.clone(), path, &self.client, stop);
            let _ = self.verifier.send(Job::Search { file, task: Box::new(task) });
        }
    }

    fn close(&mut self, params: &DidCloseTextDocumentParams) {
        let (real, _) = self.paths(&params.text_document.uri);
        self.documents.close(&real);
        self.tell();
        self.answer_waiting();
    }

    fn take(&mut self, done: Done) {
        match done {
            Done::Verified { entry, stop, analysis } => {
                let trouble = analysis.as_ref().map(|it| it.trouble.clone());
                self.documents.verified(&entry, &stop, analysis);
                self.tell();
                self.warn(trouble.unwrap_or_else(|| self.trouble.clone()));
            }
            Done::Searched { file, entry } => {
                self.documents.searched(&file);
                if let Some(path) = entry {
                    let real = self.host.real_path(&path);
                    self.documents.enter(real, path, Instant::now());
                }
            }
            Done::Fixed { id, result } => self.send(answer(&id, &result)),
            Done::Panicked(name) => {
                self.log(&format!("the verifier fell over {name}: please report it"));
            }
        }
        self.answer_waiting();
    }

    /// Says what is wrong with the configuration, once.
    fn warn(&mut self, trouble: Option<String>) {
        if let Some(text) = trouble.as_ref().filter(|_| trouble != self.trouble) {
            let text = diagnostics::shown(&format!("treaty: {text}"));
            self.send(notification("window/showMessage", &json!({ "type": 1, "message": text })));
        }
        self.trouble = trouble;
    }

    /// Tells the editor the diagnostics that have changed.
    fn tell(&mut self) {
        let mut fresh = diagnostics::all(&self.documents, &self.client);
        let gone: Vec<_> =
            self.told.keys().filter(|real| !fresh.contains_key(*real)).cloned().collect();
        for real in gone {
            if let Some((uri, _)) = self.told.remove(&real) {
                let params = json!({ "uri": uri, "diagnostics": [] });
                self.send(notification("textDocument/publishDiagnostics", &params));
            }
        }
        while let Some((real, (uri, mut params, is_fresh))) = fresh.pop_first() {
            let is_known = match self.told.get(&real) {
                // What was found in a text that has changed stays as it was told, or untold.
                _ if !is_fresh => true,
                Some((_, known)) => *known == params,
                // Of a file that is not open, silence says that nothing is wrong.
                None => is_silent(&params),
            };
            if !is_known {
                self.told.insert(real, (uri, params.clone()));
                if let Some(params) = params.as_object_mut() {
                    params.retain(|_, value| !value.is_null());
                }
                self.send(notification("textDocument/publishDiagnostics", &params));
            }
        }
    }
}

/// Whether there is nothing to tell of a file that is not open.
fn is_silent(params: &Json) -> bool {
    let diagnostics = params.get("diagnostics").and_then(Json::as_array);
    params.get("version").is_none_or(Json::is_null) && diagnostics.is_none_or(Vec::is_empty)
}
