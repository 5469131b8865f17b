//! A model behind TLS: the certificates that count are those of the system.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::program::{Place, treaty};

use super::whole::has;

/// A running server, which ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts the server with a certificate for `localhost`; gives the port too.
    fn start(folder: &Path) -> (Self, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/seats/tls/server.py");
        let mut child = Command::new("python3")
            .arg(script)
            .args(["server.pem", "server.key"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        (Self(child), port.trim().to_owned())
    }
}

/// Makes an authority of our own, and a certificate for `localhost` that it signed.
fn certificates(folder: &Path) {
    let commands = [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority \
         -addext basicConstraints=critical,CA:TRUE",
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=localhost",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 \
         -extfile names",
    ];
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    for command in commands {
        let mut openssl = Command::new("openssl");
        openssl.args(command.split_whitespace()).current_dir(folder);
        let made = openssl.output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
}

#[test]
fn only_a_certificate_that_the_system_trusts_will_do() {
    if !has("python3") || !has("openssl") {
        return;
    }
    let place = Place::empty();
    let folder = place.path("");
    certificates(&folder);
    let (_server, port) = Server::start(&folder);
    let http = format!("{{ url: \"https://localhost:{port}/v1\", model: m }}");
    place.file(
        "talk/treaty.yaml",
        "version: 1\nparties: { shop: { agent: S }, erp: { agent: E } }\n",
    );
    place.file("talk/shop.mandate.yaml", format!("party: shop\nseat: {{ http: {http} }}\n"));
    place.file("talk/erp.mandate.yaml", "party: erp\n");
    let outcome = |out: &str, trusted: &str| {
        let trusted = place.path(trusted);
        let path = std::env::var("PATH").unwrap();
        let environment = [
            ("PATH", path.as_str()),
            ("OPENAI_API_KEY", "sk-test"),
            ("SSL_CERT_FILE", trusted.to_str().unwrap()),
        ];
        let arguments = ["negotiate", "talk", "--format", "json", "--out", out];
        treaty(&folder, &arguments, &environment, "").json()["outcome"].clone()
    };
    assert_eq!(outcome("trusted", "ca.pem"), "withdrawn");
    place.file("other/names", "");
    certificates(&place.path("other"));
    assert_eq!(outcome("unknown", "other/ca.pem"), "failed-seat");
    let log = place.read("unknown.private/shop/agent.log");
    assert!(log.contains("invalid peer certificate"), "{log}");
}
