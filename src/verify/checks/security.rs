//! What operations require of security schemes, against the schemes that there are.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.30 (Security Requirement Object): each name MUST be
//!   that of a scheme under Components; since 3.2 it may be a URI as well. In 3.0 the list of
//!   scopes MUST be empty for schemes without scopes.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{Document, NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Version, nearest},
};

use crate::verify::{context::Context, sink::Sink};

/// A scheme under Components, with the scopes that it has.
struct Scheme<'d> {
    node: NodeRef<'d>,
    kind: &'d str,
    scopes: FxHashMap<&'d str, NodeRef<'d>>,
    /// Whether all of it was read.
    whole: bool,
}

/// Reports requirements of schemes and scopes that do not exist, and scopes nobody requires.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let schemes = schemes(cx);
    let mut required: FxHashSet<(&'d str, &'d str)> = FxHashSet::default();
    for visit in cx.walk.visits(Object::SecurityRequirement) {
        for entry in visit.node.entries() {
            let Some(scheme) = schemes.get(entry.key) else {
                let version = cx.walk.description().version_at(visit.node);
                let uri = version == Version::V32 && entry.key.contains(['/', '#', ':']);
                if !uri {
                    sink.push(undefined(entry.value, entry.key, &schemes));
                }
                continue;
            };
            for scope in entry.value.items() {
                let Some(name) = scope.as_str() else { continue };
                required.insert((entry.key, name));
                check_scope(cx, scheme, entry.key, scope, name, sink);
            }
        }
        check_optional(visit.node, sink);
    }
    if sink.wants("unused-scope") {
        check_unused(&schemes, &required, sink);
    }
}

fn schemes<'d>(cx: &Context<'_, 'd>) -> FxHashMap<&'d str, Scheme<'d>> {
    let mut schemes = FxHashMap::default();
    let roots = cx.walk.description().documents().iter().filter_map(Document::root);
    for root in roots {
        let listed = root.get("components").and_then(|it| it.get("securitySchemes"));
        for entry in listed.into_iter().flat_map(NodeRef::entries) {
            schemes.entry(entry.key).or_insert_with(|| scheme(cx, entry.value));
        }
    }
    schemes
}

fn scheme<'d>(cx: &Context<'_, 'd>, listed: NodeRef<'d>) -> Scheme<'d> {
    let Some(node) = cx.walk.resolve(listed) else {
        return Scheme { node: listed, kind: "", scopes: FxHashMap::default(), whole: false };
    };
    let flows = node.get("flows").into_iter().flat_map(NodeRef::entries);
    let scopes = flows.filter_map(|flow| flow.value.get("scopes")).flat_map(NodeRef::entries);
    let scopes = scopes.map(|entry| (entry.key, entry.value)).collect();
    let kind = node.get("type").and_then(NodeRef::as_str).unwrap_or_default();
    Scheme { node, kind, scopes, whole: node.get("flows").is_some() }
}

fn undefined<'d>(
    value: NodeRef<'d>,
    name: &'d str,
    schemes: &FxHashMap<&'d str, Scheme<'d>>,
) -> Draft<'d> {
    let message = format!("there is no security scheme `{name}`");
    let draft = Draft::new("undefined-security-scheme", At::Key(value), message).fact(name);
    let mut names: Vec<_> = schemes.keys().copied().collect();
    names.sort_unstable();
    let Some(meant) = nearest(name, names) else { return draft };
    let draft = draft.help(format!("did you mean `{meant}`?")).expected(meant);
    let pointer = value.parent().map_or_else(String::new, NodeRef::pointer);
    let to = crate::document::pointer::join(&pointer, meant);
    let patch = [PatchOperation::rename(value.pointer(), to)];
    let draft = match schemes.get(meant) {
        Some(scheme) => draft.related(At::Key(scheme.node), "this one exists"),
        None => draft,
    };
    draft.fix(Safety::NeedsReview, edit::rename(value, meant), patch)
}

fn check_scope<'d>(
    cx: &Context<'_, 'd>,
    scheme: &Scheme<'d>,
    scheme_name: &str,
    scope: NodeRef<'d>,
    name: &'d str,
    sink: &mut Sink<'_, 'd>,
) {
    if matches!(scheme.kind, "apiKey" | "http" | "mutualTLS") {
        if cx.walk.description().version_at(scope) == Version::V30 {
            let message =
                format!("the scheme `{scheme_name}` is `{}`, which has no scopes", scheme.kind);
            let draft = Draft::new("scope-without-oauth", At::Value(scope), message).fact(name);
            let patch = [PatchOperation::remove(scope.pointer())];
            sink.push(draft.fix(Safety::NeedsReview, edit::remove(scope), patch));
        }
        return;
    }
    if scheme.kind != "oauth2" || !scheme.whole || scheme.scopes.contains_key(name) {
        return;
    }
    let message = format!("the scheme `{scheme_name}` has no scope `{name}`");
    let draft = Draft::new("undefined-scope", At::Value(scope), message)
        .fact(name)
        .related(At::Key(scheme.node), "the scheme");
    let mut names: Vec<_> = scheme.scopes.keys().copied().collect();
    names.sort_unstable();
    let Some(meant) = nearest(name, names) else { return sink.push(draft) };
    let draft = draft.help(format!("did you mean `{meant}`?")).expected(meant);
    let patch = [PatchOperation::replace(scope.pointer(), meant)];
    let edit = edit::replace(scope, &Value::from(meant));
    sink.push(draft.fix(Safety::NeedsReview, edit, patch));
}

/// `{}` beside other requirements lets everybody in.
fn check_optional<'d>(requirement: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let beside = requirement.parent().is_some_and(|list| list.is_array() && list.len() > 1);
    if requirement.is_object() && requirement.is_empty() && beside {
        let message = "an empty requirement makes the others optional";
        sink.push(Draft::new("optional-security", At::Value(requirement), message));
    }
}

fn check_unused<'d>(
    schemes: &FxHashMap<&'d str, Scheme<'d>>,
    required: &FxHashSet<(&'d str, &'d str)>,
    sink: &mut Sink<'_, 'd>,
) {
    let mut unused: Vec<_> = schemes
        .iter()
        .filter(|(_, scheme)| scheme.kind == "oauth2")
        .flat_map(|(name, scheme)| scheme.scopes.iter().map(move |scope| (*name, scope)))
        .filter(|(name, (scope, _))| !required.contains(&(*name, **scope)))
        .map(|(_, (scope, node))| (*scope, *node))
        .collect();
    unused.sort_unstable_by_key(|(_, node)| node.span());
    for (scope, node) in unused {
        let message = format!("no operation requires the scope `{scope}`");
        sink.push(Draft::new("unused-scope", At::Key(node), message).fact(scope));
    }
}
