//! Many drafts of an import confirmed together.

use super::hospital::{document, drafts, token};
use crate::support::{Sender, Server, on_both};
use axum::http::StatusCode;
use kohyo_server::verify_audit;

on_both! {
    async fn many_drafts_are_confirmed_together_once(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let sender = Sender::new(&server.router, &token(&mut manager).await);
        let status = sender.send(&document(&["一", "二", "三", "四"]), "each", "a.xml").await;
        let id = status["id"].as_str().unwrap();
        let path = format!("/imports/{id}/confirm");
        let import = manager.get(&format!("/imports/{id}")).await;
        assert!(import.has("to-confirm-together"), "{}", import.body);
        let before = drafts(&mut manager).await;
        let page = manager.get(&path).await;
        let shown = inputs(&page.body, "record");
        assert_eq!(shown.len(), 4, "{}", page.body);
        assert_eq!(page.body.matches("data-testid=\"clean-line\"").count(), 4);

        // Nothing chosen: nothing happens.
        let nothing = manager.post(&path, &[]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.has("nothing-chosen"));
        assert_eq!(drafts(&mut manager).await, before);

        // What stands on the page is not confirmed for that.
        let shown_only: Vec<(&str, &str)> = shown.iter().map(|value| ("shown", value.as_str())).chain([("_all", "yes")]).collect();
        assert_eq!(manager.post(&path, &shown_only).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        // Two of them, and one that has been changed since it was shown.
        let (record, version) = shown[2].split_once(':').unwrap();
        let older = format!("{record}:{}", version.parse::<i64>().unwrap() + 1);
        let some = [("record", shown[0].as_str()), ("record", shown[1].as_str()), ("record", older.as_str())];
        let first = manager.post(&path, &some).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        assert_eq!(first.text("confirmed-together"), "2件を確定しました。1件は確定していません。");
        let keys = first.body.matches("data-testid=\"together-key\"").count();
        assert_eq!(keys, 2);
        assert!(first.body.contains("表示の後に変更されたため"));
        assert_eq!(drafts(&mut manager).await, before - 2);

        // The second click finds its work done, and shows the same keys.
        let second = manager.post(&path, &some).await;
        assert_eq!(second.text("confirmed-together"), first.text("confirmed-together"));
        assert_eq!(second.text("together-key"), first.text("together-key"));

        // All that are left.
        let page = manager.get(&path).await;
        let left = inputs(&page.body, "record");
        assert_eq!(left, shown[2..]);
        let all: Vec<(&str, &str)> = left.iter().map(|value| ("record", value.as_str())).collect();
        let last = manager.post(&path, &all).await;
        assert_eq!(last.text("confirmed-together"), "2件を確定しました。");
        assert!(manager.get(&path).await.has("nothing-clean"));
        assert_eq!(drafts(&mut manager).await, before - 4);

        // Each of them was confirmed by itself, once.
        let events = audit_events(&server, "record.confirm").await;
        for value in &shown {
            let (record, _) = value.split_once(':').unwrap();
            assert_eq!(events.iter().filter(|object| *object == record).count(), 1, "{record}");
        }
        verify_audit(&server.config).await.unwrap();
    }

    async fn what_is_seen_of_one_patient_is_not_seen_of_another(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let sender = Sender::new(&server.router, &token(&mut manager).await);
        let file = String::from_utf8(document(&["一", "二"])).unwrap().replace("52.5", "151.0");
        let status = sender.send(file.as_bytes(), "each", "a.xml").await;
        let path = format!("/imports/{}/confirm", status["id"].as_str().unwrap());
        let page = manager.get(&path).await;
        let (chosen, seen) = (inputs(&page.body, "record"), inputs(&page.body, "_ack"));
        assert_eq!((chosen.len(), seen.len()), (2, 2), "{}", page.body);
        let sent = [("record", chosen[0].as_str()), ("record", chosen[1].as_str()), ("_ack", seen[1].as_str())];
        let done = manager.post(&path, &sent).await;
        assert_eq!(done.text("confirmed-together"), "1件を確定しました。1件は確定していません。");
        assert_eq!(inputs(&manager.get(&path).await.body, "record"), chosen[..1]);
    }

    async fn only_a_physician_of_the_hospital_confirms_together(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let sender = Sender::new(&server.router, &token(&mut manager).await);
        let status = sender.send(&document(&["一"]), "each", "a.xml").await;
        let path = format!("/imports/{}/confirm", status["id"].as_str().unwrap());
        let chosen = inputs(&manager.get(&path).await.body, "record");
        for (login, expected) in [("sato", StatusCode::FORBIDDEN), ("suzuki", StatusCode::NOT_FOUND)] {
            let mut other = server.signed_in(login).await;
            assert_eq!(other.get(&path).await.status, expected, "{login}");
            let sent = other.post(&path, &[("record", chosen[0].as_str())]).await;
            assert_eq!(sent.status, expected, "{login}");
        }
        assert_eq!(inputs(&manager.get(&path).await.body, "record"), chosen);
    }
}

/// The values of every input with a name on a page.
fn inputs(body: &str, name: &str) -> Vec<String> {
    let before = format!("name=\"{name}\" value=\"");
    let pieces = body.split(before.as_str()).skip(1);
    let values = pieces.filter_map(|rest| rest.split('"').next());
    values.map(str::to_owned).collect()
}

/// What an action was done to, in order, each time it was done.
async fn audit_events(server: &Server, action: &str) -> Vec<String> {
    let sql = "select object from audit where action = $1 and result = 'ok' order by seq";
    let database = &server.config.database;
    if database.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(database).await.unwrap();
        let events = sqlx::query_scalar(sql).bind(action).fetch_all(&pool).await;
        pool.close().await;
        events.unwrap()
    } else {
        let pool = sqlx::PgPool::connect(database).await.unwrap();
        let events = sqlx::query_scalar(sql).bind(action).fetch_all(&pool).await;
        pool.close().await;
        events.unwrap()
    }
}
