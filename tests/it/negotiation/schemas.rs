//! What is written on the wire and in reports is as its schema says, and so is what is read.

use std::{cell::RefCell, path::Path};

use jsonschema::Validator;
use serde_json::Value as Json;

use treaty::{
    charter::{self, Charter, PartyIndex},
    cli::negotiate::{Clock, Format, NegotiateError, Parts, Scenario, Seated, Streams, run_with},
    negotiate::{
        ACT_SCHEMA, Gate, OUTCOME_SCHEMA, Seat, SeatFault, TURN_REQUEST_SCHEMA, TurnRequest,
        parse_answer,
    },
};

use super::{
    eventful,
    play::{EPOCH, Room},
    table::{CANARY, Move, SimpleGate, charter, parsed, private_terms, say},
};

fn validator(schema: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

fn check(validator: &Validator, text: &str) {
    let json: Json = serde_json::from_str(text).unwrap();
    let wrong: Vec<_> = validator.iter_errors(&json).map(|it| it.to_string()).collect();
    assert!(wrong.is_empty(), "{text}\n{}", wrong.join("\n"));
}

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A scripted seat that notes every question, and the answer where it is one.
struct Noting(Vec<Move>);

impl Seat for Noting {
    fn answer(&mut self, request: &TurnRequest) -> Result<Vec<u8>, SeatFault> {
        check(&validator(TURN_REQUEST_SCHEMA), &request.to_json());
        let number: usize = request.request_id.rsplit('-').next().unwrap().parse().unwrap();
        let what = self.0.get(number - 1).unwrap_or(&Move::Exit);
        let said = say(request, what)?;
        if !matches!(what, Move::Garbage(_)) {
            check(&validator(ACT_SCHEMA), std::str::from_utf8(&said).unwrap());
        }
        SEEN.with_borrow_mut(|seen| seen.push(request.to_json()));
        Ok(said)
    }
}

struct Noted(Vec<Move>);

impl Parts for Noted {
    fn gate(&self, _: &Scenario) -> Result<Box<dyn Gate>, NegotiateError> {
        Ok(Box::new(SimpleGate::default()))
    }

    fn seat(&self, _: &Scenario, party: PartyIndex, _: &Path) -> Result<Seated, NegotiateError> {
        let private_terms = party.of(&private_terms()).clone();
        Ok(Seated { private_terms, seat: Box::new(Noting(self.0.clone())) })
    }

    fn clock(&self) -> Result<Clock, NegotiateError> {
        Ok(Clock::Epoch(EPOCH))
    }
}

#[test]
fn questions_answers_and_outcomes_are_as_their_schemas_say() {
    let back_and_forth = [(1, 1), (2, 2), (1, 1), (2, 2), (1, 1)];
    for moves in [
        eventful(),
        vec![Move::Exit],
        vec![Move::Propose(1, 1), Move::Decline(0, 0), Move::Decline(0, 1)],
        vec![Move::Propose(1, 1), Move::Withdraw, Move::Propose(2, 2), Move::Withdraw],
        back_and_forth.map(|(a, b)| Move::Propose(a, b)).into(),
    ] {
        let room = Room::new(&charter("{}"));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut streams = Streams { out: &mut out, err: &mut err, live: false, color: false };
        run_with(&room.arguments(Format::Json), &mut streams, &Noted(moves));
        check(&validator(OUTCOME_SCHEMA), std::str::from_utf8(&out).unwrap());
    }
    // Neither seat ever sees the other's private term or bounced draft.
    let seen = SEEN.take();
    assert!(seen.iter().any(|it| it.contains("\"bounced\":{")));
    for request in seen.iter().filter(|it| it.contains("\"seat\":\"erp\"")) {
        let request = request.replace(&format!("a {CANARY}?"), "");
        assert!(!request.contains(CANARY) && !request.contains("fault 0"), "{request}");
    }
}

#[test]
fn the_schema_of_an_act_refuses_what_the_reader_refuses() {
    let (validator, charter) = (validator(ACT_SCHEMA), parsed(&charter("{}")));
    let whole = |act: &str, body: &str| {
        format!(r#"{{"v":1,"request_id":"r","act":"{act}","base":null,"body":{body}}}"#)
    };
    for text in [
        whole("exit", "{}").replace("\"v\":1", "\"v\":2"),
        whole("exit", "{}").replace("\"v\":1", "\"v\":1,\"to\":\"all\""),
        whole("exit", "{}").replace("null", "\"xyz\""),
        whole("leave", "{}"),
        whole("exit", r#"{"why":"x"}"#),
        whole("accept", r#"{"sha256":"00"}"#),
        whole("ask", r#"{"pointer":"a","question":"?"}"#),
        whole("ask", r#"{"pointer":"/~2","question":"?"}"#),
        whole("propose", "{}"),
        whole("propose", r#"{"document":"a","patch":[]}"#),
        whole("propose", r#"{"patch":[{"op":"add"}]}"#),
        whole("decline", r#"{"issue":"/a","reason_code":"c"}"#),
    ] {
        let json: Json = serde_json::from_str(&text).unwrap();
        assert!(!validator.is_valid(&json), "{text}");
        assert!(parse_answer(text.as_bytes(), 4096, charter.names()).is_err(), "{text}");
    }
}

#[test]
fn the_schema_of_a_charter_takes_what_the_reader_takes() {
    let validator = validator(charter::SCHEMA);
    let smallest = charter("{ turns: 4 }");
    for (text, fits) in [
        (smallest.clone(), true),
        (format!("{smallest}rules: {{ a: off }}\npolicy: {{ undecided: bounce }}\n"), true),
        (format!("{smallest}glossary: {{ formats: [sku] }}\ncontract: a.yaml\n"), true),
        (
            format!(
                "{smallest}extends: [treaty:all]\noverrides: [{{ files: [a/], rules: {{ b: off }} }}]\n"
            ),
            true,
        ),
        (format!("{smallest}waivers: [{{ rule: a, reason: b, expires: 2026-12-31 }}]\n"), true),
        (format!("{smallest}waivers: waivers.yaml\n"), true),
        (format!("{smallest}waivers: [{{ rule: a }}]\n"), false),
        (format!("{smallest}waivers: [{{ rule: a, reason: b, expires: tomorrow }}]\n"), false),
        (format!("{smallest}overrides: [{{ files: ['!a'], rules: {{ b: off }} }}]\n"), false),
        (format!("{smallest}overrides: [{{ pointers: [a], rules: {{ b: off }} }}]\n"), false),
        (smallest.replace("version: 1", "version: 2"), false),
        (smallest.replace("turns: 4", "turns: 0"), false),
        (smallest.replace("shop:", "Shop:"), false),
        (smallest.replace("owns: []", "owns: [a]"), false),
        (format!("{smallest}seat: embedded\n"), false),
        (format!("{smallest}contract: ../a.yaml\n"), false),
        (format!("{smallest}rules: {{ a: loud }}\n"), false),
    ] {
        let json: Json = serde_yaml::from_str(&text).unwrap();
        assert_eq!(validator.is_valid(&json), fits, "{text}");
        assert_eq!(Charter::parse("treaty.yaml", text.as_bytes()).is_ok(), fits, "{text}");
    }
}
