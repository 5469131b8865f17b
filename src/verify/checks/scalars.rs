//! Strings that look like numbers.
//!
//! * **Source.** RFC 8259, section 6.

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Role, Visit},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports strings whose every known value is a number.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        check_number_like(visit, sink);
    }
}

/// Keywords that say what kind of string it is.
const TELLING: [&str; 4] = ["format", "pattern", "contentEncoding", "contentMediaType"];

fn check_number_like<'d>(visit: &Visit<'d>, sink: &mut Sink<'_, 'd>) {
    let schema = visit.node;
    let Some(kind) = schema.get("type") else { return };
    let mut types = kind.as_str().into_iter().chain(kind.items().filter_map(NodeRef::as_str));
    let is_string = types.any(|name| name == "string") && types.all(|name| name == "null");
    if !is_string || TELLING.iter().any(|keyword| schema.get(keyword).is_some()) {
        return;
    }
    let lists = ["enum", "examples"].into_iter().filter_map(|key| schema.get(key));
    let single = ["example", "default", "const"].into_iter().filter_map(|key| schema.get(key));
    let mut values: Vec<_> = single.chain(lists.flat_map(NodeRef::items)).collect();
    values.retain(|value| !value.is_null());
    let is_number = |node: &NodeRef<'_>| node.as_str().is_some_and(is_json_number);
    let Some(first) = values.first().filter(|_| values.iter().all(is_number)) else { return };
    let name = match visit.role {
        Role::Property | Role::Component => schema.key(),
        Role::Parameter => schema.parent().and_then(|it| it.get("name")?.as_str()),
        _ => None,
    };
    let message = match name {
        Some(name) => format!("`{name}` is a string, but every value given for it is a number"),
        None => "this is a string, but every value given for it is a number".to_owned(),
    };
    let draft = Draft::new("number-like-string", At::Key(schema), message)
        .related(At::Value(*first), "such as this one");
    sink.push(draft);
}

/// Whether a text is a number by the grammar of JSON (RFC 8259, section 6).
fn is_json_number(text: &str) -> bool {
    let ends = text.starts_with(|char: char| char == '-' || char.is_ascii_digit())
        && text.ends_with(|char: char| char.is_ascii_digit());
    ends && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}
