//! What vendors read: ファイルレコード定義書, コード表, チェック仕様書, the rules behind them and which target
//! holds which of them, as CSV for programs, as a workbook and as a page.

use super::page::{self, Parts};
use super::sheet::Sheet;
use super::xlsx::{self, Cover};
use super::{Artefact, Emitted, Residue, check_spec, codes, holders, layout, rules, wire, words};
use kohyo_engine::Program;

/// Page, workbook and CSV files of a form. What could not be made is named, never left out silently.
pub(super) fn form(program: &Program) -> Emitted {
    let layout = layout::rows(program);
    let codes = codes::rows(program);
    let checks = check_spec::rows(program);
    let rules = rules::rows(program);
    let held = holders::holders(program);
    let stem = wire::stem(program);
    let sheets = [
        ("layout", layout::sheet(&layout)),
        ("codes", codes::sheet(&codes)),
        ("checks", check_spec::sheet(&checks)),
        ("rules", rules::sheet(&rules)),
        ("targets", holders::sheet(&held)),
        ("words", words::sheet()),
    ];
    let mut emitted = Emitted::default();
    let mut add = |name: String, content: Result<Vec<u8>, String>| match content {
        Ok(content) => emitted.artefacts.push(Artefact {
            path: name,
            content,
        }),
        Err(problem) => emitted.residue.push(Residue {
            rule: name,
            reason: format!("このファイルは作れませんでした: {problem}"),
        }),
    };
    let page = page::page(&Parts {
        program,
        layout: &layout,
        codes: &codes,
        checks: &checks,
        rules: &rules,
        held: &held,
    });
    add(format!("{stem}.html"), page.map(String::into_bytes));
    let all: Vec<Sheet> = sheets.iter().map(|(_, sheet)| sheet.clone()).collect();
    let title = format!("{} チェック仕様書", program.title);
    let book = xlsx::workbook(&title, program.valid_from, &cover(program), &all);
    add(
        format!("{stem}.xlsx"),
        book.map_err(|problem| problem.to_string()),
    );
    for (name, sheet) in &sheets {
        add(format!("{stem}.{name}.csv"), Ok(sheet.csv().into_bytes()));
    }
    emitted
}

fn cover(program: &Program) -> Cover {
    let mut cover = vec![
        ("様式", program.key.clone()),
        ("疾病", program.title.clone()),
        ("版", layout::edition(program)),
        ("出典", program.source.clone()),
        ("名前空間", wire::namespace(program)),
        (
            "この資料",
            "様式・記録XML・チェックIDは本システム独自のものです。読み方は docs/targets/ にあります。"
                .to_owned(),
        ),
    ];
    cover.extend(program.notes.iter().map(|note| ("注", note.clone())));
    cover
}
