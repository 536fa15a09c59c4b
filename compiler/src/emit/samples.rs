//! Sample records of a form with what must be found in each: what a vendor tries first.
//!
//! The patients come from the solver (`prove/wanted.rs`) and are filled up with plausible answers;
//! what is expected of each record is what the engine says of it, never written by hand.

mod make;
mod mistakes;

use super::sheet::{Column, Sheet, column};
use super::{Artefact, Emitted, Residue, check_spec, wire};
use kohyo_engine::program::Application;
use kohyo_engine::{Context, Date, Form, Outcome, Program, RawAnswers, evaluate, read};
use kohyo_record::{CsvWriter, RecordWriter};
use serde_json::{Value, json};

/// A record and what must be found in it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// File name without its ending: `new`, `renewal`, `unknown`, `errors`.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// Application and day.
    pub context: Context,
    /// The values as written.
    pub raw: RawAnswers,
    /// What the engine says of it.
    pub outcome: Outcome,
}

const SOUND_NEW: (&str, &str) = ("new", "新規申請。エラーなし");
const SOUND_RENEWAL: (&str, &str) = ("renewal", "更新申請。エラーなし");
const UNKNOWN: (&str, &str) = ("unknown", "新規申請。不明を選んだ項目と未記入の項目を含む");
const ERRORS: (&str, &str) = ("errors", "新規申請。わざと誤りを入れたもの");

/// The samples that can be made of a form, and the names of those that cannot.
pub fn samples(form: &Form) -> (Vec<Sample>, Vec<Residue>) {
    let mut made = Vec::new();
    let mut missing = Vec::new();
    let mut add = |(name, about): (&'static str, &'static str),
                   found: Option<(Context, RawAnswers)>| match found {
        Some((context, raw)) => made.push(sample(form, name, about, context, raw)),
        None => missing.push(Residue {
            rule: format!("sample.{name}"),
            reason: format!("この見本（{about}）は作れませんでした"),
        }),
    };
    let program = form.program();
    let nowhere = crate::prove::wanted::nowhere();
    let mut wanted = crate::prove::wanted::Wanted::new(program, &nowhere);
    let day = day(program);
    let new = make::sound(form, &mut wanted, Application::New, day);
    let renewal = make::sound(form, &mut wanted, Application::Renewal, day);
    let unknown = new
        .as_ref()
        .and_then(|(context, raw)| Some((*context, make::unknown(form, context, raw)?)));
    let errors = new.as_ref().and_then(|(context, raw)| {
        Some((*context, mistakes::errors(form, &mut wanted, context, raw)?))
    });
    add(SOUND_NEW, new);
    add(SOUND_RENEWAL, renewal);
    add(UNKNOWN, unknown);
    add(ERRORS, errors);
    (made, missing)
}

fn sample(
    form: &Form,
    name: &'static str,
    about: &'static str,
    context: Context,
    raw: RawAnswers,
) -> Sample {
    Sample {
        name,
        about,
        context,
        outcome: outcome(form, &context, &raw),
        raw,
    }
}

/// What the engine says of written values, what cannot be read among the findings.
fn outcome(form: &Form, context: &Context, raw: &RawAnswers) -> Outcome {
    let (answers, intake) = read(form, raw);
    evaluate(form, &answers, context).with_findings(intake)
}

/// The day on which samples and kits are written: 1 June 2026, or the nearest day of the edition.
pub(crate) fn day(program: &Program) -> Date {
    let wanted = Date::day(2026, 6, 1).map_or(0, |day| day.first_day());
    let last = program.valid_to.map_or(i32::MAX, |end| end.last_day());
    let nearest = wanted.max(program.valid_from.first_day()).min(last);
    Date::from_day_number(nearest).unwrap_or(program.valid_from)
}

/// Records as XML and CSV, the expected findings, and a page that says what is what.
pub(super) fn form(form: &Form) -> Emitted {
    let (samples, residue) = samples(form);
    let program = form.program();
    let folder = wire::stem(program);
    let file = |name: &str, text: String| Artefact::text(format!("{folder}/{name}"), text);
    let mut artefacts = vec![file("README.md", readme(form, &samples, &residue))];
    let writer = RecordWriter::new(form);
    for sample in &samples {
        let xml = writer.text(sample.context.into(), &sample.raw);
        artefacts.push(file(&format!("{}.xml", sample.name), xml));
    }
    artefacts.push(file("records.csv", csv(program, &samples)));
    artefacts.push(file("expected.csv", expected(form, &samples).csv()));
    artefacts.push(file("expected.json", expected_json(form, &samples)));
    Emitted { artefacts, residue }
}

/// The same records as CSV.
pub fn csv(program: &Program, samples: &[Sample]) -> String {
    let rows = || {
        let mut writer = CsvWriter::with_labels(program, Vec::new())?;
        for sample in samples {
            writer.write(sample.context.into(), &sample.raw)?;
        }
        writer.finish()
    };
    // Writing to memory cannot fail, and texts are UTF-8.
    String::from_utf8(rows().unwrap_or_default()).unwrap_or_default()
}

fn expected(form: &Form, samples: &[Sample]) -> Sheet {
    const COLUMNS: &[Column] = &[
        column("ファイル名", 14),
        column("CSVのレコード番号", 10),
        column("チェックID", 26),
        column("レベル", 8),
        column("項目ID", 26),
        column("項目", 34),
        column("入力値", 20),
        column("メッセージ", 44),
        column("対処", 40),
    ];
    let mut rows = Vec::new();
    for (number, sample) in (1..).zip(samples) {
        for finding in &sample.outcome.findings {
            let field = finding.main_field().and_then(|id| form.field(id));
            rows.push(vec![
                format!("{}.xml", sample.name),
                number.to_string(),
                finding.check.clone(),
                check_spec::level(finding.level).to_owned(),
                field.map(|f| f.name.clone()).unwrap_or_default(),
                field.map(|f| f.label.clone()).unwrap_or_default(),
                finding.value.clone().unwrap_or_default(),
                finding.message.clone(),
                finding.help.clone().unwrap_or_default(),
            ]);
        }
    }
    Sheet {
        name: "期待される指摘",
        columns: COLUMNS,
        rows,
    }
}

fn expected_json(form: &Form, samples: &[Sample]) -> String {
    let program = form.program();
    let record = |(number, sample): (usize, &Sample)| {
        let judgements = sample.outcome.judgements.iter().map(|judgement| {
            let category = judgement.category.as_ref();
            json!({
                "name": judgement.name,
                "category": category.map(|category| &category.name),
                "label": category.map(|category| &category.label),
            })
        });
        let findings = sample.outcome.findings.iter().map(|finding| {
            let field = finding.main_field().and_then(|id| form.field(id));
            json!({
                "check": finding.check,
                "level": finding.level,
                "item": field.map(|field| &field.name),
                "value": finding.value,
                "message": finding.message,
                "help": finding.help,
            })
        });
        json!({
            "file": format!("{}.xml", sample.name),
            "record": number,
            "about": sample.about,
            "application": sample.context.application,
            "written": sample.context.today.to_string(),
            "result": sample.outcome.result,
            "judgements": judgements.collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
        })
    };
    let value: Value = json!({
        "form": program.key,
        "edition": program.edition,
        "records": (1..).zip(samples).map(record).collect::<Vec<_>>(),
    });
    // A tree of texts and numbers always has a text.
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    format!("{text}\n")
}

fn readme(form: &Form, samples: &[Sample], missing: &[Residue]) -> String {
    let program = form.program();
    let mut text = format!(
        "# 見本: {}（{}、{}年版）\n\n\
         このフォルダーの記録は、プログラムで作った架空のものです。実在の患者とは関係ありません。\n\n\
         | ファイル | CSVの行 | 申請 | 内容 | 判定 | 指摘 |\n|---|---|---|---|---|---|\n",
        program.title, program.key, program.edition
    );
    for (line, sample) in (3..).zip(samples) {
        let count = sample.outcome.findings.len();
        text.push_str(&format!(
            "| `{}.xml` | {line} | {} | {} | {} | {} |\n",
            sample.name,
            check_spec::only(Some(sample.context.application)),
            sample.about,
            sample.outcome.result.label(),
            if count == 0 {
                "なし".to_owned()
            } else {
                format!("{count}件")
            },
        ));
    }
    for rest in missing {
        text.push_str(&format!("\n{}\n", rest.reason));
    }
    let last = samples
        .iter()
        .map(|sample| sample.context.today)
        .max_by_key(|day| day.first_day());
    text.push_str(&format!(
        "\n- `records.csv`: 同じ記録をCSVにしたもの（1行目は項目名、2行目は日本語名）。\n\
         - `expected.csv`・`expected.json`: それぞれの記録で見つかるべき指摘のすべてと、判定。並び順は問いません。\n\n\
         確かめ方:\n\n```sh\nkohyo check-records --on {} .\n```\n",
        last.map(|day| day.to_string()).unwrap_or_default()
    ));
    text
}
