//! A filled form on the wire: `Program × Heading × written values → record XML, CSV`.
//!
//! In go a form, what stands at the head of a record ([`Heading`]) and its values as they are
//! written; out come record XML ([`RecordWriter`], [`RecordsWriter`]) and rows of CSV ([`CsvWriter`]).
//! Where an answer stands, and what namespaces, columns and code tables are called, is said here
//! once ([`wire`], [`csv`]): for whoever describes records (the compiler's targets), whoever makes
//! them, and whoever reads them (`kohyo-exchange`).
//!
//! Nothing here reads a record, opens a file or looks at a clock; the same record gives the same
//! bytes everywhere.

pub mod wire;
mod heading;
mod xml;
pub mod csv;

pub use crate::csv::{CsvWriter, csv_template};
pub use heading::{Heading, application_word};
pub use xml::{
    RECORDS_NAMESPACE, RecordWriter, RecordsWriter, WriteError, is_forbidden, write_record,
};
