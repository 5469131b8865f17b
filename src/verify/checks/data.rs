//! The rules that are data alone: for every object of a kind, something is true of its fields.

use rustc_hash::FxHashMap;

use crate::{
    document::{NodeId, NodeRef},
    finding::{At, Coverage, Draft},
    openapi::{Kind as Object, Role, Visit},
    ruleset::{Assertion, Function, Rule},
    schema::Pattern,
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// Titles of operations, by node.
type Titles = FxHashMap<(usize, NodeId), String>;

/// Reports the objects of which what the rules say is not true.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    let rules = sink.data_rules();
    let assertions: Vec<(&Rule, &Assertion)> =
        rules.into_iter().filter_map(|rule| Some((rule, rule.assertion()?))).collect();
    let operations = assertions.iter().any(|(_, it)| it.given.contains(&Object::Operation));
    let titles = if operations { titles(cx) } else { Titles::default() };
    for (rule, assertion) in assertions {
        let judge = Judge::new(cx, rule.name(), assertion, &titles);
        for kind in &assertion.given {
            for visit in cx.walk.visits(*kind) {
                if judge.is_meant(visit.node) {
                    judge.object(visit, sink);
                }
            }
        }
    }
}

fn titles(cx: &Context<'_, '_>) -> Titles {
    let description = cx.walk.description();
    let key = |node: NodeRef<'_>| (description.slot(node), node.id());
    each::operations(cx).map(|it| (key(it.node), it.title())).collect()
}

/// One assertion, made ready.
struct Judge<'j, 'd> {
    cx: &'j Context<'j, 'd>,
    rule: &'static str,
    assertion: &'j Assertion,
    titles: &'j Titles,
    must: Option<Pattern>,
    must_not: Option<Pattern>,
}

impl<'j, 'd> Judge<'j, 'd> {
    fn new(
        cx: &'j Context<'j, 'd>,
        rule: &'static str,
        assertion: &'j Assertion,
        titles: &'j Titles,
    ) -> Self {
        let pattern = |text: &Option<String>| Pattern::new(text.as_ref()?).ok();
        let (must, must_not) = match &assertion.function {
            Function::Pattern { r#match, not_match } => (pattern(r#match), pattern(not_match)),
            _ => (None, None),
        };
        Self { cx, rule, assertion, titles, must, must_not }
    }

    fn is_meant(&self, node: NodeRef<'d>) -> bool {
        self.assertion.when.as_ref().is_none_or(|(field, words)| {
            let word = node.get(field).and_then(NodeRef::as_str);
            word.is_some_and(|word| words.iter().any(|it| it == word))
        })
    }

    fn object(&self, visit: &Visit<'d>, sink: &mut Sink<'_, 'd>) {
        let node = visit.node;
        let mut fields = self.assertion.fields.iter().map(String::as_str);
        match &self.assertion.function {
            Function::Or => {
                if !fields.any(|field| is_truthy(node, field)) {
                    sink.push(self.draft(visit, At::Key(node), "", ""));
                }
            }
            Function::Truthy => {
                for field in fields.filter(|field| !is_truthy(node, field)) {
                    sink.push(self.draft(visit, At::Key(node), field, ""));
                }
            }
            Function::Undefined => {
                for (field, value) in fields.filter_map(|it| Some((it, node.get(it)?))) {
                    let shown = value.scalar_text().unwrap_or_default();
                    sink.push(self.draft(visit, At::Key(value), field, shown));
                }
            }
            _ => {
                for field in fields {
                    self.field(visit, field, sink);
                }
            }
        }
    }

    fn field(&self, visit: &Visit<'d>, field: &str, sink: &mut Sink<'_, 'd>) {
        let node = visit.node;
        let (at, text, len) = if field == "@key" {
            let Some(key) = node.key() else { return };
            (At::Key(node), key, key.chars().count())
        } else {
            let Some(value) = node.get(field) else { return };
            let text = value.as_str().unwrap_or_default();
            let len = if value.as_str().is_some() { text.chars().count() } else { value.len() };
            (At::Value(value), text, len)
        };
        let holds = match &self.assertion.function {
            Function::Pattern { .. } => {
                let fits = |pattern: &Pattern| pattern.is_match(text);
                let must = self.must.as_ref().is_none_or(|it| fits(it) != Some(false));
                let must_not = self.must_not.as_ref().is_none_or(|it| fits(it) != Some(true));
                text.is_empty() || must && must_not
            }
            Function::Length { max } => len <= *max,
            Function::Enumeration { values } => values.iter().any(|it| it == text),
            _ => true,
        };
        if !holds {
            sink.push(self.draft(visit, at, field, text));
        }
    }

    fn draft(&self, visit: &Visit<'d>, at: At<'d>, field: &str, value: &str) -> Draft<'d> {
        let object = self.name(visit);
        let value: String = value.chars().take(120).collect();
        let message = self.assertion.message.replace("{object}", &object);
        let message = message.replace("{field}", field).replace("{value}", &value);
        Draft::new(self.rule, at, message).fact(field)
    }

    /// How a sentence names an object.
    fn name(&self, visit: &Visit<'d>) -> String {
        let node = visit.node;
        let text = |key| node.get(key).and_then(NodeRef::as_str);
        let named = match visit.kind {
            Object::OpenApi => return "the document".to_owned(),
            Object::Operation => {
                let key = (self.cx.walk.description().slot(node), node.id());
                self.titles.get(&key).cloned()
            }
            Object::Parameter => {
                return match (text("in"), text("name")) {
                    (Some(place), Some(name)) => format!("the {place} parameter `{name}`"),
                    _ => "the parameter".to_owned(),
                };
            }
            Object::Tag => text("name").map(str::to_owned),
            Object::Server => text("url").map(str::to_owned),
            Object::Schema if visit.role == Role::Item => None,
            _ => node.key().map(str::to_owned),
        };
        match named {
            Some(name) => format!("`{name}`"),
            None => visit.kind.name().to_owned(),
        }
    }
}

/// Whether a field is there and says something.
fn is_truthy(node: NodeRef<'_>, field: &str) -> bool {
    let Some(value) = node.get(field) else { return false };
    let collection = value.is_object() || value.is_array();
    if collection {
        !value.is_empty()
    } else {
        value.scalar_text().is_some_and(|it| !it.is_empty())
    }
}
