//! Another name for something, in every file that knows it.
//!
//! Case files beside the definitions follow. A field's name is its name on every wire: the old name
//! is kept as `was …` unless the author does not want it.

use super::cases::{keys, rename_in_cases};
use super::names::{Spot, Target, spot};
use super::references::{everywhere, wanted};
use super::scene::{location, look_at, mention_at};
use super::text::{Lines, Position, Range, TextEdit};
use crate::files::Files;
use crate::load::SyntaxCache;
use crate::world::{CodeTable, Entity, Field, UnitIndex, World, is_wire_name};
use kohyo_dsl::Span;
use kohyo_dsl::ast::{self, ModifierKind, Name, Path};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Why something is not renamed: a sentence for the author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotRenamed(pub String);

/// What renaming changes.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Renamed {
    /// Edits by file.
    pub edits: BTreeMap<String, Vec<TextEdit>>,
    /// Keeps the old name of a field (`was …`), where that is wanted: file and edit.
    pub keep_old: Option<(String, TextEdit)>,
    /// What the author should know.
    pub warning: Option<String>,
}

/// The name at a place, if it can be renamed.
///
/// # Errors
/// There is no name, or it is not the author's to choose.
pub fn prepare_rename(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
) -> Result<Range, NotRenamed> {
    look_at(files, cache, path, |world| {
        let mention = mention_at(world, position)?;
        let text = world.units.first().map_or("", |u| u.text);
        Some(match mention.target {
            Target::Module(unit) if is_form(world, unit) => Err(NotRenamed(
                "疾病の番号は告示の番号です。見出しで直してください".to_owned(),
            )),
            Target::Module(_) => Err(NotRenamed(
                "モジュールの名前はファイルの場所です。ファイルを移してから use を書き換えてください"
                    .to_owned(),
            )),
            Target::Check(_) => Err(NotRenamed(
                "チェックの番号は公開された番号です。変えずに、新しい番号のチェックを書いてください"
                    .to_owned(),
            )),
            Target::Entity(entity) if is_repeated(world, entity) => Err(NotRenamed(
                "行や側の名前は、すべての行や側のXMLの名前に入ります。定義とケースを一緒に書き換えてください"
                    .to_owned(),
            )),
            Target::Entity(_)
            | Target::Code(..)
            | Target::Outcome(..)
            | Target::Category(..)
            | Target::Function(_)
            | Target::Alias(..) => Ok(Lines::new(text).range(mention.span)),
        })
    })
    .flatten()
    .unwrap_or_else(|| Err(NotRenamed("ここには名前がありません".to_owned())))
}

/// The edits that give what is named at a place the name `new`.
///
/// # Errors
/// `new` cannot be a name here, or is taken in a file that would see it.
pub fn rename(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
    new: &str,
) -> Result<Renamed, NotRenamed> {
    prepare_rename(files, cache, path, position)?;
    let nothing = || NotRenamed("ここには名前がありません".to_owned());
    let wanted = wanted(files, cache, path, position).ok_or_else(nothing)?;
    let home = wanted.spot.path.clone();
    let subject = look_at(files, cache, &home, |world| {
        subject(world, files, &wanted.spot, new)
    })
    .flatten()
    .ok_or_else(nothing)?;
    if new == subject.old {
        return Ok(Renamed::default());
    }
    fits(&subject, new)?;
    let places = everywhere(files, cache, &wanted);
    let seen_by: BTreeSet<&str> = places.iter().map(|p| p.spot.path.as_str()).collect();
    for file in seen_by {
        if subject.scope == Scope::File && taken(files, cache, file, new) {
            return Err(NotRenamed(format!("「{new}」は {file} にすでにあります")));
        }
    }
    if subject.siblings.contains(new) {
        return Err(NotRenamed(format!("「{new}」はすでにあります")));
    }
    let mut renamed = Renamed::default();
    for place in places.iter().filter(|p| !p.module) {
        if let Some(at) = location(files, &place.spot) {
            renamed.edits.entry(at.path).or_default().push(TextEdit {
                range: at.range,
                new_text: new.to_owned(),
            });
        }
    }
    if let Some(field) = &subject.field {
        renamed.keep_old = keep_old(files, &home, field);
        renamed.warning = Some(format!(
            "項目名はXML・CSVでの名前です。`{}` を `{}` に変えると、これまでの記録では `was {}` が必要です",
            field.wire, field.new_wire, field.wire
        ));
        rename_field_in_cases(files, cache, &home, field, &mut renamed);
    } else {
        rename_in_cases(files, cache, &wanted.spot, new, &mut renamed);
    }
    Ok(renamed)
}

fn is_form(world: &World<'_>, unit: UnitIndex) -> bool {
    let header = world
        .units
        .get(unit)
        .and_then(|u| u.parsed.file.header.as_ref());
    header.is_some_and(|h| !matches!(h.subject, ast::Subject::Module(_)))
}

/// Whether the name is part of the names of several fields.
fn is_repeated(world: &World<'_>, entity: Entity<'_>) -> bool {
    match entity {
        Entity::Repeat(_) => true,
        Entity::Field(field) => world.fields[field].turn.is_some(),
        Entity::Table(_) | Entity::Rule(_) | Entity::Judgement(_) => false,
    }
}

/// What is renamed.
struct Subject {
    old: String,
    /// Where its name must be unique.
    scope: Scope,
    /// Names beside it: codes of the same table, categories of the same judgement.
    siblings: BTreeSet<String>,
    field: Option<RenamedField>,
}

#[derive(PartialEq, Eq)]
enum Scope {
    /// In every file that sees it.
    File,
    /// In the table, rule or judgement it belongs to.
    Own,
    /// Among the functions.
    Call,
}

struct RenamedField {
    wire: String,
    new_wire: String,
    /// All of the field.
    span: Span,
    /// An older name is kept already.
    has_was: bool,
}

fn subject(world: &World<'_>, files: &Files, wanted: &Spot, new: &str) -> Option<Subject> {
    let text = files.get(&wanted.path)?;
    let target = super::names::mentions(world, 0)
        .into_iter()
        .find(|m| m.declares && spot(world, m.target).as_ref() == Some(wanted))?
        .target;
    let mut subject = Subject {
        old: wanted.span.of(text).to_owned(),
        scope: Scope::Own,
        siblings: BTreeSet::new(),
        field: None,
    };
    let names = |table: &CodeTable<'_>| table.codes.iter().map(|c| c.name.text.clone()).collect();
    match target {
        Target::Entity(Entity::Field(id)) => {
            subject.scope = Scope::File;
            subject.field = Some(renamed_field(&world.fields[id], new));
        }
        Target::Entity(_) | Target::Alias(..) => subject.scope = Scope::File,
        Target::Code(id, _) => subject.siblings = names(&world.tables[id]),
        Target::Outcome(id, _) => {
            let outcomes = world.rules[id].kind.outcomes()?;
            subject.siblings = outcomes.iter().map(|o| o.name.text.clone()).collect();
        }
        Target::Category(id, _) => {
            let names = world.judgements[id].names();
            subject.siblings = names.map(str::to_owned).collect();
        }
        Target::Function(index) => {
            // Only calls ask for functions: their names need not differ from those of rules.
            subject.scope = Scope::Call;
            let unit = world.functions.get(index)?.unit;
            let names = world.function_names(unit);
            subject.siblings = names.map(str::to_owned).collect();
        }
        Target::Module(_) | Target::Check(_) => return None,
    }
    Some(subject)
}

fn renamed_field(field: &Field<'_>, new: &str) -> RenamedField {
    let own = field.ast.name.text.as_str();
    let prefix = field.wire.strip_suffix(own).unwrap_or("");
    RenamedField {
        wire: field.wire.clone(),
        new_wire: format!("{prefix}{new}"),
        span: field.ast.span,
        has_was: field
            .ast
            .modifiers
            .iter()
            .any(|m| matches!(m.kind, ModifierKind::Was(_))),
    }
}

/// Whether `new` can be a name here.
fn fits(subject: &Subject, new: &str) -> Result<(), NotRenamed> {
    if subject.field.is_some() && !is_wire_name(new) {
        return Err(NotRenamed(format!(
            "項目名「{new}」は英小文字・数字・_ で書きます（XMLやCSVでもこの名前を使います）"
        )));
    }
    let probe = match subject.scope {
        Scope::File | Scope::Call => format!("module m \"m\" {{ }}\ncriterion {new} = yes\n"),
        Scope::Own => format!("module m \"m\" {{ }}\ncode c \"c\" {{ 1 {new} \"c\" }}\n"),
    };
    let parsed = kohyo_dsl::parse("", &probe);
    let single = !new.contains(|c: char| c.is_whitespace() || "{}()\"#;=,".contains(c));
    if single && parsed.diagnostics.is_empty() && parsed.file.items.len() == 1 {
        return Ok(());
    }
    let reason = parsed
        .diagnostics
        .first()
        .map_or("", |d| d.message.as_str());
    Err(NotRenamed(format!("「{new}」は名前にできません　{reason}")))
}

/// Whether `file` already knows something by this name.
fn taken(files: &Files, cache: &mut SyntaxCache, file: &str, name: &str) -> bool {
    let bare = Path {
        names: vec![Name {
            text: name.to_owned(),
            span: Span::default(),
        }],
        span: Span::default(),
    };
    look_at(files, cache, file, |world| world.resolve(0, &bare).is_ok()).unwrap_or(false)
}

fn keep_old(files: &Files, home: &str, field: &RenamedField) -> Option<(String, TextEdit)> {
    if field.has_was {
        return None;
    }
    let end = field.span.of(files.get(home)?).trim_end().len();
    let at = Lines::new(files.get(home)?).position(field.span.start as usize + end);
    let edit = TextEdit {
        range: Range { start: at, end: at },
        new_text: format!(" was {}", field.wire),
    };
    Some((home.to_owned(), edit))
}

/// Answers in the case files of the diseases that ask the question.
fn rename_field_in_cases(
    files: &Files,
    cache: &mut SyntaxCache,
    home: &str,
    field: &RenamedField,
    renamed: &mut Renamed,
) {
    let mut asked_in: BTreeSet<String> = super::users(files, cache, home).into_iter().collect();
    asked_in.insert(home.to_owned());
    for definition in &asked_in {
        let path = crate::cases::beside(definition);
        let Some(text) = files.get(&path) else {
            continue;
        };
        let lines = Lines::new(text);
        let edits: Vec<TextEdit> = keys(text, &field.wire)
            .into_iter()
            .map(|span| TextEdit {
                range: lines.range(span),
                new_text: field.new_wire.clone(),
            })
            .collect();
        if !edits.is_empty() {
            renamed.edits.insert(path, edits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing;

    fn check(word: &str, nth: usize, new: &str) -> String {
        let (mut files, mut cache) = testing::folder();
        files.insert(
            "shitei/006_parkinson/cases.yaml",
            "base:\n  tremor: present # tremor: なし\n  hoehn_yahr_stage: \"4\"\ncases:\n  - name: tremor だけ\n    answers: { tremor: absent, other: tremor }\n    expect:\n      hidden: [tremor, rigidity]\n      values: { total: tremor }\n      judgements: { diagnosis: definite, other: definite }\n      findings: [hidden.tremor, range.tremor]\n      no_findings: [code.tremor, xcode.tremor, code.tremors]\n  - name: 二つ目\n    answers: { tremor: \"present\", other: present } # tremor: present\n    expect: { values: { 振戦あり: true, overall: severe, total: 2 }, missing: [[rigidity], [tremor]], findings: [required.tremor] }\n",
        );
        // The cases of another branch are another form's.
        files.insert(
            "shitei/006_parkinson/branch_02.cases.yaml",
            "base: { tremor: present }\ncases: []\n",
        );
        let position = testing::nth(word, nth);
        let path = testing::DISEASE;
        let renamed = match rename(&files, &mut cache, path, position, new) {
            Ok(renamed) => renamed,
            Err(reason) => return reason.to_string(),
        };
        let mut out = String::new();
        for (file, edits) in &renamed.edits {
            out.push_str(&format!("{file}\n"));
            let lines: Vec<&str> = files.get(file).unwrap().lines().collect();
            for edit in edits {
                let line = edit.range.start.line as usize;
                let at = edit.range.start.character;
                out.push_str(&format!("  {line}:{at} {}\n", lines[line].trim()));
            }
        }
        if let Some((file, edit)) = &renamed.keep_old {
            out.push_str(&format!(
                "{file} {}{}\n",
                edit.range.start.line, edit.new_text
            ));
        }
        out + renamed.warning.as_deref().unwrap_or("")
    }

    #[test]
    fn a_field_with_its_cases_and_its_old_name() {
        insta::assert_snapshot!(check("tremor", 0, "resting_tremor"), @r#"
        shitei/006_parkinson/cases.yaml
          1:2 tremor: present # tremor: なし
          5:15 answers: { tremor: absent, other: tremor }
          7:15 hidden: [tremor, rigidity]
          10:24 findings: [hidden.tremor, range.tremor]
          10:38 findings: [hidden.tremor, range.tremor]
          11:25 no_findings: [code.tremor, xcode.tremor, code.tremors]
          13:15 answers: { tremor: "present", other: present } # tremor: present
          14:88 expect: { values: { 振戦あり: true, overall: severe, total: 2 }, missing: [[rigidity], [tremor]], findings: [required.tremor] }
          14:118 expect: { values: { 振戦あり: true, overall: severe, total: 2 }, missing: [[rigidity], [tremor]], findings: [required.tremor] }
        shitei/006_parkinson/form.kohyo
          15:10 field tremor   "安静時振戦" : finding required cites "(１)"
          16:57 field rigidity "歯車様強剛" : finding required shown when tremor is present
          23:2 tremor is present
          27:48 score total "合計" = sum of { 2 when 振戦あり; 3 when tremor is absent }
          37:38 check R001 warning "振戦がないのに3度以上です" at tremor, hy.stage
          38:16 violated when tremor is absent and hy.stage is stage3 and diagnosis is definite
        shitei/006_parkinson/form.kohyo 15 was tremor
        項目名はXML・CSVでの名前です。`tremor` を `resting_tremor` に変えると、これまでの記録では `was tremor` が必要です
        "#);
    }

    #[test]
    fn a_field_of_a_module_keeps_its_prefix() {
        insta::assert_snapshot!(check("stage is", 0, "level"), @r#"
        scale/hoehn_yahr.kohyo
          6:8 field stage "Hoehn-Yahr重症度分類" : choice {
          12:45 criterion stage3_or_more "Hoehn-Yahr 3度以上" = stage >= 3
          14:31 private criterion inner "内部" = stage is stage0
        shitei/006_parkinson/cases.yaml
          2:2 hoehn_yahr_stage: "4"
        shitei/006_parkinson/form.kohyo
          37:49 check R001 warning "振戦がないのに3度以上です" at tremor, hy.stage
          38:40 violated when tremor is absent and hy.stage is stage3 and diagnosis is definite
        scale/hoehn_yahr.kohyo 9 was hoehn_yahr_stage
        項目名はXML・CSVでの名前です。`hoehn_yahr_stage` を `hoehn_yahr_level` に変えると、これまでの記録では `was hoehn_yahr_stage` が必要です
        "#);
    }

    #[test]
    fn a_criterion_a_code_a_category_and_an_alias() {
        insta::assert_snapshot!(check("振戦あり", 0, "ふるえ"), @r#"
        shitei/006_parkinson/cases.yaml
          14:24 expect: { values: { 振戦あり: true, overall: severe, total: 2 }, missing: [[rigidity], [tremor]], findings: [required.tremor] }
        shitei/006_parkinson/form.kohyo
          22:10 criterion 振戦あり "振戦がある" cites "※１" = any of {
          27:35 score total "合計" = sum of { 2 when 振戦あり; 3 when tremor is absent }
          32:56 category definite "Definite" cites "以上" when all of { 振戦あり; hy.stage3_or_more }
        "#);
        insta::assert_snapshot!(check("present", 0, "yes"), @r#"
        shitei/006_parkinson/cases.yaml
          1:10 tremor: present # tremor: なし
          13:24 answers: { tremor: "present", other: present } # tremor: present
        shitei/006_parkinson/form.kohyo
          8:4 1 present "あり"
          16:67 field rigidity "歯車様強剛" : finding required shown when tremor is present
          23:12 tremor is present
        "#);
        insta::assert_snapshot!(check("definite", 0, "sure"), @r#"
        shitei/006_parkinson/cases.yaml
          9:31 judgements: { diagnosis: definite, other: definite }
        shitei/006_parkinson/form.kohyo
          32:11 category definite "Definite" cites "以上" when all of { 振戦あり; hy.stage3_or_more }
          34:11 eligible definite
          38:73 violated when tremor is absent and hy.stage is stage3 and diagnosis is definite
        "#);
        insta::assert_snapshot!(check("hy", 0, "yahr"), @r#"
        shitei/006_parkinson/form.kohyo
          5:24 use scale.hoehn_yahr as hy
          32:62 category definite "Definite" cites "以上" when all of { 振戦あり; hy.stage3_or_more }
          37:46 check R001 warning "振戦がないのに3度以上です" at tremor, hy.stage
          38:37 violated when tremor is absent and hy.stage is stage3 and diagnosis is definite
        "#);
    }

    #[test]
    fn names_that_cannot_be() {
        insta::assert_snapshot!(check("tremor", 0, "Tremor"), @"項目名「Tremor」は英小文字・数字・_ で書きます（XMLやCSVでもこの名前を使います）");
        insta::assert_snapshot!(check("tremor", 0, "rigidity"), @"「rigidity」は shitei/006_parkinson/form.kohyo にすでにあります");
        insta::assert_snapshot!(check("振戦あり", 0, "is"), @"「is」は名前にできません　「is」は規則を書くための語なので、名前にできません");
        insta::assert_snapshot!(check("振戦あり", 0, "二 つ"), @r#"「二 つ」は名前にできません　「つ」は「"」で囲まれていません"#);
        insta::assert_snapshot!(check("present", 0, "absent"), @"「absent」はすでにあります");
        insta::assert_snapshot!(check("scale.", 0, "x"), @"モジュールの名前はファイルの場所です。ファイルを移してから use を書き換えてください");
        insta::assert_snapshot!(check("R001", 0, "R002"), @"チェックの番号は公開された番号です。変えずに、新しい番号のチェックを書いてください");
        insta::assert_snapshot!(check("\"あり\"", 0, "x"), @"ここには名前がありません");
    }
}
