//! A renewal from the record of the year before.

use crate::support::{Server, on_both};
use axum::http::StatusCode;

on_both! {
    async fn a_renewal_begins_with_what_holds_and_offers_what_has_to_be_confirmed(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (path, _) = doctor.confirmed().await;
        let list = doctor.get("/records/renewals?form_key=shitei-006").await;
        assert!(list.has("earlier-record") && list.body.contains("金糸雀"), "{}", list.body);
        assert!(list.body.contains(&format!("action=\"{path}/renew\"")));
        let nobody = doctor.get("/records/renewals?form_key=shitei-006&q=%E3%81%82%20%E3%81%84").await;
        assert!(!nobody.has("earlier-record") && nobody.has("renew-blank"));
        let unknown = doctor.get("/records/renewals?form_key=shitei-999").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);

        doctor.get(&path).await;
        let renewed = doctor.post(&format!("{path}/renew"), &[]).await;
        assert_eq!(renewed.status, StatusCode::SEE_OTHER, "{}", renewed.body);
        let draft = renewed.location();
        assert_ne!(draft, path);
        let page = doctor.get(&draft).await;
        assert!(page.has("renewed") && page.body.contains("更新"), "{}", page.body);
        // Copied.
        assert!(page.body.contains("id=\"f-family_name\" value=\"金糸雀\""));
        assert!(page.body.contains("id=\"f-height\" value=\"160\""));
        // Asked anew every time.
        assert!(page.body.contains("id=\"f-weight\" value=\"\""));
        assert!(!page.body.contains("52.5"));
        // Offered, not answered.
        assert!(page.body.contains("data-earlier=\"tremor\""));
        assert!(!page.body.contains("id=\"f-tremor-1\" value=\"1\" checked"));
        assert!(page.body.contains("前回（2026年11月22日）"), "{}", page.body);
        let version = page.input("_version");
        let taken = doctor.post(&draft, &[("_version", &version), ("_take", "tremor"), ("height", "161")]).await;
        assert!(taken.body.contains("id=\"f-tremor-1\" value=\"1\" checked"), "{}", taken.body);
        assert!(taken.body.contains("id=\"f-height\" value=\"161\""));
        let saved = doctor.save(&draft, "save", &[("tremor", "1"), ("weight", "50.0")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);

        // A second click opens what the first one made.
        doctor.get(&path).await;
        let again = doctor.post(&format!("{path}/renew"), &[]).await;
        assert_eq!(again.location(), draft);
    }

    async fn a_renewal_is_made_from_records_of_the_own_hospital_only(server: Server) {
        let mut doctor = server.signed_in("yamada").await;
        let (path, _) = doctor.confirmed().await;
        let mut other = server.signed_in("suzuki").await;
        let list = other.get("/records/renewals?form_key=shitei-006").await;
        assert!(!list.has("earlier-record"), "{}", list.body);
        let refused = other.post(&format!("{path}/renew"), &[]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let mut officer = server.signed_in("takahashi").await;
        let refused = officer.get("/records/renewals?form_key=shitei-006").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        // A draft that nobody has confirmed is no record of a year before.
        let draft = doctor.create().await;
        let refused = doctor.post(&format!("{draft}/renew"), &[]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    }
}
