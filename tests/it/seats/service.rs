//! A service on this machine that answers as it is told: one answer a connection.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// What the service does with a connection.
pub(crate) enum Play {
    /// It answers with a status, headers and a body.
    Answer(u16, String, String),
    /// It breaks off in the middle of a body.
    Cut,
    /// It says nothing at all.
    Silent,
    /// It sends a byte now and then.
    Slow,
    /// It never stops sending.
    Endless,
    /// It answers what a function makes of the question.
    Made(fn(&Asked) -> String),
}

/// A question as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: Value,
}

/// The service; it ends with the test.
pub(crate) struct Service {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Service {
    /// A service that plays these answers, and the last one for ever, to at most 64 questions.
    pub(crate) fn new(plays: Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        thread::spawn(move || {
            for (number, stream) in listener.incoming().take(64).enumerate() {
                let play = plays.get(number).or(plays.last()).unwrap();
                serve(stream.unwrap(), play, &seen);
            }
        });
        Self { url, asked }
    }

    /// An address at which nobody is.
    pub(crate) fn named(url: String) -> Self {
        Self { url, asked: Arc::default() }
    }

    /// The questions so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, play: &Play, seen: &Mutex<Vec<Asked>>) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1).unwrap();
    let length = length.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let asked = Asked { head, body: serde_json::from_slice(&body).unwrap() };
    seen.lock().unwrap().push(asked.clone());
    let head = |length: usize| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    // A client that has gone away is part of some plays.
    let _ = match play {
        Play::Answer(status, headers, body) => write!(
            stream,
            "HTTP/1.1 {status} It\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
        Play::Made(make) => {
            let body = make(&asked);
            write!(
                stream,
                "{}{body}",
                head(body.len()).replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")
            )
        }
        Play::Cut => write!(stream, "{}{{\"choices\":", head(1000)),
        Play::Silent => {
            thread::sleep(Duration::from_secs(2));
            Ok(())
        }
        Play::Slow => {
            let slowly = |byte: u8| {
                thread::sleep(Duration::from_millis(50));
                stream.write_all(&[byte]).and_then(|()| stream.flush())
            };
            head(1000).bytes().chain([b' '; 40]).try_for_each(slowly)
        }
        Play::Endless => {
            let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
            let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            let mut sent = stream.write_all(start.as_bytes());
            for _ in 0..1024 {
                sent = sent.and_then(|()| stream.write_all(chunk.as_bytes()));
            }
            sent
        }
    };
}

/// A status with headers and no body to speak of.
pub(crate) fn status(status: u16, headers: &str) -> Play {
    Play::Answer(status, headers.to_owned(), "{\"error\":{\"message\":\"busy\"}}".to_owned())
}

/// A body as it is.
pub(crate) fn body(body: &str) -> Play {
    Play::Answer(200, "content-type: application/json\r\n".to_owned(), body.to_owned())
}

/// A reply in the words of chat completions.
pub(crate) fn chat(words: &str) -> Play {
    body(&chat_text(words))
}

/// The body of such a reply.
pub(crate) fn chat_text(words: &str) -> String {
    let message = json!({ "role": "assistant", "content": words });
    json!({
        "choices": [{ "message": message, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000 },
    })
    .to_string()
}
