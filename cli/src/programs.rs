//! Programs from a folder of definitions or from a release.

use crate::disk::{self, Failure, Workspace};
use crate::parallel;
use kohyo_bundle::{Bundle, TrustedKeys, Use};
use kohyo_compiler::{DiseaseEntry, SyntaxCache, compile_with, forms};
use kohyo_engine::{Date, Program};
use std::path::Path;

/// The programs of one place, and what people call it.
pub struct Programs {
    pub name: String,
    /// The day on which they were published; nothing of a folder.
    pub published: Option<Date>,
    pub programs: Vec<Program>,
}

impl Programs {
    /// Those that records are written in: what vendors are told of.
    pub fn of_records(&self) -> Vec<&Program> {
        of_records(self.programs.iter())
    }
}

/// The programs of a folder of definitions, or of a release signed with one of the keys.
pub fn load(
    path: &Path,
    keys: impl FnOnce() -> Result<TrustedKeys, Failure>,
) -> Result<Programs, Failure> {
    if path.is_dir() {
        let workspace = disk::workspace(Some(path), disk::Texts::Definitions)?;
        return Ok(Programs {
            name: path.display().to_string(),
            published: None,
            programs: compiled(&workspace)?,
        });
    }
    let bundle = Bundle::open_file(path, &keys()?, Use::Archive).map_err(|e| refused(&e))?;
    of_bundle(&bundle)
}

/// The programs that records are written in; forms of the programme itself are none of them.
pub fn of_records<'p>(programs: impl IntoIterator<Item = &'p Program>) -> Vec<&'p Program> {
    let own = |program: &&Program| !program.is_of_programme();
    programs.into_iter().filter(own).collect()
}

/// Every program of a release.
pub fn of_bundle(bundle: &Bundle) -> Result<Programs, Failure> {
    let manifest = bundle.manifest();
    let programs = manifest.forms.iter().map(|form| {
        let form = bundle.form(&form.key, &form.edition);
        form.map(kohyo_engine::Form::into_program)
            .map_err(|e| refused(&e))
    });
    Ok(Programs {
        name: manifest.release.clone(),
        published: Some(manifest.published),
        programs: programs.collect::<Result<_, _>>()?,
    })
}

/// Every program of a folder; one with a mistake would look like a form that is gone.
pub fn compiled(workspace: &Workspace) -> Result<Vec<Program>, Failure> {
    if let Some(failure) = workspace.unreadable.first() {
        return Err(Failure::Other(failure.to_string()));
    }
    let all = forms(&workspace.files);
    let work = |cache: &mut SyntaxCache, disease: &DiseaseEntry| {
        compile_with(&workspace.files, cache, &disease.path).program
    };
    let programs = parallel::each(&all, parallel::cores(), SyntaxCache::default, work, |_| ());
    let broken: Vec<&str> = all
        .iter()
        .zip(&programs)
        .filter(|(_, program)| program.is_none())
        .map(|(disease, _)| disease.path.as_str())
        .collect();
    if !broken.is_empty() {
        return Err(Failure::Other(format!(
            "誤りのある定義があります: {}\n  `kohyo check` で確認して直してください",
            broken.join("、")
        )));
    }
    Ok(programs.into_iter().flatten().collect())
}

/// A release that is not believed, with the remedy.
pub fn refused(error: &kohyo_bundle::Error) -> Failure {
    Failure::Other(told(error))
}

/// What is wrong with a release, its id as the documents list it, and the remedy.
pub fn told(error: &kohyo_bundle::Error) -> String {
    format!("{error}［{}］\n  {}", error.check(), error.help())
}
