//! Laws that hold for any document: the same bytes get the same findings, and a finding keeps its
//! id as long as its fault stands, whatever else is edited.

use std::{collections::BTreeSet, sync::LazyLock};

use proptest::{prelude::*, sample::Index};
use treaty::{
    document::{Document, Limits, NodeRef, Value},
    finding::Finding,
    openapi::{Description, NoFiles},
    ruleset::{Profile, Ruleset},
    verify,
};

fn lint(text: &str) -> Vec<Finding> {
    let description = Description::load("openapi.yaml", text.into(), &NoFiles, &Limits::default());
    let ruleset = Ruleset::built_in(Profile::Contract);
    verify::lint(&description, &ruleset, &verify::Options::default()).findings
}

fn ids(findings: &[Finding]) -> BTreeSet<String> {
    findings.iter().map(|finding| finding.id.clone()).collect()
}

/// The YAML fixtures that are whole documents, as values.
static DOCUMENTS: LazyLock<Vec<(String, Value)>> = LazyLock::new(documents);

fn documents() -> Vec<(String, Value)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/document");
    let mut documents = Vec::new();
    for rule in std::fs::read_dir(root).unwrap() {
        let rule = rule.unwrap().path();
        // What ends at a limit stands under limits of its own.
        if rule.file_name().unwrap().to_string_lossy().starts_with("undecided-") {
            continue;
        }
        for file in std::fs::read_dir(rule).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let document = Document::parse("a.yaml", text.clone().into(), &Limits::default());
            let is_yaml = path.extension().is_some_and(|it| it == "yaml");
            let value = document.root().map(NodeRef::to_value);
            let alone = document.first_anchor().is_none() && text.len() < 20_000;
            if is_yaml && alone && document.faults().is_empty() && text.contains("openapi: 3.") {
                documents.extend(value.map(|value| (path.display().to_string(), value)));
            }
        }
    }
    documents.sort_by(|a, b| a.0.cmp(&b.0));
    documents
}

/// Something that has nothing to do with any fault.
fn unrelated(value: &mut Value, what: usize) {
    let Value::Object(members) = value else { return };
    let operation = r#"{"get":{"operationId":"zzzUnrelated","summary":"Unrelated",
        "responses":{"200":{"description":"Fine"}}}}"#;
    match what {
        0 => members.push(("x-unrelated".to_owned(), Value::from("note"))),
        1 => members.insert(0, ("x-unrelated".to_owned(), Value::from("note"))),
        2 => put(members, "paths", "/zzz-unrelated", operation, false),
        3 => put(members, "paths", "/zzz-unrelated", operation, true),
        _ => {
            let schema = r#"{"schemas":{"ZzzUnrelated":{"type":"object","properties":{}}}}"#;
            if !members.iter().any(|(key, _)| key == "components") {
                members.push(("components".to_owned(), Value::from_json(schema).unwrap()));
            }
        }
    }
}

fn put(members: &mut [(String, Value)], into: &str, key: &str, json: &str, first: bool) {
    let Some((_, Value::Object(inner))) = members.iter_mut().find(|(name, _)| name == into) else {
        return;
    };
    let at = if first { 0 } else { inner.len() };
    inner.insert(at, (key.to_owned(), Value::from_json(json).unwrap()));
}

/// Puts a parameter of another name before all others in each list of parameters.
fn put_parameters(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if let (true, Value::Array(items)) = (key == "parameters", &mut *value) {
                    // A header: one more query parameter is not unrelated to `querystring`.
                    let other =
                        r#"{"name":"Zzz-Unrelated","in":"header","schema":{"type":"string"}}"#;
                    items.insert(0, Value::from_json(other).unwrap());
                }
                put_parameters(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(put_parameters),
        _ => {}
    }
}

/// The lists and objects whose order means nothing to a reader.
const UNORDERED: [&str; 8] =
    ["allOf", "anyOf", "oneOf", "paths", "schemas", "properties", "parameters", "required"];

/// Turns around what stands under a key, wherever it stands.
fn turn_around(value: &mut Value, turned: &str) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                turn_around(value, turned);
                match value {
                    Value::Array(items) if key == turned => items.reverse(),
                    Value::Object(members) if key == turned => members.reverse(),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| turn_around(item, turned)),
        _ => {}
    }
}

/// Faults in each branch, in each of several paths, and of pairs.
const ORDERS: &str = "
openapi: 3.1.1
info: { title: Shop, version: '1' }
paths:
  /orders/{id}:
    get: { operationId: getOrder, responses: { '200': { description: Fine } } }
  /{kind}/newest:
    get: { operationId: getOrder, responses: { '200': { description: Fine } } }
  /orders/{order}:
    post: { operationId: get_order, responses: { '200': { description: Fine } } }
  /orders/{order}/x:
    post: { operationId: GetOrder, responses: { '200': { description: Fine } } }
  /other/{order}/x:
    post:
      operationId: geTorder
      parameters:
        - { name: orderId, in: query, schema: { type: string } }
        - { name: order_id, in: query, schema: { type: string } }
        - { name: OrderId, in: query, schema: { type: string } }
      responses: { '200': { $ref: '#/components/responses/Missing' } }
  /other/y:
    post: { operationId: y, responses: { '200': { $ref: '#/components/responses/Missing' } } }
components:
  schemas:
    Choice:
      oneOf:
        - { type: string, format: uuidd }
        - { type: string, format: datetime, minimum: 1 }
        - type: object
          properties: { kind: { const: a }, when: { type: date } }
        - type: object
          properties: { kind: { const: b }, when: { type: date } }
        - { title: Third, type: strng }
        - { $ref: '#/components/schemas/Missing' }
    Names:
      allOf:
        - type: object
          properties: { userId: { type: string }, user_id: { type: string } }
        - type: object
          properties: { UserId: { type: integer } }
    Loop: { allOf: [ { $ref: '#/components/schemas/Pool' } ] }
    Pool: { allOf: [ { $ref: '#/components/schemas/Loop' } ] }
";

#[test]
fn ids_do_not_depend_on_order() {
    let own = Document::parse("a.yaml", ORDERS.into(), &Limits::default());
    let own = own.root().unwrap().to_value();
    let mut wrong = Vec::new();
    let documents = DOCUMENTS.iter().map(|(path, value)| (path.as_str(), value));
    for (path, value) in documents.chain([("ORDERS", &own)]) {
        let before = ids(&lint(&value.to_yaml()));
        for turned in UNORDERED {
            let mut edited = value.clone();
            turn_around(&mut edited, turned);
            let findings = lint(&edited.to_yaml());
            let after = ids(&findings);
            let new = findings.iter().filter(|it| !before.contains(&it.id));
            wrong.extend(new.map(|it| format!("{path} {turned}: + {} {}", it.rule, it.message)));
            wrong.extend(before.difference(&after).map(|id| format!("{path} {turned}: - {id}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// What several faults of one thing are called outlives the repair of some of them.
#[test]
fn ids_outlive_the_repair_of_another_fault() {
    let document = |example: &str, branch: &str| {
        format!(
            "openapi: 3.1.1
info: {{ title: Shop, version: '1' }}
components:
  schemas:
    Order:
      type: object
      required: [id, sku, count]
      properties:
        id: {{ type: string }}
        sku: {{ type: string }}
        count: {{ type: integer }}
      example: {example}
    Choice:
      oneOf:
        - {branch}
        - {{ type: object, properties: {{ other: {{ type: string }} }} }}
"
        )
    };
    let broken = "{ type: object, properties: { a: { type: date }, b: { type: strng } } }";
    let half = "{ type: object, properties: { a: { type: date }, b: { type: string } } }";
    let before = lint(&document("{}", broken));
    let after = ids(&lint(&document("{ id: '1' }", half)));
    let gone: Vec<_> =
        before.iter().filter(|it| !after.contains(&it.id)).map(|it| &*it.message).collect();
    assert_eq!(gone, ["there is no type `strng`"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_same_bytes_get_the_same_findings(pick in any::<Index>()) {
        let text = pick.get(&DOCUMENTS).1.to_yaml();
        let once = serde_json::to_string(&lint(&text)).unwrap();
        prop_assert_eq!(once, serde_json::to_string(&lint(&text)).unwrap());
    }

    #[test]
    fn ids_outlive_unrelated_edits(pick in any::<Index>(), what in 0..5_usize, comment in any::<bool>()) {
        let (path, value) = pick.get(&DOCUMENTS);
        let before = ids(&lint(&value.to_yaml()));
        let mut edited = value.clone();
        unrelated(&mut edited, what);
        let mut text = edited.to_yaml();
        if comment {
            text = format!("# One line more.\n\n{text}");
        }
        let after = ids(&lint(&text));
        let lost: Vec<_> = before.difference(&after).collect();
        prop_assert!(lost.is_empty(), "{path} ({what}): {lost:?}\n{text}");
    }

    #[test]
    fn ids_outlive_other_parameters(pick in any::<Index>()) {
        let (path, value) = pick.get(&DOCUMENTS);
        let mut edited = value.clone();
        put_parameters(&mut edited);
        let before = ids(&lint(&value.to_yaml()));
        let after = ids(&lint(&edited.to_yaml()));
        let lost: Vec<_> = before.difference(&after).collect();
        prop_assert!(lost.is_empty(), "{path}: {lost:?}");
    }
}
