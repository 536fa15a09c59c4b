//! `kohyo emit`: artefacts made from definitions.

use crate::commands::check_records::cores;
use crate::disk::{Failure, Workspace, make_folder, write};
use crate::{output, parallel};
use indicatif::{ProgressBar, ProgressStyle};
use kohyo_compiler::emit::{Artefact, Emitted, Target, holders};
use kohyo_compiler::{DiseaseEntry, SyntaxCache, compile_with};
use kohyo_engine::{Form, Program};
use kohyo_paper::Fonts;
use std::path::Path;
use std::process::ExitCode;

/// Stands for every target.
const ALL: &str = "all";

/// The target that the compiler does not make: paper has a crate of its own.
pub const PAPER: (&str, &str) = ("pdf", "紙の様式（A4、PDF/A。印刷して手で記入する）");

/// Every target with what it is.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let targets = Target::ALL.into_iter();
    let targets = targets.map(|target| (target.name(), target.summary()));
    targets.chain([PAPER])
}

/// What is wanted, each with the folder it is written to.
struct Wanted {
    targets: Vec<(Target, &'static str)>,
    paper: Option<(Fonts, &'static str)>,
}

/// What can be made.
pub fn list() -> Result<ExitCode, Failure> {
    output::line("作れるもの（例: kohyo emit js 006 --out out）");
    for (name, summary) in all() {
        output::line(&format!("  {name:<11} {summary}"));
    }
    output::line(&format!("  {ALL:<11} すべて（種類ごとのフォルダーに書く）"));
    Ok(ExitCode::SUCCESS)
}

/// What this name means. Of all targets paper is left out where there is no font, and it is said.
fn wanted(name: &str) -> Result<Wanted, Failure> {
    let fonts = || Fonts::find().map_err(|none| Failure::Other(none.to_string()));
    if name == ALL {
        let paper = match fonts() {
            Ok(fonts) => Some((fonts, PAPER.0)),
            Err(none) => {
                output::note(&format!("警告: PDFは作りません。{none}"));
                None
            }
        };
        return Ok(Wanted {
            targets: Target::ALL.into_iter().map(|t| (t, t.name())).collect(),
            paper,
        });
    }
    if name == PAPER.0 {
        return Ok(Wanted {
            targets: Vec::new(),
            paper: Some((fonts()?, "")),
        });
    }
    match Target::from_name(name) {
        Some(target) => Ok(Wanted {
            targets: vec![(target, "")],
            paper: None,
        }),
        None => {
            let names: Vec<&str> = all().map(|(name, _)| name).collect();
            Err(Failure::Other(format!(
                "「{name}」というものは作れません\n  作れるのは {}、{ALL} です。`kohyo emit --list` で説明を確認してください",
                names.join("、")
            )))
        }
    }
}

/// The blank form on paper, and once for all the licence of the font in it.
fn paper(forms: &[Form], fonts: &Fonts) -> Result<Vec<Artefact>, Failure> {
    let bar = progress_bar(forms.len());
    let make = |(): &mut (), form: &Form| on_paper(form, fonts);
    let made = parallel::each(
        forms,
        cores(),
        || (),
        make,
        |form| {
            bar.set_message(form.program().title.clone());
            bar.inc(1);
        },
    );
    bar.finish_and_clear();
    let mut files = Vec::with_capacity(made.len() + 1);
    for file in made {
        files.push(file?);
    }
    files.extend(font_licence(fonts));
    Ok(files)
}

/// One blank form on paper.
pub fn on_paper(form: &Form, fonts: &Fonts) -> Result<Artefact, Failure> {
    let program = form.program();
    let content = kohyo_paper::pdf(form, None, fonts)
        .map_err(|problem| Failure::Other(problem.to_string()))?;
    Ok(Artefact {
        path: format!("{}-{}.pdf", program.key, program.edition),
        content,
    })
}

/// The licence of the font in the forms on paper, if it is the one that the command brings.
pub fn font_licence(fonts: &Fonts) -> Option<Artefact> {
    fonts
        .built_in()
        .then(|| Artefact::text("LICENSE-NotoSansJP.txt", kohyo_paper::FONT_LICENCE))
}

/// What was made of one form.
pub struct Made {
    /// The form; nothing if its definition has errors.
    pub program: Option<Program>,
    /// What each target made.
    pub emitted: Vec<(Target, Emitted)>,
}

/// Makes these targets from each disease, on all cores. `on_done` is told of every disease done.
pub fn make(
    workspace: &Workspace,
    diseases: &[DiseaseEntry],
    targets: &[Target],
    on_done: impl FnMut(&DiseaseEntry),
) -> Vec<Result<Made, Failure>> {
    let work = |cache: &mut SyntaxCache, disease: &DiseaseEntry| {
        let Some(program) = compile_with(&workspace.files, cache, &disease.path).program else {
            return Ok(Made {
                program: None,
                emitted: Vec::new(),
            });
        };
        let form: Form = super::form(program)?;
        let emitted = targets.iter().map(|target| (*target, target.form(&form)));
        Ok(Made {
            emitted: emitted.collect(),
            program: Some(form.into_program()),
        })
    };
    parallel::each(diseases, cores(), SyntaxCache::default, work, on_done)
}

/// Makes `target`, or all of them, from the chosen diseases; with `residue`, says every rule that
/// it does not hold.
pub fn run(
    workspace: &Workspace,
    target: &str,
    chosen: &[String],
    out: &Path,
    residue: bool,
) -> Result<ExitCode, Failure> {
    let Wanted { targets, paper } = wanted(target)?;
    // A form of the programme has a program, and nothing that vendors build records with.
    let diseases = match targets.as_slice() {
        [(Target::Program, _)] if !chosen.is_empty() => workspace.select(chosen)?,
        _ => workspace.select_diseases(chosen)?,
    };
    let bar = progress_bar(diseases.len());
    let wanted: Vec<Target> = targets.iter().map(|(target, _)| *target).collect();
    let made = make(workspace, &diseases, &wanted, |disease| {
        bar.set_message(format!("{} {}", disease.key, disease.title));
        bar.inc(1);
    });
    bar.finish_and_clear();
    let folder = |target: Target| {
        let found = targets.iter().find(|(other, _)| *other == target);
        out.join(found.map_or("", |(_, folder)| folder))
    };
    let mut programs = Vec::new();
    let mut left_out = Vec::new();
    let mut broken = 0;
    let mut written = 0;
    for (disease, made) in diseases.iter().zip(made) {
        let Made { program, emitted } = made?;
        let Some(program) = program else {
            broken += 1;
            output::note(&format!(
                "{}: 定義に誤りがあるため作りません。`kohyo check {}` で確認してください",
                disease.key, disease.key
            ));
            continue;
        };
        let held = match residue {
            true => holders::holders(&program),
            false => Vec::new(),
        };
        for (target, emitted) in emitted {
            written += save(&folder(target), &emitted.artefacts)?;
            let name = format!("{}（{}年版）", disease.key, disease.edition);
            let rest = match residue {
                true => holders::residue(&held, target, emitted.residue),
                false => emitted.residue,
            };
            left_out.extend(rest.into_iter().map(|rest| (name.clone(), target, rest)));
        }
        programs.push(program);
    }
    let all: Vec<&Program> = programs.iter().collect();
    let holds_rules = wanted
        .iter()
        .any(|target| holders::Holder::of(*target).is_some());
    for target in wanted {
        written += save(&folder(target), &target.shared(&all))?;
    }
    let count = programs.len();
    if let Some((fonts, folder)) = paper {
        let forms = programs.into_iter().map(super::form);
        let forms = forms.collect::<Result<Vec<Form>, Failure>>()?;
        written += save(&out.join(folder), &self::paper(&forms, &fonts)?)?;
    }
    if residue {
        for (form, target, rest) in &left_out {
            let target = match targets.len() {
                1 => String::new(),
                _ => format!("{}\t", target.name()),
            };
            output::line(&format!("{form}\t{target}{}\t{}", rest.rule, rest.reason));
        }
    }
    output::note(&format!(
        "{} に {written} ファイルを書きました（{} 様式）",
        out.display(),
        count
    ));
    if !residue && (holds_rules || !left_out.is_empty()) {
        output::note("この成果物に含まれない規則と、それを受け持つものは `--residue` で示します");
    }
    Ok(super::found(broken > 0))
}

/// Writes the files; gives their number.
pub fn save(out: &Path, artefacts: &[Artefact]) -> Result<usize, Failure> {
    for artefact in artefacts {
        let path = out.join(&artefact.path);
        let folder = path.parent().unwrap_or(out);
        make_folder(folder)?;
        write(&path, &artefact.content)?;
    }
    Ok(artefacts.len())
}

/// A bar over so many forms.
pub fn progress_bar(forms: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(forms).unwrap_or(0));
    // A wrong template would be a mistake of ours; the plain bar is good enough then.
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len}  {msg}") {
        bar.set_style(style);
    }
    bar
}
