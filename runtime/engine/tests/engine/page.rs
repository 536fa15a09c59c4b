//! What is drawn.

use crate::build::*;
use kohyo_engine::program::{Application, FieldType, Layout, Member, Section};
use kohyo_engine::{Context, Form, PageView, evaluate, page_view, read};

fn form() -> Form {
    let mut build = Build::new();
    let a = build.finding("a");
    let b = build.finding("b");
    let n = build.number("n", 4, 1, "0", "999.9");
    if let FieldType::Number { unit, .. } = &mut build.edit(n).ty {
        *unit = Some("g/gCr".to_owned());
    }
    let d = build.date("d");
    let renewal = build.text("r");
    build.edit(renewal).only = Some(Application::Renewal);
    build.edit(a).required = true;
    build.edit(b).shown_when = Some(Box::new(present(a)));
    let note = build.field(
        "note",
        FieldType::Text {
            chars: 250,
            lines: 7,
        },
    );
    build.edit(note).help = Some("簡潔に".to_owned());
    let i = build.item("i");
    let total = build.value("total", sum([points(i)]), None);
    let group = Member::Group {
        label: "所見".to_owned(),
        help: None,
        layout: Layout::Plain,
        members: vec![Member::Field(a), Member::Field(b)],
    };
    let only_renewal = Member::Group {
        label: "更新".to_owned(),
        help: None,
        layout: Layout::Plain,
        members: vec![Member::Field(renewal)],
    };
    let section = |name: &str, members| Section {
        name: name.to_owned(),
        label: name.to_uppercase(),
        members,
    };
    build.program.sections = vec![
        section(
            "findings",
            vec![
                group,
                Member::Note("※１".to_owned()),
                Member::Field(n),
                Member::Field(d),
            ],
        ),
        section("renewal", vec![only_renewal]),
        section(
            "rest",
            vec![
                Member::Field(note),
                Member::Field(i),
                Member::Display(total),
            ],
        ),
    ];
    build.form()
}

fn view(form: &Form, text: &str, context: &Context) -> PageView {
    let raw = raw(text);
    let (answers, found) = read(form, &raw);
    page_view(
        form,
        &raw,
        context,
        &evaluate(form, &answers, context).with_findings(found),
    )
}

#[test]
fn a_page_shows_what_was_typed_even_if_it_cannot_be_read() {
    insta::assert_json_snapshot!(view(
        &form(),
        "a=2 n=35x d=2024-03 i=2 note=経過",
        &context()
    ));
}

#[test]
fn open_items_are_counted_by_section() {
    let form = form();
    let counts = |text: &str| {
        view(&form, text, &context())
            .sections
            .iter()
            .map(|section| section.open_items)
            .collect::<Vec<_>>()
    };
    assert_eq!(counts(""), [1, 0]);
    assert_eq!(counts("a=1"), [0, 0]);
    assert_eq!(counts("n=x i=9"), [2, 1]);
}

#[test]
fn questions_of_the_other_application_are_left_out_unless_answered() {
    let form = form();
    let names = |text: &str, application| {
        let context = Context {
            application,
            ..context()
        };
        view(&form, text, &context)
            .sections
            .into_iter()
            .map(|section| section.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("", Application::New), ["findings", "rest"]);
    assert_eq!(
        names("", Application::Renewal),
        ["findings", "renewal", "rest"]
    );
    assert_eq!(
        names("r=x", Application::New),
        ["findings", "renewal", "rest"]
    );
}
