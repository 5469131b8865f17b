//! Properties of one object, and parameters of one operation, whose names are too alike.
//!
//! * **Source.** RFC 8259, section 4: names are compared code point by code point; generated
//!   code and people do not do so. RFC 9110, section 5.1: header names have no case.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::Kind as Object,
};

use crate::verify::{context::Context, sink::Sink};

/// Reports names that differ in case and separators alone.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut told = FxHashSet::default();
    for visit in cx.walk.visits(Object::Schema) {
        if visit.node.get("properties").is_none() && visit.node.get("allOf").is_none() {
            continue;
        }
        let Some(parts) = cx.schemas.closure(visit.node, false) else { continue };
        let mut first: FxHashMap<String, (&str, NodeRef<'d>)> = FxHashMap::default();
        for part in parts {
            for entry in part.get("properties").into_iter().flat_map(NodeRef::entries) {
                let folded = fold(entry.key);
                let Some((name, node)) = first.get(&folded) else {
                    first.insert(folded, (entry.key, entry.value));
                    continue;
                };
                if *name == entry.key {
                    continue;
                }
                let (one, other) = ordered(cx, *node, entry.value);
                if told.insert((key(cx, one), key(cx, other))) {
                    sink.push(alike("similar-property-names", "properties", one, other));
                }
            }
        }
    }
    check_parameters(cx, sink);
}

fn key<'d>(cx: &Context<'_, 'd>, node: NodeRef<'d>) -> (usize, usize) {
    (cx.walk.description().slot(node), node.id().index())
}

/// The earlier of two nodes first.
fn ordered<'d>(
    cx: &Context<'_, 'd>,
    one: NodeRef<'d>,
    other: NodeRef<'d>,
) -> (NodeRef<'d>, NodeRef<'d>) {
    if key(cx, one) <= key(cx, other) { (one, other) } else { (other, one) }
}

fn alike<'d>(rule: &'static str, what: &str, one: NodeRef<'d>, other: NodeRef<'d>) -> Draft<'d> {
    let (name, first) = (other.key().unwrap_or_default(), one.key().unwrap_or_default());
    let message = format!("the {what} `{first}` and `{name}` differ in case and separators alone");
    Draft::new(rule, At::Key(other), message)
        .fact(format!("{first} {name}"))
        .related(At::Key(one), "the other stands here")
        .witness(vec![first, name])
}

/// A name without case and without the separators inside it.
pub(super) fn fold(name: &str) -> String {
    let is_separator = |char: char| matches!(char, '_' | '-' | '.' | ' ');
    let inner = name.trim_matches(is_separator);
    if inner.is_empty() || inner.len() < name.len() && name.starts_with(['-', '.']) {
        return name.to_owned();
    }
    let prefix = name.split(inner).next().unwrap_or_default();
    let folded = inner.chars().filter(|char| !is_separator(*char)).flat_map(char::to_lowercase);
    prefix.chars().chain(folded).collect()
}

/// Parameters of one place are told apart by name alone.
fn check_parameters<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    let mut told = FxHashSet::default();
    for operation in cx.walk.operations() {
        let mut first = FxHashMap::default();
        for parameter in operation.parameters() {
            let folded = fold(parameter.name);
            let Some(earlier) = first.get(&(parameter.location, folded.clone())) else {
                first.insert((parameter.location, folded), parameter);
                continue;
            };
            let earlier: &crate::openapi::Parameter<'d> = earlier;
            let pair = (key(cx, earlier.node), key(cx, parameter.node));
            if earlier.name == parameter.name || !told.insert(pair) {
                continue;
            }
            let message = format!(
                "the {} parameters `{}` and `{}` differ in case and separators alone",
                parameter.location, earlier.name, parameter.name
            );
            let at = parameter.node.get("name").map_or(At::Value(parameter.node), At::Value);
            let draft = Draft::new("similar-parameter-names", at, message)
                .fact(format!("{} {} {}", parameter.location, earlier.name, parameter.name))
                .related(At::Value(earlier.node), "the other stands here")
                .witness(vec![earlier.name, parameter.name]);
            sink.push(draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_what_generated_code_makes_of_them() {
        assert_eq!(fold("user_id"), fold("userId"));
        assert_eq!(fold("User-ID"), fold("userid"));
        assert_ne!(fold("+1"), fold("-1"));
        assert_ne!(fold("_id"), fold("id"));
        assert_ne!(fold("_"), fold("-"));
    }
}
