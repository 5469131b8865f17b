//! The sender's own check: nothing crosses that holds one of its private terms.
//!
//! * **Shape.** Every string and every key of what would cross is split into tokens (at
//!   everything that is no letter or digit, and where small letters meet capitals) and
//!   compared without case and separators. A short term must be whole tokens; a longer one is
//!   found anywhere.
//! * **Errors.** A finding says where, and which entry of `private_terms`; never the term.

use unicode_normalization::UnicodeNormalization;

use crate::{
    charter::PrivateTerm,
    document::{Document, NodeRef, pointer},
    finding::Finding,
};

use super::diagnostic::{diagnostic, place};

/// The rule that a private term breaks.
pub const PRIVATE_TERM: &str = "private-term";

/// A term of at least so many letters and digits is found inside other words too.
const ANYWHERE_CHARACTERS_MIN: usize = 8;

/// The private terms in a document, its keys and its strings.
pub fn leaks(document: &Document, terms: &[PrivateTerm]) -> Vec<Finding> {
    if terms.is_empty() {
        return Vec::new();
    }
    let needles: Vec<_> = terms.iter().map(|it| PrivateTerm::normalized(it.as_str())).collect();
    let mut findings = Vec::new();
    if let Some(root) = document.root().filter(|_| document.faults().is_empty()) {
        walk(root, &needles, &mut findings);
        return findings;
    }
    // A text that does not parse is searched as one string.
    let place = super::diagnostic::no_place(document.path(), "");
    findings.extend(hits(document.text(), &needles).map(|entry| leak(place.clone(), entry)));
    findings
}

fn walk(root: NodeRef<'_>, needles: &[String], findings: &mut Vec<Finding>) {
    // Children are pushed in reverse, so that findings come in the order of the document.
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        let in_key: Vec<_> = node.key().into_iter().flat_map(|it| hits(it, needles)).collect();
        if !in_key.is_empty() {
            // The key holds the term, and so would every pointer at it or below it: the place
            // is the object that holds the key.
            let holder = place(node.parent().unwrap_or(node));
            findings.extend(in_key.into_iter().map(|entry| leak(holder.clone(), entry)));
            continue;
        }
        if let Some(text) = node.scalar_text() {
            findings.extend(hits(text, needles).map(|entry| leak(place(node), entry)));
        }
        let children: Vec<_> = node.entries().map(|it| it.value).chain(node.items()).collect();
        nodes.extend(children.into_iter().rev());
    }
}

fn leak(place: crate::finding::Place, entry: usize) -> Finding {
    let message = format!("entry {} of `private_terms` stands here", entry + 1);
    diagnostic(PRIVATE_TERM, place, message, "say it in the words of the contract")
}

/// The needles in a text, by their place in the list.
fn hits<'n>(text: &str, needles: &'n [String]) -> impl Iterator<Item = usize> + use<'n> {
    // A pointer is a string too, whose `~1` and `~0` stand between words.
    let text = if text.starts_with('/') {
        pointer::tokens(text).map_or(text.to_owned(), |tokens| tokens.join("/"))
    } else {
        text.to_owned()
    };
    let tokens = tokens(&text);
    let whole = tokens.concat();
    let mut starts = vec![0];
    for token in &tokens {
        starts.push(starts.last().copied().unwrap_or_default() + token.len());
    }
    needles.iter().enumerate().filter_map(move |(entry, needle)| {
        let anywhere = needle.chars().count() >= ANYWHERE_CHARACTERS_MIN;
        let found = whole.match_indices(needle.as_str()).any(|(at, _)| {
            anywhere || (starts.contains(&at) && starts.contains(&(at + needle.len())))
        });
        found.then_some(entry)
    })
}

/// The words of a text, in lower case: letters and digits between anything else, and split
/// where a capital begins a word.
fn tokens(text: &str) -> Vec<String> {
    let text: Vec<char> = text.nfkc().collect();
    let mut tokens = vec![String::new()];
    for (at, char) in text.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let after = text.get(at + 1);
        let begins = char.is_uppercase()
            && (before.is_some_and(|it| !it.is_uppercase())
                || after.is_some_and(|it| it.is_lowercase()));
        if begins || !char.is_alphanumeric() {
            tokens.push(String::new());
        }
        if char.is_alphanumeric()
            && let Some(token) = tokens.last_mut()
        {
            token.extend(char.to_lowercase());
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::document::Limits;

    fn found(text: &str, term: &str) -> Vec<(String, String)> {
        let document = Document::parse("it.yaml", text.into(), &Limits::default());
        let terms = [PrivateTerm::new("unrelated").unwrap(), PrivateTerm::new(term).unwrap()];
        let findings = leaks(&document, &terms);
        findings.into_iter().map(|it| (it.place.pointer, it.message)).collect()
    }

    #[test]
    fn a_term_is_found_in_every_spelling() {
        for text in [
            "a: b24_sale_order",
            "a: the B24SaleOrder here",
            "a: b24-sale-orders",
            "a: Ｂ24 SALE ORDER",
            r#"a: "b24\u005fsale_order""#,
            "a: xb24saleorderx",
        ] {
            let message = "entry 2 of `private_terms` stands here".to_owned();
            assert_eq!(found(text, "b24_sale_order"), [("/a".to_owned(), message)], "{text}");
        }
    }

    #[test]
    fn a_short_term_is_whole_words() {
        assert_eq!(found("a: an enterprise in Serpong", "erp"), []);
        for text in ["a: our ERP", "a: erpOrder", "a: /x/erp~1order", "a: OrderERP"] {
            assert_eq!(found(text, "erp").len(), 1, "{text}");
        }
    }

    #[test]
    fn no_finding_shows_the_term() {
        let found = found("paths:\n  b24_sale_order:\n    b24_sale_order: 1\n", "b24_sale_order");
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|(at, message)| at == "/paths" && !message.contains("b24")));
    }
}
