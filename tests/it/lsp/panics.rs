//! A verifier that falls over a document takes nothing with it.

use std::{
    io::{BufReader, Cursor, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
};

use serde_json::{Value as Json, json};
use treaty::{
    openapi::{Description, NoFiles, Source},
    ruleset::{Profile, Rule, Ruleset},
    serve::{Host, Rules, Streams, Texts, serve},
    verify::{self, Lint},
};

/// A machine on which one document is a trap.
#[derive(Debug)]
struct Trap;

impl Host for Trap {
    fn source<'s>(
        &'s self,
        _: &'s Path,
        texts: &'s Texts,
    ) -> std::io::Result<Box<dyn Source + 's>> {
        let is_trap = |text: &Vec<u8>| String::from_utf8_lossy(text).contains("title: trap");
        assert!(!texts.values().any(is_trap), "the trap is sprung");
        Ok(Box::new(NoFiles))
    }

    fn real_path(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn documents(&self, _: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    fn is_openapi(&self, _: &[u8]) -> bool {
        true
    }

    fn rules(&self, _: &Path, _: Option<&Path>) -> (Arc<dyn Rules>, Option<String>) {
        (Arc::new(All(Ruleset::built_in(Profile::Recommended))), None)
    }
}

/// All recommended rules.
#[derive(Debug)]
struct All(Ruleset);

impl Rules for All {
    fn lint(
        &self,
        description: &Description,
        findings_max: usize,
        stop: &dyn Fn() -> bool,
    ) -> Lint {
        let options = verify::Options { findings_max, stop, ..verify::Options::default() };
        verify::lint(description, &self.0, &options)
    }

    fn rule(&self, id: &str) -> Option<&Rule> {
        self.0.catalog().get(id)
    }
}

/// What is said, chunk by chunk; it ends when the other end does.
struct Said(mpsc::Receiver<Vec<u8>>, Cursor<Vec<u8>>);

impl Read for Said {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.1.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            match self.0.recv() {
                Ok(bytes) => self.1 = Cursor::new(bytes),
                Err(_) => return Ok(0),
            }
        }
    }
}

/// What is heard, and a word whenever there is more.
#[derive(Clone)]
struct Heard(Arc<Mutex<Vec<u8>>>, mpsc::Sender<()>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        let _ = self.1.send(());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_costs_one_result() {
    let (say, said) = mpsc::channel();
    let (word, more) = mpsc::channel();
    let heard = Heard(Arc::default(), word);
    let streams = Streams {
        input: Box::new(BufReader::new(Said(said, Cursor::default()))),
        output: Box::new(heard.clone()),
    };
    let server = std::thread::spawn(|| serve(streams, Arc::new(Trap)));
    let send = |message: Json| {
        let text = message.to_string();
        say.send(format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes()).unwrap();
    };
    let wait_for = |what: &str| {
        while !String::from_utf8_lossy(&heard.0.lock().unwrap()).contains(what) {
            more.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
        }
    };
    let open = |uri: &str, title: &str| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{ title: {title}, version: '1', x: 1 }}\npaths: {{}}\n"
        );
        json!({ "method": "textDocument/didOpen", "params": { "textDocument": {
            "uri": uri, "languageId": "yaml", "version": 1, "text": text } } })
    };
    send(json!({ "id": 1, "method": "initialize", "params": {} }));
    send(open("file:///a/trap.yaml", "trap"));
    wait_for("the verifier fell over /a/trap.yaml");
    send(json!({ "id": 2, "method": "textDocument/hover", "params": {
        "textDocument": { "uri": "file:///a/trap.yaml" }, "position": { "line": 0, "character": 0 } } }));
    wait_for("\"id\":2");
    send(json!({ "method": "textDocument/didClose", "params": {
        "textDocument": { "uri": "file:///a/trap.yaml" } } }));
    send(open("file:///a/good.yaml", "good"));
    wait_for("unknown-field");
    send(json!({ "id": 3, "method": "shutdown" }));
    send(json!({ "method": "exit" }));
    assert!(server.join().unwrap().unwrap());
}
