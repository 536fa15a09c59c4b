//! `kohyo why`: a verdict with its reasons, what is missing, and what would change it.

use crate::args::PatientArgs;
use crate::commands::check_records::{parse_day, today};
use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::{SyntaxCache, cases, compile_with};
use kohyo_engine::program::{Program, Programme};
use kohyo_engine::{
    Answers, Context, ExplainNode, Finding, Form, JudgementOutcome, MissingItem, MissingSet,
    NO_PERIOD, NO_ROW, Outcome, RawAnswers, ResultKind, Tri, WhatIf, evaluate, read_lenient,
};
use kohyo_exchange::{Library, RecordFinding, check_document, read_record};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// A filled form about to be judged.
pub(super) struct Patient {
    pub(super) form: Arc<Form>,
    name: String,
    pub(super) answers: Answers,
    pub(super) context: Context,
    /// What reading found, and what there is to say of the day and the edition.
    findings: Vec<Finding>,
    /// What is written but could not be read, or was not.
    pub(super) unread: RawAnswers,
}

impl Patient {
    /// The patient of a case of a disease, or of a record.
    pub(super) fn find(workspace: &Workspace, wanted: &PatientArgs) -> Result<Self, Failure> {
        let target = &wanted.target;
        let path = Path::new(target);
        match &wanted.case {
            Some(case) => of_case(workspace, target, case),
            None if path.is_file() && !is_definition(path) => {
                let library = super::library(workspace)?;
                let found = Self::of_record(&library, path, wanted.on.as_deref());
                super::told(&library);
                found
            }
            None => Err(which_case(workspace, target)),
        }
    }

    /// The patient of a record, whose form is in this library.
    pub(super) fn of_record(
        library: &Library,
        path: &Path,
        on: Option<&str>,
    ) -> Result<Self, Failure> {
        let xml = std::fs::read(path).map_err(|source| Failure::Read {
            path: path.to_owned(),
            source,
        })?;
        let (record, found) = read_record(&xml, library).map_err(|finding| {
            let place = path.display();
            Failure::Other(format!("{place} を読めません: {finding}"))
        })?;
        let form = library
            .get(&record.key, &record.edition)
            .ok_or_else(|| Failure::Other(format!("{} の様式がありません", record.key)))?;
        let day = match on {
            Some(day) => parse_day(day)?,
            None => today()?,
        };
        let today = match (on, record.written) {
            (None, Some(written)) => written,
            _ => day,
        };
        for finding in &found {
            output::note(&format!("読み取り: {finding}"));
        }
        let mut findings = Vec::new();
        let mut unread = RawAnswers::new();
        for report in check_document(&xml, library, day) {
            // The rules of the form are asked again, as of the day that is asked for.
            let of_record = report
                .findings
                .into_iter()
                .filter(|finding| found.contains(finding) || finding.check.starts_with("record."));
            findings.extend(of_record.map(|finding| about_the_form(finding, &form)));
            for (id, value) in report.unread {
                if let Some(field) = form.field(id) {
                    unread.entry(field.name.clone()).or_default().push(value);
                }
            }
        }
        Ok(Self {
            form,
            name: path.display().to_string(),
            answers: record.answers,
            context: Context {
                today,
                application: record.application,
            },
            findings,
            unread,
        })
    }

    /// What is found and judged.
    pub(super) fn outcome(&self) -> Outcome {
        evaluate(&self.form, &self.answers, &self.context).with_findings(self.findings.clone())
    }
}

/// A definition is asked for its cases, any other file is read as a record.
pub(super) fn is_definition(path: &Path) -> bool {
    path.extension() == Some("kohyo".as_ref())
}

pub fn run(workspace: &Workspace, wanted: &PatientArgs, json: bool) -> Result<ExitCode, Failure> {
    let patient = Patient::find(workspace, wanted)?;
    let (form, context) = (&patient.form, &patient.context);
    let outcome = patient
        .outcome()
        .with_what_if(form, &patient.answers, context);
    if json {
        let program = form.program();
        let value = json!({
            "disease": program.key,
            "title": program.title,
            "edition": program.edition,
            "patient": patient.name,
            "on": context.today.to_string(),
            "application": context.application,
            "result": outcome.result,
            "exact": outcome.exact,
            "but_for_gaps": outcome.but_for_gaps,
            "judgements": outcome.judgements,
            "missing": outcome.missing,
            "coarse": outcome.coarse,
            "what_if": outcome.what_if,
            "findings": outcome.findings,
        });
        output::line(&value.to_string());
    } else {
        print(&patient, &outcome);
    }
    Ok(ExitCode::SUCCESS)
}

fn of_case(workspace: &Workspace, target: &str, name: &str) -> Result<Patient, Failure> {
    for disease in workspace.select(&[target.to_owned()])? {
        let file = case_file(workspace, &disease.path)?;
        let Some(case) = file.cases.iter().find(|case| case.name == name) else {
            continue;
        };
        let mut cache = SyntaxCache::default();
        let compiled = compile_with(&workspace.files, &mut cache, &disease.path);
        let program = compiled.program.ok_or_else(|| {
            Failure::Other(format!(
                "{} の定義に誤りがあります\n  `kohyo check {}` で確認してください",
                disease.key, disease.key
            ))
        })?;
        let context = cases::context(case).ok_or_else(|| {
            Failure::Other(format!(
                "ケース「{name}」の on「{}」は日付ではありません",
                case.on
            ))
        })?;
        let form = Arc::new(super::form(program)?);
        let mut raw = cases::answers(&form, &file, case);
        let (answers, findings) = read_lenient(&form, &raw);
        raw.retain(|name, _| {
            let id = form.field_id(name);
            findings.iter().any(|finding| finding.main_field() == id)
        });
        return Ok(Patient {
            name: format!("ケース「{name}」"),
            form,
            answers,
            context,
            findings,
            unread: raw,
        });
    }
    Err(which_case(workspace, target))
}

fn case_file(workspace: &Workspace, path: &str) -> Result<cases::CaseFile, Failure> {
    let beside = cases::beside(path);
    let yaml = workspace
        .files
        .get(&beside)
        .ok_or_else(|| Failure::Other(format!("{beside} がありません")))?;
    cases::parse(yaml).map_err(|e| Failure::Other(format!("{beside}: {e}")))
}

/// No patient is named: say which cases there are.
fn which_case(workspace: &Workspace, target: &str) -> Failure {
    let path = Path::new(target);
    if path.extension().is_some_and(|extension| extension == "xml") {
        return Failure::Read {
            path: path.to_owned(),
            source: std::io::ErrorKind::NotFound.into(),
        };
    }
    let diseases = match workspace.select(&[target.to_owned()]) {
        Ok(diseases) => diseases,
        Err(failure) => return failure,
    };
    let mut names = String::new();
    for disease in diseases {
        match case_file(workspace, &disease.path) {
            Ok(file) => {
                for case in file.cases {
                    names.push_str(&format!("\n  --case \"{}\"", case.name));
                }
            }
            Err(failure) => return failure,
        }
    }
    Failure::Other(format!(
        "どのケースかを --case で選んでください。{target} には次のケースがあります{names}"
    ))
}

/// What a reader found, as the form would say it: about the item that its place names.
fn about_the_form(finding: RecordFinding, form: &Form) -> Finding {
    let mut names = finding.place.path.rsplit('/');
    Finding {
        check: finding.check.into_owned(),
        level: finding.level,
        fields: names
            .find_map(|name| form.field_id(name))
            .into_iter()
            .collect(),
        message: finding.message,
        help: finding.help,
        value: finding.value,
    }
}

fn print(patient: &Patient, outcome: &Outcome) {
    let program = patient.form.program();
    output::line(&format!(
        "{} {}（{}年版）　{}　判定日 {}",
        program.key,
        program.title,
        program.edition,
        patient.name,
        patient.context.today.japanese()
    ));
    output::line(&format!(
        "結果: {}",
        outcome.result.label_in(program.programme)
    ));
    if !outcome.exact {
        output::line(
            "  組み合わせが多く、結論を出せませんでした。未記入の項目を埋めると判定できます",
        );
    }
    let mut told = Vec::new();
    for judgement in &outcome.judgements {
        print_judgement(judgement, program, &mut told);
    }
    print_missing(&outcome.missing, program);
    if let Some(result) = outcome.but_for_gaps {
        let label = result.label_in(program.programme);
        output::line(&format!(
            "\n規則に値のない答え（区分表の隙間）でなければ、どう答えても「{label}」です"
        ));
    }
    if outcome.result == ResultKind::Undetermined {
        print_without(&outcome.judgements);
    }
    print_coarse(&outcome.coarse);
    print_what_if(&outcome.what_if, program.programme);
    if !outcome.findings.is_empty() {
        output::line("\n点検");
    }
    for finding in &outcome.findings {
        output::line(&format!("  {} {}", finding.check, finding.message));
    }
}

fn print_judgement<'n>(
    judgement: &'n JudgementOutcome,
    program: &Program,
    told: &mut Vec<&'n ExplainNode>,
) {
    let category = match &judgement.category {
        Some(category) => {
            let eligible = if category.eligible {
                "対象"
            } else {
                "対象外"
            };
            format!("{}（{eligible}）", category.label)
        }
        None => match possible(judgement, program).as_slice() {
            [] => "未確定".to_owned(),
            labels => format!("未確定（{}のいずれか）", labels.join("・")),
        },
    };
    output::line(&format!("\n{}: {category}", judgement.label));
    for node in &judgement.explanation {
        print_node(node, 1, told);
    }
    if !judgement.missing.is_empty() {
        output::line("  次のいずれかの組が分かると、区分が決まる場合があります");
    }
    for set in &judgement.missing {
        let categories = set.leads_to.iter();
        let labels: Vec<&str> = categories.map(|category| category.label.as_str()).collect();
        let items = items(&set.items, program);
        output::line(&format!("    {items} → {}", labels.join(" または ")));
    }
}

/// The labels of the categories that a judgement can still have.
fn possible<'p>(judgement: &JudgementOutcome, program: &'p Program) -> Vec<&'p str> {
    let of = program.judgements.iter();
    let of = of.filter(|known| known.name == judgement.name);
    let categories = of.flat_map(|known| &known.categories);
    categories
        .filter(|category| judgement.possible.contains(&category.name))
        .map(|category| category.label.as_str())
        .collect()
}

/// A step and its parts; what was told already is not told again.
fn print_node<'n>(node: &'n ExplainNode, depth: usize, told: &mut Vec<&'n ExplainNode>) {
    let mark = match node.holds {
        Tri::True => "○",
        Tri::False => "×",
        Tri::Unknown => "？",
    };
    let answer = node
        .answer
        .as_ref()
        .map_or_else(String::new, |answer| format!("　← {answer}"));
    let cites = node
        .cites
        .as_ref()
        .map_or_else(String::new, |cites| format!("　〔{cites}〕"));
    let indent = "  ".repeat(depth);
    let line = format!("{indent}{mark} {}{answer}{cites}", node.text);
    let long = node.children.len() > 1 || node.children.iter().any(|c| !c.children.is_empty());
    if long && told.contains(&node) {
        output::line(&format!("{line}　（上のとおり）"));
        return;
    }
    output::line(&line);
    if long {
        told.push(node);
    }
    for child in &node.children {
        print_node(child, depth + 1, told);
    }
}

fn print_missing(sets: &[MissingSet], program: &Program) {
    if sets.is_empty() {
        return;
    }
    output::line("\n次のいずれかの組が分かると、結果が決まる場合があります");
    for set in sets {
        let results = set.leads_to.iter();
        let results: Vec<&str> = results
            .map(|result| result.label_in(program.programme))
            .collect();
        let items = items(&set.items, program);
        output::line(&format!("  {items} → {}", results.join(" または ")));
    }
}

/// Items that are missing, each with the reason.
fn items(set: &[MissingItem], program: &Program) -> String {
    let mut parts: Vec<(&str, Vec<String>)> = Vec::new();
    for item in set {
        let (why, word) = (
            item.why(program),
            format!("{}（{}）", item.label, item.name),
        );
        match parts.iter_mut().find(|(other, _)| *other == why) {
            Some((_, words)) => words.push(word),
            None => parts.push((why, vec![word])),
        }
    }
    let parts = parts.into_iter();
    let parts: Vec<String> = parts
        .map(|(why, words)| format!("{why}: {}", words.join("、")))
        .collect();
    parts.join("　")
}

/// Rules that have no value for this patient, whatever else comes to be known.
fn print_without(judgements: &[JudgementOutcome]) {
    let mut told: Vec<String> = Vec::new();
    let mut open: Vec<&ExplainNode> = judgements.iter().flat_map(|j| &j.explanation).collect();
    while let Some(node) = open.pop() {
        open.extend(&node.children);
        if !node.text.ends_with(NO_ROW) && !node.text.ends_with(NO_PERIOD) {
            continue;
        }
        let why = node.answer.as_ref();
        let why = why.map_or_else(String::new, |why| format!("（{why}）"));
        let line = format!("  {}{why}", node.text);
        if !told.contains(&line) {
            told.push(line);
        }
    }
    if !told.is_empty() {
        told.sort();
        output::line("\n記入が済んでいても値が決まらないもの");
        told.iter().for_each(|line| output::line(line));
    }
}

fn print_coarse(dates: &[MissingItem]) {
    if dates.is_empty() {
        return;
    }
    output::line("\n日まで記入できず、どの日かによって結果が変わる項目");
    for date in dates {
        output::line(&format!("  {}（{}）", date.label, date.name));
    }
}

fn print_what_if(changes: &[WhatIf], programme: Programme) {
    let mut before = None;
    for change in changes {
        if before != Some(change.result) {
            output::line(&format!(
                "\n結果が変わる条件: {}",
                change.result.label_in(programme)
            ));
            before = Some(change.result);
        }
        let items: Vec<String> = change
            .items
            .iter()
            .map(|item| {
                let then: Vec<String> = item
                    .then
                    .iter()
                    .map(|answer| format!("「{answer}」"))
                    .collect();
                format!(
                    "{}が「{}」ではなく{}",
                    item.label,
                    item.now,
                    then.join("又は")
                )
            })
            .collect();
        output::line(&format!("  {}", items.join("、かつ")));
    }
}
