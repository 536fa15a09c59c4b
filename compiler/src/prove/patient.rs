//! From a combination on paper to a patient: concrete answers, tried on the engine, then reduced
//! to the items that matter.

use super::encode::Encoder;
use super::number::Virtual;
use super::reads::Cone;
use super::solver::Lit;
use super::state::{Grid, State};
use super::timeline::{Timeline, fill_dates, shifted};
use kohyo_engine::program::{
    Application, Definition, DefinitionId, ElapsedUnit, FieldId, FieldType, Index, JudgementId,
    Moment, NumberKind, Rule,
};
use kohyo_engine::{Answer, Answers, Context, Date, Decimal, Form, Probe, Program, Question, Tri};
use std::collections::BTreeSet;

/// Something a patient is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// A condition holds, or it does not.
    Is(Question, bool),
    /// A judgement is open: no category is settled.
    Open(JudgementId),
}

impl Wish {
    /// That a condition holds which was not to, or the other way round.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Is(question, wanted) => Self::Is(question, !wanted),
            Self::Open(_) => self,
        }
    }
}

/// A patient of whom the engine says what was wished.
#[derive(Clone, Debug)]
pub(crate) struct Patient {
    pub(crate) answers: Answers,
    pub(crate) context: Context,
}

/// What a patient must show, and what may be left out.
pub(super) struct Task<'t> {
    pub(super) wishes: &'t [Wish],
    pub(super) cone: &'t Cone,
    /// Error checks that must not be violated.
    pub(super) kept: &'t [Index],
    /// Every item must stay answered.
    pub(super) complete: bool,
    /// Calculated numbers must lie where the combination says.
    pub(super) placed: bool,
    /// A patient from whom most is taken over.
    pub(super) beside: Option<Beside<'t>>,
}

/// A patient to stay close to.
#[derive(Clone, Copy)]
pub(super) struct Beside<'t> {
    pub(super) patient: &'t Patient,
    /// Answered just as there.
    pub(super) same: &'t BTreeSet<FieldId>,
}

/// So many sets of answers are tried for one example.
const TRIES: u32 = 3_000;

/// Of two values that are moved together the one is put to so many places on each side.
const NEIGHBOURS: u32 = 48;

/// A form that also calculates the numbers circuits do not follow.
pub(super) fn trial_form(program: &Program, virtuals: &[Virtual]) -> Option<Form> {
    let mut program = program.clone();
    for (index, found) in virtuals.iter().enumerate() {
        program.definitions.push(Definition {
            name: format!("?{index}"),
            label: found.number.text.clone(),
            cites: None,
            rule: Rule::Number {
                number: found.number.clone(),
                unit: None,
                fraction: None,
                covered: false,
            },
        });
    }
    Form::new(program).ok()
}

/// Answers straight from the combination that the solver found last, not tried on the engine.
pub(super) fn drafted(encoder: &Encoder<'_>, form: &Form, task: &Task<'_>) -> Patient {
    Search::new(encoder, form, task).draft()
}

/// Finds concrete answers for the patient that the solver found last.
pub(super) fn realise(encoder: &Encoder<'_>, form: &Form, task: &Task<'_>) -> Option<Patient> {
    let mut search = Search::new(encoder, form, task);
    search.windows = search.all_windows();
    let mut patient = search.draft();
    if !search.shows(&patient) && !search.adjust(&mut patient) {
        return None;
    }
    search.reduce(&mut patient);
    Some(patient)
}

struct Search<'s, 'a> {
    encoder: &'s Encoder<'a>,
    probe: Probe<'s>,
    task: &'s Task<'s>,
    /// Where the numbers that circuits do not follow have to lie.
    windows: Vec<(DefinitionId, Window)>,
    tries: u32,
    /// Whatever a number is made of is changed, also beyond the combination: codes that rules count
    /// points for, days, values beyond their thresholds. The engine says whether that does.
    freely: bool,
}

/// A measured value to be moved so that a calculated one comes to lie in its window.
#[derive(Clone, Copy)]
struct Lever {
    field: FieldId,
    id: DefinitionId,
    window: Window,
}

/// Where a calculated number has to lie.
#[derive(Clone, Copy, Debug)]
struct Window {
    low: Option<(Decimal, bool)>,
    high: Option<(Decimal, bool)>,
}

impl Window {
    /// Whether a number lies below (-1), in (0) or above (1) it.
    fn side(self, number: Decimal) -> i8 {
        let reaches = |(c, strict): (Decimal, bool)| if strict { number > c } else { number >= c };
        match (self.low, self.high) {
            (Some(low), _) if !reaches(low) => -1,
            (_, Some(high)) if reaches(high) => 1,
            _ => 0,
        }
    }

    /// How far a number lies from its nearer end.
    fn distance(self, number: Decimal) -> Decimal {
        let ends = [self.low, self.high].into_iter().flatten();
        let far = ends.map(|(end, _)| (number - end).abs());
        far.min().unwrap_or_default()
    }
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(encoder: &'s Encoder<'a>, form: &'s Form, task: &'s Task<'s>) -> Self {
        Self {
            encoder,
            probe: Probe::new(form),
            task,
            windows: Vec::new(),
            tries: TRIES,
            freely: false,
        }
    }

    /// What a field says in the patient to stay close to.
    fn taken_over(&self, field: FieldId) -> Option<&Answer> {
        let beside = self.task.beside?;
        let same = beside.same.contains(&field);
        same.then(|| beside.patient.answers.get(field))
    }

    fn on(&self, lit: Lit) -> bool {
        self.encoder.solver.value(lit)
    }

    /// Answers straight from the combination; a number takes the threshold it lies at.
    fn draft(&self) -> Patient {
        let program = self.encoder.program;
        let mut answers = Answers::with_len(program.fields.len());
        let made = self.encoder.made();
        let mut timeline = Timeline::new(program);
        if let Some(beside) = self.task.beside {
            answers = beside.patient.answers.clone();
            timeline.fix(Moment::Today, beside.patient.context.today);
        }
        for (id, state) in &made {
            if !self.task.cone.fields.contains(id) {
                continue;
            }
            if let Some(answer) = self.taken_over(*id) {
                if let Answer::Date(date) = answer {
                    timeline.fix(Moment::Field(*id), *date);
                }
                continue;
            }
            answers.set(*id, Answer::Missing);
            match state {
                State::Choice(codes) => {
                    if let Some(index) = chosen(codes, |lit| self.on(lit)).first() {
                        answers.set(*id, Answer::Code(*index));
                    }
                }
                State::Choices(codes) => {
                    let all = chosen(codes, |lit| self.on(lit));
                    if !all.is_empty() {
                        answers.set(*id, Answer::Codes(all));
                    }
                }
                State::Number(grid) if self.on(grid.answered) => {
                    answers.set(*id, Answer::Number(self.typical(grid)));
                }
                State::Text(answered) if self.on(*answered) => {
                    answers.set(*id, example_text(program, *id));
                }
                State::Date { answered, precise } if self.on(*answered) => {
                    timeline.add(*id, self.on(*precise));
                }
                State::Number(_) | State::Text(_) | State::Date { .. } => {}
            }
        }
        let dated = self.dated();
        timeline.demand(self.encoder, |a, b| {
            dated.iter().any(|cone| cone.compares(a, b)) || self.task.beside.is_some()
        });
        let today = fill_dates(&timeline, &mut answers);
        let application = if self.on(self.encoder.renewal) {
            Application::Renewal
        } else {
            Application::New
        };
        Patient {
            answers,
            context: Context { today, application },
        }
    }

    /// The rules whose dates have to lie as the combination says; near another patient all do.
    fn dated(&self) -> Vec<Cone> {
        let program = self.encoder.program;
        let kept = self.task.kept.iter();
        let kept = kept.filter_map(|check| program.checks.get(usize::from(*check)));
        kept.map(|check| Cone::of(program, [&check.violated]))
            .chain([self.task.cone.clone()])
            .collect()
    }

    /// From where to where a number lies, and whether a threshold says so.
    fn part(&self, grid: &Grid) -> (Decimal, Decimal, bool, bool) {
        let low = grid
            .cuts
            .iter()
            .filter(|(_, lit)| self.on(**lit))
            .map(|(c, _)| *c)
            .next_back();
        let high = grid
            .cuts
            .iter()
            .find(|(_, lit)| !self.on(**lit))
            .map(|(c, _)| *c - grid.step);
        (
            low.unwrap_or(grid.low),
            high.unwrap_or(grid.high),
            low.is_some(),
            high.is_some(),
        )
    }

    fn typical(&self, grid: &Grid) -> Decimal {
        let (low, high, from, to) = self.part(grid);
        match (from, to) {
            (false, true) => high,
            (true, _) => low,
            (false, false) => Decimal::ZERO.max(low).min(high),
        }
    }

    /// The engine says what was wished, nothing hidden is answered, no error is found.
    fn shows(&mut self, patient: &Patient) -> bool {
        let Patient { answers, context } = patient;
        let task = self.task;
        task.wishes.iter().all(|wish| match wish {
            Wish::Is(question, wanted) => {
                self.probe.holds(answers, context, *question) == Tri::from(*wanted)
            }
            Wish::Open(judgement) => self.is_open(patient, *judgement),
        }) && answers
            .iter()
            .filter(|(_, answer)| !answer.is_missing())
            .all(|(field, _)| {
                task.beside.is_some()
                    || self.probe.holds(answers, context, Question::Shown(field)) == Tri::True
            })
            && task.kept.iter().all(|check| {
                self.probe.holds(answers, context, Question::Check(*check)) != Tri::True
            })
            && (!task.placed || self.lies_in_windows(patient))
    }

    fn is_open(&mut self, patient: &Patient, judgement: JudgementId) -> bool {
        let count = self
            .encoder
            .program
            .judgements
            .get(usize::from(judgement.0))
            .map_or(0, |judgement| judgement.categories.len().saturating_sub(1));
        for category in (0..Index::MAX).take(count) {
            let question = Question::Category(judgement, category);
            match self
                .probe
                .holds(&patient.answers, &patient.context, question)
            {
                Tri::True => return false,
                Tri::False => {}
                Tri::Unknown => return true,
            }
        }
        false
    }

    /// The numbers that circuits do not follow, with what the combination says of them.
    fn all_windows(&self) -> Vec<(DefinitionId, Window)> {
        self.encoder
            .virtuals
            .iter()
            .zip(self.encoder.program.definitions.len()..)
            .filter(|(found, _)| {
                found.inputs.fields.is_subset(&self.task.cone.fields) && self.on(found.known)
            })
            .filter_map(|(found, position)| {
                let id = DefinitionId(u16::try_from(position).ok()?);
                Some((id, self.window(found)))
            })
            .collect()
    }

    fn lies_in_windows(&mut self, patient: &Patient) -> bool {
        let windows = self.windows.clone();
        windows.iter().all(|(id, window)| {
            let number = self.probe.number(&patient.answers, &patient.context, *id);
            // Months and years leave elapsed time open; the verdict will show.
            number.is_none_or(|number| window.side(number) == 0)
        })
    }

    /// The measured values and the codes that a calculated number is made of: those with points, or
    /// all.
    fn movable(&self, patient: &Patient, id: DefinitionId, all: bool) -> Vec<FieldId> {
        let first = self.encoder.program.definitions.len();
        let found = usize::from(id.0)
            .checked_sub(first)
            .and_then(|position| self.encoder.virtuals.get(position));
        match found {
            Some(found) if !matches!(found.number.kind, NumberKind::Elapsed { .. }) => found
                .inputs
                .fields
                .iter()
                .copied()
                .filter(|field| self.taken_over(*field).is_none())
                .filter(|field| match patient.answers.get(*field) {
                    Answer::Number(_) => true,
                    Answer::Code(_) => all || self.points(*field).next().is_some(),
                    // What is not asked of this patient may be once other answers change.
                    _ => all,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Moves measured values until the calculated ones lie where they should.
    fn adjust(&mut self, patient: &mut Patient) -> bool {
        let start = patient.clone();
        let [with_points, all] = [false, true].map(|all| {
            let windows = self.windows.iter();
            let windows =
                windows.map(|(id, window)| (*id, *window, self.movable(&start, *id, all)));
            windows.collect::<Vec<(DefinitionId, Window, Vec<FieldId>)>>()
        });
        for (windows, freely) in [(&with_points, false), (&all, true)] {
            self.freely = freely;
            self.tries = TRIES;
            for quarter in [2_u32, 1, 3, 0, 4] {
                *patient = start.clone();
                self.spread_out(patient, windows, quarter);
                self.ask_anew(patient, windows, quarter);
                if self.moved_in_turn(patient, windows, quarter) {
                    return true;
                }
            }
        }
        self.freely = false;
        self.tries = TRIES;
        *patient = start;
        self.spread_out(patient, &with_points, 2);
        self.adjust_two(patient, &with_points)
    }

    /// Moves one after the other; whether somebody shows what was wished then.
    fn moved_in_turn(
        &mut self,
        patient: &mut Patient,
        windows: &[(DefinitionId, Window, Vec<FieldId>)],
        quarters: u32,
    ) -> bool {
        for _ in 0..3 {
            for (id, window, movable) in windows {
                for field in movable {
                    if self.tries == 0 {
                        return false;
                    }
                    let lever = Lever {
                        field: *field,
                        id: *id,
                        window: *window,
                    };
                    self.move_one(patient, lever);
                    self.ask_anew(patient, windows, quarters);
                    if self.shows(patient) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Where answers change freely, leaves out what is not asked any more and answers what is.
    fn ask_anew(
        &mut self,
        patient: &mut Patient,
        windows: &[(DefinitionId, Window, Vec<FieldId>)],
        quarters: u32,
    ) {
        if !self.freely {
            return;
        }
        for field in windows.iter().flat_map(|(_, _, movable)| movable) {
            let Patient { answers, context } = &*patient;
            let shown = self.probe.holds(answers, context, Question::Shown(*field)) == Tri::True;
            let missing = answers.get(*field).is_missing();
            if !shown && !missing {
                patient.answers.set(*field, Answer::Missing);
            } else if shown && missing {
                patient
                    .answers
                    .set(*field, self.somewhere(*field, quarters));
            }
        }
    }

    /// An answer so many quarters up what a field can say.
    fn somewhere(&self, field: FieldId, quarters: u32) -> Answer {
        if let Some((low, high, step)) = self.room(field) {
            let steps = ((high - low) / step / Decimal::from(4) * Decimal::from(quarters)).floor();
            return Answer::Number(low + steps * step);
        }
        let codes: Vec<Index> = match self.encoder.states.get(usize::from(field.0)) {
            Some(Some(State::Choice(_))) => self.points(field).collect(),
            _ => Vec::new(),
        };
        let last = codes.len().saturating_sub(1);
        let quarters = usize::try_from(quarters).unwrap_or(0);
        codes
            .get(last * quarters / 4)
            .map_or(Answer::Missing, |code| Answer::Code(*code))
    }

    /// Moves two measured values together, where the steps of one alone leap over the window:
    /// `0.12 * pain + 0.11 * global` comes to just 2.1 at few pairs.
    fn adjust_two(
        &mut self,
        patient: &mut Patient,
        windows: &[(DefinitionId, Window, Vec<FieldId>)],
    ) -> bool {
        for (id, window, movable) in windows {
            let lever = |field: FieldId| Lever {
                field,
                id: *id,
                window: *window,
            };
            for (position, first) in movable.iter().enumerate() {
                for second in movable.iter().skip(position + 1) {
                    self.move_one(patient, lever(*first));
                    self.move_one(patient, lever(*second));
                    if self.move_two(patient, lever(*first), lever(*second)) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Puts one value to the places beside it, and looks for the other one each time.
    fn move_two(&mut self, patient: &mut Patient, first: Lever, second: Lever) -> bool {
        let (Answer::Number(middle), Some((low, high, step)), Some((from, to, other_step))) = (
            patient.answers.get(first.field).clone(),
            self.room(first.field),
            self.room(second.field),
        ) else {
            return false;
        };
        let sides = [step, -step];
        let beside = (1..=NEIGHBOURS).flat_map(|n| sides.map(|s| middle + s * Decimal::from(n)));
        let places = std::iter::once(middle).chain(beside);
        for place in places.filter(|place| (low..=high).contains(place)) {
            if self.tries == 0 {
                return false;
            }
            patient.answers.set(first.field, Answer::Number(place));
            let ends = [from, to].map(|end| {
                let number = self.number(patient, second, Answer::Number(end));
                (end, number.map(|number| second.window.side(number)))
            });
            let inside = match ends {
                // The end tried last is the one that is answered.
                [_, (_, Some(0))] => true,
                [(end, Some(0)), _] => {
                    patient.answers.set(second.field, Answer::Number(end));
                    true
                }
                [(_, Some(below)), (_, Some(above))] if above != below => {
                    self.bisect(patient, second, (from, below), (to, other_step))
                }
                _ => false,
            };
            if inside && self.shows(patient) {
                return true;
            }
        }
        false
    }

    fn window(&self, found: &Virtual) -> Window {
        let on = |(_, lit): &(&(Decimal, bool), &Lit)| self.on(**lit);
        Window {
            low: found
                .cuts
                .iter()
                .filter(on)
                .map(|(cut, _)| *cut)
                .next_back(),
            high: found.cuts.iter().find(|cut| !on(cut)).map(|(cut, _)| *cut),
        }
    }

    /// Puts every measured value so many quarters into its part; every code, where answers change freely.
    fn spread_out(
        &self,
        patient: &mut Patient,
        windows: &[(DefinitionId, Window, Vec<FieldId>)],
        quarters: u32,
    ) {
        for field in windows.iter().flat_map(|(_, _, movable)| movable) {
            let spread = match patient.answers.get(*field) {
                Answer::Number(_) => true,
                // Of a product whose factors are all nothing, no single one changes anything.
                Answer::Code(_) => self.freely,
                _ => false,
            };
            if spread {
                patient
                    .answers
                    .set(*field, self.somewhere(*field, quarters));
            }
        }
    }

    fn room(&self, field: FieldId) -> Option<(Decimal, Decimal, Decimal)> {
        match self.encoder.states.get(usize::from(field.0)) {
            Some(Some(State::Number(grid))) => {
                let (low, high, ..) = match self.freely {
                    true => (grid.low, grid.high, false, false),
                    false => self.part(grid),
                };
                (low <= high).then_some((low, high, grid.step))
            }
            _ => None,
        }
    }

    /// The codes of a field that count something, or may.
    fn points(&self, field: FieldId) -> impl Iterator<Item = Index> + use<'s, 'a> {
        let codes = (0..).zip(self.encoder.codes(field));
        let all = self.freely;
        codes
            .filter(move |(_, code)| !code.unknown && (all || code.points.is_some()))
            .map(|(index, _)| index)
    }

    /// Takes the answer that brings a calculated number into its window, or closest to it.
    fn choose_one(
        &mut self,
        patient: &mut Patient,
        lever: Lever,
        answers: impl Iterator<Item = Answer>,
    ) {
        let before = patient.answers.get(lever.field).clone();
        let mut nearest: Option<(Decimal, Answer)> = None;
        for answer in answers {
            let Some(number) = self.number(patient, lever, answer.clone()) else {
                continue;
            };
            if lever.window.side(number) == 0 {
                return;
            }
            let distance = lever.window.distance(number);
            if nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
                nearest = Some((distance, answer));
            }
        }
        let taken = nearest.map_or(before, |(_, answer)| answer);
        patient.answers.set(lever.field, taken);
    }

    /// Moves one value so that a calculated number comes to lie in its window, or closer to it.
    fn move_one(&mut self, patient: &mut Patient, lever: Lever) {
        match patient.answers.get(lever.field) {
            Answer::Code(_) => {
                let codes = self.points(lever.field).map(Answer::Code);
                return self.choose_one(patient, lever, codes);
            }
            Answer::Codes(_) => {
                let codes = self.points(lever.field);
                let single = codes.map(|code| Answer::Codes(vec![code]));
                return self.choose_one(patient, lever, single);
            }
            Answer::Date(day) => {
                let days = earlier_and_later(*day).into_iter().map(Answer::Date);
                return self.choose_one(patient, lever, days);
            }
            Answer::Missing | Answer::Text(_) => return,
            Answer::Number(_) => {}
        }
        let Some((low, high, step)) = self.room(lever.field) else {
            return;
        };
        let count = ((high - low) / step).floor();
        let mut points: Vec<Decimal> = (0..=16_u32)
            .map(|sixteenth| {
                low + (count * Decimal::from(sixteenth) / Decimal::from(16)).floor() * step
            })
            .collect();
        points.dedup();
        let mut before: Option<(Decimal, i8)> = None;
        let mut nearest: Option<(Decimal, Decimal)> = None;
        for point in points {
            let Some(number) = self.number(patient, lever, Answer::Number(point)) else {
                continue;
            };
            let side = lever.window.side(number);
            if side == 0 {
                return;
            }
            if let Some((from, other)) = before
                && other != side
                && self.bisect(patient, lever, (from, other), (point, step))
            {
                return;
            }
            before = Some((point, side));
            let distance = lever.window.distance(number);
            if nearest.is_none_or(|(least, _)| distance < least) {
                nearest = Some((distance, point));
            }
        }
        if let Some((_, point)) = nearest {
            patient.answers.set(lever.field, Answer::Number(point));
        }
    }

    fn bisect(
        &mut self,
        patient: &mut Patient,
        lever: Lever,
        (mut from, side): (Decimal, i8),
        (mut to, step): (Decimal, Decimal),
    ) -> bool {
        while to - from > step && self.tries > 0 {
            let middle = from + ((to - from) / step / Decimal::TWO).floor() * step;
            let number = self.number(patient, lever, Answer::Number(middle));
            match number.map(|number| lever.window.side(number)) {
                Some(0) => return true,
                Some(found) if found == side => from = middle,
                _ => to = middle,
            }
        }
        false
    }

    /// The calculated number with this answer, if it has one.
    fn number(&mut self, patient: &mut Patient, lever: Lever, answer: Answer) -> Option<Decimal> {
        self.tries = self.tries.saturating_sub(1);
        patient.answers.set(lever.field, answer);
        self.probe
            .number(&patient.answers, &patient.context, lever.id)
    }

    /// Leaves out what does not matter.
    fn reduce(&mut self, patient: &mut Patient) {
        if self.task.complete {
            return;
        }
        let answered: Vec<FieldId> = patient
            .answers
            .iter()
            .filter(|(_, answer)| !answer.is_missing())
            .map(|(field, _)| field)
            .collect();
        for field in answered.into_iter().rev() {
            let before = patient.answers.get(field).clone();
            patient.answers.set(field, Answer::Missing);
            if !self.shows(patient) {
                patient.answers.set(field, before);
            }
        }
    }
}

/// Days some months and years before and after a day, and the day.
fn earlier_and_later(day: Date) -> Vec<Date> {
    let months = [1, 3, 6, 12, 24, 60].into_iter();
    let months = months.chain((1..=10).map(|tens| tens * 120));
    let both = months.flat_map(|months| [-months, months]);
    let moved = both.filter_map(|months| {
        let number = shifted(day.first_day(), ElapsedUnit::Months, months)?;
        Date::from_day_number(number)
    });
    std::iter::once(day).chain(moved).collect()
}

/// Some text that the field accepts.
pub(crate) fn example_text(program: &Program, field: FieldId) -> Answer {
    let ty = program
        .fields
        .get(usize::from(field.0))
        .map(|field| &field.ty);
    let text = match ty {
        Some(FieldType::Kana { .. }) => "れい".to_owned(),
        Some(FieldType::Digits { count }) => "1".repeat(usize::try_from(*count).unwrap_or(1)),
        Some(FieldType::PostalCode) => "1000001".to_owned(),
        Some(FieldType::Phone) => "03-0000-0000".to_owned(),
        _ => "例".to_owned(),
    };
    let most = match ty {
        Some(FieldType::Kana { chars } | FieldType::Text { chars, .. }) => *chars,
        _ => u32::MAX,
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Answer::Text(text.chars().take(most).collect())
}

fn chosen(codes: &[Lit], on: impl Fn(Lit) -> bool) -> Vec<Index> {
    codes
        .iter()
        .zip(0..)
        .filter(|(lit, _)| on(**lit))
        .map(|(_, index)| index)
        .collect()
}
