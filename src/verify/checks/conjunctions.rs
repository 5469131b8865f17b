//! Schemas that apply to one instance together and leave no value for it.
//!
//! What is certain is decided from keyword to keyword; what needs more is left alone.
//!
//! * **Source.** JSON Schema 2020-12 core, sections 10.2.1.1 (`allOf`) and 10.3.2.3
//!   (`additionalProperties` knows the properties beside it alone); validation, section 6.

mod bounds;
mod closed;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::{
    document::{NodeId, NodeRef},
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Role},
    schema,
};

use crate::verify::{context::Context, kinds::Kinds, sink::Sink};

use super::alike;
use closed::Closed;

/// How many schemas that apply together are compared with each other.
const PARTS_MAX: usize = 64;
/// How many values of an `enum` are compared.
const VALUES_MAX: usize = 200;

/// Reports schemas that contradict each other, or themselves.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut search = Search { cx, told: FxHashSet::default() };
    let mut closed = Closed::default();
    for visit in cx.walk.visits(Object::Schema).iter().filter(|it| it.role != Role::Not) {
        bounds::check(&[visit.node], &mut search, sink);
        let joined = visit.node.get("allOf").is_some()
            || visit.node.get("$ref").is_some() && visit.node.len() > 1;
        if !joined {
            continue;
        }
        let Some(mut parts) = cx.schemas.closure(visit.node, false) else { continue };
        // What stands beside a `$ref` of OpenAPI 3.0 says nothing.
        parts.retain(|part| {
            part.get("$ref").is_none() || !cx.schemas.dialect(*part).ignores_reference_siblings()
        });
        let parts = parts.get(..parts.len().min(PARTS_MAX)).unwrap_or_default();
        search.types(parts, sink);
        search.values(parts, sink);
        search.properties(parts, sink);
        bounds::check(parts, &mut search, sink);
        closed.look(parts, cx);
    }
    closed.report(sink);
}

/// What was told about already.
pub(super) struct Search<'c, 'd> {
    cx: &'c Context<'c, 'd>,
    told: FxHashSet<[(usize, NodeId); 2]>,
}

impl<'d> Search<'_, 'd> {
    /// Whether two nodes are told about together for the first time.
    fn first_time(&mut self, one: NodeRef<'d>, other: NodeRef<'d>) -> bool {
        let key = |node: NodeRef<'d>| (self.cx.walk.description().slot(node), node.id());
        let (one, other) = (key(one), key(other));
        self.told.insert([one.min(other), one.max(other)])
    }

    /// A finding about two nodes: at the later one, and named alike in whichever order they stand.
    fn pair(
        &mut self,
        rule: &'static str,
        [one, other]: [NodeRef<'d>; 2],
        message: impl FnOnce(NodeRef<'d>, NodeRef<'d>) -> String,
    ) -> Option<Draft<'d>> {
        if !self.first_time(one, other) {
            return None;
        }
        let place = |node: NodeRef<'d>| (self.cx.walk.description().slot(node), node.span().start);
        let (first, later) = if place(one) <= place(other) { (one, other) } else { (other, one) };
        let least = alike::least([one, other].into_iter()).unwrap_or(first);
        let draft = Draft::new(rule, At::Key(later), message(first, later));
        Some(draft.named_by(least).related(At::Key(first), "the other stands here"))
    }

    /// Two schemas that have no type in common.
    fn types(&mut self, parts: &[NodeRef<'d>], sink: &mut Sink<'_, 'd>) {
        let typed = parts.iter().filter_map(|part| Some((part.get("type")?, Kinds::of(*part)?)));
        let mut typed: Vec<_> = typed.collect();
        let Some([one, other]) = apart(&mut typed) else { return };
        let draft = self.pair("contradictory-schemas", [one, other], |first, later| {
            let name = |node: NodeRef<'d>| {
                let kinds = typed.iter().find(|(it, _)| *it == node);
                kinds.map_or(String::new(), |(_, kinds)| kinds.name())
            };
            format!(
                "no value is {} and {} at once, and both schemas apply to it",
                name(later),
                name(first)
            )
        });
        if let Some(draft) = draft {
            sink.push(draft.fact("type"));
        }
    }

    /// Two lists of values that have none in common, or values of another type.
    fn values(&mut self, parts: &[NodeRef<'d>], sink: &mut Sink<'_, 'd>) {
        let lists = parts.iter().filter_map(|part| {
            let list = part.get("enum").filter(|it| (1..=VALUES_MAX).contains(&it.len()));
            list.or_else(|| part.get("const"))
        });
        let mut lists: Vec<_> = lists.collect();
        if lists.len() > 1 {
            alike::ordered(&mut lists, |list| *list);
        }
        for (at, list) in lists.iter().enumerate() {
            let disjoint = |first: &&NodeRef<'d>| {
                let shared =
                    |our: &NodeRef<'d>| values(**first).iter().any(|it| schema::equal(*our, *it));
                !values(*list).iter().any(shared)
            };
            if let Some(first) = lists.iter().take(at).find(disjoint) {
                let pair = [*first, *list];
                let draft = self.pair("contradictory-schemas", pair, |_, _| {
                    "no value is in both lists, and both schemas apply to it".to_owned()
                });
                if let Some(draft) = draft {
                    sink.push(draft.fact("values"));
                }
                return;
            }
            self.listed(*list, parts, sink);
        }
    }

    /// A list of values of which none has the type that another schema wants.
    fn listed(&mut self, list: NodeRef<'d>, parts: &[NodeRef<'d>], sink: &mut Sink<'_, 'd>) {
        // Against the schemas that its own applies, each value was judged by itself.
        let own = list.parent().and_then(|own| self.cx.schemas.closure(own, false));
        let own = own.unwrap_or_default();
        for part in parts.iter().filter(|part| !own.contains(part)) {
            let (Some(kind), Some(kinds)) = (part.get("type"), Kinds::of(*part)) else { continue };
            if !values(list).into_iter().any(|value| kinds.holds(value))
                && self.first_time(kind, list)
            {
                let message = format!(
                    "no value of this list is {}, and both schemas apply to it",
                    kinds.name()
                );
                let draft = Draft::new("contradictory-schemas", At::Key(list), message)
                    .fact("values")
                    .related(At::Value(kind), "the type stands here");
                return sink.push(draft);
            }
        }
    }

    /// A property to which two schemas give types that have nothing in common.
    fn properties(&mut self, parts: &[NodeRef<'d>], sink: &mut Sink<'_, 'd>) {
        let maps: Vec<_> = parts.iter().filter_map(|part| part.get("properties")).collect();
        if maps.len() < 2 {
            return;
        }
        let mut names: BTreeMap<&str, Vec<(NodeRef<'d>, Kinds)>> = BTreeMap::new();
        for entry in maps.into_iter().flat_map(NodeRef::entries) {
            let Some(kinds) = self.kinds(entry.value) else { continue };
            names.entry(entry.key).or_default().push((entry.value, kinds));
        }
        for (name, mut typed) in names {
            let Some([one, other]) = apart(&mut typed) else { continue };
            let draft = self.pair("contradictory-schemas", [one, other], |first, later| {
                let shown = |node: NodeRef<'d>| {
                    let kinds = typed.iter().find(|(it, _)| *it == node);
                    kinds.map_or(String::new(), |(_, kinds)| kinds.name())
                };
                format!(
                    "`{name}` is {} here and {} in another schema that applies to the same object: \
                     no value is both",
                    shown(later),
                    shown(first)
                )
            });
            if let Some(draft) = draft {
                sink.push(draft.fact(name));
            }
        }
    }

    /// The types of a schema and all that apply with it.
    fn kinds(&self, schema: NodeRef<'d>) -> Option<Kinds> {
        if schema.get("$ref").is_none() && schema.get("allOf").is_none() {
            return Kinds::of(schema);
        }
        let parts = self.cx.schemas.closure(schema, false)?;
        let kinds = parts.iter().filter_map(|part| Kinds::of(*part));
        // Where they contradict each other already, that is a finding of its own.
        kinds.reduce(Kinds::and).filter(|kinds| !kinds.is_empty())
    }
}

/// The values that a list, or `const`, allows.
fn values(list: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    if list.key() == Some("const") { vec![list] } else { list.items().collect() }
}

/// The first two nodes whose types have nothing in common, in an order of their own.
fn apart<'d>(typed: &mut [(NodeRef<'d>, Kinds)]) -> Option<[NodeRef<'d>; 2]> {
    let some = typed.iter().any(|(_, one)| typed.iter().any(|(_, other)| one.is_apart(*other)));
    if !some {
        return None;
    }
    alike::ordered(typed, |(node, _)| *node);
    typed.iter().enumerate().find_map(|(at, (node, kinds))| {
        let other = typed.iter().take(at).find(|(_, other)| other.is_apart(*kinds))?;
        Some([other.0, *node])
    })
}
