//! Pass 1: the files a definition is made of, each once, in the order of the form.

use crate::diagnostics as d;
use crate::files::{Files, module_file, module_name};
use crate::header::newest;
use kohyo_dsl::ast;
use kohyo_dsl::{Diagnostic, Parsed, Severity, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One file of a definition.
pub(crate) struct Unit<'f> {
    /// Its path in the folder.
    pub(crate) file: String,
    /// Its text.
    pub(crate) text: &'f str,
    /// Its syntax.
    pub(crate) parsed: Arc<Parsed>,
    /// What it uses: the `use` item's alias and the unit, in order.
    pub(crate) uses: Vec<Use>,
    /// What it lends, if it is no part of the form but read for judgements of another disease;
    /// see [`crate::world`].
    pub(crate) lent: Option<Vec<Lent>>,
}

impl Unit<'_> {
    /// Whether something in `span` could not be read.
    pub(crate) fn is_broken(&self, span: Span) -> bool {
        let mut found = self.parsed.diagnostics.iter();
        found.any(|d| {
            let inside = span.start <= d.span.start && d.span.end <= span.end;
            inside && d.severity == Severity::Error
        })
    }

    /// Whether a `,` that was reported stands right before `span`.
    pub(crate) fn follows_comma(&self, span: Span) -> bool {
        let before = |end: u32| self.text.get(end as usize..span.start as usize);
        let mut found = self.parsed.diagnostics.iter();
        found.any(|d| {
            d.span.of(self.text) == "," && before(d.span.end).is_some_and(|t| t.trim().is_empty())
        })
    }

    /// Whether `span` stands in an item of which something could not be read, or right before it.
    pub(crate) fn is_in_broken_item(&self, span: Span) -> bool {
        let after = |start: u32| self.text.get(span.end as usize..start as usize);
        let mut found = self.parsed.diagnostics.iter();
        let before = found.any(|d| after(d.span.start).is_some_and(|t| t.trim().is_empty()));
        let mut items = self.parsed.file.items.iter().map(|item| item.span);
        before
            || items.any(|item| {
                item.start <= span.start && span.end <= item.end && self.is_broken(item)
            })
    }

    /// Whether `span` stands in the header, a judgement or a grade of which something could not be read.
    pub(crate) fn is_in_broken(&self, span: Span) -> bool {
        let header = self.parsed.file.header.iter().map(|header| header.span);
        let items = self.parsed.file.items.iter();
        let items = items.filter_map(|item| match item.kind {
            ast::ItemKind::Judgement(_) | ast::ItemKind::Table(_) | ast::ItemKind::Grade { .. } => {
                Some(item.span)
            }
            _ => None,
        });
        let mut around = header
            .chain(items)
            .filter(|around| around.start <= span.start && span.end <= around.end);
        around.any(|around| self.is_broken(around))
    }

    /// Whether `alias` belongs to a `use` that could not be followed.
    pub(crate) fn misses(&self, alias: &str) -> bool {
        let items = self.parsed.file.items.iter().enumerate();
        let mut missed = items.filter(|(item, _)| !self.uses.iter().any(|u| u.item == *item));
        missed.any(|(_, item)| match &item.kind {
            ast::ItemKind::Use { alias: own, .. } => {
                own.as_ref().is_some_and(|own| own.text == alias)
            }
            ast::ItemKind::Reuse(reuse) => reuse.alias.text == alias,
            _ => false,
        })
    }
}

/// A judgement of another disease, as it is read here: one of several outcomes.
pub(crate) struct Lent {
    /// With the name of its disease in front of its label, and its notice in front of its citation.
    pub(crate) judgement: ast::Judgement,
    /// Its categories, the last being `otherwise`.
    pub(crate) outcomes: Vec<ast::Outcome>,
}

/// One `use` that could be followed.
pub(crate) struct Use {
    /// Position of the item in the file.
    pub(crate) item: usize,
    /// Its alias.
    pub(crate) alias: Option<ast::Name>,
    /// The used unit.
    pub(crate) unit: usize,
    /// Which judgements of another disease are read; none for a module.
    pub(crate) judgements: Vec<ast::Name>,
}

impl Use {
    /// Whether it brings a module, and not judgements of another disease.
    pub(crate) fn is_module(&self) -> bool {
        self.judgements.is_empty()
    }
}

/// Syntax by path, so that a module shared by many diseases is parsed once, and a file that did
/// not change is not parsed again after an edit of another.
#[derive(Default)]
pub struct SyntaxCache {
    known: BTreeMap<String, Known>,
}

/// The syntax of a text.
struct Known {
    text: Arc<str>,
    parsed: Arc<Parsed>,
}

impl SyntaxCache {
    /// The syntax of a file of `files`; parsed anew when its text is another one than last time.
    pub(crate) fn parse(&mut self, files: &Files, path: &str) -> Option<Arc<Parsed>> {
        let text = files.shared(path)?;
        if let Some(known) = self.known.get(path)
            && (Arc::ptr_eq(&known.text, text) || known.text == *text)
        {
            return Some(Arc::clone(&known.parsed));
        }
        let parsed = Arc::new(kohyo_dsl::parse(path, text));
        let known = Known {
            text: Arc::clone(text),
            parsed: Arc::clone(&parsed),
        };
        self.known.insert(path.to_owned(), known);
        Some(parsed)
    }
}

/// The unit of `root` first, then everything it uses; diagnostics of syntax and of `use`.
pub(crate) fn load<'f>(
    files: &'f Files,
    cache: &mut SyntaxCache,
    root: &str,
) -> (Vec<Unit<'f>>, Vec<Diagnostic>) {
    let mut loader = Loader {
        files,
        cache,
        units: Vec::new(),
        known: BTreeMap::new(),
        diagnostics: Vec::new(),
        depth: 0,
    };
    if loader.unit(root).is_none() {
        loader.diagnostics.push(d::missing_file(root));
    }
    loader.report_cycles();
    loader.lend();
    (loader.units, loader.diagnostics)
}

/// Modules that use modules are followed so far.
const DEEPEST: usize = 64;

struct Loader<'f, 'c> {
    files: &'f Files,
    cache: &'c mut SyntaxCache,
    units: Vec<Unit<'f>>,
    known: BTreeMap<String, usize>,
    diagnostics: Vec<Diagnostic>,
    /// Files on the way from the definition to the one being loaded.
    depth: usize,
}

impl Loader<'_, '_> {
    fn unit(&mut self, path: &str) -> Option<usize> {
        if let Some(known) = self.known.get(path) {
            return Some(*known);
        }
        let parsed = self.cache.parse(self.files, path)?;
        let index = self.units.len();
        self.known.insert(path.to_owned(), index);
        self.diagnostics.extend(parsed.diagnostics.iter().cloned());
        let text = self.files.get(path).unwrap_or_default();
        self.units.push(Unit {
            file: path.to_owned(),
            text,
            parsed: Arc::clone(&parsed),
            uses: Vec::new(),
            lent: None,
        });
        let mut uses = Vec::new();
        for (item, found) in parsed.file.items.iter().enumerate() {
            let (target, alias, judgements) = match &found.kind {
                ast::ItemKind::Use { module, alias } => {
                    let target = module_file(path, &module.names);
                    if self.is_disease(&target) {
                        self.diagnostics.push(d::used_disease(path, module));
                        continue;
                    }
                    if self.files.get(&target).is_none() {
                        let known = self.modules(path);
                        self.diagnostics
                            .push(d::unknown_module(path, module, &target, known));
                        continue;
                    }
                    (target, alias.clone(), Vec::new())
                }
                ast::ItemKind::Reuse(reuse) => {
                    let newest = newest(self.files, self.cache, &reuse.disease);
                    let Some(target) = newest else {
                        self.diagnostics.push(d::unknown_disease(path, reuse));
                        continue;
                    };
                    (target, Some(reuse.alias.clone()), reuse.judgements.clone())
                }
                _ => continue,
            };
            if self.depth >= DEEPEST && !self.known.contains_key(&target) {
                self.diagnostics.push(d::uses_too_deep(path, found.span));
                continue;
            }
            self.depth += 1;
            if let Some(unit) = self.unit(&target) {
                uses.push(Use {
                    item,
                    alias,
                    unit,
                    judgements,
                });
            }
            self.depth -= 1;
        }
        if let Some(unit) = self.units.get_mut(index) {
            unit.uses = uses;
        }
        Some(index)
    }

    /// Names of the modules at hand, for suggestions.
    fn modules(&mut self, user: &str) -> Vec<String> {
        let files = self.files;
        files
            .definitions()
            .map(|(path, _)| path)
            .filter(|path| *path != user && !self.is_disease(path))
            .map(|path| module_name(user, path))
            .collect()
    }

    /// Whether a file defines a form; no module can be found there.
    fn is_disease(&mut self, path: &str) -> bool {
        let parsed = self.cache.parse(self.files, path);
        let header = parsed.as_ref().and_then(|p| p.file.header.as_ref());
        header.is_some_and(|h| !matches!(h.subject, ast::Subject::Module(_)))
    }

    /// What is reached only through judgements of another disease is no part of the form.
    fn lend(&mut self) {
        let mut own = vec![false; self.units.len()];
        let mut waiting = vec![0];
        while let Some(at) = waiting.pop() {
            match (own.get_mut(at), self.units.get(at)) {
                (Some(seen), Some(unit)) if !*seen => {
                    *seen = true;
                    let modules = unit.uses.iter().filter(|u| u.is_module());
                    waiting.extend(modules.map(|u| u.unit));
                }
                _ => {}
            }
        }
        for (unit, _) in self.units.iter_mut().zip(own).filter(|(_, own)| !own) {
            unit.lent = Some(lent(&unit.parsed.file));
        }
    }

    fn report_cycles(&mut self) {
        // States: 0 not seen, 1 on the way, 2 done.
        let mut state = vec![0u8; self.units.len()];
        let mut found = Vec::new();
        for start in 0..self.units.len() {
            visit(&self.units, start, &mut state, &mut found);
        }
        for (unit, item) in found {
            if let Some(unit) = self.units.get(unit)
                && let Some(item) = unit.parsed.file.items.get(item)
            {
                self.diagnostics
                    .push(d::module_cycle(&unit.file, item.span));
            }
        }
    }
}

fn visit(units: &[Unit<'_>], at: usize, state: &mut [u8], found: &mut Vec<(usize, usize)>) {
    match state.get(at) {
        Some(0) => {}
        _ => return,
    }
    if let Some(s) = state.get_mut(at) {
        *s = 1;
    }
    if let Some(unit) = units.get(at) {
        for used in &unit.uses {
            if state.get(used.unit) == Some(&1) {
                found.push((at, used.item));
            } else {
                visit(units, used.unit, state, found);
            }
        }
    }
    if let Some(s) = state.get_mut(at) {
        *s = 2;
    }
}

/// The judgements of a file as another disease reads them.
fn lent(file: &ast::File) -> Vec<Lent> {
    let Some(header) = &file.header else {
        return Vec::new();
    };
    let judgements = file.items.iter().filter_map(|item| match &item.kind {
        ast::ItemKind::Judgement(judgement) => Some(judgement),
        _ => None,
    });
    judgements
        .map(|judgement| {
            let mut judgement = judgement.clone();
            let label = format!("{}の{}", header.title.text, judgement.label.text);
            judgement.label.text = label;
            judgement.cites = vec![ast::Text {
                text: origin(header, &judgement.cites),
                span: judgement.name.span,
            }];
            let categories = judgement.categories.iter().map(|c| (&c.name, &c.label));
            let last = judgement
                .otherwise
                .iter()
                .map(|(name, label)| (name, label));
            let outcomes = categories.chain(last).map(|(name, label)| ast::Outcome {
                name: name.clone(),
                label: Some(label.clone()),
            });
            Lent {
                outcomes: outcomes.collect(),
                judgement,
            }
        })
        .collect()
}

/// 健発1112第1号 別紙 090（2020年版）「＜重症度分類＞」
fn origin(header: &ast::Header, cites: &[ast::Text]) -> String {
    let notices = header.sources.iter().map(|s| s.notice.text.as_str());
    let mut text = notices.collect::<Vec<_>>().join("、");
    if let Some(edition) = &header.edition {
        text.push_str(&format!("（{}年版）", edition.name.text));
    }
    for cites in cites {
        text.push_str(&format!("「{}」", cites.text));
    }
    text
}
