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

use crate::args::{Args, Command};
use crate::disk::{self, Failure, Texts, Workspace};
use crate::output;
use kohyo_compiler::{DiseaseEntry, SyntaxCache, compile, compile_with};
use kohyo_engine::Form;
use kohyo_exchange::Library;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

/// Whether a command names files and nothing else, so that it needs no folder of definitions.
fn only_files(command: &Command) -> bool {
    let targets = match command {
        Command::Check { targets, .. } | Command::Fmt { targets, .. } => targets,
        _ => return false,
    };
    !targets.is_empty()
        && targets
            .iter()
            .all(|target| std::path::Path::new(target).is_file())
}

/// What a command reads of the folder of definitions. Those that hospitals run start at once, and
/// look at no case.
fn texts(command: &Command) -> Texts {
    match command {
        Command::CsvTemplate { .. }
        | Command::GenerateRecords { .. }
        | Command::Certify(_)
        | Command::Kit { .. } => Texts::Definitions,
        _ => Texts::All,
    }
}

/// Runs what the arguments ask for. The exit code is 0 if all is well, 1 if something was found,
/// 2 if the command could not do its work.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    if let Command::Explain { code } = &args.command {
        return explain::run(code.as_deref());
    }
    if let Command::Lsp = args.command {
        return lsp::run(args.forms);
    }
    if let Command::Open(open) = &args.command {
        return open::run(open);
    }
    if let Command::Send(send) = &args.command {
        return send::run(send);
    }
    if let Command::Bench {
        container: Some(container),
        register: Some(register),
        ..
    } = &args.command
    {
        return bench::open_hostile(container, register);
    }
    if let Command::Key { command } = args.command {
        return key::run(command);
    }
    if let Command::Certify(certify) = &args.command
        && let Some(done) = certify::without_forms(certify, args.forms.as_deref())
    {
        return done;
    }
    let forms = args.forms.as_deref();
    // These judge with a release, or look at two places.
    let command = match args.command {
        Command::CheckRecords(check) => return check_records::run(forms, &check),
        Command::Tool {
            folder,
            port,
            keys,
            release,
        } => return tool::run(forms, folder, port, keys, &release),
        Command::Seal(seal) => return seal::run(forms, &seal),
        Command::Release(release) => return release::run(forms, *release),
        Command::Changes {
            old,
            new,
            json,
            html,
            csv,
            trusted,
        } => {
            let options = changes::Options { json, html, csv };
            return changes::run(&old, &new, &trusted, &options);
        }
        other => other,
    };
    let workspace = match disk::workspace(forms, texts(&command)) {
        Err(Failure::NoForms) if only_files(&command) => disk::empty(),
        other => other?,
    };
    for failure in &workspace.unreadable {
        output::error(&failure.to_string());
    }
    match command {
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
            check::run(workspace, &targets, options)
        }
        Command::Test {
            targets,
            cases,
            json,
            quality: false,
        } => test::run(&workspace, &targets, &cases, json),
        Command::Test {
            targets,
            json,
            quality: true,
            ..
        } => quality::run(&workspace, &targets, json),
        Command::Fmt { targets, check } => fmt::run(workspace, &targets, check),
        Command::Card { targets, write } => card::run(&workspace, &targets, write),
        Command::List {
            json,
            quality,
            texts,
        } => list::run(&workspace, json, quality, texts.as_deref()),
        Command::Why { patient, json } => why::run(&workspace, &patient, json),
        Command::Coverage {
            targets,
            texts,
            json,
        } => coverage::run(&workspace, &targets, texts.as_deref(), json),
        Command::Diff {
            old,
            new,
            judgement,
            json,
        } => diff::run(workspace, &old, &new, judgement.as_deref(), json),
        Command::New {
            number,
            name,
            slug,
            edition,
            from,
            source,
            sections,
            shape,
        } => new::run(
            &workspace,
            new::Options {
                number,
                name,
                slug,
                edition,
                from,
                source,
                sections,
                shape,
            },
        ),
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::Lsp => lsp::run(args.forms),
        Command::CheckRecords(_)
        | Command::Tool { .. }
        | Command::Seal(_)
        | Command::Release(_)
        | Command::Changes { .. } => Ok(ExitCode::from(2)), // answered above
        Command::Emit {
            target,
            targets,
            out,
            list,
            residue,
        } => match target.filter(|_| !list) {
            Some(target) => emit::run(&workspace, &target, &targets, &out, residue),
            None => emit::list(),
        },
        Command::Kit {
            targets,
            out,
            seed,
            count,
        } => {
            let thrown = seed.map(|seed| kit::Deck { seed, count });
            kit::run(&workspace, &targets, &out, thrown)
        }
        Command::Certify(certify) => certify::answer(&workspace, certify),
        Command::Convert { paths, to, out } => convert::run(&workspace, &paths, to, &out),
        Command::CsvTemplate { disease } => csv_template::run(&workspace, &disease),
        Command::Key { command } => key::run(command),
        Command::Open(open) => open::run(&open),
        Command::Send(send) => send::run(&send),
        Command::Print { patient, mask, out } => print::run(&workspace, &patient, mask, &out),
        Command::GenerateRecords {
            disease,
            count,
            seed,
            out,
        } => generate_records::run(&workspace, &disease, count, seed, &out),
        Command::Demo {
            data,
            listen,
            studio_listen,
        } => demo::run(&workspace, &data, listen, studio_listen),
        Command::Bench { json, .. } => bench::run(&workspace, json),
    }
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
    let files = workspace.files.clone();
    let diseases = kohyo_compiler::forms(&files);
    let place = |disease: &DiseaseEntry| (disease.key.clone(), disease.edition.clone());
    let places: Vec<(String, String)> = diseases.iter().map(place).collect();
    let paths: BTreeMap<(String, String), String> = places
        .iter()
        .cloned()
        .zip(diseases.into_iter().map(|disease| disease.path))
        .collect();
    let load = move |key: &str, edition: &str| {
        let place = (key.to_owned(), edition.to_owned());
        let path = paths.get(&place).ok_or("定義がありません")?;
        // What is kept for the next disease would cost more memory than it saves time.
        let program = compile(&files, path).program;
        let program = program.ok_or_else(|| {
            format!("誤りがあるため使いません。`kohyo check {key}` で確認してください")
        })?;
        form(program).map(Arc::new).map_err(|e| e.to_string())
    };
    Library::on_demand(places, load).map_err(|e| Failure::Other(e.to_string()))
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
