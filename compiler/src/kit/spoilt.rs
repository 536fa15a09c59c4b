//! Records for the checks of the way in which CSV and FHIR are written: a sound document of the
//! kit, and the one thing that was done to it.
//!
//! What must be found stands beside what was done. The checker of records has to say the same; a
//! document of which it says anything else is not handed out, and its check is listed as a gap.

mod csv;
mod fhir;

use super::formats::Exchange;
use super::{Expected, ExpectedFinding, Format, Kit, Purpose, Record, Side};
use crate::emit::wire;
use kohyo_engine::Program;
use kohyo_engine::program::{Field, Level};

/// So many sound records are tried for one damage.
const TRIED: usize = 200;

/// What is said of a document beside what is found in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// The record is read and judged as before.
    AsBefore,
    /// The record is judged without the answer that cannot be read.
    Without,
    /// Nothing is judged, and nothing else is found.
    Nothing,
}

/// Does something to a document; nothing if it is not such that it can be done.
type Make = dyn Fn(&str) -> Option<Vec<u8>>;

/// Something that can be done to a document.
struct Damage {
    check: &'static str,
    level: Level,
    says: Says,
    purpose: &'static str,
    make: Box<Make>,
}

/// Adds the records for the checks of a format behind those of the kit in it.
pub(super) fn add(kit: &mut Kit, program: &Program, exchange: &dyn Exchange) {
    let damages = match kit.format {
        Format::Xml => return,
        Format::Csv => csv::damages(program),
        Format::Fhir => fhir::damages(program),
    };
    // Those of the smallest sound records come first.
    let sound =
        |record: &&Record| record.expected.findings.is_empty() && record.expected.verdict.is_some();
    let sound: Vec<Record> = kit.records.iter().filter(sound).cloned().collect();
    let others = kit.left_out.iter().map(|left| &left.file);
    let files = kit.records.iter().map(|record| &record.file).chain(others);
    let mut number = files.filter_map(|file| number_of(file)).max().unwrap_or(0);
    for damage in damages {
        // Of some the verdict hangs on the day of the check, which counts where none is written.
        let made = sound.iter().take(TRIED).find_map(|record| {
            let text = std::str::from_utf8(&record.document).ok()?;
            let document = (damage.make)(text)?;
            let said = exchange.said(&document);
            let is_told = damage.is_told(&record.expected, &said);
            is_told.then_some((document, said))
        });
        let Some((document, said)) = made else {
            continue;
        };
        number += 1;
        let name = damage.check.replace('.', "-");
        kit.records.push(Record {
            file: format!("{number:04}-{name}.{}", kit.format.extension()),
            document,
            values: None,
            purposes: vec![Purpose {
                check: damage.check.to_owned(),
                side: Side::Fail,
                purpose: damage.purpose.to_owned(),
            }],
            expected: said,
        });
    }
}

/// 123 of `0123-required-tremor.csv`.
fn number_of(file: &str) -> Option<usize> {
    file.split('-').next()?.parse().ok()
}

impl Damage {
    fn new(
        check: &'static str,
        says: Says,
        purpose: &'static str,
        make: impl Fn(&str) -> Option<Vec<u8>> + 'static,
    ) -> Self {
        Self {
            check,
            level: Level::Error,
            says,
            purpose,
            make: Box::new(make),
        }
    }

    fn warning(self) -> Self {
        Self {
            level: Level::Warning,
            ..self
        }
    }

    /// Whether just this is said of what was made of a sound record.
    fn is_told(&self, sound: &Expected, said: &Expected) -> bool {
        let is_it =
            |found: &ExpectedFinding| found.check == self.check && found.level == self.level;
        let judged = match self.says {
            Says::AsBefore => said.verdict == sound.verdict,
            Says::Without => said.verdict.is_some(),
            Says::Nothing => said.verdict.is_none(),
        };
        judged && matches!(said.findings.as_slice(), [one] if is_it(one))
    }
}

/// The text with the first of these exchanged; nothing if it is not there.
fn exchanged(text: &str, what: &str, by: &str) -> Option<Vec<u8>> {
    let at = text.find(what)?;
    let (before, rest) = text.split_at_checked(at)?;
    let after = rest.strip_prefix(what)?;
    Some([before, by, after].concat().into_bytes())
}

/// The names of these items, in the order of the record.
fn names(program: &Program, wanted: fn(&Field) -> bool) -> Vec<String> {
    let sections = wire::sections(program);
    let fields = sections.iter().flat_map(|section| &section.fields);
    let fields = fields.map(|placed| placed.field);
    let names = fields.filter(|field| wanted(field));
    names.map(|field| field.name.clone()).collect()
}
