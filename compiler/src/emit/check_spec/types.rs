//! Checks that follow from what an item is: `required.tremor`, `range.gfr` (decision 0002).
//!
//! The words are those of the engine (`intake` and `findings` there).

use super::{CheckRow, CheckedItem, Layer, Places, Way};
use crate::emit::layout::{self, reading};
use crate::emit::pseudo;
use kohyo_engine::program::{
    Application, Code, Cond, DatePrecision, Field, FieldType, Level, ScriptFunction,
};
use kohyo_engine::{Decimal, Program};

/// The checks of one item: first what must be written at all, then how.
pub(super) fn rows(program: &Program, field: &Field) -> Vec<CheckRow> {
    let mut rows = Checks {
        program,
        field,
        rows: Vec::new(),
    };
    rows.required();
    rows.hidden();
    match &field.ty {
        FieldType::Text { chars, lines } => rows.text(*chars, *lines),
        FieldType::Kana { chars } => rows.kana(*chars),
        FieldType::Digits { count } => rows.digits(*count),
        FieldType::PostalCode => rows.digits(7),
        FieldType::Phone => rows.phone(),
        FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        } => rows.number(*digits, *fraction, unit.as_deref(), *min, *max),
        FieldType::Date { precision } => rows.date(*precision),
        FieldType::Choice { table } | FieldType::Choices { table } => rows.code(*table),
    }
    rows.rows
}

/// A function that makes nothing of known answers.
pub(super) fn function(program: &Program, function: &ScriptFunction) -> CheckRow {
    CheckRow {
        id: format!("function.{}", function.name),
        layer: Layer::Notice,
        level: Level::Information,
        items: Vec::new(),
        ways: vec![Way {
            condition: format!(
                "引数がすべて分かっているのに、関数「{}」が値を返さない",
                function.label
            ),
            pseudo: format!("{}(…) = UNKNOWN", function.name),
            message: format!(
                "「{}」はこの回答から計算できず、不明として扱いました",
                function.label
            ),
            remedy: "計算に使う項目の値を確かめる（理由を対処欄に示す）".to_owned(),
        }],
        only: None,
        places: Places::EVERYWHERE,
        edition: layout::edition(program),
    }
}

struct Checks<'p> {
    program: &'p Program,
    field: &'p Field,
    rows: Vec<CheckRow>,
}

impl Checks<'_> {
    fn add(&mut self, kind: &str, layer: Layer, ways: Vec<Way>) {
        self.add_at(kind, layer, Places::EVERYWHERE, ways);
    }

    fn add_at(&mut self, kind: &str, layer: Layer, places: Places, ways: Vec<Way>) {
        self.rows.push(CheckRow {
            id: format!("{kind}.{}", self.field.name),
            layer,
            level: Level::Error,
            items: vec![CheckedItem {
                name: self.field.name.clone(),
                label: self.field.label.clone(),
            }],
            ways,
            only: None,
            places,
            edition: layout::edition(self.program),
        });
    }

    /// A way to fail; the message begins with the label.
    fn way(&self, condition: &str, pseudo: &str, problem: &str, remedy: &str) -> Way {
        Way {
            condition: condition.to_owned(),
            pseudo: pseudo.to_owned(),
            message: format!("「{}」{problem}", self.field.label),
            remedy: remedy.to_owned(),
        }
    }

    // ---- what must be written at all

    fn required(&mut self) {
        let field = self.field;
        if !field.required && field.required_when.is_none() {
            return;
        }
        let when = field.required_when.as_deref().filter(|_| !field.required);
        let shown = field.shown_when.as_deref();
        let conditions: Vec<&Cond> = shown.into_iter().chain(when).collect();
        let mut readings: Vec<String> = conditions.iter().map(|when| reading(when)).collect();
        readings.push("未記入".to_owned());
        let name = &field.name;
        let mut pseudo: Vec<String> = Vec::new();
        if let Some(only) = field.only {
            pseudo.push(pseudo::application(only).to_owned());
        }
        for condition in conditions {
            pseudo.push(format!("({})", pseudo::condition(self.program, condition)));
        }
        pseudo.push(format!("NOT WRITTEN({name})"));
        let way = self.way(
            &all_of(&readings),
            &pseudo.join("\nAND "),
            "が未記入です",
            &Code::how_to_answer(self.codes()),
        );
        self.add("required", Layer::Required, vec![way]);
        if let Some(row) = self.rows.last_mut() {
            row.only = field.only;
        }
    }

    fn hidden(&mut self) {
        let field = self.field;
        let name = &field.name;
        let mut ways = Vec::new();
        if let Some(only) = field.only {
            let (this, other) = match only {
                Application::New => ("新規", Application::Renewal),
                Application::Renewal => ("更新", Application::New),
            };
            let other_label = super::only(Some(other));
            ways.push(self.way(
                &format!("{other_label}申請なのに記入がある"),
                &format!("{} AND VALID({name})", pseudo::application(other)),
                &format!("は{this}申請だけの項目ですが、記入があります"),
                "記入を消すか、申請の種類を確かめてください",
            ));
        }
        let hidden = field.hidden_when.as_ref().map(|when| {
            (
                format!("次の条件を満たすのに記入がある\n{}", reading(when)),
                format!("({})", pseudo::condition(self.program, when)),
            )
        });
        let hidden = hidden.or_else(|| {
            let shown = field.shown_when.as_ref()?;
            Some((
                format!(
                    "次の条件を満たさないことが確かなのに記入がある\n{}",
                    reading(shown)
                ),
                format!("NOT ({})", pseudo::condition(self.program, shown)),
            ))
        });
        if let Some((condition, pseudo)) = hidden {
            ways.push(self.way(
                &condition,
                &format!("{pseudo}\nAND VALID({name})"),
                "は、ほかの回答により記入しない項目ですが、記入があります",
                "記入を消すか、この項目の条件となる回答を確かめてください",
            ));
        }
        if !ways.is_empty() {
            self.add("hidden", Layer::Required, ways);
        }
    }

    // ---- how it must be written

    /// Pages send a value per input; a record says the same by `xml.duplicate_element`.
    fn one_value(&self) -> Way {
        let name = &self.field.name;
        Way {
            condition: "値が2つ以上ある（画面からの送信のみ）".to_owned(),
            pseudo: format!("COUNT_VALUES({name}) > 1"),
            message: format!("「{}」に値が○個あります", self.field.label),
            remedy: "値を一つだけ書いてください".to_owned(),
        }
    }

    fn one_value_only(&mut self) {
        let way = self.one_value();
        self.add_at("type", Layer::Type, Places::SCREEN, vec![way]);
    }

    fn text(&mut self, chars: u32, lines: u32) {
        let name = self.field.name.clone();
        let control = self.way(
            "改行・タブ以外の制御文字を含む",
            &format!("CONTAINS_CONTROL({name})"),
            "に使えない制御文字（U+○）があります",
            "その文字を消して書き直してください",
        );
        let one = self.one_value();
        self.add("type", Layer::Type, vec![control, one]);
        let line_break = match lines {
            0 | 1 => self.way(
                "改行を含む",
                &format!("LINES({name}) > 1"),
                "には改行を書けません",
                "1行にまとめてください",
            ),
            _ => self.way(
                &format!("行数が{lines}行を超える"),
                &format!("LINES({name}) > {lines}"),
                &format!("は{lines}行までです（○行あります）"),
                &format!("{lines}行以内にまとめてください"),
            ),
        };
        let width = self.width(chars);
        self.add("width", Layer::Type, vec![line_break, width]);
    }

    fn width(&self, chars: u32) -> Way {
        self.way(
            &format!("文字数（NFCに正規化後、改行も1文字）が{chars}文字を超える"),
            &format!("LENGTH({}) > {chars}", self.field.name),
            &format!("は{chars}文字までです（○文字あります）"),
            "示した文字数だけ減らしてください",
        )
    }

    fn kana(&mut self, chars: u32) {
        let way = self.way(
            "ひらがな・長音（ー）・踊り字（ゝゞ）・空白以外の文字を含む",
            &format!("{} NOT MATCHES \"[ぁ-ゖゝゞー 　]*\"", self.field.name),
            "はひらがなで書きます",
            "ひらがなと長音（ー）、空白だけで書いてください",
        );
        self.add("kana", Layer::Type, vec![way]);
        let width = self.width(chars);
        self.add("width", Layer::Type, vec![width]);
        self.one_value_only();
    }

    fn digits(&mut self, count: u32) {
        let name = self.field.name.clone();
        let shape = self.way(
            "半角数字以外の文字を含む",
            &format!("{name} NOT MATCHES \"[0-9]*\""),
            "は半角の数字だけで書きます",
            &format!("半角の数字{count}桁だけを書いてください"),
        );
        let one = self.one_value();
        self.add("type", Layer::Type, vec![shape, one]);
        let length = self.way(
            &format!("{count}桁でない"),
            &format!("LENGTH({name}) <> {count}"),
            &format!("は{count}桁です（○桁あります）"),
            &format!("半角の数字{count}桁を書いてください"),
        );
        self.add("digits", Layer::Type, vec![length]);
    }

    fn phone(&mut self) {
        let shape = self.way(
            "半角数字とハイフン以外の文字を含む、又は数字を含まない",
            &format!("{} NOT MATCHES \"[0-9-]*[0-9][0-9-]*\"", self.field.name),
            "は半角の数字とハイフンで書きます",
            "半角の数字とハイフンだけで 03-1234-5678 のように書いてください",
        );
        let one = self.one_value();
        self.add("type", Layer::Type, vec![shape, one]);
    }

    fn number(
        &mut self,
        digits: u8,
        fraction: u8,
        unit: Option<&str>,
        min: Option<Decimal>,
        max: Option<Decimal>,
    ) {
        let name = self.field.name.clone();
        let plain = "-?[0-9]+(\\.[0-9]+)?";
        let example = if fraction == 0 { "12" } else { "3.5" };
        let full_width = self.way(
            "全角の数字で書いた",
            &format!("{name} NOT MATCHES \"{plain}\" AND NFKC({name}) MATCHES \"{plain}\""),
            "は半角の数字で書きます",
            "示した半角の数字で書いてください（範囲や桁に合わなければ、それを示します）",
        );
        let commas = self.way(
            "3桁ごとの桁区切りの「,」がある",
            &format!("WITHOUT_GROUPING({name}) MATCHES \"{plain}\""),
            "は桁区切りを付けずに書きます",
            "示した数字で書いてください（範囲や桁に合わなければ、それを示します）",
        );
        let other = self.way(
            "ほかの理由で数値として読めない（指数表記、「+」、「.5」など）",
            &format!("{name} NOT MATCHES \"{plain}\""),
            "を数値として読み取れません",
            &format!("半角の数字だけで {example} のように書いてください"),
        );
        let one = self.one_value();
        self.add("type", Layer::Type, vec![full_width, commas, other, one]);
        // The unit of the item as it is, or whatever begins with a letter and has no digits.
        let letters = "[\\p{Alphabetic}%/°µ][^0-9]*";
        let behind = match unit {
            Some(unit) => format!("{}|{letters}", regex_literal(unit)),
            None => letters.to_owned(),
        };
        let behind = self.way(
            "数値の後に単位などの文字がある（この項目の単位か、数字を含まない、文字か % / ° で始まるもの）",
            &format!("NFKC({name}) MATCHES \"{plain}\\s*({behind})\""),
            "は単位を付けずに数値だけを書きます",
            &match unit {
                Some(unit) => format!(
                    "単位 {unit} の値を数値だけで書いてください（単位が異なるときは換算してください）"
                ),
                None => "数値だけを書いてください".to_owned(),
            },
        );
        let attribute = unit.map(|unit| {
            self.way(
                &format!("属性 unit が「{unit}」でない（XMLのみ）"),
                &format!("{name}/@unit <> \"{unit}\""),
                "の単位が「○」になっています",
                &format!("単位を {unit} に換算した値を書いてください"),
            )
        });
        self.add(
            "unit",
            Layer::Type,
            std::iter::once(behind).chain(attribute).collect(),
        );
        let whole = digits.saturating_sub(fraction);
        let after = match fraction {
            0 => self.way(
                "小数点以下に0以外の数字がある",
                &format!("FRACTION_DIGITS({name}) > 0"),
                "は整数で書きます",
                "小数点以下を四捨五入せずに、整数で確かめて書いてください",
            ),
            some => self.way(
                &format!("小数点以下が{some}桁を超える（末尾の0を除く）"),
                &format!("FRACTION_DIGITS({name}) > {some}"),
                &format!("の小数点以下は{some}桁までです"),
                &format!("小数点以下{some}桁までで書いてください"),
            ),
        };
        let before = self.way(
            &format!("整数部分が{whole}桁を超える（先頭の0を除く）"),
            &format!("INTEGER_DIGITS({name}) > {whole}"),
            &format!("の整数部分は{whole}桁までです"),
            "桁数と単位を確かめてください",
        );
        self.add("digits", Layer::Type, vec![after, before]);
        if leaves_something_out(digits, fraction, min, max) {
            let range = layout::range(min, max);
            let below = min.map(|min| format!("{name} < {}", min.normalize()));
            let above = max.map(|max| format!("{name} > {}", max.normalize()));
            let pseudo: Vec<String> = below.into_iter().chain(above).collect();
            let way = self.way(
                &format!("{range}の範囲にない"),
                &pseudo.join(" OR "),
                &format!("は{range}の範囲で書きます"),
                &match unit {
                    Some(unit) => format!("値と単位（{unit}）を確かめてください"),
                    None => "値を確かめてください".to_owned(),
                },
            );
            self.add("range", Layer::Type, vec![way]);
        }
    }

    fn date(&mut self, precision: DatePrecision) {
        let name = self.field.name.clone();
        let (form, shape) = match precision {
            DatePrecision::Year => ("西暦で 1990 のように書いてください", "YYYY"),
            DatePrecision::Month => (
                "西暦で 1990-05 のように書いてください。月が分からなければ 1990 と書けます",
                "YYYY[-MM]",
            ),
            DatePrecision::Day => (
                "西暦で 1990-05-20 のように書いてください。日が分からなければ 1990-05、月も分からなければ 1990 と書けます",
                "YYYY[-MM[-DD]]",
            ),
        };
        let mut ways = Vec::new();
        match precision {
            DatePrecision::Day => {}
            DatePrecision::Month => ways.push(self.way(
                "年月日まで書いた",
                &format!("PRECISION({name}) > MONTH"),
                "は西暦の年月までを書きます",
                "示した年月だけを書いてください",
            )),
            DatePrecision::Year => ways.push(self.way(
                "月や日まで書いた",
                &format!("PRECISION({name}) > YEAR"),
                "は西暦の年だけを書きます",
                "示した年だけを書いてください",
            )),
        }
        ways.push(self.way(
            "和暦や「/」区切りなど、書き方が違う",
            &format!("{name} NOT MATCHES {shape} AND GUESSED({name})"),
            "の書き方が違います",
            "示した書き方で書いてください",
        ));
        ways.push(self.way(
            "元号の期間の外の日付",
            &format!("OUTSIDE_ERA({name})"),
            "は元号の期間の外の日付です",
            "示した期間を見て、原本を確かめてください",
        ));
        ways.push(self.way(
            "暦にない日付",
            &format!("NOT IN_CALENDAR({name})"),
            "は暦にない日付です",
            "年月日を確かめてください",
        ));
        ways.push(self.way(
            "日付として読めない",
            &format!("{name} NOT MATCHES {shape}"),
            "を日付として読み取れません",
            form,
        ));
        self.add("date", Layer::Type, ways);
        self.one_value_only();
    }

    fn code(&mut self, table: u16) {
        let ids = crate::emit::wire::table_ids(self.program);
        let table = ids.get(usize::from(table)).cloned().unwrap_or_default();
        let mut allowed: Vec<String> = self
            .codes()
            .iter()
            .take(12)
            .map(|code| format!("{}（{}）", code.value, code.label))
            .collect();
        if self.codes().len() > allowed.len() {
            allowed.push(format!("…ほか{}件", self.codes().len() - allowed.len()));
        }
        let way = self.way(
            &format!("コード表「{table}」にない値"),
            &format!("{} NOT IN CODES({table})", self.field.name),
            "の選択肢にない値です",
            &format!("次のいずれかを書いてください: {}", allowed.join("、")),
        );
        self.add("code", Layer::Code, vec![way]);
        if matches!(self.field.ty, FieldType::Choice { .. }) {
            self.one_value_only();
        }
    }

    fn codes(&self) -> &[Code] {
        let table = crate::emit::wire::table_of(self.field);
        let table = table.and_then(|table| self.program.code_tables.get(table));
        table.map_or(&[], |table| table.codes.as_slice())
    }
}

/// A text that a regular expression matches as it is.
fn regex_literal(text: &str) -> String {
    let mut literal = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal
}

/// Whether a number of these digits can lie outside the range.
fn leaves_something_out(
    digits: u8,
    fraction: u8,
    min: Option<Decimal>,
    max: Option<Decimal>,
) -> bool {
    let largest = "9".repeat(usize::from(digits)).parse::<i128>().ok();
    let largest =
        largest.and_then(|all| Decimal::try_from_i128_with_scale(all, u32::from(fraction)).ok());
    let Some(largest) = largest else {
        return min.is_some() || max.is_some();
    };
    min.is_some_and(|min| -largest < min) || max.is_some_and(|max| max < largest)
}

/// 振戦が「あり」、かつ未記入; one below the other where a part has lines of its own.
fn all_of(readings: &[String]) -> String {
    if readings.iter().any(|reading| reading.contains('\n')) {
        let lines = readings.iter().map(|reading| format!("・{reading}"));
        format!(
            "次のすべてを満たす\n{}",
            lines.collect::<Vec<_>>().join("\n")
        )
    } else {
        readings.join("、かつ")
    }
}
