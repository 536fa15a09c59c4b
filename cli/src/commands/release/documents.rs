//! What a release brings to read: the pages that its artefacts, messages and portal point to.
//!
//! They are part of the program, so that a release made anywhere has them.

/// Lists documents by their path in the repository, which is also their path in a release.
macro_rules! documents {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../", $path)))),*]
    };
}

/// Path and content of every document.
pub const DOCUMENTS: &[(&str, &[u8])] = documents![
    "docs/decisions/0006-record-xml.md",
    "docs/exchange/container.md",
    "docs/exchange/csv.md",
    "docs/exchange/kohyo_box.py",
    "docs/exchange/tool.md",
    "docs/exchange/upload.md",
    "docs/exchange/vectors.txt",
    "docs/language/values.md",
    "docs/targets/README.md",
    "docs/targets/changes.md",
    "docs/targets/documents.md",
    "docs/targets/fhir.md",
    "docs/targets/javascript.md",
    "docs/targets/json_schema.md",
    "docs/targets/kit.md",
    "docs/targets/kohyo_release.py",
    "docs/targets/paper.md",
    "docs/targets/portal.md",
    "docs/targets/release.md",
    "docs/targets/samples.md",
    "docs/targets/schematron.md",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::DOCUMENTS;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn packed() -> BTreeSet<&'static str> {
        DOCUMENTS.iter().map(|(path, _)| *path).collect()
    }

    #[test]
    fn every_page_for_vendors_is_packed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for folder in ["docs/targets", "docs/exchange"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let name = entry.unwrap().file_name();
                let path = format!("{folder}/{}", name.to_str().unwrap());
                assert!(packed().contains(path.as_str()), "{path} is not packed");
            }
        }
    }

    #[test]
    fn links_lead_to_what_is_packed() {
        for (path, content) in DOCUMENTS.iter().filter(|(path, _)| path.ends_with(".md")) {
            let text = std::str::from_utf8(content).unwrap();
            for link in text.split("](").skip(1) {
                let link = link.split(')').next().unwrap();
                let target = link.split('#').next().unwrap();
                if target.is_empty() || target.contains("://") {
                    continue;
                }
                let mut parts: Vec<&str> = path.split('/').collect();
                parts.pop();
                for part in target.split('/') {
                    if part == ".." {
                        parts.pop();
                    } else {
                        parts.push(part);
                    }
                }
                let leads = parts.join("/");
                assert!(packed().contains(leads.as_str()), "{path} links to {link}");
            }
        }
    }
}
