//! `additionalProperties: false` that forbids what another schema of the same `allOf` declares.

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeId, NodeRef, Value},
    finding::{At, Draft},
    schema::Pattern,
};

use crate::verify::{context::Context, samples::Samples, sink::Sink};

/// How many properties a finding names.
const RELATED_MAX: usize = 5;

/// The closed schemas and what each of them forbids.
#[derive(Default)]
pub(super) struct Closed<'d> {
    places: FxHashMap<(usize, NodeId), usize>,
    found: Vec<Forbidding<'d>>,
}

/// One closed schema.
struct Forbidding<'d> {
    /// Its `additionalProperties`.
    node: NodeRef<'d>,
    /// The properties that others declare, each once.
    forbidden: Vec<NodeRef<'d>>,
    witness: Option<Value>,
}

impl<'d> Closed<'d> {
    /// Looks at the schemas that apply together.
    pub(super) fn look(&mut self, parts: &[NodeRef<'d>], cx: &Context<'_, 'd>) {
        for part in parts {
            let Some(node) = part.get("additionalProperties") else { continue };
            if node.as_bool() != Some(false) {
                continue;
            }
            for other in parts.iter().filter(|other| *other != part) {
                let declared = other.get("properties").into_iter().flat_map(NodeRef::entries);
                for entry in declared {
                    let never = entry.value.as_bool() == Some(false);
                    if !never && !allows(*part, entry.key) {
                        self.add(node, entry.value, cx);
                    }
                }
            }
        }
    }

    fn add(&mut self, node: NodeRef<'d>, property: NodeRef<'d>, cx: &Context<'_, 'd>) {
        let next = self.found.len();
        let key = (cx.walk.description().slot(node), node.id());
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            let value = Samples::new(cx).minimal(&[property]);
            let name = property.key().unwrap_or_default();
            let witness = value.map(|value| Value::object([(name, value)]));
            self.found.push(Forbidding { node, forbidden: Vec::new(), witness });
        }
        let Some(found) = self.found.get_mut(place) else { return };
        if !found.forbidden.contains(&property) && found.forbidden.len() < 1000 {
            found.forbidden.push(property);
        }
    }

    /// Reports each closed schema once.
    pub(super) fn report(self, sink: &mut Sink<'_, 'd>) {
        for Forbidding { node, forbidden, witness } in self.found {
            let Some(first) = forbidden.first() else { continue };
            let more = match forbidden.len() {
                1 => String::new(),
                2 => " and 1 property more".to_owned(),
                count => format!(" and {} properties more", count - 1),
            };
            let name = first.key().unwrap_or_default();
            let message = format!(
                "`additionalProperties: false` forbids `{name}`{more}, declared by another schema \
                 that applies to the same object"
            );
            let mut draft = Draft::new("closed-all-of", At::Key(node), message);
            for property in forbidden.iter().take(RELATED_MAX) {
                draft = draft.related(At::Key(*property), "declared here, and never allowed");
            }
            draft.witness = witness;
            sink.push(draft);
        }
    }
}

/// Whether a closed schema allows a property of this name.
fn allows(closed: NodeRef<'_>, name: &str) -> bool {
    let listed = closed.get("properties").is_some_and(|it| it.get(name).is_some());
    let mut patterns = closed.get("patternProperties").into_iter().flat_map(NodeRef::entries);
    listed
        || patterns.any(|entry| {
            Pattern::new(entry.key).ok().and_then(|it| it.is_match(name)) != Some(false)
        })
}
