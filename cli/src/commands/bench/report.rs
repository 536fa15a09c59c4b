//! The figures as a table for people or as JSON for machines.

use super::library::{self, Library};
use super::memory;
use super::sampler::Pair;
use super::speed::Compile;
use crate::output;
use serde_json::json;
use std::time::Duration;

/// Everything measured.
pub struct Figures {
    pub judge: Pair,
    pub xml: Pair,
    pub compile: Compile,
    pub library: Library,
    /// Nothing where it cannot be measured.
    pub peak_mib: Option<f64>,
    /// How many records were judged and checked.
    pub records: usize,
}

/// Judging a record costs at most so many times the straight code.
const JUDGE_LIMIT: f64 = 10.0;
/// XML to verdict costs at most so many times the reader by hand.
const XML_LIMIT: f64 = 1.5;
/// All diseases together shall compile within so many milliseconds one day.
const COMPILE_GOAL_MS: f64 = 400.0;
/// How many diseases of 指定難病 there are.
const ALL_DISEASES: f64 = 348.0;
/// 350 definitions from text to programs, on one thread.
const COLD_350_LIMIT_MS: f64 = 600.0;
/// The same with their proofs, on two threads.
const PROVE_350_LIMIT_S: f64 = 20.0;
/// One edit to the findings of that disease.
const EDIT_LIMIT_MS: f64 = 50.0;
/// A bulk check stays below so many MiB.
const PEAK_LIMIT_MIB: f64 = 64.0;

/// Prints one JSON object.
pub fn json(figures: &Figures) {
    let object = json!({
        "judge_vs_straight": rounded(figures.judge.ratio()),
        "xml_vs_hand": rounded(figures.xml.ratio()),
        "cold_compile_ms": rounded(milliseconds(figures.compile.time)),
        "cold_compile_350_ms": rounded(milliseconds(figures.library.cold)),
        "prove_350_s": rounded(figures.library.proven.as_secs_f64()),
        "edit_p99_ms": rounded(milliseconds(figures.library.edit_p99)),
        "compile_vs_bare_parse": rounded(figures.library.against_bare_parse.ratio()),
        "peak_mib": figures.peak_mib.map(rounded),
    });
    output::line(&object.to_string());
    if figures.peak_mib.is_none() {
        output::note(NO_PROC);
    }
}

/// Prints a table.
pub fn table(figures: &Figures) {
    let Figures {
        judge,
        xml,
        compile,
        library,
        peak_mib,
        records,
    } = figures;
    output::line(&format!(
        "049 全身性エリテマトーデス {records} 件、1スレッド。時間は1件あたりの中央値"
    ));
    if cfg!(debug_assertions) {
        output::line("最適化していないビルドのため、数値に意味はありません（cargo run --release）");
    }
    comparison("判定（読込み済みの回答から）", *judge, JUDGE_LIMIT);
    comparison("XMLからエラーリストと判定まで", *xml, XML_LIMIT);
    let time = milliseconds(compile.time);
    let each = time / compile.diseases.max(1) as f64;
    output::line(&format!(
        "全定義のコンパイル\n    {} 疾病 {time:.1} ms（1 疾病 {each:.2} ms）　目標 1 疾病 {:.2} ms 以下　{}",
        compile.diseases,
        COMPILE_GOAL_MS / ALL_DISEASES,
        met(each <= COMPILE_GOAL_MS / ALL_DISEASES)
    ));
    large_library(library);
    match peak_mib {
        Some(peak) => output::line(&format!(
            "一括検査（{} 件）の最大メモリー\n    {peak:.1} MiB　上限 {PEAK_LIMIT_MIB} MiB 未満　{}",
            memory::RECORDS,
            met(*peak < PEAK_LIMIT_MIB)
        )),
        None => output::line(NO_PROC),
    }
}

fn large_library(library: &Library) {
    let cold = milliseconds(library.cold);
    output::line(&format!(
        "{} 定義（番号を替えた写し）のコンパイル、1スレッド\n    {cold:.0} ms　上限 {COLD_350_LIMIT_MS} ms 以下　{}　構文だけを手書きで読む時間の {:.1} 倍",
        library::DEFINITIONS,
        met(cold <= COLD_350_LIMIT_MS),
        library.against_bare_parse.ratio()
    ));
    let proven = library.proven.as_secs_f64();
    output::line(&format!(
        "同じ定義の証明まで、{}スレッド\n    {proven:.1} 秒　上限 {PROVE_350_LIMIT_S} 秒以下　{}",
        library.threads,
        met(proven <= PROVE_350_LIMIT_S)
    ));
    let edit = milliseconds(library.edit_p99);
    output::line(&format!(
        "一か所の変更からその疾病の診断と証明まで（{} 回の99パーセンタイル）\n    {edit:.1} ms　上限 {EDIT_LIMIT_MS} ms 以下　{}",
        library::EDITS,
        met(edit <= EDIT_LIMIT_MS)
    ));
}

const NO_PROC: &str = "最大メモリーは測れません: このシステムには /proc がありません";

fn comparison(what: &str, pair: Pair, limit: f64) {
    let ratio = pair.ratio();
    output::line(&format!(
        "{what}\n    本システム {:.3} µs　手書き {:.3} µs　比 {ratio:.2} 倍　上限 {limit} 倍以下　{}",
        pair.ours * 1e6,
        pair.by_hand * 1e6,
        met(ratio <= limit)
    ));
}

fn met(met: bool) -> &'static str {
    if met { "達成" } else { "未達" }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn rounded(figure: f64) -> f64 {
    (figure * 1000.0).round() / 1000.0
}
