//! Where anchors, aliases and tags stand: the event parser says it of aliases alone.
//!
//! * **Source.** YAML 1.2.2, section 6.9 (node properties).

use granit_parser::Event;

use crate::document::{Span, span::offset};

/// The alias, or the anchor or tag before a node; nothing where there is none.
pub(super) fn properties(event: &Event<'_>, span: Span, text: &str) -> Option<Span> {
    match event {
        Event::Alias(_) | Event::UnresolvedAlias(_) => Some(span),
        Event::Scalar(_, _, anchor, tag)
        | Event::SequenceStart(_, anchor, tag)
        | Event::MappingStart(_, anchor, tag)
            if *anchor != 0 || tag.is_some() =>
        {
            Some(property(span, text))
        }
        _ => None,
    }
}

/// The last anchor or tag before a node, on its line or on one before it.
fn property(node: Span, text: &str) -> Span {
    let mut end = node.start as usize;
    while let Some(before) = text.get(..end) {
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.get(start..).unwrap_or_default();
        let words = line.split_inclusive([' ', '\t']).scan(start, |at, word| {
            let from = *at;
            *at += word.len();
            Some((from, word.trim_end()))
        });
        let words = words.take_while(|(_, word)| !word.starts_with('#'));
        let marked = words.filter(|(_, word)| word.starts_with(['&', '!'])).last();
        if let Some((from, word)) = marked {
            return Span::new(offset(from), offset(from + word.len()));
        }
        if start == 0 {
            break;
        }
        end = start - 1;
    }
    node
}
