//! One file per command.

mod bench;
mod card;
mod check;
mod check_records;
mod coverage;
mod csv_template;
mod demo;
mod diff;
mod emit;
mod explain;
mod fmt;
mod generate_records;
mod key;
mod list;
mod lsp;
mod new;
mod open;
mod passphrase;
mod quality;
mod seal;
mod test;
mod tool;
mod why;

use crate::args::{Args, Command};
use crate::disk::{self, Failure, Workspace, workspace};
use crate::output;
use kohyo_compiler::{SyntaxCache, compile_with};
use kohyo_engine::Form;
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
    if let Command::Key { command } = args.command {
        return key::run(command);
    }
    let workspace = match workspace(args.forms.as_deref()) {
        Err(Failure::NoForms) if only_files(&args.command) => disk::empty(),
        other => other?,
    };
    for failure in &workspace.unreadable {
        output::error(&failure.to_string());
    }
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
        Command::Why {
            target,
            case,
            on,
            json,
        } => why::run(&workspace, &target, case.as_deref(), on.as_deref(), json),
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
        Command::Emit {
            target,
            targets,
            out,
            list,
            residue,
        } => match target.filter(|_| !list) {
            Some(target) => {
                let target = emit::target(&target)?;
                emit::run(&workspace, target, &targets, &out, residue)
            }
            None => emit::list(),
        },
        Command::CheckRecords {
            paths,
            csv,
            json,
            xlsx,
            html,
            normalise,
            changes,
            on,
            threads,
        } => {
            let options = check_records::Options {
                csv,
                json,
                xlsx,
                html,
                normalise,
                changes,
                on,
                threads,
            };
            check_records::run(&workspace, &paths, options)
        }
        Command::CsvTemplate { disease } => csv_template::run(&workspace, &disease),
        Command::Tool { folder, port, keys } => tool::run(&workspace, folder, port, keys),
        Command::Seal(seal) => seal::run(&workspace, &seal),
        Command::Key { command } => key::run(command),
        Command::Open(open) => open::run(&open),
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
        Command::Bench { json } => bench::run(&workspace, json),
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

/// The forms of all diseases that compile; those that do not are named, and left out.
fn forms(workspace: &Workspace) -> Result<Vec<Arc<Form>>, Failure> {
    let mut cache = SyntaxCache::default();
    let mut forms = Vec::new();
    for disease in kohyo_compiler::diseases(&workspace.files) {
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

/// A program ready to run. The compiler never makes one that is refused; if it does, say so.
fn form(program: kohyo_engine::Program) -> Result<Form, Failure> {
    let key = program.key.clone();
    Form::new(program)
        .map_err(|e| Failure::Other(format!("{key} の判定プログラムを読み込めません: {e}")))
}
