//! A small folder of definitions that the tests of every feature look at.

use super::{Lines, Position};
use crate::files::Files;
use crate::load::SyntaxCache;

/// Its disease.
pub(super) const DISEASE: &str = "shitei/006_parkinson/form.kohyo";

const MODULE: &str = r#"module scale.hoehn_yahr "Hoehn-Yahr重症度分類" {
  prefix hoehn_yahr
  note "0度から5度までの6段階。"
}

section severity "重症度分類に関する事項" {
  field stage "Hoehn-Yahr重症度分類" : choice {
    0 stage0 "0度" points 0
    3 stage3 "3度" points 3
  } required cites "０度"
}

criterion stage3_or_more "Hoehn-Yahr 3度以上" = stage >= 3

private criterion inner "内部" = stage is stage0
"#;

const FORM: &str = r#"disease shitei 006 "パーキンソン病" {
  edition "2020" from 2017-04-01
  source notice "健発1112第1号 別紙 006"
}

use scale.hoehn_yahr as hy

code finding "所見" {
  1 present "あり"
  2 absent  "なし"
  3 unclear "不明" unknown
}

section diagnosis "診断基準に関する事項" {
  group A "主要所見" {
    field tremor   "安静時振戦" : finding required cites "(１)"
    field rigidity "歯車様強剛" : finding required shown when tremor is present
  }
  field igg4 "血清IgG4値" : decimal 5.1 "mg/dL" 0..9999.9 help "小数第1位まで"
}

# 𠮷 counts two
criterion 振戦あり "振戦がある" cites "※１" = any of {
  tremor is present
  igg4 >= 135 mg/dL
}

score total "合計" = sum of { 2 when 振戦あり; 3 when tremor is absent }

grade overall "総合" : severe "重症" | mild "軽症" = first match { severe when total >= 3; otherwise mild }

judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" cites "以上" when all of { 振戦あり; hy.stage3_or_more }
  otherwise none "いずれにも該当しない"
  eligible definite
}

check R001 warning "振戦がないのに3度以上です" at tremor, hy.stage
  violated when tremor is absent and hy.stage is stage3 and diagnosis is definite
"#;

/// The folder.
pub(super) fn folder() -> (Files, SyntaxCache) {
    let mut files = Files::new();
    files.insert(DISEASE, FORM);
    files.insert("scale/hoehn_yahr.kohyo", MODULE);
    (files, SyntaxCache::default())
}

/// The folder with `text` as its disease, `‸` taken out, and the place where it stood.
pub(super) fn edited(text: &str) -> (Files, SyntaxCache, Position) {
    let (mut files, cache) = folder();
    let offset = text.find('‸').unwrap();
    let text = text.replace('‸', "");
    let position = Lines::new(&text).position(offset);
    files.insert(DISEASE, text);
    (files, cache, position)
}

/// The place of the `nth` (from 0) `word` in the disease.
pub(super) fn nth(word: &str, nth: usize) -> Position {
    let (offset, _) = FORM.match_indices(word).nth(nth).unwrap();
    Lines::new(FORM).position(offset)
}

/// The text of the disease up to (not including) `end`.
pub(super) fn until(end: &str) -> String {
    FORM.split(end).next().unwrap_or_default().to_owned()
}

/// The text of the disease behind the first `start`.
pub(super) fn after(start: &str) -> String {
    FORM.split_once(start)
        .map_or_else(String::new, |(_, rest)| rest.to_owned())
}
