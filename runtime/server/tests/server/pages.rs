//! Pages as they are sent.

use crate::support::{Page, Server};

/// Ids and tokens are random; the rest of a page is not.
fn stable(page: &Page, path: &str) -> String {
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
    let server = Server::on_sqlite().await;
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
