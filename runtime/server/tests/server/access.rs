//! Who may do what, how often they may try, and for how long they are known.

use crate::support::{Browser, NEW, Server, on_both};
use axum::http::{StatusCode, header};
use kohyo_server::{StartError, router};

on_both! {
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
        assert!(stopped.body.contains("1時間に30回"), "{}", stopped.body);
        server.wait(61 * 60);
        let mut officer = server.signed_in("takahashi").await;
        let again = officer.post("/municipal/redeem", &[("access_key", &unknown)]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }

    async fn five_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour(server: Server) {
        let right = server.credentials("yamada");
        let mut browser = server.browser();
        let unknown = browser.post("/login", &[("login", "nobody"), ("password", "x")]).await;
        for _ in 0..5 {
            let wrong = browser.post("/login", &[("login", "yamada"), ("password", "x")]).await;
            assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
            assert_eq!(wrong.body, unknown.body.replace("nobody", "yamada"), "known and unknown look alike");
        }
        assert_eq!(browser.post("/login", &right).await.status, StatusCode::UNAUTHORIZED);
        server.wait(15 * 60);
        assert_eq!(browser.post("/login", &right).await.status, StatusCode::SEE_OTHER);
    }

    async fn many_guesses_at_a_time_lock_an_account_as_well(server: Server) {
        let guesses = |count: usize| {
            let all: Vec<_> = (0..count).map(|_| {
                let mut browser = server.browser();
                tokio::spawn(async move { browser.post("/login", &[("login", "yamada"), ("password", "x")]).await })
            }).collect();
            async move {
                for guess in all {
                    assert_eq!(guess.await.unwrap().status, StatusCode::UNAUTHORIZED);
                }
            }
        };
        guesses(5).await;
        // A lock that has run out begins one new count, not one for each guess.
        server.wait(15 * 60);
        guesses(12).await;
        let right = server.credentials("yamada");
        assert_eq!(server.browser().post("/login", &right).await.status, StatusCode::UNAUTHORIZED);
        server.wait(15 * 60);
        assert_eq!(server.browser().post("/login", &right).await.status, StatusCode::SEE_OTHER);
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
        let mut login = server.credentials("yamada").to_vec();
        login.extend([("to", path.as_str()), ("kept._version", &version), ("kept.family_name", "\"遅\"")]);
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
        let csrf = doctor.csrf.clone();
        let with = |token| [NEW.as_slice(), &[("_csrf", token)]].concat();
        let other = server.signed_in("suzuki").await.csrf;
        for (token, headers) in [
            ("", vec![]),
            (other.as_str(), vec![]),
            (csrf.as_str(), vec![("sec-fetch-site", "cross-site")]),
            (csrf.as_str(), vec![("sec-fetch-site", "same-site")]),
            (csrf.as_str(), vec![("origin", "https://evil.example")]),
            (csrf.as_str(), vec![("origin", "null")]),
        ] {
            let page = doctor.post_raw("/records", &with(token), &headers).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
        }
        let page = doctor.post_raw("/records", &with(&csrf), &[("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")]).await;
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
            ("GET", "/imports".into(), "IOOOR"),
            ("GET", "/keys".into(), "IOROR"),
            ("GET", "/keys/platform.kohyo-pub".into(), "IOROR"),
            ("POST", "/keys/issue".into(), "IOROR"),
            ("POST", "/keys/tokens".into(), "IOROR"),
            ("GET", "/municipal".into(), "IRRRO"),
            ("POST", "/municipal/redeem".into(), "IRRRO"),
            ("GET", m(""), "IRRRO"),
            ("POST", m(""), "IRRRO"),
            // The record is not mild: there is no such form beside it.
            ("POST", m("/high-cost"), "IRRRN"),
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
                    browser.post(&path, &[[("_version", "1")].as_slice(), &NEW].concat()).await
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
        let page = browser.post("/login", &server.credentials("yamada")).await;
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
        browser.get("/records").await;
        let out = browser.post("/logout", &[]).await;
        assert!(out.headers.contains_key("clear-site-data"));
        assert_eq!(browser.get("/records").await.status, StatusCode::SEE_OTHER);
    }

    async fn another_key_file_is_refused_at_the_start(server: Server) {
        let mut elsewhere = server.config.clone();
        elsewhere.data_dir = server.folder.path().join("other");
        let error = router(&elsewhere, server.library.clone()).await.unwrap_err();
        assert!(matches!(error, StartError::OtherKey), "{error}");
    }
}

#[tokio::test]
async fn keys_that_opened_nothing_are_forgotten_when_they_no_longer_count() {
    let server = Server::on_sqlite().await;
    let unknown = "0".repeat(25);
    for _ in 0..3 {
        let mut officer = server.signed_in("takahashi").await;
        officer
            .post("/municipal/redeem", &[("access_key", &unknown)])
            .await;
        server.wait(61 * 60);
    }
    let left: i64 = sqlx::query_scalar("select count(*) from key_miss")
        .fetch_one(&server.sqlite().await)
        .await
        .unwrap();
    assert_eq!(left, 1);
}
