//! Text inside HTML: nothing of a document is ever markup, script or an address.

use crate::report::text::inline;

/// The text as content of an element or of an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    escape_shown(&inline(text))
}

/// The same of a part of a line of a document, in which a tab is what it looks like.
pub(super) fn escape_source(text: &str) -> String {
    escape_shown(&inline(&text.replace('\t', "    ")))
}

fn escape_shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + text.len() / 8);
    for char in text.chars() {
        match char {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            char => shown.push(char),
        }
    }
    shown
}

/// A sentence whose parts between back-quotes are code.
pub(super) fn sentence(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    let mut shown = String::with_capacity(text.len() * 2);
    for (at, part) in parts.iter().enumerate() {
        let is_code = at % 2 == 1;
        match (is_code, at + 1 < parts.len()) {
            (true, true) => {
                shown.push_str("<code>");
                shown.push_str(&escape(part));
                shown.push_str("</code>");
            }
            (true, false) => {
                shown.push('`');
                shown.push_str(&escape(part));
            }
            (false, _) => shown.push_str(&escape(part)),
        }
    }
    shown
}

/// An address that a link may carry: plain `https`, nothing else.
pub(super) fn address(text: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>\"'`\\".contains(&byte);
    (text.starts_with("https://") && text.bytes().all(is_plain)).then_some(text)
}

/// What a policy calls a style or script by: the digest of its text.
pub(super) fn integrity(sha256_hex: &str) -> String {
    let digits: Vec<u32> = sha256_hex.chars().filter_map(|char| char.to_digit(16)).collect();
    let bits = digits.iter().flat_map(|digit| (0..4).rev().map(move |bit| digit >> bit & 1));
    let bits: Vec<u32> = bits.collect();
    let mut text = String::from("sha256-");
    for six in bits.chunks(6) {
        let value = (0..6).fold(0, |value, at| value << 1 | six.get(at).copied().unwrap_or(0));
        text.push(base64(value));
    }
    while !(text.len() - "sha256-".len()).is_multiple_of(4) {
        text.push('=');
    }
    text
}

fn base64(value: u32) -> char {
    let value = u8::try_from(value).unwrap_or_default();
    char::from(match value {
        0..26 => b'A' + value,
        26..52 => b'a' + value - 26,
        52..62 => b'0' + value - 52,
        62 => b'+',
        _ => b'/',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_policies_write_it() {
        // The digest of the empty text.
        let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(integrity(digest), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn only_plain_addresses_are_links() {
        assert!(address("https://spec.openapis.org/oas/v3.1.1.html#x").is_some());
        for text in ["javascript:alert(1)", "http://a", "https://a\"onclick=x", "https://a b"] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
