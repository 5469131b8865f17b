//! Findings that somebody has decided to live with.
//!
//! * **Shape.** A [`Waiver`] names a rule and says why; where, who and until when are optional.

use serde::Deserialize;

use super::{
    ConfigError, FileName, checked,
    date::Date,
    places::{FilePattern, PointerPattern},
    yaml::{checked_number, read},
};

/// One decision to live with what a rule finds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a waiver, e.g. `{ rule: openapi-2, reason: … }`")]
pub struct Waiver {
    /// The rule.
    pub rule: String,
    /// Why it is right to live with it.
    #[serde(deserialize_with = "reason")]
    pub reason: String,
    /// The files that it is about; all of them where there are none.
    #[serde(default)]
    pub files: Vec<FilePattern>,
    /// The places that it is about; all of them where there are none.
    #[serde(default)]
    pub pointers: Vec<PointerPattern>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// The last day on which it holds.
    #[serde(default)]
    pub expires: Option<Date>,
}

impl Waiver {
    /// Whether it holds on a day; where the day is not known, one that expires does not.
    pub fn holds(&self, today: Option<Date>) -> bool {
        self.expires.is_none_or(|last| today.is_some_and(|today| today <= last))
    }

    /// Whether its last day is over.
    pub fn is_over(&self, today: Option<Date>) -> bool {
        self.expires.zip(today).is_some_and(|(last, today)| today > last)
    }

    /// The waivers of a file of their own.
    pub fn parse_file(path: &str, bytes: &[u8]) -> Result<Vec<Self>, ConfigError> {
        read::<WaiverFile>(path, bytes).map(|file| file.waivers)
    }
}

/// Words that say something.
pub fn reason<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, "a reason", |text| {
        if text.trim().is_empty() {
            return Err("the reason is empty; say why".to_owned());
        }
        Ok(text.to_owned())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a file of waivers, e.g. `version: 1` and `waivers: []`")]
struct WaiverFile {
    #[serde(rename = "version", deserialize_with = "version")]
    _version: u64,
    waivers: Vec<Waiver>,
}

fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    checked_number(deserializer, "the number 1", |version| match version {
        1 => Ok(1),
        _ => Err(format!("version {version} of a file of waivers is unknown; use `version: 1`")),
    })
}

/// The waivers of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waivers {
    /// They stand in it.
    Here(Vec<Waiver>),
    /// They stand in a file beside it.
    Beside(FileName),
}

impl Waivers {
    /// Those that stand in the configuration itself.
    pub fn here(&self) -> &[Waiver] {
        match self {
            Self::Here(waivers) => waivers,
            Self::Beside(_) => &[],
        }
    }
}

impl Default for Waivers {
    fn default() -> Self {
        Self::Here(Vec::new())
    }
}

impl<'de> Deserialize<'de> for Waivers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = Waivers;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a list of waivers, or the name of a file beside this one")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Waivers, E> {
                FileName::new(text).map(Waivers::Beside).map_err(E::custom)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Waivers, A::Error> {
                let mut waivers = Vec::new();
                while let Some(waiver) = list.next_element()? {
                    waivers.push(waiver);
                }
                Ok(Waivers::Here(waivers))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
