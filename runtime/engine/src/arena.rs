//! The rules of a program laid out flat for the evaluator: nodes in one row, codes as bit sets,
//! points and ranges looked up beforehand. The wire form is the tree; these are only put aside
//! by a program for itself.

mod lower;
mod total;

pub use lower::number_domain;
pub(crate) use lower::{lower, scripts};

use crate::days::Days;
use crate::program::{Application, ArithmeticOp, CompareOp, CountOp, ElapsedUnit, Function, Index};
use crate::range::Range;
use crate::script::Script;
use crate::tri::Tri;
use crate::value::Decimal;
use serde::{Deserialize, Serialize};

/// Position of a condition in [`Arena::conditions`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct CondRef(u32);

/// Position of a number in [`Arena::numbers`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct NumberRef(u32);

/// Some consecutive entries of one of the rows in [`Arena`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct List<T> {
    start: u32,
    length: u32,
    of: std::marker::PhantomData<T>,
}

/// A set of code positions: a list of words with 64 codes each.
pub(crate) type CodeSet = List<u64>;

/// All rules of a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Arena {
    conditions: Vec<CondNode>,
    numbers: Vec<NumberNode>,
    condition_lists: Vec<CondRef>,
    number_lists: Vec<NumberRef>,
    field_lists: Vec<u16>,
    words: Vec<u64>,
    scores: Vec<ScoreItem>,
    points: Vec<Option<i64>>,
    pub tables: Vec<Table>,
    pub fields: Vec<FieldRule>,
    pub definitions: Vec<DefinitionRule>,
    /// For each definition, whether it is a criterion or grade with a value in every completion.
    pub total: Vec<bool>,
    pub judgements: Vec<JudgementRule>,
    pub checks: Vec<CondRef>,
    /// Functions that can be called; read anew where rules were put aside.
    #[serde(skip)]
    pub scripts: Vec<Script>,
    /// What decides the result.
    pub deciding: Deciding,
    /// The fields that the result depends on, ascending.
    pub deciding_fields: Vec<u16>,
}

/// What decides the result, by position in [`Arena::judgements`].
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Deciding {
    pub diagnosis: Option<u16>,
    pub severity: Option<u16>,
    /// Whether below the severity threshold the 軽症高額 path remains (指定難病).
    pub mild: bool,
}

/// What is known about a code table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    /// For each code, whether it says that the physician does not know.
    pub unknown: Vec<bool>,
    /// The other codes.
    pub known: Vec<Index>,
    /// For each code what it counts. A code marked unknown counts nothing even if points are
    /// written at it: that would be a silent no.
    pub points: Vec<Option<Decimal>>,
    /// From the fewest to the most points of the known codes.
    pub points_range: Range,
}

/// How a field is shown and what is known about it before it is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FieldRule {
    /// Neither a condition nor the kind of application can hide it.
    pub always_shown: bool,
    pub only: Option<Application>,
    pub shown_when: Option<CondRef>,
    /// See [`crate::program::Field::hidden_when`].
    pub hidden_when: Option<CondRef>,
    pub required: bool,
    pub required_when: Option<CondRef>,
    pub domain: Domain,
    /// Whether a rule that matters to a judgement asks if it is answered.
    pub watched: bool,
}

/// The legal values of a field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Domain {
    /// One code; `named` are the codes marked unknown that rules of judgements name.
    Choice { table: u16, named: Vec<Index> },
    /// Several codes; `named` are the codes that rules of judgements name, at most 64.
    Choices { table: u16, named: Vec<Index> },
    /// A number.
    Number(Steps),
    /// A date.
    Date,
    /// Text: rules can only ask whether it is answered.
    Text,
}

/// A number from low to high in steps of the last digit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Steps {
    pub low: Decimal,
    pub high: Decimal,
    pub step: Decimal,
    /// Where rules of judgements cut it.
    pub cuts: Vec<Decimal>,
    /// They do anything with it besides comparing it with constants.
    pub calculated: bool,
}

/// What a definition says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum DefinitionRule {
    Criterion(CondRef),
    Number {
        number: NumberRef,
        fraction: Option<u32>,
        /// One of its rows holds in every completion.
        covered: bool,
    },
    Grade {
        arms: Vec<(CondRef, Index)>,
        otherwise: Option<Index>,
        /// Some arm holds in every completion in which these have a value; nothing if perhaps none does.
        covered: Option<List<NumberRef>>,
    },
}

/// The categories of a judgement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JudgementRule {
    /// Conditions of all categories but the last.
    pub conditions: Vec<CondRef>,
    /// A bit for every eligible category.
    pub eligible: u64,
}

/// What a condition about a choice says of each written code, for a field that is always shown
/// and has at most 64 codes: the common case, answered without looking anything up.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Quick {
    /// The codes for which it holds.
    pub yes: u64,
    /// The codes for which it is unknown, and every position that is no code.
    pub open: u64,
}

impl Quick {
    /// Whether the condition holds when this code is written.
    pub(crate) fn says(self, code: Index) -> Tri {
        let bit = 1_u64.checked_shl(code.into()).unwrap_or(0);
        if self.yes & bit != 0 {
            Tri::True
        } else if bit == 0 || self.open & bit != 0 {
            Tri::Unknown
        } else {
            Tri::False
        }
    }
}

/// A condition.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum CondNode {
    Const(bool),
    Code {
        field: u16,
        codes: CodeSet,
        some_known: bool,
        quick: Option<Quick>,
    },
    /// `bit` is the position of the code in [`Domain::Choices::named`].
    Includes {
        field: u16,
        code: Index,
        bit: u8,
    },
    Answered(u16),
    Criterion(u16),
    Grade {
        definition: u16,
        outcomes: u64,
    },
    Category {
        judgement: u16,
        categories: u64,
    },
    Application(Application),
    Not(CondRef),
    All(List<CondRef>),
    Any(List<CondRef>),
    Count {
        of: List<CondRef>,
        op: CountOp,
        n: u32,
    },
    Compare {
        left: NumberRef,
        op: CompareOp,
        right: NumberRef,
    },
    CompareDates {
        left: Instant,
        op: CompareOp,
        right: Instant,
    },
    If(CondRef, CondRef, CondRef),
    TreatUnknown {
        condition: CondRef,
        as_yes: bool,
    },
    IfShown {
        fields: List<u16>,
        condition: CondRef,
        otherwise: bool,
    },
}

/// A number.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum NumberNode {
    Const(Decimal),
    Nothing,
    Field(u16),
    Points {
        field: u16,
        table: u16,
    },
    Definition(u16),
    /// A sum; if all parts are points of choices or amounts under a condition, also as whole
    /// numbers of the same scale.
    Sum {
        parts: List<NumberRef>,
        score: Option<Score>,
    },
    Max(List<NumberRef>),
    Min(List<NumberRef>),
    Count(List<CondRef>),
    When {
        amount: NumberRef,
        condition: CondRef,
    },
    If(CondRef, NumberRef, NumberRef),
    Arithmetic {
        left: NumberRef,
        op: ArithmeticOp,
        right: NumberRef,
    },
    Call {
        function: Function,
        first: NumberRef,
        second: Option<NumberRef>,
    },
    /// A function of [`Arena::scripts`].
    Script {
        function: u16,
        arguments: List<NumberRef>,
    },
    Elapsed {
        unit: ElapsedUnit,
        from: Instant,
        to: Instant,
    },
    IfShown {
        fields: List<u16>,
        number: NumberRef,
        otherwise: Decimal,
    },
}

/// A point in time.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Instant {
    Const(Days),
    Field(u16),
    Today,
    /// A field or the day of judgement, so many units later.
    ShiftedField(u16, i32, ElapsedUnit),
    ShiftedToday(i32, ElapsedUnit),
}

impl Instant {
    /// The field it depends on.
    pub(crate) fn field(self) -> Option<u16> {
        match self {
            Self::Field(field) | Self::ShiftedField(field, ..) => Some(field),
            Self::Const(_) | Self::Today | Self::ShiftedToday(..) => None,
        }
    }
}

/// A sum of points in whole units of 10^-scale.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Score {
    pub items: List<ScoreItem>,
    pub scale: u32,
}

/// A part of a score.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum ScoreItem {
    /// The points of the chosen code: for each code of the table, then fewest and most.
    Points {
        field: u16,
        by_code: List<Option<i64>>,
        least: i64,
        most: i64,
    },
    /// An amount if the condition holds.
    When { amount: i64, condition: CondRef },
}

impl<T> List<T> {
    fn of<E>(self, row: &[E]) -> &[E] {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        let length = usize::try_from(self.length).unwrap_or(0);
        row.get(start..)
            .and_then(|rest| rest.get(..length))
            .unwrap_or(&[])
    }
}

impl Arena {
    /// Gives back what the rows have taken in advance: they grow no more.
    fn shrink(&mut self) {
        self.conditions.shrink_to_fit();
        self.numbers.shrink_to_fit();
        self.condition_lists.shrink_to_fit();
        self.number_lists.shrink_to_fit();
        self.field_lists.shrink_to_fit();
        self.words.shrink_to_fit();
        self.scores.shrink_to_fit();
        self.points.shrink_to_fit();
        self.definitions.shrink_to_fit();
        self.judgements.shrink_to_fit();
        self.checks.shrink_to_fit();
    }

    pub(crate) fn condition(&self, at: CondRef) -> Option<&CondNode> {
        self.conditions.get(usize::try_from(at.0).ok()?)
    }

    pub(crate) fn number(&self, at: NumberRef) -> Option<&NumberNode> {
        self.numbers.get(usize::try_from(at.0).ok()?)
    }

    pub(crate) fn conditions_of(&self, list: List<CondRef>) -> &[CondRef] {
        list.of(&self.condition_lists)
    }

    pub(crate) fn numbers_of(&self, list: List<NumberRef>) -> &[NumberRef] {
        list.of(&self.number_lists)
    }

    pub(crate) fn fields_of(&self, list: List<u16>) -> &[u16] {
        list.of(&self.field_lists)
    }

    pub(crate) fn score_of(&self, score: Score) -> &[ScoreItem] {
        score.items.of(&self.scores)
    }

    pub(crate) fn points_of(&self, by_code: List<Option<i64>>, code: Index) -> Option<i64> {
        by_code
            .of(&self.points)
            .get(usize::from(code))
            .copied()
            .flatten()
    }

    pub(crate) fn contains(&self, set: CodeSet, code: Index) -> bool {
        let word = set.of(&self.words).get(usize::from(code / 64));
        word.is_some_and(|word| word >> (code % 64) & 1 == 1)
    }

    pub(crate) fn field(&self, field: u16) -> Option<&FieldRule> {
        self.fields.get(usize::from(field))
    }

    pub(crate) fn table(&self, table: u16) -> Option<&Table> {
        self.tables.get(usize::from(table))
    }

    /// The condition of an arm of a grade.
    pub(crate) fn arm(&self, definition: u16, arm: Index) -> Option<CondRef> {
        match self.definitions.get(usize::from(definition))? {
            DefinitionRule::Grade { arms, .. } => Some(arms.get(usize::from(arm))?.0),
            DefinitionRule::Criterion(_) | DefinitionRule::Number { .. } => None,
        }
    }

    /// The table of a field, if it has one.
    pub(crate) fn table_of(&self, field: u16) -> Option<&Table> {
        match self.field(field)?.domain {
            Domain::Choice { table, .. } | Domain::Choices { table, .. } => self.table(table),
            Domain::Number(_) | Domain::Date | Domain::Text => None,
        }
    }
}
