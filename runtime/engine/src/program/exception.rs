//! Gaps and double answers of the official text itself.

use super::{Cond, DefinitionId, JudgementId};
use serde::{Deserialize, Serialize};

/// What the official text itself leaves open or says twice. It explains; it decides nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// Which of the two.
    pub kind: ExceptionKind,
    /// The rule that has it.
    pub of: Excepted,
    /// Who is meant.
    pub when: Cond,
    /// Why it stands as it is.
    pub reason: String,
}

/// What is wrong with an official text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionKind {
    /// Nothing applies.
    Gap,
    /// Two different answers apply; the first one counts.
    Overlap,
}

/// The rule that has an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Excepted {
    /// A grade, table or score.
    Definition(DefinitionId),
    /// A judgement.
    Judgement(JudgementId),
}
