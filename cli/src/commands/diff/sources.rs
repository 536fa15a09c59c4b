//! The two definitions to compare, each read with the folder that it belongs to.

use crate::disk::{self, Failure, Texts, Workspace};
use kohyo_compiler::cases::{self, CaseFile};
use kohyo_compiler::{DiseaseEntry, Files, SyntaxCache, compile_with};
use kohyo_dsl::{LineIndex, Severity};
use kohyo_engine::Program;
use std::path::{Path, PathBuf};

/// So many other forms are named.
const NAMED: usize = 3;

/// A definition with the cases beside it.
pub(super) struct Source {
    /// As it was called.
    target: String,
    program: Program,
    pub(super) cases: Option<CaseFile>,
    /// Other forms that `target` may mean.
    others: Vec<DiseaseEntry>,
}

impl Source {
    pub(super) fn read(
        definitions: &impl Fn() -> Result<Workspace, Failure>,
        target: &str,
    ) -> Result<Self, Failure> {
        let on_disk = Path::new(target);
        if on_disk.is_dir() {
            return Err(Failure::Other(format!(
                "{target} はフォルダーです\n  その中の定義のファイル（form.kohyo など）か疾病の番号を書いてください。フォルダーどうしは `kohyo changes 旧 新` で比べられます"
            )));
        }
        let mut workspace = workspace_of(definitions, on_disk)?;
        let (path, others) = found(&mut workspace, target)?;
        let program = compiled(&workspace.files, &path)?;
        let cases = cases_of(&workspace, &path);
        Ok(Self {
            target: target.to_owned(),
            program,
            cases,
            others,
        })
    }

    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    /// 「shitei-019-b01「…」2020年版」.
    fn called(&self) -> String {
        let Program {
            key,
            title,
            edition,
            ..
        } = &self.program;
        format!("{key}「{title}」{edition}年版")
    }
}

/// What should be known of the choice: two diseases, or one form of several.
pub(super) fn notes(old: &Source, new: &Source) -> Vec<String> {
    let mut notes = Vec::new();
    if old.program.key != new.program.key {
        notes.push(format!(
            "注意: {} と {} は別の様式です。同じ名前の項目と判定だけを比べます",
            old.called(),
            new.called()
        ));
    }
    for source in [old, new] {
        let others: Vec<&str> = source
            .others
            .iter()
            .map(|other| other.key.as_str())
            .collect();
        if !others.is_empty() {
            let first: Vec<&str> = others.iter().take(NAMED).copied().collect();
            let more = match others.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" ほか{more}件"),
            };
            notes.push(format!(
                "注意: {} は、{} を比べます。ほかの様式は、その名前で指定してください（{}{more}）",
                source.target,
                source.called(),
                first.join("、")
            ));
        }
    }
    notes
}

/// The folder that a target is read with: a file that lies in the folder of definitions or uses
/// modules of it, with that; one that lies in another folder with the modules it uses, with that
/// one; one that uses nothing needs none.
fn workspace_of(
    definitions: &impl Fn() -> Result<Workspace, Failure>,
    on_disk: &Path,
) -> Result<Workspace, Failure> {
    if !on_disk.is_file() {
        return definitions();
    }
    let text = disk::read_text(on_disk)?;
    let used = used(&text);
    let own = own_folder(on_disk, &used);
    let common = definitions();
    let same = |root: &Path| match (root.canonicalize(), &own) {
        (Ok(root), Some(own)) => root == *own,
        _ => false,
    };
    match (common, &own) {
        (Ok(common), _) if own.is_none() || same(&common.root) => Ok(common),
        (_, Some(own)) => disk::workspace(Some(own), Texts::All),
        (Err(Failure::NoForms), None) if used.is_empty() => Ok(disk::empty()),
        (other, None) => other,
    }
}

/// The modules that a definition uses, as paths in its folder.
fn used(text: &str) -> Vec<PathBuf> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("use "));
    lines
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| {
            let mut path: PathBuf = name.split('.').collect();
            path.set_extension("kohyo");
            path
        })
        .collect()
}

/// The nearest folder above a file that has all modules it uses.
fn own_folder(file: &Path, used: &[PathBuf]) -> Option<PathBuf> {
    let file = file.canonicalize().ok()?;
    let mut above = file.ancestors().skip(1);
    let found = above.find(|folder| used.iter().all(|module| folder.join(module).is_file()));
    found.filter(|_| !used.is_empty()).map(Path::to_owned)
}

/// The definition meant: of several editions the newest, of branches the main form or the first;
/// with the other forms that may be meant.
fn found(workspace: &mut Workspace, target: &str) -> Result<(String, Vec<DiseaseEntry>), Failure> {
    let is_file = workspace.files.get(target).is_some() || Path::new(target).is_file();
    if is_file || disk::is_missing(target) {
        let path = workspace.file(target)?.pop();
        let path = path.ok_or_else(|| Failure::Other(format!("{target} の定義がありません")))?;
        return Ok((path, Vec::new()));
    }
    let chosen = workspace.select_one(target)?;
    let mut others = workspace.select(&[target.to_owned()])?;
    others.retain(|other| other.key != chosen.key);
    others.dedup_by(|a, b| a.key == b.key);
    Ok((chosen.path, others))
}

/// The definition at `path`, whatever other definition there is of the same edition.
fn compiled(files: &Files, path: &str) -> Result<Program, Failure> {
    let mut files = files.clone();
    let entries = kohyo_compiler::forms(&files);
    if let Some(own) = entries.iter().find(|entry| entry.path == path) {
        let twice = entries
            .iter()
            .filter(|entry| entry.path != path)
            .filter(|entry| (&entry.key, &entry.edition) == (&own.key, &own.edition));
        for entry in twice {
            files.remove(&entry.path);
        }
    }
    let compiled = compile_with(&files, &mut SyntaxCache::default(), path);
    let error = compiled
        .diagnostics
        .iter()
        .find(|found| found.severity == Severity::Error);
    match (error, compiled.program) {
        (None, Some(program)) => Ok(program),
        (Some(error), _) => {
            let text = files.get(&error.file).unwrap_or_default();
            let place = LineIndex::new(text).line_column(text, error.span.start);
            Err(Failure::Other(format!(
                "{path} には誤りがあるため、比べられません\n  {}:{}行{}列: {}（{}）\n  `kohyo check {path}` ですべての誤りを確認してください",
                error.file, place.line, place.column, error.message, error.code
            )))
        }
        (None, None) => Err(Failure::Other(format!(
            "{path} は疾病の定義ではありません\n  疾病の番号か、`disease` で始まる定義のファイルを書いてください"
        ))),
    }
}

/// The cases beside a definition, if they can be read: patients to try.
fn cases_of(workspace: &Workspace, path: &str) -> Option<CaseFile> {
    let beside = cases::beside(path);
    let text = match workspace.files.get(&beside) {
        Some(text) => text.to_owned(),
        None => disk::read_text(Path::new(&beside)).ok()?,
    };
    cases::parse(&text).ok()
}
