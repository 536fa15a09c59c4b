//! What people see, as snapshots and as promises.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

#[path = "support/sample.rs"]
mod sample;

use kohyo_engine::program::Application;
use kohyo_engine::{
    Context, Outcome, PageView, Previous, RawAnswers, ResultKind, Unread, WhyUnread,
};
use kohyo_pages::{Mode, form_html, live, verdict_html};

fn draw(answers: &[(&str, &str)]) -> (Outcome, PageView) {
    let form = sample::form();
    let mut raw = RawAnswers::new();
    for (name, value) in answers {
        raw.entry((*name).to_owned())
            .or_default()
            .push((*value).to_owned());
    }
    let context = Context {
        today: "2026-11-22".parse().unwrap(),
        application: Application::New,
    };
    let (answers, findings) = kohyo_engine::read(&form, &raw);
    let outcome = kohyo_engine::evaluate(&form, &answers, &context).with_findings(findings);
    let view = kohyo_engine::page_view(&form, &raw, &context, &outcome);
    (outcome, view)
}

const SOME: [(&str, &str); 9] = [
    ("family_name", "山田<script>"),
    ("birth_date", "1958-04-12"),
    ("family_history", "1"),
    ("relatives", "1"),
    ("relatives", "3"),
    ("tremor", "1"),
    ("rigidity", "3"),
    ("height", "160"),
    ("weight", "200"),
];

#[test]
fn a_form_to_fill_in() {
    let (_, view) = draw(&SOME);
    insta::assert_snapshot!(form_html(&view, Mode::Edit).unwrap());
}

#[test]
fn a_form_to_read() {
    let (_, view) = draw(&SOME);
    insta::assert_snapshot!(form_html(&view, Mode::Read).unwrap());
}

#[test]
fn a_verdict_that_is_not_settled() {
    let (outcome, view) = draw(&SOME);
    insta::assert_snapshot!(verdict_html(&outcome, None, &view, Mode::Edit).unwrap());
}

#[test]
fn answers_never_become_markup() {
    let (outcome, view) = draw(&SOME);
    for mode in [Mode::Edit, Mode::Read, Mode::Print { masked: false }] {
        let html = form_html(&view, mode).unwrap()
            + verdict_html(&outcome, None, &view, mode).unwrap().as_str();
        assert!(!html.contains("<script"), "{mode:?}");
        assert!(html.contains("山田&lt;script"), "{mode:?}");
    }
}

#[test]
fn masked_paper_does_not_name_the_person() {
    let (outcome, view) = draw(&[
        ("family_name", "山田"),
        ("physician_name", "鈴木"),
        ("tremor", "1"),
    ]);
    let mode = Mode::Print { masked: true };
    let html = form_html(&view, mode).unwrap()
        + verdict_html(&outcome, None, &view, mode).unwrap().as_str();
    assert!(!html.contains("山田") && !html.contains("鈴木"));
    assert!(html.contains("マスク済み"));
    assert!(html.contains("左右差のある安静時振戦"));
}

#[test]
fn a_form_just_opened_is_not_called_undetermined() {
    let (outcome, view) = draw(&[("family_name", "山田")]);
    let html = verdict_html(&outcome, None, &view, Mode::Edit).unwrap();
    assert!(html.contains("verdict-untouched") && html.contains(">未入力<"));
    assert!(!html.contains("判定に必要な項目"));
    let live = live(&outcome, None, &view).unwrap();
    assert_eq!((live.result, live.result_label), ("undetermined", "未入力"));
    let section = &live.sections["findings"];
    assert!(section.open > 0 && !section.done);
    let (outcome, view) = draw(&[("tremor", "1")]);
    let html = verdict_html(&outcome, None, &view, Mode::Edit).unwrap();
    assert!(html.contains("判定に必要な項目") && html.contains(">判定不能（要確認）<"));
}

/// A rule may hold and the patient not be eligible: 「対象外」 is never ○ 満たす.
#[test]
fn a_category_applies_or_not_and_is_never_met() {
    let answers = [
        ("tremor", "1"),
        ("rigidity", "1"),
        ("bradykinesia", "2"),
        ("stage", "1"),
    ];
    let (outcome, view) = draw(&answers);
    let html = verdict_html(&outcome, None, &view, Mode::Read).unwrap();
    assert!(
        html.contains("対象外<span class=\"badge badge-not\">対象にならない</span>"),
        "{html}"
    );
    assert!(html.contains("該当：</span><span class=\"step-text\">対象外"));
    assert!(html.contains("非該当：</span><span class=\"step-text\">対象<"));
    assert!(!html.contains("満たす：</span></span><span class=\"step-text\">対象外"));
}

#[test]
fn a_hidden_question_keeps_its_answer_in_the_form() {
    let (_, view) = draw(&[("family_history", "2"), ("relatives", "1")]);
    let html = form_html(&view, Mode::Edit).unwrap();
    let start = html.find("id=\"field-relatives\"").unwrap();
    let question = &html[start..start + 1500];
    assert!(question.starts_with("id=\"field-relatives\" data-field=\"relatives\""));
    assert!(question[..300].contains(" hidden"));
    assert!(question.contains("value=\"1\" checked"));
    assert!(
        !form_html(&view, Mode::Read)
            .unwrap()
            .contains("field-relatives")
    );
}

#[test]
fn a_change_is_answered_with_everything_the_page_shows() {
    let (outcome, view) = draw(&SOME);
    let live = live(&outcome, None, &view).unwrap();
    assert!(live.shown["relatives"]);
    assert!(live.required["tremor"]);
    assert!(live.open["bradykinesia"]);
    assert_eq!(live.values["bmi"], "78.1 kg/m2");
    assert_eq!(live.readings["birth_date"], "（昭和33年4月12日）");
    let found: Vec<_> = live
        .findings
        .iter()
        .map(|f| (f.field.as_str(), f.check.as_str(), f.level))
        .collect();
    assert_eq!(found, [("weight", "R020", "warning")]);
    assert!(live.sections["basics"].done);
    assert_eq!(live.result, "undetermined");
    insta::assert_json_snapshot!(live.sections);
}

/// A renewal by the rules of two editions.
#[test]
fn both_results_of_a_renewal_are_shown_the_newest_first() {
    let (outcome, view) = draw(&SOME);
    let previous = Previous {
        edition: "2015".to_owned(),
        outcome: Outcome {
            result: ResultKind::Eligible,
            ..outcome.clone()
        },
        unread: vec![Unread {
            name: "skin".to_owned(),
            label: "皮膚<所見>".to_owned(),
            why: WhyUnread::NotAsked,
        }],
    };
    let html = verdict_html(&outcome, Some(&previous), &view, Mode::Read).unwrap();
    let newest = html.find("data-testid=\"verdict-result\"").unwrap();
    let older = html.find("data-testid=\"previous-result\"").unwrap();
    assert!(newest < older);
    let start = html.find("<section class=\"previous\"").unwrap();
    let end = start + html[start..].find("previous-reasons").unwrap();
    insta::assert_snapshot!(&html[start..end], @r#"
    <section class="previous" data-testid="previous" data-result="eligible">
    <h3>2015年版の基準による判定</h3>
    <p class="verdict-banner verdict-eligible"><span class="verdict-kicker">更新のため、前の版の基準でも判定しました</span><strong data-testid="previous-result">認定基準を満たす</strong></p>
    <dl class="judgements">
    <div><dt>診断のカテゴリー</dt>
    <dd data-testid="previous-diagnosis">未確定<span class="possible">（Definite・いずれにも該当しないのいずれか）</span></dd></div>
    <div><dt>重症度</dt>
    <dd data-testid="previous-severity">未確定<span class="possible">（対象・対象外のいずれか）</span></dd></div>
    </dl>
    <details class="values" data-key="previous-unread"><summary>前の版の項目のうち、この個票では分からないもの（1項目）</summary>
    <ul>
    <li>皮膚&lt;所見&gt;<span class="why">（今の版では尋ねていない項目です）</span></li>
    </ul>
    <p>前の版では未記入として判定しています。</p></details>
    <details class="values" data-key="
    "#);
    let links = |html: &str| html[html.find("previous-reasons").unwrap()..].find("href=\"#field-");
    let end_of_previous = html[end..].find("</section>").unwrap() + end;
    assert_eq!(links(&html[..end_of_previous]), None);
    let masked = Mode::Print { masked: true };
    let paper = verdict_html(&outcome, Some(&previous), &view, masked).unwrap();
    assert!(paper.contains("previous-result") && !paper.contains("previous-reasons"));
}

#[test]
fn a_settled_verdict_says_what_would_change_it() {
    let form = sample::form();
    let raw: RawAnswers = [
        ("tremor", "2"),
        ("rigidity", "1"),
        ("bradykinesia", "2"),
        ("stage", "3"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
    .collect();
    let context = Context {
        today: "2026-11-22".parse().unwrap(),
        application: Application::New,
    };
    let (answers, _) = kohyo_engine::read(&form, &raw);
    let outcome = kohyo_engine::evaluate(&form, &answers, &context);
    let view = kohyo_engine::page_view(&form, &raw, &context, &outcome);
    let plain = verdict_html(&outcome, None, &view, Mode::Read).unwrap();
    assert!(
        !plain.contains("結果が変わる条件"),
        "only where it was asked for"
    );
    let outcome = outcome.with_what_if(&form, &answers, &context);
    let page = verdict_html(&outcome, None, &view, Mode::Read).unwrap();
    let start = page
        .find("<details class=\"what-if\"")
        .expect("the section");
    let section = &page[start..];
    let end = section.find("</details>").unwrap();
    insta::assert_snapshot!(&section[..end]);
    let paper = verdict_html(&outcome, None, &view, Mode::Print { masked: false }).unwrap();
    assert!(!paper.contains("結果が変わる条件"));
    // What is folded on a screen would be lost on paper.
    assert_eq!(
        paper.matches("<details").count(),
        paper.matches(" open>").count()
    );
}

#[test]
fn masked_paper_shows_the_month_of_birth_only() {
    let (_, view) = draw(&[("birth_date", "1958-04-12")]);
    let paper = |masked| form_html(&view, Mode::Print { masked }).unwrap();
    assert!(paper(false).contains("1958年4月12日") && paper(false).contains("（昭和33年4月12日）"));
    let masked = paper(true);
    assert!(masked.contains(">1958年4月<") && !masked.contains("4月12日"));
}
