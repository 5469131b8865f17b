//! Servers: variables of their URLs, and URLs that no client can or should use.
//!
//! * **Source.** OpenAPI 3.1.1, sections 4.8.5 (Server Object) and 4.8.6 (Server Variable Object);
//!   OpenAPI 3.0.4, section 4.7.6: the `default` SHOULD be one of `enum`, which SHOULD not be
//!   empty.

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Version},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports what is wrong with the servers of a description.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Server) {
        let Some(value) = visit.node.get("url") else { continue };
        let Some(url) = value.as_str() else { continue };
        check_variables(visit.node, value, url, sink);
        check_url(value, url, sink);
        check_inventory(visit.node, url, sink);
    }
    for visit in cx.walk.visits(Object::ServerVariable) {
        if cx.walk.description().version_at(visit.node) == Version::V30 {
            check_values(visit.node, sink);
        }
    }
    for kind in [Object::OpenApi, Object::PathItem, Object::Operation] {
        for visit in cx.walk.visits(kind) {
            check_repeated(visit.node, sink);
        }
    }
}

fn check_variables<'d>(
    server: NodeRef<'d>,
    value: NodeRef<'d>,
    url: &'d str,
    sink: &mut Sink<'_, 'd>,
) {
    let variables = server.get("variables");
    let names: Vec<&str> = url
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect();
    for name in &names {
        if variables.is_none_or(|it| it.get(name).is_none()) {
            let message = format!("the URL has the variable `{name}`, which is not defined");
            sink.push(
                Draft::new("undefined-server-variable", At::Value(value), message).fact(*name),
            );
        }
    }
    for entry in variables.into_iter().flat_map(NodeRef::entries) {
        if !names.contains(&entry.key) {
            let message = format!("the URL has no variable `{}`", entry.key);
            let draft = Draft::new("unused-server-variable", At::Key(entry.value), message);
            sink.push(draft.fact(entry.key));
        }
    }
}

fn check_url<'d>(value: NodeRef<'d>, url: &'d str, sink: &mut Sink<'_, 'd>) {
    let lower = url.to_ascii_lowercase();
    let host = lower.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    let local =
        matches!(host, "localhost" | "127.0.0.1") || host.rsplit('.').next() == Some("local");
    if ["http://", "ws://"].iter().any(|it| lower.starts_with(it)) && !local {
        let message = format!("`{url}` is not encrypted");
        let secure = url.replacen("://", "s://", 1);
        let draft = Draft::new("insecure-server", At::Value(value), message);
        let draft = draft.expected(secure.as_str());
        let patch = [PatchOperation::replace(value.pointer(), secure.as_str())];
        let edit = edit::replace(value, &Value::from(secure));
        sink.push(draft.fix(Safety::NeedsReview, edit, patch));
    }
    let example = ["example.com", "example.org", "example.net"]
        .iter()
        .any(|it| host == *it || host.ends_with(&format!(".{it}")));
    if example {
        let message = format!("`{url}` is a host for examples");
        sink.push(Draft::new("example-server", At::Value(value), message));
    }
    if url.len() > 1 && url.ends_with('/') {
        let without = url.trim_end_matches('/');
        let message = format!("`{url}` ends with a slash, and every path begins with one");
        let draft = Draft::new("trailing-slash-in-server", At::Value(value), message);
        let patch = [PatchOperation::replace(value.pointer(), without)];
        let edit = edit::replace(value, &Value::from(without)).filter(|_| !without.is_empty());
        sink.push(draft.fix(Safety::Safe, edit, patch));
    }
}

/// Words by which a description names an environment.
const ENVIRONMENTS: [&str; 12] = [
    "local", "sandbox", "alpha", "beta", "test", "testing", "stag", "prod", "live", "next", "dev",
    "demo",
];

/// OWASP API9: it is known which server is for whom.
fn check_inventory<'d>(server: NodeRef<'d>, url: &str, sink: &mut Sink<'_, 'd>) {
    let description = server.get("description").and_then(NodeRef::as_str).unwrap_or_default();
    let lower = description.to_lowercase();
    if !ENVIRONMENTS.iter().any(|it| lower.contains(it)) {
        let message = format!("the server `{url}` does not say which environment it is");
        sink.push(Draft::new("server-without-environment", At::Key(server), message));
    }
    if server.get("x-internal").is_none() {
        let message = format!("the server `{url}` does not say whether it is internal");
        sink.push(Draft::new("server-without-access", At::Key(server), message));
    }
}

fn check_values<'d>(variable: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let Some(values) = variable.get("enum").filter(|it| it.is_array()) else { return };
    if values.is_empty() {
        let message = "a variable with an empty `enum` has no value";
        sink.push(Draft::new("server-variable-without-value", At::Key(values), message));
        return;
    }
    let Some(default) = variable.get("default") else { return };
    let Some(text) = default.as_str() else { return };
    if !values.items().any(|it| it.scalar_text() == Some(text)) {
        let message = format!("the default `{text}` is not in `enum`");
        let draft = Draft::new("server-variable-without-value", At::Value(default), message);
        sink.push(draft.related(At::Key(values), "the values that there are"));
    }
}

fn check_repeated<'d>(holder: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let Some(servers) = holder.get("servers").filter(|it| it.len() > 1) else { return };
    let mut first: FxHashMap<&'d str, NodeRef<'d>> = FxHashMap::default();
    for server in servers.items() {
        let Some(url) = server.get("url").and_then(NodeRef::as_str) else { continue };
        let Some(earlier) = first.get(url) else {
            first.insert(url, server);
            continue;
        };
        // With variables one URL can stand for several.
        let alike = |key| server.get(key).map(NodeRef::to_value);
        let other = |key| earlier.get(key).map(NodeRef::to_value);
        if alike("variables") == other("variables") {
            let message = format!("the server `{url}` is listed twice");
            let draft = Draft::new("duplicate-server", At::Value(server), message).fact(url);
            sink.push(draft.related(At::Value(*earlier), "first listed here"));
        }
    }
}
