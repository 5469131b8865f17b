//! The names that stand in a charter, each checked where it is read.
//!
//! Agents become git authors and parties become directories and mail hosts, so their
//! names are closed grammars rather than free text.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use crate::document::pointer;

/// The shared journal's file name in the contract repository.
pub const JOURNAL: &str = "journal.jsonl";

/// Names that a contract or transcript may not take, in lower case.
const TAKEN: [&str; 4] = [JOURNAL, super::CHARTER, "treaty.yml", "treaty.lock"];

/// Defines a string that only exists when its check passed.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The name, or what is wrong with it.
            pub fn new(text: &str) -> Result<Self, String> {
                $check(text).map(|()| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::new(&text).map_err(de::Error::custom)
            }
        }
    };
}

name! {
    /// A party: `[a-z0-9][a-z0-9_-]*`, at most 40 characters, not `treaty`.
    PartyName, check_party
}
name! {
    /// An agent: letters and digits with single spaces, `.`, `_` and `-` between them.
    AgentName, check_agent
}
name! {
    /// A plain file name: `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 100 characters.
    FileName, check_file
}
name! {
    /// A JSON Pointer (RFC 6901) to what a party owns.
    OwnedPointer, check_pointer
}

fn check_party(text: &str) -> Result<(), String> {
    let inner = |char: char| matches!(char, 'a'..='z' | '0'..='9' | '_' | '-');
    if text == "treaty" {
        return Err("a party cannot be called `treaty`, the mediator is; rename it".to_owned());
    }
    if text.len() <= 40
        && text.chars().all(inner)
        && text.starts_with(|it| inner(it) && it != '_' && it != '-')
    {
        return Ok(());
    }
    Err(format!(
        "`{text}` is no party name; use small letters, digits, `_` and `-`, at most 40, \
         beginning with a letter or digit"
    ))
}

fn check_agent(text: &str) -> Result<(), String> {
    let ends = text.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric);
    let inner = text.chars().all(|it| it.is_alphanumeric() || matches!(it, ' ' | '.' | '_' | '-'));
    if ends && inner && !text.contains("  ") && text.chars().count() <= 80 {
        return Ok(());
    }
    Err(format!(
        "`{text}` is no agent name (it becomes a git author); use letters, digits, single \
         spaces, `.`, `_` and `-`, at most 80, beginning and ending with a letter or digit"
    ))
}

fn check_file(text: &str) -> Result<(), String> {
    if TAKEN.contains(&text.to_lowercase().as_str()) {
        return Err(format!("`{text}` is the name of another file of the record; choose another"));
    }
    let inner = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-');
    let plain = text.starts_with(|it: char| it.is_ascii_alphanumeric()) && text.chars().all(inner);
    if plain && text.len() <= 100 && !text.ends_with('.') {
        return Ok(());
    }
    Err(format!(
        "`{text}` is no plain file name; use letters, digits, `.`, `_` and `-` without a folder, \
         beginning with a letter or digit"
    ))
}

fn check_pointer(text: &str) -> Result<(), String> {
    if pointer::tokens(text).is_some() {
        return Ok(());
    }
    Err(format!(
        "`{text}` is no JSON Pointer; begin each step with `/` and write `~1` for `/` and `~0` \
         for `~` inside one, e.g. `/paths/~1orders`"
    ))
}
