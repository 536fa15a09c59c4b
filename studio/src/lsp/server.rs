//! One editor's conversation: what it asks, what it is told.

use super::convert;
use super::findings::Findings;
use super::folder::{Folder, path_of};
use kohyo_compiler::ide::{self, CompletionKind, NotRenamed};
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use lsp_types as lsp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// The name under which edits that an author may decline are listed.
const KEEP_OLD: &str = "was";

/// A conversation.
pub(super) struct Server {
    phase: Phase,
    /// The folder of definitions, if the command line names it.
    forms: Option<PathBuf>,
    client: Client,
    folder: Folder,
    findings: Findings,
    /// Messages to be sent after the answer.
    outbox: Vec<Message>,
}

/// How far the conversation has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Before `initialize`.
    New,
    Running,
    /// After `shutdown`.
    ShutDown,
    /// After `exit`; whether as agreed.
    Left {
        agreed: bool,
    },
}

/// What the editor can do.
#[derive(Default)]
struct Client {
    snippets: bool,
    /// Edits of several files with annotations that the author may decline.
    annotations: bool,
    watches_files: bool,
}

/// Why a request is not answered.
struct Refusal {
    code: ErrorCode,
    reason: String,
}

impl From<NotRenamed> for Refusal {
    fn from(reason: NotRenamed) -> Self {
        refusal(ErrorCode::RequestFailed, reason.to_string())
    }
}

fn refusal(code: ErrorCode, reason: impl Into<String>) -> Refusal {
    Refusal {
        code,
        reason: reason.into(),
    }
}

type Answer = Result<Value, Refusal>;

impl Server {
    pub(super) fn new(forms: Option<PathBuf>) -> Self {
        Self {
            phase: Phase::New,
            forms,
            client: Client::default(),
            folder: Folder::default(),
            findings: Findings::default(),
            outbox: Vec::new(),
        }
    }

    /// Handles one message; what is to be sent then, an answer first.
    pub(super) fn handle(&mut self, message: Message) -> Vec<Message> {
        let mut sent = Vec::new();
        match message {
            Message::Request(request) => sent.push(Message::Response(self.request(request))),
            Message::Notification(notification) => {
                // Nonsense in a notification cannot be answered; what follows still can.
                let told = AssertUnwindSafe(|| self.notification(notification));
                let _ = catch_unwind(told);
            }
            // Answers to our own requests say nothing that we need.
            Message::Response(_) => {}
        }
        sent.append(&mut self.outbox);
        sent
    }

    /// Whether there is something to do while nobody asks.
    pub(super) fn has_work(&self) -> bool {
        self.phase == Phase::Running && self.findings.waiting()
    }

    /// Does a part of it; what is to be sent then.
    pub(super) fn work(&mut self) -> Vec<Message> {
        let work = AssertUnwindSafe(|| self.findings.work(&mut self.folder));
        catch_unwind(work).unwrap_or_default()
    }

    /// Whether the conversation is over, and then whether it ended as agreed.
    pub(super) fn farewell(&self) -> Option<bool> {
        match self.phase {
            Phase::Left { agreed } => Some(agreed),
            Phase::New | Phase::Running | Phase::ShutDown => None,
        }
    }

    fn request(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(params),
            (Phase::New, _) => Err(refusal(
                ErrorCode::ServerNotInitialized,
                "initialize の前です",
            )),
            (Phase::Running, "initialize") => Err(refusal(
                ErrorCode::InvalidRequest,
                "initialize はもう済んでいます",
            )),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Running, _) => {
                // A mistake of ours must not end the author's session.
                let answer = AssertUnwindSafe(|| self.answer(&method, params));
                catch_unwind(answer).unwrap_or_else(|_| {
                    Err(refusal(
                        ErrorCode::InternalError,
                        format!("{method} の答えを作れませんでした"),
                    ))
                })
            }
            (Phase::ShutDown | Phase::Left { .. }, _) => {
                Err(refusal(ErrorCode::InvalidRequest, "shutdown の後です"))
            }
        };
        match answer {
            Ok(value) => Response {
                id,
                response_result: Ok(value),
            },
            Err(refusal) => Response::new_err(id, refusal.code as i32, refusal.reason),
        }
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        if method == "exit" {
            self.phase = Phase::Left {
                agreed: self.phase == Phase::ShutDown,
            };
        }
        if self.phase != Phase::Running {
            return;
        }
        match method.as_str() {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => {
                if let Ok(lsp::DidOpenTextDocumentParams { text_document: it }) = read(params) {
                    let chosen = self.folder.is_chosen();
                    let path = self.folder.open(it.uri, it.version, it.text);
                    if !chosen {
                        self.findings.all(&self.folder);
                    }
                    self.changed(path);
                }
            }
            "textDocument/didChange" => {
                if let Ok(lsp::DidChangeTextDocumentParams {
                    text_document: it,
                    content_changes,
                }) = read(params)
                {
                    let path = self.folder.change(&it.uri, it.version, content_changes);
                    self.changed(path);
                }
            }
            "textDocument/didClose" => {
                if let Ok(lsp::DidCloseTextDocumentParams { text_document: it }) = read(params) {
                    for path in self.folder.close(&it.uri) {
                        self.changed(Some(path));
                    }
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                for path in self.folder.reread() {
                    self.changed(Some(path));
                }
            }
            // Requests are handled before they can be taken back; the queue looks after the rest.
            _ => {}
        }
    }

    fn changed(&mut self, path: Option<String>) {
        if let Some(path) = path {
            self.findings.changed(&mut self.folder, &path);
        }
    }

    fn initialize(&mut self, params: Value) -> Answer {
        let params: lsp::InitializeParams = read(params)?;
        let capabilities = params.capabilities;
        let text_document = capabilities.text_document.unwrap_or_default();
        let workspace = capabilities.workspace.unwrap_or_default();
        let edits = workspace.workspace_edit.unwrap_or_default();
        self.client = Client {
            snippets: text_document
                .completion
                .and_then(|c| c.completion_item?.snippet_support)
                .unwrap_or(false),
            annotations: edits.document_changes.unwrap_or(false)
                && edits.change_annotation_support.is_some(),
            watches_files: workspace
                .did_change_watched_files
                .and_then(|w| w.dynamic_registration)
                .unwrap_or(false),
        };
        #[expect(deprecated, reason = "older editors name their folder only here")]
        let opened = params
            .workspace_folders
            .and_then(|folders| folders.into_iter().next())
            .map(|folder| folder.uri)
            .or(params.root_uri)
            .and_then(|uri| path_of(uri.as_str()))
            .or(params.root_path.map(PathBuf::from));
        let forms = self.forms.clone();
        if forms.is_some() || opened.is_some() {
            self.folder.choose(forms, opened.as_deref());
        }
        self.phase = Phase::Running;
        write(lsp::InitializeResult {
            capabilities: capabilities_of_server(),
            server_info: Some(lsp::ServerInfo {
                name: "kohyo".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    fn initialized(&mut self) {
        self.findings.all(&self.folder);
        if self.client.watches_files {
            let params = json!({ "registrations": [{
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": [{ "globPattern": "**/*.{kohyo,yaml}" }] },
            }] });
            let method = "client/registerCapability".to_owned();
            let id = "kohyo-files".to_owned().into();
            self.outbox
                .push(Message::Request(Request::new(id, method, params)));
        }
    }

    fn answer(&mut self, method: &str, params: Value) -> Answer {
        match method {
            "textDocument/hover" => self.hover(read(params)?),
            "textDocument/completion" => self.completion(read(params)?),
            "textDocument/definition" => self.definition(read(params)?),
            "textDocument/references" => self.references(read(params)?),
            "textDocument/documentHighlight" => self.highlights(read(params)?),
            "textDocument/documentSymbol" => self.outline(read(params)?),
            "textDocument/prepareRename" => self.prepare_rename(read(params)?),
            "textDocument/rename" => self.rename(read(params)?),
            "textDocument/formatting" => self.formatting(read(params)?),
            "textDocument/codeAction" => self.code_actions(read(params)?),
            "textDocument/foldingRange" => self.folding(read(params)?),
            "textDocument/semanticTokens/full" => self.semantic_tokens(read(params)?),
            _ => Err(refusal(
                ErrorCode::MethodNotFound,
                format!("「{method}」には答えられません"),
            )),
        }
    }

    /// The path of a document; nothing is known about others.
    fn path(&self, document: &lsp::TextDocumentIdentifier) -> Result<String, Refusal> {
        let path = self.folder.path(&document.uri);
        path.filter(|path| self.folder.files.get(path).is_some())
            .ok_or_else(|| {
                let uri = document.uri.as_str();
                refusal(
                    ErrorCode::InvalidParams,
                    format!("{uri} は開かれていません"),
                )
            })
    }

    fn place(
        &self,
        at: &lsp::TextDocumentPositionParams,
    ) -> Result<(String, ide::Position), Refusal> {
        let path = self.path(&at.text_document)?;
        Ok((path, convert::position(at.position)))
    }

    fn hover(&mut self, params: lsp::HoverParams) -> Answer {
        let (path, at) = self.place(&params.text_document_position_params)?;
        let Folder { files, cache, .. } = &mut self.folder;
        write(ide::hover(files, cache, &path, at).map(|hover| lsp::Hover {
            contents: lsp::HoverContents::Markup(lsp::MarkupContent {
                kind: lsp::MarkupKind::Markdown,
                value: hover.markdown,
            }),
            range: Some(convert::to_range(hover.range)),
        }))
    }

    fn completion(&mut self, params: lsp::CompletionParams) -> Answer {
        let (path, at) = self.place(&params.text_document_position)?;
        let Folder { files, cache, .. } = &mut self.folder;
        let mut found = ide::completion(files, cache, &path, at);
        let typed = params.context.and_then(|c| c.trigger_character);
        if typed.as_deref() == Some(" ") {
            // After a blank only what is sure to be meant: codes, units, modules.
            let sure = |kind| {
                matches!(
                    kind,
                    CompletionKind::Option | CompletionKind::Unit | CompletionKind::Module
                )
            };
            let few = found.first().is_some_and(|c| sure(c.kind));
            found.retain(|c| few && sure(c.kind));
        }
        let snippets = self.client.snippets;
        let items: Vec<lsp::CompletionItem> = found
            .iter()
            .enumerate()
            .map(|(rank, c)| convert::completion(c, rank, snippets))
            .collect();
        write(items)
    }

    fn definition(&mut self, params: lsp::GotoDefinitionParams) -> Answer {
        let (path, at) = self.place(&params.text_document_position_params)?;
        let Folder { files, cache, .. } = &mut self.folder;
        let found = ide::definition(files, cache, &path, at);
        write(found.and_then(|at| convert::to_location(&self.folder, &at)))
    }

    fn references(&mut self, params: lsp::ReferenceParams) -> Answer {
        let (path, at) = self.place(&params.text_document_position)?;
        let declaration = params.context.include_declaration;
        let Folder { files, cache, .. } = &mut self.folder;
        let found = ide::references(files, cache, &path, at, declaration);
        let found: Vec<lsp::Location> = found
            .iter()
            .filter_map(|at| convert::to_location(&self.folder, at))
            .collect();
        write(found)
    }

    fn highlights(&mut self, params: lsp::DocumentHighlightParams) -> Answer {
        let (path, at) = self.place(&params.text_document_position_params)?;
        let Folder { files, cache, .. } = &mut self.folder;
        let found = ide::highlights(files, cache, &path, at);
        let found: Vec<lsp::DocumentHighlight> = found
            .iter()
            .map(|h| lsp::DocumentHighlight {
                range: convert::to_range(h.range),
                kind: Some(if h.declares {
                    lsp::DocumentHighlightKind::WRITE
                } else {
                    lsp::DocumentHighlightKind::READ
                }),
            })
            .collect();
        write(found)
    }

    fn outline(&mut self, params: lsp::DocumentSymbolParams) -> Answer {
        let path = self.path(&params.text_document)?;
        let Folder { files, cache, .. } = &mut self.folder;
        let found = ide::outline(files, cache, &path);
        let found: Vec<lsp::DocumentSymbol> = found.iter().map(convert::symbol).collect();
        write(found)
    }

    fn prepare_rename(&mut self, params: lsp::TextDocumentPositionParams) -> Answer {
        let (path, at) = self.place(&params)?;
        let Folder { files, cache, .. } = &mut self.folder;
        let range = ide::prepare_rename(files, cache, &path, at)?;
        write(lsp::PrepareRenameResponse::Range(convert::to_range(range)))
    }

    fn rename(&mut self, params: lsp::RenameParams) -> Answer {
        let (path, at) = self.place(&params.text_document_position)?;
        let Folder { files, cache, .. } = &mut self.folder;
        let renamed = ide::rename(files, cache, &path, at, &params.new_name)?;
        if let Some(warning) = &renamed.warning {
            let params = lsp::ShowMessageParams {
                typ: lsp::MessageType::WARNING,
                message: warning.clone(),
            };
            let method = "window/showMessage".to_owned();
            self.outbox
                .push(Message::Notification(Notification::new(method, params)));
        }
        write(if self.client.annotations {
            self.annotated(&renamed)
        } else {
            self.plain(&renamed)
        })
    }

    /// Edits of which the author may decline the one that keeps the old name.
    fn annotated(&self, renamed: &ide::Renamed) -> lsp::WorkspaceEdit {
        let mut edits: Vec<lsp::TextDocumentEdit> = Vec::new();
        for (path, changes) in &renamed.edits {
            let changes = changes
                .iter()
                .map(|e| lsp::OneOf::Left(convert::to_edit(e)));
            edits.extend(self.document_edit(path, changes.collect()));
        }
        let mut annotations = None;
        if let Some((path, edit)) = &renamed.keep_old {
            let annotated = lsp::AnnotatedTextEdit {
                text_edit: convert::to_edit(edit),
                annotation_id: KEEP_OLD.to_owned(),
            };
            edits.extend(self.document_edit(path, vec![lsp::OneOf::Right(annotated)]));
            let annotation = lsp::ChangeAnnotation {
                label: "旧い項目名を残す".to_owned(),
                needs_confirmation: Some(true),
                description: renamed.warning.clone(),
            };
            annotations = Some(HashMap::from([(KEEP_OLD.to_owned(), annotation)]));
        }
        lsp::WorkspaceEdit {
            changes: None,
            document_changes: Some(lsp::DocumentChanges::Edits(edits)),
            change_annotations: annotations,
        }
    }

    fn document_edit(
        &self,
        path: &str,
        edits: Vec<lsp::OneOf<lsp::TextEdit, lsp::AnnotatedTextEdit>>,
    ) -> Option<lsp::TextDocumentEdit> {
        Some(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                uri: self.folder.uri(path)?,
                version: self.folder.version(path),
            },
            edits,
        })
    }

    #[expect(
        clippy::mutable_key_type,
        reason = "the protocol's type; an address does not change"
    )]
    fn plain(&self, renamed: &ide::Renamed) -> lsp::WorkspaceEdit {
        let mut changes: HashMap<lsp::Uri, Vec<lsp::TextEdit>> = HashMap::new();
        let kept = renamed.keep_old.iter().map(|(path, edit)| (path, edit));
        let edits = renamed
            .edits
            .iter()
            .flat_map(|(path, edits)| edits.iter().map(move |edit| (path, edit)));
        for (path, edit) in edits.chain(kept) {
            if let Some(uri) = self.folder.uri(path) {
                changes.entry(uri).or_default().push(convert::to_edit(edit));
            }
        }
        lsp::WorkspaceEdit::new(changes)
    }

    fn formatting(&mut self, params: lsp::DocumentFormattingParams) -> Answer {
        let path = self.path(&params.text_document)?;
        let edits = ide::formatting(&self.folder.files, &path).ok_or_else(|| {
            refusal(
                ErrorCode::RequestFailed,
                "誤りがあるため、書式を整えられません。先に誤りを直してください",
            )
        })?;
        let edits: Vec<lsp::TextEdit> = edits.iter().map(convert::to_edit).collect();
        write(edits)
    }

    fn code_actions(&mut self, params: lsp::CodeActionParams) -> Answer {
        let path = self.path(&params.text_document)?;
        // The findings of the text as it is now, not of the one before.
        if self.findings.has(&path) {
            let told = self.findings.work_on(&mut self.folder, &path);
            self.outbox.extend(told);
        }
        let wanted = convert::range(params.range);
        let touches = |range: ide::Range| range.start <= wanted.end && wanted.start <= range.end;
        let mut actions = Vec::new();
        for problem in self.findings.shown(&path) {
            let Some(repair) = problem.repair.as_ref().filter(|_| touches(problem.range)) else {
                continue;
            };
            actions.push(self.action(
                &path,
                &repair.title,
                lsp::CodeActionKind::QUICKFIX,
                vec![convert::to_edit(&repair.edit)],
                Some(vec![convert::diagnostic(&self.folder, problem)]),
            ));
        }
        let all: Vec<lsp::TextEdit> = self.all_repairs(&path);
        if all.len() > 1 {
            actions.push(self.action(
                &path,
                &format!("このファイルの修正{}件をすべて適用", all.len()),
                lsp::CodeActionKind::SOURCE_FIX_ALL,
                all,
                None,
            ));
        }
        let kinds = params.context.only;
        if let Some(kinds) = kinds {
            let asked = |kind: &lsp::CodeActionKind| {
                kinds.iter().any(|k| {
                    let (kind, k) = (kind.as_str(), k.as_str());
                    kind == k
                        || kind
                            .strip_prefix(k)
                            .is_some_and(|rest| rest.starts_with('.'))
                })
            };
            actions.retain(|a| a.kind.as_ref().is_some_and(&asked));
        }
        write(actions)
    }

    /// Every repair of a file, but only the first of those that overlap.
    fn all_repairs(&self, path: &str) -> Vec<lsp::TextEdit> {
        let mut end = ide::Position::default();
        let repairs = self.findings.shown(path).iter();
        repairs
            .filter_map(|p| p.repair.as_ref())
            .filter(|repair| {
                let free = repair.edit.range.start >= end;
                if free {
                    end = repair.edit.range.end;
                }
                free
            })
            .map(|repair| convert::to_edit(&repair.edit))
            .collect()
    }

    #[expect(
        clippy::mutable_key_type,
        reason = "the protocol's type; an address does not change"
    )]
    fn action(
        &self,
        path: &str,
        title: &str,
        kind: lsp::CodeActionKind,
        edits: Vec<lsp::TextEdit>,
        diagnostics: Option<Vec<lsp::Diagnostic>>,
    ) -> lsp::CodeAction {
        let mut changes = HashMap::new();
        if let Some(uri) = self.folder.uri(path) {
            changes.insert(uri, edits);
        }
        lsp::CodeAction {
            title: title.to_owned(),
            is_preferred: Some(kind == lsp::CodeActionKind::QUICKFIX),
            kind: Some(kind),
            diagnostics,
            edit: Some(lsp::WorkspaceEdit::new(changes)),
            ..lsp::CodeAction::default()
        }
    }

    fn folding(&mut self, params: lsp::FoldingRangeParams) -> Answer {
        let path = self.path(&params.text_document)?;
        let found = ide::folding(&self.folder.files, &path);
        let found: Vec<lsp::FoldingRange> = found.iter().map(convert::folding).collect();
        write(found)
    }

    fn semantic_tokens(&mut self, params: lsp::SemanticTokensParams) -> Answer {
        let path = self.path(&params.text_document)?;
        let Folder { files, cache, .. } = &mut self.folder;
        let found = ide::semantic_tokens(files, cache, &path);
        write(lsp::SemanticTokens {
            result_id: None,
            data: convert::semantic_tokens(&found),
        })
    }
}

fn capabilities_of_server() -> lsp::ServerCapabilities {
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
        save: Some(lsp::TextDocumentSyncSaveOptions::Supported(true)),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let triggers = [".", " ", "{", ":"].map(str::to_owned).to_vec();
    lsp::ServerCapabilities {
        position_encoding: Some(lsp::PositionEncodingKind::UTF16),
        text_document_sync: Some(sync.into()),
        hover_provider: Some(true.into()),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(triggers),
            ..lsp::CompletionOptions::default()
        }),
        definition_provider: Some(lsp::OneOf::Left(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(
            lsp::CodeActionOptions {
                code_action_kinds: Some(vec![
                    lsp::CodeActionKind::QUICKFIX,
                    lsp::CodeActionKind::SOURCE_FIX_ALL,
                ]),
                ..lsp::CodeActionOptions::default()
            },
        )),
        folding_range_provider: Some(true.into()),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: convert::legend(),
                full: Some(lsp::SemanticTokensFullOptions::Bool(true)),
                ..lsp::SemanticTokensOptions::default()
            }
            .into(),
        ),
        ..lsp::ServerCapabilities::default()
    }
}

/// Parameters as the method defines them.
fn read<P: DeserializeOwned>(params: Value) -> Result<P, Refusal> {
    serde_json::from_value(params).map_err(|error| {
        refusal(
            ErrorCode::InvalidParams,
            format!("パラメーターを読めません: {error}"),
        )
    })
}

fn write(value: impl Serialize) -> Answer {
    serde_json::to_value(value)
        .map_err(|error| refusal(ErrorCode::InternalError, error.to_string()))
}
