//! What a person reads on a page, and where its links lead.

use crate::support::Page;

/// The address of the first link with this text in it.
pub(super) fn link(page: &Page, part: &str) -> String {
    let link = page
        .body
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|link| link.contains(part));
    let link = link.unwrap_or_else(|| panic!("no link with {part} in {}", page.body));
    link.replace("&#x2F;", "/").replace("&amp;", "&")
}

/// Without what every change of the sample form changes: hashes, and how large the programs are.
pub(super) fn masked(text: &str) -> String {
    let mut masked = String::new();
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        let is_hash = word.len() >= 16 && word.chars().all(|c| c.is_ascii_hexdigit());
        masked.push_str(if is_hash { "HASH" } else { &word });
        word.clear();
        masked.push(c);
    }
    let mut lines = String::new();
    for line in masked.lines() {
        let sized = [" KB", "length=\"", "\"size\": "]
            .iter()
            .any(|mark| line.contains(mark));
        let digits = |c: char| if sized && c.is_ascii_digit() { '#' } else { c };
        lines.extend(line.chars().map(digits).chain(std::iter::once('\n')));
    }
    lines
}

/// What a person reads on a page, line by line.
pub(super) fn readable(page: &Page) -> String {
    let main = page.body.split("<main").nth(1).unwrap();
    let mut text = String::new();
    for piece in main.split("</main>").next().unwrap().split('<').skip(1) {
        let (tag, words) = piece.split_once('>').unwrap_or((piece, ""));
        if tag.starts_with('a') {
            let target = tag
                .split("href=\"")
                .nth(1)
                .map(|t| t.split('"').next().unwrap());
            text.push_str(&format!("→{} ", target.unwrap_or_default()));
        }
        let name = tag.trim_start_matches('/');
        let starts = |names: &[&str]| {
            let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
            names.contains(&name.as_str())
        };
        if starts(&[
            "p", "h1", "h2", "h3", "li", "tr", "div", "section", "summary", "pre",
        ]) {
            text.push('\n');
        } else if starts(&["td", "th", "dd", "span"]) {
            text.push(' ');
        }
        text.push_str(words);
    }
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n").replace("&#x2F;", "/")
}
