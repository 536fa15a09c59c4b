//! The summary as one HTML file without scripts, to be read in a browser or printed.

use super::counts::{Counts, level_word, totals};
use crate::bulk::Summary;
use std::fmt::Write as _;

const STYLE: &str = "body{font-family:\"Hiragino Sans\",\"Noto Sans CJK JP\",\"Yu Gothic UI\",Meiryo,sans-serif;\
line-height:1.7;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a}\
table{border-collapse:collapse;width:100%;margin:0 0 2rem}\
th,td{border-bottom:1px solid #8c8c8c;padding:.5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
td.n{text-align:right;white-space:nowrap}caption{text-align:left;font-weight:700;padding:.5rem 0}";

/// The whole page.
pub(super) fn page(counts: &Counts, summary: &Summary) -> String {
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>点検の結果</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>\n<h1>点検の結果</h1>\n"
    );
    out.push_str("<table><caption>件数</caption><tbody>\n");
    for (what, count) in totals(summary) {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{what}</th><td class=\"n\">{count}</td></tr>"
        );
    }
    out.push_str("</tbody></table>\n<table><caption>チェックごとの件数</caption><thead><tr>");
    for head in ["レベル", "チェックID", "件数", "最初の指摘", "対処", "場所"] {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for count in counts.iter() {
        let record = count
            .record
            .map(|n| format!(" 個票{n}"))
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}{record}</td></tr>",
            level_word(count.level),
            escaped(&count.check),
            count.count,
            escaped(&count.message),
            escaped(count.help.as_deref().unwrap_or_default()),
            escaped(&count.file),
        );
    }
    out.push_str("</tbody></table>\n</body></html>\n");
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
