//! The named corpus of hostile and broken files, each with the error that it must get.
//!
//! The files are made here; nothing binary is kept. Each family has its own module. The tests ask
//! whether every file is answered so (`tests/tests/hostile.rs`), `kohyo bench` how long the
//! answer takes and how much memory.

pub mod boxes;
mod csv;
mod json;
mod values;
mod xml;
mod zip;

/// A file of the form, and what is written in it.
macro_rules! definition {
    ($name:literal) => {
        (
            concat!("shitei/999_test/", $name),
            include_str!(concat!("../../editions/forms/shitei/999_test/", $name)),
        )
    };
}

/// A file and the checks that must find something in it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name; what it ends with decides how it is read.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Ids of the errors, sorted, with blanks between them.
    pub expected: &'static str,
}

fn case(name: impl Into<String>, bytes: impl Into<Vec<u8>>, expected: &'static str) -> Case {
    Case {
        name: name.into(),
        bytes: bytes.into(),
        expected,
    }
}

/// What is given to the check tool: records and containers, in XML, CSV, JSON (FHIR) and ZIP.
pub fn records() -> Vec<Case> {
    let families = [
        xml::cases(),
        values::cases(),
        csv::cases(),
        json::cases(),
        zip::cases(),
        boxes::as_records(),
    ];
    families.into_iter().flatten().collect()
}

/// The day on which they are judged.
pub const TODAY: &str = "2026-07-01";

/// The definitions of the forms that the records are of, each with its path in the folder of
/// definitions.
pub const DEFINITIONS: [(&str, &str); 5] = [
    definition!("form.kohyo"),
    definition!("shared.kohyo"),
    definition!("branch_02.kohyo"),
    definition!("edition_2015.kohyo"),
    definition!("edition_2020.kohyo"),
];

/// A record without any error.
pub const GOOD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <record xmlns=\"urn:kohyo:form:shitei-999:2024\" application=\"new\" written=\"2026-06-01\">\n  \
    <patient>\n    <birth_date>1950-04-01</birth_date>\n  </patient>\n  \
    <diagnosis>\n    <tremor>1</tremor>\n    <rigidity>1</rigidity>\n    <marker unit=\"U/mL\">10.5</marker>\n    \
    <new_marker>1</new_marker>\n  </diagnosis>\n  \
    <severity>\n    <stage>2</stage>\n    <onset>2019-04</onset>\n    <aid>1</aid>\n    <aid>3</aid>\n    \
    <aid_reason>歩行のため</aid_reason>\n  </severity>\n</record>\n";

/// The same as CSV: the head …
pub const HEAD: &str = "form,edition,application,written,birth_date,tremor,rigidity,marker,new_marker,stage,onset,aid,aid_reason\n";
/// … and the row.
pub const ROW: &str =
    "shitei-999,2024,new,2026-06-01,1950-04-01,1,1,10.5,1,2,2019-04,1;3,歩行のため\n";

/// The good record with one text replaced, which must be in it.
fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}
