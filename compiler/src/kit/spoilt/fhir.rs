//! What can be wrong with a QuestionnaireResponse.

use super::{Damage, Says, exchanged, names};
use kohyo_engine::Program;
use kohyo_engine::program::FieldType;
use kohyo_record::wire::FORM_NAMESPACE;

const STATUS: &str = "\"status\": \"completed\",";

pub(super) fn damages(program: &Program) -> Vec<Damage> {
    use Says::{AsBefore, Nothing, Without};
    let canonical = format!("{FORM_NAMESPACE}{}|{}", program.key, program.edition);
    let questionnaire = format!("  \"questionnaire\": \"{canonical}\",\n");
    let all = names(program, |_| true);
    let choices = names(program, |field| {
        matches!(field.ty, FieldType::Choice { .. })
    });
    let texts = names(program, |field| matches!(field.ty, FieldType::Text { .. }));
    let measured = names(program, |field| {
        matches!(field.ty, FieldType::Number { unit: Some(_), .. })
    });
    let named = move |by: String| {
        let canonical = canonical.clone();
        move |text: &str| exchanged(text, &canonical, &by)
    };
    let status = |by: &'static str| move |text: &str| exchanged(text, STATUS, by);
    vec![
        Damage::new("file.empty", Nothing, "空のファイル", |_| {
            Some(Vec::new())
        }),
        Damage::new(
            "fhir.not_json",
            Nothing,
            "終わりのかっこがなく、途中で終わる",
            |text| Some(text.trim_end().strip_suffix('}')?.as_bytes().to_vec()),
        ),
        Damage::new(
            "fhir.not_json",
            Nothing,
            "コンマが抜けている",
            status("\"status\": \"completed\""),
        ),
        Damage::new(
            "fhir.not_json",
            Nothing,
            "UTF-8として正しくないバイトがある",
            |text| {
                let (before, after) = text.split_once("QuestionnaireResponse")?;
                Some([before.as_bytes(), b"\xff", after.as_bytes()].concat())
            },
        ),
        Damage::new(
            "fhir.no_record",
            Nothing,
            "QuestionnaireResponse のない Bundle である",
            |_| {
                let bundle = "{\n  \"resourceType\": \"Bundle\",\n  \"type\": \"collection\"\n}\n";
                Some(bundle.as_bytes().to_vec())
            },
        ),
        Damage::new(
            "fhir.resource",
            Nothing,
            "QuestionnaireResponse ではなく Questionnaire である",
            |text| exchanged(text, "\"QuestionnaireResponse\"", "\"Questionnaire\""),
        ),
        Damage::new(
            "fhir.structure",
            Nothing,
            "status が文字列でなく配列である",
            status("\"status\": [ \"completed\" ],"),
        ),
        Damage::new(
            "fhir.no_questionnaire",
            Nothing,
            "様式（questionnaire）が書かれていない",
            move |text| exchanged(text, &questionnaire, ""),
        ),
        Damage::new(
            "fhir.unknown_questionnaire",
            Nothing,
            "questionnaire がこの様式集のものでない",
            named("http://example.com/Questionnaire/1".to_owned()),
        ),
        Damage::new(
            "fhir.unknown_form",
            Nothing,
            "様式がない",
            named(format!("{FORM_NAMESPACE}kit-unknown|{}", program.edition)),
        ),
        Damage::new(
            "fhir.unknown_edition",
            Nothing,
            "版がない",
            named(format!("{FORM_NAMESPACE}{}|0000", program.key)),
        ),
        Damage::new(
            "fhir.status",
            AsBefore,
            "誤って登録された記録とされている",
            status("\"status\": \"entered-in-error\","),
        ),
        Damage::new(
            "fhir.status",
            AsBefore,
            "書き終えた記録とされていない",
            status("\"status\": \"in-progress\","),
        )
        .warning(),
        Damage::new(
            "fhir.modifier",
            AsBefore,
            "意味を変える拡張（modifierExtension）がある",
            status(
                "\"modifierExtension\": [ { \"url\": \"urn:example:kit\" } ],\n  \"status\": \"completed\",",
            ),
        ),
        Damage::new(
            "fhir.application",
            Nothing,
            "新規・更新の別（record.application）のコードが違う",
            |text| exchanged(text, "\"code\": \"new\"", "\"code\": \"first\""),
        ),
        Damage::new(
            "fhir.authored",
            AsBefore,
            "記載年月日（authored）が暦にない日である",
            |text| {
                let (before, rest) = text.split_once("\"authored\": \"")?;
                let (_, after) = rest.split_once('"')?;
                Some(format!("{before}\"authored\": \"2026-06-31\"{after}").into_bytes())
            },
        ),
        Damage::new(
            "fhir.unknown_item",
            AsBefore,
            "様式にない項目がある",
            |text| exchanged(text, "\n  \"item\": [\n", UNKNOWN),
        ),
        Damage::new(
            "fhir.duplicate_item",
            AsBefore,
            "一つの項目が2つある（最初のものを読む）",
            move |text| all.iter().find_map(|name| twice(text, name)),
        ),
        Damage::new(
            "fhir.system",
            Without,
            "コードの体系（system）が項目のものでない",
            move |text| {
                choices.iter().find_map(|name| {
                    changed(text, name, "\"system\": \"", '"', |_| {
                        "urn:example:kit".to_owned()
                    })
                })
            },
        ),
        Damage::new(
            "fhir.unit",
            Without,
            "単位が項目のものでない",
            move |text| {
                measured.iter().find_map(|name| {
                    changed(text, name, "\"valueDecimal\": ", '\n', |number| {
                        format!("\"valueQuantity\": {{ \"value\": {number}, \"unit\": \"kit\" }}")
                    })
                })
            },
        ),
        Damage::new(
            "fhir.value",
            Without,
            "文字の項目の値が真偽値である",
            move |text| {
                texts.iter().find_map(|name| {
                    changed(text, name, "\"valueString\": ", '\n', |_| {
                        "\"valueBoolean\": true".to_owned()
                    })
                })
            },
        ),
    ]
}

/// The items of a response, with one of no form before them.
const UNKNOWN: &str = r#"
  "item": [
    {
      "linkId": "kit_unknown",
      "answer": [
        {
          "valueString": "1"
        }
      ]
    },
"#;

/// The lines of the item of this name, if it stands in the response and is answered once.
fn lines_of<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let link = text.find(&format!("\"linkId\": \"{name}\","))?;
    let begin = text.get(..link)?.rfind("{\n")?;
    let begin = text.get(..begin)?.rfind('\n')? + 1;
    let (before, rest) = text.split_at_checked(begin)?;
    let indent: String = rest.chars().take_while(|c| *c == ' ').collect();
    let closing = format!("\n{indent}}}");
    let end = rest.find(&closing)? + closing.len();
    let (item, after) = rest.split_at_checked(end)?;
    Some((before, item, after))
}

/// The response with this item twice.
fn twice(text: &str, name: &str) -> Option<Vec<u8>> {
    let (before, item, after) = lines_of(text, name)?;
    Some(format!("{before}{item},\n{item}{after}").into_bytes())
}

/// The response in which, of this item, what stands between `begin` and `end` is another; `begin`
/// stays if it opens a quotation.
fn changed(
    text: &str,
    name: &str,
    begin: &str,
    end: char,
    by: impl Fn(&str) -> String,
) -> Option<Vec<u8>> {
    let (before, item, after) = lines_of(text, name)?;
    let (head, rest) = item.split_once(begin)?;
    let (value, tail) = rest.split_once(end)?;
    let kept = if begin.ends_with('"') { begin } else { "" };
    let changed = format!("{before}{head}{kept}{}{end}{tail}{after}", by(value));
    Some(changed.into_bytes())
}
