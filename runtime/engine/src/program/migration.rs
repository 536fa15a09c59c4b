//! What becomes of the answers of an older edition.

use super::{FieldId, Index};
use serde::{Deserialize, Serialize};

/// From one older edition to the edition of the program it stands in.
///
/// INVARIANT: every field of this edition is either carried or asked, once; every field of the
/// older one is carried or dropped. The first half is checked when the program is loaded, the
/// second when the two editions are linked ([`crate::Lineage`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Migration {
    /// Name of the older edition.
    pub edition: String,
    /// Answers that are carried over, in the order of this form.
    pub carried: Vec<Carried>,
    /// Questions of the older edition that are no longer asked, in its order.
    pub dropped: Vec<Dropped>,
    /// Questions that nothing of the older edition answers, in the order of this form.
    pub asked: Vec<Asked>,
}

/// An answer that is carried over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// Wire name in the older edition.
    pub old: String,
    /// The question of this edition.
    pub new: FieldId,
    /// For codes: what becomes of each code of the older edition, all of them.
    pub codes: Vec<MappedCode>,
    /// Answers that this edition would not accept are asked anew.
    pub where_it_fits: bool,
}

/// What becomes of one code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MappedCode {
    /// Wire value in the older edition.
    pub old: String,
    /// Its position in the table of this edition; nothing if the question is asked anew.
    pub new: Option<Index>,
}

/// A question that is no longer asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// Wire name in the older edition.
    pub old: String,
    /// Its label there.
    pub label: String,
    /// Why.
    pub reason: String,
}

/// A question that nothing answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The question of this edition.
    pub new: FieldId,
    /// Why.
    pub reason: String,
}
