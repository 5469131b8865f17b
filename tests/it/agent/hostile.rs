//! The agent before heads and constraints that nobody in good faith would send.

use proptest::prelude::*;

use treaty::{
    charter::{Charter, Mandate, PartyIndex},
    document::Value,
    negotiate::{
        Act, Constraint, ConstraintKind, Content, Digested, LastAct, NamedConstraint, State, Table,
        TurnRequest,
    },
    seat::agent::decide,
};

use crate::shared::shared;

use super::play::play;

const CHARTER: &str = "version: 1
parties: { shop: { agent: Shop_Agent }, erp: { agent: Erp_Agent } }
";

const BRIEF: &str = "party: erp
role: provider
private_terms: [zsd_order_head]
dictionary:
  stamp: { type: string, format: date-time }
  cash: { type: number, format: double }
operations:
  POST /orders:
    request:
      sample: OurOrder
      fields:
        total: { type: cash, owner: erp, computed: true }
        when: { type: stamp, example: 24.12.2026 }
        lines: { items: { fields: { sku: { type: string, key: true }, note: { want: refused } } } }
    response: { fields: { id: string } }
  GET /orders/{id}: { response: { fields: { state: { type: string, enum: [open, done] } } } }
  DELETE /orders/{id}: refused
";

fn mandate() -> Mandate {
    Mandate::parse("erp.mandate.yaml", BRIEF.as_bytes(), None).unwrap()
}

/// The question to the second party, with this head.
fn question(head: &str, turn: u32) -> TurnRequest {
    let charter = Charter::parse("treaty.yaml", CHARTER.as_bytes()).unwrap();
    let state = State::new(Table::new(&charter, "0", 0));
    let mut request = state.request().unwrap();
    "erp".clone_into(&mut request.seat);
    request.turn = turn;
    request.turns_left = 13 - turn;
    request.head = Some(Digested { sha256: "0".repeat(64), document: head.to_owned() });
    request.base = Some("0".repeat(64));
    request.allowed_acts = treaty::negotiate::ActKind::ALL.to_vec();
    request
}

/// What the head becomes by an act.
fn applied(head: &str, act: &Act) -> Option<(Value, Value)> {
    let Act::Propose { content: Content::Patch(patch), .. } = act else { return None };
    let head = super::play::value_of(head);
    let patched = head.patched(patch).unwrap();
    Some((head, patched))
}

#[test]
fn any_document_can_be_the_head() {
    let mandate = mandate();
    let mut count = 0;
    for folder in ["suites/oai-pass-fail", "suites/hostile-inputs", "suites/mermade-pass-fail"] {
        let mut folders: Vec<_> = shared(folder).into_iter().collect();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                if text.len() > 400_000 {
                    continue;
                }
                count += 1;
                for turn in [2, 4, 12] {
                    let request = question(&text, turn);
                    let begun = std::time::Instant::now();
                    let act = decide(&mandate, &request);
                    assert!(begun.elapsed().as_secs() < 10, "{}", path.display());
                    assert_eq!(act, decide(&mandate, &request), "{}", path.display());
                    applied(&text, &act);
                }
            }
        }
    }
    eprintln!("{count} documents as heads");
}

#[test]
fn what_the_other_side_wrote_stays() {
    let head = r#"
openapi: 3.0.3
info: { title: "Théirs: a # title", version: "1.10", x-note: { keep: [1.10, 1e3, 0] } }
paths:
  /orders:
    x-theirs: yes
    post:
      operationId: theirOrder
      requestBody:
        content:
          application/json:
            schema:
              type: object
              x-order: 7
              properties:
                Total: { type: number, format: double, description: "our\nwords", minimum: 0.10 }
                theirs: { type: string, default: "~" }
            example: { Total: 1.50, theirs: a }
      responses:
        default: { description: whatever }
  /theirs: { get: { operationId: other, responses: { "200": { description: ok } } } }
"#;
    let act = decide(&mandate(), &question(head, 4));
    // In its second turn it would rather name what it misses.
    assert!(matches!(act, Act::Decline { .. }), "{act:?}");
    let act = decide(&mandate(), &question(head, 2));
    let (before, after) = applied(head, &act).expect("a patch");
    let schema = "/paths/~1orders/post/requestBody/content/application~1json/schema";
    let touched = ["properties/Total/x-owner", "properties/Total/description", "required"];
    let touched = touched.map(|it| format!("{schema}/{it}"));
    let kept = |place: &str| !touched.iter().any(|it| place.starts_with(it.as_str()));
    for (place, value) in leaves(&before) {
        if kept(&place) && !place.contains("/example/") {
            assert_eq!(after.at(&place), Some(&value), "{place}");
        }
    }
    let total = after.at(&touched[1]).unwrap().as_str().unwrap();
    assert!(total.starts_with("our\nwords "), "{total}");
}

/// Every value without parts, by place.
fn leaves(value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((place, value)) = open.pop() {
        if value.members().is_empty() && value.items().is_empty() {
            found.push((place.clone(), value.clone()));
        }
        for (key, member) in value.members() {
            open.push((treaty::document::pointer::join(&place, key), member));
        }
        for (at, item) in value.items().iter().enumerate() {
            open.push((format!("{place}/{at}"), item));
        }
    }
    found
}

/// A JSON value, with the words of OpenAPI in it more often than chance would have it.
fn value() -> impl Strategy<Value = Value> {
    let word = proptest::sample::select(vec![
        "paths",
        "/orders",
        "post",
        "get",
        "requestBody",
        "content",
        "application/json",
        "schema",
        "properties",
        "total",
        "lines",
        "items",
        "type",
        "string",
        "object",
        "array",
        "money",
        "$ref",
        "#/paths/~1orders",
        "#",
        "#/components/schemas/A",
        "components",
        "schemas",
        "A",
        "allOf",
        "oneOf",
        "required",
        "example",
        "examples",
        "parameters",
        "in",
        "name",
        "x-owner",
        "erp",
        "shop",
        "enum",
        "responses",
        "200",
        "format",
        "minItems",
    ]);
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(7, 120, 6, move |inner| {
        prop_oneof![
            3 => proptest::collection::vec((word.clone(), inner.clone()), 0..6)
                .prop_map(|members| {
                    let mut kept: Vec<(String, Value)> = Vec::new();
                    for (key, value) in members {
                        if !kept.iter().any(|(it, _)| it == key) {
                            kept.push((key.to_owned(), value));
                        }
                    }
                    Value::Object(kept)
                }),
            1 => proptest::collection::vec(inner, 0..4).prop_map(Value::Array),
        ]
    })
}

/// A document in which the operation sends this.
fn document(media: Value, beside: Value, schemas: Value, other: Value) -> String {
    let one = |key: &str, value: Value| Value::object([(key, value)]);
    let body = one("content", one("application/json", media));
    let operation = Value::object([("requestBody", body), ("x", beside)]);
    let paths = [("/orders", one("post", operation)), ("/orders/{id}", other)];
    let root = [
        ("openapi", Value::from("3.0.3")),
        ("paths", Value::object(paths)),
        ("components", one("schemas", schemas)),
    ];
    Value::object(root).to_json()
}

/// A head in which the operation stands, and anything else.
fn head() -> impl Strategy<Value = String> {
    (value(), value(), value()).prop_map(|(schema, operation, components)| {
        let media = Value::object([("schema", schema)]);
        document(media, operation.clone(), Value::object([("A", components)]), operation)
    })
}

fn place() -> impl Strategy<Value = String> {
    let schema = "/paths/~1orders/post/requestBody/content/application~1json/schema";
    proptest::sample::select(vec![
        String::new(),
        "/info".to_owned(),
        "/paths".to_owned(),
        "/paths/~1orders".to_owned(),
        "/paths/~1orders/post".to_owned(),
        "/paths/~1new/get".to_owned(),
        "/paths/~1orders/post/parameters/0".to_owned(),
        "/paths/~1orders/post/parameters/page".to_owned(),
        schema.to_owned(),
        format!("{schema}/properties/total"),
        format!("{schema}/properties/fresh"),
        format!("{schema}/properties/lines/items"),
        format!("{schema}/required/0"),
        "/~2".to_owned(),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: super::cases(150), ..ProptestConfig::default() })]

    #[test]
    fn no_head_and_no_constraint_makes_it_stumble(
        head in head(),
        demand in (place(), 0_usize..4, value()),
        turn in 1_u32..12,
        bounced in any::<bool>(),
    ) {
        let mandate = mandate();
        let mut request = question(&head, turn);
        let (pointer, kind, value) = demand;
        let kind = ConstraintKind::ALL[kind];
        let constraint = Constraint { pointer: pointer.clone(), kind, value };
        let mut ledger = treaty::negotiate::Ledger::default();
        let party = "shop".to_owned();
        ledger.decline(&pointer, NamedConstraint { party, seat: PartyIndex::First, constraint });
        request.issues = ledger.issues().to_vec();
        if bounced {
            request.bounced = Some(Digested { sha256: "1".repeat(64), document: head.clone() });
        }
        let act = decide(&mandate, &request);
        prop_assert_eq!(&act, &decide(&mandate, &request));
        applied(&head, &act);
        let said = act.body().to_json();
        prop_assert!(!said.contains("zsd_order_head"));
    }

    #[test]
    fn no_question_makes_it_talk(pointer in place(), question_text in ".{0,80}") {
        let head = "{\"openapi\":\"3.0.3\",\"paths\":{}}";
        let mut request = question(head, 4);
        let body = Value::object([
            ("pointer", Value::from(pointer.as_str())),
            ("question", Value::from(question_text.as_str())),
        ]);
        let act = treaty::negotiate::ActKind::Ask;
        request.last_act = Some(LastAct { seat: "shop".to_owned(), act, body });
        if let Act::Answer { answer, .. } = decide(&mandate(), &request) {
            prop_assert!(question_text.len() < 8 || !answer.contains(&question_text));
        }
    }
}

#[test]
fn a_hostile_schema_costs_little() {
    let reference = |at: usize| {
        let target = format!("#/components/schemas/S{}", at % 300);
        Value::object([("$ref", Value::from(target))])
    };
    let schema = |at: usize| {
        let parts: Vec<Value> = (0..30).map(|it| reference(at * 7 + it)).collect();
        let parts = Value::Array(parts);
        let inner = Value::object([("type", Value::from("object")), ("allOf", parts.clone())]);
        let properties = Value::object([(format!("p{at}"), inner)]);
        (format!("S{at}"), Value::object([("allOf", parts), ("properties", properties)]))
    };
    let example = Value::object([("p1", Value::Object(Vec::new()))]);
    let media = Value::object([("schema", reference(1)), ("example", example)]);
    let schemas = Value::object((0..300).map(schema));
    let head = document(media, Value::Null, schemas, Value::Null);
    let begun = std::time::Instant::now();
    decide(&mandate(), &question(&head, 2));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    eprintln!("{:?} for {} bytes", begun.elapsed(), head.len());
}

/// The record says that the sender's own check stopped something, and no more.
#[test]
fn nobody_learns_which_check_stopped_a_side() {
    for needs in [
        "POST /a: { request: { fields: { b: { type: string, enum: [zsd, x] } } } }",
        "GET /a: { parameters: { zsd: string } }",
        "POST /zsd: { request: { fields: { zsd: string } } }",
    ] {
        let shop = format!("party: shop\nprivate_terms: [zsd]\noperations:\n  {needs}\n");
        let game = play(CHARTER, [&shop, "party: erp\nrole: provider\n"]);
        let told = format!("{}{}{}", game.story.join("\n"), game.crossed, game.outcome.reason);
        let told = told.to_lowercase();
        assert!(!told.contains("private") && !told.contains("zsd"), "{told}");
        assert!(told.contains("stopped"), "{told}");
    }
}

/// Each brief alone fits; what both need does not.
#[test]
fn a_contract_that_would_be_too_long_is_for_people() {
    let charter = format!("{CHARTER}limits: {{ act_bytes: 4000 }}\n");
    let brief = |party: &str, names: &str| {
        let fields: String = (0..20).map(|it| format!("{names}{it}: string, ")).collect();
        let request = format!("{{ request: {{ fields: {{ {fields} }} }} }}");
        format!("party: {party}\noperations: {{ POST /{names}: {request} }}\n")
    };
    let game = play(&charter, [&brief("shop", "shopField"), &brief("erp", "erpField")]);
    let told = game.story.join("\n");
    assert_eq!(game.outcome.kind, treaty::negotiate::OutcomeKind::Escalated, "{told}");
    assert!(game.outcome.reason.contains("act_bytes"), "{told}");
}
