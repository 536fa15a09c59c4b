//! The figures as a table for people or as JSON for machines.

use super::bulk::Bulk;
use super::everything::{Everything, Mixed};
use super::hostile::Worst;
use super::inputs::RECORDS;
use super::library::{self, Library};
use super::memory::Peaks;
use super::peer::{self, Times};
use super::sampler::Pair;
use super::speed::Compile;
use crate::output;
use serde_json::json;
use std::time::Duration;

/// Everything measured.
pub struct Figures {
    pub judge: Pair,
    pub xml: Pair,
    /// Nothing where the peer is not at hand.
    pub peer: Option<Times>,
    /// By the way records are written.
    pub bulk: Vec<Bulk>,
    pub compile: Compile,
    pub large: Library,
    /// None where they cannot be measured.
    pub peaks: Peaks,
    pub first_result: Duration,
    pub everything: Everything,
    pub hostile: Worst,
    /// How many records were judged and checked.
    pub records: usize,
}

impl Figures {
    /// What a second thread gains with one XML file; nothing on a machine with one processor.
    fn gain(&self) -> Option<f64> {
        self.bulk.first()?.gain
    }
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
/// As fast as the reader by hand is 1.
const CHECK_LIMIT: f64 = 0.8;
/// So many times as fast as XML Schema and Schematron.
const PEER_LIMIT: f64 = 15.0;
/// Two threads against one: "near-linear" is at least this.
const SCALING_LIMIT: f64 = 1.7;
/// A bulk check takes at most so many MiB, whatever it reads.
const PEAK_LIMIT_MIB: f64 = 32.0;
/// The first result is there after so many seconds.
const FIRST_LIMIT_S: f64 = 0.1;
/// Everything that vendors download of fifty forms is written after so many seconds.
const EMIT_50_LIMIT_S: f64 = 90.0;
/// The answer to a hostile file takes at most so many milliseconds …
const HOSTILE_LIMIT_MS: f64 = 200.0;
/// … and so many MiB.
const HOSTILE_LIMIT_MIB: f64 = 64.0;

/// Prints one JSON object.
pub fn json(figures: &Figures) {
    let peer = figures.peer;
    let microseconds = |of: fn(Times) -> f64| peer.map(|times| rounded(of(times) * 1e6));
    let peaks: serde_json::Map<String, serde_json::Value> = figures
        .peaks
        .by_input
        .iter()
        .map(|(input, peak)| ((*input).to_owned(), json!(rounded(*peak))))
        .collect();
    let by_input = |of: fn(&Bulk) -> serde_json::Value| -> serde_json::Map<_, _> {
        let figures = figures.bulk.iter();
        figures
            .map(|bulk| (bulk.written.to_owned(), of(bulk)))
            .collect()
    };
    let mixed = |of: fn(&Mixed) -> f64| figures.everything.mixed.as_ref().map(|m| rounded(of(m)));
    let object = json!({
        "judge_vs_straight": rounded(figures.judge.ratio()),
        "xml_vs_hand": rounded(figures.xml.ratio()),
        "check_vs_limit": rounded(1.0 / figures.xml.ratio()),
        "check_us": rounded(figures.xml.ours * 1e6),
        "check_vs_xsd_schematron": peer.map(|times| rounded(times.ratio())),
        "xsd_us": microseconds(|times| times.xsd),
        "schematron_us": microseconds(|times| times.schematron),
        "check_scaling_2": figures.gain().map(rounded),
        "check_scalings_2": by_input(|bulk| json!(bulk.gain.map(rounded))),
        "bulk_us": by_input(|bulk| json!(rounded(bulk.each.as_secs_f64() * 1e6))),
        "cold_compile_ms": rounded(milliseconds(figures.compile.time)),
        "cold_compile_350_ms": rounded(milliseconds(figures.large.cold)),
        "prove_350_s": rounded(figures.large.proven.as_secs_f64()),
        "edit_p99_ms": rounded(milliseconds(figures.large.edit_p99)),
        "edit_rule_p99_ms": rounded(milliseconds(figures.large.edit_rule_p99)),
        "compile_vs_bare_parse": rounded(figures.large.against_bare_parse.ratio()),
        "peak_mib": figures.peaks.one_file().map(rounded),
        "check_peak_mib": figures.peaks.highest().map(rounded),
        "check_peaks_mib": peaks,
        "check_peak_all_forms_mib": figures.everything.peak.map(rounded),
        "check_peak_mixed_mib": mixed(|mixed| mixed.peak),
        "check_mixed_us": mixed(|mixed| mixed.each.as_secs_f64() * 1e6),
        "check_mixed_vs_sorted": mixed(Mixed::ratio),
        "emit_all_s": rounded(figures.everything.emit.as_secs_f64()),
        "emit_all_50_s": rounded(figures.everything.emit_fifty().as_secs_f64()),
        "first_result_s": rounded(figures.first_result.as_secs_f64()),
        "hostile_worst_ms": rounded(milliseconds(figures.hostile.time.0)),
        "hostile_worst_file": figures.hostile.time.1,
        "hostile_worst_processor_ms": figures.hostile.processor.as_ref().map(|(time, _)| milliseconds(*time)),
        "hostile_peak_mib": figures.hostile.peak.as_ref().map(|(peak, _)| rounded(*peak)),
        "notes": notes(figures),
    });
    output::line(&object.to_string());
    for note in notes(figures) {
        output::note(note);
    }
}

/// What could not be measured, and why.
fn notes(figures: &Figures) -> Vec<&'static str> {
    let notes = [
        (figures.peer.is_none(), NO_PEER),
        (figures.gain().is_none(), ONE_PROCESSOR),
        (figures.peaks.by_input.is_empty(), NO_PROC),
    ];
    let missing = notes.into_iter().filter(|(missing, _)| *missing);
    missing.map(|(_, note)| note).collect()
}

/// Prints a table.
pub fn table(figures: &Figures) {
    let Figures {
        judge,
        xml,
        peer,
        bulk,
        compile,
        large,
        peaks,
        first_result,
        everything,
        hostile,
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
    let speed = 1.0 / xml.ratio();
    output::line(&format!(
        "    手書きを1とした速さ {speed:.2}　下限 {CHECK_LIMIT} 以上　{}",
        met(speed >= CHECK_LIMIT)
    ));
    if let Some(times) = peer {
        compared_with_peer(*times);
    }
    bulk.iter().for_each(one_file);
    let time = milliseconds(compile.time);
    let each = time / compile.diseases.max(1) as f64;
    output::line(&format!(
        "全定義のコンパイル\n    {} 疾病 {time:.1} ms（1 疾病 {each:.2} ms）　目標 1 疾病 {:.2} ms 以下　{}",
        compile.diseases,
        COMPILE_GOAL_MS / ALL_DISEASES,
        met(each <= COMPILE_GOAL_MS / ALL_DISEASES)
    ));
    large_library(large);
    for (input, peak) in &peaks.by_input {
        output::line(&format!(
            "一括検査の最大メモリー（{input} 件）\n    {peak:.1} MiB　上限 {PEAK_LIMIT_MIB} MiB 以下　{}",
            met(*peak <= PEAK_LIMIT_MIB)
        ));
    }
    let first = first_result.as_secs_f64();
    output::line(&format!(
        "一括検査の開始から最初の結果まで\n    {first:.3} 秒　上限 {FIRST_LIMIT_S} 秒以下　{}",
        met(first <= FIRST_LIMIT_S)
    ));
    all_forms(*everything);
    hostile_files(hostile);
    for note in notes(figures) {
        output::line(note);
    }
}

fn all_forms(everything: Everything) {
    let forms = everything.forms;
    if let Some(peak) = everything.peak {
        output::line(&format!(
            "一括検査の最大メモリー（{forms} 様式すべての個票）\n    {peak:.1} MiB　上限 {PEAK_LIMIT_MIB} MiB 以下　{}",
            met(peak <= PEAK_LIMIT_MIB)
        ));
    }
    if let Some(mixed) = everything.mixed {
        let (peak, each) = (mixed.peak, mixed.each.as_secs_f64() * 1e6);
        output::line(&format!(
            "同じ様式が1件ごとに替わるファイルの最大メモリー\n    {peak:.1} MiB　上限 {PEAK_LIMIT_MIB} MiB 以下　{}\n    1件あたりのプロセッサー時間 {each:.1} µs（様式ごとに並べたときの {:.2} 倍）",
            met(peak <= PEAK_LIMIT_MIB),
            mixed.ratio()
        ));
    }
    let fifty = everything.emit_fifty().as_secs_f64();
    output::line(&format!(
        "全成果物の作成（kohyo emit all、{forms} 様式、キットを除く）\n    {:.1} 秒　50 様式あたり {fifty:.1} 秒　上限 {EMIT_50_LIMIT_S} 秒以下　{}",
        everything.emit.as_secs_f64(),
        met(fifty <= EMIT_50_LIMIT_S)
    ));
}

fn one_file(bulk: &Bulk) {
    output::line(&format!(
        "一括検査（{}、{RECORDS} 件、ファイルの読込みを含む）\n    1スレッド {:.1} µs",
        bulk.label,
        bulk.each.as_secs_f64() * 1e6
    ));
    if let Some(gain) = bulk.gain {
        output::line(&format!(
            "    2スレッドは {gain:.2} 倍の速さ　下限 {SCALING_LIMIT} 倍以上　{}",
            met(gain >= SCALING_LIMIT)
        ));
    }
}

fn compared_with_peer(times: Times) {
    let ratio = times.ratio();
    output::line(&format!(
        "XMLスキーマ（libxml2）とSchematron（Saxon）との比較（{} 件、プロセッサー時間）\n    \
         本システム {:.1} µs　XMLスキーマ {:.1} µs　Schematron {:.1} µs　{ratio:.0} 倍の速さ　下限 {PEER_LIMIT} 倍以上　{}",
        peer::RECORDS,
        times.ours * 1e6,
        times.xsd * 1e6,
        times.schematron * 1e6,
        met(ratio >= PEER_LIMIT)
    ));
}

fn hostile_files(worst: &Worst) {
    let (time, slowest) = (milliseconds(worst.time.0), &worst.time.1);
    output::line(&format!(
        "壊れたファイル・悪意のあるファイル（{} 個、別プロセス）への答え\n    最長 {time:.0} ms（{slowest}）　上限 {HOSTILE_LIMIT_MS} ms 以下　{}",
        worst.files,
        met(time <= HOSTILE_LIMIT_MS)
    ));
    if let Some((time, largest)) = &worst.processor {
        output::line(&format!(
            "    プロセッサー時間の最大 {:.0} ms（{largest}）",
            milliseconds(*time)
        ));
    }
    if let Some((peak, largest)) = &worst.peak {
        output::line(&format!(
            "    最大メモリー {peak:.1} MiB（{largest}）　上限 {HOSTILE_LIMIT_MIB} MiB 以下　{}",
            met(*peak <= HOSTILE_LIMIT_MIB)
        ));
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
        "一語の変更からその疾病のエラーと証明が出るまで（{} 回の99パーセンタイル）\n    {edit:.1} ms　上限 {EDIT_LIMIT_MS} ms 以下　{}　しきい値の変更では {:.1} ms",
        library::EDITS,
        met(edit <= EDIT_LIMIT_MS),
        milliseconds(library.edit_rule_p99)
    ));
}

const NO_PROC: &str = "最大メモリーは測れません: このシステムには /proc がありません";
const NO_PEER: &str = "XMLスキーマとSchematronの時間は測っていません: lxml と saxonche のある Python がありません（tests/python/requirements.txt）";
const ONE_PROCESSOR: &str = "2スレッドの速さは測れません: プロセッサーが1つです";

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
