//! The emitted JavaScript says what the engine says: about every case, about thousands of generated,
//! changed and broken records of every form, about every row of `docs/language/values.md`, about
//! random small programs, and to the last digit of every calculation. Its types are sound, and the
//! example of `docs/targets/javascript.md` prints what it says.
//!
//! Needs Node, for the types also `npm ci --prefix tests/node`. What is missing is said to be
//! skipped; with CI set it is a failure.
//!
//! `KOHYO_AGREEMENT_SEEDS=100` tries more records of each form and more random programs.

use kohyo_compiler::{compile, diseases};
use kohyo_engine::program::{Application, Code, FieldId, FieldType};
use kohyo_engine::{
    Context, Date, Form, RawAnswers, ResultKind, judge, number_domain, read, read_lenient, written,
};
use kohyo_exchange::generate::generate_for;
use std::process::Command;
use tests::dice::Dice;
use tests::node::Node;
use tests::process::node_with;
use tests::records::{self, Sample};
use tests::{kits, programs, random, values};

#[test]
fn every_case_and_thousands_of_records_of_every_form() {
    let Some(mut node) = Node::new() else { return };
    let files = tests::forms();
    for disease in diseases(&files) {
        let program = compile(&files, &disease.path).program.unwrap();
        let form = Form::new(program).unwrap();
        node.add_form(&form);
        let mut samples = records::of_cases(&form, &disease.path);
        samples.extend(records::of_patients(&form));
        for sample in samples {
            node.add_record(&form, &sample.raw, &sample.context());
        }
        for seed in 0..seeds(2) {
            let context = context(seed);
            let raw = generate_for(&form, &context, seed);
            node.add_record(&form, &raw, &context);
            for change in 0..CHANGES {
                let mut dice = Dice::new(seed * 1000 + change);
                let changed = changed(&form, &raw, &mut dice);
                node.add_record(&form, &changed, &context);
            }
        }
    }
    assert!(node.len() > 2000, "only {} records", node.len());
    let results = node.results();
    for result in ["eligible", "mild", "not_met", "undetermined"] {
        assert!(results.get(result) > Some(&100), "{results:?}");
    }
    report(&node);
}

/// Whatever the conformance kit tries in values: both sides of every boundary, unknown variants,
/// the conditions that decide alone. With `KOHYO_KIT=all` in every form.
#[test]
fn every_record_of_the_kit() {
    let Some(mut node) = Node::new() else { return };
    for subject in kits::subjects("shitei-097") {
        node.add_form(&subject.form);
        for sample in kits::samples(&subject.kit()) {
            node.add_record(&subject.form, &sample.raw, &sample.context());
        }
    }
    assert!(node.len() > 500, "only {} records", node.len());
    report(&node);
}

#[test]
fn every_row_of_the_table_of_values() {
    let Some(mut node) = Node::new() else { return };
    for row in values::rows() {
        let mut program = compile(&row.files(), values::PATH).program.unwrap();
        program.key = format!("shitei-999-{}", row.line);
        let form = Form::new(program).unwrap();
        node.add_form(&form);
        let raw: RawAnswers = row.answers.iter().cloned().collect();
        let context = Context {
            today: values::TODAY.parse().unwrap(),
            application: Application::New,
        };
        if row.kind == values::Kind::Read {
            node.add_record(&form, &raw, &context);
        } else {
            let (answers, _) = read_lenient(&form, &raw);
            node.add_record(&form, &written(&form, &answers), &context);
        }
    }
    assert!(node.len() > 150);
    report(&node);
}

/// What is wrong with a value, and what is to be written instead.
#[test]
fn advice_on_dates_and_numbers() {
    let Some(mut node) = Node::new() else { return };
    let row = values::rows().remove(0);
    let form = Form::new(compile(&row.files(), values::PATH).program.unwrap()).unwrap();
    node.add_form(&form);
    for written in ADVISED {
        for field in ["d", "mo", "yr", "x", "n"] {
            let raw = RawAnswers::from([(field.to_owned(), vec![written.to_owned()])]);
            node.add_record(&form, &raw, &context(0));
        }
    }
    report(&node);
}

const ADVISED: [&str; 53] = [
    "明治45年7月29日",
    "明治45年7月30日",
    "大正元年7月29日",
    "大正15年12月24日",
    "昭和元年12月24日",
    "昭和64年1月7日",
    "昭和64年1月8日",
    "1990/5/20",
    "1990.05.20",
    "１９９０－０５－２０",
    "1990−5−20",
    "1990年5月20日",
    "1990年5月",
    "1990年",
    "1990年5",
    "1990年5月20",
    "西暦1990年5月20日",
    "西暦2年",
    "19900520",
    "19901301",
    "1990/2/30",
    "1990-5/20",
    "90/5/20",
    "平成2年5月20日",
    "平2.5.20",
    "H2.5.20",
    "ｈ２．５．２０",
    "㍻2年",
    "平成元年1月7日",
    "平成元年1月8日",
    "平成31年4月30日",
    "平成31年5月1日",
    "平成31年5月",
    "平成2年2月30日",
    "平成0年1月1日",
    "平成100年1月1日",
    "令和元年5月",
    "令和元年4月",
    "昭和65年1月1日",
    "昭和65",
    "S25",
    "大正15年12月25日",
    "明治5年12月2日",
    "明治6年1月1日",
    "明治元年",
    "H",
    "１２．５",
    "1,234.5",
    "12,345",
    "1,23",
    "-１,２３４.５",
    "250 mg/dL",
    "−１２．３４５",
];

#[test]
fn random_programs_with_every_kind_of_rule() {
    let Some(mut node) = Node::new() else { return };
    for seed in 0..seeds(150) {
        let program = random::program(seed);
        let form = Form::new(program).unwrap();
        node.add_form(&form);
        let mut dice = Dice::new(seed);
        for record in 0..4 {
            let raw = random::answers(form.program(), &mut dice);
            node.add_record(&form, &raw, &context(record));
        }
    }
    report(&node);
}

/// What could settle an undetermined result: the same sets of items, leading to the same results.
#[test]
fn what_is_missing_to_a_verdict() {
    let Some(mut node) = Node::new() else { return };
    let mut with_sets = 0;
    for seed in 0..seeds(60) {
        let form = Form::new(random::program(seed)).unwrap();
        node.add_form(&form);
        let mut dice = Dice::new(seed);
        for record in 0..3 {
            let raw = random::answers(form.program(), &mut dice);
            with_sets += usize::from(node.add_missing(&form, &raw, &context(record)));
        }
    }
    assert!(with_sets > 20, "{with_sets} of the random records");
    with_sets = 0;
    let files = tests::forms();
    for disease in diseases(&files) {
        let form = Form::new(compile(&files, &disease.path).program.unwrap()).unwrap();
        // A function is not in the module, so it does not say what is missing.
        if !form.program().functions.is_empty() {
            continue;
        }
        node.add_form(&form);
        let undetermined = |sample: &Sample| {
            let (answers, _) = read(&form, &sample.raw);
            judge(&form, &answers, &sample.context()).result == ResultKind::Undetermined
        };
        let samples = records::of_cases(&form, &disease.path).into_iter();
        let most = usize::try_from(seeds(MISSING_CASES)).unwrap();
        for sample in samples.filter(undetermined).take(most) {
            with_sets += usize::from(node.add_missing(&form, &sample.raw, &sample.context()));
        }
    }
    assert!(with_sets > 50, "{with_sets} of the cases");
    report(&node);
}

/// Sums, quotients, roots, logarithms and powers of numbers of every length, without rounding.
#[test]
fn calculations_agree_to_the_last_digit() {
    let Some(mut node) = Node::new() else { return };
    let mut files = kohyo_compiler::Files::new();
    files.insert("form.kohyo", include_str!("javascript/digits.kohyo"));
    let compiled = compile(&files, "form.kohyo");
    let form = Form::new(compiled.program.expect("the digits compile")).unwrap();
    node.add_form(&form);
    let mut dice = Dice::new(7);
    for _ in 0..600 {
        let values = ["a", "b"].map(|name| (name.to_owned(), vec![number(&mut dice)]));
        node.add_record(&form, &RawAnswers::from(values), &context(0));
    }
    report(&node);
}

/// A number of one to 28 digits, up to 14 of them after the point; some of them are special.
fn number(dice: &mut Dice) -> String {
    if dice.chance(15) {
        let special = [
            "0",
            "1",
            "-1",
            "2",
            "10",
            "0.5",
            "100",
            "0.00000000000001",
            "64",
            "1024",
        ];
        return (*dice.pick(&special)).to_owned();
    }
    let mut digits = |most: usize| -> String {
        let count = 1 + dice.below(most);
        (0..count)
            .map(|_| char::from(b'0' + dice.below(10) as u8))
            .collect()
    };
    let (whole, fraction) = (digits(5), digits(14));
    match dice.below(4) {
        0 => whole,
        1 => format!("-{whole}.{fraction}"),
        2 => format!("0.{fraction}"),
        _ => format!("{whole}{}.{fraction}", "7".repeat(dice.below(9))),
    }
}

#[test]
fn the_example_of_the_page_prints_what_it_says() {
    let Some(node) = Node::new() else { return };
    node.add_form(&Form::new(programs::one("shitei-006")).unwrap());
    let page = std::fs::read_to_string(tests::root().join("docs/targets/javascript.md")).unwrap();
    let block = |language: &str| {
        let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    std::fs::write(node.folder().join("example.mjs"), block("js")).unwrap();
    let output = Command::new("node")
        .current_dir(node.folder())
        .arg("example.mjs")
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        block("text"),
        "{complaints}"
    );
}

#[test]
fn the_types_of_every_form_are_sound() {
    let Some(node) = Node::new() else { return };
    let tsc = "tests/node/node_modules/.bin/tsc";
    if !node_with(Some(tsc), "no types were checked") {
        return;
    }
    let compiler = tests::root().join(tsc);
    let mut all = include_str!("javascript/types.mts").to_owned();
    for (position, program) in programs::all().into_iter().enumerate() {
        let form = Form::new(program).unwrap();
        node.add_form(&form);
        let module = kohyo_compiler::emit::javascript::file_name(form.program());
        all += &format!("import * as form{position} from \"./{module}\"; form{position}.about;\n");
    }
    std::fs::write(node.folder().join("types.mts"), all).unwrap();
    let output = Command::new(compiler)
        .current_dir(node.folder())
        .args([
            "--noEmit", "--strict", "--module", "nodenext", "--target", "es2022",
        ])
        .arg("types.mts")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn the_same_form_gives_the_same_bytes() {
    use kohyo_compiler::emit::Target;
    for (one, other) in programs::all().into_iter().zip(programs::all()) {
        let (one, other) = (Form::new(one).unwrap(), Form::new(other).unwrap());
        assert_eq!(
            Target::JavaScript.form(&one),
            Target::JavaScript.form(&other)
        );
    }
}

/// Undetermined cases of each form about which it is asked what is missing: that takes Node long.
const MISSING_CASES: u64 = 2;

/// So many changed records of each generated one.
const CHANGES: u64 = 9;

fn seeds(usual: u64) -> u64 {
    let wanted = std::env::var("KOHYO_AGREEMENT_SEEDS").ok();
    wanted.map_or(usual, |seeds| seeds.parse().unwrap())
}

fn report(node: &Node) {
    let differences = node.differences();
    assert!(
        differences.is_empty(),
        "{} of {} records differ, the first:\n{}",
        differences.len(),
        node.len(),
        differences[0]
    );
}

fn context(seed: u64) -> Context {
    let application = match seed % 2 {
        0 => Application::New,
        _ => Application::Renewal,
    };
    let today = if seed % 3 == 2 {
        Date::day(2024, 2, 29)
    } else {
        Date::day(2026, 6, 1)
    };
    Context {
        today: today.unwrap(),
        application,
    }
}

/// The record with a few answers removed, replaced by values at the edge of what the rules ask, by
/// codes that say unknown, by partial dates, or by what nobody can read.
fn changed(form: &Form, raw: &RawAnswers, dice: &mut Dice) -> RawAnswers {
    let mut changed = raw.clone();
    let fields = &form.program().fields;
    if dice.chance(20) {
        // A form that was only begun.
        changed.retain(|_, _| dice.chance(60));
    }
    for _ in 0..1 + dice.below(4) {
        let position = dice.below(fields.len());
        let field = &fields[position];
        let id = FieldId(position as u16);
        let values = match &field.ty {
            _ if dice.chance(20) => {
                changed.remove(&field.name);
                continue;
            }
            _ if dice.chance(15) => vec![(*dice.pick(&BROKEN)).to_owned()],
            FieldType::Number {
                digits,
                fraction,
                min,
                max,
                ..
            } => {
                let (low, high, step) = number_domain(*digits, *fraction, *min, *max).unwrap();
                let mut edges = vec![low, low - step, high, high + step];
                for cut in form.thresholds(id) {
                    edges.extend([*cut, cut - step, cut + step]);
                }
                vec![dice.pick(&edges).to_string()]
            }
            FieldType::Choice { .. } => {
                let codes = form.codes(id);
                let unknown: Vec<&Code> = codes.iter().filter(|code| code.unknown).collect();
                match unknown.as_slice() {
                    [] => vec![dice.pick(codes).value.clone()],
                    unknown if dice.chance(40) => vec![dice.pick(unknown).value.clone()],
                    _ => vec![dice.pick(codes).value.clone()],
                }
            }
            FieldType::Choices { .. } => {
                let codes = form.codes(id).iter();
                codes
                    .filter(|_| dice.chance(40))
                    .map(|code| code.value.clone())
                    .collect()
            }
            FieldType::Date { .. } => vec![(*dice.pick(&DATES)).to_owned()],
            _ => vec![(*dice.pick(&TEXTS)).to_owned()],
        };
        changed.insert(field.name.clone(), values);
    }
    if dice.chance(5) {
        changed.insert("tremour".to_owned(), vec!["1".to_owned()]);
        changed.insert("不明な項目".to_owned(), Vec::new());
    }
    changed
}

const DATES: [&str; 10] = [
    "2026-06-01",
    "2026-06-02",
    "2026-05",
    "2025",
    "2024-02-29",
    "2023-02-29",
    "1950-04",
    "R6.4.1",
    "平成2年5月",
    "２０２４－０１－０１",
];

const TEXTS: [&str; 8] = [
    "やまだ",
    "ヤマダ",
    "山田\r\n太郎",
    "が\u{3099}",
    "1000001",
    "100-0001",
    "０３－１２３４－５６７８",
    "\u{1}",
];

const BROKEN: [&str; 24] = [
    "",
    " ",
    "\u{3000}",
    "x",
    "9",
    "99",
    "-1",
    "1.",
    ".5",
    "1e3",
    "1,000",
    "１２",
    " 12 ",
    "−5",
    "3.5 mg/dL",
    "3.5％",
    "12.345",
    "00012",
    "123456789012345678901234567890123456789012345",
    "2024-13",
    "2024/1/5",
    "元年",
    "長い長い長い長い長い長い長い長い長い長い長い長い長い文章",
    "\u{feff}1",
];
