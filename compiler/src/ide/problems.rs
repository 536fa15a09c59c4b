//! Findings by file, as an editor shows them, and the repairs of those that have one.

use super::outline::dotted;
use super::text::{Lines, Location, Range, TextEdit};
use crate::files::{Files, module_file};
use crate::header::newest;
use crate::load::SyntaxCache;
use crate::prove::{ProofCache, prove_again};
use crate::{Compilation, compile_with};
use kohyo_dsl::ast::ItemKind;
use kohyo_dsl::{Diagnostic, Severity, Span};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What it is about.
    pub range: Range,
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, such as `E0204`.
    pub code: &'static str,
    /// What is wrong, and below it what to do about it.
    pub message: String,
    /// Other places that matter.
    pub related: Vec<Related>,
    /// The edit that repairs it, if there is just one.
    pub repair: Option<Repair>,
}

/// Another place that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// Why.
    pub message: String,
}

/// An edit that repairs a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// What it does.
    pub title: String,
    /// In the file of the finding.
    pub edit: TextEdit,
}

/// Compiles the file at `path` with everything it uses and gives the findings of each of these
/// files; a file without findings has an empty list.
pub fn problems(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
) -> BTreeMap<String, Vec<Problem>> {
    let compilation = compile_with(files, cache, path);
    by_file(files, &compilation, &compilation.diagnostics)
}

/// What the proofs of a definition say, by file.
#[derive(Clone, Debug, Default)]
pub struct Proofs {
    /// What was refuted.
    pub refuted: BTreeMap<String, Vec<Problem>>,
    /// What [`problems`] finds and the proofs take back, or tell in better words.
    pub superseded: BTreeMap<String, Vec<Problem>>,
}

/// Proves what can be proven about the definition at `path`; nothing while it has errors. Takes
/// longer than compiling.
pub fn proofs(files: &Files, cache: &mut SyntaxCache, earlier: &ProofCache, path: &str) -> Proofs {
    let compilation = compile_with(files, cache, path);
    let report = prove_again(&compilation, earlier);
    Proofs {
        refuted: by_file(files, &compilation, &report.findings),
        superseded: by_file(files, &compilation, &report.superseded),
    }
}

fn by_file(
    files: &Files,
    compilation: &Compilation,
    diagnostics: &[Diagnostic],
) -> BTreeMap<String, Vec<Problem>> {
    let mut found: BTreeMap<String, Vec<Problem>> = compilation
        .files
        .iter()
        .map(|file| (file.clone(), Vec::new()))
        .collect();
    let texts: BTreeMap<String, Lines<'_>> = diagnostics
        .iter()
        .flat_map(|d| std::iter::once(&d.file).chain(d.labels.iter().map(|l| &l.file)))
        .map(|file| (file.clone(), Lines::new(files.get(file).unwrap_or(""))))
        .collect();
    let range = |file: &str, span: Span| texts.get(file).map(|l| l.range(span)).unwrap_or_default();
    for diagnostic in diagnostics {
        let problem = problem(diagnostic, &range);
        found
            .entry(diagnostic.file.clone())
            .or_default()
            .push(problem);
    }
    found
}

fn problem(found: &Diagnostic, range: &impl Fn(&str, Span) -> Range) -> Problem {
    Problem {
        range: range(&found.file, found.span),
        severity: found.severity,
        code: found.code,
        message: message(found),
        related: found
            .labels
            .iter()
            .map(|label| Related {
                location: Location {
                    path: label.file.clone(),
                    range: range(&label.file, label.span),
                },
                message: label.text.clone(),
            })
            .collect(),
        repair: found.fix.as_ref().map(|fix| Repair {
            title: found
                .help
                .clone()
                .unwrap_or_else(|| repair_title(&fix.text)),
            edit: TextEdit {
                range: range(&found.file, fix.span),
                new_text: fix.text.clone(),
            },
        }),
    }
}

fn message(found: &Diagnostic) -> String {
    let mut message = found.message.clone();
    if !found.note.is_empty() {
        message.push_str(&format!("\n{}", found.note));
    }
    if let Some(help) = &found.help {
        message.push_str(&format!("\nヒント: {help}"));
    }
    message
}

fn repair_title(text: &str) -> String {
    if text.is_empty() {
        "消す".to_owned()
    } else {
        format!("`{}` にする", text.trim())
    }
}

/// The definitions that use the module at `path`, or take over the answers of the edition there,
/// directly or through others, sorted. A change of `path` can change what is found in them.
pub fn users(files: &Files, cache: &mut SyntaxCache, path: &str) -> Vec<String> {
    let mut used_by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let paths: Vec<&str> = files.definitions().map(|(path, _)| path).collect();
    for user in paths {
        let Some(parsed) = cache.parse(files, user) else {
            continue;
        };
        for item in &parsed.file.items {
            match &item.kind {
                ItemKind::Use { module, .. } => {
                    let used = module_file(user, &module.names);
                    used_by.entry(used).or_default().push(user.to_owned());
                }
                ItemKind::Reuse(reuse) => {
                    let used = newest(files, cache, &reuse.disease);
                    let used = used_by.entry(used.unwrap_or_default()).or_default();
                    used.push(user.to_owned());
                }
                // An older edition of the same folder is compared with.
                ItemKind::Migration(_) => {
                    let folder = user.rfind('/').and_then(|slash| user.get(..=slash));
                    for older in files.beside(folder.unwrap_or_default()) {
                        let users = used_by.entry(older.to_owned()).or_default();
                        users.push(user.to_owned());
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    let mut open = vec![path.to_owned()];
    while let Some(used) = open.pop() {
        for user in used_by.get(&used).into_iter().flatten() {
            if user != path && found.insert(user.clone()) {
                open.push(user.clone());
            }
        }
    }
    found.into_iter().collect()
}

/// The names of all modules of the folder with their titles, sorted.
pub(super) fn modules(files: &Files, cache: &mut SyntaxCache) -> Vec<(String, String)> {
    let paths: Vec<&str> = files.definitions().map(|(path, _)| path).collect();
    paths
        .into_iter()
        .filter_map(|path| {
            let parsed = cache.parse(files, path)?;
            let header = parsed.file.header.as_ref()?;
            match &header.subject {
                kohyo_dsl::ast::Subject::Module(name) => {
                    Some((dotted(name), header.title.text.clone()))
                }
                kohyo_dsl::ast::Subject::Disease { .. } | kohyo_dsl::ast::Subject::Programme(_) => {
                    None
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing;

    #[test]
    fn findings_come_by_file_with_their_repair() {
        let form = testing::until("# 𠮷") + "criterion c \"し\" = tremer is present\n";
        let (files, mut cache, _) = testing::edited(&(form + "‸"));
        let found = problems(&files, &mut cache, testing::DISEASE);
        let out = format!("{:#?}", found[testing::DISEASE].first());
        insta::assert_snapshot!(out, @r#"
        Some(
            Problem {
                range: Range {
                    start: Position {
                        line: 21,
                        character: 18,
                    },
                    end: Position {
                        line: 21,
                        character: 24,
                    },
                },
                severity: Error,
                code: "E0204",
                message: "「tremer」という名前はありません\nヒント: `tremor` ではありませんか",
                related: [],
                repair: Some(
                    Repair {
                        title: "`tremor` ではありませんか",
                        edit: TextEdit {
                            range: Range {
                                start: Position {
                                    line: 21,
                                    character: 18,
                                },
                                end: Position {
                                    line: 21,
                                    character: 24,
                                },
                            },
                            new_text: "tremor",
                        },
                    },
                ),
            },
        )
        "#);
        assert!(found["scale/hoehn_yahr.kohyo"].is_empty());
    }

    #[test]
    fn proofs_come_with_their_example_patient() {
        let form = testing::until("judgement")
            + "table t \"表\" : a | b {\n  | total < 1 | >= 2\n  igg4 < 1 mg/dL | a | b\n}\n\njudgement"
            + testing::after("judgement").as_str();
        let (files, mut cache, _) = testing::edited(&(form + "‸"));
        let found = proofs(&files, &mut cache, &ProofCache::default(), testing::DISEASE).refuted;
        let lines: Vec<String> = found[testing::DISEASE]
            .iter()
            .map(|p| {
                format!(
                    "{}:{} {}",
                    p.range.start.line, p.range.start.character, p.message
                )
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        31:6 「表」には、どれにも当てはまらない値があります
        例: 血清IgG4値 1.0mg/dL
        ヒント: 境目の値（以上・超える・未満・以下）を確かめ、足りない行か列を加えてください。公式の表になければ `gap in` で宣言します
        33:19 「表」の「a」の条件は、決して成り立ちません
        ヒント: 条件の中に、互いに成り立たないものがないか確かめてください
        33:23 「合計が2以上」は必ず成り立ちます
        ヒント: しきい値か、点数・計算の決め方を確かめてください
        "#);
    }

    #[test]
    fn users_of_a_module() {
        let (mut files, mut cache) = testing::folder();
        files.insert(
            "scale/both.kohyo",
            "module scale.both \"両\" {\n}\n\nuse scale.hoehn_yahr\n",
        );
        files.insert(
            "shitei/007_x/form.kohyo",
            "disease shitei 007 \"x\" {\n}\n\nuse scale.both\n",
        );
        assert_eq!(
            users(&files, &mut cache, "scale/hoehn_yahr.kohyo"),
            [
                "scale/both.kohyo",
                "shitei/006_parkinson/form.kohyo",
                "shitei/007_x/form.kohyo"
            ]
        );
    }
}
