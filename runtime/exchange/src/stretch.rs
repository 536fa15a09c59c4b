//! A part of a large file that is read by itself, and how that ended (decision 0026).

use std::sync::Arc;

/// A stretch of a file of many records, to be read as if everything before it had been read.
#[derive(Debug)]
pub(crate) struct Stretch {
    /// The file from its beginning to where a reader knows what it needs to begin anywhere: to the end
    /// of the start tag of the root in XML, of the first record in CSV.
    pub(crate) head: Arc<[u8]>,
    /// Bytes of the file before the stretch.
    pub(crate) base: u64,
    /// The line on which it begins, at its first character.
    pub(crate) line: u64,
    /// Records before it.
    pub(crate) number: u64,
    /// Records and line by its end, if the file goes on there.
    pub(crate) until: Option<(u64, u64)>,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// How reading a stretch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Where the next stretch begins.
    Next,
    /// The end of the file, or the reader was told to stop.
    End,
    /// Somewhere else: the file was not cut between two records.
    Elsewhere,
}
