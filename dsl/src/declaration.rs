//! What a kind of finding is: its code, what it means, and an example that a test runs.
//!
//! Every code is declared once, in a file of its own: those of the syntax in `codes/`, those of the
//! compiler in its `diagnostics/`. `kohyo explain` prints the declaration.

use crate::{Diagnostic, Severity, Span};

/// A kind of finding. The texts are Japanese.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// Stable code, never used again for something else: `E0305`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is found, in a few words.
    pub title: &'static str,
    /// Why it is reported and what to do, a sentence or two per line.
    pub explanation: &'static str,
    /// A text in which exactly this is found.
    pub wrong: Example,
    /// The same text, mended: nothing is found.
    pub right: Example,
}

impl Declaration {
    /// A finding of this kind at `span`, without note, labels or help.
    pub fn found(&self, file: &str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.severity, self.code, file, span, message.into())
    }
}

/// A definition to show something by.
#[derive(Clone, Copy, Debug)]
pub enum Example {
    /// Items of the sample disease ([`in_sample`]).
    Items(&'static str),
    /// A whole file.
    File(&'static str),
    /// Files by path, and which of them is the definition meant.
    Folder {
        /// The definition meant.
        main: &'static str,
        /// Path and text of each file.
        files: &'static [(&'static str, &'static str)],
    },
    /// Files that are too many to be written down, the definition meant first.
    MadeFolder {
        /// What they are, in Japanese.
        told: &'static str,
        /// Path and text of each file.
        files: fn() -> Vec<(String, String)>,
    },
    /// A whole file that is too long to be written down.
    Made {
        /// What it is, in Japanese.
        told: &'static str,
        /// Its text.
        text: fn() -> String,
    },
    /// Items of the sample disease that are too long to be written down.
    MadeItems {
        /// What they are, in Japanese.
        told: &'static str,
        /// Their text.
        items: fn() -> String,
    },
}

impl Example {
    /// The path of the definition meant.
    pub fn main(&self) -> &'static str {
        match self {
            Self::Folder { main, .. } => main,
            _ => "form.kohyo",
        }
    }

    /// Path and text of every file.
    pub fn files(&self) -> Vec<(String, String)> {
        match self {
            Self::Items(items) => vec![(self.main().to_owned(), in_sample(items))],
            Self::File(text) => vec![(self.main().to_owned(), (*text).to_owned())],
            Self::Folder { files, .. } => files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
            Self::MadeFolder { files, .. } => files(),
            Self::Made { text, .. } => vec![(self.main().to_owned(), text())],
            Self::MadeItems { items, .. } => vec![(self.main().to_owned(), in_sample(&items()))],
        }
    }

    /// The example as a reader should see it: without the sample disease around it, long texts told.
    pub fn shown(&self) -> String {
        match self {
            Self::Items(text) | Self::File(text) => text.trim_end().to_owned(),
            Self::Made { told, .. }
            | Self::MadeItems { told, .. }
            | Self::MadeFolder { told, .. } => format!("# {told}"),
            Self::Folder { files, .. } => files
                .iter()
                .map(|(path, text)| format!("# {path}\n{}", text.trim_end()))
                .collect::<Vec<_>>()
                .join("\n\n"),
        }
    }
}

/// The header of the sample disease.
const SAMPLE_HEADER: &str = r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}

"#;

/// What the items of an example can read.
const SAMPLE_ITEMS: &str = r#"code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }

section sample "見本の項目" {
  field birth_date   "生年月日"       : date
  field onset        "発症年月"       : month
  field tremor       "振戦"           : finding
  field rigidity     "筋強剛"         : finding
  field albumin      "血清アルブミン" : decimal 3.1 "g/dL" 0.0..20.0
  field walking      "歩行"           : choice { 1 free "自立" points 0; 2 aided "介助" points 5; 3 unclear "不明" unknown }
  field device       "装具の使用"     : choice { 1 yes "あり"; 2 no "なし" }
  field device_kind  "装具の種類"     : choice { 1 collar "頸部"; 2 limb "四肢" } shown when device is yes
  field device_hours "装着時間"       : integer 0..24 shown when device is yes
  field relatives    "発症した血縁者" : choices { 1 father "父"; 2 mother "母" }
}

"#;

const SAMPLE_JUDGEMENT: &str = r#"judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}

"#;

/// A disease made of the sample and `items`; its judgement is added unless they have one.
pub fn in_sample(items: &str) -> String {
    let judgement = if items.contains("judgement diagnosis ") {
        ""
    } else {
        SAMPLE_JUDGEMENT
    };
    format!("{SAMPLE_HEADER}{SAMPLE_ITEMS}{judgement}{items}\n")
}
