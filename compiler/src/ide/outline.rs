//! The contents of a file: sections with their groups and fields, rules, judgements, checks.

use super::text::{Lines, Range};
use crate::files::Files;
use crate::load::SyntaxCache;
use kohyo_dsl::Span;
use kohyo_dsl::ast::{self, ItemKind, Member, TypeKind};
use serde::Serialize;

/// A line of the outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Symbol {
    /// Its name in the language.
    pub name: String,
    /// Its Japanese label.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub range: Range,
    /// Its name.
    pub selection_range: Range,
    /// What is in it.
    pub children: Vec<Symbol>,
}

/// What a line of the outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SymbolKind {
    /// `disease` or `module`.
    Header,
    /// `use`.
    Use,
    /// `code`.
    CodeTable,
    /// A line of a code table.
    Code,
    /// `section`.
    Section,
    /// `group`.
    Group,
    /// `field`.
    Field,
    /// `criterion`.
    Criterion,
    /// `score` or `value`.
    Number,
    /// `grade` or `table`.
    Grade,
    /// An outcome of a grade or table.
    Outcome,
    /// `judgement`.
    Judgement,
    /// A category of a judgement.
    Category,
    /// `check`.
    Check,
}

/// The outline of a file, in the order of the text.
pub fn outline(files: &Files, cache: &mut SyntaxCache, path: &str) -> Vec<Symbol> {
    let (Some(text), Some(parsed)) = (files.get(path), cache.parse(files, path)) else {
        return Vec::new();
    };
    let drawing = Drawing {
        lines: Lines::new(text),
    };
    let header = parsed.file.header.as_ref().map(|h| drawing.header(h));
    let items = parsed.file.items.iter().filter_map(|i| drawing.item(i));
    header.into_iter().chain(items).collect()
}

struct Drawing<'a> {
    lines: Lines<'a>,
}

impl Drawing<'_> {
    fn symbol(
        &self,
        kind: SymbolKind,
        name: &ast::Name,
        label: Option<&ast::Text>,
        whole: Span,
    ) -> Symbol {
        Symbol {
            name: name.text.clone(),
            detail: label.map_or_else(String::new, |l| l.text.clone()),
            kind,
            range: self.lines.range(whole),
            selection_range: self.lines.range(name.span),
            children: Vec::new(),
        }
    }

    fn header(&self, header: &ast::Header) -> Symbol {
        let (name, span) = match &header.subject {
            ast::Subject::Disease { number, .. } => (number.text.clone(), number.span),
            ast::Subject::Module(path) => (dotted(path), path.span),
            ast::Subject::Programme(name) => (name.text.clone(), name.span),
        };
        let name = ast::Name { text: name, span };
        self.symbol(SymbolKind::Header, &name, Some(&header.title), header.span)
    }

    fn item(&self, item: &ast::Item) -> Option<Symbol> {
        let rule =
            |kind, x: &ast::Definition| self.symbol(kind, &x.name, x.label.as_ref(), item.span);
        Some(match &item.kind {
            ItemKind::Use { module, alias } => {
                let name = ast::Name {
                    text: dotted(module),
                    span: module.span,
                };
                let mut symbol = self.symbol(SymbolKind::Use, &name, None, item.span);
                symbol.detail = alias.as_ref().map_or_else(String::new, |a| a.text.clone());
                symbol
            }
            ItemKind::Reuse(reuse) => {
                let name = ast::Name {
                    text: notice(&reuse.disease),
                    span: reuse.span,
                };
                let mut symbol = self.symbol(SymbolKind::Use, &name, None, item.span);
                symbol.detail = reuse.alias.text.clone();
                symbol
            }
            ItemKind::Code { name, label, codes } => Symbol {
                children: self.codes(codes),
                ..self.symbol(SymbolKind::CodeTable, name, Some(label), item.span)
            },
            ItemKind::Section {
                name,
                label,
                members,
            } => Symbol {
                children: self.members(members),
                ..self.symbol(SymbolKind::Section, name, Some(label), item.span)
            },
            ItemKind::Criterion(x) => rule(SymbolKind::Criterion, x),
            ItemKind::Score(x) | ItemKind::Value(x, _) => rule(SymbolKind::Number, x),
            ItemKind::Grade {
                definition,
                outcomes,
            } => Symbol {
                children: self.outcomes(outcomes),
                ..rule(SymbolKind::Grade, definition)
            },
            ItemKind::Threshold(x) => {
                self.symbol(SymbolKind::Number, &x.name, x.label.as_ref(), item.span)
            }
            ItemKind::Function(x) => {
                self.symbol(SymbolKind::Number, &x.name, x.label.as_ref(), item.span)
            }
            ItemKind::Table(x) => Symbol {
                children: self.outcomes(&x.outcomes),
                ..self.symbol(SymbolKind::Grade, &x.name, x.label.as_ref(), item.span)
            },
            ItemKind::Judgement(x) => Symbol {
                children: self.categories(x),
                ..self.symbol(SymbolKind::Judgement, &x.name, Some(&x.label), item.span)
            },
            ItemKind::Check(x) => {
                self.symbol(SymbolKind::Check, &x.id, Some(&x.message), item.span)
            }
            ItemKind::Convert(_) | ItemKind::NotJudged { .. } | ItemKind::Exception(_) => {
                return None;
            }
            ItemKind::Migration(x) => {
                let name = ast::Name {
                    text: format!("{}年版から移す項目", x.edition.text),
                    span: x.edition.span,
                };
                self.symbol(SymbolKind::Use, &name, None, item.span)
            }
        })
    }

    fn members(&self, members: &[Member]) -> Vec<Symbol> {
        members.iter().filter_map(|m| self.member(m)).collect()
    }

    fn member(&self, member: &Member) -> Option<Symbol> {
        Some(match member {
            Member::Group {
                name,
                label,
                members,
                span,
                ..
            } => Symbol {
                children: self.members(members),
                ..self.symbol(SymbolKind::Group, name, Some(label), *span)
            },
            Member::Repeat(repeat) => Symbol {
                children: self.members(&repeat.members),
                ..self.symbol(
                    SymbolKind::Group,
                    &repeat.name,
                    Some(&repeat.label),
                    repeat.span,
                )
            },
            Member::Field(field) => Symbol {
                children: match &field.ty.kind {
                    TypeKind::Choice(codes) | TypeKind::Choices(codes) => self.codes(codes),
                    _ => Vec::new(),
                },
                ..self.symbol(
                    SymbolKind::Field,
                    &field.name,
                    Some(&field.label),
                    field.span,
                )
            },
            Member::Note(_) | Member::Display(_) => return None,
        })
    }

    fn codes(&self, codes: &[ast::Code]) -> Vec<Symbol> {
        let line = |c: &ast::Code| self.symbol(SymbolKind::Code, &c.name, Some(&c.label), c.span);
        codes.iter().map(line).collect()
    }

    fn outcomes(&self, outcomes: &[ast::Outcome]) -> Vec<Symbol> {
        let line = |o: &ast::Outcome| {
            let whole = o
                .label
                .as_ref()
                .map_or(o.name.span, |l| o.name.span.to(l.span));
            self.symbol(SymbolKind::Outcome, &o.name, o.label.as_ref(), whole)
        };
        outcomes.iter().map(line).collect()
    }

    fn categories(&self, judgement: &ast::Judgement) -> Vec<Symbol> {
        let named = judgement.categories.iter().map(|c| {
            let whole = c.name.span.to(c.when.span);
            self.symbol(SymbolKind::Category, &c.name, Some(&c.label), whole)
        });
        let last = judgement.otherwise.iter().map(|(name, label)| {
            let whole = name.span.to(label.span);
            self.symbol(SymbolKind::Category, name, Some(label), whole)
        });
        named.chain(last).collect()
    }
}

/// `scale.hoehn_yahr`
pub(super) fn dotted(path: &ast::Path) -> String {
    let names: Vec<&str> = path.names.iter().map(|n| n.text.as_str()).collect();
    names.join(".")
}

/// `scale.hoehn_yahr`, `shitei 019 branch 02`: what follows `use`.
pub(super) fn notice(subject: &ast::Subject) -> String {
    match subject {
        ast::Subject::Module(path) => dotted(path),
        ast::Subject::Programme(name) => name.text.clone(),
        ast::Subject::Disease {
            programme,
            number,
            branch,
        } => {
            let programme = match programme {
                ast::Programme::Shitei => "shitei",
                ast::Programme::Shoman => "shoman",
            };
            let branch = branch.as_ref();
            let branch = branch.map_or_else(String::new, |b| format!(" branch {}", b.text));
            format!("{programme} {}{branch}", number.text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing;

    fn draw(symbols: &[Symbol], depth: usize, out: &mut String) {
        for s in symbols {
            out.push_str(&format!(
                "{}{:?} {} {} @{}\n",
                "  ".repeat(depth),
                s.kind,
                s.name,
                s.detail,
                s.selection_range.start.line
            ));
            draw(&s.children, depth + 1, out);
        }
    }

    #[test]
    fn a_disease() {
        let (files, mut cache) = testing::folder();
        let mut out = String::new();
        draw(&outline(&files, &mut cache, testing::DISEASE), 0, &mut out);
        insta::assert_snapshot!(out, @r"
        Header 006 パーキンソン病 @0
        Use scale.hoehn_yahr hy @5
        CodeTable finding 所見 @7
          Code present あり @8
          Code absent なし @9
          Code unclear 不明 @10
        Section diagnosis 診断基準に関する事項 @13
          Group A 主要所見 @14
            Field tremor 安静時振戦 @15
            Field rigidity 歯車様強剛 @16
          Field igg4 血清IgG4値 @18
        Criterion 振戦あり 振戦がある @22
        Number total 合計 @27
        Grade overall 総合 @29
          Outcome severe 重症 @29
          Outcome mild 軽症 @29
        Judgement diagnosis 診断のカテゴリー @31
          Category definite Definite @32
          Category none いずれにも該当しない @33
        Check R001 振戦がないのに3度以上です @37
        ");
    }
}
