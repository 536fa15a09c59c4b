//! Definitions on a disk.

use kohyo_compiler::catalogue::Catalogue;
use kohyo_compiler::{
    Compilation, DiseaseEntry, Files, ModuleEntry, SyntaxCache, cases, compile_module,
    compile_with, modules,
};
use kohyo_engine::look_up::{number_of, without_branch};
use kohyo_tool::{NewFile, reason, remedy};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Why a command could not do its work; the text names the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{path} を読めません: {reason}\n  {remedy}", path = path.display(), reason = reason(source), remedy = remedy(source, "場所と権限を確認してください"))]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} に書けません: {reason}\n  {remedy}。元のファイルは変わっていません", path = path.display(), reason = reason(source), remedy = remedy(source, "権限と空き容量を確認してください"))]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} というファイルはありません\n  場所とつづりを確認してください", path = path.display())]
    NoFile { path: PathBuf },
    #[error("{path} は UTF-8 で書かれていません（{at} バイト目）\n  文字コードを UTF-8 にして保存し直してください", path = path.display())]
    Encoding { path: PathBuf, at: usize },
    #[error("定義のフォルダー forms が見つかりません\n  `--forms DIR` で場所を指定してください")]
    NoForms,
    #[error(
        "判定に使うリリースファイルが指定されていません\n  医療機関では、厚生労働省などの配布元が公表したリリースファイル（.kohyo-release）を `--release FILE` で指定してください。様式の定義を書く人は、`--forms DIR` で定義のフォルダーを指定することもできます"
    )]
    NoRelease,
    #[error(
        "「{target}」という疾病もファイルもありません{hint}\n  `kohyo list` で一覧を確認してください"
    )]
    UnknownTarget { target: String, hint: String },
    #[error(transparent)]
    Tool(#[from] kohyo_tool::ToolError),
    #[error("{0}")]
    Other(String),
}

/// The folder of definitions with its texts.
pub struct Workspace {
    pub root: PathBuf,
    pub files: Files,
    /// Files that could not be read, with the reason; the others are still at hand.
    pub unreadable: Vec<Failure>,
}

/// Which files of the folder a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Definitions only.
    Definitions,
    /// Definitions, cases and the catalogue.
    All,
}

/// Reads the files of the folder that are needed.
pub fn workspace(forms: Option<&Path>, texts: Texts) -> Result<Workspace, Failure> {
    let root = match forms {
        Some(path) => path.to_owned(),
        None => find_forms().ok_or(Failure::NoForms)?,
    };
    let mut workspace = Workspace {
        root: root.clone(),
        files: Files::new(),
        unreadable: Vec::new(),
    };
    read_folder(&root, &root, texts, &mut workspace)?;
    Ok(workspace)
}

/// A folder without definitions, for files that lie elsewhere and use none.
pub fn empty() -> Workspace {
    Workspace {
        root: PathBuf::new(),
        files: Files::new(),
        unreadable: Vec::new(),
    }
}

fn find_forms() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .map(|folder| folder.join("forms"))
        .find(|forms| forms.is_dir())
}

fn read_folder(
    root: &Path,
    folder: &Path,
    texts: Texts,
    workspace: &mut Workspace,
) -> Result<(), Failure> {
    let wanted = |extension: &std::ffi::OsStr| {
        extension == "kohyo" || texts == Texts::All && extension == "yaml"
    };
    for path in listed(folder)? {
        let hidden = path
            .file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            read_folder(root, &path, texts, workspace)?;
        } else if path.extension().is_some_and(wanted) {
            match read_text(&path) {
                Ok(text) => workspace.files.insert(relative(root, &path), text),
                Err(failure) => workspace.unreadable.push(failure),
            }
        }
    }
    Ok(())
}

/// The text of a file, which must be UTF-8.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })?;
    String::from_utf8(bytes).map_err(|e| Failure::Encoding {
        path: path.to_owned(),
        at: e.utf8_error().valid_up_to() + 1,
    })
}

/// Replaces a file of text; see [`write`].
pub fn write_text(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, text.as_bytes())
}

/// Replaces a file in one step, so that a full disk or a crash leaves the old or the new one.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = NewFile::public(path).and_then(|mut file| {
        file.write_all(content)?;
        file.finish()
    });
    written.map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })
}

/// Replaces a file that only its owner may read, such as a key.
pub fn keep(path: &Path, content: &[u8]) -> Result<(), Failure> {
    kohyo_tool::replace_with(path, |file| file.write_all(content)).map_err(|source| {
        Failure::Write {
            path: path.to_owned(),
            source,
        }
    })
}

/// Writes a file that only its owner may read and that replaces nothing, such as a key that cannot
/// be made again.
pub fn add(path: &Path, content: &[u8]) -> Result<(), Failure> {
    add_with(path, |file| file.write_all(content))
}

/// The same of what is written piece by piece.
pub fn add_with(
    path: &Path,
    write: impl FnOnce(&mut NewFile) -> std::io::Result<()>,
) -> Result<(), Failure> {
    kohyo_tool::add_with(path, write).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Other(format!(
            "{} はすでにあるため、上書きしません\n  ほかの名前にするか、古いファイルを移してください",
            path.display()
        )),
        _ => Failure::Write {
            path: path.to_owned(),
            source,
        },
    })
}

/// Makes a folder and those it lies in, if they are not there.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })
}

/// What lies in a folder, by name.
pub fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|source| Failure::Read {
        path: folder.to_owned(),
        source,
    })?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside
        .components()
        .map(|c| c.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// What has cases: a disease, or a module by itself.
pub enum Tried {
    Disease(DiseaseEntry),
    Module(ModuleEntry),
}

impl Tried {
    /// The file that is tried.
    pub fn path(&self) -> &str {
        match self {
            Self::Disease(disease) => &disease.path,
            Self::Module(module) => &module.path,
        }
    }

    /// Compiles it, a module in the smallest form that uses it.
    pub fn compile(&self, files: &Files, cache: &mut SyntaxCache) -> Compilation {
        match self {
            Self::Disease(disease) => compile_with(files, cache, &disease.path),
            Self::Module(module) => compile_module(files, cache, &module.path),
        }
    }
}

impl Workspace {
    /// The catalogue of all diseases; nothing if the folder has none.
    pub fn catalogue(&self) -> Result<Option<Catalogue>, Failure> {
        Catalogue::read(&self.files).map_err(|e| Failure::Other(e.to_string()))
    }

    /// The diseases and modules meant by `targets`; all diseases and every module with cases if
    /// none is named.
    pub fn tried(&self, targets: &[String]) -> Result<Vec<Tried>, Failure> {
        let modules = modules(&self.files);
        if targets.is_empty() {
            let with_cases = |m: &ModuleEntry| self.files.get(&cases::beside(&m.path)).is_some();
            let modules = modules.into_iter().filter(with_cases).map(Tried::Module);
            let diseases = self.select(&[])?.into_iter().map(Tried::Disease);
            return Ok(modules.chain(diseases).collect());
        }
        let mut chosen = Vec::new();
        for target in targets {
            let named = |m: &&ModuleEntry| m.name == *target || m.path == *target;
            match modules.iter().find(named) {
                Some(module) => chosen.push(Tried::Module(module.clone())),
                None => {
                    let found = self.select(std::slice::from_ref(target))?;
                    chosen.extend(found.into_iter().map(Tried::Disease));
                }
            }
        }
        Ok(chosen)
    }

    /// The diseases meant by `targets`, all of them if none is named: where records are concerned, a
    /// form of the programme itself is nothing to choose.
    pub fn select_diseases(&self, targets: &[String]) -> Result<Vec<DiseaseEntry>, Failure> {
        if targets.is_empty() {
            return Ok(kohyo_compiler::diseases(&self.files));
        }
        let chosen = self.select(targets)?;
        match chosen.iter().find(|entry| entry.is_of_programme()) {
            Some(entry) => Err(of_programme(entry)),
            None => Ok(chosen),
        }
    }

    /// The one disease meant by `target`, as [`Workspace::select_one`].
    pub fn select_disease(&self, target: &str) -> Result<DiseaseEntry, Failure> {
        match self.select_one(target)? {
            entry if entry.is_of_programme() => Err(of_programme(&entry)),
            entry => Ok(entry),
        }
    }

    /// The diseases and forms of the programme meant by `targets`; all of them if none is named.
    pub fn select(&self, targets: &[String]) -> Result<Vec<DiseaseEntry>, Failure> {
        let all = kohyo_compiler::forms(&self.files);
        if targets.is_empty() {
            return Ok(all);
        }
        let mut chosen = Vec::new();
        for target in targets {
            let found: Vec<_> = all
                .iter()
                .filter(|d| is_meant(d, target))
                .cloned()
                .collect();
            if found.is_empty() {
                return Err(unknown(target, &all));
            }
            chosen.extend(found);
        }
        Ok(chosen)
    }

    /// The one definition meant by `target`: the newest edition that is named, the main form
    /// rather than a branch.
    pub fn select_one(&self, target: &str) -> Result<DiseaseEntry, Failure> {
        let found = self.select(&[target.to_owned()])?;
        let key = found.first().map(|d| d.key.clone());
        DiseaseEntry::newest(found.iter().filter(|d| Some(&d.key) == key.as_ref()))
            .cloned()
            .ok_or_else(|| unknown(target, &found))
    }

    /// What `target` is called in this folder: a file on the disk, a definition or the cases beside
    /// one, is read with what lies beside it and called by its path; everything else stays.
    pub fn bring(&mut self, target: &str) -> Result<String, Failure> {
        let all = kohyo_compiler::forms(&self.files);
        if self.files.get(target).is_none() && all.iter().any(|d| is_meant(d, target)) {
            return Ok(target.to_owned());
        }
        let definition = match is_yaml(Path::new(target)) {
            true => cases::beside_which(target).filter(|_| Path::new(target).is_file()),
            false => None,
        };
        let definition = definition.unwrap_or_else(|| target.to_owned());
        if self.files.get(&definition).is_none() && !is_a_path(&definition) {
            return Ok(definition);
        }
        let path = self.file(&definition)?.swap_remove(0);
        let beside = cases::beside(&path);
        if self.files.get(&beside).is_none() && Path::new(&beside).is_file() {
            let text = read_text(Path::new(&beside))?;
            self.files.insert(&beside, text);
        }
        let of_module = modules(&self.files).iter().any(|m| m.path == path);
        if of_module
            || kohyo_compiler::forms(&self.files)
                .iter()
                .any(|d| d.path == path)
        {
            return Ok(path);
        }
        Err(Failure::Other(format!(
            "{target}: 疾病やモジュールの定義として読めません\n  `kohyo check {definition}` で確認してください"
        )))
    }

    /// The file of `target`: a path in the folder, a path on the disk, or a disease.
    pub fn file(&mut self, target: &str) -> Result<Vec<String>, Failure> {
        if self.files.get(target).is_some() {
            return Ok(vec![target.to_owned()]);
        }
        let on_disk = Path::new(target);
        if on_disk.is_file() {
            let same = |root: &Path| {
                Some(relative(
                    &root.canonicalize().ok()?,
                    &on_disk.canonicalize().ok()?,
                ))
            };
            if let Some(inside) = same(&self.root).filter(|p| self.files.get(p).is_some()) {
                return Ok(vec![inside]);
            }
            self.files.insert(target, read_text(on_disk)?);
            return Ok(vec![target.to_owned()]);
        }
        if is_missing(target) {
            return Err(Failure::NoFile {
                path: on_disk.to_owned(),
            });
        }
        Ok(self
            .select(&[target.to_owned()])?
            .into_iter()
            .map(|d| d.path)
            .collect())
    }
}

/// The case files among `targets` that lie beside no definition, and all other targets.
pub fn stray_cases(targets: &[String]) -> (Vec<PathBuf>, Vec<String>) {
    let is_stray = |target: &&String| {
        let path = Path::new(target);
        is_yaml(path) && path.is_file() && !cases::beside_which(target).is_some_and(is_file)
    };
    let (stray, others): (Vec<_>, Vec<_>) = targets.iter().partition(is_stray);
    let stray = stray.into_iter().map(PathBuf::from).collect();
    (stray, others.into_iter().cloned().collect())
}

fn is_file(path: String) -> bool {
    Path::new(&path).is_file()
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Whether this can only mean a file, and there is none.
pub fn is_missing(target: &str) -> bool {
    is_a_path(target) && !Path::new(target).is_file()
}

/// Whether this can only mean a file.
fn is_a_path(target: &str) -> bool {
    target.contains(['/', '\\']) || target.ends_with(".kohyo") || is_yaml(Path::new(target))
}

fn of_programme(entry: &DiseaseEntry) -> Failure {
    Failure::Other(format!(
        "{}（{}）は自治体が記入する制度の様式です。個票ではないため、個票のためのものは作りません\n  疾病を指定してください。プログラムは `kohyo emit program {}` で作れます",
        entry.key, entry.title, entry.key
    ))
}

/// Whether `target` means this definition: `049`, `shitei-049`, `049@2020`, `019-b02`, the title or
/// the path. Without an edition all editions are meant, without a branch all branches.
fn is_meant(disease: &DiseaseEntry, target: &str) -> bool {
    if disease.path == target {
        return true;
    }
    let (target, edition) = match target.split_once('@') {
        Some((target, edition)) => (target, Some(edition)),
        None => (target, None),
    };
    let number = number_of(&disease.key);
    // `019` means its branches, too.
    let named = [
        disease.key.as_str(),
        number,
        without_branch(&disease.key),
        without_branch(number),
    ];
    edition.is_none_or(|edition| edition == disease.edition)
        && (named.contains(&target) || disease.title == target)
}

fn unknown(target: &str, all: &[DiseaseEntry]) -> Failure {
    let near: Vec<&str> = all
        .iter()
        .filter(|d| d.key.contains(target) || d.title.contains(target))
        .map(|d| d.key.as_str())
        .collect();
    let hint = if near.is_empty() {
        String::new()
    } else {
        format!("（近いもの: {}）", near.join("、"))
    };
    Failure::UnknownTarget {
        target: target.to_owned(),
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_takes_the_place_of_another() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("platform.kohyo-secret");
        add(&path, b"first").unwrap();
        let refused = add(&path, b"second").unwrap_err().to_string();
        assert!(refused.contains("上書きしません"), "{refused}");
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
    }
}
