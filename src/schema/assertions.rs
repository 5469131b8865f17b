//! Keywords that say something about the instance itself.
//!
//! * **Source.** JSON Schema 2020-12 validation, sections 6 and 7.

use std::cmp::Ordering;

use crate::document::{Decimal, Kind, NodeRef, Number, Value};

use super::{
    Dialect, PatternError, References, equal,
    evaluate::{At, Run, Truth, count, show, show_named},
    format::{self, Judgement},
};

pub(super) fn check<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    key: &str,
    value: NodeRef<'d>,
) -> Truth {
    match (key, at.instance.kind()) {
        ("type", _) => check_type(run, at, value),
        ("enum", _) if run.counts_enum(at) => check_enum(run, at, value),
        ("const", _) if run.counts_enum(at) && run.dialect(at) == Dialect::Draft2020 => {
            check_const(run, at, value)
        }
        ("format", Kind::String | Kind::Number) => check_format(run, at, value),
        ("pattern", Kind::String) => check_pattern(run, at, value),
        ("minLength" | "maxLength", Kind::String) => {
            let length = at.instance.as_str().map_or(0, |text| text.chars().count());
            check_size(run, at, key, value, length, "character")
        }
        ("minItems" | "maxItems", Kind::Array) => {
            check_size(run, at, key, value, at.instance.len(), "item")
        }
        ("minProperties" | "maxProperties", Kind::Object) => {
            check_size(run, at, key, value, at.instance.len(), "property")
        }
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", Kind::Number) => {
            check_bound(run, at, key, value)
        }
        ("multipleOf", Kind::Number) => check_multiple(run, at, value),
        _ => Truth::Yes,
    }
}

fn check_type<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    let names: Vec<_> = match value.as_str() {
        Some(name) => vec![name],
        None => value.items().filter_map(NodeRef::as_str).collect(),
    };
    let nullable = run.dialect(at) == Dialect::OpenApi30
        && at.schema.get("nullable").and_then(NodeRef::as_bool) == Some(true);
    if names.iter().any(|name| has_type(at.instance, name)) || nullable && at.instance.is_null() {
        return Truth::Yes;
    }
    if names.is_empty() || names.iter().any(|name| !TYPES.contains(name)) {
        return run.faulty(value, "its type does not exist");
    }
    let message = format!("{} is not of type `{}`", show(at.instance), names.join("` or `"));
    let expected = match names.as_slice() {
        [name] => Value::from(*name),
        names => Value::from(names.to_vec()),
    };
    run.problem_expecting(at, value, "type", message, Value::object([("type", expected)]))
}

const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

fn has_type(instance: NodeRef<'_>, name: &str) -> bool {
    match instance.kind() {
        Kind::Null => name == "null",
        Kind::Bool => name == "boolean",
        Kind::Object => name == "object",
        Kind::Array => name == "array",
        Kind::String => name == "string",
        Kind::Number => {
            name == "number"
                || name == "integer"
                    && instance
                        .as_number()
                        .and_then(Number::decimal)
                        .is_some_and(|decimal| decimal.is_integer())
        }
    }
}

fn check_enum<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    if !value.is_array() || value.items().any(|item| equal(item, at.instance)) {
        return Truth::Yes;
    }
    let allowed: Vec<_> =
        value.items().take(5).map(|item| show_named(item).replace('`', "")).collect();
    let more = if value.len() > allowed.len() { ", …" } else { "" };
    let message = format!("{} is none of `enum`: {}{more}", show(at.instance), allowed.join(", "));
    let expected = Value::Array(value.items().take(20).map(NodeRef::to_value).collect());
    run.problem_expecting(at, value, "enum", message, Value::object([("enum", expected)]))
}

fn check_const<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    if equal(value, at.instance) {
        return Truth::Yes;
    }
    let message = format!("{} is not the `const` {}", show(at.instance), show_named(value));
    run.problem_expecting(at, value, "const", message, Value::object([("const", value.to_value())]))
}

fn check_format<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    let Some(name) = value.as_str().filter(|_| run.options.formats) else { return Truth::Yes };
    let judgement = match at.instance.as_str() {
        Some(text) => format::judge(name, text),
        None => {
            at.instance.as_number().map_or(Judgement::Open, |it| format::judge_number(name, it))
        }
    };
    match judgement {
        Judgement::Fits | Judgement::Open => Truth::Yes,
        Judgement::Wrong(why) => {
            let message = format!("{} is no `{name}`: {why}", show(at.instance));
            let expected = Value::object([("format", Value::from(name))]);
            run.problem_expecting(at, value, "format", message, expected)
        }
    }
}

fn check_pattern<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    let (Some(source), Some(text)) = (value.as_str(), at.instance.as_str()) else {
        return Truth::Yes;
    };
    let pattern = run.evaluator.pattern(source);
    match pattern.as_ref() {
        Ok(pattern) => match pattern.is_match(text) {
            Some(true) => Truth::Yes,
            Some(false) => {
                let message = format!("{} does not match `{source}`", show(at.instance));
                let expected = Value::object([("pattern", Value::from(source))]);
                run.problem_expecting(at, value, "pattern", message, expected)
            }
            None => run.undecided(value, "the pattern takes too many steps"),
        },
        Err(PatternError::Invalid) => run.faulty(value, "its pattern is no regular expression"),
        Err(PatternError::Undecided) => {
            run.undecided(value, "the pattern cannot be matched within the limits")
        }
    }
}

fn check_size<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    key: &str,
    value: NodeRef<'d>,
    size: usize,
    unit: &str,
) -> Truth {
    let Some(limit) = value.as_number().and_then(Number::decimal) else {
        return Truth::Yes;
    };
    let Some(size) = Decimal::parse(&size.to_string()) else { return Truth::Yes };
    let is_minimum = key.starts_with("min");
    let fits = if is_minimum { size >= limit } else { size <= limit };
    if fits {
        return Truth::Yes;
    }
    let (keyword, fewer) = match (key, is_minimum) {
        ("minLength", _) => ("minLength", "fewer"),
        ("minItems", _) => ("minItems", "fewer"),
        ("minProperties", _) => ("minProperties", "fewer"),
        ("maxLength", _) => ("maxLength", "more"),
        ("maxItems", _) => ("maxItems", "more"),
        _ => ("maxProperties", "more"),
    };
    let bound = value.scalar_text().unwrap_or_default();
    let message = format!("{} has {fewer} than {}", show(at.instance), count(bound, unit));
    run.problem_expecting(at, value, keyword, message, bound_of(keyword, value))
}

fn bound_of(keyword: &str, value: NodeRef<'_>) -> Value {
    Value::object([(keyword, value.to_value())])
}

fn check_bound<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    key: &str,
    value: NodeRef<'d>,
) -> Truth {
    let decimal = |node: NodeRef<'_>| node.as_number().and_then(Number::decimal);
    let (Some(number), Some(bound)) = (decimal(at.instance), decimal(value)) else {
        return Truth::Yes;
    };
    let flag = |name| {
        run.dialect(at) != Dialect::Draft2020
            && at.schema.get(name).and_then(NodeRef::as_bool) == Some(true)
    };
    let order = number.cmp(&bound);
    let (keyword, fits, words) = match key {
        "minimum" if flag("exclusiveMinimum") => {
            ("exclusiveMinimum", order == Ordering::Greater, "not greater than")
        }
        "minimum" => ("minimum", order != Ordering::Less, "less than"),
        "maximum" if flag("exclusiveMaximum") => {
            ("exclusiveMaximum", order == Ordering::Less, "not less than")
        }
        "maximum" => ("maximum", order != Ordering::Greater, "greater than"),
        "exclusiveMinimum" => ("exclusiveMinimum", order == Ordering::Greater, "not greater than"),
        _ => ("exclusiveMaximum", order == Ordering::Less, "not less than"),
    };
    if fits {
        return Truth::Yes;
    }
    let bound = value.scalar_text().unwrap_or_default();
    let message = format!("{} is {words} {bound}", show(at.instance));
    run.problem_expecting(at, value, keyword, message, bound_of(keyword, value))
}

fn check_multiple<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    let decimal = |node: NodeRef<'_>| node.as_number().and_then(Number::decimal);
    let (Some(number), Some(step)) = (decimal(at.instance), decimal(value)) else {
        return Truth::Yes;
    };
    match number.is_multiple_of(&step) {
        Some(true) => Truth::Yes,
        Some(false) => {
            let step = value.scalar_text().unwrap_or_default();
            let message = format!("{} is no multiple of {step}", show(at.instance));
            run.problem_expecting(at, value, "multipleOf", message, bound_of("multipleOf", value))
        }
        None => run.undecided(value, "the numbers are too large to divide"),
    }
}
