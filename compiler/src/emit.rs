//! Artefacts made from programs: one module per target, bytes out, no I/O.
//!
//! What vendors download. Every target says besides what it makes which rules of the form it
//! cannot say ([`Residue`]), so that nobody takes an artefact for more than it is; [`holders`] says
//! who looks after them.

mod sheet;
mod pseudo;
mod certain;
pub mod xsd;
pub mod json_schema;
pub mod fhir;
pub mod schematron;
pub mod javascript;
pub mod layout;
pub mod codes;
pub mod check_spec;
pub mod rules;
pub mod words;
pub mod holders;
pub mod csv_layout;
pub mod samples;
mod xlsx;
pub(crate) mod template;
mod page;
mod documents;

pub(crate) use kohyo_record::wire;
pub(crate) use sheet::column;
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
    /// FHIR R4 Questionnaire (SDC) and code systems.
    Fhir,
    /// One JavaScript module per form, with types.
    JavaScript,
    /// ファイルレコード定義書, コード表, チェック仕様書 as page, workbook and CSV.
    Documents,
    /// CSVレイアウト: the columns of the CSV and an empty file.
    CsvLayout,
    /// Sample records with their expected findings.
    Samples,
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
    /// What is missing, and why; for people.
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
    pub const ALL: [Self; 9] = [
        Self::Xsd,
        Self::Schematron,
        Self::JsonSchema,
        Self::Fhir,
        Self::JavaScript,
        Self::Documents,
        Self::CsvLayout,
        Self::Samples,
        Self::Program,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xsd => "xsd",
            Self::Schematron => "schematron",
            Self::JsonSchema => "json-schema",
            Self::Fhir => "fhir",
            Self::JavaScript => "js",
            Self::Documents => "documents",
            Self::CsvLayout => "csv-layout",
            Self::Samples => "samples",
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
            Self::Fhir => "FHIR R4 Questionnaire（SDC、FHIRPath）とコード体系",
            Self::JavaScript => {
                "JavaScriptモジュール（点検・計算・表示・判定、TypeScriptの型つき）"
            }
            Self::Documents => {
                "ファイルレコード定義書・コード表・チェック仕様書（HTML、XLSX、CSV）"
            }
            Self::CsvLayout => "CSVレイアウト（列の一覧と、見出しだけのCSV）",
            Self::Samples => "見本の記録（XML、CSV）と、期待される指摘",
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
            Self::Fhir => fhir::form(program),
            Self::JavaScript => javascript::form(form),
            Self::Documents => documents::form(program),
            Self::CsvLayout => csv_layout::form(program),
            Self::Samples => samples::form(form),
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
            Self::Schematron
            | Self::JsonSchema
            | Self::Fhir
            | Self::Documents
            | Self::CsvLayout
            | Self::Samples
            | Self::Program => Vec::new(),
        }
    }
}
