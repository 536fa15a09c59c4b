//! Files → pieces of work: a file as a whole, a large file of many records in stretches, if several
//! threads read it at once, or an archive in runs of its files.

use super::cutter::{Cutter, Cuttings};
use super::targets::Target;
use super::{Kind, kind_of};
use crate::archive::Archive;
use crate::csv::Charset;
use crate::stretch::Stretch;
use std::fs::File;
use std::io;
use std::ops::Range;

/// A piece of work, by its place among all.
pub(super) struct Piece<'t> {
    pub(super) position: usize,
    pub(super) target: usize,
    pub(super) work: Work<'t>,
}

/// What is to be done.
pub(super) enum Work<'t> {
    /// A file from its beginning to its end.
    Whole(&'t Target),
    /// A stretch of an XML file.
    Stretch(Stretch),
    /// A stretch of a CSV file.
    Rows(Stretch, Charset),
    /// Some of the files of an archive.
    Members(Box<Members>),
    /// Nothing: the file must be read as a whole after all.
    Lost,
    /// Nothing follows.
    End,
}

/// Some of the files of an archive, by their places in it.
pub(super) struct Members {
    pub(super) archive: Archive,
    pub(super) places: Range<usize>,
    /// Whether these are the last ones.
    pub(super) last: bool,
    /// Packed bytes.
    pub(super) bytes: u64,
}

/// The pieces of all files, in order.
pub(super) struct Pieces<'t> {
    targets: &'t [Target],
    /// Whether large files are shared among threads.
    cuts: bool,
    next_target: usize,
    position: usize,
    at_hand: Option<(usize, Source)>,
    ended: bool,
}

/// A file that gives several pieces.
enum Source {
    Cut(Cutter),
    /// And the place of the next of its files.
    Archive(Archive, Option<usize>),
}

impl<'t> Pieces<'t> {
    pub(super) fn new(targets: &'t [Target], cuts: bool) -> Self {
        Self {
            targets,
            cuts,
            next_target: 0,
            position: 0,
            at_hand: None,
            ended: false,
        }
    }

    /// The next piece; nothing after the one that says so.
    pub(super) fn next(&mut self) -> Option<Piece<'t>> {
        if self.ended {
            return None;
        }
        let (target, work) = self.work();
        self.ended = matches!(work, Work::End);
        let position = self.position;
        self.position += 1;
        Some(Piece {
            position,
            target,
            work,
        })
    }

    fn work(&mut self) -> (usize, Work<'t>) {
        loop {
            if let Some((target, source)) = &mut self.at_hand {
                let target = *target;
                match source.next() {
                    Ok(Some(work)) => return (target, work),
                    Ok(None) => self.at_hand = None,
                    // Whatever it is, reading the file as a whole tells it in its place.
                    Err(_) => {
                        self.at_hand = None;
                        return (target, Work::Lost);
                    }
                }
            }
            let at = self.next_target;
            let Some(target) = self.targets.get(at) else {
                return (at, Work::End);
            };
            self.next_target += 1;
            match Source::begin(target, self.cuts) {
                Some(source) => self.at_hand = Some((at, source)),
                None => return (at, Work::Whole(target)),
            }
        }
    }

    /// Nobody needs more of this file.
    pub(super) fn abandon(&mut self, target: usize) {
        if self.at_hand.as_ref().is_some_and(|(at, _)| *at == target) {
            self.at_hand = None;
        }
    }
}

impl Source {
    /// Begins with a file that is more than one piece.
    fn begin(target: &Target, cuts: bool) -> Option<Self> {
        if target.trouble.is_some() {
            return None;
        }
        let mut file = File::open(&target.path).ok()?;
        match kind_of(&target.path, &mut file).ok()? {
            Kind::Xml if cuts => Some(Self::Cut(Cutter::of_xml(file, target.bytes)?)),
            Kind::Csv if cuts => Some(Self::Cut(Cutter::of_csv(file, target.bytes)?)),
            Kind::Archive => Some(Self::Archive(Archive::open(file).ok()?, Some(0))),
            Kind::Xml | Kind::Csv | Kind::Responses | Kind::Sealed | Kind::Foreign(_) => None,
        }
    }

    /// The next piece; nothing after the last one.
    fn next<'t>(&mut self) -> io::Result<Option<Work<'t>>> {
        match self {
            Self::Cut(cutter) => Ok(cutter.next()?.map(|stretch| match cutter.cuttings() {
                Cuttings::Xml => Work::Stretch(stretch),
                Cuttings::Csv(charset) => Work::Rows(stretch, charset),
            })),
            Self::Archive(archive, next) => {
                let Some(from) = *next else {
                    return Ok(None);
                };
                let (places, bytes) = archive.run(from);
                let last = places.end >= archive.len();
                *next = (!last).then_some(places.end);
                Ok(Some(Work::Members(Box::new(Members {
                    archive: archive.clone(),
                    places,
                    last,
                    bytes,
                }))))
            }
        }
    }
}
