//! What a schema says of the values around the place where it stands.
//!
//! * **Shape.** A [`Statement`] is one keyword with its value, and the way from the value of the
//!   schema that was asked to the one that the keyword is about.

use rustc_hash::FxHashSet;

use crate::document::{Kind, NodeRef};

use super::{
    applied::{Schemas, Step, mark},
    comparison::{Key, Says, Side},
};

/// One thing that a schema says.
#[derive(Clone, Debug)]
pub(super) struct Statement<'d> {
    /// The way to the value that the keyword judges.
    pub(super) at: Vec<Step<'d>>,
    /// The members of that value that it speaks of; nothing where it is about all of it.
    pub(super) about: Option<Step<'d>>,
    pub(super) keyword: &'d str,
    pub(super) value: NodeRef<'d>,
    /// Whether what it says of a value it says of everything in it.
    pub(super) is_deep: bool,
}

/// Gathers what schemas say.
pub(super) struct Gatherer<'s, 'd> {
    pub(super) side: &'s Side<'d>,
    pub(super) schemas: &'s Schemas<'s, 'd>,
    /// Whose words these are not: what an owner says himself.
    pub(super) is_owned: &'s dyn Fn(NodeRef<'d>) -> bool,
    seen: FxHashSet<(Key, u64)>,
    found: Vec<Statement<'d>>,
}

impl<'s, 'd> Gatherer<'s, 'd> {
    pub(super) fn new(
        side: &'s Side<'d>,
        schemas: &'s Schemas<'s, 'd>,
        is_owned: &'s dyn Fn(NodeRef<'d>) -> bool,
    ) -> Self {
        Self { side, schemas, is_owned, seen: FxHashSet::default(), found: Vec::new() }
    }

    /// What a schema says, or one keyword of it.
    pub(super) fn gather(
        mut self,
        schema: NodeRef<'d>,
        keyword: Option<&str>,
    ) -> Vec<Statement<'d>> {
        match keyword {
            None => self.schema(schema, &[]),
            Some(keyword) => {
                let entries = schema.entries().filter(|entry| entry.key == keyword);
                entries.for_each(|entry| self.keyword(schema, entry.key, entry.value, &[]));
            }
        }
        self.found
    }

    fn schema(&mut self, schema: NodeRef<'d>, at: &[Step<'d>]) {
        let key = (self.side.key(schema), mark(at));
        if (self.is_owned)(schema) || at.len() > 8 || !self.seen.insert(key) {
            return;
        }
        if schema.as_bool() == Some(false) {
            self.say(at, None, "false", schema, true);
        }
        for entry in schema.entries() {
            self.keyword(schema, entry.key, entry.value, at);
        }
    }

    fn say(
        &mut self,
        at: &[Step<'d>],
        about: Option<Step<'d>>,
        keyword: &'d str,
        value: NodeRef<'d>,
        is_deep: bool,
    ) {
        self.found.push(Statement { at: at.to_vec(), about, keyword, value, is_deep });
    }

    fn keyword(
        &mut self,
        schema: NodeRef<'d>,
        keyword: &'d str,
        value: NodeRef<'d>,
        at: &[Step<'d>],
    ) {
        let below = |step: Step<'d>| [at, &[step]].concat();
        match keyword {
            "allOf" | "anyOf" | "oneOf" => value.items().for_each(|it| self.schema(it, at)),
            "not" if value.is_object() && value.is_empty() || value.as_bool() == Some(true) => {
                self.say(at, None, keyword, value, true);
            }
            "not" if value.as_bool() == Some(false) => {}
            "not" | "if" | "then" | "else" => self.schema(value, at),
            "dependentSchemas" => value.entries().for_each(|it| self.schema(it.value, at)),
            "$ref" => {
                if let Some(target) = self.schemas.target(schema) {
                    self.schema(target, at);
                }
            }
            "properties" => {
                for entry in value.entries() {
                    self.schema(entry.value, &below(Step::Name(entry.key)));
                }
            }
            "patternProperties" => {
                for entry in value.entries() {
                    self.schema(entry.value, &below(Step::Pattern(entry.key)));
                }
            }
            "additionalProperties" => {
                self.schema(value, &below(Step::Others([schema].into())));
            }
            "unevaluatedProperties" => {
                self.schema(value, &below(self.schemas.unevaluated(schema)));
            }
            "items" | "contains" | "unevaluatedItems" | "additionalItems" => {
                self.schema(value, &below(Step::Item));
            }
            "prefixItems" => {
                value.items().for_each(|it| self.schema(it, &below(Step::Item)));
            }
            "required" => {
                for name in value.items().filter_map(NodeRef::as_str) {
                    self.say(at, Some(Step::Name(name)), keyword, value, false);
                }
            }
            "dependentRequired" => self.dependent_required(value, at),
            "propertyNames" => self.say(at, Some(Step::Any), keyword, value, false),
            "discriminator" => {
                let name = value.get("propertyName").and_then(NodeRef::as_str);
                let about = name.map(Step::Name);
                self.say(at, about, keyword, value, false);
            }
            "$defs" | "definitions" | "$id" | "$schema" | "$anchor" | "$dynamicAnchor" => {}
            _ if matches!(self.side.says(schema, keyword), Says::Words | Says::Nothing) => {}
            _ => self.say(at, None, keyword, value, is_deep(keyword, value)),
        }
    }

    /// Presence of one name asks for others.
    fn dependent_required(&mut self, value: NodeRef<'d>, at: &[Step<'d>]) {
        for entry in value.entries() {
            let names = entry.value.items().filter_map(NodeRef::as_str);
            for name in names.chain([entry.key]) {
                self.say(at, Some(Step::Name(name)), "dependentRequired", entry.value, false);
            }
        }
    }
}

/// Whether a keyword that judges a value says something of all that is in it.
fn is_deep(keyword: &str, value: NodeRef<'_>) -> bool {
    match keyword {
        "enum" | "const" | "readOnly" | "writeOnly" => true,
        "type" => {
            let is_container = |it: NodeRef<'_>| matches!(it.as_str(), Some("object" | "array"));
            match value.kind() {
                Kind::Array => !value.items().any(is_container),
                _ => !is_container(value),
            }
        }
        _ => false,
    }
}

/// Whether a schema says the same by a keyword of its own.
pub(super) fn is_said(
    statement: &Statement<'_>,
    schema: NodeRef<'_>,
    equal: impl Fn(NodeRef<'_>, NodeRef<'_>) -> bool,
) -> bool {
    let Some(value) = schema.get(statement.keyword) else {
        return statement.keyword == "false" && schema.as_bool() == Some(false);
    };
    match (statement.keyword, &statement.about) {
        ("required", Some(Step::Name(name))) => {
            value.items().any(|item| item.as_str() == Some(*name))
        }
        ("dependentRequired", _) => {
            let key = statement.value.key().unwrap_or_default();
            value.get(key).is_some_and(|other| equal(other, statement.value))
        }
        _ => equal(value, statement.value),
    }
}
