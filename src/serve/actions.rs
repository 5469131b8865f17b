//! Fixes as actions: one for each finding under the cursor, and all safe ones of a document.

use std::sync::{Arc, atomic::AtomicBool};

use lsp_types::{CodeActionKind, CodeActionParams, Range, TextEdit, Uri};
use serde_json::{Map, Value as Json, json};

use crate::finding::{Finding, Fix, Safety};

use super::{
    analysis::{Analysis, File, Open, Task},
    client::{Ability, Client, FIX_ALL},
    diagnostics,
    fix::FixTask,
    questions::Spot,
};

/// The most characters of a title.
const TITLE_CHARS_MAX: usize = 90;

/// The edits of one file.
pub(super) struct Edited {
    pub(super) uri: Uri,
    pub(super) version: Option<i32>,
    pub(super) edits: Vec<TextEdit>,
}

/// The fixes of the findings in a part of a text.
pub(super) fn actions(
    spot: Spot<'_>,
    params: &CodeActionParams,
    client: &Client,
    open: &Open,
) -> Vec<Json> {
    if !client.can(Ability::Actions) || !is_wanted(params, &CodeActionKind::QUICKFIX) {
        return Vec::new();
    }
    let here = spot
        .analysis
        .findings_in(spot.slot)
        .filter(|finding| touches(diagnostics::range(&finding.place, spot.file), params.range));
    let actions = here.filter_map(|finding| {
        let fix = finding.fix.as_ref()?;
        let edits = edits(fix, spot.analysis, open)?;
        let diagnostic = diagnostics::diagnostic(finding, spot.file, spot.analysis, client, open);
        Some(json!({
            "title": title(finding, fix),
            "kind": CodeActionKind::QUICKFIX,
            "diagnostics": [diagnostic],
            "isPreferred": fix.safety == Safety::Safe,
            "edit": workspace_edit(edits, client.can(Ability::VersionedEdits)),
        }))
    });
    actions.collect()
}

/// Whether all safe fixes of the document are to be tried: where the editor asks for just that, or
/// offers what there is and there is something.
pub(super) fn wants_all(
    spot: Spot<'_>,
    params: &CodeActionParams,
    client: &Client,
    actions: &[Json],
) -> bool {
    let is_asked = params.context.only.is_some() || !actions.is_empty();
    client.can(Ability::Actions)
        && is_asked
        && is_wanted(params, &FIX_ALL)
        && spot
            .analysis
            .findings_in(spot.slot)
            .any(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe))
}

/// What a worker needs to try them.
pub(super) fn fix_task(
    id: &Json,
    analysis: &Arc<Analysis>,
    spot: Spot<'_>,
    client: &Client,
    open: &Open,
    actions: Vec<Json>,
) -> FixTask {
    let task = &analysis.task;
    let stop = Arc::new(AtomicBool::new(false));
    FixTask {
        id: id.clone(),
        task: Task { open: open.clone(), stop, ..task.clone() },
        analysis: analysis.clone(),
        slot: spot.slot,
        uri: diagnostics::address(spot.file, open),
        has_versioned_edits: client.can(Ability::VersionedEdits),
        actions,
    }
}

/// Whether a kind is among those that the editor wants.
fn is_wanted(params: &CodeActionParams, kind: &CodeActionKind) -> bool {
    let Some(only) = &params.context.only else { return true };
    only.iter().any(|wanted| {
        let rest = kind.as_str().strip_prefix(wanted.as_str());
        wanted.as_str().is_empty()
            || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn touches(one: Range, other: Range) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// What a fix does, in a few words.
fn title(finding: &Finding, fix: &Fix) -> String {
    let help = finding.help.as_deref().map(diagnostics::shown);
    let help = help.filter(|help| !help.is_empty() && help.chars().count() <= TITLE_CHARS_MAX);
    let text = help.unwrap_or_else(|| format!("Repair `{}`", finding.rule));
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let text: String = first.chain(chars).collect();
    let text = text.trim_end_matches('.');
    match fix.safety {
        Safety::Safe => text.to_owned(),
        Safety::NeedsReview => format!("{text} (to be reviewed)"),
    }
}

/// The edits of a fix by file; nothing where one of the files has changed meanwhile.
fn edits(fix: &Fix, analysis: &Analysis, open: &Open) -> Option<Vec<Edited>> {
    let mut files: Vec<Edited> = Vec::new();
    for edit in &fix.edits {
        let file = analysis.file(&edit.path).filter(|file| file.is_fresh(open))?;
        let (start, end) = (edit.range.start.offset, edit.range.end.offset);
        let new = text_edit(file, start as usize, end as usize, &edit.text);
        let uri = diagnostics::address(file, open)?;
        match files.iter_mut().find(|it| it.uri == uri) {
            Some(known) => known.edits.push(new),
            None => files.push(Edited { uri, version: file.version, edits: vec![new] }),
        }
    }
    Some(files)
}

/// An edit between two bytes of a file.
pub(super) fn text_edit(file: &File, start: usize, end: usize, new: &str) -> TextEdit {
    TextEdit { range: file.text.range(start, end), new_text: new.to_owned() }
}

/// Edits as the editor takes them.
pub(super) fn workspace_edit(files: Vec<Edited>, has_versions: bool) -> Json {
    if has_versions {
        let changes = files.into_iter().map(|it| {
            json!({ "textDocument": { "uri": it.uri, "version": it.version }, "edits": it.edits })
        });
        return json!({ "documentChanges": changes.collect::<Vec<_>>() });
    }
    let changes = files.into_iter().map(|it| (it.uri.as_str().to_owned(), json!(it.edits)));
    json!({ "changes": changes.collect::<Map<_, _>>() })
}
