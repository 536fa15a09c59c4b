//! Conditions and numbers as XPath 2.0, with unknown as a third truth value.
//!
//! A condition becomes a pair of boolean expressions ([`Truth`]), a number a pair of decimals
//! ([`Range`]), both empty where nothing is known. Whatever is more than a name or a constant is
//! given a variable, so that the text grows with the rule and not with its depth.
//!
//! It is the engine's evaluation (`machine.rs` there) in other words; `tests/tests/schematron.rs`
//! runs both on the same records.

use super::words::{
    Bool, NOTHING, Range, Truth, among, application, compare, first_that_holds, is_literal,
    is_name, one_of, rounded, text,
};
use kohyo_engine::program::{Code, Cond, CondKind, CountOp, Field, FieldId, Program, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// How unanswered fields count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum View {
    /// As the form stands: an unanswered field is not answered. Checks look this way.
    Now,
    /// An unanswered field may come to be answered. Calculated values look this way.
    Completions,
}

pub(super) type Translated<T> = Result<T, String>;

/// Translates rules of one form; the variables it makes come in an order in which each is declared
/// before it is used.
pub(super) struct Translator<'p> {
    program: &'p Program,
    view: View,
    paths: BTreeMap<u16, String>,
    lets: Vec<(String, String)>,
    /// What has its variables already.
    made: BTreeSet<String>,
    count: usize,
}

impl<'p> Translator<'p> {
    pub(super) fn new(program: &'p Program, view: View) -> Self {
        let mut paths = BTreeMap::new();
        for section in crate::emit::wire::sections(program) {
            for placed in section.fields {
                let path = format!("f:{}/f:{}", section.section.name, placed.field.name);
                paths.insert(placed.id.0, path);
            }
        }
        Self {
            program,
            view,
            paths,
            lets: Vec::new(),
            made: BTreeSet::new(),
            count: 0,
        }
    }

    /// The variables, in order.
    pub(super) fn lets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lets
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn field(&self, id: FieldId) -> Option<&'p Field> {
        self.program.fields.get(usize::from(id.0))
    }

    // ---- variables

    /// Names of the two views differ, because they may stand side by side.
    pub(super) fn prefix(&self) -> &'static str {
        match self.view {
            View::Now => "",
            View::Completions => "c_",
        }
    }

    /// Declares a variable and gives its reference.
    pub(super) fn declare(&mut self, name: &str, value: String) -> String {
        if self.made.insert(name.to_owned()) {
            self.lets.push((name.to_owned(), value));
        }
        format!("${name}")
    }

    pub(super) fn fresh(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}{}", self.count)
    }

    fn keep_bool(&mut self, name: &str, value: Bool) -> Bool {
        match value {
            // A constant or a variable needs no other.
            Bool::Test(text) if !is_name(&text) => Bool::Test(self.declare(name, text)),
            other => other,
        }
    }

    pub(super) fn keep_truth(&mut self, name: &str, truth: Truth) -> Truth {
        Truth {
            yes: self.keep_bool(&format!("{name}.yes"), truth.yes),
            no: self.keep_bool(&format!("{name}.no"), truth.no),
        }
    }

    fn keep_number(&mut self, name: &str, value: String) -> String {
        if is_name(&value) || value == NOTHING || is_literal(&value) {
            value
        } else {
            self.declare(name, value)
        }
    }

    pub(super) fn keep_range(&mut self, name: &str, low: String, high: String) -> Range {
        if low == high {
            let both = self.keep_number(name, low);
            return Range {
                low: both.clone(),
                high: both,
            };
        }
        Range {
            low: self.keep_number(&format!("{name}.low"), low),
            high: self.keep_number(&format!("{name}.high"), high),
        }
    }

    pub(super) fn range(&mut self, low: String, high: String) -> Range {
        let name = self.fresh("n");
        self.keep_range(&name, low, high)
    }

    // ---- fields

    /// Whether something is written, shown or not.
    pub(super) fn written(&mut self, id: FieldId) -> Bool {
        match self.paths.get(&id.0) {
            Some(path) => Bool::Test(format!("exists({path}[normalize-space(.)])")),
            None => Bool::FALSE,
        }
    }

    /// Whether a field is shown.
    pub(super) fn shown(&mut self, id: FieldId) -> Translated<Truth> {
        let Some(field) = self.field(id) else {
            return Ok(Truth::known(false));
        };
        let mut shown = match &field.shown_when {
            None => Truth::known(true),
            Some(when) => self.condition(when)?,
        };
        if let Some(only) = field.only {
            shown = application(only).and(&shown);
        }
        let name = format!("{}shown.{}", self.prefix(), field.name);
        Ok(self.keep_truth(&name, shown))
    }

    pub(super) fn all_shown(&mut self, fields: &[FieldId]) -> Translated<Truth> {
        let mut all = Truth::known(true);
        for field in fields {
            all = all.and(&self.shown(*field)?);
        }
        Ok(all)
    }

    /// The values of a field that is shown for certain, as texts; nothing if it is not.
    pub(super) fn values(&mut self, id: FieldId) -> Translated<String> {
        let shown = self.shown(id)?;
        let (Some(field), Some(path)) = (self.field(id), self.paths.get(&id.0)) else {
            return Ok(NOTHING.to_owned());
        };
        let values = format!("{path}/normalize-space(.)[. ne '']");
        let values = match &shown.yes {
            Bool::Known(true) => values,
            Bool::Known(false) => return Ok(NOTHING.to_owned()),
            Bool::Test(shown) => format!("if ({shown}) then {values} else ()"),
        };
        let name = format!("{}value.{}", self.prefix(), field.name);
        Ok(self.declare(&name, values))
    }

    pub(super) fn codes(&self, id: FieldId) -> &'p [Code] {
        let table = self.field(id).and_then(crate::emit::wire::table_of);
        let table = table.and_then(|table| self.program.code_tables.get(table));
        table.map_or(&[], |table| table.codes.as_slice())
    }

    // ---- conditions

    /// When a condition surely holds and when it surely does not.
    pub(super) fn condition(&mut self, condition: &Cond) -> Translated<Truth> {
        Ok(match &condition.kind {
            CondKind::Const(holds) => Truth::known(*holds),
            CondKind::Code { field, codes } => self.is_code(*field, codes)?,
            CondKind::Includes { field, code } => self.includes(*field, *code)?,
            CondKind::Answered(field) => {
                let shown = self.shown(*field)?;
                let written = self.written(*field);
                let answered = shown.yes.and(&written);
                match self.view {
                    View::Now => Truth {
                        no: answered.not(),
                        yes: answered,
                    },
                    View::Completions => Truth {
                        yes: answered,
                        no: shown.no,
                    },
                }
            }
            CondKind::Criterion(id) => self.criterion(id.0)?,
            CondKind::Grade {
                definition,
                outcomes,
            } => {
                let possible = self.grade(definition.0)?;
                let rule = self.program.definitions.get(usize::from(definition.0));
                let names: Vec<String> = match rule.map(|definition| &definition.rule) {
                    Some(Rule::Grade { outcomes: all, .. }) => outcomes
                        .iter()
                        .filter_map(|index| all.get(usize::from(*index)))
                        .map(|outcome| text(&outcome.name))
                        .collect(),
                    _ => Vec::new(),
                };
                among(&possible, &names)
            }
            CondKind::Category {
                judgement,
                categories,
            } => {
                let possible = self.judgement(judgement.0)?;
                let rule = self.program.judgements.get(usize::from(judgement.0));
                let all = rule.map_or(&[][..], |judgement| judgement.categories.as_slice());
                let names: Vec<String> = categories
                    .iter()
                    .filter_map(|index| all.get(usize::from(*index)))
                    .map(|category| text(&category.name))
                    .collect();
                among(&possible, &names)
            }
            CondKind::Application(only) => application(*only),
            CondKind::Not(inner) => self.condition(inner)?.not(),
            CondKind::All(parts) => {
                let mut all = Truth::known(true);
                for part in parts {
                    all = all.and(&self.condition(part)?);
                }
                all
            }
            CondKind::Any(parts) => {
                let mut any = Truth::known(false);
                for part in parts {
                    any = any.or(&self.condition(part)?);
                }
                any
            }
            CondKind::Count { of, op, n } => {
                let Range { low, high } = self.count(of)?;
                match op {
                    CountOp::AtLeast => Truth {
                        yes: Bool::Test(format!("{low} ge {n}")),
                        no: Bool::Test(format!("{high} lt {n}")),
                    },
                    CountOp::AtMost => Truth {
                        yes: Bool::Test(format!("{high} le {n}")),
                        no: Bool::Test(format!("{low} gt {n}")),
                    },
                    CountOp::Exactly => Truth {
                        yes: Bool::Test(format!("({low} eq {n} and {high} eq {n})")),
                        no: Bool::Test(format!("({low} gt {n} or {high} lt {n})")),
                    },
                }
            }
            CondKind::Compare { left, op, right } => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                compare(*op, &left, &right)
            }
            CondKind::CompareDates { left, op, right } => {
                let (left, right) = (self.moment(left)?, self.moment(right)?);
                compare(*op, &left, &right)
            }
            CondKind::If(when, then, otherwise) => {
                let when = self.kept_condition(when)?;
                let then = self.kept_condition(then)?;
                let otherwise = self.kept_condition(otherwise)?;
                let choose = |then: &Bool, otherwise: &Bool| {
                    if then == otherwise {
                        return then.clone();
                    }
                    Bool::Test(format!(
                        "(if ({}) then {} else if ({}) then {} else ({} and {}))",
                        when.yes.text(),
                        then.text(),
                        when.no.text(),
                        otherwise.text(),
                        then.text(),
                        otherwise.text()
                    ))
                };
                Truth {
                    yes: choose(&then.yes, &otherwise.yes),
                    no: choose(&then.no, &otherwise.no),
                }
            }
            CondKind::TreatUnknown { condition, as_yes } => {
                let before = std::mem::replace(&mut self.view, View::Now);
                let inner = self.condition(condition);
                self.view = before;
                let inner = inner?;
                let holds = if *as_yes { inner.no.not() } else { inner.yes };
                Truth {
                    no: holds.not(),
                    yes: holds,
                }
            }
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => {
                let shown = self.all_shown(fields)?;
                let inner = self.condition(condition)?;
                if *otherwise {
                    shown.not().or(&inner)
                } else {
                    shown.and(&inner)
                }
            }
        })
    }

    /// A condition that is used more than once.
    pub(super) fn kept_condition(&mut self, condition: &Cond) -> Translated<Truth> {
        let truth = self.condition(condition)?;
        let name = self.fresh("is");
        Ok(self.keep_truth(&name, truth))
    }

    fn is_code(&mut self, id: FieldId, codes: &[u16]) -> Translated<Truth> {
        let values = self.values(id)?;
        let table = self.codes(id);
        let named = |index: &u16| codes.contains(index);
        let some_known = (0..)
            .zip(table)
            .any(|(index, code)| named(&index) && !code.unknown);
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (index, code) in (0..).zip(table) {
            if named(&index) {
                yes.push(text(&code.value));
            } else if !code.unknown || !some_known {
                no.push(text(&code.value));
            }
        }
        Ok(Truth {
            yes: one_of(&values, &yes),
            no: one_of(&values, &no),
        })
    }

    /// A code marked unknown among the chosen ones leaves open whether others hold as well.
    fn includes(&mut self, id: FieldId, code: u16) -> Translated<Truth> {
        let values = self.values(id)?;
        let table = self.codes(id);
        let Some(asked) = table.get(usize::from(code)) else {
            return Ok(Truth {
                yes: Bool::FALSE,
                no: Bool::FALSE,
            });
        };
        let yes = one_of(&values, &[text(&asked.value)]);
        let unknown = table.iter().filter(|code| code.unknown);
        let unknown: Vec<String> = unknown.map(|code| text(&code.value)).collect();
        let mut no = Bool::Test(format!("exists({values})")).and(&yes.not());
        if !asked.unknown && !unknown.is_empty() {
            no = no.and(&one_of(&values, &unknown).not());
        }
        Ok(Truth { yes, no })
    }

    // ---- definitions

    /// A criterion, with variables of its own.
    pub(super) fn criterion(&mut self, id: u16) -> Translated<Truth> {
        let definition = self.program.definitions.get(usize::from(id));
        let (Some(definition), Some(Rule::Criterion(condition))) =
            (definition, definition.map(|definition| &definition.rule))
        else {
            return Ok(Truth {
                yes: Bool::FALSE,
                no: Bool::FALSE,
            });
        };
        let truth = self.condition(condition)?;
        let name = format!("{}rule.{}", self.prefix(), definition.name);
        Ok(self.keep_truth(&name, truth))
    }

    /// A score or value, with variables of its own.
    pub(super) fn definition(&mut self, id: u16) -> Translated<Range> {
        let definition = self.program.definitions.get(usize::from(id));
        let (
            Some(definition),
            Some(Rule::Number {
                number, fraction, ..
            }),
        ) = (definition, definition.map(|definition| &definition.rule))
        else {
            return Ok(Range::anything());
        };
        let range = self.number(number)?;
        let (low, high) = match fraction {
            None => (range.low, range.high),
            Some(digits) => (
                rounded(&range.low, u32::from(*digits)),
                rounded(&range.high, u32::from(*digits)),
            ),
        };
        let name = format!("{}rule.{}", self.prefix(), definition.name);
        Ok(self.keep_range(&name, low, high))
    }

    /// The outcomes of a grade that are still possible, as texts; the empty text for none at all.
    pub(super) fn grade(&mut self, id: u16) -> Translated<String> {
        let definition = self.program.definitions.get(usize::from(id));
        let (
            Some(definition),
            Some(Rule::Grade {
                outcomes,
                arms,
                otherwise,
                covered,
            }),
        ) = (definition, definition.map(|definition| &definition.rule))
        else {
            return Ok(NOTHING.to_owned());
        };
        let name_of = |index: u16| {
            let outcome = outcomes.get(usize::from(index));
            text(outcome.map_or("", |outcome| outcome.name.as_str()))
        };
        let mut conditions = Vec::new();
        for (when, outcome) in arms {
            conditions.push((self.kept_condition(when)?, name_of(*outcome)));
        }
        let last = match otherwise {
            None if *covered => NOTHING.to_owned(),
            last => last.map_or("''".to_owned(), name_of),
        };
        let name = format!("{}rule.{}", self.prefix(), definition.name);
        Ok(self.declare(&name, first_that_holds(&conditions, &last)))
    }

    /// The categories of a judgement that are still possible, as texts.
    fn judgement(&mut self, id: u16) -> Translated<String> {
        let Some(judgement) = self.program.judgements.get(usize::from(id)) else {
            return Ok(NOTHING.to_owned());
        };
        let mut conditions = Vec::new();
        let mut last = "''".to_owned();
        for category in &judgement.categories {
            match &category.when {
                Some(when) => conditions.push((self.kept_condition(when)?, text(&category.name))),
                None => last = text(&category.name),
            }
        }
        let name = format!("{}judgement.{}", self.prefix(), judgement.name);
        Ok(self.declare(&name, first_that_holds(&conditions, &last)))
    }
}
