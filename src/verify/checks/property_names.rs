//! Properties of one object, and parameters of one operation, whose names are too alike.
//!
//! * **Source.** RFC 8259, section 4: names are compared code point by code point; generated
//!   code and people do not do so. RFC 9110, section 5.1: header names have no case.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{NodeId, NodeRef},
    finding::{At, Coverage, Draft},
    openapi::Kind as Object,
};

use crate::verify::{context::Context, sink::Sink};

use super::alike;

/// Reports names that differ in case and separators alone.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut names = Names { cx, told: FxHashSet::default(), folds: Folds::default() };
    for visit in cx.walk.visits(Object::Schema) {
        let alone = ["allOf", "$ref"].iter().all(|keyword| visit.node.get(keyword).is_none());
        let parts =
            if alone { Some(vec![visit.node]) } else { cx.schemas.closure(visit.node, false) };
        let listed: Vec<_> =
            parts.into_iter().flatten().filter_map(|part| part.get("properties")).collect();
        if let [only] = listed.as_slice()
            && only.parent() != Some(visit.node)
        {
            // That schema has its own turn.
            continue;
        }
        let entries = || listed.iter().copied().flat_map(NodeRef::entries);
        if !names.folds.any_alike(entries().map(|entry| entry.key)) {
            continue;
        }
        for pair in names.alike(entries().map(|entry| ("", entry.key, entry.value))) {
            sink.push(alike_properties(pair));
        }
    }
    for operation in cx.walk.operations() {
        let parameters = operation.parameters();
        if !names.folds.any_alike(parameters.iter().map(|it| it.name)) {
            continue;
        }
        let located = parameters.into_iter().map(|it| (it.location, it.name, it.node));
        for pair in names.alike(located) {
            sink.push(alike_parameters(pair));
        }
    }
}

/// What names fold to, each folded once.
#[derive(Default)]
struct Folds<'d> {
    ids: FxHashMap<&'d str, usize>,
    texts: FxHashMap<String, usize>,
    /// For each fold, the list that had it last, and the name there.
    last: Vec<(usize, &'d str)>,
    list: usize,
}

impl<'d> Folds<'d> {
    /// Whether two different names of one list fold to the same.
    fn any_alike(&mut self, names: impl Iterator<Item = &'d str>) -> bool {
        self.list += 1;
        let mut alike = false;
        for name in names {
            let id = match self.ids.get(name) {
                Some(id) => *id,
                None => self.add(name),
            };
            if let Some(last) = self.last.get_mut(id) {
                alike |= last.0 == self.list && last.1 != name;
                *last = (self.list, name);
            }
        }
        alike
    }

    fn add(&mut self, name: &'d str) -> usize {
        let next = self.last.len();
        let id = *self.texts.entry(fold(name)).or_insert(next);
        if id == next {
            self.last.push((0, ""));
        }
        self.ids.insert(name, id);
        id
    }
}

/// Something by its name.
type Named<'d> = (&'d str, NodeRef<'d>);

/// Two that are too alike, and the node that names the finding.
type Pair<'d> = (Named<'d>, Named<'d>, NodeRef<'d>);

struct Names<'c, 'd> {
    cx: &'c Context<'c, 'd>,
    /// The nodes that a finding is named by.
    told: FxHashSet<(usize, NodeId)>,
    folds: Folds<'d>,
}

impl<'d> Names<'_, 'd> {
    /// Of those in one place whose names are too alike, in the order of the documents, the first
    /// with each further one, unless told before.
    fn alike(
        &mut self,
        named: impl Iterator<Item = (&'d str, &'d str, NodeRef<'d>)>,
    ) -> Vec<Pair<'d>> {
        let mut groups: FxHashMap<(&str, String), Vec<Named<'d>>> = FxHashMap::default();
        for (place, name, node) in named {
            groups.entry((place, fold(name))).or_default().push((name, node));
        }
        let mut pairs = Vec::new();
        for (_, mut group) in groups.into_iter().filter(|(_, group)| group.len() > 1) {
            group.sort_by_key(|(_, node)| self.key(*node));
            let mut seen = FxHashSet::default();
            group.retain(|(name, _)| seen.insert(*name));
            let Some((first, rest)) = group.split_first() else { continue };
            let nodes: Vec<_> = group.iter().map(|(_, node)| *node).collect();
            let names = alike::names(&nodes);
            pairs.extend(rest.iter().zip(names).map(|(other, names)| (*first, *other, names)));
        }
        pairs.retain(|(.., names)| self.told.insert(self.key(*names)));
        pairs.sort_by_key(|(_, other, _)| self.key(other.1));
        pairs
    }

    fn key(&self, node: NodeRef<'d>) -> (usize, NodeId) {
        (self.cx.walk.description().slot(node), node.id())
    }
}

fn alike_properties(((first, one), (name, other), names): Pair<'_>) -> Draft<'_> {
    let message =
        format!("the properties `{first}` and `{name}` differ in case and separators alone");
    Draft::new("similar-property-names", At::Key(other), message)
        .fact(fold(name))
        .named_by(names)
        .related(At::Key(one), "the other stands here")
        .witness(vec![first, name])
}

fn alike_parameters<'d>(((first, one), (name, other), names): Pair<'d>) -> Draft<'d> {
    let location = other.get("in").and_then(NodeRef::as_str).unwrap_or_default();
    let message = format!(
        "the {location} parameters `{first}` and `{name}` differ in case and separators alone"
    );
    let at = |node: NodeRef<'d>| node.get("name").map_or(At::Value(node), At::Value);
    Draft::new("similar-parameter-names", at(other), message)
        .fact(format!("{location} {}", fold(name)))
        .named_by(names)
        .related(at(one), "the other stands here")
        .witness(vec![first, name])
}

/// A name without case and without the separators inside it.
///
/// What stands before a name stays: `_id`, `_links` and `$ref` are names of other things than
/// `id`, `links` and `ref` by conventions that are older than OpenAPI, and in most documents that
/// have both they are meant to be told apart.
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
