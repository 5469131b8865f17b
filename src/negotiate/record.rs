//! A party's private record: what its agent was heard to say, in order, and nothing else.
//!
//! * **Shape.** One JSON object a line, each with the digest of the line before it. With the
//!   inputs of the run, the records of the two parties are the whole state: everything else
//!   follows from them, and whose line comes next follows from the state.
//! * **Errors.** A last line that is torn was never acted on and is left out; anything else
//!   that is wrong is a [`RecordError`] with its line.

use crate::document::{Value, sha256_hex};

use super::{fault::SeatFault, journal::json_line};

/// What a seat was heard to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The number of the answer in the run, from 1.
    pub act: u64,
    /// The question that was asked.
    pub request_id: String,
    /// When the answer came, in seconds since 1970.
    pub time: u64,
    /// How long the seat took, in milliseconds.
    pub took_ms: u64,
    /// The answer's bytes, or why there was none.
    pub said: Result<Vec<u8>, SeatFault>,
}

/// A record is not one that we wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the private record is damaged: {what}")]
pub struct RecordError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// A record that grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    prev: String,
}

impl Chain {
    /// The next line, with its line feed.
    pub fn line(&mut self, saying: &Saying) -> String {
        let mut members = members(saying);
        members.push(("prev", Value::from(self.prev.as_str())));
        let mut line = json_line(&Value::object(members));
        self.prev = sha256_hex(line.as_bytes());
        line.push('\n');
        line
    }
}

fn members(saying: &Saying) -> Vec<(&'static str, Value)> {
    let said = match &saying.said {
        Ok(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => ("text", Value::from(text)),
            Err(_) => ("hex", Value::from(hex(bytes))),
        },
        Err(fault) => ("fault", Value::from(fault.word())),
    };
    vec![
        ("v", Value::from(1_u64)),
        ("act", Value::from(saying.act)),
        ("request_id", Value::from(saying.request_id.as_str())),
        ("time", Value::from(saying.time)),
        ("took_ms", Value::from(saying.took_ms)),
        said,
    ]
}

/// What was read of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// The lines.
    pub sayings: Vec<Saying>,
    /// How many bytes they take; what follows is a torn line.
    pub whole: usize,
    /// Where the record goes on.
    pub chain: Chain,
}

/// Reads a record.
pub fn parse_records(bytes: &[u8]) -> Result<Records, RecordError> {
    let mut read = Records { sayings: Vec::new(), whole: 0, chain: Chain::default() };
    while let Some(rest) = bytes.get(read.whole..).filter(|rest| !rest.is_empty()) {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let Some(line) = end.and_then(|end| rest.get(..end)) else { return Ok(read) };
        match parse_line(line, &read.chain.prev) {
            Ok(saying) => {
                read.sayings.push(saying);
                read.whole += line.len() + 1;
                read.chain.prev = sha256_hex(line);
            }
            // The last line, though it has its line feed: blocks may reach a disk out of order.
            Err(_) if line.len() + 1 == rest.len() => return Ok(read),
            Err(what) => return Err(RecordError { line: read.sayings.len() + 1, what }),
        }
    }
    Ok(read)
}

fn parse_line(line: &[u8], prev: &str) -> Result<Saying, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is no UTF-8".to_owned())?;
    let value = Value::from_json(text).ok_or("it is no JSON")?;
    let text = |key: &str| {
        let text = value.get(key).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| format!("`{key}` is missing"))
    };
    let number = |key: &str| match value.get(key) {
        Some(Value::Number(number)) => number.parse::<u64>().map_err(|error| error.to_string()),
        _ => Err(format!("`{key}` is missing")),
    };
    if text("prev")? != prev {
        return Err("it does not follow the line before it".to_owned());
    }
    let said = if let Ok(said) = text("text") {
        Ok(said.into_bytes())
    } else if let Ok(digits) = text("hex") {
        Ok(unhex(&digits).ok_or("`hex` is not hexadecimal")?)
    } else {
        Err(SeatFault::from_word(&text("fault")?).ok_or("`fault` is unknown")?)
    };
    Ok(Saying {
        act: number("act")?,
        request_id: text("request_id")?,
        time: number("time")?,
        took_ms: number("took_ms")?,
        said,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let bytes = digits.as_bytes().chunks(2);
    bytes
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}
