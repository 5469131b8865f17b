//! Keywords that apply other schemas to the same instance.
//!
//! * **Source.** JSON Schema 2020-12 core, section 10.2.

use crate::document::NodeRef;

use super::{
    Dialect, Problem, References, Target, discriminator,
    evaluate::{At, Found, Run, Truth, show},
    seen::Seen,
};

/// The fact of a problem with `oneOf` where more than one branch fits.
pub const SEVERAL: &str = "several";

pub(super) fn check<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    key: &str,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    match key {
        "allOf" => {
            let mut truth = Truth::Yes;
            for schema in value.items() {
                truth = truth.and(run.apply(At { schema, ..at }, seen));
            }
            truth
        }
        "anyOf" if value.is_array() => any_of(run, at, value, seen),
        "oneOf" if value.is_array() => one_of(run, at, value, seen),
        "not" => not(run, at, value),
        "if" if run.dialect(at) == Dialect::Draft2020 => condition(run, at, value, seen),
        _ => Truth::Yes,
    }
}

/// One branch that was tried.
struct Branch<'d> {
    truth: Truth,
    found: Found<'d>,
    seen: Seen,
}

fn branches<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Vec<Branch<'d>> {
    let mut branches = Vec::with_capacity(value.len());
    for schema in value.items() {
        let mut seen = Seen::default();
        let (truth, found) = run.attempt(At { schema, ..at }, &mut seen);
        branches.push(Branch { truth, found, seen });
    }
    branches
}

fn any_of<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let branches = branches(run, at, value);
    let truth = if branches.iter().any(|it| it.truth == Truth::Yes) {
        Truth::Yes
    } else if branches.iter().any(|it| it.truth == Truth::Unknown) {
        Truth::Unknown
    } else {
        return no_branch(run, at, value, "anyOf", branches);
    };
    seen.unsure |= branches.iter().any(|it| it.truth == Truth::Unknown);
    for branch in branches.into_iter().filter(|it| it.truth == truth) {
        seen.merge(&branch.seen);
        run.keep(branch.found);
    }
    truth
}

fn one_of<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let branches = branches(run, at, value);
    // A discriminator that names a branch settles which one is meant (OpenAPI 3.0.4, 4.7.25).
    let branches = match named_branch(run, at, value, branches) {
        Ok(branch) => {
            seen.unsure |= branch.truth == Truth::Unknown;
            seen.merge(&branch.seen);
            run.keep(branch.found);
            return branch.truth;
        }
        Err(branches) => branches,
    };
    let holding: Vec<_> = (0..).zip(&branches).filter(|(_, it)| it.truth == Truth::Yes).collect();
    if holding.len() > 1
        && let Some(problem) = discriminator::unknown(run, at, value)
    {
        return run.problem_with(problem);
    }
    if let [(first, _), (second, _), ..] = holding.as_slice() {
        let message = format!(
            "{} fits more than one schema of `oneOf`: {} and {}",
            show(at.instance),
            name_of(value, *first),
            name_of(value, *second)
        );
        return run.problem_with(Problem {
            instance: at.instance,
            schema: value,
            keyword: "oneOf",
            message,
            fact: SEVERAL.to_owned(),
            expected: None,
        });
    }
    let unknown = branches.iter().any(|it| it.truth == Truth::Unknown);
    if holding.is_empty() && !unknown {
        return no_branch(run, at, value, "oneOf", branches);
    }
    seen.unsure |= unknown;
    for branch in branches.into_iter().filter(|it| it.truth != Truth::No) {
        seen.merge(&branch.seen);
        run.keep(branch.found);
    }
    if unknown { Truth::Unknown } else { Truth::Yes }
}

/// A branch as people call it: its reference, its title, or its place.
fn name_of(value: NodeRef<'_>, at: usize) -> String {
    let branch = value.item(at);
    let text = |key| branch.and_then(|it| it.get(key)).and_then(NodeRef::as_str);
    match (text("$ref"), text("title")) {
        (Some(reference), _) => format!("`{reference}`"),
        (None, Some(title)) => format!("`{title}`"),
        _ => format!("number {}", at + 1),
    }
}

/// Says that no branch fits: with the problems of the one that comes closest, if one does.
fn no_branch<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    keyword: &'static str,
    branches: Vec<Branch<'d>>,
) -> Truth {
    let branches = match named_branch(run, at, value, branches) {
        Ok(branch) => {
            run.keep(branch.found);
            return Truth::No;
        }
        Err(branches) => branches,
    };
    if let Some(problem) = discriminator::unknown(run, at, value) {
        return run.problem_with(problem);
    }
    let mut close: Vec<_> = branches.into_iter().filter(|it| is_close(&it.found, at)).collect();
    if let [branch] = close.as_mut_slice() {
        let found = std::mem::take(&mut branch.found);
        run.keep(found);
        return Truth::No;
    }
    let closest = close.into_iter().min_by_key(|it| it.found.problems.len());
    let why = closest.and_then(|it| it.found.problems.into_iter().next());
    let why = why.map_or(String::new(), |it| format!("; the closest fails because {}", it.message));
    let message = format!("{} fits none of the schemas of `{keyword}`{why}", show(at.instance));
    run.problem_with(Problem {
        instance: at.instance,
        schema: value,
        keyword,
        message,
        fact: String::new(),
        expected: None,
    })
}

/// The branch that the instance's discriminator names, or all of them back.
fn named_branch<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    mut branches: Vec<Branch<'d>>,
) -> Result<Branch<'d>, Vec<Branch<'d>>> {
    let named = discriminator::named(run, at);
    let place = value.items().position(|schema| {
        let target = match run.evaluator.references.target(schema) {
            Target::Schema(target) => target,
            Target::Unknown | Target::Missing => schema,
        };
        Some(target) == named
    });
    match place.filter(|place| *place < branches.len()) {
        Some(place) => Ok(branches.swap_remove(place)),
        None => Err(branches),
    }
}

/// Whether a branch was meant: its type fits, and no value that tells branches apart is wrong.
fn is_close(found: &Found<'_>, at: At<'_>) -> bool {
    !found.problems.iter().any(|problem| {
        problem.instance == at.instance
            && matches!(problem.keyword, "type" | "enum" | "const" | "false")
            || matches!(problem.keyword, "const" | "enum")
                && problem.instance.parent() == Some(at.instance)
    })
}

fn not<'d, R: References<'d>>(run: &mut Run<'_, 'd, R>, at: At<'d>, schema: NodeRef<'d>) -> Truth {
    let (truth, found) = run.attempt(At { schema, ..at }, &mut Seen::default());
    match truth {
        Truth::No => Truth::Yes,
        Truth::Yes => {
            let message = format!("{} fits the schema of `not`", show(at.instance));
            run.problem(at, schema, "not", message)
        }
        Truth::Unknown => {
            run.found.undecided.extend(found.undecided);
            Truth::Unknown
        }
    }
}

fn condition<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    schema: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let mut inner = Seen::default();
    let (truth, found) = run.attempt(At { schema, ..at }, &mut inner);
    let branch = match truth {
        Truth::Yes => {
            seen.merge(&inner);
            run.keep(found);
            "then"
        }
        Truth::No => "else",
        Truth::Unknown => {
            seen.unsure = true;
            run.found.undecided.extend(found.undecided);
            return Truth::Unknown;
        }
    };
    match at.schema.get(branch) {
        Some(schema) => run.apply(At { schema, ..at }, seen),
        None => Truth::Yes,
    }
}
