//! Names in `required` that no schema defines as a property.
//!
//! * **Source.** JSON Schema 2020-12 validation, section 6.5.3: a required property need not be
//!   defined, so that anything is allowed as its value.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{NodeId, NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Role, nearest},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports required properties without a definition.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let users = users(cx);
    for visit in cx.walk.visits(Object::Schema) {
        let Some(required) = visit.node.get("required").filter(|it| it.is_array()) else {
            continue;
        };
        if !matches!(visit.role, Role::Not | Role::Conditional | Role::PropertyName) {
            check_schema(cx, &users, visit.node, required, sink);
        }
    }
}

type Key = (usize, NodeId);

/// The schemas that apply each schema to the same instance: through `allOf`, `anyOf`, `oneOf`,
/// conditions, or a reference from one of these.
fn users<'d>(cx: &Context<'_, 'd>) -> FxHashMap<Key, Vec<NodeRef<'d>>> {
    let description = cx.walk.description();
    let mut users: FxHashMap<Key, Vec<NodeRef<'d>>> = FxHashMap::default();
    for visit in cx.walk.visits(Object::Schema) {
        for list in ["allOf", "anyOf", "oneOf"] {
            for branch in visit.node.get(list).into_iter().flat_map(NodeRef::items) {
                let mut branch = branch;
                for _ in 0..64 {
                    let key = (description.slot(branch), branch.id());
                    users.entry(key).or_default().push(visit.node);
                    match cx.schemas.step(branch) {
                        Some(target) => branch = target,
                        None => break,
                    }
                }
            }
        }
        let branches = ["then", "else", "if"].into_iter().filter_map(|it| visit.node.get(it));
        let dependent = visit.node.get("dependentSchemas").into_iter().flat_map(NodeRef::entries);
        for branch in branches.chain(dependent.map(|entry| entry.value)) {
            users.entry((description.slot(branch), branch.id())).or_default().push(visit.node);
        }
    }
    users
}

fn check_schema<'d>(
    cx: &Context<'_, 'd>,
    users: &FxHashMap<Key, Vec<NodeRef<'d>>>,
    schema: NodeRef<'d>,
    required: NodeRef<'d>,
    sink: &mut Sink<'_, 'd>,
) {
    let names: Vec<_> = required.items().filter(|it| it.as_str().is_some()).collect();
    if names.is_empty() {
        return;
    }
    // What the schema itself lists settles most of them.
    let listed = schema.get("properties");
    let missing: Vec<_> = names
        .into_iter()
        .filter(|it| {
            it.as_str().is_some_and(|name| listed.is_none_or(|all| all.get(name).is_none()))
        })
        .collect();
    if missing.is_empty() {
        return;
    }
    let Some(known) = Known::around(cx, users, schema) else { return };
    for item in missing {
        let name = item.as_str().unwrap_or_default();
        if !known.open && !known.names.contains(name) {
            sink.push(undefined(item, name, &known));
        }
    }
}

/// The properties that schemas define for one instance.
struct Known<'d> {
    names: FxHashSet<&'d str>,
    /// Some schema defines properties by a pattern or by name alone.
    open: bool,
}

impl<'d> Known<'d> {
    /// What the schema, all that it applies and all that apply it define; nothing where one of
    /// them was not read.
    fn around(
        cx: &Context<'_, 'd>,
        users: &FxHashMap<Key, Vec<NodeRef<'d>>>,
        schema: NodeRef<'d>,
    ) -> Option<Self> {
        let description = cx.walk.description();
        let mut outer = vec![schema];
        let mut seen = FxHashSet::default();
        let mut known = Self { names: FxHashSet::default(), open: false };
        while let Some(schema) = outer.pop() {
            if !seen.insert((description.slot(schema), schema.id())) {
                continue;
            }
            if seen.len() > 500 {
                return None;
            }
            outer.extend(users.get(&(description.slot(schema), schema.id())).into_iter().flatten());
            for part in cx.schemas.closure(schema, true)? {
                let properties = part.get("properties").into_iter().flat_map(NodeRef::entries);
                known.names.extend(properties.map(|entry| entry.key));
                let discriminator = part.get("discriminator");
                let property = discriminator.and_then(|it| it.get("propertyName"));
                known.names.extend(property.and_then(NodeRef::as_str));
                known.open |=
                    part.get("patternProperties").is_some() || part.get("$dynamicRef").is_some();
            }
        }
        Some(known)
    }
}

fn undefined<'d>(item: NodeRef<'d>, name: &'d str, known: &Known<'d>) -> Draft<'d> {
    let message = format!("`{name}` is required, but no schema says what it is");
    let draft = Draft::new("undefined-required-property", At::Value(item), message).fact(name);
    let mut names: Vec<_> = known.names.iter().copied().collect();
    names.sort_unstable();
    let Some(meant) = nearest(name, names) else { return draft };
    let draft = draft.help(format!("did you mean `{meant}`?")).expected(meant);
    match edit::replace(item, &Value::from(meant)) {
        Some(edit) => {
            draft.fix(Safety::NeedsReview, [edit], [PatchOperation::replace(item.pointer(), meant)])
        }
        None => draft,
    }
}
