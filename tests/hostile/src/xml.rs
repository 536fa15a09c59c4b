//! XML that is none, and XML that means harm.

use super::{Case, GOOD, case, with};

pub fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    cut(&mut all);
    bytes(&mut all);
    entities(&mut all);
    sizes(&mut all);
    malformed(&mut all);
    strangers(&mut all);
    all
}

/// Cut off at thirty places of the record.
fn cut(all: &mut Vec<Case>) {
    let begin = GOOD.find("<record").unwrap() + 4;
    let end = GOOD.rfind("</record>").unwrap() + 8;
    for step in 0..30 {
        let mut at = begin + (end - begin) * step / 29;
        while !GOOD.is_char_boundary(at) {
            at += 1;
        }
        all.push(case(
            format!("cut_{step:02}.xml"),
            &GOOD[..at],
            "xml.truncated",
        ));
    }
    let kanji = GOOD.find("歩").unwrap() + 1;
    all.push(case(
        "cut_in_a_character.xml",
        &GOOD.as_bytes()[..kanji],
        "xml.truncated",
    ));
    all.push(case("cut_declaration.xml", &GOOD[..10], "xml.truncated"));
    all.push(case("empty.xml", "", "file.empty"));
    all.push(case("blanks.xml", " \n\t ", "xml.no_record"));
    all.push(case("mark_only.xml", "\u{feff}", "xml.no_record"));
    all.push(case(
        "declaration_only.xml",
        "<?xml version=\"1.0\"?>\n",
        "xml.no_record",
    ));
}

/// Bytes that are no UTF-8, or text in another encoding.
fn bytes(all: &mut Vec<Case>) {
    let bad: [(&str, &[u8]); 9] = [
        ("lone_continuation", b"\x80"),
        ("overlong_slash", b"\xc0\xaf"),
        ("overlong_nul", b"\xc0\x80"),
        ("overlong_three", b"\xe0\x80\xaf"),
        ("surrogate", b"\xed\xa0\x80"),
        ("beyond_unicode", b"\xf4\x90\x80\x80"),
        ("five_bytes", b"\xf8\x88\x80\x80\x80"),
        ("cut_character", b"\xe3\x81"),
        ("shift_jis", b"\x95\xe0\x8d\x73"),
    ];
    let (before, after) = GOOD.split_once("歩行").unwrap();
    for (name, bytes) in bad {
        let bytes = [before.as_bytes(), bytes, after.as_bytes()].concat();
        all.push(case(format!("bytes_{name}.xml"), bytes, "file.encoding"));
    }
    let sixteen =
        |order: fn(u16) -> [u8; 2]| GOOD.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    all.push(case(
        "utf16_le.xml",
        sixteen(u16::to_le_bytes),
        "file.encoding",
    ));
    all.push(case(
        "utf16_be.xml",
        sixteen(u16::to_be_bytes),
        "file.encoding",
    ));
    let marked = [&b"\xff\xfe"[..], &sixteen(u16::to_le_bytes)].concat();
    all.push(case("utf16_le_marked.xml", marked, "file.encoding"));
    let marked = [&b"\xfe\xff"[..], &sixteen(u16::to_be_bytes)].concat();
    all.push(case("utf16_be_marked.xml", marked, "file.encoding"));
    for encoding in [
        "Shift_JIS",
        "EUC-JP",
        "ISO-2022-JP",
        "UTF-7",
        "windows-1252",
    ] {
        let text = with("UTF-8", encoding);
        all.push(case(format!("says_{encoding}.xml"), text, "file.encoding"));
    }
}

/// Entities and what declares them.
fn entities(all: &mut Vec<Case>) {
    let after_declaration = |text: &str| GOOD.replacen("\n", &format!("\n{text}\n"), 1);
    let laughs: String = (1..12)
        .map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)))
        .collect();
    let blowup = format!("<!ENTITY a \"{}\">", "x".repeat(50_000));
    for (name, dtd) in [
        ("plain", "<!DOCTYPE record>".to_owned()),
        ("html", "<!DOCTYPE html>".to_owned()),
        (
            "file",
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>".to_owned(),
        ),
        (
            "http",
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"http://127.0.0.1/x\">]>".to_owned(),
        ),
        (
            "public",
            "<!DOCTYPE r PUBLIC \"-//X\" \"http://127.0.0.1/x.dtd\">".to_owned(),
        ),
        (
            "parameter",
            "<!DOCTYPE r [<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;]>".to_owned(),
        ),
        (
            "laughs",
            format!("<!DOCTYPE r [<!ENTITY a0 \"lol\">{laughs}]>"),
        ),
        ("blowup", format!("<!DOCTYPE r [{blowup}]>")),
        (
            "itself",
            "<!DOCTYPE r [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]>".to_owned(),
        ),
        (
            "attribute",
            "<!DOCTYPE r [<!ATTLIST record written CDATA \"2026-01-01\">]>".to_owned(),
        ),
        (
            "notation",
            "<!DOCTYPE r [<!NOTATION n SYSTEM \"x\">]>".to_owned(),
        ),
    ] {
        all.push(case(
            format!("dtd_{name}.xml"),
            after_declaration(&dtd),
            "xml.dtd",
        ));
    }
    let inside = |text: &str| with("歩行のため", text);
    for (name, text) in [
        ("named", "&x;"),
        ("html", "&nbsp;"),
        ("case", "&AMP;"),
        ("parameter", "&%x;"),
    ] {
        let expected = if name == "parameter" {
            "xml.not_well_formed"
        } else {
            "xml.entity"
        };
        all.push(case(format!("entity_{name}.xml"), inside(text), expected));
    }
    for (name, text) in [
        ("bare", "a & b"),
        ("unfinished", "a &amp b"),
        ("number_nul", "&#0;"),
        ("number_surrogate", "&#xD800;"),
        ("number_too_large", "&#x110000;"),
        ("number_huge", "&#99999999999999999999;"),
        ("number_no_digits", "&#;"),
        ("number_control", "&#1;"),
        ("number_no_character", "&#xFFFE;"),
    ] {
        all.push(case(
            format!("reference_{name}.xml"),
            inside(text),
            "xml.not_well_formed",
        ));
    }
}

/// Too deep, too long, too many.
fn sizes(all: &mut Vec<Case>) {
    let open = "<record xmlns=\"urn:kohyo:form:shitei-999:2024\" application=\"new\">";
    for depth in [100, 10_000, 1_000_000] {
        let text = format!("{open}{}", "<a>".repeat(depth));
        all.push(case(
            format!("deep_{depth}.xml"),
            text,
            "xml.too_deep xml.unknown_element",
        ));
    }
    let attributes: String = (0..300).map(|n| format!(" a{n}=\"1\"")).collect();
    all.push(case(
        "attributes_300.xml",
        with("<tremor>", &format!("<tremor{attributes}>")),
        "xml.too_many_attributes",
    ));
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"1\"")).collect();
    all.push(case(
        "attributes_100000.xml",
        with("<tremor>", &format!("<tremor{attributes}>")),
        "xml.too_many_attributes",
    ));
    let namespaces: String = (0..300).map(|n| format!(" xmlns:a{n}=\"u\"")).collect();
    all.push(case(
        "namespaces_300.xml",
        with("<tremor>", &format!("<tremor{namespaces}>")),
        "xml.too_many_attributes",
    ));
    let long = "x".repeat(100_000);
    all.push(case(
        "long_name.xml",
        with("<tremor>", &format!("<{long}>")),
        "file.too_large",
    ));
    all.push(case(
        "long_attribute.xml",
        with("<tremor>", &format!("<tremor a=\"{long}\">")),
        "file.too_large",
    ));
    all.push(case(
        "long_comment.xml",
        with("<tremor>", &format!("<!--{long}--><tremor>")),
        "file.too_large",
    ));
    all.push(case(
        "long_text.xml",
        with("歩行のため", &long),
        "file.too_large",
    ));
    let many = "<aid>1</aid>".repeat(500_000);
    all.push(case(
        "long_record.xml",
        with("<aid>1</aid>", &many),
        "file.too_large",
    ));
}

fn malformed(all: &mut Vec<Case>) {
    for (name, from, to) in [
        ("wrong_end", "</tremor>", "</tremer>"),
        (
            "crossed",
            "<tremor>1</tremor>",
            "<tremor><rigidity>1</tremor></rigidity>",
        ),
        ("end_without_begin", "<tremor>", "</x><tremor>"),
        ("two_roots", "</record>", "</record><record/>"),
        ("text_after", "</record>", "</record>more"),
        ("text_before", "<record", "more<record"),
        (
            "attribute_twice",
            "application=\"new\"",
            "application=\"new\" application=\"new\"",
        ),
        ("attribute_bare", "application=\"new\"", "application=new"),
        ("attribute_no_value", "application=\"new\"", "application"),
        ("attribute_open", "application=\"new\"", "application=\"new"),
        ("attribute_less", "application=\"new\"", "application=\"<\""),
        (
            "attributes_joined",
            "application=\"new\" ",
            "application=\"new\"",
        ),
        ("name_digit", "<tremor>", "<1tremor>"),
        ("name_empty", "<tremor>", "<>"),
        ("name_blank", "<tremor>", "< tremor>"),
        ("end_blank", "</tremor>", "</ tremor>"),
        ("end_attribute", "</tremor>", "</tremor a=\"1\">"),
        ("comment_hyphens", "<tremor>", "<!-- a -- b --><tremor>"),
        ("comment_open", "<tremor>", "<!-- <tremor>"),
        ("cdata_open", "歩行のため", "<![CDATA[歩行"),
        ("cdata_outside", "<record", "<![CDATA[x]]><record"),
        ("cdata_end", "歩行のため", "]]>"),
        (
            "declaration_twice",
            "<record",
            "<?xml version=\"1.0\"?><record",
        ),
        ("declaration_late", "<?xml", "\n<?xml"),
        ("declaration_version", "version=\"1.0\"", "version=\"2.0\""),
        ("instruction_open", "<tremor>", "<?x <tremor>"),
        ("markup", "<tremor>", "<!ELEMENT a ANY><tremor>"),
        ("control", "歩行", "\u{1}"),
        ("no_character", "歩行", "\u{fffe}"),
        ("nul", "歩行", "\0"),
        ("escape", "歩行", "\u{1b}[2J"),
    ] {
        let expected = match name {
            "comment_open" | "cdata_open" | "instruction_open" => "xml.truncated",
            "crossed" => "xml.not_well_formed xml.unknown_element",
            _ => "xml.not_well_formed",
        };
        all.push(case(
            format!("malformed_{name}.xml"),
            with(from, to),
            expected,
        ));
    }
}

/// Files of another kind under the name of a record.
fn strangers(all: &mut Vec<Case>) {
    all.push(case(
        "png.xml",
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
        "file.foreign",
    ));
    all.push(case("pdf.xml", "%PDF-1.7\n", "file.foreign"));
    all.push(case("exe.xml", &b"MZ\x90\0\x03"[..], "file.encoding"));
    all.push(case(
        "old_office.xml",
        &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..],
        "file.office",
    ));
    all.push(case("gzip.xml", &b"\x1f\x8b\x08\0"[..], "file.foreign"));
    all.push(case("json.xml", "{\"record\":{}}", "xml.not_well_formed"));
    all.push(case("csv.xml", super::HEAD, "xml.not_well_formed"));
    all.push(case("html.xml", "<html><body/></html>", "file.foreign"));
    all.push(case(
        "svg.xml",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        "xml.unknown_root",
    ));
    all.push(case("zeros.xml", vec![0; 100_000], "file.too_large"));
}
