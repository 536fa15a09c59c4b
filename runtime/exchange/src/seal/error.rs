//! What can be wrong with a container or a key file, in words for people who do not know either.

use super::header::{Kid, MAX_CONTAINER, MAX_RECORDS};
use super::passphrase::MIN_PASSPHRASE;
use crate::finding::{Place, RecordFinding};
use std::io;

/// Why a container is not accepted. Nothing of it has been acted on.
#[derive(Debug, thiserror::Error)]
pub enum BoxError {
    /// The input gave no more bytes.
    #[error("封緘ファイルを読めません: {0}")]
    Io(#[from] io::Error),
    /// It does not begin as a container.
    #[error("封緘ファイル（kohyo-box）ではありません")]
    NotABox,
    /// Made by a later version.
    #[error("封緘ファイルの形式の版{0}は、この版では扱えません")]
    Version(u16),
    /// Made with an unknown suite.
    #[error("封緘ファイルの暗号方式{0}は、この版では扱えません")]
    Suite(u16),
    /// The header is no header.
    #[error("封緘ファイルのヘッダーが壊れています")]
    Header,
    /// Nothing is in it.
    #[error("封緘ファイルに個票がありません")]
    Empty,
    /// Too many records.
    #[error("封緘ファイルの個票が{0}件あります（{MAX_RECORDS}件まで）")]
    TooManyRecords(u32),
    /// Too large.
    #[error("封緘ファイルが大きすぎます（{}MBまで）", MAX_CONTAINER / 1024 / 1024)]
    TooLarge,
    /// It ends too early.
    #[error("封緘ファイルが途中で切れています（本来{expected}バイト、実際は{actual}バイト）")]
    Short {
        /// Length by its header.
        expected: u64,
        /// Length.
        actual: u64,
    },
    /// Something follows.
    #[error("封緘ファイルの後ろに余分なデータがあります（本来{expected}バイト）")]
    Long {
        /// Length by its header.
        expected: u64,
    },
    /// Nobody has this key.
    #[error("鍵番号{0}の鍵は登録されていません")]
    UnknownKey(Kid),
    /// The signature is not that of the sender over these bytes.
    #[error("封緘ファイルの署名が合いません（途中で書き換えられたか、壊れています）")]
    Signature,
    /// The header names another hospital than the key belongs to.
    #[error("封緘ファイルの医療機関（{claimed}）が、鍵の医療機関（{registered}）と違います")]
    Hospital {
        /// By the header.
        claimed: String,
        /// By the register.
        registered: String,
    },
    /// The key may not be used for it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It was sealed for somebody else.
    #[error("この受付先あてに封緘されたファイルではありません")]
    NotForUs,
    /// The file key is another one than the sender committed to.
    #[error("封緘ファイルの鍵の確認値が合いません")]
    Commitment,
    /// The payload has another number of records than the header says.
    #[error("封緘ファイルの個票の数（{found}件）が、ヘッダーの件数（{claimed}件）と違います")]
    Count {
        /// By the header.
        claimed: u32,
        /// In the payload.
        found: u64,
    },
    /// A chunk is not what the sender sealed in this place.
    #[error("封緘ファイルの{0}番目の区画を開けません")]
    Chunk(u64),
}

/// Why a hospital's key may not be used for a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Made before the key was valid.
    #[error("封緘された時刻が、鍵の有効期間より前です")]
    NotYetValid,
    /// Made after the key had ended.
    #[error("封緘された時刻が、鍵の有効期間を過ぎています")]
    Expired,
    /// Made after it was received.
    #[error("封緘された時刻が、受付時刻より後です")]
    FromTheFuture,
    /// Made with the old key after a new one had been issued.
    #[error("鍵が再発行された後に、古い鍵で封緘されています")]
    Reissued,
    /// Made in time, received too late.
    #[error("鍵の再発行から30日を過ぎて届いたため、古い鍵の封緘ファイルは受け付けられません")]
    ReceivedTooLate,
    /// The key is known to others.
    #[error("この鍵は漏えいの届出により使えなくなっています")]
    Compromised,
}

/// What is wrong with a key file or its use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the lines of a key file.
    #[error("{what}として読めません（{line}行目）")]
    Format {
        /// What kind of file it should be.
        what: &'static str,
        /// Line, from 1.
        line: usize,
    },
    /// The platform did not sign it.
    #[error("鍵ファイルの署名が受付先のものではありません")]
    Signature,
    /// The passphrase does not open it.
    #[error("パスフレーズが違います（または鍵ファイルが壊れています）")]
    Passphrase,
    /// The passphrase is too short to be used.
    #[error("パスフレーズが短すぎます（{MIN_PASSPHRASE}文字以上）")]
    WeakPassphrase,
    /// What it opens to is another key than the platform signed.
    #[error("鍵ファイルの中の秘密鍵が、署名された公開鍵と組になっていません")]
    NotAPair,
    /// A public key that is none.
    #[error("鍵ファイルの公開鍵が正しくありません")]
    PublicKey,
    /// Not valid at this time.
    #[error("鍵の有効期間（{from}から{to}まで、日本時間）の外です")]
    NotValid {
        /// First moment.
        from: String,
        /// Last moment.
        to: String,
    },
    /// The program is too old for it.
    #[error("この鍵には、点検ツールの版{needed}以上が必要です（いまの版は{have}）")]
    OldTool {
        /// The least version.
        needed: String,
        /// This one.
        have: String,
    },
    /// A validity that ends before it begins.
    #[error("有効期間の終わり（{to}）が、始まり（{from}）より前です（日本時間）")]
    Backwards {
        /// First moment.
        from: String,
        /// Last moment.
        to: String,
    },
    /// A name or number cannot stand in a key file.
    #[error("{what}「{value}」は鍵ファイルに書けません")]
    Value {
        /// What it is.
        what: &'static str,
        /// The value.
        value: String,
    },
}

impl BoxError {
    /// Stable id.
    pub fn check(&self) -> &'static str {
        match self {
            Self::Io(_) => "box.unreadable",
            Self::NotABox => "box.not_a_box",
            Self::Version(_) => "box.version",
            Self::Suite(_) => "box.suite",
            Self::Header => "box.header",
            Self::Empty => "box.empty",
            Self::TooManyRecords(_) => "box.too_many_records",
            Self::TooLarge => "box.too_large",
            Self::Short { .. } => "box.truncated",
            Self::Long { .. } => "box.extended",
            Self::UnknownKey(_) => "box.unknown_key",
            Self::Signature => "box.signature",
            Self::Hospital { .. } => "box.hospital",
            Self::Refused(refusal) => refusal.check(),
            Self::NotForUs => "box.not_for_us",
            Self::Commitment => "box.commitment",
            Self::Chunk(_) => "box.chunk",
            Self::Count { .. } => "box.count",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Io(_) => "媒体の状態を確認し、複写し直してください",
            Self::NotABox => "`kohyo seal` で作ったファイル（.kohyo-box）を指定してください",
            Self::Version(_) | Self::Suite(_) => "点検ツールを新しい版にしてください",
            Self::Header | Self::Short { .. } | Self::Long { .. } | Self::Signature => {
                "元のファイルを複写し直してください。直らなければ、医療機関で封緘し直してください"
            }
            Self::Empty => "個票を1件以上入れて封緘し直してください",
            Self::TooManyRecords(_) | Self::TooLarge => "いくつかに分けて封緘し直してください",
            Self::UnknownKey(_) => {
                "医療機関の鍵ファイルが、この受付先で発行されたものか確認してください"
            }
            Self::Hospital { .. } => "その医療機関に発行された鍵で封緘し直してください",
            Self::Refused(refusal) => refusal.help(),
            Self::NotForUs => "受付先を確認し、その受付先の鍵ファイルで封緘し直してください",
            Self::Commitment | Self::Chunk(_) | Self::Count { .. } => {
                "封緘したソフトウェアの不具合が考えられます。封緘し直しても同じなら、ソフトウェアの提供元に知らせてください"
            }
        }
    }

    /// The same as an entry of an error list.
    pub fn finding(&self) -> RecordFinding {
        RecordFinding::error(
            self.check(),
            Place::default(),
            self.to_string(),
            self.help(),
        )
    }
}

impl Refusal {
    fn check(self) -> &'static str {
        match self {
            Self::NotYetValid => "box.key_not_yet_valid",
            Self::Expired => "box.key_expired",
            Self::FromTheFuture => "box.future",
            Self::Reissued => "box.key_reissued",
            Self::ReceivedTooLate => "box.key_too_late",
            Self::Compromised => "box.key_compromised",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::NotYetValid | Self::FromTheFuture => {
                "封緘した端末の日付と時刻を確認し、封緘し直してください"
            }
            Self::Expired => "新しい鍵ファイルの発行を受け、封緘し直してください",
            Self::Reissued | Self::ReceivedTooLate => {
                "再発行された新しい鍵ファイルで封緘し直してください"
            }
            Self::Compromised => {
                "鍵の再発行を受け、新しい鍵で封緘し直してください。心当たりがなければ受付先に連絡してください"
            }
        }
    }
}

impl KeyError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Format { .. } | Self::NotAPair | Self::PublicKey => {
                "受付先から受け取ったファイルを、編集せずにそのまま指定してください"
            }
            Self::Signature => {
                "受付先の公開鍵ファイルと鍵ファイルの組み合わせを確認してください。書き換えられている恐れがあります"
            }
            Self::Passphrase => "大文字・小文字と全角・半角を確認して、入力し直してください",
            Self::WeakPassphrase => "長い言葉や文をパスフレーズにしてください",
            Self::NotValid { .. } => {
                "端末の日付を確認してください。期限が過ぎていれば鍵の再発行を受けてください"
            }
            Self::OldTool { .. } => "点検ツールを新しい版にしてください",
            Self::Backwards { .. } => "有効期間の最初の日と最後の日を確かめてください",
            Self::Value { .. } => "改行や制御文字を除き、短くしてください",
        }
    }
}
