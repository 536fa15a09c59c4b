//! The command line.

mod exchange;

pub use exchange::{KeyCommand, OpenArgs, PassphraseArgs, Reason, SealArgs};

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// 指定難病・小児慢性特定疾病の様式を一つの定義から作る
#[derive(Parser, Debug)]
#[command(name = "kohyo", version, disable_help_subcommand = true)]
#[command(help_template = "{about}\n\n使い方: {usage}\n\n{all-args}{after-help}")]
#[command(subcommand_help_heading = "コマンド", next_help_heading = "オプション")]
#[command(disable_help_flag = true, disable_version_flag = true)]
#[command(
    after_help = "はじめに: `kohyo demo` で画面を試せます。定義の書き方は docs/language/README.md にあります。"
)]
pub struct Args {
    /// 定義のフォルダー（省略時は ./forms か、上位フォルダーの forms）
    #[arg(long, global = true, env = "KOHYO_FORMS", value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// この説明を表示する
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// 版を表示する
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// 定義の誤りを調べる
    Check {
        /// 調べるファイルか疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）。省略時はすべて
        targets: Vec<String>,
        /// 証明（区分の重なり・隙間、点検の矛盾など）を省く
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
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）かモジュール（scale.barthel）。省略時はすべて
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
        /// JSONで出力する
        #[arg(long)]
        json: bool,
        /// JSONに、変異をケースが見つける割合を加える（時間がかかります）
        #[arg(long, requires = "json")]
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
        /// 記録XML（1件）か、疾病（006、shitei-006）
        target: String,
        /// 疾病のとき: どのケースか（名前）
        #[arg(long, value_name = "名前")]
        case: Option<String>,
        /// 記録XMLの判定日（省略時は記録の記載日、なければ今日）
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<String>,
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
    /// 新しい疾病の定義を始める（番号を書かなければ、順に尋ねる）
    New {
        /// 告示番号（006）、または疾患群-番号（11-080）
        #[arg(long)]
        number: Option<String>,
        /// 疾病の名前（一覧にある番号なら省略できる）
        #[arg(long)]
        name: Option<String>,
        /// フォルダーに使う英字の短い名前（parkinson）
        #[arg(long)]
        slug: Option<String>,
        /// 版の名前（省略時は施行日の年）
        #[arg(long)]
        edition: Option<String>,
        /// 施行日
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<String>,
        /// 元になった通知
        #[arg(long)]
        source: Option<String>,
        /// 使う共通の区分（common.patient,common.basics）。省略時はふつうの様式のもの、none で使わない
        #[arg(long, value_name = "MODULES")]
        sections: Option<String>,
        /// 基準の形
        #[arg(long)]
        shape: Option<Shape>,
    },
    /// 診断コードの説明
    Explain {
        /// E0305 など。省略時は一覧
        code: Option<String>,
    },
    /// 成果物を作る
    Emit {
        /// 何を作るか（xsd、js など。`--list` で一覧）
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
    /// 個票（XML、CSV、ZIP）をまとめて点検し、判定する
    CheckRecords {
        /// ファイルかフォルダー
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// エラーリスト（CSV）の出力先。省略時は標準出力
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// エラーリスト（JSON）の出力先
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// エラーリスト（Excelブック）の出力先
        #[arg(long, value_name = "FILE")]
        xlsx: Option<PathBuf>,
        /// 件数のまとめ（HTML）の出力先
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// 全角・半角、カナ、和暦などの書き方の違いを、紛れのない限り読み替える
        #[arg(long)]
        normalise: bool,
        /// 読み替えた値の一覧（CSV）の出力先
        #[arg(long, value_name = "FILE", requires = "normalise")]
        changes: Option<PathBuf>,
        /// 判定日（省略時は今日）
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<String>,
        /// 並列数（省略時はコア数）
        #[arg(long)]
        threads: Option<usize>,
    },
    /// CSVの見出し（項目名と日本語名の2行）を表示する
    CsvTemplate {
        /// 疾病（006、shitei-006、版は 006@2020、枝番は 019-b02）
        disease: String,
    },
    /// 鍵: 発行（受付先）、取り込みと確認（医療機関）
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// 点検し、エラーのない個票を封緘ファイルにする
    Seal(SealArgs),
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
    /// エディターに診断・説明・補完を出す（言語サーバー。エディターが起動する）
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
    },
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
