//! Telling an OpenAPI document by its name and its content.

use std::path::Path;

/// Whether a file has the name of one that may hold an OpenAPI document.
pub(super) fn is_named_openapi(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["yaml", "yml", "json"].iter().any(|it| extension.eq_ignore_ascii_case(it))
    })
}

/// Whether a YAML or JSON text has `openapi` or `swagger`, with a scalar, at its top level.
pub(super) fn is_openapi(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match bytes.trim_ascii_start().first() {
        Some(b'{') => flow_has_key(bytes),
        _ => bytes.split(|byte| *byte == b'\n').any(line_is_version),
    }
}

/// Whether a line of block YAML at the top level says which OpenAPI this is.
fn line_is_version(line: &[u8]) -> bool {
    let line = match line.first() {
        Some(quote @ (b'"' | b'\'')) => line.split(|byte| byte == quote).nth(1).zip(line.get(9..)),
        _ => line.split(|byte| *byte == b':').next().zip(line.get(7..)),
    };
    let Some((key, rest)) = line else { return false };
    is_key(key)
        && rest.trim_ascii_start().strip_prefix(b":").is_some_and(|value| {
            let value = value.trim_ascii();
            !matches!(value.first(), None | Some(b'{' | b'[' | b'#' | b'|' | b'>'))
        })
}

/// Whether the outermost object of JSON, or of flow YAML, has such a key.
fn flow_has_key(bytes: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' | b'\'' => {
                let start = at;
                at = string_end(bytes, at, *byte);
                let text = bytes.get(start..at.saturating_sub(1)).unwrap_or_default();
                let rest = bytes.get(at..).unwrap_or_default().trim_ascii_start();
                if depth == 1 && is_key(text) && rest.first() == Some(&b':') {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// The byte after the closing quote.
fn string_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' if quote == b'"' => at += 1,
            byte if *byte == quote => break,
            _ => {}
        }
    }
    at
}

fn is_key(text: &[u8]) -> bool {
    text == b"openapi" || text == b"swagger"
}
