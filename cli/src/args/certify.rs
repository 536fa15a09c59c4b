//! Arguments about certification.

use super::PassphraseArgs;
use super::exchange::KeysArgs;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct CertifyArgs {
    #[command(subcommand)]
    pub command: Option<CertifyCommand>,
    /// 確かめるプログラムの起動のしかた。{file} が記録のファイルになる（`--batch` では書かない）
    #[arg(
        id = "program",
        long = "command",
        value_name = "COMMAND",
        required = true
    )]
    pub program: Option<String>,
    /// 確かめるプログラムの名前（報告書に載せる）
    #[arg(long, value_name = "NAME")]
    pub product: Option<String>,
    /// 確かめるプログラムの版（報告書に載せる）
    #[arg(long, value_name = "VERSION")]
    pub product_version: Option<String>,
    /// キットか束のフォルダー（中の index.json をすべて使う）。複数書ける
    #[arg(long, value_name = "DIR", required = true)]
    pub kit: Vec<PathBuf>,
    /// 報告書（JSON）の出力先
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// 報告書（HTML）の出力先
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// チェック仕様書のHTMLがある場所（フォルダーかアドレス）。報告書（HTML）のチェックIDのリンク先。省略時は報告書と同じ場所
    #[arg(long, value_name = "DIR", requires = "html")]
    pub documents: Option<String>,
    /// 報告書に署名する秘密鍵ファイル（`kohyo key new-platform` で作ったもの）
    #[arg(long, value_name = "FILE", requires = "report")]
    pub key: Option<PathBuf>,
    /// プログラムを続けて使う: 標準入力に記録のファイルの場所を1行ずつ書き、1行ずつ答えを読む
    #[arg(long)]
    pub batch: bool,
    /// 1件に待つ時間（秒）
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub timeout: u64,
    /// 1件の出力の上限（KB）
    #[arg(long, default_value_t = 1024, value_name = "N")]
    pub limit: u64,
    /// 並列数（省略時はコア数）
    #[arg(long)]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
    #[command(flatten)]
    pub release: KitRelease,
}

#[derive(Subcommand, Debug)]
pub enum CertifyCommand {
    /// 報告書の署名を確かめ、結果を示す
    Verify {
        /// 報告書（JSON）
        report: PathBuf,
        /// 署名した人の公開鍵ファイル
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// 報告書のキットと比べる、手元のキットか束のフォルダー（中の index.json をすべて使う）。複数書ける
        #[arg(long, value_name = "DIR")]
        kit: Vec<PathBuf>,
        #[command(flatten)]
        release: KitRelease,
    },
    /// 記録1件を点検し、確かめられるプログラムと同じ形で出力する（見本）
    Answer {
        /// 記録のファイル（XML、CSV、FHIR）
        file: PathBuf,
        /// 判定日（省略時は今日）
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<String>,
    },
}

/// The release whose kits count.
#[derive(Args, Clone, Debug, Default)]
pub struct KitRelease {
    /// キットが、このリリースファイル（.kohyo-release）に入っているものと同じことを確かめる
    #[arg(long, value_name = "FILE")]
    pub release: Option<PathBuf>,
    /// リリースの配布元の公開鍵ファイル（省略時は `kohyo release trust` で登録したもの）
    #[arg(long, value_name = "FILE", requires = "release")]
    pub release_key: Vec<PathBuf>,
    #[command(flatten)]
    pub keys: KeysArgs,
}
