//! The schemas of values without parts, and of a problem, by the types of `openapiv3`.

use openapiv3::{
    BooleanType, IntegerType, NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind,
    StringType, Type, VariantOrUnknownOrEmpty,
};
use serde::Serialize;

use crate::{
    charter::mandate::{Facets, Kind},
    document::Value,
};

/// A type in standard words.
pub(super) fn typed(facets: &Facets) -> SchemaKind {
    let listed = || facets.enumeration.iter();
    let size = |it: Option<u64>| it.and_then(|it| usize::try_from(it).ok());
    SchemaKind::Type(match facets.kind {
        Kind::String => Type::String(StringType {
            format: format(facets),
            pattern: facets.pattern.clone(),
            enumeration: listed().map(|it| it.as_str().map(str::to_owned)).collect(),
            min_length: size(facets.min_length),
            max_length: size(facets.max_length),
        }),
        Kind::Integer => Type::Integer(IntegerType {
            format: format(facets),
            minimum: facets.minimum.map(|it| whole(it.ceil())),
            maximum: facets.maximum.map(|it| whole(it.floor())),
            enumeration: listed().map(|it| float(it).map(whole)).collect(),
            ..IntegerType::default()
        }),
        Kind::Number => Type::Number(NumberType {
            format: format(facets),
            minimum: facets.minimum,
            maximum: facets.maximum,
            enumeration: listed().map(float).collect(),
            ..NumberType::default()
        }),
        Kind::Boolean => Type::Boolean(BooleanType::default()),
        Kind::Object => Type::Object(ObjectType::default()),
    })
}

fn format<T>(facets: &Facets) -> VariantOrUnknownOrEmpty<T> {
    facets.format.clone().map_or(VariantOrUnknownOrEmpty::Empty, VariantOrUnknownOrEmpty::Unknown)
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn whole(number: f64) -> i64 {
    number as i64
}

fn float(value: &Value) -> Option<f64> {
    if let Value::Number(text) = value { text.parse().ok() } else { None }
}

/// What every error answers with.
pub(super) fn problem() -> Schema {
    let text = |description: &str| {
        let data =
            SchemaData { description: Some(description.to_owned()), ..SchemaData::default() };
        let kind = SchemaKind::Type(Type::String(StringType::default()));
        ReferenceOr::Item(Box::new(Schema { schema_data: data, schema_kind: kind }))
    };
    let object = ObjectType {
        properties: [
            ("title".to_owned(), text("What went wrong.")),
            ("detail".to_owned(), text("What to do about it.")),
        ]
        .into_iter()
        .collect(),
        required: vec!["title".to_owned()],
        ..ObjectType::default()
    };
    Schema {
        schema_data: SchemaData {
            description: Some("A problem, as RFC 9457 describes it.".to_owned()),
            ..SchemaData::default()
        },
        schema_kind: SchemaKind::Type(Type::Object(object)),
    }
}

/// A schema where the types want it on the heap.
pub(super) fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

/// A value as `serde_json` has it.
pub(super) fn json(value: &Value) -> serde_json::Value {
    serde_json::from_str(&value.to_json()).unwrap_or_default()
}

/// What the types serialize to; a float without a fraction is written without one.
pub(super) fn value_of(object: &impl Serialize) -> Value {
    let text = serde_json::to_string(object).unwrap_or_default();
    let mut value = Value::from_json(&text).unwrap_or(Value::Null);
    tidy(&mut value);
    value
}

fn tidy(value: &mut Value) {
    match value {
        Value::Number(text) => {
            if let Some(whole) = text.strip_suffix(".0") {
                *text = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(members) => members.iter_mut().for_each(|(_, member)| tidy(member)),
        _ => {}
    }
}
