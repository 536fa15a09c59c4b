//! Diagnostics as text for a terminal: source line, underlined characters, help.

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::{LineIndex, Span};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// Without colours, for files and pipes.
    Plain,
    /// With the colours of a terminal.
    Colour,
}

/// Draws `diagnostics`, an empty line between them. `source` gives the text of a file by its name;
/// without it only the file is named.
pub fn render<'a>(
    diagnostics: &[Diagnostic],
    source: impl Fn(&str) -> Option<&'a str>,
    palette: Palette,
) -> String {
    let renderer = match palette {
        Palette::Plain => Renderer::plain(),
        Palette::Colour => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let mut sources = Sources {
        text_of: source,
        lines: BTreeMap::new(),
    };
    let drawn: Vec<String> = diagnostics
        .iter()
        .map(|d| draw(d, &mut sources, &renderer))
        .collect();
    drawn.join("\n\n")
}

/// Columns of a report; longer lines of a definition are cut around what is underlined.
const WIDTH: usize = 140;

/// Texts by file name, their lines counted once.
struct Sources<F> {
    text_of: F,
    lines: BTreeMap<String, LineIndex>,
}

impl<'a, F: Fn(&str) -> Option<&'a str>> Sources<F> {
    /// The lines of `file` that hold all of `spans`, where they begin and the number of the first.
    fn excerpt(&mut self, file: &str, spans: &[Span]) -> Option<Excerpt<'a>> {
        let text = (self.text_of)(file)?;
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let first = spans.iter().map(|s| s.start).min()?.min(length);
        let last = spans.iter().map(|s| s.end).max()?.min(length) as usize;
        let lines = self
            .lines
            .entry(file.to_owned())
            .or_insert_with(|| LineIndex::new(text));
        let number = lines.line_column(text, first).line;
        let start = text
            .get(..first as usize)?
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let end = text
            .get(last..)?
            .find('\n')
            .map_or(text.len(), |at| last + at);
        Some(Excerpt {
            text: text.get(start..end)?,
            start,
            line: number as usize,
        })
    }
}

/// Some whole lines of a file.
struct Excerpt<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl Excerpt<'_> {
    /// A place in the file as a place in the excerpt.
    fn within(&self, span: Span) -> std::ops::Range<usize> {
        let at = |position: u32| {
            (position as usize)
                .saturating_sub(self.start)
                .min(self.text.len())
        };
        at(span.start)..at(span.end).max(at(span.start))
    }
}

fn draw<'a, F: Fn(&str) -> Option<&'a str>>(
    diagnostic: &Diagnostic,
    sources: &mut Sources<F>,
    renderer: &Renderer,
) -> String {
    let title = level(diagnostic.severity)
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    for (file, labels) in places(diagnostic) {
        group = match excerpt_of(sources, file, &labels) {
            Some(snippet) => group.element(snippet),
            None => group.element(Origin::path(file)),
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.with_name("ヒント").message(help.as_str()));
    }
    renderer.render(&[group])
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR.with_name("エラー"),
        Severity::Warning => Level::WARNING.with_name("警告"),
        Severity::Information => Level::INFO.with_name("情報"),
    }
}

/// One place to underline.
struct Mark<'d> {
    span: Span,
    text: &'d str,
    kind: AnnotationKind,
}

/// All places of a diagnostic, those in its own file first.
fn places(diagnostic: &Diagnostic) -> Vec<(&str, Vec<Mark<'_>>)> {
    let first = Mark {
        span: diagnostic.span,
        text: diagnostic.note.as_str(),
        kind: AnnotationKind::Primary,
    };
    let mut places = vec![(diagnostic.file.as_str(), vec![first])];
    for Label { file, span, text } in &diagnostic.labels {
        let mark = Mark {
            span: *span,
            text: text.as_str(),
            kind: AnnotationKind::Context,
        };
        match places.iter_mut().find(|(name, _)| name == file) {
            Some((_, marks)) => marks.push(mark),
            None => places.push((file.as_str(), vec![mark])),
        }
    }
    places
}

fn excerpt_of<'s, 'd: 's, 'a: 's, F: Fn(&str) -> Option<&'a str>>(
    sources: &mut Sources<F>,
    file: &'d str,
    marks: &[Mark<'d>],
) -> Option<Snippet<'s, Annotation<'s>>> {
    let spans: Vec<Span> = marks.iter().map(|m| m.span).collect();
    let excerpt = sources.excerpt(file, &spans)?;
    let annotations = marks.iter().map(|mark| {
        let annotation = mark.kind.span(excerpt.within(mark.span));
        if mark.text.is_empty() {
            annotation
        } else {
            annotation.label(mark.text)
        }
    });
    Some(
        Snippet::source(excerpt.text)
            .line_start(excerpt.line)
            .path(file)
            .annotations(annotations.collect::<Vec<_>>()),
    )
}
