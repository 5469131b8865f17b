//! One text in every spelling that says the same.
//!
//! * **Shape.** [`readings`] gives the text itself and what it says once percent-encoding,
//!   `\u` escapes, character references, base64 and hexadecimal digits are undone, one inside
//!   the other too. Each reading is letters and digits alone, in lower case, look-alikes as
//!   one (UTS 39's skeleton), with the borders of its words: at what is no letter or digit,
//!   and where a capital begins a word.
//! * **Units.** Each way of writing is undone a fixed number of times, so the work grows
//!   linearly with the text.
//! * **Source.** RFC 3986, 2.1; RFC 4648, 4 and 5; HTML, 13.5; UTS 39, 4.

use std::fmt::Write as _;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::skeleton;

use crate::document::is_invisible;

/// How many ways of writing are undone, one inside the other.
const DEPTH_MAX: usize = 2;
/// How often escapes are undone at once, since an escape can be escaped.
const ROUNDS_MAX: usize = 3;
/// The fewest characters of base64 or hexadecimal digits that say a word.
const ENCODED_MIN: usize = 4;
/// The fewest readable characters in a row that make decoded bytes a text.
const READABLE_MIN: usize = 3;

/// A text as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// Letters and digits alone.
    pub text: String,
    /// Whether it is put together from what of some bytes happened to be readable.
    pub scattered: bool,
    /// The bytes at which words begin, and the end.
    borders: Vec<usize>,
}

/// What a text may say.
struct Said {
    text: String,
    scattered: bool,
}

impl Reading {
    /// Whether a word begins or ends at a byte.
    pub(super) fn is_border(&self, at: usize) -> bool {
        self.borders.binary_search(&at).is_ok()
    }
}

/// Letters and digits as they are compared.
pub(super) fn plain(text: &str) -> String {
    read(text).text
}

/// Everything that a text may say.
pub(super) fn readings(text: &str) -> Vec<Reading> {
    let mut found = vec![read(text)];
    let mut layer = vec![Said { text: text.to_owned(), scattered: false }];
    for _ in 0..DEPTH_MAX {
        let inner: Vec<Said> = layer.iter().flat_map(undone).collect();
        found.extend(inner.iter().map(|it| Reading { scattered: it.scattered, ..read(&it.text) }));
        layer = inner;
    }
    found
}

/// What a text says once one way of writing is undone.
fn undone(said: &Said) -> Vec<Said> {
    let text = said.text.as_str();
    let sure = unescaped(text).into_iter().chain(words_of_base64(text));
    let sure = sure.map(|text| Said { text, scattered: said.scattered });
    let scattered = from_base64(text).into_iter().chain(from_hex(text));
    sure.chain(scattered.map(|text| Said { text, scattered: true })).collect()
}

fn read(text: &str) -> Reading {
    if text.is_ascii() {
        return fold(text.chars());
    }
    let seen: Vec<char> = text.nfkc().filter(|it| !is_invisible(*it)).collect();
    fold(seen.into_iter().filter(|it| !is_combining_mark(*it) && !is_selector(*it)))
}

/// Variation selectors: they change how a character looks, not what it says.
fn is_selector(char: char) -> bool {
    matches!(char, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn fold(chars: impl Iterator<Item = char>) -> Reading {
    let mut reading = Reading::default();
    let mut chars = chars.filter(|it| *it == '\n' || !is_invisible(*it)).peekable();
    let mut before = ' ';
    while let Some(char) = chars.next() {
        let after = chars.peek();
        let begins = char.is_uppercase()
            && (!before.is_uppercase() || after.is_some_and(|it| it.is_lowercase()));
        if char.is_alphanumeric() {
            if begins || !before.is_alphanumeric() {
                reading.borders.push(reading.text.len());
            }
            fold_char(char, &mut reading.text);
        } else if before.is_alphanumeric() {
            reading.borders.push(reading.text.len());
        }
        before = char;
    }
    reading.borders.push(reading.text.len());
    reading.borders.dedup();
    reading
}

/// One letter or digit as it is compared.
fn fold_char(char: char, into: &mut String) {
    if char.is_ascii() {
        match char.to_ascii_lowercase() {
            '0' => into.push('o'),
            '1' => into.push('l'),
            'm' => into.push_str("rn"),
            other => into.push(other),
        }
        return;
    }
    let mut buffer = [0; 4];
    for low in char.to_lowercase() {
        let like = skeleton(low.encode_utf8(&mut buffer)).flat_map(char::to_lowercase);
        let start = into.len();
        into.extend(like.filter(|it| it.is_alphanumeric()));
        if into.len() == start {
            into.push(low);
        }
    }
}

/// The text without percent-encoding, `\u` and `\x` escapes and character references; nothing
/// where it has none.
fn unescaped(text: &str) -> Option<String> {
    let mut now = undo_escapes(text)?;
    for _ in 1..ROUNDS_MAX {
        match undo_escapes(&now) {
            Some(next) => now = next,
            None => break,
        }
    }
    Some(now)
}

fn undo_escapes(text: &str) -> Option<String> {
    if !text.bytes().any(|it| matches!(it, b'%' | b'\\' | b'&')) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '\\', '&']) {
        let (before, escape) = rest.split_at(at);
        bytes.extend_from_slice(before.as_bytes());
        let undone = percent(escape).or_else(|| backslash(escape)).or_else(|| entity(escape));
        let length = if let Some((value, length)) = undone {
            bytes.extend(value);
            length
        } else {
            bytes.extend(escape.as_bytes().first());
            1
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    let undone = String::from_utf8_lossy(&bytes).into_owned();
    (undone != text).then_some(undone)
}

/// What an escape says, and how long it is.
type Undone = Option<(Vec<u8>, usize)>;

fn percent(escape: &str) -> Undone {
    let digits = escape.strip_prefix('%')?.get(..2)?;
    Some((vec![u8::from_str_radix(digits, 16).ok()?], 3))
}

fn backslash(escape: &str) -> Undone {
    let rest = escape.strip_prefix('\\')?;
    let kind = rest.chars().next().filter(|it| matches!(it, 'u' | 'U' | 'x'))?;
    let rest = rest.get(1..)?;
    let (digits, length) = if let Some(inner) = rest.strip_prefix('{') {
        let digits = inner.get(..inner.find('}')?)?;
        (digits, digits.len() + 4)
    } else {
        let count = match kind {
            'x' => 2,
            'u' => 4,
            _ => 8,
        };
        (rest.get(..count)?, count + 2)
    };
    Some((encoded(u32::from_str_radix(digits, 16).ok()?)?, length))
}

/// A character reference; a named one stands for something that is no letter.
fn entity(escape: &str) -> Undone {
    let inner = escape.strip_prefix('&')?;
    let name = inner.get(..inner.find(';').filter(|end| (1..=32).contains(end))?)?;
    let length = name.len() + 2;
    let value = match name.strip_prefix('#') {
        Some(code) => {
            let number = match code.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => code.parse(),
            };
            encoded(number.ok()?)?
        }
        None if name.bytes().all(|it| it.is_ascii_alphanumeric()) => match name {
            "amp" => b"&".to_vec(),
            _ => b" ".to_vec(),
        },
        None => return None,
    };
    Some((value, length))
}

fn encoded(number: u32) -> Option<Vec<u8>> {
    Some(char::from_u32(number)?.to_string().into_bytes())
}

/// What those words of a text say that are base64 as a whole.
fn words_of_base64(text: &str) -> Option<String> {
    let mut decoded = String::new();
    for word in text.split(|it| u8::try_from(it).ok().and_then(sextet).is_none()) {
        if word.len() < ENCODED_MIN {
            continue;
        }
        let sextets: Vec<u8> = word.bytes().filter_map(sextet).collect();
        if let Ok(said) = String::from_utf8(octets(&sextets))
            && !said.chars().any(char::is_control)
        {
            let _ = writeln!(decoded, "{said}");
        }
    }
    (!decoded.is_empty()).then_some(decoded)
}

/// What base64 in a text says, wherever in it a group of four begins.
fn from_base64(text: &str) -> Vec<String> {
    let mut decoded = vec![String::new(); 4];
    let mut run: Vec<u8> = Vec::new();
    let ends = text.bytes().filter(|it| !it.is_ascii_whitespace()).chain([b'=']);
    for byte in ends {
        if let Some(sextet) = sextet(byte) {
            run.push(sextet);
            continue;
        }
        if run.len() >= ENCODED_MIN {
            for (start, decoded) in decoded.iter_mut().enumerate() {
                push_readable(decoded, &octets(run.get(start..).unwrap_or_default()));
            }
        }
        run.clear();
    }
    decoded.retain(|it| !it.is_empty());
    decoded
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// Groups of four times six bits as three bytes each.
fn octets(sextets: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(sextets.len());
    for group in sextets.chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, it| bits << 6 | u32::from(*it));
        let bits = bits << (6 * (4 - group.len()));
        let whole = group.len().saturating_sub(1);
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(whole));
    }
    bytes
}

/// What hexadecimal digits say, whatever stands between them.
fn from_hex(text: &str) -> Vec<String> {
    let mut decoded = vec![String::new(); 2];
    let mut run: Vec<u8> = Vec::new();
    let digits = text.chars().filter(|it| it.is_alphanumeric());
    for digit in digits.map(|it| it.to_digit(16)).chain([None]) {
        if let Some(digit) = digit.and_then(|it| u8::try_from(it).ok()) {
            run.push(digit);
            continue;
        }
        if run.len() >= 2 * READABLE_MIN {
            for (start, decoded) in decoded.iter_mut().enumerate() {
                let pairs = run.get(start..).unwrap_or_default().chunks_exact(2);
                let bytes: Vec<u8> =
                    pairs.map(|pair| pair.iter().fold(0, |byte, it| byte << 4 | it)).collect();
                push_readable(decoded, &bytes);
            }
        }
        run.clear();
    }
    decoded.retain(|it| !it.is_empty());
    decoded
}

/// Adds what of some bytes is text, each piece a line of its own.
fn push_readable(into: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        for piece in chunk.valid().split(|it: char| it.is_control()) {
            if piece.chars().count() >= READABLE_MIN {
                let _ = writeln!(into, "{piece}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_skeleton_says_of_ascii_is_said_here() {
        for byte in b'0'..=b'z' {
            let char = char::from(byte).to_ascii_lowercase();
            if !char.is_ascii_alphanumeric() {
                continue;
            }
            let mut folded = String::new();
            fold_char(char, &mut folded);
            let like = skeleton(&char.to_string()).flat_map(char::to_lowercase).collect::<String>();
            assert_eq!(folded, like, "{char}");
        }
    }
}
