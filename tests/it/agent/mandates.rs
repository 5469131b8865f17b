//! Mandates that are wrong, and what is said about them.

use treaty::{
    charter::{Charter, Mandate},
    negotiate::{Act, Content},
};

use super::play::first_word;

const CHARTER: &str = "version: 1
parties: { shop: { agent: Shop_Agent }, erp: { agent: Erp_Agent } }
";

/// A mandate that uses every key.
const ALL_KEYS: &str = r#"
party: shop
seat: embedded
system: Ours
title: All there is
role: provider
unlisted: refused
dictionary:
  cash: { type: number, format: double, minimum: 0, maximum: 1000, example: 9.5 }
  flag: { type: boolean, nullable: true }
  number/decimal: { type: number }
  note: { type: string, pattern: "^[a-z]+$", maxLength: 9, example: abc }
objects:
  Part: { size: { type: integer, enum: [1, 2] }, made: { type: string, format: date } }
operations:
  PUT /things/{thing}/parts/{part}:
    id: putPart
    summary: Put a part
    description: Replaces the part.
    owner: shop
    aliases: [POST /parts]
    parameters:
      part: { type: integer, minimum: 1, description: Its number. }
      X-Trace: { type: string, in: header, optional: false, example: abc }
      tags: { items: string, maxItems: 3 }
    request:
      media: application/vnd.part+json
      description: The part.
      type: Part
    response:
      status: 202
      description: It will be put.
      fields:
        price: { type: cash, owner: shop, computed: true, description: The price., key: true }
        weight: { type: number/decimal, example: "1,5 kg" }
        open: { type: flag, optional: true, readOnly: true, default: false }
        note: { want: preferred }
        nothing: { want: refused }
        parts: { minItems: 1, items: Part }
        maker: { fields: { name: { type: string, want: offered, aliases: [title] } } }
        day: { type: string, format: date, accepts: [string] }
    errors: { 409: It stands already. }
  DELETE /things/{thing}: refused
"#;

fn error(text: &str) -> String {
    let charter = Charter::parse("treaty.yaml", CHARTER.as_bytes()).unwrap();
    let parsed = Mandate::parse("shop.mandate.yaml", text.as_bytes(), Some(&charter));
    parsed.map_or_else(|error| error.to_string(), |_| "no error".to_owned())
}

/// A brief whose one operation has these keys.
fn brief(keys: &str) -> String {
    format!("party: shop\noperations:\n  POST /orders:\n{keys}")
}

/// A brief whose one operation sends these fields.
fn fields(fields: &str) -> String {
    brief(&format!("    request:\n      fields:\n{fields}"))
}

#[test]
fn what_is_wrong_is_said_with_place_and_remedy() {
    let cases = [
        ("no party", "seat: embedded\n".to_owned()),
        ("an unknown key", "party: shop\npivate_terms: []\n".to_owned()),
        ("an unknown key inside", fields("        total: { typ: string }\n")),
        ("an unknown want", fields("        total: { type: string, want: wanted }\n")),
        ("another party", "party: bank\n".to_owned()),
        ("an unknown seat", "party: shop\nseat: embeded\n".to_owned()),
        ("an unknown method", "party: shop\noperations:\n  PSOT /orders: {}\n".to_owned()),
        ("a path without a slash", "party: shop\noperations:\n  GET orders: {}\n".to_owned()),
        (
            "a word for an operation",
            "party: shop\noperations:\n  GET /orders: needful\n".to_owned(),
        ),
        (
            "an operation twice",
            "party: shop\noperations:\n  GET /o/{id}: {}\n  GET /o/{key}: refused\n".to_owned(),
        ),
        ("a repeated key", fields("        total: string\n        total: { want: refused }\n")),
        (
            "a field needed and refused",
            fields("        orderId: string\n        order_id: { want: refused }\n"),
        ),
        ("an unknown type", fields("        total: datetiem\n")),
        ("no type", fields("        total: {}\n")),
        (
            "a dictionary without standard words",
            "party: shop\ndictionary: { money: { type: decimal } }\n".to_owned(),
        ),
        ("fields and items", fields("        a: { fields: { b: string }, items: string }\n")),
        (
            "bounds that leave nothing",
            fields("        a: { type: integer, minimum: 3, maximum: 1 }\n"),
        ),
        ("a keyword of another type", fields("        a: { type: string, minimum: 3 }\n")),
        ("an enum of another type", fields("        a: { type: integer, enum: [one] }\n")),
        ("a default of another type", fields("        a: { type: integer, default: one }\n")),
        ("an owner who is no party", fields("        a: { type: string, owner: bank }\n")),
        ("computed by nobody", fields("        a: { type: string, computed: true }\n")),
        ("read-only in a request", fields("        a: { type: string, readOnly: true }\n")),
        ("an error that is none", brief("    errors: { 200: Fine }\n")),
        ("a success that is none", brief("    response: { status: 404 }\n")),
        (
            "a request that is carried by none",
            "party: shop\noperations:\n  GET /o: { request: { type: string } }\n".to_owned(),
        ),
        (
            "a path parameter that is not in the path",
            brief("    parameters: { id: { type: string, in: path } }\n"),
        ),
        (
            "an object in itself",
            format!("{}objects: {{ A: {{ b: A }} }}\n", fields("        a: A\n")),
        ),
        (
            "a private term in a public text",
            format!(
                "private_terms: [b24_sale_order]\n{}",
                fields("        b24SaleOrder: string\n")
            ),
        ),
        ("an invisible character", brief("    summary: \"A\\u200bB\"\n")),
    ];
    let said: Vec<String> =
        cases.iter().map(|(name, text)| format!("{name}\n  {}", error(text))).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn the_schema_of_a_mandate_takes_what_the_reader_takes() {
    let schema: serde_json::Value = serde_json::from_str(treaty::charter::mandate::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let fits = |text: &str| {
        let json: serde_json::Value = serde_yaml::from_str(text).unwrap();
        validator.is_valid(&json)
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/negotiation");
    for scenario in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(scenario.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.to_string_lossy().ends_with(".mandate.yaml") {
                assert!(fits(&std::fs::read_to_string(&path).unwrap()), "{}", path.display());
            }
        }
    }
    assert!(fits(ALL_KEYS));
    for (text, right) in [
        ("party: shop", true),
        ("party: shop\nseat: { exec: [agent, --fast] }", true),
        (
            "party: shop\noperations: { GET /o: refused, PUT /o: { request: { items: string } } }",
            true,
        ),
        ("party: Shop", false),
        ("seat: embedded", false),
        ("party: shop\nseat: { exec: [] }", false),
        ("party: shop\npolicy: {}", false),
        ("party: shop\ndictionary: { money: { type: decimal } }", false),
        ("party: shop\noperations: { GET /o: wanted }", false),
        ("party: shop\noperations: { orders: {} }", false),
        ("party: shop\noperations: { GET /o: { errors: { 200: Fine } } }", false),
        ("party: shop\noperations: { GET /o: { response: { status: 404 } } }", false),
    ] {
        assert_eq!(fits(text), right, "{text}");
        assert_eq!(error(text) == "no error", right, "{text}: {}", error(text));
    }
}

#[test]
fn the_smallest_mandate_goes_along() {
    assert_eq!(error("party: shop\n"), "no error");
    let Act::Propose { content: Content::Document(text), note: None } =
        first_word(CHARTER, "party: shop\n")
    else {
        panic!("it opens with a document");
    };
    insta::assert_snapshot!(text);
}

#[test]
fn every_key_has_its_place_in_the_first_document() {
    let Act::Propose { content: Content::Document(text), note } = first_word(CHARTER, ALL_KEYS)
    else {
        panic!("it opens with a document");
    };
    insta::assert_snapshot!(format!("{}\n{text}", note.unwrap_or_default()));
}
