//! What the platform says about a file.

use serde::Deserialize;

/// The state of an import (`docs/exchange/upload.md`, 状態).
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    pub id: String,
    pub state: State,
    pub sha256: String,
    /// Bytes that have arrived for good.
    pub offset: u64,
    pub progress: Option<Progress>,
    pub receipt: Option<Receipt>,
    pub refusal: Option<Refusal>,
    /// As it was said, for the receipt that is kept.
    #[serde(skip)]
    pub said: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Receiving,
    Queued,
    Done,
    Refused,
    Expired,
}

/// What goes on with a file that has arrived.
#[derive(Clone, Debug, Deserialize)]
pub struct Progress {
    /// In words.
    pub label: String,
    /// Records done.
    pub records: u64,
    /// Records in all; 0 while that is not known.
    pub of: u64,
}

/// What became of the records.
#[derive(Clone, Debug, Deserialize)]
pub struct Receipt {
    pub number: String,
    pub records: u64,
    pub registered: u64,
    pub duplicates: u64,
    pub refused: u64,
}

/// Why nothing was registered.
#[derive(Clone, Debug, Deserialize)]
pub struct Refusal {
    pub error: String,
    pub message: String,
}

impl Status {
    /// A status from an answer of the platform; nothing if it is none.
    pub fn parse(said: &[u8]) -> Option<Self> {
        let status: Self = serde_json::from_slice(said).ok()?;
        Some(Self {
            said: said.to_vec(),
            ..status
        })
    }
}

impl Refusal {
    /// What to do about it with this program, if that is known; the message says what to do in any
    /// case.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self.error.as_str() {
            "import.other_hospital" => "この医療機関の鍵で封緘し直してください（`kohyo key show`）",
            "import.nothing" | "import.all_or_nothing" => {
                "エラーリスト（`--csv FILE`）の個票を直してから、もう一度送ってください"
            }
            error if error.starts_with("box.") => {
                "鍵とファイルを確かめ（`kohyo key verify`）、封緘し直してから送ってください"
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_that_says_what_to_do_is_not_contradicted() {
        let help = |error: &str| {
            let (error, message) = (error.to_owned(), String::new());
            Refusal { error, message }.help()
        };
        assert_eq!(help("import.too_slow"), None);
        assert_eq!(help("import.too_many_records"), None);
        assert!(help("import.nothing").is_some_and(|help| help.contains("--csv")));
        assert!(help("box.signature").is_some());
    }
}
