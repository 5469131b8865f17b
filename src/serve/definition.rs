//! Where a reference leads, also into other files.

use lsp_types::{Location, Position, Range};

use crate::{
    document::NodeRef,
    openapi::{Description, Target, follow},
};

use super::{analysis::Open, diagnostics, questions::Spot};

/// The place that the reference under the cursor names.
pub(super) fn definition(spot: Spot<'_>, position: Position, open: &Open) -> Option<Location> {
    let description = &spot.analysis.description;
    let offset = u32::try_from(spot.file.text.offset(position)).ok()?;
    let root = description.documents().get(spot.slot)?.root()?;
    let value = deepest(root, offset);
    let target = target(description, value)?;
    let file = spot.analysis.file_of(target)?;
    let range = match target.key_span() {
        Some(key) => file.text.range(key.start as usize, key.end as usize),
        None if target.parent().is_some() => {
            let start = file.text.position(target.span().start as usize);
            Range { start, end: start }
        }
        None => Range::default(),
    };
    Some(Location { uri: diagnostics::address(file, open)?, range })
}

/// The innermost value whose text, or whose key, is at an offset.
fn deepest(root: NodeRef<'_>, offset: u32) -> NodeRef<'_> {
    let mut node = root;
    loop {
        // What an alias stands for is not at this place.
        let own = |it: &NodeRef<'_>| it.parent() == Some(node);
        let members = node.entries().map(|entry| (entry.key_span.start, entry.value));
        let items = node.items().map(|item| (item.span().start, item));
        let mut below = members.chain(items).filter(|(_, it)| own(it));
        let next = below.find(|(start, it)| *start <= offset && offset <= it.span().end);
        match next {
            Some((_, next)) => node = next,
            None => return node,
        }
    }
}

/// What a value names that is a reference.
fn target<'d>(description: &'d Description, value: NodeRef<'d>) -> Option<NodeRef<'d>> {
    let text = value.as_str()?;
    let holder = value.parent()?;
    let key = value.key()?;
    if key == "$ref" || key == "$dynamicRef" || key == "operationRef" {
        return found(&follow(description, holder, text));
    }
    if holder.key() == Some("mapping") || key == "defaultMapping" {
        let schemas = description.entry().root()?.get("components")?.get("schemas");
        let named = schemas.and_then(|schemas| schemas.get(text));
        return named.or_else(|| found(&follow(description, holder, text)));
    }
    None
}

fn found<'d>(target: &Target<'d>) -> Option<NodeRef<'d>> {
    if let Target::Node(node) = target { Some(*node) } else { None }
}
