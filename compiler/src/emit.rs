//! Artefacts made from programs: one module per target, bytes out, no I/O.
//!
//! What vendors download. Every target says besides what it makes which rules of the form it
//! cannot say ([`Residue`]), so that nobody takes an artefact for more than it is.

mod wire;
mod sheet;
mod pseudo;
pub mod xsd;
pub mod json_schema;
pub mod schematron;
pub mod javascript;
pub mod layout;
pub mod codes;
pub mod check_spec;
pub mod rules;
mod xlsx;
mod page;
mod documents;

pub use sheet::{Column, Sheet};

use kohyo_engine::{Form, Program};

/// Something that can be made from definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// XML Schema 1.0.
    Xsd,
    /// ISO Schematron.
    Schematron,
    /// JSON Schema 2020-12.
    JsonSchema,
    /// One JavaScript module per form, with types.
    JavaScript,
    /// ファイルレコード定義書, コード表, チェック仕様書 as page, workbook and CSV.
    Documents,
    /// The program in its wire form.
    Program,
}

/// A file that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Its name, perhaps with folders, separated by `/`.
    pub path: String,
    /// What it holds.
    pub content: Vec<u8>,
}

impl Artefact {
    /// A file of text.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            content: text.into().into_bytes(),
        }
    }
}

/// A rule of a form that an artefact does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Residue {
    /// The rule: `R012`, `required.tremor`, `judgement.diagnosis`, `function.height_sd`.
    pub rule: String,
    /// What is missing, and who says it instead; for people.
    pub reason: String,
}

/// What became of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// The files, in the order in which a reader should look at them.
    pub artefacts: Vec<Artefact>,
    /// What they do not hold, in the order of the form.
    pub residue: Vec<Residue>,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 6] = [
        Self::Xsd,
        Self::Schematron,
        Self::JsonSchema,
        Self::JavaScript,
        Self::Documents,
        Self::Program,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xsd => "xsd",
            Self::Schematron => "schematron",
            Self::JsonSchema => "json-schema",
            Self::JavaScript => "js",
            Self::Documents => "documents",
            Self::Program => "program",
        }
    }

    /// The target with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// What it is, in a few words for people.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Xsd => "XMLスキーマ（様式ごとと共通の型）",
            Self::Schematron => "Schematron（項目間のチェックと計算値、XPath 2.0）",
            Self::JsonSchema => "JSON Schema（回答のJSON）",
            Self::JavaScript => {
                "JavaScriptモジュール（点検・計算・表示・判定、TypeScriptの型つき）"
            }
            Self::Documents => {
                "ファイルレコード定義書・コード表・チェック仕様書（HTML、XLSX、CSV）"
            }
            Self::Program => "判定プログラム（JSON）",
        }
    }

    /// What is made from one form.
    pub fn form(self, form: &Form) -> Emitted {
        let program = form.program();
        match self {
            Self::Xsd => Emitted {
                artefacts: vec![Artefact::text(
                    xsd::file_name(program),
                    xsd::schema(program),
                )],
                residue: xsd::residue(program),
            },
            Self::Schematron => schematron::form(program),
            Self::JsonSchema => json_schema::form(program),
            Self::JavaScript => javascript::form(form),
            Self::Documents => documents::form(program),
            Self::Program => Emitted {
                artefacts: vec![Artefact::text(
                    format!("{}.json", wire::stem(program)),
                    kohyo_engine::to_json(program),
                )],
                residue: Vec::new(),
            },
        }
    }

    /// What is made once for all these forms.
    pub fn shared(self, programs: &[&Program]) -> Vec<Artefact> {
        match self {
            Self::Xsd => vec![
                Artefact::text(xsd::SHARED_TYPES_FILE, xsd::shared_types()),
                Artefact::text(xsd::RECORDS_FILE, xsd::records(programs)),
            ],
            Self::JavaScript => javascript::shared(),
            Self::Schematron | Self::JsonSchema | Self::Documents | Self::Program => Vec::new(),
        }
    }
}
