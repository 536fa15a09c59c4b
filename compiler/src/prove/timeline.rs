//! Real dates for relations between dates: this before that, so many months from here to there.

use super::encode::Encoder;
use kohyo_engine::program::{DatePrecision, ElapsedUnit, FieldId, FieldType, Moment, NumberKind};
use kohyo_engine::{Answer, Answers, Date, Decimal, Program};

/// Dates to be found, and how they lie to each other.
pub(super) struct Timeline {
    /// The day of judgement first, if anything is said about it; then fields in form order.
    open: Vec<(Moment, DatePrecision)>,
    demands: Vec<Demand>,
    /// Dates that stay as they are.
    fixed: Vec<(Moment, Days)>,
    /// First day of the edition.
    start: Date,
    first: i32,
    last: i32,
}

/// A relation of two dates.
#[derive(Clone)]
struct Demand {
    from: Moment,
    to: Moment,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// `from` is surely before `to`.
    Before,
    /// `from` is surely not after `to`.
    NotAfter,
    /// At least so many whole units pass, and fewer than so many.
    Elapsed(ElapsedUnit, Option<i32>, Option<i32>),
}

/// Days from the first to the last.
type Days = (i32, i32);

/// So many dates are tried.
const TRIES: u32 = 2_000;

impl Timeline {
    pub(super) fn new(program: &Program) -> Self {
        let first = program.valid_from.first_day();
        Self {
            open: Vec::new(),
            demands: Vec::new(),
            fixed: Vec::new(),
            start: program.valid_from,
            first,
            last: program
                .valid_to
                .map_or(Date::LAST_DAY - 40_000, Date::last_day),
        }
    }

    /// A date that is answered, to the day or less exactly.
    pub(super) fn add(&mut self, field: FieldId, precise: bool) {
        let precision = if precise {
            DatePrecision::Day
        } else {
            DatePrecision::Month
        };
        self.open.push((Moment::Field(field), precision));
    }

    /// A date that stays as it is.
    pub(super) fn fix(&mut self, moment: Moment, date: Date) {
        self.fixed
            .push((moment, (date.first_day(), date.last_day())));
    }

    /// The same with the demands about spans of time alone, or without them.
    fn only(&self, spans: bool) -> Self {
        let demands = self.demands.iter();
        let demands = demands.filter(|demand| matches!(demand.kind, Kind::Elapsed(..)) == spans);
        Self {
            open: self.open.clone(),
            demands: demands.cloned().collect(),
            fixed: self.fixed.clone(),
            ..*self
        }
    }

    fn is_fixed(&self, moment: &Moment) -> bool {
        self.fixed.iter().any(|(other, _)| other == moment)
    }

    /// Takes over what the patient found last says about the dates that matter.
    pub(super) fn demand(
        &mut self,
        encoder: &Encoder<'_>,
        matters: impl Fn(&Moment, &Moment) -> bool,
    ) {
        let on = |lit| encoder.solver.value(lit);
        for (a, b, pair) in encoder.dates.iter().filter(|(a, b, _)| matters(a, b)) {
            let mut push = |from: &Moment, to: &Moment, kind| {
                self.demands.push(Demand {
                    from: from.clone(),
                    to: to.clone(),
                    kind,
                });
            };
            match (on(pair.less), on(pair.less_equal)) {
                (true, _) => push(a, b, Kind::Before),
                (false, true) => push(a, b, Kind::NotAfter),
                (false, false) => {}
            }
            match (on(pair.greater), on(pair.greater_equal)) {
                (true, _) => push(b, a, Kind::Before),
                (false, true) => push(b, a, Kind::NotAfter),
                (false, false) => {}
            }
        }
        for found in &encoder.virtuals {
            let NumberKind::Elapsed { unit, from, to } = &found.number.kind else {
                continue;
            };
            if !matters(from, to) {
                continue;
            }
            let whole = |(c, _): &(Decimal, bool)| i32::try_from(*c).ok();
            let low = found
                .cuts
                .iter()
                .filter(|(_, lit)| on(**lit))
                .filter_map(|(cut, _)| whole(cut))
                .next_back();
            let high = found
                .cuts
                .iter()
                .find(|(_, lit)| !on(**lit))
                .and_then(|(cut, _)| whole(cut));
            self.demands.push(Demand {
                from: from.clone(),
                to: to.clone(),
                kind: Kind::Elapsed(*unit, low, high),
            });
        }
        for (moment, precision) in &mut self.open {
            if let Moment::Field(field) = moment
                && let Some(FieldType::Date { precision: asked }) = encoder
                    .program
                    .fields
                    .get(usize::from(field.0))
                    .map(|field| &field.ty)
            {
                *precision = (*precision).min(*asked);
            }
        }
        let dated = |moment: &Moment| *unshifted(moment).0 == Moment::Today;
        if !self.is_fixed(&Moment::Today)
            && self
                .demands
                .iter()
                .any(|demand| dated(&demand.from) || dated(&demand.to))
        {
            self.open.insert(0, (Moment::Today, DatePrecision::Day));
        }
    }

    /// The day of judgement of examples, if none is given: two years into the edition, if it lasts
    /// so long.
    fn today(&self) -> i32 {
        let given = self
            .fixed
            .iter()
            .find(|(moment, _)| *moment == Moment::Today);
        given.map_or((self.first + 731).min(self.last), |(_, (day, _))| *day)
    }
}

/// Fills in dates that fit, as far as such dates are found; gives the day of judgement.
pub(super) fn fill_dates(timeline: &Timeline, answers: &mut Answers) -> Date {
    let mut fitted: Vec<(Moment, Days)> = timeline.fixed.clone();
    let mut tries = TRIES;
    let mut found = fit(timeline, &mut fitted, &mut tries);
    if !found && !timeline.fixed.is_empty() {
        // Circuits do not know how spans of time and orders hang together: one without the other
        // may be what is wanted, as the engine will say.
        for spans in [false, true] {
            let fewer = timeline.only(spans);
            fitted.clone_from(&timeline.fixed);
            tries = TRIES;
            found = fit(&fewer, &mut fitted, &mut tries);
            if found {
                break;
            }
        }
    }
    let mut today = timeline.today();
    let fallback = today - 365;
    for (moment, precision) in &timeline.open {
        let known = fitted.iter().find(|(other, _)| other == moment);
        let day = match known {
            Some((_, (first, _))) if found => *first,
            _ if *moment == Moment::Today => today,
            _ => fallback,
        };
        match moment {
            Moment::Field(field) => {
                if let Some(date) = rounded(day, *precision) {
                    answers.set(*field, Answer::Date(date));
                }
            }
            Moment::Today => today = day,
            Moment::Const(_) | Moment::Shifted { .. } => {}
        }
    }
    Date::from_day_number(today).unwrap_or(timeline.start)
}

fn rounded(day: i32, precision: DatePrecision) -> Option<Date> {
    let date = Date::from_day_number(day)?;
    match precision {
        DatePrecision::Day => Some(date),
        DatePrecision::Month => Date::month(date.year_number(), date.month_number()?),
        DatePrecision::Year => Date::year(date.year_number()),
    }
}

/// Fits one date after the other.
fn fit(timeline: &Timeline, fitted: &mut Vec<(Moment, Days)>, tries: &mut u32) -> bool {
    let next = fitted.len().saturating_sub(timeline.fixed.len());
    let Some((moment, precision)) = timeline.open.get(next) else {
        return true;
    };
    for day in candidates(timeline, moment, fitted) {
        if *tries == 0 {
            return false;
        }
        *tries -= 1;
        if *moment == Moment::Today && !(timeline.first..=timeline.last).contains(&day) {
            continue;
        }
        let Some(date) = rounded(day, *precision) else {
            continue;
        };
        fitted.push((moment.clone(), (date.first_day(), date.last_day())));
        let sound = timeline
            .demands
            .iter()
            .all(|demand| satisfied(timeline, demand, fitted));
        if sound && fit(timeline, fitted, tries) {
            return true;
        }
        fitted.pop();
    }
    false
}

/// Days worth a try for a date, given those already fitted.
fn candidates(timeline: &Timeline, moment: &Moment, fitted: &[(Moment, Days)]) -> Vec<i32> {
    let mut days = Vec::new();
    for demand in &timeline.demands {
        let before = days.len();
        let (from, from_shift) = unshifted(&demand.from);
        let (to, to_shift) = unshifted(&demand.to);
        if from == moment
            && let Some((first, last)) = days_of(timeline, &demand.to, fitted)
        {
            match demand.kind {
                Kind::Before => days.extend([first - 1, first - 31, first - 365]),
                Kind::NotAfter => days.extend([first, first - 31]),
                Kind::Elapsed(unit, low, high) => {
                    days.extend(low.and_then(|n| shifted(last, unit, -n)));
                    days.extend(
                        high.and_then(|n| shifted(last, unit, -n))
                            .map(|day| day + 1),
                    );
                    days.extend(high.and_then(|n| shifted(last, unit, 1 - n)));
                }
            }
            shift_back(&mut days, before, from_shift);
        }
        let before = days.len();
        if to == moment
            && let Some((first, last)) = days_of(timeline, &demand.from, fitted)
        {
            match demand.kind {
                Kind::Before => days.extend([last + 1, last + 31, last + 365]),
                Kind::NotAfter => days.extend([last, last + 31]),
                Kind::Elapsed(unit, low, high) => {
                    days.extend(low.and_then(|n| shifted(first, unit, n)));
                    days.extend(
                        high.and_then(|n| shifted(first, unit, n))
                            .map(|day| day - 1),
                    );
                    days.extend(high.and_then(|n| shifted(first, unit, n - 1)));
                }
            }
            shift_back(&mut days, before, to_shift);
        }
    }
    let today = timeline.today();
    match moment {
        Moment::Today => days.insert(0, today),
        Moment::Field(_) | Moment::Const(_) | Moment::Shifted { .. } => {
            days.extend([today - 365, today - 3_653, today - 14_610, today, today + 1]);
        }
    }
    days
}

fn days_of(timeline: &Timeline, moment: &Moment, fitted: &[(Moment, Days)]) -> Option<Days> {
    match moment {
        Moment::Const(date) => Some((date.first_day(), date.last_day())),
        Moment::Shifted { moment, by, unit } => {
            let (first, last) = days_of(timeline, moment, fitted)?;
            Some((shifted(first, *unit, *by)?, shifted(last, *unit, *by)?))
        }
        _ => fitted
            .iter()
            .find(|(other, _)| other == moment)
            .map(|(_, days)| *days)
            .or_else(|| (*moment == Moment::Today).then(|| (timeline.today(), timeline.today()))),
    }
}

/// A moment without its shift, and the shift.
fn unshifted(moment: &Moment) -> (&Moment, Option<(ElapsedUnit, i32)>) {
    match moment {
        Moment::Shifted { moment, by, unit } => (moment, Some((*unit, *by))),
        moment => (moment, None),
    }
}

/// From days that a shifted date should have to those of the date itself.
fn shift_back(days: &mut [i32], from: usize, shift: Option<(ElapsedUnit, i32)>) {
    let Some((unit, by)) = shift else { return };
    for day in days.iter_mut().skip(from) {
        *day = shifted(*day, unit, -by).unwrap_or(*day);
    }
}

/// Whether a relation holds; one with a date still open may.
fn satisfied(timeline: &Timeline, demand: &Demand, fitted: &[(Moment, Days)]) -> bool {
    let (Some(from), Some(to)) = (
        days_of(timeline, &demand.from, fitted),
        days_of(timeline, &demand.to, fitted),
    ) else {
        return true;
    };
    match demand.kind {
        Kind::Before => from.1 < to.0,
        Kind::NotAfter => from.1 <= to.0,
        Kind::Elapsed(unit, low, high) => {
            low.is_none_or(|n| shifted(from.1, unit, n).is_some_and(|day| day <= to.0))
                && high.is_none_or(|n| shifted(from.0, unit, n).is_some_and(|day| day > to.1))
        }
    }
}

/// So many units later; the last day of a month that is too short.
pub(crate) fn shifted(day: i32, unit: ElapsedUnit, n: i32) -> Option<i32> {
    let months = match unit {
        ElapsedUnit::Days => return day.checked_add(n),
        ElapsedUnit::Months => n,
        ElapsedUnit::Years => n.checked_mul(12)?,
    };
    let date = Date::from_day_number(day)?;
    let month = i32::from(date.month_number()?) - 1;
    let all = i32::from(date.year_number()) * 12 + month + months;
    let year = u16::try_from(all.div_euclid(12)).ok()?;
    let month = u8::try_from(all.rem_euclid(12) + 1).ok()?;
    let wanted = date.day_of_month()?;
    (1..=wanted)
        .rev()
        .find_map(|day| Date::day(year, month, day))
        .map(Date::first_day)
}
