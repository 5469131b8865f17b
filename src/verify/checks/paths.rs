//! Paths that one request could mean both of.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.8: concrete paths match before templated ones,
//!   templated paths with the same hierarchy are identical, and anything else that matches twice
//!   is ambiguous.
//!
//! A tree of segments finds the candidates; work is bounded, and what is left over is said aloud.

mod segment;
mod tree;
mod value;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft, Tally},
    openapi::{PathEntry, Surface},
};

use crate::verify::{context::Context, sink::Sink};

use segment::{Segment, segments};
use tree::Tree;

/// How many paths one finding names.
const RELATED_MAX: usize = 5;

/// Reports identical and ambiguous paths.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, coverage: &mut Coverage) {
    let steps = cx.path_steps;
    let mut search = Search { cx, tree: Tree::default(), routes: Vec::new(), steps };
    let mut shapes: FxHashMap<String, usize> = FxHashMap::default();
    let mut undecided = 0;
    let mut first_undecided = None;
    for entry in cx.walk.paths().iter().filter(|it| it.surface == Surface::Path) {
        let Some(segments) = segments(entry.path) else { continue };
        let shape: String =
            segments.iter().map(|segment| format!("/{}", segment.shape())).collect();
        let route = Route { entry, segments };
        if let Some(earlier) = shapes.get(&shape).and_then(|at| search.routes.get(*at)) {
            sink.push(identical(earlier, &route));
            continue;
        }
        let conflicts = search.conflicts(&route);
        if conflicts.is_none() {
            undecided += 1;
            first_undecided.get_or_insert(entry.node);
        }
        if let Some([first, rest @ ..]) = conflicts.as_deref() {
            sink.push(ambiguous(&route, first, rest));
        }
        shapes.insert(shape, search.routes.len());
        search.tree.insert(&route.segments, search.routes.len());
        search.routes.push(route);
    }
    if let Some(node) = first_undecided {
        let were = if undecided == 1 { "1 path was" } else { &format!("{undecided} paths were") };
        let message = format!("{were} not compared with all others: there are too many");
        sink.push(Draft::new("undecided-paths", At::Key(node), message));
    }
    let checked = search.routes.len() - undecided;
    coverage.add("paths", Tally { checked, undecided });
}

/// One path, taken apart.
struct Route<'c, 'd> {
    entry: &'c PathEntry<'d>,
    segments: Vec<Segment<'d>>,
}

/// Another path that a request could mean as well, and such a request.
struct Conflict<'d> {
    node: NodeRef<'d>,
    path: &'d str,
    witness: String,
}

struct Search<'c, 'd> {
    cx: &'c Context<'c, 'd>,
    tree: Tree<'d>,
    routes: Vec<Route<'c, 'd>>,
    steps: usize,
}

impl<'d> Search<'_, 'd> {
    /// The earlier paths that are ambiguous with this one; nothing where the budget is spent.
    fn conflicts(&mut self, route: &Route<'_, 'd>) -> Option<Vec<Conflict<'d>>> {
        let candidates = self.tree.candidates(&route.segments, &mut self.steps)?;
        let mut conflicts = Vec::new();
        for at in candidates {
            let Some(other) = self.routes.get(at) else { continue };
            if let Some(witness) = self.witness(route, other) {
                conflicts.push(Conflict {
                    node: other.entry.node,
                    path: other.entry.path,
                    witness,
                });
            }
        }
        Some(conflicts)
    }

    /// A request that both paths match, where neither comes first.
    fn witness(&self, one: &Route<'_, 'd>, other: &Route<'_, 'd>) -> Option<String> {
        let methods = |entry: &PathEntry<'d>| {
            let operations = self.cx.walk.operations().get(entry.operations.clone());
            operations.unwrap_or_default().iter().map(|it| it.method).collect::<Vec<_>>()
        };
        let known: FxHashSet<_> = methods(other.entry).into_iter().collect();
        let mut shared = methods(one.entry).into_iter().filter(|method| known.contains(method));
        shared.find_map(|method| {
            let path = self.common(one, other, method)?;
            Some(format!("{} {path}", method.to_ascii_uppercase()))
        })
    }

    /// A path that both templates match, where neither comes first.
    fn common(&self, one: &Route<'_, 'd>, other: &Route<'_, 'd>, method: &str) -> Option<String> {
        let (mut one_first, mut other_first) = (false, false);
        let mut path = String::new();
        for (left, right) in one.segments.iter().zip(&other.segments) {
            let ours = || self.schema(one.entry, left, method);
            let theirs = || self.schema(other.entry, right, method);
            let fits = |schema: Option<NodeRef<'d>>, text| {
                schema.is_none_or(|schema| value::accepts(schema, text))
            };
            let mut text = left.common(right)?;
            match (left, right) {
                (Segment::Literal(_), Segment::Literal(_)) => {}
                (Segment::Literal(literal), _) => {
                    one_first = true;
                    fits(theirs(), literal).then_some(())?;
                }
                (_, Segment::Literal(literal)) => {
                    other_first = true;
                    fits(ours(), literal).then_some(())?;
                }
                (Segment::Template(_), Segment::Template(_)) => {
                    value::common(ours(), theirs())?.clone_into(&mut text);
                }
                _ => {}
            }
            path.push('/');
            path.push_str(&text);
        }
        (one_first && other_first).then_some(path)
    }

    /// The schema of a template's parameter in the operation of a method.
    fn schema(
        &self,
        entry: &PathEntry<'d>,
        segment: &Segment<'d>,
        method: &str,
    ) -> Option<NodeRef<'d>> {
        let name = segment.parameter()?;
        let operations = self.cx.walk.operations().get(entry.operations.clone())?;
        let operation = operations.iter().find(|it| it.method == method)?;
        let parameters = operation.parameters();
        let found = parameters.iter().find(|it| it.location == "path" && it.name == name)?;
        self.cx.walk.resolve(found.node.get("schema")?)
    }
}

fn identical<'d>(earlier: &Route<'_, 'd>, route: &Route<'_, 'd>) -> Draft<'d> {
    let (path, first) = (route.entry.path, earlier.entry.path);
    let message =
        format!("`{path}` and `{first}` are the same path but for the names of their parameters");
    Draft::new("identical-paths", At::Key(route.entry.node), message)
        .fact(first)
        .related(At::Key(earlier.entry.node), "the other stands here")
}

fn ambiguous<'d>(route: &Route<'_, 'd>, first: &Conflict<'d>, rest: &[Conflict<'d>]) -> Draft<'d> {
    let path = route.entry.path;
    let others = match rest.len() {
        0 => String::new(),
        more => format!(", and {more} paths more"),
    };
    let message =
        format!("`{}` could mean `{path}` as well as `{}`{others}", first.witness, first.path);
    let mut draft = Draft::new("ambiguous-paths", At::Key(route.entry.node), message)
        .fact(first.path)
        .witness(first.witness.as_str());
    for conflict in [first].into_iter().chain(rest).take(RELATED_MAX) {
        draft = draft.related(At::Key(conflict.node), format!("`{}` is the other", conflict.path));
    }
    draft
}
