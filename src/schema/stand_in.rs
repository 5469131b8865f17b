//! A second judge for what the evaluator leaves undecided: `jsonschema` over the arena.
//!
//! * **Shape.** The schema and what it refers to are copied once into one JSON Schema whose
//!   references all point into its own `$defs`; the instance is judged where it stands.
//! * **Errors.** Nothing where the schema says what JSON Schema cannot (a discriminator, a
//!   direction) or a reference was not read.

use std::borrow::Cow;

use jsonschema::{
    Draft, JsonType, PatternOptions,
    json::{Array, Json, JsonNumber, Node, NodeIdentity, Object},
};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use crate::document::{Kind, NodeRef, Number};

use super::{Dialect, Options, References, Target, pattern::has_references};

/// How many steps back a pattern may take.
const BACKTRACKS: usize = 100_000;

/// Whether `instance` fits `schema`; nothing where this judge cannot tell either.
pub fn second_opinion<'d, R: References<'d>>(
    references: &R,
    dialect: Dialect,
    instance: NodeRef<'d>,
    schema: NodeRef<'d>,
    options: Options,
) -> Option<bool> {
    let absent = options.absent;
    let (names, open) = (FxHashMap::default(), Vec::new());
    let mut copy = Copy { references, dialect, absent, names, open };
    let name = copy.name(schema);
    let mut definitions = Map::new();
    while let Some((name, schema)) = copy.open.pop() {
        let schema = copy.schema(schema)?;
        definitions.insert(name, schema);
    }
    let whole = json!({ "$ref": format!("#/$defs/{name}"), "$defs": definitions });
    let draft = if dialect == Dialect::Draft4 { Draft::Draft4 } else { Draft::Draft202012 };
    let validator = jsonschema::options_for::<ArenaJson>()
        .with_draft(draft)
        .should_validate_formats(options.formats)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .offline()
        .build(&whole)
        .ok()?;
    Some(validator.is_valid(Handle::Node(instance)))
}

/// Keywords whose value is a schema, a list of schemas, or a map of schemas.
const ONE: [&str; 10] = [
    "additionalProperties",
    "items",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
const MAPS: [&str; 3] = ["properties", "patternProperties", "dependentSchemas"];
const PLAIN: [&str; 20] = [
    "type",
    "enum",
    "const",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
    "required",
    "format",
];

struct Copy<'r, 'd, R> {
    references: &'r R,
    dialect: Dialect,
    /// The keyword of the direction: a schema that carries it is beyond JSON Schema.
    absent: Option<&'static str>,
    names: FxHashMap<(usize, usize), String>,
    open: Vec<(String, NodeRef<'d>)>,
}

impl<'d, R: References<'d>> Copy<'_, 'd, R> {
    /// The name of a definition, which is copied later.
    fn name(&mut self, schema: NodeRef<'d>) -> String {
        let place = (std::ptr::from_ref(schema.document()).addr(), schema.id().index());
        if let Some(name) = self.names.get(&place) {
            return name.clone();
        }
        let name = format!("s{}", self.names.len());
        self.names.insert(place, name.clone());
        self.open.push((name.clone(), schema));
        name
    }

    fn schema(&mut self, schema: NodeRef<'d>) -> Option<Value> {
        if !schema.is_object() {
            return schema.as_bool().map(Value::Bool);
        }
        let mut copy = Map::new();
        if schema.get("$ref").is_some() {
            let Target::Schema(target) = self.references.target(schema) else { return None };
            copy.insert("$ref".to_owned(), json!(format!("#/$defs/{}", self.name(target))));
            if self.dialect.ignores_reference_siblings() {
                return Some(Value::Object(copy));
            }
        }
        for entry in schema.entries() {
            let (key, value) = (entry.key, entry.value);
            let copied = match key {
                "discriminator" | "$dynamicRef" | "$recursiveRef" | "dependentRequired"
                | "dependencies" => return None,
                _ if self.absent == Some(key) => return None,
                // To that engine a reference to a group that took no part fails.
                "pattern" if value.as_str().is_some_and(has_references) => return None,
                "patternProperties" if value.entries().any(|it| has_references(it.key)) => {
                    return None;
                }
                _ if ONE.contains(&key) => self.schema(value)?,
                _ if LISTS.contains(&key) => {
                    value.items().map(|it| self.schema(it)).collect::<Option<Vec<_>>>()?.into()
                }
                _ if MAPS.contains(&key) => {
                    let mut map = Map::new();
                    for entry in value.entries() {
                        map.insert(entry.key.to_owned(), self.schema(entry.value)?);
                    }
                    Value::Object(map)
                }
                _ if PLAIN.contains(&key) => plain(value),
                _ => continue,
            };
            copy.insert(key.to_owned(), copied);
        }
        if self.dialect == Dialect::OpenApi30 {
            modernize(&mut copy, schema);
        }
        Some(Value::Object(copy))
    }
}

/// Writes what OpenAPI 3.0 says by `nullable` and boolean bounds as 2020-12 does.
fn modernize(copy: &mut Map<String, Value>, schema: NodeRef<'_>) {
    let flag = |key| schema.get(key).and_then(NodeRef::as_bool);
    if flag("nullable") == Some(true)
        && let Some(Value::String(name)) = copy.get("type")
    {
        let both = json!([name, "null"]);
        copy.insert("type".to_owned(), both);
    }
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match flag(exclusive) {
            Some(true) => match copy.remove(bound) {
                Some(value) => copy.insert(exclusive.to_owned(), value),
                None => copy.remove(exclusive),
            },
            Some(false) => copy.remove(exclusive),
            None => None,
        };
    }
}

fn plain(node: NodeRef<'_>) -> Value {
    serde_json::from_str(&node.to_value().to_json()).unwrap_or_default()
}

/// Lets `jsonschema` read instances in their arena.
struct ArenaJson;

/// A node of the arena, or a property's name, which is no node.
#[derive(Clone, Copy)]
enum Handle<'a> {
    Node(NodeRef<'a>),
    Name(&'a str),
}

impl Json for ArenaJson {
    type Node<'a> = Handle<'a>;
    type PreparedKey = String;
    type StringBuffer = String;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(
        buffer: &mut String,
        string: &str,
        f: impl FnOnce(Handle<'_>) -> T,
    ) -> T {
        string.clone_into(buffer);
        f(Handle::Name(buffer))
    }
}

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.as_i128().and_then(|value| value.try_into().ok())
    }

    fn as_i64(&self) -> Option<i64> {
        self.as_i128().and_then(|value| value.try_into().ok())
    }

    fn as_f64(&self) -> Option<f64> {
        Number::as_f64(*self)
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_json())
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(serde_json::from_str(&self.to_json()).unwrap_or_else(|_| 0.into()))
    }
}

impl<'a> Handle<'a> {
    fn node(self) -> Option<NodeRef<'a>> {
        match self {
            Self::Node(node) => Some(node),
            Self::Name(_) => None,
        }
    }
}

impl<'a> Node<'a, ArenaJson> for Handle<'a> {
    type Object = Self;
    type Array = Self;
    type Number = Number<'a>;

    fn as_object(&self) -> Option<Self> {
        self.node().filter(|node| node.is_object()).map(Self::Node)
    }

    fn as_array(&self) -> Option<Self> {
        self.node().filter(|node| node.is_array()).map(Self::Node)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Node(node) => node.as_str().map(Cow::Borrowed),
            Self::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<Number<'a>> {
        self.node().and_then(NodeRef::as_number)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.node().and_then(NodeRef::as_bool)
    }

    fn is_null(&self) -> bool {
        self.node().is_some_and(NodeRef::is_null)
    }

    fn json_type(&self) -> JsonType {
        match self.node().map(NodeRef::kind) {
            Some(Kind::Null) => JsonType::Null,
            Some(Kind::Bool) => JsonType::Boolean,
            Some(Kind::Number) => JsonType::Number,
            Some(Kind::Array) => JsonType::Array,
            Some(Kind::Object) => JsonType::Object,
            Some(Kind::String) | None => JsonType::String,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self {
            Self::Node(node) => plain(*node),
            Self::Name(name) => Value::String((*name).to_owned()),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let node = self.node()?;
        let tag = u32::try_from(node.id().index()).ok()?;
        Some(NodeIdentity::tagged(std::ptr::from_ref(node.document()).addr(), tag))
    }
}

impl<'a> Object<'a, ArenaJson> for Handle<'a> {
    type Node = Self;
    type MemberName = &'a str;
    type MembersIter = std::vec::IntoIter<(&'a str, Self)>;

    fn len(&self) -> usize {
        self.node().map_or(0, NodeRef::len)
    }

    fn get(&self, key: &String) -> Option<Self> {
        self.node()?.get(key).map(Self::Node)
    }

    fn members(&self) -> Self::MembersIter {
        let members = self.node().into_iter().flat_map(NodeRef::entries);
        members.map(|entry| (entry.key, Self::Node(entry.value))).collect::<Vec<_>>().into_iter()
    }
}

impl<'a> Array<'a, ArenaJson> for Handle<'a> {
    type Node = Self;
    type ElementsIter = std::vec::IntoIter<Self>;

    fn len(&self) -> usize {
        self.node().map_or(0, NodeRef::len)
    }

    fn elements(&self) -> Self::ElementsIter {
        let items = self.node().into_iter().flat_map(NodeRef::items);
        items.map(Self::Node).collect::<Vec<_>>().into_iter()
    }
}
