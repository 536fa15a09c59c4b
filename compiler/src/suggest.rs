//! "Did you mean …?": the known name that was probably meant.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Diagnostic, distance};

/// What was probably meant by an unknown word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// This name: few letters differ.
    Name(String),
    /// The name of what has this word for its label.
    Labelled(String),
}

impl Meant {
    /// Says it at the finding about `word`, with the repair.
    pub(crate) fn tell(self, diagnostic: Diagnostic, word: &Name) -> Diagnostic {
        match self {
            Self::Name(name) => diagnostic
                .help(format!("`{name}` ではありませんか"))
                .fix(word.span, name),
            Self::Labelled(name) => diagnostic
                .help(format!("「{}」は `{name}` です", word.text))
                .fix(word.span, name),
        }
    }
}

/// What was probably meant by `word`, of names with their labels: the name in other letters, the
/// only name with this label, the nearest name.
pub(crate) fn meant<'n>(word: &str, known: &[(&'n str, &'n str)]) -> Option<Meant> {
    let names = || known.iter().map(|(name, _)| *name);
    if let Some(same) = names().find(|name| same_letters(word, name)) {
        return Some(Meant::Name(same.to_owned()));
    }
    labelled(word, known)
        .map(Meant::Labelled)
        .or_else(|| nearest(word, names()).map(Meant::Name))
}

/// The only name with this label.
pub(crate) fn labelled<'n>(label: &str, known: &[(&'n str, &'n str)]) -> Option<String> {
    let mut named = known.iter().filter(|(_, other)| *other == label);
    let (name, _) = named.next()?;
    named
        .all(|(other, _)| other == name)
        .then(|| (*name).to_owned())
}

/// Whether only capital and small letters differ.
pub(crate) fn same_letters(a: &str, b: &str) -> bool {
    a != b && a.to_lowercase() == b.to_lowercase()
}

/// Longer words are no slip of another.
const LONGEST_WORD: usize = 64;

/// The candidate in other letters, or with the smallest edit distance if it is near enough to be a
/// slip.
pub(crate) fn nearest<'n>(
    word: &str,
    candidates: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(same) = candidates.iter().find(|name| same_letters(word, name)) {
        return Some((*same).to_owned());
    }
    let letters: Vec<char> = word.chars().take(LONGEST_WORD + 1).collect();
    let limit = match letters.len() {
        0..=2 => return None,
        long if long > LONGEST_WORD => return None,
        letters => (letters / 3).min(3),
    };
    // Each letter more or less is an edit at least.
    let may_be_near = |other: &[char]| other.len().abs_diff(letters.len()) <= limit;
    candidates
        .into_iter()
        .map(|candidate| (candidate.chars().collect::<Vec<char>>(), candidate))
        .filter(|(other, _)| may_be_near(other))
        .map(|(other, candidate)| (distance(&letters, &other), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *candidate != word)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Meant, meant, nearest};

    #[test]
    fn a_slip_is_repaired_and_a_different_word_is_not() {
        assert_eq!(
            nearest("tremer", ["tremor", "rigidity"]),
            Some("tremor".into())
        );
        assert_eq!(nearest("trmeor", ["tremor"]), Some("tremor".into()));
        assert_eq!(nearest("age", ["rigidity"]), None);
        assert_eq!(nearest("b", ["a"]), None);
        let long = |letters: usize| "あ".repeat(letters);
        let known = long(64) + "い";
        assert_eq!(nearest(&long(64), [known.as_str()]), Some(known.clone()));
        assert_eq!(nearest(&long(65), [known.as_str()]), None);
    }

    #[test]
    fn other_letters_come_before_labels_and_labels_before_slips() {
        let known = [
            ("crp", "CRP"),
            ("n", "関節数"),
            ("a", "同じ"),
            ("b", "同じ"),
        ];
        let name = |name: &str| Some(Meant::Name(name.into()));
        assert_eq!(meant("CRP", &known), name("crp"));
        assert_eq!(meant("N", &known), name("n"));
        assert_eq!(meant("関節数", &known), Some(Meant::Labelled("n".into())));
        assert_eq!(meant("crq", &known), name("crp"));
        assert_eq!(meant("同じ", &known), None, "two have this label");
    }
}
