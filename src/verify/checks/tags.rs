//! Tags: those that operations name, those that are declared, and how they hang together.
//!
//! * **Source.** OpenAPI 3.2.0, section 4.22 (Tag Object): the parent of a tag MUST exist, and no
//!   tag is its own ancestor. That a tag is declared is asked by no version.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, nearest},
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// How many ancestors of a tag are looked at.
const GENERATIONS_MAX: usize = 64;

/// Reports tags that are not declared, not used, not in order, or descend from themselves.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut declared: FxHashMap<&'d str, NodeRef<'d>> = FxHashMap::default();
    for visit in cx.walk.visits(Object::Tag) {
        if let Some(name) = visit.node.get("name").and_then(NodeRef::as_str) {
            declared.entry(name).or_insert(visit.node);
        }
    }
    let mut used: FxHashSet<&'d str> = FxHashSet::default();
    for operation in each::operations(cx) {
        for tag in operation.node.get("tags").into_iter().flat_map(NodeRef::items) {
            let Some(name) = tag.as_str() else { continue };
            if used.insert(name) && !declared.contains_key(name) {
                sink.push(undefined(tag, name, &declared));
            }
        }
    }
    let parent = |tag: NodeRef<'d>| tag.get("parent").and_then(NodeRef::as_str);
    used.extend(cx.walk.visits(Object::Tag).iter().filter_map(|tag| parent(tag.node)));
    let mut previous: Option<&'d str> = None;
    for visit in cx.walk.visits(Object::Tag) {
        let Some(name) = visit.node.get("name").and_then(NodeRef::as_str) else { continue };
        if let Some(parent) = visit.node.get("parent") {
            check_parent(name, parent, &declared, sink);
        }
        if !used.contains(name) {
            let message = format!("no operation has the tag `{name}`");
            sink.push(Draft::new("unused-tag", At::Key(visit.node), message).fact(name));
        }
        if let Some(earlier) = previous.filter(|earlier| lower(earlier) > lower(name)) {
            let message = format!("the tag `{name}` stands behind `{earlier}`");
            sink.push(Draft::new("unsorted-tags", At::Key(visit.node), message).fact(name));
        }
        previous = Some(name);
    }
}

fn lower(name: &str) -> String {
    name.to_lowercase()
}

fn undefined<'d>(
    tag: NodeRef<'d>,
    name: &'d str,
    declared: &FxHashMap<&'d str, NodeRef<'d>>,
) -> Draft<'d> {
    let message = format!("the tag `{name}` is not declared");
    let draft = Draft::new("undefined-tag", At::Value(tag), message).fact(name);
    let mut names: Vec<_> = declared.keys().copied().collect();
    names.sort_unstable();
    let Some(meant) = nearest(name, names) else { return draft };
    let draft = draft.help(format!("did you mean `{meant}`?")).expected(meant);
    let patch = [PatchOperation::replace(tag.pointer(), meant)];
    draft.fix(Safety::NeedsReview, edit::replace(tag, &Value::from(meant)), patch)
}

fn check_parent<'d>(
    name: &'d str,
    parent: NodeRef<'d>,
    declared: &FxHashMap<&'d str, NodeRef<'d>>,
    sink: &mut Sink<'_, 'd>,
) {
    let Some(text) = parent.as_str() else { return };
    if !declared.contains_key(text) {
        let message = format!("there is no tag `{text}`");
        sink.push(Draft::new("invalid-tag-parent", At::Value(parent), message).fact(text));
        return;
    }
    let mut above = Some(text);
    for _ in 0..GENERATIONS_MAX {
        let Some(ancestor) = above else { return };
        if ancestor == name {
            let message = format!("the tag `{name}` descends from itself");
            sink.push(Draft::new("invalid-tag-parent", At::Value(parent), message).fact(name));
            return;
        }
        let tag = declared.get(ancestor);
        above = tag.and_then(|tag| tag.get("parent")).and_then(NodeRef::as_str);
    }
}
