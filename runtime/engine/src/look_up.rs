//! Finding a disease by what somebody types: its number, a part of its name, an abbreviation.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// An abbreviation is found by its beginning once so many letters of it are typed: `IPA` finds
/// `IPAH`, but `PA` only `PA`.
const BEGINNING: usize = 3;

/// A word of an English name is found by its beginning once so many letters of it are typed: `SLE`
/// does not mean `sleep`.
const WORD: usize = 4;

/// An English name is found by so many letters from anywhere in it. Fewer would mean too much: the
/// letters of `ALS` stand in every `spinal s…`.
const MIDDLE: usize = 5;

/// What a disease is called besides its title. It is searched, and never judged with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherNames {
    /// How the title is read, in hiragana.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kana: Option<String>,
    /// English name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<String>,
    /// Abbreviations: `SLE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub short: Vec<String>,
    /// Names of earlier years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
}

impl OtherNames {
    /// Every one of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let whole = self.kana.iter().chain(&self.english);
        let names = whole.chain(&self.short).chain(&self.earlier);
        names.map(String::as_str)
    }
}

/// `006` of `shitei-006`, `11-080` of `shoman-11-080`.
pub fn number_of(key: &str) -> &str {
    key.split_once('-').map_or(key, |(_, number)| number)
}

/// A number as people read it: `006`, `019 枝番02`, `11-080`.
pub fn written_number(key: &str) -> String {
    let number = number_of(key);
    match number.rsplit_once("-b") {
        Some((number, branch)) => format!("{number} 枝番{branch}"),
        None => number.to_owned(),
    }
}

/// `shitei-019-b02` → `shitei-019`.
pub fn without_branch(key: &str) -> &str {
    key.rsplit_once("-b").map_or(key, |(base, _)| base)
}

/// Whether a search means the disease with this key: by its number with or without leading zeros,
/// its key, part of a name in either kana, an English name or an abbreviation. Several words have to
/// fit all.
pub fn means(sought: &str, key: &str, title: &str, other: &OtherNames) -> bool {
    let parts = std::iter::once(title)
        .chain(other.kana.as_deref())
        .chain(other.earlier.iter().map(String::as_str));
    let names: Vec<String> = parts.map(fold).collect();
    let english = other.english.as_deref().unwrap_or_default();
    let whole = fold(english);
    let english = english.split([' ', '-', '/', '(', ')', ',']);
    let english: Vec<String> = english.map(fold).collect();
    let short: Vec<String> = other.short.iter().map(|short| fold(short)).collect();
    let number = number_of(key);
    sought.split_whitespace().map(fold).all(|word| {
        let digits = word.trim_start_matches('0');
        let is_number = !digits.is_empty()
            && [number, number.split('-').next().unwrap_or_default()]
                .iter()
                .any(|number| number.trim_start_matches('0') == digits);
        let letters = word.chars().count();
        let begins = |least: usize, name: &String| letters >= least && name.starts_with(&word);
        is_number
            || (word.contains(char::is_alphabetic) && key.contains(&word))
            || names.iter().any(|name| stands_in(name, &word))
            || (letters >= MIDDLE && whole.contains(&word))
            || english.iter().any(|name| begins(WORD, name))
            || short
                .iter()
                .any(|name| *name == word || begins(BEGINNING, name))
    })
}

/// Whether a word stands in a name. Latin letters and digits stand there from the beginning of their
/// run: `IgG` in `IgG4関連疾患`; so few as those of `CD` only as a whole one, and not in `PCDH19`.
fn stands_in(name: &str, word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric();
    if !word.chars().all(plain) {
        return name.contains(word);
    }
    name.match_indices(word).any(|(at, _)| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        let after = name.get(at + word.len()..);
        let after = after.and_then(|after| after.chars().next());
        !before.is_some_and(plain) && (word.len() >= BEGINNING || !after.is_some_and(plain))
    })
}

/// Text as searches compare it: one width, one case, hiragana, no blanks.
pub fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            // Katakana stand 0x60 after hiragana.
            'ァ'..='ヶ' => char::from_u32(u32::from(character) - 0x60).unwrap_or(character),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disease_is_found_by_number_name_and_reading() {
        let other = OtherNames {
            kana: Some("てんぽうそう".to_owned()),
            ..OtherNames::default()
        };
        let means = |sought: &str| means(sought, "shitei-035", "天疱瘡（てんぽうそう）", &other);
        for sought in [
            "",
            "35",
            "035",
            "０３５",
            "天疱瘡",
            "てんぽう",
            "テンポウ",
            "ﾃﾝﾎﾟｳ",
            "shitei-035",
            "35 天疱",
        ] {
            assert!(means(sought), "{sought}");
        }
        for sought in ["3", "36", "天疱瘡 36", "類天疱瘡"] {
            assert!(!means(sought), "{sought}");
        }
        let none = OtherNames::default();
        assert!(super::means(
            "19",
            "shitei-019-b02",
            "ライソゾーム病",
            &none
        ));
        assert_eq!(written_number("shitei-019-b02"), "019 枝番02");
        assert_eq!(written_number("shoman-11-080"), "11-080");
        assert!(super::means("11-080", "shoman-11-080", "x", &none));
    }

    #[test]
    fn latin_letters_in_a_title_are_found_as_a_run() {
        let none = OtherNames::default();
        let means = |sought: &str, title: &str| means(sought, "shitei-300", title, &none);
        assert!(means("igg", "IgG4関連疾患") && means("CD8", "CD8欠損症"));
        assert!(!means("CD", "PCDH19関連症候群") && !means("CD", "CD8欠損症"));
        assert!(!means("gg4", "IgG4関連疾患"));
    }

    #[test]
    fn a_disease_is_found_by_what_physicians_call_it() {
        let other = OtherNames {
            kana: Some("はいどうみゃくせいはいこうけつあつしょう".to_owned()),
            english: Some("Pulmonary arterial hypertension".to_owned()),
            short: vec!["PAH".to_owned(), "IPAH".to_owned()],
            earlier: vec!["原発性肺高血圧症".to_owned()],
        };
        let means = |sought: &str| means(sought, "shitei-086", "肺動脈性肺高血圧症", &other);
        for sought in [
            "PAH",
            "ｐａｈ",
            "ipa",
            "arterial hyper",
            "pulm",
            "hypertension",
            "原発性肺高血圧",
            "PAH 肺",
        ] {
            assert!(means(sought), "{sought}");
        }
        for sought in ["PA", "AH", "CTEPH", "PAH 肝", "pul", "tens"] {
            assert!(!means(sought), "{sought}");
        }
    }
}
