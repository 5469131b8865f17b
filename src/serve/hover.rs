//! What the rule at a place is about.

use std::fmt::Write as _;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use crate::{
    document::visible,
    finding::{Finding, Safety},
};

use super::{
    client::{Ability, Client},
    diagnostics,
    questions::Spot,
};

/// How many findings of one place are told.
const FINDINGS_MAX: usize = 5;

/// The findings at a place, each with the page of its rule.
pub(super) fn hover(spot: Spot<'_>, position: Position, client: &Client) -> Option<Hover> {
    let offset = spot.file.text.offset(position);
    let here: Vec<&Finding> = spot
        .analysis
        .findings_in(spot.slot)
        .filter(|finding| {
            let range = finding.place.range;
            (range.start.offset as usize) <= offset && offset <= range.end.offset as usize
        })
        .take(FINDINGS_MAX)
        .collect();
    let first = here.first()?;
    let pages: Vec<_> = here.iter().map(|finding| page(finding, spot)).collect();
    let (kind, value) = if client.can(Ability::Markdown) {
        (MarkupKind::Markdown, pages.join("\n\n---\n\n"))
    } else {
        let text: Vec<_> = here.iter().map(|finding| plain(finding, spot)).collect();
        (MarkupKind::PlainText, text.join("\n\n"))
    };
    let contents = HoverContents::Markup(MarkupContent { kind, value });
    Some(Hover { contents, range: Some(diagnostics::range(&first.place, spot.file)) })
}

/// A finding and its rule in Markdown.
fn page(finding: &Finding, spot: Spot<'_>) -> String {
    let mut text = format!(
        "**{}** {} `{}`\n\n{}",
        finding.severity.as_str(),
        finding.class.as_str(),
        finding.rule,
        markdown(&finding.message)
    );
    if let Some(help) = finding.help.as_deref().filter(|help| !help.is_empty()) {
        let _ = write!(text, "\n\n{}", markdown(help));
    }
    let safety = finding.fix.as_ref().map(|fix| fix.safety);
    text.push_str(match safety {
        Some(Safety::Safe) => "\n\nThere is a fix, safe to apply.",
        Some(Safety::NeedsReview) => "\n\nThere is a fix, to be reviewed.",
        None => "",
    });
    if let Some(rule) = spot.analysis.rules.rule(&finding.rule) {
        let page = rule.page();
        let _ = write!(text, "\n\n**Why:** {}\n\n**Fix:** {}", page.why.trim(), page.fix.trim());
    }
    let is_link = finding.source.starts_with("https://")
        && finding.source.bytes().all(|it| it.is_ascii_graphic() && !b"<>()[]\\".contains(&it));
    if is_link {
        let _ = write!(text, "\n\n[The specification]({})", finding.source);
    }
    text
}

fn plain(finding: &Finding, spot: Spot<'_>) -> String {
    let mut text = format!("{}: {}", finding.rule, diagnostics::shown(&finding.message));
    if let Some(rule) = spot.analysis.rules.rule(&finding.rule) {
        let page = rule.page();
        let _ = write!(text, "\nWhy: {}\nFix: {}", page.why.trim(), page.fix.trim());
    }
    text
}

/// A sentence in Markdown: what stands between back-quotes is code, and nothing else is markup.
fn markdown(text: &str) -> String {
    let text = visible(text).replace('\n', "\\n");
    let parts: Vec<_> = text.split('`').collect();
    let mut shown = String::with_capacity(text.len() * 2);
    for (at, part) in parts.iter().enumerate() {
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        if is_code && !part.trim().is_empty() {
            let _ = write!(shown, "`{part}`");
            continue;
        }
        let quote = if at % 2 == 1 { "\\`" } else { "" };
        shown.push_str(quote);
        for char in part.chars() {
            if char.is_ascii_punctuation() {
                shown.push('\\');
            }
            shown.push(char);
        }
        shown.push_str(if is_code { "\\`" } else { "" });
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn nothing_but_code_is_markup() {
        assert_eq!(markdown("the `a*b` of <b>"), "the `a*b` of \\<b\\>");
        assert_eq!(markdown("[x](command:y) `z"), "\\[x\\]\\(command\\:y\\) \\`z");
        assert_eq!(markdown("a\n# b\u{202e}"), "a\\\\n\\# b\\\\u\\{202e\\}");
    }
}
