//! Hover, definitions, symbols, completion.

use insta::assert_snapshot;
use serde_json::{Value as Json, json};

use super::{FAULTY, client::Session};

#[test]
fn hover_shows_the_page_of_the_rule() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    let hover = session.at("textDocument/hover", "openapi.yaml", 16, 25);
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert_snapshot!(hover["contents"]["value"].as_str().unwrap());
    assert_eq!(hover["range"]["start"], json!({ "line": 16, "character": 22 }));
    assert_eq!(session.at("textDocument/hover", "openapi.yaml", 0, 0), Json::Null);
    session.end();
}

#[test]
fn a_definition_is_where_the_reference_leads() {
    let entry = FAULTY
        .replace("datetime }", "datetime }\n        owner: { $ref: 'parts/people.yaml#/Person' }");
    let mut session = Session::with(&[(
        "parts/people.yaml",
        "# people\nPerson: { type: object, properties: { pet: { $ref: '../openapi.yaml#/components/schemas/Pet' } } }\n",
    )]);
    session.open("openapi.yaml", &entry);
    let place = session.at("textDocument/definition", "openapi.yaml", 10, 40);
    assert_eq!(place["uri"], session.uri("openapi.yaml").as_str());
    assert_eq!(place["range"]["start"], json!({ "line": 13, "character": 4 }));
    let place = session.at("textDocument/definition", "openapi.yaml", 17, 30);
    assert_eq!(place["uri"], session.uri("parts/people.yaml").as_str());
    assert_eq!(place["range"]["start"], json!({ "line": 1, "character": 0 }));
    session.open("parts/people.yaml", &session.place.read("parts/people.yaml"));
    let place = session.at("textDocument/definition", "parts/people.yaml", 1, 60);
    assert_eq!(place["uri"], session.uri("openapi.yaml").as_str());
    assert_eq!(place["range"]["start"]["line"], 13);
    assert_eq!(session.at("textDocument/definition", "openapi.yaml", 1, 3), Json::Null);
    session.end();
}

/// Names, kinds and first lines of symbols.
fn outline(symbols: &Json, depth: usize, text: &mut String) {
    for symbol in symbols.as_array().into_iter().flatten() {
        let line = &symbol["selectionRange"]["start"]["line"];
        let detail = symbol["detail"].as_str().unwrap_or_default();
        let name = symbol["name"].as_str().unwrap();
        text.push_str(&format!(
            "{}{name} ({}) {detail} {line}\n",
            "  ".repeat(depth),
            symbol["kind"]
        ));
        outline(&symbol["children"], depth + 1, text);
    }
}

#[test]
fn symbols_are_paths_operations_and_components() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    let params = json!({ "textDocument": { "uri": session.uri("openapi.yaml") } });
    let symbols = session.client.ask("textDocument/documentSymbol", params);
    let mut text = String::new();
    outline(&symbols, 0, &mut text);
    assert_snapshot!(text);
    session.end();

    let mut session = Session::of(&[], &json!({}));
    session.open("openapi.yaml", FAULTY);
    let params = json!({ "textDocument": { "uri": session.uri("openapi.yaml") } });
    let symbols = session.client.ask("textDocument/documentSymbol", params);
    let pet = symbols.as_array().unwrap().iter().find(|it| it["name"] == "Pet").unwrap();
    assert_eq!(
        (&pet["containerName"], &pet["location"]["range"]["start"]["line"]),
        (&json!("schemas"), &json!(13))
    );
    session.end();
}

#[test]
fn a_reference_that_is_being_written_is_completed() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    session.diagnostics("openapi.yaml");
    session.edit("openapi.yaml", 16, 16, 16, 32, "{ $ref: '#/comp");
    let items = session.at("textDocument/completion", "openapi.yaml", 16, 31);
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["label"], "#/components/schemas/Pet");
    assert_eq!(items[0]["textEdit"]["newText"], "'#/components/schemas/Pet'");
    assert_eq!(items[0]["textEdit"]["range"]["start"], json!({ "line": 16, "character": 24 }));
    assert_eq!(session.at("textDocument/completion", "openapi.yaml", 0, 3), Json::Null);
    session.end();
}

#[test]
fn an_answer_is_about_the_text_that_was_sent_before() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    session.edit("openapi.yaml", 0, 0, 0, 0, "# one\n# two\n");
    let hover = session.at("textDocument/hover", "openapi.yaml", 18, 25);
    assert_eq!(hover["range"]["start"]["line"], 18);
    session.end();
}

#[test]
fn a_question_that_waits_can_be_cancelled() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    let params = json!({ "textDocument": { "uri": session.uri("openapi.yaml") }, "position": { "line": 0, "character": 0 } });
    for _ in 0..20 {
        session.edit("openapi.yaml", 0, 0, 0, 0, "# more\n");
    }
    let id = session.client.begin("textDocument/hover", params);
    session.client.notify("$/cancelRequest", json!({ "id": id }));
    let answer = session.client.answer(id);
    let is_cancelled = answer["error"]["code"] == -32800;
    assert!(is_cancelled || answer["result"] == Json::Null, "{answer}");
    session.end();
}
