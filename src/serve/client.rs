//! What the editor can do, and what is agreed with it.
//!
//! The capabilities are read one by one, so that an editor which says more than the protocol knows,
//! or says it wrongly, is still served.

use std::path::{Path, PathBuf};

use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    HoverProviderCapability, InitializeResult, OneOf, PositionEncodingKind, SaveOptions,
    ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use serde_json::Value as Json;

use super::{text::Encoding, uri};

/// The kind of the action that applies all safe fixes.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.treaty");

/// What is agreed with the editor.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// The folders of the workspace.
    pub(super) roots: Vec<PathBuf>,
    abilities: Vec<Ability>,
}

/// What an editor may be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ability {
    /// It shows places that belong to a diagnostic.
    Related,
    /// It takes edits with the version that they are for.
    VersionedEdits,
    /// It takes actions, not commands alone.
    Actions,
    /// It shows symbols as a tree.
    SymbolTree,
    /// It tells which files change, if asked.
    Watcher,
    /// It shows Markdown.
    Markdown,
}

impl Client {
    /// What `initialize` says.
    pub(super) fn new(params: &Json) -> Self {
        let at = |pointer: &str| params.pointer(&format!("/capabilities{pointer}"));
        let is = |pointer: &str| at(pointer).and_then(Json::as_bool).unwrap_or_default();
        let offers = |encoding: &str| {
            let offered = at("/general/positionEncodings").and_then(Json::as_array);
            offered.is_some_and(|all| all.iter().any(|it| it == encoding))
        };
        let encoding = match offers {
            offers if offers("utf-8") => Encoding::Utf8,
            offers if offers("utf-16") => Encoding::Utf16,
            offers if offers("utf-32") => Encoding::Utf32,
            _ => Encoding::Utf16,
        };
        let formats = at("/textDocument/hover/contentFormat").and_then(Json::as_array);
        let actions = at("/textDocument/codeAction/codeActionLiteralSupport");
        let tree = "/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport";
        let abilities = [
            (Ability::Related, is("/textDocument/publishDiagnostics/relatedInformation")),
            (Ability::VersionedEdits, is("/workspace/workspaceEdit/documentChanges")),
            (Ability::Actions, actions.is_some_and(Json::is_object)),
            (Ability::SymbolTree, is(tree)),
            (Ability::Watcher, is("/workspace/didChangeWatchedFiles/dynamicRegistration")),
            (Ability::Markdown, formats.is_none_or(|all| all.iter().any(|it| it == "markdown"))),
        ];
        let abilities = abilities.into_iter().filter(|(_, has)| *has).map(|(ability, _)| ability);
        Self { encoding, roots: roots(params), abilities: abilities.collect() }
    }

    /// Whether the editor can do something.
    pub(super) fn can(&self, ability: Ability) -> bool {
        self.abilities.contains(&ability)
    }

    /// The directory that no reference of a document leaves: the innermost folder of the workspace
    /// around it, or any where it lies elsewhere; without a workspace its own.
    pub(super) fn root_of(&self, path: &Path) -> Option<PathBuf> {
        let around = self.roots.iter().filter(|root| path.starts_with(root));
        let innermost = around.max_by_key(|root| root.components().count());
        innermost.or(self.roots.first()).cloned().or_else(|| Some(path.parent()?.to_owned()))
    }

    /// Takes folders into the workspace, and others out of it.
    pub(super) fn change_roots(&mut self, event: &Json) {
        let removed: Vec<_> = folders(event.get("removed")).collect();
        self.roots.retain(|root| !removed.contains(root));
        self.roots.extend(folders(event.get("added")));
    }

    /// What we answer.
    pub(super) fn welcome(&self) -> InitializeResult {
        let position_encoding = match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, FIX_ALL]),
            work_done_progress_options: WorkDoneProgressOptions::default(),
            resolve_provider: None,
        };
        let completion = CompletionOptions {
            trigger_characters: Some(["#", "/", "'", "\""].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        };
        let folders = WorkspaceFoldersServerCapabilities {
            supported: Some(true),
            change_notifications: Some(OneOf::Left(true)),
        };
        let capabilities = ServerCapabilities {
            position_encoding: Some(position_encoding),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            completion_provider: Some(completion),
            definition_provider: Some(OneOf::Left(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(folders),
                file_operations: None,
            }),
            ..ServerCapabilities::default()
        };
        let server_info = ServerInfo {
            name: "treaty".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        };
        InitializeResult { capabilities, server_info: Some(server_info) }
    }
}

/// The folders of the workspace as `initialize` names them, in one of three ways.
fn roots(params: &Json) -> Vec<PathBuf> {
    let many: Vec<_> = folders(params.get("workspaceFolders")).collect();
    if !many.is_empty() {
        return many;
    }
    let one = params.get("rootUri").and_then(Json::as_str).and_then(uri::to_path);
    let one = one.or_else(|| {
        let path = Path::new(params.get("rootPath")?.as_str()?);
        path.is_absolute().then(|| uri::normalize(path))
    });
    one.into_iter().collect()
}

fn folders(list: Option<&Json>) -> impl Iterator<Item = PathBuf> {
    let list = list.and_then(Json::as_array).into_iter().flatten();
    list.filter_map(|folder| uri::to_path(folder.get("uri")?.as_str()?))
}
