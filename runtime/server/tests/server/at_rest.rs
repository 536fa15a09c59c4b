//! What lies in the database and on the disk: triggers, moved items, a changed trail, sealed bytes.
//! Only SQL can try it, on SQLite.

use crate::support::{Browser, Server, assert_nowhere};
use axum::http::StatusCode;
use kohyo_server::{StartError, verify_audit};
use sqlx::SqlitePool;

async fn with_record() -> (Server, Browser, String, SqlitePool) {
    let server = Server::on_sqlite().await;
    let mut doctor = server.signed_in("yamada").await;
    let (path, _) = doctor.confirmed().await;
    let pool = server.sqlite().await;
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
    let plain = key.replace('-', "");
    let searched = assert_nowhere(
        &server.config.data_dir,
        &["金糸雀", "小鳥", "かなりあ", "1958-04-12", &key, &plain],
    );
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
