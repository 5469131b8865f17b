//! Fields that had their place in OpenAPI 2.0, and where OpenAPI 3 has what they say.
//!
//! * **Source.** OpenAPI 2.0; OpenAPI 3.0.4.

use crate::openapi::tables::Kind;

/// Keywords that a parameter and a header of 2.0 held themselves.
const KEYWORDS: [&str; 16] = [
    "type",
    "format",
    "items",
    "enum",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// What to do with a field that OpenAPI 3 has elsewhere.
pub(super) fn advice(kind: Kind, field: &str) -> Option<&'static str> {
    Some(match (kind, field) {
        (Kind::OpenApi, "host" | "basePath" | "schemes") | (Kind::Operation, "schemes") => {
            "this is OpenAPI 2.0; OpenAPI 3 has whole URLs in `servers`"
        }
        (Kind::OpenApi, "definitions") => {
            "this is OpenAPI 2.0; OpenAPI 3 has `components/schemas` for it"
        }
        (Kind::OpenApi, "parameters") => {
            "this is OpenAPI 2.0; OpenAPI 3 has `components/parameters` for it"
        }
        (Kind::OpenApi, "responses") => {
            "this is OpenAPI 2.0; OpenAPI 3 has `components/responses` for it"
        }
        (Kind::OpenApi, "securityDefinitions") => {
            "this is OpenAPI 2.0; OpenAPI 3 has `components/securitySchemes` for it"
        }
        (Kind::OpenApi | Kind::Operation, "consumes") => {
            "this is OpenAPI 2.0; OpenAPI 3 says it by the keys of `content` in `requestBody`"
        }
        (Kind::OpenApi | Kind::Operation, "produces") => {
            "this is OpenAPI 2.0; OpenAPI 3 says it by the keys of `content` in `responses`"
        }
        (Kind::Parameter | Kind::Header, "collectionFormat") => {
            "this is OpenAPI 2.0; OpenAPI 3 says it by `style` and `explode`"
        }
        (Kind::Parameter | Kind::Header, keyword) if KEYWORDS.contains(&keyword) => {
            "move it into `schema`; only OpenAPI 2.0 has it here"
        }
        (Kind::Response, "schema") => {
            "move it under `content`, to the media type that the response has"
        }
        (Kind::MediaType, "description") => {
            "move it to the request body or the response that holds `content`"
        }
        _ => return None,
    })
}
