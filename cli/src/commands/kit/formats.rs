//! The records of a kit as CSV and FHIR, and what the checker of records says of them.

use kohyo_compiler::kit::{
    Exchange, Expected, ExpectedFinding, ExpectedVerdict, Format, Kit, Values,
};
use kohyo_engine::{Date, Form};
use kohyo_exchange::{
    Checker, CsvWriter, Library, RecordFinding, RecordReport, WriteError, write_record,
    write_response,
};
use std::cell::RefCell;
use std::ops::ControlFlow;

/// Days between the records of a kit and their check.
const A_YEAR: i32 = 366;

/// The kit in this format.
pub fn kit_as(kit: Kit, format: Format, form: &Form, library: &Library) -> Kit {
    if format.is_xml() {
        return kit;
    }
    // Whoever checks the kit does so on some later day, and must be told the same.
    let written = last_day(&kit).unwrap_or(form.program().valid_from);
    let today = Date::from_day_number(written.first_day() + A_YEAR).unwrap_or(written);
    let desk = Desk {
        form,
        format,
        checker: RefCell::new(Checker::new(library.clone(), today).keeping_records()),
    };
    kit.rewritten(format, form.program(), &desk)
}

/// Where records of a form are written and checked in a format.
struct Desk<'f> {
    form: &'f Form,
    format: Format,
    checker: RefCell<Checker>,
}

impl Exchange for Desk<'_> {
    fn written(&self, values: &Values) -> Option<Vec<u8>> {
        written(self.form, self.format, values).ok()
    }

    fn said(&self, document: &[u8]) -> Expected {
        said(&mut self.checker.borrow_mut(), self.format, document)
    }
}

/// The last day on which a record of the kit was written, but for those from the future.
fn last_day(kit: &Kit) -> Option<Date> {
    let records = kit.records.iter();
    let written = records.filter_map(|record| record.values.as_ref()?.heading.written);
    let past = written.filter(|day| day.first_day() < Date::LAST_DAY);
    past.max_by_key(|day| day.first_day())
}

fn written(form: &Form, format: Format, values: &Values) -> Result<Vec<u8>, WriteError> {
    let (heading, raw) = (values.heading, &values.raw);
    let mut document = Vec::new();
    match format {
        Format::Xml => write_record(form, heading, raw, &mut document)?,
        Format::Fhir => write_response(form, heading, raw, &mut document)?,
        Format::Csv => {
            let mut writer = CsvWriter::new(form, &mut document)?;
            writer.write(heading, raw)?;
            writer.finish()?;
        }
    }
    Ok(document)
}

/// What the checker of records says of a document with one record.
fn said(checker: &mut Checker, format: Format, document: &[u8]) -> Expected {
    let mut said = Expected::default();
    let mut add = |report: RecordReport| {
        said.findings.extend(report.findings.iter().map(finding));
        said.verdict = said.verdict.take().or_else(|| verdict(&report));
        ControlFlow::Continue(())
    };
    match format {
        Format::Xml => checker.check_slice(document, &mut add),
        Format::Csv => checker.check_csv(|| Ok(document), &mut add),
        Format::Fhir => checker.check_responses(document, &mut add),
    }
    said
}

fn finding(found: &RecordFinding) -> ExpectedFinding {
    // The last element of the path, without an attribute behind it.
    let path = found.place.path.split("/@").next().unwrap_or_default();
    let element = path.rsplit('/').next().unwrap_or_default();
    ExpectedFinding {
        check: found.check.to_string(),
        item: (!found.item.is_empty()).then(|| element.to_owned()),
        level: found.level,
    }
}

/// What was judged, as kits say it; nothing if nothing was.
pub fn verdict(report: &RecordReport) -> Option<ExpectedVerdict> {
    let form = report.form.as_ref()?;
    let categories = report.categories.as_ref()?.as_slice();
    let judgements = form.program().judgements.iter().zip(categories);
    let judgements = judgements.map(|(judgement, category)| {
        let category = category.and_then(|at| judgement.categories.get(usize::from(at)));
        let name = category.map(|category| category.name.clone());
        (judgement.name.clone(), name)
    });
    Some(ExpectedVerdict {
        result: report.result?,
        judgements: judgements.collect(),
        previous: report.previous,
    })
}
