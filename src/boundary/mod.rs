//! What may cross: the sender's own look at what it is about to say.
//!
//! * **Shape.** A [`Vocabulary`] knows one party's private terms in every spelling
//!   (`src/boundary/spelling.rs`). [`Vocabulary::added`] finds what a document holds of them
//!   beyond what is [`Shared`] already: what stands in the head, or was said by the other
//!   side, tells nobody anything, and to stop it would answer a guess.
//! * **Place.** Every key and every string is read; a longer term is also found where it is
//!   split over the items of one list, or over the keys and values of one object.
//! * **Errors.** A [`Leak`] says where, and which entry; never the term.

mod needle;
mod shared;
mod spelling;

use std::collections::BTreeMap;

use crate::{
    document::{Document, NodeRef, Position, Range},
    finding::Place,
};

pub use needle::Vocabulary;
pub use shared::Shared;

/// A private term in something that would cross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// Where: of a key, the object that holds it, since the pointer of the key would hold the
    /// term too.
    pub place: Place,
    /// Which entry of the list, from 0.
    pub entry: usize,
}

/// How often each entry was found.
type Hits = BTreeMap<usize, usize>;

impl Vocabulary {
    /// The private terms that a document adds to what is shared.
    pub fn added(&self, document: &Document, shared: &Shared<'_>) -> Vec<Leak> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut search = Search { vocabulary: self, shared, leaks: Vec::new() };
        match document.root().filter(|_| document.faults().is_empty()) {
            Some(root) => search.walk(root),
            None => search.whole(document),
        }
        search.leaks
    }
}

struct Search<'a> {
    vocabulary: &'a Vocabulary,
    shared: &'a Shared<'a>,
    leaks: Vec<Leak>,
}

impl Search<'_> {
    /// A text that does not parse is searched as one string.
    fn whole(&mut self, document: &Document) {
        let start = Position { line: 1, column: 1, offset: 0 };
        let range = Range { start, end: start };
        let place = Place { path: document.path().into(), pointer: String::new(), range };
        let before = self.shared.head_text().map(|head| self.vocabulary.found_in(head));
        let found = self.vocabulary.found_in(document.text());
        self.report(&place, &beyond(found, &before.unwrap_or_default()));
    }

    fn walk(&mut self, root: NodeRef<'_>) {
        // Children are pushed in reverse, so that leaks come in the order of the document.
        let mut nodes = vec![root];
        while let Some(node) = nodes.pop() {
            let in_key = node.key().map(|key| self.added_by(key, None)).unwrap_or_default();
            if !in_key.is_empty() {
                self.report(&place(node.parent().unwrap_or(node)), &in_key);
                continue;
            }
            if let Some(text) = node.scalar_text() {
                let before = self.shared.at(&node.pointer()).and_then(NodeRef::scalar_text);
                let found = self.added_by(text, before);
                self.report(&place(node), &found);
            }
            self.split(node);
            let children: Vec<_> = node.entries().map(|it| it.value).chain(node.items()).collect();
            nodes.extend(children.into_iter().rev());
        }
    }

    /// What a text adds to what stood at its place before, and to what is shared.
    fn added_by(&self, text: &str, before: Option<&str>) -> Hits {
        let found = self.vocabulary.found_in(text);
        if found.is_empty() {
            return found;
        }
        let found = match before {
            Some(before) => beyond(found, &self.vocabulary.found_in(before)),
            None => found,
        };
        if found.is_empty() {
            return found;
        }
        let rest = self.shared.taken_out(text);
        let left = self.vocabulary.found_in(&rest);
        found.into_iter().filter(|(entry, _)| left.contains_key(entry)).collect()
    }

    /// Terms that no text of a list or an object holds, but its texts one after the other.
    fn split(&mut self, node: NodeRef<'_>) {
        let rows = rows(node);
        if rows.iter().all(|row| row.len() < 2) {
            return;
        }
        let before = self.shared.at(&node.pointer()).map(self::rows).unwrap_or_default();
        let mut found = Hits::new();
        for (at, row) in rows.iter().enumerate() {
            let spanning = self.vocabulary.spanning(row);
            let known = before.get(at).map(|row| self.vocabulary.spanning(row));
            found.extend(beyond(spanning, &known.unwrap_or_default()));
        }
        self.report(&place(node), &found);
    }

    fn report(&mut self, place: &Place, found: &Hits) {
        let leak = |entry: &usize| Leak { place: place.clone(), entry: *entry };
        self.leaks.extend(found.keys().map(leak));
    }
}

/// What was found more often than before.
fn beyond(found: Hits, before: &Hits) -> Hits {
    let more = |(entry, count): &(usize, usize)| before.get(entry).is_none_or(|it| it < count);
    found.into_iter().filter(more).collect()
}

/// The texts of a list or an object, as somebody might read them one after the other.
fn rows(node: NodeRef<'_>) -> Vec<Vec<&str>> {
    let items = node.items().filter_map(NodeRef::scalar_text).collect();
    let keys = node.entries().map(|it| it.key).collect();
    let values = node.entries().filter_map(|it| it.value.scalar_text()).collect();
    let both = node.entries().flat_map(|it| [Some(it.key), it.value.scalar_text()]);
    vec![items, keys, values, both.flatten().collect()]
}

/// The place of a node: its key where it has one.
fn place(node: NodeRef<'_>) -> Place {
    let document = node.document();
    Place {
        path: document.path().into(),
        pointer: node.pointer(),
        range: document.range(node.key_span().unwrap_or_else(|| node.span())),
    }
}
