//! Everything a definition says about the official text, with its place.

use crate::load::Unit;
use kohyo_dsl::Span;
use kohyo_dsl::ast::{self, ItemKind, ModifierKind, TypeKind};

/// A piece of official text in a definition.
#[derive(Clone, Debug)]
pub(crate) struct Citation<'a> {
    /// Position of its file.
    pub unit: usize,
    pub span: Span,
    pub text: &'a str,
    pub by: By,
    /// What carries it, in words.
    pub what: String,
    /// Written as a citation; the words of a label are one only if they are those of the text.
    pub meant: bool,
}

/// What kind of thing carries a citation, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A criterion, score, grade, table, category or judgement.
    Rule,
    /// A question or one of its codes.
    Field,
    /// `not judged … because …`.
    Excused,
}

/// Every citation of these files, and every label.
pub(crate) fn citations<'a>(units: &'a [Unit<'_>]) -> Vec<Citation<'a>> {
    let mut found = Found {
        unit: 0,
        all: Vec::new(),
    };
    for (unit, loaded) in units.iter().enumerate() {
        found.unit = unit;
        for item in &loaded.parsed.file.items {
            found.item(&item.kind);
        }
    }
    found.all
}

struct Found<'a> {
    unit: usize,
    all: Vec<Citation<'a>>,
}

impl<'a> Found<'a> {
    fn push(&mut self, text: &'a ast::Text, by: By, what: String, meant: bool) {
        self.all.push(Citation {
            unit: self.unit,
            span: text.span,
            text: &text.text,
            by,
            what,
            meant,
        });
    }

    fn rule(
        &mut self,
        kind: &str,
        name: &ast::Name,
        label: Option<&'a ast::Text>,
        cites: &'a [ast::Text],
    ) {
        let what = format!("{kind} {}", name.text);
        self.cited(cites, By::Rule, &what);
        if let Some(label) = label {
            self.push(label, By::Rule, what, false);
        }
    }

    fn cited(&mut self, cites: &'a [ast::Text], by: By, what: &str) {
        for text in cites {
            self.push(text, by, what.to_owned(), true);
        }
    }

    fn item(&mut self, item: &'a ItemKind) {
        match item {
            ItemKind::Criterion(x)
            | ItemKind::Score(x)
            | ItemKind::Value(x, _)
            | ItemKind::Grade { definition: x, .. } => {
                self.rule("規則", &x.name, x.label.as_ref(), &x.cites);
            }
            ItemKind::Table(x) => self.rule("表", &x.name, x.label.as_ref(), &x.cites),
            ItemKind::Threshold(x) => {
                self.rule("基準値", &x.name, x.label.as_ref(), &x.cites);
            }
            ItemKind::Judgement(x) => self.judgement(x),
            ItemKind::Section { members, .. } => self.members(members),
            ItemKind::Code { codes, .. } => self.codes(codes),
            ItemKind::Function(x) => {
                self.rule("関数", &x.name, x.label.as_ref(), &x.cites);
            }
            ItemKind::Convert(_) => {}
            ItemKind::NotJudged { sentence, reason } => {
                let what = format!("判定しない（{}）", reason.text);
                self.push(sentence, By::Excused, what, true);
            }
            ItemKind::Use { .. }
            | ItemKind::Reuse(_)
            | ItemKind::Exception(_)
            | ItemKind::Check(_)
            | ItemKind::Migration(_) => {}
        }
    }

    fn judgement(&mut self, judgement: &'a ast::Judgement) {
        let (label, cites) = (&judgement.label, &judgement.cites);
        self.rule("判定", &judgement.name, Some(label), cites);
        for subtype in &judgement.subtypes {
            let what = format!("判定 {} の病型 {}", judgement.name.text, subtype.name.text);
            self.cited(&subtype.cites, By::Rule, &what);
            self.push(&subtype.label, By::Rule, what, false);
        }
        for category in &judgement.categories {
            let name = &judgement.name.text;
            let what = format!("判定 {name} の区分 {}", category.name.text);
            self.cited(&category.cites, By::Rule, &what);
            self.push(&category.label, By::Rule, what, false);
        }
        let what = format!("判定 {} の対象", judgement.name.text);
        self.cited(&judgement.eligible_cites, By::Rule, &what);
    }

    fn members(&mut self, members: &'a [ast::Member]) {
        for member in members {
            match member {
                ast::Member::Group { members, .. } => self.members(members),
                ast::Member::Repeat(repeat) => self.members(&repeat.members),
                ast::Member::Field(field) => self.field(field),
                ast::Member::Note(_) | ast::Member::Display(_) => {}
            }
        }
    }

    fn field(&mut self, field: &'a ast::Field) {
        let what = format!("項目 {}", field.name.text);
        for modifier in &field.modifiers {
            if let ModifierKind::Cites(texts) = &modifier.kind {
                self.cited(texts, By::Field, &what);
            }
        }
        self.push(&field.label, By::Field, what, false);
        if let TypeKind::Choice(codes) | TypeKind::Choices(codes) = &field.ty.kind {
            self.codes(codes);
        }
    }

    fn codes(&mut self, codes: &'a [ast::Code]) {
        for code in codes {
            let what = format!("選択肢 {}", code.name.text);
            self.push(&code.label, By::Field, what, false);
        }
    }
}
