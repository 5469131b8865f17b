//! All safe fixes of one text, carried out on trial as `treaty fix` does: what is kept removes what
//! it says and brings nothing new.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use lsp_types::{TextEdit, Uri};
use serde_json::{Value as Json, json};

use crate::{
    document::Document,
    finding::{Bar, Bench, Found, Repaired, Safety, Texts, Wanted},
};

use super::{
    Host,
    actions::{Edited, text_edit, workspace_edit},
    analysis::{Analysis, File, Task},
    client::FIX_ALL,
};

/// How long fixes are tried.
const TIME_MAX: Duration = Duration::from_secs(10);

/// The fixes of one text of a description.
#[derive(Debug)]
pub(super) struct FixTask {
    /// The request that wants to know.
    pub(super) id: Json,
    pub(super) task: Task,
    pub(super) analysis: Arc<Analysis>,
    pub(super) slot: usize,
    pub(super) uri: Option<Uri>,
    pub(super) has_versioned_edits: bool,
    /// What is answered beside them.
    pub(super) actions: Vec<Json>,
}

impl FixTask {
    /// What the text is called.
    pub(super) fn name(&self) -> String {
        self.file().map_or_else(String::new, |file| file.path.display().to_string())
    }

    fn file(&self) -> Option<&File> {
        self.analysis.files.get(self.slot)
    }
}

/// The actions: those that there were, and one that applies all safe fixes.
pub(super) fn fix_all(host: &dyn Host, task: &FixTask) -> Json {
    let mut actions = task.actions.clone();
    if let Some((edits, count)) = all_edits(host, task)
        && let (Some(uri), Some(file)) = (task.uri.clone(), task.file())
    {
        let edits = vec![Edited { uri, version: file.version, edits }];
        let fixes = if count == 1 { "the safe fix" } else { "all safe fixes" };
        actions.push(json!({
            "title": format!("Apply {fixes} of this document"),
            "kind": FIX_ALL,
            "edit": workspace_edit(edits, task.has_versioned_edits),
        }));
    }
    json!(actions)
}

/// The edits, and how many fixes they carry out; nothing where none is kept.
fn all_edits(host: &dyn Host, task: &FixTask) -> Option<(Vec<TextEdit>, usize)> {
    let file = task.file()?;
    let document = task.analysis.description.documents().get(task.slot)?;
    let mut trial = Trial { host, task, file, document, end: Instant::now() + TIME_MAX };
    let mut repaired = Repaired::default();
    let wanted = Wanted { finding: &|_| true, safety: Safety::Safe, bar: Bar::Clean };
    repaired.repair(&mut trial, &wanted);
    let after = repaired.texts.get(&0).filter(|after| *after != file.text.content())?;
    let edits = match &*repaired.passes {
        [one] => {
            let own = one.get(&0)?.iter();
            let edit = |it: &crate::document::TextEdit| {
                text_edit(file, it.span.start as usize, it.span.end as usize, &it.text)
            };
            own.map(edit).collect()
        }
        _ => vec![difference(file, after)],
    };
    Some((edits, repaired.fixed.len()))
}

/// One edit of the lines that differ.
fn difference(file: &File, after: &str) -> TextEdit {
    let before = file.text.content();
    let same = |one: &[&str], other: &[&str]| {
        let pairs = one.iter().zip(other).take_while(|(one, other)| one == other);
        pairs.map(|(line, _)| line.len()).sum::<usize>()
    };
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<_>>();
    let (mut old, mut new) = (lines(before), lines(after));
    let start = same(&old, &new);
    old.reverse();
    new.reverse();
    let end = same(&old, &new).min(before.len() - start).min(after.len() - start);
    let changed = after.get(start..after.len() - end).unwrap_or_default();
    text_edit(file, start, before.len() - end, changed)
}

/// Where the fixes are tried: one description, one file of which may change.
struct Trial<'t> {
    host: &'t dyn Host,
    task: &'t FixTask,
    file: &'t File,
    document: &'t Document,
    end: Instant,
}

impl Bench for Trial<'_> {
    fn find(&mut self, texts: &Texts) -> Option<Vec<Found>> {
        if Instant::now() >= self.end {
            return None;
        }
        let changed: Vec<_> =
            texts.get(&0).map(|text| (&*self.file.real, text.as_str())).into_iter().collect();
        let description = self.task.task.load(self.host, &changed)?;
        let lint = self.task.task.lint(&description, &*self.task.analysis.rules, usize::MAX);
        let omitted = lint.omitted.total();
        (!lint.stopped).then(|| vec![Found { findings: lint.findings, omitted }])
    }

    fn file(&self, path: &str) -> Option<usize> {
        (path == self.document.path()).then_some(0)
    }

    fn text(&self, _: usize) -> &str {
        self.file.text.content()
    }
}
