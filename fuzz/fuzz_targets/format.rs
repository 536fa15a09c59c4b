#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| kohyo_fuzz::format(text));
