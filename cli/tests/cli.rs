//! The command as a person at a terminal meets it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn kohyo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kohyo"))
        .args(args)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env_remove("KOHYO_FORMS")
        .output()
        .unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_form_of_the_programme_is_a_definition_and_no_disease() {
    let listed = text(&kohyo(&["list"]).stdout);
    assert!(listed.contains("軽症高額の確認（制度の様式）"), "{listed}");
    assert!(
        listed.contains("疾病（") && listed.contains("制度の様式 1 件"),
        "{listed}"
    );
    let tested = kohyo(&["test", "high_cost"]);
    assert!(tested.status.success(), "{}", text(&tested.stdout));
    let why = text(&kohyo(&["why", "high_cost", "--case", "12月すべて"]).stdout);
    assert!(why.contains("結果: 該当\n"), "{why}");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let refused = kohyo(&["emit", "xsd", "high_cost", "--out", out]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("個票ではないため"),
        "{}",
        text(&refused.stderr)
    );
    let program = kohyo(&["emit", "program", "high_cost", "--out", out]);
    assert!(program.status.success(), "{}", text(&program.stderr));
    assert!(
        folder
            .path()
            .join("programme-high_cost-2015.json")
            .is_file()
    );
}

#[test]
fn a_gap_that_no_patient_falls_in_is_taken_back_and_an_overlap_names_the_patient() {
    let form = "cli/tests/fixtures/half_points.kohyo";
    let proven = kohyo(&["check", form]);
    insta::assert_snapshot!(text(&proven.stdout), @r#"
    警告[E0622]: 合計の区分が重なっています
      --> cli/tests/fixtures/half_points.kohyo:20:53
       |
    20 | score twice "二重" = bands of total { <= 1.5 gives 0; >= 1.5 gives 1 }
       |                                       --------------  ^^^^^^^^^^^^^^ 例: 薬「なし」、CRP 3.1mg/dL（合計 1.5）。二つの行に当てはまり、上の行の値になります
       |                                       |
       |                                       この行と重なります
       |
       = ヒント: どちらの行に含めるかを決め、`40 ..< 60` のように境目を書き分けます。公式の文のとおりなら `overlap in` で宣言します
    1 ファイル: エラー 0 件、警告 1 件
    証明: 区分は網羅的（1件）
"#);
    let bare = kohyo(&["check", "--no-proofs", form]);
    insta::assert_snapshot!(text(&bare.stdout), @r#"
    警告[E0621]: 合計の区分に隙間があります（0.5以下と1.5以上の間）
      --> cli/tests/fixtures/half_points.kohyo:17:53
       |
    17 | score steps "段階" = bands of total { <= 0.5 gives 0; >= 1.5 gives 1 }
       |                                                       ^^^^^^^^^^^^^^ 例えば 合計が 0.6 のとき、値がありません
       |
       = ヒント: 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します

    警告[E0622]: 合計の区分が重なっています
      --> cli/tests/fixtures/half_points.kohyo:20:53
       |
    20 | score twice "二重" = bands of total { <= 1.5 gives 0; >= 1.5 gives 1 }
       |                                       --------------  ^^^^^^^^^^^^^^ 例えば 合計が 1.5 のとき、二つの行に当てはまり、上の行の値になります
       |                                       |
       |                                       この行と重なります
       |
       = ヒント: どちらの行に含めるかを決め、`40 ..< 60` のように境目を書き分けます。公式の文のとおりなら `overlap in` で宣言します
    1 ファイル: エラー 0 件、警告 2 件
"#);
}

#[test]
fn what_bands_of_a_module_leave_out_is_settled_by_the_disease_that_uses_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let fixture = root().join("cli/tests/fixtures/half_points.kohyo");
    let disease = std::fs::read_to_string(fixture).unwrap();
    let (head, rest) = disease.split_once("section").unwrap();
    let (module, judgement) = rest.split_once("# 1.5").unwrap();
    let (_, judgement) = judgement.split_once("judgement").unwrap();
    let judgement = judgement.replace("steps = 1 or twice = 1", "half.steps = 1");
    let head = format!("{head}use scale.half as half\n\njudgement{judgement}");
    write("shitei/999/form.kohyo", &head);
    let module = format!("module scale.half \"半点\" {{ prefix half }}\n\nsection{module}");
    let forms = folder.path().to_str().unwrap();
    let check = || text(&kohyo(&["--forms", forms, "check"]).stdout);
    write("scale/half.kohyo", &module);
    insta::assert_snapshot!(check(), @r"
    2 ファイル: 誤りはありません
    証明: 区分は網羅的（1件）
    ");
    write("scale/half.kohyo", &module.replace(">= 1.5", "> 1.5"));
    let told = check();
    assert_eq!(told.matches("E0621").count(), 1, "{told}");
    assert!(
        told.contains("CRP 3.1mg/dL（合計 1.5）。値がありません"),
        "{told}"
    );
}

#[test]
fn five_mistakes_are_reported_in_one_run_each_at_its_place_with_help() {
    let output = kohyo(&["check", "cli/tests/fixtures/five_mistakes.kohyo"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(text(&output.stdout), @r#"
    エラー[E0030]: 「requird」という語は使えません
      --> cli/tests/fixtures/five_mistakes.kohyo:10:36
       |
    10 |   field tremor   "安静時振戦" : finding requird
       |                                         ^^^^^^^
       |
       = ヒント: 「required」と書きます

    エラー[E0002]: 全角の数字「３.0」は使えません
      --> cli/tests/fixtures/five_mistakes.kohyo:15:47
       |
    15 | criterion low_albumin "低アルブミン血症" = albumin <= ３.0 g/dL
       |                                                       ^^^^
       |
       = ヒント: 半角で「3.0」と書きます

    エラー[E0305]: 単位がありません
      --> cli/tests/fixtures/five_mistakes.kohyo:17:48
       |
    17 | criterion high_albumin "高アルブミン血症" = albumin >= 5.5
       |                                                        ^^^ この項目の単位は g/dL です
       |
       = ヒント: `5.5 g/dL` と書いてください

    エラー[E0204]: 「rigidty」という名前はありません
      --> cli/tests/fixtures/five_mistakes.kohyo:19:54
       |
    19 | criterion motor "運動症状" = any of { tremor is present; rigidty is present }
       |                                                          ^^^^^^^
       |
       = ヒント: `rigidity` ではありませんか

    エラー[E0215]: 「definit」という区分はありません
      --> cli/tests/fixtures/five_mistakes.kohyo:24:12
       |
    24 |   eligible definit
       |            ^^^^^^^
       |
       = ヒント: `definite` ではありませんか
    1 ファイル: エラー 5 件、警告 0 件
"#);
}

#[test]
fn a_code_is_explained_with_an_example_that_was_run() {
    let output = kohyo(&["explain", "e0305"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout), @r#"
    E0305 単位がない

    単位のある項目や計算を、単位のない数と比べています。
    mg/dL と g/L の取り違えを防ぐため、単位は必ず書きます。
    掛け算と割り算の単位は、掛けたり割ったりしたものの単位から決まります（mg を kg で割れば mg/kg）。
    係数に換算が含まれる公式なら、`value` に型を書いて単位を決め、その名前で比べます。

    誤りの例

      criterion low "低アルブミン血症" = albumin <= 3.0

    エラー[E0305]: 単位がありません
      --> form.kohyo:27:39
       |
    27 | criterion low "低アルブミン血症" = albumin <= 3.0
       |                                               ^^^ この項目の単位は g/dL です
       |
       = ヒント: `3.0 g/dL` と書いてください

    直した例

      criterion low "低アルブミン血症" = albumin <= 3.0 g/dL
"#);
    let list = text(&kohyo(&["explain"]).stdout);
    assert!(
        list.contains("E0305  単位がない\n") && list.contains("E0002  "),
        "{list}"
    );
    let unknown = kohyo(&["explain", "E9999"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("「E9999」はありません"));
}

#[test]
fn a_missing_file_is_named_with_the_remedy() {
    let output = kohyo(&["check", "no/such/file.kohyo"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("no/such/file.kohyo") && said.contains("場所とつづり"),
        "{said}"
    );
}

#[test]
fn a_file_in_another_encoding_is_named_with_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sjis.kohyo");
    std::fs::write(
        &path,
        b"disease shitei 001 \"\x83p\x81[\x83L\x83\x93\x83\\\x83\x93\" {}",
    )
    .unwrap();
    let output = kohyo(&["check", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("UTF-8") && said.contains("21 バイト目"),
        "{said}"
    );
}

#[test]
fn an_unknown_disease_is_named_with_near_ones() {
    let output = kohyo(&["test", "パーキンソン"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("「パーキンソン」") && said.contains("shitei-006"),
        "{said}"
    );
}

#[test]
fn a_case_file_elsewhere_is_run_and_its_differences_are_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.yaml");
    let yaml = "disease: shitei-006\ncases:\n  - name: 何も書かれていない\n    on: 2026-06-01\n    expect: { result: eligible }\n  - name: 判定できない\n    on: 2026-06-01\n    expect: { result: undetermined }\n";
    std::fs::write(&path, yaml).unwrap();
    let output = kohyo(&["test", "--cases", path.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["passed"], &json["failed"]), (&1.into(), &1.into()));
    assert_eq!(
        json["differences"][0]["differences"][0]["actual"],
        "undetermined"
    );
}

#[test]
fn the_list_is_one_json_array_with_key_name_status_edition_and_cases() {
    let output = kohyo(&["list", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let parkinson = json
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["key"] == "shitei-006")
        .unwrap();
    assert_eq!(parkinson["name"], "パーキンソン病");
    assert_eq!(parkinson["status"], "draft");
    assert_eq!(parkinson["edition"], "2020");
    assert!(parkinson["cases"].as_u64().unwrap() >= 10);
}

#[test]
fn a_disease_is_listed_by_what_it_is_called() {
    let listed = |sought: &str| {
        let output = kohyo(&["list", sought]);
        (output.status.success(), text(&output.stdout))
    };
    let (found, sle) = listed("SLE");
    assert!(
        found && sle.lines().all(|line| line.starts_with("shitei-049 ")),
        "{sle}"
    );
    let (found, sbma) = listed("sbma");
    assert!(
        found && sbma.contains("未着手") && sbma.contains("球脊髄性筋萎縮症"),
        "{sbma}"
    );
    assert_eq!(listed("XYZ"), (false, String::new()));
}

#[test]
fn one_broken_record_file_never_stops_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("a_good.xml");
    let made = kohyo(&[
        "generate-records",
        "006",
        "--count",
        "20",
        "--out",
        good.to_str().unwrap(),
    ]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let whole = std::fs::read_to_string(&good).unwrap();
    let half = whole.floor_char_boundary(whole.len() / 2);
    std::fs::write(folder.path().join("b_truncated.xml"), &whole[..half]).unwrap();
    std::fs::write(folder.path().join("c_nested.xml"), "<a>".repeat(1_000_000)).unwrap();
    std::fs::write(
        folder.path().join("d_sjis.xml"),
        b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><record>\x83p</record>",
    )
    .unwrap();
    std::fs::write(folder.path().join("e_unknown.xml"), "<record xmlns=\"urn:kohyo:form:shitei-006:1999\" application=\"new\" written=\"2026-06-01\"/>").unwrap();
    std::fs::copy(&good, folder.path().join("f_good.xml")).unwrap();
    let json = folder.path().join("list.json");
    let output = kohyo(&[
        "check-records",
        folder.path().to_str().unwrap(),
        "--json",
        json.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let list: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(list["summary"]["files"], 6);
    assert!(
        list["summary"]["records"].as_u64().unwrap() >= 40,
        "{}",
        list["summary"]
    );
    let of = |name: &str| {
        let findings = list["findings"].as_array().unwrap();
        let mut found = findings
            .iter()
            .filter(|f| f["file"].as_str().unwrap().ends_with(name));
        found
            .find(|f| f["level"] == "error")
            .map(|f| f["check"].as_str().unwrap().to_owned())
    };
    for broken in [
        "b_truncated.xml",
        "c_nested.xml",
        "d_sjis.xml",
        "e_unknown.xml",
    ] {
        assert!(of(broken).is_some(), "nothing said about {broken}");
    }
    assert_eq!(of("e_unknown.xml").as_deref(), Some("xml.unknown_edition"));
}

#[test]
fn the_card_names_every_item_rule_and_check_of_a_disease() {
    let output = kohyo(&["card", "006"]);
    assert!(output.status.success());
    let card = text(&output.stdout);
    for expected in [
        "tremor　典型的な左右差のある安静時振戦（4〜6Hz）　一つ選択 1 present あり / 2 absent なし",
        "hoehn_yahr_stage",
        "パーキンソニズムがある（parkinsonism）　〔※１",
        "次のうち２項目以上を満たす",
        "Definite（definite）［対象］",
        "Probable（probable）［対象外］",
        "R013 警告",
    ] {
        assert!(card.contains(expected), "no 「{expected}」 in\n{card}");
    }
}

#[test]
fn a_broken_case_file_is_named_with_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.yaml");
    std::fs::write(&path, "disease: shitei-006\ncases: [\n").unwrap();
    let output = kohyo(&["test", "--cases", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("cases.yaml") && said.contains("2行8文字目"),
        "{said}"
    );
}

/// A target beside `--cases` narrows what the file is about; it never judges it by something else.
#[test]
fn a_case_file_of_another_disease_than_the_named_one_is_refused() {
    const CASES: &str =
        "cases:\n  - name: 一人\n    on: 2026-06-01\n    expect: { result: undetermined }\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.yaml");
    let run = |target: &str, yaml: &str| {
        std::fs::write(&path, yaml).unwrap();
        kohyo(&["test", target, "--cases", path.to_str().unwrap()])
    };
    for (target, head) in [
        ("013", "disease: shitei-056\n"),
        ("scale.barthel", "disease: shitei-056\n"),
        ("013", "disease: scale.barthel\n"),
        ("019-b02", "disease: shitei-019-b05\n"),
        ("049@2020", "disease: shitei-049\nedition: \"2024\"\n"),
    ] {
        let output = run(target, &format!("{head}{CASES}"));
        assert_eq!(output.status.code(), Some(2), "{target} {head}");
        let said = text(&output.stderr);
        let about = head.lines().next().unwrap().trim_start_matches("disease: ");
        assert!(
            said.contains(about) && said.contains(&format!("{target} が指定されています")),
            "{said}"
        );
    }
    for (target, head, judged) in [
        ("056", "disease: shitei-056\n", "shitei-056（2020年版）"),
        ("013", "", "shitei-013（2020年版）"),
        ("019", "disease: 019-b05\n", "shitei-019-b05（2020年版）"),
        ("049", "disease: shitei-049\n", "shitei-049（2024年版）"),
        ("049@2020", "disease: 049\n", "shitei-049（2020年版）"),
    ] {
        let output = run(target, &format!("{head}{CASES}"));
        let said = text(&output.stdout);
        assert!(said.contains(judged), "{target} {head}: {said}");
        assert_eq!(output.status.code(), Some(0), "{said}");
    }
}

/// The editions and branches of one folder.
#[test]
fn a_target_names_a_disease_an_edition_or_a_branch() {
    let run = |args: &[&str]| {
        let folder = ["--forms", "tests/editions/forms"];
        let output = kohyo(&[args, folder.as_slice()].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let list = run(&["list"]);
    assert!(list.ends_with("2 疾病（4 版）\n"), "{list}");
    let names = |out: String| -> Vec<String> {
        let heads = out.lines().filter(|l| l.starts_with("shitei-999"));
        heads
            .map(|l| l.split('）').next().unwrap_or(l).to_owned())
            .collect()
    };
    let all = [
        "shitei-999（2020年版",
        "shitei-999（2024年版",
        "shitei-999-b02（2020年版",
    ];
    assert_eq!(names(run(&["test", "999"])), all);
    assert_eq!(names(run(&["test", "shitei-999@2024"])), all[1..2]);
    assert_eq!(names(run(&["test", "999-b02"])), all[2..]);
    assert!(run(&["card", "999@2024"]).contains("■ 2020年版の記録から移すもの"));
}

/// `kohyo new` in a folder of its own, with the modules of the library.
fn begin(forms: &Path, args: &[&str], answers: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_kohyo"))
        .args(["--forms", forms.to_str().unwrap(), "new"])
        .args(args)
        .env_remove("KOHYO_FORMS")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The command may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    child.wait_with_output().unwrap()
}

fn library_of_modules() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["codes", "common"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        for entry in std::fs::read_dir(root().join("forms").join(part)).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(
                &path,
                folder.path().join(part).join(path.file_name().unwrap()),
            )
            .unwrap();
        }
    }
    folder
}

#[test]
fn a_new_definition_is_sound_and_its_cases_pass() {
    let folder = library_of_modules();
    let forms = folder.path();
    std::fs::create_dir(forms.join("catalogue")).unwrap();
    let entry = r#"{ number: "998", name: 新しい病, since: 2026-04-01, earlier: [{ name: 古い病 }], groups: [免疫系] }"#;
    let catalogue = format!("entries:\n  - {entry}\n");
    std::fs::write(forms.join("catalogue/shitei.yaml"), catalogue).unwrap();
    let given = [
        "--number",
        "998",
        "--slug",
        "new_disease",
        "--from",
        "2026-04-01",
    ];
    let more = ["--source", "見本の通知", "--shape", "count"];
    let output = begin(forms, &[&given[..], &more[..]].concat(), "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let form = std::fs::read_to_string(forms.join("shitei/998_new_disease/form.kohyo")).unwrap();
    assert!(
        form.contains("disease shitei 998 \"新しい病\" {\n  edition \"2026\" from 2026-04-01"),
        "{form}"
    );
    assert!(
        form.contains("use common.patient\n") && form.contains("use common.dates\n"),
        "{form}"
    );
    let forms = forms.to_str().unwrap();
    for command in ["check", "test"] {
        let output = kohyo(&["--forms", forms, command, "998"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    }
    let output = kohyo(&["--forms", forms, "fmt", "--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));

    // The same number again is refused, and nothing is overwritten.
    let again = begin(folder.path(), &[&given[..], &more[..]].concat(), "");
    assert_eq!(again.status.code(), Some(2));
    assert!(
        text(&again.stderr).contains("上書きはしません"),
        "{}",
        text(&again.stderr)
    );
}

#[test]
fn a_new_definition_begins_with_an_interview() {
    let folder = library_of_modules();
    let answers = "11-080\n2026-04-01\n新しい小児の病\nnew_child\n\n見本の通知\nnone\nscore\n";
    let output = begin(folder.path(), &[], answers);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let asked = text(&output.stderr);
    assert!(
        asked.contains("告示番号") && asked.contains("版の名前 [2026]:"),
        "{asked}"
    );
    let form = folder.path().join("shoman/11/080_new_child/form.kohyo");
    let form = std::fs::read_to_string(form).unwrap();
    assert!(
        form.contains("score points") && !form.contains("use common."),
        "{form}"
    );

    // An interview that ends early leaves nothing behind.
    let output = begin(folder.path(), &[], "12-001\n2026-04-01\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`--name …` で書いてください"));
    assert!(!folder.path().join("shoman/12").exists());
    let output = begin(folder.path(), &[], "六\n");
    assert!(
        text(&output.stderr).contains("`006`"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn what_a_target_leaves_out_is_told_with_those_who_hold_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let residue = |target: &str| {
        let made = kohyo(&["emit", target, "006", "--out", out, "--residue"]);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        text(&made.stdout)
    };
    let schematron = residue("schematron");
    let said = |rule: &str| {
        let line = format!("shitei-006（2020年版）\t{rule}\t");
        let line = schematron.lines().find_map(|said| said.strip_prefix(&line));
        line.unwrap_or_else(|| panic!("nothing about {rule} in {schematron}"))
    };
    assert_eq!(
        said("date.birth_date"),
        "型・桁のチェックはSchematronに含まない。受け持つもの: XSD、JSON Schema、FHIR、JavaScript、kohyo check-records"
    );
    assert_eq!(
        said("file.encoding"),
        "ファイルのチェックはSchematronに含まない。受け持つもの: kohyo check-records"
    );
    assert!(said("judgement.diagnosis").ends_with("受け持つもの: JavaScript、kohyo check-records"));
    assert!(!schematron.contains("\tR001\t"), "it holds that itself");
    let xsd = residue("xsd");
    let line = xsd.lines().find(|line| line.contains("\tR001\t")).unwrap();
    assert!(
        line.ends_with("受け持つもの: Schematron、FHIR、JavaScript、kohyo check-records"),
        "{line}"
    );
}

#[test]
fn emit_names_its_targets_writes_files_and_says_what_they_leave_out() {
    let list = text(&kohyo(&["emit", "--list"]).stdout);
    assert!(list.contains("  xsd ") && list.contains("  js "), "{list}");

    let refused = kohyo(&["emit", "javascrpt"]);
    assert_eq!(refused.status.code(), Some(2));
    let message = text(&refused.stderr);
    assert!(
        message.contains("「javascrpt」というものは作れません"),
        "{message}"
    );

    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let made = kohyo(&["emit", "js", "006", "--out", out, "--residue"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert!(text(&made.stdout).contains("reasons.diagnosis"));
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "kohyo-runtime.d.mts",
            "kohyo-runtime.mjs",
            "shitei-006-2020.d.mts",
            "shitei-006-2020.mjs"
        ]
    );
}

/// A small disease with one rule.
fn small_disease(rule: &str) -> String {
    format!(
        r#"disease shitei 999 "試験" {{
  edition "2024" from 2024-04-01
  source notice "試験"
}}
code finding "所見" {{ 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }}
section s "項目" {{
  field tremor "振戦" : finding
  field rigidity "筋強剛" : finding
}}
judgement diagnosis "診断" {{
  category a "該当" when {rule}
  otherwise none "非該当"
  eligible a
}}
"#
    )
}

#[test]
fn two_files_in_one_folder_are_compared_without_a_folder_of_definitions() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, rule: &str| {
        std::fs::write(folder.path().join(name), small_disease(rule)).unwrap();
    };
    write("a.kohyo", "tremor is present");
    write("b.kohyo", "tremor is present and rigidity is present");
    write("c.kohyo", "tremr is present");
    let diff = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .arg("diff")
            .args(args)
            .current_dir(folder.path())
            .env_remove("KOHYO_FORMS")
            .output()
            .unwrap()
    };
    let told = diff(&["a.kohyo", "b.kohyo"]);
    assert_eq!(told.status.code(), Some(1), "{}", text(&told.stderr));
    insta::assert_snapshot!(text(&told.stdout), @r#"
    「診断」: 3 通りに異なり、ほかの変わり方はありません（証明済み）
      該当 → 非該当
        例: 振戦「あり」、筋強剛「なし」
      該当 → 判定不能
        例: 振戦「あり」、筋強剛「不明」
      判定不能 → 非該当
        例: 振戦「不明」、筋強剛「なし」
      新版だけが読む項目: 筋強剛
    "#);
    let forms = folder.path().to_str().unwrap();
    let within = diff(&["--forms", forms, "a.kohyo", "b.kohyo"]);
    assert_eq!(text(&within.stdout), text(&told.stdout));
    assert!(diff(&["a.kohyo", "a.kohyo"]).status.success());
    let broken = diff(&["a.kohyo", "c.kohyo"]);
    assert_eq!(broken.status.code(), Some(2));
    insta::assert_snapshot!(text(&broken.stderr), @r#"
    エラー: c.kohyo には誤りがあるため、比べられません
      c.kohyo:11行24列: 「tremr」という名前はありません（E0204）
      `kohyo check c.kohyo` ですべての誤りを確認してください
    "#);
    let data = text(&diff(&["a.kohyo", "b.kohyo", "--json"]).stdout);
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    let region = &data["judgements"][0]["regions"][0];
    assert_eq!(region["answers_new"]["tremor"], "1");
    assert_eq!(region["answers_new"]["rigidity"], "2");
    assert_eq!(region["application"], "new");
}

#[test]
fn what_cannot_be_compared_is_told_with_what_to_write() {
    let refused = kohyo(&["diff", "049", "049", "--judgement", "foo"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("diagnosis（診断のカテゴリー）、severity（重症度）"),
        "{}",
        text(&refused.stderr)
    );
    let folder = text(&kohyo(&["diff", "forms/shitei", "049"]).stderr);
    assert!(folder.contains("kohyo changes"), "{folder}");
    let branch = text(&kohyo(&["diff", "019", "019-b02"]).stderr);
    assert!(
        branch.contains("別の様式です") && branch.contains("019 は、shitei-019-b01"),
        "{branch}"
    );
}
