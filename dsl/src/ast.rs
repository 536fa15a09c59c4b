//! The syntax of one file, top-down, with the place of everything. Names are still words.

use crate::Span;

/// A whole file: one header, then items in the order of the text (which is the order of the form).
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// `disease … { … }`, `module … { … }` or `programme … { … }`; nothing if it could not be read.
    pub header: Option<Header>,
    /// Everything after it that could be read.
    pub items: Vec<Item>,
}

/// A word of the author: the name of a field, criterion, code, …, NFC-normalised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// `hy.stage`, `common.patient`, `tremor`: one or more names joined by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The names, at least one.
    pub names: Vec<Name>,
    /// The whole path.
    pub span: Span,
}

/// A text between double quotes, with `\"` and `\\` undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// `2017-04-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateLiteral {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12 (checked by the parser).
    pub month: u8,
    /// Day, valid in that month (checked by the parser).
    pub day: u8,
    /// Where it stands.
    pub span: Span,
}

/// The first block of a file: what it defines and where that comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Disease, module or form of the programme itself.
    pub subject: Subject,
    /// The Japanese name.
    pub title: Text,
    /// `edition "2020" from 2017-04-01`.
    pub edition: Option<Edition>,
    /// `source notice "…" text "…"`.
    pub sources: Vec<Source>,
    /// `status draft`.
    pub status: Option<(Status, Span)>,
    /// `prefix hoehn_yahr`: in front of the wire names of a module's fields.
    pub prefix: Option<Name>,
    /// `note "…"`: readings chosen where the official text is ambiguous.
    pub notes: Vec<Text>,
    /// `renewal may use edition "2020"`: the edition whose rules a renewal is also judged by.
    pub fallback: Option<Text>,
    /// The whole header.
    pub span: Span,
}

/// What a file defines.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// `disease shitei 006` or `disease shoman 11-080 branch 02`.
    Disease {
        /// Which programme of support.
        programme: Programme,
        /// The notice number as written: `006`, or group and number `11-080`.
        number: Name,
        /// The branch (枝番), if the number has several forms.
        branch: Option<Name>,
    },
    /// `module scale.hoehn_yahr`.
    Module(Path),
    /// `programme high_cost`: a form of the programme itself, about no disease.
    Programme(Name),
}

/// The two programmes of support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Programme {
    /// 指定難病.
    Shitei,
    /// 小児慢性特定疾病.
    Shoman,
}

/// Which edition of the official text a definition follows, and from when.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    /// Its name: `2020`.
    pub name: Text,
    /// First day of validity.
    pub from: DateLiteral,
    /// Last day of validity, if it has ended.
    pub to: Option<DateLiteral>,
}

/// Where the criteria come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The notice.
    pub notice: Text,
    /// The file name of its text.
    pub text: Option<Text>,
}

/// How far a definition has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Written, not yet reviewed by a second person.
    Draft,
    /// Reviewed.
    Reviewed,
    /// In force.
    Published,
}

/// One top-level item.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// `private`: not visible to files that use this module.
    pub private: bool,
    /// The whole item.
    pub span: Span,
}

/// The kinds of top-level items.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `use common.patient`, `use scale.hoehn_yahr as hy`: places the module's sections here.
    Use {
        /// The module.
        module: Path,
        /// Without an alias its names are visible bare.
        alias: Option<Name>,
    },
    /// `use shitei 090 only severity as rp`: judgements of another disease, with what they read.
    Reuse(Reuse),
    /// `code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }`.
    Code {
        /// Name of the table.
        name: Name,
        /// Its label.
        label: Text,
        /// Its lines.
        codes: Vec<Code>,
    },
    /// `section diagnosis "診断基準に関する事項" { … }`; sections of one name are one section.
    Section {
        /// Element name on the wire.
        name: Name,
        /// Heading on the form.
        label: Text,
        /// Groups, fields and notes.
        members: Vec<Member>,
    },
    /// `criterion parkinsonism "…" cites "※１" = …`: true, false or unknown.
    Criterion(Definition),
    /// `score sledai "SLEDAI" = sum of { … }`: a number.
    Score(Definition),
    /// `value bmi "BMI" : decimal 4.1 "kg/m2" = …`: a calculated number shown on the form.
    Value(Definition, Option<TypeExpr>),
    /// `threshold igg4_high "…" "mg/dL" { 135 from 2017-04-01 to 2024-03-31; 110 from 2024-04-01 }`.
    Threshold(Threshold),
    /// `grade overall "総合評価" : severe "重症" | mild "軽症" = first match { … }`: one of several outcomes.
    Grade {
        /// Name, label, citation and rule.
        definition: Definition,
        /// What can come out, in the order written.
        outcomes: Vec<Outcome>,
    },
    /// `table ckd "CKD重症度" : green | yellow { … }`: a decision table.
    Table(Table),
    /// `judgement diagnosis "診断のカテゴリー" { … }`.
    Judgement(Judgement),
    /// `check R012 error "…" at onset violated when onset < birth_date`.
    Check(Check),
    /// `convert 1 "mg/dL" = 88.4 "µmol/L" for creatinine`.
    Convert(Conversion),
    /// `function z "SDスコア" (height: decimal) : decimal 4.2 = rhai """ … """`.
    Function(Function),
    /// `not judged "…" because "…"`: a sentence of the official text that needs no rule.
    NotJudged {
        /// The opening words of the sentence.
        sentence: Text,
        /// Why it needs none.
        reason: Text,
    },
    /// `gap in grade when E because "…"`: what the official text itself leaves open or says twice.
    Exception(Exception),
    /// `migrate from edition "2020" { … }`: what becomes of the answers of an older edition.
    Migration(Migration),
}

/// Judgements of another disease that rules here may read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reuse {
    /// The other disease; always [`Subject::Disease`].
    pub disease: Subject,
    /// Programme and number, as written.
    pub span: Span,
    /// Which of its judgements.
    pub judgements: Vec<Name>,
    /// Under which name they are read here: `rp.severity`.
    pub alias: Name,
}

/// A number that another language calculates.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// Its label, if written.
    pub label: Option<Text>,
    /// The official sentences.
    pub cites: Vec<Text>,
    /// What it is given.
    pub parameters: Vec<Parameter>,
    /// What it gives.
    pub result: TypeExpr,
    /// Its text, as it stands between the quotation marks.
    pub script: Text,
}

impl Function {
    /// Its label, or its name.
    pub fn title(&self) -> &str {
        self.label
            .as_ref()
            .map_or(self.name.text.as_str(), |label| label.text.as_str())
    }
}

/// `height: decimal "cm"`: what a function is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name in the script.
    pub name: Name,
    /// `integer` rather than `decimal`.
    pub whole: bool,
    /// Its unit, if it has one.
    pub unit: Option<Text>,
}

/// What becomes of the answers of an older edition of the same form.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// The name of the older edition.
    pub edition: Text,
    /// Its lines. Fields of the same name and type need none.
    pub lines: Vec<MigrationLine>,
}

/// One line of a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrationLine {
    /// What it says.
    pub kind: MigrationLineKind,
    /// The whole line.
    pub span: Span,
}

/// The lines of a migration. Fields are called by their wire names.
#[derive(Clone, Debug, PartialEq)]
pub enum MigrationLineKind {
    /// `stage from hy_stage map { 6 -> 5 } where it fits`.
    Carried {
        /// The field of this edition.
        new: Name,
        /// The field of the older edition.
        old: Name,
        /// Codes that have another name here.
        map: Option<Vec<MappedCode>>,
        /// Answers that this edition would not accept are asked anew.
        where_it_fits: bool,
    },
    /// `drop old_item, other_item because "…"`: no longer asked.
    Dropped {
        /// Fields of the older edition.
        names: Vec<Name>,
        /// Why.
        reason: Text,
    },
    /// `ask new_item because "…"`: nothing of the older edition answers it.
    Asked {
        /// Fields of this edition.
        names: Vec<Name>,
        /// Why.
        reason: Text,
    },
}

/// `6 -> 5`, `unknown -> unclear`: a code of the older edition, by name or value, and what it is
/// here.
#[derive(Clone, Debug, PartialEq)]
pub struct MappedCode {
    /// The code of the older edition.
    pub old: Name,
    /// The code of this edition, or `ask`.
    pub new: Name,
}

/// A gap or double answer that the official text itself has.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// Which of the two.
    pub kind: ExceptionKind,
    /// The grade, table, score or judgement that has it.
    pub of: Path,
    /// Who is meant.
    pub when: Expr,
    /// Why it stands as it is.
    pub reason: Text,
}

/// What is wrong with an official text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionKind {
    /// `gap`: nothing applies.
    Gap,
    /// `overlap`: two different answers apply, and the first one counts.
    Overlap,
}

/// How one unit is converted to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// So much in one unit …
    pub left: NumberLiteral,
    /// … is so much in the other.
    pub right: NumberLiteral,
    /// The fields for which this holds; all if none is written.
    pub fields: Vec<Path>,
    /// The whole.
    pub span: Span,
}

/// One line of a code table.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// What is written on paper and on the wire: `1`.
    pub value: Name,
    /// How rules call it: `present`.
    pub name: Name,
    /// How people call it: `あり`.
    pub label: Text,
    /// `points 10`: what it counts in a score; such a field is also a number.
    pub points: Option<NumberLiteral>,
    /// `unknown`: an answer that says the physician does not know (不明, 未実施).
    pub unknown: bool,
    /// The whole line.
    pub span: Span,
}

/// Something inside a section or group.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// `group A "主要所見" shown when … { … }`.
    Group {
        /// Its name, unique in the section.
        name: Name,
        /// Its heading.
        label: Text,
        /// `shown when …`, `new only`, `renewal only`, `help "…"`: pass on to all members.
        modifiers: Vec<Modifier>,
        /// Its members.
        members: Vec<Member>,
        /// The whole group.
        span: Span,
    },
    /// `field tremor "…" : finding required`.
    Field(Field),
    /// `note "…"`: a sentence printed on the form.
    Note(Text),
    /// `display sledai`: shows a calculated score, value, grade or table at this place.
    Display(Path),
    /// `rows drugs "使用薬剤" 0..10 of { … }`, `each side eye "眼" of right "右", left "左" { … }`.
    Repeat(Repeat),
}

/// Questions that are asked several times: once a row or once a side.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    /// Its name: `drugs`, `eye`.
    pub name: Name,
    /// Its heading.
    pub label: Text,
    /// How often.
    pub kind: RepeatKind,
    /// What a group takes; passed on to all members.
    pub modifiers: Vec<Modifier>,
    /// What is asked each time.
    pub members: Vec<Member>,
    /// The whole.
    pub span: Span,
}

/// `any of tests as first "先の検査" { … }`: what the row or side at hand is called inside, so that
/// another one can be compared with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowName {
    /// In names: `first.date`.
    pub name: Name,
    /// In readings: 「先の検査の検査日」.
    pub label: Text,
}

/// Which ends belong to a range: `30..45` both, `30 ..< 45` the lower, `30 <.. 45` the upper one,
/// `30 <..< 45` none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeEnds {
    /// The lower end.
    pub low: bool,
    /// The upper end.
    pub high: bool,
}

impl Default for RangeEnds {
    fn default() -> Self {
        Self {
            low: true,
            high: true,
        }
    }
}

impl RangeEnds {
    /// What a sign between two numbers says; nothing of another sign.
    pub fn of(sign: &str) -> Option<Self> {
        let open = sign.strip_prefix('<').unwrap_or(sign);
        let low = open.len() == sign.len();
        match open {
            ".." => Some(Self { low, high: true }),
            "..<" => Some(Self { low, high: false }),
            _ => None,
        }
    }

    /// The sign.
    pub fn sign(self) -> &'static str {
        match (self.low, self.high) {
            (true, true) => "..",
            (true, false) => "..<",
            (false, true) => "<..",
            (false, false) => "<..<",
        }
    }
}

/// How often the questions of a [`Repeat`] are asked.
#[derive(Clone, Debug, PartialEq)]
pub enum RepeatKind {
    /// `rows … 0..10 of`: as often as the physician says, between two numbers.
    Rows {
        /// At least so many rows.
        low: u32,
        /// At most so many.
        high: u32,
        /// The question how many rows there are, `drugs_count` 「使用薬剤の数」, as if it had been
        /// written; it stands where the range does.
        count: Box<Field>,
    },
    /// `each side … of right "右", left "左"`: once for each of these.
    Sides(Vec<Side>),
}

/// One side of `each side`.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Its name, at the end of the names of its fields: `acuity_right`.
    pub name: Name,
    /// Its label, before that of the whole: 「右」「眼」.
    pub label: Text,
}

/// A question of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name on every wire (with the module's prefix).
    pub name: Name,
    /// The words of the official form.
    pub label: Text,
    /// What may be answered.
    pub ty: TypeExpr,
    /// Everything after the type.
    pub modifiers: Vec<Modifier>,
    /// The whole field.
    pub span: Span,
}

/// What may be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// The kind.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of answers.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `text 40`, `text 250 lines 7`: at most so many characters and lines.
    Text {
        /// Characters.
        chars: u32,
        /// Lines; one if not written.
        lines: Option<u32>,
    },
    /// `kana 40`: hiragana, at most so many characters.
    Kana {
        /// Characters.
        chars: u32,
    },
    /// `digits 7`: exactly so many half-width digits.
    Digits {
        /// How many.
        count: u32,
    },
    /// `postal_code`: seven digits.
    PostalCode,
    /// `phone`: digits and hyphens.
    Phone,
    /// `integer "回/日" 0..100`.
    Integer {
        /// Unit, if it has one.
        unit: Option<Text>,
        /// Smallest and largest value.
        range: Option<(NumberLiteral, NumberLiteral)>,
    },
    /// `decimal 4.1 "mg/dL" 0..999.9`: four digits in all, one of them after the point.
    Decimal {
        /// Digits in all.
        digits: u8,
        /// Digits after the point.
        fraction: u8,
        /// Unit, if it has one.
        unit: Option<Text>,
        /// Smallest and largest value.
        range: Option<(NumberLiteral, NumberLiteral)>,
    },
    /// `date`: a day, month or year of the Western calendar; a day is asked for.
    Date,
    /// `month`: a month is asked for.
    Month,
    /// `year`: a year is asked for.
    Year,
    /// `choice { … }`: one of these codes.
    Choice(Vec<Code>),
    /// `choices { … }`: any number of these codes.
    Choices(Vec<Code>),
    /// `finding`: one code of a named table.
    Named(Path),
    /// `choices of relative`: any number of codes of a named table.
    ChoicesOf(Path),
}

impl TypeKind {
    /// The unit of a number.
    pub fn unit(&self) -> Option<&Text> {
        match self {
            Self::Integer { unit, .. } | Self::Decimal { unit, .. } => unit.as_ref(),
            _ => None,
        }
    }
}

/// What follows a field's type or a group's label.
#[derive(Clone, Debug, PartialEq)]
pub struct Modifier {
    /// Which.
    pub kind: ModifierKind,
    /// Where it stands.
    pub span: Span,
}

/// The modifiers.
#[derive(Clone, Debug, PartialEq)]
pub enum ModifierKind {
    /// `required`.
    Required,
    /// `required when E`.
    RequiredWhen(Expr),
    /// `shown when E`, `shown unless E`.
    ShownWhen(Expr),
    /// `new only`.
    NewOnly,
    /// `renewal only`.
    RenewalOnly,
    /// `carry copy | confirm | never | expires 12 months`.
    Carry(Carry),
    /// `personal identifying | quasi | sensitive`.
    Personal(Privacy),
    /// `help "…"`.
    Help(Text),
    /// `cites "…"`.
    Cites(Vec<Text>),
    /// `was old_name`.
    Was(Name),
    /// `default none`, `default 0`, `default today`: what a new form says before it is filled in.
    Default(DefaultAnswer),
    /// `better higher`, `better lower`: which side of `each side` is the better one.
    Better {
        /// The higher answer is the better one.
        higher: bool,
    },
}

/// What a new form says before it is filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultAnswer {
    /// `default none`, `default { a; b }`.
    Codes(Vec<Name>),
    /// `default 0`, `default 2.5 mg`.
    Number(NumberLiteral),
    /// `default 2024-04-01`.
    Date(DateLiteral),
    /// `default today`: the day on which the form is begun.
    Today,
    /// `default "…"`.
    Text(Text),
}

/// What happens to last year's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// Copied; the physician sees it marked.
    Copy,
    /// Copied, but counts only once the physician has confirmed it.
    Confirm,
    /// Asked anew.
    Never,
    /// Copied while it is not older than so many months.
    Expires {
        /// Months.
        months: u32,
    },
}

/// How closely an answer points at a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Names the person: name, address, insurance number.
    Identifying,
    /// Narrows down: birth date, municipality.
    Quasi,
    /// Says something about the person's health or life.
    Sensitive,
}

/// Name, label, citation and rule of a criterion, score, value or grade.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: Name,
    /// Its label, if written.
    pub label: Option<Text>,
    /// The official sentences.
    pub cites: Vec<Text>,
    /// The rule.
    pub rule: Expr,
}

/// A number that depends on the day of judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Its name.
    pub name: Name,
    /// Its label, if written.
    pub label: Option<Text>,
    /// Its unit, if it has one.
    pub unit: Option<Text>,
    /// The official sentences.
    pub cites: Vec<Text>,
    /// Its values, in the order of time.
    pub periods: Vec<Period>,
}

/// `135 from 2017-04-01 to 2024-03-31`: what a threshold is from one day to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// The number.
    pub value: NumberLiteral,
    /// First day.
    pub from: DateLiteral,
    /// Last day, if it has one.
    pub to: Option<DateLiteral>,
    /// The whole line.
    pub span: Span,
}

/// One outcome of a grade or table.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Its name.
    pub name: Name,
    /// Its label; the name if none is written.
    pub label: Option<Text>,
}

/// A decision table with conditions on both edges.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Option<Text>,
    /// The official sentences.
    pub cites: Vec<Text>,
    /// What can come out.
    pub outcomes: Vec<Outcome>,
    /// Conditions above the columns, the subject filled in from the first column.
    pub columns: Vec<Expr>,
    /// Condition of each row (subject filled in from the first row) and its cells.
    pub rows: Vec<(Expr, Vec<Name>)>,
}

/// A judgement: the first category whose condition holds, or else the last.
///
/// The categories of a subtype stand among the others, in the order of the text, with the
/// subtype's condition in front of their own and its words in front of their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// `diagnosis` and `severity` decide the result; others inform.
    pub name: Name,
    /// Its label.
    pub label: Text,
    /// The official sentences.
    pub cites: Vec<Text>,
    /// `first match`: the categories are meant to be read in order, so that they may overlap.
    pub ordered: bool,
    /// The categories, in order.
    pub categories: Vec<Category>,
    /// `subtype mpa "顕微鏡的多発血管炎" when … { … }`.
    pub subtypes: Vec<Subtype>,
    /// `otherwise none "…"`.
    pub otherwise: Option<(Name, Text)>,
    /// `eligible definite, mpa, gpa.definite cites "…"`.
    pub eligible: Vec<Name>,
    /// The sentences that say which are eligible.
    pub eligible_cites: Vec<Text>,
}

/// A form of the disease with categories of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Subtype {
    /// Its name: rules may ask for it as for a category, meaning all of its categories.
    pub name: Name,
    /// Its label.
    pub label: Text,
    /// The official sentences.
    pub cites: Vec<Text>,
    /// When it is this form of the disease.
    pub when: Expr,
    /// The whole subtype.
    pub span: Span,
}

/// One category of a judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// The subtype it belongs to; rules call the category `mpa.definite`.
    pub subtype: Option<Name>,
    /// Its name on the wire, with that of its subtype in front: `mpa_definite`.
    pub name: Name,
    /// Its label.
    pub label: Text,
    /// The official sentences.
    pub cites: Vec<Text>,
    /// When it holds.
    pub when: Expr,
}

/// A check across fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its public, stable id.
    pub id: Name,
    /// How bad a violation is.
    pub level: Level,
    /// What is wrong, in a sentence for the physician.
    pub message: Text,
    /// The fields it is shown at.
    pub at: Vec<Path>,
    /// `new only` or `renewal only`, if limited.
    pub only: Option<Only>,
    /// What to do about it.
    pub help: Option<Text>,
    /// It is violated when this is true (not when it is unknown).
    pub violated: Expr,
}

/// How bad a violation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not accepted.
    Error,
    /// Accepted after a look.
    Warning,
    /// For information.
    Information,
}

/// New applications or renewals only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// 新規.
    New,
    /// 更新.
    Renewal,
}

/// A number as written, with its unit if one follows on the same line.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberLiteral {
    /// Digits, perhaps with one point. Never a sign, except at the ends of a range and in the
    /// points of a code: there a negative number begins with `-`.
    pub digits: String,
    /// `mg/dL`, quoted or bare.
    pub unit: Option<Text>,
    /// Where it stands, unit included.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

impl Expr {
    /// That it does not hold, at the same place: `x is a` becomes `x is not a`.
    pub(crate) fn negated(mut self) -> Self {
        let span = self.span;
        if let ExprKind::Is { negated, .. } = &mut self.kind {
            *negated = !*negated;
            return self;
        }
        Self {
            kind: ExprKind::Not(Box::new(self)),
            span,
        }
    }
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A field, criterion, score, value, grade, table or judgement.
    Ref(Path),
    /// `135 mg/dL`, `3`.
    Number(NumberLiteral),
    /// `7 years 6 months`; a length in one unit is a number.
    Length(Length),
    /// `2024-04-01`.
    Date(DateLiteral),
    /// `"…"`.
    Text(Text),
    /// `yes`, `no`.
    Bool(bool),
    /// `today`: the day of judgement.
    Today,
    /// `new application`, `renewal application`.
    Application(Only),
    /// `not E`.
    Not(Box<Expr>),
    /// `A and B and C`.
    And(Vec<Expr>),
    /// `A or B or C`.
    Or(Vec<Expr>),
    /// `A unless B` (ただし): A and not B.
    Unless(Box<Expr>, Box<Expr>),
    /// `any of { … }`, `at least 2 of { … }`, `sum of { … }`.
    Block {
        /// Which.
        quantifier: Quantifier,
        /// Its members; a name may be given as `"label": E`… as a [`ExprKind::Labelled`].
        members: Vec<Expr>,
    },
    /// `any of drugs { … }`, `sum of drugs { dose }`: the block once for each row or side.
    Each {
        /// Which.
        quantifier: Quantifier,
        /// The rows or sides.
        of: Path,
        /// How the block calls the row or side at hand.
        named: Option<RowName>,
        /// What holds or counts each time.
        body: Box<Expr>,
    },
    /// `better acuity`, `worse acuity`: the answer of one of the sides.
    BetterSide {
        /// The better side rather than the worse one.
        better: bool,
        /// The field, without a side.
        field: Path,
    },
    /// `"視力障害": E` inside a block: words for the explanation.
    Labelled(Text, Box<Expr>),
    /// `8 when seizure is present` inside `sum of`, `max of`, `min of`.
    Points {
        /// What counts.
        amount: Box<Expr>,
        /// When.
        when: Box<Expr>,
    },
    /// `A < B`.
    Compare {
        /// Left side.
        left: Box<Expr>,
        /// Which comparison.
        op: CompareOp,
        /// Right side.
        right: Box<Expr>,
    },
    /// `A in 30 ..< 45`, `A in 30..45`.
    InRange {
        /// The number.
        subject: Box<Expr>,
        /// Lower end.
        low: NumberLiteral,
        /// Upper end.
        high: NumberLiteral,
        /// Which of them belong to it.
        ends: RangeEnds,
    },
    /// `tremor is present`, `x is not present`, `class in { i; iia }`, `class not in { … }`.
    Is {
        /// A field, grade, table or judgement.
        subject: Box<Expr>,
        /// `is not`, `not in`.
        negated: bool,
        /// The names; just one for `is`.
        options: Vec<Name>,
    },
    /// `E is answered`, `E is not answered`: the state of the form, for checks and `shown when`.
    Answered {
        /// The field.
        subject: Box<Expr>,
        /// `is not answered`.
        negated: bool,
    },
    /// `relatives includes mother`, `symptoms includes at least 2 of { fever; rash; cough }`: a field
    /// with several choices. `count of symptoms in { fever; rash }` is a number.
    Includes {
        /// The field.
        subject: Box<Expr>,
        /// How many of the codes; `any` of a single one.
        quantifier: Quantifier,
        /// The codes.
        options: Vec<Name>,
    },
    /// `visit within 6 months of onset`: a window between two dates, both ends included.
    Within {
        /// The date asked about.
        subject: Box<Expr>,
        /// How long it is.
        length: Length,
        /// On which side of the other date.
        side: WindowSide,
        /// The other date.
        of: Box<Expr>,
    },
    /// `ticked differs from diagnosis`.
    Differs {
        /// A field whose codes are named like the categories.
        ticked: Path,
        /// The judgement.
        judgement: Path,
    },
    /// `if A then B else C`.
    If {
        /// The condition.
        condition: Box<Expr>,
        /// When it holds.
        then: Box<Expr>,
        /// When it does not.
        otherwise: Box<Expr>,
    },
    /// `first match { severe when A; mild when B; otherwise none }`.
    FirstMatch {
        /// Result and condition, in order.
        arms: Vec<(Expr, Expr)>,
        /// The last resort.
        otherwise: Option<Box<Expr>>,
    },
    /// `bands of age { < 40 gives 0; 40 ..< 60 gives 1; >= 60 gives 2 }`.
    Bands {
        /// The number.
        subject: Box<Expr>,
        /// Its bands.
        bands: Vec<Band>,
    },
    /// What stands in a table of numbers: `table points "点数" : score { … }`. It is all of its rule.
    Cells {
        /// Conditions above the columns, the subject filled in from the first column.
        columns: Vec<Expr>,
        /// Condition of each row (subject filled in from the first row) and its numbers.
        rows: Vec<(Expr, Vec<Expr>)>,
    },
    /// `sum of domain { domain "皮膚" { … } domain "関節" { … } }`: of each domain only the highest
    /// weight counts.
    Domains(Vec<Domain>),
    /// `A + B`, …
    Arithmetic {
        /// Left side.
        left: Box<Expr>,
        /// Which operation.
        op: ArithmeticOp,
        /// Right side.
        right: Box<Expr>,
    },
    /// `-A`.
    Negative(Box<Expr>),
    /// `round(A, 1)`, `sqrt(A)`.
    Call {
        /// The function.
        function: Name,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `age at D`, `age in months at D`: whole units from birth date to D.
    Age {
        /// Unit.
        unit: ElapsedUnit,
        /// The day.
        at: Box<Expr>,
    },
    /// `month of D`, `year of D`: the calendar month or year in which a day lies.
    Calendar {
        /// Months or years.
        unit: ElapsedUnit,
        /// The day.
        of: Box<Expr>,
    },
    /// `months from A to B`, `years from A to B`, `days from A to B`: whole units.
    Elapsed {
        /// Unit.
        unit: ElapsedUnit,
        /// From.
        from: Box<Expr>,
        /// To.
        to: Box<Expr>,
    },
    /// `A treat unknown as yes`.
    TreatUnknown {
        /// The condition.
        condition: Box<Expr>,
        /// What unknown becomes.
        as_yes: bool,
    },
    /// `A if shown else no`: when a field that A reads is not shown.
    IfShown {
        /// The condition or number.
        expr: Box<Expr>,
        /// What holds when it is not shown.
        otherwise: Box<Expr>,
    },
}

/// `40 ..< 60 gives 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// What is said about the subject, as a full condition: the subject and the unit of the first
    /// band are filled in.
    pub when: Expr,
    /// A number, or an outcome.
    pub gives: Expr,
    /// The whole line.
    pub span: Span,
}

/// `domain "皮膚" { 2 when alopecia; 4 when discoid }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Its label.
    pub label: Text,
    /// Its weights.
    pub members: Vec<Expr>,
    /// The whole domain.
    pub span: Span,
}

/// How a block joins its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// `all of`.
    All,
    /// `any of`.
    Any,
    /// `none of`.
    None,
    /// `at least N of`.
    AtLeast(u32),
    /// `at most N of`.
    AtMost(u32),
    /// `exactly N of`.
    Exactly(u32),
    /// `count of`: how many hold.
    Count,
    /// `sum of`.
    Sum,
    /// `max of`.
    Max,
    /// `min of`.
    Min,
    /// `earliest of`: a date.
    Earliest,
    /// `latest of`: a date.
    Latest,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Units of a window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Days.
    Days,
    /// Seven days.
    Weeks,
    /// Months by calendar.
    Months,
    /// Years by calendar.
    Years,
}

impl TimeUnit {
    /// The unit that is called so.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "day" | "days" | "日" => Self::Days,
            "week" | "weeks" | "週" => Self::Weeks,
            "month" | "months" | "か月" | "月" => Self::Months,
            "year" | "years" | "歳" | "年" => Self::Years,
            _ => return None,
        })
    }

    /// The smaller unit that may follow, and how many of it one has.
    pub(crate) fn parts(self) -> Option<(Self, u32)> {
        match self {
            Self::Years => Some((Self::Months, 12)),
            Self::Weeks => Some((Self::Days, 7)),
            Self::Months | Self::Days => None,
        }
    }
}

/// A length of time: `6 months`, `1 year 6 months`, `2 weeks 3 days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// How many units.
    pub count: u32,
    /// Which units.
    pub unit: TimeUnit,
    /// Months after years, days after weeks.
    pub rest: Option<u32>,
}

impl Length {
    /// The same in one unit: 18 months.
    pub fn in_one_unit(self) -> (u32, TimeUnit) {
        match (self.rest, self.unit.parts()) {
            (Some(rest), Some((unit, many))) => {
                (self.count.saturating_mul(many).saturating_add(rest), unit)
            }
            _ => (self.count, self.unit),
        }
    }
}

/// On which side of a date a window of time lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowSide {
    /// `of`: before or after it.
    Both,
    /// `before` it.
    Before,
    /// `after` it.
    After,
}

/// Units of elapsed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElapsedUnit {
    /// Whole years.
    Years,
    /// Whole months.
    Months,
    /// Days.
    Days,
}
