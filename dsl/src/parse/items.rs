//! Headers and items.

use super::leaves::{child, children, has, only};
use super::read::{Build, Fill};
use super::table::cells;
use super::{Node, Rule};
use crate::ast::{
    Category, Check, Conversion, Definition, Edition, Exception, ExceptionKind, Expr, ExprKind,
    Function, Header, Item, ItemKind, Judgement, Level, MappedCode, Migration, MigrationLine,
    MigrationLineKind, Name, Only, Outcome, Parameter, Period, Programme, Reuse, Source, Status,
    Subject, Subtype, Table, Text, Threshold,
};
use crate::diagnostic::Diagnostic;
use crate::{Span, ast, codes};

/// One line of a header.
pub(super) enum HeaderEntry {
    Edition(Edition, Span),
    Source(Source),
    Status(Status, Span),
    Prefix(Name),
    Note(Text),
    Fallback(Text, Span),
}

/// One line of a judgement.
pub(super) enum JudgementLine {
    Category(Category),
    Subtype(Subtype, Vec<Category>),
    Otherwise(Name, Text, Span),
    Eligible(Vec<Name>, Vec<Text>),
}

/// Heads and cells of a table.
#[derive(Default)]
pub(super) struct TableBody {
    pub columns: Vec<ast::Expr>,
    pub rows: Vec<(ast::Expr, Vec<Name>)>,
    /// The rows of a table of numbers.
    pub numbers: Vec<(ast::Expr, Vec<ast::Expr>)>,
}

impl Build<'_> {
    // ------------------------------------------------------------------ header

    pub(super) fn header(&mut self, node: Node<'_>) -> Option<Header> {
        let node = child(&node, Rule::header)?;
        let subject = node.clone().into_inner().next()?;
        let subject = match subject.as_rule() {
            Rule::disease => self.disease(&subject)?,
            Rule::programme_form => Subject::Programme(self.name_in(&subject, Rule::name)?),
            _ => Subject::Module(self.path_in(&subject)?),
        };
        let entries = match self.filled(&node) {
            Some(Fill::Header(entries)) => entries,
            _ => {
                self.check_separators(&node, Rule::header_entry);
                children(&node, Rule::header_entry)
                    .filter_map(|n| self.header_entry(&n))
                    .collect()
            }
        };
        let mut header = Header {
            subject,
            title: self.text_in(&node)?,
            edition: None,
            sources: Vec::new(),
            status: None,
            prefix: None,
            notes: Vec::new(),
            fallback: None,
            span: self.span(&node),
        };
        for entry in entries {
            self.add_entry(&mut header, entry);
        }
        Some(header)
    }

    fn add_entry(&mut self, header: &mut Header, entry: HeaderEntry) {
        match entry {
            HeaderEntry::Edition(edition, span) => {
                self.check_twice("edition", header.edition.is_some(), span);
                header.edition = Some(edition);
            }
            HeaderEntry::Status(status, span) => {
                self.check_twice("status", header.status.is_some(), span);
                header.status = Some((status, span));
            }
            HeaderEntry::Prefix(prefix) => {
                self.check_twice("prefix", header.prefix.is_some(), prefix.span);
                header.prefix = Some(prefix);
            }
            HeaderEntry::Fallback(edition, span) => {
                self.check_twice("renewal may use", header.fallback.is_some(), span);
                header.fallback = Some(edition);
            }
            HeaderEntry::Source(source) => header.sources.push(source),
            HeaderEntry::Note(note) => header.notes.push(note),
        }
    }

    pub(super) fn check_twice(&mut self, word: &str, twice: bool, span: Span) {
        if twice {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::TWICE,
                    self.file,
                    span,
                    format!("「{word}」が 2 度書かれています"),
                )
                .help("どちらか 1 つを消します"),
            );
        }
    }

    fn disease(&mut self, node: &Node<'_>) -> Option<Subject> {
        let programme = child(node, Rule::programme)?;
        Some(Subject::Disease {
            programme: match only(programme)?.as_rule() {
                Rule::kw_shoman => Programme::Shoman,
                _ => Programme::Shitei,
            },
            number: self.name_in(node, Rule::notice_number)?,
            branch: self.name_in(node, Rule::whole),
        })
    }

    fn exception(&mut self, node: &Node<'_>) -> Option<Exception> {
        Some(Exception {
            kind: if has(node, Rule::kw_gap) {
                ExceptionKind::Gap
            } else {
                ExceptionKind::Overlap
            },
            of: self.path_in(node)?,
            when: self.expr(&child(node, Rule::expr)?)?,
            reason: self.text_in(node)?,
        })
    }

    fn reuse(&mut self, node: &Node<'_>) -> Option<Reuse> {
        let mut names: Vec<_> = children(node, Rule::name).map(|n| self.name(&n)).collect();
        let first = self.span(&child(node, Rule::programme)?);
        let last = child(node, Rule::whole).or_else(|| child(node, Rule::notice_number))?;
        Some(Reuse {
            disease: self.disease(node)?,
            span: first.to(self.span(&last)),
            alias: names.pop()?,
            judgements: names,
        })
    }

    pub(super) fn read_header_entry(&mut self, node: Node<'_>) -> Option<HeaderEntry> {
        self.header_entry(&child(&node, Rule::header_entry)?)
    }

    fn header_entry(&mut self, node: &Node<'_>) -> Option<HeaderEntry> {
        let node = node.clone().into_inner().next()?;
        Some(match node.as_rule() {
            Rule::edition => {
                let mut dates = children(&node, Rule::date);
                let from = self.date(&dates.next()?)?;
                let to = dates.next().and_then(|n| self.date(&n));
                let edition = Edition {
                    name: self.text_in(&node)?,
                    from,
                    to,
                };
                HeaderEntry::Edition(edition, self.span(&node))
            }
            Rule::source => {
                let mut texts = children(&node, Rule::text).map(|n| self.text(&n));
                HeaderEntry::Source(Source {
                    notice: texts.next()?,
                    text: texts.next(),
                })
            }
            Rule::status => {
                let status = if has(&node, Rule::kw_published) {
                    Status::Published
                } else if has(&node, Rule::kw_reviewed) {
                    Status::Reviewed
                } else {
                    Status::Draft
                };
                HeaderEntry::Status(status, self.span(&node))
            }
            Rule::fallback => HeaderEntry::Fallback(self.text_in(&node)?, self.span(&node)),
            Rule::prefix => HeaderEntry::Prefix(self.name_in(&node, Rule::name)?),
            _ => HeaderEntry::Note(self.text_in(&node)?),
        })
    }

    // ------------------------------------------------------------------ items

    pub(super) fn item(&mut self, node: Node<'_>) -> Option<Item> {
        let private = has(&node, Rule::kw_private);
        let item = node
            .clone()
            .into_inner()
            .find(|n| !matches!(n.as_rule(), Rule::kw_private | Rule::EOI))?;
        Some(Item {
            kind: self.item_kind(&item)?,
            private,
            span: self.span(&node),
        })
    }

    fn item_kind(&mut self, node: &Node<'_>) -> Option<ItemKind> {
        Some(match node.as_rule() {
            Rule::reuse => ItemKind::Reuse(self.reuse(node)?),
            Rule::use_module => ItemKind::Use {
                module: self.path_in(node)?,
                alias: self.name_in(node, Rule::name),
            },
            Rule::code_table => ItemKind::Code {
                name: self.name_in(node, Rule::name)?,
                label: self.text_in(node)?,
                codes: self.code_lines(&child(node, Rule::code_lines)?),
            },
            Rule::section => ItemKind::Section {
                name: self.name_in(node, Rule::name)?,
                label: self.text_in(node)?,
                members: self.member_lines(&child(node, Rule::member_lines)?),
            },
            Rule::criterion => ItemKind::Criterion(self.definition(node)?),
            Rule::score => ItemKind::Score(self.definition(node)?),
            Rule::value => {
                let ty = child(node, Rule::type_expr).and_then(|n| self.type_expr(&n));
                ItemKind::Value(self.definition(node)?, ty)
            }
            Rule::grade => ItemKind::Grade {
                definition: self.definition(node)?,
                outcomes: self.outcomes(&child(node, Rule::outcomes)?),
            },
            Rule::threshold => ItemKind::Threshold(self.threshold(node)?),
            Rule::table if has(node, Rule::of_numbers) => ItemKind::Score(self.numbers(node)?),
            Rule::table => ItemKind::Table(self.table(node)?),
            Rule::judgement => ItemKind::Judgement(self.judgement(node)?),
            Rule::check => ItemKind::Check(self.check(node)?),
            Rule::migration => ItemKind::Migration(self.migration(node)?),
            Rule::function => ItemKind::Function(self.function(node)?),
            Rule::exception => ItemKind::Exception(self.exception(node)?),
            Rule::convert => ItemKind::Convert(self.conversion(node)?),
            _ => {
                let mut texts = children(node, Rule::text).map(|n| self.text(&n));
                ItemKind::NotJudged {
                    sentence: texts.next()?,
                    reason: texts.next()?,
                }
            }
        })
    }

    fn conversion(&mut self, node: &Node<'_>) -> Option<Conversion> {
        let mut amounts = children(node, Rule::quantity).map(|n| self.number(&n));
        Some(Conversion {
            left: amounts.next()??,
            right: amounts.next()??,
            fields: children(node, Rule::path).map(|n| self.path(&n)).collect(),
            span: self.span(node),
        })
    }

    fn function(&mut self, node: &Node<'_>) -> Option<Function> {
        let script = child(node, Rule::script)?;
        let ty = child(node, Rule::type_expr)?;
        Some(Function {
            name: self.name_in(node, Rule::name)?,
            label: self.text_in(node),
            cites: self.cited(node),
            parameters: children(node, Rule::parameter)
                .filter_map(|n| self.parameter(&n))
                .collect(),
            result: self.type_expr(&ty)?,
            script: Text {
                text: inside_marks(script.as_str()).to_owned(),
                span: self.span(&script),
            },
        })
    }

    fn parameter(&self, node: &Node<'_>) -> Option<Parameter> {
        let ty = child(node, Rule::parameter_type)?;
        Some(Parameter {
            name: self.name_in(node, Rule::name)?,
            whole: has(&ty, Rule::kw_integer),
            unit: self.text_in(&ty),
        })
    }

    fn definition(&mut self, node: &Node<'_>) -> Option<Definition> {
        Some(Definition {
            name: self.name_in(node, Rule::name)?,
            label: self.text_in(node),
            cites: self.cited(node),
            rule: self.expr(&child(node, Rule::expr)?)?,
        })
    }

    fn threshold(&mut self, node: &Node<'_>) -> Option<Threshold> {
        let periods = match self.filled(node) {
            Some(Fill::Periods(periods)) => periods,
            _ => {
                self.check_separators(node, Rule::period);
                children(node, Rule::period)
                    .filter_map(|n| self.period(&n))
                    .collect()
            }
        };
        let mut texts = children(node, Rule::text).map(|n| self.text(&n));
        Some(Threshold {
            name: self.name_in(node, Rule::name)?,
            label: texts.next(),
            unit: texts.next(),
            cites: self.cited(node),
            periods,
        })
    }

    pub(super) fn read_period(&mut self, node: Node<'_>) -> Option<Period> {
        self.period(&child(&node, Rule::period)?)
    }

    fn period(&mut self, node: &Node<'_>) -> Option<Period> {
        let mut dates = children(node, Rule::date);
        Some(Period {
            value: self.number(&child(node, Rule::bound)?)?,
            from: self.date(&dates.next()?)?,
            to: dates.next().and_then(|n| self.date(&n)),
            span: self.span(node),
        })
    }

    fn outcomes(&mut self, node: &Node<'_>) -> Vec<Outcome> {
        children(node, Rule::outcome)
            .filter_map(|n| {
                Some(Outcome {
                    name: self.name_in(&n, Rule::code_name)?,
                    label: self.text_in(&n),
                })
            })
            .collect()
    }

    fn table_body(&mut self, node: &Node<'_>) -> TableBody {
        match self.filled(node) {
            Some(Fill::Table(body)) => body,
            _ => TableBody::default(),
        }
    }

    fn numbers(&mut self, node: &Node<'_>) -> Option<Definition> {
        let body = self.table_body(node);
        Some(Definition {
            name: self.name_in(node, Rule::name)?,
            label: self.text_in(node),
            cites: self.cited(node),
            rule: cells(body, self.span(node)),
        })
    }

    fn table(&mut self, node: &Node<'_>) -> Option<Table> {
        let body = self.table_body(node);
        Some(Table {
            name: self.name_in(node, Rule::name)?,
            label: self.text_in(node),
            cites: self.cited(node),
            outcomes: self.outcomes(&child(node, Rule::outcomes)?),
            columns: body.columns,
            rows: body.rows,
        })
    }

    fn check(&mut self, node: &Node<'_>) -> Option<Check> {
        let level = child(node, Rule::level)?;
        let violated = child(node, Rule::violated)?;
        let only = child(node, Rule::application_only).map(|n| self.application(&n));
        Some(Check {
            id: self.name_in(node, Rule::name)?,
            level: match only_rule(level) {
                Some(Rule::kw_information) => Level::Information,
                Some(Rule::kw_warning) => Level::Warning,
                _ => Level::Error,
            },
            message: self.text_in(node)?,
            at: children(node, Rule::check_at)
                .flat_map(|n| children(&n, Rule::path).collect::<Vec<_>>())
                .map(|n| self.path(&n))
                .collect(),
            only,
            help: self.text_after(node, Rule::help),
            violated: self.expr(&child(&violated, Rule::expr)?)?,
        })
    }

    /// `new only`, `renewal application`, …
    pub(super) fn application(&self, node: &Node<'_>) -> Only {
        if has(node, Rule::kw_new) {
            Only::New
        } else {
            Only::Renewal
        }
    }

    // ------------------------------------------------------------------ judgements

    fn judgement(&mut self, node: &Node<'_>) -> Option<Judgement> {
        let lines = match self.filled(node) {
            Some(Fill::Judgement(lines)) => lines,
            _ => {
                self.check_separators(node, Rule::judgement_line);
                children(node, Rule::judgement_line)
                    .filter_map(|n| self.judgement_line(&n))
                    .collect()
            }
        };
        let mut judgement = Judgement {
            name: self.name_in(node, Rule::name)?,
            label: self.text_in(node)?,
            cites: self.cited(node),
            ordered: has(node, Rule::ordered),
            categories: Vec::new(),
            subtypes: Vec::new(),
            otherwise: None,
            eligible: Vec::new(),
            eligible_cites: Vec::new(),
        };
        for line in lines {
            match line {
                JudgementLine::Category(category) => judgement.categories.push(category),
                JudgementLine::Subtype(subtype, categories) => {
                    judgement.subtypes.push(subtype);
                    judgement.categories.extend(categories);
                }
                JudgementLine::Otherwise(name, label, span) => {
                    self.check_twice("otherwise", judgement.otherwise.is_some(), span);
                    judgement.otherwise = Some((name, label));
                }
                JudgementLine::Eligible(names, cites) => {
                    judgement.eligible.extend(names);
                    judgement.eligible_cites.extend(cites);
                }
            }
        }
        Some(judgement)
    }

    pub(super) fn read_judgement_line(&mut self, node: Node<'_>) -> Option<JudgementLine> {
        self.judgement_line(&child(&node, Rule::judgement_line)?)
    }

    fn judgement_line(&mut self, node: &Node<'_>) -> Option<JudgementLine> {
        let node = node.clone().into_inner().next()?;
        Some(match node.as_rule() {
            Rule::category => JudgementLine::Category(self.category(&node)?),
            Rule::subtype => self.subtype(&node)?,
            Rule::otherwise => JudgementLine::Otherwise(
                self.name_in(&node, Rule::code_name)?,
                self.text_in(&node)?,
                self.span(&node),
            ),
            _ => JudgementLine::Eligible(
                children(&node, Rule::category_name)
                    .map(|n| self.name(&n))
                    .collect(),
                self.cited(&node),
            ),
        })
    }

    // ------------------------------------------------------------------ migrations

    fn migration(&mut self, node: &Node<'_>) -> Option<Migration> {
        let lines = match self.filled(node) {
            Some(Fill::Migration(lines)) => lines,
            _ => {
                self.check_separators(node, Rule::migration_line);
                children(node, Rule::migration_line)
                    .filter_map(|n| self.migration_line(&n))
                    .collect()
            }
        };
        Some(Migration {
            edition: self.text_in(node)?,
            lines,
        })
    }

    pub(super) fn read_migration_line(&mut self, node: Node<'_>) -> Option<MigrationLine> {
        self.migration_line(&child(&node, Rule::migration_line)?)
    }

    fn migration_line(&mut self, node: &Node<'_>) -> Option<MigrationLine> {
        let node = node.clone().into_inner().next()?;
        let mut names = children(&node, Rule::name).map(|n| self.name(&n));
        let kind = match node.as_rule() {
            Rule::dropped => MigrationLineKind::Dropped {
                names: names.collect(),
                reason: self.text_in(&node)?,
            },
            Rule::asked => MigrationLineKind::Asked {
                names: names.collect(),
                reason: self.text_in(&node)?,
            },
            _ => MigrationLineKind::Carried {
                new: names.next()?,
                old: names.next()?,
                map: child(&node, Rule::code_map).map(|map| self.code_map(&map)),
                where_it_fits: has(&node, Rule::where_it_fits),
            },
        };
        Some(MigrationLine {
            kind,
            span: self.span(&node),
        })
    }

    fn code_map(&mut self, node: &Node<'_>) -> Vec<MappedCode> {
        self.check_separators(node, Rule::mapped_code);
        children(node, Rule::mapped_code)
            .filter_map(|line| {
                let mut codes = children(&line, Rule::code_value).map(|n| self.name(&n));
                Some(MappedCode {
                    old: codes.next()?,
                    new: codes.next()?,
                })
            })
            .collect()
    }

    fn category(&mut self, node: &Node<'_>) -> Option<Category> {
        Some(Category {
            subtype: None,
            name: self.name_in(node, Rule::code_name)?,
            label: self.text_in(node)?,
            cites: self.cited(node),
            when: self.expr(&child(node, Rule::expr)?)?,
        })
    }

    fn subtype(&mut self, node: &Node<'_>) -> Option<JudgementLine> {
        let categories = match self.filled(node) {
            Some(Fill::Subtype(categories)) => categories,
            _ => {
                self.check_separators(node, Rule::subtype_line);
                children(node, Rule::subtype_line)
                    .filter_map(|n| self.category(&child(&n, Rule::category)?))
                    .collect()
            }
        };
        let subtype = Subtype {
            name: self.name_in(node, Rule::code_name)?,
            label: self.text_in(node)?,
            cites: self.cited(node),
            when: self.expr(&child(node, Rule::expr)?)?,
            span: self.span(node),
        };
        let categories = categories
            .into_iter()
            .map(|category| category_of(&subtype, category))
            .collect();
        Some(JudgementLine::Subtype(subtype, categories))
    }

    pub(super) fn read_subtype_line(&mut self, node: Node<'_>) -> Option<Category> {
        let line = child(&node, Rule::subtype_line)?;
        self.category(&child(&line, Rule::category)?)
    }

    /// What was read already for the block whose `{` is a child of `node`.
    pub(super) fn filled(&mut self, node: &Node<'_>) -> Option<Fill> {
        let open = child(node, Rule::open)?;
        self.fills.remove(&self.span(&open).start)
    }
}

/// What stands between three quotation marks.
fn inside_marks(written: &str) -> &str {
    const MARK: &str = "\"\"\"";
    let inner = written.trim();
    let inner = inner.strip_prefix(MARK).unwrap_or(inner);
    inner.strip_suffix(MARK).unwrap_or(inner)
}

/// A category as the judgement sees it: 「顕微鏡的多発血管炎　Definite」 holds when the subtype does
/// and its own condition does.
pub(super) fn category_of(subtype: &Subtype, category: Category) -> Category {
    let span = category.when.span;
    Category {
        subtype: Some(subtype.name.clone()),
        name: Name {
            text: format!("{}_{}", subtype.name.text, category.name.text),
            span: category.name.span,
        },
        label: Text {
            text: format!("{}　{}", subtype.label.text, category.label.text),
            span: category.label.span,
        },
        when: Expr {
            kind: ExprKind::And(vec![subtype.when.clone(), category.when]),
            span,
        },
        ..category
    }
}

fn only_rule(node: Node<'_>) -> Option<Rule> {
    only(node).map(|n| n.as_rule())
}
