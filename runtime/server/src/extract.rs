//! Who may call a handler stands in its parameters.
//!
//! [`Physician`], [`Staff`], [`Officer`] and [`AnyUser`] refuse everybody else.
//! [`Signed`] adds a form that was sent from one of our own pages by the same session.
//! [`Sender`] is a hospital, whether one of its people or one of its systems speaks for it.

use crate::error::{ApiError, Error, wants_json};
use crate::session;
use crate::start::App;
use crate::store::accounts::{Account, Role};
use crate::store::audit::{self, Actor, Event};
use crate::store::hospital_keys;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use subtle::ConstantTimeEq;

/// Names and values as a form sent them.
pub(crate) type Pairs = Vec<(String, String)>;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) account: Account,
    pub(crate) role: Role,
    /// What every form of this session carries.
    pub(crate) csrf: String,
    /// The secret in the cookie.
    pub(crate) token: String,
}

impl User {
    /// As the audit trail names them.
    pub(crate) fn actor(&self) -> Actor {
        Actor {
            account: self.account.id.clone(),
            role: self.role.name(),
            organisation: self.account.organisation.clone(),
        }
    }
}

/// Anybody signed in.
pub(crate) struct AnyUser(pub(crate) User);
/// 指定医.
pub(crate) struct Physician(pub(crate) User);
/// 指定医 or 医療クラーク.
pub(crate) struct Staff(pub(crate) User);
/// 自治体担当者.
pub(crate) struct Officer(pub(crate) User);
/// 責任者 of a hospital.
pub(crate) struct Manager(pub(crate) User);

impl FromRequestParts<App> for AnyUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        session::current(app, parts).await.map(Self)
    }
}

impl FromRequestParts<App> for Physician {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        only(app, parts, &[Role::Physician], "指定医")
            .await
            .map(Self)
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        only(
            app,
            parts,
            &[Role::Physician, Role::Clerk],
            "医療機関の利用者",
        )
        .await
        .map(Self)
    }
}

impl FromRequestParts<App> for Officer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        only(app, parts, &[Role::Officer], "自治体の担当者")
            .await
            .map(Self)
    }
}

impl FromRequestParts<App> for Manager {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let needs = "医療機関の責任者";
        let user = only(app, parts, &[Role::Physician, Role::Clerk], needs).await?;
        if user.account.manager == 1 {
            return Ok(Self(user));
        }
        let event = Event::denied("page.open", "", "manager");
        audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
        Err(Error::Role { needs })
    }
}

/// A hospital that sends files or asks about them.
pub(crate) struct Sender {
    /// The hospital.
    pub(crate) hospital: String,
    /// In whose name: the person, or the maker of the system's token.
    pub(crate) account: String,
    /// As the audit trail names them.
    pub(crate) actor: Actor,
    /// The person at a browser; nothing if a system speaks.
    pub(crate) person: Option<User>,
}

impl FromRequestParts<App> for Sender {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if let Some(token) = bearer(parts) {
            let hash = session::token_hash(token);
            let found = hospital_keys::bearer(&app.db, &hash).await?;
            let Some(found) = found else {
                let event = Event::denied("token.use", "", "unknown");
                audit::note(&app.db, app.clock.now(), &Actor::nobody(), event).await?;
                return Err(ApiError(Error::Refused {
                    status: StatusCode::UNAUTHORIZED,
                    check: "token",
                    message: "接続用トークンが正しくないか、取り消されています".to_owned(),
                    help: "責任者の画面「鍵と接続」で、新しいトークンを発行してください。",
                }));
            };
            return Ok(Self {
                actor: Actor {
                    account: found.id,
                    role: "token",
                    organisation: found.hospital.clone(),
                },
                hospital: found.hospital,
                account: found.account,
                person: None,
            });
        }
        let Staff(user) = Staff::from_request_parts(parts, app).await?;
        // Only our own pages know the token of the session.
        let safe = matches!(parts.method, Method::GET | Method::HEAD);
        let sent = parts
            .headers
            .get("x-csrf-token")
            .map_or(&[][..], |value| value.as_bytes());
        if !safe && !bool::from(sent.ct_eq(user.csrf.as_bytes())) {
            return Err(ApiError(Error::Forged));
        }
        Ok(Self::person(user))
    }
}

impl Sender {
    /// Somebody at a browser.
    pub(crate) fn person(user: User) -> Self {
        Self {
            hospital: user.account.organisation.clone(),
            account: user.account.id.clone(),
            actor: user.actor(),
            person: Some(user),
        }
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    parts
        .headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .map(str::trim)
}

async fn only(
    app: &App,
    parts: &Parts,
    roles: &[Role],
    needs: &'static str,
) -> Result<User, Error> {
    let user = session::current(app, parts).await?;
    if roles.contains(&user.role) {
        return Ok(user);
    }
    let event = Event::denied("page.open", "", "role");
    audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
    Err(Error::Role { needs })
}

/// A form sent from one of our own pages by somebody who may.
pub(crate) struct Signed<U> {
    pub(crate) by: U,
    pub(crate) pairs: Pairs,
}

impl<U> FromRequest<App> for Signed<U>
where
    U: FromRequestParts<App, Rejection = Error> + AsRef<User> + Send,
{
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let by = U::from_request_parts(&mut parts, app).await;
        let to = parts.uri.path().to_owned();
        let script = wants_json(&parts.headers);
        let pairs = pairs(Request::from_parts(parts, body)).await?;
        let by = match by {
            Err(Error::SignIn { .. }) if script => return Err(Error::SignInScript),
            Err(Error::SignIn { .. }) => return Err(Error::SignInAgain { to, pairs }),
            by => by?,
        };
        let sent = value(&pairs, "_csrf").unwrap_or_default();
        if bool::from(sent.as_bytes().ct_eq(by.as_ref().csrf.as_bytes())) {
            Ok(Self { by, pairs })
        } else {
            Err(Error::Forged)
        }
    }
}

macro_rules! as_user {
    ($($name:ident),*) => {
        $(impl AsRef<User> for $name {
            fn as_ref(&self) -> &User {
                &self.0
            }
        })*
    };
}
as_user!(AnyUser, Physician, Staff, Officer, Manager);

/// Reads a form whoever sent it; only signing in uses it directly.
pub(crate) async fn pairs(request: Request) -> Result<Pairs, Error> {
    match Form::<Pairs>::from_request(request, &()).await {
        Ok(Form(pairs)) => Ok(pairs),
        Err(FormRejection::BytesRejection(error))
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE =>
        {
            Err(Error::TooLarge)
        }
        Err(_) => Err(Error::BadForm {
            why: "送信された内容がフォームの形になっていません。",
        }),
    }
}

/// The first value of a name.
pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// The first value of a name as a version number.
pub(crate) fn version(pairs: &[(String, String)]) -> Result<i64, Error> {
    value(pairs, "_version")
        .and_then(|text| text.parse().ok())
        .ok_or(Error::BadForm {
            why: "画面の版番号がありません。",
        })
}
