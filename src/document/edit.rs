//! Edits by span that keep comments, order, quoting and layout.
//!
//! * **Shape.** Each function returns the edit; [`apply_edits`] carries several out at once.
//! * **Errors.** Nothing is returned where the layout allows no edit that is surely right.

use super::{
    Document, NodeRef, Span, Style, Value,
    emit::{quote, quote_double},
    span::offset,
};

/// What separates tokens; every other white space is text.
const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];

/// A replacement of a part of one document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl TextEdit {
    fn new(start: u32, end: u32, text: impl Into<String>) -> Self {
        Self { span: Span::new(start, end), text: text.into() }
    }
}

/// Carries out edits of one text; of edits that overlap, the first in order of place counts.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> String {
    let mut ordered: Vec<&TextEdit> = edits.iter().collect();
    ordered.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in ordered.into_iter().filter(|edit| edit.span.end as usize <= text.len()) {
        if (edit.span.start as usize) < done {
            continue;
        }
        result.push_str(text.get(done..edit.span.start as usize).unwrap_or_default());
        result.push_str(&edit.text);
        done = edit.span.end as usize;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

/// Replaces a value.
pub fn replace(node: NodeRef<'_>, value: &Value) -> Option<TextEdit> {
    let document = node.document();
    let span = node.span();
    if document.is_json() {
        return Some(TextEdit::new(span.start, span.end, value.to_json()));
    }
    if in_flow(node) || !is_collection(value) && is_one_line(node) {
        let text = match (node.style(), value) {
            (Style::DoubleQuoted, Value::String(text)) => quote_double(text),
            _ => value.to_flow_yaml(),
        };
        let space = if span.start == span.end { " " } else { "" };
        return Some(TextEdit::new(span.start, span.end, format!("{space}{text}")));
    }
    let key = node.key_span()?;
    let start = value_start(document, key)?;
    let indent = column(document, key.start)?;
    let text = with_breaks(document, start, value.to_yaml_after_key(indent));
    Some(TextEdit::new(start, span.end.max(start), text))
}

/// Renames the key that holds a value.
pub fn rename(node: NodeRef<'_>, key: &str) -> Option<TextEdit> {
    let span = node.key_span()?;
    let document = node.document();
    let quoted = span.slice(document.text()).starts_with('"');
    let text = if quoted || document.is_json() { quote_double(key) } else { quote(key) };
    Some(TextEdit::new(span.start, span.end, text))
}

/// Adds a member as the first of an object.
pub fn insert_first(object: NodeRef<'_>, key: &str, value: &Value) -> Option<TextEdit> {
    insert_before(object, object.entries().next().map(|entry| entry.key_span), key, value)
}

/// Adds a member as the last of an object.
pub fn insert_last(object: NodeRef<'_>, key: &str, value: &Value) -> Option<TextEdit> {
    let Some(last) = object.entries().next_back() else {
        return insert_before(object, None, key, value);
    };
    let document = object.document();
    if last.value.parent() != Some(object) || is_implicit_pair(object) {
        return None;
    }
    let end = last.value.span().end.max(last.key_span.end);
    if document.is_json() {
        let separator = separator_before(document, last.key_span.start);
        let text = format!(",{separator}{}: {}", quote_double(key), value.to_json());
        return Some(TextEdit::new(end, end, text));
    }
    if object.style() == Style::Flow {
        let text = format!(", {}: {}", quote(key), value.to_flow_yaml());
        return Some(TextEdit::new(end, end, text));
    }
    if is_explicit(document, last.key_span.start) || ends_open(last.value) {
        return insert_first(object, key, value);
    }
    let indent = column(document, last.key_span.start)?;
    let end = line_end(document, end);
    let text = format!(
        "{}{}{}:{}",
        line_break(document, end),
        " ".repeat(indent),
        quote(key),
        with_breaks(document, end, value.to_yaml_after_key(indent))
    );
    Some(TextEdit::new(end, end, text))
}

fn insert_before(
    object: NodeRef<'_>,
    first: Option<Span>,
    key: &str,
    value: &Value,
) -> Option<TextEdit> {
    let document = object.document();
    let span = object.span();
    if !object.is_object() || is_implicit_pair(object) {
        return None;
    }
    let Some(first) = first else {
        let text = if document.is_json() {
            format!("{{{}: {}}}", quote_double(key), value.to_json())
        } else {
            format!("{{{}: {}}}", quote(key), value.to_flow_yaml())
        };
        return Some(TextEdit::new(span.start, span.end, text));
    };
    let at = first.start;
    if document.is_json() {
        let separator = separator_before(document, at);
        let separator = if separator.is_empty() { " " } else { separator };
        let text = format!("{}: {},{separator}", quote_double(key), value.to_json());
        return Some(TextEdit::new(at, at, text));
    }
    if object.style() == Style::Flow {
        let text = format!("{}: {}, ", quote(key), value.to_flow_yaml());
        return Some(TextEdit::new(at, at, text));
    }
    if is_explicit(document, at) {
        return None;
    }
    let indent = column(document, at)?;
    let text = format!(
        "{}:{}{}{}",
        quote(key),
        with_breaks(document, at, value.to_yaml_after_key(indent)),
        line_break(document, at),
        " ".repeat(indent)
    );
    Some(TextEdit::new(at, at, text))
}

/// Adds an item as the last of an array.
pub fn append(array: NodeRef<'_>, value: &Value) -> Option<TextEdit> {
    let document = array.document();
    let Some(last) = array.items().next_back() else {
        let text = if document.is_json() { value.to_json() } else { value.to_flow_yaml() };
        return Some(TextEdit::new(array.span().start, array.span().end, format!("[{text}]")));
    };
    let end = last.span().end;
    if document.is_json() {
        let separator = separator_before(document, last.span().start);
        return Some(TextEdit::new(end, end, format!(",{separator}{}", value.to_json())));
    }
    if array.style() == Style::Flow {
        return Some(TextEdit::new(end, end, format!(", {}", value.to_flow_yaml())));
    }
    let indent = column(document, array.span().start)?;
    let end = line_end(document, end);
    let text = format!(
        "{}{}-{}",
        line_break(document, end),
        " ".repeat(indent),
        with_breaks(document, end, value.to_yaml_after_dash(indent))
    );
    Some(TextEdit::new(end, end, text))
}

/// Takes away a member or an item, with its comma or its lines.
pub fn remove(node: NodeRef<'_>) -> Option<TextEdit> {
    let parent = node.parent()?;
    let document = node.document();
    let start = node.key_span().unwrap_or(node.span()).start;
    let end = node.span().end.max(node.key_span().map_or(0, |key| key.end));
    if document.is_json() || parent.style() == Style::Flow {
        return remove_in_flow(document, start, end);
    }
    if parent.len() == 1 {
        let empty = if parent.is_object() { "{}" } else { "[]" };
        let alone = parent.span().start == start && is_line_start(document, start);
        return alone.then(|| TextEdit::new(start, end, empty));
    }
    let start = if parent.is_array() { dash_before(document, start)? } else { start };
    let line_start = start - offset(column(document, start)?);
    if is_line_start(document, start) {
        let end = line_end(document, end);
        let after = document.text().get(end as usize..)?;
        let newline =
            if after.starts_with("\r\n") { 2 } else { u32::from(after.starts_with('\n')) };
        return Some(TextEdit::new(line_start, end + newline, ""));
    }
    // The first member of an item stands behind the item's dash: the next one moves up.
    let next = parent.entries().find(|entry| entry.key_span.start > start)?;
    Some(TextEdit::new(start, next.key_span.start, ""))
}

fn remove_in_flow(document: &Document, start: u32, end: u32) -> Option<TextEdit> {
    let text = document.text();
    let after = text.get(end as usize..)?;
    let white = after.len() - after.trim_start_matches(WHITE).len();
    if after.trim_start_matches(WHITE).starts_with(',') {
        let rest = after.get(white + 1..)?;
        let more = rest.len() - rest.trim_start_matches(WHITE).len();
        return Some(TextEdit::new(start, end + offset(white + 1 + more), ""));
    }
    let before = text.get(..start as usize)?.trim_end_matches(WHITE);
    let comma = before.strip_suffix(',').map_or(start, |kept| offset(kept.len()));
    Some(TextEdit::new(comma, end, ""))
}

/// Whether an object is written as `[key: value]`, without braces of its own.
fn is_implicit_pair(object: NodeRef<'_>) -> bool {
    object.style() == Style::Flow && !object.span().slice(object.document().text()).starts_with('{')
}

fn is_collection(value: &Value) -> bool {
    !value.members().is_empty() || !value.items().is_empty()
}

fn in_flow(node: NodeRef<'_>) -> bool {
    std::iter::successors(node.parent(), |node| node.parent())
        .any(|parent| parent.style() == Style::Flow)
}

fn is_one_line(node: NodeRef<'_>) -> bool {
    !matches!(node.style(), Style::Literal | Style::Folded | Style::Block)
        && !node.span().slice(node.document().text()).contains('\n')
}

/// Whether a key stands behind a `?`.
fn is_explicit(document: &Document, key: u32) -> bool {
    let before = document.text().get(..key as usize).unwrap_or_default();
    before
        .trim_end_matches(WHITE)
        .strip_suffix('?')
        .is_some_and(|rest| rest.is_empty() || rest.ends_with(WHITE))
}

/// Whether a value ends in an item without a text of its own: a bare dash, of whose place nothing
/// is known.
fn ends_open(value: NodeRef<'_>) -> bool {
    let mut last = value;
    while last.style() == Style::Block {
        let child = last.entries().next_back().map(|entry| entry.value);
        let Some(child) = child.or_else(|| last.items().next_back()) else { break };
        last = child;
    }
    last.key_span().is_none() && last.span().start == last.span().end
}

/// Where the value of a block key begins: right behind the colon.
fn value_start(document: &Document, key: Span) -> Option<u32> {
    let rest = document.text().get(key.end as usize..)?;
    let colon = rest.find(':')?;
    rest.get(..colon)?.trim_matches(WHITE).is_empty().then(|| key.end + offset(colon + 1))
}

/// The bytes between the start of the line and `at`.
fn column(document: &Document, at: u32) -> Option<usize> {
    let before = document.text().get(..at as usize)?;
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    Some(line.chars().count())
}

fn is_line_start(document: &Document, at: u32) -> bool {
    let before = document.text().get(..at as usize).unwrap_or_default();
    before.rsplit_once('\n').map_or(before, |(_, line)| line).trim_matches(WHITE).is_empty()
}

/// The dash of the block item that begins at `at`.
fn dash_before(document: &Document, at: u32) -> Option<u32> {
    let before = document.text().get(..at as usize)?.trim_end_matches(WHITE);
    before.ends_with('-').then(|| offset(before.len() - 1))
}

/// The end of the line that `at` is on, its comment included.
fn line_end(document: &Document, at: u32) -> u32 {
    let rest = document.text().get(at as usize..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    at + offset(line.strip_suffix('\r').unwrap_or(line).len())
}

/// The end of the line that `at` is on, or, where that is the last, of the line before it.
fn line_break(document: &Document, at: u32) -> &'static str {
    let (before, after) = document.text().split_at_checked(at as usize).unwrap_or_default();
    let end = after.find('\n').map(|end| after.get(..end).unwrap_or_default());
    let line = end.or(before.rsplit_once('\n').map(|(line, _)| line));
    if line.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

fn with_breaks(document: &Document, at: u32, text: String) -> String {
    if line_break(document, at) == "\r\n" { text.replace('\n', "\r\n") } else { text }
}

/// The white space before `at`, which a new member repeats.
fn separator_before(document: &Document, at: u32) -> &str {
    let before = document.text().get(..at as usize).unwrap_or_default();
    before.get(before.trim_end_matches(WHITE).len()..).unwrap_or_default()
}
