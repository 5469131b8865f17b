//! One finding, as it stands below its line.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    document::Value,
    finding::{Finding, Fix, Place, Safety},
    report::{Report, pretty},
    ruleset::Catalog,
};

use super::{
    code::anchor,
    escape::{address, escape, sentence},
    fix,
};

/// How many related places a finding lists.
const RELATED_MAX: usize = 8;
/// How much of a value is shown.
const VALUE_CHARS_MAX: usize = 300;

/// What the cards of a page have in common.
pub(super) struct Card<'r> {
    pub(super) report: &'r Report,
    pub(super) catalog: &'r Catalog,
    /// The number of each document by its path.
    pub(super) numbers: BTreeMap<&'r str, usize>,
}

impl Card<'_> {
    /// Writes one finding under its number.
    pub(super) fn write(&self, number: usize, finding: &Finding, out: &mut String) {
        let severity = finding.severity.as_str();
        let document = self.numbers.get(&*finding.place.path).copied().unwrap_or_default();
        let rule = escape(&finding.rule);
        let _ = writeln!(
            out,
            "<article class=\"finding {severity}\" id=\"f{number}\" tabindex=\"-1\" \
             data-severity=\"{severity}\" data-class=\"{}\" data-rule=\"{rule}\" \
             data-document=\"{document}\">",
            finding.class.as_str(),
        );
        let _ = writeln!(
            out,
            "<h3><span class=\"severity\">{severity}</span> {}</h3>",
            sentence(&finding.message)
        );
        if let Some(help) = pretty::help(finding, self.catalog).filter(|help| !help.is_empty()) {
            let _ = writeln!(out, "<p>{}</p>", sentence(help));
        }
        if let Some(fix) = &finding.fix {
            self.write_fix(fix, finding, out);
        }
        self.write_facts(finding, out);
        self.write_about(finding, &rule, out);
        out.push_str("</article>\n");
    }

    fn write_fix(&self, fix: &Fix, finding: &Finding, out: &mut String) {
        let word = match fix.safety {
            Safety::Safe => "Fix, safe to apply",
            Safety::NeedsReview => "Fix, to be reviewed",
        };
        let _ = writeln!(out, "<p class=\"label\">{word}</p>");
        fix::write(self.report, finding, out);
    }

    /// What was found and expected, and the places that explain it.
    fn write_facts(&self, finding: &Finding, out: &mut String) {
        let facts = [
            ("found", &finding.found),
            ("expected", &finding.expected),
            ("for example", &finding.witness),
        ];
        let facts: Vec<_> =
            facts.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))).collect();
        if !facts.is_empty() {
            out.push_str("<dl>\n");
            for (name, value) in facts {
                let _ = writeln!(out, "<dt>{name}</dt><dd><code>{}</code></dd>", shown(value));
            }
            out.push_str("</dl>\n");
        }
        if finding.related.is_empty() {
            return;
        }
        out.push_str("<ul>\n");
        for related in finding.related.iter().take(RELATED_MAX) {
            let place = self.place(&related.place);
            let _ = writeln!(out, "<li>{place}: {}</li>", sentence(&related.message));
        }
        if let Some(more) = finding.related.len().checked_sub(RELATED_MAX).filter(|it| *it > 0) {
            let _ = writeln!(out, "<li>and {more} more</li>");
        }
        out.push_str("</ul>\n");
    }

    /// The last line: where it is, what kind of truth it is, which rule says so.
    fn write_about(&self, finding: &Finding, rule: &str, out: &mut String) {
        let rule = match address(&finding.source) {
            Some(address) => {
                format!("<a href=\"{}\" rel=\"noreferrer\">{rule}</a>", escape(address))
            }
            None => rule.to_owned(),
        };
        let _ = write!(
            out,
            "<p class=\"about\">{} <span>{}</span> <span>{rule}</span>",
            self.place(&finding.place),
            finding.class.as_str(),
        );
        if !finding.place.pointer.is_empty() {
            let _ = write!(out, " <code>{}</code>", escape(&finding.place.pointer));
        }
        out.push_str("</p>\n");
    }

    /// A place by its path and line, as a link where the page has that line.
    fn place(&self, place: &Place) -> String {
        let start = place.range.start;
        let name = escape(&format!("{}:{}:{}", place.path, start.line, start.column));
        let number = self.numbers.get(&*place.path);
        let is_here = |number: &&usize| {
            let sheet = self.report.sheets.get(&*place.path);
            **number < usize::MAX && sheet.is_some_and(|sheet| sheet.has_line(start.line))
        };
        match number.filter(is_here) {
            Some(number) => format!("<a href=\"#{}\">{name}</a>", anchor(*number, start.line)),
            None => format!("<span>{name}</span>"),
        }
    }
}

/// A value as JSON, cut where it is long.
fn shown(value: &Value) -> String {
    let json = value.to_json();
    let mut chars = json.chars();
    let start: String = chars.by_ref().take(VALUE_CHARS_MAX).collect();
    escape(&start) + if chars.next().is_some() { "…" } else { "" }
}
