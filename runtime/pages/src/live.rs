//! What a page in use is told after each change.

use crate::form::{SectionState, fields, group_id, is_open, reading, section_state, told};
use crate::templates::PageError;
use crate::{Mode, level_name, result_of, standing, verdict_html};
use kohyo_engine::{Outcome, PageMember, PageView, Previous};
use serde::Serialize;
use std::collections::BTreeMap;

/// The answer to a change, as JSON, for `form.js`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Live {
    /// Whether each field is shown, by name.
    pub shown: BTreeMap<String, bool>,
    /// Whether each field is required, by name.
    pub required: BTreeMap<String, bool>,
    /// Whether each field is required and not answered yet, by name.
    pub open: BTreeMap<String, bool>,
    /// Whether each group is shown, by its place: `g1`.
    pub groups: BTreeMap<String, bool>,
    /// Calculated values as people read them, by name of the definition.
    pub values: BTreeMap<String, String>,
    /// Dates in their era, by field name.
    pub readings: BTreeMap<String, String>,
    /// What checks found.
    pub findings: Vec<LiveFinding>,
    /// How far each section is filled in, by its name.
    pub sections: BTreeMap<String, SectionState>,
    /// The result: `eligible`, `mild`, `not_met`, `undetermined`.
    pub result: &'static str,
    /// The result in words.
    pub result_label: &'static str,
    /// The verdict, drawn.
    pub verdict_html: String,
}

/// One finding at one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiveFinding {
    /// Name of the field.
    pub field: String,
    /// Check id.
    pub check: String,
    /// `error`, `warning`, `information`.
    pub level: &'static str,
    /// The level in words.
    pub level_label: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// The answer to a change of a form that now looks like this.
pub fn live(
    outcome: &Outcome,
    previous: Option<&Previous>,
    view: &PageView,
) -> Result<Live, PageError> {
    let mut live = Live {
        shown: BTreeMap::new(),
        required: BTreeMap::new(),
        open: BTreeMap::new(),
        groups: BTreeMap::new(),
        values: BTreeMap::new(),
        readings: BTreeMap::new(),
        findings: Vec::new(),
        sections: view
            .sections
            .iter()
            .map(|section| (section.name.clone(), section_state(section)))
            .collect(),
        result: result_of(outcome, view.programme).0,
        result_label: standing(outcome, view),
        verdict_html: verdict_html(outcome, previous, view, Mode::Edit)?,
    };
    let mut groups = 0;
    for section in &view.sections {
        places(&section.members, &mut groups, &mut live);
    }
    for field in fields(view) {
        live.shown.insert(field.name.clone(), field.shown);
        live.required.insert(field.name.clone(), field.required);
        live.open.insert(field.name.clone(), is_open(field));
        if let Some(reading) = reading(field) {
            live.readings.insert(field.name.clone(), reading);
        }
        live.findings
            .extend(told(field, Mode::Edit).map(|finding| LiveFinding {
                field: field.name.clone(),
                check: finding.check.clone(),
                level: level_name(finding.level),
                level_label: finding.level.label(),
                message: finding.message.clone(),
                help: finding.help.clone(),
            }));
    }
    Ok(live)
}

fn places(members: &[PageMember], groups: &mut u32, live: &mut Live) {
    for member in members {
        match member {
            PageMember::Group(group) => {
                *groups += 1;
                live.groups.insert(group_id(*groups), group.shown);
                places(&group.members, groups, live);
            }
            PageMember::Display { name, text, .. } => {
                live.values.insert(name.clone(), text.clone());
            }
            PageMember::Field(_) | PageMember::Note { .. } => {}
        }
    }
}
