//! The report as the results of tests, which every build server shows.
//!
//! * **Shape.** A document is a suite, a finding a test: failed where it fails the run, skipped
//!   where it does not. A document without findings is one test that passed.
//! * **Source.** The XML of Apache Ant's `JUnit` task, as Jenkins and GitLab read it.

use std::{
    borrow::Cow,
    fmt::Write as _,
    io::{self, Write},
};

use crate::finding::{Class, Finding, Outcome};

use super::{Report, summary, text::inline};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<(&str, Vec<&Finding>)> =
        report.documents.iter().map(|document| (document.path.as_str(), Vec::new())).collect();
    suites.sort_unstable_by_key(|(path, _)| *path);
    for finding in &report.findings {
        let path = &*finding.place.path;
        match suites.binary_search_by_key(&path, |(path, _)| path) {
            Ok(at) => suites.get_mut(at).into_iter().for_each(|it| it.1.push(finding)),
            Err(at) => suites.insert(at, (path, vec![finding])),
        }
    }
    let tests: usize = suites.iter().map(|(_, findings)| findings.len().max(1)).sum();
    let failures = report.findings.iter().filter(|finding| fails(report, finding)).count();
    let skipped = report.findings.len() - failures;
    let errors = usize::from(report.incomplete.is_some());
    let verdict = summary::verdict(report);
    let bounced = report.verdict.as_ref().is_some_and(|it| it.outcome == Outcome::Bounce);
    let failures = failures + usize::from(bounced);
    let tests = tests + errors + usize::from(verdict.is_some());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"treaty\" tests=\"{tests}\" failures=\"{failures}\" \
         errors=\"{errors}\" skipped=\"{skipped}\">"
    )?;
    for (path, findings) in suites {
        write_suite(report, path, &findings, out)?;
    }
    if let Some(verdict) = verdict {
        write_verdict(&verdict, bounced, out)?;
    }
    if let Some(incomplete) = &report.incomplete {
        let limit = incomplete.limit;
        let counts = "tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\"";
        writeln!(
            out,
            "  <testsuite name=\"treaty\" {counts}>\n    \
             <testcase classname=\"treaty\" name=\"the work was done\">\n      \
             <error message=\"the limit --{limit} ended the work\"/>\n    \
             </testcase>\n  </testsuite>"
        )?;
    }
    writeln!(out, "</testsuites>")
}

fn write_verdict(verdict: &str, bounced: bool, out: &mut dyn Write) -> io::Result<()> {
    let failures = u8::from(bounced);
    writeln!(
        out,
        "  <testsuite name=\"gate\" tests=\"1\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
    )?;
    let case = "<testcase classname=\"gate\" name=\"the revision passes\"";
    if bounced {
        let message = attribute(verdict);
        writeln!(out, "    {case}>\n      <failure message=\"{message}\"/>\n    </testcase>")?;
    } else {
        writeln!(out, "    {case}/>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// Whether a finding makes the run fail.
fn fails(report: &Report, finding: &Finding) -> bool {
    finding.class != Class::Undecided
        && report.fail_severity.is_some_and(|severity| finding.severity <= severity)
}

fn write_suite(
    report: &Report,
    path: &str,
    findings: &[&Finding],
    out: &mut dyn Write,
) -> io::Result<()> {
    let failures = findings.iter().filter(|finding| fails(report, finding)).count();
    let path = attribute(path);
    writeln!(
        out,
        "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" \
         skipped=\"{}\">",
        findings.len().max(1),
        findings.len() - failures,
    )?;
    if findings.is_empty() {
        writeln!(out, "    <testcase classname=\"{path}\" name=\"no findings\"/>")?;
    }
    for finding in findings {
        let start = finding.place.range.start;
        let at = format!("{} at {}", finding.rule, finding.place.pointer);
        writeln!(
            out,
            "    <testcase classname=\"{path}\" name=\"{}\" file=\"{path}\" line=\"{}\">",
            attribute(at.trim_end_matches(" at ")),
            start.line,
        )?;
        let message = attribute(&finding.message);
        let severity = finding.severity.as_str();
        let place = format!("{path}:{}:{}", start.line, start.column);
        if fails(report, finding) {
            let help = finding.help.as_deref().unwrap_or_default();
            writeln!(
                out,
                "      <failure message=\"{message}\" type=\"{severity}\">at {place}; {} ({})\
                 </failure>",
                attribute(help),
                attribute(&finding.source),
            )?;
        } else {
            writeln!(out, "      <skipped message=\"{severity} at {place}: {message}\"/>")?;
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// A text within an attribute or an element, on one line.
fn attribute(text: &str) -> Cow<'_, str> {
    let text = inline(text);
    if !text.contains(['&', '<', '>', '"', '\'', '\u{fffe}', '\u{ffff}']) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // XML cannot hold these two at all.
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(escaped, "{}", char.escape_unicode());
            }
            char => escaped.push(char),
        }
    }
    Cow::Owned(escaped)
}
