//! The documents for vendors: the checks of files are those of the reader, the same bytes every time,
//! links that lead somewhere, a workbook that LibreOffice opens. `KOHYO_DOCUMENTS=DIR` keeps what is
//! made.

use kohyo_compiler::emit::check_spec::{self, CheckRow};
use kohyo_compiler::emit::holders::{self, Held, Holder, Kind};
use kohyo_compiler::emit::{Artefact, Target, layout, rules, words};
use kohyo_engine::{Form, Program};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::process::skip;
use tests::{programs, root};

/// The rows of files and XML against the reader: its source names every id once more.
#[test]
fn the_checks_of_files_are_those_of_the_reader() {
    let rows = check_spec::rows(&programs::one("shitei-006"));
    let rows: BTreeSet<String> = rows
        .into_iter()
        .filter(|row| row.edition.is_empty() && !row.id.ends_with('*'))
        .map(|row| row.id)
        .collect();
    let mut ids = BTreeSet::new();
    collect_ids(&root().join("runtime/exchange/src"), &mut ids);
    assert_eq!(rows, ids);
}

fn collect_ids(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_ids(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for layer in ["file.", "xml.", "csv.", "fhir.", "zip.", "record."] {
                for rest in code.split(&format!("\"{layer}")).skip(1) {
                    let name = rest.split('"').next().unwrap();
                    let is_id = |c: char| c.is_ascii_lowercase() || c == '_';
                    if !path.ends_with("tests.rs") && !name.is_empty() && name.chars().all(is_id) {
                        into.insert(format!("{layer}{name}"));
                    }
                }
            }
        }
    }
}

/// Whoever gets a finding reads what to do about it.
#[test]
fn every_check_has_a_remedy() {
    for program in programs::all() {
        let rows = check_spec::rows(&program);
        let ways = rows
            .iter()
            .flat_map(|row| row.ways.iter().map(|way| (&row.id, way)));
        let without: Vec<&String> = ways
            .filter(|(_, way)| way.remedy.trim().is_empty())
            .map(|(id, _)| id)
            .collect();
        assert!(without.is_empty(), "{}: {without:?}", program.key);
    }
}

// ---- pseudo-code

/// Whoever implements the checks needs no word that is explained nowhere.
#[test]
fn every_word_of_pseudo_code_is_explained() {
    let known: BTreeSet<&str> = words::rows()
        .iter()
        .flat_map(|row| words_of(row.writing))
        .collect();
    for program in programs::all() {
        let checks = check_spec::rows(&program);
        let checks = checks.iter().flat_map(|row| &row.ways);
        let checks = checks.map(|way| way.pseudo.clone());
        let rules = rules::rows(&program).into_iter();
        let rules = rules.filter(|row| row.kind != "関数").map(|row| row.pseudo);
        let items = layout::rows(&program).into_iter();
        let items = items.flat_map(|row| [row.shown_pseudo, row.required_pseudo]);
        for code in checks.chain(rules).chain(items) {
            for word in words_of(&code) {
                assert!(known.contains(word), "{}: {word} in {code}", program.key);
            }
        }
    }
}

/// Words in capital letters, but for what stands in quotes.
fn words_of(code: &str) -> impl Iterator<Item = &str> {
    let parts = code.split('"').step_by(2);
    let words =
        parts.flat_map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')));
    words.filter(|word| {
        word.len() > 1
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && !word.contains(|c: char| c.is_ascii_lowercase())
    })
}

/// The page for vendors has the same table.
#[test]
fn the_words_of_pseudo_code_stand_in_the_documents() {
    let text = std::fs::read_to_string(root().join("docs/targets/documents.md")).unwrap();
    for row in words::rows() {
        let line = format!("| {} | `{}` | {} |", row.about, row.writing, row.meaning);
        assert!(text.lines().any(|found| found == line), "{line}");
    }
}

/// What a result follows from, in each programme.
#[test]
fn the_result_is_a_rule() {
    let result = |key: &str| {
        let rules = rules::rows(&programs::one(key));
        rules
            .into_iter()
            .find(|row| row.name == "RESULT")
            .unwrap()
            .pseudo
    };
    insta::assert_snapshot!(result("shitei-006"), @r#"
    WHEN NOT (diagnosis = "definite") THEN "not_met"
    WHEN NOT (severity = "meets") THEN "mild"
    ELSE "eligible"
    "#);
    insta::assert_snapshot!(result("shoman-04-008"), @r#"
    WHEN NOT (diagnosis = "named") THEN "not_met"
    WHEN NOT (severity = "meets") THEN "not_met"
    ELSE "eligible"
    "#);
}

// ---- the documents

#[test]
fn the_same_form_gives_the_same_documents() {
    let program = programs::one("shitei-006");
    assert_eq!(made(program.clone()), made(program));
}

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let keep = std::env::var_os("KOHYO_DOCUMENTS").map(PathBuf::from);
    for program in programs::all() {
        let made = made(program.clone());
        let name = &made[0].path;
        let page = String::from_utf8(made[0].content.clone()).unwrap();
        let ids: Vec<&str> = attribute_values(&page, "id").collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: an id twice");
        for link in attribute_values(&page, "href") {
            let target = link.strip_prefix('#').expect("links stay in the page");
            assert!(unique.contains(target), "{name}: {link} leads nowhere");
        }
        for row in check_spec::rows(&program) {
            assert!(
                unique.contains(row.id.as_str()),
                "{name}: no place for {}",
                row.id
            );
        }
        for row in layout::rows(&program) {
            let id = format!("item-{}", row.name);
            assert!(unique.contains(id.as_str()), "{name}: no place for {id}");
        }
        if let Some(folder) = &keep {
            std::fs::create_dir_all(folder).unwrap();
            for artefact in &made {
                std::fs::write(folder.join(&artefact.path), &artefact.content).unwrap();
            }
        }
    }
}

/// The page, the workbook, then the CSV files.
fn made(program: Program) -> Vec<Artefact> {
    let made = Target::Documents.form(&Form::new(program).unwrap());
    assert_eq!(made.residue, [], "everything has been made");
    made.artefacts
}

fn attribute_values<'t>(page: &'t str, name: &'static str) -> impl Iterator<Item = &'t str> {
    page.split('<').filter_map(move |tag| {
        let tag = tag.split('>').next()?;
        let (_, value) = tag.split_once(&format!(" {name}=\""))?;
        value.split('"').next()
    })
}

/// A repaired workbook would lose cells: what comes out must be what went in. The second is one of
/// the largest forms.
#[test]
fn libreoffice_opens_the_workbook() {
    let Some(office) = office() else { return };
    for key in ["shitei-006", "shitei-222"] {
        comes_out_as_it_went_in(office, key);
    }
}

fn comes_out_as_it_went_in(office: &str, key: &str) {
    let folder = tempfile::tempdir().unwrap();
    let made = made(programs::one(key));
    let name = &made[1].path;
    std::fs::write(folder.path().join(name), &made[1].content).unwrap();
    // `-1` writes every sheet to a file of its own.
    let output = Command::new(office)
        .current_dir(folder.path())
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.path().display()
        ))
        .args(["--headless", "--convert-to"])
        .arg("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
        .arg(name)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let stem = name.strip_suffix(".xlsx").unwrap();
    let sheets = [
        ("ファイルレコード定義", 2),
        ("コード表", 3),
        ("チェック仕様", 4),
        ("計算・判定の規則", 5),
        ("受け持つ成果物", 6),
    ];
    for (sheet, file) in sheets {
        let converted = folder.path().join(format!("{stem}-{sheet}.csv"));
        let converted = std::fs::read_to_string(&converted)
            .unwrap_or_else(|error| panic!("{}: {error}", converted.display()));
        let ours = String::from_utf8(made[file].content.clone()).unwrap();
        let ours = ours.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        assert_eq!(plain_cells(&converted), plain_cells(&ours), "{key} {sheet}");
    }
}

/// The cells of a CSV, whatever is quoted and however lines end.
fn plain_cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|row| {
            row.unwrap()
                .iter()
                .map(|cell| cell.replace("\r\n", "\n"))
                .collect()
        })
        .collect()
}

fn office() -> Option<&'static str> {
    let found = ["soffice", "libreoffice"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok());
    if found.is_none() {
        skip(
            "soffice (libreoffice-calc-nogui) is missing",
            "no workbook has been opened",
        );
    }
    found
}

// ---- who holds which rule

/// Forms that between them leave out everything that some target cannot say.
const EXCEPTIONS: [&str; 6] = [
    "shitei-006",
    "shitei-046",
    "shitei-049",
    "shitei-051",
    "shitei-222",
    "shitei-300",
];

/// ○ in a cell: all rules of the layer. ○（…）: not all. −: none.
#[test]
fn the_page_says_who_holds_what() {
    let page = std::fs::read_to_string(root().join("docs/targets/README.md")).unwrap();
    let (_, table) = page.split_once("| 層 |").unwrap();
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches(['|', ' ']).split('|');
        cells.map(|cell| cell.trim().replace('`', "")).collect()
    };
    let mut lines = table.lines();
    let heads = cells(lines.next().unwrap());
    assert_eq!(heads, Holder::ALL.map(Holder::name));
    let held: Vec<Held> = programs::of(&EXCEPTIONS)
        .iter()
        .flat_map(holders::holders)
        .filter(|held| held.of_records)
        .collect();
    let mut said = BTreeSet::new();
    for line in lines.skip(1).take_while(|line| line.starts_with('|')) {
        let line = cells(line);
        let kinds: BTreeSet<String> = line[0].split('、').map(str::to_owned).collect();
        let rules: Vec<&Held> = held
            .iter()
            .filter(|held| kinds.contains(&held.kind.label()))
            .collect();
        assert!(!rules.is_empty(), "{}", line[0]);
        for (holder, cell) in Holder::ALL.into_iter().zip(&line[1..]) {
            let count = rules.iter().filter(|held| held.by.contains(&holder));
            let expected = match count.count() {
                0 => cell.starts_with('−'),
                all if all == rules.len() => cell == "○",
                _ => cell.starts_with("○（"),
            };
            let missing: Vec<&str> = rules
                .iter()
                .filter(|held| !held.by.contains(&holder))
                .map(|held| held.rule.as_str())
                .take(5)
                .collect();
            assert!(
                expected,
                "{} of {}: {cell}; without {missing:?}",
                line[0],
                holder.name()
            );
        }
        said.extend(kinds);
    }
    let kinds: BTreeSet<String> = held.iter().map(|held| held.kind.label()).collect();
    assert_eq!(said, kinds, "every kind of rule stands on the page");
}

/// Whatever a record can fail, somebody finds: the checker of records if nobody else.
#[test]
fn no_check_is_held_by_nobody() {
    for program in programs::of(&EXCEPTIONS) {
        for held in holders::holders(&program) {
            let found = match held.kind {
                Kind::Value => !held.by.is_empty(),
                _ => held.by.contains(&Holder::Records) == held.of_records,
            };
            assert!(found, "{}: {held:?}", program.key);
        }
    }
}

// ---- as reviewers see them

#[test]
fn the_checks_of_parkinsons_disease() {
    let rows = check_spec::rows(&programs::one("shitei-006"));
    let shown = rows.iter().filter(|row| {
        let authored = row.id.starts_with('R') && !row.id.contains('.');
        authored || row.items.iter().any(|item| item.name == "imaging_date")
    });
    let shown: Vec<CheckRow> = shown.cloned().collect();
    insta::assert_snapshot!(readable(&check_spec::sheet(&shown)));
}

#[test]
fn items_and_codes_of_parkinsons_disease() {
    let program = programs::one("shitei-006");
    let rows = layout::rows(&program).into_iter();
    let shown: Vec<_> = rows
        .filter(|row| row.path.contains("/treatment/"))
        .collect();
    let codes = kohyo_compiler::emit::codes::rows(&program).into_iter();
    let codes: Vec<_> = codes
        .filter(|row| row.table == "finding" || row.table == "ticked")
        .collect();
    insta::assert_snapshot!(format!(
        "{}\n{}",
        readable(&layout::sheet(&shown)),
        readable(&kohyo_compiler::emit::codes::sheet(&codes))
    ));
}

/// A row as a block, one filled cell per line.
fn readable(sheet: &kohyo_compiler::emit::Sheet) -> String {
    let mut out = String::new();
    for row in &sheet.rows {
        for (column, cell) in sheet.columns.iter().zip(row) {
            if !cell.is_empty() {
                out += &format!("{}: {}\n", column.head, cell.replace('\n', "\n    "));
            }
        }
        out += "\n";
    }
    out
}
