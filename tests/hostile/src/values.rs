//! Well-formed records that do not fit their form.

use super::{Case, case, with};

pub fn cases() -> Vec<Case> {
    [
        // Which form it is.
        (
            "edition_unknown",
            ":2024\"",
            ":1999\"",
            "xml.unknown_edition",
        ),
        (
            "edition_of_nothing",
            ":2024\"",
            ":\"",
            "xml.unknown_edition",
        ),
        (
            "form_unknown",
            "shitei-999:",
            "shitei-998:",
            "xml.unknown_form",
        ),
        (
            "namespace_missing",
            " xmlns=\"urn:kohyo:form:shitei-999:2024\"",
            "",
            "xml.unknown_namespace",
        ),
        (
            "namespace_foreign",
            "urn:kohyo:form:shitei-999:2024",
            "urn:other",
            "xml.unknown_namespace",
        ),
        (
            "prefix_undeclared",
            "<tremor>1</tremor>",
            "<x:tremor>1</x:tremor>",
            "xml.unknown_element",
        ),
        // What the record says.
        (
            "application_missing",
            " application=\"new\"",
            "",
            "xml.missing_attribute",
        ),
        (
            "application_other",
            "\"new\"",
            "\"old\"",
            "xml.bad_attribute",
        ),
        (
            "written_in_future",
            "2026-06-01",
            "2027-06-01",
            "record.written_in_future",
        ),
        (
            "written_no_date",
            "2026-06-01",
            "2026-13-01",
            "xml.bad_attribute",
        ),
        (
            "attribute_unknown",
            "application=",
            "hospital=\"1\" application=",
            "xml.unknown_attribute",
        ),
        // Elements.
        (
            "element_unknown",
            "<tremor>1</tremor>",
            "<tremer>1</tremer>",
            "required.tremor xml.unknown_element",
        ),
        (
            "element_twice",
            "<tremor>1</tremor>",
            "<tremor>1</tremor><tremor>2</tremor>",
            "xml.duplicate_element",
        ),
        (
            "element_inside",
            "<tremor>1</tremor>",
            "<tremor><b>1</b></tremor>",
            "xml.unknown_element",
        ),
        (
            "section_unknown",
            "<patient>",
            "<sick>",
            "xml.not_well_formed xml.unknown_element",
        ),
        (
            "text_between",
            "<tremor>",
            "text<tremor>",
            "xml.unexpected_text",
        ),
        // Values.
        ("code_unknown", "<tremor>1<", "<tremor>7<", "code.tremor"),
        ("code_label", "<tremor>1<", "<tremor>あり<", "code.tremor"),
        (
            "code_full_width",
            "<tremor>1<",
            "<tremor>１<",
            "code.tremor",
        ),
        ("code_formula", "<tremor>1<", "<tremor>=1+1<", "code.tremor"),
        (
            "codes_unknown",
            "<aid>3<",
            "<aid>9<",
            "code.aid hidden.aid_reason",
        ),
        ("number_exponent", "10.5", "1e5", "type.marker"),
        ("number_nan", "10.5", "NaN", "type.marker"),
        ("number_infinite", "10.5", "Infinity", "type.marker"),
        ("number_hexadecimal", "10.5", "0x10", "type.marker"),
        ("number_grouped", "10.5", "1,000", "type.marker"),
        ("number_comma", "10.5", "10,5", "type.marker"),
        ("number_negative", "10.5", "-10.5", "range.marker"),
        ("number_too_large", "10.5", "501", "range.marker"),
        (
            "number_too_long",
            "10.5",
            "99999999999999999999999999999999999999999999",
            "digits.marker",
        ),
        ("number_too_fine", "10.5", "10.55", "digits.marker"),
        ("number_unit", "U/mL\"", "mg/dL\"", "unit.marker"),
        (
            "date_of_no_calendar",
            "1950-04-01",
            "1950-02-30",
            "date.birth_date",
        ),
        (
            "date_era",
            "1950-04-01",
            "昭和25年4月1日",
            "date.birth_date",
        ),
        (
            "date_year_zero",
            "1950-04-01",
            "0000-01-01",
            "date.birth_date",
        ),
        (
            "date_time",
            "1950-04-01",
            "1950-04-01T00:00:00Z",
            "date.birth_date",
        ),
        (
            "date_five_digits",
            "1950-04-01",
            "11950-04-01",
            "date.birth_date",
        ),
        ("date_too_fine", "2019-04<", "2019-04-01<", "date.onset"),
        (
            "text_too_long",
            "歩行のため",
            "歩行のため歩行のため歩行のため歩行のため歩",
            "width.aid_reason",
        ),
        (
            "text_two_lines",
            "歩行のため",
            "歩行の\nため",
            "width.aid_reason",
        ),
        ("hidden_answered", "<aid>3</aid>", "", "hidden.aid_reason"),
        ("required_missing", "<stage>2</stage>", "", "required.stage"),
    ]
    .into_iter()
    .map(|(name, from, to, expected)| case(format!("value_{name}.xml"), with(from, to), expected))
    .collect()
}
