//! Arguments about releases.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The release that a check uses instead of the definitions, and whose releases are believed.
#[derive(Args, Clone, Debug, Default)]
pub struct ReleaseFile {
    /// 定義の代わりに使うリリースファイル（.kohyo-release）
    #[arg(long, env = "KOHYO_RELEASE", value_name = "FILE")]
    pub release: Option<PathBuf>,
    /// 信頼する配布元の公開鍵ファイル（省略時は `kohyo release trust` で登録したもの）
    #[arg(long, value_name = "FILE")]
    pub release_key: Vec<PathBuf>,
}

/// The keys whose releases are believed.
#[derive(Args, Clone, Debug, Default)]
pub struct Trusted {
    /// 信頼する配布元の公開鍵ファイル（省略時は `kohyo release trust` で登録したもの）
    #[arg(long = "key", value_name = "FILE")]
    pub trusted: Vec<PathBuf>,
    /// 登録した鍵の置き場所（省略時はホームの .kohyo/keys）
    #[arg(long, env = "KOHYO_KEYS", value_name = "DIR")]
    pub keys: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReleaseArgs {
    #[command(subcommand)]
    pub command: Option<ReleaseCommand>,
    #[command(flatten)]
    pub build: BuildArgs,
}

#[derive(Args, Debug)]
pub struct BuildArgs {
    /// リリースの名前（2026-12）
    #[arg(long, required = true, value_name = "NAME")]
    pub id: Option<String>,
    /// 署名に使う秘密鍵ファイル（`kohyo release key` で作る）
    #[arg(long, required = true, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// 作るリリースファイル（.kohyo-release）
    #[arg(long, short, required = true, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// 一つ前のリリースファイル（変更一覧を作る）
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// 一つ前のリリースを別の鍵で署名したとき: その公開鍵ファイル
    #[arg(long, value_name = "FILE", requires = "previous")]
    pub previous_key: Option<PathBuf>,
    /// 公表日（省略時は今日）。同じ日付で作れば、いつ作っても同じファイルになる
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub published: Option<String>,
    /// 判定に使える最初の日（省略時は公表日）
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<String>,
    /// 判定に使える最後の日（省略時は最初の日から1年）
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: Option<String>,
    /// 適合確認キットを入れない
    #[arg(long)]
    pub without_kit: bool,
    /// 紙の様式（PDF）を入れない
    #[arg(long)]
    pub without_paper: bool,
}

#[derive(Subcommand, Debug)]
pub enum ReleaseCommand {
    /// 署名と、すべてのファイルの内容を確かめる
    Verify {
        /// リリースファイル
        file: PathBuf,
        /// この日に判定に使えるかも確かめる
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<String>,
        #[command(flatten)]
        trusted: Trusted,
    },
    /// リリースの内容を一覧にする
    List {
        /// リリースファイル
        file: PathBuf,
        /// ファイルも一覧にする
        #[arg(long)]
        files: bool,
        /// JSON（目録そのもの）で出力する
        #[arg(long, conflicts_with = "files")]
        json: bool,
        #[command(flatten)]
        trusted: Trusted,
    },
    /// リリースの中のファイルを取り出す
    Extract {
        /// リリースファイル
        file: PathBuf,
        /// 取り出すファイルかフォルダー（artefacts/xsd）。省略時はすべて
        paths: Vec<String>,
        /// 出力先フォルダー
        #[arg(long, short, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        trusted: Trusted,
    },
    /// 署名の鍵の組を作る（配布元）
    Key {
        /// 配布元の名前
        #[arg(long)]
        name: String,
        /// 秘密鍵と公開鍵のファイルを書くフォルダー
        #[arg(long, short, value_name = "DIR")]
        out: PathBuf,
    },
    /// 配布元の公開鍵を登録する（医療機関、ベンダー）
    Trust {
        /// 配布元から受け取った公開鍵ファイル
        file: PathBuf,
        /// 登録した鍵の置き場所（省略時はホームの .kohyo/keys）
        #[arg(long, env = "KOHYO_KEYS", value_name = "DIR")]
        keys: Option<PathBuf>,
    },
}

#[derive(Args, Debug)]
pub struct ChangesArgs {
    /// 前のリリースファイルか、定義のフォルダー
    pub old: PathBuf,
    /// 後のリリースファイルか、定義のフォルダー
    pub new: PathBuf,
    /// JSONで出力する
    #[arg(long)]
    pub json: bool,
    /// 一覧（HTML）の出力先
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// 一覧（CSV）の出力先
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    #[command(flatten)]
    pub trusted: Trusted,
}
