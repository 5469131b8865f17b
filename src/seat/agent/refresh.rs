//! Bringing the examples of a contract up to what its schemas say now.

use std::collections::BTreeSet;

use crate::{
    charter::mandate::{Field, Operation, Shape},
    document::{Value, pointer},
};

use super::{
    example::{Direction, mend, nearest},
    find::{self, FoundOperation},
    tree::{remove, resolve, set},
};

/// How many schemas of one operation are looked through.
const SCHEMAS_MAX: usize = 500;
/// How many places may wait to be looked at.
const OPEN_MAX: usize = 5_000;

/// A media type and which way it goes.
type Media = (String, Direction);

/// Mends the examples of every operation that stands otherwise than in `before`, which has it.
pub(super) fn known(root: &mut Value, before: &Value) {
    for operation in find::operations(before) {
        of_operation(root, Some(before), &operation);
    }
}

/// Mends the examples of every operation that stands otherwise than in `before`.
pub(super) fn changed(root: &mut Value, before: Option<&Value>) {
    for operation in find::operations(root) {
        of_operation(root, before, &operation);
    }
}

fn of_operation(root: &mut Value, before: Option<&Value>, operation: &FoundOperation) {
    for (media, direction) in bodies(root, operation) {
        let schema = pointer::join(&media, "schema");
        let touched = before.is_none_or(|before| {
            let schemas = tree(root, &schema);
            schemas != tree(before, &schema)
                || schemas.iter().any(|it| root.at(it) != before.at(it))
        });
        if touched {
            for schema in tree(root, &schema) {
                example(root, &schema);
            }
            of_media(root, &media, direction);
        }
    }
}

/// Mends the example of the schema at `place`, where it has one.
pub(super) fn example(root: &mut Value, place: &str) {
    let Some(seed) = root.at(place).and_then(|it| it.get("example")).cloned() else { return };
    match mend(root, place, Some(&seed), Direction::Neither) {
        Some(value) if value != seed => set(root, place, "example", value),
        Some(_) => {}
        None => {
            remove(root, &pointer::join(place, "example"));
        }
    }
}

/// Mends the example of the parameter at `place`; where nothing of it can be kept, the one
/// that the dictionary gives for its field takes its place.
pub(super) fn of_parameter(root: &mut Value, place: &str, field: &Field) {
    let Some(seed) = root.at(place).and_then(|it| it.get("example")).cloned() else { return };
    let Shape::Scalar(facets) = &field.shape else { return };
    let known = [Some(&seed), facets.example.as_ref()];
    let known = nearest(known.into_iter().flatten(), facets);
    let schema = pointer::join(place, "schema");
    match known.or_else(|| mend(root, &schema, None, Direction::Neither)) {
        Some(value) if value != seed => set(root, place, "example", value),
        Some(_) => {}
        None => {
            remove(root, &pointer::join(place, "example"));
        }
    }
}

/// Mends the examples of the media type at `place`. One that names nothing goes, and
/// where none is left, one is made up.
pub(super) fn of_media(root: &mut Value, place: &str, direction: Direction) {
    let schema = pointer::join(place, "schema");
    let Some(media) = root.at(place).filter(|it| it.get("schema").is_some()) else { return };
    if let Some(seed) = media.get("example").cloned() {
        match mend(root, &schema, Some(&seed), direction) {
            Some(value) if value != seed => set(root, place, "example", value),
            _ => {}
        }
    }
    let all = pointer::join(place, "examples");
    let names = root.at(&all).map(Value::members).unwrap_or_default();
    let names: Vec<String> = names.iter().map(|(name, _)| name.clone()).collect();
    for name in &names {
        let listed = pointer::join(&all, name);
        let there = resolve(root, &listed).filter(|it| root.at(it).is_some());
        let Some(there) = there else {
            remove(root, &listed);
            continue;
        };
        let Some(seed) = root.at(&there).and_then(|it| it.get("value")).cloned() else { continue };
        match mend(root, &schema, Some(&seed), direction) {
            Some(value) if value != seed => set(root, &there, "value", value),
            _ => {}
        }
    }
    if !names.is_empty() && root.at(&all).is_some_and(|it| it.members().is_empty()) {
        remove(root, &all);
        if let Some(value) = mend(root, &schema, None, direction) {
            set(root, place, "example", value);
        }
    }
}

/// Gives the bodies of an operation the examples that its mandate speaks of, in standard words.
pub(super) fn samples(root: &mut Value, place: &str, operation: &Operation) {
    let response = find::response(root, place, operation.response.status);
    let request = find::request(root, place);
    let bodies = [
        (operation.request.as_ref(), request, Direction::Request),
        (Some(&operation.response), response, Direction::Response),
    ];
    for (body, found, direction) in bodies {
        let Some((body, found)) = body.zip(found) else { continue };
        let seed = body.content.as_ref().and_then(|it| it.example.clone());
        let Some(media) = find::media(root, &found, &body.media) else { continue };
        if body.sample.is_none() && seed.is_none() {
            continue;
        }
        let value = mend(root, &pointer::join(&media, "schema"), seed.as_ref(), direction);
        if let Some(value) = value {
            set(root, &media, "example", value);
        }
    }
}

/// The media types of an operation's request and answers.
pub(super) fn bodies(root: &Value, operation: &FoundOperation) -> Vec<Media> {
    let mut found = Vec::new();
    let mut all_of = |body: String, direction| {
        let Some(body) = resolve(root, &body) else { return };
        let content = pointer::join(&body, "content");
        let media = root.at(&content).map(Value::members).unwrap_or_default();
        found.extend(media.iter().map(|(media, _)| (pointer::join(&content, media), direction)));
    };
    all_of(pointer::join(&operation.place, "requestBody"), Direction::Request);
    let responses = pointer::join(&operation.place, "responses");
    for (status, _) in root.at(&responses).map(Value::members).unwrap_or_default() {
        all_of(pointer::join(&responses, status), Direction::Response);
    }
    found
}

/// The schema at `place` and every schema that it is made of.
fn tree(root: &Value, place: &str) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![place.to_owned()];
    while let Some(place) = open.pop() {
        let Some(place) = resolve(root, &place) else { continue };
        let Some(schema) = root.at(&place) else { continue };
        if found.len() >= SCHEMAS_MAX || open.len() >= OPEN_MAX || found.contains(&place) {
            continue;
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let branches = schema.get(keyword).map_or(0, |it| it.items().len());
            let within = pointer::join(&place, keyword);
            open.extend((0..branches).map(|at| format!("{within}/{at}")));
        }
        let all = pointer::join(&place, "properties");
        let properties = schema.get("properties").map(Value::members).unwrap_or_default();
        open.extend(properties.iter().map(|(name, _)| pointer::join(&all, name)));
        if schema.get("items").is_some() {
            open.push(pointer::join(&place, "items"));
        }
        found.insert(place);
    }
    found.into_iter().collect()
}
