//! `kohyo certify`: a vendor's checker, run over kits and decks.

mod batch;
mod child;
mod kits;
mod verify;

use super::check_records::{parse_day, today};
use super::key::{VERSION, platform_keys};
use crate::args::{CertifyArgs, CertifyCommand};
use crate::disk::{self, Failure, Texts, Workspace, write_text};
use crate::output;
use crate::parallel::{cores, each};
use batch::Batch;
use child::{Limits, NotStarted, answered};
use kits::Opened;
use kohyo_bundle::Bundle;
use kohyo_compiler::kit::IndexRecord;
use kohyo_compiler::kit::certify::{Answer, Beside, Certification, Product, Signed, Trouble};
use kohyo_compiler::{DiseaseEntry, diseases};
use kohyo_exchange::{ErrorList, Options, RecordReport, Summary, check_records};
use kohyo_tool::Outputs;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// What can do without definitions; nothing if it needs them.
pub fn without_forms(
    args: &CertifyArgs,
    forms: Option<&Path>,
) -> Option<Result<ExitCode, Failure>> {
    match &args.command {
        Some(CertifyCommand::Verify {
            report,
            key,
            kit,
            release,
        }) => Some(verify::run(report, key, kit, release)),
        Some(CertifyCommand::Answer { .. }) => None,
        None => Some(run(args, forms)),
    }
}

// ---- over kits

fn run(args: &CertifyArgs, forms: Option<&Path>) -> Result<ExitCode, Failure> {
    let mut outputs = Outputs::of(&args.kit);
    for path in [&args.report, &args.html].into_iter().flatten() {
        outputs.file(path)?;
    }
    // The key first: an hour of running is lost if there is none.
    let key = match &args.key {
        Some(path) => Some(platform_keys(path, &args.passphrase)?),
        None => None,
    };
    let command = args.program.as_deref().unwrap_or_default();
    let words = child::words(command).map_err(Failure::Other)?;
    tell_how_files_go(command, child::takes_a_file(&words), args.batch)?;
    let release = kits::release(&args.release)?;
    let kits = kits::opened(&args.kit)?;
    if let Some(bundle) = &release {
        of_release(&kits, bundle)?;
    }
    tell_unknown(&kits, forms)?;
    let limits = Limits {
        time: Duration::from_secs(args.timeout),
        bytes: args.limit.saturating_mul(1024),
    };
    let records: Vec<(&Opened, &IndexRecord)> = kits
        .iter()
        .flat_map(|kit| kit.index.records.iter().map(move |record| (kit, record)))
        .collect();
    let asked = Asked {
        words: &words,
        limits,
        batch: args.batch,
    };
    let said = all_said(&records, asked, threads(args.threads))?;
    let mut certification = Certification::new(
        &format!("kohyo {VERSION}"),
        Product {
            product: args.product.clone(),
            product_version: args.product_version.clone(),
            command: command.to_owned(),
        },
        &jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
    );
    if let Some(bundle) = &release {
        certification.release(kits::used(bundle));
    }
    let mut said = said.iter();
    for kit in &kits {
        certification.kit(kit.used());
        for (record, said) in kit.index.records.iter().zip(said.by_ref()) {
            let path = kit.folder.join(&record.file);
            let document = std::fs::read(&path).map_err(|source| Failure::Read { path, source })?;
            certification.record(record, &document, said);
        }
    }
    let report = certification.finish();
    output::line(report.text().trim_end());
    if let Some(path) = &args.report {
        let body = report.unsigned();
        let signature = key
            .as_ref()
            .map(|key| (key.public().name.clone(), key.sign_report(body.as_bytes())));
        let signature = signature
            .as_ref()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        write_text(path, &report.with_signature(signature))?;
        output::note(&format!(
            "報告書を {} に書きました（{}）",
            path.display(),
            match signature {
                Some((name, _)) => format!("署名: {name}"),
                None => "署名なし".to_owned(),
            }
        ));
    }
    if let Some(path) = &args.html {
        let public = key
            .as_ref()
            .map(|key| (key.public(), key.public().fingerprint()));
        let name = args.report.as_deref().and_then(Path::file_name);
        let name = name.unwrap_or_default().to_string_lossy();
        let documents = match args.documents.as_deref().unwrap_or_default() {
            "" => String::new(),
            folder => format!("{}/", folder.trim_end_matches('/')),
        };
        let page = report.html(Beside {
            documents: &documents,
            signed: public.as_ref().map(|(public, fingerprint)| Signed {
                signer: &public.name,
                fingerprint,
                report: &name,
            }),
        });
        write_text(path, &page)?;
    }
    Ok(super::found(report.summary.differences() > 0))
}

fn threads(given: Option<usize>) -> NonZeroUsize {
    given.and_then(NonZeroUsize::new).unwrap_or_else(cores)
}

/// Every kit is one of the release; a deck it never has.
fn of_release(kits: &[Opened], bundle: &Bundle) -> Result<(), Failure> {
    for kit in kits.iter().map(Opened::used) {
        if !kits::has(bundle, &kit) {
            return Err(Failure::Other(format!(
                "キット {} は、リリース {} に入っているものではありません\n  `kohyo release extract` で取り出したキットを指定してください（乱数による束はリリースにないので、`--release` を付けずに確かめてください）",
                kit.name(),
                bundle.manifest().release
            )));
        }
    }
    Ok(())
}

/// Says of kits whose form is not among the definitions at hand that it is not. A vendor has none.
fn tell_unknown(kits: &[Opened], forms: Option<&Path>) -> Result<(), Failure> {
    let workspace = match disk::workspace(forms, Texts::Definitions) {
        Ok(workspace) => workspace,
        Err(failure) if forms.is_some() => return Err(failure),
        Err(_) => return Ok(()),
    };
    let known = diseases(&workspace.files);
    let mut told = BTreeSet::new();
    for Opened { index, .. } in kits {
        let same = |form: &DiseaseEntry| form.key == index.form && form.edition == index.edition;
        if !known.iter().any(same) && told.insert((&index.form, &index.edition)) {
            output::note(&format!(
                "警告: キットの様式 {} の{}年版（{}）は、定義のフォルダー {} にありません。\
                 この定義を使うプログラムは、どの記録も読めません",
                index.form,
                index.edition,
                index.title,
                workspace.root.display()
            ));
        }
    }
    Ok(())
}

/// The file goes to the program in its command, or line by line.
fn tell_how_files_go(command: &str, in_command: bool, batch: bool) -> Result<(), Failure> {
    let what = match (in_command, batch) {
        (true, false) | (false, true) => return Ok(()),
        (false, false) => {
            "コマンドに {file} がありません: COMMAND\n  記録のファイルを渡す所に {file} と書いてください（標準入力から1行ずつ渡すときは `--batch` を付けます）"
        }
        (true, true) => {
            "`--batch` では、記録のファイルの場所を標準入力から渡します: COMMAND\n  コマンドから {file} を除いてください"
        }
    };
    Err(Failure::Other(what.replace("COMMAND", command)))
}

/// How a program is asked.
#[derive(Clone, Copy)]
struct Asked<'a> {
    words: &'a [String],
    limits: Limits,
    batch: bool,
}

impl Asked<'_> {
    fn answer(
        self,
        batch: &mut Batch,
        (kit, record): &(&Opened, &IndexRecord),
    ) -> Result<Result<Answer, Trouble>, NotStarted> {
        let file = kit.folder.join(&record.file);
        match self.batch {
            true => batch.answered(self.words, &file, self.limits),
            false => answered(self.words, &file, self.limits),
        }
    }
}

/// What the program says of each record, in their order. A program that cannot be started on the
/// first of them is not tried on the others.
fn all_said(
    records: &[(&Opened, &IndexRecord)],
    asked: Asked<'_>,
    threads: NonZeroUsize,
) -> Result<Vec<Result<Answer, Trouble>>, Failure> {
    let Some((first, rest)) = records.split_first() else {
        return Ok(Vec::new());
    };
    let first = asked.answer(&mut Batch::default(), first);
    let first = first.map_err(|NotStarted(what)| {
        Failure::Other(format!(
            "{what}\n  `--command` の最初に、実行できるプログラムの名前か場所を書いてください"
        ))
    })?;
    let bar = super::emit::progress_bar(records.len());
    bar.inc(1);
    let mut done = 1;
    let mut on_done = |_: &(&Opened, &IndexRecord)| {
        bar.inc(1);
        done += 1;
        // Where no bar is drawn, a line now and then says how far it is.
        if bar.is_hidden() && done % STEP == 0 {
            output::note(&format!("{done}/{}件", records.len()));
        }
    };
    let work = |batch: &mut Batch, record: &(&Opened, &IndexRecord)| {
        asked
            .answer(batch, record)
            .unwrap_or_else(|NotStarted(what)| Err(Trouble(what)))
    };
    let rest = each(rest, threads, Batch::default, work, &mut on_done);
    bar.finish_and_clear();
    Ok(std::iter::once(first).chain(rest).collect())
}

/// So many records lie between two lines about the progress.
const STEP: usize = 250;

// ---- the shape of answers

/// Says of a file what a vendor's program has to say: the error list and the verdicts.
pub fn answer(workspace: &Workspace, args: CertifyArgs) -> Result<ExitCode, Failure> {
    let Some(CertifyCommand::Answer { file, on }) = args.command else {
        return Err(Failure::Other(
            "記録のファイルを指定してください".to_owned(),
        ));
    };
    let today = match &on {
        Some(day) => parse_day(day)?,
        None => today()?,
    };
    let library = super::library(workspace)?;
    let failed = |source| Failure::Read {
        path: file.clone(),
        source,
    };
    // A file that is not there has no findings of its own.
    std::fs::metadata(&file).map_err(failed)?;
    let options = Options {
        today,
        threads: NonZeroUsize::MIN,
        normalise: false,
        // The verdict is told in the words of the form, which stays with the record.
        keep_records: true,
        except: &[],
    };
    let mut reports: Vec<RecordReport> = Vec::new();
    let paths = [file.clone()];
    let checked = check_records(
        &paths,
        &library,
        options,
        |_| {},
        |_, report| {
            reports.push(report);
            Ok(())
        },
    );
    checked.map_err(failed)?;
    output::line(&shape(&file, &reports)?);
    let errors = reports.iter().any(RecordReport::has_errors);
    Ok(super::found(errors))
}

fn shape(file: &Path, reports: &[RecordReport]) -> Result<String, Failure> {
    let failure = |error: std::io::Error| Failure::Other(error.to_string());
    let mut list = ErrorList::json(Vec::new()).map_err(failure)?;
    let mut summary = Summary::default();
    for report in reports {
        summary.add_of(file, report);
        list.add(file, report).map_err(failure)?;
    }
    let bytes = list.finish(&summary).map_err(failure)?;
    let mut shape: Map<String, Value> =
        serde_json::from_slice(&bytes).map_err(|error| Failure::Other(error.to_string()))?;
    let verdicts = reports.iter().filter_map(verdict).collect();
    shape.insert("verdicts".to_owned(), Value::Array(verdicts));
    Ok(Value::Object(shape).to_string())
}

fn verdict(report: &RecordReport) -> Option<Value> {
    let judged = super::kit::verdict(report)?;
    let mut verdict = json!({
        "record": report.number,
        "result": judged.result.name(),
        "judgements": judged.judgements,
    });
    if let (Some(previous), Some(members)) = (judged.previous, verdict.as_object_mut()) {
        members.insert("previous".to_owned(), json!(previous.name()));
    }
    Some(verdict)
}
