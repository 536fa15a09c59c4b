//! A verdict with its reasons as HTML.

use crate::templates::{PageError, draw};
use crate::{Mode, form, identifying, result_of, standing};
use kohyo_engine::program::Programme;
use kohyo_engine::{
    ExplainNode, JudgementOutcome, MissingSet, Outcome, PageView, Previous, ResultKind, Tri,
    WhatIf, WhatIfItem,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The result, the category of each judgement, why, and what is missing.
///
/// A renewal that may also be judged by the rules of the previous edition shows both results, the
/// newest first. On masked paper answers that name the person are not quoted in the reasons.
pub fn verdict_html(
    outcome: &Outcome,
    previous: Option<&Previous>,
    view: &PageView,
    mode: Mode,
) -> Result<String, PageError> {
    let masked = if mode.masked() {
        identifying(view)
    } else {
        BTreeSet::new()
    };
    draw(
        "verdict.html",
        "verdict",
        &VerdictContext::new(outcome, previous, view, &masked, mode),
    )
}

/// More sets of missing items than these are folded away.
const MOST_SETS: usize = 4;

#[derive(Serialize)]
struct VerdictContext<'a> {
    /// What is said to be judged.
    kicker: &'a str,
    /// In front of its test ids: a page shows the verdict of a record and perhaps another.
    prefix: &'static str,
    result: &'static str,
    label: &'static str,
    /// On paper, where nothing can be unfolded.
    print: bool,
    /// Nothing that decides is answered yet.
    untouched: bool,
    exact: bool,
    judgements: Vec<JudgementItem<'a>>,
    missing: Vec<MissingItem<'a>>,
    /// What is folded away because the list is long.
    missing_more: Vec<MissingItem<'a>>,
    alternatives: bool,
    /// The result of all answers that fall into no gap.
    but_for_gaps: Option<&'static str>,
    /// Dates whose day decides but is not asked.
    coarse: Vec<CoarseDate<'a>>,
    what_if: Vec<WhatIfGroup<'a>>,
    values: Vec<ValueItem<'a>>,
    previous: Option<PreviousItem<'a>>,
}

/// What the previous edition says.
#[derive(Serialize)]
struct PreviousItem<'a> {
    edition: &'a str,
    result: &'static str,
    label: &'static str,
    judgements: Vec<JudgementItem<'a>>,
    unread: Vec<UnreadItem<'a>>,
    /// Whether the reasons are shown.
    reasons: bool,
}

#[derive(Serialize)]
struct UnreadItem<'a> {
    label: &'a str,
    why: &'static str,
}

/// The changes that would give one result.
#[derive(Serialize)]
struct WhatIfGroup<'a> {
    result: &'static str,
    label: &'static str,
    changes: Vec<Vec<WhatIfField<'a>>>,
}

#[derive(Serialize)]
struct WhatIfField<'a> {
    name: &'a str,
    label: &'a str,
    now: &'a str,
    then: String,
}

#[derive(Serialize)]
struct JudgementItem<'a> {
    testid: String,
    label: &'a str,
    category: Option<&'a str>,
    eligible_class: &'static str,
    eligible_label: &'static str,
    /// Labels of the categories still possible.
    possible: String,
    /// What would settle it, where the result does not depend on it.
    missing: Vec<MissingItem<'a>>,
    steps: Vec<Step<'a>>,
}

/// The tree laid out flat: branches open and close, so that no depth is too deep for a template.
#[derive(Serialize)]
struct Step<'a> {
    /// `branch`, `leaf`, `close`.
    kind: &'static str,
    key: String,
    open: bool,
    holds: &'static str,
    holds_label: &'static str,
    mark: &'static str,
    /// Of a category: whether it is the one that applies.
    applies: Option<&'static str>,
    text: &'a str,
    cites: Option<&'a str>,
    answer: Option<&'a str>,
    field: Option<&'a str>,
}

#[derive(Serialize)]
struct MissingItem<'a> {
    items: Vec<MissingField<'a>>,
    leads_to: String,
}

#[derive(Serialize)]
struct MissingField<'a> {
    name: &'a str,
    label: &'a str,
    /// What stands there: 「未記入」, or the answer that leaves it open.
    why: &'a str,
}

#[derive(Serialize)]
struct CoarseDate<'a> {
    name: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct ValueItem<'a> {
    label: &'a str,
    text: &'a str,
}

impl<'a> VerdictContext<'a> {
    fn new(
        outcome: &'a Outcome,
        previous: Option<&'a Previous>,
        view: &'a PageView,
        masked: &BTreeSet<&str>,
        mode: Mode,
    ) -> Self {
        let programme = view.programme;
        let (result, label) = result_of(outcome, programme);
        let label = if mode == Mode::Edit {
            standing(outcome, view)
        } else {
            label
        };
        let untouched = mode == Mode::Edit && is_untouched(outcome, view);
        let written = written(view, masked);
        let mut missing: Vec<_> = most_hopeful_first(&outcome.missing)
            .into_iter()
            .filter(|_| !untouched)
            .map(|set| missing_item(set, programme, &written))
            .collect();
        let missing_more = missing.split_off(missing.len().min(MOST_SETS));
        let itself = programme == Programme::Itself;
        Self {
            kicker: if itself { &view.title } else { "機械判定" },
            prefix: if itself { "programme-" } else { "" },
            result,
            label,
            print: matches!(mode, Mode::Print { .. }),
            untouched,
            exact: outcome.exact,
            judgements: outcome
                .judgements
                .iter()
                .map(|judgement| JudgementItem {
                    missing: match untouched {
                        true => Vec::new(),
                        false => missing_of_judgement(judgement, &written),
                    },
                    ..judgement_item("category", judgement, masked, mode)
                })
                .collect(),
            previous: previous.map(|previous| previous_item(previous, programme, mode)),
            alternatives: outcome.missing.len() > 1,
            missing,
            missing_more,
            but_for_gaps: outcome
                .but_for_gaps
                .filter(|_| !untouched)
                .map(|result| result.label_in(programme)),
            coarse: outcome
                .coarse
                .iter()
                .map(|item| CoarseDate {
                    name: &item.name,
                    label: &item.label,
                })
                .collect(),
            // Paper cannot be unfolded, and what is filed is no longer checked there.
            what_if: match mode {
                Mode::Print { .. } => Vec::new(),
                Mode::Edit | Mode::Read => what_if(&outcome.what_if, programme, masked),
            },
            values: outcome
                .values
                .iter()
                .map(|value| ValueItem {
                    label: &value.label,
                    text: &value.text,
                })
                .collect(),
        }
    }
}

/// The fields of the previous edition are not those of the page: its reasons link nowhere, and on
/// masked paper, where it is not known which of its answers name the person, there are none.
fn previous_item(previous: &Previous, programme: Programme, mode: Mode) -> PreviousItem<'_> {
    let (result, label) = result_of(&previous.outcome, programme);
    let mut judgements: Vec<JudgementItem<'_>> = previous
        .outcome
        .judgements
        .iter()
        .map(|judgement| judgement_item("previous", judgement, &BTreeSet::new(), mode))
        .collect();
    for judgement in &mut judgements {
        if mode.masked() {
            judgement.steps.clear();
        }
        for step in &mut judgement.steps {
            step.field = None;
            step.key = format!("previous.{}", step.key);
        }
    }
    PreviousItem {
        edition: &previous.edition,
        result,
        label,
        judgements,
        unread: previous
            .unread
            .iter()
            .map(|unread| UnreadItem {
                label: &unread.label,
                why: unread.why.label(),
            })
            .collect(),
        reasons: !mode.masked(),
    }
}

/// What would change the result, by result; nothing that quotes a masked answer.
fn what_if<'a>(
    changes: &'a [WhatIf],
    programme: Programme,
    masked: &BTreeSet<&str>,
) -> Vec<WhatIfGroup<'a>> {
    let mut groups: Vec<WhatIfGroup<'a>> = Vec::new();
    for change in changes {
        let quotes = |item: &WhatIfItem| masked.contains(item.name.as_str());
        if change.items.iter().any(quotes) {
            continue;
        }
        let fields = change.items.iter().map(|item| WhatIfField {
            name: &item.name,
            label: &item.label,
            now: &item.now,
            then: item
                .then
                .iter()
                .map(|answer| format!("「{answer}」"))
                .collect::<Vec<_>>()
                .join("又は"),
        });
        let fields = fields.collect();
        match groups
            .iter_mut()
            .find(|group| group.result == change.result.name())
        {
            Some(group) => group.changes.push(fields),
            None => groups.push(WhatIfGroup {
                result: change.result.name(),
                label: change.result.label_in(programme),
                changes: vec![fields],
            }),
        }
    }
    groups
}

fn missing_item<'a>(
    set: &'a MissingSet,
    programme: Programme,
    written: &BTreeMap<&str, &'a str>,
) -> MissingItem<'a> {
    let results = set.leads_to.iter();
    MissingItem {
        items: missing_fields(&set.items, written),
        leads_to: alternatives(results.map(|result| result.label_in(programme))),
    }
}

/// What would settle the category of a judgement.
fn missing_of_judgement<'a>(
    judgement: &'a JudgementOutcome,
    written: &BTreeMap<&str, &'a str>,
) -> Vec<MissingItem<'a>> {
    let sets = judgement.missing.iter().map(|set| {
        let categories = set.leads_to.iter();
        MissingItem {
            items: missing_fields(&set.items, written),
            leads_to: alternatives(categories.map(|category| category.label.as_str())),
        }
    });
    sets.collect()
}

fn missing_fields<'a>(
    items: &'a [kohyo_engine::MissingItem],
    written: &BTreeMap<&str, &'a str>,
) -> Vec<MissingField<'a>> {
    let fields = items.iter().map(|item| MissingField {
        name: &item.name,
        label: &item.label,
        why: match written.get(item.name.as_str()) {
            _ if !item.unknown => "未記入",
            Some(answer) => answer,
            None => "不明・未実施",
        },
    });
    fields.collect()
}

/// 「対象」又は「対象外」
fn alternatives<'l>(labels: impl Iterator<Item = &'l str>) -> String {
    let quoted: Vec<String> = labels.map(|label| format!("「{label}」")).collect();
    quoted.join("又は")
}

/// What is answered, as people read it, by the name of the question; nothing that is masked.
fn written<'a>(view: &'a PageView, masked: &BTreeSet<&str>) -> BTreeMap<&'a str, &'a str> {
    form::fields(view)
        .filter(|field| !field.text.is_empty() && !masked.contains(field.name.as_str()))
        .map(|field| (field.name.as_str(), field.text.as_str()))
        .collect()
}

/// Sets that can lead to a favourable result first, the order of the engine among equals.
fn most_hopeful_first(sets: &[MissingSet]) -> Vec<&MissingSet> {
    let mut sets: Vec<&MissingSet> = sets.iter().collect();
    sets.sort_by_key(|set| {
        let best = |kind| set.leads_to.contains(&kind);
        (!best(ResultKind::Eligible), !best(ResultKind::Mild))
    });
    sets
}

/// Whether nothing that a judgement reads is answered yet: a form just opened.
pub(crate) fn is_untouched(outcome: &Outcome, view: &PageView) -> bool {
    if outcome.result != ResultKind::Undetermined {
        return false;
    }
    let mut read = BTreeSet::new();
    let mut nodes: Vec<&ExplainNode> = outcome
        .judgements
        .iter()
        .flat_map(|judgement| &judgement.explanation)
        .collect();
    while let Some(node) = nodes.pop() {
        read.extend(node.field.as_deref());
        nodes.extend(&node.children);
    }
    !form::fields(view).any(|field| !field.values.is_empty() && read.contains(field.name.as_str()))
}

fn judgement_item<'a>(
    kind: &str,
    judgement: &'a JudgementOutcome,
    masked: &BTreeSet<&str>,
    mode: Mode,
) -> JudgementItem<'a> {
    let eligible = judgement
        .category
        .as_ref()
        .map(|category| category.eligible);
    // What fell through every rule is explained by the rules that failed.
    let fell_through = judgement
        .explanation
        .iter()
        .any(|node| node.holds == Tri::True && node.children.is_empty());
    let mut steps = Vec::new();
    let mut decided = false;
    for (index, node) in judgement.explanation.iter().enumerate() {
        if is_unused_otherwise(node) {
            continue;
        }
        // Paper cannot be unfolded; on a screen the reasons worth reading first stand open.
        let open = match mode {
            Mode::Print { .. } => Open::All,
            Mode::Edit | Mode::Read if node.holds == Tri::False && !fell_through => Open::Levels(0),
            Mode::Edit | Mode::Read => Open::Levels(2),
        };
        let first = steps.len();
        lay_out(
            node,
            format!("{}.{index}", judgement.name),
            open,
            masked,
            &mut steps,
        );
        if let Some(root) = steps.get_mut(first) {
            root.applies = Some(if decided && node.holds == Tri::True {
                "上の区分を優先"
            } else {
                applies(node.holds)
            });
        }
        decided |= node.holds == Tri::True;
    }
    JudgementItem {
        testid: format!("{kind}-{}", judgement.name),
        label: &judgement.label,
        category: judgement
            .category
            .as_ref()
            .map(|category| category.label.as_str()),
        eligible_class: if eligible == Some(true) {
            "eligible"
        } else {
            "not"
        },
        eligible_label: if eligible == Some(true) {
            "対象になる"
        } else {
            "対象にならない"
        },
        possible: judgement
            .explanation
            .iter()
            .filter(|node| node.holds != Tri::False)
            .map(|node| node.text.as_str())
            .collect::<Vec<_>>()
            .join("・"),
        missing: Vec::new(),
        steps,
    }
}

/// A category for whoever fits no other has no rule of its own: where it does not apply, there is
/// nothing to tell.
fn is_unused_otherwise(node: &ExplainNode) -> bool {
    node.holds == Tri::False && node.children.is_empty() && node.answer.is_none()
}

/// Whether a category is the one that applies. Its rule may hold and the patient not be eligible: the
/// words and marks of conditions would be read as the opposite.
fn applies(holds: Tri) -> &'static str {
    match holds {
        Tri::True => "該当",
        Tri::False => "非該当",
        Tri::Unknown => "未確定",
    }
}

#[derive(Clone, Copy)]
enum Open {
    All,
    Levels(u8),
}

fn lay_out<'a>(
    node: &'a ExplainNode,
    key: String,
    open: Open,
    masked: &BTreeSet<&str>,
    steps: &mut Vec<Step<'a>>,
) {
    let (holds, holds_label, mark) = match node.holds {
        Tri::True => ("true", "満たす", "○"),
        Tri::False => ("false", "満たさない", "×"),
        Tri::Unknown => ("unknown", "不明", "？"),
    };
    let branch = !node.children.is_empty();
    steps.push(Step {
        kind: if branch { "branch" } else { "leaf" },
        key: key.clone(),
        open: !matches!(open, Open::Levels(0)),
        holds,
        holds_label,
        mark,
        applies: None,
        text: &node.text,
        cites: node.cites.as_deref(),
        answer: node.answer_beside(masked),
        field: node.field.as_deref(),
    });
    if branch {
        let inner = match open {
            Open::All => Open::All,
            Open::Levels(levels) => Open::Levels(levels.saturating_sub(1)),
        };
        for (index, child) in node.children.iter().enumerate() {
            lay_out(child, format!("{key}.{index}"), inner, masked, steps);
        }
        steps.push(Step {
            kind: "close",
            key,
            open: false,
            holds,
            holds_label,
            mark,
            applies: None,
            text: "",
            cites: None,
            answer: None,
            field: None,
        });
    }
}
