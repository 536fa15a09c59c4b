//! "Did you mean …?": the nearest known name.

/// The candidate with the smallest edit distance, if it is near enough to be a slip.
pub(crate) fn nearest<'n>(
    word: &str,
    candidates: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    let letters = word.chars().count();
    let limit = match letters {
        0..=2 => return None,
        letters => (letters / 3).min(3),
    };
    // Each letter more or less is an edit at least.
    let may_be_near = |candidate: &&str| candidate.chars().count().abs_diff(letters) <= limit;
    candidates
        .into_iter()
        .filter(may_be_near)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *candidate != word)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// Edits (insert, delete, replace, swap of neighbours) between two words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |r: &[usize], k: usize| r.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j + 1) + 1)
                .min(at(&row, j) + 1)
                .min(at(&last, j) + usize::from(x != y));
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_repaired_and_a_different_word_is_not() {
        assert_eq!(
            nearest("tremer", ["tremor", "rigidity"]),
            Some("tremor".into())
        );
        assert_eq!(nearest("trmeor", ["tremor"]), Some("tremor".into()));
        assert_eq!(nearest("age", ["rigidity"]), None);
        assert_eq!(nearest("b", ["a"]), None);
    }
}
