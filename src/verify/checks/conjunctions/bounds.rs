//! Bounds that leave nothing between them.

use crate::document::{Decimal, NodeRef, Number};

use crate::verify::sink::Sink;

use super::Search;

/// The keywords that bound from below and from above, and what they count.
const PAIRS: [(&str, &str, &str); 6] = [
    ("minimum", "maximum", "number"),
    ("minLength", "maxLength", "string"),
    ("minItems", "maxItems", "array"),
    ("minProperties", "maxProperties", "object"),
    ("minContains", "maxContains", "array"),
    ("required", "maxProperties", "object"),
];

/// One bound.
struct Bound<'d> {
    node: NodeRef<'d>,
    value: Decimal,
    /// The bound itself is not allowed.
    open: bool,
}

/// Reports the lower and upper bounds of schemas that apply together and contradict each other.
pub(super) fn check<'d>(
    parts: &[NodeRef<'d>],
    search: &mut Search<'_, 'd>,
    sink: &mut Sink<'_, 'd>,
) {
    for (lower, upper, what) in PAIRS {
        let least = bounds(parts, lower).into_iter().reduce(|one, other| {
            let (one_value, other_value) = (&one.value, &other.value);
            if other_value > one_value || other_value == one_value && other.open {
                other
            } else {
                one
            }
        });
        let greatest = bounds(parts, upper).into_iter().reduce(|one, other| {
            let (one_value, other_value) = (&one.value, &other.value);
            if other_value < one_value || other_value == one_value && other.open {
                other
            } else {
                one
            }
        });
        let (Some(least), Some(greatest)) = (least, greatest) else { continue };
        let meet = least.value == greatest.value && (least.open || greatest.open);
        if !(least.value > greatest.value || meet) {
            continue;
        }
        let draft = search.pair("contradictory-bounds", [least.node, greatest.node], |_, _| {
            let (lower, upper) = (shown(least.node), shown(greatest.node));
            format!("{lower} and {upper} leave no {what} between them")
        });
        let fact = format!("{} {}", key(least.node), key(greatest.node));
        if let Some(draft) = draft {
            sink.push(draft.fact(fact.as_str()));
        }
    }
}

fn key(node: NodeRef<'_>) -> &str {
    node.key().unwrap_or_default()
}

fn shown(node: NodeRef<'_>) -> String {
    match node.scalar_text() {
        Some(value) => format!("`{}: {value}`", key(node)),
        None => format!("the {} names of `{}`", node.len(), key(node)),
    }
}

/// The bounds of all parts by one keyword and its exclusive form.
fn bounds<'d>(parts: &[NodeRef<'d>], keyword: &str) -> Vec<Bound<'d>> {
    let exclusive = match keyword {
        "minimum" => "exclusiveMinimum",
        "maximum" => "exclusiveMaximum",
        _ => "",
    };
    let mut bounds = Vec::new();
    for part in parts {
        if keyword == "required" {
            let names = part.get("required").filter(|it| it.is_array());
            bounds.extend(names.and_then(|node| {
                let value = Decimal::parse(&node.len().to_string())?;
                Some(Bound { node, value, open: false })
            }));
            continue;
        }
        let number = |node: NodeRef<'d>| node.as_number().and_then(Number::decimal);
        let flag = part.get(exclusive).and_then(NodeRef::as_bool) == Some(true);
        let bound = |key: &str, open: bool| {
            let node = part.get(key)?;
            Some(Bound { node, value: number(node)?, open })
        };
        bounds.extend(bound(keyword, flag));
        bounds.extend(Some(exclusive).filter(|it| !it.is_empty()).and_then(|it| bound(it, true)));
    }
    bounds
}
