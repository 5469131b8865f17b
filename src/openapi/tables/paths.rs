//! Paths, operations, parameters, callbacks and links.

use crate::openapi::version::Versions;

use super::{
    Constraint, Field, Form, Keys, Kind, Role, Rule, Shape, Table,
    field::{TEXT, TEXTS},
    messages::{CONTENT, EXAMPLES, style_rules},
    root::{EXTERNAL_DOCS, SECURITY, SERVERS},
};

const ALL: Versions = Versions::ALL;
const SINCE_32: Versions = Versions::SINCE_32;

pub(super) static PATHS: Table = Table {
    section: "paths-object",
    fields: &[],
    patterned: Some((Keys::Path, Shape::Object(Kind::PathItem, Role::Path))),
    extensible: true,
    rules: &[],
};

const OPERATION_SHAPE: Shape = Shape::Object(Kind::Operation, Role::PathItem);

const fn method(name: &'static str) -> Field {
    Field::new(name, OPERATION_SHAPE)
}

pub(super) static PATH_ITEM: Table = Table {
    section: "path-item-object",
    fields: &[
        Field::new("$ref", TEXT),
        Field::new("summary", TEXT),
        Field::new("description", TEXT),
        method("get"),
        method("put"),
        method("post"),
        method("delete"),
        method("options"),
        method("head"),
        method("patch"),
        method("trace"),
        method("query").only(SINCE_32),
        Field::new("additionalOperations", Shape::Map(Keys::Method, &OPERATION_SHAPE))
            .only(SINCE_32),
        Field::new("servers", SERVERS),
        Field::new(
            "parameters",
            Shape::Array(&Shape::Referable(Kind::Parameter, Role::PathItem), 0),
        ),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static OPERATION: Table = Table {
    section: "operation-object",
    fields: &[
        Field::new("tags", TEXTS),
        Field::new("summary", TEXT),
        Field::new("description", TEXT),
        Field::new("externalDocs", EXTERNAL_DOCS),
        Field::new("operationId", TEXT),
        Field::new(
            "parameters",
            Shape::Array(&Shape::Referable(Kind::Parameter, Role::Operation), 0),
        ),
        Field::new("requestBody", Shape::Referable(Kind::RequestBody, Role::Operation)),
        Field::new("responses", Shape::Object(Kind::Responses, Role::Operation))
            .required(Versions::ONLY_30),
        Field::new(
            "callbacks",
            Shape::Map(Keys::Any, &Shape::Referable(Kind::Callback, Role::Operation)),
        ),
        Field::new("deprecated", Shape::Bool),
        Field::new("security", SECURITY),
        Field::new("servers", SERVERS),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static PARAMETER: Table = Table {
    section: "parameter-object",
    fields: &[
        Field::new("name", TEXT).required(ALL),
        Field::new("in", Shape::Word(&["query", "header", "path", "cookie"]))
            .only(Versions::UNTIL_31)
            .required(ALL),
        Field::new("in", Shape::Word(&["query", "querystring", "header", "path", "cookie"]))
            .only(SINCE_32)
            .required(ALL),
        Field::new("description", TEXT),
        Field::new("required", Shape::Bool),
        Field::new("deprecated", Shape::Bool),
        Field::new("allowEmptyValue", Shape::Bool),
        Field::new("style", TEXT),
        Field::new("explode", Shape::Bool),
        Field::new("allowReserved", Shape::Bool),
        Field::new("schema", Shape::Referable(Kind::Schema, Role::Parameter)),
        Field::new("example", Shape::Any),
        Field::new("examples", EXAMPLES),
        Field::new("content", CONTENT),
    ],
    patterned: None,
    extensible: true,
    rules: &[
        Rule::new(ALL, Constraint::ExactlyOne(&["schema", "content"])),
        Rule::new(ALL, Constraint::OneEntry("content")),
        Rule::new(ALL, Constraint::OneKindOfExample),
        Rule::new(ALL, style_rules::NOT_BESIDE_CONTENT),
        Rule::new(Versions::UNTIL_31, style_rules::NO_EXAMPLE_BESIDE_CONTENT),
        Rule::new(
            ALL,
            Constraint::Words {
                when: "in",
                is: "path",
                field: "style",
                words: &["matrix", "label", "simple"],
            },
        ),
        Rule::new(
            ALL,
            Constraint::Words {
                when: "in",
                is: "query",
                field: "style",
                words: &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            },
        ),
        Rule::new(
            ALL,
            Constraint::Words { when: "in", is: "header", field: "style", words: &["simple"] },
        ),
        Rule::new(
            Versions::UNTIL_31,
            Constraint::Words { when: "in", is: "cookie", field: "style", words: &["form"] },
        ),
        Rule::new(
            SINCE_32,
            Constraint::Words {
                when: "in",
                is: "cookie",
                field: "style",
                words: &["form", "cookie"],
            },
        ),
        Rule::new(
            ALL,
            Constraint::OnlyFor { field: "allowEmptyValue", when: "in", is: &["query"] },
        ),
        Rule::new(
            Versions::ONLY_31,
            Constraint::OnlyFor { field: "allowReserved", when: "in", is: &["query"] },
        ),
        Rule::new(
            SINCE_32,
            Constraint::OnlyFor {
                field: "allowReserved",
                when: "in",
                is: &["query", "path", "cookie", "querystring"],
            },
        ),
        Rule::new(
            SINCE_32,
            Constraint::NotFor { field: "allowReserved", when: "style", is: "cookie" },
        ),
        Rule::new(SINCE_32, Constraint::NotFor { field: "schema", when: "in", is: "querystring" }),
        Rule::new(
            SINCE_32,
            Constraint::Form { when: "in", is: "path", field: "name", form: Form::NoBraces },
        ),
        Rule::new(
            SINCE_32,
            Constraint::Form { when: "in", is: "header", field: "name", form: Form::Token },
        ),
    ],
};

pub(super) static CALLBACK: Table = Table {
    section: "callback-object",
    fields: &[],
    patterned: Some((Keys::Expression, Shape::Object(Kind::PathItem, Role::Callback))),
    extensible: true,
    rules: &[],
};

pub(super) static LINK: Table = Table {
    section: "link-object",
    fields: &[
        Field::new("operationRef", TEXT),
        Field::new("operationId", TEXT),
        Field::new("parameters", Shape::Map(Keys::Any, &Shape::Any)),
        Field::new("requestBody", Shape::Any),
        Field::new("description", TEXT),
        Field::new("server", Shape::Object(Kind::Server, Role::Other)),
    ],
    patterned: None,
    extensible: true,
    rules: &[Rule::new(ALL, Constraint::ExactlyOne(&["operationRef", "operationId"]))],
};
