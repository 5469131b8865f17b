//! One page for a browser: the documents with the findings in place.
//!
//! * **Shape.** The page is whole without its script, which only filters, and needs no network.
//!   What is away from the findings is folded; of large documents, and past a limit together,
//!   the page has the lines around the findings, and says so.
//! * **Boundary.** Text of a document is text. The policy of the page lets in this style and this
//!   script by their digests and nothing else, so a mistake here could still run nothing.
//!
//! The same report is the same page, byte for byte.

mod card;
mod code;
mod escape;
mod fix;
mod head;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use crate::{
    document::sha256_hex,
    finding::{Class, Finding, Severity},
    ruleset::{Catalog, Rule},
};

use super::{DocumentInfo, Report, sheet::Sheet, summary};

use card::Card;
use code::Paper;
use escape::{escape, integrity, sentence};

/// The style of the page.
const STYLE: &str = include_str!("html/page.css");
/// The script of the page: filters, the next finding, the look.
const SCRIPT: &str = include_str!("html/page.js");
/// How many findings the page has, the gravest.
const FINDINGS_MAX: usize = 1_000;
/// How many documents without findings are named.
const CLEAN_MAX: usize = 200;

/// What a page is made of.
struct Page<'r> {
    report: &'r Report,
    catalog: &'r Catalog,
    /// The findings of the page in order, each with its number from 1.
    findings: Vec<(usize, &'r Finding)>,
    /// The documents of the page; those with findings come first.
    documents: Vec<&'r DocumentInfo>,
}

pub(super) fn write(report: &Report, catalog: &Catalog, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::new(report, catalog);
    let mut text = String::with_capacity(64 << 10);
    page.write_start(&mut text);
    text.push_str("<main id=\"main\">\n");
    page.write_rules(&mut text);
    page.write_filters(&mut text);
    out.write_all(text.as_bytes())?;
    let numbers = page.documents.iter().enumerate();
    let cards = Card {
        report,
        catalog,
        numbers: numbers.clone().map(|(at, it)| (it.path.as_str(), at)).collect(),
    };
    out.write_all(b"<div id=\"documents\">\n")?;
    let mut own: BTreeMap<&str, Vec<(usize, &Finding)>> = BTreeMap::new();
    for (number, finding) in &page.findings {
        own.entry(&finding.place.path).or_default().push((*number, finding));
    }
    for (number, document) in numbers {
        text.clear();
        let findings = own.remove(document.path.as_str()).unwrap_or_default();
        page.write_document(number, document, findings, &cards, &mut text);
        out.write_all(text.as_bytes())?;
    }
    text.clear();
    page.write_end(&mut text);
    out.write_all(text.as_bytes())
}

impl<'r> Page<'r> {
    fn new(report: &'r Report, catalog: &'r Catalog) -> Self {
        let mut findings: Vec<_> = (1..).zip(&report.findings).collect();
        if findings.len() > FINDINGS_MAX {
            findings.sort_by_key(|(_, finding)| finding.severity);
            findings.truncate(FINDINGS_MAX);
            findings.sort_by_key(|(number, _)| *number);
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, finding) in &findings {
            *counts.entry(&finding.place.path).or_default() += 1;
        }
        let has_findings = |it: &&DocumentInfo| counts.contains_key(it.path.as_str());
        let (faulty, clean): (Vec<_>, Vec<_>) = report.documents.iter().partition(has_findings);
        let documents = faulty.into_iter().chain(clean.into_iter().take(CLEAN_MAX)).collect();
        Self { report, catalog, findings, documents }
    }

    /// How many findings of the page are of a severity, class, rule or document.
    fn count(&self, is_one: impl Fn(&Finding) -> bool) -> usize {
        self.findings.iter().filter(|(_, finding)| is_one(finding)).count()
    }

    /// What to look at first: the rules that speak, the gravest and most frequent first.
    fn write_rules(&self, out: &mut String) {
        let mut rules: BTreeMap<&str, (Severity, usize, usize)> = BTreeMap::new();
        for (number, finding) in &self.findings {
            let entry = rules.entry(&finding.rule).or_insert((finding.severity, 0, *number));
            entry.0 = entry.0.min(finding.severity);
            entry.1 += 1;
        }
        if rules.is_empty() {
            return;
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(rule, (severity, count, _))| (*severity, usize::MAX - count, *rule));
        out.push_str(
            "<section aria-labelledby=\"overview\">\n<h2 id=\"overview\">What was found</h2>\n\
             <table>\n<thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">What is wrong\
             </th><th scope=\"col\" class=\"number\">Places</th></tr></thead>\n<tbody>\n",
        );
        for (rule, (severity, count, first)) in rules {
            let severity = severity.as_str();
            let page = self.catalog.get(rule).map(Rule::page);
            let what = page.map_or_else(String::new, |page| sentence(&page.summary));
            let rule = escape(rule);
            let _ = writeln!(
                out,
                "<tr><td><span class=\"severity {severity}\">{severity}</span></td>\
                 <td>{what} <a href=\"#f{first}\">{rule}</a></td>\
                 <td class=\"number\">{count}</td></tr>"
            );
        }
        out.push_str("</tbody>\n</table>\n</section>\n");
    }

    /// The filters; without the script they are not shown.
    fn write_filters(&self, out: &mut String) {
        if self.findings.len() < 2 {
            return;
        }
        out.push_str(
            "<form id=\"filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n\
             <fieldset>\n<legend>Severity</legend>\n",
        );
        for severity in Severity::ALL {
            let count = self.count(|finding| finding.severity == severity);
            if count > 0 {
                let word = severity.as_str();
                let _ = writeln!(
                    out,
                    "<label class=\"{word}\"><input type=\"checkbox\" name=\"severity\" \
                     value=\"{word}\" checked> {word} <b>{count}</b></label>"
                );
            }
        }
        out.push_str("</fieldset>\n");
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, finding) in &self.findings {
            *rules.entry(&finding.rule).or_default() += 1;
        }
        let rules: Vec<_> = rules.iter().map(|(rule, count)| (*rule, *rule, *count)).collect();
        select("rule", "Rule", "every rule", &rules, out);
        let classes = Class::ALL.map(|class| {
            (class.as_str(), class.as_str(), self.count(|finding| finding.class == class))
        });
        let classes: Vec<_> = classes.into_iter().filter(|(.., count)| *count > 0).collect();
        select("class", "Class", "every class", &classes, out);
        let numbers: Vec<String> = (0..self.documents.len()).map(|at| at.to_string()).collect();
        let documents = numbers.iter().zip(&self.documents).map(|(number, document)| {
            let count = self.count(|finding| *finding.place.path == document.path);
            (number.as_str(), document.path.as_str(), count)
        });
        let documents: Vec<_> = documents.filter(|(.., count)| *count > 0).collect();
        if documents.len() > 1 {
            select("document", "Document", "every document", &documents, out);
        }
        out.push_str(
            "<label class=\"text\">Text <input type=\"search\" name=\"text\" \
             autocomplete=\"off\" placeholder=\"words or a path\"></label>\n\
             <p class=\"moves\"><output name=\"shown\" aria-live=\"polite\"></output>\n\
             <button type=\"button\" name=\"previous\">Previous</button>\n\
             <button type=\"button\" name=\"next\">Next</button>\n\
             <button type=\"reset\">Show all</button></p>\n</form>\n",
        );
    }

    fn write_document(
        &self,
        number: usize,
        document: &DocumentInfo,
        findings: Vec<(usize, &'r Finding)>,
        cards: &Card<'_>,
        out: &mut String,
    ) {
        let is_clean = findings.is_empty();
        let _ = writeln!(
            out,
            "<section class=\"document{}\" data-document=\"{number}\" \
             aria-labelledby=\"d{number}\">\n<h2 id=\"d{number}\">{}</h2>",
            if is_clean { " clean" } else { "" },
            escape(&document.path)
        );
        let found = if is_clean {
            "no findings".to_owned()
        } else {
            summary::counted(findings.len(), "finding")
        };
        let _ = writeln!(
            out,
            "<p class=\"about\"><span>{}</span> <span>{found}</span> \
             <span>SHA-256 <code>{}</code></span></p>",
            version(document),
            escape(document.sha256.get(..12).unwrap_or_default())
        );
        let empty = Sheet::default();
        let sheet = self.report.sheets.get(&document.path);
        if !is_clean && sheet.is_some_and(|sheet| !sheet.is_whole) {
            out.push_str(
                "<p class=\"note\">The document is long: the page has the lines around its \
                 findings.</p>\n",
            );
        }
        if sheet.is_some() || !is_clean {
            let sheet = sheet.unwrap_or(&empty);
            let is_partial = !sheet.is_whole && self.report.findings.len() > self.findings.len();
            let paper = Paper { number, sheet, is_partial, findings };
            code::write(&paper, cards, out);
        }
        out.push_str("</section>\n");
    }
}

fn version(document: &DocumentInfo) -> String {
    match &document.openapi {
        Some(version) => format!("OpenAPI {}", escape(version)),
        None => "no OpenAPI version of its own".to_owned(),
    }
}

/// A choice of one value, or of all.
fn select(name: &str, label: &str, all: &str, values: &[(&str, &str, usize)], out: &mut String) {
    let _ =
        writeln!(out, "<label>{label} <select name=\"{name}\">\n<option value=\"\">{all}</option>");
    for (value, shown, count) in values {
        let (value, shown) = (escape(value), escape(shown));
        let _ = writeln!(out, "<option value=\"{value}\">{shown} ({count})</option>");
    }
    out.push_str("</select></label>\n");
}

/// The one policy of the page.
fn policy() -> String {
    let [style, script] = [STYLE, SCRIPT].map(|text| integrity(&sha256_hex(text.as_bytes())));
    format!(
        "default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; \
         form-action 'none'"
    )
}
