//! Why: the tree of rules with what each came to and the answers used.

use crate::build::*;
use kohyo_engine::program::{
    CompareOp, CondKind, DefinitionId, ElapsedUnit, FieldType, Moment, NumberKind,
};
use kohyo_engine::{ExplainNode, ResultKind, Tri};

/// The tree as indented lines.
fn draw(nodes: &[ExplainNode], depth: usize, lines: &mut Vec<String>) {
    for node in nodes {
        let mark = match node.holds {
            Tri::True => "○",
            Tri::False => "×",
            Tri::Unknown => "？",
        };
        let mut line = format!("{}{mark} {}", "  ".repeat(depth), node.text);
        for (sign, part) in [
            (" = ", &node.answer),
            (" @", &node.field),
            (" ※", &node.cites),
        ] {
            if let Some(part) = part {
                line.push_str(sign);
                line.push_str(part);
            }
        }
        lines.push(line);
        draw(&node.children, depth + 1, lines);
    }
}

fn explained(build: Build, text: &str) -> String {
    let outcome = outcome(&build.form(), text);
    let mut lines = Vec::new();
    draw(&outcome.judgements[0].explanation, 0, &mut lines);
    lines.join("\n")
}

#[test]
fn criteria_are_expanded_under_their_first_reference() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.edit(c).shown_when = Some(Box::new(present(a)));
    let id = build.criterion("k", any_of([present(a), present(b)]));
    build.diagnosis(all_of([
        criterion(id),
        not(present(c)),
        if_shown([c], is(c, UNCLEAR), true),
        criterion(id),
    ]));
    insta::assert_snapshot!(explained(build, "a=3 b=1"));
}

#[test]
fn sums_show_their_parts_with_points() {
    let mut build = Build::new();
    let (a, b) = (build.item("a"), build.item("b"));
    let [c] = build.findings(["c"]);
    let total = build.value(
        "total",
        sum([points(a), points(b), when("8", present(c))]),
        None,
    );
    build.diagnosis(reaches(num(NumberKind::Definition(total)), "15"));
    insta::assert_snapshot!(explained(build, "a=3 b=4 c=1"));
}

#[test]
fn numbers_dates_and_grades_show_what_they_used() {
    let mut build = Build::new();
    let gfr = build.number("gfr", 4, 1, "0", "200");
    if let FieldType::Number { unit, .. } = &mut build.edit(gfr).ty {
        *unit = Some("mL/min/1.73m2".to_owned());
    }
    let birth = build.date("birth");
    let a = build.finding("a");
    let age = num(NumberKind::Elapsed {
        unit: ElapsedUnit::Years,
        from: Moment::Field(birth),
        to: Moment::Today,
    });
    let grade = build.grade("g", &["red", "green"], vec![(present(a), 0)], Some(1));
    build.diagnosis(all_of([
        reaches(value(gfr), "30"),
        reaches(age, "18"),
        cond(CondKind::Grade {
            definition: grade,
            outcomes: vec![0],
        }),
        treat(present(a), true),
    ]));
    insta::assert_snapshot!(explained(build, "gfr=35.5 birth=2008-05"));
}

#[test]
fn an_explanation_is_no_longer_than_its_rules() {
    let mut build = Build::new();
    let a = build.finding("a");
    let mut last = build.criterion("k0", present(a));
    for n in 1..60 {
        last = build.criterion(&format!("k{n}"), all_of([criterion(last), criterion(last)]));
    }
    build.diagnosis(criterion(last));
    assert!(explained(build, "a=1").lines().count() < 200);
}

#[test]
fn what_is_unanswered_is_said_once() {
    let mut build = Build::new();
    let (onset, visit) = (build.date("onset"), build.date("visit"));
    let a = build.finding("a");
    let days = num(NumberKind::Elapsed {
        unit: ElapsedUnit::Days,
        from: Moment::Field(onset),
        to: Moment::Field(visit),
    });
    let mut nothing = num(NumberKind::Nothing);
    nothing.text = "値なし".to_owned();
    let (one, otherwise) = (Box::new(constant("1")), Box::new(nothing));
    let chosen = num(NumberKind::If(Box::new(present(a)), one, otherwise));
    let chosen = build.value("chosen", chosen, None);
    build.diagnosis(all_of([
        reaches(days, "60"),
        reaches(num(NumberKind::Definition(chosen)), "1"),
    ]));
    let told = explained(build, "");
    assert!(told.contains("（どちらも未記入）"), "{told}");
    assert!(!told.contains("値なし"), "{told}");
}

/// Points by bands of a number that leave a value out.
fn banded(build: &mut Build, name: &str, most: &str) -> DefinitionId {
    let number = build.number(name, 3, 1, "0", "10");
    let below = compare(value(number), CompareOp::LessEqual, constant("4"));
    let high = num(NumberKind::If(
        Box::new(reaches(value(number), "5")),
        Box::new(constant(most)),
        Box::new(num(NumberKind::Nothing)),
    ));
    let points = num(NumberKind::If(
        Box::new(below),
        Box::new(constant("0")),
        Box::new(high),
    ));
    build.value(&format!("{name}_points"), points, None)
}

#[test]
fn bands_with_a_gap_are_points_too() {
    let mut build = Build::new();
    let points = banded(&mut build, "vc", "3");
    let c = build.finding("c");
    let of = num(NumberKind::Definition(points));
    build.diagnosis(reaches(sum([of, when("8", present(c))]), "15"));
    let told = explained(build, "vc=6.5 c=1");
    assert!(told.contains("= 11点"), "{told}");
    assert!(told.contains("= 3点"), "{told}");
}

#[test]
fn what_only_a_gap_keeps_open_is_said() {
    let mut build = Build::new();
    let points = banded(&mut build, "vc", "3");
    let a = build.finding("a");
    build.diagnosis(all_of([
        present(a),
        reaches(num(NumberKind::Definition(points)), "4"),
    ]));
    let form = build.form();
    let unanswered = outcome(&form, "a=1");
    assert_eq!(unanswered.result, ResultKind::Undetermined);
    assert_eq!(unanswered.but_for_gaps, Some(ResultKind::NotMet));
    assert_eq!(outcome(&form, "a=1 vc=4.5").but_for_gaps, None);
    assert_eq!(outcome(&form, "vc=1.5").but_for_gaps, None);
}

#[test]
fn an_outcome_that_no_answer_leads_to_is_not_named() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    let never = all_of([present(a), not(present(a))]);
    let arms = vec![(never, 0), (present(b), 1)];
    let grade = build.grade("g", &["red", "green", "blue"], arms, Some(2));
    build.diagnosis(cond(CondKind::Grade {
        definition: grade,
        outcomes: vec![1],
    }));
    let told = explained(build, "");
    assert!(
        told.contains("不明（《green》・《blue》のいずれか）"),
        "{told}"
    );
}
