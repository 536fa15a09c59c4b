//! Who may call a handler stands in its parameters.
//!
//! [`Physician`], [`Staff`], [`Officer`] and [`AnyUser`] refuse everybody else.
//! [`Signed`] adds a form that was sent from one of our own pages by the same session.

use crate::error::{Error, wants_json};
use crate::session;
use crate::start::App;
use crate::store::accounts::{Account, Role};
use crate::store::audit::{self, Actor, Event};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
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
as_user!(AnyUser, Physician, Staff, Officer);

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
