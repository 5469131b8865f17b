//! The walk: what it reads, how it follows references, and what it tells rules.

use std::{cell::RefCell, collections::BTreeMap, path::PathBuf};

use treaty::document::{Document, Limits, NodeRef, Value, apply_edits};
use treaty::finding::Draft;
use treaty::openapi::{
    Description, Direction, Kind, NoFiles, Source, SourceError, State, Surface, Target, Walk,
};

use crate::shared::shared;

/// Files that are nowhere, and which of them were asked for.
#[derive(Default)]
struct Files {
    texts: BTreeMap<&'static str, &'static str>,
    asked: RefCell<Vec<String>>,
}

impl Source for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.asked.borrow_mut().push(path.to_owned());
        if path.starts_with("..") || path.starts_with('/') {
            return Err(SourceError::Outside);
        }
        self.texts.get(path).map(|text| text.as_bytes().to_vec()).ok_or(SourceError::Missing)
    }
}

fn load(text: &str, source: &dyn Source) -> Description {
    Description::load("spec/openapi.yaml", text.into(), source, &Limits::default())
}

fn alone(text: &str) -> Description {
    load(text, &NoFiles)
}

fn lines(walk: &Walk<'_>) -> Vec<String> {
    walk.problems.iter().map(line).collect()
}

fn line(draft: &Draft<'_>) -> String {
    let node = draft.at.node();
    let line = node.document().range(draft.at.span()).start.line;
    format!("{}:{line} {}: {}", node.document().path(), draft.rule, draft.message)
}

const HEAD: &str = "openapi: 3.1.1\ninfo: { title: T, version: '1' }\n";

#[test]
fn faults_are_told_in_the_file_where_they_stand() {
    let entry = "openapi: 3.0.4
info: { title: T, version: '1' }
paths:
  /orders/{id}: { $ref: paths/order.yaml }
components:
  schemas:
    Part: { $ref: 'types.yaml#/Part' }
    Gone: { $ref: 'types.yaml#/Prat' }
    Away: { $ref: '../../secret.yaml' }
    Lost: { $ref: lost.yaml }
    Net: { $ref: 'https://example.com/x.yaml#/A' }
    Host: { $ref: '//example.com/x.yaml' }
";
    let order = "get:
  parameters: [{ $ref: '../types.yaml#/Id' }]
  responses:
    '200': { description: ok, content: { application/json: { schema: { $ref: '../types.yaml#/Part' } } } }
    '404': { descripton: none }
";
    let types = "Id: { name: id, in: path, required: true, schema: { type: string } }
Part:
  type: object
  properties: { up: { $ref: '#/Part' }, size: { minimum: big } }
";
    let files = Files {
        texts: BTreeMap::from([("spec/paths/order.yaml", order), ("spec/types.yaml", types)]),
        ..Files::default()
    };
    let description = load(entry, &files);
    let walk = Walk::new(&description);
    let mut found = lines(&walk);
    found.sort();
    assert_eq!(
        found,
        [
            "spec/openapi.yaml:10 unresolved-reference: `lost.yaml` leads nowhere: there is no such file",
            "spec/openapi.yaml:11 unread-reference: `https://example.com/x.yaml` is not read: the network is not read unless its host is allowed",
            "spec/openapi.yaml:12 unread-reference: `//example.com/x.yaml` is not read: the network is not read unless its host is allowed",
            "spec/openapi.yaml:8 unresolved-reference: `types.yaml#/Prat` leads nowhere: `spec/types.yaml` has no `Prat`",
            "spec/openapi.yaml:9 unread-reference: `../secret.yaml` is not read: it lies outside the lint root",
            "spec/paths/order.yaml:5 unknown-field: `descripton` is no field of a Response Object",
            "spec/types.yaml:4 wrong-field-type: `minimum` must be a number, not a string",
        ]
    );
    let mut asked = files.asked.into_inner();
    asked.sort();
    let expected = ["../secret.yaml", "spec/lost.yaml", "spec/paths/order.yaml", "spec/types.yaml"];
    assert_eq!(asked, expected, "each file is asked for once, and the network never");
    let titles: Vec<_> = walk.operations().iter().map(treaty::openapi::Operation::title).collect();
    assert_eq!(titles, ["GET /orders/{id}"]);
}

#[test]
fn data_is_not_searched_for_references() {
    let text = format!(
        "{HEAD}paths: {{}}
x-more: {{ $ref: a.yaml }}
components:
  schemas:
    Order:
      type: object
      default: {{ $ref: b.yaml }}
      enum: [{{ $ref: c.yaml }}]
      const: {{ $ref: d.yaml }}
      examples: [{{ $ref: e.yaml }}]
      properties:
        example: {{ type: string }}
        $ref: {{ type: string }}
  examples:
    One: {{ value: {{ $ref: f.yaml }}, summary: s }}
    Two: {{ externalValue: g.yaml }}
"
    );
    let files = Files::default();
    let description = load(&text, &files);
    assert_eq!(lines(&Walk::new(&description)), Vec::<String>::new());
    let asked = files.asked.into_inner();
    assert_eq!(asked, ["spec/g.yaml"], "an external example is looked for, and nothing else");
}

#[test]
fn one_cause_is_one_finding() {
    let uses: String = (0..50)
        .map(|at| format!("        p{at}: {{ $ref: '#/components/schemas/Gone' }}\n        q{at}: {{ $ref: '#/components/schemas/Bad' }}\n"))
        .collect();
    let text = format!(
        "{HEAD}components:
  schemas:
    Bad: {{ maxLength: long }}
    Order:
      properties:
{uses}"
    );
    let description = alone(&text);
    let walk = Walk::new(&description);
    let rules: Vec<_> = walk.problems.iter().map(|draft| draft.rule).collect();
    assert_eq!(rules, ["wrong-field-type", "unresolved-reference"]);
    assert_eq!(walk.references().len(), 100);
}

#[test]
fn schemas_know_the_directions_that_reach_them() {
    let text = format!(
        "{HEAD}paths:
  /orders:
    post:
      requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Order' }} }} }} }}
      responses:
        '200': {{ description: ok, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Receipt' }} }} }} }}
components:
  schemas:
    Order: {{ properties: {{ line: {{ $ref: '#/components/schemas/Line' }} }} }}
    Receipt: {{ properties: {{ line: {{ $ref: '#/components/schemas/Line' }} }} }}
    Line: {{ properties: {{ sku: {{ type: string }} }} }}
    Unused: {{ type: string }}
"
    );
    let description = alone(&text);
    let walk = Walk::new(&description);
    let of = |pointer: &str| {
        let node = description.entry().at(pointer).unwrap();
        let found = walk.directions(node, Kind::Schema);
        [Direction::Request, Direction::Response].map(|it| found.contains(it))
    };
    assert_eq!(of("/components/schemas/Order"), [true, false]);
    assert_eq!(of("/components/schemas/Receipt"), [false, true]);
    assert_eq!(of("/components/schemas/Line/properties/sku"), [true, true]);
    assert_eq!(of("/components/schemas/Unused"), [false, false]);
    let seen = walk.visits(Kind::Schema).len();
    assert_eq!(seen, 5, "each schema once, references not counted");
}

#[test]
fn operations_come_with_their_parameters_and_places() {
    let text = "openapi: 3.2.0
info: { title: T, version: '1' }
paths:
  /a/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { name: page, in: query, schema: { type: string } }
    get:
      parameters: [{ $ref: '#/components/parameters/Page' }]
      callbacks: { done: { '{$request.query.hook}': { post: {} } } }
    additionalOperations: { COPY: {} }
  /b: { $ref: '#/components/pathItems/Shared' }
  /c: { $ref: '#/components/pathItems/Shared', put: {} }
webhooks:
  sold: { post: {} }
components:
  pathItems:
    Shared: { get: {}, put: {} }
    Spare: { query: {} }
  parameters:
    Page: { $ref: '#/components/parameters/Number' }
    Number: { name: page, in: query, schema: { type: integer } }
";
    let description = alone(text);
    let walk = Walk::new(&description);
    assert_eq!(lines(&walk), Vec::<String>::new());
    let found: Vec<_> = walk.operations().iter().map(|it| (it.title(), it.surface)).collect();
    let expected = [
        ("GET /a/{id}", Surface::Path),
        ("COPY /a/{id}", Surface::Path),
        ("GET /b", Surface::Path),
        ("PUT /b", Surface::Path),
        ("PUT /c", Surface::Path),
        ("GET /c", Surface::Path),
        ("POST sold", Surface::Webhook),
        ("POST {$request.query.hook}", Surface::Callback),
        ("QUERY Spare", Surface::Component),
    ];
    assert_eq!(found, expected.map(|(title, surface)| (title.to_owned(), surface)));
    let get = &walk.operations()[0];
    let parameters: Vec<_> = get.parameters().iter().map(|it| it.node.pointer()).collect();
    assert_eq!(parameters, ["/components/parameters/Number", "/paths/~1a~1{id}/parameters/0"]);
    let own = description.entry().at("/paths/~1c/put").unwrap();
    assert_eq!(walk.operations()[4].node, own, "what stands beside the `$ref` comes first");
    let listed = description.entry().at("/paths/~1a~1{id}/get/parameters/0").unwrap();
    assert_eq!(walk.kind_of(listed), Some(Kind::Parameter));
}

#[test]
fn schemas_are_found_by_their_names() {
    let text = format!(
        "{HEAD}components:
  schemas:
    Order:
      $id: https://example.com/schemas/order
      $defs: {{ Line: {{ $anchor: line, type: object }} }}
      properties:
        a: {{ $ref: '#/$defs/Line' }}
        b: {{ $ref: '#line' }}
        c: {{ $ref: part }}
        d: {{ $ref: nothing }}
    Part: {{ $id: https://example.com/schemas/part, type: object }}
    Whole: {{ $ref: 'https://example.com/schemas/order#line' }}
    Lost: {{ $ref: '#line' }}
"
    );
    let description = alone(&text);
    let walk = Walk::new(&description);
    let found: Vec<_> = walk
        .references()
        .iter()
        .map(|it| match &it.target {
            Target::Node(node) => node.pointer(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        found,
        [
            "/components/schemas/Order/$defs/Line",
            "/components/schemas/Order/$defs/Line",
            "/components/schemas/Part",
            "Unread(\"https://example.com/schemas/nothing\", Network)",
            "/components/schemas/Order/$defs/Line",
            "NoAnchor(\"line\")",
        ]
    );
}

#[test]
fn mappings_lead_to_schemas() {
    let entry = format!(
        "{HEAD}components:
  schemas:
    Pet:
      type: object
      discriminator:
        propertyName: kind
        mapping: {{ dog: Dog, cat: cat.yaml, cow: Cwo, fish: '#/components/schemas/Fish' }}
    Dog: {{ type: object }}
    Cow: {{ type: object }}
"
    );
    let files = Files {
        texts: BTreeMap::from([("spec/cat.yaml", "type: object\nminLength: x\n")]),
        ..Files::default()
    };
    let description = load(&entry, &files);
    assert_eq!(
        lines(&Walk::new(&description)),
        [
            "spec/cat.yaml:2 wrong-field-type: `minLength` must be a number, not a string",
            "spec/openapi.yaml:9 unresolved-mapping: `Cwo` names no schema",
            "spec/openapi.yaml:9 unresolved-mapping: `#/components/schemas/Fish` leads nowhere: `#/components/schemas` has no `Fish`",
        ]
    );
}

#[test]
fn a_document_is_known_by_its_root() {
    for (text, state) in [
        ("openapi: 3.0.x\n", State::UnknownVersion),
        ("swagger: '2.0'\n", State::OpenApi2),
        ("[]\n", State::NotOpenApi),
        ("name: x\n", State::NotOpenApi),
        ("", State::Empty),
    ] {
        let description = alone(text);
        assert_eq!(description.state(), state, "{text}");
        let walk = Walk::new(&description);
        assert_eq!(walk.problems.len(), usize::from(state != State::Empty), "{text}");
        assert!(walk.operations().is_empty());
    }
}

#[test]
fn aliases_are_walked_once() {
    let mut text = format!("{HEAD}components:\n  schemas:\n    A0: &a0 {{ minLength: x }}\n");
    for at in 1..19 {
        let before = at - 1;
        text.push_str(&format!(
            "    A{at}: &a{at} {{ properties: {{ l: *a{before}, r: *a{before} }} }}\n"
        ));
    }
    let description = alone(&text);
    let walk = Walk::new(&description);
    assert_eq!(lines(&walk).len(), 1, "{:?}", lines(&walk));
    assert_eq!(walk.visits(Kind::Schema).len(), 19);
}

/// The values of fixtures whose findings the walk itself makes.
fn failing_fixtures() -> Vec<(PathBuf, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/document");
    let mut files: Vec<_> =
        std::fs::read_dir(root).unwrap().map(|it| it.unwrap().path().join("fail.yaml")).collect();
    files.sort();
    let texts = files.into_iter().map(|it| (it.clone(), std::fs::read_to_string(it)));
    texts.filter_map(|(path, text)| Some((path, text.ok()?))).collect()
}

#[test]
fn fixes_repair_what_they_say() {
    for (path, text) in failing_fixtures() {
        let description = alone(&text);
        let walk = Walk::new(&description);
        for draft in &walk.problems {
            let Some(fix) = &draft.fix else { continue };
            let edits: Vec<_> = fix.edits.iter().map(|it| it.edit.clone()).collect();
            let edited = apply_edits(description.entry().text(), &edits);
            let repaired = alone(&edited);
            let place = |it: &Draft<'_>| (it.rule, it.at.node().pointer(), it.fact.clone());
            let after = Walk::new(&repaired);
            let left = after.problems.iter().any(|it| place(it) == place(draft));
            assert!(!left, "{}: {} is still there\n{edited}", path.display(), draft.message);
            assert!(after.problems.len() < walk.problems.len(), "{}\n{edited}", path.display());
            let patch: Vec<_> = fix.patch.iter().collect();
            let patch = Value::from_json(&serde_json::to_string(&patch).unwrap()).unwrap();
            let root = |it: &Document| it.root().map(NodeRef::to_value).unwrap();
            let patched = root(description.entry()).patched(&patch).unwrap();
            assert_eq!(sorted(patched), sorted(root(repaired.entry())), "{}", path.display());
        }
    }
}

/// A value with the members of its objects in the order of their names.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            members.sort_by(|left, right| left.0.cmp(&right.0));
            Value::object(members.into_iter().map(|(name, value)| (name, sorted(value))))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[test]
fn hostile_references_do_no_harm() {
    let Some(root) = shared("suites/hostile-inputs/cases") else { return };
    for case in std::fs::read_dir(root).unwrap() {
        let mut path = case.unwrap().path();
        if path.join("spec").is_dir() {
            path.push("spec");
        }
        let names = ["openapi.yaml", "openapi.json"].map(|name| path.join(name));
        let Some(file) = names.into_iter().find(|it| it.is_file()) else { continue };
        let folder = crate::oai::Folder(path);
        let bytes = std::fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        let description = Description::load(&name, bytes, &folder, &Limits::default());
        let found = lines(&Walk::new(&description)).join("\n");
        assert!(!found.contains("MARKER_SECRET"), "{}", file.display());
        assert!(!found.is_empty() || !file.to_string_lossy().contains("/escape-"));
    }
}
