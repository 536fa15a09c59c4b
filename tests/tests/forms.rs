//! Every definition of the library compiles, is formatted, and its cases hold.

use kohyo_compiler::cases::CaseFile;
use kohyo_compiler::catalogue::{self, Catalogue};
use kohyo_compiler::{DiseaseEntry, SyntaxCache, cases, compile, diseases, forms};
use kohyo_engine::Form;
use kohyo_engine::look_up::{means, number_of};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Diseases of the first street, each with its own kind of logic.
const EXPECTED: [&str; 6] = [
    "shitei-006",
    "shitei-011",
    "shitei-049",
    "shitei-097",
    "shitei-222",
    "shitei-240",
];

/// SHA-256 of the lists of the notices, see [`the_catalogue_bears_the_names_of_the_lists`].
const CATALOGUE: &str = "a40aec7a55bc7ab2da0e04078597e63dbbba6736a64593cfe853c7d8a6ec5861";

/// Cases each disease has at least.
const CASES: usize = 10;

#[test]
fn every_definition_compiles_without_a_finding() {
    let files = tests::forms();
    for (path, _) in files.definitions() {
        let compiled = compile(&files, path);
        let text = |file: &str| files.get(file);
        let drawn = kohyo_dsl::render(&compiled.diagnostics, text, kohyo_dsl::Palette::Plain);
        assert!(compiled.diagnostics.is_empty(), "{path}:\n{drawn}");
    }
    let keys: Vec<String> = diseases(&files).into_iter().map(|d| d.key).collect();
    for key in EXPECTED {
        assert!(keys.iter().any(|k| k == key), "{key} is missing");
    }
    assert!(
        keys.iter().any(|k| k.starts_with("shoman-")),
        "no paediatric entry"
    );
}

#[test]
fn every_definition_has_the_one_layout() {
    let files = tests::forms();
    for (path, text) in files.definitions() {
        let formatted = kohyo_dsl::format(text).unwrap_or_default();
        assert_eq!(formatted, text, "{path}: run `kohyo fmt`");
    }
}

#[test]
fn the_cases_of_every_disease_and_form_of_the_programme_hold() {
    let files = tests::forms();
    for disease in forms(&files) {
        let beside = kohyo_compiler::cases::beside(&disease.path);
        let yaml = files
            .get(&beside)
            .unwrap_or_else(|| panic!("{beside} is missing"));
        let file = cases::parse(yaml).unwrap_or_else(|e| panic!("{beside}: {e}"));
        assert!(
            file.cases.len() >= CASES,
            "{beside}: {} cases",
            file.cases.len()
        );
        let program = compile(&files, &disease.path).program.expect("it compiles");
        let form = Arc::new(Form::new(program).unwrap());
        let cache = &mut SyntaxCache::default();
        let older = kohyo_compiler::previous(&files, cache, &disease.path, &form);
        let report = cases::run_with(&form, older.as_ref(), &file);
        let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
        assert!(failed.is_empty(), "{beside}: {failed:#?}");
    }
}

/// Folders of modules whose rules judge; each module there has cases of its own.
const JUDGING: [&str; 1] = ["scale/"];

#[test]
fn the_cases_of_every_module_hold() {
    let files = tests::forms();
    let cache = &mut SyntaxCache::default();
    let mut run = 0;
    for module in kohyo_compiler::modules(&files) {
        let beside = kohyo_compiler::cases::beside(&module.path);
        let Some(yaml) = files.get(&beside) else {
            let judges = JUDGING.iter().any(|folder| module.path.starts_with(folder));
            assert!(!judges, "{beside} is missing");
            continue;
        };
        let file = cases::parse(yaml).unwrap_or_else(|e| panic!("{beside}: {e}"));
        let compiled = kohyo_compiler::compile_module(&files, cache, &module.path);
        let form = Form::new(compiled.program.expect("it compiles")).unwrap();
        let report = cases::run(&form, &file);
        let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
        assert!(failed.is_empty(), "{beside}: {failed:#?}");
        run += report.passed;
    }
    assert!(run > 100, "{run} cases");
}

#[test]
fn the_cards_beside_the_definitions_are_fresh() {
    let files = tests::forms();
    let folder = tests::root().join("forms");
    let on_disk = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap_or_default();
    let mut stale = Vec::new();
    for disease in forms(&files) {
        let path = kohyo_compiler::card_path(&disease.path);
        let program = compile(&files, &disease.path).program.expect("it compiles");
        if on_disk(&path) != kohyo_compiler::card_file(&program) {
            stale.push(path);
        }
    }
    let catalogue = Catalogue::read(&files).unwrap().expect("a catalogue");
    if on_disk("INDEX.md") != kohyo_compiler::index_file(&diseases(&files), &catalogue) {
        stale.push("INDEX.md".to_owned());
    }
    assert!(stale.is_empty(), "run `kohyo card --write`: {stale:?}");
}

#[test]
fn every_definition_bears_the_number_and_name_of_the_catalogue() {
    let files = tests::forms();
    let found = catalogue::check(&files, &mut SyntaxCache::default()).unwrap();
    let drawn = kohyo_dsl::render(&found, |f| files.get(f), kohyo_dsl::Palette::Plain);
    assert!(found.is_empty(), "{drawn}");
}

/// The notices of 2025-04: 348 designated diseases, 858 paediatric entries in sixteen groups.
#[test]
fn the_catalogue_has_every_number_of_the_notices() {
    let catalogue = Catalogue::read(&tests::forms())
        .unwrap()
        .expect("a catalogue");
    let keys = |prefix: &str| {
        let own = catalogue.iter().filter(|e| e.key.starts_with(prefix));
        own.map(|e| e.key.clone()).collect::<Vec<_>>()
    };
    let expected: Vec<_> = (1..=348).map(|n| format!("shitei-{n:03}")).collect();
    assert_eq!(keys("shitei-"), expected);
    let sizes = [
        91, 51, 14, 99, 92, 25, 7, 138, 52, 56, 105, 45, 40, 17, 17, 9,
    ];
    let expected: Vec<_> = (1..)
        .zip(sizes)
        .flat_map(|(group, size)| (1..=size).map(move |n| format!("shoman-{group:02}-{n:03}")))
        .collect();
    assert_eq!(keys("shoman-"), expected);
    // 110 diseases from the beginning, the last seven from 2025-04-01.
    let on = |day: &str| {
        let day = day.parse().ok();
        catalogue
            .iter()
            .filter(|e| e.designated.is_some() && e.designated == day)
            .count()
    };
    assert_eq!((on("2015-01-01"), on("2025-04-01")), (110, 7));
}

/// Numbers, names, readings and days of designation are those of the lists the catalogue was made
/// from, which are not part of the project. One line an entry, `key⇥name⇥reading⇥day`, in the order
/// of the keys; the columns of the paediatric list that do not exist are empty. From the two lists,
/// as tables without headings:
///
/// ```sh
/// { awk -F'\t' '{ printf "shitei-%03d\t%s\t%s\t%s\n", $number, $name, $reading, $day }' number=1 name=2 reading=3 day=6 shitei.tsv
///   awk -F'\t' '{ printf "shoman-%02d-%03d\t%s\t\t\n", $group, $number, $name }' group=1 number=3 name=4 shoman.tsv
/// } | LC_ALL=C sort | sha256sum
/// ```
///
/// The list writes 066 and 319 with full-width letters (IgＡ, ＳＲ) and ends 16-002 with a space; the
/// catalogue does not.
#[test]
fn the_catalogue_bears_the_names_of_the_lists() {
    let catalogue = Catalogue::read(&tests::forms())
        .unwrap()
        .expect("a catalogue");
    let lines: String = catalogue
        .iter()
        .map(|e| {
            let kana = e.kana.as_deref().unwrap_or_default();
            let day = e.designated.map(|d| d.to_string()).unwrap_or_default();
            format!("{}\t{}\t{kana}\t{day}\n", e.key, e.name())
        })
        .collect();
    let digest: String = Sha256::digest(lines)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(digest, CATALOGUE, "a name, reading or day was changed");
}

/// Abbreviations as physicians say them, and whom they mean.
#[test]
fn diseases_are_found_by_their_abbreviations() {
    let catalogue = Catalogue::read(&tests::forms())
        .unwrap()
        .expect("a catalogue");
    let found = |sought: &str| {
        let meant = catalogue
            .iter()
            .filter(|l| means(sought, &l.key, l.name(), &l.other_names()));
        let numbers: Vec<&str> = meant.map(|l| number_of(&l.key)).collect();
        numbers.join(" ")
    };
    for (sought, numbers) in [
        ("ALS", "002"),
        ("PD", "006"),
        ("SLE", "049"),
        ("HCM", "058"),
        ("IPF", "085"),
        ("PBC", "093"),
        ("UC", "097"),
        ("CD", "075 096"),
    ] {
        assert_eq!(found(sought), numbers, "{sought}");
    }
    for listed in catalogue.iter() {
        for short in &listed.short {
            assert_eq!(
                listed.short.iter().filter(|s| *s == short).count(),
                1,
                "{short}"
            );
            assert!(found(short).contains(number_of(&listed.key)), "{short}");
        }
    }
}

/// Patients of second readers there are at least.
const PATIENTS: usize = 4_000;

/// Patients that a second reader wrote from the official text, without the rules before his eyes.
#[test]
fn patients_written_independently_get_the_verdict_of_the_official_text() {
    let files = tests::forms();
    let all = diseases(&files);
    let folder = tests::root().join("tests/patients");
    let mut failed = Vec::new();
    let mut run = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().display();
        let yaml = std::fs::read_to_string(&path).unwrap();
        let file = cases::parse(&yaml).unwrap_or_else(|e| panic!("{name}: {e}"));
        let key = file.disease.clone().unwrap_or_default();
        let meant = |d: &&DiseaseEntry| {
            d.key == key
                && file
                    .edition
                    .as_ref()
                    .is_none_or(|edition| *edition == d.edition)
        };
        let editions: Vec<_> = all.iter().filter(meant).cloned().collect();
        assert!(!editions.is_empty(), "{name}: no disease {key}");
        let whole = CaseFile {
            edition: None,
            ..file
        };
        for (definition, share) in cases::by_edition(whole, &editions) {
            let program = compile(&files, &definition).program.expect("it compiles");
            let form = Arc::new(Form::new(program).unwrap());
            let cache = &mut SyntaxCache::default();
            let older = kohyo_compiler::previous(&files, cache, &definition, &form);
            let report = cases::run_with(&form, older.as_ref(), &share);
            run += report.cases.len();
            let wrong = report.cases.into_iter().filter(|case| !case.passed);
            failed.extend(wrong.map(|case| format!("{name} ({}): {case:#?}", report.edition)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(run > PATIENTS, "{run} patients");
}
