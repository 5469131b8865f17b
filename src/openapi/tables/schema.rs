//! The keywords of schemas: a closed list in 3.0, JSON Schema 2020-12 with four more since 3.1.

use crate::openapi::version::Versions;

use super::{
    Constraint, Field, Keys, Kind, Role, Rule, Shape, Table, Text,
    field::{MAP_OF_TEXTS, TEXT, URI},
    root::EXTERNAL_DOCS,
};

const ALL: Versions = Versions::ALL;
const SINCE_32: Versions = Versions::SINCE_32;

const fn schema(role: Role) -> Shape {
    Shape::Referable(Kind::Schema, role)
}

const PROPERTIES: Shape = Shape::Map(Keys::Any, &schema(Role::Property));
const DISCRIMINATOR_SHAPE: Shape = Shape::Object(Kind::Discriminator, Role::Other);
const XML_SHAPE: Shape = Shape::Object(Kind::Xml, Role::Other);

/// Wright Draft 00 as 3.0 adapts it.
pub(super) static SCHEMA_30: Table = Table {
    section: "schema-object",
    fields: &[
        Field::new("title", TEXT),
        Field::new("multipleOf", Shape::PositiveNumber),
        Field::new("maximum", Shape::Number),
        Field::new("exclusiveMaximum", Shape::Bound(&Shape::Bool)),
        Field::new("minimum", Shape::Number),
        Field::new("exclusiveMinimum", Shape::Bound(&Shape::Bool)),
        Field::new("maxLength", Shape::Count),
        Field::new("minLength", Shape::Count),
        Field::new("pattern", TEXT),
        Field::new("maxItems", Shape::Count),
        Field::new("minItems", Shape::Count),
        Field::new("uniqueItems", Shape::Bool),
        Field::new("maxProperties", Shape::Count),
        Field::new("minProperties", Shape::Count),
        Field::new("required", Shape::Set(1)),
        Field::new("enum", Shape::Array(&Shape::Any, 1)),
        Field::new("type", Shape::Type),
        Field::new("allOf", Shape::Array(&schema(Role::AllOf), 1)),
        Field::new("oneOf", Shape::Array(&schema(Role::OneOf), 1)),
        Field::new("anyOf", Shape::Array(&schema(Role::AnyOf), 1)),
        Field::new("not", schema(Role::Not)),
        Field::new("items", schema(Role::Item)),
        Field::new("properties", PROPERTIES),
        Field::new("additionalProperties", Shape::SchemaOrBool(Role::OtherProperty)),
        Field::new("description", TEXT),
        Field::new("format", TEXT),
        Field::new("default", Shape::Any),
        Field::new("nullable", Shape::Bool),
        Field::new("discriminator", DISCRIMINATOR_SHAPE),
        Field::new("readOnly", Shape::Bool),
        Field::new("writeOnly", Shape::Bool),
        Field::new("xml", XML_SHAPE),
        Field::new("externalDocs", EXTERNAL_DOCS),
        Field::new("example", Shape::Any),
        Field::new("deprecated", Shape::Bool),
    ],
    patterned: None,
    extensible: true,
    rules: &[
        Rule::new(ALL, Constraint::Needs { when: "type", is: "array", fields: &["items"] }),
        Rule::new(ALL, Constraint::NotBothTrue("readOnly", "writeOnly")),
    ],
};

/// JSON Schema 2020-12 (core, applicator, unevaluated, validation, format, content, meta-data)
/// and the base vocabulary of OpenAPI.
pub(super) static SCHEMA: Table = Table {
    section: "schema-object",
    fields: &[
        Field::new("$schema", URI),
        Field::new("$id", Shape::Text(Text::UriWithoutFragment)),
        Field::new("$anchor", Shape::Text(Text::Anchor)),
        Field::new("$dynamicAnchor", Shape::Text(Text::Anchor)),
        Field::new("$vocabulary", Shape::Map(Keys::Any, &Shape::Bool)),
        Field::new("$comment", TEXT),
        Field::new("$ref", TEXT),
        Field::new("$dynamicRef", URI),
        Field::new("$defs", Shape::Map(Keys::Any, &schema(Role::Definition))),
        Field::new("title", TEXT),
        Field::new("description", TEXT),
        Field::new("type", Shape::Type),
        Field::new("format", TEXT),
        Field::new("enum", Shape::Array(&Shape::Any, 0)),
        Field::new("const", Shape::Any),
        Field::new("default", Shape::Any),
        Field::new("allOf", Shape::Array(&schema(Role::AllOf), 1)),
        Field::new("anyOf", Shape::Array(&schema(Role::AnyOf), 1)),
        Field::new("oneOf", Shape::Array(&schema(Role::OneOf), 1)),
        Field::new("not", schema(Role::Not)),
        Field::new("if", schema(Role::Conditional)),
        Field::new("then", schema(Role::Conditional)),
        Field::new("else", schema(Role::Conditional)),
        Field::new("dependentSchemas", Shape::Map(Keys::Any, &schema(Role::Conditional))),
        Field::new("required", Shape::Set(0)),
        Field::new("properties", PROPERTIES),
        Field::new("patternProperties", Shape::Map(Keys::Any, &schema(Role::PatternProperty))),
        Field::new("additionalProperties", schema(Role::OtherProperty)),
        Field::new("unevaluatedProperties", schema(Role::OtherProperty)),
        Field::new("propertyNames", schema(Role::PropertyName)),
        Field::new("minProperties", Shape::Count),
        Field::new("maxProperties", Shape::Count),
        Field::new("dependentRequired", Shape::Map(Keys::Any, &Shape::Set(0))),
        Field::new("prefixItems", Shape::Array(&schema(Role::PrefixItem), 1)),
        Field::new("items", schema(Role::Item)),
        Field::new("unevaluatedItems", schema(Role::Item)),
        Field::new("contains", schema(Role::Item)),
        Field::new("minContains", Shape::Count),
        Field::new("maxContains", Shape::Count),
        Field::new("minItems", Shape::Count),
        Field::new("maxItems", Shape::Count),
        Field::new("uniqueItems", Shape::Bool),
        Field::new("minLength", Shape::Count),
        Field::new("maxLength", Shape::Count),
        Field::new("pattern", TEXT),
        Field::new("multipleOf", Shape::PositiveNumber),
        Field::new("minimum", Shape::Number),
        Field::new("exclusiveMinimum", Shape::Bound(&Shape::Number)),
        Field::new("maximum", Shape::Number),
        Field::new("exclusiveMaximum", Shape::Bound(&Shape::Number)),
        Field::new("contentEncoding", TEXT),
        Field::new("contentMediaType", TEXT),
        Field::new("contentSchema", schema(Role::DecodedContent)),
        Field::new("readOnly", Shape::Bool),
        Field::new("writeOnly", Shape::Bool),
        Field::new("deprecated", Shape::Bool),
        Field::new("examples", Shape::Array(&Shape::Any, 0)),
        Field::new("example", Shape::Any),
        Field::new("discriminator", DISCRIMINATOR_SHAPE),
        Field::new("xml", XML_SHAPE),
        Field::new("externalDocs", EXTERNAL_DOCS),
        // Of earlier drafts; the meta-schema of 2020-12 still checks their shapes.
        Field::new("definitions", Shape::Map(Keys::Any, &schema(Role::Definition))),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static DISCRIMINATOR: Table = Table {
    section: "discriminator-object",
    fields: &[
        Field::new("propertyName", TEXT).required(ALL),
        Field::new("mapping", MAP_OF_TEXTS),
        Field::new("defaultMapping", TEXT).only(SINCE_32),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static XML: Table = Table {
    section: "xml-object",
    fields: &[
        Field::new("nodeType", Shape::Word(&["element", "attribute", "text", "cdata", "none"]))
            .only(SINCE_32),
        Field::new("name", TEXT),
        Field::new("namespace", Shape::Text(Text::AbsoluteUri)),
        Field::new("prefix", TEXT),
        Field::new("attribute", Shape::Bool),
        Field::new("wrapped", Shape::Bool),
    ],
    patterned: None,
    extensible: true,
    rules: &[Rule::new(
        SINCE_32,
        Constraint::NotBeside { beside: "nodeType", fields: &["attribute", "wrapped"] },
    )],
};
