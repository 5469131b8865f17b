//! Objects that must hold objects that must hold the first again: no finite value fits.
//!
//! * **Source.** JSON Schema 2020-12 validation, section 6.5.3 (`required`).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{NodeId, NodeRef, Number},
    finding::{At, Coverage, Draft},
    openapi::Kind as Object,
};

use crate::verify::{context::Context, kinds::Kinds, sink::Sink};

use super::alike;

/// How many steps of a circle a finding shows.
const RELATED_MAX: usize = 8;

type Key = (usize, NodeId);

/// Reports each circle of required members once.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut needs: FxHashMap<Key, (NodeRef<'d>, Vec<Need<'d>>)> = FxHashMap::default();
    let mut order = Vec::new();
    for visit in cx.walk.visits(Object::Schema) {
        let all = needs_of(cx, visit.node);
        if !all.is_empty() {
            order.push(key(cx, visit.node));
            needs.insert(key(cx, visit.node), (visit.node, all));
        }
    }
    let endless = endless(&needs, &order);
    let mut told: FxHashSet<Key> = FxHashSet::default();
    for start in &order {
        if endless.contains(start) && !told.contains(start) {
            report(*start, &needs, &endless, &mut told, sink);
        }
    }
}

fn key<'d>(cx: &Context<'_, 'd>, node: NodeRef<'d>) -> Key {
    (cx.walk.description().slot(node), node.id())
}

/// What a value needs: one of these schemas must have a finite value.
struct Need<'d> {
    /// Where that is said.
    at: NodeRef<'d>,
    any: Vec<Key>,
}

/// What every value of a schema needs; nothing where it may be a scalar, be empty or be listed.
fn needs_of<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>) -> Vec<Need<'d>> {
    let plain = ["required", "minItems", "allOf", "anyOf", "oneOf", "$ref"];
    if !plain.iter().any(|it| schema.get(it).is_some()) {
        return Vec::new();
    }
    let mut needs = Vec::new();
    let kinds = Kinds::of(schema);
    let only = |name: &str| kinds.is_some_and(|kinds| kinds.is_only(name));
    if schema.get("enum").is_some() || schema.get("const").is_some() {
        return needs;
    }
    if let Some(target) = cx.schemas.step(schema) {
        needs.push(Need { at: schema, any: vec![key(cx, target)] });
    }
    for branch in schema.get("allOf").into_iter().flat_map(NodeRef::items) {
        needs.push(Need { at: branch, any: vec![end(cx, branch)] });
    }
    for list in ["anyOf", "oneOf"].into_iter().filter_map(|it| schema.get(it)) {
        let any: Vec<_> = list.items().map(|branch| end(cx, branch)).collect();
        if !any.is_empty() {
            needs.push(Need { at: list, any });
        }
    }
    if only("object") {
        let properties = schema.get("properties");
        for name in schema.get("required").into_iter().flat_map(NodeRef::items) {
            let property = name.as_str().and_then(|name| properties?.get(name));
            if let Some(property) = property {
                needs.push(Need { at: property, any: vec![end(cx, property)] });
            }
        }
    }
    let least = schema.get("minItems").and_then(NodeRef::as_number).and_then(Number::as_i128);
    if only("array")
        && least.is_some_and(|least| least > 0)
        && let Some(items) = schema.get("items")
    {
        needs.push(Need { at: items, any: vec![end(cx, items)] });
    }
    needs
}

/// The schema that a reference and nothing else leads to in the end.
fn end<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>) -> Key {
    let alone = schema.get("$ref").is_some()
        && (schema.len() == 1 || cx.schemas.dialect(schema).ignores_reference_siblings());
    let end = if alone { cx.walk.resolve(schema) } else { Some(schema) };
    key(cx, end.unwrap_or(schema))
}

/// The schemas of which no value is finite: those that are left when all that can be are taken out.
fn endless(needs: &FxHashMap<Key, (NodeRef<'_>, Vec<Need<'_>>)>, order: &[Key]) -> FxHashSet<Key> {
    let mut users: FxHashMap<Key, Vec<Key>> = FxHashMap::default();
    for user in order {
        for need in needs.get(user).into_iter().flat_map(|(_, all)| all) {
            for schema in &need.any {
                users.entry(*schema).or_default().push(*user);
            }
        }
    }
    let mut endless: FxHashSet<Key> = order.iter().copied().collect();
    let mut open = order.to_vec();
    while let Some(schema) = open.pop() {
        if !endless.contains(&schema) {
            continue;
        }
        let all = needs.get(&schema).map(|(_, all)| all.as_slice()).unwrap_or_default();
        let met = |need: &Need<'_>| need.any.iter().any(|it| !endless.contains(it));
        if all.iter().all(met) {
            endless.remove(&schema);
            open.extend(users.get(&schema).into_iter().flatten());
        }
    }
    endless
}

/// Follows what is needed from an endless schema until it comes again, and reports that circle.
fn report<'d>(
    start: Key,
    needs: &FxHashMap<Key, (NodeRef<'d>, Vec<Need<'d>>)>,
    endless: &FxHashSet<Key>,
    told: &mut FxHashSet<Key>,
    sink: &mut Sink<'_, 'd>,
) {
    let mut way: Vec<(Key, NodeRef<'d>)> = Vec::new();
    let mut schema = start;
    while !told.contains(&schema) && !way.iter().any(|(key, _)| *key == schema) {
        let all = needs.get(&schema).map(|(_, all)| all.as_slice()).unwrap_or_default();
        let unmet = all.iter().find(|need| need.any.iter().all(|it| endless.contains(it)));
        let Some((need, next)) = unmet.and_then(|need| Some((need, *need.any.first()?))) else {
            return;
        };
        way.push((schema, need.at));
        schema = next;
    }
    told.extend(way.iter().map(|(key, _)| *key));
    let Some(from) = way.iter().position(|(key, _)| *key == schema) else { return };
    let circle: Vec<NodeRef<'d>> = way.iter().skip(from).map(|(_, at)| *at).collect();
    let required =
        circle.iter().filter(|at| at.parent().and_then(NodeRef::key) == Some("properties"));
    let required: Vec<_> = required.copied().collect();
    // A circle of references alone is told about elsewhere.
    if required.is_empty() && !circle.iter().any(|at| at.key() == Some("items")) {
        return;
    }
    let places = if required.is_empty() { &circle } else { &required };
    let Some(place) = alike::least(places.iter().copied()) else { return };
    let message = match place.key() {
        Some(name) if !required.is_empty() => format!(
            "`{name}` is required, and its value needs another object of this kind in turn: no \
             finite value fits"
        ),
        _ => "every item needs another list of this kind in turn: no finite value fits".to_owned(),
    };
    let mut draft = Draft::new("endless-requirement", At::Key(place), message);
    for other in places.iter().filter(|it| **it != place).take(RELATED_MAX) {
        let name = other.key().unwrap_or_default();
        draft = draft.related(At::Key(*other), format!("by way of `{name}`"));
    }
    sink.push(draft);
}
