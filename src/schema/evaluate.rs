//! The walk over schema and instance together.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{Kind, NodeId, NodeRef, Value, quote_double};

use super::{
    Dialect, Evaluation, Options, Pattern, PatternError, Problem, References, Target, Undecided,
    arrays, assertions, choices, discriminator, objects, seen::Seen,
};

/// How deep schemas apply schemas before nobody knows.
const DEPTH: usize = 256;

/// Whether an instance fits a schema, as far as one can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Yes,
        }
    }
}

/// Judges instances by the schemas of one description.
#[derive(Debug)]
pub struct Evaluator<'d, R> {
    pub(super) references: R,
    pub(super) dialect: Dialect,
    /// How many applications of a schema all evaluations together may still cost.
    budget: Cell<u64>,
    patterns: RefCell<FxHashMap<&'d str, Rc<Result<Pattern, PatternError>>>>,
}

impl<'d, R: References<'d>> Evaluator<'d, R> {
    /// An evaluator that reads schemas by `dialect`, and applies at most `steps` of them in all.
    pub fn new(references: R, dialect: Dialect, steps: u64) -> Self {
        Self { references, dialect, budget: Cell::new(steps), patterns: RefCell::default() }
    }

    /// Judges `instance` by `schema`.
    pub fn evaluate(
        &self,
        instance: NodeRef<'d>,
        schema: NodeRef<'d>,
        options: Options,
    ) -> Evaluation<'d> {
        let mut run = Run {
            evaluator: self,
            options,
            steps: 0,
            active: Vec::new(),
            outermost: schema,
            found: Found::default(),
        };
        run.apply(At { schema, instance }, &mut Seen::default());
        self.budget.set(self.budget.get().saturating_sub(run.steps));
        run.finish()
    }

    /// How many applications of a schema may still follow.
    pub fn steps_left(&self) -> u64 {
        self.budget.get()
    }

    /// The pattern, made ready once.
    pub fn pattern(&self, pattern: &'d str) -> Rc<Result<Pattern, PatternError>> {
        let mut patterns = self.patterns.borrow_mut();
        Rc::clone(patterns.entry(pattern).or_insert_with(|| Rc::new(Pattern::new(pattern))))
    }
}

/// A schema and the instance it is applied to.
#[derive(Clone, Copy)]
pub(super) struct At<'d> {
    pub(super) schema: NodeRef<'d>,
    pub(super) instance: NodeRef<'d>,
}

/// What a branch has found so far.
#[derive(Default)]
pub(super) struct Found<'d> {
    pub(super) problems: Vec<Problem<'d>>,
    pub(super) undecided: Vec<Undecided<'d>>,
    misdirected: Vec<NodeRef<'d>>,
    objects: Vec<(NodeRef<'d>, Seen)>,
}

pub(super) struct Run<'e, 'd, R> {
    pub(super) evaluator: &'e Evaluator<'d, R>,
    pub(super) options: Options,
    steps: u64,
    /// The applications under way, the outermost first.
    pub(super) active: Vec<At<'d>>,
    outermost: NodeRef<'d>,
    pub(super) found: Found<'d>,
}

impl<'d, R: References<'d>> Run<'_, 'd, R> {
    /// Applies a schema to an instance; what it finds goes to `found`.
    pub(super) fn apply(&mut self, at: At<'d>, seen: &mut Seen) -> Truth {
        match at.schema.kind() {
            Kind::Object => {}
            Kind::Bool if at.schema.as_bool() == Some(false) => {
                let message = "no value is allowed here".to_owned();
                return self.problem(at, at.schema, "false", message);
            }
            _ => return Truth::Yes,
        }
        self.steps += 1;
        if self.steps > self.options.steps.min(self.evaluator.budget.get()) {
            seen.unsure = true;
            return self.undecided(at.schema, "the evaluation takes too many steps");
        }
        if self.is_active(at) {
            return Truth::Yes;
        }
        if self.active.len() >= DEPTH {
            seen.unsure = true;
            return self.undecided(at.schema, "schemas apply one another too deeply");
        }
        self.active.push(at);
        let mut own = Seen::default();
        let truth = self.keywords(at, &mut own);
        self.active.pop();
        if at.instance.is_object() {
            self.found.objects.push((at.instance, own.clone()));
        }
        seen.merge(&own);
        truth
    }

    /// Applies a schema to a child of the instance.
    pub(super) fn descend(&mut self, schema: NodeRef<'d>, instance: NodeRef<'d>) -> Truth {
        self.apply(At { schema, instance }, &mut Seen::default())
    }

    /// Applies a schema without keeping what it finds, unless asked to.
    pub(super) fn attempt(&mut self, at: At<'d>, seen: &mut Seen) -> (Truth, Found<'d>) {
        let outer = std::mem::take(&mut self.found);
        let truth = self.apply(at, seen);
        (truth, std::mem::replace(&mut self.found, outer))
    }

    /// Keeps what an attempt has found.
    pub(super) fn keep(&mut self, found: Found<'d>) {
        self.found.problems.extend(found.problems);
        self.found.undecided.extend(found.undecided);
        self.found.misdirected.extend(found.misdirected);
        self.found.objects.extend(found.objects);
    }

    fn is_active(&self, at: At<'d>) -> bool {
        let same_instance = self.active.iter().rev().take_while(|it| it.instance == at.instance);
        same_instance.into_iter().any(|it| it.schema == at.schema)
    }

    fn keywords(&mut self, at: At<'d>, seen: &mut Seen) -> Truth {
        let mut truth = Truth::Yes;
        if at.schema.get("$ref").is_some() {
            truth = self.reference(at, seen);
            if self.dialect(at).ignores_reference_siblings() {
                return truth;
            }
        }
        if at.schema.get("$dynamicRef").is_some() {
            let scope: Vec<_> = self.active.iter().map(|it| it.schema).collect();
            let target = self.evaluator.references.dynamic_target(at.schema, &scope);
            truth = truth.and(self.follow(at, target, seen));
        }
        let mut unevaluated = false;
        let mut applied = truth;
        for entry in at.schema.entries() {
            let (key, value) = (entry.key, entry.value);
            unevaluated |= key.starts_with("unevaluated");
            truth = truth.and(assertions::check(self, at, key, value));
            applied = applied.and(choices::check(self, at, key, value, seen));
            truth = truth.and(match at.instance.kind() {
                Kind::Object => objects::check(self, at, key, value, seen),
                Kind::Array => arrays::check(self, at, key, value, seen),
                _ => Truth::Yes,
            });
        }
        if let Some(discriminator) = at.schema.get("discriminator") {
            truth = truth.and(discriminator::check(self, at, discriminator, seen));
        }
        truth = truth.and(applied);
        // A schema that failed evaluates nothing: what it declares would be called not allowed.
        if unevaluated && applied != Truth::No {
            truth = truth.and(objects::unevaluated(self, at, seen));
            truth = truth.and(arrays::unevaluated(self, at, seen));
        }
        truth
    }

    pub(super) fn dialect(&self, at: At<'d>) -> Dialect {
        let references = &self.evaluator.references;
        references.dialect(at.schema).unwrap_or(self.evaluator.dialect)
    }

    fn reference(&mut self, at: At<'d>, seen: &mut Seen) -> Truth {
        let target = self.evaluator.references.target(at.schema);
        self.follow(at, target, seen)
    }

    fn follow(&mut self, at: At<'d>, target: Target<'d>, seen: &mut Seen) -> Truth {
        match target {
            Target::Schema(schema) => self.apply(At { schema, ..at }, seen),
            Target::Unknown => {
                seen.unsure = true;
                self.undecided(at.schema, "a reference was not read")
            }
            Target::Missing => {
                seen.unsure = true;
                self.faulty(at.schema, "a reference leads nowhere")
            }
        }
    }

    /// Whether `enum` and `const` of this schema count.
    pub(super) fn counts_enum(&self, at: At<'d>) -> bool {
        !(self.options.without_enum && at.schema == self.outermost && self.active.len() == 1)
    }

    /// The schemas applied to this instance, the outermost first.
    pub(super) fn in_place(&self) -> impl Iterator<Item = NodeRef<'d>> {
        let instance = self.active.last().map(|at| at.instance);
        let first = self.active.iter().rposition(|at| Some(at.instance) != instance);
        let from = first.map_or(0, |last| last + 1);
        self.active.iter().skip(from).map(|at| at.schema)
    }

    pub(super) fn misdirected(&mut self, member: NodeRef<'d>) {
        self.found.misdirected.push(member);
    }

    pub(super) fn problem(
        &mut self,
        at: At<'d>,
        schema: NodeRef<'d>,
        keyword: &'static str,
        message: String,
    ) -> Truth {
        self.problem_with(Problem {
            instance: at.instance,
            schema,
            keyword,
            message,
            fact: String::new(),
            expected: None,
        })
    }

    pub(super) fn problem_expecting(
        &mut self,
        at: At<'d>,
        schema: NodeRef<'d>,
        keyword: &'static str,
        message: String,
        expected: Value,
    ) -> Truth {
        self.problem_with(Problem {
            instance: at.instance,
            schema,
            keyword,
            message,
            fact: String::new(),
            expected: Some(expected),
        })
    }

    pub(super) fn problem_with(&mut self, problem: Problem<'d>) -> Truth {
        self.found.problems.push(problem);
        Truth::No
    }

    pub(super) fn undecided(&mut self, schema: NodeRef<'d>, reason: &str) -> Truth {
        let reason = reason.to_owned();
        self.found.undecided.push(Undecided { schema, reason, reported: false });
        Truth::Unknown
    }

    /// Notes that a fault of the schema, which is a finding of its own, leaves nothing to decide.
    pub(super) fn faulty(&mut self, schema: NodeRef<'d>, reason: &str) -> Truth {
        let reason = reason.to_owned();
        self.found.undecided.push(Undecided { schema, reason, reported: true });
        Truth::Unknown
    }

    fn finish(self) -> Evaluation<'d> {
        let mut known: FxHashMap<(usize, NodeId), Seen> = FxHashMap::default();
        let mut order = Vec::new();
        for (object, seen) in self.found.objects {
            let place = (std::ptr::from_ref(object.document()) as usize, object.id());
            known
                .entry(place)
                .or_insert_with(|| {
                    order.push((place, object));
                    Seen::default()
                })
                .merge(&seen);
        }
        let mut undeclared = Vec::new();
        for (place, object) in order {
            let listed = known.get(&place).filter(|seen| seen.declares && !seen.unsure);
            let Some(seen) = listed else { continue };
            let members = object.entries().enumerate();
            undeclared.extend(members.filter(|(at, _)| !seen.has(*at)).map(|(_, it)| it.value));
        }
        let mut problems = self.found.problems;
        let mut once = FxHashSet::default();
        problems.retain(|it| {
            once.insert((it.instance.id(), it.keyword, it.fact.clone(), it.message.clone()))
        });
        Evaluation {
            problems,
            undecided: self.found.undecided,
            misdirected: self.found.misdirected,
            undeclared,
        }
    }
}

/// A value in a few words, for messages.
pub(super) fn show(node: NodeRef<'_>) -> String {
    match node.kind() {
        Kind::Object if node.is_empty() => "an empty object".to_owned(),
        Kind::Object => "the object".to_owned(),
        Kind::Array if node.is_empty() => "an empty array".to_owned(),
        Kind::Array => "the array".to_owned(),
        Kind::String => {
            let text = node.as_str().unwrap_or_default();
            let mut shown: String = text.chars().take(60).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            format!("`{}`", quote_double(&shown))
        }
        Kind::Null => "`null`".to_owned(),
        _ => format!("`{}`", node.scalar_text().unwrap_or_default()),
    }
}

/// A value that a schema names, in a few words: an object or an array as JSON, since it stands
/// for itself.
pub(super) fn show_named(node: NodeRef<'_>) -> String {
    if !matches!(node.kind(), Kind::Object | Kind::Array) {
        return show(node);
    }
    let json = node.to_value().to_json();
    let shown: String = json.chars().take(60).collect();
    let more = if shown.len() < json.len() { "…" } else { "" };
    format!("`{shown}{more}`")
}

/// How many of something, for messages.
pub(super) fn count(number: impl std::fmt::Display, thing: &str) -> String {
    let number = number.to_string();
    let plural = match number.as_str() {
        "1" => "",
        _ if thing.ends_with('y') => return format!("{number} {}ies", thing.trim_end_matches('y')),
        _ => "s",
    };
    format!("{number} {thing}{plural}")
}
