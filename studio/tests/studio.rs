//! The studio through its router, on a folder with one disease and one module.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use kohyo_studio::{Config, router};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tower::ServiceExt;

const DISEASE: &str = r#"disease shitei 999 "試験病" {
  edition "2024" from 2024-04-01
  source notice "試験通知 別紙 999"
  status draft
}

use scale.grip as grip

section diagnosis "診断基準に関する事項" {
  field igg4 "血清IgG4" : decimal 5.1 "mg/dL" 0..9999.9 required
}

judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when igg4 >= 135 mg/dL
  otherwise none "いずれにも該当しない"
  eligible definite
}

judgement severity "重症度" {
  category meets "対象" when grip.weak
  otherwise below "対象外"
  eligible meets
}
"#;

const MODULE: &str = r#"module scale.grip "握力" {
  prefix grip
}

section severity "重症度分類に関する事項" {
  field force "握力" : integer "kg" 0..100 required
}

criterion weak "握力の低下" = force < 20 kg
"#;

const CASES: &str = r#"disease: shitei-999
base: { grip_force: "10" }
cases:
  - name: 135 mg/dL は満たす
    on: 2026-06-01
    answers: { igg4: "135.0" }
    expect: { result: eligible }
  - name: 134.9 mg/dL は満たさない
    on: 2026-06-01
    application: renewal
    answers: { igg4: "134.9" }
    expect: { result: not_met }
"#;

const FORM: &str = "shitei/999_test/form.kohyo";
const GRIP: &str = "scale/grip.kohyo";

struct Studio {
    forms: TempDir,
    app: Router,
    cookie: String,
}

impl Studio {
    /// A studio with somebody signed in.
    async fn new() -> Self {
        let forms = tempfile::tempdir().unwrap();
        for (path, text) in [
            (FORM, DISEASE),
            (GRIP, MODULE),
            ("shitei/999_test/cases.yaml", CASES),
        ] {
            let file = forms.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let config = Config {
            forms: forms.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            users: vec![("author".to_owned(), "himitsu".to_owned())],
        };
        let app = router(config).await.unwrap();
        let mut studio = Self {
            forms,
            app,
            cookie: String::new(),
        };
        let answer = studio
            .post_form("/sign-in", "name=author&password=himitsu")
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        studio.cookie = cookie.split(';').next().unwrap().to_owned();
        studio
    }

    fn file(&self, path: &str) -> PathBuf {
        self.forms.path().join(path)
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", Body::empty()).await
    }

    async fn post_form(&self, path: &str, fields: &str) -> Answer {
        self.send(
            "POST",
            path,
            "application/x-www-form-urlencoded",
            Body::from(fields.to_owned()),
        )
        .await
    }

    async fn json(&self, method: &str, path: &str, body: Value) -> Answer {
        self.send(
            method,
            path,
            "application/json",
            Body::from(body.to_string()),
        )
        .await
    }

    async fn compile(&self, body: Value) -> Value {
        let answer = self.json("POST", "/api/compile", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.value()
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: Body) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "studio.example")
            .header(header::ORIGIN, "http://studio.example")
            .header(header::COOKIE, &self.cookie);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        self.ask(request.body(body).unwrap()).await
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer {
            status,
            headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn value(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

fn question(text: &str) -> Value {
    json!({
        "path": FORM, "text": text, "date": "2026-06-01", "application": "new",
        "answers": { "igg4": ["140"], "grip_force": ["10"] },
    })
}

#[tokio::test]
async fn nothing_is_shown_before_signing_in() {
    let mut studio = Studio::new().await;
    studio.cookie = String::new();
    for page in ["/", "/definitions/shitei/999_test/form.kohyo"] {
        let answer = studio.get(page).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(
            answer.headers[header::LOCATION]
                .to_str()
                .unwrap()
                .starts_with("/sign-in")
        );
    }
    let answer = studio.json("POST", "/api/compile", question(DISEASE)).await;
    assert_eq!(
        (
            answer.status,
            answer.value()["error"].as_str().unwrap().to_owned()
        ),
        (StatusCode::UNAUTHORIZED, "signed_out".to_owned())
    );
    for (method, path) in [
        ("PUT", "/api/definitions/shitei/999_test/form.kohyo"),
        ("GET", "/api/definitions/shitei/999_test/form.kohyo"),
        ("GET", "/api/state/shitei/999_test/form.kohyo"),
        ("POST", "/api/format"),
        ("POST", "/api/impact"),
    ] {
        let answer = studio.json(method, path, json!({})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    assert_eq!(
        studio.post_form("/api/preview", "").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_says_so() {
    let studio = Studio::new().await;
    let answer = studio
        .post_form("/sign-in", "name=author&password=wrong")
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("ログインIDまたはパスワードが違います"));
    assert!(answer.headers.get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn sign_in_leads_back_to_the_page_asked_for_but_never_elsewhere() {
    let studio = Studio::new().await;
    for (next, target) in [
        (
            "/definitions/scale/grip.kohyo",
            "/definitions/scale/grip.kohyo",
        ),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/definitions/%5C%5Cevil.example", "/"),
    ] {
        let answer = studio
            .post_form(
                "/sign-in",
                &format!("name=author&password=himitsu&next={next}"),
            )
            .await;
        assert_eq!(answer.headers[header::LOCATION], target);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let studio = Studio::new().await;
    assert_eq!(studio.get("/").await.status, StatusCode::OK);
    assert_eq!(
        studio.post_form("/sign-out", "").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(studio.get("/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn requests_from_other_sites_change_nothing() {
    let studio = Studio::new().await;
    for origin in [Some("https://evil.example"), Some("null"), None] {
        let mut request = Request::builder()
            .method("PUT")
            .uri(format!("/api/definitions/{FORM}"))
            .header(header::HOST, "studio.example")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, &studio.cookie);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let answer = studio.ask(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn every_answer_tells_browsers_what_is_forbidden() {
    let studio = Studio::new().await;
    for path in ["/", "/sign-in", "/nowhere", "/assets/studio.css"] {
        let headers = studio.get(path).await.headers;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    let (a, b) = (studio.get("/").await, studio.get("/").await);
    assert_ne!(
        a.headers[header::CONTENT_SECURITY_POLICY],
        b.headers[header::CONTENT_SECURITY_POLICY]
    );
    assert_eq!(a.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn the_list_shows_state_edition_and_cases() {
    let studio = Studio::new().await;
    let text = studio.get("/").await.text;
    for expected in [
        "shitei-999",
        "試験病",
        "下書き",
        "2024",
        "合格2",
        "scale.grip",
        "握力",
        "1件",
    ] {
        assert!(text.contains(expected), "{expected} is missing");
    }
    fs::write(studio.file(FORM), DISEASE.replace("135", "134")).unwrap();
    let text = studio.get("/").await.text;
    assert!(text.contains("不合格1"), "a change on disk shows at once");
    assert!(
        !studio
            .get("/?q=%E5%AD%98%E5%9C%A8%E3%81%97%E3%81%AA%E3%81%84")
            .await
            .text
            .contains("shitei-999")
    );
    assert!(studio.get("/?q=999").await.text.contains("試験病"));
}

#[tokio::test]
async fn the_list_finds_diseases_for_which_nothing_is_written_yet() {
    let studio = Studio::new().await;
    assert!(!studio.get("/").await.text.contains("未着手の疾病を見る"));
    fs::create_dir(studio.file("catalogue")).unwrap();
    let entries = r#"entries:
  - { number: "001", name: 球の病, kana: きゅうのやまい, groups: [神経・筋] }
  - { number: "066", name: IgX腎症, groups: [腎・泌尿器系] }
  - { number: "999", name: 試験病, groups: [免疫系] }
"#;
    fs::write(studio.file("catalogue/shitei.yaml"), entries).unwrap();
    let text = studio.get("/").await.text;
    assert!(
        text.contains("指定難病 <b>1</b>／3") && !text.contains("球の病"),
        "{text}"
    );
    let text = studio.get("/?status=none").await.text;
    assert!(
        text.contains("球の病") && !text.contains("試験病"),
        "{text}"
    );
    // 「きゅう」
    let text = studio.get("/?q=%E3%81%8D%E3%82%85%E3%81%86").await.text;
    assert!(text.contains("球の病"), "{text}");
    let text = studio.get("/?q=IgX").await.text;
    assert!(text.contains("IgX腎症"), "{text}");
    fs::write(studio.file("catalogue/shitei.yaml"), "entries: 3").unwrap();
    let text = studio.get("/").await.text;
    assert!(
        text.contains("catalogue/shitei.yaml") && text.contains("読めません"),
        "{text}"
    );
}

#[tokio::test]
async fn a_file_in_another_encoding_is_listed_as_unreadable() {
    let studio = Studio::new().await;
    fs::write(studio.file("scale/sjis.kohyo"), b"\x82\xa0").unwrap();
    let text = studio.get("/").await.text;
    assert!(text.contains("scale/sjis.kohyo") && text.contains("UTF-8"));
    let page = studio.get("/definitions/scale/sjis.kohyo").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("UTF-8"));
}

#[tokio::test]
async fn a_definition_that_cannot_be_read_yet_can_still_be_opened() {
    let studio = Studio::new().await;
    fs::write(studio.file("scale/書きかけ#1.kohyo"), "modul scale.").unwrap();
    let list = studio.get("/").await.text;
    assert!(list.contains("エラー"));
    let href = "/definitions/scale/%E6%9B%B8%E3%81%8D%E3%81%8B%E3%81%91%231.kohyo";
    assert!(list.contains(href), "{list}");
    let page = studio.get(href).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("modul scale."));
}

#[tokio::test]
async fn the_page_of_a_definition_holds_its_text_and_hash() {
    let studio = Studio::new().await;
    let page = studio.get(&format!("/definitions/{FORM}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("igg4 &gt;= 135 mg/dL"));
    let hash = studio
        .get(&format!("/api/definitions/{FORM}"))
        .await
        .value()["hash"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(page.text.contains(&hash));
}

#[tokio::test]
async fn an_error_comes_with_its_place_and_its_repair() {
    let studio = Studio::new().await;
    let told = studio
        .compile(question(
            &DISEASE.replace("when igg4 >= 135", "when 値 >= 1 and igg5 >= 135"),
        ))
        .await;
    assert_eq!(told["stale"], true);
    assert_eq!(told["preview"], Value::Null);
    let found: Vec<Value> = told["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["here"] == true)
        .cloned()
        .collect();
    insta::assert_json_snapshot!(found);
}

#[tokio::test]
async fn the_editor_asks_what_a_name_means_what_can_be_written_and_where_it_is_declared() {
    let studio = Studio::new().await;
    let at = |word: &str, after: usize| {
        let offset = DISEASE.find(word).unwrap();
        let line = DISEASE[..offset].matches('\n').count();
        let start = DISEASE[..offset].rfind('\n').map_or(0, |n| n + 1);
        let before = DISEASE[start..offset].encode_utf16().count();
        json!({ "line": line, "character": before + after })
    };
    let ask = async |feature: &str, at: Value| {
        let body = json!({ "path": FORM, "text": DISEASE, "at": at });
        let answer = studio.json("POST", &format!("/api/{feature}"), body).await;
        assert_eq!(answer.status, StatusCode::OK);
        serde_json::from_str::<Value>(&answer.text).unwrap()
    };
    let hover = ask("hover", at("igg4 >=", 1)).await;
    let markdown = hover["markdown"].as_str().unwrap();
    assert!(
        markdown.starts_with("**項目** 「血清IgG4」 `igg4`"),
        "{markdown}"
    );
    let offers = ask("completion", at("grip.weak", 5)).await;
    let labels: Vec<&str> = offers
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["force", "weak"]);
    let place = ask("definition", at("grip.weak", 6)).await;
    assert_eq!(place["path"], GRIP);
    assert_eq!(
        place["range"]["start"],
        json!({ "line": 8, "character": 10 })
    );

    let elsewhere =
        json!({ "path": "../secret.kohyo", "text": "", "at": { "line": 0, "character": 0 } });
    let answer = studio.json("POST", "/api/hover", elsewhere).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_text_is_proven_while_it_is_written() {
    let studio = Studio::new().await;
    let prove = async |body: Value| {
        let answer = studio.json("POST", "/api/prove", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.value()
    };
    let told = prove(json!({ "path": FORM, "text": DISEASE })).await;
    assert_eq!(
        (&told["possible"], &told["errors"]),
        (&json!(true), &json!(0))
    );
    let proven = told["proven"].to_string();
    assert!(
        proven.contains("「診断のカテゴリー」の区分は網羅的"),
        "{proven}"
    );
    assert_eq!(told["not_proven"], json!([]));

    // Whoever has 135 to 140 is in both categories.
    let twice = DISEASE.replace(
        "  otherwise none",
        "  category likely \"Likely\" when igg4 in 100..140 mg/dL\n  otherwise none",
    );
    let told = prove(json!({ "path": FORM, "text": twice })).await;
    let found = &told["diagnostics"][0];
    assert_eq!(
        (&found["code"], &found["here"]),
        (&json!("E0703"), &json!(true)),
        "{told}"
    );
    assert!(found["note"].to_string().contains("例: "), "{found}");
    assert_eq!(told["warnings"], 1);

    // A module is proven with the disease it is looked at through; not with mistakes in it.
    let told = prove(json!({ "path": GRIP, "text": MODULE, "through": FORM })).await;
    assert_eq!(told["possible"], true);
    let broken = MODULE.replace("force <", "forse <");
    let told = prove(json!({ "path": GRIP, "text": broken, "through": FORM })).await;
    assert_eq!(
        (&told["possible"], &told["proven"]),
        (&json!(false), &json!([]))
    );
    let answer = studio
        .json(
            "POST",
            "/api/prove",
            json!({ "path": "no.kohyo", "text": "" }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_verdict_changes_with_the_threshold() {
    let studio = Studio::new().await;
    let before = studio.compile(question(DISEASE)).await;
    assert_eq!(before["diagnostics"], json!([]));
    assert_eq!(before["preview"]["result"], "eligible");
    assert_eq!(
        (&before["cases"]["passed"], &before["cases"]["failed"]),
        (&json!(2), &json!(0))
    );
    let after = studio
        .compile(question(&DISEASE.replace("135", "145")))
        .await;
    assert_eq!(after["preview"]["result"], "not_met");
    assert_eq!(
        (&after["cases"]["passed"], &after["cases"]["failed"]),
        (&json!(1), &json!(1))
    );
    assert!(
        after["preview"]["verdict_html"]
            .as_str()
            .unwrap()
            .contains("145")
    );
    assert_eq!(
        fs::read_to_string(studio.file(FORM)).unwrap(),
        DISEASE,
        "looking saves nothing"
    );
}

#[tokio::test]
async fn while_there_are_errors_the_last_good_text_is_previewed() {
    let studio = Studio::new().await;
    let mut request = question(&DISEASE.replace("category definite", "catego definite"));
    request["good"] = json!(DISEASE);
    let told = studio.compile(request).await;
    assert!(told["errors"].as_u64().unwrap() > 0);
    assert_eq!(told["stale"], true);
    assert_eq!(told["preview"]["result"], "eligible");
}

#[tokio::test]
async fn a_case_fills_the_preview() {
    let studio = Studio::new().await;
    let mut request = question(DISEASE);
    request["case"] = json!(1);
    let told = studio.compile(request).await;
    assert_eq!(told["preview"]["result"], "not_met");
    assert_eq!(told["preview"]["date"], "2026-06-01");
    assert_eq!(told["preview"]["application"], "renewal");
    assert!(
        told["preview"]["form_html"]
            .as_str()
            .unwrap()
            .contains("134.9")
    );
}

#[tokio::test]
async fn filling_in_the_preview_answers_like_the_physicians_page() {
    let studio = Studio::new().await;
    let text: String = DISEASE.bytes().map(|b| format!("%{b:02X}")).collect();
    let fields = format!(
        "_path={FORM}&_text={text}&_date=2026-06-01&_application=new&igg4=135&grip_force=30"
    );
    let told = studio.post_form("/api/preview", &fields).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    assert_eq!(told.value()["result"], "mild");
}

#[tokio::test]
async fn a_day_that_is_none_is_refused_with_the_form_to_write() {
    let studio = Studio::new().await;
    let mut request = question(DISEASE);
    request["date"] = json!("来週");
    let answer = studio.json("POST", "/api/compile", request).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.value()["message"]
            .as_str()
            .unwrap()
            .contains("2026-04-01")
    );
}

#[tokio::test]
async fn a_module_is_seen_through_a_disease_and_shows_its_impact() {
    let studio = Studio::new().await;
    let edited = MODULE.replace("< 20 kg", "< 5 kg");
    let mut request = question(&edited);
    request["path"] = json!(GRIP);
    request["through"] = json!(FORM);
    let told = studio.compile(request).await;
    assert_eq!(told["diagnostics"], json!([]));
    assert_eq!(told["preview"]["result"], "mild");

    let told = studio
        .json(
            "POST",
            "/api/impact",
            json!({ "path": GRIP, "text": edited }),
        )
        .await
        .value();
    assert_eq!(
        (&told["users"], &told["changed"], &told["worse"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let html = told["html"].as_str().unwrap();
    assert!(
        html.contains("試験病") && html.contains("1件合格・1件不合格"),
        "{html}"
    );

    // What came out otherwise is told in the words of the form.
    let cases = studio
        .compile(json!({ "path": GRIP, "text": edited, "through": FORM }))
        .await["cases"]
        .clone();
    let html = cases["html"].as_str().unwrap();
    assert!(
        html.contains("判定結果")
            && html.contains("認定基準を満たす")
            && !html.contains("eligible<"),
        "{html}"
    );

    let page = studio.get(&format!("/definitions/{GRIP}")).await.text;
    assert!(page.contains("使う疾病は1件です"));
}

#[tokio::test]
async fn saving_needs_the_text_one_began_with() {
    let studio = Studio::new().await;
    let address = format!("/api/definitions/{FORM}");
    let hash = studio.get(&address).await.value()["hash"].clone();
    let edited = DISEASE.replace("135", "140");
    let saved = studio
        .json("PUT", &address, json!({ "text": edited, "base": hash }))
        .await;
    assert_eq!(saved.status, StatusCode::OK);
    assert_eq!(saved.value()["errors"], 0);
    assert_eq!(fs::read_to_string(studio.file(FORM)).unwrap(), edited);

    // Somebody else saves; what we began with is no longer there.
    let theirs = DISEASE.replace("135", "150");
    fs::write(studio.file(FORM), &theirs).unwrap();
    let refused = studio
        .json(
            "PUT",
            &address,
            json!({ "text": DISEASE, "base": saved.value()["hash"] }),
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.value()["text"], theirs);
    assert_eq!(
        fs::read_to_string(studio.file(FORM)).unwrap(),
        theirs,
        "nothing is lost"
    );

    // Having seen it, the author may replace it.
    let again = studio
        .json(
            "PUT",
            &address,
            json!({ "text": DISEASE, "base": refused.value()["hash"] }),
        )
        .await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(fs::read_to_string(studio.file(FORM)).unwrap(), DISEASE);

    // What is half done may be saved, and is not called good.
    let half = DISEASE.replacen("judgement", "judgemnt", 1);
    let saved = studio
        .json(
            "PUT",
            &address,
            json!({ "text": half, "base": again.value()["hash"] }),
        )
        .await;
    assert_eq!(saved.status, StatusCode::OK);
    assert!(saved.value()["errors"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn pages_notice_a_change_from_outside() {
    let studio = Studio::new().await;
    let address = format!("/api/state/{FORM}");
    let before = studio.get(&address).await.value();
    fs::write(studio.file(FORM), DISEASE.replace("135", "136")).unwrap();
    for _ in 0..100 {
        let now = studio.get(&address).await.value();
        if now["hash"] != before["hash"] {
            assert!(now["revision"].as_u64() > before["revision"].as_u64());
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the change was not noticed");
}

#[tokio::test]
async fn only_definitions_in_the_folder_can_be_named() {
    let studio = Studio::new().await;
    let outside = studio
        .forms
        .path()
        .parent()
        .unwrap()
        .join("kohyo-studio-outside.kohyo");
    for path in [
        "../kohyo-studio-outside.kohyo",
        "..%2Fkohyo-studio-outside.kohyo",
        "shitei/../../kohyo-studio-outside.kohyo",
        "%2Fetc%2Fpasswd",
        "shitei/999_test/cases.yaml",
        "shitei/999_test/./form.kohyo",
        "new.kohyo",
    ] {
        let saved = studio
            .json(
                "PUT",
                &format!("/api/definitions/{path}"),
                json!({ "text": "x", "base": "" }),
            )
            .await;
        assert_eq!(saved.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            studio.get(&format!("/definitions/{path}")).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        let mut request = question(DISEASE);
        request["path"] = json!(path);
        assert_eq!(
            studio.json("POST", "/api/compile", request).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    assert!(!outside.exists());
    for path in ["..%2Fsrc%2Flib.rs", "..%2FCargo.toml", "%2Fetc%2Fpasswd"] {
        assert_eq!(
            studio.get(&format!("/assets/{path}")).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_read_only_folder_is_told_before_and_after_trying() {
    use std::os::unix::fs::PermissionsExt;
    let studio = Studio::new().await;
    let folder = studio.file("shitei/999_test");
    let mode = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let page = studio.get(&format!("/definitions/{FORM}")).await.text;
    let address = format!("/api/definitions/{FORM}");
    let hash = studio.get(&address).await.value()["hash"].clone();
    let refused = studio
        .json("PUT", &address, json!({ "text": "x", "base": hash }))
        .await;
    mode(0o755);
    assert!(page.contains("フォルダーが読み取り専用のため、保存できません"));
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.value()["error"], "read_only");
    assert_eq!(fs::read_to_string(studio.file(FORM)).unwrap(), DISEASE);
}

#[tokio::test]
async fn a_missing_folder_is_a_clear_error() {
    let config = Config {
        forms: Path::new("/nowhere/forms").to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        users: Vec::new(),
    };
    let error = router(config).await.unwrap_err().to_string();
    assert!(error.contains("/nowhere/forms"), "{error}");
}
