//! Which characters may cross, and how much text.
//!
//! * **Shape.** Line feeds may cross; other controls, bidi controls, invisible and zero-width
//!   characters, tag characters, variation selectors, private use and noncharacters may not,
//!   and neither may text that is not in Unicode's normalization form C. Nothing is repaired:
//!   text is refused as it is, or crosses as it is.

use unicode_normalization::is_nfc;

use crate::document::is_invisible;

/// The longest question, answer, reason or note, in characters.
pub const PROSE_CHARACTERS_MAX: usize = 2_000;
/// The longest pointer, in characters.
pub(super) const POINTER_CHARACTERS_MAX: usize = 1_000;
/// The longest code or name, in characters.
pub(super) const WORD_CHARACTERS_MAX: usize = 64;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A character that may not cross.
    Character(char),
    /// The text is not in normalization form C.
    NotNormalized,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Character(char) => {
                write!(formatter, "the character U+{:04X} may not cross", u32::from(*char))
            }
            Self::NotNormalized => formatter.write_str("the text is not in Unicode's form NFC"),
        }
    }
}

/// Whether a character may not cross.
pub fn is_refused(char: char) -> bool {
    is_invisible(char)
        || matches!(char,
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
            | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}'
            | '\u{fdd0}'..='\u{fdef}')
        || u32::from(char) & 0xfffe == 0xfffe
}

/// The first thing that is wrong with a text.
pub fn refused(text: &str) -> Option<Refused> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control() && byte != b'\n') {
        return None;
    }
    match text.chars().find(|char| is_refused(*char)) {
        Some(char) => Some(Refused::Character(char)),
        None => (!is_nfc(text)).then_some(Refused::NotNormalized),
    }
}
