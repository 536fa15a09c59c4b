//! Proofs answered from memory say what proofs say that are made anew.

use kohyo_compiler::{Files, ProofCache, SyntaxCache, compile_with, diseases, prove, prove_again};

/// One form in so many is looked at; without optimisation some prove for seconds.
const ONE_IN: usize = 7;

/// What is said, in its order, with the places.
fn said(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    proofs: Option<&ProofCache>,
) -> [String; 3] {
    let compiled = compile_with(files, cache, path);
    let report = match proofs {
        Some(proofs) => prove_again(&compiled, proofs),
        None => prove(&compiled),
    };
    [
        format!("{:#?}", (report.findings, report.superseded)),
        format!("{:#?}", report.notes),
        format!("{:#?}", (report.proven, report.not_proven)),
    ]
}

/// A number with one digit more in the comparison halfway down the text: nobody has the value.
fn with_another_threshold(text: &str) -> Option<String> {
    let compared: Vec<usize> = text.match_indices(" >= ").map(|(at, _)| at + 4).collect();
    let at = *compared.get(compared.len() / 2)?;
    let (before, after) = text.split_at(at);
    let end = after.find(|c: char| !c.is_ascii_digit())?;
    let number: u32 = after[..end].parse().ok()?;
    Some(format!("{before}9{number}{}", &after[end..]))
}

#[test]
fn what_is_recalled_is_what_would_be_proven() {
    let files = tests::forms();
    let (mut words, mut rules) = (0, 0);
    for disease in diseases(&files).into_iter().step_by(ONE_IN) {
        let path = disease.path.as_str();
        let text = files.get(path).unwrap();
        let renamed = text.replacen("judgement diagnosis \"", "judgement diagnosis \"改めた", 1);
        let mut edits = vec![text.to_owned(), renamed];
        edits.extend(with_another_threshold(text));
        let proofs = ProofCache::default();
        let mut cache = SyntaxCache::default();
        let mut seen = Vec::new();
        for (edit, text) in edits.iter().chain(&edits).enumerate() {
            let mut files = files.clone();
            files.insert(path, text.clone());
            let again = said(&files, &mut cache, path, Some(&proofs));
            if edit < edits.len() {
                let anew = said(&files, &mut cache, path, None);
                assert_eq!(again, anew, "{path}, edit {edit}");
                seen.push(anew);
            } else {
                assert_eq!(
                    again,
                    seen[edit - edits.len()],
                    "{path}, edit {edit} once more"
                );
            }
        }
        words += usize::from(seen[0][2] != seen[1][2]);
        rules += usize::from(seen.get(2).is_some_and(|changed| *changed != seen[0]));
    }
    // New words are told in the new words, and a rule that was changed is not taken for the old one.
    assert!(words > 5, "{words}");
    assert!(rules > 0, "{rules}");
}
