//! References of owned parts that read as they did and lead elsewhere, or may: another place took
//! the anchor or the address that they name.
//!
//! * **Source.** JSON Schema 2020-12 core, sections 8.2.1 and 8.2.2: a name that stands twice in
//!   one resource leads to either.

use rustc_hash::FxHashMap;

use crate::{
    document::NodeRef,
    finding::{At, Draft},
    openapi::{Kind, Target},
};

use super::{comparison::Comparison, ownership::owned, reach::Reach};

/// What is wrong with where references lead now.
pub(super) fn redirected<'d>(
    comparison: &Comparison<'d>,
    reach: &Reach<'_, 'd>,
    proposer: &str,
) -> Vec<Draft<'d>> {
    let (base, revision) = (&comparison.base, &comparison.revision);
    let references = revision.walk.references().iter().chain(revision.walk.mappings());
    let targets = references.filter_map(|reference| match reference.target {
        Target::Node(target) => Some((revision.key(reference.value), target)),
        _ => None,
    });
    let targets: FxHashMap<_, _> = targets.collect();
    let anchors = new_anchors(comparison);
    let references = base.walk.references().iter().chain(base.walk.mappings());
    let known = references.map(|it| match it.target {
        Target::Node(target) => (it.value, Some(target)),
        _ => (it.value, None),
    });
    let dynamic = base.walk.visits(Kind::Schema).iter();
    let dynamic = dynamic.filter_map(|visit| Some((visit.node.get("$dynamicRef")?, None)));
    let mut drafts = Vec::new();
    for (value, old) in known.chain(dynamic) {
        let part = reach.node(value).and_then(|(part, _)| reach.part(part));
        let now = comparison.after(value).filter(|now| now.as_str() == value.as_str());
        let Some((part, now)) = part.zip(now) else { continue };
        let name = now.as_str().unwrap_or_default();
        let moved = old.and_then(|old| {
            let new = targets.get(&revision.key(now)).copied()?;
            comparison.after(old).filter(|old| *old != new).map(|_| new)
        });
        let fragment = name.split_once('#').map_or("", |(_, fragment)| fragment);
        let Some(new) = moved.or_else(|| anchors.get(fragment).copied()) else { continue };
        let message = format!(
            "`{proposer}` makes `{name}` lead elsewhere, but {}, refers by it",
            owned(part)
        );
        let draft = Draft::new("change-by-non-owner", At::Value(now), message);
        let draft = draft.fact(format!("redirects {name}"));
        drafts.push(draft.related(At::Key(new), "it can lead here now"));
    }
    drafts
}

/// The schemas that have an anchor which they did not have, by its name.
fn new_anchors<'d>(comparison: &Comparison<'d>) -> FxHashMap<&'d str, NodeRef<'d>> {
    let mut anchors = FxHashMap::default();
    for visit in comparison.revision.walk.visits(Kind::Schema) {
        for key in ["$anchor", "$dynamicAnchor"] {
            let anchor = |node: NodeRef<'d>| node.get(key).and_then(NodeRef::as_str);
            let Some(name) = anchor(visit.node) else { continue };
            if comparison.before(visit.node).and_then(anchor) != Some(name) {
                anchors.insert(name, visit.node);
            }
        }
    }
    anchors
}
