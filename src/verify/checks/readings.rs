//! Plain scalars that parsers read differently, where they stand in the meaning of the contract.
//!
//! * **Source.** YAML 1.2.2, section 10.3.2 against YAML 1.1; OpenAPI 3.1.1, section 4.4
//!   (YAML 1.2 is recommended, its JSON schema ruleset required); RFC 8259, section 6
//!   (integers beyond 2^53 are not exact everywhere).

use crate::{
    document::{
        Kind, NodeRef, Span, Style, TextEdit, Value, quote_double, yaml_1_1_reading, yaml_1_1_value,
    },
    finding::{At, Coverage, Draft, PatchOperation, Safety},
    openapi::{Kind as Object, Visit},
};

use crate::verify::{context::Context, sink::Sink};

/// How many values of one example a finding shows.
const SHOWN_MAX: usize = 5;

/// Reports words, dates and numbers that YAML 1.1 reads otherwise, and integers that a reader of
/// doubles rounds.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let schema = visit.node;
        let listed = schema.get("enum").into_iter().flat_map(NodeRef::items);
        for value in listed.chain(schema.get("const")) {
            choice(schema, value, sink);
            rounded(value, sink);
        }
        for value in schema.get("examples").into_iter().flat_map(NodeRef::items) {
            given(value, "example", sink);
        }
        for (key, what) in [("example", "example"), ("default", "default")] {
            if let Some(value) = schema.get(key) {
                given(value, what, sink);
            }
        }
        keys(schema.get("properties"), sink);
        for name in schema.get("required").into_iter().flat_map(NodeRef::items) {
            if let Some(text) = name.as_str().filter(|text| !is_letter(text)) {
                named(name, At::Value(name), name.span(), text, sink);
            }
        }
    }
    for kind in [Object::Parameter, Object::Header, Object::MediaType] {
        for value in cx.walk.visits(kind).iter().filter_map(|it| it.node.get("example")) {
            given(value, "example", sink);
        }
    }
    for visit in cx.walk.visits(Object::Example) {
        for key in ["value", "dataValue"] {
            if let Some(value) = visit.node.get(key) {
                given(value, "example", sink);
            }
        }
    }
    names(cx, sink);
}

/// Names and texts outside schemas that others refer to or compare.
fn names<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    for visit in cx.walk.visits(Object::Discriminator) {
        keys(visit.node.get("mapping"), sink);
    }
    for visit in cx.walk.visits(Object::Components) {
        for entry in visit.node.entries().filter(|entry| !entry.key.starts_with("x-")) {
            keys(Some(entry.value), sink);
        }
    }
    let text = |visit: &Visit<'d>, key: &str, sink: &mut Sink<'_, 'd>| {
        if let Some(value) = visit.node.get(key)
            && let Some(text) = value.as_str()
        {
            named(value, At::Value(value), value.span(), text, sink);
        }
    };
    for visit in cx.walk.visits(Object::Info) {
        text(visit, "version", sink);
    }
    for visit in cx.walk.visits(Object::ServerVariable) {
        text(visit, "default", sink);
        for value in visit.node.get("enum").into_iter().flat_map(NodeRef::items) {
            if let Some(text) = value.as_str() {
                named(value, At::Value(value), value.span(), text, sink);
            }
        }
    }
}

/// `y` and `n`: booleans by the letter of YAML 1.1, but to hardly any parser, and names of many
/// things.
fn is_letter(text: &str) -> bool {
    matches!(text, "y" | "n" | "Y" | "N")
}

/// The keys of a map that are names.
fn keys<'d>(map: Option<NodeRef<'d>>, sink: &mut Sink<'_, 'd>) {
    for entry in map.into_iter().flat_map(NodeRef::entries) {
        let is_own = entry.value.key_span() == Some(entry.key_span);
        if is_own && !is_letter(entry.key) {
            named(entry.value, At::Key(entry.value), entry.key_span, entry.key, sink);
        }
    }
}

/// A text that YAML 1.2 reads as a string, unless it is quoted.
fn named<'d>(node: NodeRef<'d>, at: At<'d>, span: Span, text: &str, sink: &mut Sink<'_, 'd>) {
    let document = node.document();
    if document.is_json() || span.slice(document.text()) != text {
        return;
    }
    let Some(old) = yaml_1_1_reading(text).filter(|_| is_text(text)) else { return };
    let quoted = quote_double(text);
    let message = format!("YAML 1.1 reads `{text}` as {old}, YAML 1.2 as a string");
    let draft = Draft::new("ambiguous-value", at, message)
        .fact(text)
        .witness(witness(text, Value::from(text)))
        .help(format!("write `{quoted}`"));
    sink.push(draft.fix(Safety::Safe, [TextEdit { span, text: quoted }], []));
}

/// Whether YAML 1.2 reads a plain text as a string, and YAML 1.1 does not.
fn is_text(text: &str) -> bool {
    yaml_1_1_reading(text).is_none_or(|old| old != "a string")
        && Value::from_json(text).is_none_or(|value| matches!(value, Value::String(_)))
}

/// What the two versions read.
fn witness(text: &str, new: Value) -> Value {
    let old = yaml_1_1_value(text).unwrap_or_else(|| Value::from(text));
    Value::object([("yaml 1.1", old), ("yaml 1.2", new)])
}

/// What YAML 1.1 reads a plain scalar as, where that is something else.
fn other_reading(value: NodeRef<'_>) -> Option<(&str, &'static str)> {
    if value.style() != Style::Plain || value.document().is_json() {
        return None;
    }
    let text = value.scalar_text()?;
    Some((text, yaml_1_1_reading(text)?))
}

/// A value of `enum` or `const`.
fn choice<'d>(schema: NodeRef<'d>, value: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let Some((text, old)) = other_reading(value) else { return };
    let new = if value.as_str().is_some() { "a string" } else { "a number" };
    let message = format!("YAML 1.1 reads `{text}` as {old}, YAML 1.2 as {new}");
    let draft = Draft::new("ambiguous-enum-value", At::Value(value), message)
        .fact(text)
        .witness(witness(text, value.to_value()));
    sink.push(unambiguous(draft, schema, value, text));
}

/// Writes the value that the type of the schema wants so that nobody can read it otherwise.
fn unambiguous<'d>(
    draft: Draft<'d>,
    schema: NodeRef<'d>,
    value: NodeRef<'d>,
    text: &str,
) -> Draft<'d> {
    let kind = schema.get("type");
    let listed = kind.into_iter().flat_map(NodeRef::items).filter_map(NodeRef::as_str);
    let types: Vec<_> = kind.and_then(NodeRef::as_str).into_iter().chain(listed).collect();
    if value.as_number().is_some() {
        return draft.help("write the number in digits alone");
    }
    if types.is_empty() || types.contains(&"string") {
        let quoted = quote_double(text);
        let patch = [PatchOperation::replace(value.pointer(), Value::from(text))];
        let edit = TextEdit { span: value.span(), text: quoted.clone() };
        return draft.help(format!("write `{quoted}`")).fix(Safety::Safe, [edit], patch);
    }
    let draft = match yaml_1_1_value(text) {
        Some(meant @ (Value::Bool(_) | Value::Number(_))) => {
            draft.help(format!("write `{}`", meant.to_json()))
        }
        _ => return draft.help("write a value of the schema's type"),
    };
    let values = match value.parent().filter(|list| list.is_array()) {
        Some(list) => list.items().collect(),
        None => vec![value],
    };
    let (mut edits, mut patch) = (Vec::new(), Vec::new());
    for value in values {
        let right = match value.kind() {
            Kind::Bool => types.contains(&"boolean"),
            Kind::Number => types.iter().any(|it| is_number(it)),
            Kind::Null => types.contains(&"null"),
            _ => false,
        };
        if right {
            continue;
        }
        // All of them or none: what is left would not fit its schema.
        match other_reading(value).and_then(|(text, _)| yaml_1_1_value(text)) {
            Some(meant) if fits(&meant, &types) => {
                edits.push(TextEdit { span: value.span(), text: meant.to_json() });
                patch.push(PatchOperation::replace(value.pointer(), meant));
            }
            _ => return draft,
        }
    }
    draft.fix(Safety::Safe, edits, patch)
}

/// Whether a value that YAML 1.1 reads has one of these types.
fn fits(value: &Value, types: &[&str]) -> bool {
    match value {
        Value::Bool(_) => types.contains(&"boolean"),
        Value::Number(_) => types.iter().any(|it| is_number(it)),
        _ => false,
    }
}

fn is_number(name: &str) -> bool {
    matches!(name, "number" | "integer")
}

/// An example or default: one finding for all of its values.
fn given<'d>(root: NodeRef<'d>, what: &str, sink: &mut Sink<'_, 'd>) {
    let mut found = Vec::new();
    let mut stack = vec![root];
    while let Some(value) = stack.pop() {
        rounded(value, sink);
        if let Some((text, old)) = other_reading(value) {
            found.push((value, text, old));
        }
        let own = |child: &NodeRef<'d>| child.parent() == Some(value);
        let members = value.entries().map(|entry| entry.value).chain(value.items()).filter(own);
        let from = stack.len();
        stack.extend(members);
        stack.get_mut(from..).unwrap_or_default().reverse();
    }
    let Some((first, text, old)) = found.first().copied() else { return };
    let new = if first.as_str().is_some() { "a string" } else { "a number" };
    let more = match found.len() {
        1 => String::new(),
        2 => ", and 1 value more of it otherwise too".to_owned(),
        count => format!(", and {} values more of it otherwise too", count - 1),
    };
    let message =
        format!("YAML 1.1 reads `{text}` of the {what} as {old}, YAML 1.2 as {new}{more}");
    let mut draft = Draft::new("ambiguous-value", At::Value(first), message)
        .fact("values")
        .named_by(root)
        .witness(witness(text, first.to_value()));
    for (value, text, old) in found.iter().skip(1).take(SHOWN_MAX) {
        draft = draft.related(At::Value(*value), format!("`{text}` is {old} to YAML 1.1"));
    }
    if found.iter().all(|(value, ..)| value.as_str().is_some()) {
        let quoted = found
            .iter()
            .map(|(value, text, _)| TextEdit { span: value.span(), text: quote_double(text) });
        draft = draft.help("put the values in quotes").fix(Safety::Safe, quoted, []);
    } else {
        draft = draft.help("write numbers in digits alone, and put texts in quotes");
    }
    sink.push(draft);
}

/// An integer that no double holds.
fn rounded<'d>(value: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
    let Some(number) = value.as_number().filter(|number| number.text().len() > 15) else { return };
    let text = number.text();
    if !text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let (Some(exact), Some(double)) = (number.as_i128(), number.as_f64()) else { return };
    // Of all numbers that are read as the same double, one is written back as it was.
    let read = format!("{double}");
    if read.parse() == Ok(exact) {
        return;
    }
    let message = format!("a reader of doubles, such as JavaScript, reads `{text}` as `{read}`");
    let draft = Draft::new("imprecise-number", At::Value(value), message).witness(Value::object([
        ("exact", Value::from_json(text).unwrap_or(Value::Null)),
        ("double", Value::from_json(&read).unwrap_or(Value::Null)),
    ]));
    sink.push(draft);
}
