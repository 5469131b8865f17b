//! How schemas are put together: choices that say nothing, and parts that stand twice.
//!
//! * **Source.** JSON Schema 2020-12 core, section 10.2.1; OpenAPI 3.1.1, section 4.8.24.

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeRef, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Direction, Kind as Object, Role, Version, Visit},
};

use crate::verify::{
    checks::{each, limits::name},
    context::Context,
    sink::Sink,
};

/// How large a branch may be to be compared as a whole.
const COMPARED_MAX: usize = 50;

/// Reports compositions and schemas that could be said more simply.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        for list in ["allOf", "anyOf", "oneOf"] {
            if let Some(branches) = visit.node.get(list).filter(|it| it.is_array()) {
                check_branches(visit, list, branches, sink);
            }
        }
        check_both_only(cx, visit, sink);
        check_types(visit, sink);
        check_inline(visit, sink);
        check_properties(cx, visit, sink);
    }
    check_references(cx, sink);
}

fn check_branches<'d>(
    visit: &Visit<'d>,
    list: &str,
    branches: NodeRef<'d>,
    sink: &mut Sink<'_, 'd>,
) {
    if branches.len() == 1 {
        // In 3.0 this is how something is said beside a `$ref`.
        let says_more = visit.node.len() > 1;
        if !(list == "allOf" && says_more) {
            let message = format!("`{list}` has one branch");
            sink.push(Draft::new("single-branch", At::Key(branches), message).fact(list));
        }
    }
    let mut first: FxHashMap<String, NodeRef<'d>> = FxHashMap::default();
    for branch in branches.items() {
        if branch.is_object() && branch.is_empty() {
            let message = format!("a branch of `{list}` is empty, so it allows everything");
            sink.push(Draft::new("empty-branch", At::Value(branch), message).fact(list));
            continue;
        }
        let text = match branch.get("$ref").and_then(NodeRef::as_str) {
            Some(reference) if branch.len() == 1 => reference.to_owned(),
            _ if branch.span().end - branch.span().start > 2000 => continue,
            _ if branch.len() > COMPARED_MAX => continue,
            _ => branch.to_value().to_json(),
        };
        let Some(earlier) = first.get(&text) else {
            first.insert(text, branch);
            continue;
        };
        // That no value can match one of two equal branches alone is for another rule to say.
        if list == "oneOf" {
            continue;
        }
        let message = format!("two branches of `{list}` are the same");
        let draft = Draft::new("duplicate-branch", At::Value(branch), message)
            .fact(text)
            .related(At::Value(*earlier), "the other one");
        let patch = [PatchOperation::remove(branch.pointer())];
        sink.push(draft.fix(Safety::NeedsReview, edit::remove(branch), patch));
    }
}

/// What is only read and only written is neither; 3.0 forbids it.
fn check_both_only<'d>(cx: &Context<'_, 'd>, visit: &Visit<'d>, sink: &mut Sink<'_, 'd>) {
    let is_true = |key| visit.node.get(key).is_some_and(|it| it.as_bool() == Some(true));
    let version = cx.walk.description().version_at(visit.node);
    if version != Version::V30 && is_true("readOnly") && is_true("writeOnly") {
        let message = format!("{} is `readOnly` and `writeOnly`", name(visit));
        sink.push(Draft::new("read-only-and-write-only", At::Key(visit.node), message));
    }
}

fn check_types<'d>(visit: &Visit<'d>, sink: &mut Sink<'_, 'd>) {
    let types = each::types(visit.node).filter(|it| *it != "null").count();
    if types > 1
        && let Some(value) = visit.node.get("type")
    {
        let message = format!("{} has {types} types", name(visit));
        sink.push(Draft::new("several-types", At::Value(value), message));
    }
    if let Some(value) = visit.node.get("pattern")
        && let Some(text) = value.as_str()
        && !(text.starts_with('^') && text.ends_with('$'))
    {
        let message = format!("`{text}` matches in the middle of a text");
        sink.push(Draft::new("unanchored-pattern", At::Value(value), message));
    }
}

fn check_inline<'d>(visit: &Visit<'d>, sink: &mut Sink<'_, 'd>) {
    let nested = matches!(visit.role, Role::Property | Role::Item);
    let object = visit.node.get("properties").is_some_and(|it| !it.is_empty());
    if nested && object {
        let message = format!("{} is an object without a name", name(visit));
        sink.push(Draft::new("inline-object-schema", At::Key(visit.node), message));
    }
}

fn check_properties<'d>(cx: &Context<'_, 'd>, visit: &Visit<'d>, sink: &mut Sink<'_, 'd>) {
    if !sink.wants("optional-array-in-response") && !sink.wants("nullable-property") {
        return;
    }
    let required = visit.node.get("required");
    for entry in visit.node.get("properties").into_iter().flat_map(NodeRef::entries) {
        let Some(property) = cx.walk.resolve(entry.value) else { continue };
        let is_required =
            required.is_some_and(|it| it.items().any(|it| it.as_str() == Some(entry.key)));
        let response = visit.directions.only() == Some(Direction::Response);
        if response && !is_required && each::is_typed(property, "array") {
            let message = format!("the array `{}` may be missing, or empty", entry.key);
            let draft = Draft::new("optional-array-in-response", At::Key(entry.value), message);
            sink.push(draft.fact(entry.key));
        }
        let null = property.get("nullable").is_some_and(|it| it.as_bool() == Some(true))
            || each::types(property).any(|it| it == "null");
        if null && !is_required {
            let message = format!("`{}` may be missing, or null", entry.key);
            let draft = Draft::new("nullable-property", At::Key(entry.value), message);
            sink.push(draft.fact(entry.key));
        }
    }
}

/// References in places or forms that some tools do not follow.
fn check_references<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    for reference in cx.walk.references() {
        let Some(text) = reference.value.as_str() else { continue };
        let local = text.starts_with('#');
        let usual = text.starts_with("#/components/") || text.starts_with("#/$defs/");
        if local && !usual && text.starts_with("#/") {
            let message = format!("`{text}` leads to no component");
            let draft =
                Draft::new("reference-outside-components", At::Value(reference.value), message);
            sink.push(draft.fact(text));
        }
        if reference.kind == Object::PathItem {
            check_path_item(reference.node, reference.value, cx, sink);
        }
    }
}

/// Fields that stand in a path item and in the one that its `$ref` leads to.
fn check_path_item<'d>(
    node: NodeRef<'d>,
    value: NodeRef<'d>,
    cx: &Context<'_, 'd>,
    sink: &mut Sink<'_, 'd>,
) {
    let Some(target) = cx.walk.resolve(node).filter(|it| *it != node) else { return };
    for entry in node.entries().filter(|it| it.key != "$ref" && !it.key.starts_with("x-")) {
        if let Some(other) = target.get(entry.key) {
            let message = format!("`{}` stands here and where the `$ref` leads to", entry.key);
            let draft = Draft::new("ambiguous-path-item", At::Key(entry.value), message);
            let draft = draft.fact(entry.key).related(At::Value(value), "the reference");
            sink.push(draft.related(At::Key(other), "the other one"));
        }
    }
}
