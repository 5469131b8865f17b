//! Private terms, and how a text is searched for them.

use crate::{charter::PrivateTerm, document::pointer};

use super::{
    Hits,
    spelling::{Reading, plain, readings},
};

/// One party's private terms, ready to be looked for.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    needles: Vec<Needle>,
}

#[derive(Clone)]
struct Needle {
    /// The letters and digits, as `plain` writes them.
    text: String,
    anywhere: bool,
}

impl std::fmt::Debug for Needle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Needle(…)")
    }
}

impl Vocabulary {
    /// The vocabulary of a list of terms.
    pub fn new(terms: &[PrivateTerm]) -> Self {
        let needle =
            |term: &PrivateTerm| Needle { text: plain(term.as_str()), anywhere: term.is_long() };
        Self { needles: terms.iter().map(needle).collect() }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// Whether a text holds any of the terms.
    pub fn holds(&self, text: &str) -> bool {
        !self.found_in(text).is_empty()
    }

    /// The entries that stand in a text, in any spelling, and how often.
    pub(super) fn found_in(&self, text: &str) -> Hits {
        let mut hits = Hits::new();
        if self.is_empty() {
            return hits;
        }
        // A pointer is a string too, whose `~1` and `~0` stand between words.
        let steps = text.starts_with('/').then(|| pointer::tokens(text)).flatten();
        let joined = steps.map(|steps| steps.join("/"));
        for reading in readings(joined.as_deref().unwrap_or(text)) {
            for (entry, needle) in self.needles.iter().enumerate() {
                let count = needle.count(&reading);
                if count > 0 {
                    let most = hits.entry(entry).or_default();
                    *most = count.max(*most);
                }
            }
        }
        hits
    }

    /// The longer terms that stand in several texts one after the other, and in none of them.
    pub(super) fn spanning(&self, texts: &[&str]) -> Hits {
        let mut hits = Hits::new();
        if texts.len() < 2 || self.needles.iter().all(|it| !it.anywhere) {
            return hits;
        }
        let mut whole = String::new();
        let mut ends = Vec::with_capacity(texts.len());
        for text in texts {
            whole.push_str(&plain(text));
            ends.push(whole.len());
        }
        for (entry, needle) in self.needles.iter().enumerate().filter(|(_, it)| it.anywhere) {
            let spans = |(at, _): &(usize, &str)| {
                let end = at + needle.text.len();
                ends.iter().any(|border| at < border && *border < end)
            };
            let count = whole.match_indices(needle.text.as_str()).filter(spans).count();
            if count > 0 {
                hits.insert(entry, count);
            }
        }
        hits
    }
}

impl Needle {
    fn count(&self, reading: &Reading) -> usize {
        let stands = |(at, _): &(usize, &str)| {
            let whole = || reading.is_border(*at) && reading.is_border(at + self.text.len());
            self.anywhere || !reading.scattered && whole()
        };
        reading.text.match_indices(self.text.as_str()).filter(stands).count()
    }
}
