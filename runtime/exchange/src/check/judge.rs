//! A record that has been read → its report: the rules of its form, its dates, its result.

use super::RecordReport;
use crate::finding::{Place, RecordFinding};
use crate::library::Library;
use crate::read::ReadRecord;
use kohyo_engine::program::{Application, Level};
use kohyo_engine::{
    Answers, Categories, Context, Date, Finding, Form, ResultKind, Scratch, check_with,
    judge_previous, written_values,
};
use kohyo_record::csv::SEPARATOR;

/// Who judges records, by what, and as of when.
pub(super) struct Judge<'a> {
    pub(super) library: &'a Library,
    /// The day of the check; a record that says when it was written is judged as of that day.
    pub(super) today: Date,
    /// Whether reports carry their record.
    pub(super) keep: bool,
    pub(super) scratch: &'a mut Scratch,
}

/// What the rules of a form say of a record.
struct Judged {
    result: ResultKind,
    categories: Categories,
    previous: Option<ResultKind>,
}

impl Judge<'_> {
    pub(super) fn report(&mut self, mut record: ReadRecord<'_>) -> RecordReport {
        let mut findings = std::mem::take(&mut record.findings);
        let changes = std::mem::take(&mut record.changes);
        let whole = !findings.iter().any(|finding| finding.level == Level::Error);
        if let Some(form) = record.form {
            dates(&record, self.today, form, &mut findings);
        }
        let judged = self.judged(&record, &mut findings);
        let previous = judged.as_ref().and_then(|judged| judged.previous);
        RecordReport {
            number: record.number,
            of: record.name.cloned(),
            form: record.form.filter(|_| self.keep).cloned(),
            application: record.application,
            written: record.written,
            whole,
            stopped: false,
            result: judged.as_ref().map(|judged| judged.result),
            categories: judged.map(|judged| judged.categories),
            previous,
            findings,
            changes,
            unread: std::mem::take(&mut record.unread),
            record: self
                .keep
                .then(|| record.to_record())
                .flatten()
                .map(Box::new),
        }
    }

    /// The result and, added to `findings`, what the rules of the form found; nothing if form or
    /// kind of application is not known.
    fn judged(
        &mut self,
        record: &ReadRecord<'_>,
        findings: &mut Vec<RecordFinding>,
    ) -> Option<Judged> {
        let form = record.form?;
        let context = Context {
            today: record.written.unwrap_or(self.today),
            application: record.application?,
        };
        let (verdict, of_form) = check_with(self.scratch, form, record.answers, &context);
        let previous = self.by_previous(record, form, &context);
        let read = findings.len();
        for finding in of_form {
            let place = match finding.main_field() {
                Some(field) => record.place_of(field),
                None => Place {
                    path: String::new(),
                    ..record.place()
                },
            };
            // What was written but could not be read is not missing as well.
            let missing = finding.check.starts_with("required.");
            if !(missing
                && findings
                    .iter()
                    .take(read)
                    .any(|found| is_unread(found, &place)))
            {
                findings.push(of_the_form(finding, form, record.answers, place));
            }
        }
        if let (Some(ResultKind::Eligible), Some(edition)) = (previous, &form.program().fallback)
            && verdict.result != ResultKind::Eligible
        {
            findings.push(only_by_previous(record, edition));
        }
        Some(Judged {
            result: verdict.result,
            categories: verdict.categories,
            previous,
        })
    }

    /// The result of a renewal by the rules of the previous edition, if its form may use them.
    fn by_previous(
        &mut self,
        record: &ReadRecord<'_>,
        form: &Form,
        context: &Context,
    ) -> Option<ResultKind> {
        let program = form.program();
        if context.application != Application::Renewal || program.fallback.is_none() {
            return None;
        }
        let lineage = self.library.previous(&program.key, &program.edition)?;
        judge_previous(self.scratch, &lineage, record.answers, context)
            .map(|verdict| verdict.result)
    }
}

/// Whether what was found is that a value at this place could not be read.
fn is_unread(found: &RecordFinding, place: &Place) -> bool {
    let rest = found.place.path.strip_prefix(&place.path);
    found.level == Level::Error && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn only_by_previous(record: &ReadRecord<'_>, edition: &str) -> RecordFinding {
    RecordFinding {
        level: Level::Information,
        ..RecordFinding::error(
            "record.previous_edition",
            record.place(),
            format!(
                "更新のため、{edition}年版の基準でも判定しました。そちらでは認定基準を満たします"
            ),
            "どちらの基準で認定するかは自治体が決めます",
        )
    }
}

/// What a rule found, with the item that it points at first and what is answered there.
fn of_the_form(
    mut finding: Finding,
    form: &Form,
    answers: &Answers,
    place: Place,
) -> RecordFinding {
    let mut item = String::new();
    if let Some(id) = finding.main_field() {
        item = form
            .field(id)
            .map(|field| field.label.clone())
            .unwrap_or_default();
        finding.value = finding.value.or_else(|| {
            let values = written_values(form, id, answers.get(id));
            (!values.is_empty()).then(|| values.join(SEPARATOR.encode_utf8(&mut [0; 4])))
        });
    }
    RecordFinding::of(finding, item, place)
}

/// The day it was written lies in the past and within the life of the edition.
fn dates(record: &ReadRecord<'_>, today: Date, form: &Form, findings: &mut Vec<RecordFinding>) {
    let Some(written) = record.written else {
        return;
    };
    let place = || {
        let mut place = record.place();
        place.path.push_str("/@written");
        place
    };
    if written.first_day() > today.last_day() {
        findings.push(
            RecordFinding::error(
                "record.written_in_future",
                place(),
                "記載年月日が今日より後です",
                "記載年月日（written）を確かめてください",
            )
            .with_value(&written.to_string()),
        );
    }
    let program = form.program();
    let over = program
        .valid_to
        .is_some_and(|end| written.first_day() > end.last_day());
    if over || written.last_day() < program.valid_from.first_day() {
        findings.push(RecordFinding {
            level: Level::Warning,
            ..RecordFinding::error(
                "record.edition_not_in_force",
                place(),
                format!(
                    "記載年月日が版「{}」の適用期間の外にあります",
                    program.edition
                ),
                "記載年月日と様式の版を確かめてください",
            )
            .with_value(&written.to_string())
        });
    }
}
