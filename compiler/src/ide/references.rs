//! Where a name is declared and where it stands, in every file of the folder.

use super::names::{Spot, Target, mentions, spot};
use super::scene::{Named, location, look_at, mention_at, mentions_of};
use super::text::{Lines, Location, Position, Range};
use crate::files::Files;
use crate::load::SyntaxCache;
use kohyo_dsl::Span;
use serde::Serialize;

/// Where the name at a place is declared: for a module, its file; for an alias, its `use`.
pub fn definition(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
) -> Option<Location> {
    let spot = look_at(files, cache, path, |world| {
        spot(world, mention_at(world, position)?.target)
    })??;
    location(files, &spot)
}

/// Every place where what is named at a place stands, sorted; its declaration only if asked for.
pub fn references(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
    declaration: bool,
) -> Vec<Location> {
    let Some(wanted) = wanted(files, cache, path, position) else {
        return Vec::new();
    };
    everywhere(files, cache, &wanted)
        .iter()
        .filter(|named| declaration || !named.declares)
        .filter_map(|named| location(files, &named.spot))
        .collect()
}

/// A place in the same file where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Highlight {
    /// Where.
    pub range: Range,
    /// It is declared there.
    pub declares: bool,
}

/// The places in the same file where what is named at a place stands.
pub fn highlights(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
) -> Vec<Highlight> {
    look_at(files, cache, path, |world| {
        let lines = Lines::new(files.get(path).unwrap_or(""));
        let wanted = mention_at(world, position)?.target;
        let same = mentions(world, 0)
            .into_iter()
            .filter(|m| m.target == wanted);
        Some(
            same.map(|m| Highlight {
                range: lines.range(m.span),
                declares: m.declares,
            })
            .collect(),
        )
    })
    .flatten()
    .unwrap_or_default()
}

/// Something that is looked for in every file.
pub(super) struct Wanted {
    /// Where it is declared.
    pub(super) spot: Spot,
    /// It is known in its own file only.
    local: bool,
}

pub(super) fn wanted(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
) -> Option<Wanted> {
    look_at(files, cache, path, |world| {
        let target = mention_at(world, position)?.target;
        Some(Wanted {
            spot: spot(world, target)?,
            local: matches!(target, Target::Alias(..)),
        })
    })?
}

/// The places in all files where something stands, by file and place.
pub(super) fn everywhere(files: &Files, cache: &mut SyntaxCache, wanted: &Wanted) -> Vec<Named> {
    let spot = &wanted.spot;
    let name = word(files, &spot.path, spot.span);
    // Names are compared after composing their letters, so that only ASCII can be looked for in
    // the text itself.
    let may_stand = |text: &str| !name.is_ascii() || text.contains(name);
    let paths: Vec<&str> = files
        .definitions()
        .filter(|(path, text)| *path == spot.path || !wanted.local && may_stand(text))
        .map(|(path, _)| path)
        .collect();
    paths
        .into_iter()
        .flat_map(|path| mentions_of(files, cache, path, spot))
        .collect()
}

/// The last word of a name as it is written.
fn word<'f>(files: &'f Files, path: &str, span: Span) -> &'f str {
    let name = span.of(files.get(path).unwrap_or(""));
    name.rsplit('.').next().unwrap_or(name).trim()
}
