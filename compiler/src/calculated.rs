//! Calculated values that leave the type they are declared with.
//!
//! In go a program and the types its values were declared with; out come warnings, each with the
//! answers of a patient for whom the engine has calculated the value and whom no check refuses.
//! The search climbs from a few patients, one answer at a time, so it may miss a value; what it
//! reports is certain.

use crate::diagnostics as d;
use crate::lower::unit_reading;
use crate::reading;
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::{
    Application, Check, CompareOp, Cond, CondKind, DatePrecision, DefinitionId, FieldId, FieldType,
    Index, Number, NumberKind, Rule,
};
use kohyo_engine::{
    Answer, Answers, Context, Date, Decimal, Form, Probe, Program, Question, Read, Tri,
    number_domain, reads_through,
};
use std::collections::BTreeSet;

/// What the author wrote of a value.
pub(crate) struct Declared {
    pub(crate) definition: DefinitionId,
    pub(crate) file: String,
    pub(crate) span: Span,
    pub(crate) digits: u8,
    pub(crate) fraction: u8,
    pub(crate) min: Option<Decimal>,
    pub(crate) max: Option<Decimal>,
}

/// Rules and conditions that the searches of one program may evaluate.
const BUDGET: usize = 400_000;

/// Answers to a question that are tried.
const OPTIONS: usize = 12;

/// Answers that a finding names.
const NAMED: usize = 6;

/// Warns of the values of `program` that leave their types.
pub(crate) fn check(program: &Program, declared: &[Declared], diagnostics: &mut Vec<Diagnostic>) {
    // A function may cost any time.
    if declared.is_empty() || !program.functions.is_empty() {
        return;
    }
    let Ok(form) = Form::new(program.clone()) else {
        return;
    };
    let reads = |check: &Check| reads_through(program, &check.violated);
    let checks: Vec<BTreeSet<Read>> = program.checks.iter().map(reads).collect();
    let mut left = BUDGET;
    for value in declared {
        diagnostics.extend(beyond(&form, &checks, value, &mut left));
    }
}

/// Warns of a value that leaves its type; `checks` is what each of the checks reads.
fn beyond(
    form: &Form,
    checks: &[BTreeSet<Read>],
    value: &Declared,
    left: &mut usize,
) -> Option<Diagnostic> {
    let (low, high, _) = number_domain(value.digits, value.fraction, value.min, value.max)?;
    let mut search = Search::new(form, checks, value.definition, left);
    let starts = search.starts();
    let found = [
        search
            .furthest(&starts, false)
            .filter(|(least, _)| *least < low),
        search
            .furthest(&starts, true)
            .filter(|(most, _)| *most > high),
    ];
    let found: Vec<(Decimal, Answers)> = found.into_iter().flatten().collect();
    let (first, answers) = found.first()?;
    let definition = form
        .program()
        .definitions
        .get(usize::from(value.definition.0))?;
    let unit = match &definition.rule {
        Rule::Number { unit, .. } => unit.as_deref().map(|unit| unit_reading(unit, false)),
        Rule::Criterion(_) | Rule::Grade { .. } => None,
    };
    let digits = usize::from(value.fraction);
    let said = |number: &Decimal| reading::quantity(&format!("{number:.digits$}"), unit);
    let all: Vec<String> = found.iter().map(|(number, _)| said(number)).collect();
    Some(d::value_beyond_type(
        (&value.file, value.span),
        &definition.label,
        &all.join("や"),
        &format!("{low:.digits$}〜{high:.digits$}"),
        (&search.told(answers), &said(first)),
    ))
}

struct Search<'f, 'b> {
    probe: Probe<'f>,
    form: &'f Form,
    definition: DefinitionId,
    context: Context,
    /// What the value reads, with the answers that are tried.
    questions: Vec<(FieldId, Vec<Answer>)>,
    /// The checks that read any of these questions.
    touched: Vec<Index>,
    /// The other checks: they say the same of all these patients.
    untouched: Vec<Index>,
    /// Rules behind the value.
    rules: usize,
    left: &'b mut usize,
}

impl<'f, 'b> Search<'f, 'b> {
    fn new(
        form: &'f Form,
        checks: &[BTreeSet<Read>],
        definition: DefinitionId,
        left: &'b mut usize,
    ) -> Self {
        let program = form.program();
        let today = program.valid_from;
        let reads = reads_through(program, &asks(definition));
        let mut questions = Vec::new();
        let mut rules = 1;
        for read in reads {
            match read {
                Read::Field(field) => {
                    if let Some(options) = options(form, field, today) {
                        questions.push((field, options));
                    }
                }
                Read::Definition(_) | Read::Judgement(_) => rules += 1,
            }
        }
        let asks = |reads: &BTreeSet<Read>| {
            let mut fields = questions.iter().map(|(field, _)| Read::Field(*field));
            fields.any(|field| reads.contains(&field))
        };
        let checks = (0..=Index::MAX).zip(checks.iter().map(asks));
        let (touched, untouched): (Vec<_>, Vec<_>) = checks.partition(|(_, asks)| *asks);
        let positions = |checks: Vec<(Index, bool)>| checks.into_iter().map(|(i, _)| i).collect();
        Self {
            probe: Probe::new(form),
            touched: positions(touched),
            untouched: positions(untouched),
            form,
            definition,
            context: Context {
                today,
                application: Application::New,
            },
            questions,
            rules,
            left,
        }
    }

    /// The largest or smallest value that was found, with its patient.
    fn furthest(
        &mut self,
        starts: &[(Application, Answers)],
        up: bool,
    ) -> Option<(Decimal, Answers)> {
        let mut best: Option<(Decimal, Answers)> = None;
        for (application, start) in starts {
            self.context.application = *application;
            let found = self.climb(start.clone(), up);
            let further = |a: Decimal, b: Decimal| if up { a > b } else { a < b };
            if let Some((value, answers)) = found
                && best
                    .as_ref()
                    .is_none_or(|(known, _)| further(value, *known))
            {
                best = Some((value, answers));
            }
        }
        best
    }

    /// Patients with the first, the last and the middle answer to everything, in both kinds of
    /// application, with the codes that show the most.
    fn starts(&mut self) -> Vec<(Application, Answers)> {
        let choose = |pick: fn(usize) -> usize| {
            let mut answers = Answers::new(self.form);
            for (field, options) in &self.questions {
                if let Some(answer) = options.get(pick(options.len())) {
                    answers.set(*field, answer.clone());
                }
            }
            answers
        };
        let chosen = [
            choose(|_| 0),
            choose(|options| options.saturating_sub(1)),
            choose(|options| options / 2),
        ];
        let mut starts = Vec::new();
        for application in [Application::New, Application::Renewal] {
            self.context.application = application;
            let nothing = Answers::new(self.form);
            if refuses(&mut self.probe, &self.context, &self.untouched, &nothing) {
                continue;
            }
            for answers in &chosen {
                starts.push((application, self.opened(answers.clone())));
            }
        }
        starts
    }

    /// Chooses the codes that show the most of what the value reads.
    fn opened(&mut self, mut answers: Answers) -> Answers {
        let hidable = |field: &FieldId| {
            let asked = self.form.field(*field);
            asked.is_none_or(|asked| asked.shown_when.is_some() || asked.only.is_some())
        };
        let fields = self.questions.iter().map(|(field, _)| *field);
        let (hidable, always): (Vec<FieldId>, Vec<FieldId>) = fields.partition(hidable);
        for (field, options) in &self.questions {
            let mut most = 0;
            let mut best = answers.get(*field).clone();
            for option in options {
                if !matches!(option, Answer::Code(_) | Answer::Codes(_)) {
                    break;
                }
                *self.left = self.left.saturating_sub(hidable.len());
                if *self.left == 0 {
                    break;
                }
                answers.set(*field, option.clone());
                let probe = &mut self.probe;
                let shown = hidable.iter().filter(|field| {
                    let asked = Question::Shown(**field);
                    probe.holds(&answers, &self.context, asked) == Tri::True
                });
                let shown = always.len() + shown.count();
                if shown > most {
                    most = shown;
                    best = option.clone();
                }
            }
            answers.set(*field, best);
        }
        answers
    }

    /// Changes one answer after the other as long as the value gets further.
    fn climb(&mut self, mut answers: Answers, up: bool) -> Option<(Decimal, Answers)> {
        let mut best = self.value(&answers).filter(|_| self.is_real(&answers));
        let questions = std::mem::take(&mut self.questions);
        let mut moved = true;
        while moved && *self.left > 0 {
            moved = false;
            for (field, options) in &questions {
                for option in options {
                    let before = answers.get(*field).clone();
                    if before == *option {
                        continue;
                    }
                    answers.set(*field, option.clone());
                    let value = self.value(&answers);
                    let further = match (value, best) {
                        (Some(value), Some(best)) if up => value > best,
                        (Some(value), Some(best)) => value < best,
                        (Some(_), None) => true,
                        (None, _) => false,
                    };
                    if further && self.is_real(&answers) {
                        best = value;
                        moved = true;
                    } else {
                        answers.set(*field, before);
                    }
                }
            }
        }
        self.questions = questions;
        Some((best?, answers))
    }

    fn value(&mut self, answers: &Answers) -> Option<Decimal> {
        *self.left = self.left.checked_sub(self.rules).unwrap_or_default();
        if *self.left == 0 {
            return None;
        }
        self.probe.number(answers, &self.context, self.definition)
    }

    /// Whether no check refuses this patient, and nothing happens before the birth.
    fn is_real(&mut self, answers: &Answers) -> bool {
        *self.left = self.left.saturating_sub(self.touched.len());
        let day = |answer: &Answer| match answer {
            Answer::Date(date) => Some(date.first_day()),
            _ => None,
        };
        let birth = self.form.field_id("birth_date");
        let birth = birth.and_then(|field| day(answers.get(field)));
        let mut days = answers.iter().filter_map(|(_, answer)| day(answer));
        if birth.is_some_and(|birth| days.any(|day| day < birth)) {
            return false;
        }
        !refuses(&mut self.probe, &self.context, &self.touched, answers)
    }

    /// 「体重 300.0kg、性別「男」」
    fn told(&self, answers: &Answers) -> String {
        let named = self.questions.iter().filter_map(|(field, _)| {
            let asked = self.form.field(*field)?;
            let label = &asked.label;
            match (answers.get(*field), &asked.ty) {
                (Answer::Number(number), FieldType::Number { unit, fraction, .. }) => {
                    let digits = format!("{number:.*}", usize::from(*fraction));
                    let amount = reading::quantity(&digits, unit.as_deref());
                    Some(format!("{label} {amount}"))
                }
                (Answer::Code(code), _) => {
                    let code = self.form.codes(*field).get(usize::from(*code))?;
                    Some(format!("{label}{}", reading::quoted(&code.label)))
                }
                (Answer::Date(date), _) => Some(format!("{label} {}", date.japanese())),
                _ => None,
            }
        });
        let named: Vec<String> = named.collect();
        match named.get(..NAMED) {
            Some(first) if named.len() > NAMED => format!("{} など", first.join("、")),
            _ => named.join("、"),
        }
    }
}

/// Whether one of these checks is violated.
fn refuses(probe: &mut Probe<'_>, context: &Context, checks: &[Index], answers: &Answers) -> bool {
    checks
        .iter()
        .any(|check| probe.holds(answers, context, Question::Check(*check)) == Tri::True)
}

/// A condition that reads the value.
fn asks(definition: DefinitionId) -> Cond {
    let number = |kind| Number {
        kind,
        text: String::new(),
    };
    Cond {
        kind: CondKind::compare(
            number(NumberKind::Definition(definition)),
            CompareOp::Equal,
            number(NumberKind::Const(Decimal::ZERO)),
        ),
        text: String::new(),
    }
}

/// The codes that say something.
fn known(form: &Form, field: FieldId) -> impl Iterator<Item = Index> {
    let codes = (0..=u16::MAX).zip(form.codes(field));
    codes
        .filter(|(_, code)| !code.unknown)
        .map(|(index, _)| index)
}

/// Answers to try: the ends of the range and the thresholds, every code, some dates.
fn options(form: &Form, field: FieldId, today: Date) -> Option<Vec<Answer>> {
    let asked = form.field(field)?;
    let mut found: Vec<Answer> = match &asked.ty {
        FieldType::Number {
            digits,
            fraction,
            min,
            max,
            ..
        } => {
            let (low, high, step) = number_domain(*digits, *fraction, *min, *max)?;
            // Nothing is divided by the 0 at which a range begins.
            let second = low.checked_add(step).filter(|second| *second < high);
            let thresholds = form.thresholds(field).iter().copied();
            let inside = thresholds.filter(|t| {
                low < *t
                    && *t < high
                    && Some(*t) != second
                    && t.normalize().scale() <= u32::from(*fraction)
            });
            let inside = inside.take(OPTIONS - 3);
            let ends = [Some(low), second, Some(high)].into_iter().flatten();
            ends.chain(inside).map(Answer::Number).collect()
        }
        FieldType::Choice { .. } => known(form, field).map(Answer::Code).collect(),
        FieldType::Choices { .. } => {
            let codes = known(form, field);
            codes.map(|code| Answer::Codes(vec![code])).collect()
        }
        FieldType::Date { precision } => {
            const YEAR: i32 = 365;
            let days: &[i32] = if asked.name == "birth_date" {
                &[90 * YEAR, 70 * YEAR, 40 * YEAR, 18 * YEAR, 2 * YEAR]
            } else {
                &[20 * YEAR, 5 * YEAR, 2 * YEAR, YEAR, 1, 0]
            };
            let back = |days: &i32| today.first_day().checked_sub(*days);
            let dates = days.iter().filter_map(back);
            let dates = dates.filter_map(Date::from_day_number);
            let asked_for = |date: Date| {
                let (year, month) = (date.year_number(), date.month_number()?);
                match precision {
                    DatePrecision::Year => Date::year(year),
                    DatePrecision::Month => Date::month(year, month),
                    DatePrecision::Day => Some(date),
                }
            };
            let dates = dates.filter_map(asked_for);
            dates.map(Answer::Date).collect()
        }
        FieldType::Text { .. }
        | FieldType::Kana { .. }
        | FieldType::Digits { .. }
        | FieldType::PostalCode
        | FieldType::Phone => return None,
    };
    found.truncate(OPTIONS);
    Some(found)
}
