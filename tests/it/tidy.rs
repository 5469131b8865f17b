//! The house itself: floors, doors, sizes, headers, paths.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

/// Files that may be longer than the rest, each with the reason.
const LONG_FILES: [(&str, &str); 0] = [];

/// The most lines of a source file, and of a rule file.
const FILE_LINES_MAX: usize = 400;
const RULE_LINES_MAX: usize = 40;
const LINE_CHARS_MAX: usize = 100;

/// The names at the top of the repository that a path in a page begins with.
const TOP: [&str; 7] = ["src", "docs", "rules", "fixtures", "tests", ".ci", ".cargo"];

/// Every text of the repository by its path.
fn files() -> BTreeMap<String, String> {
    let root = env!("CARGO_MANIFEST_DIR");
    let walk = ignore::WalkBuilder::new(root)
        .hidden(false)
        .git_global(false)
        .filter_entry(|entry| !matches!(entry.file_name().to_str(), Some(".git" | "target")))
        .build();
    let files = walk.map(Result::unwrap).filter(|entry| entry.path().is_file());
    let texts = files.filter_map(|entry| {
        let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        Some((path, String::from_utf8(std::fs::read(entry.path()).unwrap()).ok()?))
    });
    texts.collect()
}

/// Whether a file is of a kind.
fn is(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, it)| it == extension)
}

/// The Rust files below a directory.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let below = |path: &str| path.starts_with(folder) && is(path, "rs");
    files().into_iter().filter(|(path, _)| below(path)).collect()
}

fn architecture() -> String {
    files()["ARCHITECTURE.md"].clone()
}

/// The part of ARCHITECTURE.md under a heading.
fn section(heading: &str) -> String {
    let text = architecture();
    let start = text.find(&format!("\n## {heading}\n")).unwrap();
    text[start + 1..].split("\n## ").next().unwrap().to_owned()
}

/// The line of the drawing on which each module stands, the lowest having the highest number.
fn floors() -> BTreeMap<String, usize> {
    let section = section("Floors");
    let drawing = section.split("```").nth(1).unwrap().lines().enumerate();
    drawing
        .flat_map(|(at, line)| line.split_whitespace().map(move |name| (name.to_owned(), at)))
        .collect()
}

/// The module at the top of `src` that a file belongs to.
fn module(path: &str) -> Option<&str> {
    path.strip_prefix("src/")?.split('/').next().filter(|module| !is(module, "rs"))
}

/// The text without its comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The names that follow `crate::`, also those in braces.
fn modules_used(text: &str) -> BTreeSet<String> {
    let name = |text: &str| {
        let end = text.find(|char: char| !char.is_alphanumeric() && char != '_');
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let mut used = BTreeSet::new();
    for rest in code(text).split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            used.insert(name(rest));
            continue;
        };
        let mut depth = 1;
        let mut item = String::new();
        for char in group.chars() {
            depth += i32::from(char == '{') - i32::from(char == '}');
            if depth == 0 || (depth == 1 && char == ',') {
                used.insert(name(item.trim()));
                item.clear();
            } else {
                item.push(char);
            }
            if depth == 0 {
                break;
            }
        }
    }
    used.remove("");
    used
}

#[test]
fn no_floor_uses_a_floor_above_or_beside_it() {
    let floors = floors();
    let mut wrong = Vec::new();
    let mut there_are = BTreeSet::new();
    for (path, text) in sources("src/") {
        let Some(module) = module(&path) else { continue };
        there_are.insert(module.to_owned());
        let Some(here) = floors.get(module) else { continue };
        for used in modules_used(&text).iter().filter(|used| *used != module) {
            match floors.get(used) {
                Some(there) if there > here => {}
                _ => wrong.push(format!("{path}: `{module}` uses `{used}`, not a floor below")),
            }
        }
    }
    let drawn: BTreeSet<_> = floors.into_keys().collect();
    wrong.extend(there_are.difference(&drawn).map(|it| format!("`{it}` is on no floor")));
    wrong.extend(drawn.difference(&there_are).map(|it| format!("floor `{it}` is empty")));
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn foreign_crates_enter_by_their_doors() {
    let manifest = files()["Cargo.toml"].clone();
    let tables = manifest.split("\n[").filter(|table| {
        table.starts_with("dependencies]")
            || table.starts_with("target.") && table.contains(".dependencies]")
    });
    let dependencies = tables.flat_map(|table| table.lines().skip(1));
    let crates: BTreeSet<_> =
        dependencies.filter_map(|line| Some(line.split_once(" = ")?.0.replace('-', "_"))).collect();
    let row = Regex::new(r"(?m)^\| `(\w+)` \| (.+) \|$").unwrap();
    let section = section("Doors");
    let doors: BTreeMap<String, BTreeSet<String>> = row
        .captures_iter(&section)
        .map(|row| {
            let modules =
                row[2].split(' ').filter(|it| *it != "none").map(|it| it.replace('`', ""));
            (row[1].to_owned(), modules.collect())
        })
        .collect();
    let mut used: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
    let sources = sources("src/");
    for name in &crates {
        let mention = Regex::new(&format!(r"(^|[^\w:.]){name}::")).unwrap();
        let users = sources.iter().filter(|(_, text)| mention.is_match(&code(text)));
        let modules = users.map(|(path, _)| module(path).unwrap_or("the root").to_owned());
        used.insert(name, modules.collect());
    }
    let mut wrong = Vec::new();
    for (name, modules) in used {
        let Some(doors) = doors.get(name) else {
            wrong.push(format!("`{name}` is not in the table"));
            continue;
        };
        if !doors.contains("any") && *doors != modules {
            wrong.push(format!("`{name}` enters by {modules:?}, the table says {doors:?}"));
        }
    }
    wrong.extend(
        doors.keys().filter(|it| !crates.contains(*it)).map(|it| format!("no crate `{it}`")),
    );
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    let mut waived: BTreeMap<_, _> = LONG_FILES.into();
    // Composed, so that this file does not hold them itself.
    let marks =
        ["TO", "FIX", "XX"].map(|start| start.to_owned() + if start == "TO" { "DO" } else { "ME" });
    for (path, text) in files() {
        let is_rule = path.starts_with("rules/");
        if !is(&path, "rs") && !is_rule {
            continue;
        }
        let lines = text.lines().count();
        let lines_max = if is_rule { RULE_LINES_MAX } else { FILE_LINES_MAX };
        if lines > lines_max && waived.remove(path.as_str()).is_none() {
            wrong.push(format!("{path} has {lines} lines, more than {lines_max}"));
        }
        if !is_rule && !text.starts_with("//! ") {
            wrong.push(format!("{path} does not say at its top what it is"));
        }
        for (at, line) in text.lines().enumerate() {
            // The texts of tests are as long as they are.
            let is_text = path.starts_with("tests/") || line.contains("https://");
            if line.chars().count() > LINE_CHARS_MAX && !is_text {
                wrong.push(format!("{path}:{}: longer than {LINE_CHARS_MAX}", at + 1));
            }
            if marks.iter().any(|mark| line.contains(mark)) {
                wrong.push(format!("{path}:{}: something is left to do", at + 1));
            }
        }
    }
    wrong.extend(waived.keys().map(|path| format!("{path} needs no waiver")));
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// A page without its fenced blocks.
fn prose(page: &str) -> String {
    let mut fence = None;
    let mut prose = String::new();
    for line in page.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => prose.extend([line, "\n"]),
            Some(open) if line == open => fence = None,
            Some(_) => {}
        }
    }
    prose
}

#[test]
fn paths_in_pages_exist() {
    let quoted = Regex::new("`([^`\n]+)`").unwrap();
    let page = Regex::new(r"^([A-Za-z-]+\.(md|toml|rs)|LICENSE-[A-Z]+)$").unwrap();
    let mut wrong = Vec::new();
    for (path, text) in files().into_iter().filter(|(path, _)| is(path, "md")) {
        for word in quoted.captures_iter(&prose(&text)) {
            let word = &word[1];
            let top = word.split('/').next().unwrap();
            let is_path = page.is_match(word) || (TOP.contains(&top) && word.contains('/'));
            let is_pattern = word.contains(['<', '*', '{', ' ', '…']);
            let place = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(word);
            if is_path && !is_pattern && !place.exists() {
                wrong.push(format!("{path}: there is no `{word}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn nothing_names_the_place_where_it_was_written() {
    // Composed, so that this file does not hold them itself.
    let words = [("/wo", "rk/"), (".lib", "rary"), ("/ro", "ot/"), ("/tmp/", "plan")];
    let words = words.map(|(start, end)| start.to_owned() + end);
    let mut wrong = Vec::new();
    for (path, text) in files() {
        wrong.extend(
            words.iter().filter(|word| text.contains(*word)).map(|it| format!("{path}: {it}")),
        );
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
