//! How things are named: the casing that most names of a kind have is the one that all should.
//!
//! * **Source.** Taste; no specification asks for one. Of each kind of name, what most have is
//!   taken for meant, so that a document is held to its own habit.

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::Kind as Object,
};

use crate::verify::{
    checks::{
        each,
        words::{Casing, words},
    },
    context::Context,
    sink::Sink,
};

/// Reports names that are written otherwise than most of their kind.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    check_casing("property-casing", "property", &properties(cx), sink);
    check_casing("schema-name-casing", "schema", &schemas(cx), sink);
    for (place, rule) in [
        ("query", "parameter-casing"),
        ("path", "parameter-casing"),
        ("cookie", "parameter-casing"),
    ] {
        check_casing(rule, &format!("{place} parameter"), &parameters(cx, place), sink);
    }
    check_casing("operation-id-casing", "`operationId`", &operation_ids(cx), sink);
    if sink.wants("enum-value-casing") {
        for visit in cx.walk.visits(Object::Schema) {
            let values = visit.node.get("enum").into_iter().flat_map(NodeRef::items);
            let names: Vec<_> =
                values.filter_map(|it| Some((it.as_str()?, At::Value(it)))).collect();
            check_casing("enum-value-casing", "value", &names, sink);
        }
    }
    check_verbs(cx, sink);
    check_booleans(cx, sink);
}

type Names<'d> = Vec<(&'d str, At<'d>)>;

fn properties<'d>(cx: &Context<'_, 'd>) -> Names<'d> {
    let visits = cx.walk.visits(Object::Schema).iter();
    let maps = visits.filter_map(|visit| visit.node.get("properties"));
    maps.flat_map(NodeRef::entries).map(|entry| (entry.key, At::Key(entry.value))).collect()
}

fn schemas<'d>(cx: &Context<'_, 'd>) -> Names<'d> {
    let visits = cx.walk.visits(Object::Components).iter();
    let maps = visits.filter_map(|visit| visit.node.get("schemas"));
    maps.flat_map(NodeRef::entries).map(|entry| (entry.key, At::Key(entry.value))).collect()
}

fn parameters<'d>(cx: &Context<'_, 'd>, place: &str) -> Names<'d> {
    let visits = cx.walk.visits(Object::Parameter).iter();
    let meant = visits.filter(|it| it.node.get("in").and_then(NodeRef::as_str) == Some(place));
    let names = meant.filter_map(|visit| visit.node.get("name"));
    names.filter_map(|name| Some((name.as_str()?, At::Value(name)))).collect()
}

fn operation_ids<'d>(cx: &Context<'_, 'd>) -> Names<'d> {
    let ids = each::operations(cx).filter_map(|it| it.node.get("operationId"));
    ids.filter_map(|id| Some((id.as_str()?, At::Value(id)))).collect()
}

const CASINGS: [Casing; 5] =
    [Casing::Camel, Casing::Snake, Casing::Pascal, Casing::Kebab, Casing::Macro];

/// How many names of one kind make a habit.
const HABIT_MIN: usize = 3;

fn check_casing<'d>(rule: &'static str, kind: &str, names: &Names<'d>, sink: &mut Sink<'_, 'd>) {
    if !sink.wants(rule) {
        return;
    }
    let known: Vec<_> = names.iter().map(|(name, _)| Casing::of(name)).collect();
    let count = |casing: Casing| known.iter().flatten().filter(|it| it.fits(casing)).count();
    let habit = CASINGS.into_iter().rev().max_by_key(|casing| count(*casing));
    let Some(habit) = habit.filter(|habit| count(*habit) >= HABIT_MIN) else { return };
    for ((name, at), casing) in names.iter().zip(&known) {
        if casing.is_some_and(|casing| !casing.fits(habit)) {
            let message = format!("the {kind} `{name}` is not in {}, as most are", habit.name());
            sink.push(Draft::new(rule, *at, message).fact(*name));
        }
    }
}

/// The verbs with which the name of an operation begins, by method.
const VERBS: [(&str, &[&str]); 6] = [
    (
        "get",
        &[
            "get", "list", "find", "search", "read", "fetch", "check", "query", "download", "show",
            "describe", "lookup", "count", "export", "retrieve",
        ],
    ),
    (
        "post",
        &[
            "create", "add", "post", "search", "send", "submit", "start", "run", "upload", "query",
            "cancel", "validate", "import", "login", "logout", "register", "place", "import",
            "batch", "process", "generate", "make", "set", "update", "new", "invoke", "execute",
            "trigger", "confirm", "accept", "approve", "reject",
        ],
    ),
    (
        "put",
        &[
            "update", "replace", "put", "set", "create", "upsert", "add", "save", "edit", "change",
            "upload", "enable", "disable",
        ],
    ),
    ("patch", &["update", "patch", "modify", "edit", "change", "set"]),
    (
        "delete",
        &[
            "delete", "remove", "cancel", "revoke", "unset", "clear", "destroy", "unassign",
            "detach",
        ],
    ),
    ("head", &["head", "check", "get", "exists", "has", "is"]),
];

fn check_verbs<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    if !sink.wants("operation-id-without-verb") {
        return;
    }
    for operation in each::operations(cx) {
        let Some(id) = operation.node.get("operationId") else { continue };
        let Some(text) = id.as_str() else { continue };
        let Some((_, verbs)) = VERBS.iter().find(|(method, _)| *method == operation.method) else {
            continue;
        };
        let parts = words(text);
        if !parts.iter().any(|word| verbs.contains(&word.as_str())) {
            let message = format!("`{text}` names no verb that fits `{}`", operation.title());
            sink.push(Draft::new("operation-id-without-verb", At::Value(id), message).fact(text));
        }
    }
}

/// A boolean parameter is a question: `isOpen`, `include_all`.
fn check_booleans<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    if !sink.wants("boolean-parameter-without-prefix") {
        return;
    }
    for visit in cx.walk.visits(Object::Parameter) {
        let Some(name) = visit.node.get("name") else { continue };
        let Some(text) = name.as_str() else { continue };
        let schema = visit.node.get("schema").and_then(|it| cx.walk.resolve(it));
        let prefixes = ["is", "has", "should", "can", "include", "with", "allow", "only", "no"];
        let parts = words(text);
        let first = parts.first().map_or("", String::as_str);
        let boolean = schema.is_some_and(|it| each::is_typed(it, "boolean"));
        if boolean && !prefixes.contains(&first) {
            let message = format!("the boolean `{text}` is no question");
            let draft = Draft::new("boolean-parameter-without-prefix", At::Value(name), message);
            sink.push(draft.fact(text));
        }
    }
}
