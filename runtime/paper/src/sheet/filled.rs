//! What stands in the boxes, and what the form says about it.

use super::words;
use crate::Answered;
use kohyo_engine::program::{Application, Field, FieldId, Level};
use kohyo_engine::{
    ExplainNode, Finding, Form, Outcome, RawAnswers, ShownToBoard, Tri, masked_fields,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// A line of an outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// How far it is moved in.
    pub depth: usize,
    /// `○` holds, `×` does not, `？` unknown; empty if nothing is said.
    pub mark: &'static str,
    /// The words.
    pub text: String,
}

/// What the form says about the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filled {
    /// Whether what names the person was left out.
    pub masked: bool,
    /// Whose record it is and which, for the foot of every page: a page that falls out finds back.
    pub stamp: String,
    /// Day of judgement.
    pub on: String,
    /// The result.
    pub result: String,
    /// Each judgement: its name, what came out, why.
    pub judgements: Vec<(String, String, Vec<Line>)>,
    /// What would settle an open result: sets of items.
    pub missing: Vec<String>,
    /// What the checks found.
    pub findings: Vec<Found>,
    /// How many of them are errors.
    pub errors: usize,
    /// Whether a value stands marked beside its boxes.
    pub marked: bool,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// エラー, 警告 or 情報.
    pub level: &'static str,
    /// Id of the check.
    pub check: String,
    /// What is wrong, and where.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// The answers, if there are any.
pub(super) struct Ink<'a> {
    answered: Option<&'a Answered<'a>>,
}

/// What is seen of an answer.
pub(super) enum Seen<'a> {
    /// Nothing is written.
    Nothing,
    /// All of it.
    Whole {
        /// What the form reads and judges.
        counted: &'a [String],
        /// What does not count: it cannot be read, or is not asked.
        refused: Vec<&'a str>,
    },
    /// Year and month of a day that the review board does not see.
    Month([String; 1]),
    /// What the review board does not see.
    Masked,
}

/// `2019-04-05` without its day. What is not written like this is not seen.
fn month(values: &[String]) -> Seen<'_> {
    let value = values.first().map_or("", String::as_str);
    let parts: Vec<&str> = value.split('-').collect();
    let plain = value.chars().all(|c| c.is_ascii_digit() || c == '-');
    match parts.as_slice() {
        [year, month, _] if plain => Seen::Month([format!("{year}-{month}")]),
        [_] | [_, _] if plain => Seen::Whole {
            counted: values,
            refused: Vec::new(),
        },
        _ => Seen::Masked,
    }
}

impl<'a> Ink<'a> {
    pub(super) fn new(_form: &Form, answered: Option<&'a Answered<'a>>) -> Self {
        Self { answered }
    }

    /// What is seen of what is written at a question.
    pub(super) fn seen(&self, field: &Field) -> Seen<'a> {
        let Some(answered) = self.answered else {
            return Seen::Nothing;
        };
        let of = |all: &'a RawAnswers| all.get(&field.name).map_or(&[][..], Vec::as_slice);
        let blank = |values: &[String]| values.iter().all(|value| value.trim().is_empty());
        let (read, unread) = (of(answered.raw), of(answered.unread));
        if blank(read) && blank(unread) {
            return Seen::Nothing;
        }
        let (counted, hidden): (&[String], &[String]) = match is_hidden(answered, field) {
            true => (&[], read),
            false => (read, &[]),
        };
        let refused = hidden.iter().chain(unread).map(String::as_str);
        let refused: Vec<&str> = refused.filter(|value| !value.trim().is_empty()).collect();
        if answered.masked {
            match ShownToBoard::of(field.privacy, &field.ty) {
                ShownToBoard::Whole => {}
                ShownToBoard::Month if refused.is_empty() => return month(counted),
                ShownToBoard::Month | ShownToBoard::Nothing => return Seen::Masked,
            }
        }
        Seen::Whole { counted, refused }
    }

    /// Whether nothing is written at a question that is not asked, as the other answers stand.
    pub(super) fn off(&self, id: FieldId, field: &Field) -> bool {
        self.answered.is_some_and(|answered| {
            let shown = answered.outcome.shown.get(usize::from(id.0));
            let written = |all: &RawAnswers| all.contains_key(&field.name);
            shown.is_some_and(|shown| !shown) && !written(answered.raw) && !written(answered.unread)
        })
    }

    /// What came out of a definition, in words; nothing on a blank form.
    pub(super) fn calculated(&self, definition: u16) -> Option<&'a str> {
        let value = self.answered?.outcome.values.get(usize::from(definition))?;
        Some(&value.text)
    }
}

/// Whether something is written at a question that is not asked.
fn is_hidden(answered: &Answered<'_>, field: &Field) -> bool {
    let mut findings = answered.outcome.findings.iter();
    findings.any(|found| found.check.strip_prefix("hidden.") == Some(field.name.as_str()))
}

/// Verdict, reasons, findings.
pub(super) fn filled(form: &Form, answered: &Answered<'_>) -> Filled {
    let outcome = answered.outcome;
    let program = form.program();
    let programme = program.programme;
    let masked = match answered.masked {
        true => masked_fields(program),
        false => BTreeSet::new(),
    };
    let errors = outcome.findings.iter();
    let errors = errors.filter(|finding| finding.level == Level::Error);
    Filled {
        masked: answered.masked,
        stamp: stamp(form, answered),
        on: answered.context.today.japanese(),
        result: outcome.result.label_in(programme).to_owned(),
        judgements: judgements(outcome, &masked),
        missing: outcome
            .missing
            .iter()
            .map(|set| {
                let labels: Vec<&str> = set.items.iter().map(|item| item.label.as_str()).collect();
                let leads = set.leads_to.iter().map(|result| result.label_in(programme));
                let leads: Vec<&str> = leads.collect();
                format!("{} → {}", labels.join("、"), leads.join("又は"))
            })
            .collect(),
        findings: outcome
            .findings
            .iter()
            .map(|finding| found(form, finding, &masked))
            .collect(),
        errors: errors.count(),
        marked: marked(form, answered),
    }
}

/// Whether something written does not count, and is marked.
fn marked(form: &Form, answered: &Answered<'_>) -> bool {
    let ink = Ink::new(form, Some(answered));
    let mut seen = form.program().fields.iter().map(|field| ink.seen(field));
    seen.any(|seen| matches!(seen, Seen::Whole { refused, .. } if !refused.is_empty()))
}

/// Each judgement: its name, what came out, why.
fn judgements<'a>(
    outcome: &'a Outcome,
    masked: &'a BTreeSet<&'a str>,
) -> Vec<(String, String, Vec<Line>)> {
    let mut reasons = Reasons {
        masked,
        told: Vec::new(),
        lines: Vec::new(),
    };
    let mut all = Vec::new();
    for judgement in &outcome.judgements {
        let said = match &judgement.category {
            Some(category) if category.eligible => format!("{}（対象になる）", category.label),
            Some(category) => format!("{}（対象にならない）", category.label),
            None => "未確定".to_owned(),
        };
        for node in &judgement.explanation {
            reasons.tell(node, 0);
        }
        let lines = std::mem::take(&mut reasons.lines);
        all.push((judgement.label.clone(), said, lines));
    }
    all
}

fn found(form: &Form, finding: &Finding, masked: &BTreeSet<&str>) -> Found {
    let instead = finding.message_beside(form.program(), masked);
    let help = match instead {
        Some(_) => String::new(),
        None => finding.help.clone().unwrap_or_default(),
    };
    let message = instead.unwrap_or_else(|| finding.message.clone());
    let at: Vec<&str> = finding
        .fields
        .iter()
        .filter_map(|id| form.field(*id))
        .map(|field| field.label.as_str())
        .filter(|label| !message.contains(label))
        .collect();
    let place = match at.as_slice() {
        [] => String::new(),
        some => format!("（{}）", some.join("、")),
    };
    Found {
        level: finding.level.label(),
        check: finding.check.clone(),
        help,
        message: format!("{message}{place}"),
    }
}

/// What the patient is called (`common.patient`).
const NAME: [&str; 2] = ["family_name", "given_name"];

/// So much of a name stands at the foot of a page.
const NAME_CHARACTERS: usize = 30;

/// Whose record it is and which: the name unless it is masked, the day of judgement, and a number
/// that is the same on open and masked paper.
fn stamp(form: &Form, answered: &Answered<'_>) -> String {
    let all = [answered.raw, answered.unread];
    let named = NAME.iter().any(|name| form.field_id(name).is_some());
    let name: Vec<&str> = NAME
        .iter()
        .filter_map(|name| all.iter().find_map(|written| written.get(*name)?.first()))
        .map(String::as_str)
        .collect();
    let name = match name.as_slice() {
        _ if answered.masked || !named => String::new(),
        [] => "氏名未記入　".to_owned(),
        some => {
            let name: String = some.join(" ").chars().take(NAME_CHARACTERS).collect();
            format!("{name}　")
        }
    };
    let day = answered.context.today.japanese();
    format!("{name}判定日 {day}　照合番号 {}", number(form, answered))
}

/// `1A2B-3C4D`: FNV-1a of the form, the kind of application, the day and the answers that masked
/// paper shows, on open paper, too: whoever guesses what is masked must not find it confirmed.
fn number(form: &Form, answered: &Answered<'_>) -> String {
    let program = form.program();
    let masked = masked_fields(program);
    let day = answered.context.today.to_string();
    let heading = [
        program.key.as_str(),
        &program.edition,
        &day,
        match answered.context.application {
            Application::New => "new",
            Application::Renewal => "renewal",
        },
    ];
    let written = answered.raw.iter().chain(answered.unread);
    let answers = written
        .filter(|(name, _)| !masked.contains(name.as_str()))
        .flat_map(|(name, values)| {
            std::iter::once(name.as_str()).chain(values.iter().map(String::as_str))
        });
    let mut hash: u32 = 0x811c_9dc5;
    for word in heading.into_iter().chain(answers) {
        for byte in word.bytes().chain([0]) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    format!("{:04X}-{:04X}", hash >> 16, hash & 0xffff)
}

/// What stands for the parts of a reason that were told before.
const TOLD: &str = "（前掲）";

/// Writes reasons as lines.
struct Reasons<'a> {
    masked: &'a BTreeSet<&'a str>,
    /// Reasons with several parts that stand above.
    told: Vec<&'a ExplainNode>,
    lines: Vec<Line>,
}

impl<'a> Reasons<'a> {
    /// A reason and its parts; what stands above with all its parts is not told again.
    fn tell(&mut self, node: &'a ExplainNode, depth: usize) {
        let long = node.children.len() > 1 || node.children.iter().any(|c| !c.children.is_empty());
        let again = long && self.told.contains(&node);
        let answer = match node.answer_beside(self.masked) {
            Some(answer) => format!("　← {answer}"),
            None => String::new(),
        };
        self.lines.push(Line {
            depth,
            mark: match node.holds {
                Tri::True => "○",
                Tri::False => "×",
                Tri::Unknown => "？",
            },
            text: words::on_paper(&format!(
                "{}{answer}{}",
                node.text,
                if again { TOLD } else { "" }
            )),
        });
        if again {
            return;
        }
        if long {
            self.told.push(node);
        }
        for child in &node.children {
            self.tell(child, depth + 1);
        }
    }
}
