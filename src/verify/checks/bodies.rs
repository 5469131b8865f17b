//! Bodies and headers that HTTP or the specification gives no place.
//!
//! * **Source.** RFC 9110, sections 9.3 and 15; OpenAPI 3.0.4, section 4.7.10 and OpenAPI 3.1.1,
//!   section 4.8.10 (`requestBody`), 4.8.12 (parameters that are ignored), 4.8.17 (`headers`).

use crate::{
    document::{NodeRef, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Version},
};

use crate::verify::{
    checks::{alike, each},
    context::Context,
    sink::Sink,
};

/// Reports bodies and headers that no reader takes from where they stand.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    check_requests(cx, sink);
    for visit in cx.walk.visits(Object::Responses) {
        for entry in visit.node.entries() {
            check_response(cx, entry.key, entry.value, sink);
        }
    }
    for visit in cx.walk.visits(Object::Parameter) {
        check_parameter(visit.node, sink);
    }
    for kind in [Object::Response, Object::Encoding] {
        for visit in cx.walk.visits(kind) {
            check_headers(visit.node, kind, sink);
        }
    }
    for kind in [Object::Response, Object::RequestBody] {
        for visit in cx.walk.visits(kind) {
            if let Some(content) = visit.node.get("content") {
                check_media_types(content, sink);
            }
        }
    }
}

fn check_requests<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    for operation in each::operations(cx) {
        let Some(body) = operation.node.get("requestBody") else { continue };
        let method = operation.method.to_ascii_uppercase();
        if !matches!(method.as_str(), "GET" | "HEAD" | "DELETE" | "TRACE") {
            continue;
        }
        let message = match (method.as_str(), cx.walk.description().version_at(operation.node)) {
            ("TRACE", _) => "a `TRACE` request must not have a body".to_owned(),
            (_, Version::V30) => {
                format!("the body of a `{method}` request is ignored in OpenAPI 3.0")
            }
            _ => format!("HTTP gives the body of a `{method}` request no meaning"),
        };
        let draft = Draft::new("meaningless-request-body", At::Key(body), message);
        sink.push(draft.related(At::Key(operation.node), "the operation"));
    }
}

/// Whether the response to a status code ends behind its headers.
fn has_no_content(code: &str) -> bool {
    code.starts_with('1') || matches!(code, "204" | "205" | "304")
}

fn check_response<'d>(
    cx: &Context<'_, 'd>,
    code: &'d str,
    listed: NodeRef<'d>,
    sink: &mut Sink<'_, 'd>,
) {
    if !has_no_content(code) {
        return;
    }
    let Some(response) = cx.walk.resolve(listed) else { return };
    let Some(content) = response.get("content").filter(|it| !it.is_empty()) else { return };
    let message = format!("a `{code}` response has no body, but this one has `content`");
    if response == listed {
        let draft = Draft::new("content-without-body", At::Key(content), message).fact(code);
        let patch = [PatchOperation::remove(content.pointer())];
        sink.push(draft.fix(Safety::NeedsReview, edit::remove(content), patch));
    } else {
        let draft = Draft::new("content-without-body", At::Key(listed), message).fact(code);
        sink.push(draft.related(At::Key(content), "its content"));
    }
}

fn check_parameter<'d>(parameter: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let text = |key| parameter.get(key).and_then(NodeRef::as_str);
    if text("in") != Some("header") {
        return;
    }
    let (Some(name), Some(node)) = (text("name"), parameter.get("name")) else { return };
    let instead = match name.to_ascii_lowercase().as_str() {
        "accept" => "the keys of the responses' `content` say what is accepted",
        "content-type" => "the keys of the body's `content` say which types it has",
        "authorization" => "write a security scheme and require it under `security`",
        _ => return,
    };
    let message = format!("a header parameter `{name}` is ignored");
    sink.push(Draft::new("ignored-header", At::Value(node), message).fact(name).help(instead));
}

fn check_headers<'d>(holder: NodeRef<'d>, kind: Object, sink: &mut Sink<'_, 'd>) {
    let Some(headers) = holder.get("headers") else { return };
    for entry in headers.entries() {
        if entry.key.eq_ignore_ascii_case("content-type") {
            sink.push(ignored(entry.key, entry.value, kind));
        }
    }
    let members = headers.entries().map(|entry| (entry.key.to_ascii_lowercase(), entry.value));
    check_alike("similar-headers", "headers", members, sink);
}

fn ignored<'d>(name: &str, header: NodeRef<'d>, kind: Object) -> Draft<'d> {
    let (place, instead) = if kind == Object::Response {
        ("response", "the keys of `content` say which types it has")
    } else {
        ("part", "say it by `contentType`")
    };
    let message = format!("the header `{name}` of a {place} is ignored");
    let draft = Draft::new("ignored-header", At::Key(header), message);
    let patch = [PatchOperation::remove(header.pointer())];
    draft.fact(name).help(instead).fix(Safety::NeedsReview, edit::remove(header), patch)
}

/// Reports members of a map whose keys are one name.
fn check_alike<'d>(
    rule: &'static str,
    what: &str,
    members: impl Iterator<Item = (String, NodeRef<'d>)>,
    sink: &mut Sink<'_, 'd>,
) {
    for (first, node, names) in alike::pairs(members) {
        let (name, other) = (node.key().unwrap_or_default(), first.key().unwrap_or_default());
        if name != other {
            let message = format!("the {what} `{name}` and `{other}` are one");
            let draft = Draft::new(rule, At::Key(node), message).named_by(names);
            sink.push(draft.related(At::Key(first), "the other one"));
        }
    }
}

/// Type, subtype and parameter names without case; what separates parameters, in one form.
fn normalized(key: &str) -> String {
    let mut parts = key.split(';').map(str::trim);
    let mut text = parts.next().unwrap_or_default().to_ascii_lowercase();
    let mut parameters: Vec<String> = parts
        .filter(|part| !part.is_empty())
        .map(|part| match part.split_once('=') {
            Some((name, value)) => {
                let name = name.trim().to_ascii_lowercase();
                let value = value.trim().trim_matches('"');
                match name.as_str() {
                    "charset" => format!("{name}={}", value.to_ascii_lowercase()),
                    _ => format!("{name}={value}"),
                }
            }
            None => part.to_ascii_lowercase(),
        })
        .collect();
    parameters.sort_unstable();
    for parameter in parameters {
        text.push(';');
        text.push_str(&parameter);
    }
    text
}

fn check_media_types<'d>(content: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    if content.len() < 2 {
        return;
    }
    let members = content.entries().map(|entry| (normalized(entry.key), entry.value));
    check_alike("similar-media-types", "media types", members, sink);
}
