//! One file per command.

mod bench;
mod card;
mod certify;
mod changes;
mod check;
mod check_records;
mod convert;
mod coverage;
mod csv_template;
mod demo;
mod demo_release;
mod diff;
mod emit;
mod explain;
mod fmt;
mod generate_records;
mod judging;
mod key;
mod kit;
mod list;
mod lsp;
mod new;
mod open;
mod passphrase;
mod print;
mod quality;
mod release;
mod seal;
mod send;
mod test;
mod tool;
mod why;

use crate::args::{Args, Command, KitFormat, PatientArgs};
use crate::disk::{self, Failure, Texts, Workspace};
use crate::output;
use kohyo_compiler::kit::Format;
use kohyo_compiler::{SyntaxCache, compile, compile_with};
use kohyo_engine::Form;
use kohyo_exchange::Library;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs what the arguments ask for. The exit code is 0 if all is well, 1 if something was found,
/// 2 if the command could not do its work.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let forms = args.forms.as_deref();
    let read = |texts| definitions(forms, texts);
    match args.command {
        Command::Check {
            targets,
            no_proofs,
            unused,
            json,
        } => {
            let options = check::Options {
                proofs: !no_proofs,
                unused,
                json,
            };
            check::run(
                or_only_files(read(Texts::All), &targets)?,
                &targets,
                options,
            )
        }
        Command::Test {
            targets,
            json,
            quality: true,
            ..
        } => {
            let (workspace, targets) = with_named(read(Texts::All), &targets)?;
            quality::run(&workspace, &targets, json)
        }
        Command::Test {
            targets,
            mut cases,
            json,
            ..
        } => {
            let (stray, targets) = disk::stray_cases(&targets);
            cases.extend(stray);
            let (workspace, targets) = with_named(read(Texts::All), &targets)?;
            test::run(&workspace, &targets, &cases, json)
        }
        Command::Fmt { targets, check } => {
            fmt::run(or_only_files(read(Texts::All), &targets)?, &targets, check)
        }
        Command::Card { targets, write } => {
            let (workspace, targets) = with_named(read(Texts::All), &targets)?;
            card::run(&workspace, &targets, write)
        }
        Command::List {
            sought,
            json,
            quality,
            texts,
        } => list::run(
            &read(Texts::All)?,
            &sought.join(" "),
            json,
            quality,
            texts.as_deref(),
        ),
        Command::Why { patient, json } => {
            let (workspace, patient) = with_patient(read(Texts::All), patient)?;
            why::run(&workspace, &patient, json)
        }
        Command::Coverage {
            targets,
            texts,
            json,
        } => {
            let (workspace, targets) = with_named(read(Texts::All), &targets)?;
            coverage::run(&workspace, &targets, texts.as_deref(), json)
        }
        Command::Diff {
            old,
            new,
            judgement,
            json,
        } => {
            let wanted = diff::Wanted {
                old,
                new,
                judgement,
                json,
            };
            diff::run(|| read(Texts::All), &wanted)
        }
        Command::Changes(wanted) => changes::run(&wanted),
        Command::Release(release) => release::run(forms, *release),
        Command::New(wanted) => new::run(&read(Texts::All)?, wanted),
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::Emit {
            target: Some(target),
            targets,
            out,
            list: false,
            residue,
        } => {
            let (workspace, targets) = with_named(read(Texts::All), &targets)?;
            emit::run(&workspace, &target, &targets, &out, residue)
        }
        Command::Emit { .. } => emit::list(),
        Command::Kit {
            targets,
            out,
            seed,
            count,
            format,
        } => {
            let thrown = seed.map(|seed| kit::Deck { seed, count });
            let format = match format {
                KitFormat::Xml => Format::Xml,
                KitFormat::Csv => Format::Csv,
                KitFormat::Fhir => Format::Fhir,
            };
            let (workspace, targets) = with_named(read(Texts::Definitions), &targets)?;
            kit::run(&workspace, &targets, &out, thrown, format)
        }
        Command::Certify(certify) => match certify::without_forms(&certify, forms) {
            Some(done) => done,
            None => certify::answer(&read(Texts::Definitions)?, certify),
        },
        Command::CheckRecords(check) => check_records::run(forms, &check),
        Command::Convert(convert) => convert::run(forms, &convert),
        Command::CsvTemplate { disease, judged } => match judged.release.release {
            Some(_) => csv_template::of_release(&disease, judged),
            None => csv_template::run(&read(Texts::Definitions)?, &disease),
        },
        Command::Key { command } => key::run(command),
        Command::Seal(seal) => seal::run(forms, &seal),
        Command::Send(send) => send::run(&send),
        Command::Tool {
            folder,
            port,
            keys,
            release,
        } => tool::run(forms, folder, port, keys, &release),
        Command::Open(open) => open::run(&open),
        Command::GenerateRecords {
            disease,
            count,
            seed,
            out,
        } => generate_records::run(&read(Texts::Definitions)?, &disease, count, seed, &out),
        Command::Print {
            patient,
            mask,
            out,
            judged,
        } => {
            if judged.release.release.is_some() {
                return print::of_release(judged, &patient, mask, &out);
            }
            let (workspace, patient) = with_patient(read(Texts::All), patient)?;
            print::run(&workspace, &patient, mask, &out)
        }
        Command::Lsp => lsp::run(args.forms),
        Command::Demo {
            data,
            listen,
            studio_listen,
        } => demo::run(&read(Texts::All)?, &data, listen, studio_listen),
        Command::Bench {
            container: Some(container),
            register: Some(register),
            ..
        } => bench::open_hostile(&container, &register),
        Command::Bench { json, .. } => bench::run(&read(Texts::All)?, json),
    }
}

/// The folder of definitions; files in it that could not be read are named.
fn definitions(forms: Option<&Path>, texts: Texts) -> Result<Workspace, Failure> {
    let workspace = disk::workspace(forms, texts)?;
    for failure in &workspace.unreadable {
        output::error(&failure.to_string());
    }
    Ok(workspace)
}

/// Without a folder of definitions, an empty one for whoever names files and nothing else.
fn or_only_files(
    workspace: Result<Workspace, Failure>,
    targets: &[String],
) -> Result<Workspace, Failure> {
    let only_files = || !targets.is_empty() && targets.iter().all(|t| Path::new(t).is_file());
    let missing = targets.iter().find(|target| disk::is_missing(target));
    match (workspace, missing) {
        (Err(Failure::NoForms), Some(missing)) => Err(Failure::NoFile {
            path: missing.into(),
        }),
        (Err(Failure::NoForms), None) if only_files() => Ok(disk::empty()),
        (other, _) => other,
    }
}

/// The definitions with those that are named as files, and what all targets are called among them.
fn with_named(
    workspace: Result<Workspace, Failure>,
    targets: &[String],
) -> Result<(Workspace, Vec<String>), Failure> {
    let mut workspace = or_only_files(workspace, targets)?;
    let named: Result<Vec<String>, Failure> = targets.iter().map(|t| workspace.bring(t)).collect();
    Ok((workspace, named?))
}

/// The same for a patient, whose case may be one of a definition that is named as a file; a record
/// stays where it is.
fn with_patient(
    workspace: Result<Workspace, Failure>,
    mut patient: PatientArgs,
) -> Result<(Workspace, PatientArgs), Failure> {
    if patient.case.is_none() && !why::is_definition(Path::new(&patient.target)) {
        return Ok((workspace?, patient));
    }
    let (workspace, named) = with_named(workspace, std::slice::from_ref(&patient.target))?;
    patient.target = named.concat();
    Ok((workspace, patient))
}

/// The exit code of a command that looked for something.
fn found(anything: bool) -> ExitCode {
    if anything {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// The forms that compile, of all diseases and of the programme itself; those that do not are named,
/// and left out.
fn forms(workspace: &Workspace) -> Result<Vec<Arc<Form>>, Failure> {
    let mut cache = SyntaxCache::default();
    let mut forms = Vec::new();
    for disease in kohyo_compiler::forms(&workspace.files) {
        let compiled = compile_with(&workspace.files, &mut cache, &disease.path);
        match compiled.program {
            Some(program) => forms.push(Arc::new(form(program)?)),
            None => output::note(&format!(
                "警告: {}（{}）は誤りがあるため使いません。`kohyo check {}` で確認してください",
                disease.title, disease.key, disease.key
            )),
        }
    }
    Ok(forms)
}

/// The same forms, each compiled when the first record asks for it, so that a check
/// costs time and memory only for the diseases it meets. [`told`] names those that do not compile.
fn library(workspace: &Workspace) -> Result<Library, Failure> {
    let library = Library::on_demand(places(workspace), compiling(workspace));
    library.map_err(|e| Failure::Other(e.to_string()))
}

/// The same for checks of many records, which tell no reasons.
fn library_for_checks(workspace: &Workspace) -> Result<Library, Failure> {
    let library = Library::for_checks(places(workspace), compiling(workspace));
    library.map_err(|e| Failure::Other(e.to_string()))
}

/// Key and edition of every form.
fn places(workspace: &Workspace) -> Vec<(String, String)> {
    let forms = kohyo_compiler::forms(&workspace.files).into_iter();
    forms.map(|form| (form.key, form.edition)).collect()
}

/// What compiles the form with a key and an edition.
fn compiling(
    workspace: &Workspace,
) -> impl Fn(&str, &str) -> Result<Arc<Form>, String> + Send + Sync + 'static {
    let files = workspace.files.clone();
    let forms = kohyo_compiler::forms(&files).into_iter();
    let paths: BTreeMap<(String, String), String> = forms
        .map(|form| ((form.key, form.edition), form.path))
        .collect();
    move |key, edition| {
        let place = (key.to_owned(), edition.to_owned());
        let path = paths.get(&place).ok_or("定義がありません")?;
        // What is kept for the next disease would cost more memory than it saves time.
        let program = compile(&files, path).program;
        let program = program.ok_or_else(|| {
            format!("誤りがあるため使いません。`kohyo check {key}` で確認してください")
        })?;
        form(program).map(Arc::new).map_err(|e| e.to_string())
    }
}

/// Names the forms that records asked for and that cannot be used.
fn told(library: &Library) {
    for trouble in library.troubles() {
        output::note(&format!(
            "警告: {}（{}）: {}",
            trouble.key, trouble.edition, trouble.reason
        ));
    }
}

/// A program ready to run. The compiler never makes one that is refused; if it does, say so.
fn form(program: kohyo_engine::Program) -> Result<Form, Failure> {
    let key = program.key.clone();
    Form::new(program)
        .map_err(|e| Failure::Other(format!("{key} の判定プログラムを読み込めません: {e}")))
}
