//! One case on our engine: what came out otherwise than it says, each with its line.

use super::words::{self, codes, known_check, meant, said};
use super::{Case, CaseFile, CaseResult, Difference, Expect, ExpectPrevious, Written};
use kohyo_engine::program::{Application, Rule};
use kohyo_engine::{Finding, Form, Lineage, Outcome, Previous};
use std::collections::BTreeMap;

/// Judges a case by `form`, a renewal by `previous` as well.
pub(super) fn run_case(
    form: &Form,
    previous: Option<&Lineage>,
    file: &CaseFile,
    case: &Case,
) -> CaseResult {
    let mut comparison = Comparison {
        form,
        file,
        case,
        at: "",
        differences: Vec::new(),
    };
    let result = comparison.run(previous);
    CaseResult {
        name: case.name.clone(),
        line: case.line,
        passed: comparison.differences.is_empty(),
        result,
        differences: comparison.differences,
    }
}

/// What is compared, and what was found to be otherwise.
struct Comparison<'a> {
    form: &'a Form,
    file: &'a CaseFile,
    case: &'a Case,
    /// `previous.` where the previous edition is asked; `form` is then its form.
    at: &'static str,
    differences: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    /// Judges the case; nothing if it has no day that the edition can judge.
    fn run(&mut self, previous: Option<&'a Lineage>) -> Option<kohyo_engine::ResultKind> {
        let (form, case) = (self.form, self.case);
        let Some(context) = super::context(case) else {
            self.differ("on", "on", "YYYY-MM-DD の日付", &case.on);
            return None;
        };
        let program = form.program();
        if context.today.first_day() < program.valid_from.first_day() {
            let (edition, from) = (&program.edition, program.valid_from);
            let expected = format!("{edition}年版が適用される {from} 以後の日付");
            self.differ("on", "on", &expected, &case.on);
            return None;
        }
        let raw = super::answers(form, self.file, case);
        let (answers, intake) = kohyo_engine::read_lenient(form, &raw);
        let outcome =
            kohyo_engine::evaluate(form, &answers, &context).with_findings(intake.clone());
        if case.expect == Expect::default() {
            let expected = "result、judgements、values などの期待";
            self.differ("expect", "expect", expected, "期待（expect）がありません");
        }
        self.unreadable(&intake);
        self.outcome(&case.expect, &outcome);
        if let Some(wanted) = &case.expect.previous {
            let found =
                previous.and_then(|p| kohyo_engine::evaluate_previous(p, &answers, &context));
            self.at = "previous.";
            match (previous, found) {
                (Some(previous), Some(found)) => {
                    self.form = previous.oldest();
                    self.previous(wanted, &found);
                }
                _ => self.no_previous(),
            }
        }
        Some(outcome.result)
    }

    /// Says that `what` was expected to be otherwise; `word` is how the case writes it.
    fn differ(&mut self, what: &str, word: &str, expected: &str, actual: &str) {
        let line = match what {
            "answers" => words::line_of_answer(self.file, self.case, word),
            _ => words::line_of_expectation(self.file, self.case, self.at, word),
        };
        self.differences.push(Difference {
            what: format!("{}{what}", self.at),
            line,
            expected: expected.to_owned(),
            actual: actual.to_owned(),
        });
    }

    /// Equal as text, or as numbers (`8` and `8.0`).
    fn differ_unless_equal(&mut self, what: &str, word: &str, expected: &str, actual: &str) {
        let number = |text: &str| kohyo_engine::Decimal::from_str_exact(text).ok();
        let same_number = number(expected).is_some_and(|n| number(actual) == Some(n));
        if expected != actual && !same_number {
            self.differ(what, word, expected, actual);
        }
    }

    /// Answers that could not be read make a case worthless unless it expects just that.
    fn unreadable(&mut self, intake: &[Finding]) {
        let case = self.case;
        for finding in intake {
            if case.expect.findings.contains(&finding.check) {
                continue;
            }
            let name = finding.check.split_once('.').map_or("", |(_, name)| name);
            let help = match finding.check.split_once('.') {
                Some(("field", _)) => meant(name, words::fields(self.form)),
                Some(("code", _)) => codes(self.form, finding),
                _ => String::new(),
            };
            let actual = format!("{}: {}{help}", finding.check, finding.message);
            self.differ("answers", name, "読み取れる値", &actual);
        }
    }

    fn outcome(&mut self, expect: &Expect, outcome: &Outcome) {
        if let Some(result) = expect.result
            && result != outcome.result
        {
            self.differ("result", "result", result.name(), outcome.result.name());
        }
        self.judgements(&expect.judgements, outcome);
        self.values(&expect.values, outcome);
        self.findings(expect, outcome);
        self.shown(expect, outcome);
        if let Some(wanted) = &expect.missing {
            self.missing(wanted, outcome);
        }
    }

    fn previous(&mut self, wanted: &ExpectPrevious, found: &Previous) {
        if let Some(edition) = &wanted.edition {
            self.differ_unless_equal("edition", "edition", edition, &found.edition);
        }
        if let Some(result) = wanted.result
            && result != found.outcome.result
        {
            let actual = found.outcome.result.name();
            self.differ("result", "result", result.name(), actual);
        }
        self.judgements(&wanted.judgements, &found.outcome);
        self.values(&wanted.values, &found.outcome);
        if let Some(unread) = &wanted.unread {
            let actual = found.unread.iter().map(|u| u.name.clone()).collect();
            let wanted = sets(std::iter::once(unread.clone()));
            let actual = sets(std::iter::once(actual));
            self.differ_unless_equal("unread", "unread", &wanted, &actual);
        }
    }

    fn no_previous(&mut self) {
        let actual = match self.case.application {
            Application::New => "新規の申請は今の版だけで判定します",
            Application::Renewal => "この様式には更新で使う前の版がありません",
        };
        self.at = "";
        self.differ("previous", "previous", "前の版の判定", actual);
    }

    fn judgements(&mut self, wanted: &BTreeMap<String, Written>, outcome: &Outcome) {
        for (name, wanted) in wanted {
            let actual = self.judgement(name, &wanted.text(), outcome);
            self.differ_unless_equal(&format!("judgements.{name}"), name, &wanted.text(), &actual);
        }
    }

    /// What a judgement came to, or that the form has no such judgement or category.
    fn judgement(&self, name: &str, wanted: &str, outcome: &Outcome) -> String {
        let judgements = &self.form.program().judgements;
        let Some(judgement) = judgements.iter().find(|j| j.name == name) else {
            let known = judgements.iter().map(|j| j.name.as_str());
            return format!("この判定はありません{}", meant(name, known));
        };
        let mut categories: Vec<&str> = judgement
            .categories
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        categories.push("undetermined");
        if !categories.contains(&wanted) {
            return said("この区分はありません", wanted, &categories);
        }
        let found = outcome.judgements.iter().find(|j| j.name == name);
        let category = found.and_then(|judgement| judgement.category.as_ref());
        category.map_or("undetermined".to_owned(), |c| c.name.clone())
    }

    fn values(&mut self, wanted: &BTreeMap<String, Written>, outcome: &Outcome) {
        for (name, wanted) in wanted {
            let actual = self.value(name, &wanted.text(), outcome);
            self.differ_unless_equal(&format!("values.{name}"), name, &wanted.text(), &actual);
        }
    }

    /// What a rule came to, or that the form has no such rule or value of it.
    fn value(&self, name: &str, wanted: &str, outcome: &Outcome) -> String {
        let definitions = &self.form.program().definitions;
        let Some(definition) = definitions.iter().find(|d| d.name == name) else {
            let known = definitions.iter().map(|d| d.name.as_str());
            return format!("この値はありません{}", meant(name, known));
        };
        let mut possible = match &definition.rule {
            Rule::Criterion(_) => vec!["true", "false"],
            Rule::Grade { outcomes, .. } => outcomes.iter().map(|o| o.name.as_str()).collect(),
            Rule::Number { .. } => Vec::new(),
        };
        possible.push("unknown");
        if !matches!(definition.rule, Rule::Number { .. }) && !possible.contains(&wanted) {
            return said("この値にはなりません", wanted, &possible);
        }
        let found = outcome.values.iter().find(|v| v.name == name);
        let value = found.and_then(|found| found.value.clone());
        value.unwrap_or_else(|| "unknown".to_owned())
    }

    fn findings(&mut self, expect: &Expect, outcome: &Outcome) {
        let found = |id: &String| outcome.findings.iter().any(|f| f.check == *id);
        let form = self.form;
        let unknown = |id: &str| match known_check(form, id) {
            true => None,
            false => Some(format!(
                "このチェックはありません{}",
                meant(id, words::checks(form, id).iter().map(String::as_str))
            )),
        };
        for id in expect.findings.iter().filter(|id| !found(id)) {
            let actual = unknown(id);
            let actual = actual.as_deref().unwrap_or("検出されません");
            self.differ("findings", id, id, actual);
        }
        for id in &expect.no_findings {
            let actual = match found(id) {
                true => Some("検出されました".to_owned()),
                false => unknown(id),
            };
            if let Some(actual) = actual {
                self.differ("no_findings", id, &format!("{id} は検出されない"), &actual);
            }
        }
    }

    fn shown(&mut self, expect: &Expect, outcome: &Outcome) {
        let form = self.form;
        let shown = |name: &str| {
            let id = form.field_id(name)?;
            outcome.shown.get(usize::from(id.0)).copied()
        };
        let wanted = expect.hidden.iter().map(|name| ("hidden", name, false));
        for (what, name, want) in
            wanted.chain(expect.shown.iter().map(|name| ("shown", name, true)))
        {
            match shown(name) {
                Some(is) if is == want => {}
                Some(true) => self.differ(what, name, name, "表示されています"),
                Some(false) => self.differ(what, name, name, "表示されていません"),
                None => self.unknown_field(what, name),
            }
        }
    }

    fn missing(&mut self, wanted: &[Vec<String>], outcome: &Outcome) {
        let form = self.form;
        let names = wanted.iter().flatten();
        let mut unknown = names
            .filter(|name| form.field_id(name).is_none())
            .peekable();
        if unknown.peek().is_some() {
            unknown.for_each(|name| self.unknown_field("missing", name));
            return;
        }
        let of =
            |set: &kohyo_engine::MissingSet| set.items.iter().map(|i| i.name.clone()).collect();
        let actual = sets(outcome.missing.iter().map(of));
        self.differ_unless_equal("missing", "missing", &sets(wanted.iter().cloned()), &actual);
    }

    fn unknown_field(&mut self, what: &str, name: &str) {
        let actual = format!(
            "この項目はありません{}",
            meant(name, words::fields(self.form))
        );
        self.differ(what, name, name, &actual);
    }
}

/// `[a] [b, c]` in a fixed order.
fn sets(sets: impl Iterator<Item = Vec<String>>) -> String {
    let mut texts: Vec<String> = sets
        .map(|mut set| {
            set.sort();
            format!("[{}]", set.join(", "))
        })
        .collect();
    texts.sort();
    if texts.is_empty() {
        "なし".to_owned()
    } else {
        texts.join(" ")
    }
}
