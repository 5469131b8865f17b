//! Characters that cannot be seen, anywhere in a document.
//!
//! * **Source.** Unicode Technical Report 36, section 3; Unicode Standard Annex 9 (bidi controls);
//!   Unicode Technical Standard 51, section 2.3 (joiners in emoji).

use crate::{
    document::{NodeRef, is_invisible},
    finding::{At, Coverage, Draft},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports keys and strings that hold control, bidi or invisible characters.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for document in cx.walk.description().documents() {
        if !document.may_hide_characters() {
            continue;
        }
        let mut open: Vec<NodeRef<'d>> = document.root().into_iter().collect();
        while let Some(node) = open.pop() {
            if let Some(text) = node.as_str() {
                judge(text, At::Value(node), sink);
            }
            for entry in node.entries() {
                judge(entry.key, At::Key(entry.value), sink);
            }
            let children = node.entries().map(|it| it.value).chain(node.items());
            open.extend(children.filter(|child| child.parent() == Some(node)));
        }
    }
}

fn judge<'d>(text: &str, at: At<'d>, sink: &mut Sink<'_, 'd>) {
    let mut before = None;
    let mut chars = text.chars().peekable();
    let hidden = std::iter::from_fn(|| {
        let char = chars.next()?;
        let joined = is_joiner(char)
            && before.is_some_and(joins)
            && chars.peek().copied().is_some_and(joins);
        before = Some(char);
        Some((char, joined))
    })
    .find(|(char, joined)| is_hidden(*char) && !joined);
    let Some((char, _)) = hidden else { return };
    let message = format!("the text has the invisible character U+{:04X}", u32::from(char));
    sink.push(
        Draft::new("invisible-character", at, message).fact(char.escape_unicode().to_string()),
    );
}

/// U+200C and U+200D, which some scripts and emoji cannot be written without.
fn is_joiner(char: char) -> bool {
    matches!(char, '\u{200C}' | '\u{200D}')
}

/// A letter of the scripts that use joiners (Arabic to Mongolian), or a part of an emoji.
fn joins(char: char) -> bool {
    matches!(char,
        '\u{0600}'..='\u{1AFF}'
        | '\u{2190}'..='\u{2BFF}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE0F}'
        | '\u{FE70}'..='\u{FEFC}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Invisible, and no white space that people type.
fn is_hidden(char: char) -> bool {
    is_invisible(char) && !matches!(char, '\t' | '\r')
}
