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
