//! Plausible words, by what the name of an item says: names with their reading, a facility, an
//! address that goes with its postal code and telephone, what a physician writes.
//!
//! Everybody and everything is invented. Some names have characters that are hard on systems: one
//! outside of the basic plane (𠮷), one with a variation selector (葛󠄀), forms that older character
//! sets do not have (髙, 﨑).

use crate::dice::Dice;

/// Who and where a record is about, the same all over the record.
pub(super) struct Cast {
    seed: u64,
}

/// A name as it is written, read and spelled.
struct Name {
    kanji: &'static str,
    kana: &'static str,
    alphabet: &'static str,
}

const fn name(kanji: &'static str, kana: &'static str, alphabet: &'static str) -> Name {
    Name {
        kanji,
        kana,
        alphabet,
    }
}

const FAMILIES: [Name; 8] = [
    name("山田", "やまだ", "YAMADA"),
    name("佐藤", "さとう", "SATO"),
    name("𠮷野", "よしの", "YOSHINO"),
    name("葛\u{e0100}城", "かつらぎ", "KATSURAGI"),
    name("髙橋", "たかはし", "TAKAHASHI"),
    name("山﨑", "やまざき", "YAMAZAKI"),
    name("伊藤", "いとう", "ITO"),
    name("五十嵐", "いがらし", "IGARASHI"),
];
const GIVEN: [Name; 8] = [
    name("薫", "かおる", "KAORU"),
    name("光", "ひかる", "HIKARU"),
    name("純一郎", "じゅんいちろう", "JUNICHIRO"),
    name("真琴", "まこと", "MAKOTO"),
    name("葵", "あおい", "AOI"),
    name("千尋", "ちひろ", "CHIHIRO"),
    name("悠希", "ゆうき", "YUKI"),
    name("さくら", "さくら", "SAKURA"),
];

/// Where somebody lives or works.
struct Place {
    /// First three digits.
    postal: &'static str,
    prefecture: &'static str,
    town: &'static str,
    /// Area code.
    phone: &'static str,
}

const PLACES: [Place; 5] = [
    Place {
        postal: "100",
        prefecture: "東京都",
        town: "架空区見本町",
        phone: "03",
    },
    Place {
        postal: "530",
        prefecture: "大阪府",
        town: "架空市例示通",
        phone: "06",
    },
    Place {
        postal: "060",
        prefecture: "北海道",
        town: "架空市北一条西",
        phone: "011",
    },
    Place {
        postal: "810",
        prefecture: "福岡県",
        town: "架空市葛\u{e0100}葉",
        phone: "092",
    },
    Place {
        postal: "460",
        prefecture: "愛知県",
        town: "架空市栄町",
        phone: "052",
    },
];

/// A kind of text: parts of names of items, and what stands in them.
type Kind = (&'static [&'static str], &'static [&'static str]);

/// The first kind that has a part of the name counts.
const KINDS: [Kind; 20] = [
    (&["department"], &["脳神経内科", "総合内科", "小児科"]),
    (
        &["facility_name"],
        &[
            "架空大学医学部附属病院",
            "見本市立総合医療センター",
            "例示クリニック",
        ],
    ),
    (&["municipality"], &["架空市", "見本区", "例示町"]),
    (&["transferred_from"], &["架空県", "見本市"]),
    (&["insured_symbol"], &["見本12", "例34", "架空5"]),
    (
        &["variant", "mtdna"],
        &["c.1226A>G", "m.3243A>G", "c.35delG"],
    ),
    (&["gene"], &["SNCA", "GBA1", "COL7A1"]),
    (&["enzyme"], &["複合体I", "複合体IV"]),
    (&["relative"], &["いとこ", "父方のおば", "母方の祖父"]),
    (
        &["steroid_reason", "differential", "disease", "tumor"],
        &["多発性筋炎", "末梢神経障害", "関節リウマチ"],
    ),
    (
        &["complication", "celiac"],
        &["高血圧症", "2型糖尿病", "骨粗鬆症"],
    ),
    (&["symptom"], &["食欲の低下", "全身のだるさ"]),
    (&["organ"], &["腎", "皮膚", "肝"]),
    (
        &["surgery"],
        &["腹腔鏡下手術", "人工関節置換術", "部分切除術"],
    ),
    (
        &["biopsy", "histological", "kidney"],
        &["軽度の間質の線維化", "慢性炎症細胞の浸潤"],
    ),
    (
        &["mri", "imaging", "coronary"],
        &["左右差のある萎縮", "明らかな異常はない"],
    ),
    (
        &["drug", "biologic", "immunosuppressant", "exposure"],
        &[
            "見本錠5mg 1日2回",
            "例示注射液 4週ごと",
            "架空カプセル 朝1回",
        ],
    ),
    (
        &["treatment_plan"],
        &[
            "現在の治療を続け、3か月ごとに評価する",
            "次の受診で薬を見直す",
        ],
    ),
    (
        &["treatment"],
        &["リハビリテーションを週2回", "食事療法を続けている"],
    ),
    (
        &["state", "schooling"],
        &["週3日通学している", "在宅で就労している"],
    ),
];

/// What stands in a text that no kind knows: in one line, and in several.
const SHORT: [&str; 3] = ["記載のとおり", "変化なし", "経過観察中"];
const SENTENCES: [&str; 4] = [
    "経過は緩やかである",
    "右上肢から始まり両側に及んだ",
    "服薬により症状は軽くなった",
    "日常生活に一部介助を要する",
];

impl Cast {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Dice of its own for a role: what is thrown elsewhere stays as it is.
    fn dice(&self, role: &str) -> Dice {
        Dice::of(self.seed, role)
    }

    fn one<'w, T>(&self, role: &str, from: &'w [T]) -> Option<&'w T> {
        self.dice(role).pick(from)
    }

    /// The name that an item asks for; the patient's, unless it says whose.
    fn name_in(&self, item: &str) -> Option<&'static Name> {
        let (whose, part, names) = item
            .strip_suffix("family_name")
            .map(|whose| (whose, "family", &FAMILIES))
            .or_else(|| Some((item.strip_suffix("given_name")?, "given", &GIVEN)))?;
        self.one(&format!("{whose}{part}"), names)
    }

    fn place(&self) -> Option<&'static Place> {
        self.one("place", &PLACES)
    }

    /// How somebody's name is read: of `family_name_kana`, that of `family_name`; of an item that is
    /// about no name, whatever is thrown.
    pub(super) fn kana(&self, item: &str, throw: u64) -> &'static str {
        let name = item
            .strip_suffix("_kana")
            .and_then(|item| self.name_in(item));
        name.map_or_else(
            || picked(&GIVEN.each_ref().map(|name| name.kana), throw),
            |name| name.kana,
        )
    }

    /// Seven digits as a postal code of the place.
    pub(super) fn postal_code(&self, digits: &str) -> String {
        let place = self.place().map_or("", |place| place.postal);
        let own = digits.chars().skip(place.len());
        place.chars().chain(own).collect()
    }

    /// Nine digits as a telephone number of the place, with ten.
    pub(super) fn phone(&self, digits: &str) -> String {
        let area = self.place().map_or("03", |place| place.phone);
        // Area and exchange have six digits, and no exchange begins with 0.
        let exchange: String = digits
            .chars()
            .take(5_usize.saturating_sub(area.len()))
            .collect();
        let line: String = digits.chars().skip(5).collect();
        format!("{area}-5{exchange}-{line}")
    }

    /// What stands in a text item, given a throw.
    pub(super) fn text(&self, item: &str, throw: u64, lines: u32) -> String {
        if let Some(name) = self.name_in(item) {
            return name.kanji.to_owned();
        }
        let number = |digits: usize| format!("{:0digits$}", throw % 10_u64.pow(8));
        match item {
            "alphabet_name" => {
                let family = self.name_in("family_name");
                let given = self.name_in("given_name");
                let spelled = family.into_iter().chain(given).map(|name| name.alphabet);
                return spelled.collect::<Vec<_>>().join(" ");
            }
            "name" | "patient_name" | "physician_name" => {
                let whose = item.trim_end_matches("name");
                let family = self.name_in(&format!("{whose}family_name"));
                let given = self.name_in(&format!("{whose}given_name"));
                let written = family.into_iter().chain(given).map(|name| name.kanji);
                return written.collect::<Vec<_>>().join(" ");
            }
            "physician_number" => return number(10),
            "insurer_number" | "insured_number" => return number(8),
            _ => {}
        }
        if item.ends_with("address")
            && let Some(place) = self.place()
        {
            let (block, lot) = (throw % 9 + 1, throw / 9 % 20 + 1);
            return format!("{}{}{block}丁目{lot}番地", place.prefecture, place.town);
        }
        let known = KINDS
            .iter()
            .find(|(parts, _)| parts.iter().any(|part| item.contains(part)));
        let words = match known {
            Some((_, words)) => words,
            None if lines > 1 => &SENTENCES[..],
            None => &SHORT[..],
        };
        picked(words, throw).to_owned()
    }

    /// What stands in a further line, behind what ends the line before.
    pub(super) fn further(item: &str, throw: u64) -> (&'static str, &'static str) {
        if item.ends_with("address") {
            ("\n", picked(&["見本ハイツ101号", "例示ビル3階"], throw))
        } else {
            ("。\n", picked(&SENTENCES, throw))
        }
    }
}

fn picked<'w>(words: &[&'w str], throw: u64) -> &'w str {
    let count = u64::try_from(words.len()).unwrap_or(1).max(1);
    let at = usize::try_from(throw % count).unwrap_or(0);
    words.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_record_says_of_a_person_and_a_place_fits_together() {
        let mut people = std::collections::BTreeSet::new();
        for seed in 0..40 {
            let cast = Cast::new(seed);
            people.insert(["family_name", "given_name"].map(|item| cast.text(item, 7, 1)));
            for (item, names) in [("family_name", &FAMILIES), ("birth_given_name", &GIVEN)] {
                let written = cast.text(item, 7, 1);
                let read = cast.kana(&format!("{item}_kana"), 7);
                let known = names.iter().any(|n| n.kanji == written && n.kana == read);
                assert!(known, "{item}: {written} {read}");
            }
            let postal = cast.postal_code("9990001");
            let address = cast.text("facility_address", seed * 31, 2);
            let phone = cast.phone("123456789");
            let place = PLACES.iter().find(|place| postal.starts_with(place.postal));
            let place = place.map(|p| (address.starts_with(p.prefecture), p.phone));
            assert_eq!(
                place.map(|(fits, _)| fits),
                Some(true),
                "{postal} {address}"
            );
            let digits = phone.chars().filter(char::is_ascii_digit).count();
            assert_eq!((digits, phone.matches('-').count()), (10, 2), "{phone}");
            assert!(place.is_some_and(|(_, area)| phone.starts_with(area)));
        }
        assert!(people.len() > FAMILIES.len(), "{people:?}");
    }

    #[test]
    fn texts_say_what_their_item_asks_for() {
        let cast = Cast::new(1);
        let said = [
            "facility_name",
            "department",
            "physician_name",
            "physician_number",
            "alphabet_name",
            "gene_other",
            "immunosuppressant_name",
            "treatment_plan",
            "complication_note",
        ]
        .map(|item| format!("{item}: {}", cast.text(item, 3, 1)));
        insta::assert_snapshot!(said.join("\n"), @"
        facility_name: 架空大学医学部附属病院
        department: 脳神経内科
        physician_name: 山﨑 純一郎
        physician_number: 0000000003
        alphabet_name: YAMAZAKI YUKI
        gene_other: SNCA
        immunosuppressant_name: 見本錠5mg 1日2回
        treatment_plan: 次の受診で薬を見直す
        complication_note: 高血圧症
        ");
    }
}
