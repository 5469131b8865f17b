//! What requests and responses carry.

use crate::openapi::version::Versions;

use super::{
    Constraint, Field, Keys, Kind, Role, Rule, Shape, Table,
    field::{TEXT, URI},
};

const ALL: Versions = Versions::ALL;
const SINCE_32: Versions = Versions::SINCE_32;

const MEDIA_TYPE_SHAPE: Shape = Shape::Referable(Kind::MediaType, Role::Content);
pub(super) const CONTENT: Shape = Shape::Map(Keys::MediaRange, &MEDIA_TYPE_SHAPE);
pub(super) const EXAMPLES: Shape =
    Shape::Map(Keys::Any, &Shape::Referable(Kind::Example, Role::Other));
const HEADERS: Shape = Shape::Map(Keys::Header, &Shape::Referable(Kind::Header, Role::Response));
const PART_HEADERS: Shape =
    Shape::Map(Keys::Header, &Shape::Referable(Kind::Header, Role::Encoding));
const ENCODINGS: Shape = Shape::Map(Keys::Any, &Shape::Object(Kind::Encoding, Role::Other));
const PREFIX_ENCODINGS: Shape = Shape::Array(&Shape::Object(Kind::Encoding, Role::Other), 0);
const ITEM_ENCODING: Shape = Shape::Object(Kind::Encoding, Role::Other);

/// Fields that serialize a `schema` have no place beside `content`.
pub(super) mod style_rules {
    use super::Constraint;

    pub(in super::super) const NOT_BESIDE_CONTENT: Constraint =
        Constraint::NotBeside { beside: "content", fields: &["style", "explode", "allowReserved"] };
    pub(in super::super) const NOT_BESIDE_CONTENT_IN_HEADER: Constraint =
        Constraint::NotBeside { beside: "content", fields: &["style", "explode"] };
    pub(in super::super) const NO_EXAMPLE_BESIDE_CONTENT: Constraint =
        Constraint::NotBeside { beside: "content", fields: &["example", "examples"] };
}

pub(super) static REQUEST_BODY: Table = Table {
    section: "request-body-object",
    fields: &[
        Field::new("description", TEXT),
        Field::new("content", CONTENT).required(ALL),
        Field::new("required", Shape::Bool),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static MEDIA_TYPE: Table = Table {
    section: "media-type-object",
    fields: &[
        Field::new("description", TEXT).only(SINCE_32),
        Field::new("schema", Shape::Referable(Kind::Schema, Role::MediaType)),
        Field::new("itemSchema", Shape::Referable(Kind::Schema, Role::MediaType)).only(SINCE_32),
        Field::new("example", Shape::Any),
        Field::new("examples", EXAMPLES),
        Field::new("encoding", ENCODINGS),
        Field::new("prefixEncoding", PREFIX_ENCODINGS).only(SINCE_32),
        Field::new("itemEncoding", ITEM_ENCODING).only(SINCE_32),
    ],
    patterned: None,
    extensible: true,
    rules: &[
        Rule::new(ALL, Constraint::OneKindOfExample),
        Rule::new(
            SINCE_32,
            Constraint::NotBeside {
                beside: "encoding",
                fields: &["prefixEncoding", "itemEncoding"],
            },
        ),
    ],
};

pub(super) static ENCODING: Table = Table {
    section: "encoding-object",
    fields: &[
        Field::new("contentType", TEXT),
        Field::new("headers", PART_HEADERS),
        Field::new(
            "style",
            Shape::Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        ),
        Field::new("explode", Shape::Bool),
        Field::new("allowReserved", Shape::Bool),
        Field::new("encoding", ENCODINGS).only(SINCE_32),
        Field::new("prefixEncoding", PREFIX_ENCODINGS).only(SINCE_32),
        Field::new("itemEncoding", ITEM_ENCODING).only(SINCE_32),
    ],
    patterned: None,
    extensible: true,
    rules: &[Rule::new(
        SINCE_32,
        Constraint::NotBeside { beside: "encoding", fields: &["prefixEncoding", "itemEncoding"] },
    )],
};

pub(super) static RESPONSES: Table = Table {
    section: "responses-object",
    fields: &[Field::new("default", Shape::Referable(Kind::Response, Role::Operation))],
    patterned: Some((Keys::StatusCode, Shape::Referable(Kind::Response, Role::Operation))),
    extensible: true,
    rules: &[Rule::new(ALL, Constraint::AtLeastOnePatternedOr("default"))],
};

pub(super) static RESPONSE: Table = Table {
    section: "response-object",
    fields: &[
        Field::new("summary", TEXT).only(SINCE_32),
        Field::new("description", TEXT).required(Versions::UNTIL_31),
        Field::new("headers", HEADERS),
        Field::new("content", CONTENT),
        Field::new("links", Shape::Map(Keys::Any, &Shape::Referable(Kind::Link, Role::Response))),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

pub(super) static EXAMPLE: Table = Table {
    section: "example-object",
    fields: &[
        Field::new("summary", TEXT),
        Field::new("description", TEXT),
        Field::new("dataValue", Shape::Any).only(SINCE_32),
        Field::new("serializedValue", TEXT).only(SINCE_32),
        Field::new("value", Shape::Any),
        Field::new("externalValue", URI),
    ],
    patterned: None,
    extensible: true,
    rules: &[
        Rule::new(Versions::UNTIL_31, Constraint::AtMostOne(&["value", "externalValue"])),
        Rule::new(
            SINCE_32,
            Constraint::NotBeside {
                beside: "value",
                fields: &["externalValue", "dataValue", "serializedValue"],
            },
        ),
        Rule::new(SINCE_32, Constraint::AtMostOne(&["serializedValue", "externalValue"])),
    ],
};

pub(super) static HEADER: Table = Table {
    section: "header-object",
    fields: &[
        Field::new("description", TEXT),
        Field::new("required", Shape::Bool),
        Field::new("deprecated", Shape::Bool),
        Field::new("allowEmptyValue", Shape::Bool).only(Versions::ONLY_30),
        Field::new("style", Shape::Word(&["simple"])),
        Field::new("explode", Shape::Bool),
        Field::new("allowReserved", Shape::Bool).only(Versions::ONLY_30),
        Field::new("schema", Shape::Referable(Kind::Schema, Role::Header)),
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
        Rule::new(ALL, style_rules::NOT_BESIDE_CONTENT_IN_HEADER),
        Rule::new(Versions::UNTIL_31, style_rules::NO_EXAMPLE_BESIDE_CONTENT),
    ],
};
