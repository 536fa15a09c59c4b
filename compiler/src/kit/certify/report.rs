//! The report of a certification: JSON that can be signed, text and a page for people.

use crate::kit::index::not_json;
use crate::kit::{Format, Gap, Index};
use kohyo_engine::ResultKind;
use quick_xml::escape::escape;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The version of the report.
pub(super) const VERSION: u16 = 1;

/// What the last line of a signed report begins with; everything before is signed.
const SIGNATURE: &str = "\n,\"signature\":";

/// How far a vendor's program agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this form of report.
    pub kohyo_certify: u16,
    /// What compared: `kohyo 0.1.0`.
    pub tool: String,
    /// What was looked at.
    #[serde(flatten)]
    pub product: Product,
    /// When.
    pub at: String,
    /// The release that the kits were compared with, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<UsedRelease>,
    /// What was compared with.
    pub kits: Vec<KitUsed>,
    /// Counts.
    pub summary: Summary,
    /// By check id, those with differences first.
    pub checks: Vec<CheckLine>,
    /// Every difference, as far as they are listed.
    pub differences: Vec<Difference>,
}

/// A vendor's program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its name, as the vendor says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Its version, as the vendor says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// How it was started.
    pub command: String,
}

impl Product {
    /// `個票くん 3.2`; nothing if nobody said what it is.
    fn name(&self) -> Option<String> {
        let parts = [&self.product, &self.product_version];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// A release whose kits were used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedRelease {
    /// Its name: `2026-12`.
    pub release: String,
    /// SHA-256 of its manifest, in hexadecimal digits.
    pub manifest_sha256: String,
}

/// A kit or deck that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitUsed {
    /// Key of the form.
    pub form: String,
    /// Its edition.
    pub edition: String,
    /// Its title.
    pub title: String,
    /// What the deck was thrown with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How its records are written.
    #[serde(default, skip_serializing_if = "Format::is_xml")]
    pub format: Format,
    /// Records.
    pub records: usize,
    /// SHA-256 of the index, in hexadecimal digits.
    pub index_sha256: String,
    /// Checks that some record must be found by, ascending.
    #[serde(default)]
    pub tested: Vec<String>,
    /// Checks and conditions that no record is for, each with the reason.
    #[serde(default)]
    pub not_tested: Vec<Gap>,
    /// Records of the kit as XML that this format does not have.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// What the ids of the report mean, as the index says (`Index::words`).
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}

impl KitUsed {
    /// A kit, by its index.
    pub fn of(index: &Index, index_sha256: &str) -> Self {
        let records = index.records.iter();
        let findings = records.flat_map(|record| &record.expected.findings);
        let tested: BTreeSet<&String> = findings.map(|finding| &finding.check).collect();
        Self {
            form: index.form.clone(),
            edition: index.edition.clone(),
            title: index.title.clone(),
            seed: index.seed,
            format: index.format,
            records: index.records.len(),
            index_sha256: index_sha256.to_owned(),
            tested: tested.into_iter().cloned().collect(),
            not_tested: index.gaps.clone(),
            left_out: index.left_out.len(),
            words: index.words.clone(),
        }
    }

    /// `shitei-006-2020`, `shitei-006-2020-42`, `shitei-006-2020-csv`.
    pub fn name(&self) -> String {
        let mut name = format!("{}-{}", self.form, self.edition);
        if let Some(seed) = self.seed {
            name.push_str(&format!("-{seed}"));
        }
        if !self.format.is_xml() {
            name.push_str(&format!("-{}", self.format.name()));
        }
        name
    }

    fn word(&self, id: &str) -> Option<&str> {
        self.words.get(id).map(String::as_str)
    }
}

/// What stands on the page besides the report.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Where the pages of the check specification lie: empty (beside the report), a folder or an
    /// address, with its `/`.
    pub documents: &'a str,
    /// Who signed the report, if somebody did.
    pub signed: Option<Signed<'a>>,
}

/// Who signed a report, and how to see that.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The name in the key.
    pub signer: &'a str,
    /// The fingerprint of the public key.
    pub fingerprint: &'a str,
    /// The name of the report that bears the signature.
    pub report: &'a str,
}

/// Counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Records put to the program.
    pub records: usize,
    /// Records without any difference.
    pub agreed: usize,
    /// Records about which the program gave no answer.
    pub troubles: usize,
    /// Findings that are missing.
    pub missed: usize,
    /// Findings that should not be.
    pub false_alarms: usize,
    /// Findings of another level.
    pub wrong_levels: usize,
    /// Records with another verdict.
    pub wrong_verdicts: usize,
    /// Differences that are not listed.
    pub not_listed: usize,
}

impl Summary {
    /// Findings that differ, records with another verdict (each once, whatever of it differs) and
    /// records without an answer.
    pub fn differences(&self) -> usize {
        self.troubles + self.missed + self.false_alarms + self.wrong_levels + self.wrong_verdicts
    }
}

/// A check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckLine {
    /// Its id; `result` and `judgement.NAME` for verdicts.
    pub check: String,
    /// How often it must find something.
    pub expected: usize,
    /// How often it did.
    pub found: usize,
    /// How often it did not.
    pub missed: usize,
    /// How often it found something where nothing is.
    pub false_alarms: usize,
    /// How often its level was another.
    pub wrong_level: usize,
    /// How often the verdict was another.
    pub wrong_verdicts: usize,
}

impl CheckLine {
    /// Whether anything is wrong.
    pub fn differs(&self) -> bool {
        // What a program in trouble did not find is neither found nor missed.
        self.missed + self.false_alarms + self.wrong_level + self.wrong_verdicts > 0
            || self.found < self.expected
    }
}

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No answer.
    Trouble,
    /// Not found.
    Missed,
    /// Found where nothing is.
    FalseAlarm,
    /// Another level.
    WrongLevel,
    /// Another verdict.
    WrongVerdict,
}

impl Kind {
    fn label(self) -> &'static str {
        match self {
            Self::Trouble => "答えなし",
            Self::Missed => "見逃し",
            Self::FalseAlarm => "誤検出",
            Self::WrongLevel => "レベル違い",
            Self::WrongVerdict => "判定違い",
        }
    }
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The kit: `shitei-006-2020`.
    pub kit: String,
    /// The record's file in it.
    pub file: String,
    /// What the record is for.
    pub purpose: String,
    /// The check; `result`, `judgement.NAME`, `program`.
    pub check: String,
    /// The message of the check, if the kit has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The item it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The line of the item in the record, if it is written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What kind.
    pub kind: Kind,
    /// What must be said.
    pub expected: String,
    /// What was said.
    pub actual: String,
}

/// A report whose signature is right.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The report.
    pub report: Report,
    /// What was signed.
    pub signed: Vec<u8>,
    /// The signature, 64 bytes in hexadecimal digits; nothing if the report is not signed.
    pub signature: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Deserialize)]
struct Signature {
    value: String,
}

impl Difference {
    /// `stage=「3」、12行`, `stage=記入なし`; empty if it is about no item.
    fn place(&self) -> String {
        let Some(item) = &self.item else {
            return String::new();
        };
        let line = self.line.map(|line| format!("{line}行"));
        match (&self.value, line) {
            (Some(value), Some(line)) => format!("{item}=「{value}」、{line}"),
            (None, Some(line)) => format!("{item}、{line}"),
            (_, None) => format!("{item}=記入なし"),
        }
    }
}

impl Report {
    /// As JSON without the end, to be signed: [`Report::with_signature`] adds the end.
    pub fn unsigned(&self) -> String {
        // Plain structures of strings and numbers cannot fail.
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.trim_end_matches('}').trim_end().to_owned()
    }

    /// The whole JSON, with a signature of [`Report::unsigned`] if there is one.
    pub fn with_signature(&self, signature: Option<(&str, &str)>) -> String {
        let body = self.unsigned();
        match signature {
            None => format!("{body}\n}}\n"),
            Some((signer, value)) => {
                let signer = serde_json::to_string(signer).unwrap_or_default();
                format!("{body}{SIGNATURE}{{\"signer\":{signer},\"value\":\"{value}\"}}}}\n")
            }
        }
    }

    /// Takes a report apart; whether the signature is right is for the caller to say.
    ///
    /// # Errors
    /// What is wrong with the text, in Japanese.
    pub fn parse(text: &str) -> Result<Verified, String> {
        let report: Self = serde_json::from_str(text)
            .map_err(|error| format!("適合性確認の報告書として読めません: {}", not_json(&error)))?;
        if report.kohyo_certify != VERSION {
            return Err(format!(
                "報告書の版が {} です（この版の kohyo が読めるのは {VERSION}）",
                report.kohyo_certify
            ));
        }
        let Some((signed, rest)) = text.rsplit_once(SIGNATURE) else {
            return Ok(Verified {
                report,
                signed: Vec::new(),
                signature: None,
            });
        };
        let broken = || "報告書の署名の行が壊れています".to_owned();
        let rest = rest.trim_end().strip_suffix('}').ok_or_else(broken)?;
        let signature: Signature = serde_json::from_str(rest).map_err(|_| broken())?;
        // What is signed must be all that is read.
        let whole: Self = serde_json::from_str(&format!("{signed}\n}}")).map_err(|_| broken())?;
        if whole != report {
            return Err(broken());
        }
        Ok(Verified {
            report,
            signed: signed.as_bytes().to_vec(),
            signature: Some(signature.value),
        })
    }

    /// As text for a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let summary = &self.summary;
        let _ = writeln!(out, "適合性確認: {}", self.product.command);
        if let Some(name) = self.product.name() {
            let _ = writeln!(out, "  プログラム {name}");
        }
        if let Some(release) = &self.release {
            let (name, hash) = (&release.release, &release.manifest_sha256);
            let _ = writeln!(out, "  リリース {name}（目録のSHA-256 {hash}）");
        }
        for kit in &self.kits {
            let what = if kit.seed.is_some() {
                "束"
            } else {
                "キット"
            };
            let _ = writeln!(
                out,
                "  {what} {} {}: {}件（索引のSHA-256 {}）",
                kit.name(),
                kit.title,
                kit.records,
                kit.index_sha256
            );
        }
        let _ = writeln!(
            out,
            "記録 {}件のうち一致 {}件。見逃し {}、誤検出 {}、レベル違い {}、判定違い {}件、答えなし {}件",
            summary.records,
            summary.agreed,
            summary.missed,
            summary.false_alarms,
            summary.wrong_levels,
            summary.wrong_verdicts,
            summary.troubles
        );
        for line in self.checks.iter().filter(|line| line.differs()) {
            let _ = writeln!(
                out,
                "  {}: 期待 {}、検出 {}、見逃し {}、誤検出 {}、レベル違い {}、判定違い {}",
                with_words(&line.check, &self.words(&line.check)),
                line.expected,
                line.found,
                line.missed,
                line.false_alarms,
                line.wrong_level,
                line.wrong_verdicts
            );
        }
        let first = self.differences.iter().take(20);
        for difference in first {
            let _ = writeln!(
                out,
                "  {} {}/{} {}: 期待「{}」、答え「{}」（{}{}）",
                difference.kind.label(),
                difference.kit,
                difference.file,
                with_words(&difference.check, &self.words_in(difference)),
                self.said(difference, &difference.expected),
                self.said(difference, &difference.actual),
                match difference.place() {
                    place if place.is_empty() => place,
                    place => format!("{place}。"),
                },
                difference.purpose
            );
        }
        let more = self.differences.len().saturating_sub(20) + summary.not_listed;
        if more > 0 {
            let _ = writeln!(out, "  …ほか {more}件（報告書にすべてあります）");
        }
        if summary.differences() == 0 {
            let _ = writeln!(out, "相違はありません");
        }
        for kit in self.kits.iter().filter(|kit| kit.seed.is_none()) {
            let _ = writeln!(
                out,
                "  {}: 指摘を確かめたチェック {}、確かめていないチェック・条件 {}（報告書に一覧と理由）",
                kit.name(),
                kit.tested.len(),
                kit.not_tested.len()
            );
        }
        out
    }

    /// As a page.
    pub fn html(&self, beside: Beside<'_>) -> String {
        let mut out = String::from(HEAD);
        let summary = &self.summary;
        let (class, verdict) = match summary.differences() {
            0 => ("good", "相違はありません"),
            _ => ("bad", "相違があります"),
        };
        let _ = write!(
            out,
            "<h1>適合性確認の報告書</h1><p class=\"verdict {class}\">{verdict}</p><dl>"
        );
        let release = self.release.as_ref().map(|release| {
            let (name, hash) = (&release.release, &release.manifest_sha256);
            format!("{name}（目録のSHA-256 {hash}）")
        });
        let not_told = || "−".to_owned();
        for (name, value) in [
            ("プログラム", self.product.name().unwrap_or_else(not_told)),
            ("コマンド", self.product.command.clone()),
            ("実施", self.at.clone()),
            ("道具", self.tool.clone()),
            ("リリース", release.unwrap_or_else(not_told)),
            (
                "記録",
                format!("{}件（一致 {}件）", summary.records, summary.agreed),
            ),
            ("見逃し", format!("{}", summary.missed)),
            ("誤検出", format!("{}", summary.false_alarms)),
            ("レベル違い", format!("{}", summary.wrong_levels)),
            ("判定違い", format!("{}件", summary.wrong_verdicts)),
            ("答えなし", format!("{}件", summary.troubles)),
        ] {
            let _ = write!(out, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
        }
        let _ = write!(
            out,
            "<dt>署名</dt><dd>{}</dd></dl>",
            signature(beside.signed)
        );
        self.kits_table(&mut out, beside.documents);
        self.checks_table(&mut out, beside.documents);
        self.tested_tables(&mut out, beside.documents);
        self.differences_table(&mut out, beside.documents);
        if summary.not_listed > 0 {
            let _ = write!(
                out,
                "<p>このほかに{}件の相違があります。</p>",
                summary.not_listed
            );
        }
        out.push_str("</body></html>\n");
        out
    }

    fn kits_table(&self, out: &mut String, documents: &str) {
        out.push_str("<h2>使った記録</h2>");
        let kits = self.kits.iter().map(|kit| {
            let page = format!("{}-{}.html", kit.form, kit.edition);
            vec![
                kit.name(),
                kit.title.clone(),
                kit.records.to_string(),
                kit.index_sha256.clone(),
            ]
            .into_iter()
            .map(|cell| escape(&cell).into_owned())
            .chain([link(&format!("{documents}{page}"), &page)])
            .collect()
        });
        let heads = ["名前", "疾病", "記録", "索引のSHA-256", "チェック仕様書"];
        table(out, &heads, kits);
    }

    fn checks_table(&self, out: &mut String, documents: &str) {
        out.push_str("<h2>チェックごとの結果</h2>");
        let checks = self.checks.iter().map(|line| {
            let words = self.words(&line.check);
            let kit = self.kits.iter().find(|kit| kit.word(&line.check).is_some());
            let counts = [
                line.expected,
                line.found,
                line.missed,
                line.false_alarms,
                line.wrong_level,
                line.wrong_verdicts,
            ];
            let counts = counts.map(|count| count.to_string());
            std::iter::once(check_cell(kit, &line.check, &words, documents))
                .chain(counts)
                .collect()
        });
        let heads = [
            "チェック",
            "期待",
            "検出",
            "見逃し",
            "誤検出",
            "レベル違い",
            "判定違い",
        ];
        table(out, &heads, checks);
    }

    /// What was asked and what was not: a certificate speaks of no more than that.
    fn tested_tables(&self, out: &mut String, documents: &str) {
        for kit in self.kits.iter().filter(|kit| kit.seed.is_none()) {
            let _ = write!(
                out,
                "<h2>{} で確かめていないもの</h2><p>指摘を確かめたチェックは {} です（報告書の <code>tested</code>）。次のものは、記録がないため確かめていません。",
                escape(kit.name()),
                kit.tested.len()
            );
            if kit.left_out > 0 {
                let label = kit.format.label();
                let _ = write!(
                    out,
                    "{label}で同じに書けないXMLの記録 {} 件も、この形式では確かめていません。",
                    kit.left_out
                );
            }
            out.push_str("</p>");
            let rows = kit.not_tested.iter().map(|gap| {
                let words = kit.word(&gap.check).unwrap_or_default();
                vec![
                    check_cell(Some(kit), &gap.check, words, documents),
                    escape(&gap.reason).into_owned(),
                ]
            });
            table(out, &["チェック", "理由"], rows);
        }
    }

    fn differences_table(&self, out: &mut String, documents: &str) {
        if self.differences.is_empty() {
            return;
        }
        out.push_str("<h2>相違</h2>");
        let rows = self.differences.iter().map(|difference| {
            let words = self.words_in(difference);
            let kit = self.kit_of(difference);
            let text = |text: &str| escape(text).into_owned();
            vec![
                difference.kind.label().to_owned(),
                text(&format!("{}/{}", difference.kit, difference.file)),
                check_cell(kit, &difference.check, &words, documents),
                text(&self.said(difference, &difference.expected)),
                text(&self.said(difference, &difference.actual)),
                text(&difference.place()),
                text(&difference.purpose),
            ]
        });
        let heads = [
            "種別",
            "記録",
            "チェック",
            "期待",
            "答え",
            "項目の値",
            "記録の目的",
        ];
        table(out, &heads, rows);
    }

    fn kit_of(&self, difference: &Difference) -> Option<&KitUsed> {
        self.kits.iter().find(|kit| kit.name() == difference.kit)
    }

    /// What an id means in the kit of a difference.
    fn words_in(&self, difference: &Difference) -> String {
        let word = self
            .kit_of(difference)
            .and_then(|kit| kit.word(&difference.check));
        word.or(own_word(&difference.check))
            .unwrap_or_default()
            .to_owned()
    }

    /// What an id means: in each of the kits, if it is not the same in all.
    fn words(&self, id: &str) -> String {
        let mut words: Vec<&str> = own_word(id).into_iter().collect();
        for word in self.kits.iter().filter_map(|kit| kit.word(id)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words.join("／")
    }

    /// What was expected or said, in the words of the form: results and categories are names.
    fn said(&self, difference: &Difference, name: &str) -> String {
        let label = match difference.check.as_str() {
            "result" | "previous" => ResultKind::ALL
                .iter()
                .find(|result| result.name() == name)
                .map(|result| result.label()),
            check => self
                .kit_of(difference)
                .and_then(|kit| kit.word(&format!("{check}={name}"))),
        };
        match label {
            Some(label) => format!("{label}（{name}）"),
            None => name.to_owned(),
        }
    }
}

/// What the ids mean that are no checks.
fn own_word(id: &str) -> Option<&'static str> {
    Some(match id {
        "result" => "判定結果",
        "previous" => "前の版による判定結果",
        "program" => "プログラムの起動と出力",
        _ => return None,
    })
}

fn with_words(id: &str, words: &str) -> String {
    match words {
        "" => id.to_owned(),
        words => format!("{id}（{words}）"),
    }
}

/// An id with its meaning; a link to the check specification where that has it.
fn check_cell(kit: Option<&KitUsed>, id: &str, words: &str, documents: &str) -> String {
    let shown = match kit {
        Some(kit) if kit.word(id).is_some() => {
            let anchor = match id.strip_prefix("judgement.") {
                Some(name) => format!("rule-{name}"),
                None => id.to_owned(),
            };
            let page = format!("{documents}{}-{}.html#{anchor}", kit.form, kit.edition);
            link(&page, id)
        }
        _ => escape(id).into_owned(),
    };
    match words {
        "" => shown,
        words => format!("{shown}<br><small>{}</small>", escape(words)),
    }
}

fn link(to: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(to), escape(text))
}

fn signature(signed: Option<Signed<'_>>) -> String {
    let Some(signed) = signed else {
        return "ありません".to_owned();
    };
    format!(
        "{}（鍵の指紋 {}）が、報告書 {report} に署名しました。このページは署名の対象ではありません。\
         確かめるには、署名した人から別の方法で受け取った公開鍵ファイルを使って \
         <code>kohyo certify verify {report} --key 公開鍵ファイル</code> を実行します",
        escape(signed.signer),
        escape(signed.fingerprint),
        report = escape(signed.report)
    )
}

const HEAD: &str = "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>適合性確認の報告書</title><style>body{font-family:sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;line-height:1.6;color:#222}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%;font-size:.875rem}th,td{border:1px solid #bbb;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f2f2f2}dl{display:grid;grid-template-columns:8rem 1fr;gap:.25rem 1rem}dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}.verdict{font-size:1.2rem;font-weight:bold;border-left:.5rem solid;padding-left:.75rem}.good{border-color:#00703c}.bad{border-color:#b10e1e}</style></head><body>";

/// A table of cells that are HTML already.
fn table(out: &mut String, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    out.push_str("<table><thead><tr>");
    for head in heads {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{cell}</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}
