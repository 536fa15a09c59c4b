//! FHIR that is none, is too large or too deep, or says what must not be passed over.

use super::{Case, case};

const HEAD: &str = "{\"resourceType\":\"QuestionnaireResponse\",\
    \"questionnaire\":\"urn:kohyo:form:shitei-999|2024\",\"status\":\"completed\",\"authored\":\"2026-06-01\",\
    \"item\":[{\"linkId\":\"record\",\"item\":[{\"linkId\":\"record.application\",\"answer\":[{\"valueCoding\":{\"code\":\"new\"}}]}]},";
const ITEMS: &str = "{\"linkId\":\"birth_date\",\"answer\":[{\"valueDate\":\"1950-04-01\"}]},\
    {\"linkId\":\"tremor\",\"answer\":[{\"valueCoding\":{\"code\":\"1\"}}]},\
    {\"linkId\":\"rigidity\",\"answer\":[{\"valueCoding\":{\"code\":\"1\"}}]},\
    {\"linkId\":\"marker\",\"answer\":[{\"valueDecimal\":10.5}]},\
    {\"linkId\":\"new_marker\",\"answer\":[{\"valueCoding\":{\"code\":\"1\"}}]},\
    {\"linkId\":\"stage\",\"answer\":[{\"valueCoding\":{\"code\":\"2\"}}]},\
    {\"linkId\":\"onset\",\"answer\":[{\"valueDate\":\"2019-04\"}]},\
    {\"linkId\":\"aid\",\"answer\":[{\"valueCoding\":{\"code\":\"1\"}},{\"valueCoding\":{\"code\":\"3\"}}]},\
    {\"linkId\":\"aid_reason\",\"answer\":[{\"valueString\":\"歩行のため\"}]}";
const END: &str = "]}";

pub fn cases() -> Vec<Case> {
    let good = [HEAD, ITEMS, END].concat();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode(&good);
    let sixteen: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let nested = |open: &str, close: &str, depth: usize| {
        format!(
            "{HEAD}{}{}{ITEMS}{END}",
            open.repeat(depth),
            close.repeat(depth) + ","
        )
    };
    let half = good.split_at(good.len() / 2 - 20).0;
    vec![
        case("j_good.json", good.clone(), ""),
        case("j_marked.json", format!("\u{feff}{good}"), ""),
        case(
            "j_three.ndjson",
            format!("{good}\n{good}\r\n\n{good}\n"),
            "",
        ),
        // No JSON.
        case("j_empty.json", "", "file.empty"),
        case("j_blank.ndjson", "\n \n", "fhir.no_record"),
        case("j_half.json", half, "fhir.not_json"),
        case(
            "j_comma.json",
            with("},{\"linkId\":\"tremor", "},,{\"linkId\":\"tremor"),
            "fhir.not_json",
        ),
        case(
            "j_single_quotes.json",
            good.replace('"', "'"),
            "fhir.not_json",
        ),
        case(
            "j_comment.json",
            format!("/* FHIR */ {good}"),
            "fhir.not_json",
        ),
        case("j_sjis.json", sjis.into_owned(), "fhir.not_json"),
        case("j_utf16.json", sixteen, "fhir.not_json"),
        case("j_nul.json", vec![0; 4096], "fhir.not_json"),
        case("j_nan.json", with("10.5", "NaN"), "fhir.not_json"),
        case(
            "j_leading_zero.json",
            with("10.5", "010.5"),
            "fhir.not_json",
        ),
        case("j_xml.json", super::GOOD, "fhir.not_json"),
        case(
            "j_good_then_broken.ndjson",
            format!("{good}\n{{"),
            "fhir.not_json",
        ),
        // Too deep, too large.
        case("j_deep_arrays.json", "[".repeat(1_000_000), "fhir.not_json"),
        case(
            "j_deep_closed.json",
            ["[", "]"].map(|bracket| bracket.repeat(100_000)).concat(),
            "fhir.resource",
        ),
        case(
            "j_deep_items.json",
            nested("{\"linkId\":\"section.patient\",\"item\":[", "]}", 5_000),
            "fhir.structure",
        ),
        case(
            "j_large.json",
            with("歩行のため", &"あ".repeat(6_000_000)),
            "fhir.too_large",
        ),
        case(
            "j_many_unknown.json",
            with(
                ITEMS,
                &["{\"linkId\":\"x\"},".repeat(50_000).as_str(), ITEMS].concat(),
            ),
            "fhir.too_many_findings fhir.unknown_item",
        ),
        // Another resource, another form.
        case("j_number.json", "1", "fhir.resource"),
        case("j_array.json", format!("[{good}]"), "fhir.resource"),
        case(
            "j_patient.json",
            "{\"resourceType\":\"Patient\"}",
            "fhir.resource",
        ),
        case(
            "j_type_number.json",
            with("\"QuestionnaireResponse\"", "7"),
            "fhir.resource",
        ),
        case(
            "j_bundle.json",
            format!("{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{good}}}]}}"),
            "",
        ),
        case(
            "j_bundle_empty.json",
            "{\"resourceType\":\"Bundle\"}",
            "fhir.no_record",
        ),
        case(
            "j_bundle_object.json",
            "{\"resourceType\":\"Bundle\",\"entry\":{}}",
            "fhir.structure",
        ),
        case(
            "j_other_form.json",
            with("shitei-999|", "shitei-998|"),
            "fhir.unknown_form",
        ),
        case(
            "j_other_edition.json",
            with("|2024", "|2030"),
            "fhir.unknown_edition",
        ),
        case(
            "j_other_url.json",
            with("urn:kohyo:form:", "http://example.org/"),
            "fhir.unknown_questionnaire",
        ),
        case(
            "j_no_questionnaire.json",
            with("\"questionnaire\"", "\"q\""),
            "fhir.no_questionnaire",
        ),
        case(
            "j_two_forms.json",
            with("\"status\"", "\"questionnaire\":\"x\",\"status\""),
            "fhir.structure",
        ),
        // What changes the meaning.
        case(
            "j_modifier.json",
            with("\"status\"", "\"modifierExtension\":[],\"status\""),
            "fhir.modifier",
        ),
        case(
            "j_modifier_of_item.json",
            with(
                "\"linkId\":\"tremor\"",
                "\"modifierExtension\":[{}],\"linkId\":\"tremor\"",
            ),
            "fhir.modifier",
        ),
        case(
            "j_in_error.json",
            with("completed", "entered-in-error"),
            "fhir.status",
        ),
        case(
            "j_no_application.json",
            with("\"code\":\"new\"", "\"code\":\"neu\""),
            "fhir.application",
        ),
        case(
            "j_future.json",
            with("2026-06-01", "2099-01-01"),
            "record.written_in_future",
        ),
        case(
            "j_authored.json",
            with("2026-06-01", "R8.6.1"),
            "fhir.authored",
        ),
        // Items.
        case(
            "j_misspelt.json",
            with("aid_reason", "aid_raeson"),
            "fhir.unknown_item",
        ),
        case(
            "j_no_link.json",
            with("\"linkId\":\"aid_reason\"", "\"id\":\"1\""),
            "fhir.unknown_item",
        ),
        case(
            "j_twice.json",
            with(ITEMS, &[ITEMS, ITEMS].join(",")),
            "fhir.duplicate_item",
        ),
        case(
            "j_item_object.json",
            with(
                "\"answer\":[{\"valueDate\":\"1950-04-01\"}]",
                "\"answer\":{}",
            ),
            "fhir.structure",
        ),
        case(
            "j_surrogate.json",
            with("歩行のため", "\\ud800"),
            "fhir.structure",
        ),
        case(
            "j_control.json",
            with("歩行のため", "\\u0000"),
            "type.aid_reason",
        ),
        // Values.
        case(
            "j_system.json",
            with("{\"code\":\"2\"}", "{\"system\":\"urn:x\",\"code\":\"2\"}"),
            "fhir.system",
        ),
        case("j_text_number.json", with("10.5", "\"10.5\""), "fhir.value"),
        case("j_exponent.json", with("10.5", "105e-1"), "type.marker"),
        case(
            "j_huge_exponent.json",
            with("10.5", "1e999999999"),
            "type.marker",
        ),
        case(
            "j_many_digits.json",
            with("10.5", &"9".repeat(100_000)),
            "digits.marker",
        ),
        case(
            "j_unit.json",
            with(
                "\"valueDecimal\":10.5",
                "\"valueQuantity\":{\"value\":10.5,\"unit\":\"mg/dL\"}",
            ),
            "fhir.unit",
        ),
        case(
            "j_comparator.json",
            with(
                "\"valueDecimal\":10.5",
                "\"valueQuantity\":{\"value\":10.5,\"comparator\":\"<\"}",
            ),
            "fhir.value",
        ),
        case(
            "j_boolean.json",
            with("\"valueCoding\":{\"code\":\"2\"}", "\"valueBoolean\":true"),
            "fhir.value",
        ),
        case(
            "j_code.json",
            with("{\"code\":\"2\"}", "{\"code\":\"二\"}"),
            "code.stage",
        ),
        case(
            "j_two_values.json",
            with(
                "[{\"valueDecimal\":10.5}]",
                "[{\"valueDecimal\":10.5},{\"valueDecimal\":11}]",
            ),
            "type.marker",
        ),
        case(
            "j_date.json",
            with("\"1950-04-01\"", "\"1950-13-01\""),
            "date.birth_date",
        ),
    ]
}
