//! Pairs of briefs that meet in ways worth a name.

use treaty::negotiate::OutcomeKind;

use super::play::{lint, play, value_of};

const CHARTER: &str = "version: 1
parties: { left: { agent: Left_Agent }, right: { agent: Right_Agent } }
";

/// A consumer's and a provider's brief, from `dictionary` on.
fn briefs(left: &str, right: &str) -> [String; 2] {
    [format!("party: left\n{left}"), format!("party: right\nrole: provider\n{right}")]
}

/// The contract that two briefs agree on.
fn agreed(left: &str, right: &str) -> treaty::document::Value {
    let [left, right] = briefs(left, right);
    let game = play(CHARTER, [&left, &right]);
    assert_eq!(game.outcome.kind, OutcomeKind::Agreed, "{}", game.story.join("\n"));
    let contract = game.contract.unwrap();
    assert!(lint(&contract).is_empty(), "{contract}");
    value_of(&contract)
}

/// What the two sides say must hold, where they cannot agree.
fn clash(left: &str, right: &str) -> Vec<String> {
    let [left, right] = briefs(left, right);
    let game = play(CHARTER, [&left, &right]);
    assert_eq!(game.outcome.kind, OutcomeKind::Impasse, "{}", game.story.join("\n"));
    let say = |it: &treaty::negotiate::NamedConstraint| {
        let kind = it.constraint.kind.as_str();
        let place = it.constraint.pointer.rsplit('/').next().unwrap_or_default();
        format!("{} {kind} {place} {}", it.party, it.constraint.value.to_json())
    };
    game.outcome.constraints.iter().map(say).collect()
}

/// The brief of a side that sends or is sent these fields.
fn sends(fields: &str) -> String {
    format!("operations: {{ POST /a: {{ request: {{ fields: {{ {fields} }} }} }} }}\n")
}

const SEND: &str = "/paths/~1a/post/requestBody/content/application~1json/schema/properties";

#[test]
fn empty_briefs_agree_on_nothing() {
    let contract = agreed("", "");
    assert!(contract.get("paths").unwrap().members().is_empty());
}

#[test]
fn one_name_in_two_spellings_is_one_field() {
    let contract =
        agreed(&sends("orderId: string"), &sends("order_id: { type: string, maxLength: 9 }"));
    assert_eq!(contract.at(SEND).unwrap().members().len(), 1);
}

#[test]
fn another_name_is_one_field_where_a_brief_says_so() {
    let contract =
        agreed(&sends("total: number"), &sends("sum: { type: number, aliases: [total] }"));
    assert_eq!(contract.at(SEND).unwrap().members()[0].0, "total");
}

#[test]
fn one_path_with_two_parameter_names_is_one_path() {
    let contract = agreed(
        "operations:\n  GET /a/{id}: { response: { fields: { x: string } } }\n",
        "operations:\n  GET /a/{key}: {}\n  DELETE /a/{key}: {}\n",
    );
    let item = contract.at("/paths/~1a~1{id}").unwrap();
    assert_eq!(item.at("/delete/parameters/0/name").unwrap().as_str(), Some("id"));
}

#[test]
fn a_reader_takes_what_is_narrower_and_a_writer_what_is_wider() {
    let contract = agreed(
        &sends("n: integer, at: { type: string, format: date }"),
        &sends("n: number, at: string"),
    );
    assert_eq!(contract.at(&format!("{SEND}/n/type")).unwrap().as_str(), Some("integer"));
}

#[test]
fn types_that_do_not_meet_are_named_by_both() {
    let named = clash(&sends("n: string"), &sends("n: integer"));
    assert_eq!(named, [r#"left type n {"type":"string"}"#, r#"right type n {"type":"integer"}"#]);
}

#[test]
fn two_owners_are_named_by_both() {
    let field = |owner: &str| sends(&format!("n: {{ type: string, owner: {owner} }}"));
    let named = clash(&field("left"), &field("right"));
    assert_eq!(named, [r#"right owner n "right""#, r#"left owner n "left""#]);
}

#[test]
fn an_operation_that_one_refuses_is_named_by_both() {
    let named =
        clash("operations:\n  DELETE /a/{id}: {}\n", "operations:\n  DELETE /a/{id}: refused\n");
    assert_eq!(named, ["left required delete null", "right forbidden delete null"]);
}

#[test]
fn what_a_brief_does_not_know_can_be_refused_as_a_whole() {
    let named = clash(
        &sends("a: string, b: string"),
        &format!("unlisted: refused\n{}", sends("a: string")),
    );
    assert_eq!(named, [r#"left required b {"type":"string"}"#, "right forbidden b null"]);
}

#[test]
fn a_shared_object_is_copied_where_one_use_is_not_like_the_other() {
    let contract = agreed(
        "objects: { Person: { name: string, phone: string } }
operations:
  POST /a: { request: { fields: { person: Person } } }
  POST /b: { request: { fields: { person: Person } } }
",
        "operations:
  POST /a: { request: { fields: { person: { fields: { name: string } } } } }
  POST /b: { request: { fields: { person: { fields: { name: string, age: integer } } } } }
",
    );
    let phone = contract.at("/components/schemas/Person/properties/phone");
    assert!(phone.is_some(), "the first use keeps its object");
    assert_eq!(contract.at("/components/schemas/Person/properties/age"), None);
}

#[test]
fn a_preference_is_given_up_and_an_offer_taken() {
    let contract = agreed(
        &sends("a: { type: string, want: preferred }, b: { type: string, want: offered }"),
        &sends("a: { want: refused }, c: { type: string, want: offered }"),
    );
    let fields = contract.at(SEND).unwrap().members();
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["b", "c"]);
}

/// The brief of a side about what is answered.
fn answers(fields: &str) -> String {
    format!("operations: {{ GET /a: {{ response: {{ fields: {{ {fields} }} }} }} }}\n")
}

const ANSWER: &str = "/paths/~1a/get/responses/200/content/application~1json/schema/properties";

/// What the sender of a value says, what its receiver says, and whether they agree.
const SENT_AND_TAKEN: &[(&str, &str, bool)] = &[
    ("type: string, enum: [a, b]", "type: string, enum: [c, d]", false),
    ("type: string, enum: [a, b]", "type: string, enum: [b, c]", false),
    ("type: string, enum: [a]", "type: string, enum: [b, a]", true),
    ("type: string", "type: string, enum: [b, a]", true),
    ("type: string, enum: [a, b]", "type: string", true),
    ("type: string, enum: [a, bcd]", "type: string, maxLength: 3", true),
    ("type: string, enum: [a, bcde]", "type: string, maxLength: 3", false),
    ("type: string, enum: [a, B]", "type: string, pattern: '^[a-z]+$'", false),
    ("type: string, maxLength: 32", "type: string, maxLength: 10", false),
    ("type: string, maxLength: 10", "type: string, maxLength: 32", true),
    ("type: string, minLength: 1", "type: string, minLength: 2", false),
    ("type: string, minLength: 2", "type: string, maxLength: 9", true),
    ("type: string, minLength: 12", "type: string, maxLength: 9", false),
    ("type: string, pattern: '^[A-Z]+$'", "type: string, pattern: '^[0-9]+$'", false),
    ("type: string, pattern: '^[0-9]+$'", "type: string, pattern: '^\\d+$'", true),
    ("type: string, pattern: '^[A-Z]+$'", "type: string", true),
    ("type: string", "type: string, pattern: '^[0-9]+$'", true),
    ("type: string, format: date", "type: string, format: date-time", false),
    ("type: string, format: uuid", "type: string", true),
    ("type: number, format: double", "type: number, format: float", false),
    ("type: number, format: float", "type: number, format: double", true),
    ("type: number", "type: integer", false),
    ("type: integer", "type: number", true),
    ("type: integer, format: int64", "type: integer, format: int32", false),
    ("type: integer, format: int32", "type: integer, format: int64", true),
    ("type: integer, format: int64, minimum: 0, maximum: 9", "type: integer, format: int32", true),
    (
        "type: integer, format: int64, minimum: 1",
        "type: integer, format: int64, maximum: 100",
        true,
    ),
    ("type: integer, minimum: 0", "type: integer, minimum: 1", false),
    ("type: integer, minimum: 1", "type: integer, maximum: 9", true),
    ("type: integer, minimum: 10", "type: integer, maximum: 9", false),
    ("type: integer, minimum: 1, maximum: 3", "type: integer, enum: [1, 2]", false),
    ("type: integer, minimum: 1, maximum: 2", "type: integer, enum: [1, 2]", true),
    ("type: string, nullable: true", "type: string", false),
    ("type: string", "type: string, nullable: true", true),
    ("type: string, optional: true", "type: string", false),
    ("type: string", "type: string, optional: true", true),
    ("items: string, maxItems: 9", "items: string, maxItems: 5", false),
    ("items: string, maxItems: 5", "items: string, maxItems: 9", true),
    ("items: string", "items: string, maxItems: 9", true),
    ("minItems: 0, items: string", "minItems: 1, items: string", false),
    ("items: { type: string, maxLength: 5 }", "items: { type: string, maxLength: 3 }", false),
    // What the sender can narrow to, it says.
    ("type: wide, accepts: [narrow]", "type: string, maxLength: 10", true),
    ("type: wide, accepts: [narrow]", "type: string, maxLength: 9", false),
    ("type: string, maxLength: 32", "type: narrow, accepts: [wide]", true),
];

/// What the receiver takes must hold all that the sender may send; a request is sent by the
/// consumer, an answer by the provider.
#[test]
fn what_a_sender_may_send_its_receiver_takes() {
    for (sender, receiver, agree) in SENT_AND_TAKEN.iter().copied() {
        let words = "dictionary:
  wide: { type: string, maxLength: 32 }
  narrow: { type: string, maxLength: 10 }
";
        let [sender, receiver] = [sender, receiver].map(|it| format!("n: {{ {it} }}"));
        for (left, right, place) in [
            (sends(&sender), sends(&receiver), SEND),
            (answers(&receiver), answers(&sender), ANSWER),
        ] {
            let (left, right) = (format!("{words}{left}"), format!("{words}{right}"));
            let told = format!("{sender} -> {receiver}");
            if agree {
                let contract = agreed(&left, &right);
                assert!(contract.at(&format!("{place}/n")).is_some(), "{told}");
            } else {
                let named = clash(&left, &right);
                assert_eq!(named.len(), 2, "{told}: {named:?}");
                assert!(named.iter().any(|it| it.starts_with("left")), "{told}: {named:?}");
            }
            // Who opens is no matter.
            let briefs = briefs(&left, &right);
            let game = play(
                &CHARTER.replace("left: { agent: Left_Agent }, ", "").replace(
                    "right: { agent: Right_Agent }",
                    "right: { agent: Right_Agent }, left: { agent: Left_Agent }",
                ),
                [&briefs[1], &briefs[0]],
            );
            let outcome = if agree { OutcomeKind::Agreed } else { OutcomeKind::Impasse };
            assert_eq!(game.outcome.kind, outcome, "{told}\n{}", game.story.join("\n"));
            assert!(agree || game.outcome.constraints.len() == 2, "{told}");
        }
    }
}

#[test]
fn a_path_parameter_that_a_brief_does_not_list_is_left_to_the_other_side() {
    let listed = "operations:\n  GET /a/{id}: { parameters: { id: integer } }\n";
    let bare = "operations:\n  GET /a/{key}: {}\n";
    for (left, right) in [(listed, bare), (bare, listed)] {
        let contract = agreed(left, right);
        let item = contract.get("paths").unwrap().members()[0].1.clone();
        let schema = item.at("/get/parameters/0/schema/type").unwrap().as_str();
        assert_eq!(schema, Some("integer"));
    }
}

#[test]
fn what_both_say_of_one_value_stands_together() {
    let field = |facets: &str| sends(&format!("n: {{ type: string, {facets} }}"));
    let contract = agreed(&field("minLength: 2, maxLength: 9"), &field("pattern: '^[a-z]+$'"));
    let schema = contract.at(&format!("{SEND}/n")).unwrap();
    let said = ["minLength", "maxLength", "pattern"].map(|key| schema.get(key).is_some());
    assert_eq!(said, [true, true, true], "{}", schema.to_json());
}

#[test]
fn what_must_be_sent_is_named_by_both() {
    let named = clash(&sends("n: { type: string, optional: true }"), &sends("n: string"));
    assert_eq!(named, ["right required n null", "left forbidden n null"]);
    let page = |optional: bool| {
        let page = format!("page: {{ type: integer, optional: {optional} }}");
        format!("operations: {{ GET /a: {{ parameters: {{ {page} }} }} }}\n")
    };
    let named = clash(&page(true), &page(false));
    assert_eq!(named, ["right required required null", "left forbidden required null"]);
    let contract =
        agreed("operations: { GET /a: { parameters: { page: integer } } }\n", &page(false));
    let required = contract.at("/paths/~1a/get/parameters/0/required");
    assert_eq!(required, Some(&treaty::document::Value::Bool(true)));
}

/// A parameter's number changes when another is taken out; what was said of it does not.
#[test]
fn a_refused_parameter_is_meant_whatever_its_number() {
    let named = clash(
        "operations:
  GET /a:
    want: preferred
    parameters: { page: integer, since: { want: refused } }
",
        "operations:
  GET /a:
    parameters: { page: { want: refused }, since: { type: string, want: needed } }
",
    );
    let about_since = |it: &&String| it.ends_with("null") || it.contains("since");
    assert_eq!(named.iter().filter(about_since).count(), 2, "{named:?}");
}

/// A side that has only declined so far has not shown what it needs beside that.
#[test]
fn what_was_never_offered_is_put_in_before_it_is_asked_for() {
    let contract = agreed(
        "operations:
  GET /a/{id}: { response: { fields: { n: { type: integer, want: preferred, owner: left } } } }
",
        "operations:
  GET /a/{id}: { response: { fields: { n: { type: integer, owner: right } } } }
  PATCH /a/{id}: { request: { fields: { n: integer } }, response: { status: 204 } }
",
    );
    assert!(contract.at("/paths/~1a~1{id}/patch").is_some());
}

/// Only its owner could take it out again, so the other side must not insist on it.
#[test]
fn a_preference_that_the_other_side_owns_is_mentioned_once() {
    let [left, right] = briefs(
        "operations:
  GET /a:
    parameters: { s: { type: string, want: preferred } }
    response: { fields: { n: integer, p: { want: refused }, q: { want: refused } } }
",
        "operations:
  GET /a:
    want: preferred
    response:
      fields:
        n: integer
        p: { type: string, optional: true, owner: left }
        q: { type: string, optional: true, owner: left }
  POST /b: { request: { fields: { n: integer } }, response: { status: 204 } }
",
    );
    let game = play(CHARTER, [&left, &right]);
    assert_eq!(game.outcome.kind, OutcomeKind::Agreed, "{}", game.story.join("\n"));
    let mentions = game.story.iter().filter(|line| line.contains("Adds `p`"));
    assert_eq!(mentions.count(), 1, "{}", game.story.join("\n"));
}
