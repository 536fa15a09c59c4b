#![no_main]

libfuzzer_sys::fuzz_target!(|json: &[u8]| kohyo_fuzz::program(json));
