//! `treaty.yaml`: what both sides share before the first word.

use serde::Deserialize;

use super::{
    ConfigError, FileName, Glossary, Limits, Party, PartyIndex, PartyName, Policy, RuleLevel,
    yaml::read,
};

/// The charter's file name.
pub const CHARTER: &str = "treaty.yaml";

/// A charter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charter {
    #[serde(deserialize_with = "version")]
    version: u64,
    /// The contract's file name in the repository.
    #[serde(default = "contract")]
    pub contract: FileName,
    /// The transcript's file name in the repository.
    #[serde(default = "transcript")]
    pub transcript: FileName,
    /// The parties; the first opens.
    #[serde(deserialize_with = "super::parties::parties")]
    pub parties: [Party; 2],
    /// Words that both sides know.
    #[serde(default)]
    pub glossary: Glossary,
    /// Rules with a severity of their own.
    #[serde(default, deserialize_with = "super::policy::rules")]
    pub rules: Vec<(String, RuleLevel)>,
    /// What the gate does where the rules leave it open.
    #[serde(default)]
    pub policy: Policy,
    /// The budgets.
    #[serde(default)]
    pub limits: Limits,
}

impl Charter {
    /// Reads a charter; `path` names it in errors.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        let charter: Self = read(path, bytes)?;
        let error = |pointer, message| Err(ConfigError::at(path, bytes, pointer, message));
        let contract = charter.contract.as_str().to_lowercase();
        if contract == charter.transcript.as_str().to_lowercase() {
            let message = "the contract and the transcript have one name; rename one";
            return error("/transcript", message);
        }
        if !matches!(contract.rsplit_once('.'), Some((_, "yaml" | "yml"))) {
            return error("/contract", "the contract is written as YAML; end its name in `.yaml`");
        }
        Ok(charter)
    }

    /// The party at `index`.
    pub fn party(&self, index: PartyIndex) -> &Party {
        index.of(&self.parties)
    }

    /// The place of the party called `name`.
    pub fn index_of(&self, name: &str) -> Option<PartyIndex> {
        PartyIndex::BOTH.into_iter().find(|index| self.party(*index).name.as_str() == name)
    }

    /// The names of the two parties.
    pub fn names(&self) -> [&PartyName; 2] {
        let [first, second] = &self.parties;
        [&first.name, &second.name]
    }

    /// How the charter sets a rule; nothing where it leaves the rule alone.
    pub fn rule(&self, id: &str) -> Option<RuleLevel> {
        self.rules.iter().find(|(rule, _)| rule == id).map(|(_, level)| *level)
    }
}

fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let version = u64::deserialize(deserializer)?;
    if version == 1 {
        return Ok(version);
    }
    let message = format!("version {version} of the charter is unknown; use `version: 1`");
    Err(serde::de::Error::custom(message))
}

fn contract() -> FileName {
    FileName::new("openspec.yaml").expect("a plain name")
}

fn transcript() -> FileName {
    FileName::new("chat-history.txt").expect("a plain name")
}
