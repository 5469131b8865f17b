//! What is said of the waivers of a configuration itself.

use std::collections::BTreeSet;

use crate::{
    charter::FilePattern,
    document::Limits,
    finding::{At, Draft, Finding},
    openapi::{Description, NoFiles},
    report::Part,
    verify,
};

use super::{super::tally::End, Config};

/// What a run knows of one configuration when all is verified.
pub(in crate::cli) struct Seen<'s> {
    /// The waivers that were needed, by number.
    pub(in crate::cli) used: &'s BTreeSet<usize>,
    /// The documents that were verified, seen from the configuration's folder.
    pub(in crate::cli) documents: &'s BTreeSet<String>,
    /// Every document that the configuration can be about was verified.
    pub(in crate::cli) is_all: bool,
}

/// Says which waivers are over, and which nothing needs. One that may be about a document that
/// was not verified is left alone.
pub(in crate::cli) fn notes(config: &Config, seen: &Seen<'_>, end: End<'_>) -> Option<Part> {
    let today = Some(end.today);
    let source = config.waivers.as_ref()?;
    let limits = Limits::default();
    let description = Description::load(&source.path, source.bytes.clone(), &NoFiles, &limits);
    let list = description.entry().root()?.get("waivers")?;
    let mut drafts = Vec::new();
    for (at, (places, waiver)) in config.directives.waivers().enumerate() {
        let Some(node) = list.item(at) else { continue };
        let rule = &waiver.rule;
        let is_near = seen.documents.iter().any(|path| places.has_file(Some(path)));
        let fact = format!("{rule} {} {:?}", waiver.reason, waiver.pointers);
        if let Some(last) = waiver.expires.filter(|_| waiver.is_over(today) && is_near) {
            let message = format!("the waiver of `{rule}` ended with {last}");
            drafts.push(Draft::new("expired-waiver", At::Value(node), message).fact(fact));
            continue;
        }
        let is_judged = waiver.holds(today)
            && config.ruleset.rule(rule).is_some()
            && (seen.is_all || are_all(&waiver.files, seen.documents));
        if is_judged && !seen.used.contains(&at) {
            let message = format!("nothing breaks `{rule}` there, so it needs no waiver");
            drafts.push(Draft::new("unused-waiver", At::Value(node), message).fact(fact));
        }
    }
    let mut findings: Vec<Finding> = verify::complete(drafts, &description, &config.ruleset);
    findings.retain(|finding| !end.past.has(&finding.place.path, &finding.id));
    (!findings.is_empty()).then(|| Part::beside(description.entry(), findings, end.keep))
}

/// Whether patterns are about documents that were all verified.
fn are_all(files: &[FilePattern], documents: &BTreeSet<String>) -> bool {
    !files.is_empty()
        && files.iter().all(|it| it.single().is_some_and(|path| documents.contains(path)))
}
