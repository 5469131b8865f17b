//! Reading an answer: exactly what is allowed, and nothing else.

use std::fmt::Write as _;

use treaty::{
    charter::{Charter, PartyName},
    document::Value,
    negotiate::{Act, Answer, Constraint, ConstraintKind, Content, Fault, parse_answer},
};

use super::table::{charter, parsed};

fn parse(charter: &Charter, text: &[u8]) -> Result<Answer, Fault> {
    let names: [&PartyName; 2] = charter.names();
    parse_answer(text, 4096, names)
}

#[test]
fn every_act_is_written_and_read_alike() {
    let charter = parsed(&charter("{}"));
    let digest = "0a".repeat(32);
    let constraint = |kind, value| Constraint { pointer: "/a/~1b".into(), kind, value };
    let declined = |constraint, more| Act::Decline {
        issue: "/a".into(),
        reason_code: "not-needed".into(),
        constraint,
        more,
    };
    let decline = |constraint| declined(constraint, Vec::new());
    let patch = r#"[{"op":"add","path":"/a","value":1.10},{"op":"move","from":"/a","path":"/b"}]"#;
    let propose = |content| Act::Propose { content, note: Some("two\nlines, \"ü\"".into()) };
    for act in [
        propose(Content::Document("a: 1\n\t\u{202e}# judged as a document".into())),
        propose(Content::Patch(Value::from_json(patch).unwrap())),
        Act::Accept { sha256: digest.clone() },
        Act::Ask { pointer: String::new(), question: "why?".into() },
        Act::Answer { pointer: "/a".into(), answer: "so".into() },
        decline(constraint(ConstraintKind::Required, Value::Null)),
        decline(constraint(ConstraintKind::Type, Value::from("integer"))),
        decline(constraint(ConstraintKind::Owner, Value::from("erp"))),
        declined(
            constraint(ConstraintKind::Required, Value::Null),
            vec![constraint(ConstraintKind::Forbidden, Value::Null)],
        ),
        Act::Reopen { issue: "/a".into() },
        Act::Escalate { reason: "people".into() },
        Act::Withdraw,
        Act::Exit,
    ] {
        for base in [None, Some(digest.clone())] {
            let answer = Answer { request_id: "r-1".into(), base, act: act.clone() };
            assert_eq!(parse(&charter, answer.to_json().as_bytes()), Ok(answer));
        }
    }
}

#[test]
fn what_is_no_act_is_refused_with_a_reason() {
    let charter = parsed(&charter("{}"));
    let whole = |act: &str, body: &str| {
        format!(r#"{{"v":1,"request_id":"r","act":"{act}","base":null,"body":{body}}}"#)
    };
    let decline = |constraint: &str| {
        let body = format!(r#"{{"issue":"/a","reason_code":"c","constraint":{constraint}}}"#);
        whole("decline", &body)
    };
    let copies = r#"{"op":"copy","from":"/a","path":"/b"},"#.repeat(5);
    let mut said = String::new();
    for text in [
        String::new(),
        "nonsense".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        whole("exit", "{}") + "{}",
        whole("exit", "{}").replace("\"v\":1", "\"v\":2"),
        whole("exit", "{}").replace("\"v\":1", "\"v\":1,\"v\":1"),
        whole("exit", "{}").replace("\"v\":1", "\"v\":1,\"to\":\"all\""),
        whole("exit", "{}").replace("null", "\"xyz\""),
        whole("exit", "{}").replace("\"r\"", "7"),
        whole("leave", "{}"),
        whole("exit", r#"{"why":"x"}"#),
        whole("exit", "null"),
        whole("accept", r#"{"sha256":"00"}"#),
        whole("ask", r#"{"pointer":"a","question":"?"}"#),
        whole("ask", r#"{"pointer":"/a","question":" "}"#),
        whole("ask", r#"{"pointer":"/a","question":"\u202e"}"#),
        whole("ask", r#"{"pointer":"/a","question":"\udb40\udc41"}"#),
        whole("ask", r#"{"pointer":"/a","question":"e\u0301"}"#),
        whole("ask", "{\"pointer\":\"/a\",\"question\":\"\u{200b}\"}"),
        whole("ask", &format!(r#"{{"pointer":"/a","question":"{}"}}"#, "x".repeat(2001))),
        whole("ask", &format!(r#"{{"pointer":"/a","question":"{}"}}"#, "x".repeat(5000))),
        whole("propose", "{}"),
        whole("propose", r#"{"document":"a","patch":[]}"#),
        whole("propose", r#"{"patch":{}}"#),
        whole("propose", r#"{"patch":[{"op":"add","path":"/a","value":1,"x":1}]}"#),
        whole("propose", &format!(r#"{{"patch":[{}]}}"#, copies.trim_end_matches(','))),
        whole("propose", &format!(r#"{{"patch":[{}{}]}}"#, "[".repeat(99), "]".repeat(99))),
        decline(r#"{"pointer":"/a","kind":"wanted"}"#),
        decline(r#"{"pointer":"/a","kind":"type"}"#),
        decline(r#"{"pointer":"/a","kind":"owner","value":"bank"}"#),
        decline(r#"{"pointer":"/a","kind":"required"}"#).replace("\"c\"", "\"Because I say so\""),
    ] {
        let fault = parse(&charter, text.as_bytes()).unwrap_err();
        writeln!(said, "{}: {fault}", fault.word()).unwrap();
    }
    insta::assert_snapshot!(said);
    assert_eq!(parse(&charter, b"\xff").unwrap_err().word(), "garbage");
    assert_eq!(parse(&charter, "\u{feff}{}".as_bytes()).unwrap_err().word(), "garbage");
}
