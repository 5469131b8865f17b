//! The words that one party never wants to see on the other side.

use serde::{Deserialize, Deserializer};

use unicode_normalization::UnicodeNormalization;

use super::checked;

/// A term with fewer letters and digits than this would match everything.
const CHARACTERS_MIN: usize = 3;
/// A term with at least so many letters and digits stands nowhere by chance.
const LONG_CHARACTERS_MIN: usize = 8;

/// A private term. Neither `Debug` nor an error shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateTerm(String);

impl PrivateTerm {
    /// The term, or what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        if Self::normalized(text).chars().count() < CHARACTERS_MIN {
            return Err(format!(
                "a private term needs at least {CHARACTERS_MIN} letters or digits; remove it or \
                 write more of it"
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether the term is long enough to be looked for inside other words, and split over
    /// several texts. A shorter one, whose letters stand in many words by chance, is whole
    /// words of one text.
    pub fn is_long(&self) -> bool {
        Self::normalized(&self.0).chars().count() >= LONG_CHARACTERS_MIN
    }

    /// What is compared: compatibility-composed, in lower case, letters and digits alone.
    pub fn normalized(text: &str) -> String {
        text.nfkc().flat_map(char::to_lowercase).filter(|it| it.is_alphanumeric()).collect()
    }

    /// The term as the mandate has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PrivateTerm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PrivateTerm(…)")
    }
}

impl<'de> Deserialize<'de> for PrivateTerm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, "a private term", Self::new)
    }
}
