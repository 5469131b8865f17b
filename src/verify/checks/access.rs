//! Who may call an operation, and by which credentials.
//!
//! * **Source.** OWASP API Security Top 10 2023: API1, API2, API5, API7; RFC 8725.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Operation, Parameter, Surface},
};

use crate::verify::{
    checks::{each, words::words},
    context::Context,
    sink::Sink,
};

/// Reports weak credentials, and operations that anybody may call.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::SecurityScheme) {
        check_scheme(visit.node, sink);
    }
    let root = cx.walk.description().entry().root();
    let global = root.and_then(|root| root.get("security"));
    let served = |it: &&Operation<'d>| matches!(it.surface, Surface::Path | Surface::Component);
    for operation in each::operations(cx).filter(served) {
        check_operation(operation, global, sink);
    }
    check_admin(cx, global, sink);
    let mut seen = FxHashSet::default();
    for operation in cx.walk.operations() {
        for parameter in operation.own.iter().chain(operation.inherited.iter()) {
            let key = (cx.walk.description().slot(parameter.node), parameter.node.id());
            if seen.insert(key) {
                check_parameter(cx, parameter, sink);
            }
        }
    }
}

fn text<'d>(node: NodeRef<'d>, key: &str) -> Option<&'d str> {
    node.get(key).and_then(NodeRef::as_str)
}

fn check_scheme<'d>(scheme: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let name = scheme.key().unwrap_or_default();
    let kind = text(scheme, "type").unwrap_or_default();
    let word = text(scheme, "scheme").unwrap_or_default().to_ascii_lowercase();
    if kind == "http"
        && let Some(value) = scheme.get("scheme")
    {
        let rule = match word.as_str() {
            "basic" => Some("basic-authentication"),
            "negotiate" | "oauth" | "digest" => Some("insecure-authentication"),
            _ => None,
        };
        if let Some(rule) = rule {
            let message = format!("`{name}` is HTTP {word} authentication");
            sink.push(Draft::new(rule, At::Value(value), message));
        }
    }
    if kind == "apiKey"
        && let Some(value) = scheme.get("in").filter(|it| it.as_str() == Some("query"))
    {
        let message = format!("the API key `{name}` is a part of the URL");
        sink.push(Draft::new("api-key-in-url", At::Value(value), message));
    }
    let token = text(scheme, "bearerFormat").is_some_and(|it| it.eq_ignore_ascii_case("jwt"));
    let described = text(scheme, "description").unwrap_or_default().replace([' ', '-'], "");
    if (token || kind == "oauth2") && !described.to_ascii_uppercase().contains("RFC8725") {
        let message = format!("`{name}` does not say that its tokens follow RFC 8725");
        sink.push(Draft::new("token-without-rfc-8725", At::Key(scheme), message));
    }
    for flow in scheme.get("flows").into_iter().flat_map(NodeRef::entries) {
        check_flow(name, flow.key, flow.value, sink);
    }
    if kind == "openIdConnect"
        && let Some(url) = scheme.get("openIdConnectUrl")
    {
        check_url(url, sink);
    }
}

fn check_flow<'d>(scheme: &str, name: &'d str, flow: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"] {
        if let Some(url) = flow.get(key) {
            check_url(url, sink);
        }
    }
    let grants =
        matches!(name, "authorizationCode" | "password" | "implicit" | "deviceAuthorization");
    if grants && flow.get("refreshUrl").is_none() {
        let message = format!("the flow `{name}` of `{scheme}` has no `refreshUrl`");
        sink.push(Draft::new("long-lived-token", At::Key(flow), message));
    }
    if matches!(name, "implicit" | "password") {
        let message = format!("`{scheme}` has the flow `{name}`, which OAuth gave up");
        sink.push(Draft::new("deprecated-oauth-flow", At::Key(flow), message));
    }
}

fn check_url<'d>(url: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let Some(text) = url.as_str() else { return };
    if text.to_ascii_lowercase().starts_with("http://") {
        let message = format!("`{text}` is not encrypted");
        sink.push(Draft::new("insecure-oauth-url", At::Value(url), message));
    }
}

fn check_operation<'d>(
    operation: &Operation<'d>,
    global: Option<NodeRef<'d>>,
    sink: &mut Sink<'_, 'd>,
) {
    let security = operation.node.get("security").or(global);
    if security.is_some_and(|it| it.items().any(|entry| !entry.is_empty())) {
        return;
    }
    let method = operation.method.to_ascii_uppercase();
    let rule = match method.as_str() {
        "OPTIONS" | "TRACE" => return,
        "GET" | "HEAD" | "QUERY" => "unsecured-read",
        _ => "unsecured-write",
    };
    let message = format!("`{}` requires no credentials", operation.title());
    sink.push(Draft::new(rule, At::Key(operation.node), message));
}

/// OWASP API5: what administrators do is guarded by something else.
fn check_admin<'d>(cx: &Context<'_, 'd>, global: Option<NodeRef<'d>>, sink: &mut Sink<'_, 'd>) {
    let is_admin = |path: &str| {
        path.split('/').any(|it| matches!(it.to_ascii_lowercase().as_str(), "admin" | "admins"))
    };
    let mut admin: Vec<(&Operation<'d>, &'d str)> = Vec::new();
    let mut others: FxHashMap<&'d str, NodeRef<'d>> = FxHashMap::default();
    for operation in each::operations(cx) {
        let security = operation.node.get("security").or(global);
        let names = security.into_iter().flat_map(NodeRef::items).flat_map(NodeRef::entries);
        for name in names.map(|entry| entry.key) {
            if is_admin(operation.path) {
                admin.push((operation, name));
            } else {
                others.entry(name).or_insert(operation.node);
            }
        }
    }
    for (operation, name) in admin {
        if let Some(other) = others.get(name) {
            let message = format!("`{}` is guarded by `{name}` as others are", operation.title());
            let draft = Draft::new("shared-admin-security", At::Key(operation.node), message);
            sink.push(draft.fact(name).related(At::Key(*other), "such as this one"));
        }
    }
}

/// Words of a name that is a credential.
const CREDENTIALS: [&str; 4] = ["token", "password", "secret", "passwd"];

/// Names of parameters that often hold a URL that a server then calls.
const URLS: [&str; 11] = [
    "callback",
    "callbackurl",
    "redirect",
    "redirecturl",
    "redirecturi",
    "requesturl",
    "sourceurl",
    "url",
    "uri",
    "webhook",
    "returnurl",
];

fn check_parameter<'d>(cx: &Context<'_, 'd>, parameter: &Parameter<'d>, sink: &mut Sink<'_, 'd>) {
    let Parameter { name, location, node, .. } = *parameter;
    let at = At::Value(node.get("name").unwrap_or(node));
    let parts = words(name);
    let joined = parts.concat();
    if matches!(location, "query" | "path") {
        let credential = CREDENTIALS.iter().any(|it| parts.iter().any(|word| word == it))
            && !parts.iter().any(|word| matches!(word.as_str(), "page" | "next" | "continuation"))
            || joined.contains("apikey");
        if credential {
            let message = format!("the {location} parameter `{name}` is a credential in the URL");
            sink.push(Draft::new("credential-in-url", at, message).fact(name));
        }
    }
    if URLS.contains(&joined.as_str()) {
        let message = format!("the {location} parameter `{name}` may be a URL to call");
        sink.push(Draft::new("url-parameter", at, message).fact(name));
    }
    let is_id = parts.last().is_some_and(|it| it == "id");
    let schema = node.get("schema").and_then(|schema| cx.walk.resolve(schema));
    if let Some(schema) = schema.filter(|it| is_id && each::is_typed(*it, "integer")) {
        let message = format!("the {location} parameter `{name}` is a number that can be guessed");
        let draft = Draft::new("numeric-identifier", at, message).fact(name);
        sink.push(draft.related(At::Key(schema), "its schema"));
    }
}
