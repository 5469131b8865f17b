//! `treaty.yaml`: what both sides share before the first word, and how a lint is configured.
//!
//! * **Shape.** [`Settings`] is all that the file can say; with parties it is a [`Charter`].

use std::ops::Deref;

use serde::Deserialize;

use super::{
    ConfigError, FileName, Glossary, Limits, Override, Party, PartyIndex, PartyName, Policy,
    RuleLevel, Waivers,
    parties::clash,
    yaml::{checked_number, read},
};

/// The charter's file name.
pub const CHARTER: &str = "treaty.yaml";

/// What `treaty.yaml` says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(deserialize_with = "version")]
    version: u64,
    /// The contract's file name in the repository.
    #[serde(default = "contract")]
    pub contract: FileName,
    /// The transcript's file name in the repository.
    #[serde(default = "transcript")]
    pub transcript: FileName,
    #[serde(default, deserialize_with = "some_parties")]
    parties: Option<[Party; 2]>,
    /// Words that both sides know.
    #[serde(default)]
    pub glossary: Glossary,
    /// The sets of rules that are in force; that of the command where there are none.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Rules with a severity of their own.
    #[serde(default, deserialize_with = "super::policy::rules")]
    pub rules: Vec<(String, RuleLevel)>,
    /// Other severities in some places; the last one that is about a place wins.
    #[serde(default)]
    pub overrides: Vec<Override>,
    /// Findings that somebody has decided to live with.
    #[serde(default)]
    pub waivers: Waivers,
    /// What the gate does where the rules leave it open.
    #[serde(default)]
    pub policy: Policy,
    /// The budgets.
    #[serde(default)]
    pub limits: Limits,
}

impl Settings {
    /// Reads the file; `path` names it in errors.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        let settings: Self = read(path, bytes)?;
        let error =
            |pointer: &str, message: &str| Err(ConfigError::at(path, bytes, pointer, message));
        if let Some((pointer, message)) = settings.parties.as_ref().and_then(clash) {
            return error(&pointer, &message);
        }
        let contract = settings.contract.as_str().to_lowercase();
        if contract == settings.transcript.as_str().to_lowercase() {
            let message = "the contract and the transcript have one name; rename one";
            return error("/transcript", message);
        }
        if !matches!(contract.rsplit_once('.'), Some((_, "yaml" | "yml"))) {
            return error("/contract", "the contract is written as YAML; end its name in `.yaml`");
        }
        Ok(settings)
    }

    /// The parties; none where the file is no charter.
    pub fn parties(&self) -> &[Party] {
        self.parties.as_ref().map_or(&[], |parties| parties)
    }

    /// The names of the parties; nothing where the file is no charter.
    pub fn party_names(&self) -> Option<[&PartyName; 2]> {
        self.parties.as_ref().map(|[first, second]| [&first.name, &second.name])
    }

    /// How the file sets a rule; nothing where it leaves the rule alone.
    pub fn rule(&self, id: &str) -> Option<RuleLevel> {
        self.rules.iter().find(|(rule, _)| rule == id).map(|(_, level)| *level)
    }
}

/// A charter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charter {
    settings: Settings,
    /// The parties; the first opens.
    pub parties: [Party; 2],
}

impl Deref for Charter {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

impl Charter {
    /// Reads a charter; `path` names it in errors.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        let settings = Settings::parse(path, bytes)?;
        let Some(parties) = settings.parties.clone() else {
            let message = "the key `parties` is missing; add it";
            return Err(ConfigError::at(path, bytes, "", message));
        };
        Ok(Self { settings, parties })
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
}

fn some_parties<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<[Party; 2]>, D::Error> {
    super::parties::parties(deserializer).map(Some)
}

fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    checked_number(deserializer, "the number 1", |version| match version {
        1 => Ok(1),
        _ => Err(format!("version {version} of the charter is unknown; use `version: 1`")),
    })
}

fn contract() -> FileName {
    FileName::new("openspec.yaml").expect("a plain name")
}

fn transcript() -> FileName {
    FileName::new("chat-history.txt").expect("a plain name")
}
