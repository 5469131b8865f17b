//! For people: the source with the place marked, what is wrong, and what to do about it.

use std::{
    borrow::Cow,
    fmt,
    io::{self, Write},
};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity as Gravity,
    SourceCode,
};

use crate::{
    document::Position,
    finding::{Finding, Place, Severity},
    ruleset::Catalog,
};

use super::{Look, Report, excerpt::Excerpt, summary, text::inline};

/// How many places are listed below a finding.
const OTHERS_MAX: usize = 8;

pub(super) fn write(report: &Report, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let printer = printer(look);
    for (finding, excerpt) in report.findings.iter().zip(&report.excerpts) {
        let name = inline(&finding.place.path);
        let source = excerpt.as_ref().map(|excerpt| excerpt.source(&name));
        let shown = Shown {
            finding,
            excerpt: excerpt.as_ref(),
            source: source.as_ref().map(|source| source as &dyn SourceCode),
            help: help(finding, look.catalog).map(inline),
        };
        let mut text = String::new();
        printer.render_report(&mut text, &shown).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
        write_other_places(finding, excerpt.is_some(), out)?;
        out.write_all(b"\n")?;
    }
    if look.summary {
        for line in summary::lines(report) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn printer(look: Look<'_>) -> GraphicalReportHandler {
    let theme =
        if look.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    // Unwrapped, a line of ours never begins in the middle of a document's text.
    GraphicalReportHandler::new_themed(theme)
        .with_urls(look.links)
        .with_link_display_text("")
        .with_wrap_lines(false)
        .without_syntax_highlighting()
}

/// The finding's own help, else its rule's.
pub(super) fn help<'a>(finding: &'a Finding, catalog: &'a Catalog) -> Option<&'a str> {
    let own = finding.help.as_deref();
    own.or_else(|| Some(catalog.get(&finding.rule)?.page().fix.as_str()))
}

/// The places that no excerpt shows: those in other files, above all.
fn write_other_places(finding: &Finding, has_source: bool, out: &mut dyn Write) -> io::Result<()> {
    if !has_source {
        write_place(" at", &finding.place, "", out)?;
    }
    let others: Vec<_> = if has_source {
        Excerpt::others(finding).collect()
    } else {
        finding.related.iter().collect()
    };
    for related in others.iter().take(OTHERS_MAX) {
        write_place("see", &related.place, &related.message, out)?;
    }
    match others.len().saturating_sub(OTHERS_MAX) {
        0 => Ok(()),
        more => writeln!(out, "  see: {more} more places"),
    }
}

fn write_place(word: &str, place: &Place, message: &str, out: &mut dyn Write) -> io::Result<()> {
    let Position { line, column, .. } = place.range.start;
    writeln!(out, "  {word}: {}:{line}:{column} {}", inline(&place.path), inline(message))
}

/// A finding as miette sees it.
struct Shown<'r> {
    finding: &'r Finding,
    excerpt: Option<&'r Excerpt>,
    source: Option<&'r dyn SourceCode>,
    help: Option<Cow<'r, str>>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&inline(&self.finding.message))
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.finding.fmt(f)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let severity = self.finding.severity.as_str();
        Some(Box::new(format!("{severity}[{}]", inline(&self.finding.rule))))
    }

    fn severity(&self) -> Option<Gravity> {
        Some(match self.finding.severity {
            Severity::Error => Gravity::Error,
            Severity::Warn => Gravity::Warning,
            Severity::Info | Severity::Hint => Gravity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.help.as_deref()?))
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let source = inline(&self.finding.source);
        (!source.is_empty()).then(|| Box::new(source) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let marks = self.excerpt?.marks().iter();
        Some(Box::new(marks.map(|mark| {
            let span = mark.start..mark.end;
            match &mark.message {
                None => LabeledSpan::new_primary_with_span(None, span),
                Some(message) => LabeledSpan::at(span, message.clone()),
            }
        })))
    }
}
