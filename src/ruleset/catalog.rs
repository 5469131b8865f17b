//! Every rule that there is.

use crate::openapi::nearest;

use super::Rule;

/// Rule file, failing and passing example of each built-in rule, sorted by id.
static BUILT_IN: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// A rule that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{id}`")]
pub struct UnknownRule {
    /// What was asked for.
    pub id: String,
    /// The rule whose id comes nearest, where one is near.
    pub nearest: Option<String>,
}

/// Every rule, sorted by id.
#[derive(Debug)]
pub struct Catalog {
    rules: Vec<Rule>,
}

impl Catalog {
    /// The rules that are built in.
    pub fn built_in() -> Self {
        let rules = BUILT_IN.iter().filter_map(|(text, fail, pass)| Rule::new(text, fail, pass));
        Self { rules: rules.collect() }
    }

    /// The rules, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter()
    }

    /// The rule of an id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        let at = self.rules.binary_search_by(|rule| (**rule.id()).cmp(id)).ok()?;
        self.rules.get(at)
    }

    /// The rule of an id, or a word on which one was meant.
    pub fn find(&self, id: &str) -> Result<&Rule, UnknownRule> {
        self.get(id).ok_or_else(|| UnknownRule {
            id: id.to_owned(),
            nearest: self.nearest(id).map(|rule| rule.id().to_string()),
        })
    }

    /// The rule whose id comes nearest to `id`, where one is near.
    pub fn nearest(&self, id: &str) -> Option<&Rule> {
        self.get(nearest(id, self.rules.iter().map(|rule| &**rule.id()))?)
    }
}
