//! One scalar, or an array of strings, against its shape.

use rustc_hash::FxHashMap;

use crate::{
    document::{self, NodeRef, TextEdit, Value, edit},
    finding::{At, Draft, PatchOperation, Safety},
    openapi::{
        nearest::nearest,
        tables::{Shape, Text},
        uri,
    },
};

use super::{
    subject::{alternatives, shown, subject, value_of, what_it_is},
    walker::Walker,
};

impl<'d> Walker<'d> {
    pub(super) fn scalar(&mut self, node: NodeRef<'d>, shape: Shape) {
        match shape {
            Shape::Text(text) => self.text(node, text),
            Shape::Bool if node.as_bool().is_none() => self.wrong_type(node, "a boolean"),
            Shape::Number if node.as_number().is_none() => self.wrong_type(node, "a number"),
            Shape::PositiveNumber | Shape::Count => self.number(node, shape),
            Shape::Word(words) => match node.as_str() {
                None => self.wrong_type(node, "a string"),
                Some(text) if !words.contains(&text) => self.wrong_word(node, text, words),
                Some(_) => {}
            },
            Shape::Set(least) => self.set(node, least),
            Shape::Type if node.is_array() => self.types(node),
            _ => {}
        }
    }

    fn text(&mut self, node: NodeRef<'d>, form: Text) {
        let Some(text) = node.as_str() else { return self.wrong_type(node, "a string") };
        let fault = match form {
            Text::Uri if !uri::is_reference(text) => "must be a URL",
            Text::UriWithoutFragment if !uri::is_reference(text) => "must be a URI reference",
            Text::UriWithoutFragment if has_fragment(text) => "must not have a fragment",
            Text::AbsoluteUri if !uri::is_reference(text) || uri::scheme(text).is_none() => {
                "must be an absolute URI"
            }
            Text::Email if !is_email(text) => "must be an address for e-mail",
            Text::Anchor if !is_anchor(text) => "must be a name that a fragment can carry",
            _ => return,
        };
        self.invalid(node, format!("{} {fault}, not `{}`", subject(node), shown(text)));
    }

    fn number(&mut self, node: NodeRef<'d>, shape: Shape) {
        let Some(number) = node.as_number() else { return self.wrong_type(node, "a number") };
        let negative = number.text().starts_with('-');
        let mantissa = number.text().split(['e', 'E']).next().unwrap_or_default();
        let zero = !mantissa.contains(|char: char| matches!(char, '1'..='9'));
        let (right, what) = if let Shape::PositiveNumber = shape {
            (!negative && !zero, "a number above 0")
        } else {
            let whole = number.as_i128().is_some()
                || number.as_f64().is_some_and(|value| value.fract() == 0.0);
            (whole && (!negative || zero), "an integer, 0 or more")
        };
        if !right {
            let message =
                format!("{} must be {what}, not `{}`", subject(node), shown(number.text()));
            self.invalid(node, message);
        }
    }

    /// An array of strings in which none stands twice.
    fn set(&mut self, node: NodeRef<'d>, least: u8) {
        if !node.is_array() {
            return self.wrong_type(node, "an array");
        }
        if node.len() < usize::from(least) {
            self.must_not_be_empty(node);
        }
        for item in node.items().filter(|item| item.as_str().is_none()) {
            self.wrong_type(item, "a string");
        }
        self.unique(node);
    }

    /// A list of types; what each of them says is looked at where all types are.
    fn types(&mut self, node: NodeRef<'d>) {
        let slot = self.description.slot(node);
        if !self.version(slot).has_json_schema() {
            return;
        }
        if node.is_empty() {
            self.must_not_be_empty(node);
        }
        self.unique(node);
    }

    /// Reports each string of an array that an earlier item is too.
    fn unique(&mut self, node: NodeRef<'d>) {
        let mut first: FxHashMap<&str, NodeRef<'d>> = FxHashMap::default();
        for item in node.items() {
            let Some(text) = item.as_str() else { continue };
            let Some(earlier) = first.insert(text, item) else { continue };
            self.problems.add("invalid-field-value", || {
                let message = format!("{} names `{}` twice", subject(node), shown(text));
                let draft = Draft::new("invalid-field-value", At::Value(item), message)
                    .fact(text)
                    .related(At::Value(earlier), "first named here");
                let patch = [PatchOperation::remove(item.pointer())];
                draft.fix(Safety::Safe, edit::remove(item), patch)
            });
        }
    }

    /// A value of another type than its field has.
    pub(super) fn wrong_type(&mut self, node: NodeRef<'d>, expected: &str) {
        self.problems.add("wrong-field-type", || {
            let message = format!("{} must be {expected}, not {}", subject(node), what_it_is(node));
            let draft = Draft::new("wrong-field-type", value_of(node), message)
                .expected(Value::object([("type", type_named(expected))]));
            let draft = match node.scalar_text() {
                Some(_) => draft.found(node.to_value()),
                None => draft,
            };
            match retyped(node, expected) {
                Some((value, safety)) => replaced(draft, node, value, safety),
                None => match advice(node, expected) {
                    Some(advice) => draft.help(advice),
                    None => draft,
                },
            }
        });
    }

    fn wrong_word(&mut self, node: NodeRef<'d>, text: &str, words: &[&'static str]) {
        self.problems.add("invalid-field-value", || {
            let message =
                format!("{} must be {}, not `{}`", subject(node), alternatives(words), shown(text));
            let draft = Draft::new("invalid-field-value", value_of(node), message)
                .found(text)
                .expected(Value::object([("enum", Value::from(words.to_vec()))]));
            match nearest(text, words.iter().copied()) {
                Some(meant) => {
                    let draft = draft.help(format!("did you mean `{meant}`?")).expected(meant);
                    replaced(draft, node, Value::from(meant), Safety::NeedsReview)
                }
                None => draft,
            }
        });
    }

    pub(super) fn invalid(&mut self, node: NodeRef<'d>, message: String) {
        self.problems.add("invalid-field-value", || {
            let draft = Draft::new("invalid-field-value", value_of(node), message);
            match node.scalar_text() {
                Some(_) => draft.found(node.to_value()),
                None => draft,
            }
        });
    }

    pub(super) fn must_not_be_empty(&mut self, node: NodeRef<'d>) {
        self.invalid(node, format!("{} must not be empty", subject(node)));
    }
}

/// What to do about a value that was meant for another place.
fn advice(node: NodeRef<'_>, expected: &str) -> Option<&'static str> {
    if node.key() == Some("required") && node.as_bool().is_some() && expected == "an array" {
        return Some("name the property in the `required` of the object that has it");
    }
    (node.get("$ref").is_some() && expected == "a string")
        .then_some("a `$ref` may stand only where a whole object stands: write the text itself")
}

/// The type that `a string` or `an object` speaks of.
fn type_named(words: &str) -> Value {
    Value::from(words.rsplit(' ').next().unwrap_or(words))
}

/// Adds the repair that replaces a value.
fn replaced<'d>(draft: Draft<'d>, node: NodeRef<'d>, value: Value, safety: Safety) -> Draft<'d> {
    let Some(edit) = edit::replace(node, &value) else { return draft };
    let patch = PatchOperation::replace(node.pointer(), value);
    draft.fix(safety, [edit] as [TextEdit; 1], [patch])
}

/// Fields that hold any text.
const FREE_TEXTS: [&str; 4] = ["title", "version", "summary", "description"];

/// The same scalar in the type that is expected: a number in quotes, `"true"` without them.
fn retyped(node: NodeRef<'_>, expected: &str) -> Option<(Value, Safety)> {
    use document::Kind::{Bool, Number, String};
    match (node.kind(), expected) {
        (_, "a string") if node.key() == Some("$ref") => None,
        (Number | Bool, "a string") => {
            // Of words for people nothing else is asked.
            let free = node.key().is_some_and(|key| FREE_TEXTS.contains(&key));
            let safety = if free { Safety::Safe } else { Safety::NeedsReview };
            Some((Value::from(node.scalar_text()?), safety))
        }
        (String, "a boolean") => match node.as_str()?.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some((Value::from(true), Safety::NeedsReview)),
            "false" | "no" => Some((Value::from(false), Safety::NeedsReview)),
            _ => None,
        },
        (String, "a number") => {
            let text = node.as_str()?;
            let value = Value::from_json(text)?;
            matches!(value, Value::Number(_)).then_some((value, Safety::NeedsReview))
        }
        _ => None,
    }
}

/// A `#` with something after it: an empty fragment names the whole resource.
fn has_fragment(text: &str) -> bool {
    text.split_once('#').is_some_and(|(_, fragment)| !fragment.is_empty())
}

/// `local@domain`, as loosely as RFC 5322 and RFC 6531 allow.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains(char::is_control);
    let spaced = local.contains(char::is_whitespace) && !local.starts_with('"');
    plain(local) && plain(domain) && !spaced && !domain.contains(char::is_whitespace)
}

/// `^[A-Za-z_][-A-Za-z0-9._]*$`
fn is_anchor(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}
