//! Lists without an end, creations that a second try repeats, and answers in other shapes.
//!
//! * **Source.** RFC 9110, section 9.2.2 (a client does not know whether a `POST` may be sent
//!   again); the IETF draft on the `Idempotency-Key` header.

use rustc_hash::FxHashMap;

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Operation, Surface},
};

use crate::verify::{
    checks::{each, words::words},
    context::Context,
    sink::Sink,
};

/// Reports lists without pages and creations without a key.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut bodies: FxHashMap<&'d str, NodeRef<'d>> = FxHashMap::default();
    for operation in each::operations(cx).filter(|it| it.surface == Surface::Path) {
        match operation.method.to_ascii_lowercase().as_str() {
            "get" => check_list(cx, operation, &mut bodies, sink),
            "post" => check_creation(cx, operation, sink),
            _ => {}
        }
    }
    if sink.wants("inconsistent-response-schema") {
        check_consistency(cx, &bodies, sink);
    }
}

/// The schema of a successful response in JSON, as it is written there.
fn success<'d>(
    cx: &Context<'_, 'd>,
    operation: &Operation<'d>,
    codes: &[&str],
) -> Option<NodeRef<'d>> {
    let responses = each::responses(cx, operation.node);
    let (_, response) = responses.into_iter().find(|(code, _)| codes.contains(code))?;
    let mut content = response.get("content")?.entries();
    content.find(|entry| each::is_json(entry.key))?.value.get("schema")
}

/// Words of a parameter by which a client asks for a part of a list.
const PAGES: [&str; 22] = [
    "page", "limit", "offset", "cursor", "start", "count", "top", "skip", "size", "after",
    "before", "marker", "token", "since", "until", "from", "to", "max", "first", "last", "next",
    "per",
];

/// Words of a property by which a response says where the rest is.
const REST: [&str; 10] =
    ["next", "cursor", "page", "pages", "paging", "pagination", "offset", "links", "total", "more"];

fn check_list<'d>(
    cx: &Context<'_, 'd>,
    operation: &Operation<'d>,
    bodies: &mut FxHashMap<&'d str, NodeRef<'d>>,
    sink: &mut Sink<'_, 'd>,
) {
    let Some(written) = success(cx, operation, &["200", "2XX", "default"]) else { return };
    if written.get("$ref").is_some() {
        bodies.insert(operation.path, written);
    }
    let Some(schema) = cx.walk.resolve(written) else { return };
    let bare = each::is_typed(schema, "array");
    if bare {
        let message = format!(
            "`{}` answers with an array, which leaves no place for more",
            operation.title()
        );
        sink.push(Draft::new("array-as-response", At::Key(schema), message));
    }
    let Some(list) = (if bare { Some(schema) } else { only_list(cx, schema) }) else { return };
    if list.get("maxItems").is_some() || ends_in_parameter(operation.path) && !bare {
        return;
    }
    let asks = operation.parameters().iter().any(|parameter| {
        parameter.location == "query"
            && words(parameter.name).iter().any(|word| PAGES.contains(&word.as_str()))
    });
    if asks || !operation.complete {
        return;
    }
    let message = format!("`{}` returns a list of any length, all at once", operation.title());
    let draft = Draft::new("unpaged-list", At::Key(operation.node), message);
    sink.push(draft.related(At::Key(list), "the list"));
}

fn ends_in_parameter(path: &str) -> bool {
    path.ends_with('}')
}

/// The one array among the properties of an envelope that says nothing of the rest.
fn only_list<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>) -> Option<NodeRef<'d>> {
    let properties = schema.get("properties")?;
    let mut lists = Vec::new();
    for entry in properties.entries() {
        if words(entry.key).iter().any(|word| REST.contains(&word.as_str())) {
            return None;
        }
        let property = cx.walk.resolve(entry.value)?;
        if each::is_typed(property, "array") {
            lists.push((entry.key, property));
        }
    }
    let envelope = properties.len() <= ENVELOPE_MAX;
    match lists.as_slice() {
        [(_, list)] if envelope => Some(*list),
        _ => None,
    }
}

/// How many properties an envelope around a list has.
const ENVELOPE_MAX: usize = 3;

fn check_creation<'d>(cx: &Context<'_, 'd>, operation: &Operation<'d>, sink: &mut Sink<'_, 'd>) {
    let creates = operation.node.get("responses").is_some_and(|it| it.get("201").is_some());
    if !creates || !operation.complete {
        return;
    }
    let keyed = operation.parameters().iter().any(|parameter| {
        let parts = words(parameter.name);
        let key =
            ["idempotency", "idempotent"].iter().any(|it| parts.iter().any(|word| word == it));
        let request =
            parts.iter().any(|word| word == "request") && parts.iter().any(|it| it == "id");
        key || request
    });
    let told = ["description", "summary"]
        .iter()
        .filter_map(|key| operation.node.get(key).and_then(NodeRef::as_str))
        .any(|text| text.to_lowercase().contains("idempoten"));
    if keyed
        || told
        || operation.node.get("x-idempotent").is_some()
        || has_unique_key(cx, operation)
    {
        return;
    }
    let message = format!("`{}` creates once more when it is sent once more", operation.title());
    sink.push(Draft::new("repeatable-creation", At::Key(operation.node), message));
}

/// Whether the body must hold a key that the sender gives, such as `idempotencyKey`.
fn has_unique_key<'d>(cx: &Context<'_, 'd>, operation: &Operation<'d>) -> bool {
    let body = operation.node.get("requestBody").and_then(|body| cx.walk.resolve(body));
    let mut media = body.and_then(|it| it.get("content")).into_iter().flat_map(NodeRef::entries);
    let schema = media.find_map(|entry| cx.walk.resolve(entry.value.get("schema")?));
    let Some(schema) = schema else { return false };
    let parts = cx.schemas.closure(schema, false).unwrap_or_default();
    let lists = parts.iter().filter_map(|part| part.get("properties"));
    lists.flat_map(NodeRef::entries).any(|entry| {
        words(entry.key).iter().any(|word| matches!(word.as_str(), "idempotency" | "idempotent"))
    })
}

/// Create and update answer with the schema by which the resource is read.
fn check_consistency<'d>(
    cx: &Context<'_, 'd>,
    bodies: &FxHashMap<&'d str, NodeRef<'d>>,
    sink: &mut Sink<'_, 'd>,
) {
    let reference = |schema: NodeRef<'d>| schema.get("$ref").and_then(NodeRef::as_str);
    for operation in each::operations(cx).filter(|it| it.surface == Surface::Path) {
        let method = operation.method.to_ascii_lowercase();
        if !matches!(method.as_str(), "put" | "patch") {
            continue;
        }
        let Some(read) = bodies.get(operation.path) else { continue };
        let Some(written) = success(cx, operation, &["200"]) else { continue };
        if reference(written).is_some_and(|it| Some(it) != reference(*read)) {
            let message =
                format!("`{}` answers with another schema than the read", operation.title());
            let draft = Draft::new("inconsistent-response-schema", At::Key(written), message);
            sink.push(draft.related(At::Key(*read), "the schema of the read"));
        }
    }
}
