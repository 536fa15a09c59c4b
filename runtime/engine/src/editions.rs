//! Several editions of one form: an answer of one read by another.
//!
//! A new edition says once, in [`Migration`], what becomes of the answers of the one before.
//! From that follow both directions: the answers of last year's record in a new draft
//! ([`Lineage::carry`]), and this year's record as the older edition reads it
//! ([`Lineage::read_back`]), by which a renewal is judged a second time ([`evaluate_previous`]).
//!
//! Reading back never invents an answer: what the older edition asked and the record does not say
//! for certain is unanswered there, so its verdict stays open where that matters.
//!
//! [`Migration`]: crate::program::Migration

mod carry;
mod fit;
mod link;

pub use carry::{Carryover, Left, Mark, Source, WhyLeft};
pub use fit::{Fit, fit};
pub use link::{Unread, WhyUnread};

use crate::answers::Answers;
use crate::evaluate::{Context, Verdict, evaluate, judge_with};
use crate::form::Form;
use crate::machine::Scratch;
use crate::outcome::Outcome;
use crate::program::Application;
use crate::wire::WireError;
use link::Link;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Editions of one form from an older to a newer one, each linked to the next.
#[derive(Clone, Debug)]
pub struct Lineage {
    newest: Arc<Form>,
    /// From the newest edition backwards.
    links: Vec<Link>,
}

/// What the rules of the previous edition say about a renewal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Previous {
    /// Name of the edition.
    pub edition: String,
    /// Everything it says about the answers it can read.
    pub outcome: Outcome,
    /// Its questions that the record does not answer for it, in its order.
    pub unread: Vec<Unread>,
}

impl Lineage {
    /// An edition on its own: last year's record has the same form as this year's.
    pub fn same(form: Arc<Form>) -> Self {
        Self {
            newest: form,
            links: Vec::new(),
        }
    }

    /// The shortest way from the edition called `from` to `newest` through the migrations of
    /// `editions`; nothing if there is none.
    ///
    /// # Errors
    /// A migration that does not fit the editions it lies between.
    pub fn between<'f>(
        editions: impl IntoIterator<Item = &'f Arc<Form>>,
        from: &str,
        newest: &Arc<Form>,
    ) -> Result<Option<Self>, WireError> {
        let key = &newest.program().key;
        let by_name: BTreeMap<&str, &Arc<Form>> = editions
            .into_iter()
            .filter(|form| form.program().key == *key)
            .map(|form| (form.program().edition.as_str(), form))
            .collect();
        let Some(way) = way(&by_name, from, newest) else {
            return Ok(None);
        };
        let links = way
            .windows(2)
            .filter_map(|pair| match pair {
                [new, old] => Some(Link::new(Arc::clone(old), Arc::clone(new))),
                _ => None,
            })
            .collect::<Result<_, _>>()?;
        Ok(Some(Self {
            newest: Arc::clone(newest),
            links,
        }))
    }

    /// The edition by whose rules a renewal of `newest` is also judged, linked to it; nothing if
    /// its program names none.
    ///
    /// # Errors
    /// The edition is not among `editions`, no migration leads from it, or one does not fit.
    pub fn fallback<'f>(
        editions: impl IntoIterator<Item = &'f Arc<Form>>,
        newest: &Arc<Form>,
    ) -> Result<Option<Self>, WireError> {
        let program = newest.program();
        let Some(edition) = &program.fallback else {
            return Ok(None);
        };
        match Self::between(editions, edition, newest)? {
            Some(lineage) => Ok(Some(lineage)),
            None => Err(WireError::NoEdition {
                key: program.key.clone(),
                edition: program.edition.clone(),
                older: edition.clone(),
            }),
        }
    }

    /// The newer end.
    pub fn newest(&self) -> &Arc<Form> {
        &self.newest
    }

    /// The older end.
    pub fn oldest(&self) -> &Arc<Form> {
        self.links.last().map_or(&self.newest, |link| &link.old)
    }

    /// A record of the newest edition as the oldest one reads it, and the questions of the oldest
    /// one that it does not answer although it is filled in.
    pub fn read_back(&self, answers: &Answers) -> (Answers, Vec<Unread>) {
        let mut read = answers.clone();
        let mut unread = Vec::new();
        for link in &self.links {
            let (older, not_read) = link.backward(&read, &unread);
            read = older;
            unread = not_read;
        }
        (read, unread)
    }
}

/// The editions on the shortest way from `newest` back to `from`, both included.
fn way<'f>(
    editions: &BTreeMap<&str, &'f Arc<Form>>,
    from: &str,
    newest: &'f Arc<Form>,
) -> Option<Vec<&'f Arc<Form>>> {
    let mut reached: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut queue = VecDeque::from([newest]);
    reached.insert(&newest.program().edition, None);
    while let Some(form) = queue.pop_front() {
        let program = form.program();
        if program.edition == from {
            break;
        }
        for migration in &program.migrations {
            let older = migration.edition.as_str();
            if let Some(next) = editions.get(older)
                && !reached.contains_key(older)
            {
                reached.insert(older, Some(&program.edition));
                queue.push_back(next);
            }
        }
    }
    let mut way = Vec::new();
    let mut at = from;
    loop {
        let newer = *reached.get(at)?;
        match newer {
            Some(newer) => {
                way.push(*editions.get(at)?);
                at = newer;
            }
            None => {
                way.push(newest);
                way.reverse();
                return Some(way);
            }
        }
    }
}

/// What the rules of the older end of `lineage` say about a renewal on the form of its newer end;
/// nothing for a new application, which only the newest rules judge.
pub fn evaluate_previous(
    lineage: &Lineage,
    answers: &Answers,
    context: &Context,
) -> Option<Previous> {
    if context.application != Application::Renewal {
        return None;
    }
    let form = lineage.oldest();
    let (read, unread) = lineage.read_back(answers);
    Some(Previous {
        edition: form.program().edition.clone(),
        outcome: evaluate(form, &read, context),
        unread,
    })
}

/// The verdict of [`evaluate_previous`] without its reasons, with memory from the last one.
pub fn judge_previous(
    scratch: &mut Scratch,
    lineage: &Lineage,
    answers: &Answers,
    context: &Context,
) -> Option<Verdict> {
    if context.application != Application::Renewal {
        return None;
    }
    let (read, _) = lineage.read_back(answers);
    Some(judge_with(scratch, lineage.oldest(), &read, context))
}
