//! A file with everything its names can mean.

use super::names::{Mention, Spot, Target, mentions, spot};
use super::text::{Lines, Location, Position};
use crate::files::Files;
use crate::load::{SyntaxCache, load};
use crate::world::{self, World};

/// Shows the world of the file at `path` to `look`; nothing if there is no such file.
///
/// The file stands at 0 in it, after it what it uses. Whether a disease is made of the file makes
/// no difference to what its names mean, so that a module is looked at by itself.
pub(super) fn look_at<R>(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    look: impl FnOnce(&World<'_>) -> R,
) -> Option<R> {
    files.get(path)?;
    let (units, mut diagnostics) = load(files, cache, path);
    let world = world::declare(&units, &mut diagnostics);
    Some(look(&world))
}

/// The name that stands at a place, the character before it included.
pub(super) fn mention_at<'a>(world: &World<'a>, position: Position) -> Option<Mention<'a>> {
    let text = world.units.first()?.text;
    let offset = Lines::new(text).offset(position);
    let covers =
        |m: &Mention<'_>| (m.span.start as usize) <= offset && offset <= m.span.end as usize;
    let mut found: Vec<Mention<'a>> = mentions(world, 0).into_iter().filter(covers).collect();
    // Of `hy` and `stage` in `hy.stage` the one that begins at the place.
    found.sort_by_key(|m| std::cmp::Reverse(m.span.start));
    found.into_iter().next()
}

/// Where something is declared, as the editor counts.
pub(super) fn location(files: &Files, spot: &Spot) -> Option<Location> {
    let text = files.get(&spot.path)?;
    Some(Location {
        path: spot.path.clone(),
        range: Lines::new(text).range(spot.span),
    })
}

/// The names of a file that stand for what is declared at `wanted`.
pub(super) fn mentions_of(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    wanted: &Spot,
) -> Vec<Named> {
    look_at(files, cache, path, |world| {
        mentions(world, 0)
            .into_iter()
            .filter(|m| spot(world, m.target).is_some_and(|s| s == *wanted))
            .map(|m| Named {
                spot: Spot {
                    path: path.to_owned(),
                    span: m.span,
                },
                declares: m.declares,
                item: m.item,
                module: matches!(m.target, Target::Module(_)),
            })
            .collect()
    })
    .unwrap_or_default()
}

/// A place where a name stands.
pub(super) struct Named {
    /// Where.
    pub(super) spot: Spot,
    /// It is declared there.
    pub(super) declares: bool,
    /// The item of the file that it stands in.
    pub(super) item: usize,
    /// It names a module, whose path it is.
    pub(super) module: bool,
}
