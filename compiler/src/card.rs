//! The card of a disease: one plain page with every question, rule and check, modules folded in.
//!
//! A reviewer reads it beside the notice; a difference of two cards shows what a change to a
//! shared module does to each disease.

use kohyo_engine::outline;
use kohyo_engine::program::{
    Application, Carried, Cond, CondKind, DatePrecision, DefinitionId, Excepted, ExceptionKind,
    FieldId, FieldType, FirstAnswer, JudgementId, Layout, Level, Member, Migration, NumberKind,
    Part, Program, Rule,
};
use std::fmt::Write;

/// The first line of every generated file.
pub(crate) const GENERATED: &str =
    "<!-- `kohyo card --write` が作るファイルです。手で直さないでください -->";

/// The file in which the card of the definition at `path` is kept: `card.md` beside `form.kohyo`,
/// `edition_2020.card.md` beside `edition_2020.kohyo`.
pub fn card_path(path: &str) -> String {
    match path.strip_suffix("form.kohyo") {
        Some(folder) => format!("{folder}card.md"),
        None => format!("{}.card.md", path.trim_end_matches(".kohyo")),
    }
}

/// The card as the file kept beside the definition.
pub fn card_file(program: &Program) -> String {
    format!(
        "{GENERATED}\n\n```text\n{}\n```\n",
        card(program).trim_end()
    )
}

/// The card of a compiled form, as plain text.
pub fn card(program: &Program) -> String {
    let mut out = String::new();
    head(&mut out, program);
    for section in &program.sections {
        line(
            &mut out,
            0,
            &format!("\n■ {}（{}）", section.label, section.name),
        );
        members(&mut out, program, &section.members, 1);
    }
    line(&mut out, 0, "\n■ 規則");
    for (id, definition) in (0..).map(DefinitionId).zip(&program.definitions) {
        line(
            &mut out,
            1,
            &format!(
                "{}（{}）{}",
                definition.label,
                definition.name,
                cited(definition.cites.as_deref())
            ),
        );
        indented(&mut out, &outline::rule_in_columns(&definition.rule), 2);
        excepted(&mut out, program, Excepted::Definition(id), 2);
    }
    functions(&mut out, program);
    for (id, judgement) in (0..).map(JudgementId).zip(&program.judgements) {
        line(
            &mut out,
            0,
            &format!("\n■ 判定 {}（{}）", judgement.label, judgement.name),
        );
        for category in &judgement.categories {
            let mark = if category.eligible {
                "対象"
            } else {
                "対象外"
            };
            let name = format!(
                "{}（{}）［{mark}］{}",
                category.label,
                category.name,
                cited(category.cites.as_deref())
            );
            line(&mut out, 1, &name);
            match &category.when {
                Some(when) => indented(&mut out, &outline::condition(when), 2),
                None => line(&mut out, 2, "上のいずれにも当てはまらないとき"),
            }
        }
        excepted(&mut out, program, Excepted::Judgement(id), 1);
    }
    if !program.checks.is_empty() {
        line(&mut out, 0, "\n■ 点検");
    }
    for check in &program.checks {
        let level = match check.level {
            Level::Error => "エラー",
            Level::Warning => "警告",
            Level::Information => "情報",
        };
        line(
            &mut out,
            1,
            &format!("{} {level} {}{}", check.id, check.message, only(check.only)),
        );
        indented(&mut out, &outline::condition(&check.violated), 2);
    }
    for migration in &program.migrations {
        migrated(&mut out, program, migration);
    }
    out
}

/// What the official text itself leaves open or says twice about a rule.
fn excepted(out: &mut String, program: &Program, of: Excepted, depth: usize) {
    for exception in program.exceptions.iter().filter(|e| e.of == of) {
        let head = match exception.kind {
            ExceptionKind::Gap if falls_to_otherwise(program, of) => {
                "公式の文の隙間（どれにも当てはまらないときの結果にする）"
            }
            ExceptionKind::Gap if counts_lines(program, of) => {
                "公式の文の隙間（どの行にも数えない）"
            }
            ExceptionKind::Gap => "公式の文の隙間（答えがない）",
            ExceptionKind::Overlap if highest_counts(program, of) => {
                "公式の文の重なり（多い方の点数にする）"
            }
            ExceptionKind::Overlap if counts_lines(program, of) => {
                "公式の文の重なり（両方の行に数える）"
            }
            ExceptionKind::Overlap => "公式の文の重なり（先に書いた方にする）",
        };
        line(out, depth, &format!("{head}: {}", exception.reason));
        indented(out, &outline::condition(&exception.when), depth + 1);
    }
}

/// Whether the highest of lines counts, nothing being chosen row by row.
fn highest_counts(program: &Program, of: Excepted) -> bool {
    let Excepted::Definition(id) = of else {
        return false;
    };
    let found = program.definitions.get(usize::from(id.0));
    let has = |wanted| found.is_some_and(|found| has_number(&found.rule, wanted));
    has(|kind| matches!(kind, NumberKind::Max(_)))
        && !has(|kind| matches!(kind, NumberKind::If(..)))
}

/// Whether lines are counted or added up, nothing being chosen row by row.
fn counts_lines(program: &Program, of: Excepted) -> bool {
    let Excepted::Definition(id) = of else {
        return false;
    };
    let found = program.definitions.get(usize::from(id.0));
    let has = |wanted| found.is_some_and(|found| has_number(&found.rule, wanted));
    let at_least = found.is_some_and(|found| match &found.rule {
        Rule::Criterion(condition) => counts_conditions(condition),
        Rule::Number { .. } | Rule::Grade { .. } => false,
    });
    let lines = |kind: &NumberKind| matches!(kind, NumberKind::When { .. } | NumberKind::Count(_));
    (at_least || has(lines)) && !has(|kind| matches!(kind, NumberKind::If(..)))
}

/// Whether so and so many of several conditions must hold, somewhere in this one.
fn counts_conditions(condition: &Cond) -> bool {
    let mut counts = matches!(condition.kind, CondKind::Count { .. });
    condition.each_part(|part| {
        if let Part::Cond(inner) = part {
            counts |= counts_conditions(inner);
        }
    });
    counts
}

/// Whether such a number stands in a rule.
fn has_number(rule: &Rule, wanted: fn(&NumberKind) -> bool) -> bool {
    fn part(found: Part<'_>, wanted: fn(&NumberKind) -> bool) -> bool {
        let mut has = false;
        match found {
            Part::Number(number) => {
                has = wanted(&number.kind);
                number.each_part(|inner| has |= part(inner, wanted));
            }
            Part::Cond(condition) => condition.each_part(|inner| has |= part(inner, wanted)),
            Part::Field(_) | Part::Definition(_) | Part::Judgement(_) | Part::Moment(_) => {}
        }
        has
    }
    let mut has = false;
    rule.each_part(|inner| has |= part(inner, wanted));
    has
}

/// Whether a gap leaves something: a judgement always has a last category.
fn falls_to_otherwise(program: &Program, of: Excepted) -> bool {
    match of {
        Excepted::Judgement(_) => true,
        Excepted::Definition(id) => {
            let found = program.definitions.get(usize::from(id.0));
            match found.map(|definition| &definition.rule) {
                Some(Rule::Grade { otherwise, .. }) => otherwise.is_some(),
                Some(rule @ Rule::Number { .. }) => {
                    let rows = has_number(rule, |kind| matches!(kind, NumberKind::If(..)));
                    rows && !has_number(rule, |kind| *kind == NumberKind::Nothing)
                }
                Some(Rule::Criterion(_)) => true,
                None => false,
            }
        }
    }
}

/// The functions in another language: what cannot be read off a rule, nor proven.
fn functions(out: &mut String, program: &Program) {
    if program.functions.is_empty() {
        return;
    }
    let count = program.functions.len();
    line(out, 0, &format!("\n■ Rhai で書いた関数（{count}）"));
    for function in &program.functions {
        let parameters: Vec<String> = function
            .parameters
            .iter()
            .map(|p| {
                let kind = if p.whole { "整数" } else { "小数" };
                let unit = p.unit.as_deref().map_or(String::new(), |u| format!(" {u}"));
                format!("{}: {kind}{unit}", p.name)
            })
            .collect();
        let unit = function.unit.as_deref().unwrap_or_default();
        let head = format!(
            "{}（{}）{}",
            function.label,
            function.name,
            cited(function.cites.as_deref())
        );
        line(out, 1, &head);
        line(out, 2, &format!("引数 {}", parameters.join("、")));
        let digits = format!("小数点以下{}桁{unit}", function.fraction);
        line(out, 2, &format!("結果 {digits}。引数が不明なら結果も不明"));
        for text in function.script.trim_matches('\n').lines() {
            line(out, 2, &format!("｜{text}"));
        }
    }
}

/// What becomes of the answers of an older edition; questions of one name and code are left out.
fn migrated(out: &mut String, program: &Program, migration: &Migration) {
    line(
        out,
        0,
        &format!("\n■ {}年版の記録から移すもの", migration.edition),
    );
    let label = |id: FieldId| {
        let field = program.fields.get(usize::from(id.0));
        field.map_or_else(String::new, |f| format!("{}　{}", f.name, f.label))
    };
    let mut same = 0;
    for carried in &migration.carried {
        let codes = renamed_codes(program, carried);
        let field = program.fields.get(usize::from(carried.new.0));
        let renamed = field.is_none_or(|f| f.name != carried.old);
        if !renamed && codes.is_empty() && !carried.where_it_fits {
            same += 1;
            continue;
        }
        let fits = if carried.where_it_fits {
            "　移せない答えは尋ね直す"
        } else {
            ""
        };
        line(
            out,
            1,
            &format!("{} ← {}{codes}{fits}", label(carried.new), carried.old),
        );
    }
    line(out, 1, &format!("同じ名前のまま移す項目 {same}"));
    for dropped in &migration.dropped {
        line(
            out,
            1,
            &format!(
                "廃止 {}　{}　{}",
                dropped.old, dropped.label, dropped.reason
            ),
        );
    }
    for asked in &migration.asked {
        line(
            out,
            1,
            &format!("追加 {}　{}", label(asked.new), asked.reason),
        );
    }
}

/// Codes that have another number in this edition, or none.
fn renamed_codes(program: &Program, carried: &Carried) -> String {
    let table = program.fields.get(usize::from(carried.new.0));
    let codes = match table.map(|f| &f.ty) {
        Some(FieldType::Choice { table } | FieldType::Choices { table }) => {
            program.code_tables.get(usize::from(*table))
        }
        _ => None,
    };
    let codes = codes.map_or(&[][..], |t| t.codes.as_slice());
    let changed: Vec<String> = carried
        .codes
        .iter()
        .filter_map(|mapped| {
            let to = mapped.new.and_then(|n| codes.get(usize::from(n)));
            match to {
                Some(to) if to.value == mapped.old => None,
                Some(to) => Some(format!("{}→{}", mapped.old, to.value)),
                None => Some(format!("{}→尋ね直す", mapped.old)),
            }
        })
        .collect();
    match changed.as_slice() {
        [] => String::new(),
        changed => format!("　{}", changed.join(" / ")),
    }
}

fn head(out: &mut String, program: &Program) {
    let status = program.status.label();
    line(out, 0, &format!("{} {}", program.key, program.title));
    line(
        out,
        0,
        &format!(
            "版 {}（{}から）　{status}",
            program.edition,
            program.valid_from.japanese()
        ),
    );
    if let Some(edition) = &program.fallback {
        line(
            out,
            0,
            &format!("更新は{edition}年版の基準でも判定し、両方の結果を示す"),
        );
    }
    line(out, 0, &format!("出典 {}", program.source));
    for note in &program.notes {
        line(out, 0, &format!("注 {note}"));
    }
}

fn members(out: &mut String, program: &Program, members_: &[Member], depth: usize) {
    for member in members_ {
        match member {
            Member::Group {
                label,
                layout: Layout::Rows,
                members: inner,
                ..
            } => {
                line(out, depth, &format!("◇ {label}"));
                rows(out, program, inner, depth + 1);
            }
            Member::Group {
                label,
                members: inner,
                ..
            } => {
                line(out, depth, &format!("◇ {label}"));
                members(out, program, inner, depth + 1);
            }
            Member::Field(id) => field(out, program, *id, depth),
            Member::Note(text) => line(out, depth, &format!("（{text}）")),
            Member::Display(id) => {
                if let Some(definition) = program.definitions.get(usize::from(id.0)) {
                    line(
                        out,
                        depth,
                        &format!("＝ {}（{}）", definition.label, definition.name),
                    );
                }
            }
        }
    }
}

/// The question how many rows there are and the first row; the others ask the same.
fn rows(out: &mut String, program: &Program, inner: &[Member], depth: usize) {
    let shown = inner.get(..2).unwrap_or(inner);
    members(out, program, shown, depth);
    if let (Some(Member::Group { label: second, .. }), Some(Member::Group { label: last, .. })) =
        (inner.get(2), inner.last())
    {
        let others = if second == last {
            last.clone()
        } else {
            format!("{second}〜{last}")
        };
        line(out, depth, &format!("◇ {others}（同じ項目）"));
    }
}

fn field(out: &mut String, program: &Program, id: FieldId, depth: usize) {
    let Some(field) = program.fields.get(usize::from(id.0)) else {
        return;
    };
    let required = match (&field.required, &field.required_when) {
        (true, _) => "　必須".to_owned(),
        (false, Some(when)) => format!("　必須: {}", one_line(when)),
        (false, None) => String::new(),
    };
    let shown = field
        .shown_when
        .as_ref()
        .map_or_else(String::new, |when| format!("　表示: {}", one_line(when)));
    let ty = type_words(program, &field.ty);
    line(
        out,
        depth,
        &format!(
            "{}　{}　{ty}{required}{}",
            field.name,
            field.label,
            only(field.only)
        ),
    );
    if !shown.is_empty() {
        line(out, depth + 1, shown.trim());
    }
    if let Some(first) = &field.first_answer {
        let words = match first {
            FirstAnswer::Today => "書き始めた日".to_owned(),
            FirstAnswer::Written(values) => values.join(" "),
        };
        line(out, depth + 1, &format!("初期値: {words}"));
    }
}

fn type_words(program: &Program, ty: &FieldType) -> String {
    match ty {
        FieldType::Text { chars, lines: 1 } => format!("文字 {chars}"),
        FieldType::Text { chars, lines } => format!("文字 {chars}（{lines}行）"),
        FieldType::Kana { chars } => format!("かな {chars}"),
        FieldType::Digits { count } => format!("数字 {count}桁"),
        FieldType::PostalCode => "郵便番号".to_owned(),
        FieldType::Phone => "電話番号".to_owned(),
        FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        } => {
            let range = match (min, max) {
                (Some(min), Some(max)) => format!(" {min}〜{max}"),
                _ => String::new(),
            };
            let unit = unit
                .as_deref()
                .map_or_else(String::new, |u| format!(" {u}"));
            format!("数値 {digits}.{fraction}{unit}{range}")
        }
        FieldType::Date { precision } => match precision {
            DatePrecision::Year => "年",
            DatePrecision::Month => "年月",
            DatePrecision::Day => "年月日",
        }
        .to_owned(),
        FieldType::Choice { table } => format!("一つ選択 {}", codes(program, *table)),
        FieldType::Choices { table } => format!("複数選択 {}", codes(program, *table)),
    }
}

fn codes(program: &Program, table: u16) -> String {
    let Some(table) = program.code_tables.get(usize::from(table)) else {
        return String::new();
    };
    let words = table.codes.iter().map(|code| {
        let points = code.points.map_or_else(String::new, |p| format!(" {p}点"));
        let unknown = if code.unknown {
            " ［不明扱い］"
        } else {
            ""
        };
        format!(
            "{} {} {}{points}{unknown}",
            code.value, code.name, code.label
        )
    });
    words.collect::<Vec<_>>().join(" / ")
}

/// Lines, each indented by `depth`.
fn indented(out: &mut String, lines: &str, depth: usize) {
    for text in lines.lines() {
        line(out, depth, text);
    }
}

/// A condition in one line: conjunctions are joined.
fn one_line(condition: &Cond) -> String {
    match &condition.kind {
        CondKind::All(parts) => parts
            .iter()
            .map(one_line)
            .collect::<Vec<_>>()
            .join("、かつ"),
        _ => condition.text.clone(),
    }
}

fn cited(cites: Option<&str>) -> String {
    cites.map_or_else(String::new, |text| format!("　〔{text}〕"))
}

fn only(only: Option<Application>) -> &'static str {
    match only {
        None => "",
        Some(Application::New) => "　新規のみ",
        Some(Application::Renewal) => "　更新のみ",
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(out, "{}{text}", "  ".repeat(depth));
}
