//! Links to operations, the parameters that they fill in, and their expressions.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.20 (Link Object): `operationId` is the name of an
//!   existing, resolvable operation, `operationRef` points to an Operation Object, and the keys of
//!   `parameters` are names of its parameters.

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeId, NodeRef, Value, edit},
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Operation, is_expression, nearest, percent_decode},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports links that lead to no operation, or fill in what it does not have.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let links = cx.walk.visits(Object::Link);
    if links.is_empty() {
        return;
    }
    let known = Known::of(cx);
    for visit in links {
        let operation = known.operation(cx, visit.node, sink);
        for entry in visit.node.get("parameters").into_iter().flat_map(NodeRef::entries) {
            if let Some(operation) = operation {
                check_parameter(operation, entry.key, entry.value, sink);
            }
            check_expression(entry.value, sink);
        }
        if let Some(body) = visit.node.get("requestBody") {
            check_expression(body, sink);
        }
    }
}

/// The operations that a link can lead to.
struct Known<'c, 'd> {
    by_id: FxHashMap<&'d str, &'c Operation<'d>>,
    by_node: FxHashMap<(usize, NodeId), &'c Operation<'d>>,
    /// Whether every path could be read.
    complete: bool,
}

impl<'c, 'd> Known<'c, 'd> {
    fn of(cx: &Context<'c, 'd>) -> Self {
        let mut by_id = FxHashMap::default();
        let mut by_node = FxHashMap::default();
        for operation in cx.walk.operations() {
            let slot = cx.walk.description().slot(operation.node);
            by_node.entry((slot, operation.node.id())).or_insert(operation);
            if let Some(id) = operation.node.get("operationId").and_then(NodeRef::as_str) {
                by_id.entry(id).or_insert(operation);
            }
        }
        let complete = cx.walk.paths().iter().all(|entry| entry.complete);
        Self { by_id, by_node, complete }
    }

    /// The operation that a link leads to; says so where there is none.
    fn operation(
        &self,
        cx: &Context<'c, 'd>,
        link: NodeRef<'d>,
        sink: &mut Sink<'_, 'd>,
    ) -> Option<&'c Operation<'d>> {
        if let Some(node) = link.get("operationId") {
            let id = node.as_str()?;
            let found = self.by_id.get(id).copied();
            if found.is_none() && self.complete {
                sink.push(self.unresolved(node, id));
            }
            return found;
        }
        let node = link.get("operationRef")?;
        let path = node.as_str()?.strip_prefix('#')?;
        let target = percent_decode(path).and_then(|it| node.document().at(&it));
        let slot = cx.walk.description().slot(node);
        let found = target.and_then(|it| self.by_node.get(&(slot, it.id())).copied());
        if found.is_none() {
            let message = format!("`#{path}` leads to no operation");
            sink.push(Draft::new("unresolved-link", At::Value(node), message).fact(path));
        }
        found
    }

    fn unresolved(&self, node: NodeRef<'d>, id: &'d str) -> Draft<'d> {
        let message = format!("there is no operation `{id}`");
        let draft = Draft::new("unresolved-link", At::Value(node), message).fact(id);
        let mut names: Vec<_> = self.by_id.keys().copied().collect();
        names.sort_unstable();
        let Some(meant) = nearest(id, names) else { return draft };
        let draft = draft.help(format!("did you mean `{meant}`?")).expected(meant);
        let patch = [PatchOperation::replace(node.pointer(), meant)];
        draft.fix(Safety::NeedsReview, edit::replace(node, &Value::from(meant)), patch)
    }
}

fn check_parameter<'d>(
    operation: &Operation<'d>,
    key: &'d str,
    value: NodeRef<'d>,
    sink: &mut Sink<'_, 'd>,
) {
    let parameters = operation.parameters();
    // A name may itself begin with `path.`.
    let fits = |it: &&crate::openapi::Parameter<'_>| {
        it.name == key
            || key
                .split_once('.')
                .is_some_and(|(place, name)| place == it.location && name == it.name)
    };
    if !operation.complete || parameters.iter().any(|it| fits(&it)) {
        return;
    }
    let message = format!("`{}` has no parameter `{key}`", operation.title());
    let draft = Draft::new("unknown-link-parameter", At::Key(value), message)
        .fact(key)
        .related(At::Key(operation.node), "the operation that the link leads to");
    let draft = match nearest(key, parameters.iter().map(|it| it.name)) {
        Some(meant) => draft.help(format!("did you mean `{meant}`?")).expected(meant),
        None => draft,
    };
    sink.push(draft);
}

/// A value that begins as an expression does, but is none.
fn check_expression<'d>(value: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let Some(text) = value.as_str() else { return };
    let begins = ["$request", "$response", "$url", "$method", "$status", "$req", "$res"];
    if is_expression(text) || !begins.iter().any(|it| text.starts_with(it)) {
        return;
    }
    let message = format!("`{text}` is no runtime expression, so it is sent as it stands");
    sink.push(Draft::new("malformed-expression", At::Value(value), message).fact(text));
}
