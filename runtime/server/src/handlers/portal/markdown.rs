//! A document of a release: Markdown → HTML. Tags written in it are shown, not obeyed.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::collections::HashSet;

/// The heading of a document.
pub(super) fn title(markdown: &str) -> Option<String> {
    let line = markdown.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(line.trim().to_owned())
}

/// A document without its heading, with an anchor at every heading as Markdown's readers make them.
pub(super) fn drawn(markdown: &str) -> String {
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut taken = HashSet::new();
    // Where the heading begins that is being read, and what it says.
    let mut heading: Option<(usize, String)> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Start(Tag::Heading { .. }) => {
                heading = Some((events.len(), String::new()));
                events.push(event);
            }
            Event::End(TagEnd::Heading(level)) => {
                events.push(event);
                let Some((start, text)) = heading.take() else {
                    continue;
                };
                if level == HeadingLevel::H1 {
                    events.truncate(start);
                } else if let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(start) {
                    *id = Some(CowStr::from(anchor(&text, &mut taken)));
                }
            }
            Event::Start(Tag::Table(_)) => {
                events.push(Event::Html(CowStr::Borrowed(
                    "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"表\">",
                )));
                events.push(event);
            }
            Event::End(TagEnd::Table) => {
                events.push(event);
                events.push(Event::Html(CowStr::Borrowed("</div>")));
            }
            _ => {
                if let (Some((_, heading)), Event::Text(text) | Event::Code(text)) =
                    (&mut heading, &event)
                {
                    heading.push_str(text);
                }
                events.push(event);
            }
        }
    }
    let mut page = String::new();
    html::push_html(&mut page, events.into_iter());
    page
}

/// The name of a heading in addresses: lower case, hyphens for spaces, no punctuation.
fn anchor(text: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = text
        .trim()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect::<String>()
        .to_lowercase();
    let mut name = plain.clone();
    let mut times = 0;
    while !taken.insert(name.clone()) {
        times += 1;
        name = format!("{plain}-{times}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_anchors_and_tags_are_only_shown() {
        let text = "# 封緘\n\n[先](#1-何が守られるか) <b>x</b>\n\n## 1. 何が守られるか\n\n## 1. 何が守られるか\n\n| 列 |\n|---|\n| `a` |\n";
        assert_eq!(title(text).as_deref(), Some("封緘"));
        insta::assert_snapshot!(drawn(text), @r##"
        <p><a href="#1-%E4%BD%95%E3%81%8C%E5%AE%88%E3%82%89%E3%82%8C%E3%82%8B%E3%81%8B">先</a> &lt;b&gt;x&lt;/b&gt;</p>
        <h2 id="1-何が守られるか">1. 何が守られるか</h2>
        <h2 id="1-何が守られるか-1">1. 何が守られるか</h2>
        <div class="table-scroll" tabindex="0" role="region" aria-label="表"><table><thead><tr><th>列</th></tr></thead><tbody>
        <tr><td><code>a</code></td></tr>
        </tbody></table>
        </div>
        "##);
    }
}
