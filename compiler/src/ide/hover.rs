//! What the thing under the cursor means: kind, label, type, reading of the rule, official
//! sentence, and who uses it. Markdown, in Japanese.

use super::keywords;
use super::names::{Target, category};
use super::outline::{dotted, notice};
use super::references::{everywhere, wanted};
use super::scene::{look_at, mention_at};
use super::text::{Lines, Position, Range};
use crate::arena::Id;
use crate::files::Files;
use crate::load::SyntaxCache;
use crate::lower::{self, Body};
use crate::world::{Entity, Field, Judgement, Rule, RuleKind, World};
use kohyo_dsl::ast::{self, ItemKind, ModifierKind, TypeKind};
use kohyo_dsl::{TokenKind, words};
use kohyo_engine::outline;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known about a name or word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hover {
    /// The name or word.
    pub range: Range,
    /// What it means, as Markdown.
    pub markdown: String,
}

/// Users named one by one; the others are counted.
const MOST_USERS: usize = 8;

/// What stands at a place means; nothing for blanks, signs and texts.
pub fn hover(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
) -> Option<Hover> {
    let named = look_at(files, cache, path, |world| {
        let mention = mention_at(world, position)?;
        let text = world.units.first().map_or("", |u| u.text);
        Some(Hover {
            range: Lines::new(text).range(mention.span),
            markdown: meaning(world, mention.target),
        })
    })?;
    let Some(mut hover) = named else {
        return word(files.get(path)?, position);
    };
    let used = used_by(files, cache, path, position).unwrap_or_default();
    hover.markdown = paragraphs(&format!("{}\n\n{used}", hover.markdown));
    Some(hover)
}

/// At most one empty line between paragraphs.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        if !line.is_empty() || !blank {
            out.push_str(line);
            out.push('\n');
        }
        blank = line.is_empty();
    }
    out.trim_end().to_owned()
}

/// A word of the language.
fn word(text: &str, position: Position) -> Option<Hover> {
    let lines = Lines::new(text);
    let offset = lines.offset(position);
    let token = words(text).into_iter().find(|t| {
        (t.span.start as usize) <= offset
            && offset < t.span.end as usize
            && matches!(t.kind, TokenKind::Word { .. })
    })?;
    let word = token.span.of(text);
    let explanation = keywords::explanation(word)?;
    Some(Hover {
        range: lines.range(token.span),
        markdown: format!("**{word}** {explanation}"),
    })
}

fn meaning(world: &World<'_>, target: Target<'_>) -> String {
    match target {
        Target::Entity(Entity::Field(id)) => field(world, id),
        Target::Entity(Entity::Rule(id)) => rule(world, id),
        Target::Entity(Entity::Judgement(id)) => judgement(world, id),
        Target::Entity(Entity::Repeat(id)) => {
            let repeat = &world.repeats[id];
            let (ast, turns) = (repeat.ast, repeat.turns());
            let labels: Vec<String> = (0..turns).map(|i| repeat.turn_label(i)).collect();
            let (what, times) = match ast.kind {
                ast::RepeatKind::Rows { low, high, .. } => (
                    "行",
                    format!("{low}〜{high}行。行の数は `{}.count`", ast.name.text),
                ),
                ast::RepeatKind::Sides(_) => ("側", labels.join("、")),
            };
            let title = title(&ast.label.text, &ast.name.text);
            format!("**{what}ごとの項目** {title}\n\n{times}")
        }
        Target::Entity(Entity::Table(id)) => {
            let table = &world.tables[id];
            format!(
                "**コード表** {}\n\n{}",
                title(table.label, &table.name),
                codes(table.codes)
            )
        }
        Target::Code(id, position) => {
            let table = &world.tables[id];
            let line = table.codes.get(position).map(code).unwrap_or_default();
            format!(
                "**コード** {line}\n\n{} の選択肢",
                title(table.label, &table.name)
            )
        }
        Target::Outcome(id, position) => {
            let rule = &world.rules[id];
            let outcome = rule.kind.outcomes().and_then(|o| o.get(position));
            let (label, name) = outcome.map_or(("", ""), |o| {
                let name = o.name.text.as_str();
                (o.label.as_ref().map_or(name, |l| l.text.as_str()), name)
            });
            let of = title(rule.kind.label(), &rule.kind.name().text);
            format!("**結果** {}\n\n{of} の結果", title(label, name))
        }
        Target::Category(id, position) => category_meaning(world, id, position),
        Target::Module(unit) => module(world, unit),
        Target::Alias(unit, index) => world
            .units
            .get(unit)
            .and_then(|u| u.uses.get(index))
            .map_or_else(String::new, |used| module(world, used.unit)),
        Target::Check(index) => check(world, index),
        Target::Function(index) => function(world, index),
    }
}

/// 「安静時振戦」 `tremor`
fn title(label: &str, name: &str) -> String {
    if label == name {
        format!("`{name}`")
    } else {
        format!("「{label}」 `{name}`")
    }
}

/// The rules of the world in their reading; what has mistakes is missing.
fn body(world: &World<'_>) -> Body {
    lower::lower(world, &mut Vec::new())
}

fn field(world: &World<'_>, id: Id<Field<'_>>) -> String {
    let field = &world.fields[id];
    let mut out = format!(
        "**項目** {}\n\n型: {}\n",
        title(&field.ast.label.text, &field.ast.name.text),
        type_words(&field.ast.ty)
    );
    if field.wire != field.ast.name.text {
        out.push_str(&format!("\nXML・CSVでの名前: `{}`\n", field.wire));
    }
    if let Some(table) = field.table {
        out.push_str(&format!("\n{}\n", codes(world.tables[table].codes)));
    }
    let lowered = body(world);
    let lowered = lowered.fields.iter().find(|f| f.name == field.wire);
    let mut line = |name: &str, text: String| out.push_str(&format!("\n{name}: {text}\n"));
    for (_, modifier) in field.modifiers() {
        match &modifier.kind {
            ModifierKind::Required => line("必須", "いつも".to_owned()),
            ModifierKind::NewOnly => line("申請", "新規のみ".to_owned()),
            ModifierKind::RenewalOnly => line("申請", "更新のみ".to_owned()),
            ModifierKind::Carry(carry) => line("前回の答え", carry_words(*carry)),
            ModifierKind::Personal(privacy) => line("個人情報", privacy_words(*privacy).to_owned()),
            ModifierKind::Help(text) => line("説明", text.text.clone()),
            ModifierKind::Cites(texts) => line("原文", quoted(texts)),
            ModifierKind::Was(name) => line("旧名", format!("`{}`", name.text)),
            ModifierKind::Default(answer) => line("初期値", default_words(answer)),
            ModifierKind::Better { higher: true } => line("良い値", "大きい方".to_owned()),
            ModifierKind::Better { higher: false } => line("良い値", "小さい方".to_owned()),
            ModifierKind::RequiredWhen(_) | ModifierKind::ShownWhen(_) => {}
        }
    }
    let conditions = lowered.map(|f| [("必須", &f.required_when), ("表示", &f.shown_when)]);
    for (name, condition) in conditions.into_iter().flatten() {
        if let Some(condition) = condition {
            out.push_str(&format!(
                "\n{name}: 次のとき\n\n{}",
                list(&outline::condition(condition))
            ));
        }
    }
    out
}

fn carry_words(carry: ast::Carry) -> String {
    match carry {
        ast::Carry::Copy => "写す".to_owned(),
        ast::Carry::Confirm => "写し、医師が確かめてから数える".to_owned(),
        ast::Carry::Never => "写さない".to_owned(),
        ast::Carry::Expires { months } => format!("{months}か月以内なら写す"),
    }
}

fn default_words(answer: &ast::DefaultAnswer) -> String {
    match answer {
        ast::DefaultAnswer::Codes(codes) => {
            let names: Vec<String> = codes.iter().map(|c| format!("`{}`", c.text)).collect();
            names.join("、")
        }
        ast::DefaultAnswer::Number(number) => {
            let unit = number.unit.as_ref().map(|u| u.text.as_str());
            crate::reading::quantity(&number.digits, unit)
        }
        ast::DefaultAnswer::Date(date) => {
            format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
        }
        ast::DefaultAnswer::Today => "書き始めた日".to_owned(),
        ast::DefaultAnswer::Text(text) => format!("「{}」", text.text),
    }
}

fn privacy_words(privacy: ast::Privacy) -> &'static str {
    match privacy {
        ast::Privacy::Identifying => "個人を特定する",
        ast::Privacy::Quasi => "組み合わせると特定につながる",
        ast::Privacy::Sensitive => "要配慮",
    }
}

/// 小数 5桁（小数点以下1桁） mg/dL、0〜9999.9
pub(super) fn type_words(ty: &ast::TypeExpr) -> String {
    let number = |kind: String, unit: &Option<ast::Text>, range: &Option<_>| {
        let unit = unit
            .as_ref()
            .map_or_else(String::new, |u| format!(" {}", u.text));
        let range = range.as_ref().map_or_else(
            String::new,
            |(low, high): &(ast::NumberLiteral, ast::NumberLiteral)| {
                format!("、{}〜{}", low.digits, high.digits)
            },
        );
        format!("{kind}{unit}{range}")
    };
    match &ty.kind {
        TypeKind::Text { chars, lines: None } => format!("文字 {chars}字まで"),
        TypeKind::Text {
            chars,
            lines: Some(lines),
        } => format!("文字 {chars}字・{lines}行まで"),
        TypeKind::Kana { chars } => format!("ひらがな {chars}字まで"),
        TypeKind::Digits { count } => format!("数字 {count}桁"),
        TypeKind::PostalCode => "郵便番号".to_owned(),
        TypeKind::Phone => "電話番号".to_owned(),
        TypeKind::Integer { unit, range } => number("整数".to_owned(), unit, range),
        TypeKind::Decimal {
            digits,
            fraction,
            unit,
            range,
        } => number(
            format!("小数 {digits}桁（小数点以下{fraction}桁）"),
            unit,
            range,
        ),
        TypeKind::Date => "年月日".to_owned(),
        TypeKind::Month => "年月".to_owned(),
        TypeKind::Year => "年".to_owned(),
        TypeKind::Choice(_) => "一つ選択".to_owned(),
        TypeKind::Choices(_) => "複数選択".to_owned(),
        TypeKind::Named(path) => format!("一つ選択（コード表 `{}`）", dotted(path)),
        TypeKind::ChoicesOf(path) => format!("複数選択（コード表 `{}`）", dotted(path)),
    }
}

fn codes(codes: &[ast::Code]) -> String {
    codes.iter().map(|c| format!("- {}\n", code(c))).collect()
}

/// 1 「あり」 `present`
pub(super) fn code(code: &ast::Code) -> String {
    let points = code
        .points
        .as_ref()
        .map_or_else(String::new, |p| format!("　{}点", p.digits));
    let unknown = if code.unknown { "　不明扱い" } else { "" };
    format!(
        "{} 「{}」 `{}`{points}{unknown}",
        code.value.text, code.label.text, code.name.text
    )
}

fn rule(world: &World<'_>, id: Id<Rule<'_>>) -> String {
    let rule = &world.rules[id];
    let kind = kind_words(rule.kind);
    let mut out = format!(
        "**{kind}** {}\n",
        title(rule.kind.label(), &rule.kind.name().text)
    );
    if !rule.kind.cites().is_empty() {
        out.push_str(&format!("\n原文: {}\n", quoted(rule.kind.cites())));
    }
    let lowered = body(world);
    match lowered
        .definitions
        .iter()
        .find(|d| d.name == rule.full_name)
    {
        Some(definition) => out.push_str(&format!("\n{}", list(&outline::rule(&definition.rule)))),
        None => out.push_str("\n誤りがあるため、まだ読み下せません\n"),
    }
    out
}

pub(super) fn kind_words(kind: RuleKind<'_>) -> &'static str {
    match kind {
        RuleKind::Criterion(_) => "基準",
        RuleKind::Score(_) => "点数",
        RuleKind::Value(..) => "計算値",
        RuleKind::Grade(..) => "段階",
        RuleKind::Threshold(_) => "基準値",
        RuleKind::Table(_) => "判定表",
        RuleKind::Lent(_) => "別の疾病の判定",
    }
}

/// 「主要所見」「検査所見」
fn quoted(texts: &[kohyo_dsl::ast::Text]) -> String {
    texts
        .iter()
        .map(|text| format!("「{}」", text.text))
        .collect()
}

fn judgement(world: &World<'_>, id: Id<Judgement<'_>>) -> String {
    let ast = world.judgements[id].ast;
    let mut out = format!("**判定** {}\n\n", title(&ast.label.text, &ast.name.text));
    if !ast.cites.is_empty() {
        out.push_str(&format!("原文: {}\n\n", quoted(&ast.cites)));
    }
    let categories = ast.categories.iter().map(|c| (&c.name, &c.label));
    let last = ast.otherwise.as_ref().map(|(name, label)| (name, label));
    for (name, label) in categories.chain(last) {
        let position = world.judgements[id].category(&name.text);
        let eligible = ast.eligible.iter().any(|e| {
            let named = world.judgements[id].categories(&e.text);
            position.is_some_and(|position| named.contains(&position))
        });
        let mark = if eligible { "　対象" } else { "" };
        out.push_str(&format!("- {}{mark}\n", title(&label.text, &name.text)));
    }
    out
}

fn category_meaning(world: &World<'_>, id: Id<Judgement<'_>>, position: usize) -> String {
    let ast = world.judgements[id].ast;
    let name = category(ast, position).map_or("", |n| n.text.as_str());
    let label = u16::try_from(position).map_or("", |p| world.judgements[id].label(p));
    let eligible = if ast.eligible.iter().any(|e| e.text == name) {
        "対象"
    } else {
        "対象外"
    };
    let mut out = format!(
        "**区分** {}　{eligible}\n\n{} の区分\n",
        title(label, name),
        title(&ast.label.text, &ast.name.text)
    );
    let category = ast.categories.get(position);
    if let Some(category) = category.filter(|c| !c.cites.is_empty()) {
        out.push_str(&format!("\n原文: {}\n", quoted(&category.cites)));
    }
    let lowered = body(world);
    let judged = lowered.judgements.iter().find(|j| j.name == ast.name.text);
    let lowered = judged.and_then(|j| j.categories.iter().find(|c| c.name == name));
    match lowered.map(|c| &c.when) {
        Some(Some(when)) => out.push_str(&format!("\n{}", list(&outline::condition(when)))),
        Some(None) => out.push_str("\n上のいずれにも当てはまらないとき\n"),
        None => {}
    }
    out
}

fn check(world: &World<'_>, index: usize) -> String {
    let Some((_, check)) = world.checks.get(index) else {
        return String::new();
    };
    let level = match check.level {
        ast::Level::Error => "エラー",
        ast::Level::Warning => "警告",
        ast::Level::Information => "情報",
    };
    let mut out = format!(
        "**チェック** `{}`　{level}\n\n{}\n",
        check.id.text, check.message.text
    );
    let lowered = body(world);
    if let Some(lowered) = lowered.checks.iter().find(|c| c.id == check.id.text) {
        out.push_str(&format!(
            "\n次のとき出ます\n\n{}",
            list(&outline::condition(&lowered.violated))
        ));
    }
    out
}

fn function(world: &World<'_>, index: usize) -> String {
    let Some(ast) = world.functions.get(index).map(|f| f.ast) else {
        return String::new();
    };
    let mut out = format!("**関数** {}\n", title(ast.title(), &ast.name.text));
    if !ast.cites.is_empty() {
        out.push_str(&format!("\n原文: {}\n", quoted(&ast.cites)));
    }
    out.push_str("\n引数\n\n");
    for parameter in &ast.parameters {
        let kind = if parameter.whole { "整数" } else { "小数" };
        let unit = parameter.unit.as_ref();
        let unit = unit.map_or_else(String::new, |u| format!("（{}）", u.text));
        out.push_str(&format!("- `{}` {kind}{unit}\n", parameter.name.text));
    }
    out.push_str(&format!("\n結果: {}\n", type_words(&ast.result)));
    out
}

fn module(world: &World<'_>, unit: usize) -> String {
    let Some(file) = world.units.get(unit).map(|u| &u.parsed.file) else {
        return String::new();
    };
    let Some(header) = &file.header else {
        return String::new();
    };
    let kind = match &header.subject {
        ast::Subject::Module(_) => "モジュール",
        ast::Subject::Disease { .. } => "疾病",
        ast::Subject::Programme(_) => "制度の様式",
    };
    let name = notice(&header.subject);
    let mut out = format!("**{kind}** {}\n", title(&header.title.text, &name));
    if let Some(edition) = &header.edition {
        out.push_str(&format!("\n版: {}\n", edition.name.text));
    }
    for note in &header.notes {
        out.push_str(&format!("\n{}\n", note.text));
    }
    let mut names = BTreeMap::<&str, Vec<&str>>::new();
    for (_, field) in world.fields.iter().filter(|(_, f)| f.unit == unit) {
        names.entry("項目").or_default().push(&field.ast.name.text);
    }
    for item in file.items.iter().filter(|i| !i.private) {
        let (kind, name) = match &item.kind {
            ItemKind::Code { name, .. } => ("コード表", name),
            ItemKind::Criterion(x) => ("基準", &x.name),
            ItemKind::Score(x) => ("点数", &x.name),
            ItemKind::Value(x, _) => ("計算値", &x.name),
            ItemKind::Grade { definition, .. } => ("段階", &definition.name),
            ItemKind::Threshold(x) => ("基準値", &x.name),
            ItemKind::Table(x) => ("判定表", &x.name),
            ItemKind::Function(x) => ("関数", &x.name),
            ItemKind::Judgement(x) => ("判定", &x.name),
            ItemKind::Use { .. }
            | ItemKind::Reuse(_)
            | ItemKind::Section { .. }
            | ItemKind::Check(_)
            | ItemKind::Convert(_)
            | ItemKind::NotJudged { .. }
            | ItemKind::Exception(_)
            | ItemKind::Migration(_) => continue,
        };
        names.entry(kind).or_default().push(&name.text);
    }
    for (kind, names) in names {
        out.push_str(&format!("\n{kind}: `{}`\n", names.join("` `")));
    }
    out
}

/// Indented lines as a Markdown list.
fn list(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let text = line.trim_start();
            let indent = line.len() - text.len();
            format!("{}- {text}\n", " ".repeat(indent))
        })
        .collect()
}

/// Who uses it, in the whole folder.
fn used_by(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
) -> Option<String> {
    let wanted = wanted(files, cache, path, position)?;
    let mut users: Vec<(String, usize)> = everywhere(files, cache, &wanted)
        .into_iter()
        .filter(|named| !named.declares)
        .map(|named| (named.spot.path, named.item))
        .collect();
    users.dedup();
    if users.is_empty() {
        return None;
    }
    let mut out = format!("使用: {}か所\n\n", users.len());
    for (user, item) in users.iter().take(MOST_USERS) {
        let parsed = cache.parse(files, user)?;
        let title = parsed.file.items.get(*item).map(item_title);
        let elsewhere = if user == path {
            String::new()
        } else {
            format!("　{user}")
        };
        out.push_str(&format!("- {}{elsewhere}\n", title.unwrap_or_default()));
    }
    if users.len() > MOST_USERS {
        out.push_str(&format!("- ほか{}か所\n", users.len() - MOST_USERS));
    }
    Some(out)
}

/// 基準「振戦がある」
fn item_title(item: &ast::Item) -> String {
    let rule = |kind: &str, x: &ast::Definition| {
        let label = x.label.as_ref().map_or(&x.name.text, |l| &l.text);
        format!("{kind}「{label}」")
    };
    match &item.kind {
        ItemKind::Use { module, .. } => format!("use {}", dotted(module)),
        ItemKind::Reuse(reuse) => format!("use {}", notice(&reuse.disease)),
        ItemKind::Code { label, .. } => format!("コード表「{}」", label.text),
        ItemKind::Section { label, .. } => format!("様式の「{}」", label.text),
        ItemKind::Criterion(x) => rule("基準", x),
        ItemKind::Score(x) => rule("点数", x),
        ItemKind::Value(x, _) => rule("計算値", x),
        ItemKind::Grade { definition, .. } => rule("段階", definition),
        ItemKind::Threshold(x) => {
            let label = x.label.as_ref().map_or(&x.name.text, |l| &l.text);
            format!("基準値「{label}」")
        }
        ItemKind::Table(x) => {
            let label = x.label.as_ref().map_or(&x.name.text, |l| &l.text);
            format!("判定表「{label}」")
        }
        ItemKind::Judgement(x) => format!("判定「{}」", x.label.text),
        ItemKind::Check(x) => format!("チェック {}「{}」", x.id.text, x.message.text),
        ItemKind::Function(x) => format!("関数「{}」", x.title()),
        ItemKind::Convert(_) => "単位の換算".to_owned(),
        ItemKind::NotJudged { sentence, .. } => format!("判定しない文「{}」", sentence.text),
        ItemKind::Exception(x) => match x.kind {
            ast::ExceptionKind::Gap => format!("{} の隙間の宣言", dotted(&x.of)),
            ast::ExceptionKind::Overlap => format!("{} の重なりの宣言", dotted(&x.of)),
        },
        ItemKind::Migration(x) => format!("{}年版から移す項目", x.edition.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing;

    fn check(word: &str, nth: usize) -> String {
        let (files, mut cache) = testing::folder();
        let position = testing::nth(word, nth);
        hover(&files, &mut cache, testing::DISEASE, position)
            .map_or_else(|| "なし".to_owned(), |h| h.markdown)
    }

    #[test]
    fn a_field_with_its_type_and_users() {
        insta::assert_snapshot!(check("tremor", 1), @r"
        **項目** 「安静時振戦」 `tremor`

        型: 一つ選択（コード表 `finding`）

        - 1 「あり」 `present`
        - 2 「なし」 `absent`
        - 3 「不明」 `unclear`　不明扱い

        必須: いつも

        原文: 「(１)」

        使用: 4か所

        - 様式の「診断基準に関する事項」
        - 基準「振戦がある」
        - 点数「合計」
        - チェック R001「振戦がないのに3度以上です」
        ");
        insta::assert_snapshot!(check("igg4 >=", 0), @r"
        **項目** 「血清IgG4値」 `igg4`

        型: 小数 5桁（小数点以下1桁） mg/dL、0〜9999.9

        説明: 小数第1位まで

        使用: 1か所

        - 基準「振戦がある」
        ");
        insta::assert_snapshot!(check("rigidity", 0), @r#"
    **項目** 「歯車様強剛」 `rigidity`

    型: 一つ選択（コード表 `finding`）

    - 1 「あり」 `present`
    - 2 「なし」 `absent`
    - 3 「不明」 `unclear`　不明扱い

    必須: いつも

    表示: 次のとき

    - 安静時振戦が「あり」
"#);
    }

    #[test]
    fn a_field_of_a_module_with_its_wire_name() {
        insta::assert_snapshot!(check("stage is", 0), @r"
        **項目** 「Hoehn-Yahr重症度分類」 `stage`

        型: 一つ選択

        XML・CSVでの名前: `hoehn_yahr_stage`

        - 0 「0度」 `stage0`　0点
        - 3 「3度」 `stage3`　3点

        必須: いつも

        原文: 「０度」

        使用: 3か所

        - 基準「Hoehn-Yahr 3度以上」　scale/hoehn_yahr.kohyo
        - 基準「内部」　scale/hoehn_yahr.kohyo
        - チェック R001「振戦がないのに3度以上です」
        ");
    }

    #[test]
    fn rules_are_read_aloud() {
        insta::assert_snapshot!(check("振戦あり", 1), @r#"
    **基準** 「振戦がある」 `振戦あり`

    原文: 「※１」

    - 次のいずれかを満たす
      - １．安静時振戦が「あり」
      - ２．血清IgG4値が135mg/dL以上

    使用: 2か所

    - 点数「合計」
    - 判定「診断のカテゴリー」
"#);
        insta::assert_snapshot!(check("total", 0), @r#"
    **点数** 「合計」 `total`

    - 次の合計
      - １．振戦がある（2点）
      - ２．安静時振戦が「なし」（3点）

    使用: 1か所

    - 段階「総合」
"#);
        insta::assert_snapshot!(check("overall", 0), @r#"
    **段階** 「総合」 `overall`

    - 重症: 合計が3以上
    - 軽症: それ以外
"#);
    }

    #[test]
    fn codes_categories_and_modules() {
        insta::assert_snapshot!(check("present\n", 0), @r"
        **コード** 1 「あり」 `present`

        「所見」 `finding` の選択肢

        使用: 2か所

        - 様式の「診断基準に関する事項」
        - 基準「振戦がある」
        ");
        insta::assert_snapshot!(check("definite\n}", 0), @r#"
    **区分** 「Definite」 `definite`　対象

    「診断のカテゴリー」 `diagnosis` の区分

    原文: 「以上」

    - 次のすべてを満たす
      - １．振戦がある
      - ２．Hoehn-Yahr 3度以上

    使用: 2か所

    - 判定「診断のカテゴリー」
    - チェック R001「振戦がないのに3度以上です」
"#);
        insta::assert_snapshot!(check("hy.stage3", 0), @r"
        **モジュール** 「Hoehn-Yahr重症度分類」 `scale.hoehn_yahr`

        0度から5度までの6段階。

        基準: `stage3_or_more`

        項目: `stage`

        使用: 2か所

        - 判定「診断のカテゴリー」
        - チェック R001「振戦がないのに3度以上です」
        ");
        insta::assert_snapshot!(check("R001", 0), @r#"
    **チェック** `R001`　警告

    振戦がないのに3度以上です

    次のとき出ます

    - 安静時振戦が「なし」、かつHoehn-Yahr重症度分類が「3度」、かつ診断のカテゴリーが「Definite」
"#);
    }

    #[test]
    fn words_of_the_language() {
        insta::assert_snapshot!(check("shown", 0), @"**shown** 条件を満たすときだけ表示する（shown when …）、満たすときは表示しない（shown unless …）。if shown else は表示されないときの値");
        insta::assert_snapshot!(check("\"あり\"", 0), @"なし");
    }
}
