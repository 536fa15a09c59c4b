//! Variables, and what they are called.

use super::{Range, is_literal};
use kohyo_engine::program::{Definition, Field, Judgement};
use std::collections::BTreeSet;

/// How unanswered fields count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum View {
    /// As the form stands: an unanswered field is not answered. Checks look this way.
    Now,
    /// An unanswered field may come to be answered. Calculated values look this way.
    Completions,
}

/// A variable of the artefact.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) expression: String,
    /// What it stands for, for people.
    pub(crate) label: Option<String>,
}

/// What a variable stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'p> {
    /// Whether a field is shown.
    Shown(&'p Field),
    /// What is written in a field.
    Value(&'p Field),
    /// The number in a field.
    Number(&'p Field),
    /// What the code in a field counts.
    Points(&'p Field),
    /// The day in a field.
    Day(&'p Field),
    /// Whether a criterion holds.
    Criterion(&'p Definition),
    /// A score or value.
    Score(&'p Definition),
    /// The outcomes of a grade that are still possible.
    Grade(&'p Definition),
    /// The categories of a judgement that are still possible.
    Judgement(&'p Judgement),
    /// A condition in a rule, by its number.
    Condition(usize),
    /// A number or day in a rule, by its number.
    Amount(usize),
}

/// Which end of a range a variable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Both, or it is no range.
    Only,
    Low,
    High,
}

/// Variables in an order in which each is declared before it is used.
#[derive(Debug)]
pub(crate) struct Variables {
    view: View,
    declared: Vec<Variable>,
    names: BTreeSet<String>,
    count: usize,
}

impl Variables {
    pub(crate) fn new(view: View) -> Self {
        Self {
            view,
            declared: Vec::new(),
            names: BTreeSet::new(),
            count: 0,
        }
    }

    /// How what is said now looks at the form.
    pub(crate) fn view(&self) -> View {
        self.view
    }

    /// Looks in this view from now on; gives the one before.
    pub(crate) fn look(&mut self, view: View) -> View {
        std::mem::replace(&mut self.view, view)
    }

    /// Declares a variable, unless there is one of its name.
    pub(crate) fn declare(&mut self, variable: Variable) {
        if self.names.insert(variable.name.clone()) {
            self.declared.push(variable);
        }
    }

    pub(crate) fn declared(&self) -> &[Variable] {
        &self.declared
    }

    fn next_number(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    /// A condition that has no name of its own.
    pub(super) fn condition(&mut self) -> Subject<'static> {
        Subject::Condition(self.next_number())
    }

    /// A number or day that has no name of its own.
    fn amount(&mut self) -> Subject<'static> {
        Subject::Amount(self.next_number())
    }
}

/// How a language names and uses its variables.
pub(crate) trait Naming {
    /// An expression without a value: nothing is known.
    const NOTHING: &'static str;

    fn variables(&mut self) -> &mut Variables;

    /// The name of a variable. Those of the two views differ, because they may stand side by side.
    fn name(&mut self, subject: Subject<'_>, end: End) -> String;

    /// What a variable stands for, for people.
    fn label(subject: Subject<'_>, end: End) -> Option<String>;

    /// The variable in an expression.
    fn reference(name: &str) -> String;

    /// Whether an expression is nothing but a variable.
    fn is_reference(expression: &str) -> bool;

    // ---- what follows from these

    /// Declares a variable and gives its reference.
    fn declare(&mut self, subject: Subject<'_>, end: End, expression: String) -> String {
        let name = self.name(subject, end);
        let reference = Self::reference(&name);
        self.variables().declare(Variable {
            name,
            expression,
            label: Self::label(subject, end),
        });
        reference
    }

    /// An end of a range as a variable; a constant or a variable needs no other.
    fn keep_end(&mut self, subject: Subject<'_>, end: End, value: String) -> String {
        if needs_no_name::<Self>(&value) {
            value
        } else {
            self.declare(subject, end, value)
        }
    }

    /// Both ends as variables.
    fn keep_range(&mut self, subject: Subject<'_>, range: Range) -> Range {
        if range.is_point() {
            return Range::both(self.keep_end(subject, End::Only, range.low));
        }
        Range {
            low: self.keep_end(subject, End::Low, range.low),
            high: self.keep_end(subject, End::High, range.high),
        }
    }

    /// Both ends as variables that have a number for a name.
    fn keep_amount(&mut self, range: Range) -> Range {
        if needs_no_name::<Self>(&range.low) && needs_no_name::<Self>(&range.high) {
            return range;
        }
        let subject = self.variables().amount();
        self.keep_range(subject, range)
    }

    /// A number or day of which nothing is known.
    fn anything() -> Range {
        Range::both(Self::NOTHING.to_owned())
    }

    fn is_anything(range: &Range) -> bool {
        range.low == Self::NOTHING || range.high == Self::NOTHING
    }
}

fn needs_no_name<N: Naming + ?Sized>(value: &str) -> bool {
    N::is_reference(value) || value == N::NOTHING || is_literal(value)
}
