//! Access keys: what is printed on the form and typed by the municipality.
//!
//! 24 characters of Crockford's base 32 (120 random bits) and one check character, in five groups
//! of five. The check character finds every single wrong character and every swap of neighbours,
//! so a slip of the finger is told apart from a key that opens nothing.

use unicode_normalization::UnicodeNormalization;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 25;

/// A key in its plain form: 25 characters without separators.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AccessKey(String);

/// Why what was typed is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAKey {
    /// Not 25 characters.
    Length(usize),
    /// A character that keys do not use.
    Character(char),
    /// The check character does not fit: something was mistyped.
    Check,
}

impl NotAKey {
    /// What to tell the person.
    pub(crate) fn message(self) -> String {
        match self {
            Self::Length(0) => "アクセスキーを入力してください。".to_owned(),
            Self::Length(found) => format!(
                "アクセスキーは英数字{LENGTH}文字です（入力は{found}文字）。ハイフンと空白は数えません。"
            ),
            Self::Character(found) => format!(
                "アクセスキーに「{found}」は使われません。英数字（Uを除く）で入力してください。"
            ),
            Self::Check => {
                "アクセスキーに打ち間違いがあります。個票の印字と見比べてください。".to_owned()
            }
        }
    }
}

impl AccessKey {
    /// A new random key.
    pub(crate) fn fresh() -> Self {
        Self::from_bytes(rand::random())
    }

    /// The key of these 24 bytes, of which five bits each are used.
    pub(crate) fn from_bytes(bytes: [u8; 24]) -> Self {
        let digits: Vec<u8> = bytes.iter().map(|byte| byte & 31).collect();
        let check = check(&digits);
        Self(digits.into_iter().chain([check]).map(letter).collect())
    }

    /// Reads what a person typed: any case and width, hyphens, blanks, `O` for `0`, `I` and `L`
    /// for `1`.
    pub(crate) fn read(typed: &str) -> Result<Self, NotAKey> {
        let mut digits = Vec::with_capacity(LENGTH);
        let mut text = String::with_capacity(LENGTH);
        for character in typed.nfkc().flat_map(char::to_uppercase) {
            let character = match character {
                'O' => '0',
                'I' | 'L' => '1',
                '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | '_' => continue,
                blank if blank.is_whitespace() => continue,
                other => other,
            };
            let digit = ALPHABET
                .iter()
                .position(|letter| char::from(*letter) == character)
                .and_then(|digit| u8::try_from(digit).ok())
                .ok_or(NotAKey::Character(character))?;
            digits.push(digit);
            text.push(character);
        }
        match digits.split_last() {
            Some((last, body)) if digits.len() == LENGTH => {
                if check(body) == *last {
                    Ok(Self(text))
                } else {
                    Err(NotAKey::Check)
                }
            }
            _ => Err(NotAKey::Length(digits.len())),
        }
    }

    /// The plain form.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The printed form: `ABCDE-FGHJK-…`.
    pub(crate) fn grouped(&self) -> String {
        let mut text = String::with_capacity(LENGTH + 4);
        for (place, character) in self.0.chars().enumerate() {
            if place > 0 && place % 5 == 0 {
                text.push('-');
            }
            text.push(character);
        }
        text
    }
}

/// Nobody logs a key by accident.
impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessKey(…)")
    }
}

fn letter(digit: u8) -> char {
    ALPHABET
        .get(usize::from(digit & 31))
        .map_or('0', |letter| char::from(*letter))
}

/// The value at 2 of the polynomial with these coefficients over GF(32) (x⁵ + x² + 1).
///
/// Weights are different powers of a generator, hence every single error and every swap of
/// neighbours changes the value.
fn check(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |value, digit| double(value ^ digit))
}

fn double(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 {
        doubled
    } else {
        (doubled ^ 0b10_0101) & 31
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> AccessKey {
        AccessKey::from_bytes(std::array::from_fn(|place| {
            u8::try_from(place * 7).unwrap()
        }))
    }

    #[test]
    fn a_key_is_read_however_it_is_typed() {
        let key = sample();
        let check = |typed: String| assert_eq!(AccessKey::read(&typed), Ok(key.clone()), "{typed}");
        check(key.as_str().to_owned());
        check(key.grouped());
        check(key.grouped().to_lowercase());
        check(key.grouped().replace('-', " "));
        check(format!("　{}　", key.grouped().replace('-', "ー")));
        check(key.as_str().replace('0', "O").replace('1', "I"));
        check(key.as_str().replace('0', "o").replace('1', "l"));
        let wide: String = key
            .as_str()
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
            .collect();
        check(wide);
    }

    #[test]
    fn every_single_slip_and_every_swap_is_noticed() {
        let key = sample();
        let letters: Vec<char> = key.as_str().chars().collect();
        for place in 0..letters.len() {
            for letter in ALPHABET {
                let mut typed = letters.clone();
                typed[place] = char::from(*letter);
                let read = AccessKey::read(&typed.iter().collect::<String>());
                assert_eq!(read.is_ok(), typed == letters);
            }
            if place + 1 < letters.len() && letters[place] != letters[place + 1] {
                let mut typed = letters.clone();
                typed.swap(place, place + 1);
                assert_eq!(
                    AccessKey::read(&typed.iter().collect::<String>()),
                    Err(NotAKey::Check)
                );
            }
        }
    }

    #[test]
    fn what_is_no_key_is_explained() {
        assert_eq!(AccessKey::read(""), Err(NotAKey::Length(0)));
        assert_eq!(AccessKey::read("ABC-DEF"), Err(NotAKey::Length(6)));
        assert_eq!(AccessKey::read("ABCU"), Err(NotAKey::Character('U')));
        assert!(NotAKey::Length(6).message().contains("入力は6文字"));
        assert_eq!(format!("{:?}", sample()), "AccessKey(…)");
    }
}
