//! Asking the engine, the only judge: a form, what is written in it, a day.

use crate::error::Error;
use crate::extract::Pairs;
use crate::start::App;
use kohyo_engine::program::{Application, Level};
use kohyo_engine::{
    Context, Date, Finding, Form, Outcome, PageMember, PageView, Previous, RawAnswers, ResultKind,
};
use kohyo_exchange::Library;
use kohyo_pages::Mode;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A filled form with everything the engine says about it.
pub(crate) struct Assessed {
    pub(crate) form: Arc<Form>,
    pub(crate) raw: RawAnswers,
    pub(crate) outcome: Outcome,
    /// What the rules of the previous edition say about a renewal, if they may be used.
    pub(crate) previous: Option<Previous>,
    pub(crate) view: PageView,
}

/// Judges what is written in a form.
pub(crate) fn assess(
    library: &Library,
    form: &Arc<Form>,
    raw: RawAnswers,
    application: Application,
    on: Date,
) -> Assessed {
    let context = Context {
        today: on,
        application,
    };
    let program = form.program();
    let previous = library.previous(&program.key, &program.edition);
    let filled = kohyo_engine::fill_in(form, previous.as_deref(), &raw, &context);
    Assessed {
        form: Arc::clone(form),
        raw,
        outcome: filled.outcome,
        previous: filled.previous,
        view: filled.view,
    }
}

/// The same without answers to questions that are not shown.
///
/// A draft keeps them in case the question comes back; a confirmed record must not.
pub(crate) fn without_hidden(
    library: &Library,
    assessed: Assessed,
    application: Application,
    on: Date,
) -> Assessed {
    let mut assessed = assessed;
    loop {
        let before = assessed.raw.len();
        let shown = |name: &str| {
            let id = assessed.form.field_id(name)?;
            assessed.outcome.shown.get(usize::from(id.0)).copied()
        };
        let raw: RawAnswers = assessed
            .raw
            .iter()
            .filter(|(name, _)| shown(name) == Some(true))
            .map(|(name, values)| (name.clone(), values.clone()))
            .collect();
        if raw.len() == before {
            return assessed;
        }
        let form = Arc::clone(&assessed.form);
        assessed = assess(library, &form, raw, application, on);
    }
}

impl Assessed {
    /// The verdict, by both editions where both may be used.
    pub(crate) fn verdict_html(&self, mode: Mode) -> Result<String, Error> {
        let previous = self.previous.as_ref();
        Ok(kohyo_pages::verdict_html(
            &self.outcome,
            previous,
            &self.view,
            mode,
        )?)
    }

    /// Whether the diagnosis is met and the severity is not, by every edition that may be used: the
    /// municipality then looks at the cost of the treatment (軽症高額).
    pub(crate) fn is_mild(&self) -> bool {
        let earlier = self.previous.as_ref().map(|p| p.outcome.result);
        self.outcome.result == ResultKind::Mild && earlier != Some(ResultKind::Eligible)
    }

    /// Findings of one level with the name of their main field.
    pub(crate) fn findings(&self, level: Level) -> Vec<FindingLine> {
        self.outcome
            .findings
            .iter()
            .filter(|finding| finding.level == level)
            .map(|finding| self.line(finding))
            .collect()
    }

    /// The same findings by section, each question with the groups that it stands in.
    pub(crate) fn by_section(&self, lines: Vec<FindingLine>) -> Vec<SectionFindings> {
        let places = places(&self.view);
        let mut sections: Vec<SectionFindings> = Vec::new();
        for mut line in lines {
            let place = places.get(line.field.as_str());
            let section = place.map_or("", |(section, _)| section);
            if let Some((_, groups)) = place {
                line.label = format!("{groups}{}", line.label);
            }
            match sections.last_mut().filter(|last| last.section == section) {
                Some(last) => last.lines.push(line),
                None => sections.push(SectionFindings {
                    section: section.to_owned(),
                    lines: vec![line],
                }),
            }
        }
        sections
    }

    fn line(&self, finding: &Finding) -> FindingLine {
        let field = finding.fields.first().and_then(|id| self.form.field(*id));
        FindingLine {
            check: finding.check.clone(),
            field: field.map(|field| field.name.clone()).unwrap_or_default(),
            label: field.map(|field| field.label.clone()).unwrap_or_default(),
            message: finding.message.clone(),
            help: finding.help.clone(),
        }
    }
}

/// Findings of one section of the form.
#[derive(serde::Serialize)]
pub(crate) struct SectionFindings {
    section: String,
    lines: Vec<FindingLine>,
}

/// The section of each question, and the groups around it: labels alone often say too little
/// (「使用の有無」), because the form says the rest above them.
fn places(view: &PageView) -> BTreeMap<&str, (&str, String)> {
    fn walk<'a>(
        members: &'a [PageMember],
        section: &'a str,
        groups: &str,
        places: &mut BTreeMap<&'a str, (&'a str, String)>,
    ) {
        for member in members {
            match member {
                PageMember::Group(group) => {
                    let groups = format!("{groups}{} ＞ ", group.label);
                    walk(&group.members, section, &groups, places);
                }
                PageMember::Field(field) => {
                    places.insert(&field.name, (section, groups.to_owned()));
                }
                PageMember::Note { .. } | PageMember::Display { .. } => {}
            }
        }
    }
    let mut places = BTreeMap::new();
    for section in &view.sections {
        walk(&section.members, &section.label, "", &mut places);
    }
    places
}

/// A finding as lists show it.
#[derive(serde::Serialize)]
pub(crate) struct FindingLine {
    pub(crate) check: String,
    pub(crate) field: String,
    pub(crate) label: String,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl FindingLine {
    /// Whether it says that a question has to be answered, and no more.
    pub(crate) fn is_missing(&self) -> bool {
        self.check.starts_with("required.") && !self.field.is_empty()
    }
}

/// The form a record is pinned to.
pub(crate) fn pinned(app: &App, key: &str, edition: &str) -> Result<Arc<Form>, Error> {
    app.library()
        .get(key, edition)
        .ok_or_else(|| Error::NoForm {
            key: key.to_owned(),
            edition: edition.to_owned(),
        })
}

/// Today in Japan.
pub(crate) fn today(app: &App) -> Result<Date, Error> {
    app.clock
        .today()
        .ok_or_else(|| Error::Internal("the clock is out of range".to_owned()))
}

/// `new` or `renewal`, as the database and the pages write it.
pub(crate) fn application(name: &str) -> Option<Application> {
    match name {
        "new" => Some(Application::New),
        "renewal" => Some(Application::Renewal),
        _ => None,
    }
}

/// The same for people.
pub(crate) fn application_label(name: &str) -> &'static str {
    match application(name) {
        Some(Application::New) => "新規",
        Some(Application::Renewal) => "更新",
        None => "",
    }
}

/// What a page sent, as written values: only questions of the form, blanks left out, and in the
/// words of the wire where there is no doubt what a person meant.
pub(crate) fn written(form: &Form, pairs: &Pairs) -> RawAnswers {
    let mut raw = RawAnswers::new();
    for (name, value) in pairs {
        let Some(id) = form.field_id(name) else {
            continue;
        };
        if value.trim().is_empty() {
            continue;
        }
        // Browsers send line ends as CR LF.
        let value = kohyo_exchange::as_wire(form, id, value.replace("\r\n", "\n"));
        raw.entry(name.clone()).or_default().push(value);
    }
    raw
}
