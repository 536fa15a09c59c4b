//! Where an item stands in a record, so that a reader of a report finds it.

use quick_xml::escape::unescape;

/// Where an item stands, and what is written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Its line, from 1; nothing if it is not written.
    pub line: Option<usize>,
    /// Its value; nothing if it is not written, or nobody can say in short what is.
    pub value: Option<String>,
}

/// Where the item stands in a record, whatever the format; the first of several.
pub(super) fn place(document: &[u8], item: &str) -> Place {
    let Ok(text) = std::str::from_utf8(document) else {
        return Place::default();
    };
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().chars().next() {
        Some('<') => in_xml(text, item),
        Some('{' | '[') => in_json(text, item),
        _ => in_csv(text, item),
    }
}

fn in_xml(text: &str, item: &str) -> Place {
    let begin = format!("<{item}");
    let found = text.match_indices(&begin).find_map(|(at, _)| {
        let rest = text.get(at + begin.len()..)?;
        let ends = rest.starts_with([' ', '\t', '\r', '\n', '>', '/']);
        ends.then_some((at, rest))
    });
    let Some((at, rest)) = found else {
        return Place::default();
    };
    let inside = rest.split_once('>').and_then(|(tag, content)| {
        if tag.ends_with('/') {
            return Some("");
        }
        content.split('<').next()
    });
    let value = inside.and_then(|value| unescape(value).ok());
    Place {
        line: Some(line_of(text, at)),
        value: value.map(std::borrow::Cow::into_owned),
    }
}

fn in_json(text: &str, item: &str) -> Place {
    let name = format!("\"{item}\"");
    let found = text.match_indices(&name).find(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default().trim_end();
        let before = before.strip_suffix(':').unwrap_or_default().trim_end();
        before.ends_with("\"linkId\"")
    });
    Place {
        line: found.map(|(at, _)| line_of(text, at)),
        value: None,
    }
}

fn in_csv(text: &str, item: &str) -> Place {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(text.as_bytes());
    let column = reader.headers().ok().and_then(|heads| {
        let mut heads = heads.iter();
        heads.position(|head| head == item)
    });
    let row = reader.records().next().and_then(Result::ok);
    let (Some(column), Some(row)) = (column, row) else {
        return Place::default();
    };
    // An empty cell is how an item that is not written looks.
    let value = row.get(column).filter(|value| !value.trim().is_empty());
    // The head and the record are the first two lines that say something.
    let mut lines = text.lines().zip(1..);
    let says = |(line, _): &(&str, usize)| !line.is_empty() && !line.starts_with('#');
    let line = lines.by_ref().filter(says).nth(1).map(|(_, at)| at);
    Place {
        line: line.filter(|_| value.is_some()),
        value: value.map(str::to_owned),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(document: &str, item: &str) -> (Option<usize>, Option<String>) {
        let Place { line, value } = place(document.as_bytes(), item);
        (line, value)
    }

    #[test]
    fn an_item_is_found_in_every_format() {
        let xml = "<?xml version=\"1.0\"?>\n<record>\n <stage_on>2</stage_on>\n <stage unit=\"a\">1 &lt; 2</stage>\n <no/>\n</record>";
        assert_eq!(found(xml, "stage"), (Some(4), Some("1 < 2".into())));
        assert_eq!(found(xml, "no"), (Some(5), Some(String::new())));
        assert_eq!(found(xml, "sta"), (None, None));
        let csv = "\u{feff}form,stage\r\n#様式,段階\r\nshitei-999,\"a\"\"b\"\r\n";
        assert_eq!(found(csv, "stage"), (Some(3), Some("a\"b".into())));
        assert_eq!(found(csv, "other"), (None, None));
        let empty = "form,stage,tremor,walk\r\nshitei-999,,1, \r\n";
        assert_eq!(found(empty, "stage"), (None, None));
        assert_eq!(found(empty, "tremor"), (Some(2), Some("1".into())));
        assert_eq!(found(empty, "walk"), (None, None));
        let json = "{\"item\": [\n{\"text\": \"stage\",\n\"linkId\" : \"stage\"}]}";
        assert_eq!(found(json, "stage"), (Some(3), None));
    }
}
