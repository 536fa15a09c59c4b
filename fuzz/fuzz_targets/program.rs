//! Whatever the JSON: a program that the engine accepts is evaluated on a blank form without a panic.
#![no_main]

use kohyo_engine::program::Application;
use kohyo_engine::{Answers, Context, Date, evaluate, from_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let Ok(form) = from_json(json) else {
        return;
    };
    let context = Context {
        today: Date::day(2026, 6, 1).expect("a day of the calendar"),
        application: Application::New,
    };
    let answers = Answers::new(&form);
    let _ = evaluate(&form, &answers, &context);
});
