//! 責任者: keys to seal with, and tokens for systems.

use crate::clock::{day, moment};
use crate::error::Error;
use crate::extract::{Manager, Signed, User, value};
use crate::keys;
use crate::pages::Page;
use crate::session::token_hash;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::hospital_keys::{self, Key};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_exchange::seal::{Certificate, KeyFile, NewKey, Passphrase, PlatformPublic};
use serde::Serialize;
use std::collections::HashMap;

/// A key may be used for so many days.
const KEY_DAYS: u64 = 2 * 365;
/// Keys of a hospital in use at a time, for departments that seal by themselves.
const MOST_KEYS: i64 = 10;
/// Characters in the name of a token.
const LABEL: usize = 40;

#[derive(Serialize)]
struct Line {
    kid: String,
    fingerprint: String,
    from: String,
    to: String,
    state: String,
    state_label: String,
    issued: String,
    issued_by: String,
    imports: i64,
}

fn line(key: Key, platform: &PlatformPublic) -> Result<Line, Error> {
    let certificate = Certificate::parse(&key.certificate, platform)
        .map_err(|error| Error::Internal(format!("certificate {}: {error}", key.kid)))?;
    let on = |seconds: i64| {
        let date = day(seconds);
        kohyo_pages::western(&date).unwrap_or(date)
    };
    let seconds = |time: u64| i64::try_from(time).map(on).unwrap_or_default();
    Ok(Line {
        fingerprint: certificate.fingerprint(),
        from: seconds(certificate.not_before()),
        to: seconds(certificate.not_after()),
        state_label: match key.state.as_str() {
            "active" => "使用中".to_owned(),
            "reissued" => format!("再発行済み（{}）", on(key.changed_at)),
            _ => format!("漏えいの届出（{}）", on(key.changed_at)),
        },
        state: key.state,
        issued: moment(key.issued_at),
        issued_by: key.issued_by_name,
        imports: key.imports,
        kid: key.kid,
    })
}

#[derive(Serialize)]
struct TokenLine {
    id: String,
    label: String,
    created: String,
    created_by: String,
    revoked: Option<String>,
}

/// What a page about keys says besides the keys.
#[derive(Default)]
struct Told {
    /// What went wrong, and in which part of the page.
    wrong: Option<(&'static str, String)>,
    note: Option<&'static str>,
    token: Option<String>,
}

pub(crate) async fn page(
    State(app): State<App>,
    Manager(user): Manager,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let note = match query.get("done").map(String::as_str) {
        Some("issued") => {
            Some("鍵ファイルを保存しました。ファイルとパスフレーズは、別々に保管してください。")
        }
        Some("registered") => Some("鍵を登録しました。"),
        Some("compromised") => {
            Some("漏えいの届出を登録しました。この鍵で封緘したファイルは、もう受け付けません。")
        }
        Some("revoked") => Some("トークンを取り消しました。"),
        _ => None,
    };
    let told = Told {
        note,
        ..Told::default()
    };
    draw(&app, &user, StatusCode::OK, told).await
}

async fn draw(app: &App, user: &User, status: StatusCode, told: Told) -> Result<Response, Error> {
    let hospital = &user.account.organisation;
    let platform = app.platform.keys(&app.keys).await?;
    let keys = hospital_keys::of_hospital(&app.db, hospital)
        .await?
        .into_iter()
        .map(|key| line(key, platform.public()))
        .collect::<Result<Vec<_>, Error>>()?;
    let tokens: Vec<TokenLine> = hospital_keys::tokens(&app.db, hospital)
        .await?
        .into_iter()
        .map(|token| TokenLine {
            id: token.id,
            label: token.label,
            created: moment(token.created_at),
            created_by: token.created_by_name,
            revoked: token.revoked_at.map(moment),
        })
        .collect();
    let (place, wrong) = told.wrong.unzip();
    Page::new("鍵と接続", user)
        .with("nav", "keys")
        .with("number", &user.account.organisation_number)
        .with("platform", &platform.public().name)
        .with("platform_fingerprint", &platform.public().fingerprint())
        .with("shortest", &kohyo_exchange::seal::MIN_PASSPHRASE)
        .with("years", &(KEY_DAYS / 365))
        .with("keys", &keys)
        .with("tokens", &tokens)
        .with("token", &told.token)
        .with("note", &told.note)
        .with("wrong_place", &place)
        .with("wrong", &wrong)
        .draw_as(status, "keys.html")
}

async fn wrong(
    app: &App,
    user: &User,
    place: &'static str,
    what: impl Into<String>,
) -> Result<Response, Error> {
    let told = Told {
        wrong: Some((place, what.into())),
        ..Told::default()
    };
    draw(app, user, StatusCode::UNPROCESSABLE_ENTITY, told).await
}

/// The platform's public keys, as hospitals import them.
pub(crate) async fn platform(
    State(app): State<App>,
    Manager(_): Manager,
) -> Result<Response, Error> {
    let platform = app.platform.keys(&app.keys).await?;
    Ok(file("platform.kohyo-pub", platform.public().to_text()))
}

fn file(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, text).into_response()
}

/// A new key, or one in place of an old one. The answer is the key file, and nobody else ever has
/// the private key in it.
pub(crate) async fn issue(
    State(app): State<App>,
    signed: Signed<Manager>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let said = |name| value(&signed.pairs, name).unwrap_or_default();
    if said("passphrase") != said("again") {
        return wrong(&app, user, "issue", "二つのパスフレーズが違います。").await;
    }
    let passphrase = Passphrase::new(said("passphrase"));
    if let Err(error) = passphrase.strong_enough() {
        return wrong(&app, user, "issue", format!("{error}。{}。", error.help())).await;
    }
    let number = user.account.organisation_number.clone();
    if number.is_empty() {
        return wrong(
            &app,
            user,
            "issue",
            "医療機関番号が登録されていません。システム管理者に連絡してください。",
        )
        .await;
    }
    let now = app.clock.now();
    let issued = u64::try_from(now).unwrap_or(0);
    let new = NewKey {
        hospital: number.clone(),
        name: user.account.organisation_name.clone(),
        not_before: issued,
        not_after: issued + KEY_DAYS * 24 * 60 * 60,
        tool_min_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let platform = app.platform.keys(&app.keys).await?;
    // A passphrase takes a tenth of a second and 64 MiB.
    let made =
        tokio::task::spawn_blocking(move || platform.issue(&new, &passphrase, &mut rand::rng()));
    let key: KeyFile = made
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| Error::Internal(error.to_string()))?;
    let certificate = key.certificate();
    let kid = certificate.kid().to_string();
    let hospital = &user.account.organisation;
    let mut tx = app.db.begin().await?;
    let replaces = said("replaces");
    if !replaces.is_empty() {
        if !hospital_keys::set_state(&mut tx, hospital, replaces, "reissued", now).await? {
            drop(tx);
            return wrong(
                &app,
                user,
                "issue",
                "置き換える鍵は、使用中ではありません。画面を開き直してください。",
            )
            .await;
        }
        let event = Event::done("key.reissue", replaces, 0);
        audit::append(&mut tx, now, &user.actor(), event).await?;
    } else if hospital_keys::active_count(&mut tx, hospital).await? >= MOST_KEYS {
        drop(tx);
        return wrong(&app, user, "issue", too_many()).await;
    }
    hospital_keys::add(
        &mut tx,
        &kid,
        hospital,
        &certificate.to_text(),
        &user.account.id,
        now,
    )
    .await?;
    let event = Event::done("key.issue", &kid, 0);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(file(&format!("{number}-{kid}.kohyo-key"), key.to_text()))
}

/// A key that the platform has issued elsewhere (`kohyo key issue`): its certificate is enough.
pub(crate) async fn register(
    State(app): State<App>,
    signed: Signed<Manager>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let text = value(&signed.pairs, "certificate").unwrap_or_default();
    let platform = app.platform.keys(&app.keys).await?;
    // A form may have added or lost the line end at its end.
    let certificate = match Certificate::parse(&format!("{}\n", text.trim()), platform.public()) {
        Ok(certificate) => certificate,
        Err(error) => {
            return wrong(
                &app,
                user,
                "register",
                format!("{error}。{}。", error.help()),
            )
            .await;
        }
    };
    if certificate.hospital() != user.account.organisation_number {
        return wrong(
            &app,
            user,
            "register",
            format!(
                "この鍵は、別の医療機関（{}）のものです。",
                certificate.hospital()
            ),
        )
        .await;
    }
    let now = app.clock.now();
    let kid = certificate.kid().to_string();
    let mut tx = app.db.begin().await?;
    let text = certificate.to_text();
    let hospital = &user.account.organisation;
    if !hospital_keys::add(&mut tx, &kid, hospital, &text, &user.account.id, now).await? {
        drop(tx);
        return wrong(&app, user, "register", "この鍵は、すでに登録されています。").await;
    }
    if hospital_keys::active_count(&mut tx, hospital).await? > MOST_KEYS {
        drop(tx);
        return wrong(&app, user, "register", too_many()).await;
    }
    let event = Event::done("key.register", &kid, 0);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(Redirect::to("/keys?done=registered").into_response())
}

fn too_many() -> String {
    format!("使用中の鍵が{MOST_KEYS}個あります。使わない鍵を置き換えてください。")
}

/// A key has become known to others: nothing sealed with it is taken from now on.
pub(crate) async fn compromised(
    State(app): State<App>,
    Path(kid): Path<String>,
    signed: Signed<Manager>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    if value(&signed.pairs, "_ack").is_none() {
        return wrong(
            &app,
            user,
            "compromised",
            "「確認しました」に印を付けてください。",
        )
        .await;
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let hospital = &user.account.organisation;
    if !hospital_keys::set_state(&mut tx, hospital, &kid, "compromised", now).await? {
        return Err(Error::NotFound { what: "鍵" });
    }
    let event = Event::done("key.compromised", &kid, 0);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(Redirect::to("/keys?done=compromised").into_response())
}

/// A token for a system of the hospital, shown once.
pub(crate) async fn new_token(
    State(app): State<App>,
    signed: Signed<Manager>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let label = value(&signed.pairs, "label").unwrap_or_default().trim();
    let length = label.chars().count();
    if length == 0 || length > LABEL || label.chars().any(char::is_control) {
        return wrong(
            &app,
            user,
            "token",
            format!("使うシステムの名前を{LABEL}文字以内で入力してください。"),
        )
        .await;
    }
    let (id, token) = (keys::fresh_id(), format!("kohyo_{}", keys::fresh_token()));
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    hospital_keys::add_token(
        &mut tx,
        &id,
        &token_hash(&token),
        &user.account.organisation,
        label,
        &user.account.id,
        now,
    )
    .await?;
    let event = Event::done("token.issue", &id, 0);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    let told = Told {
        token: Some(token),
        ..Told::default()
    };
    draw(&app, user, StatusCode::OK, told).await
}

pub(crate) async fn revoke(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Manager>,
) -> Result<Redirect, Error> {
    let user = &signed.by.0;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !hospital_keys::revoke_token(&mut tx, &user.account.organisation, &id, now).await? {
        return Err(Error::NotFound {
            what: "トークン"
        });
    }
    let event = Event::done("token.revoke", &id, 0);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(Redirect::to("/keys?done=revoked"))
}
