//! `kohyo test --quality`: how well the cases guard the definitions.

use crate::disk::{Failure, Workspace};
use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use kohyo_compiler::quality::{MOST_EFFORT, Quality, count, measure};
use kohyo_compiler::{Compilation, SyntaxCache, cases};
use serde_json::json;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub fn run(workspace: &Workspace, targets: &[String], json: bool) -> Result<ExitCode, Failure> {
    let (reports, broken) = measure_all(workspace, targets)?;
    if json {
        let value = json!({ "diseases": reports, "not_compiled": broken });
        output::line(&value.to_string());
    } else {
        reports.iter().for_each(print);
        for path in &broken {
            output::line(&format!(
                "{path}: 定義に誤りがあるため測れません。`kohyo check {path}` で確認してください"
            ));
        }
        totals(&reports);
    }
    let weak = reports.iter().any(|report| !report.survivors.is_empty());
    Ok(super::found(
        weak || !broken.is_empty() || reports.is_empty(),
    ))
}

/// Measures every disease and module that has cases; and the definitions that do not compile.
pub fn measure_all(
    workspace: &Workspace,
    targets: &[String],
) -> Result<(Vec<Quality>, Vec<String>), Failure> {
    let mut cache = SyntaxCache::default();
    let (mut measured, mut broken) = (Vec::new(), Vec::new());
    for tried in workspace.tried(targets)? {
        let beside = cases::beside(tried.path());
        let Some(yaml) = workspace.files.get(&beside) else {
            continue;
        };
        let file = cases::parse(yaml).map_err(|e| Failure::Other(format!("{beside}: {e}")))?;
        let compiled = tried.compile(&workspace.files, &mut cache);
        if compiled.program.is_some() {
            measured.push((compiled, file));
        } else {
            broken.push(tried.path().to_owned());
        }
    }
    let all: usize = measured.iter().map(|(compiled, _)| count(compiled)).sum();
    let bar = progress_bar(all);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let tick = |tried: usize| bar.inc(u64::try_from(tried).unwrap_or(0));
    let one = |(compiled, file): &(Compilation, cases::CaseFile)| {
        let patience = Patience::of(compiled);
        let tick = |tried: usize| {
            tick(tried);
            patience.ask();
        };
        measure(compiled, file, threads, MOST_EFFORT, &tick)
    };
    let reports = measured.iter().filter_map(one).collect();
    bar.finish_and_clear();
    Ok((reports, broken))
}

/// Says once that a form takes its time, where no bar is drawn that says so.
struct Patience {
    words: String,
    since: Instant,
    said: AtomicBool,
}

/// How long nothing is said.
const SILENCE: Duration = Duration::from_secs(10);

impl Patience {
    fn of(compiled: &Compilation) -> Self {
        let key = compiled.program.as_ref().map_or("", |program| &program.key);
        Self {
            words: format!(
                "{key}: 変異 {} 件を試しています。時間がかかります",
                count(compiled)
            ),
            since: Instant::now(),
            said: AtomicBool::new(std::io::stderr().is_terminal()),
        }
    }

    fn ask(&self) {
        if self.since.elapsed() > SILENCE && !self.said.swap(true, Ordering::Relaxed) {
            output::note(&self.words);
        }
    }
}

/// Drawn only on a terminal.
fn progress_bar(length: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
    let style = ProgressStyle::with_template("変異を試しています {wide_bar} {pos}/{len}");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn print(report: &Quality) {
    output::line(&format!(
        "{} {}（{}年版）: {} 件のケースが変異 {} 件のうち {} 件に気づきます（{:.1} %）",
        report.disease,
        report.title,
        report.edition,
        report.cases,
        report.mutants,
        report.killed,
        report.mutation_score
    ));
    let equal = report.equal_proved + report.equal_tried;
    if equal > 0 {
        output::line(&format!(
            "  違いを生まない変異 {equal} 件は数えていません（すべての回答で同じと確かめたもの {}、多数の患者で違いが出なかったもの {}）",
            report.equal_proved, report.equal_tried
        ));
    }
    if report.cut > 0 {
        output::line(&format!(
            "  ここまでで打ち切り: 変異 {} 件は、手間がかかりすぎるため最後まで試さず、数えていません",
            report.cut
        ));
    }
    for untried in &report.untried {
        output::line(&format!(
            "    {}の変異 {} 件",
            untried.place, untried.changes
        ));
    }
    for (number, survivor) in (1..).zip(&report.survivors) {
        output::line(&format!(
            "  {number}. {}［{}］",
            survivor.place, survivor.file
        ));
        output::line(&format!(
            "     {}変異に、どのケースも気づきません",
            survivor.change
        ));
        for difference in &survivor.differs {
            output::line(&format!("     この患者では{difference}"));
        }
        for line in survivor.case.iter().flat_map(|case| case.lines()) {
            output::line(line);
        }
        if survivor.case.is_none() {
            output::line("     違いの出る患者は見つかりませんでした");
        }
    }
    if !report.survivors.is_empty() {
        output::line(
            "  expect は今の定義の結果です。公式の文と照らし、正しいときだけケースに加えてください",
        );
    }
    if !report.unseen.is_empty() {
        output::line("  ケースで一度も出ないもの");
    }
    for unseen in &report.unseen {
        output::line(&format!(
            "    {}: {}",
            unseen.place,
            unseen.never.join("、")
        ));
    }
}

fn totals(reports: &[Quality]) {
    if reports.is_empty() {
        output::line("ケースがありません。定義の隣に cases.yaml を置いてください");
    }
    if reports.len() < 2 {
        return;
    }
    output::line("");
    for report in reports {
        output::line(&format!(
            "{:<14} {:>5.1} %  変異 {:>5}  残り {:>4}  {}",
            report.disease,
            report.mutation_score,
            report.mutants,
            report.survivors.len(),
            report.title
        ));
    }
}
