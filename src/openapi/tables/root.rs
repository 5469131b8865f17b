//! The OpenAPI Object and what describes the API as a whole.

use crate::openapi::version::Versions;

use super::{
    Constraint, Field, Keys, Kind, Role, Rule, Shape, Table, Text,
    field::{TEXT, TEXTS, URI},
};

const ALL: Versions = Versions::ALL;
const SINCE_31: Versions = Versions::SINCE_31;
const SINCE_32: Versions = Versions::SINCE_32;

pub(super) const SERVERS: Shape = Shape::Array(&Shape::Object(Kind::Server, Role::Other), 0);
pub(super) const SECURITY: Shape =
    Shape::Array(&Shape::Object(Kind::SecurityRequirement, Role::Other), 0);
pub(super) const EXTERNAL_DOCS: Shape = Shape::Object(Kind::ExternalDocumentation, Role::Other);

pub(super) static OPENAPI: Table = Table {
    section: "openapi-object",
    fields: &[
        // Whether it is a version is judged before anything else.
        Field::new("openapi", Shape::Any).required(ALL),
        Field::new("$self", Shape::Text(Text::UriWithoutFragment)).only(SINCE_32),
        Field::new("info", Shape::Object(Kind::Info, Role::Other)).required(ALL),
        Field::new("jsonSchemaDialect", URI).only(SINCE_31),
        Field::new("servers", SERVERS),
        Field::new("paths", Shape::Object(Kind::Paths, Role::Other)).required(Versions::ONLY_30),
        Field::new(
            "webhooks",
            Shape::Map(Keys::Any, &Shape::Object(Kind::PathItem, Role::Webhook)),
        )
        .only(SINCE_31),
        Field::new("components", Shape::Object(Kind::Components, Role::Other)),
        Field::new("security", SECURITY),
        Field::new("tags", Shape::Array(&Shape::Object(Kind::Tag, Role::Other), 0)),
        Field::new("externalDocs", EXTERNAL_DOCS),
    ],
    patterned: None,
    extensible: true,
    rules: &[
        Rule::new(SINCE_31, Constraint::AtLeastOne(&["paths", "components", "webhooks"])),
        Rule::new(ALL, Constraint::UniqueNames { field: "tags", name: "name" }),
    ],
};

pub(super) static INFO: Table = Table {
    section: "info-object",
    fields: &[
        Field::new("title", TEXT).required(ALL),
        Field::new("summary", TEXT).only(SINCE_31),
        Field::new("description", TEXT),
        Field::new("termsOfService", URI),
        Field::new("contact", Shape::Object(Kind::Contact, Role::Other)),
        Field::new("license", Shape::Object(Kind::License, Role::Other)),
        Field::new("version", TEXT).required(ALL),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static CONTACT: Table = Table {
    section: "contact-object",
    fields: &[
        Field::new("name", TEXT),
        Field::new("url", URI),
        Field::new("email", Shape::Text(Text::Email)),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static LICENSE: Table = Table {
    section: "license-object",
    fields: &[
        Field::new("name", TEXT).required(ALL),
        Field::new("identifier", TEXT).only(SINCE_31),
        Field::new("url", URI),
    ],
    patterned: None,
    extensible: true,
    rules: &[Rule::new(SINCE_31, Constraint::AtMostOne(&["identifier", "url"]))],
};

pub(super) static SERVER: Table = Table {
    section: "server-object",
    fields: &[
        Field::new("url", TEXT).required(ALL),
        Field::new("description", TEXT),
        Field::new("name", TEXT).only(SINCE_32),
        Field::new(
            "variables",
            Shape::Map(Keys::Any, &Shape::Object(Kind::ServerVariable, Role::Other)),
        ),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static SERVER_VARIABLE: Table = Table {
    section: "server-variable-object",
    fields: &[
        Field::new("enum", TEXTS),
        Field::new("default", TEXT).required(ALL),
        Field::new("description", TEXT),
    ],
    patterned: None,
    extensible: true,
    // 3.0 says SHOULD in both cases.
    rules: &[
        Rule::new(SINCE_31, Constraint::NotEmpty("enum")),
        Rule::new(SINCE_31, Constraint::Holds { field: "enum", value: "default" }),
    ],
};

const fn components(name: &'static str, shape: &'static Shape) -> Field {
    Field::new(name, Shape::Map(Keys::Component, shape))
}

pub(super) static COMPONENTS: Table = Table {
    section: "components-object",
    fields: &[
        components("schemas", &Shape::Referable(Kind::Schema, Role::Component)),
        components("responses", &Shape::Referable(Kind::Response, Role::Component)),
        components("parameters", &Shape::Referable(Kind::Parameter, Role::Component)),
        components("examples", &Shape::Referable(Kind::Example, Role::Component)),
        components("requestBodies", &Shape::Referable(Kind::RequestBody, Role::Component)),
        components("headers", &Shape::Referable(Kind::Header, Role::Component)),
        components("securitySchemes", &Shape::Referable(Kind::SecurityScheme, Role::Component)),
        components("links", &Shape::Referable(Kind::Link, Role::Component)),
        components("callbacks", &Shape::Referable(Kind::Callback, Role::Component)),
        components("pathItems", &Shape::Object(Kind::PathItem, Role::Component)).only(SINCE_31),
        components("mediaTypes", &Shape::Referable(Kind::MediaType, Role::Component))
            .only(SINCE_32),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static TAG: Table = Table {
    section: "tag-object",
    fields: &[
        Field::new("name", TEXT).required(ALL),
        Field::new("summary", TEXT).only(SINCE_32),
        Field::new("description", TEXT),
        Field::new("externalDocs", EXTERNAL_DOCS),
        Field::new("parent", TEXT).only(SINCE_32),
        Field::new("kind", TEXT).only(SINCE_32),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static EXTERNAL_DOCUMENTATION: Table = Table {
    section: "external-documentation-object",
    fields: &[Field::new("description", TEXT), Field::new("url", URI).required(ALL)],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static REFERENCE_30: Table = Table {
    section: "reference-object",
    fields: &[Field::new("$ref", TEXT).required(ALL)],
    patterned: None,
    extensible: false,
    rules: &[],
};

pub(super) static REFERENCE: Table = Table {
    section: "reference-object",
    fields: &[
        Field::new("$ref", TEXT).required(ALL),
        Field::new("summary", TEXT),
        Field::new("description", TEXT),
    ],
    patterned: None,
    extensible: false,
    rules: &[],
};
