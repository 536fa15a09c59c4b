//! Why a bundle or one of its files is not believed, and what to do about it.

use crate::keys::KeyId;
use crate::open::{MAX_BUNDLE, MAX_ENTRIES};
use kohyo_engine::{Date, WireError};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a bundle or one of its files is not believed, with the file in which the bundle lies.
#[derive(Debug)]
pub struct Error {
    bundle: Option<PathBuf>,
    reason: Reason,
}

/// Why a bundle or one of its files is not believed. Nothing of it has been acted on.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The input gave no more bytes.
    #[error("リリースファイルを読めません: {0}")]
    Io(#[from] io::Error),
    /// No ZIP, or no ZIP of a release.
    #[error("リリースファイルではないか、途中で切れています")]
    NotABundle,
    /// The ZIP is damaged.
    #[error("リリースファイルのZIPが壊れています")]
    Broken,
    /// More than a release has.
    #[error(
        "リリースファイルが大きすぎます（{MAX_ENTRIES}ファイル、{mb}MBまで）",
        mb = MAX_BUNDLE / 1024 / 1024
    )]
    TooLarge,
    /// A name that would lead out of the folder in which the ZIP is unpacked, or cannot stand there.
    #[error("リリースファイルの中に、使えない名前のファイルがあります: {0}")]
    Name(String),
    /// The same name twice.
    #[error("リリースファイルの中に、同じ名前のファイルが二つあります: {0}")]
    Duplicate(String),
    /// A link, a folder, an encrypted file or another compression.
    #[error("リリースファイルの中の {0} は、ふつうのファイルではありません")]
    Entry(String),
    /// It is not signed.
    #[error("リリースファイルに署名がありません")]
    Unsigned,
    /// The signature file cannot be read.
    #[error("リリースファイルの署名の書式が正しくありません")]
    SignatureForm,
    /// It was signed with a key that is not trusted here.
    #[error("リリースファイルは、登録されていない鍵（鍵番号 {0}）で署名されています")]
    UnknownKey(KeyId),
    /// The signature is not of these bytes.
    #[error("リリースファイルの署名が合いません（書き換えられたか、壊れています）")]
    Signature,
    /// Made by a later version.
    #[error("リリースファイルの形式の版 {0} は、この版では扱えません")]
    Version(String),
    /// The manifest does not fit itself.
    #[error("リリースの目録（manifest.json）が正しくありません: {0}")]
    Manifest(String),
    /// Used too early.
    #[error("リリース {release} は {from} から有効です（{on} にはまだ使えません）")]
    NotYet {
        /// Its name.
        release: String,
        /// First day of validity.
        from: String,
        /// The day of use.
        on: String,
    },
    /// Used too late.
    #[error("リリース {release} の有効期間は {until} までです（{on} には使えません）")]
    Expired {
        /// Its name.
        release: String,
        /// Last day of validity.
        until: String,
        /// The day of use.
        on: String,
    },
    /// The manifest names a file that is not there.
    #[error("リリースの目録にある {0} が、リリースファイルの中にありません")]
    Missing(String),
    /// A file that the manifest does not name.
    #[error("リリースの目録にない {0} が、リリースファイルの中にあります")]
    Unlisted(String),
    /// A file of another length than the manifest says.
    #[error("{path} の大きさが目録と違います（目録 {listed}バイト、実際 {found}バイト）")]
    Size {
        /// The file.
        path: String,
        /// By the manifest.
        listed: u64,
        /// By the ZIP.
        found: u64,
    },
    /// A file that is not the one that was signed.
    #[error("{0} の内容が、署名された目録のハッシュと違います")]
    Content(String),
    /// The release has no such file.
    #[error("リリース {release} に {path} はありません")]
    NoFile {
        /// Name of the release.
        release: String,
        /// The path that was asked for.
        path: String,
    },
    /// The release has no such form.
    #[error("リリース {release} に様式 {key} の{edition}年版はありません")]
    NoForm {
        /// Name of the release.
        release: String,
        /// Key that was asked for.
        key: String,
        /// Edition that was asked for.
        edition: String,
    },
    /// A program that this version cannot use.
    #[error("{path} を使えません: {error}")]
    Program {
        /// The file.
        path: String,
        /// What is wrong.
        error: WireError,
    },
    /// A program of another form than the manifest says.
    #[error("{0} は、目録に書かれた様式のプログラムではありません")]
    OtherProgram(String),
}

impl Error {
    /// What is wrong.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The file of the bundle, if it came from one.
    pub fn bundle(&self) -> Option<&Path> {
        self.bundle.as_deref()
    }

    /// Stable id.
    pub fn check(&self) -> &'static str {
        self.reason.check()
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        self.reason.help()
    }

    /// The same, of the bundle in this file.
    pub(crate) fn at(self, path: Option<&Path>) -> Self {
        Self {
            bundle: path.map(Path::to_owned).or(self.bundle),
            reason: self.reason,
        }
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self {
            bundle: None,
            reason,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Reason::Io(error).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.bundle {
            write!(f, "{}: ", path.display())?;
        }
        self.reason.fmt(f)
    }
}

impl std::error::Error for Error {}

impl Reason {
    /// Stable id.
    pub fn check(&self) -> &'static str {
        match self {
            Self::Io(_) => "release.unreadable",
            Self::NotABundle => "release.not_a_release",
            Self::Broken => "release.broken",
            Self::TooLarge => "release.too_large",
            Self::Name(_) => "release.name",
            Self::Duplicate(_) => "release.duplicate",
            Self::Entry(_) => "release.entry",
            Self::Unsigned => "release.unsigned",
            Self::SignatureForm => "release.signature_form",
            Self::UnknownKey(_) => "release.unknown_key",
            Self::Signature => "release.signature",
            Self::Version(_) => "release.version",
            Self::Manifest(_) => "release.manifest",
            Self::NotYet { .. } => "release.not_yet_valid",
            Self::Expired { .. } => "release.expired",
            Self::Missing(_) => "release.missing",
            Self::Unlisted(_) => "release.unlisted",
            Self::Size { .. } => "release.size",
            Self::Content(_) => "release.content",
            Self::NoFile { .. } => "release.no_file",
            Self::NoForm { .. } => "release.no_form",
            Self::Program { .. } => "release.program",
            Self::OtherProgram(_) => "release.other_program",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Io(_) => "場所と権限、媒体の状態を確認し、複写し直してください",
            Self::NotABundle | Self::Broken => {
                "配布元からもう一度取得してください。途中で切れたもの、コメントや余分なデータの付いたZIPは使えません"
            }
            Self::TooLarge
            | Self::Name(_)
            | Self::Duplicate(_)
            | Self::Entry(_)
            | Self::Unsigned
            | Self::SignatureForm
            | Self::Signature
            | Self::Missing(_)
            | Self::Unlisted(_)
            | Self::Size { .. }
            | Self::Content(_) => {
                "このファイルは使わず、配布元からもう一度取得してください。同じなら配布元に知らせてください"
            }
            Self::UnknownKey(_) => {
                "配布元の公開鍵ファイルを登録しているか、鍵番号が配布元の知らせと同じかを確認してください"
            }
            Self::Version(_) => "プログラムを新しい版にしてください",
            Self::Manifest(_) | Self::OtherProgram(_) => {
                "リリースを作ったソフトウェアの不具合が考えられます。配布元に知らせてください"
            }
            Self::NotYet { .. } => {
                "端末の日付を確認してください。合っていれば、いま有効なリリースを使ってください"
            }
            Self::Expired { .. } => {
                "端末の日付を確認してください。合っていれば、配布元から新しいリリースを取得してください"
            }
            Self::NoFile { .. } | Self::NoForm { .. } => {
                "リリースの名前と、様式の番号・版を確認してください"
            }
            Self::Program { .. } => {
                "リリースと同じ版のプログラムを使うか、プログラムを新しい版にしてください"
            }
        }
    }

    /// A day of use, as a day is written for people.
    pub(crate) fn day(date: Date) -> String {
        date.japanese()
    }
}
