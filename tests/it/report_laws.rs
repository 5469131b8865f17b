//! Laws of a report that hold for any document and any finding.

use proptest::prelude::*;
use treaty::{
    document::{Document, Limits, Span, is_invisible},
    finding::{Class, Counts, Coverage, Finding, Place, Related, Severity},
    report::{Collector, Format, Keep, Look},
    ruleset::{Profile, Ruleset},
};

use crate::{
    formats::{check_markdown, check_sarif, check_xml},
    html::check_html,
};

/// Texts that are hard to show: odd line ends, wide and hidden characters, long lines, commands.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\t".to_owned()),
        Just("##[error]".to_owned()),
        Just("\n::error::".to_owned()),
        Just("漢字\u{202e}\u{200b}\u{9b}é".to_owned()),
        "[ -~]{0,12}",
        "\\PC{0,6}",
        (100_usize..400).prop_map(|count| "x".repeat(count)),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn span(text: &str, ends: (prop::sample::Index, prop::sample::Index)) -> Span {
    let at = |index: prop::sample::Index| u32::try_from(index.index(text.len() + 1)).unwrap();
    let (one, other) = (at(ends.0), at(ends.1));
    Span::new(one.min(other), one.max(other))
}

proptest! {
    #[test]
    fn whatever_is_found_can_be_shown(
        text in text(),
        message in text(),
        spans in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 1..14),
    ) {
        let document = Document::parse("::a##[b.yaml", text.clone().into(), &Limits::default());
        let place = |span| Place {
            path: document.path().into(),
            pointer: String::new(),
            range: document.range(span),
        };
        let mut places = spans.into_iter().map(|ends| place(span(document.text(), ends)));
        let finding = Finding {
            id: "0".to_owned(),
            rule: "test-rule".into(),
            severity: Severity::Error,
            class: Class::Violation,
            message: message.clone(),
            place: places.next().unwrap(),
            related: places.map(|place| Related { place, message: message.clone() }).collect(),
            help: Some(message.clone()),
            found: Some(message.clone().into()),
            expected: None,
            witness: None,
            fix: None,
            source: "https://example.com/".into(),
        };
        let mut collector = Collector::new(10, Keep::of(Format::ALL));
        collector.add([&document], vec![finding], Counts::default(), &Coverage::default());
        let ruleset = Ruleset::built_in(Profile::Recommended);
        let report = collector.finish(&ruleset);
        let look = Look { catalog: ruleset.catalog(), colour: false, links: false, summary: true, causes_max: 20 };
        for format in Format::ALL {
            let mut out = Vec::new();
            report.write(format, look, &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            prop_assert!(!out.contains(|char| char != '\n' && is_invisible(char)), "{out:?}");
            prop_assert!(!out.contains("##["), "{out}");
            let forged = out.lines().find(|line| {
                line.trim_start().starts_with("::") && !line.starts_with("::error file=")
            });
            prop_assert_eq!(forged, None);
            let lines = out.lines().count();
            match format {
                Format::Compact | Format::Github => prop_assert_eq!(lines, 1, "{}", out),
                Format::Sarif => drop(check_sarif(&out)),
                Format::Junit => check_xml(&out),
                Format::Markdown => check_markdown(&out),
                Format::Html => check_html(&out),
                Format::Pretty | Format::Json | Format::Gitlab | Format::Agent => {}
            }
            prop_assert!(out.lines().all(|line| line.len() < 100_000));
        }
    }
}
