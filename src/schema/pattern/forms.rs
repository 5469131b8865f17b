//! Patterns as the older grammar of ECMA-262 reads them, written for the engines.
//!
//! * **Source.** ECMA-262, Annex B.1.2 (patterns without the `u` flag); section 22.2.2.4
//!   (a reference to a group that took no part matches the empty text).

use std::{iter::Peekable, str::CharIndices};

/// Characters that mean something outside a class.
const SYNTAX: &str = "^$\\.*+?()[]{}|/";

/// The pattern with every liberty of Annex B written as the newer grammar wants it; nothing where
/// that is not known.
pub(super) fn modernized(pattern: &str) -> Option<String> {
    let named = pattern.contains("(?<") && pattern.contains("\\k<");
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.char_indices().peekable();
    let mut class = Class::Outside;
    while let Some((at, char)) = chars.next() {
        let rest = pattern.get(at..).unwrap_or_default();
        match (char, class) {
            ('\\', _) => {
                escape(&mut text, &mut chars, class != Class::Outside, named)?;
                let escaped = rest.chars().nth(1);
                class = class.behind(escaped.is_some_and(|char| "dDwWsS".contains(char)));
                continue;
            }
            ('[', Class::Outside) => {
                text.push(char);
                class = Class::Char;
                if chars.next_if(|(_, next)| *next == '^').is_some() {
                    text.push('^');
                }
                continue;
            }
            (']', Class::Char | Class::Set) => {
                text.push(char);
                class = Class::Outside;
                continue;
            }
            // Beside a set such as `\w` a hyphen is only a hyphen.
            ('-', Class::Set) => text.push_str("\\-"),
            ('-', Class::Char) if is_before_set(rest) => text.push_str("\\-"),
            ('{', Class::Outside) if !is_quantifier(rest) => text.push_str("\\{"),
            ('{', Class::Outside) => {
                let end = rest.find('}')?;
                text.push_str(rest.get(..=end)?);
                while chars.next_if(|(next, _)| *next <= at + end).is_some() {}
            }
            ('}' | ']', Class::Outside) => {
                text.push('\\');
                text.push(char);
            }
            _ => text.push(char),
        }
        class = class.behind(false);
    }
    Some(text)
}

/// Where in a pattern one is.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Outside,
    /// In a class, behind a character or at its start.
    Char,
    /// In a class, behind a set such as `\w`.
    Set,
}

impl Class {
    fn behind(self, set: bool) -> Self {
        match self {
            Self::Outside => Self::Outside,
            _ if set => Self::Set,
            _ => Self::Char,
        }
    }
}

/// Whether a hyphen stands before a set: `-\w`.
fn is_before_set(rest: &str) -> bool {
    let next = rest.strip_prefix("-\\").and_then(|it| it.chars().next());
    next.is_some_and(|char| "dDwWsS".contains(char))
}

/// Whether a brace begins `{1}`, `{1,}` or `{1,2}`.
fn is_quantifier(rest: &str) -> bool {
    let Some((inner, _)) = rest.get(1..).unwrap_or_default().split_once('}') else { return false };
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

/// One escape: kept where it means something, otherwise the character itself.
fn escape(
    text: &mut String,
    chars: &mut Peekable<CharIndices<'_>>,
    in_class: bool,
    named: bool,
) -> Option<()> {
    let (_, char) = chars.next()?;
    let hex = |count: usize| {
        let ahead: String = chars.clone().take(count).map(|(_, char)| char).collect();
        (ahead.len() == count && ahead.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(())
    };
    let kept = match char {
        'd' | 'D' | 'w' | 'W' | 's' | 'S' | 't' | 'n' | 'v' | 'f' | 'r' | 'b' => true,
        'B' => !in_class,
        '0' => !chars.peek().is_some_and(|(_, next)| next.is_ascii_digit()),
        'x' => hex(2).is_some(),
        'u' => hex(4).is_some(),
        'k' => named,
        'c' => chars.peek().is_some_and(|(_, next)| next.is_ascii_alphabetic()),
        '-' => in_class,
        _ => SYNTAX.contains(char),
    };
    if char.is_ascii_digit() && !(char == '0' && kept) || char == 'c' && !kept {
        // An octal number, a reference or a backslash: that depends on more than this place.
        return None;
    }
    if kept {
        text.push('\\');
    }
    text.push(char);
    Some(())
}

/// Whether a pattern refers to one of its groups.
pub(in crate::schema) fn has_references(pattern: &str) -> bool {
    pattern
        .match_indices('\\')
        .any(|(at, _)| pattern.get(at..).is_some_and(|rest| reference(rest).is_some()))
}

/// The pattern with each reference to a group written so that it matches the empty text where the
/// group took no part, and with digits and letters those of ASCII; nothing where a group is
/// forgotten between the turns of a loop around it.
pub(super) fn translated(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len() + 16);
    let mut groups = Groups::default();
    let mut in_class = false;
    let mut chars = pattern.char_indices();
    while let Some((at, char)) = chars.next() {
        let rest = pattern.get(at..).unwrap_or_default();
        match char {
            '\\' if !in_class && reference(rest).is_some() => {
                let (name, length) = reference(rest)?;
                let reference = rest.get(..length)?;
                text.push_str(&format!("(?({name}){reference}|)"));
                groups.referred = true;
                for _ in 1..length {
                    chars.next();
                }
                continue;
            }
            '\\' => {
                let escaped = chars.next().map(|(_, char)| char);
                match (escaped, in_class) {
                    (Some('d'), false) => text.push_str("[0-9]"),
                    (Some('d'), true) => text.push_str("0-9"),
                    (Some('D'), false) => text.push_str("[^0-9]"),
                    (Some('w'), false) => text.push_str("[A-Za-z0-9_]"),
                    (Some('w'), true) => text.push_str("A-Za-z0-9_"),
                    (Some('W'), false) => text.push_str("[^A-Za-z0-9_]"),
                    _ => {
                        text.push(char);
                        text.extend(escaped);
                    }
                }
                continue;
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => groups.open(rest),
            ')' if !in_class => groups.close(rest.get(1..).unwrap_or_default()),
            _ => {}
        }
        text.push(char);
    }
    (!(groups.referred && groups.forgotten)).then_some(text)
}

/// The name of the group that a reference names, as a condition has it, and the reference's length.
fn reference(rest: &str) -> Option<(String, usize)> {
    let after = rest.strip_prefix('\\')?;
    if let Some(named) = after.strip_prefix("k<") {
        let name = named.split_once('>')?.0;
        return Some((format!("<{name}>"), name.len() + 4));
    }
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let number = after.get(..digits).filter(|it| !it.is_empty() && !it.starts_with('0'))?;
    Some((number.to_owned(), digits + 1))
}

/// The groups that are open, each with whether it holds one that captures.
#[derive(Default)]
struct Groups {
    open: Vec<bool>,
    captures: Vec<bool>,
    referred: bool,
    forgotten: bool,
}

impl Groups {
    fn open(&mut self, rest: &str) {
        let plain = !rest.starts_with("(?");
        let named =
            rest.starts_with("(?<") && !rest.starts_with("(?<=") && !rest.starts_with("(?<!");
        self.open.push(false);
        self.captures.push(plain || named);
    }

    fn close(&mut self, behind: &str) {
        let (Some(holds), Some(captures)) = (self.open.pop(), self.captures.pop()) else { return };
        self.forgotten |= holds && behind.starts_with(['*', '+', '{']);
        if let Some(outer) = self.open.last_mut() {
            *outer |= holds || captures;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn liberties_are_written_out() {
        for (legacy, modern) in [
            (r"^[\w-.]+@x$", r"^[\w\-.]+@x$"),
            (r"[.-\d]", r"[.\-\d]"),
            (r"a{,3}\-\_", r"a\{,3\}-_"),
            (r"a{1,3}]", r"a{1,3}\]"),
            (r"\pL\x4", r"pLx4"),
            (r"[^\w-]", r"[^\w\-]"),
        ] {
            assert_eq!(modernized(legacy).as_deref(), Some(modern), "{legacy}");
        }
        assert_eq!(modernized(r"\012"), None);
    }

    #[test]
    fn references_may_be_empty() {
        assert_eq!(translated(r"(a)?\1b").as_deref(), Some(r"(a)?(?(1)\1|)b"));
        let named = translated(r"(?<n>a)?\k<n>b");
        assert_eq!(named.as_deref(), Some(r"(?<n>a)?(?(<n>)\k<n>|)b"));
        assert_eq!(translated(r"(?:(a)|b)*\1"), None);
        assert_eq!(translated(r"(?=\d)[\w]").as_deref(), Some(r"(?=[0-9])[A-Za-z0-9_]"));
        assert_eq!(translated(r"(a)*\1").as_deref(), Some(r"(a)*(?(1)\1|)"));
    }
}
