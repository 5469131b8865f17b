//! One property name with several types across the schemas of a contract.

use rustc_hash::FxHashMap;

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::Kind as Object,
    schema::format::registry,
};

use crate::verify::{checks::types, context::Context, sink::Sink};

/// How many further places a finding names.
const RELATED_MAX: usize = 5;

/// Type and format of a property.
type Kind<'d> = (&'d str, Option<&'d str>);

/// The properties of one name that have one kind.
struct Alike<'d> {
    kind: Kind<'d>,
    first: NodeRef<'d>,
    count: usize,
}

/// Reports each property name that has more than one type or format.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut places: FxHashMap<&'d str, usize> = FxHashMap::default();
    let mut names: Vec<(&'d str, Vec<Alike<'d>>)> = Vec::new();
    for visit in cx.walk.visits(Object::Schema) {
        for entry in visit.node.get("properties").into_iter().flat_map(NodeRef::entries) {
            let Some(kind) = kind(cx, entry.value) else { continue };
            let next = names.len();
            let place = *places.entry(entry.key).or_insert(next);
            if place == next {
                names.push((entry.key, Vec::new()));
            }
            let Some((_, kinds)) = names.get_mut(place) else { continue };
            match kinds.iter_mut().find(|alike| alike.kind == kind) {
                Some(alike) => alike.count += 1,
                None => kinds.push(Alike { kind, first: entry.value, count: 1 }),
            }
        }
    }
    names.retain(|(_, kinds)| kinds.len() > 1);
    names.sort_unstable_by_key(|(name, _)| *name);
    for (name, mut kinds) in names {
        kinds.sort_by_key(|alike| alike.kind);
        sink.push(inconsistent(name, &kinds));
    }
}

/// Type and format of a property, null left out; nothing where it has several, or none of its own.
fn kind<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>) -> Option<Kind<'d>> {
    let schema = cx.walk.resolve(schema)?;
    let value = schema.get("type")?;
    let name = value.as_str().or_else(|| {
        let mut others = value.items().filter_map(NodeRef::as_str).filter(|name| *name != "null");
        others.next().filter(|_| others.next().is_none())
    })?;
    let format = schema.get("format").and_then(NodeRef::as_str).map(as_registered);
    if ["string", "integer", "number", "boolean", "object", "array"].contains(&name) {
        return Some((name, format));
    }
    // A word for a type, or a misspelled format, is a fault of its own.
    let (name, meant) = types::meant(name).filter(|(name, _)| *name != "null")?;
    Some((name, format.or(meant)))
}

/// A format by its registered name.
fn as_registered(format: &str) -> &str {
    match registry::registered(format) {
        Some(_) => format,
        None => registry::meant(format).map_or(format, |meant| meant.format),
    }
}

fn shown((name, format): Kind<'_>) -> String {
    match format {
        Some(format) => format!("`{name} ({format})`"),
        None => format!("`{name}`"),
    }
}

fn inconsistent<'d>(name: &'d str, kinds: &[Alike<'d>]) -> Draft<'d> {
    let listed: Vec<_> = kinds.iter().map(|alike| shown(alike.kind)).collect();
    // The rarest is the one to look at; of equals, the last in the document.
    let rarest =
        kinds.iter().min_by_key(|alike| (alike.count, std::cmp::Reverse(alike.first.id())));
    let node = rarest.map(|alike| alike.first).expect("there are several kinds");
    let message =
        format!("`{name}` has {} types in this contract: {}", kinds.len(), listed.join(", "));
    let mut draft =
        Draft::new("inconsistent-property-type", At::Key(node), message).fact(name).named_by_fact();
    for alike in kinds.iter().filter(|alike| alike.first != node).take(RELATED_MAX) {
        draft = draft.related(At::Key(alike.first), format!("{} here", shown(alike.kind)));
    }
    draft
}
