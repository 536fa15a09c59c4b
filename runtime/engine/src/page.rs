//! What to draw, in order: the one description of a filled form that pages, preview and paper use.

use crate::evaluate::Context;
use crate::form::Form;
use crate::intake::{RawAnswers, range, read_one};
use crate::outcome::Outcome;
use crate::program::{
    Application, DatePrecision, FieldId, FieldType, FirstAnswer, Layout, Level, Member, Programme,
};
use crate::reading::answer_text;
use serde::Serialize;

/// A form with its answers, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageView {
    /// Key of the form.
    pub key: String,
    /// Edition.
    pub edition: String,
    /// Japanese name of the disease.
    pub title: String,
    /// Whose form it is; it decides the words for the result.
    pub programme: Programme,
    /// New application or renewal.
    pub application: Application,
    /// Sections in order; empty ones are left out.
    pub sections: Vec<PageSection>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageSection {
    /// Name, also the anchor.
    pub name: String,
    /// Heading.
    pub label: String,
    /// What stands in it.
    pub members: Vec<PageMember>,
    /// Shown required questions still unanswered, and errors.
    pub open_items: u32,
}

/// Something in a section or group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PageMember {
    /// Questions under a heading.
    Group(PageGroup),
    /// A question (boxed: it is by far the largest).
    Field(Box<PageField>),
    /// A printed sentence.
    Note {
        /// The sentence.
        text: String,
    },
    /// A calculated value.
    Display {
        /// Name of the definition.
        name: String,
        /// Its label.
        label: String,
        /// What came out, for people.
        text: String,
    },
}

/// Questions under a heading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageGroup {
    /// Heading.
    pub label: String,
    /// Help text.
    pub help: Option<String>,
    /// How it is drawn.
    #[serde(skip_serializing_if = "Layout::is_plain")]
    pub layout: Layout,
    /// False when everything in it is hidden.
    pub shown: bool,
    /// What stands in it.
    pub members: Vec<PageMember>,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageField {
    /// Wire name; the name of the input.
    pub name: String,
    /// The words of the official form.
    pub label: String,
    /// `text`, `textarea`, `number`, `date`, `choice`, `choices`.
    pub input: &'static str,
    /// The type in full, for limits.
    pub ty: FieldType,
    /// The values as written (one, or several for `choices`).
    pub values: Vec<String>,
    /// The answer as people read it: `あり`, `2024年3月`, `3.5 g/gCr`; empty if unanswered.
    pub text: String,
    /// Codes to choose from.
    pub options: Vec<PageOption>,
    /// Unit.
    pub unit: Option<String>,
    /// A few words on what may be written: `小数点以下1桁、0〜999.9`.
    pub hint: String,
    /// Help text.
    pub help: Option<String>,
    /// Whether it is shown.
    pub shown: bool,
    /// Whether it is required now.
    pub required: bool,
    /// How closely it points at a person (masked prints leave identifying answers out).
    pub privacy: Option<crate::program::Privacy>,
    /// What checks found here.
    pub findings: Vec<PageFinding>,
}

/// A code to choose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageOption {
    /// Wire value: `1`.
    pub value: String,
    /// Label: `あり`.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What a check found at a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageFinding {
    /// Check id.
    pub check: String,
    /// How bad it is.
    pub level: Level,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Draws a form: what was written, what it means, what is shown and what the checks found.
///
/// `raw` is what was typed, so that nothing is lost that cannot be read; `outcome` is what the
/// form says about it, with the findings of reading merged in. Questions of the other kind of
/// application are left out unless something is written there.
pub fn page_view(form: &Form, raw: &RawAnswers, context: &Context, outcome: &Outcome) -> PageView {
    let page = Page {
        form,
        raw,
        context,
        outcome,
    };
    let program = form.program();
    PageView {
        key: program.key.clone(),
        edition: program.edition.clone(),
        title: program.title.clone(),
        programme: program.programme,
        application: context.application,
        sections: program
            .sections
            .iter()
            .map(|section| {
                let members = page.members(&section.members);
                PageSection {
                    name: section.name.clone(),
                    label: section.label.clone(),
                    open_items: members.iter().map(open_items).sum(),
                    members,
                }
            })
            .filter(|section| !section.members.is_empty())
            .collect(),
    }
}

struct Page<'a> {
    form: &'a Form,
    raw: &'a RawAnswers,
    context: &'a Context,
    outcome: &'a Outcome,
}

impl Page<'_> {
    fn members(&self, members: &[Member]) -> Vec<PageMember> {
        members
            .iter()
            .filter_map(|member| self.member(member))
            .collect()
    }

    fn member(&self, member: &Member) -> Option<PageMember> {
        match member {
            Member::Group {
                label,
                help,
                layout,
                members,
            } => {
                let members = self.members(members);
                (!members.is_empty()).then(|| {
                    PageMember::Group(PageGroup {
                        label: label.clone(),
                        help: help.clone(),
                        layout: *layout,
                        shown: members.iter().any(is_shown),
                        members,
                    })
                })
            }
            Member::Note(text) => Some(PageMember::Note { text: text.clone() }),
            Member::Display(id) => {
                let value = self.outcome.values.get(usize::from(id.0))?;
                Some(PageMember::Display {
                    name: value.name.clone(),
                    label: value.label.clone(),
                    text: value.text.clone(),
                })
            }
            Member::Field(id) => self.field(*id).map(Box::new).map(PageMember::Field),
        }
    }

    fn field(&self, id: FieldId) -> Option<PageField> {
        let field = self.form.field(id)?;
        let values = self.raw.get(&field.name).cloned().unwrap_or_default();
        let blank = values.iter().all(|value| value.trim().is_empty());
        if blank
            && field
                .only
                .is_some_and(|only| only != self.context.application)
        {
            return None;
        }
        let flag = |flags: &[bool]| flags.get(usize::from(id.0)).copied().unwrap_or(false);
        let written: Vec<&str> = values.iter().map(String::as_str).collect();
        let text = match read_one(self.form, id, &written) {
            Ok(answer) => answer_text(self.form, id, &answer),
            Err(_) => values.join("、"),
        };
        let findings = self
            .outcome
            .findings
            .iter()
            .filter(|finding| finding.fields.contains(&id));
        Some(PageField {
            name: field.name.clone(),
            label: field.label.clone(),
            input: input(&field.ty),
            ty: field.ty.clone(),
            text,
            options: self
                .form
                .codes(id)
                .iter()
                .map(|code| PageOption {
                    value: code.value.clone(),
                    label: code.label.clone(),
                    chosen: values.iter().any(|value| value.trim() == code.value),
                })
                .collect(),
            unit: match &field.ty {
                FieldType::Number { unit, .. } => unit.clone(),
                _ => None,
            },
            hint: hint_of(self.form, id, field),
            help: field.help.clone(),
            shown: flag(&self.outcome.shown),
            required: flag(&self.outcome.required),
            privacy: field.privacy,
            findings: findings
                .map(|finding| PageFinding {
                    check: finding.check.clone(),
                    level: finding.level,
                    message: finding.message.clone(),
                    help: finding.help.clone(),
                })
                .collect(),
            values,
        })
    }
}

fn is_shown(member: &PageMember) -> bool {
    match member {
        PageMember::Group(group) => group.shown,
        PageMember::Field(field) => field.shown,
        PageMember::Note { .. } => false,
        PageMember::Display { .. } => true,
    }
}

/// Errors at the questions of a member: unanswered required ones are errors, too.
fn open_items(member: &PageMember) -> u32 {
    match member {
        PageMember::Group(group) => group.members.iter().map(open_items).sum(),
        PageMember::Field(field) => u32::from(
            field
                .findings
                .iter()
                .any(|finding| finding.level == Level::Error),
        ),
        PageMember::Note { .. } | PageMember::Display { .. } => 0,
    }
}

fn input(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Text { lines, .. } if *lines > 1 => "textarea",
        FieldType::Text { .. }
        | FieldType::Kana { .. }
        | FieldType::Digits { .. }
        | FieldType::PostalCode
        | FieldType::Phone => "text",
        FieldType::Number { .. } => "number",
        FieldType::Date { .. } => "date",
        FieldType::Choice { .. } => "choice",
        FieldType::Choices { .. } => "choices",
    }
}

/// A few words on what may be written, and what was written before anybody looked.
fn hint_of(form: &Form, id: FieldId, field: &crate::program::Field) -> String {
    let hint = hint(&field.ty);
    let first = match &field.first_answer {
        None => return hint,
        Some(FirstAnswer::Today) => "書き始めた日".to_owned(),
        Some(FirstAnswer::Written(values)) => {
            let written: Vec<&str> = values.iter().map(String::as_str).collect();
            match read_one(form, id, &written) {
                Ok(answer) => answer_text(form, id, &answer),
                Err(_) => values.join("、"),
            }
        }
    };
    let stop = if hint.is_empty() { "" } else { "、" };
    format!("{hint}{stop}初期値は{first}")
}

/// A few words on what may be written.
fn hint(ty: &FieldType) -> String {
    match ty {
        FieldType::Text { chars, lines } if *lines > 1 => format!("{chars}文字、{lines}行まで"),
        FieldType::Text { chars, .. } => format!("{chars}文字まで"),
        FieldType::Kana { chars } => format!("ひらがな、{chars}文字まで"),
        FieldType::Digits { count } => format!("半角数字{count}桁"),
        FieldType::PostalCode => "半角数字7桁（ハイフンなし）".to_owned(),
        FieldType::Phone => "半角数字とハイフン".to_owned(),
        FieldType::Number {
            digits,
            fraction,
            min,
            max,
            ..
        } => {
            let kind = match fraction {
                0 => "整数".to_owned(),
                some => format!("小数点以下{some}桁まで"),
            };
            let range = match (min, max) {
                (None, None) => format!("整数部分{}桁まで", digits.saturating_sub(*fraction)),
                _ => range(*min, *max),
            };
            format!("{kind}、{range}")
        }
        FieldType::Date { precision } => match precision {
            DatePrecision::Year => "西暦 例: 1990（和暦も読み取ります）",
            DatePrecision::Month => "西暦 例: 1990-05（月が不明なら 1990。和暦も読み取ります）",
            DatePrecision::Day => "西暦 例: 1990-05-20（日が不明なら 1990-05。和暦も読み取ります）",
        }
        .to_owned(),
        FieldType::Choice { .. } => String::new(),
        FieldType::Choices { .. } => "複数選べます".to_owned(),
    }
}
