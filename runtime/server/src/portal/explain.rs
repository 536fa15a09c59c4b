//! What the files of a release are for, in one line each.

use kohyo_bundle::{FileEntry, Kind};

/// Files that belong together on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    /// Place on the page.
    pub(crate) order: u8,
    /// Heading.
    pub(crate) label: &'static str,
    /// One line of explanation.
    pub(crate) what: &'static str,
}

/// Every target that has words of its own, in the order of the page.
const TARGETS: [(&str, Group); 12] = [
    (
        "documents",
        Group {
            order: 1,
            label: "チェック仕様書・ファイルレコード定義書・コード表",
            what: "人が読む資料です。HTMLは検索と絞り込みができます。",
        },
    ),
    (
        "xsd",
        Group {
            order: 2,
            label: "XMLスキーマ（XSD）",
            what: "記録XMLの形・型・桁・コードを検証します。共通の型のファイルと一緒に使います。",
        },
    ),
    (
        "schematron",
        Group {
            order: 3,
            label: "Schematron",
            what: "必須・記入条件・項目間のチェックと計算値を検証します（XPath 2.0）。",
        },
    ),
    (
        "json-schema",
        Group {
            order: 4,
            label: "JSON Schema",
            what: "回答をJSONで扱うシステムの中での検証規則です（2020-12）。提出する形ではありません。",
        },
    ),
    (
        "js",
        Group {
            order: 5,
            label: "JavaScriptモジュール",
            what: "点検・計算・表示の切替え・判定を行う部品です。TypeScriptの型が付きます。",
        },
    ),
    (
        "csv-layout",
        Group {
            order: 6,
            label: "CSVレイアウト",
            what: "CSVで出力するシステムのための、列の並びと形式です。",
        },
    ),
    (
        "fhir",
        Group {
            order: 7,
            label: "FHIR Questionnaire",
            what: "FHIR R4（SDC）の質問票です。表示条件・計算・制約を含みます。",
        },
    ),
    (
        "pdf",
        Group {
            order: 8,
            label: "記入用紙（PDF）",
            what: "手書き用の白紙の様式です。",
        },
    ),
    (
        "samples",
        Group {
            order: 9,
            label: "サンプル記録",
            what: "正しい記録と誤りのある記録の例、期待するエラーリストです。",
        },
    ),
    (
        "program",
        Group {
            order: 10,
            label: "判定プログラム",
            what: "点検ツールとサーバーが読み込む形式（JSON）です。",
        },
    ),
    (
        "card",
        Group {
            order: 11,
            label: "カード",
            what: "項目・コード・規則・チェックを1枚にまとめたものです。",
        },
    ),
    (
        "kit",
        Group {
            order: 12,
            label: "適合確認キット",
            what: "実装が規則に一致することを確かめる記録と、期待する結果です。",
        },
    ),
];

const OTHERS: Group = Group {
    order: 20,
    label: "その他の成果物",
    what: "このリリースに含まれるその他のファイルです。",
};

const DOCUMENTS: Group = Group {
    order: 21,
    label: "説明",
    what: "成果物・記録・リリースの形式の説明と、読み取りプログラムの見本です。",
};

const CHANGES: Group = Group {
    order: 0,
    label: "変更一覧",
    what: "前のリリースから追加・変更・廃止された様式・項目・コード・チェック・判定です。",
};

/// The group of a file.
pub(crate) fn group_of(file: &FileEntry) -> Group {
    let name = match file.kind {
        Kind::Changes => return CHANGES,
        Kind::Document => return DOCUMENTS,
        Kind::Program => "program",
        Kind::Card => "card",
        Kind::Kit => "kit",
        Kind::Artefact => file.target.as_deref().unwrap_or_default(),
    };
    TARGETS
        .iter()
        .find(|(target, _)| *target == name)
        .map_or(OTHERS, |(_, group)| *group)
}

/// What a file of the documents is, by how its name ends.
const DOCUMENT_FILES: [(&str, &str); 7] = [
    (".html", "検索できる資料"),
    (".xlsx", "すべての表（Excel）"),
    (".checks.csv", "チェック仕様書（CSV）"),
    (".layout.csv", "ファイルレコード定義書（CSV）"),
    (".codes.csv", "コード表（CSV）"),
    (".rules.csv", "計算・判定の規則（CSV）"),
    (".targets.csv", "規則ごとの受け持つ成果物（CSV）"),
];

/// What a file is, where its name alone does not say so; with its place among its neighbours.
pub(crate) fn what_of(file: &FileEntry) -> Option<(usize, &'static str)> {
    if file.target.as_deref() != Some("documents") {
        return None;
    }
    DOCUMENT_FILES
        .iter()
        .enumerate()
        .find(|(_, (ending, _))| file.path.ends_with(ending))
        .map(|(place, (_, what))| (place, *what))
}
