//! What a mandate says about its seat, and what is said of one that is wrong.

use treaty::charter::{
    Mandate,
    mandate::{Api, SeatKind},
};

fn parse(seat: &str) -> Result<SeatKind, String> {
    let text = format!("party: shop\nseat: {seat}\n");
    let mandate = Mandate::parse("shop.mandate.yaml", text.as_bytes(), None);
    mandate.map(|it| it.seat).map_err(|error| error.to_string())
}

#[test]
fn a_seat_is_read() {
    assert_eq!(parse("embedded"), Ok(SeatKind::Embedded));
    let Ok(SeatKind::Exec(program)) = parse("{ environment: [A_KEY], exec: [sh, -c, exit] }")
    else {
        unreachable!()
    };
    assert_eq!(program.command, ["sh", "-c", "exit"]);
    assert_eq!(program.environment[0].as_str(), "A_KEY");
    let Ok(SeatKind::Http(http)) =
        parse("{ http: { url: \"http://127.0.0.1:80/v1/\", model: m } }")
    else {
        unreachable!()
    };
    assert_eq!((http.url.as_str(), http.api), ("http://127.0.0.1:80/v1", Api::OpenAi));
    assert_eq!((http.tokens, http.answer_tokens, http.key_variable), (1_000_000, 16_384, None));
    let full = "{ http: { url: \"https://[::1]/v1\", model: m, api: anthropic, key_variable: K, \
                prompt: a.md, tokens: 5, answer_tokens: 4 } }";
    assert!(parse(full).is_ok());
}

#[test]
fn a_seat_that_is_wrong_is_told_where_and_what_to_do() {
    let http = |more: &str| format!("{{ http: {{ url: \"https://a.b/v1\", model: m{more} }} }}");
    let url = |url: &str| format!("{{ http: {{ url: \"{url}\", model: m }} }}");
    let mut said = String::new();
    for seat in [
        "embeded".to_owned(),
        "{}".to_owned(),
        "{ exce: [sh] }".to_owned(),
        "{ exec: [] }".to_owned(),
        "{ exec: sh }".to_owned(),
        "{ exec: [\"a\\0\"] }".to_owned(),
        "{ exec: [sh], environment: [A-B] }".to_owned(),
        "{ environment: [A] }".to_owned(),
        "{ exec: [sh], http: { url: \"http://a\", model: m } }".to_owned(),
        "{ http: { url: \"http://a\", model: m }, environment: [A] }".to_owned(),
        "{ http: {} }".to_owned(),
        "{ http: [] }".to_owned(),
        http(", modle: n"),
        http(", api: openia"),
        http(", key: sk-secret-key"),
        http(", key_variable: sk-secret-key"),
        http(", tokens: 0"),
        http(", answer_tokens: many"),
        url("ftp://a"),
        url("https://"),
        url("https://sk-secret-key@a/v1"),
        url("https://a/v1?key=sk-secret-key"),
        url("https://a b/v1"),
    ] {
        said.push_str(&parse(&seat).unwrap_err());
        said.push('\n');
    }
    insta::assert_snapshot!(said);
    assert!(!said.contains("sk-secret-key"), "{said}");
}
