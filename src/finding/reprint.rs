//! The smallest object around a place, written anew with the place marked in it.
//!
//! * **Shape.** Block YAML, a line of carets below what is meant; members away from the place are
//!   shortened and left out. `… ` begins what stands for something that is left out.
//! * **Units.** At most [`LINES_MAX`] lines; a scalar has at most [`SCALAR_CHARS_MAX`] characters.

use crate::document::{Document, Entry, NodeRef, Span, Style, is_invisible, quote};

use super::Place;

/// The most lines.
const LINES_MAX: usize = 40;
/// The most characters of a scalar, and of a collection on one line.
const SCALAR_CHARS_MAX: usize = 100;
/// How many members or items stand before and after the one on the way.
const AROUND: usize = 6;

/// The smallest object around a place of a document; nothing where the text there is broken.
pub fn reprint(document: &Document, place: &Place) -> Option<String> {
    let node = document.at(&place.pointer)?;
    let mark = Span::new(place.range.start.offset, place.range.end.offset);
    let object = enclosing(node);
    let mut printer = Printer { mark, path: way(node, object), text: String::new(), lines: 0 };
    match object.key() {
        Some(key) => printer.entry(key, object.key_span(), object, 0),
        None => printer.children(object, 0),
    }
    Some(printer.text)
}

/// The object to show: the one that holds what is meant, be it a key or a value.
fn enclosing(node: NodeRef<'_>) -> NodeRef<'_> {
    let mut parents = std::iter::successors(node.parent(), |node| node.parent());
    parents.find(|node| node.is_object()).unwrap_or(node)
}

/// The nodes from an object down to one below it.
fn way<'d>(node: NodeRef<'d>, object: NodeRef<'d>) -> Vec<NodeRef<'d>> {
    let up = std::iter::successors(Some(node), |node| node.parent());
    up.take_while(|it| *it != object).collect()
}

struct Printer<'d> {
    mark: Span,
    /// The nodes that lead to the place.
    path: Vec<NodeRef<'d>>,
    text: String,
    lines: usize,
}

impl<'d> Printer<'d> {
    /// A line, and the mark below its part from `from` to `to` where one is due.
    fn line(&mut self, line: &str, mark: Option<(usize, usize)>) {
        if self.lines >= LINES_MAX {
            return;
        }
        self.lines += 1;
        self.text.push_str(line);
        self.text.push('\n');
        if let Some((from, to)) = mark {
            let blank = line.get(..from).unwrap_or_default().chars().count();
            let width = line.get(from..to).unwrap_or_default().chars().count().max(1);
            self.text.push_str(&" ".repeat(blank));
            self.text.push_str(&"^".repeat(width));
            self.text.push('\n');
        }
    }

    /// A member: its key, and its value below or beside it.
    fn entry(&mut self, key: &str, key_span: Option<Span>, value: NodeRef<'d>, indent: usize) {
        let start = " ".repeat(indent) + &quote(&shortened(key));
        let is_key_meant = key_span == Some(self.mark);
        let key_mark = is_key_meant.then_some((indent, start.len()));
        self.value(&(start + ":"), key_mark, value, indent);
    }

    /// A value after what begins its line.
    fn value(
        &mut self,
        start: &str,
        mark: Option<(usize, usize)>,
        value: NodeRef<'d>,
        indent: usize,
    ) {
        let is_open = indent == 0 || self.path.contains(&value);
        if is_open && (value.is_object() || value.is_array()) && !value.is_empty() {
            let is_meant = mark.is_none() && value.span() == self.mark;
            let own = is_meant.then_some((indent, start.len()));
            self.line(start, mark.or(own));
            self.children(value, indent + 2);
            return;
        }
        let text = brief(value);
        let line = format!("{start} {text}");
        let is_meant = mark.is_none() && value.span() == self.mark;
        let own = is_meant.then_some((start.len() + 1, line.len()));
        self.line(&line, mark.or(own));
    }

    /// The members or items of a collection, those away from the place left out.
    fn children(&mut self, node: NodeRef<'d>, indent: usize) {
        let is_on_the_way = |it: &NodeRef<'d>| self.path.contains(it);
        let entries: Vec<Entry<'d>> = node.entries().collect();
        let items: Vec<NodeRef<'d>> = node.items().collect();
        let meant = |entry: &Entry<'d>| entry.key_span == self.mark || is_on_the_way(&entry.value);
        let at = entries.iter().position(meant).or_else(|| items.iter().position(is_on_the_way));
        let count = entries.len() + items.len();
        let from = at.unwrap_or_default().saturating_sub(AROUND);
        let to = (from + 2 * AROUND + 1).min(count);
        self.left_out(from, indent);
        for entry in entries.get(from..to).unwrap_or_default() {
            self.entry(entry.key, Some(entry.key_span), entry.value, indent);
        }
        for item in items.get(from..to).unwrap_or_default() {
            self.value(&(" ".repeat(indent) + "-"), None, *item, indent);
        }
        self.left_out(count - to, indent);
    }

    fn left_out(&mut self, count: usize, indent: usize) {
        if count > 0 {
            self.line(&format!("{}… {count} more", " ".repeat(indent)), None);
        }
    }
}

/// A value on one line: whole where it is short, counted where it is not.
fn brief(node: NodeRef<'_>) -> String {
    let is_plain = |text: &str| node.style() == Style::Plain && !text.contains('\n');
    if let Some(text) = node.as_str().filter(|text| !is_plain(text)) {
        return quote(&shortened(text));
    }
    if let Some(text) = node.scalar_text() {
        return shortened(text);
    }
    let is_flat = node.len() <= 8
        && node
            .items()
            .chain(node.entries().map(|entry| entry.value))
            .all(|it| it.scalar_text().is_some_and(|text| text.len() <= SCALAR_CHARS_MAX));
    let flat = is_flat.then(|| node.to_value().to_flow_yaml());
    flat.filter(|text| text.len() <= SCALAR_CHARS_MAX).unwrap_or_else(|| {
        let (open, what, close) =
            if node.is_array() { ('[', "item", ']') } else { ('{', "member", '}') };
        let plural = if node.len() == 1 { "" } else { "s" };
        format!("{open}… {} {what}{plural}{close}", node.len())
    })
}

/// A text on one line that is not long.
fn shortened(text: &str) -> String {
    let is_short = text.chars().nth(SCALAR_CHARS_MAX).is_none();
    if is_short && !text.contains(is_invisible) {
        return text.to_owned();
    }
    let mut start: String = text.chars().take(SCALAR_CHARS_MAX).collect();
    if !is_short {
        start.push('…');
    }
    start
}
