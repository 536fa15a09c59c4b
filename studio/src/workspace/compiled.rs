//! Everything the studio asks of the compiler and the engine.

use super::{Snapshot, wording};
use jiff::Zoned;
pub(crate) use kohyo_compiler::cases::CaseReport;
use kohyo_compiler::cases::{self, CaseFile};
pub(crate) use kohyo_compiler::catalogue::{Catalogue, CatalogueError, without_branch};
use kohyo_compiler::{
    Compilation, Files, ProofCache, ProofReport, Statement, SyntaxCache, compile_with, previous,
    prove_again,
};
use kohyo_dsl::ast::Subject;
use kohyo_dsl::{Diagnostic, Severity};
pub(crate) use kohyo_engine::program::Application;
use kohyo_engine::program::Status;
use kohyo_engine::{
    Answers, Context, Date, Finding, Form, Lineage, Outcome, PageView, Previous, RawAnswers,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The file name of the main form of a disease.
const MAIN: &str = "/form.kohyo";

/// Whether a file in the folder is ours to read.
pub(super) fn belongs(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.ends_with(".kohyo")
        || name == "cases.yaml"
        || name.ends_with(".cases.yaml")
        || in_catalogue(path)
}

/// Whether a file is part of the catalogue of all diseases.
fn in_catalogue(path: &str) -> bool {
    path.starts_with("catalogue/") && path.ends_with(".yaml")
}

/// The catalogue of all diseases; nothing if the folder has none.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn catalogue(snapshot: &Snapshot) -> Result<Option<Catalogue>, CatalogueError> {
    let mut files = Files::new();
    for (path, entry) in &snapshot.entries {
        if in_catalogue(path) {
            files.insert(path.as_str(), entry.text.clone());
        }
    }
    Catalogue::read(&files)
}

/// What a definition says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) kind: Kind,
    /// `shitei-006`, `scale.hoehn_yahr`; the path when the header cannot be read.
    pub(crate) key: String,
    pub(crate) title: String,
    /// Empty when none is written.
    pub(crate) edition: String,
    /// Nothing when none is written.
    pub(crate) status: Option<Status>,
}

/// The kinds of definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Disease,
    Module,
}

/// Reads the header of a definition; nothing for a case file.
pub(super) fn facts(path: &str, text: &str) -> Option<Facts> {
    if !path.ends_with(".kohyo") {
        return None;
    }
    // The header ends with the first brace at the beginning of a line; only when it is written
    // otherwise the whole text is read for it.
    let head = text.find("\n}").and_then(|end| text.get(..end + 2));
    let found = head
        .and_then(|head| header(path, head))
        .or_else(|| header(path, text));
    Some(found.unwrap_or_else(|| Facts {
        kind: if path.ends_with(MAIN) {
            Kind::Disease
        } else {
            Kind::Module
        },
        key: path.to_owned(),
        title: path.to_owned(),
        edition: String::new(),
        status: None,
    }))
}

/// What the header says, if it can be read.
fn header(path: &str, text: &str) -> Option<Facts> {
    // Something has to be shown, and clicked on, while a title is not yet written.
    let titled = |title: String| {
        if title.trim().is_empty() {
            path.to_owned()
        } else {
            title
        }
    };
    let mut alone = Files::new();
    alone.insert(path, text);
    if let Some(disease) = kohyo_compiler::forms(&alone).pop() {
        return Some(Facts {
            kind: Kind::Disease,
            key: disease.key,
            title: titled(disease.title),
            edition: disease.edition,
            status: Some(disease.status),
        });
    }
    let header = kohyo_dsl::parse(path, text).file.header?;
    let (kind, key) = match header.subject {
        Subject::Module(name) => {
            let parts: Vec<&str> = name.names.iter().map(|n| n.text.as_str()).collect();
            (Kind::Module, parts.join("."))
        }
        // Its number or name is wrong; the compiler says so.
        Subject::Disease { .. } | Subject::Programme(_) => (Kind::Disease, path.to_owned()),
    };
    Some(Facts {
        kind,
        key,
        title: titled(header.title.text),
        edition: String::new(),
        status: None,
    })
}

/// What is known about a definition as it lies on disk.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// Every file it is made of.
    pub(crate) files: Vec<String>,
    /// How many cases passed and failed; the problem when they cannot be run; nothing when there
    /// are none.
    pub(crate) cases: Option<Result<(usize, usize), String>>,
}

/// Works out what is known about a definition as it lies on disk.
pub(super) fn summary(snapshot: &Snapshot, cache: &mut SyntaxCache, path: &str) -> Summary {
    let text = snapshot.entries.get(path).map_or("", |entry| &*entry.text);
    let files = snapshot.files(path, text);
    let compilation = compile_with(&files, cache, path);
    let (errors, warnings) = count(&compilation.diagnostics);
    let cases = snapshot
        .cases(path)
        .filter(|_| snapshot.is_disease(path))
        .map(|file| {
            let judging = judging(&files, cache, &compilation)
                .ok_or("定義にエラーがあるため、実行できません")?;
            let file = cases::parse(&file.text).map_err(|error| error.to_string())?;
            let report = cases::run_with(&judging.form, judging.previous.as_ref(), &file);
            Ok((report.passed, report.failed))
        });
    Summary {
        errors,
        warnings,
        files: compilation.files,
        cases,
    }
}

/// How many errors and warnings there are.
pub(crate) fn count(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let of = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    (of(Severity::Error), of(Severity::Warning))
}

/// A text in the editor and what its preview is to be drawn with.
pub(crate) struct Question<'a> {
    /// Its path.
    pub(crate) path: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
    /// The disease a module is looked at through; the definition itself if it is a disease.
    pub(crate) through: &'a str,
}

/// A text in the editor, compiled.
pub(crate) struct Compiled {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The form; nothing if there are errors, or for a module that no disease uses.
    pub(crate) form: Option<Judging>,
}

/// A form and what its renewals are judged by as well.
pub(crate) struct Judging {
    pub(crate) form: Arc<Form>,
    previous: Option<Lineage>,
}

/// Compiles a text that may differ from the one on disk.
pub(crate) fn compile(
    snapshot: &Snapshot,
    cache: &mut SyntaxCache,
    question: &Question<'_>,
) -> Compiled {
    let compiled = compilations(snapshot, cache, question);
    let sound = !compiled.own.has_errors();
    let form = judging(&compiled.files, cache, compiled.judged()).filter(|_| sound);
    Compiled {
        diagnostics: compiled.diagnostics(),
        form,
    }
}

/// The programs that a text in the editor takes part in.
pub(crate) struct Compilations {
    files: Files,
    own: Compilation,
    /// Of the disease that a module is looked at through.
    user: Option<Compilation>,
}

/// Compiles a text, and the disease a module is looked at through.
pub(crate) fn compilations(
    snapshot: &Snapshot,
    cache: &mut SyntaxCache,
    question: &Question<'_>,
) -> Compilations {
    let mut files = snapshot.files(question.path, question.text);
    let own = compile_with(&files, cache, question.path);
    let user = (question.through != question.path).then(|| {
        if let Some(entry) = snapshot.definition(question.through) {
            files.insert(question.through, &*entry.text);
        }
        compile_with(&files, cache, question.through)
    });
    Compilations { files, own, user }
}

impl Compilations {
    /// The one with a program.
    fn judged(&self) -> &Compilation {
        self.user.as_ref().unwrap_or(&self.own)
    }

    /// What compiling found, each finding once.
    fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = self.own.diagnostics.clone();
        for found in self.user.iter().flat_map(|user| &user.diagnostics) {
            if !all.contains(found) {
                all.push(found.clone());
            }
        }
        all
    }

    /// Proves what can be proven; nothing while there are errors.
    pub(crate) fn prove(&self, earlier: &ProofCache) -> Proved {
        let possible = !self.own.has_errors() && self.judged().program.is_some();
        let report = if possible {
            prove_again(self.judged(), earlier)
        } else {
            ProofReport::default()
        };
        let mut diagnostics = self.diagnostics();
        diagnostics.retain(|found| !report.superseded.contains(found));
        diagnostics.extend(report.findings);
        diagnostics.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
        Proved {
            possible,
            diagnostics,
            proven: report.proven,
            not_proven: report.not_proven,
            unread: report.notes,
        }
    }
}

/// A text in the editor, proven as far as it can be.
pub(crate) struct Proved {
    /// Whether anything could be proven.
    pub(crate) possible: bool,
    /// What compiling and proving found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) proven: Vec<Statement>,
    /// What could be neither proven nor refuted.
    pub(crate) not_proven: Vec<Statement>,
    /// Questions that no rule reads.
    pub(crate) unread: Vec<Diagnostic>,
}

/// What the diseases in `users` would become if `path` read `text`: errors and cases.
pub(crate) fn impact(
    snapshot: &Snapshot,
    path: &str,
    text: &str,
    users: &BTreeSet<&str>,
) -> Vec<(String, Summary)> {
    let edited = snapshot.with(path, text);
    let mut cache = SyntaxCache::default();
    users
        .iter()
        .map(|user| ((*user).to_owned(), summary(&edited, &mut cache, user)))
        .collect()
}

fn judging(files: &Files, cache: &mut SyntaxCache, compilation: &Compilation) -> Option<Judging> {
    let program = compilation.program.clone()?;
    let form = Form::new(program)
        .inspect_err(|error| tracing::error!(%error, path = compilation.path, "compiled program is not sound"))
        .ok()
        .map(Arc::new)?;
    let previous = previous(files, cache, &compilation.path, &form);
    Some(Judging { form, previous })
}

/// The cases beside a disease.
pub(crate) struct Cases {
    file: CaseFile,
}

/// The answers of one case, with its day and kind of application.
pub(crate) struct Case {
    pub(crate) day: Day,
    pub(crate) application: Application,
    pub(crate) answers: RawAnswers,
}

impl Cases {
    /// Reads a case file.
    pub(crate) fn parse(yaml: &str) -> Result<Self, String> {
        cases::parse(yaml)
            .map(|file| Self { file })
            .map_err(|error| error.to_string())
    }

    /// Runs every case; what came out otherwise is told in the words of the form.
    pub(crate) fn run(&self, judging: &Judging) -> CaseReport {
        let Judging { form, previous } = judging;
        let mut report = cases::run_with(form, previous.as_ref(), &self.file);
        for difference in report
            .cases
            .iter_mut()
            .flat_map(|case| &mut case.differences)
        {
            wording::in_words(form, previous.as_ref(), difference);
        }
        report
    }

    /// Names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.file.cases.iter().map(|case| case.name.as_str())
    }

    /// The case at this position, with codes as the form writes them.
    pub(crate) fn get(&self, form: &Form, position: usize) -> Option<Case> {
        let case = self.file.cases.get(position)?;
        let answers = cases::answers(form, &self.file, case)
            .into_iter()
            .map(|(name, values)| {
                let values = match form.field_id(&name) {
                    Some(field) => values
                        .into_iter()
                        .map(|value| code_value(form, field, value))
                        .collect(),
                    None => values,
                };
                (name, values)
            })
            .collect();
        Some(Case {
            day: Day(case.on.clone()),
            application: case.application,
            answers,
        })
    }
}

/// Case files call a code by its name; inputs carry its value.
fn code_value(form: &Form, field: kohyo_engine::program::FieldId, written: String) -> String {
    let codes = form.codes(field);
    let known = codes
        .iter()
        .find(|c| c.name == written)
        .or_else(|| codes.iter().find(|c| c.label == written));
    known.map_or(written, |code| code.value.clone())
}

/// A day of judgement as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) String);

/// Today, where the studio runs.
pub(crate) fn today() -> Day {
    Day(Zoned::now().date().to_string())
}

/// A filled form with its verdict.
pub(crate) struct Preview {
    pub(crate) outcome: Outcome,
    /// What the previous edition says, where it may be used.
    pub(crate) previous: Option<Previous>,
    pub(crate) view: PageView,
}

/// Fills in a form and judges it.
pub(crate) fn preview(
    judging: &Judging,
    raw: &RawAnswers,
    day: &Day,
    application: Application,
) -> Result<Preview, String> {
    let today: Date = day
        .0
        .parse()
        .map_err(|_| "基準日は 2026-04-01 の形で書いてください".to_owned())?;
    let context = Context { today, application };
    let Judging { form, previous } = judging;
    let (answers, findings): (Answers, Vec<Finding>) = kohyo_engine::read(form, raw);
    let outcome = kohyo_engine::evaluate(form, &answers, &context)
        .with_findings(findings)
        .with_what_if(form, &answers, &context);
    let previous = previous
        .as_ref()
        .and_then(|lineage| kohyo_engine::evaluate_previous(lineage, &answers, &context));
    let view = kohyo_engine::page_view(form, raw, &context, &outcome);
    Ok(Preview {
        outcome,
        previous,
        view,
    })
}
