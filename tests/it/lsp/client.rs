//! A client that waits for what it is told.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value as Json, json};

use crate::program::Place;

/// How long the slowest machine may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The server's process and the two ends of its stream.
pub(super) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Json>,
    next: i32,
    /// Every message that was no answer.
    pub(super) heard: Vec<Json>,
}

impl Client {
    pub(super) fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_treaty"))
            .args(["lsp", "--stdio"])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stream = BufReader::new(child.stdout.take().unwrap());
        let (sender, output) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stream) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, output, next: 1, heard: Vec::new() }
    }

    /// Writes bytes as they are; a server that is gone does not hear them.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    pub(super) fn send(&mut self, message: &Json) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(super) fn notify(&mut self, method: &str, params: impl Into<Json>) {
        let params = params.into();
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks, without waiting for the answer.
    pub(super) fn begin(&mut self, method: &str, params: impl Into<Json>) -> i32 {
        let params = params.into();
        let id = self.next;
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The next message; nothing where there is none any more.
    pub(super) fn message(&mut self) -> Option<Json> {
        match self.output.recv_timeout(PATIENCE) {
            Ok(message) => Some(message),
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => None,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                panic!("nothing was said; heard before: {:#?}", self.heard)
            }
        }
    }

    /// The answer to a question.
    pub(super) fn answer(&mut self, id: impl Into<Json>) -> Json {
        let id = id.into();
        loop {
            let message = self.message().expect("an answer");
            if message.get("method").is_none() && message["id"] == id {
                return message;
            }
            self.heard.push(message);
        }
    }

    pub(super) fn ask(&mut self, method: &str, params: impl Into<Json>) -> Json {
        let id = self.begin(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    pub(super) fn error(&mut self, method: &str, params: impl Into<Json>) -> Json {
        let id = self.begin(method, params);
        let answer = self.answer(id);
        assert!(answer.get("result").is_none(), "{answer}");
        answer["error"].clone()
    }

    /// Ends the stream; the exit code and what was said on standard error.
    pub(super) fn end(mut self) -> (i32, String) {
        self.input.take();
        while self.message().is_some() {}
        let mut err = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), err)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stream: &mut impl BufRead) -> Option<Json> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let length = line.strip_prefix("Content-Length: ").unwrap().trim().parse().unwrap();
    line.clear();
    stream.read_line(&mut line).unwrap();
    assert_eq!(line, "\r\n");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    Some(serde_json::from_slice(&body).unwrap())
}

/// A client in a workspace of its own.
pub(super) struct Session {
    pub(super) place: Place,
    pub(super) client: Client,
    versions: HashMap<String, i32>,
    last: HashMap<String, Json>,
}

impl Session {
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let capabilities = json!({
            "textDocument": {
                "codeAction": { "codeActionLiteralSupport": {} },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "publishDiagnostics": { "relatedInformation": true, "versionSupport": true },
                "hover": { "contentFormat": ["markdown"] },
            },
            "workspace": { "workspaceEdit": { "documentChanges": true } },
        });
        Self::of(files, &capabilities)
    }

    pub(super) fn of(files: &[(&str, &str)], capabilities: &Json) -> Self {
        let place = Place::with(files);
        let mut client = Client::start();
        let root = format!("file://{}", place.path("").display());
        let folders = json!([{ "uri": root, "name": "workspace" }]);
        client.ask(
            "initialize",
            json!({ "processId": null, "workspaceFolders": folders, "capabilities": capabilities }),
        );
        client.notify("initialized", json!({}));
        Self { place, client, versions: HashMap::new(), last: HashMap::new() }
    }

    pub(super) fn uri(&self, path: &str) -> String {
        format!("file://{}", self.place.path(path).display())
    }

    pub(super) fn open(&mut self, path: &str, text: &str) {
        self.open_uri(&self.uri(path), text);
    }

    pub(super) fn open_uri(&mut self, uri: &str, text: &str) {
        self.versions.insert(uri.to_owned(), 1);
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.client.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(super) fn change(&mut self, path: &str, changes: &Json) {
        let uri = self.uri(path);
        let version = self.versions.get_mut(&uri).unwrap();
        *version += 1;
        let document = json!({ "uri": uri, "version": *version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.client.notify("textDocument/didChange", params);
    }

    pub(super) fn edit(&mut self, path: &str, l: u32, c: u32, end_l: u32, end_c: u32, text: &str) {
        let start = json!({ "line": l, "character": c });
        let end = json!({ "line": end_l, "character": end_c });
        let change = json!({ "range": { "start": start, "end": end }, "text": text });
        self.change(path, &json!([change]));
    }

    pub(super) fn close(&mut self, path: &str) {
        let document = json!({ "uri": self.uri(path) });
        self.client.notify("textDocument/didClose", json!({ "textDocument": document }));
    }

    /// The diagnostics that are told next of a file. Said again they are nothing new: how often a
    /// server looks depends on the clock.
    pub(super) fn diagnostics(&mut self, path: &str) -> Json {
        self.diagnostics_of(&self.uri(path))
    }

    pub(super) fn diagnostics_of(&mut self, uri: &str) -> Json {
        loop {
            let own = |it: &Json| {
                it["method"] == "textDocument/publishDiagnostics" && it["params"]["uri"] == uri
            };
            if let Some(at) = self.client.heard.iter().position(own) {
                let told = self.client.heard.remove(at)["params"]["diagnostics"].clone();
                if self.last.insert(uri.to_owned(), told.clone()).as_ref() == Some(&told) {
                    continue;
                }
                return told;
            }
            let message = self.client.message().expect("diagnostics");
            self.client.heard.push(message);
        }
    }

    /// The diagnostics of a file that were told and not looked at yet.
    pub(super) fn told(&self, path: &str) -> Option<&Json> {
        let uri = self.uri(path);
        self.client.heard.iter().find(|it| it["params"]["uri"] == uri.as_str())
    }

    pub(super) fn heard(&self) -> &[Json] {
        &self.client.heard
    }

    /// Asks something of a place in a file.
    pub(super) fn at(&mut self, method: &str, path: &str, line: u32, character: u32) -> Json {
        let params = json!({
            "textDocument": { "uri": self.uri(path) },
            "position": { "line": line, "character": character },
        });
        self.client.ask(method, params)
    }

    pub(super) fn end(mut self) {
        assert_eq!(self.client.ask("shutdown", Json::Null), Json::Null);
        self.client.notify("exit", Json::Null);
        assert_eq!(self.client.end(), (0, String::new()));
    }
}
