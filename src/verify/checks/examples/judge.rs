//! One value against one schema, and what comes of it.

use rustc_hash::FxHashSet;

use crate::{
    document::{Kind, NodeId, NodeRef},
    finding::{At, Draft, Tally},
    openapi::{Direction, Directions, Version},
    schema::{Dialect, Evaluation, Evaluator, Options, Problem, SEVERAL, second_opinion},
};

use crate::verify::{context::Context, schemas::Schemas, sink::Sink};

use super::repair;

/// How many problems of one value are told.
const PROBLEMS_MAX: usize = 20;
/// How many applications of a schema all values of one description may cost.
const STEPS: u64 = 10_000_000;

/// What a value is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Example,
    Default,
    Enum,
    Const,
}

impl Purpose {
    fn rule(self) -> &'static str {
        match self {
            Self::Example => "invalid-example",
            Self::Default => "invalid-default",
            Self::Enum => "invalid-enum-value",
            Self::Const => "invalid-const",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Example => "example",
            Self::Default => "default",
            Self::Enum => "`enum` value",
            Self::Const => "`const`",
        }
    }
}

/// Judges values and reports what does not fit.
pub(super) struct Judge<'c, 's, 'd> {
    cx: &'c Context<'c, 'd>,
    sink: &'c mut Sink<'s, 'd>,
    evaluator: Evaluator<'d, &'c Schemas<'c, 'd>>,
    tally: Tally,
    /// Parts of values that have been told about, with the keyword that they break.
    told: FxHashSet<(usize, NodeId, &'static str, String)>,
}

impl<'c, 's, 'd> Judge<'c, 's, 'd> {
    pub(super) fn new(cx: &'c Context<'c, 'd>, sink: &'c mut Sink<'s, 'd>) -> Self {
        let dialect = match cx.walk.description().version() {
            Some(Version::V31 | Version::V32) => Dialect::Draft2020,
            _ => Dialect::OpenApi30,
        };
        let evaluator = Evaluator::new(&cx.schemas, dialect, STEPS);
        Self { cx, sink, evaluator, tally: Tally::default(), told: FxHashSet::default() }
    }

    /// How many values were judged, and how many could not be.
    pub(super) fn finish(self) -> Tally {
        self.tally
    }

    /// Counts a value that nobody here can judge.
    pub(super) fn open(&mut self) {
        self.tally.undecided += 1;
    }

    /// Judges a value that stands as example or default.
    pub(super) fn value(
        &mut self,
        value: NodeRef<'d>,
        schema: NodeRef<'d>,
        purpose: Purpose,
        direction: Option<Direction>,
    ) {
        let options = Options { absent: direction.map(absent), ..Options::default() };
        let evaluation = self.evaluator.evaluate(value, schema, options);
        self.tell(value, schema, purpose, options, evaluation);
    }

    /// Judges a value that a schema gives for itself: as it would be sent in one direction or the
    /// other, wherever the schema is used.
    pub(super) fn either_way(
        &mut self,
        value: NodeRef<'d>,
        schema: NodeRef<'d>,
        purpose: Purpose,
        directions: Directions,
    ) {
        let mut options = Options::default();
        let mut evaluation = self.evaluator.evaluate(value, schema, options);
        let lacks = evaluation.problems.iter().any(|it| it.keyword.ends_with("equired"));
        for direction in [Direction::Request, Direction::Response] {
            let goes = directions == Directions::NONE || directions.contains(direction);
            if !lacks || !goes || evaluation.problems.is_empty() {
                continue;
            }
            let sent = Options { absent: Some(absent(direction)), ..options };
            let other = self.evaluator.evaluate(value, schema, sent);
            if other.problems.len() < evaluation.problems.len() {
                (evaluation, options) = (other, sent);
            }
        }
        // What a schema shows of itself is not sent by anyone.
        evaluation.misdirected.clear();
        self.tell(value, schema, purpose, options, evaluation);
    }

    /// Judges what `enum` and `const` list by the other keywords of their schema.
    pub(super) fn choices(&mut self, schema: NodeRef<'d>) {
        let options = Options { without_enum: true, ..Options::default() };
        let dialect = self.cx.schemas.dialect(schema);
        let listed = schema.get("enum").filter(|it| it.is_array());
        if let Some(list) = listed.filter(|_| is_plain(schema)) {
            let evaluate = |value| (value, self.evaluator.evaluate(value, schema, options));
            let judged: Vec<_> = list.items().map(evaluate).collect();
            let none = judged.len() > 1 && judged.iter().all(|(_, it)| !it.problems.is_empty());
            if none && self.sink.wants("unsatisfiable-enum") {
                self.sink.push(repair::unsatisfiable(list, &judged));
            } else {
                for (value, evaluation) in judged {
                    self.tell(value, schema, Purpose::Enum, options, evaluation);
                }
            }
        }
        if dialect == Dialect::Draft2020
            && let Some(value) = schema.get("const")
        {
            let options = Options::default();
            let evaluation = self.evaluator.evaluate(value, schema, options);
            self.tell(value, schema, Purpose::Const, options, evaluation);
        }
    }

    fn tell(
        &mut self,
        value: NodeRef<'d>,
        schema: NodeRef<'d>,
        purpose: Purpose,
        options: Options,
        evaluation: Evaluation<'d>,
    ) {
        let counts = matches!(purpose, Purpose::Example | Purpose::Default);
        let open = evaluation.problems.is_empty() && !evaluation.undecided.is_empty();
        if open {
            self.undecided(value, schema, purpose, options, &evaluation);
            return;
        }
        self.tally.checked += usize::from(counts);
        let mistyped: Vec<_> = evaluation
            .problems
            .iter()
            .filter(|it| it.keyword == "type")
            .map(|it| it.instance)
            .collect();
        let mut problems = evaluation.problems;
        // Where the type is wrong already, the rest follows from it.
        problems.retain(|it| it.keyword == "type" || !mistyped.contains(&it.instance));
        for problem in problems.into_iter().take(PROBLEMS_MAX) {
            self.problem(value, purpose, problem);
        }
        if purpose != Purpose::Example {
            return;
        }
        for member in evaluation.misdirected {
            self.misdirected(member, options);
        }
        for member in evaluation.undeclared {
            self.undeclared(member);
        }
    }

    fn undecided(
        &mut self,
        value: NodeRef<'d>,
        schema: NodeRef<'d>,
        purpose: Purpose,
        options: Options,
        evaluation: &Evaluation<'d>,
    ) {
        let counts = usize::from(matches!(purpose, Purpose::Example | Purpose::Default));
        let reported = evaluation.undecided.iter().any(|it| it.reported);
        let dialect = self.cx.schemas.dialect(schema);
        let opinion = if reported {
            None
        } else {
            second_opinion(&&self.cx.schemas, dialect, value, schema, options)
        };
        match opinion {
            Some(true) => self.tally.checked += counts,
            Some(false) => {
                self.tally.checked += counts;
                let message = format!("the {} does not fit its schema", purpose.name());
                self.sink.push(Draft::new(purpose.rule(), At::Value(value), message));
            }
            None => {
                self.tally.undecided += counts;
                let why = evaluation.undecided.first().filter(|_| !reported);
                if let Some(why) = why {
                    let message =
                        format!("the {} could not be checked: {}", purpose.name(), why.reason);
                    let draft = Draft::new("undecided-example", At::Value(value), message);
                    self.sink.push(draft.related(At::Value(why.schema), "because of this"));
                }
            }
        }
    }

    /// Whether something is said of this part of a value for the first time.
    fn first_time(&mut self, node: NodeRef<'d>, keyword: &'static str, fact: &str) -> bool {
        let slot = self.cx.walk.description().slot(node);
        self.told.insert((slot, node.id(), keyword, fact.to_owned()))
    }

    fn problem(&mut self, value: NodeRef<'d>, purpose: Purpose, problem: Problem<'d>) {
        if !self.first_time(problem.instance, problem.keyword, &problem.fact) {
            return;
        }
        let at = match problem.keyword {
            "required" | "dependentRequired" if problem.instance != value => {
                At::Key(problem.instance)
            }
            "required" | "dependentRequired" => At::Key(value),
            "additionalProperties" | "unevaluatedProperties" => At::Key(problem.instance),
            _ => At::Value(problem.instance),
        };
        let message = format!("the {} does not fit: {}", purpose.name(), problem.message);
        // Of names that are missing some may come, and the rest is still the same fault.
        let fact = match problem.keyword {
            "required" => "required".to_owned(),
            keyword => format!("{keyword} {}", problem.fact),
        };
        let mut draft = Draft::new(purpose.rule(), at, message)
            .fact(fact)
            .related(At::Value(problem.schema), format!("by this `{}`", problem.keyword));
        if !matches!(problem.instance.kind(), Kind::Object | Kind::Array) {
            draft = draft.found(problem.instance.to_value());
        }
        let advice = advice(&problem, purpose);
        if let Some(expected) = problem.expected {
            draft = draft.expected(expected);
        }
        if problem.keyword == "type" {
            draft = repair::retyped(draft, problem.instance, problem.schema);
        } else if let Some(advice) = advice {
            draft = draft.help(advice);
        }
        self.sink.push(draft);
    }

    fn misdirected(&mut self, member: NodeRef<'d>, options: Options) {
        let Some(keyword) = options.absent else { return };
        if !self.first_time(member, keyword, "") {
            return;
        }
        let name = member.key().unwrap_or_default();
        let (rule, message) = if keyword == "readOnly" {
            ("read-only-in-request", format!("`{name}` is `readOnly`, but an example sends it"))
        } else {
            (
                "write-only-in-response",
                format!("`{name}` is `writeOnly`, but an example returns it"),
            )
        };
        self.sink.push(repair::left_out(Draft::new(rule, At::Key(member), message), member));
    }

    fn undeclared(&mut self, member: NodeRef<'d>) {
        if !self.first_time(member, "undeclared", "") {
            return;
        }
        let name = member.key().unwrap_or_default();
        let message = format!("no schema declares the property `{name}` of this example");
        self.sink
            .push(Draft::new("undeclared-example-property", At::Key(member), message).fact(name));
    }
}

/// What to do where the fault shows what is wrong behind it.
fn advice(problem: &Problem<'_>, purpose: Purpose) -> Option<&'static str> {
    match problem.keyword {
        "required" if problem.instance.get("$ref").is_some() => {
            Some("a `$ref` inside an example is not followed: write the value itself")
        }
        "enum" if problem.instance.is_null() && purpose != Purpose::Enum => {
            Some("`nullable` and `type` add nothing to `enum`: list null there, or leave it out")
        }
        "oneOf" if problem.fact == SEVERAL => {
            Some("let the schemas of `oneOf` exclude each other, or write `anyOf`")
        }
        _ => None,
    }
}

/// The keyword that takes a property out of a direction.
fn absent(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

/// Whether `enum` has a keyword beside it that its values could fail.
fn is_plain(schema: NodeRef<'_>) -> bool {
    const SILENT: [&str; 9] = [
        "enum",
        "const",
        "description",
        "title",
        "example",
        "examples",
        "default",
        "deprecated",
        "nullable",
    ];
    schema.entries().any(|entry| !SILENT.contains(&entry.key) && !entry.key.starts_with("x-"))
}
