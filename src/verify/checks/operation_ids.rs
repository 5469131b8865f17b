//! The names of operations: missing, unusable, shared, or too alike.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.10 (`operationId`); Unicode Technical Standard 39,
//!   section 4 (confusable detection).

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use unicode_security::skeleton;

use crate::{
    document::{NodeRef, edit, is_invisible},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Operation, Surface},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports the operations that no generated client could call by a name of their own.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut names = Names::default();
    let mut nodes = rustc_hash::FxHashSet::default();
    for operation in cx.walk.operations() {
        names.taken.extend(id(operation).and_then(NodeRef::as_str));
    }
    for operation in cx.walk.operations() {
        let key = (cx.walk.description().slot(operation.node), operation.node.id());
        if !nodes.insert(key) {
            continue;
        }
        match id(operation) {
            None if operation.surface == Surface::Callback => {}
            None => sink.push(missing(operation, &mut names)),
            Some(node) => {
                if let Some(name) = node.as_str() {
                    check_name(operation, node, name, &mut names, sink);
                }
            }
        }
    }
}

fn id<'d>(operation: &Operation<'d>) -> Option<NodeRef<'d>> {
    operation.node.get("operationId")
}

#[derive(Default)]
struct Names<'d> {
    taken: BTreeSet<&'d str>,
    made: BTreeSet<String>,
    exact: FxHashMap<&'d str, Owner<'d>>,
    alike: FxHashMap<String, Owner<'d>>,
    renamed: FxHashMap<String, Owner<'d>>,
}

/// The operation that had a name first.
#[derive(Clone)]
struct Owner<'d> {
    node: NodeRef<'d>,
    name: &'d str,
    title: String,
}

fn missing<'d>(operation: &Operation<'d>, names: &mut Names<'d>) -> Draft<'d> {
    let title = operation.title();
    let name = propose(operation, names);
    let pointer = format!("{}/operationId", operation.node.pointer());
    let value = crate::document::Value::from(name.as_str());
    let draft = Draft::new(
        "missing-operation-id",
        At::Key(operation.node),
        format!("`{title}` has no `operationId`"),
    )
    .help(format!("name the operation, e.g. `{name}`"));
    match edit::insert_first(operation.node, "operationId", &value) {
        Some(edit) => draft.fix(Safety::Safe, [edit], [PatchOperation::add(pointer, value)]),
        None => draft,
    }
}

/// A name from method and path that nothing has yet: `getPetsById`.
fn propose(operation: &Operation<'_>, names: &mut Names<'_>) -> String {
    let mut name = operation.method.to_ascii_lowercase();
    for segment in operation.path.split('/') {
        let is_template = segment.starts_with('{');
        if is_template {
            name.push_str("By");
        }
        for word in segment.split(|char: char| !char.is_ascii_alphanumeric()) {
            let mut chars = word.chars();
            name.extend(chars.next().map(|first| first.to_ascii_uppercase()));
            name.push_str(chars.as_str());
        }
    }
    let mut unique = name.clone();
    let mut number = 2;
    while names.taken.contains(unique.as_str()) || !names.made.insert(unique.clone()) {
        unique = format!("{name}{number}");
        number += 1;
    }
    unique
}

fn check_name<'d>(
    operation: &Operation<'d>,
    node: NodeRef<'d>,
    name: &'d str,
    names: &mut Names<'d>,
    sink: &mut Sink<'_, 'd>,
) {
    if let Some(why) = unusable(name) {
        let message = format!("`{name}` is no name that a program could use: it has {why}");
        sink.push(Draft::new("unusable-operation-id", At::Value(node), message).fact(name));
    }
    let owner = || Owner { node, name, title: operation.title() };
    if let Some(first) = names.exact.get(name) {
        let message = format!("`{name}` already names `{}`", first.title);
        let draft = Draft::new("duplicate-operation-id", At::Value(node), message)
            .fact(operation.title())
            .related(At::Value(first.node), "first used here");
        sink.push(draft);
        return;
    }
    names.exact.insert(name, owner());
    let alike: String = skeleton(&name.to_lowercase()).flat_map(char::to_lowercase).collect();
    if let Some(first) = names.alike.get(&alike) {
        let how = if first.name.to_lowercase() == name.to_lowercase() {
            "differ in case alone"
        } else {
            "look alike"
        };
        let message = format!("`{name}` and `{}` of `{}` {how}", first.name, first.title);
        sink.push(collision("similar-operation-id", node, name, first, message));
        return;
    }
    names.alike.insert(alike, owner());
    let renamed: String =
        name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if renamed.is_empty() {
        return;
    }
    if let Some(first) = names.renamed.get(&renamed) {
        let other = first.name;
        let message = format!(
            "`{name}` and `{other}` of `{}` become one name in generated code",
            first.title
        );
        sink.push(collision("colliding-operation-id", node, name, first, message));
        return;
    }
    names.renamed.insert(renamed, owner());
}

fn collision<'d>(
    rule: &'static str,
    node: NodeRef<'d>,
    name: &str,
    first: &Owner<'d>,
    message: String,
) -> Draft<'d> {
    Draft::new(rule, At::Value(node), message)
        .fact(format!("{name} {}", first.name))
        .related(At::Value(first.node), "the other stands here")
        .witness(vec![first.name, name])
}

/// What keeps a name from being one.
fn unusable(name: &str) -> Option<&'static str> {
    if name.chars().any(|char| is_invisible(char) || char.is_control()) {
        Some("invisible characters")
    } else if name.chars().any(char::is_whitespace) {
        Some("white space")
    } else if !name.chars().any(char::is_alphabetic) {
        Some("no letter")
    } else {
        None
    }
}
