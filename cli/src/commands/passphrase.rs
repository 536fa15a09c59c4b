//! Passphrases and tokens from a file, the environment or the keyboard; never from an argument.

use crate::args::PassphraseArgs;
use crate::disk::{Failure, read_text};
use kohyo_exchange::seal::{KeyError, MIN_PASSPHRASE, Passphrase};
use std::path::Path;

/// A passphrase that opens something.
pub fn existing(args: &PassphraseArgs, what: &str) -> Result<Passphrase, Failure> {
    match given(args.passphrase_file.as_deref(), "KOHYO_PASSPHRASE")? {
        Some(passphrase) => Ok(passphrase),
        None => ask(&format!("{what}のパスフレーズ: ")),
    }
}

/// A passphrase for something new, typed twice.
pub fn new(file: Option<&Path>, variable: &str, what: &str) -> Result<Passphrase, Failure> {
    let passphrase = match given(file, variable)? {
        Some(passphrase) => passphrase,
        None => {
            let first = typed(&format!(
                "{what}の新しいパスフレーズ（{MIN_PASSPHRASE}文字以上）: "
            ))?;
            if first != typed("もう一度: ")? {
                return Err(Failure::Other(
                    "二度のパスフレーズが違います\n  もう一度やり直してください".to_owned(),
                ));
            }
            Passphrase::new(&first)
        }
    };
    passphrase.strong_enough().map_err(|e| failure(&e))?;
    Ok(passphrase)
}

/// The first line of a file, or what the environment says.
pub fn given(file: Option<&Path>, variable: &str) -> Result<Option<Passphrase>, Failure> {
    if let Some(file) = file {
        let text = read_text(file)?;
        let line = text.lines().next().unwrap_or_default();
        return Ok(Some(Passphrase::new(line)));
    }
    match std::env::var(variable) {
        Ok(text) => Ok(Some(Passphrase::new(&text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::Other(format!(
            "環境変数 {variable} を読めません\n  UTF-8で設定してください"
        ))),
    }
}

fn ask(prompt: &str) -> Result<Passphrase, Failure> {
    typed(prompt).map(|text| Passphrase::new(&text))
}

fn typed(prompt: &str) -> Result<String, Failure> {
    rpassword::prompt_password(prompt).map_err(|_| {
        Failure::Other(
            "パスフレーズを尋ねる画面がありません\n  `--passphrase-file FILE` か環境変数 KOHYO_PASSPHRASE で渡してください"
                .to_owned(),
        )
    })
}

/// An error about keys with its remedy.
pub fn failure(error: &KeyError) -> Failure {
    Failure::Other(format!("{error}\n  {}", error.help()))
}

/// The token that the platform knows a system by: from a file, the environment or the keyboard.
pub fn token(file: Option<&Path>) -> Result<String, Failure> {
    let line = match (file, std::env::var("KOHYO_TOKEN")) {
        (Some(file), _) => {
            let text = read_text(file)?;
            text.lines().next().unwrap_or_default().to_owned()
        }
        (None, Ok(token)) => token,
        (None, Err(_)) => rpassword::prompt_password("接続用トークン: ").map_err(|_| {
            Failure::Other(
                "接続用トークンを尋ねる画面がありません\n  `--token-file FILE` か環境変数 KOHYO_TOKEN で渡してください"
                    .to_owned(),
            )
        })?,
    };
    let token = line.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::Other(
            "接続用トークンの書き方が正しくありません\n  責任者の画面「鍵と接続」で発行したものを、そのまま一行で書いてください".to_owned(),
        ));
    }
    Ok(token.to_owned())
}
