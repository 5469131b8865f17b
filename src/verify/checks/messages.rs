//! What bodies are described by, and what their descriptions leave out.
//!
//! * **Source.** OpenAPI 3.1.1, sections 4.8.13 (Request Body Object) and 4.8.14 (Media Type
//!   Object); RFC 7396; RFC 6902.

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Operation},
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// Reports bodies that are described too little, or in a form of which little can be made.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::MediaType) {
        check_media_type(cx, visit.node, sink);
    }
    for visit in cx.walk.visits(Object::RequestBody) {
        check_optional(cx, visit.node, sink);
    }
    for operation in each::operations(cx) {
        check_request(cx, operation, sink);
        check_preconditions(cx, operation, sink);
    }
    for kind in [Object::MediaType, Object::Parameter, Object::Schema, Object::Header] {
        for visit in cx.walk.visits(kind) {
            check_examples(visit.node, kind, sink);
        }
    }
    for visit in cx.walk.visits(Object::Example) {
        if let Some(value) = visit.node.get("value") {
            find_reference(value, sink);
        }
    }
}

fn check_media_type<'d>(cx: &Context<'_, 'd>, media: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let key = media.key().unwrap_or_default();
    if key.contains('*') {
        let message = format!("`{key}` leaves open which media type it is");
        sink.push(Draft::new("wildcard-media-type", At::Key(media), message));
    }
    let schema = media.get("schema").or(media.get("itemSchema"));
    let json = each::is_json(key);
    let Some(schema) = schema else {
        if json {
            let message = format!("`{key}` has no schema");
            sink.push(Draft::new("content-without-schema", At::Key(media), message));
        }
        return;
    };
    let example = ["example", "examples"].iter().any(|it| media.get(it).is_some());
    let Some(resolved) = cx.walk.resolve(schema) else { return };
    let own = ["example", "examples", "default", "const"];
    if !example && own.iter().all(|it| resolved.get(it).is_none()) {
        let message = format!("nothing shows what `{key}` looks like here");
        sink.push(Draft::new("missing-example", At::Key(media), message));
    }
    if json {
        check_binary(cx, resolved, sink);
    }
}

/// Bytes as they are have no place in JSON.
fn check_binary<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let properties = schema.get("properties").into_iter().flat_map(NodeRef::entries);
    let properties = properties.filter_map(|entry| cx.walk.resolve(entry.value));
    for part in std::iter::once(schema).chain(properties) {
        let Some(format) = part.get("format") else { continue };
        if format.as_str() == Some("binary") && each::is_typed(part, "string") {
            let message = "JSON cannot hold `binary`, which is bytes as they are";
            sink.push(Draft::new("binary-in-json", At::Value(format), message));
        }
    }
}

fn check_optional<'d>(cx: &Context<'_, 'd>, body: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    if body.get("required").is_some_and(|it| it.as_bool() == Some(true)) {
        return;
    }
    let media = body.get("content").into_iter().flat_map(NodeRef::entries);
    let schemas = media.filter_map(|entry| cx.walk.resolve(entry.value.get("schema")?));
    let requires = schemas
        .filter_map(|schema| schema.get("required"))
        .find(|it| it.is_array() && !it.is_empty());
    if let Some(required) = requires {
        let message = "the body is optional, though it has required properties";
        let draft = Draft::new("optional-body", At::Key(body), message);
        sink.push(draft.related(At::Key(required), "its required properties"));
    }
}

fn check_request<'d>(cx: &Context<'_, 'd>, operation: &Operation<'d>, sink: &mut Sink<'_, 'd>) {
    let body = operation.node.get("requestBody").and_then(|body| cx.walk.resolve(body));
    let Some(content) = body.and_then(|body| body.get("content")) else { return };
    if operation.method == "patch" {
        let patches = content
            .entries()
            .any(|entry| entry.key.contains("merge-patch") || entry.key.contains("json-patch"));
        if !patches && content.entries().any(|entry| each::is_json(entry.key)) {
            let message = format!("`{}` does not say how the patch is applied", operation.title());
            sink.push(Draft::new("patch-media-type", At::Key(content), message));
        }
    }
    for entry in content.entries().filter(|entry| each::is_json(entry.key)) {
        let schema = entry.value.get("schema").and_then(|it| cx.walk.resolve(it));
        let Some(schema) = schema else { continue };
        let scalar = ["array", "string", "integer", "number", "boolean"];
        if scalar.iter().any(|name| each::is_typed(schema, name)) && operation.method != "patch" {
            let message = format!("the body of `{}` is no object", operation.title());
            sink.push(Draft::new("body-without-object", At::Key(entry.value), message));
        }
    }
}

/// `If-Match` needs a tag to compare, and an answer for when it differs.
fn check_preconditions<'d>(
    cx: &Context<'_, 'd>,
    operation: &Operation<'d>,
    sink: &mut Sink<'_, 'd>,
) {
    let parameters = operation.parameters();
    let header = |name: &str| {
        parameters.iter().find(|it| it.location == "header" && it.name.eq_ignore_ascii_case(name))
    };
    for name in ["If-Modified-Since", "If-Unmodified-Since"] {
        if let Some(parameter) = header(name) {
            let message =
                format!("`{name}` compares times, of which a second is the smallest part");
            sink.push(Draft::new("weak-precondition", At::Value(parameter.listed), message));
        }
    }
    let Some(parameter) = header("If-Match") else { return };
    let responses = each::responses(cx, operation.node);
    let has_code = responses.iter().any(|(code, _)| matches!(*code, "412" | "4XX" | "default"));
    if !has_code {
        let message = format!("`{}` has no answer for a tag that differs", operation.title());
        sink.push(Draft::new("precondition-without-412", At::Value(parameter.listed), message));
    }
}

fn check_examples<'d>(holder: NodeRef<'d>, kind: Object, sink: &mut Sink<'_, 'd>) {
    if let Some(value) = holder.get("example") {
        find_reference(value, sink);
    }
    let Some(examples) = holder.get("examples") else { return };
    if kind == Object::Schema {
        for value in examples.items() {
            find_reference(value, sink);
        }
        return;
    }
    for entry in examples.entries() {
        if entry.key.contains(' ') {
            let message = format!("the name `{}` of an example has a space", entry.key);
            sink.push(Draft::new("space-in-example-name", At::Key(entry.value), message));
        }
    }
}

/// A `$ref` inside a value is data, though it looks like a reference.
fn find_reference<'d>(value: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let mut open = vec![value];
    while let Some(node) = open.pop() {
        if let Some(reference) = node.get("$ref")
            && let Some(text) = reference.as_str()
        {
            let message = format!("`{text}` is not followed inside an example");
            let draft = Draft::new("reference-in-example", At::Key(reference), message);
            sink.push(draft.fact(text));
        }
        let children = node.entries().map(|entry| entry.value).chain(node.items());
        open.extend(children.filter(|child| child.parent() == Some(node)));
    }
}
