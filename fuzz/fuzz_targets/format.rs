//! A text that can be formatted keeps its meaning, and formatting it again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(once) = kohyo_dsl::format(text) else {
        return;
    };
    let again = kohyo_dsl::format(&once);
    assert_eq!(again.as_deref().ok(), Some(once.as_str()), "formatting is idempotent");
    let before = kohyo_dsl::parse("form.kohyo", text).diagnostics.len();
    let after = kohyo_dsl::parse("form.kohyo", &once).diagnostics.len();
    assert_eq!(before, after, "formatting neither hides nor makes findings");
});
