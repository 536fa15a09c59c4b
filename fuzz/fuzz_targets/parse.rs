//! Whatever the text: syntax and findings, never a panic, and every finding lies inside the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = kohyo_dsl::parse("form.kohyo", text);
    for found in &parsed.diagnostics {
        assert!(found.span.end as usize <= text.len(), "{found:?}");
    }
    let drawn = kohyo_dsl::render(
        &parsed.diagnostics,
        |_| Some(text),
        kohyo_dsl::Palette::Plain,
    );
    assert_eq!(drawn.is_empty(), parsed.diagnostics.is_empty());
});
