//! When an answer is one too many: the engine on `hidden_when` against a second reading of
//! `shown when`, for every combination of answers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Files, compile};
use kohyo_engine::program::{Cond, CondKind, FieldType, Rule};
use kohyo_engine::{Context, Form, Program, RawAnswers, Tri, evaluate, read_lenient};

const CONDITIONS: &[&str] = &[
    "a is present",
    "a in { present; absent }",
    "a in { present; not_done }",
    "a is not_done",
    "a is not present",
    "a in { present; absent; unclear; not_done }",
    "not (a is present)",
    "a is present and b is present",
    "a is present or b in { present; absent }",
    "a is present unless b is absent",
    "not (a is present and b is not absent)",
    "any of { a is present; all of { b is present; c is yes } }",
    "none of { a is absent; b is absent }",
    "c is yes",
    "c is yes and a is present",
    "m includes x",
    "m includes unclear",
    "m includes x and a is present",
    "not (m includes x)",
    "tested",
    "not tested and c is no",
    "counted",
    "at least 1 of { a is present; b is present }",
    "a is answered and b is present",
    "(a is present) treat unknown as no",
    "(a is present) treat unknown as yes",
    "deeper is present",
    "if c is yes then a is present else b is present",
];

fn form(condition: &str) -> Form {
    let text = format!(
        r#"disease shitei 999 "試験" {{ edition "2024" from 2024-04-01
source notice "試験" }}
code test "検査" {{ 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown; 4 not_done "未実施" unknown }}
section s "項目" {{
  field a "検査A" : test
  field b "検査B" : test
  field c "使用" : choice {{ 1 yes "あり"; 2 no "なし" }}
  field m "続柄" : choices {{ 1 x "甲"; 2 y "乙"; 3 unclear "不明" unknown }}
  field deeper "検査D" : test shown when a is present
  field value "値" : integer 0..9 shown when {condition}
  field new_value "新規の値" : integer 0..9 new only shown when {condition}
  field old_value "更新の値" : integer 0..9 renewal only shown when {condition}
}}
criterion tested "検査をした" = a in {{ present; absent }} or b is present
criterion counted "数えて" = at least 2 of {{ a is present; b is present; c is yes }}
judgement diagnosis "診断" {{ category yes "該当" when value >= 3 if shown else no; otherwise no "非該当"; eligible yes }}
"#
    );
    let mut files = Files::new();
    files.insert("form.kohyo", text.as_str());
    let compiled = compile(&files, "form.kohyo");
    let found = format!("{:#?}", compiled.diagnostics);
    Form::new(compiled.program.unwrap_or_else(|| panic!("{found}"))).unwrap()
}

/// A condition on the written codes: a code that a comparison does not name is a no.
struct Written<'p> {
    program: &'p Program,
    raw: &'p RawAnswers,
    /// What the engine says of criteria and conditions of other kinds.
    engine: &'p dyn Fn(&Cond) -> Tri,
}

impl Written<'_> {
    fn says(&self, condition: &Cond) -> Tri {
        match &condition.kind {
            CondKind::Code { field, codes } => self.is_one_of(field.0, codes),
            CondKind::Includes { field, code } => self.is_one_of(field.0, &[*code]),
            CondKind::Not(inner) => !self.says(inner),
            CondKind::All(parts) => {
                let parts = parts.iter().map(|part| self.says(part));
                parts.fold(Tri::True, Tri::and)
            }
            CondKind::Any(parts) => {
                let parts = parts.iter().map(|part| !self.says(part));
                !parts.fold(Tri::True, Tri::and)
            }
            CondKind::Criterion(id) => {
                let name = &self.program.definitions[usize::from(id.0)];
                match (&name.rule, name.name.as_str()) {
                    (Rule::Criterion(inner), "tested") => self.says(inner),
                    _ => (self.engine)(condition),
                }
            }
            _ => (self.engine)(condition),
        }
    }

    fn is_one_of(&self, field: u16, codes: &[u16]) -> Tri {
        let field = &self.program.fields[usize::from(field)];
        // What hides the other question leaves this one open: the finding stands there.
        if let Some(when) = &field.shown_when
            && (self.engine)(when) != Tri::True
        {
            return Tri::Unknown;
        }
        let (FieldType::Choice { table } | FieldType::Choices { table }) = field.ty else {
            panic!("no choice");
        };
        let table = &self.program.code_tables[usize::from(table)].codes;
        match self.raw.get(&field.name) {
            None => Tri::Unknown,
            Some(written) => codes
                .iter()
                .any(|code| written.contains(&table[usize::from(*code)].value))
                .into(),
        }
    }
}

/// What the engine says of a condition, asked as a criterion of the same form.
fn engine(program: &Program, raw: &RawAnswers, context: &Context, condition: &Cond) -> Tri {
    let mut program = program.clone();
    let mut asked = program.definitions[0].clone();
    asked.name = "asked".to_owned();
    asked.rule = Rule::Criterion(condition.clone());
    program.definitions.push(asked);
    let form = Form::new(program).unwrap();
    let (answers, _) = read_lenient(&form, raw);
    let last = u16::try_from(form.program().definitions.len() - 1).unwrap();
    let mut probe = kohyo_engine::Probe::new(&form);
    let question = kohyo_engine::Question::Criterion(kohyo_engine::program::DefinitionId(last));
    probe.holds(&answers, context, question)
}

fn every_record() -> Vec<RawAnswers> {
    let test: &[&[&str]] = &[&[], &["1"], &["2"], &["3"], &["4"]];
    let several: &[&[&str]] = &[&[], &["1"], &["2"], &["3"], &["1", "3"], &["2", "3"]];
    let mut records = vec![RawAnswers::new()];
    for (name, values) in [
        ("a", test),
        ("b", test),
        ("c", &test[..3]),
        ("m", several),
        ("deeper", &test[..4]),
    ] {
        records = records
            .into_iter()
            .flat_map(|record| {
                values.iter().map(move |value| {
                    let mut record = record.clone();
                    if !value.is_empty() {
                        let value = value.iter().map(|code| (*code).to_owned()).collect();
                        record.insert(name.to_owned(), value);
                    }
                    record
                })
            })
            .collect();
    }
    for name in ["value", "new_value", "old_value"] {
        for record in &mut records {
            record.insert(name.to_owned(), vec!["5".to_owned()]);
        }
    }
    records
}

#[test]
fn an_answer_is_one_too_many_where_what_is_written_says_so() {
    let context = Context {
        today: "2026-04-01".parse().unwrap(),
        application: kohyo_engine::program::Application::New,
    };
    let records = every_record();
    for condition in CONDITIONS {
        let form = form(condition);
        let program = form.program();
        let value = program.fields.iter().find(|field| field.name == "value");
        let shown_when = value.and_then(|field| field.shown_when.as_ref()).unwrap();
        // Records that differ in nothing that the condition reads say the same.
        let reads = |name: &str| {
            let words = condition.split(|c: char| !c.is_alphanumeric());
            let mut words = words.chain(
                condition
                    .contains("ted")
                    .then_some("a b c")
                    .into_iter()
                    .flat_map(|s| s.split(' ')),
            );
            words.any(|word| word == name || word == "deeper" && name == "a")
        };
        for raw in records.iter().filter(|raw| {
            let mut unread = raw
                .iter()
                .filter(|(name, _)| name.len() == 1 || *name == "deeper");
            unread.all(|(name, _)| reads(name))
        }) {
            let engine = |condition: &Cond| engine(program, raw, &context, condition);
            let written = Written {
                program,
                raw,
                engine: &engine,
            };
            let expected = written.says(shown_when) == Tri::False;
            let shown = engine(shown_when);
            let (answers, _) = read_lenient(&form, raw);
            let outcome = evaluate(&form, &answers, &context);
            let found = |name: &str| {
                let check = format!("hidden.{name}");
                outcome
                    .findings
                    .iter()
                    .any(|finding| finding.check == check)
            };
            let at = format!("{condition}: {raw:?}");
            assert_eq!(found("value"), expected, "{at}");
            assert_eq!(found("new_value"), expected, "{at}");
            assert!(found("old_value"), "{at}");
            match shown {
                Tri::True => assert!(!expected, "{at}"),
                Tri::False => assert!(expected, "{at}"),
                Tri::Unknown => {}
            }
        }
    }
}
