//! Record XML, bulk check, error list.
//!
//! ```text
//! written values ─ write ─► XML, CSV, FHIR ─ read ─► answers ─ check ─► findings and result ─► error list
//!        ▲                    (ZIP)                              └─ pack ─► seal ─► container
//! form ─ generate
//! ```
//!
//! In go records (XML, CSV, FHIR QuestionnaireResponse, or any of them in a ZIP) and the forms at hand ([`Library`]); out come answers ([`read_record`]), or for
//! every record its findings and result ([`check_document`], [`check_records`]), written as an
//! error list ([`ErrorList`]). Records travel in a sealed container ([`seal`]); whoever receives one
//! reads it as a [`Delivery`]. Memory does not grow with the size of a file. Nothing here knows a
//! database or a network, and files are only opened by the bulk check, and by a library for checks,
//! which puts forms aside in one without a name.
//!
//! # The layout
//!
//! ```xml
//! <?xml version="1.0" encoding="UTF-8"?>
//! <record xmlns="urn:kohyo:form:shitei-006:2020" application="new" written="2026-06-01">
//!   <patient>
//!     <birth_date>1950-04-01</birth_date>
//!   </patient>
//!   <diagnosis>
//!     <tremor>1</tremor>
//!   </diagnosis>
//! </record>
//! ```
//!
//! An element per section, in it an element per field, both in the order of the form; groups do
//! not appear. The text is the value as it is written on every wire. A field with several codes
//! repeats its element. A number may carry its unit (`unit="mg/dL"`), and no other one. What is
//! not answered is left out. Many records, of any forms, stand in
//! `<records xmlns="urn:kohyo:records">`.
//!
//! The layout is our own: the official one has not been published.

mod library;
mod stretch;
mod record;
mod layout;
mod read;
mod scan;
mod csv;
mod fhir;
mod value;
mod check;
mod finding;
mod normalise;
mod foreign;
mod archive;
mod bulk;
mod judged;
mod errorlist;
mod changes;
pub mod generate;
mod pack;
pub mod seal;
mod delivery;

#[cfg(test)]
mod samples;

pub use bulk::{
    BrokenFile, Options, Progress, Results, Summary, check_records, is_clutter, is_read,
    is_record_file,
};
pub use changes::ChangeList;
pub use check::{Checker, RecordReport, check_document};
pub use delivery::{Budget, Delivery, DeliveryError, DeliveryKind, count_records};
pub use errorlist::{COLUMNS, ErrorList, harmless, head};
pub use fhir::{ResponseWriter, read_response, write_response};
pub use finding::{Place, RecordFinding};
pub use foreign::Foreign;
pub use judged::{Judged, JudgedForm, UNSIGNED};
pub use kohyo_engine::completed;
pub use kohyo_record::wire::{FORM_NAMESPACE, namespace};
pub use kohyo_record::{
    CsvWriter, Heading, RECORDS_NAMESPACE, RecordWriter, RecordsWriter, WriteError, csv_template,
    write_record,
};
pub use library::{FormName, Library, LibraryError, Trouble};
pub use normalise::{Change, as_wire};
pub use pack::{Pack, PackError};
pub use read::{Broken, MAX_DEPTH, MAX_FINDINGS, MAX_RECORD, ReadRecord, Reader, read_record};
pub use record::Record;
