//! Paths that one request could mean both of.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.8: concrete paths match before templated ones,
//!   templated paths with the same hierarchy are identical, and anything else that matches twice
//!   is ambiguous. What is matched is the URL: the method is looked for in the path item that it
//!   leads to, so paths of different methods are ambiguous as well.
//!
//! A tree of segments finds the candidates; work is bounded, and what is left over is said aloud.

mod compare;
mod segment;
mod tree;
mod value;

use rustc_hash::FxHashMap;

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft, Tally},
    openapi::{PathEntry, Surface},
};

use crate::verify::{context::Context, sink::Sink};

use super::alike;
use compare::{Comparer, Meeting};
use segment::{Segment, segments};
use tree::Tree;

/// How many paths one finding names.
const RELATED_MAX: usize = 5;

/// Reports identical and ambiguous paths.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, coverage: &mut Coverage) {
    let mut search = Search {
        comparer: Comparer { walk: cx.walk, steps: cx.path_steps },
        tree: Tree::default(),
        routes: Vec::new(),
    };
    let mut left_over = Vec::new();
    for route in distinct(cx, sink) {
        match search.conflicts(&route) {
            Some(conflicts) => report(&route, &conflicts, sink),
            None => left_over.push(route.entry.node),
        }
        search.tree.insert(&route.segments, search.routes.len());
        search.routes.push(route);
    }
    let undecided = left_over.len();
    if let Some(node) = left_over.first() {
        let were = if undecided == 1 { "1 path was" } else { &format!("{undecided} paths were") };
        let message = format!("{were} not compared with all others: there are too many");
        sink.push(Draft::new("undecided-paths", At::Key(*node), message).named_by_fact());
    }
    let checked = search.routes.len() - undecided;
    coverage.add("paths", Tally { checked, undecided });
}

/// The paths that differ in more than the names of parameters, in an order that does not depend
/// on the document; those that do not are reported.
fn distinct<'c, 'd>(cx: &Context<'c, 'd>, sink: &mut Sink<'_, 'd>) -> Vec<Route<'c, 'd>> {
    let mut shapes: FxHashMap<String, usize> = FxHashMap::default();
    let mut classes: Vec<Vec<Route<'c, 'd>>> = Vec::new();
    for entry in cx.walk.paths().iter().filter(|it| it.surface == Surface::Path) {
        let Some(segments) = segments(entry.path) else { continue };
        let shape = segments.iter().map(|segment| format!("/{}", segment.shape())).collect();
        let next = classes.len();
        let place = *shapes.entry(shape).or_insert(next);
        if place == next {
            classes.push(Vec::new());
        }
        classes.get_mut(place).into_iter().for_each(|class| {
            class.push(Route { entry, segments: segments.clone() });
        });
    }
    for class in classes.iter().filter(|class| class.len() > 1) {
        let nodes: Vec<_> = class.iter().map(|route| route.entry.node).collect();
        let Some((first, rest)) = class.split_first() else { continue };
        for (route, names) in rest.iter().zip(alike::names(&nodes)) {
            sink.push(identical(first, route).named_by(names));
        }
    }
    let least = |class: Vec<Route<'c, 'd>>| class.into_iter().min_by_key(|it| it.entry.path);
    let mut routes: Vec<_> = classes.into_iter().filter_map(least).collect();
    routes.sort_by_key(|route| route.entry.path);
    routes
}

/// One path, taken apart.
struct Route<'c, 'd> {
    entry: &'c PathEntry<'d>,
    segments: Vec<Segment<'d>>,
}

/// Another path that a request could mean as well.
struct Conflict<'d> {
    node: NodeRef<'d>,
    path: &'d str,
    meeting: Meeting,
}

struct Search<'c, 'd> {
    comparer: Comparer<'c, 'd>,
    tree: Tree<'d>,
    routes: Vec<Route<'c, 'd>>,
}

impl<'c, 'd> Search<'c, 'd> {
    /// The earlier paths that are ambiguous with this one, or may be; nothing where the budget is
    /// spent.
    fn conflicts(&mut self, route: &Route<'c, 'd>) -> Option<Vec<Conflict<'d>>> {
        let candidates = self.tree.candidates(&route.segments, &mut self.comparer.steps)?;
        let mut conflicts = Vec::new();
        for at in candidates {
            let Some(other) = self.routes.get(at) else { continue };
            let meeting = self.comparer.compare(route, other)?;
            if !matches!(meeting, Meeting::Never) {
                let (node, path) = (other.entry.node, other.entry.path);
                conflicts.push(Conflict { node, path, meeting });
            }
        }
        Some(conflicts)
    }
}

fn identical<'d>(earlier: &Route<'_, 'd>, route: &Route<'_, 'd>) -> Draft<'d> {
    let (path, first) = (route.entry.path, earlier.entry.path);
    let message =
        format!("`{path}` and `{first}` are the same path but for the names of their parameters");
    Draft::new("identical-paths", At::Key(route.entry.node), message)
        .related(At::Key(earlier.entry.node), "the other stands here")
}

/// Reports what a path has in common with others: one finding for each kind of truth.
fn report<'d>(route: &Route<'_, 'd>, conflicts: &[Conflict<'d>], sink: &mut Sink<'_, 'd>) {
    let (mut same, mut apart, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for conflict in conflicts {
        match &conflict.meeting {
            Meeting::At(request) if request.lacks.is_none() => same.push((conflict, request)),
            Meeting::At(request) => apart.push((conflict, request)),
            Meeting::Unknown => open.push(conflict),
            Meeting::Never => {}
        }
    }
    let path = route.entry.path;
    if let Some((first, request)) = same.first() {
        let message = format!(
            "`{}` could mean `{path}` as well as `{}`{}",
            request.line,
            first.path,
            others(same.len())
        );
        let draft = finding("ambiguous-paths", route, message, same.iter().map(|it| it.0));
        sink.push(draft.witness(request.line.as_str()));
    }
    if let Some((first, request)) = apart.first() {
        let message = format!(
            "`{}` of `{path}` matches `{}` too, which has no `{}`{}",
            request.line,
            first.path,
            request.lacks.as_deref().unwrap_or_default(),
            others(apart.len())
        );
        let draft =
            finding("paths-told-apart-by-method", route, message, apart.iter().map(|it| it.0));
        sink.push(draft.witness(request.line.as_str()));
    }
    // A path that must change anyway is compared again when it has.
    if let Some(first) = open.first().filter(|_| same.is_empty()) {
        let message = format!(
            "whether one request matches both `{path}` and `{}`{} depends on the values of their \
             parameters",
            first.path,
            others(open.len())
        );
        let draft = finding("undecided-paths", route, message, open.iter().copied());
        sink.push(draft.fact("values"));
    }
}

fn others(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => ", and 1 path more".to_owned(),
        more => format!(", and {} paths more", more - 1),
    }
}

fn finding<'c, 'd: 'c>(
    rule: &'static str,
    route: &Route<'_, 'd>,
    message: String,
    conflicts: impl Iterator<Item = &'c Conflict<'d>>,
) -> Draft<'d> {
    let mut draft = Draft::new(rule, At::Key(route.entry.node), message);
    for conflict in conflicts.take(RELATED_MAX) {
        draft = draft.related(At::Key(conflict.node), format!("`{}` is the other", conflict.path));
    }
    draft
}
