//! Which responses an operation declares, and with what.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.16 (at least one response, which SHOULD be that of a
//!   successful call); RFC 9110, section 15; RFC 9457; OWASP API4 and API8 2023.

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Operation, Surface, Version},
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// Reports responses that are not declared, or lack what their code asks for.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for operation in each::operations(cx) {
        let Some(map) = operation.node.get("responses") else {
            if cx.walk.description().version_at(operation.node) != Version::V30 {
                let message = format!("`{}` declares no response", operation.title());
                sink.push(Draft::new("missing-responses", At::Key(operation.node), message));
            }
            continue;
        };
        let responses = Responses { operation, map, listed: each::responses(cx, operation.node) };
        responses.check_success(sink);
        responses.check_errors(sink);
        responses.check_each(sink);
    }
    for visit in cx.walk.visits(Object::Response) {
        check_problem(visit.node, sink);
    }
}

/// The responses of one operation.
struct Responses<'o, 'd> {
    operation: &'o Operation<'d>,
    map: NodeRef<'d>,
    listed: Vec<(&'d str, NodeRef<'d>)>,
}

impl<'d> Responses<'_, 'd> {
    fn has(&self, codes: &[&str]) -> bool {
        self.map.entries().any(|entry| codes.contains(&entry.key))
    }

    fn begins(&self, digits: &[char]) -> bool {
        self.map.entries().any(|entry| entry.key.starts_with(digits))
    }

    fn lacks(&self, rule: &'static str, what: &str, sink: &mut Sink<'_, 'd>) {
        let message = format!("`{}` declares no {what}", self.operation.title());
        sink.push(Draft::new(rule, At::Key(self.map), message));
    }

    fn check_success(&self, sink: &mut Sink<'_, 'd>) {
        let success = self.begins(&['1', '2', '3']) || self.has(&["default"]);
        if !success && !self.map.is_empty() {
            self.lacks("missing-success-response", "response for success", sink);
        }
    }

    fn check_errors(&self, sink: &mut Sink<'_, 'd>) {
        if matches!(self.operation.surface, Surface::Webhook | Surface::Callback) {
            return;
        }
        let rest = self.has(&["default"]);
        let any = rest || self.has(&["4XX"]);
        if !rest && !self.begins(&['4', '5']) {
            self.lacks("missing-error-response", "response of failure", sink);
        }
        if !rest && !self.begins(&['4']) {
            self.lacks("missing-client-error-response", "response of code 4XX", sink);
        }
        if !any && !self.has(&["400", "422"]) {
            self.lacks("missing-validation-response", "response of code 400, 422 or 4XX", sink);
        }
        if !any && !self.has(&["401"]) {
            self.lacks("missing-401-response", "response of code 401", sink);
        }
        if !any && !self.has(&["429"]) {
            self.lacks("missing-429-response", "response of code 429", sink);
        }
        if !rest && !self.has(&["500", "5XX"]) {
            self.lacks("missing-500-response", "response of code 500", sink);
        }
    }

    fn check_each(&self, sink: &mut Sink<'_, 'd>) {
        for (code, response) in &self.listed {
            let at = self.map.get(code).map_or(At::Key(self.map), At::Key);
            let headers = response.get("headers");
            if let Some(rule) = lacking_header(code, headers) {
                let message = format!("the response `{code}` {}", rule.1);
                sink.push(Draft::new(rule.0, at, message).fact(*code));
            }
            if code.starts_with(['2', '4']) && !has_header(headers, &LIMITS) {
                let message = format!("the response `{code}` has no header of a rate limit");
                sink.push(Draft::new("missing-rate-limit", at, message).fact(*code));
            }
            if !has_header(headers, &["access-control-allow-origin"]) {
                let message = format!("the response `{code}` says nothing of other origins");
                sink.push(Draft::new("missing-cors-header", at, message).fact(*code));
            }
            self.check_code(code, *response, at, sink);
        }
    }

    fn check_code(&self, code: &str, response: NodeRef<'d>, at: At<'d>, sink: &mut Sink<'_, 'd>) {
        let method = self.operation.method.to_ascii_uppercase();
        let instead = match (code, method.as_str()) {
            ("302", _) => "302 leaves open whether the method is kept; 303 and 307 say it",
            ("301", "POST" | "PUT" | "PATCH" | "DELETE") => {
                "301 leaves open whether the method is kept; 308 says it"
            }
            ("201", "GET" | "HEAD" | "OPTIONS") => "a read creates nothing",
            ("101", _) => "101 changes the protocol, so no response of this one follows",
            _ => "",
        };
        if !instead.is_empty() {
            let message = format!("the code `{code}` is doubtful: {instead}");
            sink.push(Draft::new("doubtful-status-code", at, message).fact(code));
        }
        let has_body = code.starts_with(['2', '4', '5']) && !matches!(code, "202" | "204" | "205");
        if has_body && method != "HEAD" && response.get("content").is_none_or(NodeRef::is_empty) {
            let message =
                format!("the response `{code}` of `{}` has no `content`", self.operation.title());
            sink.push(Draft::new("response-without-content", at, message).fact(code));
        }
    }
}

/// Headers by which a response says how much is left.
const LIMITS: [&str; 6] = [
    "ratelimit",
    "ratelimit-limit",
    "ratelimit-policy",
    "x-ratelimit-limit",
    "x-rate-limit-limit",
    "x-ratelimit-remaining",
];

fn has_header(headers: Option<NodeRef<'_>>, names: &[&str]) -> bool {
    let mut keys = headers.into_iter().flat_map(NodeRef::entries).map(|entry| entry.key);
    keys.any(|key| names.iter().any(|name| name.eq_ignore_ascii_case(key)))
}

/// The rule that a response breaks by lacking the header that its code asks for.
fn lacking_header(
    code: &str,
    headers: Option<NodeRef<'_>>,
) -> Option<(&'static str, &'static str)> {
    match code {
        "429" if !has_header(headers, &["retry-after"]) => {
            Some(("missing-retry-after", "does not say when to try again"))
        }
        "201" if !has_header(headers, &["location"]) => {
            Some(("created-without-location", "does not say where the new resource is"))
        }
        _ => None,
    }
}

/// RFC 9457: an error in JSON says by its media type that it is one.
fn check_problem<'d>(response: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    if !response.key().is_some_and(|code| code.starts_with('4')) {
        return;
    }
    let Some(content) = response.get("content").filter(|it| !it.is_empty()) else { return };
    let is_problem = |key: &str| key.starts_with("application/problem+");
    if !content.entries().any(|entry| is_problem(entry.key)) {
        let message = "the error is not described as `application/problem+json`";
        sink.push(Draft::new("error-without-problem-details", At::Key(content), message));
    }
}
