//! What holds of `treaty fix` for whatever document: it removes what it says, adds nothing,
//! touches nothing else, and a second run has nothing to do.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use serde_json::Value as Json;
use treaty::{
    document::{Span, TextEdit, apply_edits},
    report::Edited,
};

use crate::{
    program::Place,
    shared::{corpus, shared},
};

/// Copies files that lie below a directory to the same places of another.
fn copy(files: &[PathBuf], root: &Path) -> Place {
    let place = Place::empty();
    for file in files {
        let path = file.strip_prefix(root).unwrap().to_str().unwrap();
        place.file(path, std::fs::read(file).unwrap());
    }
    place
}

fn files_below(root: &Path) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(root).standard_filters(false).build();
    let paths = walk.map(|entry| entry.unwrap().into_path());
    paths.filter(|path| path.is_file()).collect()
}

const PATIENT: [&str; 6] = ["--deadline", "3000", "--max-findings", "10000000", "--format", "json"];

fn findings(report: &Json) -> &Vec<Json> {
    assert_eq!(report["incomplete"], Json::Null);
    report["findings"].as_array().unwrap()
}

fn text<'j>(json: &'j Json, name: &str) -> &'j str {
    json[name].as_str().unwrap()
}

fn by_id(finding: &Json) -> [&str; 2] {
    ["path", "id"].map(|name| text(finding, name))
}

fn by_words(finding: &Json) -> [&str; 3] {
    ["path", "rule", "message"].map(|name| text(finding, name))
}

/// The findings of one report that another does not have, neither by their id nor by what they
/// say.
fn new<'r>(before: &'r Json, after: &'r Json) -> Vec<&'r Json> {
    let ids: HashSet<_> = findings(before).iter().map(by_id).collect();
    let words: HashSet<_> = findings(before).iter().map(by_words).collect();
    let is_new = |it: &&Json| !ids.contains(&by_id(it)) && !words.contains(&by_words(it));
    findings(after).iter().filter(is_new).collect()
}

/// The edits of safe fixes by file.
fn safe_edits(report: &Json) -> BTreeMap<&str, Vec<TextEdit>> {
    let mut edits: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
    let fixes = findings(report).iter().map(|finding| &finding["fix"]);
    for fix in fixes.filter(|fix| fix["safety"] == "safe") {
        for edit in fix["edits"].as_array().unwrap() {
            let offset =
                |end: &str| u32::try_from(edit["range"][end]["offset"].as_u64().unwrap()).unwrap();
            let span = Span::new(offset("start"), offset("end"));
            let edit_text = text(edit, "text").to_owned();
            edits.entry(text(edit, "path")).or_default().push(TextEdit { span, text: edit_text });
        }
    }
    for edits in edits.values_mut() {
        edits.sort_by_key(|edit| edit.span);
    }
    edits
}

/// Whether a text came about by some of the edits and nothing else.
fn is_made_by(before: &str, after: &str, edits: &[TextEdit]) -> bool {
    let mut edits = edits.iter().peekable();
    let (mut rest, mut done) = (after, 0);
    while let Some(edit) = edits.next() {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if start < done {
            continue;
        }
        let Some(tail) = rest.strip_prefix(&before[done..start]) else { return false };
        let next = edits.peek().map_or(before.len(), |next| next.span.start as usize);
        let kept = &before[end..next.max(end)];
        let is_done = tail.strip_prefix(edit.text.as_str()).is_some_and(|it| it.starts_with(kept));
        (rest, done) = if is_done { (&tail[edit.text.len()..], end) } else { (tail, start) };
        if !is_done && start == end {
            done = end;
        }
    }
    rest == &before[done..]
}

fn holds(place: &Place, files: &[PathBuf], root: &Path) {
    let before = place.treaty(&[&["lint"], &PATIENT[..]].concat()).json();
    let arguments = [&["fix", "-o", "../after.json"], &PATIENT[..]].concat();
    let ran = place.treaty(&arguments);
    assert!(ran.code < 2, "{}", ran.err);
    let after = place.treaty(&[&["lint"], &PATIENT[..]].concat()).json();
    let mut fixed = 0;
    let mut changed = HashSet::new();
    for line in ran.err.lines() {
        let Some((path, rules)) = line.strip_prefix("changed ").and_then(|it| it.split_once(": "))
        else {
            continue;
        };
        changed.insert(path);
        let counts = rules.split(", ").map(|it| it.split(' ').next().unwrap().parse::<usize>());
        fixed += counts.map(Result::unwrap).sum::<usize>();
    }
    assert!(fixed > 0, "something is there to be fixed: {}", ran.err);
    assert!(findings(&after).len() + fixed <= findings(&before).len(), "{}", ran.err);
    let new = new(&before, &after);
    assert!(new.is_empty(), "{:#?}", new.first());
    let edits = safe_edits(&before);
    for file in files {
        let path = file.strip_prefix(root).unwrap().to_str().unwrap();
        let (old, now) = (std::fs::read(file).unwrap(), std::fs::read(place.path(path)).unwrap());
        assert_eq!(old != now, changed.contains(path), "{path} is said to have changed");
        if old != now {
            let (old, now) = (String::from_utf8(old).unwrap(), String::from_utf8(now).unwrap());
            let edits = edits.get(path).map_or(&[][..], Vec::as_slice);
            assert!(is_made_by(&old, &now, edits), "{path} changed elsewhere too");
        }
    }
    assert_eq!(place.treaty(&["fix", "--check", "--deadline", "3000"]).code, 0);
}

#[test]
fn fixtures_only_get_better() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/document");
    let files = files_below(&root);
    holds(&copy(&files, &root), &files, &root);
}

#[test]
fn the_corpus_only_gets_better() {
    if std::env::var("RUN_SLOW_TESTS").is_err() {
        eprintln!("skipped: RUN_SLOW_TESTS is not set");
        return;
    }
    let Some(root) = shared("corpus") else { return };
    let files = corpus();
    holds(&copy(&files, &root), &files, &root);
}

/// Applies a unified diff of one file the way `patch` does.
fn patched(before: &str, diff: &str) -> String {
    let old: Vec<_> = before.split_inclusive('\n').collect();
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    let mut after = String::new();
    let mut at = 0;
    while let Some(line) = lines.next() {
        let text = &line[1..];
        let bare = lines.next_if(|it| it.starts_with('\\')).is_some();
        let text = if bare { text.strip_suffix('\n').unwrap() } else { text };
        match line.as_bytes()[0] {
            b'@' => {
                let place = line.split(' ').nth(1).unwrap()[1..].split(',');
                let numbers: Vec<usize> = place.map(|it| it.parse().unwrap()).collect();
                let start = if numbers[1] == 0 { numbers[0] } else { numbers[0] - 1 };
                after.extend(old[at..start].iter().copied());
                at = start;
            }
            b'+' => after.push_str(text),
            mark => {
                assert_eq!(old[at], text, "{diff}");
                after.push_str(if mark == b' ' { text } else { "" });
                at += 1;
            }
        }
    }
    after.extend(old[at..].iter().copied());
    after
}

/// Lines of a few words, of which some are alike.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof!["[ab]{0,3}\n", "[ab]{0,3}\r\n", Just("\n".to_owned()), "é\t[ab]\n"];
    let end = prop_oneof![Just(String::new()), "[ab]{1,3}"];
    let lines = prop::collection::vec(line, 0..20);
    (lines, end).prop_map(|(lines, end)| lines.concat() + &end)
}

proptest! {
    #[test]
    fn a_diff_leads_from_the_old_text_to_the_new(
        before in lines(),
        passes in prop::collection::vec(
            prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, lines()), 0..4),
            0..3,
        ),
    ) {
        let mut text = before.clone();
        let mut edited = Edited::new(&before);
        for pass in passes {
            let mut edits: Vec<TextEdit> = Vec::new();
            for (at, length, new) in pass {
                let boundary = |at: usize| (0..=at).rev().find(|it| text.is_char_boundary(*it)).unwrap();
                let start = boundary(at.index(text.len() + 1));
                let end = boundary((start + length).min(text.len())).max(start);
                let span = Span::new(start.try_into().unwrap(), end.try_into().unwrap());
                let is_free = |it: &TextEdit| it.span.end < span.start || span.end < it.span.start;
                if edits.iter().all(is_free) {
                    edits.push(TextEdit { span, text: new });
                }
            }
            text = apply_edits(&text, &edits);
            edited.edit(&edits);
        }
        let mut diff = Vec::new();
        edited.write_diff("a.yaml", &mut diff).unwrap();
        // A carriage return that ends no line is shown as an escape.
        let diff = String::from_utf8(diff).unwrap().replace("\\u{d}", "\r");
        prop_assert_eq!(patched(&before, &diff), text, "{}", diff);
    }
}
