//! The closed world of the typesetter: template, data and codes, and nothing else.

use crate::fonts::Fonts;
use crate::qr;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, PathError, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

/// The template, file by file.
const TEMPLATE: [(&str, &str); 4] = [
    ("form.typ", include_str!("../assets/form.typ")),
    ("boxes.typ", include_str!("../assets/boxes.typ")),
    ("blocks.typ", include_str!("../assets/blocks.typ")),
    ("rules.typ", include_str!("../assets/rules.typ")),
];

/// The standard library is the same for every form. Header cells of rows, which those who listen to
/// a form need, are one of its extras.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

/// What the template may see.
pub(crate) struct Closed<'a> {
    book: LazyHash<FontBook>,
    fonts: &'a Fonts,
    main: FileId,
    data: Bytes,
    code: String,
}

impl<'a> Closed<'a> {
    /// A world with this data; `code` is what the two-dimensional codes say before the page.
    pub(crate) fn new(data: Vec<u8>, code: String, fonts: &'a Fonts) -> Result<Self, PathError> {
        let main = VirtualPath::new("form.typ")?;
        Ok(Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts.faces)),
            fonts,
            main: FileId::new(RootedPath::new(VirtualRoot::Project, main)),
            data: Bytes::new(data),
            code,
        })
    }
}

impl World for Closed<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let name = name(id)?;
        let text = TEMPLATE.iter().find(|(file, _)| *file == name);
        match text {
            Some((_, text)) => Ok(Source::new(id, (*text).to_owned())),
            None => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = name(id)?;
        if name == "data.json" {
            return Ok(self.data.clone());
        }
        let page = name
            .strip_prefix("qr-")
            .and_then(|rest| rest.strip_suffix(".svg"));
        let picture = page
            .and_then(|page| page.parse().ok())
            .and_then(|page| qr::page(&self.code, page));
        match picture {
            Some(picture) => Ok(Bytes::from_string(picture)),
            None => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The name of a file of ours; packages are refused.
fn name(id: FileId) -> FileResult<&'static str> {
    match id.get().root() {
        VirtualRoot::Project => Ok(id.get().vpath().get_without_slash()),
        VirtualRoot::Package(_) => Err(FileError::AccessDenied),
    }
}

/// Problems of the typesetter, one line each.
pub(crate) fn words(problems: &[SourceDiagnostic]) -> String {
    let lines: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
    lines.join("\n  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(root: VirtualRoot, path: &str) -> FileId {
        FileId::new(RootedPath::new(root, VirtualPath::new(path).unwrap()))
    }

    #[test]
    fn nothing_is_seen_but_template_data_and_codes() {
        let fonts = Fonts::none();
        let data = b"{}".to_vec();
        let world = Closed::new(data, "shitei-006/2020".to_owned(), &fonts).unwrap();
        let mine = |path: &str| file(VirtualRoot::Project, path);
        assert_eq!(world.file(mine("data.json")).unwrap().as_slice(), b"{}");
        assert!(world.source(mine("form.typ")).is_ok());
        let code = world.file(mine("qr-3.svg")).unwrap();
        assert!(code.as_slice().starts_with(b"<?xml"));
        for path in [
            "Cargo.toml",
            "etc/passwd",
            "qr-.svg",
            "qr-x.svg",
            "form.typ/x",
        ] {
            assert_eq!(
                world.file(mine(path)),
                Err(FileError::AccessDenied),
                "{path}"
            );
            assert!(world.source(mine(path)).is_err(), "{path}");
        }
        let package = VirtualRoot::Package("@preview/anything:1.0.0".parse().unwrap());
        assert!(world.source(file(package.clone(), "form.typ")).is_err());
        assert!(world.file(file(package, "data.json")).is_err());
        assert_eq!(world.today(None), None);
    }
}
