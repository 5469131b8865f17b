//! The parser of the YAML subset builds what the event parser builds, or declines.

use proptest::prelude::*;
use serde_json::Value as Json;
use treaty::document::{Document, Limits, NodeRef};

use crate::shared::{corpus, shared};

/// The first difference between the two trees of a text.
fn difference(text: &str) -> Option<String> {
    let limits = Limits::default();
    let fast = Document::parse("a.yaml", text.into(), &limits);
    let slow = Document::parse_by_events("a.yaml", text.into(), &limits);
    if fast.faults() != slow.faults() {
        return Some(format!("faults: {:?}, not {:?}", fast.faults(), slow.faults()));
    }
    match (fast.root(), slow.root()) {
        (Some(fast), Some(slow)) => differs(fast, slow),
        (None, None) => None,
        _ => Some("one has no root".to_owned()),
    }
}

fn differs(fast: NodeRef<'_>, slow: NodeRef<'_>) -> Option<String> {
    let say = |what: &str, fast: String, slow: String| {
        Some(format!("{}: {what} {fast}, not {slow}", "x"))
    };
    if fast.kind() != slow.kind() || fast.style() != slow.style() {
        let place = fast.pointer();
        return say(
            &place,
            format!("{:?} {:?}", fast.kind(), fast.style()),
            format!("{:?} {:?}", slow.kind(), slow.style()),
        );
    }
    if fast.span() != slow.span() {
        let text = fast.document().text();
        let (one, other) = (fast.span(), slow.span());
        return say(
            &format!("span of {}", fast.pointer()),
            format!("{one:?} {:?}", one.slice(text)),
            format!("{other:?} {:?}", other.slice(text)),
        );
    }
    if fast.scalar_text() != slow.scalar_text() {
        return say(
            &fast.pointer(),
            format!("{:?}", fast.scalar_text()),
            format!("{:?}", slow.scalar_text()),
        );
    }
    if fast.len() != slow.len() {
        return say(&fast.pointer(), fast.len().to_string(), slow.len().to_string());
    }
    for (one, other) in fast.entries().zip(slow.entries()) {
        if one.key != other.key || one.key_span != other.key_span {
            return say(
                "key",
                format!("{} {:?}", one.key, one.key_span),
                format!("{} {:?}", other.key, other.key_span),
            );
        }
        if let Some(found) = differs(one.value, other.value) {
            return Some(found);
        }
    }
    fast.items().zip(slow.items()).find_map(|(one, other)| differs(one, other))
}

/// Whether the subset parser took the text.
fn is_fast(text: &str) -> bool {
    treaty::document::is_in_subset(text)
}

#[test]
fn the_yaml_test_suite_reads_alike() {
    let Some(path) = shared("suites/yaml-test-suite/cases.json") else { return };
    let suite: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut wrong, mut fast) = (Vec::new(), 0);
    for case in suite["items"].as_array().unwrap() {
        let text = case["yaml"].as_str().unwrap();
        fast += usize::from(is_fast(text));
        if let Some(difference) = difference(text) {
            wrong.push(format!("{}: {difference}\n{text}", case["id"]));
        }
    }
    eprintln!("{fast} of the suite are in the subset");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_corpus_reads_alike_and_is_in_the_subset() {
    let (mut declined, mut wrong) = (Vec::new(), Vec::new());
    for path in corpus().iter().filter(|path| path.extension().is_some_and(|it| it != "json")) {
        let text = std::fs::read_to_string(path).unwrap();
        if !is_fast(&text) {
            declined.push(path.display().to_string());
        }
        if let Some(difference) = difference(&text) {
            wrong.push(format!("{}: {difference}", path.display()));
        }
    }
    eprintln!("declined: {declined:#?}");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Pieces that documents are made of, and that parsers stumble over.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b: ", "- ", "-", ":", ": ", " ", "  ", "    ", "\n", "\n", "\n  ", "\n    ", "\n- ",
        "#", " # c", "'", "''", "\"", "\\n", "\\", "[", "]", "{", "}", ",", ", ", "|", "|\n",
        "|-\n", ">\n", ">-\n", ">+\n", "|2\n", "key:", "key: v\n", "x: 1\n", "é", "&a ", "*a",
        "!t ", "? ", "<<: ", "---\n", "...\n", "%Y\n", "~", "null", "1e3", "0x1", ".inf",
        "\"q\": ", "'q': ", "{a: 1}", "[1, 2]", "\n\n", "\t", "@", "`",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_soup_reads_alike(text in soup()) {
        prop_assert_eq!(difference(&text), None, "{:?}", text);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_document_reads_alike(at in any::<prop::sample::Index>(), piece in soup(), cut in 0..12usize) {
        let base = include_str!("../../fixtures/openapi/everything-3.0.yaml");
        let at = at.index(base.len());
        let at = (0..=at).rev().find(|at| base.is_char_boundary(*at)).unwrap();
        let end = (at + cut..base.len()).find(|at| base.is_char_boundary(*at)).unwrap_or(base.len());
        let text = format!("{}{}{}", &base[..at], piece.get(..3).unwrap_or(&piece), &base[end..]);
        prop_assert_eq!(difference(&text), None, "{}", text);
    }
}
