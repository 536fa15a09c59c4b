//! Proofs after an edit that changes words only: the answers of before.
//!
//! What is asked of the solver follows from the rules, and so do its answers. While a text is
//! edited, mostly words change: then the questions are put as always, so that everything is said in
//! the new words and at the new places, and answered from memory. Only runs that found nothing are
//! remembered: whatever is told of a patient is looked for anew.

use super::solver::{Answer, Lit};
use crate::Compilation;
use crate::places::{Place, Places, Reading};
use kohyo_engine::Program;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many programs are remembered, of each some thousand answers.
const KEPT: usize = 512;

/// What the proofs of earlier texts answered, for whoever proves a text again after each edit;
/// several may at the same time.
#[derive(Default)]
pub struct ProofCache {
    /// The last one used at the end.
    known: Mutex<VecDeque<(Meaning, Arc<[Said]>)>>,
}

/// What of a compilation the questions follow from.
pub(super) type Meaning = [u8; 32];

/// An answer; of assumptions that exclude each other their positions.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Yes,
    No(Box<[u16]>),
    Unsettled,
}

impl Said {
    fn of(answer: &Answer, assumptions: &[Lit]) -> Self {
        match answer {
            Answer::Yes => Self::Yes,
            Answer::Unsettled => Self::Unsettled,
            Answer::No(core) => {
                let core = (0..).zip(assumptions).filter(|(_, lit)| core.contains(lit));
                Self::No(core.map(|(position, _)| position).collect())
            }
        }
    }

    fn answer(&self, assumptions: &[Lit]) -> Answer {
        match self {
            Self::Yes => Answer::Yes,
            Self::Unsettled => Answer::Unsettled,
            Self::No(core) => {
                let core = core
                    .iter()
                    .filter_map(|at| assumptions.get(usize::from(*at)));
                Answer::No(core.copied().collect())
            }
        }
    }
}

/// How a run of questions goes along with memory.
pub(super) enum Memory {
    /// Every question is asked.
    None,
    /// … and its answer noted.
    Noting(Vec<Said>),
    /// Nothing is asked: these are the answers, in their order.
    Recalling { answers: Arc<[Said]>, next: usize },
}

impl Memory {
    /// The answer to the next question, if it is remembered. Whoever asks more than was asked
    /// before is told nothing.
    pub(super) fn recalled(&mut self, assumptions: &[Lit]) -> Option<Answer> {
        let Self::Recalling { answers, next } = self else {
            return None;
        };
        let said = answers.get(*next);
        *next += 1;
        Some(said.map_or(Answer::Unsettled, |said| said.answer(assumptions)))
    }

    pub(super) fn note(&mut self, answer: &Answer, assumptions: &[Lit]) {
        if let Self::Noting(answers) = self {
            answers.push(Said::of(answer, assumptions));
        }
    }

    /// Whether answers are remembered ones.
    pub(super) fn is_recalling(&self) -> bool {
        matches!(self, Self::Recalling { .. })
    }

    /// Whether everything remembered was asked for and nothing else, as it is if the rules are the
    /// same.
    pub(super) fn is_exhausted(&self) -> bool {
        match self {
            Self::Recalling { answers, next } => *next == answers.len(),
            Self::None | Self::Noting(_) => true,
        }
    }
}

impl ProofCache {
    /// The memory of a run, and under what its answers are to be remembered; nothing of a
    /// compilation that was found fault with, whose proofs take this into account.
    pub(super) fn memory(
        &self,
        compilation: &Compilation,
        program: &Program,
    ) -> (Memory, Option<Meaning>) {
        if !compilation.diagnostics.is_empty() || !compilation.doubts.is_empty() {
            return (Memory::None, None);
        }
        let Some(meaning) = meaning(compilation, program) else {
            return (Memory::None, None);
        };
        let mut known = self.known();
        let memory = match known.iter().position(|(of, _)| *of == meaning) {
            Some(at) => {
                let found = known.remove(at);
                let answers = found.as_ref().map(|(_, answers)| Arc::clone(answers));
                known.extend(found);
                Memory::Recalling {
                    answers: answers.unwrap_or_default(),
                    next: 0,
                }
            }
            None => Memory::Noting(Vec::new()),
        };
        (memory, Some(meaning))
    }

    /// Remembers a run that found nothing.
    pub(super) fn keep(&self, meaning: Meaning, memory: Memory) {
        if let Memory::Noting(answers) = memory {
            let mut known = self.known();
            if known.len() == KEPT {
                known.pop_front();
            }
            known.push_back((meaning, answers.into()));
        }
    }

    fn known(&self) -> MutexGuard<'_, VecDeque<(Meaning, Arc<[Said]>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The program without its words, and how its rules are meant to be read. A word too many costs
/// time, not truth.
fn meaning(compilation: &Compilation, program: &Program) -> Option<Meaning> {
    let places = &compilation.places;
    let definitions = places.definitions.iter().map(|place| {
        let lines: Vec<usize> = place.lines.iter().map(Vec::len).collect();
        let cells = place.reading == Reading::Cells;
        (
            (cells, place.arms.len(), lines),
            (place.lent, place.dated, place.bands),
        )
    });
    let definitions: Vec<_> = definitions.collect();
    let ordered = places.judgements.iter().map(|place| place.ordered);
    let ordered: Vec<_> = ordered.collect();
    // What is written once and stands in the program for each row.
    let once = |place: fn(&Places, usize) -> &[Place], of: usize| {
        let first = |at| (0..of).position(|other| place(places, other) == place(places, at));
        (0..of).map(first).collect::<Vec<_>>()
    };
    let choices = once(
        |places, at| places.choices.get(at).map_or(&[], |choice| &choice.arms),
        places.choices.len(),
    );
    let counts = once(
        |places, at| places.counts.get(at).map_or(&[], |count| &count.lines),
        places.counts.len(),
    );
    let mut bytes = Vec::new();
    let mut writer = Serializer::with_formatter(&mut bytes, Wordless::default());
    (program, definitions, ordered, choices, counts)
        .serialize(&mut writer)
        .ok()?;
    Some(Sha256::digest(bytes).into())
}

/// What people read of a program.
const WORDS: [&str; 8] = [
    "title",
    "notes",
    "label",
    "cites",
    "eligible_cites",
    "help",
    "text",
    "message",
];

/// Leaves out the strings under the keys of [`WORDS`].
#[derive(Default)]
struct Wordless {
    /// Of the value that is written.
    key: String,
    in_key: bool,
}

impl Formatter for Wordless {
    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.key.clear();
        self.in_key = true;
        if first {
            Ok(())
        } else {
            writer.write_all(b",")
        }
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.key.clear();
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if self.in_key {
            self.key.push_str(fragment);
        } else if WORDS.contains(&self.key.as_str()) {
            return Ok(());
        }
        writer.write_all(fragment.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_are_left_out_and_nothing_else() {
        let value = json!([
            "a",
            { "label": "語", "name": "n", "text": { "lines": 1, "kind": "k" }, "notes": ["甲", "乙"] },
            "b",
            [{ "help": null, "rule": "r" }, "c"],
        ]);
        let mut bytes = Vec::new();
        let mut writer = Serializer::with_formatter(&mut bytes, Wordless::default());
        value.serialize(&mut writer).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"["a",{"label":"","name":"n","text":{"lines":1,"kind":"k"},"notes":["",""]},"b",[{"help":null,"rule":"r"},"c"]]"#
        );
    }
}
