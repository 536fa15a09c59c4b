//! 軽症高額の確認: a form of the programme, filled in by the municipality beside a mild record.

use crate::support::{Browser, NEW, Page, Server, assert_nowhere, complete_but, on_both};
use axum::http::StatusCode;

/// Confirms a record whose severity is this; gives its address and its key.
async fn confirmed(doctor: &mut Browser, stage: &str) -> (String, String) {
    let path = doctor.create().await;
    doctor
        .save(&path, "confirm", &complete_but("stage", stage))
        .await;
    let done = doctor.confirm(&path, &[]).await;
    let key = doctor.get(&done.location()).await.text("access-key");
    (path, key)
}

/// A record of a mild case that the municipality has fetched: the officer and the page's address.
async fn mild(server: &Server) -> (Browser, String, String) {
    let mut doctor = server.signed_in("yamada").await;
    let (path, key) = confirmed(&mut doctor, "2").await;
    let mut officer = server.signed_in("takahashi").await;
    let page = officer
        .post("/municipal/redeem", &[("access_key", &key)])
        .await;
    (officer, page.location(), path)
}

/// Sends the form as the page shows it, with these answers.
async fn fill(officer: &mut Browser, record: &str, answers: &[(&str, &str)]) -> Page {
    let page = officer.get(record).await;
    let part = part(&page);
    let (version, from) = (part.input("_version"), part.input("_counted_from"));
    let mut all = vec![("_version", version.as_str()), ("_counted_from", &from)];
    all.extend_from_slice(answers);
    officer.post(&format!("{record}/high-cost"), &all).await
}

/// The form alone: the entry below it has a version, too.
fn part(page: &Page) -> Page {
    let from = page
        .body
        .find("data-testid=\"high-cost\"")
        .expect("the form");
    Page {
        status: page.status,
        headers: page.headers.clone(),
        body: page.body[from..].to_owned(),
    }
}

/// What stands in the input of a question.
fn typed(page: &Page, name: &str) -> String {
    let input = format!("id=\"f-{name}\" value=\"");
    let rest = page
        .body
        .split(&input)
        .nth(1)
        .unwrap_or_else(|| panic!("no {name}: {}", page.body));
    rest.split('"').next().unwrap().to_owned()
}

const COSTS: [(&str, &str); 5] = [
    ("applied", "2026-11"),
    ("onset_month", "12"),
    ("month_0", "33331"),
    ("month_1", "40000"),
    ("month_11", "50000"),
];

fn but<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = COSTS.into_iter().filter(|(other, _)| *other != name);
    others.chain([(name, value)]).collect()
}

on_both! {
    async fn three_months_are_enough_and_the_reasons_are_shown(server: Server) {
        let (mut officer, record, _) = mild(&server).await;
        let page = officer.get(&record).await;
        assert_eq!(page.text("high-cost-line"), "軽症高額の確認　未記入");
        assert!(!page.has("programme-verdict"), "nothing is judged before it is filled in");
        assert_eq!(typed(&page, "applied"), "2026-11");
        assert!(page.body.contains("<option value=\"12\" selected>令和7年11月以前</option>"), "{}", page.body);
        assert!(page.text("field-month_1").starts_with("令和8年10月"), "{}", page.text("field-month_1"));
        assert!(page.text("field-month_11").starts_with("令和7年12月"));
        let saved = fill(&mut officer, &record, &COSTS).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = officer.get(&record).await;
        assert_eq!(page.text("programme-verdict-result"), "該当");
        assert_eq!(page.text("verdict-result"), "診断基準は満たすが重症度基準を満たさない（軽症）");
        let reasons = page.text("programme-explanation");
        assert!(reasons.contains("令和8年10月（医療費が33,330円を超える、かつ発症からの月数が1か月以上）"), "{reasons}");
        assert!(!reasons.contains("月前"), "{reasons}");
        assert_eq!(page.text("high-cost-line"), "軽症高額の確認　該当");
        assert_eq!(typed(&page, "month_1"), "40000");
    }

    async fn what_is_missing_is_said_and_what_is_not_enough(server: Server) {
        let (mut officer, record, _) = mild(&server).await;
        fill(&mut officer, &record, &but("month_11", "")).await;
        let page = officer.get(&record).await;
        assert_eq!(page.text("programme-verdict-result"), "判定不能（要確認）");
        assert!(page.text("programme-missing").contains("令和8年9月の医療費"), "{}", page.text("programme-missing"));
        let none: Vec<String> = (0..12).map(|month| format!("month_{month}")).collect();
        let mut all = vec![("applied", "2026-11"), ("onset_month", "0")];
        all.extend(none.iter().map(|name| (name.as_str(), "33330")));
        assert_eq!(fill(&mut officer, &record, &all).await.status, StatusCode::SEE_OTHER);
        assert_eq!(officer.get(&record).await.text("programme-verdict-result"), "非該当");
        let all: Vec<_> = all.into_iter().map(|(name, value)| (name, if name == "onset_month" { "" } else { value })).collect();
        fill(&mut officer, &record, &all).await;
        assert_eq!(officer.get(&record).await.text("programme-verdict-result"), "非該当", "whenever it began");
    }

    async fn wrong_numbers_are_told_at_the_question_and_nothing_is_stored(server: Server) {
        let (mut officer, record, _) = mild(&server).await;
        for (name, value) in [("month_1", "abc"), ("month_1", "-5"), ("month_1", "1.5"), ("month_1", "999999999"), ("onset_month", "13"), ("applied", "2026-13"), ("applied", "2026-12")] {
            let page = fill(&mut officer, &record, &but(name, value)).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
            assert!(page.has("high-cost-error"));
            let field = page.text(&format!("field-{name}"));
            assert!(field.contains("エラー"), "{name} {value}: {field}");
            assert!(!field.contains("月前の医療費"), "{field}");
            if name == "month_1" {
                assert_eq!(typed(&page, name), value, "what was typed is still there");
            }
            assert_eq!(typed(&page, "month_0"), "33331");
        }
        for value in ["", "2026", "いつか"] {
            let page = fill(&mut officer, &record, &but("applied", value)).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
            assert_eq!(page.text("high-cost-error"), "申請年月は、2026-11 のように年と月を記入してください。");
        }
        assert!(!officer.get(&record).await.has("programme-verdict"));
        // Full-width digits and grouped ones are what people have in their documents.
        let page = fill(&mut officer, &record, &but("month_1", "４００００")).await;
        let told = match page.status {
            StatusCode::SEE_OTHER => officer.get(&record).await.text("programme-verdict-result"),
            _ => page.text("field-month_1"),
        };
        assert!(told.contains("該当") || told.contains("40000"), "{told}");
    }

    async fn another_month_of_application_moves_the_months_and_asks_again(server: Server) {
        let (mut officer, record, _) = mild(&server).await;
        fill(&mut officer, &record, &but("onset_month", "3")).await;
        let moved = fill(&mut officer, &record, &but("applied", "2026-09")).await;
        assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(moved.text("high-cost-moved").contains("まだ保存していません"));
        assert!(moved.text("field-month_0").starts_with("令和8年9月（申請月）"), "{}", moved.text("field-month_0"));
        let form = part(&moved);
        assert_eq!((form.input("_counted_from"), typed(&form, "applied")), ("2026-09".into(), "2026-09".into()));
        // November and October are after the application; December 2025 was 11 months ago, now 9.
        assert_eq!(typed(&form, "month_9"), "50000");
        assert_eq!(typed(&form, "month_0"), "");
        assert_eq!(typed(&officer.get(&record).await, "applied"), "2026-11", "nothing is stored");
    }

    async fn a_second_click_stores_once_and_somebody_elses_is_not_overwritten(server: Server) {
        let (mut officer, record, _) = mild(&server).await;
        let mut other = officer.clone();
        let address = format!("{record}/high-cost");
        let send = |answers: Vec<(&'static str, &'static str)>| {
            let mut all = vec![("_version", "0"), ("_counted_from", "2026-11")];
            all.extend(answers);
            all
        };
        let first = officer.post(&address, &send(COSTS.to_vec())).await;
        let second = officer.post(&address, &send(COSTS.to_vec())).await;
        assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        assert_eq!(part(&officer.get(&record).await).input("_version"), "1");
        other.get(&record).await;
        let late = other.post(&address, &send(but("month_0", "0"))).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("軽症高額の確認が、この画面を開いた後に変更されました"));
        assert_eq!(officer.get(&record).await.text("programme-verdict-result"), "該当");
    }

    async fn it_is_printed_in_full_and_stays_with_the_record(server: Server) {
        let (mut officer, record, path) = mild(&server).await;
        assert!(!officer.get(&format!("{record}/print")).await.has("high-cost"));
        fill(&mut officer, &record, &COSTS).await;
        let paper = officer.get(&format!("{record}/print")).await;
        assert!(paper.text("high-cost").contains("高橋") && paper.text("programme-verdict-result") == "該当");
        let masked = officer.get(&format!("{record}/print-masked")).await;
        let form = masked.text("high-cost");
        assert!(form.contains("令和8年10月") && form.contains("40000円"), "{form}");
        assert!(!form.contains("マスク済み") && !form.contains("高橋"), "{form}");
        // A newer version that is no longer mild.
        let mut doctor = server.signed_in("yamada").await;
        doctor.post(&format!("{path}/revise"), &[]).await;
        doctor.save(&path, "save", &complete_but("stage", "3")).await;
        let done = doctor.confirm(&path, &[]).await;
        let key = doctor.get(&done.location()).await.text("access-key");
        assert_eq!(officer.get(&record).await.text("programme-verdict-result"), "該当", "outdated, and still there");
        officer.post("/municipal/redeem", &[("access_key", &key)]).await;
        let page = officer.get(&record).await;
        assert_eq!(page.text("verdict-result"), "認定基準を満たす");
        assert!(page.has("high-cost-needless"));
        assert_eq!(page.text("programme-verdict-result"), "該当");
    }

    async fn it_is_asked_of_mild_records_only_and_by_nobody_else(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (_, key) = confirmed(&mut doctor, "3").await;
        let mut officer = server.signed_in("takahashi").await;
        let record = officer.post("/municipal/redeem", &[("access_key", &key)]).await.location();
        assert!(!officer.get(&record).await.has("high-cost"));
        let mut all = vec![("_version", "0"), ("_counted_from", "2026-11")];
        all.extend(COSTS);
        let page = officer.post(&format!("{record}/high-cost"), &all).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        // A record that this municipality has not fetched does not exist.
        let (path, _) = confirmed(&mut doctor, "2").await;
        let foreign = path.replace("/records/", "/municipal/records/");
        let page = officer.post(&format!("{foreign}/high-cost"), &all).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        // Nor can a physician write a record in the form.
        let offered = doctor.get("/records/new").await;
        assert!(offered.body.contains("shitei-006") && !offered.body.contains("programme-high_cost"));
        let new = NEW.map(|(name, value)| match name {
            "form_key" => (name, "programme-high_cost"),
            "form_edition" => (name, "2015"),
            _ => (name, value),
        });
        let page = doctor.post("/records", &new).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn amounts_and_months_are_sealed_and_the_trail_says_who_judged() {
    let server = Server::on_sqlite().await;
    let (mut officer, record, _) = mild(&server).await;
    fill(&mut officer, &record, &but("month_1", "87654321")).await;
    let pool = server.sqlite().await;
    let id = record.rsplit('/').next().unwrap();
    let noted: i64 = sqlx::query_scalar(
        "select count(*) from audit where action = 'municipal.high_cost' and object = $1 and version = 1",
    )
    .bind(id)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(noted, 1);
    // Sealed in its own place: the administrative fields do not open there.
    sqlx::query("update municipal_form set version = version + 1")
        .execute(&pool)
        .await
        .unwrap();
    let moved = officer.get(&record).await;
    assert_eq!(moved.status, StatusCode::INTERNAL_SERVER_ERROR);
    pool.close().await;
    assert_nowhere(&server.config.data_dir, &["87654321"]);
}

#[tokio::test]
async fn without_its_definition_the_rule_is_told_and_the_result_is_kept() {
    let mut server = Server::on_sqlite().await;
    let (mut officer, record, _) = mild(&server).await;
    fill(&mut officer, &record, &COSTS).await;
    server.library = kohyo_server::Library::new([crate::sample::form()]).unwrap();
    server.restart().await;
    let mut officer = server.signed_in("takahashi").await;
    let page = officer.get(&record).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has("high-cost-no-form"));
    assert_eq!(page.text("high-cost-line"), "軽症高額の確認　該当");
    let (_, key) = confirmed(&mut server.signed_in("yamada").await, "2").await;
    let other = officer
        .post("/municipal/redeem", &[("access_key", &key)])
        .await
        .location();
    let page = officer.get(&other).await;
    assert!(
        page.text("high-cost-no-form")
            .contains("33,330円を超える月が3月以上")
    );
}
