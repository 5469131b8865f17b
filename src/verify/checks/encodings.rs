//! The `encoding` of a media type: for which properties, and for which media types.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.14 (Media Type Object): a key MUST exist in the schema
//!   as a property, and `encoding` SHALL only apply to request bodies of type `multipart` or
//!   `application/x-www-form-urlencoded`. Since 3.2 it applies to responses as well, and a key
//!   without a property has no effect.

use rustc_hash::FxHashSet;

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Version, nearest},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports encodings that belong to no property, or apply to nothing.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::MediaType) {
        let Some(encoding) = visit.node.get("encoding").filter(|it| !it.is_empty()) else {
            continue;
        };
        let version = cx.walk.description().version_at(visit.node);
        if let Some(key) = visit.node.key()
            && !has_parts(key)
        {
            let message = format!("`{key}` has no parts, so `encoding` has no effect");
            sink.push(Draft::new("ignored-encoding", At::Key(encoding), message));
            continue;
        }
        if let Some(schema) = visit.node.get("schema") {
            check_keys(cx, schema, encoding, version, sink);
        }
    }
}

fn has_parts(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("multipart/")
        || essence == "application/x-www-form-urlencoded"
        || essence.contains('*')
}

fn check_keys<'d>(
    cx: &Context<'_, 'd>,
    schema: NodeRef<'d>,
    encoding: NodeRef<'d>,
    version: Version,
    sink: &mut Sink<'_, 'd>,
) {
    let Some(parts) = cx.schemas.closure(schema, true) else { return };
    let open = parts.iter().any(|part| {
        let rest = ["additionalProperties", "unevaluatedProperties", "patternProperties"];
        let defines = rest.iter().filter_map(|key| part.get(key));
        defines.into_iter().any(NodeRef::is_object) || part.get("$dynamicRef").is_some()
    });
    if open {
        return;
    }
    let lists = parts.iter().filter_map(|part| part.get("properties"));
    let names: FxHashSet<&str> = lists.flat_map(NodeRef::entries).map(|entry| entry.key).collect();
    for entry in encoding.entries().filter(|entry| !entry.key.starts_with("x-")) {
        if names.contains(entry.key) {
            continue;
        }
        let message = format!("the schema has no property `{}`", entry.key);
        let rule =
            if version == Version::V32 { "ignored-encoding" } else { "unknown-encoding-property" };
        let draft = Draft::new(rule, At::Key(entry.value), message)
            .fact(entry.key)
            .related(At::Key(schema), "the schema");
        let Some(meant) = nearest(entry.key, sorted(&names)) else {
            sink.push(draft);
            continue;
        };
        let draft = draft.help(format!("did you mean `{meant}`?")).expected(Value::from(meant));
        let to = crate::document::pointer::join(&encoding.pointer(), meant);
        let patch = [PatchOperation::rename(entry.value.pointer(), to)];
        let edit = edit::rename(entry.value, meant).filter(|_| encoding.get(meant).is_none());
        sink.push(draft.fix(Safety::NeedsReview, edit, patch));
    }
}

fn sorted<'d>(names: &FxHashSet<&'d str>) -> Vec<&'d str> {
    let mut names: Vec<_> = names.iter().copied().collect();
    names.sort_unstable();
    names
}
