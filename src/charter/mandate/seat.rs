//! How a party's agent sits at the table, as its mandate says.
//!
//! * **Shape.** `embedded`, `{ exec: [program, argument] }` or `{ http: { url, model } }`; the
//!   latter two may name variables of the environment, and never hold what they hold.
//! * **Errors.** Of a name that may be a secret by mistake the text is not shown.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};

use super::super::{checked, yaml::checked_number};

/// The most tokens that an answer of a model may have, unless the mandate says otherwise.
const ANSWER_TOKENS: u64 = 16_384;
/// The most tokens of all questions and answers, unless the mandate says otherwise.
const TOKENS: u64 = 1_000_000;

/// How an agent sits at the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SeatKind {
    /// The mandate agent of this program.
    #[default]
    Embedded,
    /// A program of the party's own.
    Exec(Program),
    /// A model behind an address.
    Http(Http),
}

/// A program that answers questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Its path and arguments.
    pub command: Vec<String>,
    /// Variables of the environment that it is given beside the usual ones.
    pub environment: Vec<VariableName>,
}

/// A model and how it is spoken to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a model, e.g. `{ url: …, model: … }`")]
pub struct Http {
    /// The address of the service, without the last steps of its path.
    pub url: HttpUrl,
    /// What the service calls the model.
    pub model: String,
    /// The language that the service speaks.
    #[serde(default)]
    pub api: Api,
    /// The variable of the environment that holds the key.
    pub key_variable: Option<VariableName>,
    /// A file beside the mandate that says who the agent is and what it should do.
    pub prompt: Option<String>,
    /// The most tokens of all questions and answers of a run.
    #[serde(default = "tokens", deserialize_with = "count")]
    pub tokens: u64,
    /// The most tokens of one answer.
    #[serde(default = "answer_tokens", deserialize_with = "count")]
    pub answer_tokens: u64,
}

/// The language of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// Chat completions as `OpenAI` made them, which most servers and gateways speak.
    #[default]
    OpenAi,
    /// Messages as Anthropic made them.
    Anthropic,
}

fn tokens() -> u64 {
    TOKENS
}

fn answer_tokens() -> u64 {
    ANSWER_TOKENS
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let expected = "a number of tokens from 1 to 1000000000";
    checked_number(deserializer, expected, |number| {
        let count = u64::try_from(number).ok().filter(|it| (1..=1_000_000_000).contains(it));
        count.ok_or_else(|| format!("{number} is not {expected}; correct it"))
    })
}

/// The name of a variable of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableName(String);

impl VariableName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for VariableName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, "the name of a variable of the environment", |text| {
            let inner = |it: char| it.is_ascii_alphanumeric() || it == '_';
            let begins = |it: char| it.is_ascii_alphabetic() || it == '_';
            if text.starts_with(begins) && text.chars().all(inner) && text.len() <= 64 {
                return Ok(Self(text.to_owned()));
            }
            // The text may be a key that was put in the wrong place: it is not repeated.
            let message = "this is no name of a variable; write the name of the one that holds the \
                           key, e.g. `OPENAI_API_KEY`, and never the key itself";
            Err(message.to_owned())
        })
    }
}

/// The address of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpUrl(String);

impl HttpUrl {
    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for HttpUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, "an address, e.g. `https://api.example.com/v1`", |text| {
            let remedy = "write e.g. `https://api.example.com/v1`";
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            let Some(rest) = rest else {
                return Err(format!("an address begins with `https://` or `http://`; {remedy}"));
            };
            let host = rest.split('/').next().unwrap_or_default();
            if host.contains('@') || rest.contains(['?', '#']) {
                let message = "an address holds no user, query or fragment";
                return Err(format!("{message}; name the key with `key_variable`"));
            }
            let plain = rest.chars().all(|it| it.is_ascii_graphic() && !"\"<>\\^`{|}".contains(it));
            if host.is_empty() || host.starts_with(':') || !plain {
                return Err(format!("the address names no host; {remedy}"));
            }
            Ok(Self(text.trim_end_matches('/').to_owned()))
        })
    }
}

impl<'de> Deserialize<'de> for SeatKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Kinds)
    }
}

/// Reads a seat.
struct Kinds;

impl<'de> Visitor<'de> for Kinds {
    type Value = SeatKind;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "`embedded`, `{ exec: [program, argument] }` or `{ http: { url: …, model: … } }`",
        )
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<SeatKind, E> {
        if word == "embedded" {
            return Ok(SeatKind::Embedded);
        }
        Err(E::unknown_variant(word, &["embedded"]))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SeatKind, A::Error> {
        let (mut exec, mut http, mut environment) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "exec" => exec = Some(map.next_value()?),
                "http" => http = Some(map.next_value()?),
                "environment" => environment = Some(map.next_value()?),
                _ => return Err(de::Error::unknown_field(&key, &["exec", "http", "environment"])),
            }
        }
        let error = |message: &str| Err(de::Error::custom(message));
        match (exec, http, environment) {
            (Some(_), Some(_), _) => error("an agent has one seat; remove the other"),
            (Some(command), None, environment) => program(command, environment.unwrap_or_default())
                .map(SeatKind::Exec)
                .map_err(de::Error::custom),
            (None, Some(http), None) => Ok(SeatKind::Http(http)),
            (None, Some(_), Some(_)) => {
                error("`environment` belongs to `exec`; a model is given its `key_variable` alone")
            }
            (None, None, _) => error("the seat names no agent; write `embedded`"),
        }
    }
}

fn program(command: Vec<String>, environment: Vec<VariableName>) -> Result<Program, &'static str> {
    if command.first().is_none_or(String::is_empty) {
        return Err("`exec` names no program; write one");
    }
    if command.iter().any(|it| it.contains('\0')) {
        return Err("`exec` holds a NUL, which no argument can; remove it");
    }
    Ok(Program { command, environment })
}
