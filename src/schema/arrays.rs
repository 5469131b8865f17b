//! Keywords that apply to arrays.
//!
//! * **Source.** JSON Schema 2020-12 core, sections 10.3.1 and 11.2; validation, section 6.4.

use rustc_hash::FxHashMap;

use crate::document::NodeRef;

use super::{
    Dialect, References, canonical,
    evaluate::{At, Run, Truth, count, show},
    seen::Seen,
};

pub(super) fn check<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    key: &str,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    match key {
        "items" => items(run, at, value, seen),
        "prefixItems" if run.dialect(at) == Dialect::Draft2020 => tuple(run, at, value, seen),
        "additionalItems" if run.dialect(at) == Dialect::Draft4 => {
            match at.schema.get("items").filter(|items| items.is_array()) {
                Some(tuple) => rest(run, at, value, tuple.len(), seen),
                None => Truth::Yes,
            }
        }
        "contains" if run.dialect(at) == Dialect::Draft2020 => contains(run, at, value, seen),
        "uniqueItems" if value.as_bool() == Some(true) => unique(run, at, value),
        _ => Truth::Yes,
    }
}

fn items<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    if value.is_array() {
        return if run.dialect(at) == Dialect::Draft4 {
            tuple(run, at, value, seen)
        } else {
            Truth::Yes
        };
    }
    let prefix = match run.dialect(at) {
        Dialect::Draft2020 => at.schema.get("prefixItems").map_or(0, NodeRef::len),
        _ => 0,
    };
    rest(run, at, value, prefix, seen)
}

fn tuple<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    schemas: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let mut truth = Truth::Yes;
    for (place, (item, schema)) in at.instance.items().zip(schemas.items()).enumerate() {
        seen.mark(place);
        truth = truth.and(run.descend(schema, item));
    }
    truth
}

/// Applies a schema to the items from `from` on.
fn rest<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    schema: NodeRef<'d>,
    from: usize,
    seen: &mut Seen,
) -> Truth {
    let mut truth = Truth::Yes;
    if schema.as_bool() == Some(false) && at.instance.len() > from {
        let message = format!("{} has more than {}", show(at.instance), count(from, "item"));
        truth = run.problem(at, schema, "items", message);
    } else {
        for item in at.instance.items().skip(from) {
            truth = truth.and(run.descend(schema, item));
        }
    }
    seen.mark_all();
    truth
}

fn contains<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    schema: NodeRef<'d>,
    seen: &mut Seen,
) -> Truth {
    let bound = |name| {
        let number = at.schema.get(name).and_then(NodeRef::as_number)?;
        number.as_i128().and_then(|bound| usize::try_from(bound).ok())
    };
    let (minimum, maximum) = (bound("minContains").unwrap_or(1), bound("maxContains"));
    let (mut certain, mut possible) = (0, 0);
    for (place, item) in at.instance.items().enumerate() {
        let (truth, _) = run.attempt(At { schema, instance: item }, &mut Seen::default());
        if truth == Truth::Yes {
            seen.mark(place);
            certain += 1;
        }
        possible += usize::from(truth != Truth::No);
    }
    let too_many = maximum.is_some_and(|maximum| certain > maximum);
    if possible < minimum || too_many {
        let message =
            format!("{} has {} for `contains`", show(at.instance), count(certain, "item"));
        return run.problem(at, schema, "contains", message);
    }
    let undecided = certain < minimum || maximum.is_some_and(|maximum| possible > maximum);
    if undecided { run.undecided(schema, "some items cannot be decided") } else { Truth::Yes }
}

fn unique<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    value: NodeRef<'d>,
) -> Truth {
    let mut first = FxHashMap::default();
    for (place, item) in at.instance.items().enumerate() {
        if let Some(earlier) = first.insert(canonical(item), place) {
            let message = format!("items {earlier} and {place} of the array are equal");
            return run.problem(at, value, "uniqueItems", message);
        }
    }
    Truth::Yes
}

/// `unevaluatedItems`, once all other keywords have spoken.
pub(super) fn unevaluated<'d, R: References<'d>>(
    run: &mut Run<'_, 'd, R>,
    at: At<'d>,
    seen: &mut Seen,
) -> Truth {
    let Some(schema) = at.schema.get("unevaluatedItems") else { return Truth::Yes };
    if run.dialect(at) != Dialect::Draft2020 || !at.instance.is_array() {
        return Truth::Yes;
    }
    if seen.unsure {
        return run.undecided(schema, "what other schemas evaluate is not known");
    }
    let mut truth = Truth::Yes;
    for (place, item) in at.instance.items().enumerate() {
        if !seen.has(place) {
            truth = truth.and(run.descend(schema, item));
        }
    }
    seen.mark_all();
    truth
}
