//! Why: the tree of rules behind a judgement with what each came to and the answers used.
//!
//! The tree of the program and the flat rows of the arena are walked side by side: the program
//! has the words, the arena the values. A definition is expanded where a category first refers
//! to it; further references in the same category show only what it came to, so that an
//! explanation is never longer than the rules themselves. Rows that do not exist are told in one line
//! ([`crate::rows`]).

use crate::answers::Answer;
use crate::arena::{CondNode, CondRef, DefinitionRule, Instant, NumberNode, NumberRef};
use crate::exact::outcomes;
use crate::form::Form;
use crate::machine::{Machine, Value, View};
use crate::outcome::ExplainNode;
use crate::outline::{TABLE, announces};
use crate::program::{
    Application, Cond, CondKind, Definition, DefinitionId, Excepted, ExceptionKind, FieldId, Index,
    Judgement, JudgementId, Moment, Number, NumberKind, Rule,
};
use crate::reading::{
    POINTS, answer_text, definition, named, names_several, one_of, range_text, shift_text, unit_of,
    value_text,
};
use crate::rows;
use crate::tri::Tri;

/// One node per category of a judgement, given its category if that is settled.
pub(crate) fn explain(
    form: &Form,
    machine: &mut Machine<'_>,
    judgement: u16,
    settled: Option<Index>,
) -> Vec<ExplainNode> {
    let Some(program) = form.program().judgements.get(usize::from(judgement)) else {
        return Vec::new();
    };
    let rule = machine.arena.judgements.get(usize::from(judgement));
    let conditions = rule.map_or(&[][..], |rule| &rule.conditions);
    let mut nodes = Vec::new();
    let mut none_before = Tri::True;
    for (index, category) in (0..).zip(&program.categories) {
        let mut explainer = Explainer {
            form,
            machine,
            expanded: vec![false; form.program().definitions.len()],
            factor: false,
            within: None,
            without: Some(NO_ROW),
        };
        let condition = category
            .when
            .as_ref()
            .zip(conditions.get(usize::from(index)));
        let child = condition.map(|(condition, at)| explainer.condition(condition, *at));
        let holds = child.as_ref().map_or(none_before, |child| child.holds);
        none_before = none_before.and(!holds);
        let is_settled = settled.is_some_and(|settled| index <= settled);
        let whatever = child
            .as_ref()
            .filter(|_| is_settled && holds == Tri::Unknown);
        let whatever = whatever.map(|_| whatever_is_answered(settled == Some(index)));
        nodes.push(ExplainNode {
            text: category.label.clone(),
            // The search may know more than three-valued logic.
            holds: match settled {
                Some(settled) if index == settled => Tri::True,
                Some(settled) if index < settled => Tri::False,
                _ => holds,
            },
            cites: category.cites.clone(),
            answer: None,
            field: None,
            children: whatever.into_iter().chain(child).collect(),
        });
    }
    nodes
}

/// That a category is settled although its reasons are not.
fn whatever_is_answered(holds: bool) -> ExplainNode {
    let told = if holds {
        "当たります"
    } else {
        "当たりません"
    };
    ExplainNode {
        text: format!("分からない答えがどれであっても、これに{told}"),
        holds: Tri::from(holds),
        cites: None,
        answer: None,
        field: None,
        children: Vec::new(),
    }
}

struct Explainer<'m, 'a> {
    form: &'m Form,
    machine: &'m mut Machine<'a>,
    /// Definitions already expanded in this category.
    expanded: Vec<bool>,
    /// Inside a calculation: its parts are factors and terms, not points.
    factor: bool,
    /// The rule whose steps are told.
    within: Option<DefinitionId>,
    /// What to say of a rest that is no value; nothing while an earlier case is not settled.
    without: Option<&'static str>,
}

/// One side of a comparison, or a part of a sum.
#[derive(Default)]
struct Side {
    answer: String,
    field: Option<String>,
    cites: Option<String>,
    children: Vec<ExplainNode>,
}

impl Explainer<'_, '_> {
    fn condition(&mut self, condition: &Cond, at: CondRef) -> ExplainNode {
        let mut node = ExplainNode {
            text: condition.text.clone(),
            holds: self.machine.condition(at),
            cites: None,
            answer: None,
            field: None,
            children: Vec::new(),
        };
        let Some(flat) = self.machine.arena.condition(at).copied() else {
            return node;
        };
        match (&condition.kind, flat) {
            (
                CondKind::Code { field, .. }
                | CondKind::Includes { field, .. }
                | CondKind::Answered(field),
                _,
            ) => {
                node.answer = Some(self.answer(*field));
                node.field = self.name(*field);
            }
            (CondKind::Criterion(id), _) => {
                node.cites = self.cites(*id);
                node.children = self.expand(*id);
            }
            (CondKind::Grade { definition, .. }, _) => {
                node.answer = Some(self.value(*definition));
                node.cites = self.cites(*definition);
                node.children = self.expand(*definition);
            }
            (CondKind::Category { judgement, .. }, _) => {
                node.answer = Some(self.categories(*judgement))
            }
            (CondKind::Application(_), _) => node.answer = Some(self.application()),
            (CondKind::Not(inner), CondNode::Not(at)) => {
                let inner = self.condition(inner, at);
                adopt(&mut node, inner);
            }
            (
                CondKind::TreatUnknown {
                    condition: inner, ..
                },
                CondNode::TreatUnknown { condition: at, .. },
            ) => {
                // A collapse looks at the form as it stands now; so do its reasons.
                let before = self.machine.swap_view(View::Now);
                let inner = self.condition(inner, at);
                self.machine.swap_view(before);
                adopt(&mut node, inner);
            }
            (CondKind::All(all), CondNode::All(list))
                if is_range(all) && !announces(&condition.text) =>
            {
                // One sentence about one number: 10.0以上25.0未満.
                let list = self.machine.arena.conditions_of(list);
                if let (Some(first), Some(at)) = (all.first(), list.first()) {
                    let inner = self.condition(first, *at);
                    node.answer = inner.answer;
                    node.field = inner.field;
                    node.cites = inner.cites;
                    node.children = inner.children;
                }
            }
            (CondKind::All(_) | CondKind::Any(_) | CondKind::Count { .. }, _)
                if !condition.said_of_answers().is_empty() =>
            {
                let fields = condition.said_of_answers();
                let answers: Vec<String> = fields.iter().map(|f| self.answer(*f)).collect();
                node.answer = Some(answers.join(" と "));
                node.field = fields.first().and_then(|field| self.name(*field));
            }
            (
                CondKind::All(all) | CondKind::Any(all) | CondKind::Count { of: all, .. },
                CondNode::All(list) | CondNode::Any(list) | CondNode::Count { of: list, .. },
            ) => node.children = self.conditions(all, self.machine.arena.conditions_of(list)),
            (
                CondKind::Compare { left, right, .. },
                CondNode::Compare {
                    left: left_at,
                    right: right_at,
                    ..
                },
            ) => self.compare(&mut node, (left, left_at), (right, right_at)),
            (
                CondKind::CompareDates { left, right, .. },
                CondNode::CompareDates {
                    left: left_at,
                    right: right_at,
                    ..
                },
            ) => self.dates(&mut node, (left, left_at), (right, right_at)),
            (CondKind::If(condition, then, otherwise), CondNode::If(at, then_at, otherwise_at)) => {
                let condition = self.condition(condition, at);
                let holds = condition.holds;
                node.children.push(condition);
                if holds != Tri::False {
                    node.children.push(self.condition(then, then_at));
                }
                if holds != Tri::True {
                    let rest = self.condition(otherwise, otherwise_at);
                    node.children.extend(unfolded(otherwise, rest));
                }
            }
            (
                CondKind::IfShown {
                    condition: inner, ..
                },
                CondNode::IfShown {
                    fields,
                    condition: at,
                    ..
                },
            ) => match self.machine.all_shown(fields) {
                Tri::False => node.answer = Some(HIDDEN.to_owned()),
                Tri::True | Tri::Unknown => {
                    let inner = self.condition(inner, at);
                    adopt(&mut node, inner);
                }
            },
            // A constant has no parts; tree and rows have the same shape.
            _ => {}
        }
        node
    }

    fn conditions(&mut self, conditions: &[Cond], at: &[CondRef]) -> Vec<ExplainNode> {
        let rows = rows::of_conditions(conditions);
        let missing = self.missing_rows(&rows);
        let there = conditions.iter().zip(at).take(conditions.len() - missing);
        let mut nodes: Vec<ExplainNode> = there
            .map(|(condition, at)| self.condition(condition, *at))
            .collect();
        // Of rows that do not exist it is known what they come to.
        let last = at.last().map(|at| self.machine.condition(*at));
        let told = self.told_missing(&rows, missing, last.unwrap_or(Tri::False), nodes.is_empty());
        nodes.extend(told);
        nodes
    }

    /// How many of these rows do not exist.
    fn missing_rows(&mut self, rows: &[rows::Row]) -> usize {
        let Some(count) = rows.first().map(|row| row.count) else {
            return 0;
        };
        match *self.machine.answer(count.0) {
            Answer::Number(there) if self.shown(count) => {
                rows.iter().filter(|row| row.number > there).count()
            }
            _ => 0,
        }
    }

    /// One line for all rows that do not exist, if any.
    fn told_missing(
        &mut self,
        rows: &[rows::Row],
        missing: usize,
        holds: Tri,
        alone: bool,
    ) -> Option<ExplainNode> {
        let count = rows.first().filter(|_| missing > 0)?.count;
        Some(ExplainNode {
            text: match alone {
                true => "行はありません".to_owned(),
                false => format!("ほかの行（{missing}行）はありません"),
            },
            holds,
            cites: None,
            answer: Some(self.answer(count)),
            field: self.name(count),
            children: Vec::new(),
        })
    }

    fn compare(
        &mut self,
        node: &mut ExplainNode,
        left: (&Number, NumberRef),
        right: (&Number, NumberRef),
    ) {
        let constant = |number: &Number| matches!(number.kind, NumberKind::Const(_));
        let (is_left, is_right) = (!constant(left.0), !constant(right.0));
        let left = self.number(left.0, left.1);
        let right = self.number(right.0, right.1);
        node.answer = match (is_left, is_right) {
            (true, true) => Some(format!("{} と {}", left.answer, right.answer)),
            (true, false) => Some(left.answer),
            (false, true) => Some(right.answer),
            (false, false) => None,
        };
        node.field = left.field.or(right.field);
        node.cites = left.cites.or(right.cites);
        node.children = left.children;
        node.children.extend(right.children);
    }

    fn dates(
        &mut self,
        node: &mut ExplainNode,
        left: (&Moment, Instant),
        right: (&Moment, Instant),
    ) {
        let mut answers = Vec::new();
        for (moment, at) in [left, right] {
            if let Some(field) = at.field() {
                node.field = node.field.take().or_else(|| self.name(FieldId(field)));
            }
            if !matches!(moment, Moment::Const(_)) {
                answers.push(self.moment(moment, at));
            }
        }
        node.answer = Some(answers.join(" と ")).filter(|answer| !answer.is_empty());
    }

    fn moment(&mut self, moment: &Moment, at: Instant) -> String {
        match moment {
            Moment::Const(date) => date.japanese(),
            Moment::Field(field) => self.answer(*field),
            Moment::Shifted { moment, by, unit } => {
                // The words of the moment itself: the rule says how far away it is.
                let at = match at {
                    Instant::ShiftedField(field, ..) => Instant::Field(field),
                    Instant::ShiftedToday(..) => Instant::Today,
                    at => at,
                };
                format!("{}の{}", self.moment(moment, at), shift_text(*by, *unit))
            }
            Moment::Today => {
                let day = self.machine.instant(at).first;
                crate::value::Date::from_day_number(day)
                    .map_or_else(String::new, crate::value::Date::japanese)
            }
        }
    }

    /// What a number came to and from what.
    fn number(&mut self, number: &Number, at: NumberRef) -> Side {
        let range = self.machine.number(at);
        let unit = match number.kind {
            NumberKind::If(..) | NumberKind::When { .. } if self.factor => "",
            _ => unit_of(self.form.program(), number),
        };
        let mut side = Side {
            answer: range_text(range, unit),
            ..Side::default()
        };
        let Some(flat) = self.machine.arena.number(at).copied() else {
            return side;
        };
        match (&number.kind, flat) {
            (NumberKind::Field(field), _) => {
                side.answer = self.answer(*field);
                side.field = self.name(*field);
            }
            (NumberKind::Points(field), _) => {
                side.answer = format!("{}（{}）", self.answer(*field), range_text(range, unit));
                side.field = self.name(*field);
            }
            (NumberKind::Definition(id), _) => {
                if unit != POINTS {
                    side.answer = self.value(*id);
                }
                side.cites = self.cites(*id);
                side.children = self.expand(*id);
            }
            (
                NumberKind::Sum(numbers) | NumberKind::Max(numbers) | NumberKind::Min(numbers),
                NumberNode::Sum { parts, .. } | NumberNode::Max(parts) | NumberNode::Min(parts),
            ) => side.children = self.numbers(numbers, self.machine.arena.numbers_of(parts)),
            (NumberKind::Count(conditions), NumberNode::Count(list)) => {
                if let Some(field) = number.said_of_answer() {
                    side.answer = format!("{}（{}）", side.answer, self.answer(field));
                    side.field = self.name(field);
                } else {
                    let list = self.machine.arena.conditions_of(list);
                    side.children = self.conditions(conditions, list);
                }
            }
            (
                NumberKind::When { amount, condition },
                NumberNode::When {
                    amount: amount_at,
                    condition: at,
                },
            ) => {
                let condition = self.condition(condition, at);
                side.field.clone_from(&condition.field);
                side.children = vec![condition];
                if !matches!(amount.kind, NumberKind::Const(_)) {
                    side.children.push(self.part(amount, amount_at));
                }
            }
            (
                NumberKind::If(chosen_by, then, otherwise),
                NumberNode::If(at, then_at, otherwise_at),
            ) => {
                let condition = self.condition(chosen_by, at);
                let holds = condition.holds;
                // Of a table only the cells that count, or may count, are told.
                if number.text != TABLE || holds != Tri::False {
                    side.children.push(condition);
                }
                let before = self.without;
                self.without = before.filter(|_| holds.known().is_some());
                if holds != Tri::False {
                    let part = self.varying_part(then, then_at);
                    side.children.extend(match part {
                        // The columns of the row.
                        Some(row) if then.text == TABLE => row.children,
                        part => Vec::from_iter(part),
                    });
                }
                if holds != Tri::True {
                    if chosen_by.is_period() {
                        self.without = self.without.map(|_| NO_PERIOD);
                    }
                    let rest = self.varying_part(otherwise, otherwise_at);
                    side.children.extend(match (&otherwise.kind, rest) {
                        // The next case of the same first match.
                        (NumberKind::If(..), Some(rest)) => rest.children,
                        (_, rest) => Vec::from_iter(rest),
                    });
                }
                self.without = before;
            }
            (
                NumberKind::Arithmetic { left, right, .. },
                NumberNode::Arithmetic {
                    left: left_at,
                    right: right_at,
                    ..
                },
            ) => {
                for (part, at) in [(left, left_at), (right, right_at)] {
                    for step in self.operand(part, at) {
                        if !side.children.contains(&step) {
                            side.children.push(step);
                        }
                    }
                }
            }
            (NumberKind::Call { arguments, .. }, NumberNode::Call { first, second, .. }) => {
                for (argument, at) in arguments
                    .iter()
                    .zip([Some(first), second].into_iter().flatten())
                {
                    side.children.extend(self.operand(argument, at));
                }
            }
            (
                NumberKind::Script { arguments, .. },
                NumberNode::Script {
                    arguments: list, ..
                },
            ) => {
                for (argument, at) in arguments.iter().zip(self.machine.arena.numbers_of(list)) {
                    side.children.extend(self.operand(argument, *at));
                }
            }
            (
                NumberKind::Elapsed { from, to, .. },
                NumberNode::Elapsed {
                    from: from_at,
                    to: to_at,
                    ..
                },
            ) => {
                let (from_text, to_text) = (self.moment(from, from_at), self.moment(to, to_at));
                // A calendar month or year is the day itself, not how long it has been.
                side.answer = if *from == Moment::Const(crate::value::Date::FIRST) {
                    to_text
                } else if from_text == to_text && range.is_open() {
                    format!("{}（どちらも{from_text}）", side.answer)
                } else {
                    format!("{}（{from_text}から{to_text}まで）", side.answer)
                };
                let mut fields = [from_at, to_at].into_iter().filter_map(Instant::field);
                side.field = fields.find_map(|field| self.name(FieldId(field)));
            }
            (
                NumberKind::IfShown { number: inner, .. },
                NumberNode::IfShown {
                    fields, number: at, ..
                },
            ) => {
                if self.machine.all_shown(fields) == Tri::False {
                    side.answer = format!("{HIDDEN}（{}）", side.answer);
                } else {
                    let answer = side.answer;
                    side = self.number(inner, at);
                    side.answer = if range.is_open() { answer } else { side.answer };
                }
            }
            _ => {}
        }
        side
    }

    fn numbers(&mut self, numbers: &[Number], at: &[NumberRef]) -> Vec<ExplainNode> {
        let rows = rows::of_numbers(numbers);
        let missing = self.missing_rows(&rows);
        let there = numbers.iter().zip(at).take(numbers.len() - missing);
        let mut nodes: Vec<ExplainNode> = there
            .filter_map(|(number, at)| self.varying_part(number, *at))
            .collect();
        nodes.extend(self.told_missing(&rows, missing, Tri::True, nodes.is_empty()));
        nodes
    }

    /// What a calculation is made of: an inner calculation is no step of its own.
    fn operand(&mut self, number: &Number, at: NumberRef) -> Vec<ExplainNode> {
        let before = std::mem::replace(&mut self.factor, true);
        let part = self.varying_part(number, at);
        self.factor = before;
        match (&number.kind, part) {
            (NumberKind::Arithmetic { .. }, Some(part)) => part.children,
            (_, part) => Vec::from_iter(part),
        }
    }

    /// A number as a step of its own; a constant is none, nor is that there may be no value.
    fn varying_part(&mut self, number: &Number, at: NumberRef) -> Option<ExplainNode> {
        let silent = match number.kind {
            NumberKind::Const(_) => true,
            NumberKind::Nothing => self.without.is_none(),
            _ => false,
        };
        (!silent).then(|| self.part(number, at))
    }

    /// A number as a step of its own: it holds when it is known; an amount under a condition
    /// holds when the condition does.
    fn part(&mut self, number: &Number, at: NumberRef) -> ExplainNode {
        if let (NumberKind::Nothing, Some(why)) = (&number.kind, self.without) {
            return self.nothing(why);
        }
        let range = self.machine.number(at);
        let holds = match self.machine.arena.number(at).copied() {
            Some(NumberNode::When { condition, .. }) => self.machine.condition(condition),
            _ if range.is_open() => Tri::Unknown,
            _ => Tri::True,
        };
        let side = self.number(number, at);
        ExplainNode {
            text: number.text.clone(),
            holds,
            cites: side.cites,
            answer: Some(side.answer),
            field: side.field,
            children: side.children,
        }
    }

    /// That the rule at hand has no value for this patient, with the reason if its author knows one.
    fn nothing(&mut self, why: &str) -> ExplainNode {
        let label = self.within.and_then(|id| {
            let rule = definition(self.form.program(), id)?;
            Some(format!("「{}」の", rule.label))
        });
        ExplainNode {
            text: format!("{}{why}", label.unwrap_or_default()),
            holds: Tri::Unknown,
            cites: None,
            answer: self.within.and_then(|id| self.gap(id)),
            field: None,
            children: Vec::new(),
        }
    }

    /// Why the official text has no value for this patient.
    fn gap(&self, id: DefinitionId) -> Option<String> {
        let of = Excepted::Definition(id);
        let known = &self.form.program().exceptions;
        let gaps = known
            .iter()
            .filter(|e| e.kind == ExceptionKind::Gap && e.of == of);
        // Which of several is meant is not worked out.
        let mut reasons: Vec<&str> = gaps.map(|gap| gap.reason.as_str()).collect();
        reasons.dedup();
        (!reasons.is_empty()).then(|| reasons.join("、又は"))
    }

    /// The rule behind a reference, the first time it is met in a category.
    fn expand(&mut self, id: DefinitionId) -> Vec<ExplainNode> {
        match self.expanded.get_mut(usize::from(id.0)) {
            Some(expanded) if !*expanded => *expanded = true,
            _ => return Vec::new(),
        }
        let Some(words) = definition(self.form.program(), id) else {
            return Vec::new();
        };
        let factor = matches!(&words.rule, Rule::Number { unit, fraction, .. }
            if unit.is_some() || fraction.is_some());
        let before = (self.factor, self.within, self.without);
        (self.factor, self.within, self.without) = (factor, Some(id), Some(NO_ROW));
        let steps = self.steps(words, id);
        (self.factor, self.within, self.without) = before;
        steps
    }

    /// The steps of a rule.
    fn steps(&mut self, words: &Definition, id: DefinitionId) -> Vec<ExplainNode> {
        match (
            &words.rule,
            self.machine.arena.definitions.get(usize::from(id.0)),
        ) {
            (Rule::Criterion(condition), Some(DefinitionRule::Criterion(at))) => {
                vec![self.condition(condition, *at)]
            }
            (Rule::Number { number, .. }, Some(DefinitionRule::Number { number: at, .. })) => {
                let parts = matches!(
                    number.kind,
                    NumberKind::Sum(_)
                        | NumberKind::Max(_)
                        | NumberKind::Min(_)
                        | NumberKind::Count(_)
                );
                if parts && number.said_of_answer().is_none() {
                    self.number(number, *at).children
                } else {
                    Vec::from_iter(self.varying_part(number, *at))
                }
            }
            (
                Rule::Grade {
                    outcomes,
                    arms,
                    otherwise,
                    ..
                },
                Some(DefinitionRule::Grade { arms: flat, .. }),
            ) => {
                let mut nodes = Vec::new();
                for ((condition, outcome), (at, _)) in arms.iter().zip(flat) {
                    let holds = self.machine.condition(*at);
                    if holds == Tri::False {
                        continue;
                    }
                    let label = outcomes
                        .get(usize::from(*outcome))
                        .map_or("", |outcome| &outcome.label);
                    nodes.push(ExplainNode {
                        text: label.to_owned(),
                        holds,
                        cites: None,
                        answer: None,
                        field: None,
                        children: vec![self.condition(condition, *at)],
                    });
                    if holds == Tri::True {
                        break;
                    }
                }
                if nodes.is_empty() && otherwise.is_none() {
                    nodes.push(self.nothing(NO_ROW));
                }
                nodes
            }
            _ => Vec::new(),
        }
    }

    /// The answer a leaf uses: `あり`, `3.5 g/gCr`, `不明（3）`, `未記入`, `非表示`, `表示は未定`.
    fn answer(&mut self, field: FieldId) -> String {
        match self.shown_now(field) {
            Tri::True => {}
            Tri::False => return HIDDEN.to_owned(),
            Tri::Unknown => return NOT_YET_SHOWN.to_owned(),
        }
        let answer = self.machine.answer(field.0);
        if answer.is_missing() {
            return "未記入".to_owned();
        }
        let text = answer_text(self.form, field, answer);
        match answer {
            Answer::Code(code) => match self.form.codes(field).get(usize::from(*code)) {
                Some(code) if code.unknown => format!("{text}（{}）", code.value),
                _ => text,
            },
            _ => text,
        }
    }

    fn shown(&mut self, field: FieldId) -> bool {
        self.shown_now(field) == Tri::True
    }

    fn shown_now(&mut self, field: FieldId) -> Tri {
        self.machine.in_view(View::Now, |now| now.shown(field.0))
    }

    fn name(&self, field: FieldId) -> Option<String> {
        self.form.field(field).map(|field| field.name.clone())
    }

    fn cites(&self, id: DefinitionId) -> Option<String> {
        definition(self.form.program(), id)?.cites.clone()
    }

    fn value(&mut self, id: DefinitionId) -> String {
        let value = self.machine.definition(id.0);
        let view = self.machine.swap_view(View::Completions);
        let value = match view {
            View::Completions => possible_value(self.machine, id.0, value),
            View::Now => value,
        };
        self.machine.swap_view(view);
        definition(self.form.program(), id)
            .map(|definition| value_text(self.form.program(), definition, value))
            .unwrap_or_default()
    }

    fn categories(&mut self, id: JudgementId) -> String {
        let possible = self.machine.judgement(id.0);
        let judgement: Option<&Judgement> = self.form.program().judgements.get(usize::from(id.0));
        let categories = judgement.map_or(&[][..], |judgement| &judgement.categories);
        let labels: Vec<&str> = named(possible, categories.len())
            .into_iter()
            .filter_map(|position| categories.get(position))
            .map(|category| category.label.as_str())
            .collect();
        one_of(&labels, true)
    }

    fn application(&self) -> String {
        match self.machine.application() {
            Application::New => "新規申請".to_owned(),
            Application::Renewal => "更新申請".to_owned(),
        }
    }
}

/// A value in words names no outcome that no completion has.
pub(crate) fn possible_value(machine: &mut Machine<'_>, definition: u16, value: Value) -> Value {
    match value {
        Value::Grade(possible) if names_several(possible) => {
            Value::Grade(outcomes(machine, definition, possible))
        }
        value => value,
    }
}

const HIDDEN: &str = "非表示";

/// What stands for the answer to a question of which it is open whether it is asked.
const NOT_YET_SHOWN: &str = "表示は未定";

/// How a step ends that says that a rule has no value for a patient about whom everything is known.
pub const NO_ROW: &str = "区分表に当てはまる行がありません";

/// The same of a threshold that begins after the day of judgement, or ended before it.
pub const NO_PERIOD: &str = "判定日の値がありません";

/// Whether conditions say from where to where one number or date lies.
fn is_range(conditions: &[Cond]) -> bool {
    let [low, high] = conditions else {
        return false;
    };
    match (&low.kind, &high.kind) {
        (
            CondKind::Compare { left, right, .. },
            CondKind::Compare {
                left: same,
                right: end,
                ..
            },
        ) => {
            let constant = |number: &Number| matches!(number.kind, NumberKind::Const(_));
            left == same && constant(right) && constant(end)
        }
        (
            CondKind::CompareDates { left, right, .. },
            CondKind::CompareDates {
                left: same,
                right: end,
                ..
            },
        ) => {
            let constant = |moment: &Moment| matches!(moment, Moment::Const(_));
            left == same && constant(right) && constant(end)
        }
        _ => false,
    }
}

/// The next case of the same choice is no step of its own.
fn unfolded(condition: &Cond, node: ExplainNode) -> Vec<ExplainNode> {
    match condition.kind {
        CondKind::If(..) => node.children,
        _ => vec![node],
    }
}

/// Puts a single inner step into its outer one: a leaf lends its answer, others stay below.
fn adopt(outer: &mut ExplainNode, inner: ExplainNode) {
    if inner.children.is_empty() && inner.cites.is_none() {
        outer.answer = inner.answer;
        outer.field = inner.field;
    } else {
        outer.children = vec![inner];
    }
}
