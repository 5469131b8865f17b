//! Names in `required` that no schema defines as a property.
//!
//! * **Source.** JSON Schema 2020-12 validation, section 6.5.3: a required property need not be
//!   defined, so that anything is allowed as its value.

use rustc_hash::FxHashSet;

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Role, nearest},
    schema::{Pattern, PatternError},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports required properties without a definition.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let Some(required) = visit.node.get("required").filter(|it| it.is_array()) else {
            continue;
        };
        let counts = !matches!(visit.role, Role::Not | Role::Conditional | Role::PropertyName);
        if counts && takes_objects(visit.node) {
            check_schema(cx, visit.node, required, sink);
        }
    }
}

/// Whether the type of a schema leaves `required` anything to say.
fn takes_objects(schema: NodeRef<'_>) -> bool {
    schema.get("type").is_none_or(|types| {
        types.as_str() == Some("object")
            || types.items().any(|name| name.as_str() == Some("object"))
    })
}

fn check_schema<'d>(
    cx: &Context<'_, 'd>,
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
    let Some(known) = Known::around(cx, schema) else { return };
    for item in missing {
        let name = item.as_str().unwrap_or_default();
        if !known.says(name) {
            sink.push(undefined(item, name, &known));
        }
    }
}

/// The properties that schemas define for one instance.
struct Known<'d> {
    names: FxHashSet<&'d str>,
    patterns: Vec<Result<Pattern, PatternError>>,
    /// Some schema defines every property that no other one defines.
    open: bool,
}

impl<'d> Known<'d> {
    /// What the schema, all that it applies and all that apply it define; nothing where one of
    /// them was not read.
    fn around(cx: &Context<'_, 'd>, schema: NodeRef<'d>) -> Option<Self> {
        let mut known = Self { names: FxHashSet::default(), patterns: Vec::new(), open: false };
        for part in cx.schemas.around(schema)? {
            let properties = part.get("properties").into_iter().flat_map(NodeRef::entries);
            known.names.extend(properties.map(|entry| entry.key));
            let discriminator = part.get("discriminator");
            let property = discriminator.and_then(|it| it.get("propertyName"));
            known.names.extend(property.and_then(NodeRef::as_str));
            let patterns = part.get("patternProperties").into_iter().flat_map(NodeRef::entries);
            known.patterns.extend(patterns.map(|entry| Pattern::new(entry.key)));
            let rest = ["additionalProperties", "unevaluatedProperties"].map(|it| part.get(it));
            let defines = rest.into_iter().flatten().any(|it| it.is_object() && !it.is_empty());
            known.open |= defines || part.get("$dynamicRef").is_some();
        }
        Some(known)
    }

    /// Whether some schema says what the property is, as far as one can tell.
    fn says(&self, name: &str) -> bool {
        let fits = |pattern: &Result<Pattern, PatternError>| {
            pattern.as_ref().ok().is_none_or(|pattern| pattern.is_match(name) != Some(false))
        };
        self.open || self.names.contains(name) || self.patterns.iter().any(fits)
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
