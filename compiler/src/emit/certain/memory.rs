//! What has been said already.

use super::{Range, Translated, View};
use std::collections::BTreeMap;

/// What has been said of the fields and rules of a form, in each view.
#[derive(Debug)]
pub(crate) struct Memory<Truth> {
    pub(super) truths: Said<Truth>,
    pub(super) ranges: Said<Range>,
    pub(super) texts: Said<String>,
}

pub(super) type Said<T> = BTreeMap<(View, Part), Translated<T>>;

/// A part of a program that others refer to by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Whether a field is shown.
    Shown(u16),
    /// The value of a field.
    Value(u16),
    Definition(u16),
    Judgement(u16),
}

impl<Truth> Default for Memory<Truth> {
    fn default() -> Self {
        Self {
            truths: BTreeMap::new(),
            ranges: BTreeMap::new(),
            texts: BTreeMap::new(),
        }
    }
}
