//! A library as large as it will be one day: 350 definitions, made from those at hand by renaming
//! their numbers.

use super::bare;
use super::sampler::{self, Pair};
use crate::disk::{Failure, Workspace};
use kohyo_compiler::{Files, ProofCache, SyntaxCache, compile_with, prove, prove_again};
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Definitions in the corpus.
pub const DEFINITIONS: usize = 350;

/// Edits of which the slow ones are looked at.
pub const EDITS: usize = 400;

/// Threads that prove the corpus, if the machine has them.
const THREADS: usize = 2;

/// What the library costs.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    /// From text to programs, one thread, no proofs.
    pub cold: Duration,
    /// From text to programs and proofs, on [`THREADS`] threads.
    pub proven: Duration,
    /// Threads that proved.
    pub threads: usize,
    /// One changed word to the findings of that disease, proofs included: of a hundred, the slowest
    /// but one.
    pub edit_p99: Duration,
    /// The same of a changed threshold.
    pub edit_rule_p99: Duration,
    /// Compiling the corpus against reading the same text into a plain tree, in seconds a text.
    pub against_bare_parse: Pair,
}

/// Measures the corpus made from the definitions of `workspace`.
pub fn measure(workspace: &Workspace) -> Result<Library, Failure> {
    let corpus = Corpus::new(workspace)?;
    let paths: Vec<&str> = corpus.paths.iter().map(String::as_str).collect();
    let cold = sampler::repeat(3, || compile_all(&corpus.files, &paths));
    let threads = std::thread::available_parallelism()
        .map_or(1, NonZeroUsize::get)
        .min(THREADS);
    let begun = Instant::now();
    prove_all(&corpus.files, &paths, threads);
    Ok(Library {
        cold,
        proven: begun.elapsed(),
        threads,
        edit_p99: edits(&corpus, word),
        edit_rule_p99: edits(&corpus, threshold),
        against_bare_parse: against_bare_parse(&corpus, cold),
    })
}

/// The definitions of a folder, copied under other numbers until there are enough.
struct Corpus {
    files: Files,
    paths: Vec<String>,
}

impl Corpus {
    fn new(workspace: &Workspace) -> Result<Self, Failure> {
        let diseases = kohyo_compiler::diseases(&workspace.files);
        // An edition or a branch speaks of its siblings, so only diseases that stand alone are copied.
        let originals: Vec<(&str, &str)> = diseases
            .iter()
            .filter(|disease| disease.path.ends_with("/form.kohyo"))
            .filter_map(|disease| {
                let number = disease.key.strip_prefix("shitei-")?;
                let text = workspace.files.get(&disease.path)?;
                (number.len() == 3 && !text.contains("use here.")).then_some((number, text))
            })
            .collect();
        if originals.is_empty() {
            return Err(Failure::Other(
                "写して増やせる指定難病の定義がありません\n  `kohyo list` で確認してください"
                    .to_owned(),
            ));
        }
        let mut corpus = Self {
            files: Files::new(),
            paths: Vec::new(),
        };
        for (path, text) in workspace.files.definitions() {
            if !diseases.iter().any(|disease| disease.path == path) {
                corpus.files.insert(path, text);
            }
        }
        for (copy, (number, text)) in (1..=DEFINITIONS).zip(originals.iter().cycle()) {
            let header = format!("disease shitei {number} ");
            let renamed = text.replacen(&header, &format!("disease shitei {copy:03} "), 1);
            let path = format!("shitei/{copy:03}_copy/form.kohyo");
            corpus.files.insert(path.as_str(), renamed);
            corpus.paths.push(path);
        }
        Ok(corpus)
    }
}

fn compile_all(files: &Files, paths: &[&str]) -> usize {
    let mut cache = SyntaxCache::default();
    paths
        .iter()
        .filter(|path| compile_with(files, &mut cache, path).program.is_some())
        .count()
}

fn prove_all(files: &Files, paths: &[&str], threads: usize) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut cache = SyntaxCache::default();
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    black_box(prove(&compile_with(files, &mut cache, path)));
                }
            });
        }
    });
}

/// One disease after the other is changed, as an author does who sees what the proofs say of it;
/// the texts of all others and what is known of them stay. How long it takes until they say so
/// again: of a hundred, the slowest but one.
fn edits(corpus: &Corpus, change: impl Fn(&str, usize) -> Option<String>) -> Duration {
    let mut files = corpus.files.clone();
    let mut cache = SyntaxCache::default();
    let proofs = ProofCache::default();
    for path in &corpus.paths {
        black_box(prove_again(
            &compile_with(&files, &mut cache, path),
            &proofs,
        ));
    }
    let mut times = Vec::with_capacity(EDITS);
    for (round, path) in (0..EDITS).zip(corpus.paths.iter().cycle()) {
        let Some(edited) = files.get(path).and_then(|text| change(text, round)) else {
            continue;
        };
        files.insert(path.as_str(), edited);
        let begun = Instant::now();
        let compiled = compile_with(&files, &mut cache, path);
        black_box(prove_again(&compiled, &proofs));
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let place = times.len().saturating_sub(1) * 99 / 100;
    times.get(place).copied().unwrap_or_default()
}

/// Another name of the diagnosis.
fn word(text: &str, round: usize) -> Option<String> {
    let name = "judgement diagnosis \"";
    let edited = text.replacen(name, &format!("{name}第{round}"), 1);
    (edited != text).then_some(edited)
}

/// Another number in the comparison halfway down the text; nothing if nothing is compared.
fn threshold(text: &str, round: usize) -> Option<String> {
    let compared: Vec<usize> = text
        .match_indices(" >= ")
        .map(|(at, op)| at + op.len())
        .collect();
    let at = compared.get(compared.len() / 2).copied()?;
    let (before, after) = text.split_at_checked(at)?;
    let end = after.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = after.split_at_checked(end)?;
    let number: usize = number.parse().ok()?;
    let number = if round < DEFINITIONS {
        number + 1
    } else {
        number.saturating_sub(1)
    };
    Some(format!("{before}{number}{rest}"))
}

fn against_bare_parse(corpus: &Corpus, cold: Duration) -> Pair {
    let texts: Vec<&str> = corpus.files.definitions().map(|(_, text)| text).collect();
    let bare = sampler::repeat(3, || {
        texts
            .iter()
            .map(|text| bare::weight(&bare::parse(text)))
            .sum::<usize>()
    });
    let count = texts.len().max(1) as f64;
    Pair {
        ours: cold.as_secs_f64() / count,
        by_hand: bare.as_secs_f64() / count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_compile_under_numbers_of_their_own() {
        let forms = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
        let workspace =
            crate::disk::workspace(Some(&forms), crate::disk::Texts::Definitions).unwrap();
        let corpus = Corpus::new(&workspace).unwrap();
        assert_eq!(corpus.paths.len(), DEFINITIONS);
        let mut keys: Vec<String> = kohyo_compiler::diseases(&corpus.files)
            .into_iter()
            .map(|disease| disease.key)
            .collect();
        keys.dedup();
        assert_eq!(keys.len(), DEFINITIONS);
        let some: Vec<&str> = corpus
            .paths
            .iter()
            .step_by(40)
            .map(String::as_str)
            .collect();
        assert_eq!(compile_all(&corpus.files, &some), some.len());
    }
}
