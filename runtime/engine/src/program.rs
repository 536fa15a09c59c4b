//! The wire form of a compiled form: small, closed, versioned.
//!
//! The compiler writes it, the engine reads it, nothing else interprets it. Names are already
//! replaced by positions, modules are folded in, evaluation order is fixed, Japanese readings
//! for the explanation are attached. Every rule is typed by construction: a condition cannot
//! stand where a number belongs.

mod exception;
mod migration;
mod parts;
mod sentence;
mod shared;

pub use exception::{Excepted, Exception, ExceptionKind};
pub use migration::{Asked, Carried, Dropped, MappedCode, Migration};
pub use parts::Part;

use crate::value::{Date, Decimal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Version of this wire form; a reader refuses any other.
pub const FORMAT: u16 = 2;

/// Position of a field in [`Program::fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldId(pub u16);

/// Position of a definition in [`Program::definitions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DefinitionId(pub u16);

/// Position of a judgement in [`Program::judgements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JudgementId(pub u16);

/// Position of a code in its field's table, of an outcome in its definition, or of a category in
/// its judgement.
pub type Index = u16;

/// One compiled form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// [`FORMAT`].
    pub format: u16,
    /// `shitei-006`, `shoman-11-080`, `shitei-019-b02`, `programme-high_cost`.
    pub key: String,
    /// Name of the edition: `2020`.
    pub edition: String,
    /// First day of the edition.
    pub valid_from: Date,
    /// Last day of the edition, if it has ended.
    pub valid_to: Option<Date>,
    /// Japanese name of the disease, or of what the programme asks.
    pub title: String,
    /// `shitei`, `shoman` or `itself`.
    pub programme: Programme,
    /// How far the definition has come; shown everywhere.
    pub status: Status,
    /// The notice the criteria come from.
    pub source: String,
    /// Readings chosen where the official text is ambiguous.
    pub notes: Vec<String>,
    /// The edition by whose rules a renewal is judged as well: `2020`.
    #[serde(default)]
    pub fallback: Option<String>,
    /// What becomes of the answers of older editions.
    #[serde(default)]
    pub migrations: Vec<Migration>,
    /// Code tables, referred to by fields; forms may share them.
    #[serde(with = "shared")]
    pub code_tables: Vec<Arc<CodeTable>>,
    /// Functions written in Rhai, in the order of the files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<ScriptFunction>,
    /// Questions; a position here is a [`FieldId`].
    pub fields: Vec<Field>,
    /// The pages of the form.
    pub sections: Vec<Section>,
    /// Criteria, scores, values and grades, each after everything it reads.
    pub definitions: Vec<Definition>,
    /// Judgements, each after everything it reads.
    pub judgements: Vec<Judgement>,
    /// Checks across fields. Checks that follow from types are made by the engine.
    pub checks: Vec<Check>,
    /// Gaps and double answers of the official text itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
}

/// The two programmes of support, and what belongs to none of their diseases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Programme {
    /// 指定難病: below the severity threshold the 軽症高額 path remains.
    Shitei,
    /// 小児慢性特定疾病.
    Shoman,
    /// A form of the programme itself (制度の様式): a municipality fills it in, and no record of a
    /// patient is written in it.
    Itself,
}

/// In front of the name of a form of the programme itself, in its key.
pub const PROGRAMME_KEY: &str = "programme-";

impl Program {
    /// Whether it is a form of the programme itself, which no physician fills in.
    pub fn is_of_programme(&self) -> bool {
        self.programme == Programme::Itself
    }

    /// Whether the result depends on a judgement: `diagnosis` and `severity` of a disease, the only
    /// one of a form of the programme.
    pub fn decides(&self, judgement: &Judgement) -> bool {
        self.is_of_programme() || matches!(judgement.name.as_str(), "diagnosis" | "severity")
    }
}

/// How far a definition has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Written, not yet reviewed by a second person.
    Draft,
    /// Reviewed.
    Reviewed,
    /// In force.
    Published,
}

impl Status {
    /// In Japanese, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "下書き（未査読）",
            Self::Reviewed => "査読済み",
            Self::Published => "公開",
        }
    }
}

/// A function written in Rhai: typed at its edge, opaque inside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScriptFunction {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The official sentence.
    pub cites: Option<String>,
    /// What it is given, in order.
    pub parameters: Vec<Parameter>,
    /// Digits of the result, before and after the point together.
    pub digits: u8,
    /// Digits after the point; the result is rounded half up to them.
    pub fraction: u8,
    /// Unit of the result.
    pub unit: Option<String>,
    /// Smallest result.
    pub min: Option<Decimal>,
    /// Largest result.
    pub max: Option<Decimal>,
    /// The text of the function.
    pub script: String,
}

/// What a function is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name in the script.
    pub name: String,
    /// Whether it is a whole number; otherwise an exact decimal.
    pub whole: bool,
    /// Its unit.
    pub unit: Option<String>,
}

/// A list of codes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CodeTable {
    /// Name: `finding`; for an inline choice the field's name.
    pub name: String,
    /// Label; for an inline choice the field's label.
    pub label: String,
    /// The codes, in the order of the form.
    pub codes: Vec<Code>,
}

/// One code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Code {
    /// What is written on the wire: `1`.
    pub value: String,
    /// How rules and case files call it: `present`.
    pub name: String,
    /// How people call it: `あり`.
    pub label: String,
    /// What it counts in a score.
    pub points: Option<Decimal>,
    /// An answer that says the physician does not know.
    pub unknown: bool,
}

impl Code {
    /// What to do about a question with these codes that is not answered yet.
    ///
    /// Not knowing is not the same as not having done: a code such as 「未実施」 is offered to whoever
    /// has not done it, never to whoever only does not know.
    pub fn how_to_answer<'a>(codes: impl IntoIterator<Item = &'a Self>) -> String {
        let open: Vec<&Self> = codes.into_iter().filter(|code| code.unknown).collect();
        let offered = |when: &str, wanted: fn(&Self) -> bool| {
            let codes = open.iter().filter(|code| wanted(code));
            let labels: String = codes.map(|code| format!("「{}」", code.label)).collect();
            match labels.as_str() {
                "" => String::new(),
                labels => format!("。{when}ときは{labels}を選べます"),
            }
        };
        let unknown = offered("分からない", Self::says_unknown);
        let not_done = offered("行っていない", Self::says_not_done);
        format!("記入してください{unknown}{not_done}")
    }

    fn says_unknown(&self) -> bool {
        self.label.contains("不明")
    }

    fn says_not_done(&self) -> bool {
        let words = ["未実施", "未検査", "未検討", "未撮影"];
        !self.says_unknown() && words.iter().any(|word| self.label.contains(word))
    }
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Name on every wire, prefix included: `hoehn_yahr_stage`.
    pub name: String,
    /// The words of the official form.
    pub label: String,
    /// What may be answered.
    pub ty: FieldType,
    /// Always required when shown; `required_when` if it depends.
    pub required: bool,
    /// Required when this holds.
    pub required_when: Option<Box<Cond>>,
    /// Shown when this holds; always if nothing is written. Conditions of groups are folded in.
    pub shown_when: Option<Box<Cond>>,
    /// An answer is one too many when this holds; if nothing is written, when `shown_when` does
    /// not. The compiler writes it where a code marked `unknown` says by itself that the question
    /// was not asked, while `shown_when` leaves it open what the answer would have been. It does not
    /// hold while `shown_when` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_when: Option<Box<Cond>>,
    /// Asked in new applications or renewals only.
    pub only: Option<Application>,
    /// What happens to last year's answer.
    pub carry: Carry,
    /// How closely it points at a person.
    pub privacy: Option<Privacy>,
    /// Help text.
    pub help: Option<String>,
    /// The official words that ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cites: Option<String>,
    /// What a new form says before it is filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_answer: Option<FirstAnswer>,
}

/// What a new form says before it is filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstAnswer {
    /// The day on which the form is begun, as exactly as the field asks.
    Today,
    /// The value as written on the wire; several for several codes.
    Written(Vec<String>),
}

/// What may be answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Free text.
    Text {
        /// At most so many characters.
        chars: u32,
        /// At most so many lines.
        lines: u32,
    },
    /// Hiragana (and the long-vowel mark and blanks).
    Kana {
        /// At most so many characters.
        chars: u32,
    },
    /// Exactly so many half-width digits.
    Digits {
        /// How many.
        count: u32,
    },
    /// Seven digits.
    PostalCode,
    /// Digits and hyphens.
    Phone,
    /// A number; an integer has no digits after the point.
    Number {
        /// Digits in all.
        digits: u8,
        /// Digits after the point.
        fraction: u8,
        /// Unit.
        unit: Option<String>,
        /// Smallest value, included.
        min: Option<Decimal>,
        /// Largest value, included.
        max: Option<Decimal>,
    },
    /// A date of the Western calendar.
    Date {
        /// What is asked for; a coarser answer is a partial date and is kept as such.
        precision: DatePrecision,
    },
    /// One code.
    Choice {
        /// Position in [`Program::code_tables`].
        table: u16,
    },
    /// Any number of codes.
    Choices {
        /// Position in [`Program::code_tables`].
        table: u16,
    },
}

impl FieldType {
    /// The lowest and the highest number that can be answered and the step between them; nothing of
    /// what is no number.
    pub fn numbers(&self) -> Option<(Decimal, Decimal, Decimal)> {
        match self {
            Self::Number {
                digits,
                fraction,
                min,
                max,
                ..
            } => crate::arena::number_domain(*digits, *fraction, *min, *max),
            _ => None,
        }
    }
}

/// How exact a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatePrecision {
    /// Year.
    Year,
    /// Month.
    Month,
    /// Day.
    Day,
}

/// New application or renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Application {
    /// 新規.
    New,
    /// 更新.
    Renewal,
}

/// What happens to last year's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carry {
    /// Copied and marked.
    Copy,
    /// Copied, counts only once confirmed.
    Confirm,
    /// Asked anew.
    Never,
    /// Copied while not older than so many months.
    Expires(u32),
}

/// How closely an answer points at a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// Names the person.
    Identifying,
    /// Narrows down.
    Quasi,
    /// Says something about health or life.
    Sensitive,
}

/// A part of the form with its heading; an element on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Element name on the wire.
    pub name: String,
    /// Heading.
    pub label: String,
    /// What stands in it.
    pub members: Vec<Member>,
}

/// Something in a section or group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    /// Questions under a heading. Groups do not appear on the wire.
    Group {
        /// Heading.
        label: String,
        /// Help text.
        help: Option<String>,
        /// How it is drawn.
        #[serde(default, skip_serializing_if = "Layout::is_plain")]
        layout: Layout,
        /// What stands in it.
        members: Vec<Member>,
    },
    /// A question.
    Field(FieldId),
    /// A printed sentence.
    Note(String),
    /// A calculated score, value, grade or table.
    Display(DefinitionId),
}

/// How a group is drawn. It says nothing about answers or rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One member below the other.
    #[default]
    Plain,
    /// The question how many rows there are, then one group for each row.
    Rows,
    /// One group for each side, next to each other.
    Sides,
}

impl Layout {
    /// Whether nothing needs to be written about it.
    pub fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// A named rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Name, with the module's alias if it has one: `parkinsonism`, `hy.stage3`.
    pub name: String,
    /// Label; the name if none is written.
    pub label: String,
    /// The official sentence.
    pub cites: Option<String>,
    /// What it says.
    pub rule: Rule,
}

/// What a definition says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Criterion: true, false or unknown.
    Criterion(Cond),
    /// Score or value: a number.
    Number {
        /// The rule.
        number: Number,
        /// Unit, for display.
        unit: Option<String>,
        /// Digits after the point, rounded half up; exact if nothing is written.
        fraction: Option<u8>,
        /// Whoever has answered everything falls in one of its rows ([`NumberKind::If`] one in the
        /// other, [`NumberKind::Nothing`] at the end): that there is no value needs not be reckoned
        /// with while an answer is missing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        covered: bool,
    },
    /// Grade or table: the first arm whose condition holds, or else the last resort.
    Grade {
        /// What can come out.
        outcomes: Vec<Outcome>,
        /// Condition and outcome, in order.
        arms: Vec<(Cond, Index)>,
        /// The last resort; without one the grade is unknown when no arm holds.
        otherwise: Option<Index>,
        /// Whoever has answered everything falls in one of the arms, as long as the numbers that they
        /// compare have a value: nothing else needs to be reckoned with while an answer is missing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        covered: bool,
    },
}

/// One outcome of a grade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Name.
    pub name: String,
    /// Label.
    pub label: String,
}

/// The first category whose condition holds, or else the last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Name: `diagnosis` and `severity` decide the result ([`Program::decides`]).
    pub name: String,
    /// Label.
    pub label: String,
    /// The official sentence.
    pub cites: Option<String>,
    /// Whether the categories are meant to be read in order: then they may overlap.
    pub ordered: bool,
    /// Categories in order. INVARIANT: at least one; the last has no condition, the others do.
    pub categories: Vec<Category>,
    /// The sentence that says which categories are eligible.
    pub eligible_cites: Option<String>,
}

/// One category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Name.
    pub name: String,
    /// Label.
    pub label: String,
    /// The official sentence.
    pub cites: Option<String>,
    /// When it holds; nothing for the last.
    pub when: Option<Cond>,
    /// Whether it satisfies this judgement.
    pub eligible: bool,
}

/// A check across fields: violated when its condition is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Public, stable id.
    pub id: String,
    /// How bad a violation is.
    pub level: Level,
    /// What is wrong, for the physician.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The fields it is shown at, at least one.
    pub at: Vec<FieldId>,
    /// Applies to new applications or renewals only.
    pub only: Option<Application>,
    /// It is violated when this is true (not when it is unknown).
    pub violated: Cond,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For information.
    Information,
    /// Accepted after a look.
    Warning,
    /// Not accepted.
    Error,
}

impl Level {
    /// The word shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Error => "エラー",
            Self::Warning => "警告",
            Self::Information => "情報",
        }
    }
}

/// A condition with its Japanese reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cond {
    /// What it says.
    pub kind: CondKind,
    /// 「安静時振戦が「あり」」; for a block the heading 「次のうち２項目以上を満たす」.
    pub text: String,
}

/// The kinds of conditions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CondKind {
    /// Always so.
    Const(bool),
    /// A choice is one of these codes.
    ///
    /// Unanswered: unknown. Answered with a code marked `unknown`: true if that very code is
    /// among them; otherwise unknown if some known code is among them, false if none is.
    Code {
        /// The choice.
        field: FieldId,
        /// The codes.
        codes: Vec<Index>,
    },
    /// A field with several codes includes this one. Unanswered: unknown. If a code marked
    /// `unknown` is among the answers, a known code that is not among them is unknown, too.
    Includes {
        /// The field.
        field: FieldId,
        /// The code.
        code: Index,
    },
    /// Something is answered here and now; never unknown. A verdict that depends on it is given
    /// only if it stays the same once the field is answered.
    Answered(FieldId),
    /// A criterion holds.
    Criterion(DefinitionId),
    /// A grade is one of these outcomes.
    Grade {
        /// The grade.
        definition: DefinitionId,
        /// The outcomes.
        outcomes: Vec<Index>,
    },
    /// A judgement is one of these categories.
    Category {
        /// The judgement.
        judgement: JudgementId,
        /// The categories.
        categories: Vec<Index>,
    },
    /// The application is of this kind; never unknown.
    Application(Application),
    /// It does not hold.
    Not(Box<Cond>),
    /// All hold.
    All(Vec<Cond>),
    /// At least one holds.
    Any(Vec<Cond>),
    /// How many hold, compared with a number.
    Count {
        /// The conditions.
        of: Vec<Cond>,
        /// `AtLeast`, `AtMost`, `Exactly`.
        op: CountOp,
        /// The number.
        n: u32,
    },
    /// Two numbers compared.
    Compare {
        /// Left side.
        left: Box<Number>,
        /// Which comparison.
        op: CompareOp,
        /// Right side.
        right: Box<Number>,
    },
    /// Two dates compared, as intervals where they are partial.
    CompareDates {
        /// Left side.
        left: Moment,
        /// Which comparison.
        op: CompareOp,
        /// Right side.
        right: Moment,
    },
    /// If … then … else ….
    If(Box<Cond>, Box<Cond>, Box<Cond>),
    /// Unknown becomes yes or no: the only place where it does. What counts is what is unknown
    /// here and now, whatever the answers may come to be.
    TreatUnknown {
        /// The condition.
        condition: Box<Cond>,
        /// What unknown becomes.
        as_yes: bool,
    },
    /// The condition when all these fields are shown, else the constant. While it is unknown
    /// whether they are, it holds or not only if both agree.
    IfShown {
        /// The fields it reads.
        fields: Vec<FieldId>,
        /// The condition.
        condition: Box<Cond>,
        /// What holds when one of them is hidden.
        otherwise: bool,
    },
}

impl CondKind {
    /// Two numbers compared.
    pub fn compare(left: Number, op: CompareOp, right: Number) -> Self {
        Self::Compare {
            left: Box::new(left),
            op,
            right: Box::new(right),
        }
    }
}

/// How a count is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountOp {
    /// At least.
    AtLeast,
    /// At most.
    AtMost,
    /// Exactly.
    Exactly,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareOp {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    GreaterEqual,
    /// `>`
    Greater,
}

impl Cond {
    /// Whether it asks in which period the day of judgement lies.
    pub(crate) fn is_period(&self) -> bool {
        match &self.kind {
            CondKind::CompareDates { left, right, .. } => {
                matches!((left, right), (Moment::Today, Moment::Const(_)))
            }
            _ => false,
        }
    }
}

impl CompareOp {
    /// The same comparison read from the other side: `a < b` is `b > a`.
    pub fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }

    /// The comparison that holds where this one does not.
    pub fn denied(self) -> Self {
        match self {
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::GreaterEqual => Self::Less,
            Self::Greater => Self::LessEqual,
        }
    }

    /// As the language writes it: `>=`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::GreaterEqual => ">=",
            Self::Greater => ">",
        }
    }
}

/// A number with its Japanese reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// What it says.
    pub kind: NumberKind,
    /// 「血清アルブミン値」「次の点数の合計」.
    pub text: String,
}

/// The kinds of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// A constant, already in the unit of the other side.
    Const(Decimal),
    /// No value, as of a number that lies in none of its bands: nothing is ever concluded from it.
    Nothing,
    /// The answer to a number field.
    Field(FieldId),
    /// The points of the chosen code. A code marked `unknown` counts nothing of its own: the
    /// points of all known codes remain possible.
    Points(FieldId),
    /// A score or value.
    Definition(DefinitionId),
    /// The sum.
    Sum(Vec<Number>),
    /// The largest.
    Max(Vec<Number>),
    /// The smallest.
    Min(Vec<Number>),
    /// How many conditions hold.
    Count(Vec<Cond>),
    /// The amount when the condition holds, else nothing (0).
    When {
        /// The amount.
        amount: Box<Number>,
        /// The condition.
        condition: Box<Cond>,
    },
    /// If … then … else ….
    If(Box<Cond>, Box<Number>, Box<Number>),
    /// Arithmetic. Division by zero and overflow give unknown.
    Arithmetic {
        /// Left side.
        left: Box<Number>,
        /// Which operation.
        op: ArithmeticOp,
        /// Right side.
        right: Box<Number>,
    },
    /// A function of the fixed list. Outside its domain the result is unknown.
    Call {
        /// Which.
        function: Function,
        /// Its arguments; their number fits the function.
        arguments: Vec<Number>,
    },
    /// A function of [`Program::functions`]: without a value unless every argument is known.
    Script {
        /// Position of the function.
        function: Index,
        /// One number for each of its parameters.
        arguments: Vec<Number>,
    },
    /// Whole units of time between two dates, negative if the second lies before the first: the
    /// largest number of units that, added to the first, does not pass the second. By calendar:
    /// someone born on 29 February turns a year older on 1 March of a common year.
    Elapsed {
        /// Unit.
        unit: ElapsedUnit,
        /// From.
        from: Moment,
        /// To.
        to: Moment,
    },
    /// The number when all these fields are shown, else the constant.
    IfShown {
        /// The fields it reads.
        fields: Vec<FieldId>,
        /// The number.
        number: Box<Number>,
        /// What counts when one of them is hidden.
        otherwise: Decimal,
    },
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// The functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// `abs(x)`
    Abs,
    /// `round(x, digits)`: half up, away from zero.
    Round,
    /// `floor(x)`
    Floor,
    /// `ceiling(x)`
    Ceiling,
    /// `sqrt(x)`
    Sqrt,
    /// `ln(x)`
    Ln,
    /// `exp(x)`
    Exp,
    /// `power(x, y)`
    Power,
}

/// Units of elapsed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ElapsedUnit {
    /// Whole years.
    Years,
    /// Whole months.
    Months,
    /// Days.
    Days,
}

/// A point in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A written date.
    Const(Date),
    /// The answer to a date field.
    Field(FieldId),
    /// The day of judgement.
    Today,
    /// Some time after (or before, if negative) another moment, which is not shifted itself.
    /// Months and years by calendar: the day with the same number, or the last of its month if it
    /// has no such day. Never outside the years 1 to 9999.
    Shifted {
        /// The other moment.
        moment: Box<Moment>,
        /// How many units.
        by: i32,
        /// Which units.
        unit: ElapsedUnit,
    },
}
