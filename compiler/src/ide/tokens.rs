//! What each word of a file is, for colours that know more than spelling.

use super::names::{Target, mentions};
use super::scene::look_at;
use super::text::{Lines, Range};
use crate::files::Files;
use crate::load::SyntaxCache;
use crate::world::{Entity, RuleKind};
use kohyo_dsl::{Span, TokenKind, words};
use serde::Serialize;
use std::collections::BTreeMap;

/// A coloured word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SemanticToken {
    /// Where, on one line.
    pub range: Range,
    /// What it is.
    pub kind: SemanticKind,
    /// It is declared here.
    pub declares: bool,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SemanticKind {
    /// A word of the language.
    Keyword,
    /// A field.
    Field,
    /// A criterion.
    Criterion,
    /// A score or value.
    Number,
    /// A grade, table or judgement.
    Judgement,
    /// A code table.
    CodeTable,
    /// A code, outcome or category.
    Option,
    /// A module or alias.
    Module,
    /// A check.
    Check,
    /// A unit.
    Unit,
}

/// The words of a file whose meaning is known, in the order of the text.
pub fn semantic_tokens(files: &Files, cache: &mut SyntaxCache, path: &str) -> Vec<SemanticToken> {
    look_at(files, cache, path, |world| {
        let text = world.units.first().map_or("", |u| u.text);
        let lines = Lines::new(text);
        let mut found: BTreeMap<Span, (SemanticKind, bool)> = BTreeMap::new();
        for token in words(text) {
            let kind = match token.kind {
                TokenKind::Word { keyword: true, .. } => SemanticKind::Keyword,
                TokenKind::Unit => SemanticKind::Unit,
                _ => continue,
            };
            found.insert(token.span, (kind, false));
        }
        for mention in mentions(world, 0) {
            let kind = match mention.target {
                Target::Entity(Entity::Field(_) | Entity::Repeat(_)) => SemanticKind::Field,
                Target::Entity(Entity::Table(_)) => SemanticKind::CodeTable,
                Target::Entity(Entity::Judgement(_)) => SemanticKind::Judgement,
                Target::Entity(Entity::Rule(rule)) => match world.rules[rule].kind {
                    RuleKind::Criterion(_) => SemanticKind::Criterion,
                    RuleKind::Score(_) | RuleKind::Value(..) | RuleKind::Threshold(_) => {
                        SemanticKind::Number
                    }
                    RuleKind::Grade(..) | RuleKind::Table(_) | RuleKind::Lent(_) => {
                        SemanticKind::Judgement
                    }
                },
                Target::Code(..) | Target::Outcome(..) | Target::Category(..) => {
                    SemanticKind::Option
                }
                Target::Module(_) | Target::Alias(..) => SemanticKind::Module,
                Target::Check(_) => SemanticKind::Check,
                Target::Function(_) => SemanticKind::Number,
            };
            // `scale.hoehn_yahr` is one word here and three tokens there.
            let inside = |s: &Span| mention.span.start <= s.start && s.end <= mention.span.end;
            found.retain(|span, _| !inside(span));
            found.insert(mention.span, (kind, mention.declares));
        }
        found
            .into_iter()
            .map(|(span, (kind, declares))| SemanticToken {
                range: lines.range(span),
                kind,
                declares,
            })
            .collect()
    })
    .unwrap_or_default()
}
