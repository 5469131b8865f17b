//! Messages on a stream: a header that gives a length, and that many bytes of JSON.
//!
//! * **Units.** A header has at most [`HEADER_BYTES_MAX`] bytes, a message at most
//!   [`MESSAGE_BYTES_MAX`]; no memory is taken before the bytes are there.
//! * **Errors.** What is no message is answered, and the next one is read; a header that gives no
//!   length ends the session, for nobody knows where the next message begins.
//! * **Source.** LSP 3.17, "Base Protocol"; JSON-RPC 2.0.

use std::io::{self, BufRead, Read, Write};

use serde::Deserialize;
use serde_json::{Value as Json, json};

/// The most bytes of a header.
const HEADER_BYTES_MAX: u64 = 4 << 10;
/// The most bytes of a message.
const MESSAGE_BYTES_MAX: u64 = 256 << 20;

/// Why a session cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// A header is too long.
    #[error("a header has more than {HEADER_BYTES_MAX} bytes")]
    LongHeader,
    /// A header gives no length.
    #[error("a header gives no `Content-Length`")]
    NoLength,
    /// A message is too long.
    #[error("a message has more than {MESSAGE_BYTES_MAX} bytes")]
    LongMessage,
    /// The stream ends within a message.
    #[error("the stream ends within a message")]
    Cut,
    /// The system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What came.
#[derive(Debug)]
pub(super) enum Incoming {
    /// Something that wants an answer under this id.
    Request { id: Json, method: String, params: Json },
    /// Something that wants none.
    Notification { method: String, params: Json },
    /// The answer to something that we asked.
    Response,
    /// No message: why not, by code and in words.
    Garbage(i32, &'static str),
}

/// A message before it is known which kind it is.
#[derive(Deserialize)]
struct Raw {
    id: Option<Json>,
    method: Option<String>,
    #[serde(default)]
    params: Json,
}

/// Codes of JSON-RPC and of the protocol.
pub(super) mod code {
    pub(in crate::serve) const PARSE_ERROR: i32 = -32700;
    pub(in crate::serve) const INVALID_REQUEST: i32 = -32600;
    pub(in crate::serve) const METHOD_NOT_FOUND: i32 = -32601;
    pub(in crate::serve) const INVALID_PARAMS: i32 = -32602;
    pub(in crate::serve) const NOT_INITIALIZED: i32 = -32002;
    pub(in crate::serve) const CANCELLED: i32 = -32800;
}

/// Reads one message; nothing at the end of the stream.
pub(super) fn read(from: &mut impl BufRead) -> Result<Option<Incoming>, WireError> {
    let Some(length) = read_header(from)? else { return Ok(None) };
    let mut body = Vec::new();
    from.take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(WireError::Cut);
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(raw) => sorted(raw),
        Err(error) if error.is_data() => {
            Incoming::Garbage(code::INVALID_REQUEST, "the JSON is no message")
        }
        Err(_) => Incoming::Garbage(code::PARSE_ERROR, "the message is no JSON"),
    }))
}

fn sorted(raw: Raw) -> Incoming {
    let params = raw.params;
    match (raw.id, raw.method) {
        (Some(id), Some(method)) if id.is_string() || id.is_number() => {
            Incoming::Request { id, method, params }
        }
        (None, Some(method)) => Incoming::Notification { method, params },
        (Some(_), None) => Incoming::Response,
        _ => Incoming::Garbage(code::INVALID_REQUEST, "the JSON is no message"),
    }
}

/// The length of what follows; nothing at the end of the stream.
fn read_header(from: &mut impl BufRead) -> Result<Option<u64>, WireError> {
    let mut from = from.take(HEADER_BYTES_MAX);
    let mut length = None;
    let mut is_first = true;
    loop {
        let mut line = Vec::new();
        from.read_until(b'\n', &mut line)?;
        if line.is_empty() && is_first {
            return Ok(None);
        }
        is_first = false;
        let Some(line) = line.strip_suffix(b"\n") else {
            return Err(if from.limit() == 0 { WireError::LongHeader } else { WireError::Cut });
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let line = str::from_utf8(line).map_err(|_| WireError::NoLength)?;
        let (name, value) = line.split_once(':').ok_or(WireError::NoLength)?;
        if name.eq_ignore_ascii_case("Content-Length") {
            length = Some(value.trim().parse::<u64>().map_err(|_| WireError::NoLength)?);
        }
    }
    let length = length.ok_or(WireError::NoLength)?;
    if length > MESSAGE_BYTES_MAX {
        return Err(WireError::LongMessage);
    }
    Ok(Some(length))
}

/// Writes one message.
pub(super) fn write(message: &Json, to: &mut impl Write) -> io::Result<()> {
    let text = message.to_string();
    write!(to, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    to.flush()
}

/// An answer.
pub(super) fn answer(id: &Json, result: &Json) -> Json {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// The answer that there is none.
pub(super) fn refusal(id: &Json, code: i32, message: &str) -> Json {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// Something that wants no answer.
pub(super) fn notification(method: &str, params: &Json) -> Json {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Is = fn(&WireError) -> bool;

    fn all(mut bytes: &[u8]) -> (usize, Result<(), WireError>) {
        let mut count = 0;
        loop {
            match read(&mut bytes) {
                Ok(Some(_)) => count += 1,
                Ok(None) => return (count, Ok(())),
                Err(error) => return (count, Err(error)),
            }
        }
    }

    #[test]
    fn a_stream_is_read_as_far_as_it_can_be() {
        let message = |text: &str| format!("Content-Length: {}\r\n\r\n{text}", text.len());
        let good = message(r#"{"jsonrpc":"2.0","method":"x"}"#);
        for (text, count) in [
            (good.clone(), 1),
            (message("{") + &good, 2),
            (message("[1]") + &message("\"x\"") + &good, 3),
            (format!("content-length:2\nX-Other: y\n\n{{}}{good}"), 2),
        ] {
            assert!(matches!(all(text.as_bytes()), (read, Ok(())) if read == count), "{text}");
        }
        let cases: [(String, Is); 8] = [
            ("garbage\r\n\r\n".to_owned(), |it| matches!(it, WireError::NoLength)),
            ("X: 1\r\n\r\n".to_owned(), |it| matches!(it, WireError::NoLength)),
            ("Content-Length: -1\r\n\r\n".to_owned(), |it| matches!(it, WireError::NoLength)),
            ("Content-Length: 9999999999999\r\n\r\n".to_owned(), |it| {
                matches!(it, WireError::LongMessage)
            }),
            ("Content-Length: 200000000\r\n\r\n{}".to_owned(), |it| matches!(it, WireError::Cut)),
            ("Content-Le".to_owned(), |it| matches!(it, WireError::Cut)),
            ("x".repeat(1 << 20), |it| matches!(it, WireError::LongHeader)),
            ("X: y\r\n".repeat(10_000), |it| matches!(it, WireError::LongHeader)),
        ];
        for (text, is) in cases {
            let (count, result) = all((good.clone() + &text).as_bytes());
            assert_eq!(count, 1, "what came before counts");
            let text: String = text.chars().take(40).collect();
            assert!(result.as_ref().is_err_and(is), "{text}: {result:?}");
        }
    }
}
