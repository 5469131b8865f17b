//! Identifiers, pointers, encodings and patterns.
//!
//! * **Source.** RFC 9562; RFC 6901; the relative JSON Pointer draft; RFC 4648; RFC 9110.

use jsonschema_regex::is_valid_ecma_regex;

use crate::document::pointer;

use super::Judgement::{self, Fits, Wrong};

pub(super) fn uuid(text: &str) -> Judgement {
    let parts: Vec<_> = text.split('-').collect();
    let fits = parts.len() == 5
        && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
    Judgement::of(fits, "a UUID is 8-4-4-4-12 hexadecimal digits")
}

pub(super) fn json_pointer(text: &str) -> Judgement {
    Judgement::of(pointer::tokens(text).is_some(), "a JSON Pointer begins with `/` and escapes `~`")
}

pub(super) fn relative_json_pointer(text: &str) -> Judgement {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(count);
    let canonical = !number.is_empty() && (number == "0" || !number.starts_with('0'));
    let fits = canonical && (rest == "#" || pointer::tokens(rest).is_some());
    Judgement::of(fits, "a relative JSON Pointer is a number and a JSON Pointer or `#`")
}

pub(super) fn regex(text: &str) -> Judgement {
    Judgement::of(is_valid_ecma_regex(text), "it is no regular expression of ECMA-262")
}

pub(super) fn base64(text: &str) -> Judgement {
    encoded(text, b"+/", true)
}

pub(super) fn base64url(text: &str) -> Judgement {
    encoded(text, b"-_", false)
}

fn encoded(text: &str, extra: &[u8], padded: bool) -> Judgement {
    // MIME breaks lines; the count is of what remains.
    let symbols: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let data = symbols.iter().take_while(|byte| **byte != b'=').count();
    let (body, padding) = symbols.split_at(data);
    let alphabet = body.iter().all(|byte| byte.is_ascii_alphanumeric() || extra.contains(byte));
    if !alphabet || padding.len() > 2 || padding.iter().any(|byte| *byte != b'=') {
        return Wrong("it has a character outside the base64 alphabet");
    }
    let whole = symbols.len().is_multiple_of(4) && data % 4 != 1;
    let unpadded = padding.is_empty() && data % 4 != 1;
    if whole || unpadded && !padded { Fits } else { Wrong("its length is not that of base64") }
}

pub(super) fn media_range(text: &str) -> Judgement {
    let range = text.split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let fits = range.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype));
    Judgement::of(fits, "a media range is `type/subtype`")
}
