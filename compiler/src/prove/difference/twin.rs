//! One patient as each edition asks it: judged by the engine in both, reduced to what matters, and
//! moved to see whether a neighbour is judged otherwise.

use super::Edition;
use super::side::{Both, Side};
use crate::prove::patient::{Patient, Task, drafted, example_text, realise};
use crate::prove::state::State;
use crate::prove::timeline::shifted;
use kohyo_engine::program::{ElapsedUnit, FieldId, FieldType, Index, JudgementId};
use kohyo_engine::{Answer, Answers, Context, Date, Decimal, Form, Probe, Question, Tri, judge};
use std::collections::BTreeSet;

/// A pair of outcomes, by position in the old and the new judgement; beyond the last category: none
/// is settled.
pub(super) type Kind = (usize, usize);

/// One patient as each edition asks it.
#[derive(Clone, Debug)]
pub(super) struct Twin {
    pub(super) old: Answers,
    pub(super) new: Answers,
    pub(super) context: Context,
}

/// What is tried on the engine: one reader for each edition, and how much may still be tried.
pub(super) struct Trial<'b, 'a> {
    pub(super) both: &'b Both<'a>,
    probes: (Probe<'b>, Probe<'b>),
}

impl<'b, 'a> Trial<'b, 'a> {
    pub(super) fn new(both: &'b Both<'a>) -> Self {
        Self {
            both,
            probes: (Probe::new(&both.forms.0), Probe::new(&both.forms.1)),
        }
    }

    /// The outcomes of both as three-valued logic has them: what it settles is settled.
    pub(super) fn outlined(&mut self, twin: &Twin) -> Kind {
        let (old, new) = (&self.both.old, &self.both.new);
        (
            outlined(&mut self.probes.0, old, &twin.old, &twin.context),
            outlined(&mut self.probes.1, new, &twin.new, &twin.context),
        )
    }

    /// The outcomes of both as the engine gives them.
    pub(super) fn kind(&mut self, twin: &Twin) -> Kind {
        let (old, new) = self.outlined(twin);
        let (a, b) = (&self.both.old, &self.both.new);
        let judged = |side: &Side<'_>, form: &Form, answers: &Answers, outlined: usize| {
            if outlined < side.open() {
                return outlined;
            }
            let found = category(form, answers, &twin.context, side.id);
            found.map_or(side.open(), usize::from)
        };
        (
            judged(a, &self.both.forms.0, &twin.old, old),
            judged(b, &self.both.forms.1, &twin.new, new),
        )
    }

    /// Both hold only what their edition asks of this patient.
    fn is_asked(&mut self, twin: &Twin) -> bool {
        let asked = |probe: &mut Probe<'_>, answers: &Answers| {
            let mut answered = answers.iter().filter(|(_, answer)| !answer.is_missing());
            answered.all(|(field, _)| {
                probe.holds(answers, &twin.context, Question::Shown(field)) == Tri::True
            })
        };
        asked(&mut self.probes.0, &twin.old) && asked(&mut self.probes.1, &twin.new)
    }

    /// No error check that the judgement's items settle finds anything.
    pub(super) fn is_acceptable(&mut self, twin: &Twin) -> bool {
        let accepted = |probe: &mut Probe<'_>, side: &Side<'_>, answers: &Answers| {
            let mut kept = side.kept.iter().filter(|check| {
                let check = side.program.checks.get(usize::from(**check));
                let only = check.and_then(|check| check.only);
                only.is_none_or(|only| only == twin.context.application)
            });
            kept.all(|check| {
                probe.holds(answers, &twin.context, Question::Check(*check)) != Tri::True
            })
        };
        accepted(&mut self.probes.0, &self.both.old, &twin.old)
            && accepted(&mut self.probes.1, &self.both.new, &twin.new)
    }

    /// Whether everything that is asked for the judgements is known.
    pub(super) fn is_complete(&mut self, twin: &Twin) -> bool {
        let complete = |probe: &mut Probe<'_>, side: &Side<'_>, answers: &Answers| {
            side.cone.fields.iter().all(|field| {
                let open = match answers.get(*field) {
                    Answer::Missing => true,
                    Answer::Code(code) => is_unknown(side, *field, *code),
                    Answer::Codes(all) => {
                        all.is_empty() || all.iter().any(|code| is_unknown(side, *field, *code))
                    }
                    Answer::Number(_) | Answer::Date(_) | Answer::Text(_) => false,
                };
                !open || probe.holds(answers, &twin.context, Question::Shown(*field)) == Tri::False
            })
        };
        complete(&mut self.probes.0, &self.both.old, &twin.old)
            && complete(&mut self.probes.1, &self.both.new, &twin.new)
    }

    /// Leaves out what is surely not asked.
    pub(super) fn only_asked(&mut self, twin: &mut Twin) {
        self.clear(twin, |shown| shown != Tri::False);
    }

    /// Leaves out what is perhaps not asked.
    fn only_shown(&mut self, twin: &mut Twin) {
        self.clear(twin, |shown| shown == Tri::True);
    }

    fn clear(&mut self, twin: &mut Twin, stays: impl Fn(Tri) -> bool) {
        let context = twin.context;
        let clear = |probe: &mut Probe<'_>, answers: &mut Answers| {
            let answered: Vec<FieldId> = answers
                .iter()
                .filter(|(_, answer)| !answer.is_missing())
                .map(|(field, _)| field)
                .collect();
            let mut cleared = false;
            for field in answered {
                if !stays(probe.holds(answers, &context, Question::Shown(field))) {
                    answers.set(field, Answer::Missing);
                    cleared = true;
                }
            }
            cleared
        };
        // What is left out may have shown something else.
        while clear(&mut self.probes.0, &mut twin.old) {}
        while clear(&mut self.probes.1, &mut twin.new) {}
    }

    /// The answers of one edition, and what only the other one asks.
    pub(super) fn joined(&mut self, first: &Patient, second: &Patient, first_is_old: bool) -> Twin {
        let programs = (self.both.old.program, self.both.new.program);
        let shared = &self.both.shared;
        let (here, there) = match first_is_old {
            true => (Edition::Old, Edition::New),
            false => (Edition::New, Edition::Old),
        };
        let read = match first_is_old {
            true => &self.both.old.cone.fields,
            false => &self.both.new.cone.fields,
        };
        let mut answers = second.answers.clone();
        let mut own = first.answers.clone();
        for (id, answer) in second.answers.iter() {
            if let Some((own_id, answer)) = shared.carried(programs, here, id, answer)
                && !read.contains(&own_id)
                && own.get(own_id).is_missing()
            {
                own.set(own_id, answer);
            }
        }
        for (id, answer) in first.answers.iter() {
            let Some((other, answer)) = shared.carried(programs, there, id, answer) else {
                continue;
            };
            // What the one edition does not ask, the other may.
            let probe = match first_is_old {
                true => &mut self.probes.0,
                false => &mut self.probes.1,
            };
            let unasked = answer.is_missing() && !read.contains(&id)
                || answer.is_missing()
                    && probe.holds(&first.answers, &first.context, Question::Shown(id))
                        != Tri::True;
            if !unasked {
                answers.set(other, answer);
            }
        }
        let context = first.context;
        let mut twin = match first_is_old {
            true => Twin {
                old: own,
                new: answers,
                context,
            },
            false => Twin {
                old: answers,
                new: own,
                context,
            },
        };
        self.only_asked(&mut twin);
        twin
    }

    /// Leaves out the answers that do not matter.
    pub(super) fn reduced(&mut self, mut twin: Twin, kind: Kind) -> Twin {
        let read = self.read();
        self.forget_unread(&mut twin, &read);
        if self.outlined(&twin) != kind {
            return twin;
        }
        if !self.is_asked(&twin) {
            let mut asked = twin.clone();
            self.only_shown(&mut asked);
            if self.outlined(&asked) != kind || !self.is_asked(&asked) {
                return twin;
            }
            twin = asked;
        }
        let is_acceptable = self.is_acceptable(&twin);
        let settled = self.both.is_settled(kind);
        for question in read.into_iter().rev() {
            let before = (twin.old.clone(), twin.new.clone());
            if !question.is_answered(&twin) {
                continue;
            }
            // What is unknown makes the difference.
            if !settled && question.is_unknown(self.both, &twin) {
                continue;
            }
            question.answer(self.both, &mut twin, &Answer::Missing);
            let kept = self.outlined(&twin) == kind
                && self.is_asked(&twin)
                && (!is_acceptable || self.is_acceptable(&twin));
            if !kept {
                (twin.old, twin.new) = before;
            }
        }
        twin
    }

    /// Leaves out what neither judgement reads.
    fn forget_unread(&self, twin: &mut Twin, read: &[Asking]) {
        let (old, new): (BTreeSet<_>, BTreeSet<_>) = read
            .iter()
            .map(|question| (question.old, question.new))
            .unzip();
        for question in self.questions() {
            let is_read = (question.old.is_some() && old.contains(&question.old))
                || (question.new.is_some() && new.contains(&question.new));
            if !is_read {
                question.answer(self.both, twin, &Answer::Missing);
            }
        }
    }

    /// Every question of both, in the order of the form.
    fn questions(&self) -> Vec<Asking> {
        let (old, new) = (&self.both.old, &self.both.new);
        let mut told = BTreeSet::new();
        let mut questions = Vec::new();
        for (a, b) in &self.both.shared.pairs {
            told.insert(*a);
            questions.push(Asking {
                old: Some(*a),
                new: Some(*b),
            });
        }
        let of_both: BTreeSet<FieldId> = questions.iter().filter_map(|q| q.new).collect();
        for id in (0..).zip(&new.program.fields).map(|(id, _)| FieldId(id)) {
            if !of_both.contains(&id) {
                let old = None;
                questions.push(Asking { old, new: Some(id) });
            }
        }
        for id in (0..).zip(&old.program.fields).map(|(id, _)| FieldId(id)) {
            if !told.contains(&id) {
                let new = None;
                questions.push(Asking { old: Some(id), new });
            }
        }
        questions.sort_by_key(|question| question.new.or(question.old));
        questions
    }

    /// Those that one of the judgements reads.
    fn read(&self) -> Vec<Asking> {
        let (old, new) = (&self.both.old.cone.fields, &self.both.new.cone.fields);
        let mut questions = self.questions();
        questions.retain(|question| {
            question.old.is_some_and(|id| old.contains(&id))
                || question.new.is_some_and(|id| new.contains(&id))
        });
        questions
    }

    /// Answers what is asked and not answered yet: with the last known code, the lowest number.
    pub(super) fn filled(&mut self, mut twin: Twin) -> Twin {
        for question in self.read() {
            if question.is_answered(&twin) || !self.asks(&question, &twin) {
                continue;
            }
            let answers = alternatives(self.both, &question, &Answer::Missing);
            if let Some(answer) = answers.into_iter().next() {
                question.answer(self.both, &mut twin, &answer);
            }
        }
        twin
    }

    fn asks(&mut self, question: &Asking, twin: &Twin) -> bool {
        let shown = |probe: &mut Probe<'_>, answers: &Answers, id: Option<FieldId>| {
            id.is_some_and(|id| {
                probe.holds(answers, &twin.context, Question::Shown(id)) == Tri::True
            })
        };
        shown(&mut self.probes.0, &twin.old, question.old)
            || shown(&mut self.probes.1, &twin.new, question.new)
    }

    /// Whoever answers one question otherwise, and is judged otherwise then; until `effort` is
    /// spent, or `meet` says that it is enough.
    pub(super) fn around(
        &mut self,
        twin: &Twin,
        effort: &mut u32,
        mut meet: impl FnMut(&mut Self, Twin, Kind) -> bool,
    ) {
        for question in self.read() {
            let own = question.current(twin);
            for answer in alternatives(self.both, &question, &own) {
                if *effort == 0 {
                    return;
                }
                *effort -= 1;
                let mut other = twin.clone();
                question.answer(self.both, &mut other, &answer);
                let outlined = self.outlined(&other);
                if !self.both.differs(outlined) || outlined == self.both.nowhere() {
                    continue;
                }
                self.only_asked(&mut other);
                let outlined = self.outlined(&other);
                if self.both.differs(outlined) && meet(self, other, outlined) {
                    return;
                }
            }
        }
    }
}

impl<'a> Both<'a> {
    /// No category is settled in either.
    pub(super) fn nowhere(&self) -> Kind {
        (self.old.open(), self.new.open())
    }

    /// Whether two outcomes are not the same.
    pub(super) fn differs(&self, (old, new): Kind) -> bool {
        self.old.key(old) != self.new.key(new)
    }

    /// Both are settled.
    pub(super) fn is_settled(&self, (old, new): Kind) -> bool {
        old < self.old.open() && new < self.new.open()
    }

    /// Real answers for the patient that the solver found last, whom it gives these outcomes: as
    /// each edition asks them first. What the engine would not confirm may come as well.
    pub(super) fn patients(&mut self, kind: Kind, acceptable: bool) -> Vec<Twin> {
        let answers = |side: &Side<'_>, form: &Form, index: usize| {
            let task = Task {
                wishes: &side.wishes(index),
                cone: &side.cone,
                kept: if acceptable { &side.kept } else { &[] },
                complete: true,
                placed: true,
                beside: None,
            };
            realise(&side.encoder, form, &task)
                .unwrap_or_else(|| drafted(&side.encoder, form, &task))
        };
        let new = answers(&self.new, &self.forms.1, kind.1);
        self.swap();
        let old = answers(&self.old, &self.forms.0, kind.0);
        self.swap();
        let mut trial = Trial::new(self);
        // What the one side had to move may suit the other.
        vec![
            trial.joined(&new, &old, false),
            trial.joined(&old, &new, true),
        ]
    }
}

/// A question, as one edition or both ask it.
#[derive(Clone, Copy, Debug)]
struct Asking {
    old: Option<FieldId>,
    new: Option<FieldId>,
}

impl Asking {
    /// What is answered to it, as the new edition has it if it asks.
    fn current(self, twin: &Twin) -> Answer {
        let answer = |answers: &Answers, id: Option<FieldId>| {
            id.map_or(Answer::Missing, |id| answers.get(id).clone())
        };
        match answer(&twin.new, self.new) {
            Answer::Missing => match self.new {
                // An answer that only the old edition holds is its own.
                Some(_) => Answer::Missing,
                None => answer(&twin.old, self.old),
            },
            found => found,
        }
    }

    fn is_answered(self, twin: &Twin) -> bool {
        self.old.is_some_and(|id| !twin.old.get(id).is_missing())
            || self.new.is_some_and(|id| !twin.new.get(id).is_missing())
    }

    /// One of the editions takes the answer for unknown.
    fn is_unknown(self, both: &Both<'_>, twin: &Twin) -> bool {
        let unknown = |side: &Side<'_>, answers: &Answers, id: FieldId| match answers.get(id) {
            Answer::Code(code) => is_unknown(side, id, *code),
            Answer::Codes(all) => all.iter().any(|code| is_unknown(side, id, *code)),
            _ => false,
        };
        self.old.is_some_and(|id| unknown(&both.old, &twin.old, id))
            || self.new.is_some_and(|id| unknown(&both.new, &twin.new, id))
    }

    /// Answers it in both; an answer of the new edition if that asks it.
    fn answer(self, both: &Both<'_>, twin: &mut Twin, answer: &Answer) {
        match (self.old, self.new) {
            (Some(a), Some(b)) => {
                let programs = (both.old.program, both.new.program);
                let carried = both.shared.carried(programs, Edition::Old, b, answer);
                if let Some((_, carried)) = carried {
                    twin.old.set(a, carried);
                    twin.new.set(b, answer.clone());
                }
            }
            (None, Some(b)) => twin.new.set(b, answer.clone()),
            (Some(a), None) => twin.old.set(a, answer.clone()),
            (None, None) => {}
        }
    }
}

fn is_unknown(side: &Side<'_>, field: FieldId, code: Index) -> bool {
    let codes = side.encoder.codes(field);
    codes
        .get(usize::from(code))
        .is_some_and(|code| code.unknown)
}

fn outlined(probe: &mut Probe<'_>, side: &Side<'_>, answers: &Answers, context: &Context) -> usize {
    let last = side.open().saturating_sub(1);
    for index in 0..last {
        let category = Index::try_from(index).unwrap_or(Index::MAX);
        match probe.holds(answers, context, Question::Category(side.id, category)) {
            Tri::True => return index,
            Tri::False => {}
            Tri::Unknown => return side.open(),
        }
    }
    last
}

fn category(form: &Form, answers: &Answers, context: &Context, id: JudgementId) -> Option<Index> {
    let verdict = judge(form, answers, context);
    let categories = verdict.categories.as_slice();
    categories.get(usize::from(id.0)).copied().flatten()
}

/// Other answers to a question, as the new edition has them if it asks: every code, the numbers at
/// thresholds, dates before and after.
fn alternatives(both: &Both<'_>, question: &Asking, own: &Answer) -> Vec<Answer> {
    let (side, id) = match (question.new, question.old) {
        (Some(id), _) => (&both.new, id),
        (None, Some(id)) => (&both.old, id),
        (None, None) => return Vec::new(),
    };
    let Some(field) = side.field(id) else {
        return Vec::new();
    };
    let mut found: Vec<Answer> = match &field.ty {
        FieldType::Choice { .. } => codes(side, id).map(Answer::Code).collect(),
        FieldType::Choices { .. } => codes(side, id)
            .map(|code| Answer::Codes(vec![code]))
            .collect(),
        FieldType::Number { .. } => match field.ty.numbers() {
            Some(domain) => numbers(both, question, domain),
            None => Vec::new(),
        },
        FieldType::Date { .. } => match own {
            Answer::Date(day) => earlier_and_later(*day)
                .into_iter()
                .map(Answer::Date)
                .collect(),
            _ => Vec::new(),
        },
        _ => match own {
            Answer::Missing => vec![example_text(side.program, id)],
            _ => Vec::new(),
        },
    };
    found.retain(|answer| answer != own);
    if !own.is_missing() {
        found.push(Answer::Missing);
    }
    found
}

/// The codes of a field, those first that are known, the last of them first.
fn codes(side: &Side<'_>, id: FieldId) -> impl Iterator<Item = Index> {
    let all = (0..).zip(side.encoder.codes(id));
    let mut all: Vec<(Index, bool)> = all.map(|(index, code)| (index, code.unknown)).collect();
    all.reverse();
    all.sort_by_key(|(_, unknown)| *unknown);
    all.into_iter().map(|(index, _)| index)
}

/// The numbers at which something changes, and those just below.
fn numbers(
    both: &Both<'_>,
    question: &Asking,
    (low, high, step): (Decimal, Decimal, Decimal),
) -> Vec<Answer> {
    let mut points: BTreeSet<Decimal> = BTreeSet::from([low, high]);
    let mut add = |side: &Side<'_>, id: Option<FieldId>| {
        let state = id.and_then(|id| side.encoder.states.get(usize::from(id.0)));
        if let Some(Some(State::Number(grid))) = state {
            let cuts = grid.cuts.keys();
            points.extend(cuts.flat_map(|cut| [*cut, *cut - step, *cut + step]));
        }
    };
    add(&both.old, question.old);
    add(&both.new, question.new);
    let inside = points.into_iter().filter(|n| (low..=high).contains(n));
    let middle = low + ((high - low) / step / Decimal::TWO).floor() * step;
    inside.chain([middle]).map(Answer::Number).collect()
}

/// Days some months and years before and after a day.
fn earlier_and_later(day: Date) -> Vec<Date> {
    let months = [1, 6, 12, 60, 240].into_iter();
    let moved = months.flat_map(|months| [-months, months]);
    let moved = moved.filter_map(|months| {
        let number = shifted(day.first_day(), ElapsedUnit::Months, months)?;
        Date::from_day_number(number)
    });
    moved.collect()
}
