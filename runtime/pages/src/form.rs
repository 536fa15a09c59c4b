//! A page view as HTML.

use crate::earlier::{Earlier, EarlierItem};
use crate::templates::{PageError, draw};
use crate::{Mode, era, identifying, level_name, shown_to_board};
use kohyo_engine::program::{FieldType, Layout, Level};
use kohyo_engine::{
    PageField, PageFinding, PageMember, PageSection, PageView, ShownToBoard, masked_message,
};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Choices with more codes than this become a drop-down list.
const MOST_RADIOS: usize = 6;

/// Answers longer than this do not fit beside another on paper.
const LONG_ANSWER: usize = 24;

/// The doctor's name (`common.physician`), which is written by hand on paper.
const SIGNED: &str = "physician_name";

/// The sections of a form with their index, for filling in, reading or printing.
///
/// The caller provides the surrounding `<form>` (see the crate documentation). Buttons named
/// `_action` and `_clear` inside are ordinary submit buttons, so the form works without scripts;
/// no answer is ever named with a leading underscore.
pub fn form_html(view: &PageView, mode: Mode) -> Result<String, PageError> {
    draw("form.html", "form", &FormContext::new(view, mode, false))
}

/// The form of a renewal to be filled in, with what was answered a year ago beside its questions.
///
/// # Errors
/// A template that cannot be drawn.
pub fn edit_html(view: &PageView, earlier: Option<&Earlier>) -> Result<String, PageError> {
    let mut form = FormContext::new(view, Mode::Edit, false);
    if let Some(earlier) = earlier {
        for section in &mut form.sections {
            for item in &mut section.items {
                if let Item::Field(field) = item {
                    field.earlier = earlier.beside(field.name, field.values);
                }
            }
        }
    }
    draw("form.html", "form", &form)
}

/// The same for a short form that is one part of a page about something else: without an index, and
/// without a button of its own.
pub fn part_html(view: &PageView, mode: Mode) -> Result<String, PageError> {
    draw("form.html", "form", &FormContext::new(view, mode, true))
}

/// Every question of the view in order.
pub(crate) fn fields(view: &PageView) -> impl Iterator<Item = &PageField> {
    let mut found = Vec::new();
    for section in &view.sections {
        collect(&section.members, &mut found);
    }
    found.into_iter()
}

fn collect<'a>(members: &'a [PageMember], found: &mut Vec<&'a PageField>) {
    for member in members {
        match member {
            PageMember::Group(group) => collect(&group.members, found),
            PageMember::Field(field) => found.push(field),
            PageMember::Note { .. } | PageMember::Display { .. } => {}
        }
    }
}

/// What `form.html` draws.
#[derive(Serialize)]
struct FormContext<'a> {
    mode: &'static str,
    edit: bool,
    print: bool,
    /// Whether it is one part of a page.
    part: bool,
    sections: Vec<SectionItem<'a>>,
}

#[derive(Serialize)]
struct SectionItem<'a> {
    name: &'a str,
    label: &'a str,
    state: SectionState,
    items: Vec<Item<'a>>,
}

/// A section laid out flat: groups open and close, so that no depth of groups is too deep.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Item<'a> {
    Open {
        id: String,
        label: &'a str,
        help: Option<&'a str>,
        /// `rows`, `sides`.
        layout: Option<&'static str>,
        shown: bool,
    },
    Close,
    Note {
        text: &'a str,
    },
    Display {
        name: &'a str,
        label: &'a str,
        text: &'a str,
    },
    Field(Box<FieldItem<'a>>),
}

/// What `field_edit.html` and `field_read.html` draw.
#[derive(Serialize)]
struct FieldItem<'a> {
    name: &'a str,
    label: &'a str,
    /// `text`, `date`, `number`, `textarea`, `select`, `radios`, `checks`.
    control: &'static str,
    value: &'a str,
    text: &'a str,
    /// A date in its era.
    reading: Option<String>,
    answered: bool,
    options: Vec<OptionItem<'a>>,
    unit: Option<&'a str>,
    hint: &'a str,
    help: Option<&'a str>,
    inputmode: Option<&'static str>,
    width: &'static str,
    rows: u32,
    shown: bool,
    required: bool,
    /// Required and not answered yet.
    open: bool,
    /// Its answer takes a line of its own on paper.
    long: bool,
    masked: bool,
    /// Whether paper has room for a hand-written name or a seal beside the answer.
    signed: bool,
    /// The worst level found here.
    worst: Option<&'static str>,
    findings: Vec<FindingItem<'a>>,
    /// What was answered a year ago.
    earlier: Option<EarlierItem>,
    #[serde(skip)]
    values: &'a [String],
}

#[derive(Serialize)]
struct OptionItem<'a> {
    value: &'a str,
    label: &'a str,
    chosen: bool,
}

#[derive(Serialize)]
struct FindingItem<'a> {
    check: &'a str,
    level: &'static str,
    level_label: &'static str,
    message: Cow<'a, str>,
    help: Option<&'a str>,
}

impl<'a> FormContext<'a> {
    fn new(view: &'a PageView, mode: Mode, part: bool) -> Self {
        let masked = if mode.masked() {
            identifying(view)
        } else {
            BTreeSet::new()
        };
        let mut groups = 0;
        let sections = view
            .sections
            .iter()
            .map(|section| {
                let mut items = Vec::new();
                lay_out(&section.members, mode, &masked, &mut groups, &mut items);
                SectionItem {
                    name: &section.name,
                    label: &section.label,
                    state: section_state(section),
                    items,
                }
            })
            .collect();
        Self {
            mode: mode.name(),
            edit: mode == Mode::Edit,
            print: matches!(mode, Mode::Print { .. }),
            part,
            sections,
        }
    }
}

/// How far a section is filled in, for the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SectionState {
    /// Required questions that are not answered yet.
    pub open: u32,
    /// Whether everything required is answered, and something at all.
    pub done: bool,
}

/// A section that nobody has touched is not done, even if nothing in it is required.
pub(crate) fn section_state(section: &PageSection) -> SectionState {
    let mut fields = Vec::new();
    collect(&section.members, &mut fields);
    let answered = |field: &&PageField| field.shown && !field.values.is_empty();
    SectionState {
        open: section.open_items,
        done: section.open_items == 0 && fields.iter().any(answered),
    }
}

fn lay_out<'a>(
    members: &'a [PageMember],
    mode: Mode,
    masked: &BTreeSet<&str>,
    groups: &mut u32,
    items: &mut Vec<Item<'a>>,
) {
    for member in members {
        match member {
            PageMember::Group(group) => {
                *groups += 1;
                items.push(Item::Open {
                    id: group_id(*groups),
                    label: &group.label,
                    help: group.help.as_deref(),
                    layout: match group.layout {
                        Layout::Plain => None,
                        Layout::Rows => Some("rows"),
                        Layout::Sides => Some("sides"),
                    },
                    shown: group.shown,
                });
                lay_out(&group.members, mode, masked, groups, items);
                items.push(Item::Close);
            }
            PageMember::Note { text } => items.push(Item::Note { text }),
            PageMember::Display { name, label, text } => {
                items.push(Item::Display { name, label, text });
            }
            PageMember::Field(field) => items.push(Item::Field(Box::new(field_item(
                field,
                mode,
                masked.contains(field.name.as_str()),
            )))),
        }
    }
}

/// How a group is called in pages: groups have no name of their own, so they are counted.
pub(crate) fn group_id(number: u32) -> String {
    format!("g{number}")
}

fn field_item(field: &PageField, mode: Mode, masked: bool) -> FieldItem<'_> {
    let control = match (&field.ty, field.input) {
        // Whoever draws the page knows words for each number.
        (FieldType::Number { .. }, "choice") => "select",
        (FieldType::Choice { .. }, _) if field.options.len() <= MOST_RADIOS => "radios",
        (FieldType::Choice { .. }, _) => "select",
        (FieldType::Choices { .. }, _) => "checks",
        (FieldType::Number { .. }, _) => "number",
        (FieldType::Date { .. }, _) => "date",
        (FieldType::Text { .. }, "textarea") => "textarea",
        (
            FieldType::Text { .. }
            | FieldType::Kana { .. }
            | FieldType::Digits { .. }
            | FieldType::PostalCode
            | FieldType::Phone,
            _,
        ) => "text",
    };
    let inputmode = match &field.ty {
        FieldType::Number { fraction: 0, .. }
        | FieldType::Digits { .. }
        | FieldType::PostalCode => Some("numeric"),
        FieldType::Number { .. } => Some("decimal"),
        FieldType::Phone => Some("tel"),
        _ => None,
    };
    let value = field.values.first().map_or("", String::as_str);
    let signed = mode == Mode::Print { masked: false } && field.name == SIGNED;
    let mut worst: Option<Level> = None;
    for finding in told(field, mode) {
        worst = worst.max(Some(finding.level));
    }
    FieldItem {
        name: &field.name,
        label: &field.label,
        control,
        value,
        text: if masked {
            month_of(&field.text)
        } else {
            &field.text
        },
        reading: if masked { None } else { reading(field) },
        answered: !field.values.is_empty(),
        options: field
            .options
            .iter()
            .map(|option| OptionItem {
                value: &option.value,
                label: &option.label,
                chosen: option.chosen,
            })
            .collect(),
        unit: field.unit.as_deref(),
        hint: hint(field),
        help: field.help.as_deref(),
        inputmode,
        width: width(&field.ty),
        rows: match &field.ty {
            FieldType::Text { lines, .. } => (*lines).clamp(2, 8),
            _ => 2,
        },
        shown: field.shown,
        required: field.required,
        open: is_open(field),
        long: matches!(field.input, "textarea")
            || field.text.chars().count() > LONG_ANSWER
            || signed,
        masked: masked && shown_to_board(field) == ShownToBoard::Nothing,
        signed,
        worst: worst.map(level_name),
        findings: told(field, mode)
            .map(|finding| finding_item(finding, field, masked))
            .collect(),
        earlier: None,
        values: &field.values,
    }
}

fn finding_item<'a>(finding: &'a PageFinding, field: &PageField, masked: bool) -> FindingItem<'a> {
    let instead = match masked {
        true => masked_message(&finding.check, &field.label),
        false => None,
    };
    FindingItem {
        check: &finding.check,
        level: level_name(finding.level),
        level_label: finding.level.label(),
        help: finding.help.as_deref().filter(|_| instead.is_none()),
        message: instead.map_or(finding.message.as_str().into(), Cow::from),
    }
}

/// The hint, unless the help says the same limit in the words of the form.
fn hint(field: &PageField) -> &str {
    // `250` and `7` of 「250文字以内かつ7行以内。」.
    let limits = |text: &str| -> BTreeSet<String> {
        text.split(['文', '桁', '行'])
            .filter_map(|before| before.rsplit(|c: char| !c.is_ascii_digit()).next())
            .filter(|number| !number.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let told = limits(field.help.as_deref().unwrap_or_default());
    match &field.ty {
        FieldType::Text { .. } if !told.is_disjoint(&limits(&field.hint)) => "",
        _ => &field.hint,
    }
}

/// `1950年4月1日` without its day.
fn month_of(text: &str) -> &str {
    text.find('月')
        .and_then(|month| text.get(..month + '月'.len_utf8()))
        .unwrap_or(text)
}

/// What is said at a question. While a form is filled in, a question not reached yet is not
/// called an error: its mark, the index and the page before confirming say that it is open.
pub(crate) fn told(field: &PageField, mode: Mode) -> impl Iterator<Item = &PageFinding> {
    field
        .findings
        .iter()
        .filter(move |finding| mode != Mode::Edit || !says_unanswered(finding))
}

/// Whether a required question is not answered yet.
pub(crate) fn is_open(field: &PageField) -> bool {
    field.findings.iter().any(says_unanswered)
}

fn says_unanswered(finding: &PageFinding) -> bool {
    finding.check.starts_with("required.")
}

/// The era form of a date answer: `（令和6年3月5日）`.
pub(crate) fn reading(field: &PageField) -> Option<String> {
    if !matches!(field.ty, FieldType::Date { .. }) {
        return None;
    }
    let value = field.values.first()?;
    era::wareki(&value.replace('/', "-")).map(|era| format!("（{era}）"))
}

/// How wide a line of input is drawn: as wide as what is expected in it.
fn width(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Number { .. } | FieldType::PostalCode => "s",
        FieldType::Date { .. } | FieldType::Phone => "m",
        FieldType::Digits { count } if *count <= 8 => "s",
        FieldType::Digits { .. } => "m",
        FieldType::Text { chars, .. } | FieldType::Kana { chars } if *chars <= 12 => "m",
        _ => "l",
    }
}
