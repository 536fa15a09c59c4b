//! Keys and tokens of a hospital on the page of its 責任者, with what only SQL can put there.

use super::hospital::{key, token};
use crate::support::Server;
use axum::http::StatusCode;

#[tokio::test]
async fn a_key_is_registered_once_and_not_beyond_the_most() {
    let server = Server::on_sqlite().await;
    let mut manager = server.signed_in("yamada").await;
    let certificate = key(&mut manager, "").await.certificate().to_text();
    let form = [("certificate", certificate.as_str())];
    manager.get("/keys").await;
    let again = manager.post("/keys/register", &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        again.text("keys-error"),
        "この鍵は、すでに登録されています。"
    );
    // Ten others stand in its place.
    let pool = server.sqlite().await;
    for statement in [
        "insert into hospital_key (kid, hospital, certificate, state, changed_at, issued_by, issued_at)
         with n(n) as (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))
         select 'other' || n, hospital, certificate, state, changed_at, issued_by, issued_at from hospital_key, n",
        "delete from hospital_key where kid not like 'other%'",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let eleventh = manager.post("/keys/register", &form).await;
    assert_eq!(eleventh.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        eleventh
            .text("keys-error")
            .contains("使用中の鍵が10個あります")
    );
    sqlx::query("delete from hospital_key where kid = 'other0'")
        .execute(&pool)
        .await
        .unwrap();
    let tenth = manager.post("/keys/register", &form).await;
    assert_eq!(tenth.location(), "/keys?done=registered");
}

#[tokio::test]
async fn a_token_is_revoked_once() {
    let server = Server::on_sqlite().await;
    let mut manager = server.signed_in("yamada").await;
    token(&mut manager).await;
    let page = manager.get("/keys").await;
    let (_, rest) = page.body.split_once("action=\"/keys/tokens/").unwrap();
    let (id, _) = rest.split_once('/').unwrap();
    let path = format!("/keys/tokens/{id}/revoke");
    let revoked = manager.post(&path, &[]).await;
    assert_eq!(revoked.location(), "/keys?done=revoked");
    let again = manager.post(&path, &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let nobodys = manager.post("/keys/tokens/none/revoke", &[]).await;
    assert_eq!(nobodys.status, StatusCode::NOT_FOUND);
}
