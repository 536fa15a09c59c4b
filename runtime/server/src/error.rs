//! Everything that can go wrong, and the page a person then sees: what happened, where, what to do.

use crate::extract::Pairs;
use crate::pages;
use crate::seal::Unopened;
use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use std::sync::Arc;

/// Everything that can go wrong.
#[derive(Debug)]
pub(crate) enum Error {
    /// Nobody is signed in; a page was asked for.
    SignIn { to: String },
    /// Nobody is signed in any more; a filled form was sent, and goes back unharmed.
    SignInAgain { to: String, pairs: Pairs },
    /// Nobody is signed in any more; a script asked.
    SignInScript,
    /// Signed in, but not for this page.
    Role { needs: &'static str },
    /// The request did not come from one of our own pages.
    Forged,
    /// There is no such thing, or it is somebody else's.
    NotFound { what: &'static str },
    /// There is no such release, or nothing of this name in it.
    NotPublished { what: &'static str },
    /// A file of a release is not what its publisher signed.
    Damaged(String),
    /// There is such a page, but it is not opened this way.
    Method,
    /// A definition that a record or a person names is not loaded.
    NoForm { key: String, edition: String },
    /// The form sent cannot be read.
    BadForm { why: &'static str },
    /// More was sent than any form needs.
    TooLarge,
    /// So many access keys that open nothing within so many hours.
    TooManyMisses { misses: i64, hours: i64 },
    /// What was sent is not taken.
    Refused {
        status: StatusCode,
        check: &'static str,
        message: String,
        help: &'static str,
    },
    /// Something else happened in the meantime.
    Changed { what: &'static str, to: String },
    /// The disk is full.
    Full,
    /// The database failed.
    Database(sqlx::Error),
    /// A sealed item did not open: it was moved or changed.
    Unopened,
    /// A page could not be drawn, a clock is out of range: a fault of ours.
    Internal(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // SQLITE_FULL is 13; PostgreSQL says 53100 (disk_full).
        let full = error
            .as_database_error()
            .and_then(|error| error.code().map(|code| code == "13" || code == "53100"))
            .unwrap_or(false);
        if full {
            Self::Full
        } else {
            Self::Database(error)
        }
    }
}

impl From<Unopened> for Error {
    fn from(_: Unopened) -> Self {
        Self::Unopened
    }
}

impl From<kohyo_pages::PageError> for Error {
    fn from(error: kohyo_pages::PageError) -> Self {
        Self::Internal(error.to_string())
    }
}

/// What a person is told.
struct Message {
    status: StatusCode,
    title: &'static str,
    text: String,
    remedy: &'static str,
    to: Option<(String, &'static str)>,
}

impl Error {
    /// What the log says.
    pub(crate) fn cause(&self) -> String {
        match self {
            Self::Database(error) => error.to_string(),
            Self::Internal(cause) | Self::Damaged(cause) => cause.clone(),
            other => format!("{other:?}"),
        }
    }

    fn message(&self) -> Message {
        let home = Some(("/".to_owned(), "ホームへ戻る"));
        let plain = |status, title, text: &str, remedy| Message {
            status,
            title,
            text: text.to_owned(),
            remedy,
            to: home.clone(),
        };
        match self {
            Self::SignIn { .. } | Self::SignInAgain { .. } | Self::SignInScript => plain(
                StatusCode::UNAUTHORIZED,
                "ログインが必要です",
                "ログインしていないか、ログインの有効時間が過ぎました。",
                "もう一度ログインしてください。",
            ),
            Self::Role { needs } => plain(
                StatusCode::FORBIDDEN,
                "この操作はできません",
                &format!("この画面は{needs}だけが使えます。"),
                "必要な場合は、権限のある方に依頼してください。",
            ),
            Self::Forged => plain(
                StatusCode::FORBIDDEN,
                "送信元を確認できませんでした",
                "この操作は、本システムの画面から送られたものではない可能性があるため、実行しませんでした。",
                "ホームから画面を開き直し、もう一度操作してください。",
            ),
            Self::NotFound { what } => plain(
                StatusCode::NOT_FOUND,
                "見つかりません",
                &format!(
                    "指定された{what}はありません。削除されたか、所属が異なるため表示できません。"
                ),
                "番号やリンクを確かめ、一覧から開き直してください。",
            ),
            Self::NotPublished { what } => Message {
                status: StatusCode::NOT_FOUND,
                title: "見つかりません",
                text: format!("指定された{what}は、ここでは配布していません。"),
                remedy: "リリースの名前、様式の番号と版を確かめ、一覧から開き直してください。",
                to: Some(("/releases".to_owned(), "リリースの一覧へ")),
            },
            Self::Damaged(_) => Message {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                title: "配布ファイルが壊れています",
                text:
                    "サーバーにあるファイルが、署名された内容と一致しないため、送信しませんでした。"
                        .to_owned(),
                remedy: "時間をおいて開き直してください。続く場合は、表示された番号を配布元に知らせてください。",
                to: Some(("/releases".to_owned(), "リリースの一覧へ")),
            },
            Self::Method => plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "この開き方はできません",
                "この場所は、画面のボタンからだけ使えます。アドレスを直接開いた場合や、再読み込みした場合に表示されます。何も変更していません。",
                "ホームから画面を開き直してください。",
            ),
            Self::NoForm { key, edition } => plain(
                StatusCode::NOT_FOUND,
                "様式の定義がありません",
                &format!("様式「{key}」の版「{edition}」は、このサーバーに読み込まれていません。"),
                "保存された内容は失われていません。システム管理者に、この様式と版の名前を伝えてください。",
            ),
            Self::BadForm { why } => plain(
                StatusCode::BAD_REQUEST,
                "送信された内容を読み取れません",
                why,
                "画面を開き直し、もう一度操作してください。",
            ),
            Self::TooLarge => plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "送信された内容が大きすぎます",
                "一度に送れるのは512キロバイトまでです。保存はされていません。",
                "ブラウザーの「戻る」で入力画面に戻り、長い文章を短くしてから保存し直してください。",
            ),
            Self::TooManyMisses { misses, hours } => plain(
                StatusCode::TOO_MANY_REQUESTS,
                "アクセスキーの入力を停止しています",
                &format!(
                    "存在しないアクセスキーが{hours}時間に{misses}回入力されたため、安全のため入力を停止しました。遅くとも{hours}時間後には、また入力できます。"
                ),
                "しばらく待ってから入力してください。心当たりがない場合は、管理者に知らせてください。",
            ),
            Self::Refused {
                status,
                message,
                help,
                ..
            } => plain(*status, "受け付けられませんでした", message, help),
            Self::Changed { what, to } => Message {
                status: StatusCode::CONFLICT,
                title: "内容が変わっています",
                text: format!(
                    "{what}が、この画面を開いた後に変更されました。何も上書きしていません。"
                ),
                remedy: "最新の内容を開いて確かめ、もう一度操作してください。",
                to: Some((to.clone(), "最新の内容を開く")),
            },
            Self::Full => plain(
                StatusCode::INSUFFICIENT_STORAGE,
                "保存できませんでした（空き容量がありません）",
                "サーバーの空き容量がないため、今回の変更は保存されていません。これまでに保存された内容は失われていません。",
                "ブラウザーの「戻る」で入力画面に戻ると、入力した内容が残っています。管理者に連絡し、容量が確保されてから保存し直してください。",
            ),
            Self::Database(_) => plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "データベースに接続できません",
                "今回の操作は行われていません。これまでに保存された内容は失われていません。",
                "しばらく待ってから、ブラウザーの「戻る」で入力画面に戻り、もう一度操作してください。",
            ),
            Self::Unopened => plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "保存された内容を開けません",
                "暗号化された内容の照合に失敗しました。内容が改変されたか、置き場所が変わった可能性があります。",
                "表示された番号を控えて、システム管理者に連絡してください。",
            ),
            Self::Internal(_) => plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "システムの内部で問題が起きました",
                "今回の操作は完了していません。これまでに保存された内容は失われていません。",
                "もう一度操作しても続く場合は、表示された番号を控えて、システム管理者に連絡してください。",
            ),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match &self {
            Self::SignIn { to } => return Redirect::to(&pages::login_address(to)).into_response(),
            Self::SignInScript => {
                let body = Json(serde_json::json!({ "error": "sign_in" }));
                return (StatusCode::UNAUTHORIZED, body).into_response();
            }
            Self::SignInAgain { to, pairs } => return pages::sign_in_again(to, pairs),
            _ => {}
        }
        let message = self.message();
        let told = Arc::new(pages::Told {
            status: message.status,
            title: message.title,
            text: message.text,
            remedy: message.remedy,
            to: message.to,
            incident: self.incident(message.status),
        });
        let mut response = pages::error(&told, None);
        // Whoever knows who asked draws it again with their menu (`routes.rs`).
        response.extensions_mut().insert(told);
        response
    }
}

/// An error as programs read it.
#[derive(Debug)]
pub(crate) struct ApiError(pub(crate) Error);

/// What they read (`docs/exchange/upload.md`, section 8).
#[derive(Serialize)]
struct Said {
    error: &'static str,
    message: String,
    help: &'static str,
    /// Only where it is a fault of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<String>,
}

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Error {
    /// The number under which the log tells the cause of a fault of ours, for whoever reports it.
    fn incident(&self, status: StatusCode) -> Option<String> {
        status.is_server_error().then(|| {
            let incident: String = crate::keys::fresh_id().chars().take(8).collect();
            // Errors carry no answers: only the database's and the template's own words.
            tracing::error!(incident, cause = self.cause(), "request failed");
            incident
        })
    }

    /// A stable word for programs.
    fn word(&self) -> &'static str {
        match self {
            Self::SignIn { .. } | Self::SignInAgain { .. } | Self::SignInScript => "sign_in",
            Self::Role { .. } => "role",
            Self::Forged => "forged",
            Self::NotFound { .. } | Self::NotPublished { .. } => "not_found",
            Self::Damaged(_) => "damaged",
            Self::Method => "method",
            Self::NoForm { .. } => "no_form",
            Self::BadForm { .. } => "bad_request",
            Self::TooLarge => "too_large",
            Self::TooManyMisses { .. } => "too_many_misses",
            Self::Refused { check, .. } => check,
            Self::Changed { .. } => "changed",
            Self::Full => "full",
            Self::Database(_) => "database",
            Self::Unopened => "unopened",
            Self::Internal(_) => "internal",
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let message = self.0.message();
        let said = Said {
            error: self.0.word(),
            incident: self.0.incident(message.status),
            message: message.text,
            help: message.remedy,
        };
        let mut response = (message.status, Json(said)).into_response();
        if message.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                axum::http::HeaderValue::from_static("Bearer"),
            );
        }
        response
    }
}

/// Whether a script of ours asked, rather than a person's browser.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_told_from_other_failures() {
        let pool = sqlx::sqlite::SqlitePoolOptions::new()
            .max_connections(1)
            .connect("sqlite::memory:")
            .await
            .unwrap();
        sqlx::raw_sql("create table t (b blob); pragma max_page_count = 4")
            .execute(&pool)
            .await
            .unwrap();
        let error = sqlx::query("insert into t values (zeroblob(100000))")
            .execute(&pool)
            .await
            .unwrap_err();
        let error = Error::from(error);
        assert!(matches!(error, Error::Full), "{error:?}");
        assert_eq!(error.message().status, StatusCode::INSUFFICIENT_STORAGE);
        let error = sqlx::query("insert into nothing values (1)")
            .execute(&pool)
            .await
            .unwrap_err();
        assert!(matches!(Error::from(error), Error::Database(_)));
    }

    #[tokio::test]
    async fn a_fault_of_ours_has_a_number_in_programs_too() {
        async fn body(error: Error) -> serde_json::Value {
            let body = ApiError(error).into_response().into_body();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            serde_json::from_slice(&bytes).unwrap()
        }
        let ours = body(Error::Unopened).await;
        assert_eq!(ours["error"], "unopened");
        assert_eq!(ours["incident"].as_str().unwrap().len(), 8, "{ours}");
        let theirs = body(Error::TooLarge).await;
        assert!(theirs.get("incident").is_none(), "{theirs}");
    }
}
