//! Reading a configuration file into a type, with errors that say where and what to do.
//!
//! * **Errors.** Lines and columns count from 1. A word from the file is shown with its
//!   invisible characters escaped, so that a file cannot draw on the terminal.

use std::fmt;

use serde::{
    Deserializer,
    de::{self, DeserializeOwned, Visitor},
};

use crate::document::{Document, Fault, FaultKind, Limits, Value, visible};

/// A configuration file larger than this is not read.
const FILE_BYTES_MAX: usize = 1 << 20;

/// A configuration file is not what we understand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct ConfigError {
    /// The file as the user named it.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl ConfigError {
    /// An error about what stands at `pointer`: at its key, where it has one.
    pub fn at(path: &str, bytes: &[u8], pointer: &str, message: impl Into<String>) -> Self {
        let document = Document::parse(path, bytes.to_vec(), &Limits::default());
        let start = document
            .at(pointer)
            .map(|node| document.range(node.key_span().unwrap_or_else(|| node.span())).start);
        let (line, column) = start.map_or((1, 1), |it| (it.line as usize, it.column as usize));
        Self { path: path.to_owned(), line, column, message: message.into() }
    }
}

/// Reads `bytes` as a `T`.
pub fn read<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T, ConfigError> {
    let error = |line, column, message: String| ConfigError {
        path: path.to_owned(),
        line,
        column,
        message,
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.len() > FILE_BYTES_MAX {
        let message = format!("the file is larger than {FILE_BYTES_MAX} bytes; keep it small");
        return Err(error(1, 1, message));
    }
    let text = std::str::from_utf8(bytes).map_err(|it| {
        let before = bytes.get(..it.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        error(line, 1, "the text is not UTF-8; save it as UTF-8".to_owned())
    })?;
    let document = Document::parse(path, bytes.to_vec(), &Limits::default());
    let repeated = |fault: &&Fault| fault.kind == FaultKind::DuplicateKey;
    if let Some(fault) = document.faults().iter().find(repeated) {
        let at = document.range(fault.span).start;
        let message = format!("{}; remove one", visible(&fault.message));
        return Err(error(at.line as usize, at.column as usize, message));
    }
    serde_yaml::from_str(text).map_err(|it| {
        let (line, column) = it.location().map_or((1, 1), |at| (at.line(), at.column()));
        error(line, column, explain(&it.to_string()))
    })
}

/// Reads a value of a document as a `T`; what is wrong with it is said without a place.
pub fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_yaml::from_str(&value.to_json()).map_err(|it| explain(&it.to_string()))
}

/// Reads a string that passes `check`; what is wrong with it is said at its place.
pub fn checked<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expecting: &'static str,
    check: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    struct Checked<F>(&'static str, F);
    impl<T, F: FnOnce(&str) -> Result<T, String>> Visitor<'_> for Checked<F> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.1)(text).map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Checked(expecting, check))
}

/// Reads a whole number that passes `check`; what is wrong with it is said at its place.
pub(super) fn checked_number<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expecting: &str,
    check: impl FnOnce(i128) -> Result<T, String>,
) -> Result<T, D::Error> {
    struct Checked<'e, F>(&'e str, F);
    impl<T, F: FnOnce(i128) -> Result<T, String>> Visitor<'_> for Checked<'_, F> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
            (self.1)(number.into()).map_err(E::custom)
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
            (self.1)(number.into()).map_err(E::custom)
        }
    }
    deserializer.deserialize_any(Checked(expecting, check))
}

/// What the YAML reader said, in our words, with the nearest known name.
fn explain(said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(message, _)| message);
    for (kind, word) in [("unknown field `", "key"), ("unknown variant `", "word")] {
        let Some((context, rest)) = said.split_once(kind) else { continue };
        let Some((name, known)) = rest.rsplit_once("`, expected ") else { continue };
        let context = context.trim_end_matches([':', ' ']);
        let place = if context.is_empty() { String::new() } else { format!(" in `{context}`") };
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let remedy = match nearest(name, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("known are {}", list(&known)),
        };
        return visible(&format!("there is no {word} `{name}`{place}; {remedy}")).into_owned();
    }
    if let Some((context, rest)) = said.split_once("missing field `") {
        let name = rest.trim_end_matches('`');
        return visible(&format!("{context}the key `{name}` is missing; add it")).into_owned();
    }
    if said.contains("more than one document") {
        return "the file holds more than one document; keep one".to_owned();
    }
    visible(said).into_owned()
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The known name that `word` was most likely meant to be.
pub fn nearest<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&word, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= name.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
