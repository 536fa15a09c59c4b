//! What each case would notice: its expectations, by position in the program.

use crate::cases::{self, CaseFile, Expect};
use kohyo_engine::{Answers, Context, Form, Observation, Scratch, Tri, observe_with};

/// A case made ready to be judged again and again.
pub(super) struct Ready {
    /// Its position in the file.
    pub index: usize,
    pub answers: Answers,
    pub context: Context,
    /// What the definition as written says.
    pub seen: Observation,
    /// Whether everything is as it expects.
    pub holds: bool,
    pub watch: Watch,
}

/// The positions that a case looks at.
#[derive(Default)]
pub(super) struct Watch {
    result: bool,
    judgements: Vec<usize>,
    values: Vec<usize>,
    shown: Vec<usize>,
    required: Vec<usize>,
    checks: Vec<usize>,
    /// The sets of missing items, sorted.
    pub missing: Option<Vec<Vec<String>>>,
}

/// The cases whose day can be read; one that does not hold guards nothing.
pub(super) fn ready(form: &Form, file: &CaseFile) -> Vec<Ready> {
    // What the previous edition says is not a matter of this definition.
    let mut own = file.clone();
    for case in &mut own.cases {
        case.expect.previous = None;
    }
    let report = cases::run(form, &own);
    let mut scratch = Scratch::default();
    let all = report.cases.iter().zip(&file.cases).enumerate();
    all.filter_map(|(index, (result, case))| {
        let context = cases::context(case)?;
        let raw = cases::answers(form, file, case);
        let (answers, _) = kohyo_engine::read_lenient(form, &raw);
        let seen = observe_with(&mut scratch, form, &answers, &context);
        Some(Ready {
            index,
            answers,
            context,
            seen,
            holds: result.passed,
            watch: if result.passed {
                watch(form, &case.expect)
            } else {
                Watch::default()
            },
        })
    })
    .collect()
}

fn watch(form: &Form, expect: &Expect) -> Watch {
    let program = form.program();
    let field = |name: &str| form.field_id(name).map(|id| usize::from(id.0));
    let mut watch = Watch {
        result: expect.result.is_some(),
        missing: expect.missing.clone().map(sorted),
        ..Watch::default()
    };
    for name in expect.judgements.keys() {
        let found = program.judgements.iter().position(|j| j.name == *name);
        watch.judgements.extend(found);
    }
    for name in expect.values.keys() {
        let found = program.definitions.iter().position(|d| d.name == *name);
        watch.values.extend(found);
    }
    for id in expect.findings.iter().chain(&expect.no_findings) {
        match id.split_once('.') {
            Some(("required", name)) => watch.required.extend(field(name)),
            Some(("hidden", name)) => watch.shown.extend(field(name)),
            _ => watch
                .checks
                .extend(program.checks.iter().position(|check| check.id == *id)),
        }
    }
    for name in expect.hidden.iter().chain(&expect.shown) {
        watch.shown.extend(field(name));
    }
    watch
}

/// Sets of names in a fixed order.
pub(super) fn sorted(mut sets: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for set in &mut sets {
        set.sort();
    }
    sets.sort();
    sets
}

impl Watch {
    /// Whether the case would fail if this were seen instead.
    pub(super) fn notices(&self, before: &Observation, after: &Observation) -> bool {
        fn differ<T: PartialEq>(positions: &[usize], before: &[T], after: &[T]) -> bool {
            positions
                .iter()
                .any(|position| before.get(*position) != after.get(*position))
        }
        let violated = |seen: &Observation| -> Vec<bool> {
            seen.violated
                .iter()
                .map(|holds| *holds == Tri::True)
                .collect()
        };
        (self.result && before.result != after.result)
            || differ(
                &self.judgements,
                before.categories.as_slice(),
                after.categories.as_slice(),
            )
            || differ(&self.values, &before.values, &after.values)
            || differ(&self.shown, &before.shown, &after.shown)
            || differ(&self.required, &before.required, &after.required)
            || (!self.checks.is_empty()
                && differ(&self.checks, &violated(before), &violated(after)))
    }
}

/// Whether people would see any difference.
pub(super) fn differs(before: &Observation, after: &Observation) -> bool {
    let violated = |a: &Tri, b: &Tri| (*a == Tri::True) == (*b == Tri::True);
    before.result != after.result
        || before.categories != after.categories
        || before.values != after.values
        || before.shown != after.shown
        || before.required != after.required
        || !before
            .violated
            .iter()
            .zip(&after.violated)
            .all(|(a, b)| violated(a, b))
}

/// Whether the judgement itself would be another.
pub(super) fn decides(before: &Observation, after: &Observation) -> bool {
    before.result != after.result || before.categories != after.categories
}
