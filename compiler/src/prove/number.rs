//! Numbers as circuits: when is a number at least so much?
//!
//! Every comparison with a constant comes down to that question. Sums of points and counts are
//! followed exactly, threshold by threshold, with the unknown items counted at their least and at
//! their most as the engine does; the largest and the smallest, choices and rounding are taken
//! apart. What remains (arithmetic over measured numbers, elapsed time) is a number of its own
//! that is divided at the constants it is compared with, see [`Virtual`].

use super::encode::{Encoder, Pair};
use super::narrow::step_of;
use super::reads::Cone;
use super::solver::{Lit, Solver};
use super::state::{State, cut, on_grid};
use kohyo_engine::Decimal;
use kohyo_engine::program::{
    ArithmeticOp, CompareOp, Cond, DefinitionId, FieldId, Function, Moment, Number, NumberKind,
    Rule,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// A number that circuits do not follow from its inputs.
///
/// It may have any value between its thresholds; whether real answers lead there is for the
/// engine to say.
pub(super) struct Virtual {
    pub(super) number: Number,
    pub(super) inputs: Cone,
    /// Every input is known.
    complete: Lit,
    /// Every input is known and it has a value.
    pub(super) known: Lit,
    /// Every value it has is a multiple of this, where that is plain.
    step: Option<Decimal>,
    bounds: Option<(Decimal, Decimal)>,
    /// At least so much; more than that if the second is true.
    pub(super) cuts: BTreeMap<(Decimal, bool), Lit>,
    /// What the engine may say of a threshold while an input is unknown: reached, not reached.
    guesses: BTreeMap<(Decimal, bool), Pair>,
}

impl Virtual {
    /// It is the time between two dates.
    pub(super) fn is_elapsed(&self) -> bool {
        matches!(self.number.kind, NumberKind::Elapsed { .. })
    }

    /// Who reaches this threshold, and who does not.
    pub(super) fn ways(&self, at: (Decimal, bool)) -> Option<Ways> {
        let (cut, guess) = (*self.cuts.get(&at)?, self.guesses.get(&at)?);
        let open = !self.complete;
        Some([
            [[self.known, cut], [open, guess.yes]],
            [[self.known, !cut], [open, guess.no]],
        ])
    }

    /// What is the same of two numbers that are one.
    pub(super) fn same_as(&mut self, other: &mut Self, solver: &mut Solver) -> Vec<(Lit, Lit)> {
        let cuts: Vec<(Decimal, bool)> =
            self.cuts.keys().chain(other.cuts.keys()).copied().collect();
        let mut same = vec![(self.known, other.known), (self.complete, other.complete)];
        for at in cuts {
            let own = cut(solver, &mut self.cuts, at);
            same.push((own, cut(solver, &mut other.cuts, at)));
        }
        for (at, guess) in &self.guesses {
            if let Some(others) = other.guesses.get(at) {
                same.extend([(guess.yes, others.yes), (guess.no, others.no)]);
            }
        }
        same
    }

    /// Whoever surely reaches a threshold reaches every lower one, and so downwards.
    fn order_guess(&mut self, solver: &mut Solver, at: (Decimal, bool), guess: Pair) {
        if let Some((_, lower)) = self.guesses.range(..at).next_back() {
            solver.implies(guess.yes, lower.yes);
            solver.implies(lower.no, guess.no);
        }
        if let Some((_, higher)) = self.guesses.range(at..).next() {
            solver.implies(higher.yes, guess.yes);
            solver.implies(guess.no, higher.no);
        }
        self.guesses.insert(at, guess);
    }
}

/// Two literals that hold at once.
pub(super) type Premise = [Lit; 2];

/// In which ways a threshold is reached, and in which it is not: of each two the second is what the
/// engine may say while an input is unknown.
pub(super) type Ways = [[Premise; 2]; 2];

/// The values a number may have, each with the literal that says so; just one of them holds.
pub(super) type Spread = Vec<(Decimal, Lit)>;

/// What becomes of two values; nothing if it is too large.
type Operation = fn(Decimal, Decimal) -> Option<Decimal>;

/// Sums of more items than this are not followed item by item.
const ITEMS: usize = 2_048;

/// Numbers that move in finer steps may be rounded where they are calculated.
const MOST_DIGITS: u32 = 20;

/// Spreads have at most so many values.
const VALUES: usize = 128;

/// Two spreads are put together if they have no more pairs of values.
const PAIRS: usize = VALUES * 8;

/// A difference of two fields that is compared.
struct Difference {
    left: FieldId,
    right: FieldId,
    known: Lit,
    /// Thresholds that a positive difference reaches.
    up_to: Vec<Lit>,
    /// Thresholds that a negative difference does not reach.
    from: Vec<Lit>,
}

/// Which end of what is still possible.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum End {
    Least,
    Most,
}

impl<'a> Encoder<'a> {
    /// `left op right`.
    pub(super) fn compare(&mut self, left: &Number, op: CompareOp, right: &Number) -> Pair {
        if let NumberKind::Const(constant) = &right.kind {
            return self.compare_constant(left, op, *constant);
        }
        if let NumberKind::Const(constant) = &left.kind {
            return self.compare_constant(right, op.turned(), *constant);
        }
        let difference = Number {
            kind: NumberKind::Arithmetic {
                left: Box::new(left.clone()),
                op: ArithmeticOp::Subtract,
                right: Box::new(right.clone()),
            },
            text: format!("{}と{}の差", left.text, right.text),
        };
        self.compare_constant(&difference, op, Decimal::ZERO)
    }

    fn compare_constant(&mut self, number: &Number, op: CompareOp, constant: Decimal) -> Pair {
        match op {
            CompareOp::GreaterEqual => self.at_least(number, constant, false),
            CompareOp::Greater => self.at_least(number, constant, true),
            CompareOp::Less => self.at_least(number, constant, false).not(),
            CompareOp::LessEqual => self.at_least(number, constant, true).not(),
            CompareOp::Equal => {
                let from = self.at_least(number, constant, false);
                let beyond = self.at_least(number, constant, true).not();
                self.both(from, beyond)
            }
            CompareOp::NotEqual => self
                .compare_constant(number, CompareOp::Equal, constant)
                .not(),
        }
    }

    /// The number is at least `c`; more than `c` if strict.
    pub(super) fn at_least(&mut self, number: &Number, c: Decimal, strict: bool) -> Pair {
        match &number.kind {
            NumberKind::Const(value) => Pair::sure(reaches(*value, c, strict).into()),
            NumberKind::Nothing => Pair::UNKNOWN,
            NumberKind::Field(field) => self.field_at_least(*field, c, strict),
            NumberKind::Max(parts) => {
                let any = parts.iter().fold(Pair::TRUE.not(), |any, part| {
                    let part = self.at_least(part, c, strict);
                    self.either(any, part)
                });
                self.where_valued(number, any)
            }
            NumberKind::Min(parts) => {
                let all = parts.iter().fold(Pair::TRUE, |all, part| {
                    let part = self.at_least(part, c, strict);
                    self.both(all, part)
                });
                self.where_valued(number, all)
            }
            NumberKind::If(condition, then, otherwise) => {
                let condition = self.cond(condition);
                let then = self.at_least(then, c, strict);
                let otherwise = self.at_least(otherwise, c, strict);
                self.choose(condition, then, otherwise)
            }
            NumberKind::When { amount, condition } => {
                let condition = self.cond(condition);
                let amount = self.at_least(amount, c, strict);
                let nothing = Pair::sure(reaches(Decimal::ZERO, c, strict).into());
                self.choose(condition, amount, nothing)
            }
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => {
                let shown = self.all_shown(fields);
                let number = self.at_least(number, c, strict);
                let otherwise = Pair::sure(reaches(*otherwise, c, strict).into());
                self.choose(shown, number, otherwise)
            }
            NumberKind::Definition(id) => self.definition_at_least(*id, c, strict),
            NumberKind::Call {
                function,
                arguments,
            } => self.call_at_least(number, *function, arguments, c, strict),
            NumberKind::Arithmetic { left, op, right } => {
                self.arithmetic_at_least(number, left, *op, right, c, strict)
            }
            NumberKind::Points(_) | NumberKind::Sum(_) | NumberKind::Count(_) => {
                self.sum_at_least(number, c, strict)
            }
            // What a function makes of its arguments is not followed: it may be anything.
            NumberKind::Elapsed { .. } | NumberKind::Script { .. } => {
                self.virtual_at_least(number, c, strict)
            }
        }
    }

    fn field_at_least(&mut self, field: FieldId, c: Decimal, strict: bool) -> Pair {
        if self.state(field).is_none() {
            return Pair::UNKNOWN;
        }
        let Some(Some(State::Number(grid))) = self.states.get_mut(usize::from(field.0)) else {
            return Pair::UNKNOWN;
        };
        let at_least = grid.at_least(&mut self.solver, c, strict);
        let answered = grid.answered;
        match at_least {
            // Its range settles it, filled in or not.
            Lit::TRUE | Lit::FALSE => Pair::sure(at_least),
            at_least => Pair {
                yes: self.solver.and(answered, at_least),
                no: self.solver.and(answered, !at_least),
            },
        }
    }

    /// A score is taken apart once for each threshold, however many others read it. Who reaches a
    /// higher threshold reaches a lower one.
    fn definition_at_least(&mut self, id: DefinitionId, c: Decimal, strict: bool) -> Pair {
        let at = (c, strict);
        if let Some(known) = self.thresholds.get(&id).and_then(|all| all.get(&at)) {
            return *known;
        }
        let pair = self.new_threshold(id, c, strict);
        let all = self.thresholds.entry(id).or_default();
        all.insert(at, pair);
        let below = all.range(..at).next_back().map(|(_, below)| (*below, pair));
        let above = (Bound::Excluded(at), Bound::Unbounded);
        let above = all.range(above).next().map(|(_, above)| (pair, *above));
        for (lower, higher) in below.into_iter().chain(above) {
            self.solver.lemma(&[!higher.yes, lower.yes]);
            self.solver.lemma(&[!lower.no, higher.no]);
        }
        pair
    }

    fn new_threshold(&mut self, id: DefinitionId, c: Decimal, strict: bool) -> Pair {
        match self.number_rule(id) {
            Some((number, None)) => self.at_least(&number, c, strict),
            Some((number, Some(fraction))) => {
                self.rounded_at_least(&number, u32::from(fraction), c, strict)
            }
            None => Pair::UNKNOWN,
        }
    }

    /// What a score or value is, and the digits it is rounded to. Where one of its rows always holds,
    /// the last needs no condition.
    fn number_rule(&self, id: DefinitionId) -> Option<(Cow<'a, Number>, Option<u8>)> {
        let program: &'a kohyo_engine::Program = self.program;
        let Rule::Number {
            number, fraction, ..
        } = &program.definitions.get(usize::from(id.0))?.rule
        else {
            return None;
        };
        let number = match self.covered.contains(&id) {
            true => Cow::Owned(closed(number)),
            false => Cow::Borrowed(number),
        };
        Some((number, *fraction))
    }

    /// Half up, away from zero: it reaches a positive step from half a step below on, a negative
    /// one only above half a step below.
    fn rounded_at_least(
        &mut self,
        number: &Number,
        fraction: u32,
        c: Decimal,
        strict: bool,
    ) -> Pair {
        let (Ok(step), Ok(half)) = (
            Decimal::try_new(1, fraction),
            Decimal::try_new(5, fraction + 1),
        ) else {
            return self.virtual_at_least(number, c, strict);
        };
        let target = on_grid(c, step, strict);
        self.at_least(number, target - half, target <= Decimal::ZERO)
    }

    fn call_at_least(
        &mut self,
        number: &Number,
        function: Function,
        arguments: &[Number],
        c: Decimal,
        strict: bool,
    ) -> Pair {
        match (function, arguments) {
            (Function::Round, [inner, digits]) => match &digits.kind {
                NumberKind::Const(digits) if digits.fract().is_zero() => {
                    match u32::try_from(*digits) {
                        Ok(fraction) if fraction < 28 => {
                            self.rounded_at_least(inner, fraction, c, strict)
                        }
                        _ => self.virtual_at_least(number, c, strict),
                    }
                }
                _ => self.virtual_at_least(number, c, strict),
            },
            (Function::Floor, [inner]) => {
                self.at_least(inner, on_grid(c, Decimal::ONE, strict), false)
            }
            (Function::Ceiling, [inner]) => {
                self.at_least(inner, on_grid(c, Decimal::ONE, strict) - Decimal::ONE, true)
            }
            (Function::Abs, [inner]) => {
                let above = self.at_least(inner, c, strict);
                let below = self.at_least(inner, -c, !strict).not();
                self.either(above, below)
            }
            _ => self.virtual_at_least(number, c, strict),
        }
    }

    fn arithmetic_at_least(
        &mut self,
        number: &Number,
        left: &Number,
        op: ArithmeticOp,
        right: &Number,
        c: Decimal,
        strict: bool,
    ) -> Pair {
        let moved = match (&left.kind, op, &right.kind) {
            (_, ArithmeticOp::Add, NumberKind::Const(k)) => c.checked_sub(*k).map(|c| (left, c)),
            (NumberKind::Const(k), ArithmeticOp::Add, _) => c.checked_sub(*k).map(|c| (right, c)),
            (_, ArithmeticOp::Subtract, NumberKind::Const(k)) => {
                c.checked_add(*k).map(|c| (left, c))
            }
            (_, ArithmeticOp::Multiply, NumberKind::Const(k)) => {
                exact_quotient(c, *k).map(|c| (left, c))
            }
            (NumberKind::Const(k), ArithmeticOp::Multiply, _) => {
                exact_quotient(c, *k).map(|c| (right, c))
            }
            _ => None,
        };
        if let Some((inner, c)) = moved {
            return self.at_least(inner, c, strict);
        }
        let multiple = match (&left.kind, op, &right.kind) {
            (NumberKind::Field(field), ArithmeticOp::Multiply, NumberKind::Const(k))
            | (NumberKind::Const(k), ArithmeticOp::Multiply, NumberKind::Field(field)) => {
                self.first_multiple(*field, *k, c, strict)
            }
            _ => None,
        };
        if let Some((field, from)) = multiple {
            return self.field_at_least(field, from, false);
        }
        if let (NumberKind::Const(k), ArithmeticOp::Subtract) = (&left.kind, op)
            && let Some(c) = k.checked_sub(c)
        {
            return self.at_least(right, c, !strict).not();
        }
        if let ArithmeticOp::Add | ArithmeticOp::Subtract = op
            && let Some(pair) = self.two_at_least(number, (left, op, right), c, strict)
        {
            return pair;
        }
        if self.is_discrete(number) {
            return self.sum_at_least(number, c, strict);
        }
        self.virtual_at_least(number, c, strict)
    }

    /// The sum or difference of two numbers with few values each: for each value of the second, the
    /// first reaches what is still wanted. Every sum of the two would be many times as much.
    fn two_at_least(
        &mut self,
        number: &Number,
        (left, op, right): (&Number, ArithmeticOp, &Number),
        c: Decimal,
        strict: bool,
    ) -> Option<Pair> {
        let mut reached = [Lit::FALSE; 2];
        for (end, reached) in [End::Least, End::Most].into_iter().zip(&mut reached) {
            let negative = op == ArithmeticOp::Subtract;
            let other = if negative { opposite(end) } else { end };
            let (left, right) = (self.spread(left, end)?, self.spread(right, other)?);
            if left.len() * right.len() > PAIRS {
                return None;
            }
            let wanted = right.into_iter().map(|(value, lit)| {
                let wanted = match negative {
                    true => c.checked_add(value),
                    false => c.checked_sub(value),
                };
                Some((wanted?, lit))
            });
            let wanted: Spread = wanted.collect::<Option<_>>()?;
            *reached = self.reaches_one(left, &wanted, strict);
        }
        let [least, most] = reached;
        let pair = Pair {
            yes: least,
            no: !most,
        };
        Some(self.of_sum(number, pair, std::slice::from_ref(number)))
    }

    /// A number reaches that of these values of which the literal holds.
    fn reaches_one(&mut self, mut values: Spread, wanted: &[(Decimal, Lit)], strict: bool) -> Lit {
        values.sort_by_key(|(value, _)| std::cmp::Reverse(*value));
        let reached = |wanted: Decimal| {
            let reached = values
                .iter()
                .take_while(|(v, _)| reaches(*v, wanted, strict));
            reached.count()
        };
        let counts: Vec<(usize, Lit)> = wanted.iter().map(|(w, lit)| (reached(*w), *lit)).collect();
        if counts.iter().all(|(count, _)| *count == values.len()) {
            return Lit::TRUE;
        }
        // That it is one of the largest, from none of them on.
        let mut among = vec![Lit::FALSE];
        for (_, lit) in &values {
            let before = among.last().copied().unwrap_or(Lit::FALSE);
            among.push(self.solver.or(before, *lit));
        }
        if let Some(all) = among.last_mut() {
            *all = Lit::TRUE;
        }
        let mut any = Lit::FALSE;
        for (count, lit) in counts {
            let from_there = among.get(count).copied().unwrap_or(Lit::TRUE);
            let both = self.solver.and(lit, from_there);
            any = self.solver.or(any, both);
        }
        any
    }

    /// From which answer on a positive multiple of a field reaches a value, 1.14 mg/dL the 100 µmol/L.
    fn first_multiple(
        &mut self,
        field: FieldId,
        k: Decimal,
        c: Decimal,
        strict: bool,
    ) -> Option<(FieldId, Decimal)> {
        let State::Number(grid) = self.state(field)? else {
            return None;
        };
        if k <= Decimal::ZERO {
            return None;
        }
        // The quotient is rounded: the step before it or after it may be the one.
        let near = on_grid(c.checked_div(k)?, grid.step, false);
        let steps = [near - grid.step, near, near + grid.step];
        let mut reached = steps.into_iter().filter(|from| {
            let product = from.checked_mul(k);
            product.is_some_and(|product| reaches(product, c, strict))
        });
        reached.next().map(|from| (field, from))
    }

    /// A sum of items with few values each, threshold by threshold.
    fn sum_at_least(&mut self, number: &Number, c: Decimal, strict: bool) -> Pair {
        let mut items = Vec::new();
        self.flatten(number, &mut items);
        if items.len() > ITEMS {
            return self.virtual_at_least(number, c, strict);
        }
        let mut sides = [Vec::new(), Vec::new()];
        for (end, side) in [End::Least, End::Most].into_iter().zip(&mut sides) {
            for item in &items {
                match self.spread(item, end) {
                    Some(spread) => side.push(spread),
                    None => return self.virtual_at_least(number, c, strict),
                }
            }
        }
        let [least, most] = sides;
        let pair = Pair {
            yes: self.total_at_least(&least, c, strict),
            no: !self.total_at_least(&most, c, strict),
        };
        self.of_sum(number, pair, &items)
    }

    /// What is said of a sum of these, with what that is bound to say.
    fn of_sum(&mut self, number: &Number, said: Pair, items: &[Number]) -> Pair {
        let pair = self.where_valued(number, said);
        // The least is not above the most; where every item has one value, they are the same.
        self.solver.lemma(&[!pair.yes, !pair.no]);
        let settled = self.all_settled(items);
        self.solver.lemma(&[pair.yes, pair.no, !settled]);
        pair
    }

    /// The items of a sum of sums, counts and scores without rounding; no more than are needed to see
    /// that they are too many.
    fn flatten(&self, number: &Number, items: &mut Vec<Number>) {
        if items.len() > ITEMS {
            return;
        }
        match &number.kind {
            NumberKind::Sum(parts) => parts.iter().for_each(|part| self.flatten(part, items)),
            NumberKind::Count(conditions) => {
                items.extend(conditions.iter().map(|condition| Number {
                    kind: NumberKind::When {
                        amount: Box::new(Number {
                            kind: NumberKind::Const(Decimal::ONE),
                            text: String::new(),
                        }),
                        condition: Box::new(condition.clone()),
                    },
                    text: String::new(),
                }))
            }
            NumberKind::Definition(id) => match self.number_rule(*id) {
                Some((inner, None)) => self.flatten(&inner, items),
                _ => items.push(number.clone()),
            },
            _ => items.push(number.clone()),
        }
    }

    fn total_at_least(&mut self, items: &[Spread], c: Decimal, strict: bool) -> Lit {
        // From each item on, the least and the most the rest can add.
        let mut rest = vec![(Decimal::ZERO, Decimal::ZERO)];
        for item in items.iter().rev() {
            let (low, high) = rest.last().copied().unwrap_or_default();
            let values = item.iter().map(|(value, _)| *value);
            let least = values.clone().min().unwrap_or_default();
            let most = values.max().unwrap_or_default();
            rest.push((low + least, high + most));
        }
        rest.reverse();
        let mut total = Total {
            items,
            rest: &rest,
            strict,
            known: HashMap::new(),
        };
        total.at_least(self, 0, c)
    }

    fn all_settled(&mut self, numbers: &[Number]) -> Lit {
        numbers.iter().fold(Lit::TRUE, |all, number| {
            let settled = self.settled(number);
            self.solver.and(all, settled)
        })
    }

    /// Holds only where a number is one number, if it has a value: whatever it reads there is known.
    fn settled(&mut self, number: &Number) -> Lit {
        match &number.kind {
            NumberKind::Const(_) => Lit::TRUE,
            NumberKind::Points(field) | NumberKind::Field(field) => self.known(*field),
            NumberKind::When { amount, condition } => {
                let condition = self.cond(condition);
                let amount = self.settled(amount);
                let counts = self.solver.and(condition.yes, amount);
                self.solver.or(counts, condition.no)
            }
            NumberKind::If(condition, then, otherwise) => {
                let condition = self.cond(condition);
                let (then, otherwise) = (self.settled(then), self.settled(otherwise));
                let then = self.solver.and(condition.yes, then);
                let otherwise = self.solver.and(condition.no, otherwise);
                self.solver.or(then, otherwise)
            }
            NumberKind::IfShown { fields, number, .. } => {
                let shown = self.all_shown(fields);
                let number = self.settled(number);
                let counts = self.solver.and(shown.yes, number);
                self.solver.or(counts, shown.no)
            }
            NumberKind::Count(conditions) => conditions.iter().fold(Lit::TRUE, |all, condition| {
                let condition = self.cond(condition);
                let settled = self.solver.or(condition.yes, condition.no);
                self.solver.and(all, settled)
            }),
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
                self.all_settled(parts)
            }
            NumberKind::Arithmetic { left, right, .. } => {
                let (left, right) = (self.settled(left), self.settled(right));
                self.solver.and(left, right)
            }
            NumberKind::Definition(id) => {
                if let Some(known) = self.settled.get(id) {
                    return *known;
                }
                let settled = match self.number_rule(*id) {
                    Some((number, _)) => self.settled(&number),
                    None => Lit::FALSE,
                };
                self.settled.insert(*id, settled);
                settled
            }
            NumberKind::Call { arguments, .. } | NumberKind::Script { arguments, .. } => {
                self.all_settled(arguments)
            }
            NumberKind::Elapsed { from, to, .. } => {
                let (from, to) = (self.settled_day(from), self.settled_day(to));
                self.solver.and(from, to)
            }
            NumberKind::Nothing => Lit::FALSE,
        }
    }

    fn settled_day(&mut self, moment: &Moment) -> Lit {
        match moment {
            Moment::Const(_) | Moment::Today => Lit::TRUE,
            Moment::Field(field) => self.known(*field),
            Moment::Shifted { moment, .. } => self.settled_day(moment),
        }
    }

    fn is_discrete(&mut self, number: &Number) -> bool {
        self.spread(number, End::Least).is_some()
    }

    /// What a number may be at its least or most; nothing if that is not a short list. Where it has
    /// no value, it is none of them.
    fn spread(&mut self, number: &Number, end: End) -> Option<Spread> {
        let spread = match &number.kind {
            NumberKind::Const(value) => vec![(*value, Lit::TRUE)],
            NumberKind::Nothing => Vec::new(),
            NumberKind::Points(field) => self.points(*field, end)?,
            NumberKind::Field(field) => self.small_field(*field, end)?,
            NumberKind::When { amount, condition } => {
                let amount = self.spread(amount, end)?;
                let condition = self.cond(condition);
                self.choose_spread(condition, &amount, &[(Decimal::ZERO, Lit::TRUE)], end)
            }
            NumberKind::If(condition, then, otherwise) => {
                let then = self.spread(then, end)?;
                let otherwise = self.spread(otherwise, end)?;
                let condition = self.cond(condition);
                self.choose_spread(condition, &then, &otherwise, end)
            }
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => {
                let inner = self.spread(number, end)?;
                let shown = self.all_shown(fields);
                self.choose_spread(shown, &inner, &[(*otherwise, Lit::TRUE)], end)
            }
            NumberKind::Count(conditions) => {
                let mut total = vec![(Decimal::ZERO, Lit::TRUE)];
                for condition in conditions {
                    let item = self.counted(condition, end);
                    total = self.combine(&total, &item, Decimal::checked_add)?;
                }
                total
            }
            NumberKind::Sum(parts) => self.fold_spread(parts, end, Decimal::checked_add)?,
            NumberKind::Max(parts) => self.fold_spread(parts, end, |a, b| Some(a.max(b)))?,
            NumberKind::Min(parts) => self.fold_spread(parts, end, |a, b| Some(a.min(b)))?,
            // A multiple has as few values as the number itself.
            NumberKind::Arithmetic {
                left,
                op: ArithmeticOp::Multiply,
                right,
            } => {
                let (inner, by) = match (&left.kind, &right.kind) {
                    (NumberKind::Const(by), _) => (right, *by),
                    (_, NumberKind::Const(by)) => (left, *by),
                    _ => return None,
                };
                let end = match by.is_sign_negative() {
                    _ if by.is_zero() => return None,
                    true => opposite(end),
                    false => end,
                };
                let inner = self.spread(inner, end)?.into_iter();
                let multiples = inner.map(|(value, lit)| Some((value.checked_mul(by)?, lit)));
                multiples.collect::<Option<Spread>>()?
            }
            NumberKind::Arithmetic { left, op, right } => {
                let (other, f): (End, Operation) = match op {
                    ArithmeticOp::Add => (end, Decimal::checked_add),
                    ArithmeticOp::Subtract => (opposite(end), Decimal::checked_sub),
                    ArithmeticOp::Multiply | ArithmeticOp::Divide => return None,
                };
                let left = self.spread(left, end)?;
                let right = self.spread(right, other)?;
                self.combine(&left, &right, f)?
            }
            NumberKind::Definition(id) => {
                if let Some(known) = self.spreads.get(&(*id, end)) {
                    return known.clone();
                }
                let spread = self.definition_spread(*id, end);
                self.spreads.insert((*id, end), spread.clone());
                spread?
            }
            NumberKind::Call { .. } | NumberKind::Elapsed { .. } | NumberKind::Script { .. } => {
                return None;
            }
        };
        (spread.len() <= VALUES).then_some(spread)
    }

    fn definition_spread(&mut self, id: DefinitionId, end: End) -> Option<Spread> {
        let (number, fraction) = self.number_rule(id)?;
        let inner = self.spread(&number, end)?;
        Some(match fraction {
            None => inner,
            Some(fraction) => {
                let fraction = u32::from(fraction);
                let rounded = inner
                    .into_iter()
                    .map(|(value, lit)| (round_half_up(value, fraction), lit));
                self.merge(rounded.collect())
            }
        })
    }

    fn counted(&mut self, condition: &Cond, end: End) -> Spread {
        let pair = self.cond(condition);
        let counts = match end {
            End::Least => pair.yes,
            End::Most => !pair.no,
        };
        self.merge(vec![(Decimal::ONE, counts), (Decimal::ZERO, !counts)])
    }

    /// Points of the chosen code; while none is known, the fewest or most there are.
    fn points(&mut self, field: FieldId, end: End) -> Option<Spread> {
        let Some(State::Choice(lits)) = self.state(field) else {
            return None;
        };
        let known: Spread = self
            .codes(field)
            .iter()
            .zip(&lits)
            .filter(|(code, _)| !code.unknown)
            .map(|(code, lit)| Some((code.points?, *lit)))
            .collect::<Option<_>>()?;
        let values = known.iter().map(|(value, _)| *value);
        let open = match end {
            End::Least => values.min()?,
            End::Most => values.max()?,
        };
        let any = self
            .solver
            .any(known.iter().map(|(_, lit)| *lit).collect::<Vec<_>>());
        let mut spread = known;
        spread.push((open, !any));
        Some(self.merge(spread))
    }

    /// A number field with few values.
    fn small_field(&mut self, field: FieldId, end: End) -> Option<Spread> {
        let Some(State::Number(grid)) = self.state(field) else {
            return None;
        };
        let values = grid.values(VALUES / 2)?;
        let open = match end {
            End::Least => grid.low,
            End::Most => grid.high,
        };
        let mut spread = vec![(open, !grid.answered)];
        for value in values {
            let Some(Some(State::Number(grid))) = self.states.get_mut(usize::from(field.0)) else {
                return None;
            };
            spread.push((value, grid.is(&mut self.solver, value)));
        }
        Some(self.merge(spread))
    }

    fn fold_spread(&mut self, parts: &[Number], end: End, f: Operation) -> Option<Spread> {
        let mut total: Option<Spread> = None;
        for part in parts {
            let part = self.spread(part, end)?;
            total = Some(match total {
                None => part,
                Some(total) => self.combine(&total, &part, f)?,
            });
        }
        total
    }

    fn combine(
        &mut self,
        a: &[(Decimal, Lit)],
        b: &[(Decimal, Lit)],
        f: Operation,
    ) -> Option<Spread> {
        if a.len() * b.len() > PAIRS {
            return None;
        }
        let mut all = Vec::new();
        for (x, p) in a {
            for (y, q) in b {
                all.push((f(*x, *y)?, self.solver.and(*p, *q)));
            }
        }
        Some(self.merge(all))
    }

    fn choose_spread(
        &mut self,
        condition: Pair,
        a: &[(Decimal, Lit)],
        b: &[(Decimal, Lit)],
        end: End,
    ) -> Spread {
        let mut all = Vec::new();
        let open = self.solver.and(!condition.yes, !condition.no);
        for (value, lit) in a {
            all.push((*value, self.solver.and(condition.yes, *lit)));
        }
        for (value, lit) in b {
            all.push((*value, self.solver.and(condition.no, *lit)));
        }
        if open != Lit::FALSE {
            for (x, p) in a {
                for (y, q) in b {
                    let value = match end {
                        End::Least => *x.min(y),
                        End::Most => *x.max(y),
                    };
                    let both = self.solver.and(*p, *q);
                    all.push((value, self.solver.and(open, both)));
                }
            }
        }
        self.merge(all)
    }

    /// Equal values become one; impossible ones are left out.
    fn merge(&mut self, spread: Spread) -> Spread {
        let mut merged: BTreeMap<Decimal, Lit> = BTreeMap::new();
        for (value, lit) in spread {
            if lit == Lit::FALSE {
                continue;
            }
            let before = merged.get(&value).copied().unwrap_or(Lit::FALSE);
            let either = self.solver.or(before, lit);
            merged.insert(value, either);
        }
        merged.into_iter().collect()
    }

    /// A number that is not followed; see [`Virtual`].
    pub(super) fn virtual_at_least(&mut self, number: &Number, c: Decimal, strict: bool) -> Pair {
        let index = match self
            .virtuals
            .iter()
            .position(|v| v.number.kind == number.kind)
        {
            Some(index) => index,
            None => {
                let made = self.new_virtual(number);
                self.virtuals.push(made);
                self.virtuals.len() - 1
            }
        };
        let Some(found) = self.virtuals.get_mut(index) else {
            return Pair::UNKNOWN;
        };
        let (c, strict) = match found.step {
            Some(step) => (on_grid(c, step, strict), false),
            None => (c, strict),
        };
        let (known, complete) = (found.known, found.complete);
        let reached = match found.bounds {
            Some((low, _)) if reaches(low, c, strict) => Lit::TRUE,
            Some((_, high)) if !reaches(high, c, strict) => Lit::FALSE,
            _ => cut(&mut self.solver, &mut found.cuts, (c, strict)),
        };
        // While an input is unknown the engine may know it nevertheless, from its range.
        let guess = match found.guesses.get(&(c, strict)) {
            Some(guess) => *guess,
            None => {
                let guess = Pair {
                    yes: self.solver.variable(),
                    no: self.solver.variable(),
                };
                self.solver.clause(&[!guess.yes, !guess.no]);
                found.order_guess(&mut self.solver, (c, strict), guess);
                guess
            }
        };
        let mut side = |reached: Lit, guess: Lit| {
            let sure = self.solver.and(known, reached);
            let guessed = self.solver.and(!complete, guess);
            self.solver.or(sure, guessed)
        };
        Pair {
            yes: side(reached, guess.yes),
            no: side(!reached, guess.no),
        }
    }

    fn new_virtual(&mut self, number: &Number) -> Virtual {
        let inputs = Cone::of_number(self.program, number);
        // With a hidden input it may have a value (where the input is not read) or not.
        let regardless = self.solver.variable();
        let mut complete = Vec::with_capacity(inputs.fields.len());
        for field in &inputs.fields {
            let (known, shown) = (self.known(*field), self.shown(*field));
            let hidden = self.solver.and(shown.no, regardless);
            complete.push(self.solver.or(known, hidden));
        }
        let complete = self.solver.all(complete);
        // Hidden inputs that are not read are not missed.
        let settled = self.settled(number);
        let complete = self.solver.or(complete, settled);
        let valued = self.valued(number);
        let known = self.solver.and(complete, valued);
        Virtual {
            bounds: self.bounds(number),
            step: self.step(number),
            number: number.clone(),
            inputs,
            complete,
            known,
            cuts: BTreeMap::new(),
            guesses: BTreeMap::new(),
        }
    }

    /// What is said of a number, where it has a value: of other patients nothing is.
    fn where_valued(&mut self, number: &Number, said: Pair) -> Pair {
        let valued = self.valued(number);
        Pair {
            yes: self.solver.and(said.yes, valued),
            no: self.solver.and(said.no, valued),
        }
    }

    /// The number has a value: it lies in one of its bands, and nothing is divided by zero. Whether
    /// what circuits do not follow has one is left open.
    fn valued(&mut self, number: &Number) -> Lit {
        match &number.kind {
            NumberKind::Const(_)
            | NumberKind::Field(_)
            | NumberKind::Points(_)
            | NumberKind::Count(_)
            | NumberKind::Elapsed { .. } => Lit::TRUE,
            NumberKind::Nothing => Lit::FALSE,
            NumberKind::Script { .. } => self.inside(number, false),
            NumberKind::Definition(id) => self.definition_valued(*id),
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
                self.all_valued(parts)
            }
            NumberKind::When { amount, condition } => {
                let amount = self.valued(amount);
                self.valued_unless(amount, |encoder| encoder.cond(condition).no)
            }
            NumberKind::IfShown { fields, number, .. } => {
                let number = self.valued(number);
                self.valued_unless(number, |encoder| encoder.all_shown(fields).no)
            }
            NumberKind::If(condition, then, otherwise) => {
                let (then, otherwise) = (self.valued(then), self.valued(otherwise));
                if then == otherwise {
                    return then;
                }
                let condition = self.cond(condition);
                self.choose(condition, Pair::sure(then), Pair::sure(otherwise))
                    .yes
            }
            NumberKind::Arithmetic { left, op, right } => {
                let nonzero = |(low, high)| low > Decimal::ZERO || high < Decimal::ZERO;
                let total = *op != ArithmeticOp::Divide || self.bounds(right).is_some_and(nonzero);
                let (left, right) = (self.valued(left), self.valued(right));
                let inside = self.inside(number, total);
                self.solver.all([left, right, inside])
            }
            NumberKind::Call {
                function,
                arguments,
            } => {
                let first = arguments.first().and_then(|argument| self.bounds(argument));
                let inside = match function {
                    Function::Abs | Function::Floor | Function::Ceiling | Function::Round => true,
                    Function::Sqrt => first.is_some_and(|(low, _)| low >= Decimal::ZERO),
                    Function::Ln | Function::Power => {
                        first.is_some_and(|(low, _)| low > Decimal::ZERO)
                    }
                    Function::Exp => first.is_some_and(|(_, high)| high <= Decimal::from(60)),
                };
                let (all, inside) = (self.all_valued(arguments), self.inside(number, inside));
                self.solver.and(all, inside)
            }
        }
    }

    pub(super) fn definition_valued(&mut self, id: DefinitionId) -> Lit {
        if let Some(known) = self.valued.get(&id) {
            return *known;
        }
        let valued = match self.number_rule(id) {
            Some((number, _)) => self.valued(&number),
            None => Lit::FALSE,
        };
        self.valued.insert(id, valued);
        valued
    }

    fn all_valued(&mut self, numbers: &[Number]) -> Lit {
        numbers.iter().fold(Lit::TRUE, |all, number| {
            let valued = self.valued(number);
            self.solver.and(all, valued)
        })
    }

    /// It has a value, or it is not read.
    fn valued_unless(&mut self, valued: Lit, unread: impl FnOnce(&mut Self) -> Lit) -> Lit {
        if valued == Lit::TRUE {
            return valued;
        }
        let unread = unread(self);
        self.solver.or(valued, unread)
    }

    /// What it is made of gives a value; if not surely, that is left open, alike wherever it is read.
    fn inside(&mut self, number: &Number, surely: bool) -> Lit {
        if surely {
            return Lit::TRUE;
        }
        let mut known = self.perhaps.iter();
        if let Some((_, lit)) = known.find(|(known, _)| *known == number.kind) {
            return *lit;
        }
        let inside = self.solver.variable();
        self.perhaps.push((number.kind.clone(), inside));
        inside
    }

    /// From where to where a number can lie, if that is easily said.
    pub(super) fn bounds(&self, number: &Number) -> Option<(Decimal, Decimal)> {
        match &number.kind {
            NumberKind::Const(value) => Some((*value, *value)),
            NumberKind::Nothing => None,
            NumberKind::Field(field) => {
                let field = self.program.fields.get(usize::from(field.0))?;
                field.ty.numbers().map(|(low, high, _)| (low, high))
            }
            NumberKind::Points(field) => {
                let points = self
                    .codes(*field)
                    .iter()
                    .filter(|code| !code.unknown)
                    .map(|code| code.points)
                    .collect::<Option<Vec<_>>>()?;
                Some((points.iter().copied().min()?, points.iter().copied().max()?))
            }
            NumberKind::Definition(id) => {
                if let Some(known) = self.bounds_of.borrow().get(id) {
                    return *known;
                }
                let bounds = self.definition_bounds(*id);
                self.bounds_of.borrow_mut().insert(*id, bounds);
                bounds
            }
            NumberKind::Sum(parts) => {
                parts
                    .iter()
                    .try_fold((Decimal::ZERO, Decimal::ZERO), |(low, high), part| {
                        let (a, b) = self.bounds(part)?;
                        Some((low.checked_add(a)?, high.checked_add(b)?))
                    })
            }
            NumberKind::Arithmetic { left, op, right } => {
                let ((a, b), (c, d)) = (self.bounds(left)?, self.bounds(right)?);
                match op {
                    ArithmeticOp::Add => Some((a.checked_add(c)?, b.checked_add(d)?)),
                    ArithmeticOp::Subtract => Some((a.checked_sub(d)?, b.checked_sub(c)?)),
                    ArithmeticOp::Multiply => corners([
                        a.checked_mul(c)?,
                        a.checked_mul(d)?,
                        b.checked_mul(c)?,
                        b.checked_mul(d)?,
                    ]),
                    ArithmeticOp::Divide => {
                        if c <= Decimal::ZERO && d >= Decimal::ZERO {
                            return None;
                        }
                        corners([
                            a.checked_div(c)?,
                            a.checked_div(d)?,
                            b.checked_div(c)?,
                            b.checked_div(d)?,
                        ])
                    }
                }
            }
            NumberKind::Count(conditions) => Some((Decimal::ZERO, Decimal::from(conditions.len()))),
            NumberKind::When { amount, .. } => {
                let (low, high) = self.bounds(amount)?;
                Some((low.min(Decimal::ZERO), high.max(Decimal::ZERO)))
            }
            // What has no value lies nowhere.
            NumberKind::If(_, one, other) if one.kind == NumberKind::Nothing => self.bounds(other),
            NumberKind::If(_, one, other) if other.kind == NumberKind::Nothing => self.bounds(one),
            NumberKind::If(_, then, otherwise) => {
                let ((a, b), (c, d)) = (self.bounds(then)?, self.bounds(otherwise)?);
                Some((a.min(c), b.max(d)))
            }
            NumberKind::IfShown {
                number, otherwise, ..
            } => {
                let (low, high) = self.bounds(number)?;
                Some((low.min(*otherwise), high.max(*otherwise)))
            }
            NumberKind::Max(parts) => self.folded_bounds(parts, Decimal::max),
            NumberKind::Min(parts) => self.folded_bounds(parts, Decimal::min),
            NumberKind::Call {
                function,
                arguments,
            } => {
                let (low, high) = self.bounds(arguments.first()?)?;
                match function {
                    Function::Abs if low >= Decimal::ZERO => Some((low, high)),
                    Function::Abs if high <= Decimal::ZERO => Some((high.abs(), low.abs())),
                    Function::Abs => Some((Decimal::ZERO, low.abs().max(high))),
                    Function::Floor => Some((low.floor(), high.floor())),
                    Function::Ceiling => Some((low.ceil(), high.ceil())),
                    Function::Round => {
                        let digits = arguments.get(1).and_then(|digits| self.bounds(digits));
                        let (digits, _) = digits.filter(|(least, most)| least == most)?;
                        let digits = u32::try_from(digits).ok().filter(|digits| *digits < 20)?;
                        Some((round_half_up(low, digits), round_half_up(high, digits)))
                    }
                    Function::Sqrt | Function::Ln | Function::Exp | Function::Power => None,
                }
            }
            NumberKind::Script { .. } | NumberKind::Elapsed { .. } => None,
        }
    }

    /// A power of ten of which every value of a number is a multiple, as the digits of what it is
    /// made of say: 10.1 + 0.25 moves in steps of 0.01.
    fn step(&mut self, number: &Number) -> Option<Decimal> {
        if let Some(plain) = step_of(self.program, number) {
            return Some(plain);
        }
        let digits = |scale: u32| Decimal::try_new(1, scale).ok();
        match &number.kind {
            NumberKind::Const(value) => digits(value.normalize().scale()),
            NumberKind::Points(field) => {
                let codes = self.codes(*field).iter().filter(|code| !code.unknown);
                finest(codes.map(|code| digits(code.points?.normalize().scale())))
            }
            NumberKind::Definition(id) => {
                if let Some(known) = self.steps.get(id) {
                    return *known;
                }
                let program = self.program;
                let step = match &program.definitions.get(usize::from(id.0))?.rule {
                    Rule::Number { number, .. } => self.step(number),
                    Rule::Criterion(_) | Rule::Grade { .. } => None,
                };
                self.steps.insert(*id, step);
                step
            }
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
                finest(parts.iter().map(|part| self.step(part)))
            }
            NumberKind::When { amount, .. } => self.step(amount),
            NumberKind::If(_, then, otherwise) => match otherwise.kind {
                NumberKind::Nothing => self.step(then),
                _ => finest([self.step(then), self.step(otherwise)].into_iter()),
            },
            NumberKind::IfShown {
                number, otherwise, ..
            } => finest([self.step(number), digits(otherwise.normalize().scale())].into_iter()),
            NumberKind::Arithmetic { left, op, right } => match op {
                ArithmeticOp::Add | ArithmeticOp::Subtract => {
                    finest([self.step(left), self.step(right)].into_iter())
                }
                ArithmeticOp::Multiply => {
                    let product = self.step(left)?.checked_mul(self.step(right)?)?;
                    (product.scale() < MOST_DIGITS).then_some(product)
                }
                ArithmeticOp::Divide => {
                    let NumberKind::Const(by) = &right.kind else {
                        return None;
                    };
                    let part = Decimal::ONE.checked_div(*by)?;
                    let exact = part.checked_mul(*by)? == Decimal::ONE;
                    let part = digits(part.normalize().scale())?;
                    let quotient = self.step(left)?.checked_mul(part)?;
                    (exact && quotient.scale() < MOST_DIGITS).then_some(quotient)
                }
            },
            NumberKind::Call {
                function,
                arguments,
            } => match (function, arguments.as_slice()) {
                (Function::Floor | Function::Ceiling, _) => Some(Decimal::ONE),
                (Function::Abs, [inner]) => self.step(inner),
                _ => None,
            },
            // Those whose digits are plain have been answered.
            NumberKind::Field(_)
            | NumberKind::Count(_)
            | NumberKind::Elapsed { .. }
            | NumberKind::Nothing
            | NumberKind::Script { .. } => None,
        }
    }

    /// From where to where the largest or smallest of these can lie.
    fn folded_bounds(
        &self,
        parts: &[Number],
        of: fn(Decimal, Decimal) -> Decimal,
    ) -> Option<(Decimal, Decimal)> {
        let mut bounds = parts.iter().map(|part| self.bounds(part));
        let first = bounds.next()??;
        bounds.try_fold(first, |(low, high), part| {
            let (a, b) = part?;
            Some((of(low, a), of(high, b)))
        })
    }

    fn definition_bounds(&self, id: DefinitionId) -> Option<(Decimal, Decimal)> {
        let (number, fraction) = self.number_rule(id)?;
        let (low, high) = self.bounds(&number)?;
        Some(match fraction {
            None => (low, high),
            Some(fraction) => (
                round_half_up(low, u32::from(fraction)),
                round_half_up(high, u32::from(fraction)),
            ),
        })
    }

    /// Every number that is not followed has a value, as far as these fields settle it.
    pub(super) fn calculated(&self, cone: &Cone) -> Vec<Lit> {
        self.virtuals
            .iter()
            .filter(|found| found.inputs.fields.is_subset(&cone.fields))
            .map(|found| found.known)
            .collect()
    }

    /// Where everything lies that is measured, calculated or dated.
    pub(super) fn cuts(&self, cone: &Cone) -> Vec<Lit> {
        let mut cuts = Vec::new();
        for field in &cone.fields {
            if let Some(Some(State::Number(grid))) = self.states.get(usize::from(field.0)) {
                cuts.extend(grid.cuts.values());
            }
        }
        for found in &self.virtuals {
            if found.inputs.fields.is_subset(&cone.fields) {
                cuts.push(found.known);
                cuts.extend(found.cuts.values());
            }
        }
        for (_, _, pair) in &self.dates {
            cuts.extend([pair.less, pair.greater, pair.less_equal, pair.greater_equal]);
        }
        cuts
    }

    /// A difference of two fields follows from their thresholds wherever those tell them apart.
    pub(super) fn link_numbers(&mut self) {
        let differences: Vec<Difference> = self
            .virtuals
            .iter()
            .filter_map(|found| {
                let NumberKind::Arithmetic {
                    left,
                    op: ArithmeticOp::Subtract,
                    right,
                } = &found.number.kind
                else {
                    return None;
                };
                let (NumberKind::Field(left), NumberKind::Field(right)) = (&left.kind, &right.kind)
                else {
                    return None;
                };
                // At least and more than a constant: not below, and above.
                let (zero, below) = ((Decimal::ZERO, false), (Decimal::ZERO, true));
                let up_to: Vec<Lit> = found.cuts.range(..=below).map(|(_, lit)| *lit).collect();
                let from: Vec<Lit> = found.cuts.range(zero..).map(|(_, lit)| *lit).collect();
                Some(Difference {
                    left: *left,
                    right: *right,
                    known: found.known,
                    up_to,
                    from,
                })
            })
            .collect();
        for difference in differences {
            let Difference {
                left,
                right,
                known,
                up_to,
                from,
            } = difference;
            let (Some(State::Number(a)), Some(State::Number(b))) =
                (self.state(left), self.state(right))
            else {
                continue;
            };
            let cuts: Vec<Decimal> = a.cuts.keys().chain(b.cuts.keys()).copied().collect();
            for c in cuts {
                let (Some(x), Some(y)) = (self.grid_cut(left, c), self.grid_cut(right, c)) else {
                    continue;
                };
                // The left is at least c and the right is not: the difference is above zero.
                for lit in &up_to {
                    self.solver.clause(&[!known, !x, y, *lit]);
                }
                // The right is at least c and the left is not: it is below zero.
                for lit in &from {
                    self.solver.clause(&[!known, x, !y, !*lit]);
                }
            }
        }
    }

    fn grid_cut(&mut self, field: FieldId, c: Decimal) -> Option<Lit> {
        match self.states.get_mut(usize::from(field.0)) {
            Some(Some(State::Number(grid))) => Some(grid.at_least(&mut self.solver, c, false)),
            _ => None,
        }
    }
}

/// A number of rows of which one always holds: the last without its condition.
fn closed(number: &Number) -> Number {
    let kind = match &number.kind {
        NumberKind::If(_, then, otherwise) if otherwise.kind == NumberKind::Nothing => {
            return (**then).clone();
        }
        NumberKind::If(condition, then, otherwise) => {
            NumberKind::If(condition.clone(), then.clone(), Box::new(closed(otherwise)))
        }
        kind => kind.clone(),
    };
    let text = number.text.clone();
    Number { kind, text }
}

/// A sum under work: from which item on, how much is still wanted.
struct Total<'t> {
    items: &'t [Spread],
    rest: &'t [(Decimal, Decimal)],
    strict: bool,
    known: HashMap<(usize, Decimal), Lit>,
}

impl Total<'_> {
    fn at_least(&mut self, encoder: &mut Encoder<'_>, from: usize, wanted: Decimal) -> Lit {
        let (least, most) = self.rest.get(from).copied().unwrap_or_default();
        if reaches(least, wanted, self.strict) {
            return Lit::TRUE;
        }
        if !reaches(most, wanted, self.strict) {
            return Lit::FALSE;
        }
        let key = (from, wanted.normalize());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let items = self.items;
        let mut any = Lit::FALSE;
        for (value, lit) in items.get(from).into_iter().flatten() {
            let rest = self.at_least(encoder, from + 1, wanted - *value);
            let both = encoder.solver.and(*lit, rest);
            any = encoder.solver.or(any, both);
        }
        self.known.insert(key, any);
        any
    }
}

fn reaches(value: Decimal, c: Decimal, strict: bool) -> bool {
    if strict { value > c } else { value >= c }
}

fn opposite(end: End) -> End {
    match end {
        End::Least => End::Most,
        End::Most => End::Least,
    }
}

/// `c / k` for a positive `k`, if it has a finite number of digits.
fn exact_quotient(c: Decimal, k: Decimal) -> Option<Decimal> {
    if k <= Decimal::ZERO {
        return None;
    }
    let quotient = c.checked_div(k)?;
    (quotient.checked_mul(k)? == c && quotient.scale() < 20).then_some(quotient)
}

fn finest(mut steps: impl Iterator<Item = Option<Decimal>>) -> Option<Decimal> {
    steps.try_fold(Decimal::ONE, |finest, step| Some(finest.min(step?)))
}

fn corners(values: [Decimal; 4]) -> Option<(Decimal, Decimal)> {
    Some((values.iter().copied().min()?, values.iter().copied().max()?))
}

/// Half up, away from zero, as the engine rounds.
pub(super) fn round_half_up(value: Decimal, fraction: u32) -> Decimal {
    let Ok(step) = Decimal::try_new(1, fraction) else {
        return value;
    };
    let Ok(half) = Decimal::try_new(5, fraction + 1) else {
        return value;
    };
    let size = ((value.abs() + half) / step).floor() * step;
    if value < Decimal::ZERO { -size } else { size }
}
