//! The engine gives what `docs/language/values.md` says.

use kohyo_engine::program::Application;
use kohyo_engine::{Context, Decimal, Form, RawAnswers, evaluate, read_lenient, written};
use tests::values::{Kind, PATH, RULE, Row, TODAY, rows};

#[test]
fn every_row_of_the_table_of_values_holds() {
    let rows = rows();
    assert!(rows.len() > 150, "{} rows", rows.len());
    let mistakes: Vec<String> = rows.iter().filter_map(mistake).collect();
    assert!(
        mistakes.is_empty(),
        "{} of {} rows:\n{}",
        mistakes.len(),
        rows.len(),
        mistakes.join("\n")
    );
}

fn mistake(row: &Row) -> Option<String> {
    let Row {
        line,
        expression,
        answers,
        result,
        ..
    } = row;
    let found = match form(row) {
        Ok(form) => outcome(row, &form),
        Err(why) => why,
    };
    let number = |text: &str| Decimal::from_str_exact(text).ok();
    let equal = found == *result || number(&found).is_some_and(|n| number(result) == Some(n));
    (!equal).then(|| format!("line {line}: `{expression}` {answers:?}: {result}, but {found}"))
}

fn form(row: &Row) -> Result<Form, String> {
    let compiled = kohyo_compiler::compile(&row.files(), PATH);
    match compiled.program {
        Some(program) => Ok(Form::new(program).unwrap()),
        None => Err(format!("does not compile: {:#?}", compiled.diagnostics)),
    }
}

fn outcome(row: &Row, form: &Form) -> String {
    let raw: RawAnswers = row.answers.iter().cloned().collect();
    let (answers, refused) = read_lenient(form, &raw);
    if row.kind == Kind::Read {
        if !refused.is_empty() {
            return "rejected".to_owned();
        }
        let read = written(form, &answers);
        return read
            .get(&row.expression)
            .map(|v| v.join(","))
            .unwrap_or_default();
    }
    assert!(refused.is_empty(), "line {}: {refused:#?}", row.line);
    let context = Context {
        today: TODAY.parse().unwrap(),
        application: Application::New,
    };
    let outcome = evaluate(form, &answers, &context);
    match row.kind {
        Kind::Judgement => {
            let judged = outcome.judgements.iter().find(|j| j.name == RULE).unwrap();
            let category = judged.category.as_ref();
            category.map_or("undetermined".to_owned(), |c| c.name.clone())
        }
        Kind::Check if outcome.findings.iter().any(|f| f.check == RULE) => "found".to_owned(),
        Kind::Check => "silent".to_owned(),
        Kind::Condition | Kind::Number | Kind::Grade | Kind::Table | Kind::Cells | Kind::Read => {
            let value = outcome.values.iter().find(|v| v.name == RULE).unwrap();
            value.value.clone().unwrap_or_else(|| "unknown".to_owned())
        }
    }
}
