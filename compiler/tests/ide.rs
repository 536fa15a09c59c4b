//! An editor asks at any place of any text, however broken: an answer, never a panic; and the
//! answers about the library agree with each other.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::ide::{self, Lines, Position};
use kohyo_compiler::{Files, SyntaxCache};
use std::path::Path;

/// The library of definitions.
fn library() -> Files {
    fn read(root: &Path, folder: &Path, files: &mut Files) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(root, &path, files);
            } else if path
                .extension()
                .is_some_and(|e| e == "kohyo" || e == "yaml")
            {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
    let mut files = Files::new();
    read(&root, &root, &mut files);
    files
}

const FORM: &str = "shitei/006_parkinson/form.kohyo";
const MODULE: &str = "scale/hoehn_yahr.kohyo";

#[test]
fn every_beginning_of_a_definition_is_answered() {
    let files = library();
    let mut cache = SyntaxCache::default();
    for path in [FORM, MODULE] {
        let text = files.get(path).unwrap().to_owned();
        let step = text.len() / 60 + 1;
        for (offset, _) in text.char_indices().step_by(step) {
            let mut broken = files.clone();
            broken.insert(path, &text[..offset]);
            let end = Lines::new(&text).position(offset);
            ide::completion(&broken, &mut cache, path, end);
            ide::hover(&broken, &mut cache, path, end);
            ide::outline(&broken, &mut cache, path);
            ide::folding(&broken, path);
            ide::semantic_tokens(&broken, &mut cache, path);
            ide::problems(&broken, &mut cache, path);
        }
    }
}

#[test]
fn every_name_of_a_form_is_among_the_references_of_its_declaration() {
    let files = library();
    let mut cache = SyntaxCache::default();
    let text = files.get(FORM).unwrap();
    let lines = Lines::new(text);
    let mut names = 0;
    for token in ide::semantic_tokens(&files, &mut cache, FORM) {
        let Some(declared) = ide::definition(&files, &mut cache, FORM, token.range.start) else {
            continue;
        };
        // All of them would take minutes.
        names += 1;
        if names % 12 != 0 {
            continue;
        }
        let found = ide::references(
            &files,
            &mut cache,
            &declared.path,
            declared.range.start,
            true,
        );
        let here = |l: &ide::Location| l.path == FORM && l.range == token.range;
        let name = &text[lines.offset(token.range.start)..lines.offset(token.range.end)];
        assert!(found.iter().any(here), "{name} {:?}", token.range);
        assert!(found.contains(&declared), "{name}");
        assert!(
            ide::hover(&files, &mut cache, FORM, token.range.start).is_some(),
            "{name}"
        );
    }
    assert!(names > 200, "{names}");
}

#[test]
fn a_renamed_field_compiles_again() {
    let mut files = library();
    let mut cache = SyntaxCache::default();
    let text = files.get(FORM).unwrap().to_owned();
    let at = Lines::new(&text).position(text.find("tremor").unwrap());
    let renamed = ide::rename(&files, &mut cache, FORM, at, "resting_tremor").unwrap();
    let mut all = renamed.edits;
    let (path, edit) = renamed.keep_old.unwrap();
    all.entry(path).or_default().push(edit);
    for (path, mut edits) in all {
        let mut text = files.get(&path).unwrap().to_owned();
        edits.sort_by_key(|e| std::cmp::Reverse(e.range.start));
        for edit in edits {
            let lines = Lines::new(&text);
            let offset = |at: Position| lines.offset(at);
            let range = offset(edit.range.start)..offset(edit.range.end);
            text.replace_range(range, &edit.new_text);
        }
        files.insert(path, text);
    }
    let compilation = kohyo_compiler::compile_with(&files, &mut cache, FORM);
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    let cases = files.get("shitei/006_parkinson/cases.yaml").unwrap();
    let cases = kohyo_compiler::cases::parse(cases).unwrap();
    let form = kohyo_engine::Form::new(compilation.program.unwrap()).unwrap();
    let report = kohyo_compiler::cases::run(&form, &cases);
    assert_eq!(report.failed, 0);
    assert!(form.field_id("resting_tremor").is_some() && form.field_id("tremor").is_none());
}

const FUNCTIONS: &str = r#"disease shitei 999 "関数の病" {
  edition "2024" from 2024-04-01
  source notice "試験"
}
section s "項目" { field height "身長" : decimal 4.1 "cm" 0..250 }
function z "SDスコア" (height: decimal "cm") : decimal 4.2 = rhai """ (height - 86) / 3 """
score low = sum of { 1 when z(height) < -2; 2 when z(height) < -3 }
judgement diagnosis "診断" {
  category a "該当" when low >= 1
  otherwise none "非該当"
  eligible a
}
"#;

#[test]
fn functions_are_names_too() {
    let path = "shitei/999_page/form.kohyo";
    let mut files = Files::new();
    files.insert(path, FUNCTIONS);
    let cache = &mut SyntaxCache::default();
    let at = |word: &str| Lines::new(FUNCTIONS).position(FUNCTIONS.find(word).unwrap());
    let line = |l: &ide::Location| l.range.start.line;
    let called = at("z(height) < -3");
    let declared = ide::definition(&files, cache, path, called).unwrap();
    assert_eq!(line(&declared), 5);
    let found = ide::references(&files, cache, path, called, true);
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), [5, 6, 6]);
    let hover = ide::hover(&files, cache, path, called).unwrap();
    insta::assert_snapshot!(hover.markdown, @r"
    **関数** 「SDスコア」 `z`

    引数

    - `height` 小数（cm）

    結果: 小数 4桁（小数点以下2桁）

    使用: 1か所

    - 点数「low」
    ");
    let renamed = ide::rename(&files, cache, path, called, "sd_score").unwrap();
    assert_eq!(renamed.edits[path].len(), 3);
    assert!(ide::rename(&files, cache, path, called, "is").is_err());
    let typed = format!("{FUNCTIONS}criterion x = ");
    files.insert(path, typed.as_str());
    let end = Lines::new(&typed).position(typed.len());
    let offered = ide::completion(&files, cache, path, end);
    assert!(
        offered
            .iter()
            .any(|c| c.label == "z" && c.detail == "SDスコア")
    );
}
