//! What becomes of the answers of an older edition.

use super::Quick;
use crate::ast::{MappedCode, Migration, MigrationLine, MigrationLineKind, Name, Text};

impl Quick<'_> {
    /// What follows `migrate`.
    pub(super) fn migration(&mut self) -> Option<Migration> {
        self.take("from")?;
        self.take("edition")?;
        let edition = self.text()?;
        self.take("{")?;
        Some(Migration {
            edition,
            lines: self.lines(Self::migration_line)?,
        })
    }

    fn migration_line(&mut self) -> Option<MigrationLine> {
        let start = self.at;
        let kind = match self.word {
            // A field of this edition may have such a name, too.
            "drop" | "ask" if self.next_word() == "from" => return None,
            "drop" => {
                let (names, reason) = self.names_with_reason()?;
                MigrationLineKind::Dropped { names, reason }
            }
            "ask" => {
                let (names, reason) = self.names_with_reason()?;
                MigrationLineKind::Asked { names, reason }
            }
            _ => self.carried()?,
        };
        Some(MigrationLine {
            kind,
            span: self.span_from(start),
        })
    }

    /// `drop a, b because "…"`.
    fn names_with_reason(&mut self) -> Option<(Vec<Name>, Text)> {
        self.step();
        let mut names = vec![self.name()?];
        while self.takes(",") {
            names.push(self.name()?);
        }
        self.take("because")?;
        Some((names, self.text()?))
    }

    /// `stage from hy_stage map { 6 -> 5 } where it fits`.
    fn carried(&mut self) -> Option<MigrationLineKind> {
        let new = self.name()?;
        self.take("from")?;
        let old = self.name()?;
        let map = if self.word == "map" && self.next_word() == "{" {
            self.step();
            self.step();
            Some(self.lines(Self::mapped_code)?)
        } else {
            None
        };
        let where_it_fits = self.word == "where" && self.next_word() == "it";
        if where_it_fits {
            self.step();
            self.step();
            self.take("fits")?;
        }
        Some(MigrationLineKind::Carried {
            new,
            old,
            map,
            where_it_fits,
        })
    }

    fn mapped_code(&mut self) -> Option<MappedCode> {
        let old = self.code_value()?;
        self.take("->")?;
        Some(MappedCode {
            old,
            new: self.code_value()?,
        })
    }
}
