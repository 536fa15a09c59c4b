//! `kohyo new`: the beginning of a definition, from options or an interview.

use crate::args::{self, NewArgs};
use crate::disk::{Failure, Workspace, make_folder, write_text};
use crate::output;
use kohyo_compiler::catalogue::{Catalogue, Listed};
use kohyo_compiler::skeleton::{Number, Plan, Shape, has, is_slug, skeleton};
use kohyo_compiler::{Files, compile};
use kohyo_dsl::Severity;
use kohyo_engine::Date;
use kohyo_engine::look_up::{means, number_of};
use std::io::BufRead;
use std::process::ExitCode;

/// So many diseases are named to whoever has to choose one.
const SHOWN: usize = 6;

/// Begins a definition with what is given; the rest is asked for, or has a usual value if the number
/// is given.
pub fn run(workspace: &Workspace, options: NewArgs) -> Result<ExitCode, Failure> {
    let plan = plan(workspace, options)?;
    let written = skeleton(&plan, &workspace.files);
    let mut files: Files = workspace.files.clone();
    for (path, text) in &written {
        files.insert(path.as_str(), text.as_str());
    }
    for (path, _) in written.iter().filter(|(path, _)| path.ends_with(".kohyo")) {
        let compiled = compile(&files, path);
        let errors = compiled.diagnostics.iter();
        let first = errors.into_iter().find(|d| d.severity == Severity::Error);
        if let Some(error) = first {
            return Err(Failure::Other(format!(
                "この組合せでは様式が作れません: {}\n  --sections を確かめてください",
                error.message
            )));
        }
    }
    for (path, text) in &written {
        let path = workspace.root.join(path);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        write_text(&path, text)?;
        output::line(&format!("作りました: {}", path.display()));
    }
    let key = plan.number.key();
    output::line(&format!(
        "「# 書き換える」の行を通知のとおりに直し、`kohyo check {key}` と `kohyo test {key}` で確かめてください"
    ));
    Ok(ExitCode::SUCCESS)
}

fn plan(workspace: &Workspace, options: NewArgs) -> Result<Plan, Failure> {
    let files = &workspace.files;
    let mut asking = Asking {
        interview: options.number.is_none(),
    };
    let number = asking.value(
        options.number,
        "--number",
        "告示番号（指定難病 006、小児慢性 11-080）",
        None,
    )?;
    let catalogue = workspace.catalogue()?.unwrap_or_default();
    let number = match Number::parse(&number) {
        Some(number) => number,
        None => called(&catalogue, &number)?,
    };
    if let Some(taken) = number.taken(files) {
        return Err(Failure::Other(format!(
            "{} の定義はすでにあります（{taken}）\n  上書きはしません。別の版は同じフォルダーに edition_….kohyo として加えてください",
            number.key()
        )));
    }
    let from = asking.value(options.from, "--from", "施行日（YYYY-MM-DD）", None)?;
    let first_day = match from.parse::<Date>() {
        Ok(date) if date.day_of_month().is_some() => date,
        _ => return Err(wrong("--from", &from, "YYYY-MM-DD の日付を書いてください")),
    };
    let listed = catalogue.get(&number.key());
    let listed = listed.map(|entry| entry.name_on(first_day).to_owned());
    let name = asking.value(options.name, "--name", "疾病の名前", listed)?;
    if name.contains(['\n', '\r', '\t']) {
        return Err(wrong("--name", &name, "一行で書いてください"));
    }
    let slug = asking.value(
        options.slug,
        "--slug",
        "英字の短い名前（フォルダーに使う）",
        None,
    )?;
    if !is_slug(&slug) {
        return Err(wrong(
            "--slug",
            &slug,
            "英小文字で始め、英小文字・数字・_ で書きます（例: parkinson）",
        ));
    }
    let edition = asking.value(
        options.edition,
        "--edition",
        "版の名前",
        Some(first_day.year_number().to_string()),
    )?;
    let source = asking.value(options.source, "--source", "元になった通知", None)?;
    let usual = number.usual(files).join(",");
    let usual = if usual.is_empty() {
        "none".to_owned()
    } else {
        usual
    };
    let sections = asking.value(
        options.sections,
        "--sections",
        "使う共通の区分（none で使わない）",
        Some(usual),
    )?;
    let uses = modules(files, &sections)?;
    let shape = match options.shape {
        Some(shape) => shape,
        None => asking.shape()?,
    };
    Ok(Plan {
        number,
        name,
        slug,
        edition,
        from,
        source,
        uses,
        shape: match shape {
            args::Shape::All => Shape::All,
            args::Shape::Count => Shape::Count,
            args::Shape::Categories => Shape::Categories,
            args::Shape::Score => Shape::Score,
        },
    })
}

/// The number of the disease that is called so, by name or abbreviation.
///
/// # Errors
/// No disease, or several.
fn called(catalogue: &Catalogue, name: &str) -> Result<Number, Failure> {
    let meant = |l: &&Listed| means(name, &l.key, l.name(), &l.other_names());
    let found: Vec<&Listed> = catalogue.iter().filter(meant).take(SHOWN + 1).collect();
    let number = match found.as_slice() {
        [one] => Number::parse(number_of(&one.key)),
        _ => None,
    };
    number.ok_or_else(|| {
        let remedy = match found.as_slice() {
            [] => "指定難病は `006`、小児慢性特定疾病は `11-080` と書きます".to_owned(),
            some => {
                let lines = some.iter().take(SHOWN);
                let lines = lines.map(|l| format!("{} {}", number_of(&l.key), l.name()));
                let more = if some.len() > SHOWN { "、ほか" } else { "" };
                let lines: Vec<String> = lines.collect();
                format!(
                    "次のどれかの番号を書いてください: {}{more}",
                    lines.join("、")
                )
            }
        };
        wrong("--number", name, &remedy)
    })
}

/// Gets what an option does not say.
struct Asking {
    /// Whether a person is asked; otherwise the usual value is taken.
    interview: bool,
}

impl Asking {
    fn value(
        &mut self,
        given: Option<String>,
        option: &str,
        question: &str,
        usual: Option<String>,
    ) -> Result<String, Failure> {
        if let Some(given) = given {
            return Ok(given);
        }
        if self.interview {
            let shown = usual
                .as_deref()
                .map_or_else(String::new, |u| format!(" [{u}]"));
            output::note(&format!("{question}{shown}:"));
            let answer = answer(option)?;
            if !answer.is_empty() {
                return Ok(answer);
            }
        }
        usual.ok_or_else(|| {
            Failure::Other(format!(
                "{question}がありません\n  `{option} …` で書いてください"
            ))
        })
    }

    fn shape(&mut self) -> Result<args::Shape, Failure> {
        use clap::ValueEnum;
        let known = "all すべて / count 必須とｎ項目以上 / categories Definite・Probable・Possible / score 点数";
        let question = format!("基準の形（{known}）");
        let answer = self.value(None, "--shape", &question, Some("all".to_owned()))?;
        args::Shape::from_str(&answer, true)
            .map_err(|_| wrong("--shape", &answer, &format!("{known} のいずれかです")))
    }
}

/// A line of the person at the terminal.
fn answer(option: &str) -> Result<String, Failure> {
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(0) => Err(Failure::Other(format!(
            "答えがありません\n  `{option} …` で書いてください"
        ))),
        Ok(_) => Ok(line.trim().to_owned()),
        Err(source) => Err(Failure::Other(format!("答えを読めません（{source}）"))),
    }
}

fn wrong(option: &str, value: &str, remedy: &str) -> Failure {
    Failure::Other(format!("{option} の「{value}」は使えません\n  {remedy}"))
}

/// The modules that are asked for; each must exist.
fn modules(files: &Files, written: &str) -> Result<Vec<String>, Failure> {
    let names = written.split([',', '、', ' ']).map(str::trim);
    let names = names.filter(|name| !name.is_empty() && *name != "none");
    names
        .map(|name| match has(files, name) {
            true => Ok(name.to_owned()),
            false => Err(wrong(
                "--sections",
                name,
                "`common.patient` のように、forms にあるモジュールの名前を書きます",
            )),
        })
        .collect()
}
