//! What the charter says about rules: their severities, and what counts as passed.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use crate::finding::Severity;

use super::{checked, nearest};

/// How a charter sets one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// The rule does not speak.
    Off,
    /// The rule speaks with this severity.
    Is(Severity),
}

impl<'de> Deserialize<'de> for RuleLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, "a severity", |text| {
            if text == "off" {
                return Ok(Self::Off);
            }
            Severity::from_word(text).map(Self::Is).ok_or_else(|| {
                let words = ["error", "warn", "info", "hint", "off"];
                let remedy = match nearest(text, words) {
                    Some(word) => format!("did you mean `{word}`?"),
                    None => "use `error`, `warn`, `info`, `hint` or `off`".to_owned(),
                };
                format!("there is no severity `{text}`; {remedy}")
            })
        })
    }
}

/// Whether a revision passes with something that could not be checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undecided {
    /// It passes.
    #[default]
    Pass,
    /// It goes back.
    Bounce,
}

/// What the gate does where the rules leave it open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a policy, e.g. `{ undecided: bounce }`")]
pub struct Policy {
    /// What an `undecided` finding does to a revision.
    pub undecided: Undecided,
}

/// The words that the two sides agreed beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a glossary, e.g. `{ formats: [] }`")]
pub struct Glossary {
    /// Values of `format` that both sides know, though no registry does.
    pub formats: Vec<String>,
}

/// The rules that the charter sets, in its order.
pub(super) fn rules<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, RuleLevel)>, D::Error> {
    struct Rules;
    impl<'de> Visitor<'de> for Rules {
        type Value = Vec<(String, RuleLevel)>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("rules with their severities, e.g. `missing-summary: off`")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut rules: Self::Value = Vec::new();
            while let Some((rule, level)) = map.next_entry::<String, RuleLevel>()? {
                rules.push((rule, level));
            }
            Ok(rules)
        }
    }
    deserializer.deserialize_map(Rules)
}
