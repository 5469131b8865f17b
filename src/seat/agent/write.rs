//! From a mandate to OpenAPI 3.0, by the types of `openapiv3`.
//!
//! * **Shape.** A [`Writer`] writes either in the words of the party's own system, as its
//!   export would, or in standard words. Named objects become components, which it collects.
//! * **Source.** OpenAPI 3.0.3. The types are serialized through `serde_json` and become a
//!   [`Value`] at once.

use openapiv3::{
    AnySchema, ArrayType, Content, MediaType, ObjectType, OpenAPI, Operation as OperationObject,
    Parameter as ParameterObject, ParameterData, ParameterSchemaOrContent, ReferenceOr,
    RequestBody, Response, Responses, Schema, SchemaData, SchemaKind, StatusCode, Type,
};

use crate::{
    charter::{
        Mandate, PartyName,
        mandate::{Body, Field, Location, Operation, Parameter, Shape, Want, Word},
    },
    document::Value,
};

use super::{
    example::nearest,
    typed::{boxed, json, problem, typed, value_of},
};

/// The component that every error answers with (RFC 9457).
const PROBLEM: &str = "Problem";
/// Its media type.
const PROBLEM_MEDIA: &str = "application/problem+json";
/// What a contract is called when no mandate names it.
pub(super) const TITLE: &str = "Agreed interface";

/// What a matching key is, in words.
pub(super) const KEY_SENTENCE: &str = "Matching key: unique on the side that sends it.";

/// Whose words are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// Those of the party's own system.
    Own,
    /// Those of the standard.
    Standard,
}

/// Writes parts of a contract.
pub(super) struct Writer {
    words: Words,
    /// The named objects that are written out where they are used.
    inline: Vec<String>,
    components: Vec<(String, Component)>,
}

/// A named object that was used.
struct Component {
    schema: Schema,
    fields: Vec<Field>,
}

impl Writer {
    pub(super) fn new(words: Words, inline: Vec<String>) -> Self {
        Self { words, inline, components: Vec::new() }
    }

    /// The components that were used: name, schema and the fields that it comes from.
    pub(super) fn components(self) -> impl Iterator<Item = (String, Value, Vec<Field>)> {
        let components = self.components.into_iter();
        components.map(|(name, it)| (name, value_of(&it.schema), it.fields))
    }

    /// The document without operations.
    pub(super) fn frame(mandate: &Mandate) -> Value {
        let info = openapiv3::Info {
            title: mandate.title.clone().unwrap_or_else(|| TITLE.to_owned()),
            version: "1.0.0".to_owned(),
            ..openapiv3::Info::default()
        };
        value_of(&OpenAPI { openapi: "3.0.3".to_owned(), info, ..OpenAPI::default() })
    }

    /// An operation; its id is given, since it must be unique in the document.
    pub(super) fn operation(&mut self, operation: &Operation, id: Option<String>) -> Value {
        let parameters = operation.parameters.iter().filter(|it| it.field.want != Want::Refused);
        let mut responses = Responses::default();
        let success = StatusCode::Code(operation.response.status);
        let response = self.response_object(&operation.response);
        responses.responses.insert(success, ReferenceOr::Item(response));
        for (status, text) in &operation.errors {
            let response = self.error_object(text);
            responses.responses.insert(StatusCode::Code(*status), ReferenceOr::Item(response));
        }
        let owner = operation.owner.iter().map(|it| ("x-owner".to_owned(), it.as_str().into()));
        let mut value = value_of(&OperationObject {
            operation_id: id,
            summary: operation.summary.clone(),
            description: operation.description.clone(),
            parameters: parameters.map(|it| ReferenceOr::Item(self.parameter_object(it))).collect(),
            request_body: operation
                .request
                .as_ref()
                .map(|body| ReferenceOr::Item(self.request_object(body))),
            responses,
            extensions: owner.collect(),
            ..OperationObject::default()
        });
        if let Some(Value::Array(parameters)) = value.get_mut("parameters") {
            *parameters = parameters.iter().map(without_style).collect();
        }
        value
    }

    /// A parameter.
    pub(super) fn parameter(&mut self, parameter: &Parameter) -> Value {
        without_style(&value_of(&self.parameter_object(parameter)))
    }

    /// A request body.
    pub(super) fn request(&mut self, body: &Body) -> Value {
        value_of(&self.request_object(body))
    }

    /// An answer when it went well.
    pub(super) fn response(&mut self, body: &Body) -> Value {
        value_of(&self.response_object(body))
    }

    /// An answer when it did not.
    pub(super) fn error(&mut self, text: &str) -> Value {
        value_of(&self.error_object(text))
    }

    /// The schema of a field.
    pub(super) fn field(&mut self, field: &Field) -> Value {
        value_of(&self.schema(field))
    }

    fn parameter_object(&mut self, parameter: &Parameter) -> ParameterObject {
        let field = &parameter.field;
        // A parameter says about itself what a property says in its schema.
        let bare = Field { description: None, example: None, ..field.clone() };
        let parameter_data = ParameterData {
            name: field.name.clone(),
            description: description(field),
            required: !field.presence.is_optional(),
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(self.schema(&bare)),
            example: self.example(field),
            examples: std::iter::empty().collect(),
            explode: None,
            extensions: std::iter::empty().collect(),
        };
        match parameter.location {
            Location::Path => {
                ParameterObject::Path { parameter_data, style: openapiv3::PathStyle::default() }
            }
            Location::Query => ParameterObject::Query {
                parameter_data,
                allow_reserved: false,
                style: openapiv3::QueryStyle::default(),
                allow_empty_value: None,
            },
            Location::Header => {
                ParameterObject::Header { parameter_data, style: openapiv3::HeaderStyle::default() }
            }
            Location::Cookie => {
                ParameterObject::Cookie { parameter_data, style: openapiv3::CookieStyle::default() }
            }
        }
    }

    fn request_object(&mut self, body: &Body) -> RequestBody {
        RequestBody {
            description: body.description.clone(),
            content: self.content(body),
            required: true,
            ..RequestBody::default()
        }
    }

    fn response_object(&mut self, body: &Body) -> Response {
        let known = match body.status {
            201 => "It was created.",
            202 => "It was taken on.",
            204 => "It is done.",
            _ => "It went well.",
        };
        Response {
            description: body.description.clone().unwrap_or_else(|| known.to_owned()),
            content: self.content(body),
            ..Response::default()
        }
    }

    fn content(&mut self, body: &Body) -> Content {
        let Some(field) = &body.content else { return Content::default() };
        let own = self.words == Words::Own;
        let bare = Field { example: None, ..field.clone() };
        let mut media = MediaType { schema: Some(self.schema(&bare)), ..MediaType::default() };
        if let Some(sample) = body.sample.as_ref().filter(|_| own) {
            let reference = format!("#/components/examples/{sample}");
            media.examples.insert(sample.clone(), ReferenceOr::Reference { reference });
        } else if own {
            media.example = field.example.as_ref().map(json);
        }
        Content::from([(body.media.clone(), media)])
    }

    fn error_object(&mut self, text: &str) -> Response {
        let media = if self.inline.iter().any(|it| it == PROBLEM) {
            MediaType { schema: Some(ReferenceOr::Item(problem())), ..MediaType::default() }
        } else {
            if !self.has(PROBLEM) {
                let component = Component { schema: problem(), fields: Vec::new() };
                self.components.push((PROBLEM.to_owned(), component));
            }
            let reference = format!("#/components/schemas/{PROBLEM}");
            let schema = Some(ReferenceOr::Reference { reference });
            let title = text.trim_end_matches('.');
            let example = serde_json::json!({ "title": title });
            MediaType { schema, example: Some(example), ..MediaType::default() }
        };
        Response {
            description: text.to_owned(),
            content: Content::from([(PROBLEM_MEDIA.to_owned(), media)]),
            ..Response::default()
        }
    }

    fn schema(&mut self, field: &Field) -> ReferenceOr<Schema> {
        let data = SchemaData {
            description: description(field),
            example: self.example(field),
            default: field.default.as_ref().map(json),
            read_only: field.read_only,
            nullable: match &field.shape {
                Shape::Scalar(facets) => facets.nullable && self.standard(field),
                _ => false,
            },
            extensions: extensions(field).into_iter().collect(),
            ..SchemaData::default()
        };
        let kind = match &field.shape {
            Shape::Object { name: Some(name), fields } if !self.inline.contains(name) => {
                self.component(name, fields);
                let reference = format!("#/components/schemas/{name}");
                let reference = ReferenceOr::Reference { reference };
                if data == SchemaData::default() {
                    return reference;
                }
                SchemaKind::AllOf { all_of: vec![reference] }
            }
            Shape::Object { fields, .. } => SchemaKind::Type(Type::Object(self.object(fields))),
            Shape::Array { items, min_items, max_items } => {
                let size = |it: &Option<u64>| it.and_then(|it| usize::try_from(it).ok());
                SchemaKind::Type(Type::Array(ArrayType {
                    items: Some(boxed(self.schema(items))),
                    min_items: size(min_items),
                    max_items: size(max_items),
                    unique_items: false,
                }))
            }
            Shape::Scalar(facets) if self.standard(field) => typed(facets),
            Shape::Scalar(_) | Shape::Any => SchemaKind::Any(match &field.word {
                Word::Own { r#type, format } => AnySchema {
                    typ: Some(r#type.clone()),
                    format: format.clone(),
                    ..AnySchema::default()
                },
                Word::Standard | Word::Untyped => AnySchema::default(),
            }),
        };
        ReferenceOr::Item(Schema { schema_data: data, schema_kind: kind })
    }

    /// Whether the field's type is written in standard words.
    fn standard(&self, field: &Field) -> bool {
        self.words == Words::Standard || field.word == Word::Standard
    }

    fn has(&self, name: &str) -> bool {
        self.components.iter().any(|(known, _)| known == name)
    }

    fn component(&mut self, name: &str, fields: &[Field]) {
        if self.has(name) {
            return;
        }
        let schema = SchemaKind::Type(Type::Object(self.object(fields)));
        let schema = Schema { schema_data: SchemaData::default(), schema_kind: schema };
        self.components.push((name.to_owned(), Component { schema, fields: fields.to_vec() }));
    }

    fn object(&mut self, fields: &[Field]) -> ObjectType {
        let mut object = ObjectType::default();
        for field in fields.iter().filter(|it| it.want != Want::Refused) {
            object.properties.insert(field.name.clone(), boxed(self.schema(field)));
            if !field.presence.is_optional() {
                object.required.push(field.name.clone());
            }
        }
        object
    }

    fn example(&self, field: &Field) -> Option<serde_json::Value> {
        let Shape::Scalar(facets) = &field.shape else {
            return field.example.as_ref().filter(|_| self.words == Words::Own).map(json);
        };
        if self.words == Words::Own {
            return field.example.as_ref().map(json);
        }
        let known = field.example.iter().chain(&facets.example);
        nearest(known, facets).as_ref().map(json)
    }
}

/// A parameter without its style, which is always the default.
fn without_style(parameter: &Value) -> Value {
    let members = parameter.members().iter().filter(|(key, _)| key != "style");
    Value::Object(members.cloned().collect())
}

/// What ownership of a computed field means, in words.
pub(super) fn owner_sentence(owner: &PartyName) -> String {
    format!("Recalculated by `{owner}`, which owns it; a sent value is replaced.")
}

/// What a field is, in words: the mandate's, and what ownership and matching mean for it.
fn description(field: &Field) -> Option<String> {
    let mut sentences: Vec<String> = field.description.iter().cloned().collect();
    if let Some(owner) = field.owner.as_ref().filter(|it| it.computed) {
        sentences.push(owner_sentence(&owner.party));
    }
    if field.key {
        sentences.push(KEY_SENTENCE.to_owned());
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn extensions(field: &Field) -> Vec<(String, serde_json::Value)> {
    let owner = field.owner.iter().map(|it| ("x-owner".to_owned(), it.party.as_str().into()));
    let key = field.key.then(|| ("x-unique".to_owned(), true.into()));
    owner.chain(key).collect()
}
