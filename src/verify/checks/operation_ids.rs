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

/// Reports the operations that no generated client could call by a name of their own.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let operations = cx.walk.operations().len();
    let mut names = Names::for_operations(operations);
    let mut nodes = FxHashSet::with_capacity_and_hasher(operations, FxBuildHasher);
    // Only a name that is proposed has to differ from all others.
    if cx.walk.operations().iter().any(|operation| id(operation).is_none()) {
        let ids = cx.walk.operations().iter().filter_map(|it| id(it)?.as_str());
        names.taken.extend(ids.flat_map(traits));
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

struct Names<'o, 'd> {
    /// What a proposed name must differ in from every other.
    taken: FxHashSet<String>,
    owners: Vec<Owner<'o, 'd>>,
    /// Owners by their place, to keep the tables of a large description small.
    exact: FxHashMap<&'d str, usize>,
    alike: FxHashMap<Box<str>, usize>,
    renamed: FxHashMap<Box<str>, usize>,
}

impl<'o, 'd> Names<'o, 'd> {
    fn for_operations(count: usize) -> Self {
        Self {
            taken: FxHashSet::default(),
            owners: Vec::with_capacity(count),
            exact: FxHashMap::with_capacity_and_hasher(count, FxBuildHasher),
            alike: FxHashMap::with_capacity_and_hasher(count * 2, FxBuildHasher),
            renamed: FxHashMap::with_capacity_and_hasher(count, FxBuildHasher),
        }
    }

    fn owner(&self, at: Option<&usize>) -> Option<Owner<'o, 'd>> {
        self.owners.get(*at?).copied()
    }
}

/// The operation that had a name first.
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

fn missing<'d>(operation: &Operation<'d>, names: &mut Names<'_, 'd>) -> Draft<'d> {
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
fn propose(operation: &Operation<'_>, names: &mut Names<'_, '_>) -> String {
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
    while traits(&unique).iter().any(|it| names.taken.contains(it)) {
        unique = format!("{name}{number}");
        number += 1;
    }
    names.taken.extend(traits(&unique));
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

fn check_name<'o, 'd>(
    operation: &'o Operation<'d>,
    node: NodeRef<'d>,
    name: &'d str,
    names: &mut Names<'o, 'd>,
    sink: &mut Sink<'_, 'd>,
) {
    if let Some(first) = names.owner(names.exact.get(name)) {
        let message = format!("`{name}` already names `{}`", first.title());
        let draft = Draft::new("duplicate-operation-id", At::Value(node), message)
            .fact(operation.title())
            .related(At::Value(first.node), "first used here");
        sink.push(draft);
        return;
    }
    let owner = names.owners.len();
    names.owners.push(Owner { node, name, operation });
    names.exact.insert(name, owner);
    if let Some(why) = unusable(name) {
        let message = if name.is_empty() {
            "an `operationId` that is empty names nothing".to_owned()
        } else {
            format!("`{name}` is no name that a program could use: it has {why}")
        };
        sink.push(Draft::new("unusable-operation-id", At::Value(node), message).fact(name));
        // What it is like will change with it.
        return;
    }
    let looks = looks(name);
    let renamed = renamed(name);
    if let Some(first) = looks.iter().find_map(|look| names.owner(names.alike.get(look.as_str()))) {
        let how = if first.name.to_lowercase() == name.to_lowercase() {
            "differ in case alone"
        } else {
            "look alike"
        };
        let message = format!("`{name}` and `{}` of `{}` {how}", first.name, first.title());
        sink.push(collision("similar-operation-id", node, name, &first, message));
    } else if let Some(first) = names.owner(names.renamed.get(renamed.as_str())) {
        let message = colliding(name, &first);
        sink.push(collision("colliding-operation-id", node, name, &first, message));
    }
    for look in looks {
        names.alike.entry(look.into()).or_insert(owner);
    }
    names.renamed.entry(renamed.into()).or_insert(owner);
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

fn collision<'d>(
    rule: &'static str,
    node: NodeRef<'d>,
    name: &str,
    first: &Owner<'_, 'd>,
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
