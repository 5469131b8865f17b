//! References that lead nowhere, to the wrong kind of object, or to what is not read.
//!
//! One fault of one reference is one finding, however often the reference is written.

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeRef, Value, edit, pointer},
    finding::{At, Draft, PatchOperation, Safety},
    openapi::{
        description::{State, state_of},
        nearest::nearest,
        resolve::Target,
        tables::{self, Kind, Role, Shape},
        version::Version,
    },
};

use super::{
    Reference,
    mapping::component_schemas,
    subject::{key_of, listed, shown, what_it_is},
    walker::{Task, Walker},
};

/// How many further places a finding names.
const RELATED_MAX: usize = 8;

/// What a fault of a reference is told by: the document, the rule and what it is about.
type Cause<'d> = (usize, &'static str, String);

impl<'d> Walker<'d> {
    /// Says what is wrong with the references, each cause once.
    pub(super) fn check_references(&mut self) {
        let references = std::mem::take(&mut self.references);
        let mut drafts: Vec<Draft<'d>> = Vec::new();
        let mut known: FxHashMap<Cause<'d>, usize> = FxHashMap::default();
        let mappings = std::mem::take(&mut self.mappings);
        for reference in references.iter().chain(&mappings) {
            let Some((rule, about)) = self.fault(reference) else { continue };
            let cause = (self.description.slot(reference.node), rule, about);
            let earlier = known.get(&cause).and_then(|at| drafts.get_mut(*at));
            if let Some(draft) = earlier {
                if draft.related.len() < RELATED_MAX {
                    draft.related.push((At::Value(reference.value), "here as well".to_owned()));
                }
                continue;
            }
            let admitted = !known.contains_key(&cause) && self.problems.admits(rule);
            if admitted {
                drafts.push(self.draft(rule, &cause.2, reference));
            }
            known.entry(cause).or_insert(if admitted { drafts.len() - 1 } else { usize::MAX });
        }
        for draft in drafts {
            self.problems.push(draft);
        }
        self.references = references;
        self.mappings = mappings;
    }

    /// The rule that a reference breaks, and what tells this fault from others.
    fn fault(&self, reference: &Reference<'d>) -> Option<(&'static str, String)> {
        let text = reference.value.as_str().unwrap_or_default();
        match &reference.target {
            Target::Broken => None,
            Target::Unread(uri, _) => Some(("unread-reference", uri.to_string())),
            Target::Node(node) => {
                self.misfit(*node, reference.kind)?;
                let about = format!("{text} {}", reference.kind.word());
                Some(("wrong-reference-kind", about))
            }
            // No text says MUST of a mapping; its discriminator value cannot be checked.
            _ if is_mapped(reference) => Some(("unresolved-mapping", text.to_owned())),
            _ => Some(("unresolved-reference", text.to_owned())),
        }
    }

    fn draft(&mut self, rule: &'static str, about: &str, reference: &Reference<'d>) -> Draft<'d> {
        let text = reference.value.as_str().unwrap_or_default();
        let mapped = is_mapped(reference);
        let shown_text = shown(text);
        let message = match &reference.target {
            Target::NoFile(_) if mapped => format!("`{shown_text}` names no schema"),
            Target::Missing { parent, step } => format!(
                "`{shown_text}` leads nowhere: {} has no `{}`",
                self.place_name(*parent),
                shown(step)
            ),
            Target::NoFile(_) => format!("`{shown_text}` leads nowhere: there is no such file"),
            Target::NoAnchor(_) => {
                format!("`{shown_text}` leads nowhere: no schema has this anchor")
            }
            Target::Invalid(why) => format!("`{shown_text}` is no reference: {why}"),
            Target::Unread(uri, error) => format!("`{}` is not read: {error}", shown(uri)),
            Target::Node(node) => {
                let found = self.misfit(*node, reference.kind).unwrap_or("something else");
                let needed = reference.kind.name();
                format!("`{shown_text}` must lead to {needed}, but leads to {found}")
            }
            Target::Broken => String::new(),
        };
        let draft = Draft::new(rule, At::Value(reference.value), message)
            .fact(about)
            .found(text)
            .named_by_fact();
        match &reference.target {
            Target::NoFile(_) if mapped => match component_schemas(self.description.entry()) {
                Some(schemas) => self.repaired(draft, reference, schemas, text),
                None => draft,
            },
            Target::Missing { parent, step } => self.repaired(draft, reference, *parent, step),
            Target::Node(node) => draft.related(At::Key(*node), "it leads here"),
            Target::NoFile(path) => draft.help(format!("looked for `{}`", shown(path))),
            _ => draft,
        }
    }

    /// Proposes the nearest name that exists.
    fn repaired(
        &mut self,
        draft: Draft<'d>,
        reference: &Reference<'d>,
        parent: NodeRef<'d>,
        step: &str,
    ) -> Draft<'d> {
        let text = reference.value.as_str().unwrap_or_default();
        if self.comparisons < parent.len() {
            return draft;
        }
        self.comparisons -= parent.len();
        let Some(name) = nearest(step, parent.entries().map(|entry| entry.key)) else {
            return draft;
        };
        let escaped = pointer::escape(step).into_owned();
        let whole = |before: &&str| before.is_empty() || before.ends_with('/');
        let meant = text.strip_suffix(escaped.as_str()).filter(whole);
        let Some(meant) = meant.map(|before| format!("{before}{}", pointer::escape(name))) else {
            return draft.help(format!("did you mean `{}`?", shown(name)));
        };
        let draft =
            draft.help(format!("did you mean `{}`?", shown(&meant))).expected(meant.as_str());
        let value = reference.value;
        let edit = edit::replace(value, &Value::from(meant.as_str()));
        let patch = [PatchOperation::replace(value.pointer(), meant)];
        draft.fix(Safety::NeedsReview, edit, patch)
    }

    fn place_name(&self, node: NodeRef<'d>) -> String {
        let pointer = node.pointer();
        let pointer = shown(&pointer);
        match (self.description.slot(node), pointer.as_ref()) {
            (0, "") => "the document".to_owned(),
            (0, pointer) => format!("`#{pointer}`"),
            (_, "") => format!("`{}`", shown(node.document().path())),
            (_, pointer) => format!("`{}#{pointer}`", shown(node.document().path())),
        }
    }

    /// What a node is, where that is not what a reference needs; nothing where it fits.
    pub(super) fn misfit(&self, node: NodeRef<'d>, kind: Kind) -> Option<&'static str> {
        let slot = self.description.slot(node);
        if let Some(used) = self.marks.used_as(slot, node.id()) {
            return (used != kind).then(|| used.name());
        }
        let boolean = kind == Kind::Schema
            && self.version(slot).has_json_schema()
            && node.as_bool().is_some();
        if !node.is_object() && !boolean {
            return Some(what_it_is(node));
        }
        match self.shape_at(node)? {
            Shape::Object(other, _) | Shape::Referable(other, _) => {
                (other != kind).then(|| other.name())
            }
            Shape::SchemaOrBool(_) => (kind != Kind::Schema).then(|| Kind::Schema.name()),
            Shape::Map(..) => Some("a map of objects"),
            _ => None,
        }
    }

    /// The shape that a node's own place gives it, in a whole OpenAPI document.
    fn shape_at(&self, node: NodeRef<'d>) -> Option<Shape> {
        if !matches!(state_of(node.document()), State::OpenApi(_)) {
            return None;
        }
        let version = self.version(self.description.slot(node));
        let mut steps: Vec<NodeRef<'d>> =
            std::iter::successors(Some(node), |node| node.parent()).collect();
        steps.pop()?;
        let mut shape = Shape::Object(Kind::OpenApi, Role::Root);
        while let Some(step) = steps.pop() {
            shape = match shape {
                Shape::Object(kind, _) | Shape::Referable(kind, _) => {
                    *tables::shape(kind, version, step.key()?)?
                }
                Shape::SchemaOrBool(_) => *tables::shape(Kind::Schema, version, step.key()?)?,
                Shape::Array(inner, _) | Shape::Map(_, inner) => *inner,
                _ => return None,
            };
        }
        Some(shape)
    }

    /// Says which fields beside a `$ref` have no effect.
    pub(super) fn check_siblings(&mut self, node: NodeRef<'d>, kind: Kind, version: Version) {
        let ignored = |key: &str| {
            tables::field(Kind::Reference, version, key).is_none() && !key.starts_with("x-")
        };
        let mut siblings = node.entries().filter(|entry| ignored(entry.key));
        let Some(first) = siblings.next() else { return };
        self.problems.add("reference-siblings", || {
            let names = node.entries().map(|entry| entry.key).filter(|key| ignored(key));
            let names: Vec<_> = names.collect();
            let have = if names.len() == 1 { "has" } else { "have" };
            let message = format!("beside `$ref`, {} {have} no effect", listed(names));
            let draft = Draft::new("reference-siblings", key_of(node, &first), message);
            if kind == Kind::Schema {
                return draft;
            }
            draft.help("move the fields to what the reference leads to, or write that in its place")
        });
    }

    /// Whether the keywords of a schema are those that we know; otherwise says so once.
    pub(super) fn knows_dialect(&mut self, task: Task<'d>) -> bool {
        let root = task.node.document().root();
        let own = task.node.get("$schema");
        let dialect = own.or_else(|| root?.get("jsonSchemaDialect"));
        let Some(value) = dialect else { return true };
        let Some(uri) = value.as_str() else { return true };
        if is_known_dialect(uri) {
            return true;
        }
        if self.dialects.insert((task.slot, uri)) {
            self.problems.add("unknown-dialect", || {
                let message = format!("schemas of the dialect `{}` are not checked", shown(uri));
                Draft::new("unknown-dialect", At::Value(value), message).fact(uri).named_by_fact()
            });
        }
        false
    }
}

/// Whether a reference is a value of a discriminator's mapping.
fn is_mapped(reference: &Reference<'_>) -> bool {
    reference.kind == Kind::Schema && reference.value.parent() != Some(reference.node)
        || reference.value.key() == Some("defaultMapping")
}

/// JSON Schema 2020-12, and what OpenAPI makes of it.
fn is_known_dialect(uri: &str) -> bool {
    let uri = uri.trim_end_matches('#');
    uri == "https://json-schema.org/draft/2020-12/schema"
        || ["3.1", "3.2"].iter().any(|version| {
            let rest = uri.strip_prefix("https://spec.openapis.org/oas/");
            rest.is_some_and(|it| it.starts_with(&format!("{version}/dialect/")))
        })
}
