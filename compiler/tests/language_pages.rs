//! Every page of `docs/language/` is run: what it shows compiles, its cases pass, and what it calls
//! wrong is found wrong.
//!
//! | fence | the block |
//! |---|---|
//! | `kohyo` | is a whole file that compiles and is proven without findings and is laid out as `kohyo fmt` does |
//! | `yaml` after it | are its cases, and all pass; those of a module by itself |
//! | `kohyo items` | are items of the sample disease of `kohyo explain`, without findings |
//! | `kohyo fragment` | are items that can be read; their names may be declared elsewhere |
//! | `kohyo error E0305` | reports exactly this code, or these: `E0305,E0306` |
//! | `kohyo file=scale/pain.kohyo` | lies at this path; a page is one folder beside the library |
//! | `kohyo skip="why"` | is only shown |
//!
//! The words can be combined: `kohyo items error E0305`.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

#[path = "pages/page.rs"]
mod page;

use kohyo_compiler::{
    Files, SyntaxCache, cases, compile, compile_module, modules, previous, prove,
};
use kohyo_dsl::{Diagnostic, Palette, format, in_sample, parse, render};
use kohyo_engine::Form;
use page::Block;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a file lies whose fence names no path.
const HOME: &str = "shitei/999_page/form.kohyo";

#[test]
fn every_page_of_the_language_is_true() {
    let library = library();
    let mut mistakes = Vec::new();
    let mut run = 0;
    for path in pages() {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match page::blocks(&text) {
            Ok(blocks) => {
                run += blocks.len();
                let found = Page::new(&library, &blocks).run();
                mistakes.extend(
                    found
                        .iter()
                        .map(|(line, what)| format!("{name}:{line}: {what}")),
                );
            }
            Err(why) => mistakes.push(format!("{name}: {why}")),
        }
    }
    assert!(run > 0, "there are no blocks to run");
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n\n"));
}

/// The items in the pages read what the index shows.
#[test]
fn the_index_shows_the_sample_disease() {
    let index = std::fs::read_to_string(root().join("docs/language/README.md")).unwrap();
    assert!(
        index.contains(in_sample("").trim_end()),
        "{}",
        in_sample("")
    );
}

/// A page whose blocks are being run.
struct Page<'p> {
    blocks: &'p [Block],
    /// The library and every block with a path.
    files: Files,
    /// The path of the definition that cases are about.
    subject: Option<(String, Files)>,
    /// Line and mistake.
    mistakes: Vec<(usize, String)>,
}

impl<'p> Page<'p> {
    fn new(library: &Files, blocks: &'p [Block]) -> Self {
        let mut files = library.clone();
        for block in blocks.iter().filter(|b| b.info.language == "kohyo") {
            if let Some(path) = &block.info.file {
                files.insert(path, block.text.as_str());
            }
        }
        Self {
            blocks,
            files,
            subject: None,
            mistakes: Vec::new(),
        }
    }

    fn run(mut self) -> Vec<(usize, String)> {
        for block in self.blocks {
            let mistake = match block.info.language.as_str() {
                _ if block.info.skip.is_some() => None,
                "kohyo" if block.info.fragment => fragment(block),
                "kohyo" => self.definition(block),
                "yaml" => self.cases(block),
                _ => None,
            };
            self.mistakes.extend(mistake.map(|what| (block.line, what)));
        }
        self.mistakes
    }

    fn definition(&mut self, block: &'p Block) -> Option<String> {
        let mut files = self.files.clone();
        let path = block.info.file.clone().unwrap_or_else(|| HOME.to_owned());
        if block.info.items {
            files.insert(path.as_str(), in_sample(&block.text));
        } else {
            files.insert(path.as_str(), block.text.as_str());
        }
        let compiled = compile(&files, &path);
        let mut found = compiled.diagnostics.clone();
        let wanted = &block.info.error;
        if wanted.is_empty() || wanted.iter().any(|code| code.starts_with("E07")) {
            let report = prove(&compiled);
            found.retain(|finding| !report.superseded.contains(finding));
            found.extend(report.findings);
        }
        let drawn = drawn(&found, &files);
        self.subject = Some((path, files));
        let codes: BTreeSet<&str> = found.iter().map(|d| d.code).collect();
        let wanted: BTreeSet<&str> = block.info.error.iter().map(String::as_str).collect();
        if codes != wanted {
            return Some(format!("{wanted:?} are to be found, but:\n{drawn}"));
        }
        match (block.info.items || !wanted.is_empty(), format(&block.text)) {
            (false, Ok(text)) if text != block.text => {
                Some(format!("`kohyo fmt` lays it out like this:\n{text}"))
            }
            _ => None,
        }
    }

    fn cases(&self, block: &Block) -> Option<String> {
        let Some((path, files)) = &self.subject else {
            return Some("there is no definition before these cases".to_owned());
        };
        let file = match cases::parse(&block.text) {
            Ok(file) => file,
            Err(why) => return Some(why.message),
        };
        let cache = &mut SyntaxCache::default();
        let compiled = if modules(files).iter().any(|m| m.path == *path) {
            compile_module(files, cache, path)
        } else {
            compile(files, path)
        };
        let Some(program) = compiled.program else {
            return Some(format!("{path} has no program to run the cases on"));
        };
        let form = Arc::new(Form::new(program).unwrap());
        let older = previous(files, cache, path, &form);
        let report = cases::run_with(&form, older.as_ref(), &file);
        let failed = report.cases.iter().filter(|c| !c.passed);
        let told: Vec<String> = failed
            .map(|c| format!("{}: {:#?}", c.name, c.differences))
            .collect();
        (!told.is_empty()).then(|| told.join("\n"))
    }
}

/// Items that can be read, whatever their names mean.
fn fragment(block: &Block) -> Option<String> {
    let header = "module fragment \"断片\" { }\n";
    let begins_file = block.text.starts_with("disease ") || block.text.starts_with("module ");
    let text = if begins_file {
        block.text.clone()
    } else {
        format!("{header}{}", block.text)
    };
    let found = parse("fragment", &text).diagnostics;
    let drawn = render(&found, |_| Some(text.as_str()), Palette::Plain);
    (!found.is_empty()).then_some(drawn)
}

fn drawn(found: &[Diagnostic], files: &Files) -> String {
    render(found, |path| files.get(path), Palette::Plain)
}

fn pages() -> Vec<PathBuf> {
    let folder = root().join("docs/language");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut pages: Vec<PathBuf> = entries
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .collect();
    pages.sort();
    pages
}

/// The modules and code tables of the library.
fn library() -> Files {
    let mut files = Files::new();
    read(&root().join("forms"), "", &mut files);
    files
}

fn read(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), files);
        } else if name.ends_with(".kohyo") {
            let text = std::fs::read_to_string(&path).unwrap();
            files.insert(format!("{prefix}{name}"), text);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}
