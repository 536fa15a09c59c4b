//! Judging, checking XML and compiling.

use super::records::TestRecord;
use super::sampler::{Pair, compare, repeat};
use super::{Subject, by_hand};
use crate::disk::{Failure, Workspace};
use kohyo_compiler::SyntaxCache;
use kohyo_engine::{Answers, Context, Scratch, judge_with};
use kohyo_exchange::{Checker, read_record};
use std::ops::ControlFlow;
use std::time::Duration;

/// Judging records already read: the engine, which knows any form, and straight code.
pub fn judge(subject: &Subject, records: &[TestRecord]) -> Result<Pair, Failure> {
    let (ours, theirs): (Vec<(Answers, Context)>, Vec<by_hand::Sle>) = records
        .iter()
        .filter_map(|record| parsed(subject, record))
        .unzip();
    if ours.len() * 2 < records.len() {
        return Err(Failure::Other("計測用の個票を読み取れません".to_owned()));
    }
    let mut scratch = Scratch::default();
    Ok(compare(
        100,
        (&ours, |(answers, context)| {
            judge_with(&mut scratch, &subject.form, answers, context)
        }),
        (&theirs, by_hand::Sle::judge),
    ))
}

/// A record as each side reads it, if it can be read to its end.
pub fn parsed(
    subject: &Subject,
    record: &TestRecord,
) -> Option<((Answers, Context), by_hand::Sle)> {
    let (ours, _) = read_record(&record.xml, &subject.library).ok()?;
    let context = Context {
        today: ours.written.unwrap_or(subject.today),
        application: ours.application,
    };
    Some(((ours.answers, context), by_hand::read(&record.xml).sle?))
}

/// From XML in memory to error list and verdict.
pub fn xml(subject: &Subject, records: &[TestRecord]) -> Pair {
    let mut checker = Checker::new(subject.library.clone(), subject.today);
    let mut reports = Vec::new();
    let today = by_hand::day(subject.today);
    compare(
        20,
        (records, |record| {
            reports.clear();
            checker.check_slice(&record.xml, &mut |report| {
                reports.push(report);
                ControlFlow::Continue(())
            });
            reports.len()
        }),
        (records, |record| by_hand::check(&record.xml, today)),
    )
}

/// How long all definitions take from text to program.
#[derive(Clone, Copy, Debug)]
pub struct Compile {
    pub time: Duration,
    pub diseases: usize,
}

/// Compiles every disease of the folder; the syntax of a shared module is kept within a round, and
/// nothing is kept from one round to the next.
pub fn compile(workspace: &Workspace) -> Result<Compile, Failure> {
    let files = &workspace.files;
    let diseases = kohyo_compiler::diseases(files);
    let all = || -> usize {
        let mut cache = SyntaxCache::default();
        let compiled = diseases
            .iter()
            .map(|disease| kohyo_compiler::compile_with(files, &mut cache, &disease.path));
        compiled
            .filter(|compiled| compiled.program.is_some())
            .count()
    };
    if all() < diseases.len() {
        return Err(Failure::Other(
            "誤りのある定義があるため、コンパイルの時間を測れません\n  `kohyo check` で確認してください".to_owned(),
        ));
    }
    Ok(Compile {
        time: repeat(15, all),
        diseases: diseases.len(),
    })
}
