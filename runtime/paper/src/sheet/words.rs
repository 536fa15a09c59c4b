//! Words of a program as they stand on paper.

use kohyo_engine::program::Code;

/// What is said otherwise on paper: a question is not hidden there, nobody has to
/// answer it.
const OTHERWISE: [(&str, &str); 8] = [
    ("表示されない場合", "記入を要しない場合"),
    ("非表示", "記入不要"),
    ("表示は未定", "記入の要否は未定"),
    ("mm3", "mm³"),
    ("cm3", "cm³"),
    ("mm2", "mm²"),
    ("cm2", "cm²"),
    ("/m2", "/m²"),
];

/// Units with their exponents, and no words of a screen.
pub(super) fn on_paper(text: &str) -> String {
    let mut text = text.to_owned();
    for (screen, paper) in OTHERWISE {
        if text.contains(screen) {
            text = text.replace(screen, paper);
        }
    }
    text
}

/// The words of a code behind its number: `0 正常` with the number 0 is 正常.
pub(super) fn label(code: &Code) -> &str {
    let rest = code.label.strip_prefix(code.value.as_str());
    rest.and_then(|rest| rest.strip_prefix([' ', '\u{3000}']))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&code.label)
}
