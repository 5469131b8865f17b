//! Schemas that several places refer to.
//!
//! What a mandate wants at one place need not be what anybody wants at another. So a shared
//! schema is changed where it stands only when the mandate wants the same at every place that
//! refers to it; otherwise the place gets a copy of its own first.

use crate::document::{Value, pointer};

use super::{
    difference::Difference,
    tree::{at_mut, resolve},
};

/// Where the schema at `listed` is a reference: there, or as the one part of its `allOf`.
pub(super) fn reference(root: &Value, listed: &str) -> Option<String> {
    let schema = root.at(listed)?;
    if schema.get("$ref").is_some() {
        return Some(listed.to_owned());
    }
    let part = format!("{}/0", pointer::join(listed, "allOf"));
    let alone = schema.get("allOf").is_some_and(|it| it.items().len() == 1);
    (alone && root.at(&part)?.get("$ref").is_some()).then_some(part)
}

/// Whether the difference lies in a schema that is referred to from places where the mandate
/// does not want the same.
pub(super) fn is_shared(root: &Value, one: &Difference<'_>, all: &[Difference<'_>]) -> bool {
    let Some(target) = one.via.as_ref().and_then(|via| root.at(via)?.get("$ref")) else {
        return false;
    };
    let same = |it: &&Difference<'_>| it.constraint == one.constraint;
    let mut wanting: Vec<_> = all.iter().filter(same).filter_map(|it| it.via.as_ref()).collect();
    wanting.sort_unstable();
    wanting.dedup();
    uses(root, target) > wanting.len()
}

/// The references that must become copies before the changes are made.
pub(super) fn sites(
    root: &Value,
    changes: &[&Difference<'_>],
    all: &[Difference<'_>],
) -> Vec<String> {
    let shared = changes.iter().filter(|it| is_shared(root, it, all));
    let mut sites: Vec<String> = shared.filter_map(|it| it.via.clone()).collect();
    sites.sort_unstable();
    sites.dedup();
    sites
}

/// Puts what a reference names in its place.
pub(super) fn copy(root: &mut Value, site: &str) {
    let Some(there) = resolve(root, site).and_then(|place| root.at(&place).cloned()) else {
        return;
    };
    if let Some(reference) = at_mut(root, site) {
        *reference = there;
    }
}

/// How many times a document refers to something.
fn uses(root: &Value, target: &Value) -> usize {
    let mut count = 0;
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        count += usize::from(value.get("$ref") == Some(target));
        open.extend(value.members().iter().map(|(_, member)| member));
        open.extend(value.items());
    }
    count
}
