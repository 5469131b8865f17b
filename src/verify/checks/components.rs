//! Components that nothing uses, and names of schemas that generated code cannot keep apart.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.7: components have no effect unless they are
//!   referenced from properties outside the Components Object; 4.8.25.4: a schema that extends one
//!   with a discriminator by `allOf` is chosen by its name.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{Entry, NodeId, NodeRef},
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Target},
};

use crate::verify::{checks::alike, context::Context, sink::Sink};

type Key = (usize, NodeId);

/// Reports components without a use, and names of schemas that collide.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let root = cx.walk.description().entry().root();
    let Some(components) = root.and_then(|root| root.get("components")) else { return };
    if sink.wants("colliding-schema-names")
        && let Some(schemas) = components.get("schemas")
    {
        check_names(schemas, sink);
    }
    // A document without operations is a library for others.
    if sink.wants("unused-component") && !cx.walk.operations().is_empty() {
        check_unused(cx, components, sink);
    }
}

/// A name as generators write the name of a class.
fn as_class(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn check_names<'d>(schemas: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let members = schemas.entries().map(|entry| (as_class(entry.key), entry.value));
    for (first, node, names) in alike::pairs(members) {
        let (name, other) = (node.key().unwrap_or_default(), first.key().unwrap_or_default());
        if name == other {
            continue;
        }
        let message =
            format!("the schemas `{name}` and `{other}` become one class in generated code");
        let draft = Draft::new("colliding-schema-names", At::Key(node), message);
        sink.push(draft.named_by(names).related(At::Key(first), "the other one"));
    }
}

/// What refers to what: from the component that a reference stands in to the one it leads to.
struct Uses<'c, 'd> {
    cx: &'c Context<'c, 'd>,
    components: NodeRef<'d>,
    /// The components that something outside of the Components Object refers to.
    reached: Vec<Key>,
    /// The components that each component refers to.
    from: FxHashMap<Key, Vec<Key>>,
}

fn check_unused<'d>(cx: &Context<'_, 'd>, components: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let mut uses = Uses { cx, components, reached: Vec::new(), from: FxHashMap::default() };
    for reference in cx.walk.references().iter().chain(cx.walk.mappings()) {
        if let Target::Node(target) = reference.target {
            uses.add(reference.value, target);
        }
    }
    uses.add_children();
    uses.add_security();
    let mut used: FxHashSet<Key> = FxHashSet::default();
    let roots = std::mem::take(&mut uses.reached);
    uses.spread(roots, &mut used);
    if uses.candidates().all(|entry| used.contains(&uses.key(entry.value))) {
        return;
    }
    let elsewhere = uses.elsewhere();
    uses.spread(elsewhere, &mut used);
    for section in components.entries().filter(|entry| entry.value.is_object()) {
        if section.key.starts_with("x-") {
            continue;
        }
        for entry in section.value.entries() {
            if !used.contains(&uses.key(entry.value)) && !may_be_used(entry.value) {
                sink.push(unused(section.key, entry.value, entry.key));
            }
        }
    }
}

/// What a path item or callback holds is a surface of its own.
fn may_be_used(component: NodeRef<'_>) -> bool {
    let section = component.parent().and_then(NodeRef::key);
    matches!(section, Some("pathItems")) || component.get("$dynamicAnchor").is_some()
}

fn unused<'d>(section: &str, component: NodeRef<'d>, name: &str) -> Draft<'d> {
    let message = format!("nothing in this description uses `{name}` of `{section}`");
    Draft::new("unused-component", At::Key(component), message).fact(name)
}

impl<'d> Uses<'_, 'd> {
    fn key(&self, node: NodeRef<'d>) -> Key {
        (self.cx.walk.description().slot(node), node.id())
    }

    /// The component that a node is or is a part of.
    fn component(&self, node: NodeRef<'d>) -> Option<NodeRef<'d>> {
        let mut node = node;
        loop {
            let section = node.parent()?;
            if section.parent() == Some(self.components) {
                return Some(node);
            }
            node = section;
        }
    }

    /// The components, each of which may be unused.
    fn candidates(&self) -> impl Iterator<Item = Entry<'d>> + use<'d> {
        let sections = self.components.entries().filter(|entry| !entry.key.starts_with("x-"));
        sections.flat_map(|section| section.value.entries())
    }

    /// Adds components and all that they refer to.
    fn spread(&self, roots: Vec<Key>, used: &mut FxHashSet<Key>) {
        let mut open = roots;
        while let Some(key) = open.pop() {
            if used.insert(key) {
                open.extend(self.from.get(&key).into_iter().flatten());
            }
        }
    }

    /// The components that a `$ref` names where none has a meaning: in an extension, or in a field
    /// that does not exist.
    fn elsewhere(&self) -> Vec<Key> {
        let document = self.components.document();
        let known = self.cx.walk.references().iter().map(|it| self.key(it.value));
        let known: FxHashSet<Key> = known.collect();
        let mut found = Vec::new();
        let mut open: Vec<NodeRef<'d>> = document.root().into_iter().collect();
        while let Some(node) = open.pop() {
            let text = node.as_str().filter(|_| node.key() == Some("$ref"));
            if let Some(pointer) = text.and_then(|text| text.strip_prefix('#'))
                && !known.contains(&self.key(node))
                && let Some(target) = document.at(pointer).and_then(|it| self.component(it))
                && self.component(node) != Some(target)
            {
                found.push(self.key(target));
            }
            let children = node.entries().map(|entry| entry.value).chain(node.items());
            open.extend(children.filter(|child| child.parent() == Some(node)));
        }
        found
    }

    fn add(&mut self, place: NodeRef<'d>, target: NodeRef<'d>) {
        let Some(target) = self.component(target).map(|it| self.key(it)) else { return };
        match self.component(place).map(|it| self.key(it)) {
            Some(place) => self.from.entry(place).or_default().push(target),
            None => self.reached.push(target),
        }
    }

    /// A schema that has another with a discriminator in its `allOf` is used where that one is.
    fn add_children(&mut self) {
        let references = self.cx.walk.references().iter();
        let in_all_of = references.filter(|it| {
            let list = it.node.parent().filter(|list| list.key() == Some("allOf"));
            it.kind == Object::Schema && list.is_some()
        });
        for reference in in_all_of {
            let Target::Node(parent) = reference.target else { continue };
            if parent.get("discriminator").is_none() {
                continue;
            }
            let child = self.component(reference.node).map(|it| self.key(it));
            let parent = self.component(parent).map(|it| self.key(it));
            if let (Some(parent), Some(child)) = (parent, child) {
                self.from.entry(parent).or_default().push(child);
            }
        }
    }

    /// Security schemes, and what `operationRef` and the like name in words.
    fn add_security(&mut self) {
        let Some(schemes) = self.components.get("securitySchemes") else { return };
        let by_name: FxHashMap<&str, Key> =
            schemes.entries().map(|entry| (entry.key, self.key(entry.value))).collect();
        let requirements = self.cx.walk.visits(Object::SecurityRequirement).iter();
        for requirement in requirements {
            let names = requirement.node.entries().map(|entry| entry.key);
            self.reached.extend(names.filter_map(|name| by_name.get(name)));
        }
    }
}
