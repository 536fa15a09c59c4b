//! Whether a search means a disease.

use crate::summary::fold;

/// `006` of `shitei-006`, `11-080` of `shoman-11-080`.
pub(crate) fn number_of(key: &str) -> &str {
    key.split_once('-').map_or(key, |(_, number)| number)
}

/// Whether a search means the disease with this key and names: its number with or without leading
/// zeros, its key, or part of a name in either kana. Several words have to fit all.
pub(crate) fn means<'n>(sought: &str, key: &str, names: impl IntoIterator<Item = &'n str>) -> bool {
    let names: Vec<String> = names.into_iter().map(fold).collect();
    let number = number_of(key);
    sought.split_whitespace().map(fold).all(|word| {
        let digits = word.trim_start_matches('0');
        let is_number = !digits.is_empty()
            && [number, number.split('-').next().unwrap_or_default()]
                .iter()
                .any(|number| number.trim_start_matches('0') == digits);
        is_number
            || (word.contains(char::is_alphabetic) && key.contains(&word))
            || names.iter().any(|name| name.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disease_is_found_by_number_name_and_reading() {
        let means = |sought: &str| {
            means(
                sought,
                "shitei-035",
                ["天疱瘡（てんぽうそう）", "てんぽうそう"],
            )
        };
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
        assert!(super::means("19", "shitei-019-b02", ["ライソゾーム病"]));
        assert!(super::means("11-080", "shoman-11-080", ["x"]));
    }
}
