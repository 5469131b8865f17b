//! Fixes as actions, carried out as an editor carries them out.

use serde_json::{Value as Json, json};

use super::{FAULTY, client::Session, rules};

/// The byte at a place of an editor that counts in UTF-16.
fn offset(text: &str, position: &Json) -> usize {
    let number = |it: &Json| usize::try_from(it.as_u64().unwrap()).unwrap();
    let line: usize =
        text.split_inclusive('\n').take(number(&position["line"])).map(str::len).sum();
    let mut left = number(&position["character"]);
    let rest = text[line..].char_indices().find(|(_, char)| {
        let is_here = left == 0;
        left = left.saturating_sub(char.len_utf16());
        is_here
    });
    rest.map_or(text.len(), |(at, _)| line + at)
}

/// A text with the edits of a file carried out.
fn applied(text: &str, action: &Json, uri: &str) -> String {
    let changes = action["edit"]["documentChanges"].as_array().unwrap();
    let own = changes.iter().find(|it| it["textDocument"]["uri"] == uri).unwrap();
    let edits = own["edits"].as_array().unwrap();
    let mut edits: Vec<_> = edits
        .iter()
        .map(|it| {
            let [start, end] = ["start", "end"].map(|end| offset(text, &it["range"][end]));
            (start, end, it["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|(start, ..)| *start);
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

fn actions(session: &mut Session, line: u32, only: Option<&str>) -> Json {
    let place = json!({ "line": line, "character": 22 });
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let params = json!({
        "textDocument": { "uri": session.uri("openapi.yaml") },
        "range": { "start": place, "end": place },
        "context": context,
    });
    session.client.ask("textDocument/codeAction", params)
}

#[test]
fn a_fix_is_an_action_at_its_place() {
    let mut session = Session::with(&[]);
    let text = FAULTY.replace("Pets", "Péts 😀");
    session.open("openapi.yaml", &text);
    let found = actions(&mut session, 16, Some("quickfix"));
    assert_eq!(found.as_array().unwrap().len(), 1);
    let action = &found[0];
    assert_eq!(action["title"], "Write `type: string, format: date-time`");
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["isPreferred"], true);
    assert_eq!(action["diagnostics"][0]["code"], "unknown-type");
    let change = &action["edit"]["documentChanges"][0]["textDocument"];
    assert_eq!(change["version"], 1);
    let uri = session.uri("openapi.yaml");
    let mended = applied(&text, action, &uri);
    assert_eq!(mended, text.replace("datetime", "string, format: date-time"));
    session.change("openapi.yaml", &json!([{ "text": mended }]));
    session.diagnostics("openapi.yaml");
    assert_eq!(rules(&session.diagnostics("openapi.yaml")), ["4 missing-operation-id"]);
    assert_eq!(actions(&mut session, 16, Some("quickfix")), json!([]));
    session.end();
}

#[test]
fn all_safe_fixes_do_what_treaty_fix_does() {
    let mut session = Session::with(&[]);
    let text = FAULTY.replace("Pets", "Péts 😀").replace("'200'", "200");
    session.open("openapi.yaml", &text);
    let found = actions(&mut session, 0, Some("source.fixAll"));
    let action = &found.as_array().unwrap()[0];
    assert_eq!(action["kind"], "source.fixAll.treaty");
    let mended = applied(&text, action, &session.uri("openapi.yaml"));
    session.place.file("openapi.yaml", &text);
    session.place.treaty(&["fix", "openapi.yaml"]);
    assert_eq!(mended, session.place.read("openapi.yaml"));
    assert_ne!(mended, text);
    assert_eq!(actions(&mut session, 0, Some("refactor")), json!([]));
    assert_eq!(actions(&mut session, 1, None), json!([]), "nothing is offered where nothing is");
    let offered = actions(&mut session, 16, None);
    let kinds: Vec<_> = offered.as_array().unwrap().iter().map(|it| it["kind"].as_str()).collect();
    assert_eq!(kinds, [Some("quickfix"), Some("source.fixAll.treaty")]);
    session.end();
}

#[test]
fn actions_wait_for_the_text_that_they_edit() {
    let mut session = Session::with(&[]);
    session.open("openapi.yaml", FAULTY);
    session.edit("openapi.yaml", 0, 0, 0, 0, "# é\n");
    let found = actions(&mut session, 17, None);
    let mended = applied(&format!("# é\n{FAULTY}"), &found[0], &session.uri("openapi.yaml"));
    assert!(mended.contains("born: { type: string, format: date-time }"), "{mended}");
    assert_eq!(found[0]["edit"]["documentChanges"][0]["textDocument"]["version"], 2);
    session.end();
}

#[test]
fn an_editor_without_versions_gets_plain_changes() {
    let capabilities =
        json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": {} } } });
    let mut session = Session::of(&[], &capabilities);
    session.open("openapi.yaml", FAULTY);
    let found = actions(&mut session, 16, Some("quickfix"));
    let uri = session.uri("openapi.yaml");
    assert_eq!(found[0]["edit"]["changes"][&uri].as_array().unwrap().len(), 2);
    session.end();
    let mut session = Session::of(&[], &json!({}));
    session.open("openapi.yaml", FAULTY);
    assert_eq!(actions(&mut session, 16, None), json!([]), "it knows commands alone");
    session.end();
}
