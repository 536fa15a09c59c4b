//! The summary as one HTML file without scripts, to be read in a browser or printed.

use super::counts::{Counts, totals};
use super::head::HTML;
use crate::bulk::Summary;
use crate::judged::UNSIGNED;
use quick_xml::escape::escape;
use std::fmt::Write as _;

const STYLE: &str = "body{font-family:\"Hiragino Sans\",\"Noto Sans CJK JP\",\"Yu Gothic UI\",Meiryo,sans-serif;\
line-height:1.7;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a}\
table{border-collapse:collapse;width:100%;margin:0 0 2rem}\
th,td{border-bottom:1px solid #8c8c8c;padding:.5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
td.n{text-align:right;white-space:nowrap}td.w,th{white-space:nowrap}tbody th{white-space:normal}caption{text-align:left;font-weight:700;padding:.5rem 0}";

/// The whole page.
pub(super) fn page(counts: &Counts, summary: &Summary) -> String {
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write!(
        out,
        "{HTML}<meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>\n<h1>点検の結果</h1>\n"
    );
    out.push_str("<table><caption>件数</caption><tbody>\n");
    for (what, count) in totals(summary) {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{what}</th><td class=\"n\">{count}</td></tr>"
        );
    }
    out.push_str("</tbody></table>\n");
    judged(counts, &mut out);
    unread(summary, &mut out);
    out.push_str("<table><caption>チェックごとの件数</caption><thead><tr>");
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
            "<tr><td class=\"w\">{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}{record}</td></tr>",
            count.level.label(),
            escape(&count.check),
            count.count,
            escape(&count.message),
            escape(count.help.as_deref().unwrap_or_default()),
            escape(name_of(&count.file)),
        );
    }
    out.push_str("</tbody></table>\n</body></html>\n");
    out
}

/// The name of a file without its folders: there is little room, and the lists say the whole.
fn name_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Which files were passed over.
fn unread(summary: &Summary, out: &mut String) {
    if summary.unread.is_empty() {
        return;
    }
    out.push_str(
        "<h2>読まなかったファイル</h2>\n<p>XML、CSV、FHIRのJSON、ZIPのどれでもないため、中の個票は点検していません。</p>\n<ul>\n",
    );
    for name in &summary.unread {
        let _ = writeln!(out, "<li>{}</li>", escape(name));
    }
    out.push_str("</ul>\n");
}

/// By what the records were judged.
fn judged(counts: &Counts, out: &mut String) {
    if counts.judged.forms().is_empty() && counts.release.is_none() {
        return;
    }
    out.push_str("<table><caption>判定に使った様式の版");
    let _ = match &counts.release {
        Some(release) => write!(out, "（リリース {}）", escape(release)),
        None => write!(out, "（{UNSIGNED}）"),
    };
    out.push_str("</caption><thead><tr>");
    for head in ["様式", "版", "疾病", "個票"] {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for form in counts.judged.forms() {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
            escape(&form.form),
            escape(&form.edition),
            escape(&form.title),
            form.records,
        );
    }
    out.push_str("</tbody></table>\n");
}
