//! A module by itself: the smallest form that asks its questions and calculates its rules, so that
//! a module has cases of its own (`scale/barthel.cases.yaml` beside `scale/barthel.kohyo`).

use crate::files::{Files, module_name};
use crate::load::SyntaxCache;
use crate::skeleton::quoted;
use crate::{Compilation, compile_with, diagnostics};
use kohyo_dsl::ast::{Header, Subject};

/// A module found in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleEntry {
    /// Path of its file.
    pub path: String,
    /// `scale.barthel`.
    pub name: String,
    /// Japanese name.
    pub title: String,
}

/// The modules in `files` that any disease can use, sorted by path. Modules beside a disease
/// (`here.shared`) are no more than a part of it.
pub fn modules(files: &Files) -> Vec<ModuleEntry> {
    let mut cache = SyntaxCache::default();
    files
        .definitions()
        .filter_map(|(path, _)| {
            let parsed = cache.parse(files, path)?;
            let header = parsed.file.header.as_ref()?;
            let Subject::Module(declared) = &header.subject else {
                return None;
            };
            let names: Vec<&str> = declared.names.iter().map(|n| n.text.as_str()).collect();
            let name = module_name("", path);
            (names.join(".") == name).then(|| ModuleEntry {
                path: path.to_owned(),
                name,
                title: header.title.text.clone(),
            })
        })
        .collect()
}

/// Compiles the smallest form that uses the module at `path`. Its program is called like the
/// module and judges nothing; findings are those of the module.
pub fn compile_module(files: &Files, cache: &mut SyntaxCache, path: &str) -> Compilation {
    let header = cache.parse(files, path).and_then(|p| p.file.header.clone());
    let name = module_name("", path);
    let form = format!("{}.alone.kohyo", path.trim_end_matches(".kohyo"));
    let mut compile = |with_birth_date: bool| {
        let mut files = files.clone();
        files.insert(&*form, text(&name, header.as_ref(), with_birth_date));
        compile_with(&files, cache, &form)
    };
    let mut compiled = compile(false);
    if compiled
        .diagnostics
        .iter()
        .any(|d| d.code == diagnostics::NO_BIRTH_DATE)
    {
        compiled = compile(true);
    }
    if let Some(program) = &mut compiled.program {
        program.key = name;
    }
    // INVARIANT: the path is not that of the first file, which tells a module by itself.
    compiled.path = path.to_owned();
    compiled
}

fn text(name: &str, header: Option<&Header>, with_birth_date: bool) -> String {
    let title = quoted(header.map_or(name, |h| h.title.text.as_str()));
    let edition = header.and_then(|h| h.edition.as_ref());
    let edition = quoted(edition.map_or("0", |e| e.name.text.as_str()));
    let birth_date = if with_birth_date {
        "section patient \"患者\" { field birth_date \"生年月日\" : date }\n"
    } else {
        ""
    };
    format!(
        r#"disease shitei 000 {title} {{
  edition {edition} from 1900-01-01
  source notice "モジュールのケースのための様式"
}}
{birth_date}use {name}
judgement diagnosis "判定" {{
  category always "常に" when yes
  otherwise never "なし"
  eligible always
}}
"#
    )
}
