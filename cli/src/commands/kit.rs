//! `kohyo kit`: conformance kits, or random decks, as files.

mod formats;

pub use formats::{kit_as, verdict};

use crate::disk::{Failure, Workspace};
use crate::output;
use crate::parallel::{cores, each};
use kohyo_compiler::kit::{Format, Kit, deck, kit};
use kohyo_compiler::{DiseaseEntry, SyntaxCache, compile_with};
use kohyo_engine::{Form, Lineage};
use kohyo_exchange::Library;
use kohyo_exchange::generate::generate_for;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// What is thrown instead of a kit.
#[derive(Clone, Copy)]
pub struct Deck {
    pub seed: u64,
    pub count: u32,
}

/// A form with the edition by whose rules its renewals are judged as well.
struct Subject {
    form: Arc<Form>,
    previous: Option<Lineage>,
    /// What checks its records: the form and its other editions.
    library: Library,
}

pub fn run(
    workspace: &Workspace,
    targets: &[String],
    out: &Path,
    thrown: Option<Deck>,
    format: Format,
) -> Result<ExitCode, Failure> {
    let (subjects, broken) = subjects(workspace, targets)?;
    let bar = super::emit::progress_bar(subjects.len());
    let work = |(): &mut (), subject: &Subject| {
        let made = make(subject, thrown, format);
        super::emit::save(out, &made.artefacts()).map(|_| told(&made))
    };
    let lines = each(&subjects, cores(), || (), work, |_| bar.inc(1));
    bar.finish_and_clear();
    for line in lines {
        output::line(&line?);
    }
    Ok(super::found(broken > 0))
}

fn make(subject: &Subject, thrown: Option<Deck>, format: Format) -> Kit {
    let Subject {
        form,
        previous,
        library,
    } = subject;
    let made = match thrown {
        None => kit(form, previous.as_ref()),
        Some(Deck { seed, count }) => deck(form, previous.as_ref(), seed, count, &generate_for),
    };
    formats::kit_as(made, format, form, library)
}

fn told(kit: &Kit) -> String {
    let name = format!("{}（{}年版）", kit.key, kit.edition);
    let records = kit.records.len();
    let mut told = match kit.seed {
        None => format!(
            "{name}: 記録 {records} 件、記録のないチェック・条件 {} 件",
            kit.gaps.len()
        ),
        Some(seed) => format!("{name}: 記録 {records} 件（乱数の種 {seed}）"),
    };
    if !kit.left_out.is_empty() {
        let label = kit.format.label();
        let left_out = kit.left_out.len();
        told.push_str(&format!(
            "、{label}では同じに書けないXMLの記録 {left_out} 件（索引に理由）"
        ));
    }
    told
}

/// The chosen forms, and how many of them have errors.
fn subjects(workspace: &Workspace, targets: &[String]) -> Result<(Vec<Subject>, usize), Failure> {
    let chosen = workspace.select_diseases(targets)?;
    let all = kohyo_compiler::diseases(&workspace.files);
    let mut cache = SyntaxCache::default();
    let mut forms: BTreeMap<String, Arc<Form>> = BTreeMap::new();
    let keys: Vec<&str> = chosen.iter().map(|disease| disease.key.as_str()).collect();
    // The editions beside a form may judge its renewals.
    for disease in all.iter().filter(|d| keys.contains(&d.key.as_str())) {
        let compiled = compile_with(&workspace.files, &mut cache, &disease.path);
        if let Some(program) = compiled.program {
            forms.insert(disease.path.clone(), Arc::new(super::form(program)?));
        }
    }
    let everything: Vec<Arc<Form>> = forms.values().cloned().collect();
    let subject = |disease: &DiseaseEntry| {
        let Some(form) = forms.get(&disease.path) else {
            output::note(&format!(
                "{}: 定義に誤りがあるため作りません。`kohyo check {}` で確認してください",
                disease.key, disease.key
            ));
            return Ok(None);
        };
        let previous = Lineage::fallback(&everything, form)
            .map_err(|error| Failure::Other(error.to_string()))?;
        let own = everything.iter().filter(|other| {
            let key = &other.program().key;
            *key == form.program().key
        });
        let library =
            Library::new(own.cloned()).map_err(|error| Failure::Other(error.to_string()))?;
        Ok(Some(Subject {
            form: Arc::clone(form),
            previous,
            library,
        }))
    };
    let subjects: Result<Vec<Option<Subject>>, Failure> = chosen.iter().map(subject).collect();
    let subjects: Vec<Subject> = subjects?.into_iter().flatten().collect();
    let broken = chosen.len() - subjects.len();
    Ok((subjects, broken))
}
