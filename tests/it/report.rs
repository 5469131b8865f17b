//! What a report says, whatever a document tries.

use serde_json::{Value as Json, json};
use treaty::{
    document::{Document, Limits, Range, Span},
    finding::{Class, Counts, Coverage, Finding, Place, Related, Severity, Tally},
    report::{Collector, Format, Keep, Look, Report},
    ruleset::{Profile, Ruleset},
};

fn document(path: &str, text: &str) -> Document {
    Document::parse(path, text.into(), &Limits::default())
}

fn finding(document: &Document, span: Span, message: &str) -> Finding {
    Finding {
        id: format!("{:08x}", span.start),
        rule: "test-rule".into(),
        severity: Severity::Error,
        class: Class::Violation,
        message: message.to_owned(),
        place: place(document, span),
        related: Vec::new(),
        help: None,
        found: None,
        expected: None,
        witness: None,
        fix: None,
        source: "https://example.com/".into(),
    }
}

fn place(document: &Document, span: Span) -> Place {
    let range = document.range(span);
    Place { path: document.path().into(), pointer: String::new(), range }
}

/// The span of a part of a document.
fn part(document: &Document, part: &str) -> Span {
    let start = document.text().find(part).unwrap();
    Span::new(start.try_into().unwrap(), (start + part.len()).try_into().unwrap())
}

fn report(documents: &[Document], findings: Vec<Finding>, findings_max: usize) -> Report {
    let mut collector = Collector::new(findings_max, Keep::of(Format::ALL));
    let mut coverage = Coverage::default();
    coverage.add("operations", Tally { checked: 2, undecided: 0 });
    coverage.add("examples", Tally { checked: 4, undecided: 1 });
    collector.add(documents, findings, Counts::default(), &coverage);
    collector.finish(&Ruleset::built_in(Profile::Recommended))
}

fn written(report: &Report, format: Format) -> String {
    let ruleset = Ruleset::built_in(Profile::Recommended);
    let look = Look {
        catalog: ruleset.catalog(),
        colour: false,
        links: false,
        summary: true,
        causes_max: 20,
    };
    let mut out = Vec::new();
    report.write(format, look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What no format may let through.
const HOSTILE: &str = "a\u{1b}[31m\u{7}\u{9b}\u{202e}\u{200b}\u{2066}\u{feff}\r\t\u{85}\u{e0041}##[error]\n::error::x";

#[test]
fn nothing_invisible_or_commanding_gets_through() {
    let text = format!("openapi: 3.1.0\n{HOSTILE}\n  :: ##[group]\u{202e}\n");
    let hostile = document("::dir/##[x]\u{1b}.yaml", &text);
    let mut finding = finding(&hostile, part(&hostile, "a\u{1b}"), HOSTILE);
    finding.help = Some(format!("::warning::no {HOSTILE}"));
    finding.found = Some(HOSTILE.into());
    finding.source = HOSTILE.into();
    finding.related.push(Related {
        place: place(&hostile, part(&hostile, ":: ##")),
        message: format!("\n::{HOSTILE}"),
    });
    let report = report(&[hostile], vec![finding], 10);
    for format in Format::ALL {
        let text = written(&report, format);
        let hidden = |char: char| char != '\n' && treaty::document::is_invisible(char);
        assert!(!text.contains(hidden), "{format:?}: {text:?}");
        assert!(!text.contains("##["), "{format:?}: {text}");
        let forged =
            |line: &&str| line.trim_start().starts_with("::") && !line.starts_with("::error file=");
        assert_eq!(text.lines().find(forged), None, "{format:?}");
    }
    let json: Json = serde_json::from_str(&written(&report, Format::Json)).unwrap();
    assert_eq!(json["findings"][0]["message"], HOSTILE, "JSON escapes, it does not change");
    assert_eq!(written(&report, Format::Compact).lines().count(), 1);
    assert_eq!(written(&report, Format::Github).lines().count(), 1);
}

#[test]
fn json_writes_invisible_characters_as_escapes() {
    let document = document("openapi.yaml", "a: b\n");
    let finding = finding(&document, Span::new(0, 1), "\u{202e}\u{9b}\u{e0041}\n##[");
    let text = written(&report(&[document], vec![finding], 1), Format::Json);
    assert!(text.contains(r#""\u202e\u009b\udb40\udc41\n##\u005b""#), "{text}");
}

#[test]
fn github_reads_back_what_was_meant() {
    let document = document("a,b:c%.yaml", "a: b\n");
    let finding = finding(&document, Span::new(0, 1), "50%\nof a, b: c");
    let report = report(&[document], vec![finding], 1);
    insta::assert_snapshot!(written(&report, Format::Github), @"::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,endLine=1,endColumn=2,title=test-rule::50%25%0Aof a, b: c");
}

#[test]
fn findings_are_sorted_and_the_gravest_kept() {
    let first = document("a.yaml", "a: b\nc: d\n");
    let second = document("b.yaml", "a: b\n");
    let mut findings = Vec::new();
    for (document, start, rule, severity) in [
        (&second, 0, "x", Severity::Warn),
        (&first, 5, "x", Severity::Error),
        (&first, 0, "z", Severity::Info),
        (&first, 0, "y", Severity::Error),
        (&second, 3, "x", Severity::Hint),
    ] {
        let mut finding = finding(document, Span::new(start, start + 1), "");
        (finding.rule, finding.severity) = (rule.into(), severity);
        findings.push(finding);
    }
    let report = report(&[first, second], findings, 3);
    let json: Json = serde_json::from_str(&written(&report, Format::Json)).unwrap();
    let kept: Vec<_> = json["findings"].as_array().unwrap().iter().collect();
    let kept: Vec<_> = kept.iter().map(|it| (&it["path"], &it["rule"], &it["severity"])).collect();
    let expected =
        json!([["a.yaml", "y", "error"], ["a.yaml", "x", "error"], ["b.yaml", "x", "warn"]]);
    assert_eq!(json!(kept), expected);
    assert_eq!(json["omitted"], 2);
    let summary = json!({ "error": 2, "warn": 1, "info": 1, "hint": 1, "undecided": 0 });
    assert_eq!(json["summary"], summary);
}

#[test]
fn a_shared_file_is_reported_once() {
    let shared = document("shared.yaml", "a: b\n");
    let mut collector = Collector::new(10, Keep::default());
    for _ in 0..2 {
        let findings = vec![finding(&shared, Span::new(0, 1), "")];
        collector.add([&shared], findings, Counts::default(), &Coverage::default());
    }
    let report = collector.finish(&Ruleset::built_in(Profile::Recommended));
    assert_eq!((report.findings.len(), report.documents.len(), report.summary.error), (1, 1, 1));
}

#[test]
fn members_come_in_the_order_that_is_documented() {
    let document = document("openapi.yaml", "openapi: 3.1.0\n");
    let text = written(&report(&[document], Vec::new(), 1), Format::Json);
    let members: Vec<_> =
        text.lines().filter_map(|line| line.strip_prefix("  \"")?.split('"').next()).collect();
    assert_eq!(
        members,
        [
            "version",
            "tool",
            "ruleset",
            "documents",
            "findings",
            "coverage",
            "summary",
            "incomplete"
        ]
    );
}

#[test]
fn the_summary_says_what_was_looked_at() {
    let document = document("openapi.yaml", "openapi: 3.1.0\n");
    let mut undecided = finding(&document, Span::new(0, 1), "not checked");
    (undecided.severity, undecided.class) = (Severity::Info, Class::Undecided);
    let errors = vec![finding(&document, Span::new(1, 2), ""), undecided];
    let text = written(&report(&[document], errors, 1), Format::Pretty);
    let summary: Vec<_> = text.lines().rev().take(3).collect();
    assert_eq!(
        summary,
        [
            "1 more are left out, the least grave",
            "checked 2 operations, 4 examples (1 undecided)",
            "1 error, 1 info (1 undecided) in 1 document"
        ]
    );
}

#[test]
fn what_is_undecided_never_fails() {
    let counts = Counts { info: 2, undecided: 2, ..Counts::default() };
    assert_eq!(counts.failing(Severity::Info), 0);
    assert_eq!(Counts { hint: 1, ..counts }.failing(Severity::Hint), 1);
}

#[test]
fn a_long_line_is_cut_around_its_mark() {
    let text =
        format!("{{\"a\": \"{}\", \"here\": 1, \"z\": \"{}\"}}", "é".repeat(500), "x".repeat(500));
    let document = document("openapi.json", &text);
    let finding = finding(&document, part(&document, "\"here\""), "look");
    let text = written(&report(&[document], vec![finding], 1), Format::Pretty);
    let line = text.lines().find(|line| line.contains("here")).unwrap();
    assert!(line.contains("│ …é") && line.ends_with("x…") && line.chars().count() < 200, "{text}");
    assert!(text.contains("[openapi.json:1:511]"), "{text}");
    let marked = text.lines().find(|line| line.contains("────")).unwrap();
    let column = |line: &str, what: &str| {
        line.chars().count() - line.split(what).last().unwrap().chars().count()
    };
    assert_eq!(column(line, "\"here\""), column(marked, "──────"), "{text}");
}

#[test]
fn ten_thousand_findings_on_one_line_are_shown_in_no_time() {
    let text = format!("[{}0]", "\"some words\", ".repeat(500_000));
    let document = document("openapi.json", &text);
    let spans = (0..10_000).map(|at| Span::new(at * 700 + 1, at * 700 + 5));
    let findings: Vec<_> = spans.map(|span| finding(&document, span, "look")).collect();
    let start = std::time::Instant::now();
    let text = written(&report(&[document], findings, 10_000), Format::Pretty);
    assert_eq!(text.matches("error[test-rule]").count(), 10_000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn places_are_shown_wherever_they_are() {
    let text = "openapi: 3.1.0\r\n\tinfo: \u{200b}x\n\n\n\n\nlast: ✓ y\n";
    let here = document("here.yaml", text);
    let there = document("there.yaml", "a: b\n");
    let mut finding = finding(&here, part(&here, "x"), "first\nsecond");
    for (document, what) in [(&here, "y"), (&here, "3.1.0"), (&there, "b")] {
        let place = place(document, part(document, what));
        finding.related.push(Related { place, message: format!("see {what}") });
    }
    let end = Span::new(text.len().try_into().unwrap(), text.len().try_into().unwrap());
    finding.related.push(Related { place: place(&here, end), message: "the end".to_owned() });
    let lines = Range { end: here.range(end).end, ..here.range(part(&here, "info")) };
    let place = Place { range: lines, ..place(&here, end) };
    finding.related.push(Related { place, message: "many lines".to_owned() });
    insta::assert_snapshot!(written(&report(&[here, there], vec![finding], 1), Format::Pretty));
}

#[test]
fn the_report_is_as_its_schema_says() {
    let schema: Json = serde_json::from_str(treaty::report::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = document("openapi.yaml", "openapi: 3.1.0\n");
    let findings = vec![finding(&document, Span::new(0, 1), "")];
    let text = written(&report(&[document], findings, 1), Format::Json);
    let mut json: Json = serde_json::from_str(&text).unwrap();
    assert!(validator.is_valid(&json), "{:?}", validator.validate(&json));
    json["findings"][0]["class"] = "opinion".into();
    assert!(!validator.is_valid(&json));
}
