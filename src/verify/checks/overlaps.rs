//! Branches of `oneOf` that one value fits at once: `oneOf` then allows neither.
//!
//! A value is guessed for each two branches, and judged; only one that the judge confirms is told.
//!
//! * **Source.** JSON Schema 2020-12 core, section 10.2.1.3; OpenAPI 3.1.1, section 4.8.25 (a
//!   discriminator says which branch is meant).

use std::cell::Cell;

use crate::{
    document::{Document, Limits, NodeRef, Value},
    finding::{At, Coverage, Draft, Tally},
    openapi::{Kind as Object, Role},
    schema::{Evaluator, Options},
};

use crate::verify::{
    context::Context, kinds::Kinds, samples::Samples, schemas::Foreign, sink::Sink,
};

/// How many branches of one choice are compared.
const BRANCHES_MAX: usize = 24;
/// How many pairs of branches of all choices are compared.
const PAIRS_MAX: usize = 4_000;
/// How many applications of a schema all judgements may cost.
const STEPS: u64 = 2_000_000;

/// Reports each `oneOf` of which a value fits two branches.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, coverage: &mut Coverage) {
    let mut search = Search { cx, pairs: PAIRS_MAX, steps: Cell::new(STEPS) };
    let mut tally = Tally::default();
    for visit in cx.walk.visits(Object::Schema).iter().filter(|it| it.role != Role::Not) {
        let Some(choice) = visit.node.get("oneOf").filter(|it| it.len() > 1) else { continue };
        let discriminated = visit.node.get("discriminator").is_some();
        if discriminated {
            tally.checked += 1;
            continue;
        }
        match search.overlap(visit.node, choice) {
            Ok(Some(overlap)) => {
                tally.checked += 1;
                sink.push(report(choice, overlap));
            }
            Ok(None) => tally.checked += 1,
            Err(Spent) => tally.undecided += 1,
        }
    }
    if tally != Tally::default() {
        coverage.add("choices", tally);
    }
}

/// The budget is spent.
struct Spent;

/// Two branches and a value that fits both.
struct Overlap<'d> {
    one: NodeRef<'d>,
    other: NodeRef<'d>,
    value: Value,
}

struct Search<'x, 'c, 'd> {
    cx: &'x Context<'c, 'd>,
    pairs: usize,
    steps: Cell<u64>,
}

impl<'d> Search<'_, '_, 'd> {
    fn overlap(
        &mut self,
        holder: NodeRef<'d>,
        choice: NodeRef<'d>,
    ) -> Result<Option<Overlap<'d>>, Spent> {
        let branches: Vec<_> = choice.items().collect();
        if branches.len() > BRANCHES_MAX {
            return Err(Spent);
        }
        let kinds: Vec<_> = branches.iter().map(|it| self.kinds(*it)).collect();
        for (at, other) in branches.iter().enumerate() {
            for (one, kind) in branches.iter().zip(&kinds).take(at) {
                let theirs = kinds.get(at).copied().flatten();
                if kind.zip(theirs).is_some_and(|(one, other)| one.is_apart(other)) {
                    continue;
                }
                self.pairs = self.pairs.checked_sub(1).ok_or(Spent)?;
                let samples = Samples::new(self.cx).without(choice);
                let Some(value) = samples.minimal(&[holder, *one, *other]) else { continue };
                if self.confirms(&value, holder, choice, [*one, *other]) {
                    return Ok(Some(Overlap { one: *one, other: *other, value }));
                }
            }
        }
        Ok(None)
    }

    /// The types of a branch, where they are plain.
    fn kinds(&self, branch: NodeRef<'d>) -> Option<Kinds> {
        Kinds::of(self.cx.walk.resolve(branch)?)
    }

    /// Whether the choice refuses a value for fitting two of its branches, and nothing else does.
    fn confirms(
        &self,
        value: &Value,
        holder: NodeRef<'d>,
        choice: NodeRef<'d>,
        branches: [NodeRef<'d>; 2],
    ) -> bool {
        let text = value.to_json().into_bytes();
        let document = Document::parse("witness.json", text, &Limits::default());
        let Some(instance) = document.root() else { return false };
        let dialect = self.cx.schemas.dialect(holder);
        let references = Foreign(&self.cx.schemas);
        let evaluator = Evaluator::new(references, dialect, self.steps.get());
        let whole = evaluator.evaluate(instance, holder, Options::default());
        let alone = match whole.problems.as_slice() {
            [problem] => problem.keyword == "oneOf" && problem.schema == choice,
            _ => false,
        };
        let fits = |branch: NodeRef<'d>| {
            let found = evaluator.evaluate(instance, branch, Options::default());
            found.problems.is_empty() && found.undecided.is_empty()
        };
        let confirmed = alone && whole.undecided.is_empty() && branches.into_iter().all(fits);
        self.steps.set(evaluator.steps_left());
        confirmed
    }
}

fn report<'d>(choice: NodeRef<'d>, overlap: Overlap<'d>) -> Draft<'d> {
    let name = |branch: NodeRef<'d>| {
        let text = |key| branch.get(key).and_then(NodeRef::as_str);
        match (text("$ref"), text("title"), branch.index()) {
            (Some(name), ..) | (None, Some(name), _) => format!("`{name}`"),
            (None, None, index) => format!("number {}", index.unwrap_or_default() + 1),
        }
    };
    let Overlap { one, other, value } = overlap;
    let message = format!(
        "`{}` fits {} and {}, so `oneOf` refuses it",
        shortened(&value.to_json()),
        name(one),
        name(other)
    );
    Draft::new("overlapping-one-of", At::Key(choice), message)
        .witness(value)
        .related(At::Value(one), "it fits this")
        .related(At::Value(other), "and this")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
