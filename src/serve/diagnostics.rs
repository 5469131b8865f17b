//! Findings as an editor marks them.

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
    str::FromStr,
};

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location,
    NumberOrString, Range, Uri,
};
use serde_json::{Value as Json, json};

use crate::{
    document::visible,
    finding::{Finding, Place, Severity},
};

use super::{
    analysis::{Analysis, File, Open},
    client::{Ability, Client},
    documents::Documents,
    uri,
};

/// How many related places a diagnostic names.
const RELATED_MAX: usize = 10;

/// What is told of a file: its address, what `publishDiagnostics` says, and whether that is of the
/// text that is open now.
type Told = (Uri, Json, bool);

/// The diagnostics of every file, by real path.
pub(super) fn all(documents: &Documents, client: &Client) -> BTreeMap<PathBuf, Told> {
    let mut files: BTreeMap<PathBuf, (Uri, Option<i32>, Vec<Diagnostic>, bool)> = BTreeMap::new();
    let mut seen = HashSet::new();
    for analysis in documents.analyses() {
        for (slot, file) in analysis.files.iter().enumerate() {
            let Some(uri) = address(file, &documents.open) else { continue };
            let entry = files.entry(file.real.clone());
            let (.., own, is_fresh) = entry.or_insert((uri, file.version, Vec::new(), true));
            *is_fresh &= file.is_fresh(&documents.open);
            for finding in analysis.findings_in(slot) {
                let start = finding.place.range.start.offset;
                if seen.insert((&file.real, start, &finding.rule, &finding.message)) {
                    own.push(diagnostic(finding, file, analysis, client, &documents.open));
                }
            }
        }
    }
    let told = files.into_iter().map(|(real, (uri, version, own, is_fresh))| {
        let params = json!({ "uri": uri, "version": version, "diagnostics": own });
        (real, (uri, params, is_fresh))
    });
    told.collect()
}

/// A finding as a diagnostic of its file.
pub(super) fn diagnostic(
    finding: &Finding,
    file: &File,
    analysis: &Analysis,
    client: &Client,
    open: &Open,
) -> Diagnostic {
    let mut message = shown(&finding.message);
    if let Some(help) = finding.help.as_deref().filter(|help| !help.is_empty()) {
        message.push_str("\nhelp: ");
        message.push_str(&shown(help));
    }
    let related = finding.related.iter().take(RELATED_MAX).filter_map(|related| {
        let file = analysis.file(&related.place.path)?;
        let location = Location { uri: address(file, open)?, range: range(&related.place, file) };
        Some(DiagnosticRelatedInformation { location, message: shown(&related.message) })
    });
    let related: Vec<_> = related.filter(|_| client.can(Ability::Related)).collect();
    let source = finding.source.starts_with("https://").then(|| Uri::from_str(&finding.source));
    Diagnostic {
        range: range(&finding.place, file),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warn => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.rule.to_string())),
        code_description: source.and_then(Result::ok).map(|href| CodeDescription { href }),
        source: Some("treaty".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: None,
        data: None,
    }
}

/// Where a place stands in its file.
pub(super) fn range(place: &Place, file: &File) -> Range {
    let (start, end) = (place.range.start.offset, place.range.end.offset);
    file.text.range(start as usize, end as usize)
}

/// The address of a file: the editor's own where it has the file open.
pub(super) fn address(file: &File, open: &Open) -> Option<Uri> {
    match open.get(&file.real) {
        Some(buffer) => Some(buffer.uri.clone()),
        None => uri::of_path(&file.path),
    }
}

/// A text on one line in which nothing hides.
pub(super) fn shown(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}
