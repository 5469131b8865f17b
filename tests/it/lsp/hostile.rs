//! Editors that break the protocol, and documents that are large or broken.

use serde_json::{Value as Json, json};

use super::{
    FAULTY,
    client::{Client, Session},
    rules,
};

fn running() -> Client {
    let mut client = Client::start();
    client.ask("initialize", json!({ "capabilities": {} }));
    client
}

#[test]
fn what_is_no_message_is_answered_and_passed_over() {
    let mut client = running();
    for (body, code) in [
        ("{", -32700),
        ("\u{feff}\"", -32700),
        ("[1, 2]", -32600),
        ("\"text\"", -32600),
        ("{}", -32600),
        ("{\"id\": {}, \"method\": \"x\"}", -32600),
        ("{\"method\": 7}", -32600),
    ] {
        client.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        let answer = client.answer(Json::Null);
        assert_eq!(answer["error"]["code"], code, "{body}");
    }
    client.raw(b"content-length:  52\nContent-Type: application/vscode-jsonrpc; charset=utf-8\n\n");
    client.raw(br#"{"jsonrpc":"2.0","id":"a","method":"x","params":{} }"#);
    assert_eq!(client.answer("a")["error"]["code"], -32601);
    for params in [json!(null), json!([]), json!({ "textDocument": { "uri": "no uri at all" } })] {
        client.notify("textDocument/didOpen", params.clone());
        client.notify("textDocument/didChange", params.clone());
        client.notify("textDocument/didClose", params.clone());
        assert_eq!(client.error("textDocument/hover", params)["code"], -32602);
    }
    let id = client.begin("textDocument/hover", json!({ "textDocument": { "uri": "file:///gone.yaml" }, "position": { "line": 4_000_000_000_u32, "character": 0 } }));
    assert_eq!(client.answer(id)["result"], Json::Null);
    assert_eq!(client.ask("shutdown", Json::Null), Json::Null);
    client.notify("exit", Json::Null);
    assert_eq!(client.end().0, 0);
}

#[test]
fn a_stream_that_cannot_be_followed_ends_the_session() {
    for (bytes, why) in [
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), "gives no `Content-Length`"),
        ("Content-Length: x\r\n\r\n".to_owned(), "gives no `Content-Length`"),
        ("Content-Length: -5\r\n\r\n{}".to_owned(), "gives no `Content-Length`"),
        (format!("Content-Length: {}\r\n\r\n{{}}", u64::MAX), "more than"),
        ("Content-Length: 99\r\n\r\n{}".to_owned(), "ends within a message"),
        ("X".repeat(1 << 20), "a header has more than"),
        ("\u{0}\u{1}\u{2}\r\n".to_owned(), "gives no `Content-Length`"),
    ] {
        let mut client = running();
        client.raw(bytes.as_bytes());
        let (code, err) = client.end();
        assert_eq!(code, 2, "{err}");
        assert!(err.starts_with("error: cannot go on with the editor\n"), "{err}");
        assert!(err.contains(why), "{err}");
    }
}

#[test]
fn changes_at_impossible_places_do_no_harm() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    session.edit("openapi.yaml", 9_999, 9_999, 9_999, 9_999, "# the end\n");
    session.edit("openapi.yaml", 16, 30, 16, 22, "string");
    let odd = json!([{ "range": { "start": { "line": 3, "character": 99 }, "end": { "line": 3, "character": 99 } }, "text": " # é" }, { "text": FAULTY }]);
    session.change("openapi.yaml", &odd);
    let hover = session.at("textDocument/hover", "openapi.yaml", 16, 25);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("unknown-type"));
    session.end();
}

#[test]
fn broken_texts_have_diagnostics_as_they_are_written() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    session.diagnostics("openapi.yaml");
    session.edit("openapi.yaml", 16, 14, 17, 0, "{ type: [");
    let told = session.diagnostics("openapi.yaml");
    assert!(rules(&told).iter().any(|it| it.ends_with("syntax-error")), "{told}");
    for text in [
        "",
        "\t",
        "openapi",
        "openapi: 3.1.0\r\r\n\u{85}",
        "{\"openapi\": \"3.1.0\"",
        "openapi: 2\n&a: *a\n",
    ] {
        session.change("openapi.yaml", &json!([{ "text": text }]));
        let params = json!({ "textDocument": { "uri": session.uri("openapi.yaml") } });
        session.client.ask("textDocument/documentSymbol", params);
    }
    session.change("openapi.yaml", &json!([{ "text": FAULTY }]));
    let hover = session.at("textDocument/hover", "openapi.yaml", 16, 25);
    assert_ne!(hover, Json::Null);
    session.end();
}

#[test]
fn a_large_document_is_edited_while_it_is_verified() {
    let path = |number: usize| {
        format!(
            "  /things/{number}:\n    get:\n      operationId: thing{number}\n      responses: {{ '200': {{ description: The thing }} }}\n"
        )
    };
    let paths: String = (0..12_000).map(path).collect();
    let text = format!("openapi: 3.1.0\ninfo: {{ title: a, version: '1' }}\npaths:\n{paths}");
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", &text);
    for number in 0..60 {
        session.edit("openapi.yaml", 3, 0, 3, 0, &format!("# {number}\n"));
    }
    // The answer to what needs no verifying comes before that of what does.
    let id = session.client.begin("no/such", json!({}));
    let answer = session.client.answer(id);
    assert_eq!(answer["error"]["code"], -32601);
    session.edit("openapi.yaml", 0, 0, 0, 0, "x: 1\n");
    let told = loop {
        let told = session.diagnostics("openapi.yaml");
        if told != json!([]) {
            break told;
        }
    };
    assert_eq!(rules(&told), ["0 unknown-field"]);
    session.end();
}
