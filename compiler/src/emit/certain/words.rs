//! What a language says in its own words.

use super::{Memory, Naming, Range, Subject, Translated};
use kohyo_engine::program::{Application, CompareOp, ElapsedUnit, Field, FieldId, Function};
use kohyo_engine::{Date, Decimal};
use std::collections::BTreeMap;

/// A language into which a program can be put.
pub(crate) trait Words: Record + Arithmetic + Calendar {}

impl<W: Record + Arithmetic + Calendar> Words for W {}

/// How a language says that something holds, does not hold, or is unknown.
pub(crate) trait Logic: Naming {
    /// What a condition becomes.
    type Truth: Clone;

    /// What has been said already, if the language keeps it: what it does not keep is said again.
    fn memory(&mut self) -> Option<&mut Memory<Self::Truth>>;

    fn known(holds: bool) -> Self::Truth;

    /// Never known.
    fn unknown() -> Self::Truth;

    fn not(truth: &Self::Truth) -> Self::Truth;

    fn all(parts: Vec<Self::Truth>) -> Self::Truth;

    fn any(parts: Vec<Self::Truth>) -> Self::Truth;

    /// A part of a choice, which stands in it more than once.
    fn branch(&mut self, truth: Self::Truth) -> Self::Truth;

    /// One of two branches, as a third says; while that is unknown, what both agree about.
    fn either(
        &mut self,
        when: Self::Truth,
        then: Self::Truth,
        otherwise: Self::Truth,
    ) -> Self::Truth;

    /// Never unknown: unknown becomes this.
    fn unknown_as(truth: &Self::Truth, yes: bool) -> Self::Truth;

    /// True where all of the first hold, false where any of the second does, else unknown.
    fn decided(all: &[String], any: &[String]) -> Self::Truth;

    /// Two values compared.
    fn comparison(left: &str, op: CompareOp, right: &str) -> String;

    /// Two numbers compared that are one value each, where that takes fewer words than ranges do.
    fn compare_points(left: &str, op: CompareOp, right: &str) -> Option<Self::Truth>;

    /// That a range is one value, unless its words say so already.
    fn is_one_value(range: &Range) -> Option<String>;

    /// As variables; a constant or a variable needs no other.
    fn keep_truth(&mut self, subject: Subject<'_>, truth: Self::Truth) -> Self::Truth;

    /// As variables that have a number for a name.
    fn keep(&mut self, truth: Self::Truth) -> Self::Truth {
        let subject = self.variables().condition();
        self.keep_truth(subject, truth)
    }
}

/// Codes of a field, in quotes, by what they say about a condition on them.
#[derive(Default)]
pub(crate) struct Codes {
    /// It holds.
    pub(crate) yes: Vec<String>,
    /// It does not hold.
    pub(crate) no: Vec<String>,
    /// It is unknown.
    pub(crate) open: Vec<String>,
}

/// How a language reads a record.
pub(crate) trait Record: Logic {
    /// A text in quotes.
    fn quoted(text: &str) -> String;

    /// The application is of this kind.
    fn application(&mut self, only: Application) -> Self::Truth;

    /// Whether something is written, shown or not.
    fn written(&self, id: FieldId) -> Self::Truth;

    /// Whether something is answered here and now.
    fn is_answered(shown: &Self::Truth, written: &Self::Truth) -> Self::Truth;

    /// Whether something will be answered: it may, as long as the field is not surely hidden.
    fn will_be_answered(shown: &Self::Truth, written: &Self::Truth) -> Self::Truth;

    /// The value of a field that is shown for certain, or its codes; nothing if it is not.
    fn values(&mut self, id: FieldId, field: &Field, shown: &Self::Truth) -> String;

    /// The code of a field is one of those that hold.
    fn is_one_of(values: &str, codes: &Codes) -> Self::Truth;

    /// A code is among those of a field; each of the `clouding` ones leaves open whether it is.
    fn includes(values: &str, asked: &str, clouding: &[String]) -> Self::Truth;

    /// The first arm that holds decides, or else the last outcome: the outcomes that are possible. The
    /// empty text stands for none at all.
    fn possible(
        &mut self,
        subject: Subject<'_>,
        arms: &[(Self::Truth, String)],
        last: &str,
    ) -> String;

    /// Of the possible outcomes, all or none are among these.
    fn among(possible: &str, outcomes: &[String]) -> Self::Truth;
}

/// How a language calculates. What it is given is known as far as any of it is.
pub(crate) trait Arithmetic: Logic {
    /// The language, for people.
    const LANGUAGE: &'static str;

    /// The number that is written, or else this.
    fn number(values: &str, otherwise: Option<Decimal>) -> String;

    /// What the written code counts, or else this; the codes stand in quotes.
    fn points(values: &str, codes: &BTreeMap<Decimal, Vec<String>>, otherwise: &str) -> String;

    /// The amount when the condition holds, else 0; both are possible while it is unknown.
    fn weighed(when: &Self::Truth, amount: Decimal) -> Range;

    /// One of two, as a condition says; from the least to the greatest of both while it is unknown.
    fn choose(when: &Self::Truth, then: &Range, otherwise: &Range) -> Range;

    /// How many hold for certain, and how many possibly.
    fn count(parts: &[Self::Truth]) -> Range;

    /// The smallest of some, at least one.
    fn smallest(parts: &[Range]) -> Range;

    /// The largest of some, at least one.
    fn largest(parts: &[Range]) -> Range;

    fn product(left: &Range, right: &Range) -> Range;

    /// Nothing is known if the divisor may be 0.
    fn quotient(left: &Range, right: &Range) -> Range;

    /// Rounded half up, away from zero.
    fn rounded(number: &str, digits: u32) -> String;

    /// The function, with its second argument if that is a constant.
    ///
    /// # Errors
    /// If the language does not have it, or not without a constant.
    fn function(function: Function, constant: Option<Decimal>) -> Translated<Applied>;
}

/// What a function makes of its first argument; nothing outside its domain.
pub(crate) type Applied = Box<dyn Fn(&Range) -> Range>;

/// How a language reckons with days.
pub(crate) trait Calendar: Naming {
    /// A day of the calendar.
    fn day(date: Date) -> String;

    /// The day of judgement: when the record was written, or else today.
    fn today(&mut self) -> String;

    /// The first and the last day of what is written, which may be a month or a year.
    fn days(values: &str) -> Range;

    /// Some time after a day, or before it if `by` is negative.
    fn shifted(day: &str, by: i32, unit: ElapsedUnit) -> String;

    /// Whole units from one day to another, by calendar, as the engine counts them.
    fn elapsed(&mut self, unit: ElapsedUnit, from: &str, to: &str) -> String;
}
