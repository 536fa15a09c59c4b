//! The server through its router, on SQLite and on PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

#[path = "support/postgres.rs"]
mod postgres;
#[path = "../../pages/tests/support/sample.rs"]
mod sample;
#[path = "support/server.rs"]
mod server;

use axum::http::{StatusCode, header};
use kohyo_engine::Form;
use kohyo_engine::program::{Carried, Field, FieldId, FieldType, MappedCode, Migration};
use kohyo_server::{Library, StartError, router, seed_demo, verify_audit};
use server::{Backend, Browser, COMPLETE, Server, demo_samples};
use std::sync::Arc;

/// Runs each promise on both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($server:ident: Server) $body:block)*) => {
        $(async fn $name($server: Server) $body)*

        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Server::start(super::Backend::Sqlite).await.unwrap()).await;
            })*
        }

        mod postgresql {
            $(#[tokio::test]
            async fn $name() {
                if let Some(server) = super::Server::start(super::Backend::Postgres).await {
                    super::$name(server).await;
                }
            })*
        }
    };
}

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

        let mut heavy = COMPLETE.to_vec();
        heavy.retain(|(name, _)| *name != "weight");
        heavy.push(("weight", "151"));
        doctor.save(&path, "save", &heavy).await;
        let version = doctor.get(&confirm).await.input("_version");
        let unticked = doctor.post(&confirm, &[("_version", &version)]).await;
        assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unticked.body.contains("「確認しました」に印を付けてください"));
        let ticked = doctor.post(&confirm, &[("_version", &version), ("_ack", "yes")]).await;
        assert_eq!(ticked.status, StatusCode::SEE_OTHER);
        // The second of two clicks finds its work done.
        let twice = doctor.post(&confirm, &[("_version", &version), ("_ack", "yes")]).await;
        assert_eq!((twice.status, twice.location()), (StatusCode::SEE_OTHER, ticked.location()));
        assert!(doctor.get(&path).await.body.contains("第1版"));
        assert!(!doctor.get(&path).await.body.contains("第2版"));
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
        let forced = two.post(&path, &[("_version", &newest), ("family_name", "川田")]).await;
        assert_eq!(forced.status, StatusCode::SEE_OTHER);
        assert!(one.get(&path).await.body.contains("value=\"川田\""));
        let auto = one.post_raw(&format!("{path}/autosave"), &[("_csrf", &one.csrf.clone()), ("_version", &version)], &[]).await;
        assert_eq!(auto.status, StatusCode::CONFLICT);
    }

    async fn a_confirmed_record_is_revised_as_a_new_version_with_a_new_key(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (path, old_key) = doctor.confirmed().await;
        assert_eq!(doctor.post(&format!("{path}/revise"), &[]).await.status, StatusCode::SEE_OTHER);
        let edit = doctor.get(&path).await;
        assert!(edit.has("form") && edit.body.contains("金糸雀"));
        let mut answers = COMPLETE.to_vec();
        answers.retain(|(name, _)| *name != "stage");
        answers.push(("stage", "2"));
        doctor.save(&path, "save", &answers).await;
        let version = doctor.get(&format!("{path}/confirm")).await.input("_version");
        let done = doctor.post(&format!("{path}/confirm"), &[("_version", &version)]).await;
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
        let version = doctor.get(&path).await.input("_version");
        let gone = doctor.post(&format!("{path}/delete"), &[("_version", &version)]).await;
        assert_eq!(gone.location(), "/records?deleted=1");
        assert_eq!(doctor.get(&path).await.status, StatusCode::NOT_FOUND);
        let (path, _) = doctor.confirmed().await;
        doctor.post(&format!("{path}/revise"), &[]).await;
        let version = doctor.get(&path).await.input("_version");
        doctor.post(&format!("{path}/delete"), &[("_version", &version)]).await;
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

    async fn wrong_keys_are_explained_and_guessing_is_stopped(server: Server) {
        let mut officer = server.signed_in("takahashi").await;
        let slip = officer.post("/municipal/redeem", &[("access_key", "ABC")]).await;
        assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(slip.text("key-error").contains("入力は3文字"));
        let unknown = "0".repeat(25);
        for _ in 0..30 {
            let miss = officer.post("/municipal/redeem", &[("access_key", &unknown)]).await;
            assert_eq!(miss.status, StatusCode::NOT_FOUND);
        }
        let stopped = officer.post("/municipal/redeem", &[("access_key", &unknown)]).await;
        assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
        server.wait(61 * 60);
        let mut officer = server.signed_in("takahashi").await;
        let again = officer.post("/municipal/redeem", &[("access_key", &unknown)]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }

    async fn five_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour(server: Server) {
        let right = [("login", "yamada"), ("password", "demo-shiteii-2026")];
        let mut browser = server.browser();
        let unknown = browser.post("/login", &[("login", "nobody"), ("password", "x")]).await;
        for _ in 0..5 {
            let wrong = browser.post("/login", &[("login", "yamada"), ("password", "x")]).await;
            assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
            assert_eq!(wrong.body, unknown.body, "known and unknown look alike");
        }
        assert_eq!(browser.post("/login", &right).await.status, StatusCode::UNAUTHORIZED);
        server.wait(15 * 60);
        assert_eq!(browser.post("/login", &right).await.status, StatusCode::SEE_OTHER);
    }

    async fn sessions_end_when_idle_and_after_twelve_hours(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        server.wait(29 * 60);
        assert_eq!(doctor.get("/records").await.status, StatusCode::OK);
        server.wait(31 * 60);
        let page = doctor.get("/records?q=x").await;
        assert_eq!(page.location(), "/login?to=/records%3Fq%3Dx");
        let mut doctor = server.signed_in("yamada").await;
        for _ in 0..25 {
            server.wait(28 * 60);
            doctor.get("/records").await;
        }
        server.wait(28 * 60);
        assert_eq!(doctor.get("/records").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_form_sent_too_late_is_not_lost(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        let version = doctor.get(&path).await.input("_version");
        server.wait(31 * 60);
        let late = doctor.post(&path, &[("_version", &version), ("family_name", "\"遅\"")]).await;
        assert_eq!(late.status, StatusCode::UNAUTHORIZED);
        assert!(late.has("kept") && late.body.contains("name=\"kept.family_name\" value=\"&quot;遅&quot;\""), "{}", late.body);
        let login = [
            ("login", "yamada"), ("password", "demo-shiteii-2026"), ("to", path.as_str()),
            ("kept._version", &version), ("kept.family_name", "\"遅\""),
        ];
        let page = doctor.post_raw("/login", &login, &[]).await;
        assert!(page.has("send-again"), "{}", page.body);
        let sent = doctor.post(&path, &[("_version", &version), ("family_name", "\"遅\"")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert!(doctor.get(&path).await.body.contains("value=\"&quot;遅&quot;\""));
        server.wait(31 * 60);
        let script = doctor.post_raw(&format!("{path}/live"), &[], &[("accept", "application/json")]).await;
        assert_eq!(script.status, StatusCode::UNAUTHORIZED);
    }

    async fn forged_requests_change_nothing(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let create = [("form_key", "shitei-006"), ("form_edition", "2020"), ("application", "new")];
        let csrf = doctor.csrf.clone();
        let with = |token: &str| {
            let mut all = create.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
            all.push(("_csrf".to_owned(), token.to_owned()));
            all
        };
        let other = server.signed_in("suzuki").await.csrf;
        for (token, headers) in [
            ("", vec![]),
            (other.as_str(), vec![]),
            (csrf.as_str(), vec![("sec-fetch-site", "cross-site")]),
            (csrf.as_str(), vec![("sec-fetch-site", "same-site")]),
            (csrf.as_str(), vec![("origin", "https://evil.example")]),
            (csrf.as_str(), vec![("origin", "null")]),
        ] {
            let pairs = with(token);
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let page = doctor.post_raw("/records", &pairs, &headers).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
        }
        let own = with(&csrf);
        let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let page = doctor.post_raw("/records", &own, &[("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }

    async fn every_route_answers_each_role_as_written(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (path, key) = doctor.confirmed().await;
        let draft = doctor.create().await;
        let mut officer = server.signed_in("takahashi").await;
        let linked = officer.post("/municipal/redeem", &[("access_key", &key)]).await.location();
        let p = |tail: &str| format!("{path}{tail}");
        let d = |tail: &str| format!("{draft}{tail}");
        let m = |tail: &str| format!("{linked}{tail}");
        // Columns: nobody, physician, clerk, physician of another hospital, officer.
        // I: sent to sign in. O: answered. R: wrong role (403). N: does not exist (404).
        let table: Vec<(&str, String, &str)> = vec![
            ("GET", "/healthz".into(), "OOOOO"),
            ("GET", "/login".into(), "OOOOO"),
            ("GET", "/".into(), "IOOOO"),
            ("GET", "/records".into(), "IOOOR"),
            ("GET", "/records/new".into(), "IOOOR"),
            ("POST", "/records".into(), "IOOOR"),
            ("GET", p(""), "IOONR"),
            ("GET", d(""), "IOONR"),
            ("GET", p("/versions/1"), "IOONR"),
            ("GET", p("/print"), "IOONR"),
            ("POST", d("/live"), "IOONR"),
            ("POST", d("/autosave"), "IOONR"),
            ("POST", d(""), "IOONR"),
            ("GET", d("/confirm"), "IORNR"),
            ("POST", d("/confirm"), "IORNR"),
            ("GET", p("/done"), "IORNR"),
            ("POST", p("/key"), "IORNR"),
            ("POST", p("/revise"), "IOONR"),
            ("POST", d("/delete"), "IOONR"),
            ("GET", "/municipal".into(), "IRRRO"),
            ("POST", "/municipal/redeem".into(), "IRRRO"),
            ("GET", m(""), "IRRRO"),
            ("POST", m(""), "IRRRO"),
            ("GET", m("/print"), "IRRRO"),
            ("GET", m("/print-masked"), "IRRRO"),
        ];
        let mut roles: Vec<Browser> = vec![server.browser()];
        for login in ["yamada", "sato", "suzuki", "takahashi"] {
            roles.push(server.signed_in(login).await);
        }
        for (method, path, expected) in table {
            // Those who are refused go first, so that nobody changes what the next one finds.
            let mut order: Vec<usize> = (0..5).collect();
            order.sort_by_key(|place| &expected[*place..=*place] == "O");
            for place in order {
                let browser = &mut roles[place];
                let page = if method == "GET" {
                    browser.get(&path).await
                } else {
                    browser.post(&path, &[("_version", "1"), ("form_key", "shitei-006"), ("form_edition", "2020"), ("application", "new")]).await
                };
                let to_login = page.status == StatusCode::UNAUTHORIZED
                    || (page.status == StatusCode::SEE_OTHER && page.location().starts_with("/login"));
                let answer = match page.status {
                    _ if to_login => "I",
                    StatusCode::FORBIDDEN => "R",
                    StatusCode::NOT_FOUND => "N",
                    status if status.is_server_error() => "!",
                    _ => "O",
                };
                assert_eq!(answer, &expected[place..=place], "{method} {path} as number {place}: {}", page.status);
            }
        }
    }

    async fn a_clerk_prepares_and_never_confirms(server: Server) {
        let mut clerk = server.signed_in("sato").await;
        let path = clerk.create().await;
        let page = clerk.save(&path, "confirm", &COMPLETE).await;
        assert_eq!(clerk.get(&page.location()).await.status, StatusCode::FORBIDDEN);
        assert!(!clerk.get(&path).await.has("to-confirm"));
        let mut doctor = server.signed_in("yamada").await;
        let version = doctor.get(&format!("{path}/confirm")).await.input("_version");
        doctor.post(&format!("{path}/confirm"), &[("_version", &version)]).await;
        let read = doctor.get(&path).await;
        assert!(read.body.contains("指定医 山田 太郎") && read.body.contains("入力 佐藤 花子"));
    }

    async fn records_are_found_by_the_whole_name_in_kana(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        doctor.confirmed().await;
        let found = |page: server::Page| page.body.contains("金糸雀");
        let query = |kana: &str| format!("/records?q={}", kana.bytes().map(|b| format!("%{b:02X}")).collect::<String>());
        assert!(found(doctor.get(&query("カナリア　ことり")).await));
        assert!(!found(doctor.get(&query("かなりあ")).await));
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
        assert_eq!(doctor.get("/nowhere").await.status, StatusCode::NOT_FOUND);
        assert_eq!(doctor.get("/assets/nothing.js").await.status, StatusCode::NOT_FOUND);
        let path = doctor.create().await;
        let long = "あ".repeat(200_000);
        let large = doctor.save(&path, "save", &[("course", &long)]).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(large.text("error").contains("512キロバイト"));
        let mass = doctor.save(&path, "save", &[("hospital", "x"), ("confirmed", "9"), ("family_name", "山")]).await;
        assert_eq!(mass.status, StatusCode::SEE_OTHER, "unknown names are not taken over");
    }

    async fn every_answer_carries_the_security_headers(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let path = doctor.create().await;
        for path in ["/login", "/records", &path, "/nowhere", "/assets/base.css", "/healthz"] {
            let page = doctor.get(path).await;
            let csp = page.headers["content-security-policy"].to_str().unwrap();
            assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"));
            assert_eq!(page.headers["x-content-type-options"], "nosniff");
            assert_eq!(page.headers["referrer-policy"], "no-referrer");
            let cached = page.headers[header::CACHE_CONTROL].to_str().unwrap();
            assert_eq!(cached.contains("no-store"), path != "/assets/base.css", "{path}");
            for inline in ["<style", " style=", " onclick=", "<script>"] {
                assert!(!page.body.contains(inline), "{path} has {inline}");
            }
        }
        let mut browser = server.browser();
        let page = browser.post("/login", &[("login", "yamada"), ("password", "demo-shiteii-2026")]).await;
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
        browser.get("/records").await;
        let out = browser.post("/logout", &[]).await;
        assert!(out.headers.contains_key("clear-site-data"));
        assert_eq!(browser.get("/records").await.status, StatusCode::SEE_OTHER);
    }

    async fn the_demonstration_is_made_once(server: Server) {
        let again = seed_demo(&server.config, &server.library, &demo_samples()).await.unwrap();
        assert_eq!(again.accounts.len(), 4);
        let keys = |demo: &kohyo_server::Demo| demo.records.iter().map(|r| (r.path.clone(), r.access_key.clone())).collect::<Vec<_>>();
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

    async fn another_key_file_is_refused_at_the_start(server: Server) {
        let mut elsewhere = server.config.clone();
        elsewhere.data_dir = server.folder.path().join("other");
        let error = router(&elsewhere, server.library.clone()).await.unwrap_err();
        assert!(matches!(error, StartError::OtherKey), "{error}");
    }
}

/// What only SQL can try, on SQLite: triggers, moved items, a changed trail, bytes on the disk.
mod in_the_database {
    use super::*;
    use sqlx::SqlitePool;

    async fn with_record() -> (Server, Browser, String, SqlitePool) {
        let server = Server::start(Backend::Sqlite).await.unwrap();
        let mut doctor = server.signed_in("yamada").await;
        let (path, _) = doctor.confirmed().await;
        let pool = SqlitePool::connect(&server.config.database).await.unwrap();
        (server, doctor, path, pool)
    }

    #[tokio::test]
    async fn confirmed_versions_and_the_audit_trail_cannot_be_changed() {
        let (_server, _doctor, _path, pool) = with_record().await;
        for statement in [
            "update record_version set result = 'eligible'",
            "delete from record_version",
            "insert or replace into record_version select * from record_version limit 1",
            "update audit set actor = 'x'",
            "delete from audit where seq = 1",
            "insert or replace into audit select * from audit limit 1",
        ] {
            let error = sqlx::query(statement).execute(&pool).await.unwrap_err();
            assert!(error.to_string().contains("never"), "{statement}: {error}");
        }
    }

    #[tokio::test]
    async fn a_changed_audit_trail_is_noticed() {
        let (server, _doctor, _path, pool) = with_record().await;
        let whole = verify_audit(&server.config).await.unwrap();
        sqlx::query("drop trigger audit_is_never_changed")
            .execute(&pool)
            .await
            .unwrap();
        sqlx::query("update audit set actor = 'somebody' where seq = 5")
            .execute(&pool)
            .await
            .unwrap();
        let error = verify_audit(&server.config).await.unwrap_err();
        assert!(
            whole > 5 && matches!(error, StartError::AuditBroken { seq: 5 }),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_sealed_item_moved_to_another_record_does_not_open() {
        let (_server, mut doctor, _path, pool) = with_record().await;
        let one = doctor.create().await;
        let two = doctor.create().await;
        let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        sqlx::query("update record_draft set sealed_answers = (select sealed_answers from record_draft where record = $1) where record = $2")
            .bind(id(&one)).bind(id(&two)).execute(&pool).await.unwrap();
        assert_eq!(doctor.get(&one).await.status, StatusCode::OK);
        let moved = doctor.get(&two).await;
        assert_eq!(moved.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(moved.body.contains("改変"));
        sqlx::query("update record_draft set sealed_answers = sealed_patient where record = $1")
            .bind(id(&one))
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(
            doctor.get(&one).await.status,
            StatusCode::INTERNAL_SERVER_ERROR
        );
    }

    #[tokio::test]
    async fn no_file_holds_a_name_or_a_key_in_the_clear() {
        let (server, mut doctor, path, pool) = with_record().await;
        let key = doctor.get(&format!("{path}/done")).await.text("access-key");
        let mut officer = server.signed_in("takahashi").await;
        officer
            .post("/municipal/redeem", &[("access_key", &key)])
            .await;
        officer.get("/municipal").await;
        pool.close().await;
        let mut searched = 0;
        for entry in std::fs::read_dir(&server.config.data_dir).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            searched += bytes.len();
            let plain = key.replace('-', "");
            for canary in [
                "金糸雀",
                "小鳥",
                "かなりあ",
                "1958-04-12",
                key.as_str(),
                plain.as_str(),
            ] {
                let utf16: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
                for needle in [canary.as_bytes(), &utf16] {
                    assert!(
                        !bytes.windows(needle.len()).any(|window| window == needle),
                        "{canary}"
                    );
                }
            }
        }
        assert!(searched > 50_000);
    }

    #[tokio::test]
    async fn a_full_disk_loses_nothing_and_says_so() {
        let (_server, mut doctor, path, pool) = with_record().await;
        let draft = doctor.create().await;
        doctor.save(&draft, "save", &[("family_name", "前")]).await;
        let version = doctor.get(&draft).await.input("_version");
        // A trigger stands in for the disk: SQLite reports both with an error of its own.
        sqlx::query("create trigger full before update on record_draft begin select raise(fail, 'database or disk is full'); end")
            .execute(&pool).await.unwrap();
        let failed = doctor
            .post(&draft, &[("_version", &version), ("family_name", "後")])
            .await;
        assert!(failed.status.is_server_error());
        assert!(failed.body.contains("失われていません"));
        sqlx::query("drop trigger full")
            .execute(&pool)
            .await
            .unwrap();
        let page = doctor.get(&draft).await;
        assert!(page.body.contains("value=\"前\"") && page.input("_version") == version);
        assert_eq!(doctor.get(&path).await.status, StatusCode::OK);
    }
}

mod pages {
    use super::*;

    /// Ids and tokens are random; the rest of a page is not.
    fn stable(page: &server::Page, path: &str) -> String {
        let id = path.rsplit('/').next().unwrap();
        let mut text = page.body.replace(id, "RECORD");
        if page.body.contains("name=\"_csrf\"") {
            text = text.replace(&page.input("_csrf"), "TOKEN");
        }
        let mut out = String::new();
        for piece in text.split("?v=") {
            if !out.is_empty() {
                out.push_str("?v=HASH");
                out.push_str(&piece[16..]);
            } else {
                out.push_str(piece);
            }
        }
        out
    }

    #[tokio::test]
    async fn look_like_this() {
        let server = Server::start(Backend::Sqlite).await.unwrap();
        let mut doctor = server.signed_in("yamada").await;
        insta::assert_snapshot!(
            "login",
            stable(&server.browser().get("/login").await, "/x/none")
        );
        insta::assert_snapshot!(
            "choose",
            stable(&doctor.get("/records/new").await, "/x/none")
        );
        let path = doctor.create().await;
        doctor
            .save(&path, "save", &[("family_name", "山"), ("weight", "200")])
            .await;
        insta::assert_snapshot!("edit", stable(&doctor.get(&path).await, &path));
        insta::assert_snapshot!(
            "confirm",
            stable(&doctor.get(&format!("{path}/confirm")).await, &path)
        );
        insta::assert_snapshot!(
            "not_found",
            stable(&doctor.get("/nowhere").await, "/x/none")
        );
    }
}

/// The sample, and an older edition of it with the same questions.
fn two_editions() -> Library {
    let mut older = sample::program();
    older.edition = "2015".to_owned();
    older.valid_from = "2015-01-01".parse().unwrap();
    let mut newer = sample::program();
    newer.fallback = Some("2015".to_owned());
    let codes = |field: &Field| match field.ty {
        FieldType::Choice { table } | FieldType::Choices { table } => {
            newer.code_tables[usize::from(table)].codes.clone()
        }
        _ => Vec::new(),
    };
    let carried = |(id, field): (u16, &Field)| Carried {
        old: field.name.clone(),
        new: FieldId(id),
        codes: (0..)
            .zip(codes(field))
            .map(|(index, code)| MappedCode {
                old: code.value,
                new: Some(index),
            })
            .collect(),
        where_it_fits: false,
    };
    newer.migrations = vec![Migration {
        edition: "2015".to_owned(),
        carried: (0..).zip(&newer.fields).map(carried).collect(),
        dropped: Vec::new(),
        asked: Vec::new(),
    }];
    // By the newer edition nobody is severe enough.
    for judgement in &mut newer.judgements {
        if judgement.name == "severity" {
            let last = judgement.categories.len() - 1;
            judgement.categories.drain(..last);
        }
    }
    let form = |program| Arc::new(Form::new(program).unwrap());
    Library::new([form(older), form(newer)]).unwrap()
}

#[tokio::test]
async fn a_renewal_shows_the_results_of_both_editions() {
    let server = Server::start_with(Backend::Sqlite, two_editions()).await;
    let server = server.unwrap();
    let mut doctor = server.signed_in("yamada").await;
    for (application, both) in [("new", false), ("renewal", true)] {
        let create = [
            ("form_key", "shitei-006"),
            ("form_edition", "2020"),
            ("application", application),
        ];
        let path = doctor.post("/records", &create).await.location();
        let page = doctor.get(&path).await;
        assert!(page.has("verdict-result"), "{}", page.body);
        assert_eq!(page.has("previous-result"), both, "{application}");
    }
}
