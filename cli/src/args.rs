//! The command line.

mod certify;
mod exchange;
mod japanese;
mod release;

pub use certify::{CertifyArgs, CertifyCommand, KitRelease};
pub use exchange::{
    CheckRecordsArgs, ConvertArgs, JudgedBy, KeyCommand, OpenArgs, PassphraseArgs, PatientArgs,
    Reason, SealArgs, SendArgs,
};
pub use release::{BuildArgs, ChangesArgs, ReleaseArgs, ReleaseCommand, ReleaseFile, Trusted};

use clap::{FromArgMatches, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// 指定難病・小児慢性特定疾病の様式を一つの定義から作る
#[derive(Parser, Debug)]
#[command(name = "kohyo", version, disable_help_subcommand = true)]
#[command(disable_help_flag = true, disable_version_flag = true)]
#[command(
    after_help = "はじめに: `kohyo demo` で画面を試せます。定義の書き方は docs/language/README.md にあります。"
)]
pub struct Args {
    /// 定義のフォルダー（省略時は ./forms か、上位フォルダーの forms）
    #[arg(long, global = true, env = "KOHYO_FORMS", value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// この説明を表示する
    #[arg(short, long, global = true, action = clap::ArgAction::HelpShort)]
    help: Option<bool>,
    /// 版を表示する
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// The arguments of this process; otherwise the help that was asked for, or the mistake, is printed
    /// and the exit code given.
    pub fn read() -> Result<Self, ExitCode> {
        let read = japanese::command()
            .try_get_matches()
            .and_then(|mut matches| Self::from_arg_matches_mut(&mut matches));
        read.map_err(|error| {
            if japanese::is_wish(&error) {
                crate::output::line(error.to_string().trim_end());
                ExitCode::SUCCESS
            } else if japanese::is_empty(&error) {
                crate::output::note(error.to_string().trim_end());
                ExitCode::from(2)
            } else {
                crate::output::error(&japanese::message(&error));
                ExitCode::from(2)
            }
        })
    }
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// 定義の誤りを調べる
    Check {
        /// 調べるファイルか疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）。省略時はすべて
        targets: Vec<String>,
        /// 証明（区分の重なり・隙間、チェックの矛盾など）を省く
        #[arg(long)]
        no_proofs: bool,
        /// 何にも使われていない項目も示す
        #[arg(long, conflicts_with = "no_proofs")]
        unused: bool,
        /// JSONで出力する
        #[arg(long)]
        json: bool,
    },
    /// 定義の隣のケース（cases.yaml、NAME.cases.yaml）を実行する
    Test {
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）、モジュール（scale.barthel）、定義かケースのファイル。省略時はすべて
        targets: Vec<String>,
        /// 別の場所にあるケースファイル
        #[arg(long, value_name = "FILE")]
        cases: Vec<PathBuf>,
        /// JSONで出力する（passed、failed、相違点）
        #[arg(long)]
        json: bool,
        /// ケースの質を測る: 定義を一か所ずつ変え、気づくケースがあるかを調べる
        #[arg(long, conflicts_with = "cases")]
        quality: bool,
    },
    /// 定義の書式を整える
    Fmt {
        /// 整えるファイル。省略時はすべて
        targets: Vec<String>,
        /// 書き換えずに、整っていないファイルを示す
        #[arg(long)]
        check: bool,
    },
    /// 定義の一覧
    List {
        /// 探す語: 告示番号、名称・読み・英語名の一部、略称（SLE）。省略時はすべて
        sought: Vec<String>,
        /// JSONで出力する
        #[arg(long)]
        json: bool,
        /// JSONに、変異をケースが見つける割合を加える（時間がかかります）
        #[arg(long, requires = "json", conflicts_with = "sought")]
        quality: bool,
        /// JSONに、対応のない文の数を加える: 基準の文のフォルダー
        #[arg(long, env = "KOHYO_TEXTS", value_name = "DIR")]
        texts: Option<PathBuf>,
    },
    /// 疾病の要約: 項目名・選択肢・規則・判定・点検を一枚で
    Card {
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）。省略時はすべて
        targets: Vec<String>,
        /// 画面に出さず、定義の隣（card.md）と INDEX.md に書く
        #[arg(long)]
        write: bool,
    },
    /// なぜその判定か: 理由、足りない項目、結果が変わる条件
    Why {
        #[command(flatten)]
        patient: PatientArgs,
        /// JSONで出力する
        #[arg(long)]
        json: bool,
    },
    /// 公式の基準の文ごとに、どの規則・項目が対応するかを示す
    Coverage {
        /// 疾病（006、shitei-006）。省略時はすべて
        targets: Vec<String>,
        /// 基準の文（定義の source にある名前のファイル）のフォルダー
        #[arg(long, env = "KOHYO_TEXTS", value_name = "DIR")]
        texts: Option<PathBuf>,
        /// JSONで出力する
        #[arg(long)]
        json: bool,
    },
    /// 二つの版の判定を比べる: 同じか、どの患者で変わるか
    Diff {
        /// 旧版（049@2020、049、ファイル）
        old: String,
        /// 新版（049、ファイル）
        new: String,
        /// 比べる判定（diagnosis、severity）。省略時はすべて
        #[arg(long, value_name = "NAME")]
        judgement: Option<String>,
        /// JSONで出力する
        #[arg(long)]
        json: bool,
    },
    /// 二つのリリース（または定義のフォルダー）の間の追加・変更・廃止の一覧
    Changes(ChangesArgs),
    /// リリースファイル: 作る、確かめる、一覧、取り出す、鍵
    Release(Box<ReleaseArgs>),
    /// 新しい疾病の定義を始める（番号を書かなければ、順に尋ねる）
    New(NewArgs),
    /// エラーや警告の番号（E0305など）の説明
    Explain {
        /// E0305 など。省略時は一覧
        code: Option<String>,
    },
    /// 成果物を作る
    Emit {
        /// 何を作るか（xsd、js など。all ですべて。`--list` で一覧）
        #[arg(value_name = "何を")]
        target: Option<String>,
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）。省略時はすべて
        targets: Vec<String>,
        /// 出力先フォルダー
        #[arg(long, short, default_value = "out", value_name = "DIR")]
        out: PathBuf,
        /// 作れるものの一覧
        #[arg(long)]
        list: bool,
        /// 作ったものに含まれない規則をすべて示す
        #[arg(long)]
        residue: bool,
    },
    /// 適合性確認キットを作る: チェックごとの記録と、期待する指摘・判定
    Kit {
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）。省略時はすべて
        targets: Vec<String>,
        /// 出力先フォルダー
        #[arg(long, short, default_value = "out", value_name = "DIR")]
        out: PathBuf,
        /// キットの代わりに、この種の乱数で記録の束を作る
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        /// 束の件数（様式ごと）
        #[arg(long, default_value_t = 200, value_name = "M", requires = "seed")]
        count: u32,
        /// 記録の形式
        #[arg(long, value_name = "FORMAT", default_value = "xml")]
        format: KitFormat,
    },
    /// ベンダーの点検プログラムをキットで確かめ、相違をチェックごとに報告する
    Certify(CertifyArgs),
    /// 個票（XML、CSV、FHIR、ZIP）をまとめて点検し、判定する
    CheckRecords(CheckRecordsArgs),
    /// 個票をほかの形式で書き直す（XML、CSV、FHIRの QuestionnaireResponse）
    Convert(ConvertArgs),
    /// CSVの見出し（項目名と日本語名の2行）を表示する
    CsvTemplate {
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）
        disease: String,
        #[command(flatten)]
        judged: JudgedBy,
    },
    /// 鍵: 発行（受付先）、取り込みと確認（医療機関）
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// 点検し、エラーのない個票を封緘ファイルにする
    Seal(SealArgs),
    /// 封緘ファイルか個票XMLを受付先へ送り、受付の控えを保存する
    Send(SendArgs),
    /// 点検ツールの画面を開く（点検、エラーリスト、鍵の取り込み、封緘）
    Tool {
        /// はじめに開くフォルダー（省略時は現在のフォルダー）
        folder: Option<PathBuf>,
        /// 待受けポート（省略時は空いているもの）
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// 取り込んだ鍵の置き場所（省略時はホームの .kohyo/keys）
        #[arg(long, env = "KOHYO_KEYS", value_name = "DIR")]
        keys: Option<PathBuf>,
        #[command(flatten)]
        release: ReleaseFile,
    },
    /// 封緘ファイルを確かめて開ける（受付先）
    Open(OpenArgs),
    /// 検査用の記録XMLを作る
    GenerateRecords {
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）
        disease: String,
        /// 件数
        #[arg(long, default_value_t = 10_000)]
        count: u64,
        /// 乱数の種
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// 出力先ファイル
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
    },
    /// 記入済みの個票を印刷用のPDF/Aにする（判定と理由つき）
    Print {
        #[command(flatten)]
        patient: PatientArgs,
        /// 個人につながる項目を伏せる（審査会用）
        #[arg(long)]
        mask: bool,
        /// 出力先ファイル
        #[arg(long, short, default_value = "print.pdf", value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        judged: JudgedBy,
    },
    /// エディターにエラーや警告、説明、補完を出す（言語サーバー。エディターが起動する）
    Lsp,
    /// 画面を試す: データ側と作成側をSQLiteで起動する
    Demo {
        /// データの置き場所
        #[arg(long, default_value = "demo-data", value_name = "DIR")]
        data: PathBuf,
        /// データ側の待受けアドレス
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: std::net::SocketAddr,
        /// 作成側の待受けアドレス
        #[arg(long, default_value = "127.0.0.1:8081")]
        studio_listen: std::net::SocketAddr,
    },
    /// 速さと記憶量を測る
    Bench {
        /// JSONで出力する
        #[arg(long)]
        json: bool,
        /// 計測のための子プロセス: 封緘ファイルへの答えを一つ出す
        #[arg(long, hide = true, requires = "register")]
        container: Option<PathBuf>,
        /// その登録簿
        #[arg(long, hide = true)]
        register: Option<PathBuf>,
    },
}

#[derive(clap::Args, Debug)]
pub struct NewArgs {
    /// 告示番号（006）、疾患群-番号（11-080）、または略称や名称（SLE）
    #[arg(long)]
    pub number: Option<String>,
    /// 疾病の名前（一覧にある番号なら省略できる）
    #[arg(long)]
    pub name: Option<String>,
    /// フォルダーに使う英字の短い名前（parkinson）
    #[arg(long)]
    pub slug: Option<String>,
    /// 版の名前（省略時は施行日の年）
    #[arg(long)]
    pub edition: Option<String>,
    /// 施行日
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<String>,
    /// 元になった通知
    #[arg(long)]
    pub source: Option<String>,
    /// 使う共通の区分（common.patient,common.basics）。省略時はふつうの様式のもの、none で使わない
    #[arg(long, value_name = "MODULES")]
    pub sections: Option<String>,
    /// 基準の形
    #[arg(long)]
    pub shape: Option<Shape>,
}

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RecordFormat {
    /// 記録XML（すべての個票を一つのファイルに）
    Xml,
    /// CSV（様式ごとに一つのファイル）
    Csv,
    /// FHIR R4 QuestionnaireResponse（様式ごとに一つのNDJSON）
    Fhir,
}

/// How the records of a kit are written, each in a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KitFormat {
    /// 記録XML
    Xml,
    /// CSV（XMLのキットのうち、CSVでも同じ指摘・判定になる記録）
    Csv,
    /// FHIR R4 QuestionnaireResponse（XMLのキットのうち、FHIRでも同じ指摘・判定になる記録）
    Fhir,
}

/// The shape of the criteria of a new definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// すべての所見を満たす
    All,
    /// 必須の所見と、ほかにｎ項目以上
    Count,
    /// Definite・Probable・Possible
    Categories,
    /// 合計点がしきい値以上
    Score,
}
