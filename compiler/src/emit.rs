//! Artefacts made from programs: one module per target, bytes out, no I/O.
//!
//! What vendors download. Every target says besides what it makes which rules of the form it
//! cannot say ([`Residue`]), so that nobody takes an artefact for more than it is.

pub mod javascript;
pub mod xsd;

use kohyo_engine::{Form, Program};

/// Something that can be made from definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// XML Schema 1.0.
    Xsd,
    /// One JavaScript module per form, with types.
    JavaScript,
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
    pub const ALL: [Self; 3] = [Self::Xsd, Self::JavaScript, Self::Program];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xsd => "xsd",
            Self::JavaScript => "js",
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
            Self::JavaScript => {
                "JavaScriptモジュール（点検・計算・表示・判定、TypeScriptの型つき）"
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
            Self::JavaScript => javascript::form(form),
            Self::Program => Emitted {
                artefacts: vec![Artefact::text(
                    format!("{}-{}.json", program.key, program.edition),
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
            Self::Program => Vec::new(),
        }
    }
}
