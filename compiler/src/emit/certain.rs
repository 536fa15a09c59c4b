//! What is certain about the conditions and numbers of a form, as expressions of another language.
//!
//! The program is walked here and nowhere else ([`Walk`]); a language says only what its words are
//! ([`Words`]). A condition becomes something that tells apart where it surely holds, where it surely does
//! not, and where it is unknown; a number becomes its least and its greatest value ([`Range`]), both
//! without a value where nothing is known of it. Whatever is more than a name or a constant is given a
//! variable ([`Variables`]), so that the text grows with the rule and not with its depth.
//!
//! It is the engine's evaluation (`machine.rs` there) in other words; `tests/tests/schematron.rs` and
//! `tests/tests/fhir.rs` run both on the same records.

mod walk;
mod checks;
mod fields;
mod rules;
mod conditions;
mod compare;
mod numbers;
mod moments;
mod words;
mod variables;
mod formula;
mod range;
mod memory;

pub(crate) use checks::{Check, checks};
pub(crate) use formula::Formula;
pub(crate) use memory::Memory;
pub(crate) use range::{Range, is_literal, literal};
pub(crate) use variables::{End, Naming, Subject, Variable, Variables, View};
pub(crate) use walk::Walk;
pub(crate) use words::{Applied, Arithmetic, Calendar, Codes, Logic, Record, Words};

use super::Residue;
use kohyo_engine::Program;

/// What a rule becomes, or why the language cannot say it; for people.
pub(crate) type Translated<T> = Result<T, String>;

/// Why a rule is left out: the language has no words for this, and the engine says it.
pub(crate) fn unsayable(what: &str, language: &str) -> String {
    format!("{what}は{language}で表せない（記録の点検で確かめる）")
}

/// The functions of a form, which only the engine can run.
pub(crate) fn functions_left_out<W: Words>(program: &Program) -> impl Iterator<Item = Residue> {
    program.functions.iter().map(|function| Residue {
        rule: format!("function.{}", function.name),
        reason: unsayable("関数の計算", W::LANGUAGE),
    })
}
