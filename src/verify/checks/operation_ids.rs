//! The names of operations: missing, unusable, shared, or too alike.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.10 (`operationId`); Unicode Technical Standard 39,
//!   section 4 (confusable detection).

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use unicode_security::skeleton;

use crate::{
    document::{NodeRef, edit, is_invisible},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Operation, Surface},
};

use crate::verify::{context::Context, sink::Sink};

use super::alike::{self, Classes};

/// Reports the operations that no generated client could call by a name of their own.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let mut taken = FxHashSet::default();
    let operations = cx.walk.operations().len();
    let mut nodes = FxHashSet::with_capacity_and_hasher(operations, FxBuildHasher);
    // Only a name that is proposed has to differ from all others.
    if cx.walk.operations().iter().any(|operation| id(operation).is_none()) {
        let ids = cx.walk.operations().iter().filter_map(|it| id(it)?.as_str());
        taken.extend(ids.flat_map(traits));
    }
    let mut places: FxHashMap<&str, usize> =
        FxHashMap::with_capacity_and_hasher(operations, FxBuildHasher);
    let mut named: Vec<Vec<Owner<'_, 'd>>> = Vec::new();
    for operation in cx.walk.operations() {
        let key = (cx.walk.description().slot(operation.node), operation.node.id());
        if !nodes.insert(key) {
            continue;
        }
        match id(operation) {
            None if operation.surface == Surface::Callback => {}
            None => sink.push(missing(operation, &mut taken)),
            Some(node) => {
                let Some(name) = node.as_str() else { continue };
                let next = named.len();
                let place = *places.entry(name).or_insert(next);
                if place == next {
                    named.push(Vec::new());
                }
                let owners = named.get_mut(place);
                owners.expect("there is a place for each name").push(Owner {
                    node,
                    name,
                    operation,
                });
            }
        }
    }
    check_names(&named, sink);
}

fn id<'d>(operation: &Operation<'d>) -> Option<NodeRef<'d>> {
    operation.node.get("operationId")
}

/// An operation and its name.
#[derive(Clone, Copy)]
struct Owner<'o, 'd> {
    node: NodeRef<'d>,
    name: &'d str,
    operation: &'o Operation<'d>,
}

impl Owner<'_, '_> {
    fn title(&self) -> String {
        self.operation.title()
    }
}

fn missing<'d>(operation: &Operation<'d>, taken: &mut FxHashSet<String>) -> Draft<'d> {
    let title = operation.title();
    let name = propose(operation, taken);
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
fn propose(operation: &Operation<'_>, taken: &mut FxHashSet<String>) -> String {
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
    while traits(&unique).iter().any(|it| taken.contains(it)) {
        unique = format!("{name}{number}");
        number += 1;
    }
    taken.extend(traits(&unique));
    unique
}

/// What two names must not share: the looks, with and without case, and what renaming leaves.
fn traits(name: &str) -> [String; 3] {
    let [raw, lower] = looks(name);
    [raw, lower, renamed(name)]
}

/// How a name looks (UTS 39), as it is and without case.
fn looks(name: &str) -> [String; 2] {
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        return [ascii_look(name.chars()), ascii_look(name.to_ascii_lowercase().chars())];
    }
    [skeleton(name).collect(), skeleton(&name.to_lowercase()).collect()]
}

/// The skeleton of a name of ASCII letters and digits, of which few look like others.
fn ascii_look(name: impl Iterator<Item = char>) -> String {
    let mut look = String::with_capacity(40);
    for char in name {
        match char {
            'm' => look.push_str("rn"),
            '0' => look.push('O'),
            '1' | 'I' => look.push('l'),
            _ => look.push(char),
        }
    }
    look
}

/// What code generators tell names apart by: letters and digits without case.
fn renamed(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The name as most generators write it: `getUser` of `get_user`.
fn camel(name: &str) -> String {
    let words = name.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut camel = String::new();
    for word in words {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if camel.is_empty() => camel.extend(first.to_lowercase()),
            Some(first) => camel.extend(first.to_uppercase()),
            None => {}
        }
        camel.push_str(chars.as_str());
    }
    camel
}

/// Judges the names that there are, each with the operations that carry it.
fn check_names<'d>(named: &[Vec<Owner<'_, 'd>>], sink: &mut Sink<'_, 'd>) {
    let mut usable: Vec<&Owner<'_, 'd>> = Vec::new();
    for owners in named {
        let Some((first, rest)) = owners.split_first() else { continue };
        let nodes: Vec<_> = owners.iter().map(|owner| owner.node).collect();
        for (owner, names) in rest.iter().zip(alike::names(&nodes)) {
            let message = format!("`{}` already names `{}`", owner.name, first.title());
            let draft = Draft::new("duplicate-operation-id", At::Value(owner.node), message)
                .fact(owner.name)
                .named_by(names)
                .related(At::Value(first.node), "first used here");
            sink.push(draft);
        }
        // What an unusable name is like will change with it.
        match unusable(first.name) {
            Some(why) => sink.push(unusable_name(first, why)),
            None => usable.extend(least(owners)),
        }
    }
    let mut renaming = Classes::for_traits(3 * usable.len());
    for owner in &usable {
        renaming.add(traits(owner.name));
    }
    for class in renaming.shared() {
        judge_alike(class.iter().filter_map(|at| usable.get(*at).copied()).collect(), sink);
    }
}

/// Reports the names of one class that look alike; of those one speaks for all, since names that
/// look alike are renamed alike, too.
fn judge_alike<'d>(owners: Vec<&Owner<'_, 'd>>, sink: &mut Sink<'_, 'd>) {
    let mut similar = Classes::for_traits(2 * owners.len());
    for owner in &owners {
        similar.add(looks(owner.name));
    }
    let mut silent: FxHashSet<usize> = FxHashSet::default();
    for class in similar.shared() {
        let alike: Vec<_> = class.iter().filter_map(|at| owners.get(*at).copied()).collect();
        let speaker = alike::least(alike.iter().map(|owner| owner.node));
        let places = class.iter().zip(&alike);
        silent.extend(places.filter(|(_, owner)| Some(owner.node) != speaker).map(|(at, _)| *at));
        report("similar-operation-id", &alike, sink);
    }
    let others = owners.into_iter().enumerate().filter(|(at, _)| !silent.contains(at));
    report("colliding-operation-id", &others.map(|(_, owner)| owner).collect::<Vec<_>>(), sink);
}

/// Of operations that share a name the one that stands for all.
fn least<'c, 'o, 'd>(owners: &'c [Owner<'o, 'd>]) -> Option<&'c Owner<'o, 'd>> {
    if let [only] = owners {
        return Some(only);
    }
    let node = alike::least(owners.iter().map(|owner| owner.node));
    owners.iter().find(|owner| Some(owner.node) == node)
}

/// Reports each of several names but the first.
fn report<'d>(rule: &'static str, owners: &[&Owner<'_, 'd>], sink: &mut Sink<'_, 'd>) {
    let Some((first, rest)) = owners.split_first() else { return };
    let nodes: Vec<_> = owners.iter().map(|owner| owner.node).collect();
    for (owner, names) in rest.iter().zip(alike::names(&nodes)) {
        let (name, other) = (owner.name, first.name);
        let message = if rule == "colliding-operation-id" {
            colliding(name, first)
        } else if other.to_lowercase() == name.to_lowercase() {
            format!("`{name}` and `{other}` of `{}` differ in case alone", first.title())
        } else {
            format!("`{name}` and `{other}` of `{}` look alike", first.title())
        };
        let draft = Draft::new(rule, At::Value(owner.node), message)
            .named_by(names)
            .related(At::Value(first.node), "the other stands here")
            .witness(vec![other, name]);
        sink.push(draft);
    }
}

fn unusable_name<'d>(owner: &Owner<'_, 'd>, why: &str) -> Draft<'d> {
    let name = owner.name;
    let message = if name.is_empty() {
        "an `operationId` that is empty names nothing".to_owned()
    } else {
        format!("`{name}` is no name that a program could use: it has {why}")
    };
    Draft::new("unusable-operation-id", At::Value(owner.node), message).fact(name)
}

fn colliding(name: &str, first: &Owner<'_, '_>) -> String {
    let (ours, theirs) = (camel(name), camel(first.name));
    let (other, title) = (first.name, first.title());
    if ours == theirs {
        return format!(
            "`{name}` and `{other}` of `{title}` both become `{ours}` in generated code"
        );
    }
    format!(
        "`{name}` and `{other}` of `{title}` become `{ours}` and `{theirs}` in generated code, \
         which differ in case alone"
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_look_of_ascii_is_its_skeleton() {
        for char in (0..=127_u8).map(char::from) {
            if char.is_ascii_alphanumeric() || matches!(char, '_' | '-') {
                let text = char.to_string();
                assert_eq!(ascii_look(text.chars()), skeleton(&text).collect::<String>(), "{char}");
            }
        }
    }
}
