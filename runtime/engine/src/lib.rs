//! What a program says about answers: `Program × Answers × Context → Outcome → PageView`.
//!
//! In goes a compiled form ([`Program`], loaded as a [`Form`]), what a person has answered
//! ([`Answers`]) and the day of judgement with the kind of application ([`Context`]).
//! Out comes everything the form says about it ([`Outcome`]): the verdict with its explanation,
//! what is shown and required, calculated values, findings, and what is still missing.
//!
//! Unknown is never silently no: every condition is true, false or unknown, and a verdict is
//! given only when every completion of the unknown answers agrees on it (`exact.rs`).
//!
//! Nothing here reads a clock, a file or a network; the same input gives the same bytes on every
//! machine.

// In: a program and the answers to it.
mod value;
mod era;
pub mod program;
mod wire;
mod form;
mod answers;
mod intake;
mod written;

// Evaluation: three truth values, ranges of numbers and dates, flat rules.
mod tri;
mod range;
mod days;
mod arena;
mod script;
mod machine;

// Verdicts: what every completion agrees on, and what would settle the rest.
mod result;
mod evaluate;
mod blame;
mod exact;
mod missing;
mod coarse;
mod first;
mod what_if;

// Several editions of one form.
mod editions;

// Out: findings, reasons and pages.
mod outcome;
mod findings;
mod reading;
mod rows;
mod explain;
pub mod outline;
mod board;
mod page;
mod filled;
mod observe;
mod probe;

// Finding a disease by what somebody types.
pub mod look_up;

// Plausible answers, for samples, demonstrations, benchmarks and tests.
mod dice;
mod generate;
mod complete;

pub use answers::{Answer, Answers};
pub use arena::number_domain;
pub use board::{MASKED, ShownToBoard, masked_fields, masked_message};
pub use complete::completed;
pub use dice::Dice;
pub use editions::{
    Carryover, Fit, Left, Lineage, Mark, Previous, Source, Unread, WhyLeft, WhyUnread,
    evaluate_previous, fit, judge_previous,
};
pub use era::{ERAS, Era, WrittenDate, written_date};
pub use evaluate::{
    Categories, Context, Verdict, check_with, evaluate, findings_with, judge, judge_with,
    missing_with, result_within,
};
pub use explain::{NO_PERIOD, NO_ROW};
pub use filled::{Filled, fill_in};
pub use first::first_answers;
pub use form::{Form, PackedForm, Read, reads_through};
pub use generate::{example_text, generate_for};
pub use intake::{RawAnswers, read, read_lenient, read_one, read_text, without_grouping};
pub use machine::Scratch;
pub use observe::{Known, Observation, Part, PartValue, observe_with, part_with};
pub use outcome::{
    CategoryOutcome, CategorySet, ExplainNode, Finding, JudgementOutcome, MissingItem, MissingSet,
    Outcome, ResultKind, ValueOutcome, WhatIf, WhatIfItem,
};
pub use page::{
    PageField, PageFinding, PageGroup, PageMember, PageOption, PageSection, PageView, page_view,
};
pub use probe::{Probe, Question};
pub use program::Program;
pub use reading::{counts_points, unit_of_value};
pub use script::{ScriptError, check_script};
pub use tri::Tri;
pub use value::{Date, DateError, Decimal};
pub use what_if::what_if;
pub use wire::{WireError, from_json, to_json};
pub use written::{values as written_values, written};
