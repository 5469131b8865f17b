//! The property that a discriminator names.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.25: the property SHOULD be required, as the behaviour
//!   when it is absent is undefined; OpenAPI 3.2.0, section 4.25: where it is optional,
//!   `defaultMapping` MUST stand.

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Version},
};

use crate::verify::{context::Context, sink::Sink};

/// What a schema and all that apply with it say of a property.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    defined: bool,
    required: bool,
}

/// Reports discriminators whose property no schema defines, or which may be absent.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Discriminator) {
        let (Some(schema), Some(value)) = (visit.node.parent(), visit.node.get("propertyName"))
        else {
            continue;
        };
        if let Some(name) = value.as_str().filter(|name| !name.is_empty()) {
            check_property(cx, schema, value, name, sink);
        }
    }
}

fn check_property<'d>(
    cx: &Context<'_, 'd>,
    schema: NodeRef<'d>,
    value: NodeRef<'d>,
    name: &'d str,
    sink: &mut Sink<'_, 'd>,
) {
    let Some(own) = said(cx, schema, name, CHOICES_MAX) else { return };
    let Said { defined, required } = own;
    if !defined {
        let (some, lacking) = branches(cx, schema, name);
        let message = match lacking {
            Some(_) if some => format!("not every branch defines the property `{name}`"),
            _ => format!("no schema defines the property `{name}`"),
        };
        let draft = Draft::new("undefined-discriminator-property", At::Value(value), message);
        let draft = draft.fact(name);
        return sink.push(match lacking {
            Some(branch) if some => draft.related(At::Value(branch), "such as this one"),
            _ => draft,
        });
    }
    let holder = value.parent();
    let has_default = holder.is_some_and(|it| it.get("defaultMapping").is_some());
    if required || has_default {
        return;
    }
    let version = cx.walk.description().version_at(value);
    let (rule, message) = if version == Version::V32 {
        let rest = "so the discriminator must have `defaultMapping`";
        ("missing-default-mapping", format!("the property `{name}` is optional, {rest}"))
    } else {
        let rest = "and what its absence means is undefined";
        ("optional-discriminator", format!("the property `{name}` is not required, {rest}"))
    };
    sink.push(Draft::new(rule, At::Value(value), message).fact(name));
}

/// Whether some branch of the schema's own choice defines a property, and one that does not.
fn branches<'d>(
    cx: &Context<'_, 'd>,
    schema: NodeRef<'d>,
    name: &str,
) -> (bool, Option<NodeRef<'d>>) {
    let (mut some, mut lacking) = (false, None);
    let lists = ["oneOf", "anyOf"].into_iter().filter_map(|list| schema.get(list));
    for branch in lists.flat_map(NodeRef::items) {
        match said(cx, branch, name, CHOICES_MAX) {
            Some(said) if said.defined => some = true,
            Some(_) => lacking = lacking.or(Some(branch)),
            None => {}
        }
    }
    (some, lacking)
}

/// How deep choices inside of branches are looked into.
const CHOICES_MAX: usize = 4;

/// What a schema says of a property, whatever branch of its choices applies; nothing where a part
/// of it was not read.
fn said<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>, name: &str, depth: usize) -> Option<Said> {
    let parts = cx.schemas.closure(schema, false)?;
    let mut all = Said::default();
    for part in &parts {
        all.defined |= part.get("properties").is_some_and(|it| it.get(name).is_some());
        let mut listed = part.get("required").into_iter().flat_map(NodeRef::items);
        all.required |= listed.any(|it| it.as_str() == Some(name));
    }
    if depth == 0 || all == (Said { defined: true, required: true }) {
        return Some(all);
    }
    for choice in parts.iter().flat_map(|part| ["oneOf", "anyOf"].map(|list| part.get(list))) {
        let branches = choice.into_iter().flat_map(NodeRef::items);
        let said: Option<Vec<Said>> = branches.map(|it| said(cx, it, name, depth - 1)).collect();
        let said = said?;
        all.defined |= !said.is_empty() && said.iter().all(|it| it.defined);
        all.required |= !said.is_empty() && said.iter().all(|it| it.required);
    }
    Some(all)
}
