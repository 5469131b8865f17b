//! The language server, spoken to as editors speak to it.

mod client;
mod edits;
mod hostile;
mod panics;
mod questions;

use serde_json::{Value as Json, json};

use client::{Client, Session};

const FAULTY: &str = "\
openapi: 3.1.0
info: { title: Pets, version: 1.0.0 }
paths:
  /pets:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Pet' }
components:
  schemas:
    Pet:
      type: object
      properties:
        born: { type: datetime }
";

/// The rules of some diagnostics, with the lines on which they stand.
fn rules(diagnostics: &Json) -> Vec<String> {
    let all = diagnostics.as_array().unwrap().iter();
    all.map(|it| format!("{} {}", it["range"]["start"]["line"], it["code"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_session_begins_and_ends_as_the_protocol_says() {
    let mut client = Client::start();
    assert_eq!(client.error("textDocument/hover", json!({}))["code"], -32002);
    client.notify("textDocument/didOpen", json!({ "textDocument": {} }));
    let welcome = client.ask("initialize", json!({ "capabilities": {} }));
    assert_eq!(welcome["serverInfo"]["name"], "treaty");
    assert_eq!(welcome["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(welcome["capabilities"]["textDocumentSync"]["change"], 2);
    client.notify("initialized", json!({}));
    assert_eq!(client.error("initialize", json!({}))["code"], -32600);
    assert_eq!(client.error("no/such", json!({}))["code"], -32601);
    client.notify("$/no/such", json!({}));
    assert_eq!(client.ask("shutdown", Json::Null), Json::Null);
    assert_eq!(client.error("textDocument/hover", json!({}))["code"], -32600);
    client.notify("exit", Json::Null);
    assert_eq!(client.end(), (0, String::new()));

    let mut client = Client::start();
    client.notify("exit", Json::Null);
    assert_eq!(client.end().0, 1, "without shutdown");
    let client = Client::start();
    assert_eq!(client.end().0, 1, "the stream ends");
}

#[test]
fn diagnostics_come_as_the_text_changes() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    let told = session.diagnostics("openapi.yaml");
    assert_eq!(rules(&told), ["4 missing-operation-id", "16 unknown-type"]);
    let unknown = &told[1];
    assert_eq!(unknown["range"]["start"], json!({ "line": 16, "character": 22 }));
    assert_eq!(unknown["range"]["end"], json!({ "line": 16, "character": 30 }));
    assert_eq!(unknown["severity"], 1);
    assert_eq!(unknown["source"], "treaty");
    assert_eq!(
        unknown["message"],
        "there is no type `datetime`\nhelp: write `type: string, format: date-time`"
    );
    assert!(unknown["codeDescription"]["href"].as_str().unwrap().starts_with("https://"));
    session.edit("openapi.yaml", 16, 22, 16, 30, "string");
    assert_eq!(rules(&session.diagnostics("openapi.yaml")), ["4 missing-operation-id"]);
    session.edit("openapi.yaml", 5, 6, 5, 6, "operationId: '😀 é'\n      ");
    let told = session.diagnostics("openapi.yaml");
    assert_eq!(rules(&told), ["5 unusable-operation-id"], "{told}");
    assert_eq!(told[0]["range"]["end"], json!({ "line": 5, "character": 25 }));
    session.close("openapi.yaml");
    assert_eq!(session.diagnostics("openapi.yaml"), json!([]));
    session.end();
}

#[test]
fn what_is_open_stands_in_place_of_files() {
    let entry =
        "openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths:\n  /a: { $ref: parts/a.yaml }\n";
    let part = "get:\n  operationId: a\n  responses:\n    '200': { $ref: 'b.yaml#/ok' }\n";
    let session = Session::with(&[
        ("openapi.yaml", entry),
        ("parts/a.yaml", part),
        ("parts/b.yaml", "ok: { description: ok }\n"),
        ("docker-compose.yaml", "services: {}\n"),
    ]);
    let mut session = session;
    // A part is verified through the document that refers to it.
    session.open("parts/a.yaml", &part.replace("ok'", "no'"));
    let told = session.diagnostics("parts/a.yaml");
    assert_eq!(rules(&told), ["3 unresolved-reference"]);
    session.open("parts/b.yaml", "ok: { description: ok }\nno: { descriptionn: ok }\n");
    assert_eq!(session.diagnostics("parts/a.yaml"), json!([]));
    assert_eq!(rules(&session.diagnostics("parts/b.yaml")), ["1 unknown-field"]);
    // What is no OpenAPI document and belongs to none is left alone.
    session.open("docker-compose.yaml", "services: {}\n");
    session.open("fresh.yaml", entry);
    assert_eq!(session.diagnostics("fresh.yaml").as_array().unwrap().len(), 0);
    assert_eq!(session.told("docker-compose.yaml"), None);
    session.close("parts/b.yaml");
    assert_eq!(rules(&session.diagnostics("parts/a.yaml")), ["3 unresolved-reference"]);
    // The same version is another text now.
    session.open("parts/b.yaml", "# one\nok: {}\nno: { description: ok }\n");
    assert_eq!(session.diagnostics("parts/a.yaml"), json!([]));
    let place = session.at("textDocument/definition", "parts/a.yaml", 3, 25);
    assert_eq!(place["uri"], session.uri("parts/b.yaml").as_str());
    assert_eq!(place["range"]["start"]["line"], 2);
    session.end();
}

#[test]
fn nothing_outside_the_workspace_is_read() {
    let outside = crate::program::Place::with(&[("secret.yaml", "a: { type: strin }\n")]);
    let secret = outside.path("secret.yaml");
    let mut session = Session::with(&[]);
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: a, version: '1' }}\npaths: {{}}\ncomponents:\n  schemas:\n    A: {{ $ref: '{}#/a' }}\n    B: {{ $ref: 'https://example.com/x' }}\n",
        secret.display()
    );
    session.open("openapi.yaml", &text);
    let told = session.diagnostics("openapi.yaml");
    assert_eq!(rules(&told), ["5 unread-reference", "6 unread-reference"]);
    assert_eq!(told[0]["severity"], 3);
    assert!(session.heard().iter().all(|it| !it.to_string().contains("secret.yaml\",\"version")));
    session.end();
}

#[test]
fn a_text_that_was_never_saved_is_verified_alone() {
    let mut session = Session::with(&[("other.yaml", "a: {}\n")]);
    session.open_uri(
        "untitled:Untitled-1",
        &FAULTY.replace("'#/components/schemas/Pet'", "other.yaml#/a"),
    );
    let told = session.diagnostics_of("untitled:Untitled-1");
    assert_eq!(
        rules(&told),
        [
            "4 missing-operation-id",
            "10 unresolved-reference",
            "13 unused-component",
            "16 unknown-type"
        ]
    );
    session.end();
}

#[test]
fn what_hides_in_a_text_shows_in_diagnostics() {
    let mut session = Session::with(&[]);
    session.open(
        "openapi.yaml",
        "openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n    A: { type: \"x\\u202e\\n\\e[31m`*y\" }\n",
    );
    let told = session.diagnostics("openapi.yaml");
    let all = told.to_string();
    assert!(all.contains("\\\\u{202e}\\\\n\\\\u{1b}[31m"), "{all}");
    assert!(!all.contains('\u{202e}') && !all.contains("\\u001b"), "{all}");
    session.end();
}

#[test]
fn the_configuration_holds_in_an_editor_as_in_a_lint() {
    let config = "version: 1\nrules: { unknown-type: warn }\nwaivers:\n  - { rule: missing-operation-id, pointers: [/paths/~1pets], reason: nobody calls it }\n";
    let mut session = Session::with(&[("treaty.yaml", config), ("openapi.yaml", FAULTY)]);
    session.open("openapi.yaml", FAULTY);
    let told = session.diagnostics("openapi.yaml");
    assert_eq!(rules(&told), ["16 unknown-type"]);
    assert_eq!(told[0]["severity"], 2);
    let lint = session.place.treaty(&["lint", "openapi.yaml", "--format", "json"]).json();
    let linted: Vec<_> =
        lint["findings"].as_array().unwrap().iter().map(|it| &it["rule"]).collect();
    assert_eq!(linted, ["unknown-type"]);
    session.place.file("treaty.yaml", "version: 1\nrules: { unknown-typ: off }\n");
    session.client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(
        rules(&session.diagnostics("openapi.yaml")),
        ["4 missing-operation-id", "16 unknown-type"]
    );
    session.at("textDocument/hover", "openapi.yaml", 0, 0);
    let said = session.heard().iter().find(|it| it["method"] == "window/showMessage").unwrap();
    let said = said["params"]["message"].as_str().unwrap();
    assert!(
        said.contains("treaty.yaml") && said.contains("did you mean `unknown-type`?"),
        "{said}"
    );
    session.end();
}
