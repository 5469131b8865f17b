//! One object against its table.

use crate::{
    document::{Entry, NodeRef, edit},
    finding::{At, Draft, PatchOperation, Safety},
    openapi::{
        nearest::nearest,
        tables::{self, Kind, Role},
        version::Version,
    },
};

use super::{
    Visit, leftovers,
    marks::Entered,
    subject::{key_of, shown},
    walker::{Task, Walker},
};

/// In an object of more members than this, nobody looks for the name that was meant.
const MEMBERS_MAX: usize = 100;

impl<'d> Walker<'d> {
    pub(super) fn object(&mut self, task: Task<'d>, kind: Kind, role: Role) {
        let version = self.version(task.slot);
        if !task.node.is_object() {
            let boolean =
                kind == Kind::Schema && version.has_json_schema() && task.node.as_bool().is_some();
            if !boolean && !task.quiet {
                self.wrong_type(task.node, "an object");
            }
            return;
        }
        let directions = task.directions.inside(kind);
        let quiet = match self.marks.enter(task.slot, task.node.id(), kind, directions) {
            Entered::Known => return,
            Entered::Farther => true,
            Entered::First => false,
        };
        let task = Task { directions, quiet, ..task };
        if kind == Kind::Schema && version.has_json_schema() && !self.knows_dialect(task) {
            return;
        }
        if !quiet && let Some(visits) = self.visits.get_mut(kind as usize) {
            visits.push(Visit { node: task.node, kind, role, directions });
        }
        self.members(task, kind, version);
        if kind == Kind::Discriminator {
            self.mapping(task);
        }
        if kind == Kind::Schema && version.has_json_schema() {
            self.dynamic_reference(task);
        }
        if !quiet {
            self.check_missing(task.node, kind, version);
            self.check_constraints(task.node, kind, version);
        }
    }

    fn members(&mut self, task: Task<'d>, kind: Kind, version: Version) {
        let table = tables::table(kind, version);
        let before = self.stack.len();
        for entry in task.node.entries() {
            if entry.key == "$ref" && table.patterned.is_none() {
                self.reference_field(task, kind, version, &entry);
            } else if let Some(field) = tables::field(kind, version, entry.key) {
                self.child(task, field.shape, entry.value);
            } else if table.extensible && entry.key.starts_with("x-") {
                // An extension may be anything.
            } else if let Some((keys, shape)) = table.patterned {
                if !task.quiet {
                    self.key(task, keys, &entry);
                }
                self.child(task, shape, entry.value);
            } else if !task.quiet {
                self.unknown_field(task.node, kind, version, &entry);
            }
        }
        self.stack.get_mut(before..).unwrap_or_default().reverse();
    }

    /// A `$ref` in an object that may hold other fields beside it, or that may hold none at all.
    fn reference_field(&mut self, task: Task<'d>, kind: Kind, version: Version, entry: &Entry<'d>) {
        if tables::field(kind, version, "$ref").is_none() && !task.quiet {
            self.problems.add("unknown-field", || {
                let message = format!(
                    "`$ref` cannot stand in {} of OpenAPI {}",
                    kind.name(),
                    version.as_str()
                );
                Draft::new("unknown-field", key_of(task.node, entry), message)
                    .fact("$ref")
                    .help("write what it leads to in its place")
            });
            if entry.value.as_str().is_none() {
                return;
            }
        }
        self.follow(task, entry.value, kind);
    }

    fn check_missing(&mut self, node: NodeRef<'d>, kind: Kind, version: Version) {
        for field in tables::required(kind, version) {
            if node.get(field).is_none() {
                self.missing_field(node, field, kind, version);
            }
        }
    }

    fn missing_field(
        &mut self,
        node: NodeRef<'d>,
        field: &'static str,
        kind: Kind,
        version: Version,
    ) {
        if self.is_cut(node) {
            return;
        }
        // A misspelled name is one fault, not two.
        let misspelled = node.entries().any(|entry| {
            let unknown = tables::field(kind, version, entry.key).is_none();
            unknown && self.meant(node, kind, version, entry.key) == Some(field)
        });
        if misspelled {
            return;
        }
        self.problems.add("missing-field", || {
            let message = format!("{} must have `{field}`", kind.name());
            Draft::new("missing-field", At::Key(node), message).fact(field)
        });
    }

    fn unknown_field(
        &mut self,
        node: NodeRef<'d>,
        kind: Kind,
        version: Version,
        entry: &Entry<'d>,
    ) {
        let meant = self.meant(node, kind, version, entry.key);
        if kind == Kind::Schema && version.has_json_schema() {
            if let Some(meant) = meant.filter(|_| entry.key.len() > 2) {
                self.unknown_keyword(node, entry, meant);
            }
            return;
        }
        // The official schema of 3.2 takes this field, but no text names it.
        let named = (kind, entry.key) != (Kind::MediaType, "description");
        let elsewhere = Version::ALL
            .into_iter()
            .find(|other| named && tables::field(kind, *other, entry.key).is_some());
        self.problems.add("unknown-field", || {
            let at = key_of(node, entry);
            let name = kind.name();
            let version = version.as_str();
            let message = match elsewhere {
                Some(other) => format!(
                    "`{}` is no field of {name} in OpenAPI {version}; OpenAPI {} has it",
                    shown(entry.key),
                    other.as_str()
                ),
                None => format!("`{}` is no field of {name}", shown(entry.key)),
            };
            let draft = Draft::new("unknown-field", at, message).fact(entry.key);
            if let Some(advice) = leftovers::advice(kind, entry.key) {
                return draft.help(advice);
            }
            match meant {
                Some(meant) if elsewhere.is_none() => renamed(draft, entry, meant),
                _ => draft,
            }
        });
    }

    /// Whether a part of an object could not be read, so that what it lacks may stand there.
    pub(super) fn is_cut(&self, node: NodeRef<'d>) -> bool {
        let Some(cuts) = self.cuts.get(self.description.slot(node)) else { return false };
        let from = node.key_span().map_or(node.span().start, |key| key.start);
        let next = cuts.partition_point(|cut| *cut < from);
        cuts.get(next).is_some_and(|cut| *cut <= node.span().end)
    }

    /// The field that an unknown one probably means: one that the object does not have yet.
    fn meant(
        &mut self,
        node: NodeRef<'d>,
        kind: Kind,
        version: Version,
        name: &'d str,
    ) -> Option<&'static str> {
        if node.len() > MEMBERS_MAX {
            return None;
        }
        let known = self.meanings.get(&(kind, version, name)).copied();
        let meant = if let Some(known) = known {
            known
        } else {
            let names = tables::fields(kind, version).map(|field| field.name);
            let cost = names.clone().count();
            if self.comparisons < cost {
                return None;
            }
            self.comparisons -= cost;
            let meant = nearest(name, names);
            self.meanings.insert((kind, version, name), meant);
            meant
        };
        meant.filter(|meant| node.get(meant).is_none())
    }

    fn unknown_keyword(&mut self, node: NodeRef<'d>, entry: &Entry<'d>, meant: &'static str) {
        self.problems.add("unknown-schema-keyword", || {
            let message = format!(
                "`{}` is no keyword of JSON Schema, but `{meant}` is one",
                shown(entry.key)
            );
            let at = key_of(node, entry);
            let draft = Draft::new("unknown-schema-keyword", at, message).fact(entry.key);
            renamed(draft, entry, meant)
        });
    }
}

/// Adds the repair that renames a member.
fn renamed<'d>(draft: Draft<'d>, entry: &Entry<'d>, meant: &str) -> Draft<'d> {
    let from = entry.value.pointer();
    let to = entry.value.parent().map_or_else(String::new, NodeRef::pointer);
    let to = crate::document::pointer::join(&to, meant);
    let draft = draft.help(format!("did you mean `{meant}`?")).expected(meant);
    match edit::rename(entry.value, meant) {
        Some(edit) => draft.fix(Safety::NeedsReview, [edit], [PatchOperation::rename(from, to)]),
        None => draft,
    }
}
