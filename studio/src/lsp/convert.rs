//! Answers of `kohyo_compiler::ide` in the types of the protocol, and back.

use super::folder::Folder;
use kohyo_compiler::ide::{
    self, Completion, CompletionKind, FoldingKind, Problem, SemanticKind, SemanticToken, Symbol,
    SymbolKind,
};
use kohyo_dsl::Severity;
use lsp_types as lsp;

pub(super) fn position(at: lsp::Position) -> ide::Position {
    ide::Position {
        line: at.line,
        character: at.character,
    }
}

pub(super) fn range(range: lsp::Range) -> ide::Range {
    ide::Range {
        start: position(range.start),
        end: position(range.end),
    }
}

pub(super) fn to_range(range: ide::Range) -> lsp::Range {
    let at = |p: ide::Position| lsp::Position::new(p.line, p.character);
    lsp::Range::new(at(range.start), at(range.end))
}

pub(super) fn to_edit(edit: &ide::TextEdit) -> lsp::TextEdit {
    lsp::TextEdit::new(to_range(edit.range), edit.new_text.clone())
}

pub(super) fn to_location(folder: &Folder, at: &ide::Location) -> Option<lsp::Location> {
    Some(lsp::Location::new(
        folder.uri(&at.path)?,
        to_range(at.range),
    ))
}

pub(super) fn diagnostic(folder: &Folder, found: &Problem) -> lsp::Diagnostic {
    let related = found.related.iter().filter_map(|related| {
        Some(lsp::DiagnosticRelatedInformation {
            location: to_location(folder, &related.location)?,
            message: related.message.clone(),
        })
    });
    let related: Vec<_> = related.collect();
    lsp::Diagnostic {
        range: to_range(found.range),
        severity: Some(match found.severity {
            Severity::Error => lsp::DiagnosticSeverity::ERROR,
            Severity::Warning => lsp::DiagnosticSeverity::WARNING,
            Severity::Information => lsp::DiagnosticSeverity::INFORMATION,
        }),
        code: Some(lsp::NumberOrString::String(found.code.to_owned())),
        source: Some("kohyo".to_owned()),
        message: found.message.clone(),
        related_information: (!related.is_empty()).then_some(related),
        ..lsp::Diagnostic::default()
    }
}

/// A completion; `rank` keeps the order. Without `snippets` places to fill in are left empty.
pub(super) fn completion(found: &Completion, rank: usize, snippets: bool) -> lsp::CompletionItem {
    let filled_in = found.snippet.contains('$');
    let new_text = match snippets {
        true => found.snippet.clone(),
        false if filled_in => found.label.clone(),
        false => found.snippet.clone(),
    };
    let kind = match found.kind {
        CompletionKind::Option => lsp::CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Unit => lsp::CompletionItemKind::UNIT,
        CompletionKind::Field => lsp::CompletionItemKind::FIELD,
        CompletionKind::Rule => lsp::CompletionItemKind::FUNCTION,
        CompletionKind::Judgement => lsp::CompletionItemKind::CLASS,
        CompletionKind::CodeTable => lsp::CompletionItemKind::ENUM,
        CompletionKind::Module => lsp::CompletionItemKind::MODULE,
        CompletionKind::Keyword if filled_in => lsp::CompletionItemKind::SNIPPET,
        CompletionKind::Keyword => lsp::CompletionItemKind::KEYWORD,
        CompletionKind::Function => lsp::CompletionItemKind::OPERATOR,
    };
    lsp::CompletionItem {
        label: found.label.clone(),
        kind: Some(kind),
        detail: Some(found.detail.clone()).filter(|d| !d.is_empty()),
        sort_text: Some(format!("{rank:04}")),
        insert_text_format: Some(if snippets && filled_in {
            lsp::InsertTextFormat::SNIPPET
        } else {
            lsp::InsertTextFormat::PLAIN_TEXT
        }),
        text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit::new(
            to_range(found.range),
            new_text,
        ))),
        ..lsp::CompletionItem::default()
    }
}

#[expect(deprecated, reason = "the field has to be named")]
pub(super) fn symbol(found: &Symbol) -> lsp::DocumentSymbol {
    lsp::DocumentSymbol {
        name: found.name.clone(),
        detail: Some(found.detail.clone()).filter(|d| !d.is_empty()),
        kind: match found.kind {
            SymbolKind::Header => lsp::SymbolKind::FILE,
            SymbolKind::Use => lsp::SymbolKind::MODULE,
            SymbolKind::CodeTable => lsp::SymbolKind::ENUM,
            SymbolKind::Code | SymbolKind::Outcome | SymbolKind::Category => {
                lsp::SymbolKind::ENUM_MEMBER
            }
            SymbolKind::Section => lsp::SymbolKind::NAMESPACE,
            SymbolKind::Group => lsp::SymbolKind::PACKAGE,
            SymbolKind::Field => lsp::SymbolKind::FIELD,
            SymbolKind::Criterion => lsp::SymbolKind::BOOLEAN,
            SymbolKind::Number => lsp::SymbolKind::NUMBER,
            SymbolKind::Grade => lsp::SymbolKind::FUNCTION,
            SymbolKind::Judgement => lsp::SymbolKind::CLASS,
            SymbolKind::Check => lsp::SymbolKind::EVENT,
        },
        tags: None,
        deprecated: None,
        range: to_range(found.range),
        selection_range: to_range(found.selection_range),
        children: Some(found.children.iter().map(symbol).collect()),
    }
}

pub(super) fn folding(found: &ide::FoldingRange) -> lsp::FoldingRange {
    lsp::FoldingRange {
        start_line: found.start_line,
        end_line: found.end_line,
        kind: Some(match found.kind {
            FoldingKind::Block => lsp::FoldingRangeKind::Region,
            FoldingKind::Comment => lsp::FoldingRangeKind::Comment,
            FoldingKind::Uses => lsp::FoldingRangeKind::Imports,
        }),
        ..lsp::FoldingRange::default()
    }
}

/// The kinds of coloured words, in the order of their numbers.
pub(super) fn legend() -> lsp::SemanticTokensLegend {
    lsp::SemanticTokensLegend {
        token_types: [
            "keyword",
            "property",
            "function",
            "variable",
            "class",
            "enum",
            "enumMember",
            "namespace",
            "event",
            "number",
        ]
        .map(lsp::SemanticTokenType::new)
        .to_vec(),
        token_modifiers: vec![lsp::SemanticTokenModifier::DECLARATION],
    }
}

/// Coloured words as the protocol packs them; all of them stand on one line each.
pub(super) fn semantic_tokens(found: &[SemanticToken]) -> Vec<lsp::SemanticToken> {
    let mut last = ide::Position::default();
    let single = found
        .iter()
        .filter(|t| t.range.start.line == t.range.end.line);
    single
        .map(|token| {
            let start = token.range.start;
            let delta_line = start.line - last.line;
            let from = if delta_line == 0 { last.character } else { 0 };
            last = start;
            lsp::SemanticToken {
                delta_line,
                delta_start: start.character - from,
                length: token.range.end.character - start.character,
                token_type: match token.kind {
                    SemanticKind::Keyword => 0,
                    SemanticKind::Field => 1,
                    SemanticKind::Criterion => 2,
                    SemanticKind::Number => 3,
                    SemanticKind::Judgement => 4,
                    SemanticKind::CodeTable => 5,
                    SemanticKind::Option => 6,
                    SemanticKind::Module => 7,
                    SemanticKind::Check => 8,
                    SemanticKind::Unit => 9,
                },
                token_modifiers_bitset: u32::from(token.declares),
            }
        })
        .collect()
}
