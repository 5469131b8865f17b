//! The beginning and the end of the page: what it is about, how it ends, what it leaves out.

use std::fmt::Write as _;

use crate::{
    finding::{Outcome, Severity, Verdict},
    report::summary,
};

use super::{FINDINGS_MAX, Page, SCRIPT, STYLE, escape::escape, policy};

/// How many findings that bounce a revision are listed.
const REASONS_MAX: usize = 12;

impl Page<'_> {
    /// Everything up to the main part.
    pub(super) fn write_start(&self, out: &mut String) {
        let lines = summary::lines(self.report);
        let first = lines.first().map(|line| escape(line)).unwrap_or_default();
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>treaty: {first}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">Skip to the findings</a>\n<header>\n\
             <p class=\"brand\">treaty report</p>\n",
            policy()
        );
        out.push_str(
            "<fieldset class=\"look\" hidden>\n<legend>Look</legend>\n\
             <label><input type=\"radio\" name=\"look\" value=\"\" checked> Auto</label>\n\
             <label><input type=\"radio\" name=\"look\" value=\"light\"> Light</label>\n\
             <label><input type=\"radio\" name=\"look\" value=\"dark\"> Dark</label>\n\
             </fieldset>\n",
        );
        let _ = writeln!(out, "<h1>{}</h1>", self.title());
        self.write_status(out);
        self.write_counts(out);
        for line in lines.iter().skip(1) {
            let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(line));
        }
        if self.report.findings.len() > FINDINGS_MAX {
            let all = self.report.findings.len();
            let _ = writeln!(
                out,
                "<p class=\"note\">The page has {FINDINGS_MAX} of {all} findings, the gravest. \
                 The other formats have all of them.</p>"
            );
        }
        out.push_str("</header>\n");
    }

    fn title(&self) -> String {
        match &*self.report.documents {
            [one] => escape(&one.path),
            all => summary::counted(all.len(), "document"),
        }
    }

    /// How the run ended, in one sentence.
    fn write_status(&self, out: &mut String) {
        if let Some(verdict) = &self.report.verdict {
            self.write_verdict(verdict, out);
            return;
        }
        let counts = self.report.summary;
        let failing =
            self.report.fail_severity.map(|severity| (severity, counts.failing(severity)));
        let (class, text) = match failing {
            _ if self.report.incomplete.is_some() => {
                ("fails", "The work ended early; this is what was found until then.".to_owned())
            }
            Some((severity, failing)) if failing > 0 => {
                let findings = summary::counted(failing, "finding");
                let verb = if failing == 1 { "fails" } else { "fail" };
                let above = match severity {
                    Severity::Error => String::new(),
                    severity => format!(" at or above {}", severity.as_str()),
                };
                ("fails", format!("{findings}{above} {verb} the check."))
            }
            _ if counts.total() == 0 => ("passes", "Nothing was found.".to_owned()),
            _ => ("passes", "Nothing that was found fails the check.".to_owned()),
        };
        let _ = writeln!(out, "<p class=\"status {class}\">{text}</p>");
    }

    /// What the gate decided, on which bytes, and why.
    fn write_verdict(&self, verdict: &Verdict, out: &mut String) {
        let (class, text) = match verdict.outcome {
            Outcome::Pass => ("passes", "The revision passes the gate."),
            Outcome::Bounce => ("fails", "The gate bounces the revision."),
        };
        let _ = writeln!(out, "<p class=\"status {class}\">{text}</p>");
        let reasons = self.findings.iter().filter(|(_, it)| verdict.reasons.contains(&it.id));
        let reasons: Vec<_> = reasons.collect();
        if !reasons.is_empty() {
            out.push_str("<ul class=\"reasons\">\n");
            for (number, finding) in reasons.iter().take(REASONS_MAX) {
                let message = super::sentence(&finding.message);
                let _ = writeln!(out, "<li><a href=\"#f{number}\">{message}</a></li>");
            }
            if let Some(more) = verdict.reasons.len().checked_sub(REASONS_MAX).filter(|it| *it > 0)
            {
                let _ = writeln!(out, "<li>and {more} more</li>");
            }
            out.push_str("</ul>\n");
        }
        out.push_str("<details class=\"digests\"><summary>What was judged</summary>\n<dl>\n");
        let digests = &verdict.digests;
        let rows = [
            ("proposer", verdict.proposer.as_deref()),
            ("base", digests.base.as_deref()),
            ("revision", Some(&*digests.revision)),
            ("charter", digests.charter.as_deref()),
            ("ruleset", Some(&*digests.ruleset)),
        ];
        for (name, value) in rows {
            let value = value.map_or_else(|| "none".to_owned(), escape);
            let _ = writeln!(out, "<dt>{name}</dt><dd><code>{value}</code></dd>");
        }
        out.push_str("</dl>\n</details>\n");
    }

    fn write_counts(&self, out: &mut String) {
        out.push_str("<dl class=\"counts\">\n");
        for severity in Severity::ALL {
            let count = self.report.summary.of(severity);
            let word = severity.as_str();
            let none = if count == 0 { " none" } else { "" };
            let _ =
                writeln!(out, "<div class=\"{word}{none}\"><dt>{word}</dt><dd>{count}</dd></div>");
        }
        out.push_str("</dl>\n");
    }

    /// Everything after the last document.
    pub(super) fn write_end(&self, out: &mut String) {
        let left = self.report.documents.len() - self.documents.len();
        if left > 0 {
            let _ = writeln!(
                out,
                "<p class=\"note\">{} without findings more.</p>",
                summary::counted(left, "document")
            );
        }
        let _ = write!(
            out,
            "<p id=\"nothing\" class=\"note\" hidden>No finding passes the filters.</p>\n\
             </div>\n</main>\n<footer>\n<p>treaty {} · ruleset <code>{}</code></p>\n</footer>\n\
             <script>{SCRIPT}</script>\n</body>\n</html>\n",
            env!("CARGO_PKG_VERSION"),
            escape(&self.report.ruleset)
        );
    }
}
