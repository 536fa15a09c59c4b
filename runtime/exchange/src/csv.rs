//! Records as CSV, read: a row per record, a column per wire name (written by `kohyo-record`).
//!
//! ```text
//! form,edition,application,written,name,birth_date,tremor,signs
//! #様式,版,申請の種類,記載年月日,氏名,生年月日,安静時振戦,その他の徴候
//! shitei-006,2020,new,2026-06-01,山田 太郎,1950-04-01,1,1;3
//! ```
//!
//! Four columns say what the XML says in the start tag of the record; every other column is a
//! field, in any order. Rows and sides have a column per question, with the flat names that they
//! have on every wire. Several codes stand in one cell, separated by `;`. A line whose first cell
//! begins with `#` is passed over. Each row is read by its form; in a column of other forms it has
//! nothing. Described for users in `docs/exchange/csv.md`.

mod decode;
mod cut;
mod heading;
mod read;
mod spreadsheet;
mod scan;

#[cfg(test)]
mod tests;

pub(crate) use cut::{Tally, head_of_table, tally};
pub(crate) use decode::{Charset, Decoded, detect};
pub(crate) use read::{read, read_stretch};
