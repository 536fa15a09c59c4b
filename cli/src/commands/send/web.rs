//! Requests and answers, with the words for what goes wrong in between.

use crate::disk::{Failure, read_text};
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;
use ureq::http::Response;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

/// A platform and the token that it knows us by.
pub struct Web {
    agent: Agent,
    /// Without the slash at its end.
    server: String,
    authorization: String,
}

/// An answer that says yes.
pub struct Answer {
    /// Bytes that have arrived for good, if it says so.
    pub offset: Option<u64>,
    pub body: Vec<u8>,
}

/// Why there is no such answer.
#[derive(Debug)]
pub enum Trouble {
    /// There is no connection, or it broke.
    Connection(String),
    /// Whoever answers cannot prove who it is.
    Certificate(String),
    /// The platform says no.
    Refused(Refused),
    /// Whatever answers is not the platform.
    Stranger(u16),
}

/// What the platform says when it says no.
#[derive(Debug, Deserialize)]
pub struct Refused {
    #[serde(skip)]
    pub status: u16,
    pub error: String,
    message: String,
    #[serde(default)]
    help: String,
}

/// An answer has at most so many bytes: the longest error list.
const LONGEST: u64 = 256 * 1024 * 1024;

impl Web {
    /// A platform at an address. The token never travels where others can read it.
    ///
    /// # Errors
    /// An address without encryption, or certificates that cannot be read.
    pub fn new(server: &str, token: String, ca: Option<&Path>) -> Result<Self, Failure> {
        if !is_safe(server) {
            return Err(Failure::Other(format!(
                "{server} には送れません: 暗号化された通信（https）ではありません\n  受付先のアドレスを https:// から書いてください"
            )));
        }
        let mut tls = TlsConfig::builder();
        if let Some(path) = ca {
            tls = tls.root_certs(root_certs(path)?);
        }
        let agent = Agent::config_builder()
            .tls_config(tls.build())
            .user_agent(concat!("kohyo/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            // Whoever is asked is the one that is named, and nobody else.
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(60)))
            .build()
            .into();
        Ok(Self {
            agent,
            server: server.trim_end_matches('/').to_owned(),
            authorization: format!("Bearer {token}"),
        })
    }

    /// # Errors
    /// No such answer.
    pub fn get(&self, path: &str) -> Result<Answer, Trouble> {
        let request = self.agent.get(self.url(path));
        answer(request.header("authorization", &self.authorization).call())
    }

    /// # Errors
    /// No such answer.
    pub fn post(&self, path: &str, json: &str) -> Result<Answer, Trouble> {
        let request = self.agent.post(self.url(path));
        let request = request.header("authorization", &self.authorization);
        answer(
            request
                .header("content-type", "application/json")
                .send(json),
        )
    }

    /// More bytes from a place on.
    ///
    /// # Errors
    /// No such answer.
    pub fn patch(&self, path: &str, from: u64, bytes: &[u8]) -> Result<Answer, Trouble> {
        let request = self.agent.patch(self.url(path));
        let request = request.header("authorization", &self.authorization);
        answer(
            request
                .header("upload-offset", from.to_string())
                .send(bytes),
        )
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server)
    }
}

/// Encrypted, or within this machine.
fn is_safe(server: &str) -> bool {
    let Some(rest) = server.strip_prefix("http://") else {
        return server.starts_with("https://");
    };
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn root_certs(path: &Path) -> Result<RootCerts, Failure> {
    let pem = read_text(path)?;
    let certificates: Vec<_> = parse_pem(pem.as_bytes())
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(Failure::Other(format!(
            "{} に証明書がありません\n  認証局の証明書（PEM）を指定してください",
            path.display()
        )));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

fn answer(response: Result<Response<Body>, ureq::Error>) -> Result<Answer, Trouble> {
    let mut response = response.map_err(|error| Trouble::of(&error))?;
    let status = response.status();
    let offset = response
        .headers()
        .get("upload-offset")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let body = response
        .body_mut()
        .with_config()
        .limit(LONGEST)
        .read_to_vec();
    let body = body.map_err(|error| Trouble::of(&error))?;
    if status.is_success() {
        return Ok(Answer { offset, body });
    }
    Err(match serde_json::from_slice::<Refused>(&body) {
        Ok(refused) => Trouble::Refused(Refused {
            status: status.as_u16(),
            ..refused
        }),
        Err(_) => Trouble::Stranger(status.as_u16()),
    })
}

/// A clock that is wrong is the likelier reason.
const NOT_YET: &str = "証明書の有効期間がまだ始まっていません（この端末の日時も確かめてください）";

/// What is wrong with the certificate of whoever answers, if that is the trouble.
fn certificate_problem(error: &ureq::Error) -> Option<String> {
    let text = match error {
        ureq::Error::Rustls(error) => error.to_string(),
        ureq::Error::Io(error) => error.get_ref()?.to_string(),
        _ => return None,
    };
    let problem = text.strip_prefix("invalid peer certificate: ")?;
    let known = [
        ("UnknownIssuer", "知らない認証局の証明書です"),
        ("NotValidForName", "別の名前のサーバーの証明書です"),
        (
            "certificate not valid for name",
            "別の名前のサーバーの証明書です",
        ),
        ("Expired", "証明書の期限が切れています"),
        ("certificate expired", "証明書の期限が切れています"),
        ("NotValidYet", NOT_YET),
        ("certificate not valid yet", NOT_YET),
    ];
    let found = known.iter().find(|(begin, _)| problem.starts_with(begin));
    Some(found.map_or_else(|| problem.to_owned(), |(_, words)| (*words).to_owned()))
}

impl Trouble {
    fn of(error: &ureq::Error) -> Self {
        use ureq::Error;
        if let Some(why) = certificate_problem(error) {
            return Self::Certificate(why);
        }
        Self::Connection(match error {
            Error::HostNotFound => "アドレスの名前が見つかりません".to_owned(),
            Error::Timeout(_) => "時間内に応答がありません".to_owned(),
            Error::BadUri(_) | Error::Http(_) => "アドレスの書き方が正しくありません".to_owned(),
            Error::Io(source) if source.kind() == std::io::ErrorKind::ConnectionRefused => {
                "相手が接続を受け付けません".to_owned()
            }
            other => format!("通信が途切れました（{other}）"),
        })
    }

    /// Whether it may be over when asked again: the connection, a server that is busy or starting.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Certificate(_) => false,
            Self::Stranger(status) => *status >= 500,
            Self::Refused(refused) => {
                refused.status >= 500
                    || matches!(
                        refused.error.as_str(),
                        "import.busy"
                            | "import.offset"
                            | "import.incomplete"
                            | "import.not_receiving"
                    )
            }
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Other(match trouble {
            Trouble::Connection(why) => format!(
                "受付先に接続できません: {why}\n  ネットワークとアドレス（--server）を確かめ、同じコマンドをもう一度実行してください。続きから送ります"
            ),
            Trouble::Certificate(why) => format!(
                "受付先の証明書を確かめられないため、何も送っていません: {why}\n  アドレス（--server）を確かめてください。院内などの認証局の証明書を使う受付先なら、その認証局の証明書（PEM）を --ca FILE で指定してください"
            ),
            Trouble::Refused(refused) if refused.error == "token" => {
                "接続用トークンが正しくないか、取り消されています\n  責任者の画面「鍵と接続」で発行したものを、--token-file か環境変数 KOHYO_TOKEN で渡してください".to_owned()
            }
            Trouble::Refused(refused) => format!(
                "{}（{}）\n  {}",
                refused.message, refused.error, refused.help
            ),
            Trouble::Stranger(status) => format!(
                "応答（HTTP {status}）が、受付先のものではありません\n  アドレス（--server）と、途中のプロキシーの設定を確かめてください"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_travels_encrypted_or_stays_on_this_machine() {
        for server in [
            "https://kohyo.example.jp",
            "http://127.0.0.1:8080/",
            "http://[::1]:80",
            "http://localhost",
        ] {
            assert!(is_safe(server), "{server}");
        }
        for server in [
            "http://kohyo.example.jp",
            "http://127.0.0.1.example.jp",
            "http://localhost:80@example.jp",
            "ftp://localhost",
            "localhost",
        ] {
            assert!(!is_safe(server), "{server}");
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_and_nothing_else() {
        let refused = |status, error: &str| {
            Trouble::Refused(Refused {
                status,
                error: error.to_owned(),
                message: String::new(),
                help: String::new(),
            })
        };
        assert!(refused(409, "import.busy").may_pass());
        assert!(refused(503, "database").may_pass());
        assert!(Trouble::Stranger(502).may_pass());
        assert!(!Trouble::Stranger(404).may_pass());
        assert!(!refused(401, "token").may_pass());
        assert!(!refused(422, "import.hash").may_pass());
    }
}
