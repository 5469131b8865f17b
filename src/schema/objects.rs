//! Keywords that apply to objects.
//!
//! * **Source.** JSON Schema 2020-12 core, sections 10.3.2 and 11.3; validation, section 6.5.

use crate::document::{NodeRef, Number, Value};

use super::{
    Dialect, Problem, References, Target,
    evaluate::{At, Run, Truth, show},
    seen::Seen,
};

/// How many missing properties a message names.
const NAMES_MAX: usize = 5;

pub(super) fn check<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    key: &str,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    match key {
        "properties" => properties(run, at, value, seen),
        "patternProperties" if run.dialect(at) != Dialect::OpenApi30 => {
            pattern_properties(run, at, value, seen)
        }
        "additionalProperties" => additional_properties(run, at, value, seen),
        "propertyNames" if run.dialect(at) == Dialect::Draft2020 => names(run, at, value),
        "required" => required(run, at, value),
        "dependentRequired" if run.dialect(at) == Dialect::Draft2020 => {
            let mut truth = Truth::Yes;
            for entry in value.entries().filter(|it| at.instance.get(it.key).is_some()) {
                truth = truth.and(lacking(run, at, entry.value, "dependentRequired"));
            }
            truth
        }
        "dependencies" if run.dialect(at) == Dialect::Draft4 => dependencies(run, at, value, seen),
        "dependentSchemas" if run.dialect(at) == Dialect::Draft2020 => {
            dependencies(run, at, value, seen)
        }
        _ => Truth::Yes,
    }
}

fn properties<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    seen.declares = true;
    let mut truth = Truth::Yes;
    for (place, member) in at.instance.entries().enumerate() {
        let Some(schema) = value.get(member.key) else { continue };
        seen.mark(place);
        if run.options.absent.is_some_and(|keyword| is_marked(run, schema, keyword)) {
            run.misdirected(member.value);
        }
        truth = truth.and(run.descend(schema, member.value));
    }
    truth
}

/// Whether a property's schema, or what it refers to, carries `keyword: true`.
fn is_marked<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    schema: NodeRef<'d>,
    keyword: &str,
) -> bool {
    let mut schema = schema;
    for _ in 0..16 {
        if schema.get(keyword).and_then(NodeRef::as_bool) == Some(true) {
            return true;
        }
        if schema.get("$ref").is_none() {
            return false;
        }
        match run.evaluator.references.target(schema) {
            Target::Schema(target) => schema = target,
            Target::Unknown | Target::Missing => return false,
        }
    }
    false
}

fn pattern_properties<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let mut truth = Truth::Yes;
    for entry in value.entries() {
        for (place, member) in at.instance.entries().enumerate() {
            match matches(run, entry.key, member.key) {
                Some(true) => {
                    seen.mark(place);
                    truth = truth.and(run.descend(entry.value, member.value));
                }
                Some(false) => {}
                None => {
                    seen.mark(place);
                    truth = truth.and(run.undecided(entry.value, "the pattern cannot be matched"));
                }
            }
        }
    }
    truth
}

fn matches<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    pattern: &'d str,
    text: &str,
) -> Option<bool> {
    run.evaluator.pattern(pattern).as_ref().as_ref().ok()?.is_match(text)
}

fn additional_properties<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let properties = at.schema.get("properties");
    let patterns = at.schema.get("patternProperties");
    let patterns = patterns.filter(|_| run.dialect(at) != Dialect::OpenApi30);
    let mut truth = Truth::Yes;
    for (place, member) in at.instance.entries().enumerate() {
        if properties.is_some_and(|it| it.get(member.key).is_some()) {
            continue;
        }
        let mut patterns = patterns.into_iter().flat_map(NodeRef::entries);
        if patterns.any(|entry| matches(run, entry.key, member.key) != Some(false)) {
            continue;
        }
        seen.mark(place);
        if value.as_bool() == Some(false) {
            truth = truth.and(not_allowed(run, at, value, member.value, "additionalProperties"));
        } else {
            truth = truth.and(run.descend(value, member.value));
        }
    }
    truth
}

fn not_allowed<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    schema: NodeRef<'d>,
    member: NodeRef<'d>,
    keyword: &'static str,
) -> Truth {
    let name = member.key().unwrap_or_default();
    let known = at.schema.get("properties").into_iter().flat_map(NodeRef::entries);
    let nearest = known
        .map(|entry| (strsim::damerau_levenshtein(entry.key, name), entry.key))
        .filter(|(distance, key)| *distance <= 2 && *distance < key.len())
        .min();
    let hint = nearest.map_or(String::new(), |(_, key)| format!("; did you mean `{key}`"));
    run.problem_with(Problem {
        instance: member,
        schema,
        keyword,
        message: format!("the property `{name}` is not allowed here{hint}"),
        fact: name.to_owned(),
        expected: None,
    })
}

fn names<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    schema: NodeRef<'d>,
) -> Truth {
    // A name is no node of its own: what can be decided without one is decided here.
    let mut truth = Truth::Yes;
    for member in at.instance.entries() {
        let fits = name_fits(run, schema, member.key);
        truth = truth.and(match fits {
            Some(true) => Truth::Yes,
            Some(false) => run.problem_with(Problem {
                instance: member.value,
                schema,
                keyword: "propertyNames",
                message: format!("the name `{}` does not fit `propertyNames`", member.key),
                fact: member.key.to_owned(),
                expected: None,
            }),
            None => run.undecided(schema, "`propertyNames` needs more than its simple keywords"),
        });
    }
    truth
}

/// Judges a name by the keywords that speak about strings alone.
fn name_fits<'d, R: References<'d>>(
    run: &Run<'_, 'd, R>,
    schema: NodeRef<'d>,
    name: &str,
) -> Option<bool> {
    if let Some(allowed) = schema.as_bool() {
        return Some(allowed);
    }
    let mut fits = true;
    for entry in schema.entries() {
        let value = entry.value;
        let size = || value.as_number().and_then(Number::as_i128);
        let length = i128::try_from(name.chars().count()).unwrap_or(i128::MAX);
        fits &= match entry.key {
            "pattern" => matches(run, value.as_str()?, name)?,
            "minLength" => length >= size()?,
            "maxLength" => length <= size()?,
            "enum" => value.items().any(|item| item.as_str() == Some(name)),
            "const" => value.as_str() == Some(name),
            "type" => value.as_str().map(|it| it == "string")?,
            "format" => {
                !run.options.formats
                    || !matches!(
                        super::format::judge(value.as_str()?, name),
                        super::format::Judgement::Wrong(_)
                    )
            }
            "title" | "description" | "$comment" | "examples" | "default" | "deprecated" => true,
            "$ref" => match run.evaluator.references.target(schema) {
                Target::Schema(target) if target != schema => name_fits(run, target, name)?,
                _ => return None,
            },
            _ => return None,
        };
    }
    Some(fits)
}

fn required<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    lacking(run, at, value, "required")
}

/// Reports the names of a list that the instance lacks, all at once.
fn lacking<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    list: NodeRef<'d>,
    keyword: &'static str,
) -> Truth {
    let names = list.items().filter_map(NodeRef::as_str);
    let missing: Vec<_> =
        names.filter(|name| at.instance.get(name).is_none() && !is_absent(run, name)).collect();
    let (Some(first), count) = (missing.first(), missing.len()) else { return Truth::Yes };
    let shown = missing.iter().take(NAMES_MAX).map(|name| format!("`{name}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let what = match count {
        1 => format!("property {shown}"),
        _ if count > NAMES_MAX => format!("properties {shown} and {} more", count - NAMES_MAX),
        _ => format!("properties {shown}"),
    };
    run.problem_with(Problem {
        instance: at.instance,
        schema: list,
        keyword,
        message: format!("{} lacks the required {what}", show(at.instance)),
        fact: (*first).to_owned(),
        expected: Some(Value::object([("required", missing.into())])),
    })
}

/// Whether this direction does not carry the property, by any schema applied to the instance.
fn is_absent<'d, R: References<'d>>(run: &Run<'_, 'd, R>, name: &str) -> bool {
    let Some(keyword) = run.options.absent else { return false };
    let mut open: Vec<_> = run.in_place().take(1).collect();
    let mut visited = 0;
    while let Some(schema) = open.pop() {
        visited += 1;
        if visited > 200 {
            return true;
        }
        let property = schema.get("properties").and_then(|it| it.get(name));
        if property.is_some_and(|property| is_marked(run, property, keyword)) {
            return true;
        }
        if schema.get("$ref").is_some()
            && let Target::Schema(target) = run.evaluator.references.target(schema)
        {
            open.push(target);
        }
        for list in ["allOf", "anyOf", "oneOf"] {
            open.extend(schema.get(list).into_iter().flat_map(NodeRef::items));
        }
    }
    false
}

fn dependencies<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let mut truth = Truth::Yes;
    for entry in value.entries().filter(|it| at.instance.get(it.key).is_some()) {
        truth = truth.and(if entry.value.is_array() {
            lacking(run, at, entry.value, "dependentRequired")
        } else {
            run.apply(At { schema: entry.value, ..at }, seen)
        });
    }
    truth
}

/// `unevaluatedProperties`, once all other keywords have spoken.
pub(super) fn unevaluated<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    seen: &mut Seen,
) -> Truth {
    let Some(schema) = at.schema.get("unevaluatedProperties") else { return Truth::Yes };
    if run.dialect(at) != Dialect::Draft2020 || !at.instance.is_object() {
        return Truth::Yes;
    }
    if seen.unsure {
        return run.undecided(schema, "what other schemas evaluate is not known");
    }
    let mut truth = Truth::Yes;
    for (place, member) in at.instance.entries().enumerate() {
        if seen.has(place) {
            continue;
        }
        truth = truth.and(if schema.as_bool() == Some(false) {
            not_allowed(run, at, schema, member.value, "unevaluatedProperties")
        } else {
            run.descend(schema, member.value)
        });
    }
    seen.mark_all();
    truth
}
