//! The schema of every disease form, put to libxml2 and to Xerces: it is a valid schema, and it says
//! the same about thousands of records, good and broken, as our reader.
//!
//! "The same" is about structure and single values, which is all a schema can say: a validator accepts
//! a record exactly if the reader finds nothing at all in it.
//!
//! Needs xmllint (libxml2-utils) and java (Xerces is the validator of the Java platform; a JDK of 17 or
//! newer runs `tests/xerces/Valid.java`). What is missing is reported as SKIPPED; with CI set it fails.

use kohyo_compiler::emit::xsd;
use kohyo_engine::program::Application;
use kohyo_engine::{Context, Date, Form, Program};
use kohyo_exchange::generate::generate_for;
use kohyo_exchange::{Heading, Library, Reader, RecordWriter, RecordsWriter};
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use tests::agreement::refuse;
use tests::dice::Dice;
use tests::process::{answer, skip};
use tests::{kits, programs, records, root};

/// Valid records of each form, and broken ones made from each of them.
const RECORDS: u64 = 12;
const BROKEN: u64 = 40;
/// Xerces is asked about one form in this many, about all of them with `KOHYO_AGREEMENT_ALL` set.
const XERCES_FORM_IN: usize = 6;

/// What we refuse of a document that is valid.
const UNSEEN_BY_A_SCHEMA: [&str; 5] = [
    "file.too_large",
    "xml.dtd",
    "xml.entity",
    "xml.too_deep",
    "xml.no_record",
];

#[test]
fn libxml2_and_the_reader_agree_about_every_form() {
    if !xmllint_is_here() {
        return;
    }
    let disagreements: Vec<String> = programs::all()
        .into_iter()
        .flat_map(disagreements)
        .collect();
    refuse(&disagreements);
}

/// Rows and sides are flat elements on the wire: no form of the library has them yet.
#[test]
fn libxml2_and_the_reader_agree_about_rows_and_sides() {
    if !xmllint_is_here() {
        return;
    }
    let mut files = kohyo_compiler::Files::new();
    let text = include_str!("../../compiler/tests/rows_and_sides/form.kohyo");
    files.insert("form.kohyo", text);
    let program = kohyo_compiler::compile(&files, "form.kohyo")
        .program
        .unwrap();
    assert_eq!(disagreements(program), Vec::<String>::new());
}

/// The records of the kit, whatever is wrong with them; with `KOHYO_KIT=all` those of every form.
#[test]
fn libxml2_and_the_reader_agree_about_the_kit() {
    if !xmllint_is_here() {
        return;
    }
    let kits = kits::subjects("shitei-097").into_iter().map(|subject| {
        let mut records = subject.kit().records;
        records.retain(|record| {
            let unseen = UNSEEN_BY_A_SCHEMA.iter();
            let documents = String::from_utf8_lossy(&record.document);
            unseen.clone().all(|check| !record.expected.finds(check))
                && kits::is_composed(&documents)
                && kits::is_trimmed(&documents)
        });
        let documents = records.into_iter().map(|record| record.document);
        Written::of(&subject.form, documents.collect())
    });
    let disagreements: Vec<String> = kits.flat_map(by_libxml2).collect();
    refuse(&disagreements);
}

/// The same records, put to the validator of the Java platform.
#[test]
fn xerces_and_the_reader_agree() {
    if !java_is_here() {
        return;
    }
    let all = std::env::var_os("KOHYO_AGREEMENT_ALL").is_some();
    let step = if all { 1 } else { XERCES_FORM_IN };
    let mut forms: Vec<Written> = programs::all()
        .into_iter()
        .step_by(step)
        .map(Written::new)
        .collect();
    let mut files = kohyo_compiler::Files::new();
    let text = include_str!("../../compiler/tests/rows_and_sides/form.kohyo");
    files.insert("form.kohyo", text);
    let rows_and_sides = kohyo_compiler::compile(&files, "form.kohyo");
    forms.push(Written::new(rows_and_sides.program.unwrap()));
    let verdicts = xerces(&forms);
    let disagreements: Vec<String> = forms
        .iter()
        .zip(&verdicts)
        .flat_map(|(form, accepted)| form.disagreements("Xerces", accepted))
        .collect();
    refuse(&disagreements);
}

/// The records of a form about which libxml2 and the reader disagree.
fn disagreements(program: Program) -> Vec<String> {
    by_libxml2(Written::new(program))
}

fn by_libxml2(form: Written) -> Vec<String> {
    let accepted = validate(form.folder.path(), &form.schema, form.records.len());
    form.disagreements("libxml2", &accepted)
}

/// The schema of a form and records, good and broken, in a folder.
struct Written {
    key: String,
    folder: TempDir,
    schema: String,
    records: Vec<Vec<u8>>,
    /// What the reader finds in each.
    findings: Vec<Vec<String>>,
}

impl Written {
    fn new(program: Program) -> Self {
        let form = Form::new(program).unwrap();
        let records = records(&form);
        Self::of(&form, records)
    }

    fn of(form: &Form, records: Vec<Vec<u8>>) -> Self {
        // The edition before is not read here.
        let program = Program {
            fallback: None,
            ..form.program().clone()
        };
        let form = Arc::new(Form::new(program).unwrap());
        let folder = TempDir::new().unwrap();
        write_schemas(folder.path(), &[form.program()]);
        for (number, record) in records.iter().enumerate() {
            fs::write(folder.path().join(format!("{number}.xml")), record).unwrap();
        }
        let library = Library::new([form.clone()]).unwrap();
        Self {
            key: form.program().key.clone(),
            schema: xsd::file_name(form.program()),
            findings: records.iter().map(|r| findings(r, &library)).collect(),
            folder,
            records,
        }
    }

    /// The records that one side accepts and the other does not.
    fn disagreements(&self, who: &str, accepted: &[bool]) -> Vec<String> {
        assert_eq!(accepted.len(), self.records.len());
        let good = accepted.iter().filter(|accepted| **accepted).count();
        assert!(good as u64 >= RECORDS, "sound records are valid");
        assert!(
            good < self.records.len() * 3 / 4,
            "broken records are broken"
        );
        let all = self.records.iter().zip(&self.findings).zip(accepted);
        all.filter_map(|((record, findings), accepted)| {
            let record = String::from_utf8_lossy(record);
            let agree = *accepted == findings.is_empty();
            (!(agree || *accepted && they_are_lenient(&record))).then(|| {
                let key = &self.key;
                format!("{key}: {who} accepts: {accepted}; reader: {findings:#?}\n{record}")
            })
        })
        .collect()
    }
}

/// What one damaged byte may turn the declaration into, and a library lets pass: a target with a colon,
/// which Namespaces in XML forbids, a version without digits after its point, and UTF-8 by a name that is
/// not registered.
fn they_are_lenient(record: &str) -> bool {
    let declaration = record.lines().next().unwrap_or_default();
    let target = declaration.split(' ').next().unwrap_or_default();
    let encoding = declaration
        .split_once("encoding=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("UTF-8", |(name, _)| name);
    target.starts_with("<?") && target.contains(':')
        || declaration.contains("version=\"1.\"")
        || encoding != "UTF-8" && encoding.replace('-', "") == "UTF8"
}

#[test]
fn a_file_of_many_records_is_valid_as_well() {
    if !xmllint_is_here() {
        return;
    }
    let programs = programs::all();
    let folder = TempDir::new().unwrap();
    write_schemas(folder.path(), &programs.iter().collect::<Vec<_>>());
    fs::write(
        folder.path().join(xsd::RECORDS_FILE),
        xsd::records(&programs.iter().collect::<Vec<_>>()),
    )
    .unwrap();
    let mut records = RecordsWriter::new(Vec::new()).unwrap();
    for program in programs {
        let form = Form::new(program).unwrap();
        let heading = heading(Application::New);
        let raw = generate_for(&form, &context(heading), 1);
        records
            .write(&RecordWriter::new(&form), heading, &raw)
            .unwrap();
    }
    let xml = String::from_utf8(records.finish().unwrap()).unwrap();
    fs::write(folder.path().join("0.xml"), &xml).unwrap();
    let broken = xml.replacen("application=\"new\"", "application=\"old\"", 1);
    assert_ne!(broken, xml);
    fs::write(folder.path().join("1.xml"), broken).unwrap();
    assert_eq!(validate(folder.path(), xsd::RECORDS_FILE, 2), [true, false]);
}

#[test]
fn the_same_form_gives_the_same_bytes() {
    for (one, other) in programs::all().iter().zip(programs::all()) {
        assert_eq!(xsd::schema(one), xsd::schema(&other));
    }
    assert_eq!(xsd::shared_types(), xsd::shared_types());
}

fn heading(application: Application) -> Heading {
    Heading {
        application,
        written: Date::day(2026, 6, 1),
    }
}

fn context(heading: Heading) -> Context {
    Context {
        today: heading.written.unwrap(),
        application: heading.application,
    }
}

fn write_schemas(folder: &Path, programs: &[&Program]) {
    fs::write(folder.join(xsd::SHARED_TYPES_FILE), xsd::shared_types()).unwrap();
    for program in programs {
        fs::write(folder.join(xsd::file_name(program)), xsd::schema(program)).unwrap();
    }
}

/// Valid records and broken ones.
fn records(form: &Form) -> Vec<Vec<u8>> {
    let writer = RecordWriter::new(form);
    let mut records = Vec::new();
    for seed in 0..RECORDS {
        let application = if seed % 2 == 0 {
            Application::New
        } else {
            Application::Renewal
        };
        let heading = heading(application);
        let raw = generate_for(form, &context(heading), seed);
        let mut xml = Vec::new();
        writer.write(heading, &raw, &mut xml).unwrap();
        let text = String::from_utf8(xml.clone()).unwrap();
        records.push(xml);
        records.extend((0..BROKEN).map(|change| broken(&text, seed * 1000 + change)));
    }
    records
}

/// Everything the reader finds, as text.
fn findings(xml: &[u8], library: &Library) -> Vec<String> {
    let mut findings = Vec::new();
    let outcome = Reader::new().read_slice(xml, library, &mut |record| {
        findings.extend(record.findings.iter().map(ToString::to_string));
        ControlFlow::Continue(())
    });
    findings.extend(outcome.err().map(|broken| broken.reason.to_string()));
    findings
}

// ---- libxml2

fn xmllint_is_here() -> bool {
    if Command::new("xmllint").arg("--version").output().is_ok() {
        return true;
    }
    let missing = "xmllint (libxml2-utils) is missing";
    skip(missing, "no schema has been tested");
    false
}

/// What libxml2 says about `0.xml`, `1.xml`, … in the folder.
fn validate(folder: &Path, schema: &str, count: usize) -> Vec<bool> {
    let names: Vec<String> = (0..count).map(|number| format!("{number}.xml")).collect();
    let output = Command::new("xmllint")
        .current_dir(folder)
        .args(["--noout", "--nonet", "--schema", schema])
        .args(&names)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("failed to compile"), "{said}");
    names
        .iter()
        .map(|name| said.lines().any(|line| line == format!("{name} validates")))
        .collect()
}

// ---- Xerces

fn java_is_here() -> bool {
    // A program in one file is compiled when it runs.
    let modules = Command::new("java").arg("--list-modules").output();
    let compiles = |said: &[u8]| String::from_utf8_lossy(said).contains("jdk.compiler");
    if modules.is_ok_and(|output| compiles(&output.stdout)) {
        return true;
    }
    let missing = "java (default-jdk-headless) is missing";
    skip(missing, "no schema has been put to Xerces");
    false
}

/// What Xerces says about the records of each form.
fn xerces(forms: &[Written]) -> Vec<Vec<bool>> {
    let mut jobs = String::new();
    for form in forms {
        let path = |name: &str| format!("{}\n", form.folder.path().join(name).display());
        jobs += &path(&form.schema);
        for number in 0..form.records.len() {
            jobs += &path(&format!("{number}.xml"));
        }
        jobs += "\n";
    }
    let script = root().join("tests/xerces/Valid.java");
    let verdicts = answer(Command::new("java").arg(script), &jobs);
    let verdicts: Vec<Vec<bool>> = verdicts
        .lines()
        .map(|line| line.bytes().map(|verdict| verdict == b'1').collect())
        .collect();
    assert_eq!(verdicts.len(), forms.len());
    verdicts
}

// ---- broken records

/// The record with one change, which nearly always breaks it. It is written one element per line.
fn broken(xml: &str, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut lines: Vec<String> = xml.lines().map(str::to_owned).collect();
    let fields: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with("    <") && lines[*at].contains("</"))
        .collect();
    let sections: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with("  <") && !lines[*at].starts_with("  </"))
        .collect();
    let field = fields[dice.below(fields.len())];
    let section = sections[dice.below(sections.len())];
    let (name, value) = {
        let (tag, rest) = lines[field].trim().split_once('>').unwrap();
        let name = tag[1..].split(' ').next().unwrap().to_owned();
        (name, rest.split_once("</").unwrap().0.to_owned())
    };
    let with_value = |line: &str, new: &str| {
        let (tag, _) = line.split_once('>').unwrap();
        format!("{tag}>{new}</{name}>")
    };
    match dice.below(24) {
        0 => lines[field].clear(),
        1 => lines.insert(field, lines[field].clone()),
        2 => {
            let other = fields[dice.below(fields.len())];
            lines.swap(field, other);
        }
        3 => lines[field] = lines[field].replace(&name, &format!("{name}x")),
        4..=11 => {
            let values: Vec<&str> = VALUES.into_iter().chain(records::VALUES).collect();
            let new = *dice.pick(&values);
            lines[field] = with_value(&lines[field], new);
        }
        12 => lines[field] = with_value(&lines[field], &format!("{value}<!-- c -->")),
        13 => lines[field] = with_value(&lines[field], &format!("<![CDATA[{value}]]>")),
        14 => lines[field] = with_value(&lines[field], &format!("{value}<b/>")),
        15 => {
            let attribute = [
                "unit=\"g/L\"",
                "unit=\"\"",
                "x=\"1\"",
                "xml:lang=\"ja\"",
                "k:x=\"1\"",
            ][dice.below(5)];
            lines[field] = lines[field].replacen(&name, &format!("{name} {attribute}"), 1);
        }
        16 => {
            lines[field] = lines[field].split(" unit=").next().unwrap().to_owned()
                + &lines[field][lines[field].find('>').unwrap()..]
        }
        17 => lines.insert(
            section,
            ["text", "<x/>", "<!-- c -->", "<?p i?>", "&#32;", "&amp;"][dice.below(6)].to_owned(),
        ),
        18 => {
            // The last section comes first.
            let last = *sections.last().unwrap();
            let moved: Vec<String> = lines.drain(last..lines.len() - 1).collect();
            lines.splice(2..2, moved);
        }
        19 => {
            // A section again.
            let end = (section..lines.len())
                .find(|at| lines[*at].starts_with("  </"))
                .unwrap();
            let again = lines[section..=end].to_vec();
            lines.splice(section..section, again);
        }
        20 => {
            let (from, to) = [
                ("xmlns=", "xmlns:k="),
                ("<record ", "<k:record "),
                (":2020", ":2019"),
                (" application=\"new\"", ""),
                ("application=\"", "application=\"x"),
                ("written=\"2026-06-01\"", "written=\"2026-06\""),
                ("written=\"2026-06-01\"", "written=\" 2026-06-01 \""),
                ("written=\"2026-06-01\"", "written=\"2026-02-30\""),
                ("written=\"2026-06-01\"", ""),
                ("<record ", "<record x='1' "),
                ("<record ", "<record application='new' "),
            ][dice.below(11)];
            lines[1] = lines[1].replace(from, to);
        }
        _ => {
            // Any byte anywhere.
            let mut bytes = xml.as_bytes().to_vec();
            let at = dice.below(bytes.len());
            match dice.below(4) {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes[at] = MARKS[dice.below(MARKS.len())],
                _ => bytes.insert(at, MARKS[dice.below(MARKS.len())]),
            }
            return bytes;
        }
    }
    lines.join("\n").into_bytes()
}

const MARKS: &[u8] = b"<>/&;'\"=! ?-[]:\n\x01\xff";

/// Values that break elements, besides [`records::VALUES`].
const VALUES: [&str; 7] = [
    "",
    " ",
    " 1 ",
    "2024-02-29Z",
    "\n",
    "改\r\n行\u{85}",
    "a\u{7f}b",
];
