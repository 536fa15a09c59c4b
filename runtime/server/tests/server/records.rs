//! Records from the empty form to the municipality.

use crate::support::{COMPLETE, Page, Server, complete_but, demo_samples, on_both};
use axum::http::StatusCode;
use kohyo_server::{Demo, seed_demo, verify_audit};
use std::time::Duration;

on_both! {
    async fn from_log_in_to_the_municipality(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let page = doctor.get("/records/new?q=%E3%81%B1%E3%83%BC%E3%81%8D%E3%82%93%E3%81%9D%E3%82%93").await;
        assert!(page.has("offer") && page.body.contains("下書き（未査読）の定義"), "{}", page.body);
        let (path, key) = doctor.confirmed().await;
        assert_eq!(key.len(), 29);
        let print = doctor.get(&format!("{path}/print")).await;
        assert!(print.body.contains("<svg") && print.text("access-key") == key);
        assert!(print.body.contains("様式 shitei-006　版 2020"));
        assert!(print.has("sign-place") && !print.body.contains("paper-copy"), "the physician signs");
        let read = doctor.get(&path).await;
        assert_eq!(read.text("verdict-result"), "認定基準を満たす");

        let mut officer = server.signed_in("takahashi").await;
        let typed = key.to_lowercase().replace('-', " ");
        let page = officer.post("/municipal/redeem", &[("access_key", &typed)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let record = officer.get(&page.location()).await;
        assert_eq!(record.text("verdict-result"), "認定基準を満たす");
        assert!(record.has("explanation") && record.body.contains("金糸雀"));

        let masked = officer.get(&format!("{}/print-masked", page.location())).await;
        assert!(!masked.body.contains("金糸雀") && !masked.body.contains("かなりあ"));
        assert!(!masked.body.contains("山田"), "the physician is masked, too");
        assert!(!masked.body.contains("みなと中央病院"), "the hospital of a rare patient is a name");
        let entry = [
            ("_version", "0"), ("recipient_number", "1234567"), ("decision", "approved"),
            ("decided_on", "2026-11-22"), ("note", "審査会 第3回"),
        ];
        let saved = officer.post(&page.location(), &entry).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let again = officer.get(&page.location()).await;
        assert!(again.body.contains("value=\"1234567\"") && again.body.contains("令和8年11月22日"));
        assert!(officer.get("/municipal").await.body.contains("認定"));
        let stale = officer.post(&page.location(), &entry).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(verify_audit(&server.config).await.unwrap() > 10);
    }

    async fn forms_that_were_only_looked_at_leave_no_drafts_behind(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let drafts = |page: Page| page.body.matches("data-testid=\"draft-line\"").count();
        let before = drafts(doctor.get("/records").await);
        let (first, second) = (doctor.create().await, doctor.create().await);
        assert_ne!(first, second, "two patients can be begun side by side");
        assert_eq!(drafts(doctor.get("/records").await), before);
        doctor.save(&second, "save", &[]).await;
        assert_eq!(drafts(doctor.get("/records").await), before + 1, "what was saved is kept");

        server.wait(13 * 60 * 60);
        let mut doctor = server.signed_in("yamada").await;
        assert_eq!(doctor.create().await, first, "yesterday's empty draft is taken again");
        assert!(doctor.get(&first).await.body.contains("value=\"2026-11-23\""), "it is written today");
        assert_ne!(doctor.create().await, first);
        let mut other = server.signed_in("sato").await;
        server.wait(13 * 60 * 60);
        let mut clerk = server.signed_in("sato").await;
        assert_ne!(clerk.create().await, first, "nobody takes the draft of somebody else");
        assert_eq!(other.get("/records").await.status, StatusCode::SEE_OTHER);
    }

    async fn checks_calculations_and_verdict_follow_each_change(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        let version = doctor.get(&path).await.input("_version");
        let csrf = doctor.csrf.clone();
        let answers = [
            ("_csrf", csrf.as_str()), ("_version", &version),
            ("height", "160"), ("weight", "64"), ("family_history", "1"), ("birth_date", "1990"), ("onset", "1980-01"),
        ];
        let live = doctor.post_raw(&format!("{path}/live"), &answers, &[("accept", "application/json")]).await;
        let live: serde_json::Value = serde_json::from_str(&live.body).unwrap();
        assert_eq!(live["values"]["bmi"], "25.0 kg/m2");
        assert_eq!(live["shown"]["relatives"], true);
        assert_eq!(live["result"], "undetermined");
        let checks: Vec<&str> = live["findings"].as_array().unwrap().iter().map(|f| f["check"].as_str().unwrap()).collect();
        assert!(checks.contains(&"R012"), "{checks:?}");
    }

    async fn what_is_plain_is_taken_as_people_write_it(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        let written = [
            ("family_name_kana", "カナリア"), ("birth_date", "昭和33年4月12日"), ("onset", "R1.5"),
            ("height", "１６０"), ("weight", "52.5"),
        ];
        let page = doctor.save(&path, "check", &written).await;
        for read in ["value=\"かなりあ\"", "value=\"1958-04-12\"", "value=\"2019-05\"", "value=\"160\""] {
            assert!(page.body.contains(read), "{read}: {}", page.body);
        }
        // What is not plain stays, and is found wrong.
        let page = doctor.save(&path, "check", &[("birth_date", "昭和33年13月12日")]).await;
        assert!(page.body.contains("value=\"昭和33年13月12日\"") && page.body.contains("finding-error"));
    }

    async fn without_scripts_a_form_is_recalculated_and_a_choice_cleared(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        let page = doctor.save(&path, "check", &[("height", "160"), ("weight", "64")]).await;
        assert!(page.body.contains("25.0 kg/m2") && page.body.contains("まだ保存していません"));
        assert!(!doctor.get(&path).await.body.contains("25.0 kg/m2"));
        let version = doctor.get(&path).await.input("_version");
        let page = doctor.post(&path, &[("_version", &version), ("_clear", "tremor"), ("tremor", "1"), ("rigidity", "1")]).await;
        assert!(page.body.contains("id=\"f-rigidity-1\" value=\"1\" checked"));
        assert!(!page.body.contains("id=\"f-tremor-1\" value=\"1\" checked"));
    }

    async fn errors_block_confirming_and_warnings_need_a_tick(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        doctor.save(&path, "save", &[("family_name", "山")]).await;
        let confirm = format!("{path}/confirm");
        let page = doctor.get(&confirm).await;
        assert!(page.has("errors") && !page.has("confirm"));
        assert!(page.body.contains(&format!("{path}#field-tremor")));
        let version = page.input("_version");
        let refused = doctor.post(&confirm, &[("_version", &version), ("_ack", "yes")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

        doctor.save(&path, "save", &complete_but("weight", "151")).await;
        let unticked = doctor.confirm(&path, &[]).await;
        assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unticked.body.contains("「確認しました」に印を付けてください"));
        let version = doctor.get(&confirm).await.input("_version");
        let ticked = doctor.post(&confirm, &[("_version", &version), ("_ack", "yes")]).await;
        assert_eq!(ticked.status, StatusCode::SEE_OTHER);
        // The second of two clicks finds its work done.
        let twice = doctor.post(&confirm, &[("_version", &version), ("_ack", "yes")]).await;
        assert_eq!((twice.status, twice.location()), (StatusCode::SEE_OTHER, ticked.location()));
        assert!(doctor.get(&path).await.body.contains("第1版"));
        assert!(!doctor.get(&path).await.body.contains("第2版"));
    }

    async fn a_result_that_approves_nobody_is_told_before_confirming(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        doctor.save(&path, "save", &complete_but("bradykinesia", "3")).await;
        let page = doctor.get(&format!("{path}/confirm")).await;
        assert!(!page.has("unfavourable"), "two findings are enough");
        let undecided: Vec<_> = complete_but("rigidity", "3").into_iter()
            .map(|(name, value)| if name == "bradykinesia" { (name, "3") } else { (name, value) })
            .collect();
        doctor.save(&path, "save", &undecided).await;
        let page = doctor.get(&format!("{path}/confirm")).await;
        let told = page.text("unfavourable");
        assert!(told.contains("このまま確定すると「判定不能（要確認）」です。"), "{told}");
        assert!(page.body.contains(&format!("<a href=\"{path}#field-rigidity\">")), "{}", page.body);
        let unseen = doctor.confirm(&path, &[("_ack", "yes")]).await;
        assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY);
        let seen = doctor.confirm(&path, &[("_ack_result", "yes")]).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    }

    async fn a_decision_against_the_machine_or_on_an_impossible_day_is_asked_back(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (_, key) = doctor.confirmed().await;
        let mut officer = server.signed_in("takahashi").await;
        let record = officer.post("/municipal/redeem", &[("access_key", &key)]).await.location();
        for (decision, number, day, more, wrong) in [
            ("approved", "1234567", "2030-01-01", vec![], "decided_on"),
            ("approved", "1234567", "2026-11-21", vec![], "decided_on"),
            ("approved", "", "2026-11-22", vec![], "recipient_number"),
            ("rejected", "", "2026-11-22", vec![("against", "yes")], "note"),
            ("rejected", "", "2026-11-22", vec![("note", "審査会の判断")], "against"),
        ] {
            officer.get(&record).await;
            let mut entry = vec![("_version", "0"), ("decision", decision), ("recipient_number", number), ("decided_on", day)];
            entry.extend(more);
            let page = officer.post(&record, &entry).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert_eq!(page.body.matches("data-testid=\"entry-error\"").count(), 1, "{wrong}");
            assert!(page.body.contains(&format!("id=\"{wrong}-error\"")), "{wrong}");
        }
        let entry = [
            ("_version", "0"), ("decision", "rejected"), ("decided_on", "2026-11-22"),
            ("note", "審査会の判断"), ("against", "yes"),
        ];
        let saved = officer.post(&record, &entry).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    }

    async fn answers_to_hidden_questions_are_kept_in_the_draft_and_left_out_of_the_record(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        let mut answers = COMPLETE.to_vec();
        answers.push(("relatives", "3"));
        doctor.save(&path, "save", &answers).await;
        let page = doctor.get(&path).await;
        assert!(page.body.contains("id=\"f-relatives-3\" value=\"3\" checked"));
        let confirm = doctor.get(&format!("{path}/confirm")).await;
        assert!(confirm.body.contains("表示されていない質問への回答が1件"));
        assert!(confirm.has("confirm"), "{}", confirm.body);
    }

    async fn a_second_tab_never_overwrites_silently(server: Server) {
        let mut one = server.signed_in("yamada").await;
        let path = one.create().await;
        let version = one.get(&path).await.input("_version");
        let mut two = server.signed_in("sato").await;
        two.get(&path).await;
        let saved = one.post(&path, &[("_version", &version), ("family_name", "山田")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let conflict = two.post(&path, &[("_version", &version), ("family_name", "川田")]).await;
        assert_eq!(conflict.status, StatusCode::CONFLICT);
        assert!(conflict.body.contains("川田") && conflict.body.contains("山田"));
        let newest = conflict.input("_version");
        let chosen = [
            ("_version", newest.as_str()), ("family_name", "川田"), ("given_name", "二郎"),
            ("_take.family_name", "stored"), ("_stored.family_name", "山田"),
        ];
        assert_eq!(two.post(&path, &chosen).await.status, StatusCode::SEE_OTHER);
        let both = two.get(&path).await;
        assert!(both.body.contains("value=\"山田\"") && both.body.contains("value=\"二郎\""));
        let newest = both.input("_version");
        let forced = two.post(&path, &[("_version", &newest), ("family_name", "川田")]).await;
        assert_eq!(forced.status, StatusCode::SEE_OTHER);
        assert!(one.get(&path).await.body.contains("value=\"川田\""));
        let auto = one.post_raw(&format!("{path}/autosave"), &[("_csrf", &one.csrf.clone()), ("_version", &version)], &[]).await;
        assert_eq!(auto.status, StatusCode::CONFLICT);
    }

    async fn a_page_from_before_the_confirmation_changes_nothing(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        doctor.save(&path, "save", &COMPLETE).await;
        let version = doctor.get(&path).await.input("_version");
        doctor.confirm(&path, &[]).await;
        let saved = doctor.post(&path, &[("_version", &version), ("family_name", "遅")]).await;
        assert_eq!(saved.status, StatusCode::CONFLICT);
        assert!(saved.body.contains("すでに確定されています"), "{}", saved.body);
        let deleted = doctor.post(&format!("{path}/delete"), &[("_version", &version)]).await;
        assert_eq!(deleted.status, StatusCode::CONFLICT);
        let page = doctor.get(&path).await;
        assert!(page.body.contains("確定済み 第1版") && !page.has("form"), "{}", page.body);
    }

    async fn a_confirmed_record_is_revised_as_a_new_version_with_a_new_key(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (path, old_key) = doctor.confirmed().await;
        assert_eq!(doctor.post(&format!("{path}/revise"), &[]).await.status, StatusCode::SEE_OTHER);
        let edit = doctor.get(&path).await;
        assert!(edit.has("form") && edit.body.contains("金糸雀"));
        doctor.save(&path, "save", &complete_but("stage", "2")).await;
        let done = doctor.confirm(&path, &[]).await;
        let new_key = doctor.get(&done.location()).await.text("access-key");
        assert_ne!(new_key, old_key);
        assert_eq!(doctor.get(&path).await.text("verdict-result"), "診断基準は満たすが重症度基準を満たさない（軽症）");
        assert_eq!(doctor.get(&format!("{path}/versions/1")).await.text("verdict-result"), "認定基準を満たす");
        let mut officer = server.signed_in("takahashi").await;
        let old = officer.post("/municipal/redeem", &[("access_key", &old_key)]).await;
        assert_eq!(old.status, StatusCode::NOT_FOUND);
        assert!(old.has("key-error"));
        let new = officer.post("/municipal/redeem", &[("access_key", &new_key)]).await;
        assert_eq!(new.status, StatusCode::SEE_OTHER);
        assert!(officer.get(&new.location()).await.has("high-cost"), "the cost is looked at");
        // A key issued again opens the record, the one before no more.
        doctor.post(&format!("{path}/key"), &[]).await;
        let third = doctor.get(&format!("{path}/done")).await.text("access-key");
        let mut other = server.signed_in("takahashi").await;
        assert_eq!(other.post("/municipal/redeem", &[("access_key", &new_key)]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post("/municipal/redeem", &[("access_key", &third)]).await.status, StatusCode::SEE_OTHER);
    }

    async fn a_draft_is_deleted_and_a_revision_given_up(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        let gone = doctor.delete(&path).await;
        assert_eq!(gone.location(), "/records?deleted=1");
        assert_eq!(doctor.get(&path).await.status, StatusCode::NOT_FOUND);
        let (path, _) = doctor.confirmed().await;
        doctor.post(&format!("{path}/revise"), &[]).await;
        doctor.delete(&path).await;
        assert!(doctor.get(&path).await.body.contains("確定済み 第1版"));
    }

    async fn the_access_key_is_shown_to_the_browser_it_was_issued_to_for_half_an_hour(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (path, _) = doctor.confirmed().await;
        let done = format!("{path}/done");
        assert!(doctor.get(&done).await.has("access-key"));
        let mut elsewhere = server.signed_in("yamada").await;
        assert!(!elsewhere.get(&done).await.has("access-key"));
        server.wait(29 * 60);
        assert!(doctor.get(&done).await.has("access-key"));
        server.wait(2 * 60);
        assert!(!doctor.get(&done).await.has("access-key"));
    }

    async fn a_clerk_prepares_and_never_confirms(server: Server) {
        let mut clerk = server.signed_in("sato").await;
        let path = clerk.create().await;
        let page = clerk.save(&path, "confirm", &COMPLETE).await;
        assert_eq!(clerk.get(&page.location()).await.status, StatusCode::FORBIDDEN);
        assert!(!clerk.get(&path).await.has("to-confirm"));
        let mut doctor = server.signed_in("yamada").await;
        doctor.confirm(&path, &[]).await;
        let read = doctor.get(&path).await;
        assert!(read.body.contains("指定医 山田 太郎") && read.body.contains("入力 佐藤 花子"));
    }

    async fn records_are_found_by_the_whole_name_in_kana(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        doctor.confirmed().await;
        let found = |page: Page| page.body.contains("金糸雀");
        let query = |kana: &str| format!("/records?q={}", kana.bytes().map(|b| format!("%{b:02X}")).collect::<String>());
        assert!(found(doctor.get(&query("カナリア　ことり")).await));
        let surname = doctor.get(&query("かなりあ")).await;
        assert!(surname.text("drafts").contains("姓だけでは探せません。"));
        assert!(!found(surname));
        assert!(!found(server.signed_in("suzuki").await.get(&query("カナリアことり")).await));
    }

    async fn what_is_wrong_is_said_where_and_how_to_go_on(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let form = doctor.post("/records", &[("form_key", "shitei-999"), ("form_edition", "1"), ("application", "new")]).await;
        assert_eq!(form.status, StatusCode::NOT_FOUND);
        assert!(form.body.contains("shitei-999"));
        assert_eq!(doctor.get("/records/no-such-record").await.status, StatusCode::NOT_FOUND);
        let way = doctor.get("/logout").await;
        assert_eq!(way.status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(way.has("error"));
        let nowhere = doctor.get("/nowhere").await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        assert!(nowhere.has("user") && nowhere.body.contains("href=\"/records\""), "the menu stays");
        assert!(!server.browser().get("/nowhere").await.has("user"));
        assert_eq!(doctor.get("/assets/nothing.js").await.status, StatusCode::NOT_FOUND);
        let path = doctor.create().await;
        let long = "あ".repeat(200_000);
        let large = doctor.save(&path, "save", &[("course", &long)]).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(large.text("error").contains("512キロバイト"));
        let mass = doctor.save(&path, "save", &[("hospital", "x"), ("confirmed", "9"), ("family_name", "山")]).await;
        assert_eq!(mass.status, StatusCode::SEE_OTHER, "unknown names are not taken over");
    }

    async fn the_demonstration_is_made_once(server: Server) {
        let again = seed_demo(&server.config, &server.library, &demo_samples()).await.unwrap();
        assert_eq!(again.accounts.len(), 4);
        let keys = |demo: &Demo| demo.records.iter().map(|r| (r.path.clone(), r.access_key.clone())).collect::<Vec<_>>();
        assert_eq!(keys(&again), keys(&server.demo));
        let key = server.demo.records.iter().find_map(|record| record.access_key.clone()).unwrap();
        let mut officer = server.signed_in("takahashi").await;
        let page = officer.post("/municipal/redeem", &[("access_key", &key)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(officer.get(&page.location()).await.text("verdict-result"), "認定基準を満たす");
        let mut doctor = server.signed_in("yamada").await;
        let list = doctor.get("/records").await;
        assert_eq!(list.body.matches("data-testid=\"draft-line\"").count(), 1);
        assert_eq!(list.body.matches("data-testid=\"confirmed-line\"").count(), 1);
    }
}

#[tokio::test]
async fn a_draft_that_is_confirmed_while_it_is_saved_stays_confirmed() {
    let Some(server) = Server::on_postgresql().await else {
        return;
    };
    let mut doctor = server.signed_in("yamada").await;
    let path = doctor.create().await;
    let version = doctor.get(&path).await.input("_version");
    let id = path.rsplit('/').next().unwrap();
    let pool = sqlx::PgPool::connect(&server.config.database)
        .await
        .unwrap();
    // What confirming does to the draft, at the moment before it is certain.
    let mut confirming = pool.begin().await.unwrap();
    for statement in [
        "select 1 from record where id = $1 for update",
        "delete from record_draft where record = $1",
    ] {
        let done = sqlx::query(statement).bind(id).execute(&mut *confirming);
        done.await.unwrap();
    }
    let mut other = doctor.clone();
    let to = path.clone();
    let saving = tokio::spawn(async move {
        other
            .post(&to, &[("_version", &version), ("family_name", "遅")])
            .await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    confirming.commit().await.unwrap();
    assert_eq!(saving.await.unwrap().status, StatusCode::CONFLICT);
    let drafts: i64 = sqlx::query_scalar("select count(*) from record_draft where record = $1")
        .bind(id)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(drafts, 0);
}
