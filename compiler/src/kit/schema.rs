//! Records for the checks of files and of records as XML, made of the smallest sound record.
//!
//! What the engine cannot say of them (it sees no XML) is said here, each beside the one thing that
//! was done to the document; a test puts every document to the reader of records.

use super::expect::{Expected, ExpectedFinding};
use super::workshop::{Claim, Workshop};
use super::written::{Written, document};
use super::{Format, Side};
use crate::emit::check_spec::CheckRow;
use crate::emit::wire::{self, WireSection};
use crate::prove::Patient;
use kohyo_engine::program::{Application, FieldType, Level};
use kohyo_engine::{Context, Date, Program, evaluate};
use kohyo_record::wire::FORM_NAMESPACE;
use kohyo_record::{RECORDS_NAMESPACE, application_word};

/// Whether a check is about the way in which records are written in one of the formats.
pub(super) fn is_of_a_format(check: &str) -> bool {
    let layer = check.split('.').next().unwrap_or_default();
    matches!(layer, "xml" | "csv" | "fhir" | "unit")
}

/// Why no record of a form fails a check of how a format is written; nothing of other checks.
pub(super) fn not_reached(check: &str) -> Option<&'static str> {
    match check {
        "csv.written" | "fhir.authored" => Some(
            "記載年月日を読めないと点検する日によって判定するため、いつ点検しても同じになる記録がこの様式にはありませんでした",
        ),
        check => {
            is_of_a_format(check).then_some("この誤りにできる記録が、この様式にはありませんでした")
        }
    }
}

/// Why a check has no record in a kit of this format at all; nothing if it should have one.
pub(super) fn outside(row: &CheckRow, format: Format) -> Option<&'static str> {
    if !row.places.tool {
        return Some("画面からの送信だけの点検のため、記録のファイルでは起こりません");
    }
    let (layer, _) = row.id.split_once('.')?;
    match (layer, format) {
        ("xml", Format::Csv | Format::Fhir) => {
            return Some("XMLの書き方の点検のため、この形式では起こりません");
        }
        ("unit", Format::Csv | Format::Fhir) => {
            return Some("XMLの単位（unit属性）の点検のため、この形式のキットには含めません");
        }
        ("csv", Format::Csv) | ("fhir", Format::Fhir) => return of_the_format(&row.id),
        ("file", Format::Fhir) if row.id == "file.encoding" => {
            return Some("FHIRでは、文字コードの誤りを fhir.not_json として指摘します");
        }
        _ => {}
    }
    match (layer, row.id.as_str()) {
        ("csv", _) => Some("CSVの点検のため、この形式のキットには含めません"),
        ("fhir", _) => Some("FHIRの点検のため、この形式のキットには含めません"),
        ("zip", _) => Some("ZIPの点検のため、キットには含めません"),
        ("box", _) => Some("封緘ファイルの点検のため、キットには含めません"),
        (_, "file.unreadable" | "file.no_xml" | "file.office" | "file.foreign" | "file.sealed") => {
            Some("ファイルの置き場所や種類の点検のため、キットには含めません")
        }
        (_, "xml.many_records") => {
            Some("1件だけを受け取る場面の点検のため、まとめて点検するキットには含めません")
        }
        (_, "xml.too_many_findings") => Some(TOO_MANY_FINDINGS),
        (_, "file.too_large") if !format.is_xml() => Some(TOO_LARGE),
        (_, "record.edition_not_in_force") => Some("適用期間の外の日がない版です"),
        (_, "record.previous_edition") => {
            Some("前の版でだけ認定基準を満たす更新の記録が見つかりませんでした")
        }
        _ => None,
    }
}

const TOO_MANY_FINDINGS: &str =
    "指摘の件数の上限であり、記録の適否を変えないため、キットには含めません";
const TOO_LARGE: &str = "大きさの上限を超えるファイルになるため、キットには含めません";

/// The same of a check of how CSV or FHIR is written, in a kit of that format.
fn of_the_format(check: &str) -> Option<&'static str> {
    match check {
        "csv.too_many_findings" | "fhir.too_many_findings" => Some(TOO_MANY_FINDINGS),
        "fhir.too_large" => Some(TOO_LARGE),
        "fhir.many_records" => {
            Some("1件だけを受け取る場面の点検のため、まとめて点検するキットには含めません")
        }
        _ => None,
    }
}

/// What is said of a document.
enum Says {
    /// The record is read and judged as before; this is found besides.
    Besides(Level),
    /// Nothing is judged; only this is found.
    Nothing,
    /// Nothing is judged; this is found before.
    After(&'static str),
}

pub(super) fn make(workshop: &mut Workshop<'_>) {
    let bases = workshop.bases();
    for base in &bases {
        let application = base.context.application;
        let word = match application {
            Application::New => "新規申請",
            Application::Renewal => "更新申請",
        };
        workshop.add_patient(
            base,
            "record",
            Side::Pass,
            format!("誤りのない最小の記録（{word}）"),
            Claim::Any,
        );
    }
    let Some(base) = bases.first() else {
        workshop.gap("record", "誤りのない最小の記録が見つかりませんでした");
        return;
    };
    let record = workshop.written(base);
    let sound = workshop.expected(&record);
    let program = workshop.program();
    let plain = document(workshop.form, &record);
    let mut made = Documents {
        program,
        plain: &plain,
        made: Vec::new(),
    };
    made.xml(application_word(record.context.application));
    made.structure();
    for (check, document, says, purpose) in made.made {
        let (mut findings, verdict, level) = match says {
            Says::Besides(level) => (sound.findings.clone(), sound.verdict.clone(), level),
            Says::Nothing => (Vec::new(), None, Level::Error),
            Says::After(first) => (vec![about_nothing(first, Level::Error)], None, Level::Error),
        };
        findings.push(about_nothing(check, level));
        let expected = Expected { findings, verdict };
        let made = (document, None);
        workshop.shelve(made, expected, check, Side::Fail, purpose.to_owned());
    }
    empty_element(workshop, base, &record);
    days(workshop, base, &record);
}

fn about_nothing(check: &str, level: Level) -> ExpectedFinding {
    ExpectedFinding {
        check: check.to_owned(),
        item: None,
        level,
    }
}

struct Documents<'p> {
    program: &'p Program,
    plain: &'p str,
    made: Vec<(&'static str, Vec<u8>, Says, &'static str)>,
}

impl Documents<'_> {
    fn add(
        &mut self,
        check: &'static str,
        document: impl Into<Vec<u8>>,
        says: Says,
        purpose: &'static str,
    ) {
        let document = document.into();
        // What could not be done to this document shows nothing.
        if document != self.plain.as_bytes() {
            self.made.push((check, document, says, purpose));
        }
    }

    /// The document with the first of these exchanged.
    fn with(&self, what: &str, by: &str) -> String {
        self.plain.replacen(what, by, 1)
    }

    fn before_end(&self, what: &str) -> String {
        self.with("</record>", &format!("{what}</record>"))
    }

    fn xml(&mut self, application: &str) {
        use Says::{After, Besides, Nothing};
        let namespace = wire::namespace(self.program);
        let record = format!("<record xmlns=\"{namespace}\"");
        self.add("file.empty", "", Nothing, "空のファイル");
        self.add(
            "file.encoding",
            self.with("encoding=\"UTF-8\"", "encoding=\"Shift_JIS\""),
            Nothing,
            "XML宣言の文字コードがShift_JIS",
        );
        let mut bytes = self.before_end("<!-- -->").into_bytes();
        if let Some(blank) = bytes.iter().rposition(|byte| *byte == b' ')
            && let Some(byte) = bytes.get_mut(blank)
        {
            *byte = 0xff;
        }
        self.add(
            "file.encoding",
            bytes,
            Nothing,
            "UTF-8として正しくないバイトがある",
        );
        self.add(
            "xml.not_well_formed",
            self.with("</record>", "</recoed>"),
            Nothing,
            "終了タグの名前が違う",
        );
        let cut = self.plain.rfind("</record>").unwrap_or(self.plain.len());
        self.add(
            "xml.truncated",
            self.plain.get(..cut).unwrap_or_default(),
            Nothing,
            "ファイルが途中で終わる",
        );
        self.add(
            "xml.dtd",
            self.with("<record ", "<!DOCTYPE record>\n<record "),
            Nothing,
            "文書型宣言がある",
        );
        self.add(
            "xml.entity",
            self.before_end("&nbsp;"),
            Nothing,
            "あらかじめ定められた5つ以外の実体参照がある",
        );
        let deep = format!("{}{}", "<kit>".repeat(64), "</kit>".repeat(64));
        self.add(
            "xml.too_deep",
            self.before_end(&deep),
            After("xml.unknown_element"),
            "要素の入れ子が65段ある（定めのない要素でもある）",
        );
        let many: String = (0..257).map(|n| format!(" kit{n}=\"\"")).collect();
        self.add(
            "xml.too_many_attributes",
            self.with("<record ", &format!("<record{many} ")),
            Nothing,
            "一つの要素に属性が257個を超えてある",
        );
        let long = format!("<!--{}-->", "あ".repeat(22_000));
        self.add(
            "file.too_large",
            self.before_end(&long),
            Nothing,
            "コメントが64KBを超える",
        );
        self.add(
            "xml.unknown_root",
            "<kit/>\n",
            Nothing,
            "ルート要素が record でも records でもない",
        );
        self.add(
            "xml.no_record",
            format!("<records xmlns=\"{RECORDS_NAMESPACE}\"></records>\n"),
            Nothing,
            "個票が1件もない",
        );
        self.add(
            "xml.undeclared_prefix",
            self.with(&record, "<kit:record")
                .replacen("</record>", "</kit:record>", 1),
            Nothing,
            "record の接頭辞が宣言されていない",
        );
        for (check, other, purpose) in [
            (
                "xml.unknown_namespace",
                "urn:example".to_owned(),
                "record の名前空間が個票のものでない",
            ),
            (
                "xml.unknown_form",
                format!("{FORM_NAMESPACE}kit-unknown:{}", self.program.edition),
                "名前空間の様式がない",
            ),
            (
                "xml.unknown_edition",
                format!("{FORM_NAMESPACE}{}:0000", self.program.key),
                "名前空間の版がない",
            ),
        ] {
            let document = self.with(&namespace, &other);
            self.add(check, document, Nothing, purpose);
        }
        let attribute = format!(" application=\"{application}\"");
        self.add(
            "xml.missing_attribute",
            self.with(&attribute, ""),
            Nothing,
            "新規・更新の別（application）が書かれていない",
        );
        self.add(
            "xml.bad_attribute",
            self.with(&attribute, " application=\"first\""),
            Nothing,
            "新規・更新の別（application）が new でも renewal でもない",
        );
        self.add(
            "xml.unknown_attribute",
            self.with("<record ", "<record kit=\"1\" "),
            Besides(Level::Error),
            "record に定めのない属性がある",
        );
    }

    fn structure(&mut self) {
        use Says::Besides;
        self.add(
            "xml.unknown_element",
            self.before_end("  <kit_unknown/>\n"),
            Besides(Level::Error),
            "定めのない区分の要素がある",
        );
        let sections = wire::sections(self.program);
        let first = sections
            .iter()
            .map(|WireSection { section, .. }| format!("  </{}>\n", section.name))
            .find(|end| self.plain.contains(end.as_str()));
        if let Some(end) = first {
            self.add(
                "xml.unknown_element",
                self.with(&end, &format!("    <kit_unknown>1</kit_unknown>\n{end}")),
                Besides(Level::Error),
                "定めのない項目の要素がある",
            );
            self.add(
                "xml.unexpected_text",
                self.with(&end, &format!("    文字\n{end}")),
                Besides(Level::Error),
                "項目の要素の外に文字がある",
            );
        }
        let lines: Vec<&str> = self.plain.lines().collect();
        let is_item = |line: &str| line.starts_with("    <");
        let single = |line: &str| {
            sections
                .iter()
                .flat_map(|section| &section.fields)
                .any(|placed| {
                    let begin = format!("    <{}", placed.field.name);
                    let rest = line.strip_prefix(&begin);
                    rest.is_some_and(|rest| rest.starts_with([' ', '>']))
                        && !matches!(placed.field.ty, FieldType::Choices { .. })
                })
        };
        if let Some(line) = lines.iter().find(|line| is_item(line) && single(line)) {
            self.add(
                "xml.duplicate_element",
                self.with(line, &format!("{line}\n{line}")),
                Besides(Level::Error),
                "一度しか書けない要素が2つある（最初のものを読む）",
            );
        }
        let two = lines.windows(2).find_map(|pair| match pair {
            [a, b] if [a, b].iter().all(|line| is_item(line) && single(line)) => Some((*a, *b)),
            _ => None,
        });
        if let Some((a, b)) = two {
            self.add(
                "xml.out_of_place",
                self.with(&format!("{a}\n{b}"), &format!("{b}\n{a}")),
                Besides(Level::Error),
                "項目の要素の順が違う（値は読む）",
            );
        }
    }
}

/// An element without a value, where nothing needs to be answered.
fn empty_element(workshop: &mut Workshop<'_>, base: &Patient, record: &Written) {
    let outcome = evaluate(workshop.form, &base.answers, &base.context);
    let optional = workshop.fields().into_iter().find(|field| {
        let at = usize::from(field.0);
        outcome.shown.get(at) == Some(&true)
            && outcome.required.get(at) == Some(&false)
            && base.answers.get(*field).is_missing()
    });
    let field = optional.and_then(|field| workshop.program().fields.get(usize::from(field.0)));
    let Some(field) = field else {
        workshop.gap(
            "xml.empty_element",
            "未記入でよい項目のある記録がありません",
        );
        return;
    };
    let mut record = record.clone();
    record.raw.insert(field.name.clone(), vec![String::new()]);
    workshop.add(
        &record,
        "xml.empty_element",
        Side::Fail,
        "項目の要素に値がない（未記入として読む）",
        Claim::Finds("xml.empty_element"),
    );
}

/// The day on which a record was written, against the life of the edition.
fn days(workshop: &mut Workshop<'_>, base: &Patient, record: &Written) {
    let program = workshop.program();
    let (future, period) = ("record.written_in_future", "record.edition_not_in_force");
    let today = record.context.today.first_day();
    let begin = program.valid_from.first_day();
    let end = program.valid_to.map(Date::last_day);
    let mut days = vec![
        (begin, Side::Inside, "版の適用期間の最初の日に書いた"),
        (
            begin - 1,
            Side::Outside,
            "版の適用期間の最初の日の前日に書いた",
        ),
    ];
    if let Some(end) = end.filter(|end| *end <= today) {
        days.push((end, Side::Inside, "版の適用期間の最後の日に書いた"));
        days.push((
            end + 1,
            Side::Outside,
            "版の適用期間の最後の日の翌日に書いた",
        ));
    }
    for (day, side, purpose) in days {
        // A record of a later day must not be taken for one from the future.
        if day <= today.max(begin) {
            on(workshop, base, record, day, (period, side, purpose));
        }
    }
    let purpose = "点検する日より後に書いたことになっている";
    on(
        workshop,
        base,
        record,
        Date::LAST_DAY,
        (future, Side::Fail, purpose),
    );
}

fn on(
    workshop: &mut Workshop<'_>,
    base: &Patient,
    record: &Written,
    day: i32,
    (check, side, purpose): (&str, Side, &str),
) {
    let program = workshop.program();
    let Some(today) = Date::from_day_number(day) else {
        return;
    };
    let mut patient = base.clone();
    patient.context.today = today;
    let record = match workshop.nearest.mended(patient, &[], &[], &[]) {
        Some(mended) => workshop.written(&mended),
        None => Written {
            context: Context {
                today,
                ..record.context
            },
            ..record.clone()
        },
    };
    let mut expected = workshop.expected(&record);
    if day == Date::LAST_DAY {
        expected
            .findings
            .push(about_nothing("record.written_in_future", Level::Error));
    }
    let over = program.valid_to.is_some_and(|end| day > end.last_day());
    if over || day < program.valid_from.first_day() {
        expected
            .findings
            .push(about_nothing("record.edition_not_in_force", Level::Warning));
    }
    let document = document(workshop.form, &record).into_bytes();
    let made = (document, record.values());
    workshop.shelve(made, expected, check, side, purpose.to_owned());
}
