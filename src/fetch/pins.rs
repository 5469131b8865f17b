//! The lock file: what each address held when it was first fetched.
//!
//! * **Units.** SHA-256 digests of the raw bytes, in lowercase hexadecimal.
//! * **Errors.** [`PinError`]: a lock file that is not one is never overwritten.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What every digest begins with.
const PREFIX: &str = "sha256:";

/// Why a lock file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// It is no lock file.
    #[error("it is no lock file of treaty: {0}")]
    Form(#[from] serde_json::Error),
    /// Its version is not ours.
    #[error("its version is {0}; this program knows version 1")]
    Version(u32),
    /// A digest is not one.
    #[error("the digest of {0} is not `{PREFIX}` and 64 hexadecimal digits")]
    Digest(String),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    fetched: BTreeMap<String, String>,
}

/// Digests by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins(BTreeMap<String, String>);

impl Pins {
    /// Reads a lock file.
    pub fn parse(bytes: &[u8]) -> Result<Self, PinError> {
        let file: File = serde_json::from_slice(bytes)?;
        if file.version != 1 {
            return Err(PinError::Version(file.version));
        }
        let digests = file.fetched.into_iter().map(|(url, text)| {
            let digest = text.strip_prefix(PREFIX).filter(|digest| is_digest(digest));
            match digest.map(str::to_owned) {
                Some(digest) => Ok((url, digest)),
                None => Err(PinError::Digest(url)),
            }
        });
        digests.collect::<Result<_, _>>().map(Self)
    }

    /// The text of the lock file.
    pub fn to_text(&self) -> String {
        let fetched = self.0.iter().map(|(url, digest)| (url.clone(), format!("{PREFIX}{digest}")));
        let file = File { version: 1, fetched: fetched.collect() };
        let text = serde_json::to_string_pretty(&file).unwrap_or_default();
        format!("{text}\n")
    }

    pub(super) fn get(&self, url: &str) -> Option<&str> {
        self.0.get(url).map(String::as_str)
    }

    pub(super) fn pin(&mut self, url: &str, digest: String) {
        self.0.insert(url.to_owned(), digest);
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_lock_file_reads_back_and_nothing_else_is_one() {
        let mut pins = Pins::default();
        pins.pin("https://a.example/b", "0".repeat(64));
        assert_eq!(Pins::parse(pins.to_text().as_bytes()).unwrap(), pins);
        for text in [
            "",
            "[]",
            "{\"version\":2,\"fetched\":{}}",
            "{\"version\":1,\"fetched\":{},\"x\":1}",
            "{\"version\":1,\"fetched\":{\"https://a\":\"sha256:00\"}}",
        ] {
            assert!(Pins::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
