//! Programs as JSON.

use crate::build::*;
use kohyo_engine::program::{Check, Member, NumberKind, Privacy, Program};
use kohyo_engine::{WireError, from_json, to_json};

fn program() -> Program {
    let mut build = Build::new();
    let (a, b) = (build.finding("a"), build.item("b"));
    build.edit(a).privacy = Some(Privacy::Quasi);
    build.edit(b).shown_when = Some(Box::new(present(a)));
    build.number("n", 4, 1, "0", "99.9");
    build.date("d");
    let total = build.value("total", sum([points(b), when("0.5", present(a))]), Some(1));
    build.diagnosis(reaches(num(NumberKind::Definition(total)), "5"));
    let check: &mut Check = build.check("R001", a, present(a));
    check.help = Some("確かめてください".to_owned());
    build.program.sections[0]
        .members
        .push(Member::Display(total));
    build.program
}

#[test]
fn a_program_survives_the_wire() {
    let program = program();
    let json = to_json(&program);
    let form = from_json(json.as_bytes()).unwrap();
    assert_eq!(form.program(), &program);
    assert_eq!(to_json(form.program()), json);
    insta::assert_snapshot!(json);
}

#[test]
fn another_version_is_refused_by_name() {
    let json = to_json(&program()).replace("\"format\": 2", "\"format\": 3");
    let error = from_json(json.as_bytes()).unwrap_err();
    assert_eq!(error, WireError::Format { found: 3 });
    assert_eq!(
        error.to_string(),
        "プログラムの形式の版が 3 です。この版が読めるのは 2 だけです。同じ版の kohyo で作り直してください"
    );
    // Even if nothing else can be read.
    assert_eq!(
        from_json(br#"{"format": 7, "new": {}}"#).unwrap_err(),
        WireError::Format { found: 7 }
    );
}

#[test]
fn what_is_no_program_is_refused() {
    for json in ["", "{}", "[]", "{\"format\": 2}", "null"] {
        assert!(
            matches!(from_json(json.as_bytes()), Err(WireError::Json(_))),
            "{json}"
        );
    }
    assert!(matches!(from_json(&[0xff, 0xfe]), Err(WireError::Json(_))));
    let deep = format!(
        "{{\"format\": 2, \"x\": {}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(from_json(deep.as_bytes()).is_err());
}
