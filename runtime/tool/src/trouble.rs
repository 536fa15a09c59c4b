//! What the system refuses → words a person can act on, for the page and every command.

use std::io::{self, ErrorKind};

/// Why the system refused.
pub fn reason(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "見つかりません",
        ErrorKind::PermissionDenied => "許可されていません",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "空き容量がありません",
        ErrorKind::ReadOnlyFilesystem => "書き込みできない場所です",
        ErrorKind::IsADirectory => "フォルダーです",
        ErrorKind::NotADirectory => "フォルダーではありません",
        ErrorKind::AlreadyExists => "同じ名前のものがすでにあります",
        ErrorKind::InvalidData => "UTF-8の文字ではありません",
        ErrorKind::AddrInUse => "ほかのプログラムが使っています",
        _ => "システムのエラーが起きました",
    };
    match error.raw_os_error() {
        Some(code) => format!("{words}（OSエラー {code}）"),
        None => words.to_owned(),
    }
}

/// What to do about it; where the kind of error does not say, what is `usual`.
pub fn remedy<'a>(error: &io::Error, usual: &'a str) -> &'a str {
    match error.kind() {
        ErrorKind::NotFound => "フォルダーとファイルの名前を確認してください",
        ErrorKind::PermissionDenied => "ファイルとフォルダーのアクセス権を確認してください",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "空き容量を増やすか、ほかの場所を指定してください"
        }
        ErrorKind::ReadOnlyFilesystem => "ほかの場所を指定してください",
        ErrorKind::IsADirectory => "ファイルの名前まで指定してください",
        ErrorKind::AlreadyExists => "ほかの名前にするか、古いものを移してください",
        ErrorKind::InvalidData => "文字コードをUTF-8にして保存し直してください",
        ErrorKind::AddrInUse => "ほかの番号のポートを指定するか、指定を外してください",
        _ => usual,
    }
}

/// Both, as they stand in an error.
pub(crate) fn told(error: &io::Error, usual: &str) -> String {
    format!("{}\n  {}", reason(error), remedy(error, usual))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ToolError;
    use std::path::Path;

    #[test]
    fn no_word_of_the_system_is_left() {
        let kinds = [
            ErrorKind::NotFound,
            ErrorKind::PermissionDenied,
            ErrorKind::StorageFull,
            ErrorKind::AlreadyExists,
            ErrorKind::InvalidData,
            ErrorKind::TimedOut,
        ];
        for kind in kinds {
            let error = ToolError::write(Path::new("一覧"), io::Error::new(kind, "English"));
            let said = error.to_string();
            let latin = said.replace("UTF-8", "");
            assert!(!latin.contains(|c: char| c.is_ascii_alphabetic()), "{said}");
            assert!(
                said.lines()
                    .nth(1)
                    .is_some_and(|remedy| remedy.ends_with("ください"))
            );
        }
        let full = io::Error::from_raw_os_error(28);
        if cfg!(target_os = "linux") {
            assert_eq!(reason(&full), "空き容量がありません（OSエラー 28）");
        }
    }
}
