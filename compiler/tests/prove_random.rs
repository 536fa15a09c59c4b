//! Proofs against brute force: small random definitions, every set of answers there is.
//!
//! Whatever is proven must hold for each of them, every example must be one of them, and wherever
//! the circuits follow the engine exactly nothing may be missed. `KOHYO_FORMS_TRIED=2000` tries
//! more definitions than the default.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Claim, Compilation, Files, ProofReport, compile, prove};
use kohyo_engine::program::{Application, DefinitionId, FieldId, JudgementId, Rule};
use kohyo_engine::{Answer, Answers, Context, Date, Decimal, Form, Probe, Question, Tri};
use std::fmt::Write;

/// Numbers that look random and are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// A condition; `exact` goes when circuits only approximate it.
fn condition(dice: &mut Dice, depth: u32, exact: &mut bool) -> String {
    if depth == 0 || dice.below(3) == 0 {
        return atom(dice, exact);
    }
    let mut part = |dice: &mut Dice| condition(dice, depth - 1, exact);
    let (a, b, c) = (part(dice), part(dice), part(dice));
    match dice.below(9) {
        0 => format!("({a} and {b})"),
        1 => format!("({a} or {b})"),
        2 => format!("(not ({a}))"),
        3 => format!("at least 2 of {{ {a}; {b}; {c} }}"),
        4 => format!("exactly 1 of {{ {a}; {b} }}"),
        5 => format!("(({a}) treat unknown as {})", dice.pick(&["yes", "no"])),
        6 => format!("(if {a} then {b} else {c})"),
        7 => format!("(({a}) unless ({b}))"),
        _ => format!(
            "(count of {{ {a}; {b}; {c} }} {} {})",
            op(dice),
            dice.below(4)
        ),
    }
}

fn op(dice: &mut Dice) -> &'static str {
    dice.pick(&[">=", ">", "<", "<=", "="])
}

fn atom(dice: &mut Dice, exact: &mut bool) -> String {
    let k = dice.below(5);
    match dice.below(12) {
        0..=2 => {
            let field = dice.pick(&["c0", "c1"]);
            format!("{field} is {}", dice.pick(&["a", "b", "u"]))
        }
        3 => format!("{} in {{ a; b }}", dice.pick(&["c0", "c1"])),
        4 | 5 => format!(
            "{} {} {}",
            dice.pick(&["n0", "n1"]),
            op(dice),
            dice.below(3)
        ),
        6 => format!("sum of {{ p0; n0; {k} when c1 is a }} {} {k}", op(dice)),
        7 => format!("max of {{ n0; n1 }} {} {}", op(dice), dice.below(3)),
        8 => format!("(h0 is a) if shown else {}", dice.pick(&["yes", "no"])),
        9 => format!("n0 + n1 {} {k}", op(dice)),
        10 => {
            *exact = false;
            format!("n0 * n1 {} {k}", op(dice))
        }
        _ => {
            *exact = false;
            "n0 > n1".to_owned()
        }
    }
}

/// A definition with a criterion, a grade without last resort, a table, a judgement and a check.
fn definition(dice: &mut Dice) -> (String, bool) {
    let mut exact = true;
    let mut text = r#"disease shitei 999 "試験" {
  edition "2024" from 2024-04-01
  source notice "試験"
}
section s "項目" {
  field c0 "甲" : choice { 1 a "A"; 2 b "B"; 3 u "不明" unknown }
  field c1 "乙" : choice { 1 a "A"; 2 b "B"; 3 u "不明" unknown }
  field p0 "丙" : choice { 1 a "A" points 0; 2 b "B" points 2; 3 u "不明" unknown }
  field n0 "丁" : integer 0..2
  field n1 "戊" : integer 0..2
  field h0 "己" : choice { 1 a "A"; 2 b "B" } shown when c0 is a
}
"#
    .to_owned();
    let mut rule = |dice: &mut Dice, depth| condition(dice, depth, &mut exact);
    writeln!(text, "criterion r \"基準\" = {}", rule(dice, 2)).unwrap();
    let arms: Vec<String> = (0..3)
        .map(|arm| format!("o{arm} when {}", rule(dice, 1)))
        .collect();
    writeln!(
        text,
        "grade g \"等級\" : o0 \"零\" | o1 \"一\" | o2 \"二\" = first match {{ {} }}",
        arms.join("; ")
    )
    .unwrap();
    let (one, two) = (rule(dice, 1), rule(dice, 1));
    writeln!(
        text,
        "table t \"表\" : o0 \"零\" | o1 \"一\" {{\n | yes\n {one} | o0\n {two} | o1\n}}"
    )
    .unwrap();
    writeln!(
        text,
        "judgement diagnosis \"判定\" {{ category a \"あ\" when {}; category b \"い\" when {}; otherwise none \"う\"; eligible a }}",
        rule(dice, 2),
        rule(dice, 1)
    )
    .unwrap();
    writeln!(
        text,
        "check R001 warning \"点検\" at c0 violated when {}",
        rule(dice, 2)
    )
    .unwrap();
    (text, exact)
}

/// Every set of answers that leaves nothing hidden answered.
fn all_answers(probe: &mut Probe<'_>, context: &Context) -> Vec<Answers> {
    let code = |n: u16| (0..n).map(Answer::Code);
    let number = || (0..3).map(|n| Answer::Number(Decimal::from(n)));
    let choices: [Vec<Answer>; 6] = [
        code(3).collect(),
        code(3).collect(),
        code(3).collect(),
        number().collect(),
        number().collect(),
        code(2).collect(),
    ];
    let mut all = vec![Answers::new(probe.form())];
    for (id, choice) in (0..).map(FieldId).zip(&choices) {
        let mut more = all.clone();
        for answers in &all {
            for answer in choice {
                let mut with = answers.clone();
                with.set(id, answer.clone());
                more.push(with);
            }
        }
        all = more;
    }
    let hidden = FieldId(5);
    all.retain(|answers| {
        answers.get(hidden).is_missing()
            || probe.holds(answers, context, Question::Shown(hidden)) == Tri::True
    });
    all
}

/// Reads an example back: 「例: 甲「A」、丁 2（…）」.
fn read_example(note: &str, form: &Form) -> Answers {
    let mut answers = Answers::new(form);
    let items = note
        .strip_prefix("例: ")
        .unwrap()
        .split('（')
        .next()
        .unwrap();
    for item in items
        .split('、')
        .filter(|item| *item != "何も記入しない場合")
    {
        let (id, field) = (0..)
            .map(FieldId)
            .zip(&form.program().fields)
            .find(|(_, field)| item.starts_with(&field.label))
            .unwrap();
        let value = item[field.label.len()..].trim();
        let answer = match value.strip_prefix('「') {
            Some(code) => {
                let label = code.trim_end_matches('」');
                let codes = form.codes(id).iter();
                Answer::Code((0..).zip(codes).find(|(_, c)| c.label == label).unwrap().0)
            }
            None => Answer::Number(Decimal::from_str_exact(value).unwrap()),
        };
        answers.set(id, answer);
    }
    answers
}

struct Tried<'f> {
    probe: Probe<'f>,
    context: Context,
    all: Vec<Answers>,
}

impl Tried<'_> {
    fn holds(&mut self, answers: &Answers, question: Question) -> Tri {
        self.probe.holds(answers, &self.context, question)
    }

    fn any(&mut self, mut wanted: impl FnMut(&mut Self, &Answers) -> bool) -> bool {
        let all = std::mem::take(&mut self.all);
        let found = all.iter().any(|answers| wanted(self, answers));
        self.all = all;
        found
    }
}

fn forms_tried() -> Option<u64> {
    std::env::var("KOHYO_FORMS_TRIED").ok()?.parse().ok()
}

fn compiled(text: &str) -> (Compilation, Form) {
    let mut files = Files::new();
    files.insert("form.kohyo", text);
    let compiled = compile(&files, "form.kohyo");
    let Some(program) = compiled.program.clone() else {
        panic!("{text}\n{:#?}", compiled.diagnostics)
    };
    (compiled, Form::new(program).unwrap())
}

#[test]
fn proofs_agree_with_brute_force() {
    let forms = forms_tried().unwrap_or(40);
    let mut told = [0_usize; 3];
    for seed in 0..forms {
        let mut dice = Dice(seed);
        let (text, exact) = definition(&mut dice);
        let (compiled, form) = compiled(&text);
        let context = Context {
            today: "2026-04-01".parse().unwrap(),
            application: Application::New,
        };
        let mut probe = Probe::new(&form);
        let all = all_answers(&mut probe, &context);
        let mut tried = Tried {
            probe,
            context,
            all,
        };
        let report = prove(&compiled);
        let counts = compare(
            &mut tried,
            &form,
            &report,
            exact,
            &format!("seed {seed}\n{text}"),
        );
        for (sum, count) in told.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    let [findings, proven, not_proven] = told;
    assert!(
        findings > forms as usize && proven > forms as usize / 2,
        "{told:?}"
    );
    assert!(not_proven * 20 < findings + proven, "{told:?}");
}

fn compare(
    tried: &mut Tried<'_>,
    form: &Form,
    report: &ProofReport,
    exact: bool,
    about: &str,
) -> [usize; 3] {
    let program = form.program();
    let id = |name: &str| {
        let position = program
            .definitions
            .iter()
            .position(|d| d.name == name)
            .unwrap();
        DefinitionId(u16::try_from(position).unwrap())
    };
    let found = |code: &str| {
        report
            .findings
            .iter()
            .filter(|d| d.code == code)
            .collect::<Vec<_>>()
    };
    let about_claim = |list: &[kohyo_compiler::Statement], claim, label: &str| {
        list.iter()
            .any(|s| s.kind == claim && s.text.contains(label))
    };

    // Gaps of the grade and of the table.
    for name in ["g", "t"] {
        let id = id(name);
        let (Rule::Grade { arms, .. }, label) = (
            &program.definitions[usize::from(id.0)].rule,
            &program.definitions[usize::from(id.0)].label,
        ) else {
            panic!("{about}");
        };
        let arms = u16::try_from(arms.len()).unwrap();
        let gap = |tried: &mut Tried<'_>, answers: &Answers| {
            (0..arms).all(|arm| tried.holds(answers, Question::Arm(id, arm)) == Tri::False)
        };
        let real = tried.any(gap);
        let findings: Vec<_> = found("E0701")
            .into_iter()
            .filter(|d| d.message.contains(label))
            .collect();
        for finding in &findings {
            let answers = read_example(&finding.note, form);
            assert!(gap(tried, &answers), "{about}\n{}", finding.note);
        }
        let proven = about_claim(&report.proven, Claim::NoGap, label);
        let open = about_claim(&report.not_proven, Claim::NoGap, label);
        assert!(!(proven && real), "{label} is said to have no gap\n{about}");
        assert_eq!(
            u8::from(proven) + u8::from(open) + u8::from(!findings.is_empty()),
            1,
            "{about}"
        );
    }

    // Two answers of the table.
    let table = id("t");
    let both = |tried: &mut Tried<'_>, answers: &Answers| {
        (0..2).all(|arm| tried.holds(answers, Question::Arm(table, arm)) == Tri::True)
    };
    let real = tried.any(both);
    for finding in found("E0702") {
        let answers = read_example(&finding.note, form);
        assert!(both(tried, &answers), "{about}\n{}", finding.note);
    }
    let proven = about_claim(&report.proven, Claim::OneAnswer, "表");
    assert!(
        !(proven && real),
        "the table is said to give one answer\n{about}"
    );

    // Categories nobody gets.
    for (category, labels) in [(0_u16, "あ"), (1, "い"), (2, "う")] {
        let real = tried.any(|tried, answers| {
            let holds = |tried: &mut Tried<'_>, index| {
                tried.holds(answers, Question::Category(JudgementId(0), index))
            };
            (0..category).all(|before| holds(tried, before) == Tri::False)
                && (category == 2 || holds(tried, category) == Tri::True)
        });
        let reported = ["E0704", "E0705", "E0706"].iter().any(|code| {
            found(code)
                .iter()
                .any(|d| d.message.contains(&format!("「{labels}」")))
        });
        assert!(!(reported && real), "{labels} can be reached\n{about}");
        assert!(
            !exact || reported != real,
            "{labels} is not reported\n{about}"
        );
    }

    // A criterion and a check that never or always hold.
    let criterion = Question::Criterion(id("r"));
    for (code, question, wanted) in [
        ("E0710", criterion, Tri::True),
        ("E0711", criterion, Tri::False),
        ("E0712", Question::Check(0), Tri::True),
    ] {
        let real = tried.any(|tried, answers| tried.holds(answers, question) == wanted);
        let reported = !found(code).is_empty();
        assert!(!(reported && real), "{code} is wrong\n{about}");
        // A criterion that never holds is not also called one that always does.
        let covered = code == "E0711" && !found("E0710").is_empty();
        assert!(
            !exact || covered || reported != real,
            "{code} is missing\n{about}"
        );
    }
    [
        report.findings.len(),
        report.proven.len(),
        report.not_proven.len(),
    ]
}

/// A comparison of two dates, in one of the ways there are.
fn of_dates(dice: &mut Dice, dates: &[&str]) -> String {
    let x = dice.pick(&dates[..2]);
    let mut y = dice.pick(dates);
    while y == x {
        y = dice.pick(dates);
    }
    let (unit, n) = match dice.below(3) {
        0 => (
            "days",
            dice.pick(&["1", "2", "28", "30", "31", "32", "365", "366"]),
        ),
        1 => ("months", dice.pick(&["1", "2", "6", "12", "13"])),
        _ => ("years", dice.pick(&["1", "2"])),
    };
    let op = dice.pick(&["<", "<=", ">=", ">"]);
    match dice.below(5) {
        0 => {
            let side = dice.pick(&["after", "before", "of"]);
            format!("{x} within {n} {unit} {side} {y}")
        }
        1 => format!("{unit} from {x} to {y} {op} {n} {unit}"),
        2 => format!("{unit} from {y} to {x} {op} {n} {unit}"),
        3 => {
            let sign = dice.pick(&["+", "-"]);
            format!("{x} {op} {y} {sign} {n} {unit}")
        }
        _ => format!("{x} {op} {y}"),
    }
}

/// Three days and a month not far from each other, about the end of February; some of them not to
/// the day, or missing.
fn some_dates(dice: &mut Dice, form: &Form) -> Answers {
    let mut answers = Answers::new(form);
    let middle = Date::day(2024, 2, 27).unwrap().first_day();
    let mut day = middle + i32::try_from(dice.below(8)).unwrap();
    for id in (0..4).map(FieldId) {
        let step = dice.pick(&[
            "0", "1", "2", "28", "30", "31", "32", "60", "365", "366", "731",
        ]);
        let step: i32 = step.parse().unwrap();
        day += if dice.below(2) == 0 { step } else { -step };
        let date = Date::from_day_number(day).unwrap();
        let month = || Date::month(date.year_number(), date.month_number().unwrap()).unwrap();
        match dice.below(8) {
            0 => continue,
            1 => answers.set(id, Answer::Date(month())),
            _ if id == FieldId(3) => answers.set(id, Answer::Date(month())),
            _ => answers.set(id, Answer::Date(date)),
        }
    }
    answers
}

#[test]
fn what_is_proven_of_dates_holds_for_random_dates() {
    let mut told = 0;
    let forms = forms_tried().unwrap_or(15);
    for seed in 0..forms {
        let mut dice = Dice(seed);
        let mut text = r#"disease shitei 999 "試験" {
  edition "2024" from 2024-04-01
  source notice "試験"
}
section s "項目" {
  field a "甲" : date
  field b "乙" : date
  field c "丙" : date
  field m "丁" : month
}
"#
        .to_owned();
        let mut names = Vec::new();
        for number in 0..12 {
            let joint = dice.pick(&[" and ", " or "]);
            let dates = [
                &["a", "b"][..],
                &["a", "m"],
                &["c", "a", "today"],
                &["b", "c", "2024-02-29"],
                &["a", "b", "c"],
            ][usize::try_from(dice.below(5)).unwrap()];
            let parts = [(); 3].map(|()| of_dates(&mut dice, dates)).join(joint);
            writeln!(text, "criterion c{number} \"基準{number}番\" = {parts}").unwrap();
            names.push(format!("c{number}"));
        }
        writeln!(
            text,
            "judgement diagnosis \"判定\" {{ category x \"該当\" when any of {{ {} }}; otherwise none \"なし\"; eligible x }}",
            names.join("; ")
        )
        .unwrap();
        let (compiled, form) = compiled(&text);
        let report = prove(&compiled);
        let mut probe = Probe::new(&form);
        for (id, definition) in (0..).map(DefinitionId).zip(&form.program().definitions) {
            let label = format!("「{}」", definition.label);
            let about = |code: &str| {
                let mut findings = report.findings.iter();
                findings.any(|d| d.code == code && d.message.contains(&label))
            };
            let wrong = match (about("E0710"), about("E0711")) {
                (true, _) => Tri::True,
                (_, true) => Tri::False,
                _ => continue,
            };
            told += 1;
            for _ in 0..500 {
                let answers = some_dates(&mut dice, &form);
                let today = 19_814 + i32::try_from(dice.below(800)).unwrap();
                let context = Context {
                    today: Date::from_day_number(today).unwrap(),
                    application: Application::New,
                };
                let said = probe.holds(&answers, &context, Question::Criterion(id));
                assert_ne!(said, wrong, "seed {seed} {label} {answers:?}\n{text}");
            }
        }
    }
    assert!(told > forms, "{told}");
}
