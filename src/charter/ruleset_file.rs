//! A set of rules in a file of its own.
//!
//! * **Shape.** `extends` names built-in sets, `rules` changes them; of a set that extends
//!   nothing, its own rules alone are in force.

use serde::Deserialize;

use crate::document::{Document, Limits, NodeRef};

use super::{ConfigError, RuleLevel, yaml::read};

/// What a file of rules says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a ruleset, e.g. `extends: [treaty:recommended]`")]
pub struct RulesetFile {
    /// The sets below it.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Its own word on rules.
    #[serde(default, deserialize_with = "super::policy::rules")]
    pub rules: Vec<(String, RuleLevel)>,
}

impl RulesetFile {
    /// Reads a set; `path` names it in errors.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        let document = Document::parse(path, bytes.to_vec(), &Limits::default());
        if let Some(node) = document.root().and_then(spectral) {
            let message = "this is a ruleset of Spectral, which is not read yet; write `extends` \
                           with sets such as `treaty:recommended`, and `rules` with severities";
            return Err(ConfigError::at(path, bytes, &node.pointer(), message));
        }
        read(path, bytes)
    }
}

/// What shows that a ruleset is one of Spectral.
fn spectral(root: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let own =
        ["functions", "functionsDir", "aliases", "formats", "parserOptions", "documentationUrl"];
    let rules = root.get("rules").into_iter().flat_map(NodeRef::entries);
    let mut rules = rules.filter(|entry| entry.value.is_object()).map(|entry| entry.value);
    let extends = root.get("extends");
    let mut named = extends.into_iter().chain(extends.into_iter().flat_map(NodeRef::items));
    let is_theirs = |node: &NodeRef<'_>| {
        let text = node.as_str().or_else(|| node.item(0)?.as_str());
        text.is_some_and(|text| text.starts_with("spectral:"))
    };
    let by_key = own.into_iter().find_map(|key| root.get(key));
    by_key.or_else(|| rules.next()).or_else(|| named.find(is_theirs))
}
