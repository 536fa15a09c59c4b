//! The one-way street: which crate may know which.

use cargo_metadata::{DependencyKind, MetadataCommand};
use std::collections::{BTreeMap, BTreeSet};

/// Every crate with the workspace crates it may depend on. `docs/ARCHITECTURE.md` draws the same.
const ARROWS: &[(&str, &[&str])] = &[
    ("kohyo-dsl", &[]),
    ("kohyo-engine", &[]),
    ("kohyo-record", &["kohyo-engine"]),
    (
        "kohyo-compiler",
        &["kohyo-dsl", "kohyo-engine", "kohyo-record"],
    ),
    ("kohyo-bundle", &["kohyo-engine"]),
    (
        "kohyo-exchange",
        &["kohyo-bundle", "kohyo-engine", "kohyo-record"],
    ),
    ("kohyo-pages", &["kohyo-engine"]),
    ("kohyo-paper", &["kohyo-engine"]),
    (
        "kohyo-tool",
        &[
            "kohyo-bundle",
            "kohyo-engine",
            "kohyo-exchange",
            "kohyo-pages",
        ],
    ),
    (
        "kohyo-server",
        &[
            "kohyo-bundle",
            "kohyo-engine",
            "kohyo-exchange",
            "kohyo-pages",
        ],
    ),
    (
        "kohyo-studio",
        &["kohyo-compiler", "kohyo-dsl", "kohyo-engine", "kohyo-pages"],
    ),
    ("kohyo-hostile", &["kohyo-exchange"]),
    (
        "kohyo",
        &[
            "kohyo-bundle",
            "kohyo-compiler",
            "kohyo-dsl",
            "kohyo-engine",
            "kohyo-exchange",
            "kohyo-hostile",
            "kohyo-paper",
            "kohyo-server",
            "kohyo-studio",
            "kohyo-tool",
        ],
    ),
];

#[test]
fn the_arrows_between_crates_point_one_way() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let members: BTreeSet<&str> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
    let allowed: BTreeMap<&str, BTreeSet<&str>> = ARROWS
        .iter()
        .map(|(name, may)| (*name, may.iter().copied().collect()))
        .collect();
    for package in metadata.packages.iter().filter(|p| p.name != "tests") {
        let may = allowed
            .get(package.name.as_str())
            .unwrap_or_else(|| panic!("`{}` is not in the list of arrows", package.name));
        let uses: BTreeSet<&str> = package
            .dependencies
            .iter()
            .filter(|d| d.kind != DependencyKind::Development)
            .map(|d| d.name.as_str())
            .filter(|name| members.contains(name))
            .collect();
        let more: Vec<_> = uses.difference(may).collect();
        assert!(
            more.is_empty(),
            "`{}` may not depend on {more:?}",
            package.name
        );
    }
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("[workspace.dependencies]").unwrap();
    let (dependencies, _) = rest.split_once("[workspace.lints").unwrap();
    let silent: Vec<&str> = dependencies
        .lines()
        .filter(|line| line.contains('=') && !line.starts_with('#') && !line.starts_with("kohyo-"))
        .filter(|line| !line.contains(" # "))
        .collect();
    assert!(silent.is_empty(), "no reason given for {silent:#?}");
}
