//! What the charter says about rules: their severities, and what counts as passed.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};

use crate::finding::Severity;

use super::nearest;

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
        let text = String::deserialize(deserializer)?;
        if text == "off" {
            return Ok(Self::Off);
        }
        Severity::from_word(&text).map(Self::Is).ok_or_else(|| {
            let words = ["error", "warn", "info", "hint", "off"];
            let remedy = match nearest(&text, words) {
                Some(word) => format!("did you mean `{word}`?"),
                None => "use `error`, `warn`, `info`, `hint` or `off`".to_owned(),
            };
            de::Error::custom(format!("there is no severity `{text}`; {remedy}"))
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
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What an `undecided` finding does to a revision.
    pub undecided: Undecided,
}

/// The words that the two sides agreed beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Glossary {
    /// Values of `format` that both sides know, though no registry does.
    pub formats: Vec<String>,
}

/// The rules that the charter sets, in its order; a repeated rule is an error.
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
                if rules.iter().any(|(other, _)| *other == rule) {
                    let message = format!("the rule `{rule}` stands twice; remove one");
                    return Err(de::Error::custom(message));
                }
                rules.push((rule, level));
            }
            Ok(rules)
        }
    }
    deserializer.deserialize_map(Rules)
}
