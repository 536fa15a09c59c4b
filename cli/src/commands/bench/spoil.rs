//! What goes wrong in records: answers left out, values mistyped, XML that is not as it should be.

use super::records::TestRecord;
use kohyo_engine::{Dice, RawAnswers};

/// Leaves out up to three answers.
pub fn forget(raw: &mut RawAnswers, dice: &mut Dice) -> String {
    let mut forgotten = Vec::new();
    for _ in 0..dice.between(1, 4) {
        let names: Vec<&String> = raw.keys().collect();
        if let Some(name) = dice.pick(&names).map(|name| (*name).clone()) {
            raw.remove(&name);
            forgotten.push(name);
        }
    }
    format!("{} のない個票", forgotten.join("・"))
}

/// Values that are wrong, hidden or merely unusual.
const VALUES: [(&str, &str); 53] = [
    ("malar_rash", "9"),
    ("cellular_casts", "5"),
    ("sex", "男"),
    ("birth_prefecture", "48"),
    ("birth_prefecture", "1"),
    ("urine_protein", "3.5g/日"),
    ("urine_protein", "0.555"),
    ("urine_protein", "0.500"),
    ("urine_protein", "123.4"),
    ("wbc", "4,500"),
    ("wbc", " 4500 "),
    ("wbc", "1234567"),
    ("wbc", "-5"),
    ("wbc", "0.45"),
    ("lymphocytes", "１２００"),
    ("lymphocytes", "12e3"),
    ("platelets", "二十万"),
    ("platelets", "20"),
    ("sledai_temperature", "99.9"),
    ("sledai_temperature", "36.55"),
    ("steroid_dose", "200.1"),
    ("onset", "2023-13"),
    ("onset", "2023-06-15"),
    ("onset", "2023"),
    ("birth_date", "1990-02-30"),
    ("birth_date", "1990-02"),
    ("written_on", "令和8年6月1日"),
    ("family_name_kana", "ヤマダ"),
    ("family_name_kana", "か\u{3099}とう"),
    ("family_name", "山\n田"),
    ("address", "一丁目 <2> & \"三\"\n'四'"),
    ("address", "一\n二\n三"),
    ("summary_text", "改\r\n行\u{85}"),
    ("facility_phone", "０３−１２３４−５６７８"),
    ("facility_phone", "---"),
    ("postal_code", "100-8916"),
    ("insured_branch", "1"),
    ("recipient_number", "1234567"),
    ("renal_class", "9"),
    ("vent_start", "2020-01"),
    ("birth_date", "2027-01-01"),
    ("birth_date", "1890-05-05"),
    ("onset", "2027-01"),
    ("diagnosed_on", "2030-01-01"),
    ("insurance_from", "1900-01-01"),
    ("written_on", "2023-12-31"),
    ("blood_test_date", "2027-02-02"),
    ("vent_start", "2027-01"),
    ("wbc", "45"),
    ("sledai_urine_rbc", "3"),
    ("sledai_urine_wbc", "5"),
    ("sledai_urine_protein", "0.5"),
    ("diagnosed_on", "2025-05-05"),
];

/// Writes one of [`VALUES`] or a text that is too long.
pub fn mistype(raw: &mut RawAnswers, dice: &mut Dice) -> String {
    let long = "長".repeat(41);
    let (name, value) = match dice.chance(4) {
        true => ("given_name", long.as_str()),
        false => dice.pick(&VALUES).copied().unwrap_or(("given_name", "")),
    };
    raw.insert(name.to_owned(), vec![value.to_owned()]);
    format!("{name} が「{}」の個票", value.escape_debug())
}

/// Pieces of a record and what they are replaced by.
const PIECES: [(&str, &str); 38] = [
    (
        "<diagnosis>",
        "<diagnosis><unheard_of>1<deeper/></unheard_of>",
    ),
    ("<diagnosis>", "<diagnosis><p:malar_rash>1</p:malar_rash>"),
    ("<diagnosis>", "<diagnosis>迷子の文字"),
    ("<diagnosis>", "<diagnosis colour=\"red\">"),
    ("<diagnosis>", "<diagnosis><sex>1</sex>"),
    ("<diagnosis>", "<diagnosis><seizure>2</seizure>"),
    ("<diagnosis>", "<diagnosis></diagnosis><diagnosis>"),
    ("<diagnosis>", "<physician></physician><diagnosis>"),
    ("<diagnosis>", "<malar_rash>1</malar_rash><diagnosis>"),
    ("<diagnosis>", "<!-- 注 --><?note x?><diagnosis>"),
    ("<malar_rash>", "<malar_rash>1</malar_rash><malar_rash>"),
    ("<malar_rash>", "<malar_rash/><malar_rash>"),
    ("<malar_rash>", "<malar_rash>  </malar_rash><malar_rash>"),
    ("<malar_rash>", "<malar_rash note=\"x\">"),
    ("<malar_rash>", "<malar_rash unit=\"mg\">"),
    ("<malar_rash>", "<malar_rash><!-- 注 -->"),
    ("<malar_rash>", "<malar_rash><b>1</b>"),
    ("<malar_rash>", "<malar_rash>&#32;"),
    ("<malar_rash>", "<malar_rash><![CDATA[ ]]>"),
    ("<malar_rash>", "<malar_rash>&nbsp;"),
    ("</malar_rash>", "</malar>"),
    ("</malar_rash>", ""),
    (
        "</malar_rash>",
        "</malar_rash><discoid_rash>1</discoid_rash>",
    ),
    ("unit=\"/mm3\"", "unit=\"/µL\""),
    ("unit=\"/mm3\"", ""),
    ("unit=\"/mm3\"", "unit=\"/mm3\" unit=\"/mm3\""),
    (" application=\"new\"", ""),
    ("application=\"new\"", "application=\"neu\""),
    ("2023-06-01\">", "2023-06-31\">"),
    ("2023-06-01\">", "2023-09-01\">"),
    ("2023-06-01\">", "2016-06-01\">"),
    ("2023-06-01\">", "2023-06-01\" colour=\"red\">"),
    (":shitei-049:", ":shitei-999:"),
    ("</record>", "</record><record/>"),
    ("</record>", "</record>末尾の文字"),
    ("</record>", ""),
    ("<record", "<!DOCTYPE record><record"),
    ("<record", "<form/><record"),
];

/// Changes the XML of a record: one of [`PIECES`], or its end is lost.
pub fn structure(record: &mut TestRecord, dice: &mut Dice) {
    if dice.chance(5) {
        let length = usize::try_from(dice.between(0, record.xml.len() as u64)).unwrap_or(0);
        record.xml.truncate(length);
        record
            .what
            .push_str(&format!("、{length} バイトで切れたもの"));
    } else if let Some((piece, other)) = dice.pick(&PIECES) {
        let text = String::from_utf8_lossy(&record.xml).replacen(piece, other, 1);
        record.xml = text.into_bytes();
        record
            .what
            .push_str(&format!("、{piece} が {other} のもの"));
    }
}
