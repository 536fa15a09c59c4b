//! Arguments about records, keys and sealed containers.

use super::RecordFormat;
use super::release::ReleaseFile;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Where a passphrase comes from: never an argument, which others on the machine could read.
#[derive(Args, Clone, Debug)]
pub struct PassphraseArgs {
    /// パスフレーズを書いたファイル（1行目）。省略時は環境変数 KOHYO_PASSPHRASE、なければ画面で尋ねる
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// 取り込んだ鍵の置き場所
#[derive(Args, Clone, Debug, Default)]
pub struct KeysArgs {
    /// 取り込んだ鍵の置き場所（省略時はホームの .kohyo/keys）
    #[arg(long, env = "KOHYO_KEYS", value_name = "DIR")]
    pub keys: Option<PathBuf>,
}

/// Whose form is looked at: that of a record, or of a case of a disease.
#[derive(Args, Debug)]
pub struct PatientArgs {
    /// 記録XML（1件）か、疾病（006、shitei-006、定義のファイル）
    pub target: String,
    /// 疾病のとき: どのケースか（名前）
    #[arg(long, value_name = "名前")]
    pub case: Option<String>,
    /// 記録XMLの判定日（省略時は記録の記載日、なければ今日）
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<String>,
}

#[derive(Subcommand, Debug)]
pub enum KeyCommand {
    /// 受付先の鍵の組を作る（受付先）
    NewPlatform {
        /// 受付先の名前
        #[arg(long)]
        name: String,
        /// 秘密鍵ファイルと公開鍵ファイルを書くフォルダー
        #[arg(long, short, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        passphrase: PassphraseArgs,
    },
    /// 医療機関の鍵ファイルを発行する（受付先）
    Issue {
        /// 受付先の秘密鍵ファイル
        #[arg(long, value_name = "FILE")]
        platform: PathBuf,
        /// 医療機関の番号（10桁）
        #[arg(long)]
        hospital: String,
        /// 医療機関の名前
        #[arg(long)]
        name: String,
        /// 有効期間の最初の日（日本時間。省略時は今日）
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<String>,
        /// 有効期間の最後の日（日本時間）
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: String,
        /// この鍵を使える点検ツールの最小の版（省略時はこの版）
        #[arg(long)]
        tool_min_version: Option<String>,
        /// 登録簿のフォルダー: 発行した鍵の証明書を置く
        #[arg(long, value_name = "DIR")]
        register: PathBuf,
        /// 再発行のとき: 置き換える古い鍵番号
        #[arg(long, value_name = "KID")]
        replaces: Option<String>,
        /// 医療機関に渡す鍵ファイル
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
        /// 鍵ファイルの最初のパスフレーズを書いたファイル。省略時は環境変数 KOHYO_KEY_PASSPHRASE、なければ作って表示する
        #[arg(long, value_name = "FILE")]
        key_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        passphrase: PassphraseArgs,
    },
    /// 鍵の再発行・漏えいを登録簿に書く（受付先）
    Withdraw {
        /// 鍵番号
        kid: String,
        /// 理由
        #[arg(long)]
        reason: Reason,
        /// 登録簿のフォルダー
        #[arg(long, value_name = "DIR")]
        register: PathBuf,
    },
    /// 鍵ファイルを確かめて取り込む（医療機関）
    Import {
        /// 受付先から受け取った鍵ファイル
        file: PathBuf,
        /// 受付先の公開鍵ファイル（最初の取り込みに必要）
        #[arg(long, value_name = "FILE")]
        platform: Option<PathBuf>,
        /// パスフレーズを新しくする
        #[arg(long)]
        change_passphrase: bool,
        /// 新しいパスフレーズを書いたファイル（省略時は環境変数 KOHYO_NEW_PASSPHRASE、なければ画面で尋ねる）
        #[arg(long, value_name = "FILE", requires = "change_passphrase")]
        new_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        passphrase: PassphraseArgs,
        #[command(flatten)]
        keys: KeysArgs,
    },
    /// 取り込んだ鍵を表示する
    Show {
        #[command(flatten)]
        keys: KeysArgs,
    },
    /// 封緘に使われる鍵の署名・有効期間・パスフレーズを確かめる
    Verify {
        /// 確かめる鍵の番号（省略時は、封緘に使われる鍵）
        #[arg(long, value_name = "KID")]
        kid: Option<String>,
        #[command(flatten)]
        passphrase: PassphraseArgs,
        #[command(flatten)]
        keys: KeysArgs,
    },
}

/// Why a key may not be used any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// 新しい鍵を発行した
    Reissued,
    /// 漏えいの届出があった
    Compromised,
}

/// How commands about records end.
const CHECKED: &str = "終了コード: 0 エラーなし、1 エラーのある個票かファイルがある、2 実行できなかった、130・143・129 中止した（Ctrl+C、終了の要求、端末の切断）";
const SEALED: &str = "終了コード: 0 封緘した、1 エラーか読み切れなかったファイルがあるため封緘していない、2 実行できなかった、130・143・129 中止した";
const CONVERTED: &str = "終了コード: 0 すべて書いた、1 書いていない個票がある（読み切れなかったファイルがあれば一件も書かない）、2 実行できなかった、130・143・129 中止した";
const OPENED: &str =
    "終了コード: 0 開けた、2 開けなかった（理由とIDを示す。何も書かない）、130・143・129 中止した";

#[derive(Args, Debug)]
#[command(after_help = CHECKED)]
pub struct CheckRecordsArgs {
    /// ファイルかフォルダー
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// エラーリスト（CSV）の出力先。省略時と「-」は標準出力（どの一覧も「-」にできるが、一つだけ）
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// エラーリスト（JSON）の出力先
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// エラーリスト（Excelブック）の出力先
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// 件数のまとめ（HTML）の出力先
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// 全角・半角、カナ、和暦などの書き方の違いを、紛れのない限り読み替える
    #[arg(long)]
    pub normalise: bool,
    /// 読み替えた値の一覧（CSV）の出力先
    #[arg(long, value_name = "FILE", requires = "normalise")]
    pub changes: Option<PathBuf>,
    /// 判定日（省略時は今日）
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<String>,
    /// 並列数（省略時はコア数）
    #[arg(long)]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub release: ReleaseFile,
    /// 登録した鍵の置き場所（省略時はホームの .kohyo/keys）
    #[arg(long, env = "KOHYO_KEYS", value_name = "DIR")]
    pub keys: Option<PathBuf>,
}

/// The release that is used instead of the definitions, where nothing else asks for keys.
#[derive(Args, Clone, Debug)]
pub struct JudgedBy {
    #[command(flatten)]
    pub release: ReleaseFile,
    /// 登録した鍵の置き場所（省略時はホームの .kohyo/keys）
    #[arg(long, env = "KOHYO_KEYS", value_name = "DIR")]
    pub keys: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = CONVERTED)]
pub struct ConvertArgs {
    /// ファイルかフォルダー（XML、CSV、FHIR、ZIP）
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 書き出す形式
    #[arg(long, value_name = "FORMAT")]
    pub to: RecordFormat,
    /// 出力先フォルダー
    #[arg(long, short, default_value = "out", value_name = "DIR")]
    pub out: PathBuf,
    /// 全角・半角、カナ、和暦などの書き方の違いを、紛れのない限り読み替える
    #[arg(long)]
    pub normalise: bool,
    /// 読み替えた値の一覧（CSV）の出力先
    #[arg(long, value_name = "FILE", requires = "normalise")]
    pub changes: Option<PathBuf>,
    #[command(flatten)]
    pub judged: JudgedBy,
}

#[derive(Args, Debug)]
#[command(after_help = SEALED)]
pub struct SealArgs {
    /// 個票のファイルかフォルダー
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 封緘ファイル（.kohyo-box）
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    /// エラーのある個票を除いて封緘する（省略時は一件でもあれば封緘しない。読み切れなかったファイルがあれば、どちらでも封緘しない）
    #[arg(long)]
    pub skip_errors: bool,
    /// エラーリスト（CSV）の出力先
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// 全角・半角、カナ、和暦などの書き方の違いを、紛れのない限り読み替える
    #[arg(long)]
    pub normalise: bool,
    /// 読み替えた値の一覧（CSV）の出力先
    #[arg(long, value_name = "FILE", requires = "normalise")]
    pub changes: Option<PathBuf>,
    /// 封緘した個票の元のファイルの一覧（CSV。手元に残すもの）の出力先
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// 判定日（省略時は今日）
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<String>,
    /// 封緘に使う鍵の番号（省略時は、使える鍵のうち有効期間が最も長く残るもの。`kohyo key show` で確かめられる）
    #[arg(long, value_name = "KID")]
    pub kid: Option<String>,
    #[command(flatten)]
    pub release: ReleaseFile,
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
    #[command(flatten)]
    pub keys: KeysArgs,
}

#[derive(Args, Debug)]
pub struct SendArgs {
    /// 送るファイル（封緘ファイルか個票XML）
    pub file: PathBuf,
    /// 受付先のアドレス（https://…）
    #[arg(long, env = "KOHYO_SERVER", value_name = "URL")]
    pub server: String,
    /// 接続用トークンを書いたファイル（1行目）。省略時は環境変数 KOHYO_TOKEN、なければ画面で尋ねる
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// すべての個票にエラーがないときだけ登録する（省略時はエラーのない個票を登録する）
    #[arg(long)]
    pub all_or_nothing: bool,
    /// 受付の控え（JSON）の保存先（省略時は、送るファイルの名前に .receipt.json を付けたもの）
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// エラーリスト（CSV）の保存先
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// 受付先の証明書を発行した認証局の証明書（PEM。院内の認証局などのとき）
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = OPENED)]
pub struct OpenArgs {
    /// 封緘ファイル
    pub file: PathBuf,
    /// 受付先の秘密鍵ファイル
    #[arg(long, value_name = "FILE")]
    pub platform: PathBuf,
    /// 登録簿のフォルダー
    #[arg(long, value_name = "DIR")]
    pub register: PathBuf,
    /// 個票XMLの出力先
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}
