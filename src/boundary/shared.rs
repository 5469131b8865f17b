//! What both sides have before them already.

use std::collections::BTreeSet;

use crate::document::{Document, NodeRef, pointer};

use super::Vocabulary;

/// The head, and what else was said, as far as it holds private terms: no more of it matters.
#[derive(Clone, Debug, Default)]
pub struct Shared<'a> {
    head: Option<&'a Document>,
    /// The texts, the longer first.
    texts: Vec<String>,
}

impl<'a> Shared<'a> {
    /// What is shared: the head, and texts that the other side can read.
    pub fn new(
        vocabulary: &Vocabulary,
        head: Option<&'a Document>,
        said: impl IntoIterator<Item = String>,
    ) -> Self {
        if vocabulary.is_empty() {
            return Self::default();
        }
        let mut texts = BTreeSet::new();
        let mut nodes: Vec<NodeRef<'_>> = head.and_then(Document::root).into_iter().collect();
        while let Some(node) = nodes.pop() {
            texts.extend(node.key().into_iter().chain(node.scalar_text()).map(str::to_owned));
            nodes.extend(node.entries().map(|it| it.value).chain(node.items()));
        }
        for said in said {
            // A pointer names its steps, and each may come back as a key.
            let steps = pointer::tokens(&said).unwrap_or_default();
            texts.extend(steps.into_iter().map(std::borrow::Cow::into_owned));
            texts.insert(said);
        }
        let mut texts: Vec<String> =
            texts.into_iter().filter(|text| !vocabulary.found_in(text).is_empty()).collect();
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self { head, texts }
    }

    /// The head's text.
    pub(super) fn head_text(&self) -> Option<&str> {
        self.head.map(Document::text)
    }

    /// What the head has at a place.
    pub(super) fn at(&self, pointer: &str) -> Option<NodeRef<'a>> {
        self.head?.at(pointer)
    }

    /// A text without what is shared word for word.
    pub(super) fn taken_out(&self, text: &str) -> String {
        let rest = self.without(text.to_owned());
        if !text.starts_with('/') {
            return rest;
        }
        // In a pointer, a key is written with its escapes.
        self.without(rest.replace("~1", "/").replace("~0", "~"))
    }

    fn without(&self, mut text: String) -> String {
        for shared in &self.texts {
            if text.contains(shared.as_str()) {
                text = text.replace(shared.as_str(), "\n");
            }
        }
        text
    }
}
