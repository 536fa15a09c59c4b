//! Fonts: built in, or those of the machine.

use std::path::{Path, PathBuf};
use typst::foundations::Bytes;
use typst::text::Font;

/// Noto Sans JP as the build fetched it; empty if it could not.
static REGULAR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/regular.ttf"));
/// See [`REGULAR`].
static BOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bold.ttf"));

/// The licence of the built-in font (SIL Open Font License), to be handed on with it; empty if no
/// font is built in.
pub static FONT_LICENCE: &str = include_str!(concat!(env!("OUT_DIR"), "/licence.txt"));

/// The families that `assets/form.typ` names, by the beginning of their file names.
const NAMES: [&str; 3] = ["NotoSansJP", "NotoSansCJK-", "NotoSansCJKjp-"];

/// Where fonts usually lie.
const PLACES: [&str; 6] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:\\Windows\\Fonts",
    "/opt/homebrew/share/fonts",
];

/// Deeper folders are not looked into.
const DEPTH: usize = 4;

/// No font that has Japanese.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "PDFに使う日本語の文字（Noto Sans JP）がありません\n  \
     次のどちらかを行ってください\n  \
     ・フォントを入れる（Debian・Ubuntu: apt-get install fonts-noto-cjk）。別の場所にあるときは環境変数 KOHYO_FONTS にそのフォルダーを書く\n  \
     ・Node.js（20以降）のある機械で kohyo を作り直す（文字が実行ファイルに入り、どの機械でも使えます）"
)]
pub struct NoFonts;

/// Fonts to set the forms in.
#[derive(Clone, Debug)]
pub struct Fonts {
    pub(crate) faces: Vec<Font>,
    built_in: bool,
}

impl Fonts {
    /// The built-in fonts, or those of the machine: in the folder that `KOHYO_FONTS` names, then in
    /// the places where fonts usually lie.
    ///
    /// # Errors
    ///
    /// If there is none; the text says what to do.
    pub fn find() -> Result<Self, NoFonts> {
        let named = std::env::var_os("KOHYO_FONTS").filter(|value| !value.is_empty());
        if let Some(folder) = named {
            return Self::in_folders(&[PathBuf::from(folder)]);
        }
        if !REGULAR.is_empty() {
            let faces = [REGULAR, BOLD].into_iter().filter(|font| !font.is_empty());
            return Ok(Self {
                faces: faces.flat_map(|f| Font::iter(Bytes::new(f))).collect(),
                built_in: true,
            });
        }
        let mut folders: Vec<PathBuf> = PLACES.iter().map(PathBuf::from).collect();
        if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
            folders.push(home.join(".local/share/fonts"));
            folders.push(home.join(".fonts"));
            folders.push(home.join("Library/Fonts"));
        }
        Self::in_folders(&folders)
    }

    /// No font at all.
    #[cfg(test)]
    pub(crate) fn none() -> Self {
        Self {
            faces: Vec::new(),
            built_in: false,
        }
    }

    /// Whether the fonts are those of the program itself.
    pub fn built_in(&self) -> bool {
        self.built_in
    }

    /// The fonts in these folders.
    ///
    /// # Errors
    ///
    /// If none of them has Japanese.
    pub fn in_folders(folders: &[PathBuf]) -> Result<Self, NoFonts> {
        let mut files = Vec::new();
        for folder in folders {
            collect(folder, DEPTH, &mut files);
        }
        files.sort();
        files.dedup();
        let mut faces = Vec::new();
        for file in files {
            if let Ok(bytes) = std::fs::read(&file) {
                let found = Font::iter(Bytes::new(bytes));
                faces.extend(found.filter(|font| {
                    ["Noto Sans JP", "Noto Sans CJK JP"].contains(&font.info().family.as_str())
                }));
            }
        }
        if faces.is_empty() {
            return Err(NoFonts);
        }
        Ok(Self {
            faces,
            built_in: false,
        })
    }
}

/// The files in a folder whose names look right.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if path.is_dir() {
            if let Some(depth) = depth.checked_sub(1) {
                collect(&path, depth, files);
            }
        } else if NAMES.iter().any(|wanted| name.starts_with(wanted))
            && [".ttf", ".otf", ".ttc"]
                .iter()
                .any(|end| name.ends_with(end))
        {
            files.push(path);
        }
    }
}
