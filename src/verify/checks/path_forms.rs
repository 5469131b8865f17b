//! How paths are written: what no request can match, what servers take for one, and taste.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.8 (paths are matched without the query); OpenAPI 3.2.0,
//!   section 4.8.2 (the grammar of a path template); RFC 3986, section 6.2.2 (equal once
//!   normalized).

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeRef, edit, pointer},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{PathEntry, Surface, percent_decode},
};

use crate::verify::{checks::alike, context::Context, sink::Sink};

/// Reports paths by their text alone.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let paths = cx.walk.paths().iter().filter(|entry| entry.surface == Surface::Path);
    for entry in paths.clone() {
        check_query(entry, sink);
    }
    let members = paths.clone().map(|entry| (normalized(entry.path), entry.node));
    for (first, node, names) in alike::pairs(members) {
        similar(node, first, names, sink);
    }
    for entry in paths {
        check_taste(entry, sink);
    }
    if sink.wants("template-before-literal") {
        check_order(cx, sink);
    }
}

/// A path without what servers overlook: a slash at its end, slashes in a row, percent-encoding
/// of letters and digits, letter case; and without the names of parameters.
fn normalized(path: &str) -> String {
    let decoded = percent_decode(path).unwrap_or(path.into());
    let segments = decoded.split('/').filter(|segment| !segment.is_empty());
    let segments = segments.map(|segment| {
        let mut text = String::new();
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((_, behind)) = after.split_once('}') else { break };
            text.push_str(&before.to_lowercase());
            text.push_str("{}");
            rest = behind;
        }
        text + &rest.to_lowercase()
    });
    segments.collect::<Vec<_>>().join("/")
}

fn similar<'d>(node: NodeRef<'d>, first: NodeRef<'d>, names: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let (path, other) = (node.key().unwrap_or_default(), first.key().unwrap_or_default());
    // Those that differ in the names of parameters alone have a rule of their own.
    let bare = |path: &str| {
        let mut text = String::new();
        let mut inside = false;
        for char in path.chars() {
            inside &= char != '}';
            if !inside {
                text.push(char);
            }
            inside |= char == '{';
        }
        text
    };
    let (left, right) = (bare(path), bare(other));
    if left == right {
        return;
    }
    let ends = left.trim_end_matches('/') == right.trim_end_matches('/');
    let by = if ends { "a slash at the end alone" } else { "what many servers overlook" };
    let message = format!("`{path}` and `{other}` differ in {by}");
    let draft = Draft::new("similar-paths", At::Key(node), message).named_by(names);
    sink.push(draft.related(At::Key(first), "the other path"));
}

fn check_query<'d>(entry: &PathEntry<'d>, sink: &mut Sink<'_, 'd>) {
    let mut outside = true;
    let found = entry.path.chars().find(|char| {
        match char {
            '{' => outside = false,
            '}' => outside = true,
            _ => {}
        }
        outside && matches!(char, '?' | '#')
    });
    let Some(char) = found else { return };
    let what = if char == '?' { "a query" } else { "a fragment" };
    let message = format!("`{}` has {what}, which is no part of a path", entry.path);
    let draft = Draft::new("query-in-path", At::Key(entry.node), message).fact(entry.path);
    sink.push(if char == '?' {
        draft.help("declare what follows the `?` as query parameters")
    } else {
        draft.help("a fragment is never sent; say by something else which operation is meant")
    });
}

/// Verbs that say by a word what the method says.
const VERBS: [&str; 14] = [
    "get", "put", "post", "delete", "patch", "head", "options", "trace", "create", "update",
    "remove", "fetch", "list", "add",
];

fn check_taste<'d>(entry: &PathEntry<'d>, sink: &mut Sink<'_, 'd>) {
    let path = entry.path;
    let mut push = |rule: &'static str, message: String, fact: &str| {
        sink.push(Draft::new(rule, At::Key(entry.node), message).fact(fact));
    };
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let is_parameter = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
    let mut depth = 0;
    for (at, segment) in segments.iter().enumerate() {
        let next = segments.get(at + 1);
        if is_parameter(segment) {
            if next.is_some_and(|next| is_parameter(next)) {
                let message = format!("`{path}` has two parameters in a row");
                push("consecutive-path-parameters", message, segment);
            }
            continue;
        }
        depth += 1;
        if let Some(verb) = verb(segment) {
            let message = format!("`{path}` says `{verb}`, which is for the method to say");
            push("verb-in-path", message, segment);
        }
        let plain = !segment.contains(['{', '}', '.', ':', '~', '%', '(', '*', '$', '@']);
        if plain && *segment != segment.to_lowercase() || segment.contains('_') {
            let message = format!("`{segment}` is not in kebab case");
            push("path-segment-casing", message, segment);
        }
        let ends = segment.ends_with(['s', 'S']) || segment.ends_with(|it: char| it.is_numeric());
        if plain && next.is_some_and(|next| is_parameter(next)) && !ends {
            let message = format!("`{segment}` is a collection, but no plural");
            push("singular-collection", message, segment);
        }
        if is_version(segment) {
            let message = format!("`{path}` has a version in it");
            push("version-in-path", message, segment);
        }
    }
    if depth > DEPTH_MAX {
        let message = format!("`{path}` is nested {depth} levels deep");
        push("deep-path", message, "");
    }
    if path.len() > 1 && path.ends_with('/') {
        trailing_slash(entry, sink);
    }
}

/// How many levels a path may have.
const DEPTH_MAX: usize = 5;

/// `v1`, `v2.1`
fn is_version(segment: &str) -> bool {
    let rest = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// The verb that a segment is, or begins with as the first of several words.
fn verb(segment: &str) -> Option<&'static str> {
    let lower = segment.to_ascii_lowercase();
    VERBS.into_iter().find(|verb| {
        lower.strip_prefix(verb).is_some_and(|rest| {
            let next = segment.chars().nth(verb.len());
            rest.is_empty() || next.is_some_and(|it| it.is_uppercase() || matches!(it, '-' | '_'))
        })
    })
}

fn trailing_slash<'d>(entry: &PathEntry<'d>, sink: &mut Sink<'_, 'd>) {
    let without = entry.path.trim_end_matches('/');
    let message = format!("`{}` ends with a slash", entry.path);
    let draft = Draft::new("trailing-slash-in-path", At::Key(entry.node), message);
    let holder = entry.node.parent();
    let free = holder.is_some_and(|paths| paths.get(without).is_none());
    if without.is_empty() || !free {
        return sink.push(draft);
    }
    let from = entry.node.pointer();
    let to = pointer::join(&holder.map_or_else(String::new, NodeRef::pointer), without);
    let edit = edit::rename(entry.node, without);
    sink.push(draft.fix(Safety::NeedsReview, edit, [PatchOperation::rename(from, to)]));
}

/// A template that stands above the literal path that it would match as well.
fn check_order<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    let mut templates: FxHashMap<String, NodeRef<'d>> = FxHashMap::default();
    for entry in cx.walk.paths().iter().filter(|entry| entry.surface == Surface::Path) {
        let Some((parent, last)) = entry.path.rsplit_once('/') else { continue };
        if last.starts_with('{') {
            templates.entry(parent.to_owned()).or_insert(entry.node);
        } else if let Some(template) = templates.get(parent) {
            let above = template.key().unwrap_or_default();
            let message = format!("`{}` stands behind `{above}`", entry.path);
            let draft = Draft::new("template-before-literal", At::Key(entry.node), message);
            sink.push(draft.fact(entry.path).related(At::Key(*template), "the template"));
        }
    }
}
