//! A mandate as it is written: the keys of the file, before they are held to mean anything.

use std::fmt;
use std::marker::PhantomData;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::super::{PartyName, PrivateTerm};
use super::{
    seat::SeatKind,
    types::{Location, Role, Unlisted, Want},
};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brief {
    pub party: PartyName,
    #[serde(default)]
    pub seat: SeatKind,
    #[serde(default)]
    pub private_terms: Vec<PrivateTerm>,
    #[serde(rename = "system")]
    pub _system: Option<String>,
    pub title: Option<String>,
    #[serde(default)]
    pub role: Role,
    #[serde(default)]
    pub unlisted: Unlisted,
    #[serde(default)]
    pub dictionary: Named<TypeBrief>,
    #[serde(default)]
    pub objects: Named<Named<FieldBrief>>,
    #[serde(default)]
    pub operations: Named<OperationBrief>,
}

/// A map that keeps its order and refuses a repeated key.
#[derive(Debug)]
pub(super) struct Named<T>(pub Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Named<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("names, each with what it means")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries: Vec<(String, T)> = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    if entries.iter().any(|(other, _)| *other == name) {
                        let message = format!("`{name}` stands twice; remove one");
                        return Err(de::Error::custom(message));
                    }
                    entries.push((name, map.next_value()?));
                }
                Ok(Named(entries))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Named::default())
            }
        }
        deserializer.deserialize_any(Entries(PhantomData))
    }
}

/// A key; a status code need not be quoted.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Name;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Name, E> {
                Ok(Name(text.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Name, E> {
                Ok(Name(number.to_string()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// A standard type, as the dictionary writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct TypeBrief {
    pub r#type: String,
    pub format: Option<String>,
    pub pattern: Option<String>,
    pub r#enum: Option<Vec<serde_json::Value>>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub nullable: Option<bool>,
    pub example: Option<serde_json::Value>,
}

/// A field; written short, its type's word alone.
#[derive(Debug, Default)]
pub(super) struct FieldBrief(pub FieldKeys);

/// The keys of a field, a parameter or an item.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct FieldKeys {
    pub r#type: Option<String>,
    pub want: Want,
    pub optional: Option<bool>,
    pub owner: Option<PartyName>,
    pub computed: bool,
    pub key: bool,
    pub r#in: Option<Location>,
    pub accepts: Vec<String>,
    pub aliases: Vec<String>,
    pub description: Option<String>,
    pub example: Option<serde_json::Value>,
    pub default: Option<serde_json::Value>,
    pub format: Option<String>,
    pub pattern: Option<String>,
    pub r#enum: Option<Vec<serde_json::Value>>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub nullable: Option<bool>,
    pub read_only: bool,
    pub fields: Option<Named<FieldBrief>>,
    pub items: Option<Box<FieldBrief>>,
}

/// An operation; written short, what is wanted of it alone.
#[derive(Debug, Default)]
pub(super) struct OperationBrief(pub OperationKeys);

/// The keys of an operation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OperationKeys {
    pub want: Want,
    pub role: Option<Role>,
    pub id: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub owner: Option<PartyName>,
    pub aliases: Vec<String>,
    pub parameters: Named<FieldBrief>,
    pub request: Option<BodyBrief>,
    pub response: Option<BodyBrief>,
    pub errors: Option<Named<String>>,
}

/// What is sent or answered.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct BodyBrief {
    pub status: Option<u16>,
    pub media: Option<String>,
    pub description: Option<String>,
    pub sample: Option<String>,
    pub example: Option<serde_json::Value>,
    pub r#type: Option<String>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub fields: Option<Named<FieldBrief>>,
    pub items: Option<Box<FieldBrief>>,
}

impl<'de> Deserialize<'de> for FieldBrief {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = |word: String| Some(FieldKeys { r#type: Some(word), ..FieldKeys::default() });
        let expected = "a type's word, or the keys of a field";
        deserializer.deserialize_any(Short { expected, word }).map(Self)
    }
}

impl<'de> Deserialize<'de> for OperationBrief {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "`needed`, `preferred`, `offered` or `refused`, or the keys of an operation";
        let word = |word: String| {
            let want = Want::from_word(&word)?;
            Some(OperationKeys { want, ..OperationKeys::default() })
        };
        deserializer.deserialize_any(Short { expected, word }).map(Self)
    }
}

/// Reads a map of keys, or one word that stands for it, or nothing.
struct Short<F> {
    expected: &'static str,
    word: F,
}

impl<'de, T, F> Visitor<'de> for Short<F>
where
    T: Deserialize<'de> + Default,
    F: Fn(String) -> Option<T>,
{
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.word)(text.to_owned())
            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}
