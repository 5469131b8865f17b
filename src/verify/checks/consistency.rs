//! One property name with several types across the schemas of a contract.

use std::collections::BTreeMap;

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::Kind as Object,
};

use crate::verify::{context::Context, sink::Sink};

/// How many further places a finding names.
const RELATED_MAX: usize = 5;

/// Reports each property name that has more than one type or format.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut names: BTreeMap<&'d str, BTreeMap<String, Vec<NodeRef<'d>>>> = BTreeMap::new();
    for visit in cx.walk.visits(Object::Schema) {
        for entry in visit.node.get("properties").into_iter().flat_map(NodeRef::entries) {
            if let Some(kind) = kind(cx, entry.value) {
                names.entry(entry.key).or_default().entry(kind).or_default().push(entry.value);
            }
        }
    }
    for (name, kinds) in names.into_iter().filter(|(_, kinds)| kinds.len() > 1) {
        sink.push(inconsistent(name, &kinds));
    }
}

/// Type and format of a property, null left out; nothing where it has several, or none of its own.
fn kind<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>) -> Option<String> {
    let schema = cx.walk.resolve(schema)?;
    let value = schema.get("type")?;
    let names: Vec<_> = match value.as_str() {
        Some(name) => vec![name],
        None => value.items().filter_map(NodeRef::as_str).filter(|name| *name != "null").collect(),
    };
    let [name] = names.as_slice() else { return None };
    let known = ["string", "integer", "number", "boolean", "object", "array"].contains(name);
    let format = schema.get("format").and_then(NodeRef::as_str);
    known.then(|| match format {
        Some(format) => format!("{name} ({format})"),
        None => (*name).to_owned(),
    })
}

fn inconsistent<'d>(name: &'d str, kinds: &BTreeMap<String, Vec<NodeRef<'d>>>) -> Draft<'d> {
    let shown: Vec<_> = kinds.keys().map(|kind| format!("`{kind}`")).collect();
    // The rarest is the one to look at; of equals, the last in the document.
    let position = |nodes: &Vec<NodeRef<'d>>| nodes.first().map(|node| node.id());
    let rarest =
        kinds.values().min_by_key(|nodes| (nodes.len(), std::cmp::Reverse(position(nodes))));
    let at = rarest.and_then(|nodes| nodes.first()).copied();
    let firsts: Vec<_> =
        kinds.iter().filter_map(|(kind, nodes)| Some((kind, *nodes.first()?))).collect();
    let node = at.or_else(|| firsts.first().map(|(_, node)| *node)).expect("a kind has a node");
    let message =
        format!("`{name}` has {} types in this contract: {}", kinds.len(), shown.join(", "));
    let mut draft = Draft::new("inconsistent-property-type", At::Key(node), message).fact(name);
    for (kind, other) in firsts.into_iter().filter(|(_, other)| *other != node).take(RELATED_MAX) {
        draft = draft.related(At::Key(other), format!("`{kind}` here"));
    }
    draft
}
