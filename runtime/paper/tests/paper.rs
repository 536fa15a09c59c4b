//! Nothing of a form is lost on paper, and the paper is always the same.
//!
//! The text of the PDF (pdftotext, of poppler-utils) is searched for every question, code, heading,
//! note, rule and category. `KOHYO_PAPER=all` looks at every form; `KOHYO_PAPER_OUT=DIR` keeps the
//! PDFs. What archives and screen readers need of them is looked at by others than their writer
//! (`paper/archive.rs`).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "in a test a panic is the report"
)]

#[path = "paper/archive.rs"]
mod archive;

use kohyo_compiler::{Files, compile, diseases};
use kohyo_engine::program::{Application, FieldType, Layout, Member};
use kohyo_engine::{Answers, Context, Date, Finding, Form, Program, RawAnswers, evaluate, written};
use kohyo_paper::{Answered, Fonts, pdf, sheet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Long tables and scores, two editions, a paediatric form, sides, branches.
const SOME: [&str; 4] = [
    "shitei-006",
    "shitei-071",
    "shitei-300-b01",
    "shoman-02-028",
];

#[test]
fn every_word_of_a_form_stands_on_paper() {
    let Some(fonts) = fonts() else { return };
    if Command::new("pdftotext").arg("-v").output().is_err() {
        return skipped("pdftotext is not installed");
    }
    let all = std::env::var("KOHYO_PAPER").is_ok_and(|which| which == "all");
    let mut seen = 0;
    for program in library(|key| all || SOME.contains(&key)) {
        let form = Form::new(program).unwrap();
        let bytes = pdf(&form, None, &fonts).unwrap();
        let program = form.program();
        let name = format!("{}-{}", program.key, program.edition);
        keep(&name, &bytes);
        let lost = lost(program, &text_of(&bytes));
        assert!(lost.is_empty(), "{name}: not on paper: {lost:#?}");
        seen += 1;
    }
    assert!(seen >= SOME.len(), "only {seen} forms");
}

#[test]
fn rows_sides_and_frames_stand_on_paper() {
    let Some(fonts) = fonts() else { return };
    if Command::new("pdftotext").arg("-v").output().is_err() {
        return skipped("pdftotext is not installed");
    }
    let form = Form::new(sample()).unwrap();
    let bytes = pdf(&form, None, &fonts).unwrap();
    keep("sample", &bytes);
    assert_eq!(lost(form.program(), &text_of(&bytes)), Vec::<String>::new());
}

#[test]
fn the_same_form_gives_the_same_bytes_and_says_what_it_is() {
    let Some(fonts) = fonts() else { return };
    let form = Form::new(sample()).unwrap();
    let first = pdf(&form, None, &fonts).unwrap();
    assert!(first == pdf(&form, None, &fonts).unwrap(), "other bytes");
    let has = |words: &str| {
        first
            .windows(words.len())
            .any(|part| part == words.as_bytes())
    };
    // XMP is never compressed, so that archives can read it.
    for words in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "見本の病",
        "ja-JP",
    ] {
        assert!(has(words), "{words} is missing");
    }
}

#[test]
fn what_was_answered_stands_in_the_boxes_with_the_verdict() {
    let Some(fonts) = fonts() else { return };
    let form = Form::new(sample()).unwrap();
    let (raw, context) = patient();
    let (answers, findings, unread) = read_apart(&form, raw);
    let outcome = evaluate(&form, &answers, &context).with_findings(findings);
    let raw = written(&form, &answers);
    let answered = |masked| Answered {
        raw: &raw,
        unread: &unread,
        context: &context,
        outcome: &outcome,
        masked,
    };
    let open = sheet::sheet(&form, Some(&answered(false)));
    insta::assert_snapshot!("filled", drawn(&open));
    let masked = sheet::sheet(&form, Some(&answered(true)));
    let words = serde_json::to_string(&masked).unwrap();
    assert!(!words.contains("山田") && !words.contains("\"1\",\"2\",\"3\",\"4\""));
    let bytes = pdf(&form, Some(&answered(false)), &fonts).unwrap();
    keep("sample-filled", &bytes);
    if Command::new("pdftotext").arg("-v").output().is_ok() {
        let text = text_of(&bytes).words;
        for words in [
            "✓1.あり",
            "山田花子",
            "プレドニゾロン",
            outcome.result.label(),
        ] {
            assert!(text.contains(words), "{words} is missing");
        }
    }
}

/// The review board sees neither who it is nor what a rule or a check says of it.
#[test]
fn masked_paper_shows_no_answer_that_points_at_the_person() {
    let Some(fonts) = fonts() else { return };
    let program = sample_of(MASKED);
    let form = Form::new(program).unwrap();
    let raw: RawAnswers = [
        ("name", "山田 花子"),
        ("born", "1953-08-27"),
        ("town", "雲見町"),
        ("hospital", "雲見病院"),
        ("weight", "53.4"),
        ("sex", "2"),
        ("tremor", "1"),
        ("entered", "2024-13-05"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
    .collect();
    let context = new_in_june();
    let (answers, findings, unread) = read_apart(&form, raw);
    let outcome = evaluate(&form, &answers, &context).with_findings(findings);
    let text_with = |masked: bool| {
        let answered = Answered {
            raw: &written(&form, &answers),
            unread: &unread,
            context: &context,
            outcome: &outcome,
            masked,
        };
        let bytes = pdf(&form, Some(&answered), &fonts).unwrap();
        keep(if masked { "masked" } else { "open" }, &bytes);
        let sheet = sheet::sheet(&form, Some(&answered));
        (drawn(&sheet), serde_json::to_string(&sheet).unwrap())
    };
    let (open, open_data) = text_with(false);
    let (masked, masked_data) = text_with(true);
    let hidden = [
        "山田",
        "8月27日",
        "雲見町",
        "雲見病院",
        "53.4",
        "2024-13-05",
    ];
    for words in hidden {
        assert!(open.contains(words) || open_data.contains(words), "{words}");
        assert!(!masked_data.contains(words), "{words} in {masked_data}");
    }
    insta::assert_snapshot!("masked", masked);
}

/// Whoever adds up by hand needs the points; where the number of a code says them, once is enough.
#[test]
fn points_stand_behind_the_codes_that_count() {
    let program = sample_of(
        r#"disease shitei 998 "数える病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
code anti "抗体" { 1 negative "陰性" points 0; 2 low "弱陽性" points 2; 9 unclear "不明" unknown }
section diagnosis "診断" {
  field antibody "リウマトイド因子" : anti required
  field grade "重症度" : choice { 0 g0 "0 正常" points 0; 1 g1 "1 軽度" points 1 } required
  field area "面積" : choice { 1 none "0点 なし" points 0; 2 half "1点 半分" points 1 } required
}
score total "合計" = sum of { antibody; grade; area }
judgement diagnosis "診断" { category met "該当" when total >= 3; otherwise none "非該当"; eligible met }
"#,
    );
    let form = Form::new(program).unwrap();
    insta::assert_snapshot!(drawn(&sheet::sheet(&form, None)), @r#"
    臨床調査個人票 [("告示番号", "998")] 数える病
    # 診断 personal false
    rows None None whole 0
      リウマトイド因子: □1.陰性（0点） □2.弱陽性（2点） □9.不明 (0)
      重症度: □0.正常 □1.軽度 (0)
      面積: □1.0点 なし □2.1点 半分 (0)
    診断 該当 true 1 lines
    診断 非該当 false 1 lines
    値 合計: 4 lines
    "#);
}

/// The first page can be taken away: what names the patient elsewhere in the form stands there.
#[test]
fn what_names_the_patient_stands_on_the_first_page() {
    let program = sample_of(
        r#"disease shitei 998 "名のある病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section patient "患者情報" {
  field name "氏名" : text 40 required personal identifying
}
section basics "基本情報" {
  group birth "出生" {
    field place "出生地" : text 40 personal quasi
    field changed "出生時氏名の変更" : choice { 1 yes "あり"; 2 no "なし" } required
    group former "出生時氏名" shown when changed is yes {
      field former_name "出生時の氏名" : text 40 required personal identifying
    }
  }
}
section physician "医療機関情報" {
  field physician_name "医師の氏名" : text 40 required personal identifying
}
judgement diagnosis "診断" { category met "該当" when changed is yes; otherwise none "非該当"; eligible met }
"#,
    );
    let form = Form::new(program).unwrap();
    insta::assert_snapshot!(drawn(&sheet::sheet(&form, None)), @r#"
    臨床調査個人票 [("告示番号", "998")] 名のある病
    # 患者情報 personal true
    rows None None whole 0
      氏名: 1 lines (40文字まで) []
    ## 出生時氏名 None Some("「出生時氏名の変更」が「1.あり」の場合") None
    rows None None whole 0
      出生時の氏名: 1 lines (40文字まで) []
    # 基本情報 personal false
    ## 出生 None None None
    rows None None whole 0
      出生地: 1 lines (40文字まで) [] 任意
      出生時氏名の変更: □1.あり □2.なし (0)
    # 医療機関情報 personal false
    rows None None whole 0
      医師の氏名: signature
    診断 該当 true 1 lines
    診断 非該当 false 1 lines
    "#);
}

/// A patient of whom many things are known that nobody should see.
const MASKED: &str = r#"disease shitei 998 "伏せる病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
code finding "所見" { 1 present "あり"; 2 absent "なし" }
section patient "患者情報" {
  field name "氏名" : text 40 required personal identifying
  field born "生年月日" : date required personal quasi
  field entered "資格取得年月日" : date personal quasi
  field sex "性別" : choice { 1 male "男"; 2 female "女" } required personal quasi
  field town "出生市区町村" : text 40 personal quasi
  field weight "出生体重" : decimal 3.1 "kg" 0..99.9 personal quasi
  field hospital "医療機関名" : text 40 personal quasi
}
section diagnosis "診断基準に関する事項" {
  field tremor "振戦" : finding required
}
check M001 warning "出生体重が50kg以上です" at weight
  help "出生体重を確かめてください。"
  violated when weight >= 50 kg
criterion old "2000年より前に生まれた" = born < 2000-01-01
judgement diagnosis "診断" {
  category definite "Definite" when old and tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#;

/// What is written is never lost, though it does not count.
#[test]
fn values_that_cannot_be_read_stand_beside_their_boxes() {
    let form = Form::new(sample()).unwrap();
    let (mut raw, context) = patient();
    let wrong = [
        ("protein", "1.234"),
        ("sd", "99"),
        ("cells", "約4000"),
        ("onset", "2019-13"),
        ("tested", "9"),
        ("zip", "12-34"),
        ("phone", "なし"),
        ("kana", "山田"),
        ("acuity_left", "0,5"),
        ("drugs_1_dose", "30mg"),
        ("drugs_2_drug", "記入しない行の薬"),
    ];
    for (name, value) in wrong {
        raw.insert(name.to_owned(), vec![value.to_owned()]);
    }
    let (answers, findings, unread) = read_apart(&form, raw);
    let outcome = evaluate(&form, &answers, &context).with_findings(findings);
    let answered = Answered {
        raw: &written(&form, &answers),
        unread: &unread,
        context: &context,
        outcome: &outcome,
        masked: false,
    };
    insta::assert_snapshot!("unread", drawn(&sheet::sheet(&form, Some(&answered))));
    let Some(fonts) = fonts() else { return };
    let bytes = pdf(&form, Some(&answered), &fonts).unwrap();
    keep("sample-unread", &bytes);
    if Command::new("pdftotext").arg("-v").output().is_ok() {
        let text = text_of(&bytes).words;
        for (_, value) in wrong {
            let marked = format!("▲{value}");
            assert!(text.contains(&marked), "{marked} is missing");
        }
    }
}

/// What the verdict rests on stands in the boxes, what was written besides it beside them.
#[test]
fn of_several_values_those_that_count_stand_in_the_boxes() {
    let form = Form::new(sample()).unwrap();
    let (raw, context) = patient();
    let (answers, findings, _) = read_apart(&form, raw);
    let outcome = evaluate(&form, &answers, &context).with_findings(findings);
    let besides = [("tested", "2"), ("name", "山田 華子"), ("protein", "9.99")];
    let unread = besides.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
    let answered = Answered {
        raw: &written(&form, &answers),
        unread: &unread.into(),
        context: &context,
        outcome: &outcome,
        masked: false,
    };
    let sheet = sheet::sheet(&form, Some(&answered));
    assert!(sheet.filled.as_ref().unwrap().marked);
    let drawn = drawn(&sheet);
    for line in [
        "☑1.あり □2.なし □3.不明 (0)▲ 2",
        "[\"山田 花子\", \"▲ 山田 華子\"]",
        "12.5_ g/日 (0〜99.99) Some(\"▲ 9.99\")",
    ] {
        assert!(drawn.contains(line), "{line} is missing in {drawn}");
    }
}

fn new_in_june() -> Context {
    Context {
        today: Date::day(2026, 6, 1).unwrap(),
        application: Application::New,
    }
}

/// Whoever knows who it could be must not find it confirmed by what stands on masked paper.
#[test]
fn no_word_of_masked_paper_is_made_of_what_is_masked() {
    let form = Form::new(sample_of(MASKED)).unwrap();
    let context = new_in_june();
    let stamp = |given: &[(&str, &str)]| {
        let raw = given.iter();
        let raw = raw.map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
        let (answers, findings, unread) = read_apart(&form, raw.collect());
        let outcome = evaluate(&form, &answers, &context).with_findings(findings);
        let stamps = [false, true].map(|masked| {
            let answered = Answered {
                raw: &written(&form, &answers),
                unread: &unread,
                context: &context,
                outcome: &outcome,
                masked,
            };
            let filled = sheet::sheet(&form, Some(&answered)).filled.unwrap();
            filled.stamp.split("照合番号").nth(1).unwrap().to_owned()
        });
        assert_eq!(stamps[0], stamps[1]);
        stamps[0].clone()
    };
    let somebody = stamp(&[("name", "山田 花子"), ("born", "1953-08-27"), ("sex", "2")]);
    let other = stamp(&[
        ("name", "海野 太郎"),
        ("entered", "2024-13-05"),
        ("sex", "2"),
    ]);
    assert_eq!(somebody, other);
    assert_ne!(somebody, stamp(&[("name", "山田 花子"), ("sex", "1")]));
    assert_ne!(somebody, stamp(&[("sex", "2"), ("tremor", "7")]));
}

#[test]
fn a_blank_form_is_drawn_as_boxes() {
    let form = Form::new(sample()).unwrap();
    insta::assert_snapshot!("blank", drawn(&sheet::sheet(&form, None)));
}

#[test]
fn without_fonts_it_says_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let none = Fonts::in_folders(&[empty.path().to_owned()]).unwrap_err();
    insta::assert_snapshot!(none.to_string(), @r"
    PDFに使う日本語の文字（Noto Sans JP）がありません
      次のどちらかを行ってください
      ・フォントを入れる（Debian・Ubuntu: apt-get install fonts-noto-cjk）。別の場所にあるときは環境変数 KOHYO_FONTS にそのフォルダーを書く
      ・Node.js（20以降）のある機械で kohyo を作り直す（文字が実行ファイルに入り、どの機械でも使えます）
    ");
}

/// A character that no font has must not become a blank.
#[test]
fn a_character_without_a_glyph_is_an_error() {
    let Some(fonts) = fonts() else { return };
    let mut program = sample();
    program.title = "\u{10ffff}の病".to_owned();
    let form = Form::new(program).unwrap();
    let problem = pdf(&form, None, &fonts).unwrap_err();
    assert!(problem.to_string().contains("PDFを作れません"), "{problem}");
}

// ---- what must be there

/// What the text lacks, or has fewer times than the form.
fn lost(program: &Program, drawn: &Text) -> Vec<String> {
    let text = &drawn.words;
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    let mut want = |words: &str| {
        let words = squeezed(words);
        if !words.is_empty() {
            *wanted.entry(words).or_default() += 1;
        }
    };
    want(&program.title);
    want(&program.key);
    want(&program.source);
    program.notes.iter().for_each(|note| want(note));
    for section in &program.sections {
        want(&section.label);
        members(program, &section.members, Layout::Plain, &mut want);
    }
    for definition in &program.definitions {
        want(&definition.label);
    }
    for judgement in &program.judgements {
        want(&judgement.label);
        for category in &judgement.categories {
            want(&category.label);
        }
    }
    let mut lost: Vec<String> = wanted
        .into_iter()
        .filter(|(words, times)| text.matches(words.as_str()).count() < *times)
        .map(|(words, times)| format!("{words} ({times} times)"))
        .collect();
    lost.extend(lost_codes(program, drawn));
    lost
}

fn members(program: &Program, members_: &[Member], within: Layout, want: &mut impl FnMut(&str)) {
    let mut first = true;
    for member in members_ {
        match member {
            Member::Group {
                label,
                help,
                layout,
                members: inner,
            } => {
                want(label);
                want(help.as_deref().unwrap_or_default());
                if within == Layout::Plain || first {
                    turn(
                        program,
                        inner,
                        (within != Layout::Plain).then_some(label),
                        *layout,
                        want,
                    );
                }
                first = false;
            }
            Member::Field(id) => field(program, id.0, None, want),
            Member::Note(text) => want(text),
            Member::Display(_) => {}
        }
    }
}

/// The questions of a row or side stand once, without its name.
fn turn(
    program: &Program,
    inner: &[Member],
    name: Option<&String>,
    layout: Layout,
    want: &mut impl FnMut(&str),
) {
    let Some(name) = name else {
        return members(program, inner, layout, want);
    };
    for member in inner {
        match member {
            Member::Field(id) => field(program, id.0, Some(name), want),
            Member::Group { label, members, .. } => {
                want(label);
                turn(program, members, Some(name), Layout::Plain, want);
            }
            Member::Note(text) => want(text),
            Member::Display(_) => {}
        }
    }
}

fn field(program: &Program, id: u16, turn: Option<&String>, want: &mut impl FnMut(&str)) {
    let field = &program.fields[usize::from(id)];
    let label = match turn {
        Some(turn) => field.label.strip_prefix(turn.as_str()).unwrap(),
        None => &field.label,
    };
    want(label);
    want(field.help.as_deref().unwrap_or_default());
    if let FieldType::Number {
        unit: Some(unit), ..
    } = &field.ty
    {
        want(&unit.replace("mm3", "mm³").replace("/m2", "/m²"));
    }
}

/// Every code of every question has its box: 1.あり as often as it can be ticked.
fn lost_codes(program: &Program, drawn: &Text) -> Vec<String> {
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    let mut long = Vec::new();
    for field in &program.fields {
        let (FieldType::Choice { table } | FieldType::Choices { table }) = field.ty else {
            continue;
        };
        let codes = &program.code_tables[usize::from(table)].codes;
        if codes.len() > 24 {
            if long.contains(&table) {
                continue;
            }
            long.push(table);
        }
        for code in codes {
            let label = code.label.strip_prefix(&format!("{} ", code.value));
            let label = label.unwrap_or(&code.label);
            let words = squeezed(&format!("{}.{}", code.value, label));
            *wanted.entry(words).or_default() += 1;
        }
    }
    // Conditions name codes in brackets: 「1.あり」の場合; only a box has a blank before its number.
    let boxes = |words: &str| {
        let found = drawn.words.match_indices(words);
        found.filter(|(at, _)| drawn.begin.contains(at)).count()
    };
    wanted
        .into_iter()
        .map(|(words, times)| (boxes(&words), words, times))
        .filter(|(found, _, times)| found < times)
        .map(|(found, words, times)| format!("box {words}: {found} of {times}"))
        .collect()
}

// ---- helpers

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The words of a PDF in the order in which they were drawn.
struct Text {
    /// Without blanks.
    words: String,
    /// Where a blank or a new line stood before.
    begin: BTreeSet<usize>,
}

fn text_of(bytes: &[u8]) -> Text {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("form.pdf");
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-q"])
        .arg(&file)
        .arg("-")
        .output()
        .unwrap();
    assert!(output.status.success());
    let mut text = Text {
        words: String::new(),
        begin: BTreeSet::from([0]),
    };
    for c in String::from_utf8(output.stdout).unwrap().chars() {
        if c.is_whitespace() {
            text.begin.insert(text.words.len());
        } else {
            text.words.push(c);
        }
    }
    text
}

fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("KOHYO_PAPER_OUT").map(PathBuf::from) {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.pdf")), bytes).unwrap();
    }
}

fn fonts() -> Option<Fonts> {
    match Fonts::find() {
        Ok(fonts) => Some(fonts),
        Err(none) => {
            skipped(&none.to_string());
            None
        }
    }
}

/// What a machine lacks is said; the gate lacks nothing.
fn skipped(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    println!("skipped: {why}");
}

fn library(wanted: impl Fn(&str) -> bool) -> Vec<Program> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    let mut files = Files::new();
    read_folder(&root, &root, &mut files);
    diseases(&files)
        .into_iter()
        .filter(|disease| wanted(&disease.key))
        .map(|disease| compile(&files, &disease.path).program.unwrap())
        .collect()
}

fn read_folder(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(root, &path, files);
        } else if path.extension().is_some_and(|ending| ending == "kohyo") {
            let inside = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.insert(inside.to_owned(), std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// One of everything.
fn sample() -> Program {
    sample_of(include_str!("sample.kohyo"))
}

/// The form that this text defines.
fn sample_of(text: &str) -> Program {
    let path = "shitei/998_sample/form.kohyo";
    let mut files = Files::new();
    files.insert(path, text);
    let compiled = compile(&files, path);
    let problems = compiled.diagnostics;
    compiled.program.unwrap_or_else(|| panic!("{problems:#?}"))
}

/// Somebody's answers to the sample form, at a renewal.
fn patient() -> (RawAnswers, Context) {
    let raw = [
        ("name", "山田 花子"),
        ("number", "1234567"),
        ("tested", "1"),
        ("protein", "12.5"),
        ("drugs_count", "1"),
        ("drugs_1_drug", "プレドニゾロン"),
        ("drugs_1_dose", "30"),
        ("acuity_right", "0.3"),
        ("onset", "2019-04"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
    .collect();
    let context = Context {
        today: Date::day(2026, 6, 1).unwrap(),
        application: Application::Renewal,
    };
    (raw, context)
}

/// The answers to what is written, what reading found, and what could not be read.
fn read_apart(form: &Form, mut raw: RawAnswers) -> (Answers, Vec<Finding>, RawAnswers) {
    let (answers, findings) = kohyo_engine::read(form, &raw);
    raw.retain(|name, _| {
        let id = form.field_id(name);
        findings.iter().any(|finding| finding.main_field() == id)
    });
    (answers, findings, raw)
}

/// A sheet as lines a reader can follow.
fn drawn(sheet: &sheet::Sheet) -> String {
    use kohyo_paper::sheet::{Answer, Block, Row};
    let boxes = |characters: &[String]| -> String {
        let filled = characters
            .iter()
            .map(|c| if c.is_empty() { "_" } else { c });
        filled.collect()
    };
    let answer = |answer: &Answer| match answer {
        Answer::None => String::new(),
        Answer::Choice {
            columns,
            options,
            text,
            ..
        } => {
            let options: Vec<String> = options
                .iter()
                .map(|o| {
                    format!(
                        "{}{}.{}{}",
                        if o.ticked { "☑" } else { "□" },
                        o.value,
                        o.label,
                        o.points
                    )
                })
                .collect();
            let beside = text.as_deref().unwrap_or_default();
            format!("{} ({columns}){beside}", options.join(" "))
        }
        Answer::Code {
            table,
            digits,
            text,
        } => format!("{} 別表{table} {text}", boxes(digits)),
        Answer::Number {
            whole,
            fraction,
            unit,
            range,
            text,
            ..
        } => {
            format!(
                "{}.{} {unit} ({range}) {text:?}",
                boxes(whole),
                boxes(fraction)
            )
        }
        Answer::Date { parts, text } => {
            let parts: Vec<String> = parts
                .iter()
                .map(|(b, n)| format!("{}{n}", boxes(b)))
                .collect();
            format!("{} {text:?}", parts.join(""))
        }
        Answer::Digits { groups, text } => {
            let groups: Vec<String> = groups.iter().map(|group| boxes(group)).collect();
            format!("{} {text:?}", groups.join("-"))
        }
        Answer::Line { lines, hint, text } => format!("{lines} lines ({hint}) {text:?}"),
        Answer::Signature { text } => format!("signature {text}").trim_end().to_owned(),
        Answer::Calculated {
            unit,
            options,
            formula,
            elsewhere,
            text,
        } => {
            format!(
                "= {text} {unit} {} options, {} lines, elsewhere {elsewhere}",
                options.len(),
                formula.len()
            )
        }
    };
    let row = |row: &Row| {
        let mut line = format!("{}: {}", row.label, answer(&row.answer));
        for (name, words) in [
            ("←", &row.when),
            ("必須", &row.required_when),
            ("help", &row.help),
        ] {
            if let Some(words) = words {
                line += &format!(" {name} {words}");
            }
        }
        if row.optional {
            line += " 任意";
        }
        if row.off {
            line += " off";
        }
        line
    };
    let mut lines = vec![format!(
        "{} {:?} {}",
        sheet.kind, sheet.numbers, sheet.title
    )];
    for section in &sheet.sections {
        lines.push(format!("# {} personal {}", section.label, section.personal));
        for block in &section.blocks {
            match block {
                Block::Heading {
                    level,
                    label,
                    help,
                    when,
                    only,
                } => {
                    lines.push(format!(
                        "{} {label} {help:?} {when:?} {only:?}",
                        "#".repeat(usize::from(*level) + 1)
                    ));
                }
                Block::Note { text } => lines.push(format!("※ {text}")),
                Block::Rows {
                    only,
                    tag,
                    whole,
                    lines: rows,
                } => {
                    lines.push(format!("rows {only:?} {tag:?} whole {whole}"));
                    for line in rows {
                        let parts: Vec<String> = line.iter().map(row).collect();
                        lines.push(format!("  {}", parts.join(" | ")));
                    }
                }
                Block::Area { row: one, only, .. } => {
                    lines.push(format!("area {only:?} {}", row(one)))
                }
                Block::Sides {
                    only, heads, rows, ..
                } => {
                    lines.push(format!("sides {only:?} {heads:?}"));
                    for one in rows {
                        let answers: Vec<String> = one.answers.iter().map(answer).collect();
                        let head = one.head.as_ref().unwrap();
                        lines.push(format!(
                            "  {} ← {:?}: {}",
                            head.label,
                            head.when,
                            answers.join(" | ")
                        ));
                    }
                }
                Block::Repeat {
                    only,
                    heads,
                    shares,
                    rows,
                    ..
                } => {
                    let heads: Vec<&str> = heads.iter().map(|head| head.label.as_str()).collect();
                    lines.push(format!("repeat {only:?} {heads:?} {shares:?}"));
                    for one in rows {
                        let answers: Vec<String> = one.answers.iter().map(answer).collect();
                        lines.push(format!(
                            "  {}: {} off {:?}",
                            one.label,
                            answers.join(" | "),
                            one.off
                        ));
                    }
                }
            }
        }
    }
    for table in &sheet.tables {
        lines.push(format!(
            "別表{} {}: {} codes",
            table.number,
            table.label,
            table.codes.len()
        ));
    }
    for judged in &sheet.judgements {
        for category in &judged.categories {
            lines.push(format!(
                "{} {} {} {} lines",
                judged.label,
                category.label,
                category.eligible,
                category.lines.len()
            ));
        }
    }
    for rule in &sheet.rules {
        lines.push(format!(
            "{} {}: {} lines",
            rule.kind,
            rule.label,
            rule.lines.len()
        ));
    }
    if let Some(filled) = &sheet.filled {
        lines.push(format!(
            "{} {} masked {} [{}]",
            filled.on, filled.result, filled.masked, filled.stamp
        ));
        for (name, said, why) in &filled.judgements {
            lines.push(format!("{name}: {said}"));
            lines.extend(
                why.iter().map(|line| {
                    format!("{}{} {}", "  ".repeat(line.depth + 1), line.mark, line.text)
                }),
            );
        }
        lines.extend(filled.missing.iter().map(|line| format!("要 {line}")));
        lines.extend(filled.findings.iter().map(|found| {
            let sheet::Found {
                level,
                check,
                message,
                help,
            } = found;
            format!("{level} {check} {message} / {help}")
        }));
    }
    lines.join("\n")
}
