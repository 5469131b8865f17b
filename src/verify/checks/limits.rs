//! Values of any size or form: strings, arrays, numbers and objects without bounds.
//!
//! * **Source.** OWASP API Security Top 10 2023: API3 (object properties), API4 (resources).

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::{Direction, Kind as Object, Role, Visit},
};

use crate::verify::{checks::each, context::Context, sink::Sink};

/// Reports schemas that let in, or give out, more than anybody needs.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let schema = visit.node;
        let judge = Judge { visit, at: At::Key(schema) };
        for name in each::types(schema) {
            match name {
                "string" => judge.string(sink),
                "array" => judge.array(sink),
                "integer" | "number" => judge.number(name, sink),
                "object" => judge.object(sink),
                _ => {}
            }
        }
    }
}

/// One schema.
struct Judge<'j, 'd> {
    visit: &'j Visit<'d>,
    at: At<'d>,
}

impl<'d> Judge<'_, 'd> {
    fn has(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.visit.node.get(key).is_some())
    }

    fn says(&self, rule: &'static str, what: &str, sink: &mut Sink<'_, 'd>) {
        if sink.wants(rule) {
            let message = format!("{} {what}", name(self.visit));
            sink.push(Draft::new(rule, self.at, message));
        }
    }

    fn string(&self, sink: &mut Sink<'_, 'd>) {
        if self.has(&["enum", "const"]) {
            return;
        }
        if !self.has(&["maxLength"]) && !self.has(&["format"]) {
            self.says("unlimited-string", "is a string of any length", sink);
        }
        if !self.has(&["format", "pattern", "contentEncoding", "contentMediaType"]) {
            self.says("unrestricted-string", "is a string of any form", sink);
        }
    }

    fn array(&self, sink: &mut Sink<'_, 'd>) {
        if !self.has(&["maxItems", "enum", "const"]) {
            self.says("unlimited-array", "is an array of any length", sink);
        }
        if !self.has(&["items", "prefixItems", "contains"]) {
            self.says("array-without-items", "is an array of anything", sink);
        }
        let items = self.visit.node.get("items");
        if items.is_some_and(|items| each::is_typed(items, "array")) {
            self.says("array-of-arrays", "is an array of arrays", sink);
        }
    }

    fn number(&self, name: &str, sink: &mut Sink<'_, 'd>) {
        if self.has(&["enum", "const"]) {
            return;
        }
        if !self.has(&["format"]) {
            self.says("number-without-format", &format!("is a {name} of any size"), sink);
        }
        let (low, high) = (["minimum", "exclusiveMinimum"], ["maximum", "exclusiveMaximum"]);
        if name == "integer" && !(self.has(&low) && self.has(&high)) {
            self.says("unlimited-integer", "is an integer without both bounds", sink);
        }
        for pair in [low, high] {
            let numbers = pair.iter().filter_map(|key| self.visit.node.get(key));
            if numbers.filter(|it| it.as_number().is_some()).count() == 2 {
                let [one, other] = pair;
                let what = format!("has both `{one}` and `{other}`");
                self.says("two-bounds-on-one-side", &what, sink);
            }
        }
    }

    fn object(&self, sink: &mut Sink<'_, 'd>) {
        let schema = self.visit.node;
        let composed = matches!(self.visit.role, Role::AllOf | Role::AnyOf | Role::OneOf);
        let request = self.visit.directions.contains(Direction::Request);
        let rest = schema.get("additionalProperties").or(schema.get("unevaluatedProperties"));
        let combined = self.has(&["allOf", "anyOf", "oneOf", "$ref"]);
        match rest {
            None if request && !composed && !combined && self.has(&["properties"]) => {
                self.says("open-request-object", "takes properties that it does not list", sink);
            }
            Some(value) if value.as_bool() == Some(true) || value.is_object() => {
                if !self.has(&["maxProperties"]) {
                    self.says("unlimited-object", "is an object of any size", sink);
                }
                if value.as_bool() == Some(true) || value.is_empty() {
                    self.says("unrestricted-object", "takes properties of any kind", sink);
                }
            }
            _ => {}
        }
    }
}

/// How a sentence names a schema.
pub(super) fn name(visit: &Visit<'_>) -> String {
    let node = visit.node;
    let named = match visit.role {
        Role::Property | Role::Component | Role::PatternProperty | Role::Definition => node.key(),
        Role::Parameter => node.parent().and_then(|it| it.get("name")?.as_str()),
        Role::Header => node.parent().and_then(NodeRef::key),
        _ => None,
    };
    match named {
        Some(name) => format!("`{name}`"),
        None => "the schema".to_owned(),
    }
}
