//! The components that a `$ref` can name.
//!
//! The line under the cursor says that a reference is being written, for the document as a whole
//! is broken at that moment; the components are those of the last state that was read.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Position, Range, TextEdit,
};

use crate::document::{Document, NodeRef, pointer};

use super::{analysis::Analysis, diagnostics, text::Text};

/// How many components are offered.
const ITEMS_MAX: usize = 2_000;

/// The references that may be meant at a place of a text; nothing where none is being written.
pub(super) fn complete(
    analysis: &Analysis,
    slot: usize,
    text: &Text,
    position: Position,
) -> Option<Vec<CompletionItem>> {
    let offset = text.offset(position);
    let value = value_at(text.content(), offset)?;
    let document = analysis.description.documents().get(slot)?;
    let range = text.range(value.start, value.end);
    let items = references(document)
        .take(ITEMS_MAX)
        .map(|(reference, group)| item(&reference, &group, range, &value, document.is_json()));
    Some(items.collect())
}

/// Every component of a document as a reference, and what it is.
fn references(document: &Document) -> impl Iterator<Item = (String, String)> {
    let root = document.root();
    let components = root.and_then(|root| root.get("components"));
    components.into_iter().flat_map(NodeRef::entries).flat_map(|group| {
        group.value.entries().map(move |component| {
            let pointer = pointer::join(&pointer::join("#/components", group.key), component.key);
            (pointer, group.key.to_owned())
        })
    })
}

fn item(
    reference: &str,
    group: &str,
    range: Range,
    value: &Value,
    is_json: bool,
) -> CompletionItem {
    let quote = value.quote.unwrap_or(if is_json { '"' } else { '\'' });
    let quoted = match quote {
        '\'' => format!("'{}'", reference.replace('\'', "''")),
        _ => crate::document::quote_double(reference),
    };
    CompletionItem {
        label: diagnostics::shown(reference),
        kind: Some(CompletionItemKind::REFERENCE),
        detail: Some(diagnostics::shown(group)),
        // Editors compare with what stands in the range, its quote included.
        filter_text: Some(quoted.clone()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: quoted })),
        ..CompletionItem::default()
    }
}

/// The value of a `$ref` that is being written.
#[derive(Debug, PartialEq)]
struct Value {
    start: usize,
    end: usize,
    /// The quote that it begins with.
    quote: Option<char>,
}

/// The value of the `$ref` on the line of an offset, where the offset is in it.
fn value_at(content: &str, offset: usize) -> Option<Value> {
    let before = content.get(..offset)?;
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let written = content.get(line..offset)?;
    let key = written.rfind("$ref")?;
    let after = written.get(key + "$ref".len()..)?;
    let after = after.strip_prefix(['"', '\'']).unwrap_or(after);
    let after = after.trim_start().strip_prefix(':')?;
    let value = after.trim_start();
    let quote = value.chars().next().filter(|char| matches!(char, '"' | '\''));
    let inner = value.get(quote.map_or(0, char::len_utf8)..)?;
    let is_over = match quote {
        Some(quote) => inner.contains(quote),
        None => inner.contains([' ', ',', '}']),
    };
    if is_over {
        return None;
    }
    let rest = content.get(offset..)?;
    let rest = rest.get(..rest.find(['\n', '\r']).unwrap_or(rest.len()))?;
    let end = match quote {
        Some(quote) => rest.find(quote).map(|at| at + 1).unwrap_or_default(),
        None => rest.find([' ', ',', '}']).unwrap_or(rest.len()),
    };
    Some(Value { start: offset - value.len(), end: offset + end, quote })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_reference_is_found_on_its_line() {
        for (text, value) in [
            ("a:\n  $ref: |", Some(("", None))),
            ("$ref: '#/comp|'", Some(("'#/comp'", Some('\'')))),
            ("{ \"$ref\" : \"#/x|y\" }", Some(("\"#/xy\"", Some('"')))),
            ("{ $ref: '#/x|, b: 1 }", Some(("'#/x", Some('\'')))),
            ("$ref: other.y|aml", Some(("other.yaml", None))),
            ("$ref: 'a' |", None),
            ("ref: |", None),
            ("$ref: a\nb: |", None),
        ] {
            let offset = text.find('|').unwrap_or_default();
            let content = text.replacen('|', "", 1);
            let found = value_at(&content, offset);
            let found = found.as_ref().map(|it| (&content[it.start..it.end], it.quote));
            assert_eq!(found, value, "{text}");
        }
    }
}
