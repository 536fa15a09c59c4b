//! What is in a release: programs, artefacts of every target, cards, kits, documents, the change list.

use crate::commands::emit;
use crate::commands::release::{documents::DOCUMENTS, kit};
use crate::disk::Failure;
use crate::parallel;
use crate::programs::of_records;
use kohyo_bundle::{BuildError, Builder, FormRef, Manifest, Packed, Release, ReleaseKey};
use kohyo_compiler::card_file;
use kohyo_compiler::catalogue::{Catalogue, Listed};
use kohyo_compiler::changes::ChangeList;
use kohyo_compiler::emit::{Artefact, Target};
use kohyo_engine::look_up::OtherNames;
use kohyo_engine::{Form, Program};
use kohyo_paper::Fonts;
use kohyo_tool::publish_with;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What takes long to make, and can be left out.
pub struct Contents {
    /// Conformance kits.
    pub kit: bool,
    /// The forms on paper, in these fonts.
    pub paper: Option<Fonts>,
}

/// What is made of one form for a release.
pub struct Made {
    form: Arc<Form>,
    files: Vec<Packed>,
}

/// Everything made from each form, on all cores. `on_done` is told of every form done.
pub fn make(
    forms: &[Arc<Form>],
    contents: &Contents,
    mut on_done: impl FnMut(&Program),
) -> Result<Vec<Made>, Failure> {
    let work = |_: &mut (), form: &Arc<Form>| {
        let mut files = files(form)?;
        if form.program().is_of_programme() {
            return Ok(Made {
                form: Arc::clone(form),
                files,
            });
        }
        if let Some(fonts) = &contents.paper {
            let own = FormRef::of(form.program());
            files.push(on_paper(Some(own), &emit::on_paper(form, fonts)?)?);
        }
        if contents.kit {
            files.extend(kit::files(form, forms)?);
        }
        Ok(Made {
            form: Arc::clone(form),
            files,
        })
    };
    let made = parallel::each(
        forms,
        parallel::cores(),
        || (),
        work,
        |form| on_done(form.program()),
    );
    made.into_iter().collect()
}

/// The release with everything in it, not signed yet.
pub fn gathered(
    release: Release,
    made: Vec<Made>,
    contents: &Contents,
    list: Option<&ChangeList>,
    catalogue: &Catalogue,
) -> Result<Builder, Failure> {
    let mut builder = Builder::new(release);
    let programs = of_records(made.iter().map(|made| made.form.program()));
    for target in Target::ALL {
        for artefact in target.shared(&programs) {
            add(&mut builder, packed(target, None, &artefact)?)?;
        }
    }
    if let Some(licence) = contents.paper.as_ref().and_then(emit::font_licence) {
        add(&mut builder, on_paper(None, &licence)?)?;
    }
    for (path, content) in DOCUMENTS {
        add(&mut builder, pack(path, None, content)?)?;
    }
    if let Some(list) = list {
        let page = list.page().map_err(Failure::Other)?;
        for (path, text) in [
            ("changes.json", list.json()),
            ("changes.html", page),
            ("changes.csv", list.sheet().csv()),
        ] {
            add(&mut builder, pack(path, None, text.as_bytes())?)?;
        }
    }
    for Made { form, files } in made {
        let program = form.program();
        let names = catalogue
            .get(&program.key)
            .map_or_else(OtherNames::default, Listed::other_names);
        builder.form(program, names).map_err(|error| told(&error))?;
        for file in files {
            add(&mut builder, file)?;
        }
    }
    Ok(builder)
}

/// Signs a release and puts it at this path, all of it or nothing; gives what was signed.
pub fn publish(builder: Builder, key: &ReleaseKey, path: &Path) -> Result<Manifest, Failure> {
    let mut signed = Err(BuildError::TooMuch);
    let written = publish_with(path, |file| {
        signed = builder.write(key, file);
        match &signed {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("not a release")),
        }
    });
    let failed = |source| Failure::Write {
        path: path.to_owned(),
        source,
    };
    match signed {
        Err(BuildError::Io(source)) => Err(failed(source)),
        Err(other) => Err(told(&other)),
        Ok(manifest) => written.map(|()| manifest).map_err(failed),
    }
}

fn files(form: &Form) -> Result<Vec<Packed>, Failure> {
    let own = FormRef::of(form.program());
    let mut files = Vec::new();
    for target in Target::ALL {
        // The program stands in a folder of its own. Nobody writes records of a form of the
        // programme itself: of it there is a program, which servers judge by, and a card.
        if target == Target::Program || form.program().is_of_programme() {
            continue;
        }
        for artefact in target.form(form).artefacts {
            files.push(packed(target, Some(own.clone()), &artefact)?);
        }
    }
    let card = format!("cards/{}-{}.md", own.key, own.edition);
    let text = card_file(form.program());
    files.push(pack(&card, Some(own), text.as_bytes())?);
    Ok(files)
}

fn packed(target: Target, form: Option<FormRef>, artefact: &Artefact) -> Result<Packed, Failure> {
    let path = format!("artefacts/{}/{}", target.name(), artefact.path);
    pack(&path, form, &artefact.content)
}

fn on_paper(form: Option<FormRef>, artefact: &Artefact) -> Result<Packed, Failure> {
    let path = format!("artefacts/{}/{}", emit::PAPER.0, artefact.path);
    pack(&path, form, &artefact.content)
}

/// A file of a release, hashed and compressed.
pub fn pack(path: &str, form: Option<FormRef>, content: &[u8]) -> Result<Packed, Failure> {
    Packed::new(path, form, content).map_err(|error| told(&error))
}

fn add(builder: &mut Builder, file: Packed) -> Result<(), Failure> {
    builder.add(file).map_err(|error| told(&error))
}

fn told(error: &BuildError) -> Failure {
    Failure::Other(error.to_string())
}
