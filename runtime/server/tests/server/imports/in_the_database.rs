//! What only SQL and settings can try, on SQLite.

use super::hospital::{container, document, drafts, key, sender};
use crate::support::{START, Server, assert_nowhere, hash};
use axum::http::StatusCode;
use kohyo_server::{ImportLimits, verify_audit};

#[tokio::test]
async fn no_file_of_the_installation_holds_a_name_in_the_clear() {
    let server = Server::on_sqlite().await;
    let mut manager = server.signed_in("yamada").await;
    let sender = sender(&server, &mut manager).await;
    let file = document(&["雀太郎", "!雲雀"]);
    sender.send(&file, "each", "燕子.xml").await;
    // One that is only half there lies in the spool.
    let (_, body) = sender
        .begin(&document(&["雀太郎"; 120]), "each", "燕子2.xml")
        .await;
    let path = format!("/imports/{}", body["id"].as_str().unwrap());
    sender
        .patch(&path, 0, &document(&["雀太郎"; 120])[..70_000])
        .await;
    let searched = assert_nowhere(
        &server.config.data_dir,
        &["雀太郎", "雲雀", "燕子", "1958-04-12"],
    );
    assert!(searched > 100_000);
}

#[tokio::test]
async fn a_key_reported_while_its_file_is_being_registered_registers_nothing() {
    let server = Server::on_sqlite().await;
    let mut manager = server.signed_in("yamada").await;
    let before = drafts(&mut manager).await;
    let key = key(&mut manager, "").await;
    let sender = sender(&server, &mut manager).await;
    let pool = server.sqlite().await;
    // The report comes when the first record has just been written.
    sqlx::query(
        "create trigger report after insert on import_record when new.seq = 1
         begin update hospital_key set state = 'compromised'; end",
    )
    .execute(&pool)
    .await
    .unwrap();
    let bytes = container(&["一", "!二", "三"], &key, START);
    let status = sender.send(&bytes, "each", "x").await;
    assert_eq!(
        status["refusal"]["error"], "box.key_compromised",
        "{status}"
    );
    assert_eq!(drafts(&mut manager).await, before);
    let left: i64 = sqlx::query_scalar("select count(*) from record where deleted = 1")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
    let list = manager
        .get(&format!("/imports?kid={}", key.certificate().kid()))
        .await;
    assert_eq!(list.body.matches("data-testid=\"import-line\"").count(), 1);
}

#[tokio::test]
async fn every_step_is_in_the_audit_trail() {
    let server = Server::on_sqlite().await;
    let mut manager = server.signed_in("yamada").await;
    let sender = sender(&server, &mut manager).await;
    let status = sender.send(&document(&["一", "!二"]), "each", "x").await;
    let id = status["id"].as_str().unwrap();
    sender.bytes(&format!("/imports/{id}/errors.csv")).await;
    manager.get(&format!("/imports/{id}")).await;
    sender.send(&document(&["!三"]), "all", "x").await;
    let pool = server.sqlite().await;
    let events: Vec<(String, String, String, i64, String)> = sqlx::query_as(
        "select action, role, result, version, case when detail = $1 then 'IMPORT' else detail end from audit
         where action like 'import.%' or action in ('record.stage', 'token.issue') order by seq",
    )
    .bind(id)
    .fetch_all(&pool)
    .await
    .unwrap();
    let lines: Vec<String> = events
        .iter()
        .map(|(action, role, result, version, detail)| {
            format!("{action} {role} {result} {version} {detail}")
                .trim_end()
                .to_owned()
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    verify_audit(&server.config).await.unwrap();
}

#[tokio::test]
async fn a_file_that_takes_too_long_is_given_up_whole() {
    let mut server = Server::on_sqlite().await;
    server.config.imports = ImportLimits {
        seconds: 0,
        ..ImportLimits::default()
    };
    server.restart().await;
    let mut manager = server.signed_in("yamada").await;
    let before = drafts(&mut manager).await;
    let file = document(&["一", "二"]);
    let system = sender(&server, &mut manager).await;
    let slow = system.send(&file, "each", "x").await;
    assert_eq!(slow["refusal"]["error"], "import.too_slow", "{slow}");
    assert_eq!(
        slow["refusal"]["message"],
        "点検と登録が0秒で終わらなかったため、打ち切りました。いくつかのファイルに分けて送ってください。"
    );
    assert_eq!(drafts(&mut manager).await, before);
    // Nothing of it stands in the way of a second try with more time.
    server.config.imports = ImportLimits::default();
    server.restart().await;
    let mut manager = server.signed_in("yamada").await;
    let system = sender(&server, &mut manager).await;
    let again = system.send(&file, "each", "x").await;
    assert_eq!(again["receipt"]["registered"], 2, "{again}");
}

#[tokio::test]
async fn limits_are_the_installations() {
    let mut server = Server::on_sqlite().await;
    server.config.imports = ImportLimits {
        bytes: 100_000,
        records: 3,
        findings: 2,
        open: 2,
        ..ImportLimits::default()
    };
    server.restart().await;
    let mut manager = server.signed_in("yamada").await;
    let sender = sender(&server, &mut manager).await;
    let four = sender
        .send(&document(&["一", "二", "三", "四"]), "each", "x")
        .await;
    assert_eq!(
        four["refusal"]["error"], "import.too_many_records",
        "{four}"
    );
    let bad = sender
        .send(&document(&["!一", "!二", "!三"]), "each", "x")
        .await;
    assert_eq!(bad["refusal"]["error"], "import.too_many_findings", "{bad}");
    for digit in ["a", "b"] {
        assert_eq!(
            sender.announce(&digit.repeat(64), 5, "each").await.0,
            StatusCode::CREATED
        );
    }
    let (status, body) = sender.announce(&"c".repeat(64), 5, "each").await;
    assert_eq!(
        (status, &body["error"]),
        (
            StatusCode::TOO_MANY_REQUESTS,
            &"import.too_many_open".into()
        )
    );
    // What registered nothing is not begun again beyond the limit either.
    let (status, body) = sender
        .begin(&document(&["!一", "!二", "!三"]), "each", "x")
        .await;
    assert_eq!(
        (status, &body["error"]),
        (
            StatusCode::TOO_MANY_REQUESTS,
            &"import.too_many_open".into()
        )
    );
    // What nobody goes on with is given up.
    server.wait(25 * 60 * 60);
    assert_eq!(
        sender.announce(&"c".repeat(64), 5, "each").await.0,
        StatusCode::CREATED
    );
    let mut manager = server.signed_in("yamada").await;
    let large = manager
        .post_file("/imports/form", "each", "x.xml", &vec![b' '; 100_001])
        .await;
    assert_eq!(
        large.status,
        StatusCode::PAYLOAD_TOO_LARGE,
        "{}",
        large.body
    );
}

#[tokio::test]
async fn plain_files_are_only_taken_where_nobody_reads_along() {
    let mut server = Server::on_sqlite().await;
    server.config.listen = "0.0.0.0:0".parse().unwrap();
    server.restart().await;
    let mut manager = server.signed_in("yamada").await;
    let key = key(&mut manager, "").await;
    let sender = sender(&server, &mut manager).await;
    let plain = sender.send(&document(&["一"]), "each", "x").await;
    assert_eq!(plain["refusal"]["error"], "import.not_sealed", "{plain}");
    let sealed = sender
        .send(&container(&["一"], &key, START), "each", "x")
        .await;
    assert_eq!(sealed["state"], "done");
}

#[tokio::test]
async fn what_is_given_up_keeps_its_bytes_until_that_is_certain() {
    let server = Server::on_sqlite().await;
    let mut manager = server.signed_in("yamada").await;
    let sender = sender(&server, &mut manager).await;
    let file = document(&["一"; 120]);
    let (_, body) = sender.begin(&file, "each", "x").await;
    let path = format!("/imports/{}", body["id"].as_str().unwrap());
    sender.patch(&path, 0, &file[..70_000]).await;
    let spool = server.config.data_dir.join("spool");
    let lie = || std::fs::read_dir(&spool).unwrap().count();
    server.wait(25 * 60 * 60);
    // Refused: nothing happens, also not to what would have been given up.
    let (status, _) = sender.announce(&hash(&file), 5, "each").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(sender.json(&path).await["state"], "receiving");
    assert_eq!(
        (sender.json(&path).await["offset"].as_u64(), lie()),
        (Some(65_536), 1)
    );
    let (status, _) = sender.announce(&"a".repeat(64), 5, "each").await;
    assert_eq!((status, lie()), (StatusCode::CREATED, 0));
    assert_eq!(sender.json(&path).await["state"], "expired");
}
