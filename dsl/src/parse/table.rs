//! Bodies of tables, read line by line and cell by cell.
//!
//! The subject and unit of the first head hold for the following heads of the same edge:
//! `| upcr < 0.15 g/gCr | 0.15 ..< 0.50 | >= 0.50` becomes three full conditions.

use super::expr::with_sign;
use super::items::TableBody;
use super::leaves::{child, only};
use super::quick::Quick;
use super::read::{Build, Reader};
use super::{Node, Rule};
use crate::ast::{Expr, ExprKind, Name, NumberLiteral, Path, Text};
use crate::diagnostic::Diagnostic;
use crate::{Span, codes};
use std::ops::Range;

/// A head as written.
pub(super) struct Head {
    pub(super) condition: Expr,
    /// Without a subject of its own.
    pub(super) bare: bool,
}

/// Reads the lines between the braces of a table.
pub(super) fn read(reader: &mut Reader<'_>, inner: Range<usize>, of_numbers: bool) -> TableBody {
    let mut lines = lines(reader, inner.clone()).into_iter();
    let header = lines.next();
    let Some(header) = header.filter(|h| h.first().is_some_and(Range::is_empty)) else {
        report_no_columns(reader, &inner);
        return TableBody::default();
    };
    let mut edge = Edge::default();
    let heads = header.iter().skip(1);
    let columns = heads
        .filter_map(|head| edge.condition(reader, head))
        .collect();
    // Where a head could not be read, a `|` may be missing, and rows cannot be counted against it.
    let width = (!edge.unread).then_some(header.len() - 1);
    let mut edge = Edge::default();
    let mut body = TableBody {
        columns,
        ..TableBody::default()
    };
    for line in lines {
        let Some((head, cells)) = line.split_first() else {
            continue;
        };
        let cells = cells_of(reader, head, cells, width, of_numbers);
        match (edge.condition(reader, head), cells) {
            (Some(condition), Some(Cells::Outcomes(names))) => body.rows.push((condition, names)),
            (Some(condition), Some(Cells::Numbers(numbers))) => {
                body.numbers.push((condition, numbers));
            }
            _ => {}
        }
    }
    body
}

/// The rule that a table of numbers is.
pub(super) fn cells(body: TableBody, span: Span) -> Expr {
    let TableBody {
        columns, numbers, ..
    } = body;
    let kind = ExprKind::Cells {
        columns,
        rows: numbers,
    };
    Expr { kind, span }
}

/// What stands in a cell.
pub(super) enum Cell {
    Outcome(Name),
    Number(NumberLiteral),
}

/// What stands in the cells of a row.
enum Cells {
    Outcomes(Vec<Name>),
    Numbers(Vec<Expr>),
}

/// The lines of a table, each cut at `|`. A line without `|` goes on with the next one.
fn lines(reader: &Reader<'_>, inner: Range<usize>) -> Vec<Vec<Range<usize>>> {
    let mut lines = Vec::new();
    let mut line: Vec<Range<usize>> = Vec::new();
    let mut start = inner.start;
    let mut depth = 0_usize;
    for i in inner.clone() {
        let word = reader.word(i);
        let breaks = word == ";" || reader.token(i).is_some_and(|t| t.first);
        if depth == 0 && breaks && !line.is_empty() {
            line.push(start..i);
            lines.push(std::mem::take(&mut line));
            start = i;
        }
        match word {
            "{" | "(" => depth += 1,
            "}" | ")" => depth = depth.saturating_sub(1),
            "|" if depth == 0 => {
                line.push(start..i);
                start = i + 1;
            }
            ";" if depth == 0 => start = i + 1,
            _ => {}
        }
    }
    if !line.is_empty() || start < inner.end {
        line.push(start..inner.end);
        lines.push(line);
    }
    lines
}

/// The cells of a row, if there are as many as columns.
fn cells_of(
    reader: &mut Reader<'_>,
    head: &Range<usize>,
    cells: &[Range<usize>],
    width: Option<usize>,
    of_numbers: bool,
) -> Option<Cells> {
    if let Some((last, full)) = cells.split_last()
        && last.is_empty()
        && width == Some(full.len())
    {
        report_closing_bar(reader, last);
        return None;
    }
    if let Some(width) = width.filter(|width| *width != cells.len()) {
        let end = cells.last().map_or(head.end, |last| last.end);
        report_width(reader, &(head.start..end), cells.len(), width);
        return None;
    }
    let (mut names, mut numbers) = (Vec::new(), Vec::new());
    for cell in cells {
        if cell.is_empty() {
            report_empty(reader, cell, if of_numbers { "数" } else { "結果" });
            continue;
        }
        let read = reader
            .quick(cell, Quick::cell)
            .or_else(|| reader.read(Rule::read_cell, cell.clone(), |b, n| b.table_cell(n)));
        match read {
            Some(Cell::Outcome(name)) if !of_numbers => names.push(name),
            Some(Cell::Number(number)) if of_numbers => numbers.push(with_sign(number)),
            Some(_) => report_kind(reader, cell, of_numbers),
            None => {}
        }
    }
    let read = if of_numbers {
        Cells::Numbers(numbers)
    } else {
        Cells::Outcomes(names)
    };
    let complete = match &read {
        Cells::Outcomes(names) => names.len() == cells.len(),
        Cells::Numbers(numbers) => numbers.len() == cells.len(),
    };
    complete.then_some(read)
}

// ---------------------------------------------------------------------- heads

impl Build<'_> {
    fn table_cell(&mut self, node: Node<'_>) -> Option<Cell> {
        match child(&node, Rule::bound) {
            Some(number) => self.number(&number).map(Cell::Number),
            None => self.name_in(&node, Rule::code_name).map(Cell::Outcome),
        }
    }

    fn table_head(&mut self, node: Node<'_>) -> Option<Head> {
        let node = only(child(&node, Rule::table_head)?)?;
        let span = self.span(&node);
        let open = open_subject(span);
        let kind = match node.as_rule() {
            Rule::expr => {
                return Some(Head {
                    condition: self.expr(&node)?,
                    bare: false,
                });
            }
            Rule::bare_range => self.range(open, &child(&node, Rule::range)?)?,
            Rule::bare_comparison => ExprKind::Compare {
                left: Box::new(open),
                op: super::expr::comparison(child(&node, Rule::comparison)?.as_str().trim()),
                right: Box::new(self.expr(&child(&node, Rule::tight_expr)?)?),
            },
            _ => self.suffix(open, &only(node)?)?,
        };
        Some(Head {
            condition: Expr { kind, span },
            bare: true,
        })
    }
}

/// The place of a subject that is still to be filled in.
pub(super) fn open_subject(span: Span) -> Expr {
    let names = Vec::new();
    Expr {
        kind: ExprKind::Ref(Path { names, span }),
        span,
    }
}

/// What the heads of one edge share.
#[derive(Default)]
struct Edge {
    subject: Option<Expr>,
    unit: Option<Text>,
    /// A later head is about something else, so that a bare head would be ambiguous.
    mixed: bool,
    /// A head could not be read.
    unread: bool,
    /// It was reported that a bare head is about nothing.
    reported: bool,
}

impl Edge {
    /// The head written in `range` as a full condition.
    fn condition(&mut self, reader: &mut Reader<'_>, range: &Range<usize>) -> Option<Expr> {
        let Some(Head {
            mut condition,
            bare,
        }) = head_of(reader, range)
        else {
            self.unread = true;
            return None;
        };
        if let (Some(_), Some(_)) = (&self.subject, number_of(&condition)) {
            report_bare_number(reader, condition.span);
            return None;
        }
        if !bare {
            self.learn(reader, &condition);
            return Some(condition);
        }
        let Some(subject) = &self.subject else {
            if !self.unread && !self.reported {
                report_no_subject(reader, condition.span);
                self.reported = true;
            }
            return None;
        };
        if self.mixed {
            report_mixed(reader, condition.span);
            return None;
        }
        fill(&mut condition, subject, self.unit.as_ref());
        Some(condition)
    }

    fn learn(&mut self, reader: &Reader<'_>, condition: &Expr) {
        let Some(subject) = subject_of(condition) else {
            return;
        };
        match &self.subject {
            None => {
                self.unit = unit_of(condition).cloned();
                self.subject = Some(subject.clone());
            }
            Some(first) => {
                let same = first.span.of(reader.clean) == subject.span.of(reader.clean);
                self.mixed |= !same;
            }
        }
    }
}

fn head_of(reader: &mut Reader<'_>, range: &Range<usize>) -> Option<Head> {
    if range.is_empty() {
        report_empty(reader, range, "見出し");
        return None;
    }
    reader
        .quick(range, Quick::head)
        .or_else(|| reader.read(Rule::read_head, range.clone(), |b, n| b.table_head(n)))
}

/// What a condition is about.
fn subject_of(condition: &Expr) -> Option<&Expr> {
    match &condition.kind {
        ExprKind::Compare { left, .. } => Some(left),
        ExprKind::InRange { subject, .. }
        | ExprKind::Is { subject, .. }
        | ExprKind::Answered { subject, .. }
        | ExprKind::Includes { subject, .. } => Some(subject),
        ExprKind::Not(inner) => subject_of(inner),
        _ => None,
    }
}

/// The unit a condition compares with.
pub(super) fn unit_of(condition: &Expr) -> Option<&Text> {
    match &condition.kind {
        ExprKind::Compare { right, .. } => number_of(right).and_then(|n| n.unit.as_ref()),
        ExprKind::InRange { low, high, .. } => high.unit.as_ref().or(low.unit.as_ref()),
        ExprKind::Not(inner) => unit_of(inner),
        _ => None,
    }
}

fn number_of(expr: &Expr) -> Option<&NumberLiteral> {
    match &expr.kind {
        ExprKind::Number(number) => Some(number),
        ExprKind::Negative(inner) => number_of(inner),
        _ => None,
    }
}

/// Writes the shared subject and unit into a bare head.
pub(super) fn fill(condition: &mut Expr, shared: &Expr, unit: Option<&Text>) {
    match &mut condition.kind {
        ExprKind::Compare { left, right, .. } => {
            **left = shared.clone();
            fill_unit(right, unit);
        }
        ExprKind::InRange {
            subject, low, high, ..
        } => {
            **subject = shared.clone();
            if low.unit.is_none() && high.unit.is_none() {
                low.unit = unit.cloned();
                high.unit = unit.cloned();
            }
        }
        ExprKind::Is { subject, .. }
        | ExprKind::Answered { subject, .. }
        | ExprKind::Includes { subject, .. } => **subject = shared.clone(),
        ExprKind::Not(inner) => fill(inner, shared, unit),
        _ => {}
    }
}

fn fill_unit(expr: &mut Expr, unit: Option<&Text>) {
    match &mut expr.kind {
        ExprKind::Number(number) if number.unit.is_none() => number.unit = unit.cloned(),
        ExprKind::Negative(inner) => fill_unit(inner, unit),
        _ => {}
    }
}

// ---------------------------------------------------------------------- findings

fn span_of(reader: &Reader<'_>, range: &Range<usize>) -> Span {
    Span {
        start: reader.start_of(range),
        end: reader.end_of(range),
    }
}

/// The `|` or word before an empty place.
fn before(reader: &Reader<'_>, range: &Range<usize>) -> Span {
    range
        .start
        .checked_sub(1)
        .and_then(|i| reader.token(i))
        .map_or(Span::default(), |t| t.span)
}

fn report_no_columns(reader: &mut Reader<'_>, inner: &Range<usize>) {
    let span = if inner.is_empty() {
        before(reader, inner)
    } else {
        span_of(reader, &(inner.start..inner.start + 1))
    };
    reader.diagnostics.push(
        Diagnostic::error(
            codes::TABLE_HEAD,
            reader.file,
            span,
            "表の列の見出しがありません",
        )
        .help("最初の行は「| upcr < 0.15 g/gCr | 0.15 ..< 0.50 | >= 0.50」のように「|」で始めます"),
    );
}

fn report_empty(reader: &mut Reader<'_>, range: &Range<usize>, what: &str) {
    let span = before(reader, range);
    reader.diagnostics.push(
        Diagnostic::error(
            codes::CELLS,
            reader.file,
            span,
            format!("表に空の{what}があります"),
        )
        .note(format!("この後に{what}が要ります"))
        .help("すべてのます目に結果の名前を書きます"),
    );
}

fn report_kind(reader: &mut Reader<'_>, range: &Range<usize>, of_numbers: bool) {
    let span = span_of(reader, range);
    let (message, help) = if of_numbers {
        (
            "点数の表のます目には数を書きます",
            "区分の表なら「: score」の代わりに「: low \"低\" | high \"高\"」のように並べます",
        )
    } else {
        (
            "表のます目には結果の名前を書きます",
            "点数の表なら、結果を並べる代わりに「: score」と書きます",
        )
    };
    reader
        .diagnostics
        .push(Diagnostic::error(codes::CELLS, reader.file, span, message).help(help));
}

fn report_closing_bar(reader: &mut Reader<'_>, last: &Range<usize>) {
    let span = before(reader, last);
    reader.diagnostics.push(
        Diagnostic::error(
            codes::CELLS,
            reader.file,
            span,
            "表の行を「|」で終えることはできません",
        )
        .help("行の終わりの「|」を消します")
        .fix(span, ""),
    );
}

fn report_width(reader: &mut Reader<'_>, range: &Range<usize>, found: usize, width: usize) {
    let span = span_of(reader, range);
    reader.diagnostics.push(
        Diagnostic::error(
            codes::CELLS,
            reader.file,
            span,
            format!("この行の結果は {found} 個ですが、列は {width} 個です"),
        )
        .help("列と同じ数の結果を「|」で区切って書きます"),
    );
}

fn report_no_subject(reader: &mut Reader<'_>, span: Span) {
    reader.diagnostics.push(
        Diagnostic::error(
            codes::TABLE_HEAD,
            reader.file,
            span,
            "何についての条件か書かれていません",
        )
        .help("最初の見出しには項目の名前も書きます。例: egfr >= 90"),
    );
}

/// `| n = 0 | 1`.
fn report_bare_number(reader: &mut Reader<'_>, span: Span) {
    let written = span.of(reader.clean).trim().to_owned();
    let before = Span {
        end: span.start,
        ..span
    };
    reader.diagnostics.push(
        Diagnostic::error(
            codes::TABLE_HEAD,
            reader.file,
            span,
            format!("「{written}」だけでは条件になりません"),
        )
        .help(format!("一つの値の見出しは「= {written}」と書きます"))
        .fix(before, "= "),
    );
}

fn report_mixed(reader: &mut Reader<'_>, span: Span) {
    reader.diagnostics.push(
        Diagnostic::error(
            codes::TABLE_HEAD,
            reader.file,
            span,
            "何についての条件か決まりません",
        )
        .note("前の見出しに 2 つ以上の項目があります")
        .help("この見出しにも項目の名前を書きます"),
    );
}
