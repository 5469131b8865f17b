//! Texts for people: scripts in them, and texts that say the same twice.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.4.1 (rich text: tools may leave out HTML), section 5
//!   (security of Markdown and HTML).

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeRef, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::Kind as Object,
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// Kinds of objects that have texts.
const KINDS: [Object; 14] = [
    Object::Info,
    Object::Tag,
    Object::ExternalDocumentation,
    Object::Operation,
    Object::PathItem,
    Object::Parameter,
    Object::RequestBody,
    Object::Response,
    Object::Header,
    Object::Schema,
    Object::SecurityScheme,
    Object::Server,
    Object::Example,
    Object::Link,
];

/// Reports scripts in texts, and texts without news.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for kind in KINDS {
        for visit in cx.walk.visits(kind) {
            for key in ["description", "summary", "title"] {
                if let Some(node) = visit.node.get(key) {
                    check_script(node, sink);
                }
            }
        }
    }
    for operation in each::operations(cx) {
        check_repeated(operation.node, sink);
    }
    if sink.wants("duplicate-description") {
        check_duplicates(cx, sink);
    }
}

/// What a browser would run.
fn script(text: &str) -> Option<&'static str> {
    // Nearly every text has none of these signs.
    if !text.contains(['<', '(']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let has_tag = lower.contains("<script") || lower.contains("<iframe");
    if !has_tag
        && !["javascript:", "eval(", "<object", "<embed", " onerror=", " onload="]
            .iter()
            .any(|sign| lower.contains(sign))
    {
        return None;
    }
    // Code is shown, not run.
    let outside: String = lower.split('`').step_by(2).collect();
    let has = |sign: &str| outside.contains(sign);
    if has("<script") {
        Some("a `<script>`")
    } else if has("](javascript:") || has("href=\"javascript:") {
        Some("a link that runs a script")
    } else if has("<iframe") || has("<object") || has("<embed") {
        Some("a frame of another page")
    } else if has("<") && (has(" onerror=") || has(" onload=")) {
        Some("an event handler")
    } else if calls_eval(&outside) {
        Some("a call of `eval`")
    } else {
        None
    }
}

fn calls_eval(text: &str) -> bool {
    text.match_indices("eval(").any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        before.is_none_or(|char| !char.is_alphanumeric() && char != '_')
    })
}

fn check_script<'d>(node: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let Some(what) = node.as_str().and_then(script) else { return };
    let message = format!("the text has {what}");
    sink.push(Draft::new("script-in-text", At::Value(node), message).fact(what));
}

fn check_repeated<'d>(operation: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let (Some(summary), Some(node)) = (operation.get("summary"), operation.get("description"))
    else {
        return;
    };
    let bare =
        |it: NodeRef<'d>| it.as_str().map(|it| it.trim().trim_end_matches('.').to_lowercase());
    if bare(summary).is_some_and(|text| !text.is_empty() && Some(text) == bare(node)) {
        let message = "the description says what the summary says";
        let draft = Draft::new("description-repeats-summary", At::Value(node), message);
        let patch = [PatchOperation::remove(node.pointer())];
        let draft = draft.related(At::Value(summary), "the summary");
        sink.push(draft.fix(Safety::NeedsReview, edit::remove(node), patch));
    }
}

/// The shortest text that is remarkable when it stands twice.
const REMARKABLE: usize = 40;

fn check_duplicates<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    let mut first: FxHashMap<&'d str, NodeRef<'d>> = FxHashMap::default();
    for operation in each::operations(cx) {
        let Some(node) = operation.node.get("description") else { continue };
        let Some(text) = node.as_str().filter(|it| it.len() >= REMARKABLE) else { continue };
        let Some(earlier) = first.get(text) else {
            first.insert(text, node);
            continue;
        };
        let message =
            format!("`{}` is described in the words of another operation", operation.title());
        let draft = Draft::new("duplicate-description", At::Value(node), message);
        sink.push(draft.related(At::Value(*earlier), "the same text"));
    }
}
