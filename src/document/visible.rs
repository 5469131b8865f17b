//! Characters that a reader cannot see, or that change what a reader sees.

use std::borrow::Cow;

/// Whether a character is a control (line feed excepted), a bidi control, or invisible.
///
/// C0, DEL and C1; soft hyphen; Arabic letter mark; zero-width and bidi controls; line and
/// paragraph separators; fillers; the byte order mark; interlinear marks; tag characters.
pub fn is_invisible(char: char) -> bool {
    matches!(char,
        '\0'..='\u{9}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}'
        | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// The text with each invisible character written as `\u{…}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        if is_invisible(char) {
            shown.extend(char.escape_unicode());
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

/// Whether a text may have an invisible character: quick, and sure where it says no.
pub(super) fn may_hide(text: &str) -> bool {
    let bytes = text.as_bytes();
    let control =
        |byte: &u8| *byte < 0x20 && !matches!(byte, b'\n' | b'\t' | b'\r') || *byte == 0x7f;
    // The first bytes of all that `is_invisible` names beyond ASCII.
    let lead = |byte: &u8| matches!(byte, 0xC2 | 0xCD | 0xD8 | 0xE1 | 0xE2 | 0xE3 | 0xEF | 0xF3);
    let is_hidden = |at: usize| {
        let char = text.get(at..).and_then(|rest| rest.chars().next());
        char.is_some_and(is_invisible)
    };
    bytes.iter().any(control)
        || !text.is_ascii()
            && bytes.iter().enumerate().any(|(at, byte)| lead(byte) && is_hidden(at))
}
