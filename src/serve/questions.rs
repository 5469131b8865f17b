//! What the editor asks of a document.
//!
//! A question about a text that has changed waits until that is verified, and is answered then:
//! an answer is about the very text that the editor has.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use lsp_types::{
    CodeActionParams, CompletionParams, DocumentSymbolParams, GotoDefinitionParams, HoverParams,
    Position, TextDocumentIdentifier, TextDocumentPositionParams,
};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::{
    actions,
    analysis::{Analysis, File},
    complete, definition, hover,
    server::Server,
    symbols,
    wire::{answer, code, refusal},
    worker::Job,
};

/// How many questions wait at once.
const WAITING_MAX: usize = 256;

/// A question that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) id: Json,
    question: Question,
    /// The real path of the text that it is about.
    real: PathBuf,
}

/// What can be asked.
#[derive(Debug)]
enum Question {
    Hover(Position),
    Definition(Position),
    Actions(Box<CodeActionParams>),
    Symbols,
}

impl Question {
    /// The answer where nothing is known of the text.
    fn nothing(&self) -> Json {
        match self {
            Self::Hover(_) | Self::Definition(_) => Json::Null,
            Self::Actions(_) | Self::Symbols => json!([]),
        }
    }
}

/// A text and a place in it, of what is known of its description.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) analysis: &'a Analysis,
    /// The text's place among the files.
    pub(super) slot: usize,
    pub(super) file: &'a File,
}

impl Server {
    /// Answers a request, at once or later.
    pub(super) fn ask(&mut self, id: Json, method: &str, params: Json) {
        let read = match method {
            "textDocument/hover" => read(params)
                .map(|it: HoverParams| at(it.text_document_position_params, Question::Hover)),
            "textDocument/definition" => read(params).map(|it: GotoDefinitionParams| {
                at(it.text_document_position_params, Question::Definition)
            }),
            "textDocument/completion" => {
                self.complete(&id, params);
                return;
            }
            "textDocument/codeAction" => read(params).map(|it: CodeActionParams| {
                (it.text_document.clone(), Question::Actions(Box::new(it)))
            }),
            "textDocument/documentSymbol" => {
                read(params).map(|it: DocumentSymbolParams| (it.text_document, Question::Symbols))
            }
            _ => {
                let method: String = method.chars().take(80).collect();
                let text = format!("there is no method `{method}`");
                self.send(refusal(&id, code::METHOD_NOT_FOUND, &text));
                return;
            }
        };
        let (document, question) = match read {
            Ok(read) => read,
            Err(error) => {
                self.send(refusal(&id, code::INVALID_PARAMS, &error));
                return;
            }
        };
        let (real, _) = self.paths(&document.uri);
        let waiting = Waiting { id, question, real };
        if let Some(waiting) = self.try_answer(waiting) {
            if self.waiting.len() >= WAITING_MAX {
                let oldest = self.waiting.remove(0);
                self.send(refusal(&oldest.id, code::CANCELLED, "too many questions wait"));
            }
            self.waiting.push(waiting);
        }
    }

    /// Answers what a reference that is being written may name, at once: the text is broken, and
    /// what was known before will do.
    fn complete(&self, id: &Json, params: Json) {
        let params: CompletionParams = match read(params) {
            Ok(params) => params,
            Err(error) => return self.send(refusal(id, code::INVALID_PARAMS, &error)),
        };
        let place = params.text_document_position;
        let (real, _) = self.paths(&place.text_document.uri);
        let mut analyses = self.documents.analyses();
        let known = analyses.find_map(|analysis| Some((analysis, analysis.slot(&real)?)));
        let items = known.zip(self.documents.open.get(&real)).and_then(|((analysis, slot), it)| {
            complete::complete(analysis, slot, &it.text, place.position)
        });
        self.send(answer(id, &json!(items)));
    }

    /// Answers those questions that can be answered now.
    pub(super) fn answer_waiting(&mut self) {
        for waiting in std::mem::take(&mut self.waiting) {
            if let Some(waiting) = self.try_answer(waiting) {
                self.waiting.push(waiting);
            }
        }
    }

    /// Forgets a question that waits.
    pub(super) fn cancel(&mut self, id: &Json) {
        let (cancelled, waiting) =
            std::mem::take(&mut self.waiting).into_iter().partition(|it: &Waiting| it.id == *id);
        self.waiting = waiting;
        for it in cancelled {
            self.send(refusal(&it.id, code::CANCELLED, "cancelled"));
        }
    }

    /// Answers a question, or gives it back where more will be known soon.
    fn try_answer(&self, waiting: Waiting) -> Option<Waiting> {
        let Some(analysis) = self.documents.fresh(&waiting.real).cloned() else {
            if self.documents.is_pending(&waiting.real) {
                return Some(waiting);
            }
            self.send(answer(&waiting.id, &waiting.question.nothing()));
            return None;
        };
        let result = self.result(&waiting, &analysis);
        if let Some(result) = result {
            self.send(answer(&waiting.id, &result));
        }
        None
    }

    /// The answer; nothing where a worker will give it.
    fn result(&self, waiting: &Waiting, analysis: &Arc<Analysis>) -> Option<Json> {
        let spot = spot(analysis, &waiting.real);
        let Some(spot) = spot else { return Some(Json::Null) };
        let open = &self.documents.open;
        Some(match &waiting.question {
            Question::Hover(position) => json!(hover::hover(spot, *position, &self.client)),
            Question::Definition(position) => json!(definition::definition(spot, *position, open)),
            Question::Symbols => symbols::symbols(spot, &self.client, open),
            Question::Actions(params) => {
                let actions = actions::actions(spot, params, &self.client, open);
                let all = actions::wants_all(spot, params, &self.client, &actions);
                if !all {
                    return Some(json!(actions));
                }
                let task =
                    actions::fix_task(&waiting.id, analysis, spot, &self.client, open, actions);
                if let Err(refused) = self.mender.send(Job::Fix(Box::new(task)))
                    && let Job::Fix(task) = refused.0
                {
                    return Some(json!(task.actions));
                }
                return None;
            }
        })
    }
}

fn spot<'a>(analysis: &'a Analysis, real: &Path) -> Option<Spot<'a>> {
    let slot = analysis.slot(real)?;
    Some(Spot { analysis, slot, file: analysis.files.get(slot)? })
}

fn at(
    place: TextDocumentPositionParams,
    question: fn(Position) -> Question,
) -> (TextDocumentIdentifier, Question) {
    (place.text_document, question(place.position))
}

fn read<P: DeserializeOwned>(params: Json) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}
