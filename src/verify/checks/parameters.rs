//! Parameters beside each other: names that collide in a query, defaults that are never used.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.12.5: with `style: form` and `explode: true` each
//!   property of an object is a query parameter of its own.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Operation, Parameter},
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// Reports parameters that another one overlays, and what is said of them in vain.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for operation in each::operations(cx) {
        check_query(cx, operation, sink);
        check_order(operation, sink);
        check_body(cx, operation, sink);
    }
    for visit in cx.walk.visits(Object::Parameter) {
        check_one(cx, visit.node, sink);
    }
    if sink.wants("repeated-path-parameter") {
        check_repeated(cx, sink);
    }
}

/// Whether each property of an object becomes a parameter of its own.
fn explodes(parameter: NodeRef<'_>) -> bool {
    let style = parameter.get("style").and_then(NodeRef::as_str).unwrap_or("form");
    let explode = parameter.get("explode").and_then(NodeRef::as_bool);
    style == "form" && explode != Some(false)
}

fn check_query<'d>(cx: &Context<'_, 'd>, operation: &Operation<'d>, sink: &mut Sink<'_, 'd>) {
    let parameters = operation.parameters();
    let query: Vec<&Parameter<'d>> =
        parameters.iter().filter(|it| it.location == "query").collect();
    if query.len() < 2 {
        return;
    }
    let mut taken: FxHashMap<&'d str, &Parameter<'d>> = FxHashMap::default();
    let mut objects = Vec::new();
    for parameter in query {
        let schema = parameter.node.get("schema").filter(|_| explodes(parameter.node));
        let parts = schema.and_then(|schema| {
            let is_object = |it: NodeRef<'d>| it.get("properties").is_some();
            let resolved = cx.walk.resolve(schema)?;
            let is_other = each::types(resolved)
                .next()
                .is_some_and(|_| !each::types(resolved).any(|name| name == "object"));
            if is_other {
                return None;
            }
            let composed = ["allOf", "anyOf", "oneOf"].iter().any(|it| resolved.get(it).is_some());
            if is_object(resolved) || composed { cx.schemas.closure(schema, false) } else { None }
        });
        match parts.filter(|parts| parts.iter().any(|it| it.get("properties").is_some())) {
            Some(parts) => objects.push((parameter, parts)),
            None => {
                taken.insert(parameter.name, parameter);
            }
        }
    }
    for (parameter, parts) in objects {
        let lists = parts.iter().filter_map(|part| part.get("properties"));
        for entry in lists.flat_map(NodeRef::entries) {
            let Some(other) = taken.get(entry.key) else {
                taken.insert(entry.key, parameter);
                continue;
            };
            if other.listed == parameter.listed {
                continue;
            }
            let message = format!(
                "`{}` of the parameter `{}` is sent as `?{}=`, as the parameter `{}` may be",
                entry.key, parameter.name, entry.key, other.name
            );
            let draft =
                Draft::new("colliding-query-parameters", At::Value(parameter.listed), message);
            sink.push(draft.fact(entry.key).related(At::Value(other.listed), "the other one"));
        }
    }
}

fn check_order<'d>(operation: &Operation<'d>, sink: &mut Sink<'_, 'd>) {
    let is_required =
        |it: &Parameter<'d>| it.node.get("required").is_some_and(|it| it.as_bool() == Some(true));
    let mut optional: Option<&Parameter<'d>> = None;
    for parameter in &operation.own {
        if !is_required(parameter) {
            optional = optional.or(Some(parameter));
        } else if let Some(earlier) = optional {
            let message = format!(
                "the required parameter `{}` stands behind the optional `{}`",
                parameter.name, earlier.name
            );
            let draft = Draft::new("unordered-parameters", At::Value(parameter.listed), message);
            sink.push(draft.fact(parameter.name));
            return;
        }
    }
}

/// Names that are a parameter and a property of the body become one argument in generated code.
fn check_body<'d>(cx: &Context<'_, 'd>, operation: &Operation<'d>, sink: &mut Sink<'_, 'd>) {
    if !sink.wants("parameter-as-body-property") {
        return;
    }
    let body = operation.node.get("requestBody").and_then(|body| cx.walk.resolve(body));
    let mut media = body.and_then(|it| it.get("content")).into_iter().flat_map(NodeRef::entries);
    let schema = media.find_map(|entry| entry.value.get("schema"));
    let Some(parts) = schema.and_then(|it| cx.schemas.closure(it, false)) else { return };
    let lists = parts.iter().filter_map(|part| part.get("properties"));
    let names: FxHashSet<&str> = lists.flat_map(NodeRef::entries).map(|entry| entry.key).collect();
    for parameter in operation.parameters() {
        if names.contains(parameter.name) {
            let message = format!("`{}` is a parameter and a property of the body", parameter.name);
            let draft = Draft::new("parameter-as-body-property", At::Key(operation.node), message);
            sink.push(draft.fact(parameter.name));
        }
    }
}

fn check_one<'d>(cx: &Context<'_, 'd>, parameter: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let name = parameter.get("name").and_then(NodeRef::as_str).unwrap_or_default();
    let Some(schema) = parameter.get("schema").and_then(|it| cx.walk.resolve(it)) else { return };
    let required = parameter.get("required").is_some_and(|it| it.as_bool() == Some(true));
    if let Some(default) = schema.get("default").filter(|_| required) {
        let message = format!("`{name}` is always sent, so its default is never used");
        let draft = Draft::new("default-of-required-parameter", At::Key(parameter), message);
        sink.push(draft.related(At::Key(default), "the default"));
    }
    let list = each::is_typed(schema, "array");
    let silent = ["style", "explode", "content"].iter().all(|it| parameter.get(it).is_none());
    let query = parameter.get("in").and_then(NodeRef::as_str) == Some("query");
    if list && silent && query {
        let message = format!("`{name}` is an array, and how it is written is left to the default");
        sink.push(Draft::new("implicit-array-style", At::Key(parameter), message));
    }
}

/// Path parameters that every operation of a path repeats.
fn check_repeated<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    for entry in cx.walk.paths() {
        let operations = cx.walk.operations().get(entry.operations.clone()).unwrap_or_default();
        let Some((first, others)) = operations.split_first() else { continue };
        if others.is_empty() {
            continue;
        }
        for parameter in first.own.iter().filter(|it| it.location == "path") {
            let everywhere = others.iter().all(|operation| {
                operation.own.iter().any(|it| it.name == parameter.name && it.location == "path")
            });
            if everywhere {
                let message = format!(
                    "every operation of `{}` lists the path parameter `{}`",
                    entry.path, parameter.name
                );
                let draft = Draft::new("repeated-path-parameter", At::Key(entry.node), message);
                sink.push(draft.fact(parameter.name));
            }
        }
    }
}
