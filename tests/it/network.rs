//! Documents from the network: only from hosts that are allowed, and only as they were pinned.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use crate::program::Place;

/// What a server answers, by path: a status line with headers, and a body.
type Pages = Arc<Mutex<Vec<(&'static str, String, String)>>>;

/// A server of this machine.
struct Server {
    host: String,
    pages: Pages,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(pages: &[(&'static str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let pages = pages.iter().map(|(path, body)| (*path, ok(body), (*body).to_owned()));
        let pages: Pages = Arc::new(Mutex::new(pages.collect()));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (served, heard) = (Arc::clone(&pages), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let line = lines.next().unwrap().unwrap();
                let path = line.split(' ').nth(1).unwrap().to_owned();
                let _ = lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
                let pages = served.lock().unwrap();
                let page = pages.iter().find(|(it, ..)| *it == path);
                let (head, body) =
                    page.map_or(("404 Not Found", ""), |(_, head, body)| (head, body));
                let _ = write!(stream, "HTTP/1.1 {head}\r\nconnection: close\r\n\r\n{body}");
                heard.lock().unwrap().push(path);
            }
        });
        Self { host, pages, asked }
    }

    fn set(&self, path: &'static str, head: &str, body: &str) {
        let mut pages = self.pages.lock().unwrap();
        pages.retain(|(it, ..)| *it != path);
        pages.push((path, head.to_owned(), body.to_owned()));
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn ok(body: &str) -> String {
    format!("200 OK\r\ncontent-length: {}", body.len())
}

/// A contract whose schema is on the server.
fn contract(host: &str) -> Place {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    \
         Order: {{$ref: 'http://{host}/shared/order.yaml#/Order'}}\n"
    );
    Place::with(&[("openapi.yaml", &text)])
}

const ORDER: &str = "Order: {$ref: 'parts/total.yaml'}\n";
const TOTAL: &str = "type: datetime\n";

fn lint(place: &Place, more: &[&str]) -> (i32, Vec<String>, String) {
    let mut arguments = vec!["lint", "openapi.yaml", "--format", "json"];
    arguments.extend(more);
    let ran = place.treaty(&arguments);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let say = |it: &serde_json::Value| format!("{}: {}", it["path"], it["rule"]).replace('"', "");
    (ran.code, findings.iter().map(say).collect(), ran.err)
}

#[test]
fn nothing_is_fetched_unless_its_host_is_allowed() {
    let server = Server::new(&[("/shared/order.yaml", ORDER)]);
    let place = contract(&server.host);
    for more in [&[][..], &["--allow-host", "example.com"], &["--allow-host", "127.0.0.1"]] {
        let (code, findings, err) = lint(&place, more);
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(findings, ["openapi.yaml: unread-reference"]);
    }
    assert!(server.asked().is_empty());
    assert!(!place.path("treaty.lock").exists());
}

#[test]
fn what_is_fetched_is_verified_and_pinned() {
    let pages = [("/shared/order.yaml", ORDER), ("/shared/parts/total.yaml", TOTAL)];
    let server = Server::new(&pages);
    let place = contract(&server.host);
    let allowed = ["--allow-host", server.host.as_str()];
    let fault = format!("http://{}/shared/parts/total.yaml: unknown-type", server.host);
    let (code, findings, err) = lint(&place, &allowed);
    assert_eq!((code, findings), (1, vec![fault.clone()]));
    assert_eq!(err, "pinned in treaty.lock\n");
    assert_eq!(server.asked(), ["/shared/order.yaml", "/shared/parts/total.yaml"]);
    let lock = place.read("treaty.lock");
    assert_eq!(lock.matches("\"sha256:").count(), 2, "{lock}");
    let (code, findings, err) = lint(&place, &["--locked", "--allow-host", &server.host]);
    assert_eq!((code, findings, err.as_str()), (1, vec![fault], ""));

    server.set("/shared/parts/total.yaml", &ok("type: string\n"), "type: string\n");
    let (code, findings, err) = lint(&place, &allowed);
    assert_eq!(
        (code, findings),
        (2, vec![format!("http://{}/shared/order.yaml: unread-reference", server.host)])
    );
    assert!(err.contains("is not what was pinned") && err.contains("treaty.lock"), "{err}");
    assert_eq!(place.read("treaty.lock"), lock);

    std::fs::remove_file(place.path("treaty.lock")).unwrap();
    let (code, _, err) = lint(&place, &["--locked", "--allow-host", &server.host]);
    assert_eq!(code, 2);
    assert!(err.contains("is not pinned"), "{err}");
}

#[test]
fn what_cannot_be_fetched_does_not_pass() {
    let server = Server::new(&[]);
    let place = contract(&server.host);
    let cases = [
        ("404 Not Found", "", "the answer is 404"),
        ("302 Found\r\nlocation: http://example.com/x", "", "a place that is not allowed"),
        ("302 Found\r\nlocation: file:///etc/passwd", "", "a place that is not allowed"),
        ("200 OK", &"x".repeat(300), "cannot fetch"),
    ];
    for (head, body, said) in cases {
        server.set("/shared/order.yaml", head, body);
        let more = ["--allow-host", server.host.as_str(), "--max-bytes", "250"];
        let (code, findings, err) = lint(&place, &more);
        assert_eq!(code, 2, "{head}");
        assert_eq!(findings, ["openapi.yaml: unread-reference"]);
        assert!(err.contains(said), "{err}");
        assert!(!place.path("treaty.lock").exists());
    }
    place.file("treaty.lock", "{\"version\": 9, \"fetched\": {}}");
    let ran = place.treaty(&["lint", "openapi.yaml", "--allow-host", &server.host]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("this program knows version 1"), "{}", ran.err);
}
