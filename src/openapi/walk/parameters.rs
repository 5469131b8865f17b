//! Parameters against each other and against the path template.
//!
//! * **Source.** OpenAPI 3.1.1, sections 4.2.3 (Path Templating), 4.8.9, 4.8.10 and 4.8.12;
//!   OpenAPI 3.2.0, section 4.12.1 (`querystring`).

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::{NodeId, NodeRef, Value, edit},
    finding::{At, Draft, PatchOperation, Safety},
    openapi::{nearest::nearest, tables::Kind, version::Version},
};

use super::{
    Walk,
    operations::{Operation, Parameter, PathEntry, Surface, list},
    problems::Problems,
    subject::shown,
};

/// Reports what is wrong with the parameters of operations and path items.
pub(super) fn check<'d>(walk: &Walk<'d>, problems: &mut Problems<'d>) {
    for kind in [Kind::PathItem, Kind::Operation] {
        for visit in walk.visits(kind) {
            let mut parameters = Vec::new();
            list(walk, visit.node, &mut parameters);
            check_duplicates(&parameters, problems);
            if version(walk, visit.node) == Version::V32 {
                check_querystring(&parameters, &[], problems);
            }
        }
    }
    for operation in walk.operations() {
        if version(walk, operation.node) == Version::V32 && !operation.inherited.is_empty() {
            check_querystring(&operation.own, &operation.inherited, problems);
        }
    }
    let used = used(walk);
    for visit in walk.visits(Kind::Parameter) {
        // The Initiative's own documents leave it out where `content` serializes a component.
        let optional = visit.node.get("content").is_some() && !used.contains(&walk.key(visit.node));
        if !optional {
            check_required(visit.node, problems);
        }
    }
    let mut templates = Templates { walk, problems, unused: FxHashSet::default() };
    for entry in walk.paths().iter().filter(|entry| entry.surface == Surface::Path) {
        templates.check(entry);
    }
}

/// The parameters that an operation or path item lists.
fn used(walk: &Walk<'_>) -> FxHashSet<(usize, NodeId)> {
    let inherited = walk.paths().iter().flat_map(|entry| entry.parameters.iter());
    let own = walk.operations().iter().flat_map(|operation| operation.own.iter());
    inherited.chain(own).map(|parameter| walk.key(parameter.node)).collect()
}

fn version(walk: &Walk<'_>, node: NodeRef<'_>) -> Version {
    walk.description.version_of(walk.description.slot(node))
}

fn check_duplicates<'d>(parameters: &[Parameter<'d>], problems: &mut Problems<'d>) {
    if parameters.len() < 2 {
        return;
    }
    let mut first: FxHashMap<(&str, &str), NodeRef<'d>> = FxHashMap::default();
    for parameter in parameters {
        let Some(earlier) = first.get(&(parameter.location, parameter.name)) else {
            first.insert((parameter.location, parameter.name), parameter.listed);
            continue;
        };
        problems.add("duplicate-parameter", || {
            let Parameter { location, name, listed, .. } = parameter;
            let message = format!("the {location} parameter `{}` is listed twice", shown(name));
            Draft::new("duplicate-parameter", At::Value(*listed), message)
                .fact(format!("{location} {name}"))
                .named_by(listed.parent().unwrap_or(*listed))
                .related(At::Value(*earlier), "first listed here")
        });
    }
}

/// `querystring` takes the whole query: it stands once, and no `query` beside it.
/// With `inherited`, only of a pair across both: each list is checked by itself.
fn check_querystring<'d>(
    own: &[Parameter<'d>],
    inherited: &[Parameter<'d>],
    problems: &mut Problems<'d>,
) {
    let all = || {
        let inherited = inherited.iter().map(|it| (false, it));
        inherited.chain(own.iter().map(|it| (true, it)))
    };
    let Some((from_own, whole)) = all().find(|(_, it)| it.location == "querystring") else {
        return;
    };
    if !from_own && own.iter().any(|it| (it.location, it.name) == (whole.location, whole.name)) {
        return;
    }
    let conflict = all().find(|(is_own, it)| {
        matches!(it.location, "query" | "querystring")
            && it.listed != whole.listed
            && (inherited.is_empty() || *is_own != from_own)
    });
    let Some((_, conflict)) = conflict else { return };
    problems.add("exclusive-parameters", || {
        let message = format!(
            "`{}` takes the whole query string, so the {} parameter `{}` has no place",
            shown(whole.name),
            conflict.location,
            shown(conflict.name)
        );
        Draft::new("exclusive-parameters", At::Value(conflict.listed), message)
            .fact(whole.name)
            .related(At::Value(whole.listed), "this takes the whole query string")
    });
}

fn check_required<'d>(node: NodeRef<'d>, problems: &mut Problems<'d>) {
    if node.get("in").and_then(NodeRef::as_str) != Some("path") {
        return;
    }
    let required = node.get("required");
    let at = match required {
        None => At::Key(node),
        Some(value) if value.as_bool() == Some(false) => At::Value(value),
        Some(_) => return,
    };
    problems.add("path-parameter-not-required", || {
        let name = node.get("name").and_then(NodeRef::as_str).unwrap_or_default();
        let message = format!("the path parameter `{}` must be `required: true`", shown(name));
        let draft = Draft::new("path-parameter-not-required", at, message).expected(true);
        let value = Value::from(true);
        let (edit, patch) = if let Some(found) = required {
            let patch = PatchOperation::replace(found.pointer(), true);
            (edit::replace(found, &value), patch)
        } else {
            let path = format!("{}/required", node.pointer());
            (edit::insert_last(node, "required", &value), PatchOperation::add(path, true))
        };
        match edit {
            Some(edit) => draft.fix(Safety::Safe, [edit], [patch]),
            None => draft,
        }
    });
}

/// How many undeclared names of one path are findings of their own.
const OF_ONE_PATH_MAX: usize = 20;

/// Among how many unused parameters the one that was meant is looked for.
const CANDIDATES_MAX: usize = 16;

struct Templates<'w, 'd> {
    walk: &'w Walk<'d>,
    problems: &'w mut Problems<'d>,
    /// Listed parameters that were reported, so that a shared path item speaks once.
    unused: FxHashSet<(usize, NodeId)>,
}

impl<'d> Templates<'_, 'd> {
    fn check(&mut self, entry: &PathEntry<'d>) {
        // Access control may leave a path item empty; then nothing uses its parameters.
        if entry.operations.is_empty() {
            return;
        }
        let names = template_names(entry.path);
        let operations = self.walk.operations().get(entry.operations.clone()).unwrap_or_default();
        let known: FxHashSet<&str> = names.iter().copied().collect();
        let inherited: FxHashSet<&str> = path_names(&entry.parameters).collect();
        let own: Vec<(&Operation<'d>, FxHashSet<&str>)> =
            operations.iter().map(|it| (it, path_names(&it.own).collect())).collect();
        let lists = operations.iter().map(|it| it.own.as_slice()).chain([&*entry.parameters]);
        let mut unused: Vec<Parameter<'d>> = lists
            .flatten()
            .filter(|it| it.location == "path" && !known.contains(it.name))
            .copied()
            .collect();
        let mut checked: FxHashSet<&str> = FxHashSet::default();
        let mut reported = 0;
        for name in names {
            if reported < OF_ONE_PATH_MAX && !inherited.contains(name) && checked.insert(name) {
                reported += usize::from(self.check_name(entry, &own, name, &mut unused));
            }
        }
        for parameter in unused {
            if self.unused.insert(self.walk.key(parameter.listed)) {
                self.report_unused(entry, &parameter);
            }
        }
    }

    /// Reports a template expression that its path item does not declare for all operations;
    /// returns whether it did.
    fn check_name(
        &mut self,
        entry: &PathEntry<'d>,
        operations: &[(&Operation<'d>, FxHashSet<&str>)],
        name: &'d str,
        unused: &mut Vec<Parameter<'d>>,
    ) -> bool {
        let lacking: Vec<_> = operations
            .iter()
            .filter(|(operation, own)| operation.complete && !own.contains(name))
            .map(|(operation, _)| *operation)
            .collect();
        if lacking.is_empty() {
            return false;
        }
        // A parameter of almost the same name is the same fault.
        let written = meant(name, unused);
        unused.retain(|it| written.is_none_or(|written| written.name != it.name));
        if lacking.len() == operations.len() {
            let message = format!(
                "no operation of `{}` declares the path parameter `{}`",
                shown(entry.path),
                shown(name)
            );
            self.report_undeclared(At::Key(entry.node), message, name, written);
            return true;
        }
        for operation in lacking {
            let message = format!(
                "`{}` does not declare the path parameter `{}`",
                shown(&operation.title()),
                shown(name)
            );
            self.report_undeclared(At::Key(operation.node), message, name, written);
        }
        true
    }

    fn report_undeclared(
        &mut self,
        at: At<'d>,
        message: String,
        name: &str,
        written: Option<Parameter<'d>>,
    ) {
        self.problems.add("undeclared-path-parameter", || {
            let draft = Draft::new("undeclared-path-parameter", at, message).fact(name);
            match written {
                Some(parameter) => {
                    let help = format!("did you mean `{}`?", shown(parameter.name));
                    draft
                        .help(help)
                        .related(At::Value(parameter.listed), "this one is not in the path")
                }
                None => draft,
            }
        });
    }

    fn report_unused(&mut self, entry: &PathEntry<'d>, parameter: &Parameter<'d>) {
        self.problems.add("unused-path-parameter", || {
            let name = parameter.name;
            let message = format!(
                "`{}` has no `{{{}}}` for this path parameter",
                shown(entry.path),
                shown(name)
            );
            let at = parameter.listed.get("name").unwrap_or(parameter.listed);
            Draft::new("unused-path-parameter", At::Value(at), message)
                .fact(name)
                .related(At::Key(entry.node), "the path")
        });
    }
}

/// The unused parameter that was probably meant by the name in a path.
fn meant<'d>(name: &str, unused: &[Parameter<'d>]) -> Option<Parameter<'d>> {
    if unused.len() > CANDIDATES_MAX {
        return None;
    }
    let names: BTreeSet<&str> = unused.iter().map(|it| it.name).collect();
    let meant = nearest(name, names)?;
    unused.iter().find(|it| it.name == meant).copied()
}

fn path_names<'p, 'd: 'p>(parameters: &'p [Parameter<'d>]) -> impl Iterator<Item = &'d str> + 'p {
    parameters.iter().filter(|it| it.location == "path").map(|it| it.name)
}

/// The names between braces, in their order.
pub(super) fn template_names(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}
