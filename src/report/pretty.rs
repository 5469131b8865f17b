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

use crate::finding::{Finding, Severity};

use super::{Look, Report, excerpt::Excerpt, summary, text::inline};

pub(super) fn write(report: &Report, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let printer = printer(look.colour);
    for (finding, excerpt) in report.findings.iter().zip(&report.excerpts) {
        let name = inline(&finding.place.path);
        let source = excerpt.as_ref().map(|excerpt| excerpt.source(&name));
        let shown = Shown {
            finding,
            excerpt: excerpt.as_ref(),
            source: source.as_ref().map(|source| source as &dyn SourceCode),
            help: help(finding, look).map(inline),
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

fn printer(colour: bool) -> GraphicalReportHandler {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    // Unwrapped, a line of ours never begins in the middle of a document's text.
    GraphicalReportHandler::new_themed(theme)
        .with_urls(colour)
        .with_link_display_text("")
        .with_wrap_lines(false)
        .without_syntax_highlighting()
}

/// The finding's own help, else its rule's.
fn help<'a>(finding: &'a Finding, look: Look<'a>) -> Option<&'a str> {
    let own = finding.help.as_deref();
    own.or_else(|| Some(look.catalog.get(&finding.rule)?.page().fix.as_str()))
}

/// The places that no excerpt shows: those in other files.
fn write_other_places(finding: &Finding, has_source: bool, out: &mut dyn Write) -> io::Result<()> {
    let here = &finding.place;
    if !has_source {
        writeln!(out, "  at: {}:{}", inline(&here.path), here.range.start.line)?;
    }
    for related in finding.related.iter().filter(|it| !has_source || it.place.path != here.path) {
        let start = related.place.range.start;
        writeln!(
            out,
            "  see: {}:{}:{} {}",
            inline(&related.place.path),
            start.line,
            start.column,
            inline(&related.message)
        )?;
    }
    Ok(())
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
