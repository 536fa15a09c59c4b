//! Headers and items.

use super::Quick;
use crate::ast::{
    Check, Definition, Edition, ExceptionKind, Header, Item, ItemKind, Level, Name, Only, Outcome,
    Programme, Reuse, Source, Status, Subject, Table,
};
use crate::lex::Kind;
use crate::parse::items::{HeaderEntry, TableBody};
use crate::parse::table::{Cell, cells};

impl Quick<'_> {
    // ------------------------------------------------------------------ header

    pub(in crate::parse) fn header(&mut self) -> Option<Header> {
        let subject = match self.word {
            "disease" => self.disease()?,
            "module" => {
                self.step();
                Subject::Module(self.path()?)
            }
            "programme" => {
                self.step();
                Subject::Programme(self.name()?)
            }
            _ => return None,
        };
        let mut header = Header {
            subject,
            title: self.text()?,
            edition: None,
            sources: Vec::new(),
            status: None,
            prefix: None,
            notes: Vec::new(),
            fallback: None,
            span: self.span_from(0),
        };
        self.take("{")?;
        for entry in self.lines(Self::header_entry)? {
            let twice = match entry {
                HeaderEntry::Edition(edition, _) => header.edition.replace(edition).is_some(),
                HeaderEntry::Status(status, span) => {
                    header.status.replace((status, span)).is_some()
                }
                HeaderEntry::Prefix(prefix) => header.prefix.replace(prefix).is_some(),
                HeaderEntry::Fallback(edition, _) => header.fallback.replace(edition).is_some(),
                HeaderEntry::Source(source) => {
                    header.sources.push(source);
                    false
                }
                HeaderEntry::Note(note) => {
                    header.notes.push(note);
                    false
                }
            };
            if twice {
                return None;
            }
        }
        header.span = self.span_from(0);
        Some(header)
    }

    fn disease(&mut self) -> Option<Subject> {
        self.step();
        self.notice()
    }

    /// Programme, number and branch.
    fn notice(&mut self) -> Option<Subject> {
        let programme = match self.word {
            "shitei" => Programme::Shitei,
            "shoman" => Programme::Shoman,
            _ => return None,
        };
        self.step();
        let parts = |word: &str| word.split('-').count();
        let digits = |word: &str| word.split('-').all(is_digits);
        if parts(self.word) > 2 || !digits(self.word) {
            return None;
        }
        let number = self.written()?;
        let branch = if self.takes("branch") {
            if !is_digits(self.word) {
                return None;
            }
            Some(self.written()?)
        } else {
            None
        };
        Some(Subject::Disease {
            programme,
            number,
            branch,
        })
    }

    /// The number at this place as it is written.
    fn written(&mut self) -> Option<Name> {
        let token = self.token().filter(|t| t.kind == Kind::Number)?;
        let text = self.word.to_owned();
        self.step();
        (!self.is_glued()).then_some(Name {
            text,
            span: token.span,
        })
    }

    pub(in crate::parse) fn header_entry(&mut self) -> Option<HeaderEntry> {
        let start = self.at;
        let word = self.word;
        self.step();
        Some(match word {
            "edition" => {
                let name = self.text()?;
                self.take("from")?;
                let from = self.date()?;
                let to = if self.takes("to") {
                    Some(self.date()?)
                } else {
                    None
                };
                HeaderEntry::Edition(Edition { name, from, to }, self.span_from(start))
            }
            "source" => {
                self.take("notice")?;
                let notice = self.text()?;
                let text = if self.takes("text") {
                    Some(self.text()?)
                } else {
                    None
                };
                HeaderEntry::Source(Source { notice, text })
            }
            "status" => {
                let status = match self.word {
                    "draft" => Status::Draft,
                    "reviewed" => Status::Reviewed,
                    "published" => Status::Published,
                    _ => return None,
                };
                self.step();
                HeaderEntry::Status(status, self.span_from(start))
            }
            "prefix" => HeaderEntry::Prefix(self.name()?),
            "note" => HeaderEntry::Note(self.text()?),
            "renewal" => {
                self.take("may")?;
                self.take("use")?;
                self.take("edition")?;
                HeaderEntry::Fallback(self.text()?, self.span_from(start))
            }
            _ => return None,
        })
    }

    // ------------------------------------------------------------------ items

    pub(in crate::parse) fn item(&mut self) -> Option<Item> {
        let private = self.takes("private");
        let kind = self.item_kind()?;
        Some(Item {
            kind,
            private,
            span: self.span_from(0),
        })
    }

    /// Whether the name of a programme and a number come next.
    fn begins_reuse(&self) -> bool {
        matches!(self.word, "shitei" | "shoman") && self.next_word() != "."
    }

    fn reuse(&mut self) -> Option<Reuse> {
        let start = self.at;
        let disease = self.notice()?;
        let span = self.span_from(start);
        self.take("only")?;
        let mut judgements = vec![self.name()?];
        while self.takes(",") {
            judgements.push(self.name()?);
        }
        self.take("as")?;
        Some(Reuse {
            disease,
            span,
            judgements,
            alias: self.name()?,
        })
    }

    fn item_kind(&mut self) -> Option<ItemKind> {
        let word = self.word;
        self.step();
        Some(match word {
            "use" if self.begins_reuse() => ItemKind::Reuse(self.reuse()?),
            "use" => {
                let module = self.path()?;
                let alias = if self.takes("as") {
                    Some(self.name()?)
                } else {
                    None
                };
                ItemKind::Use { module, alias }
            }
            "code" => ItemKind::Code {
                name: self.name()?,
                label: self.text()?,
                codes: self.codes()?,
            },
            "section" => ItemKind::Section {
                name: self.name()?,
                label: self.text()?,
                members: self.members()?,
            },
            "criterion" => ItemKind::Criterion(self.definition()?),
            "score" => ItemKind::Score(self.definition()?),
            "value" => self.value()?,
            "grade" => self.grade()?,
            "judgement" => ItemKind::Judgement(self.judgement()?),
            "check" => ItemKind::Check(self.check()?),
            "migrate" => ItemKind::Migration(self.migration()?),
            "gap" => ItemKind::Exception(self.exception(ExceptionKind::Gap)?),
            "overlap" => ItemKind::Exception(self.exception(ExceptionKind::Overlap)?),
            "not" => {
                self.take("judged")?;
                let sentence = self.text()?;
                self.take("because")?;
                ItemKind::NotJudged {
                    sentence,
                    reason: self.text()?,
                }
            }
            _ => return None,
        })
    }

    /// Name, label and citation, the rule still to come.
    fn heading(&mut self) -> Option<Heading> {
        Some(Heading {
            name: self.name()?,
            label: self.text_if_any()?,
            cites: self.cites_if_any()?,
        })
    }

    fn definition(&mut self) -> Option<Definition> {
        let heading = self.heading()?;
        self.defined(heading)
    }

    /// `= E` after a heading.
    fn defined(&mut self, heading: Heading) -> Option<Definition> {
        self.take("=")?;
        let Heading { name, label, cites } = heading;
        Some(Definition {
            name,
            label,
            cites,
            rule: self.expr()?,
        })
    }

    fn value(&mut self) -> Option<ItemKind> {
        let mut heading = self.heading()?;
        let ty = if self.takes(":") {
            Some(self.type_expr()?)
        } else {
            None
        };
        heading.cites.extend(self.cites_if_any()?);
        Some(ItemKind::Value(self.defined(heading)?, ty))
    }

    fn grade(&mut self) -> Option<ItemKind> {
        let mut heading = self.heading()?;
        let outcomes = self.outcomes()?;
        heading.cites.extend(self.cites_if_any()?);
        Some(ItemKind::Grade {
            definition: self.defined(heading)?,
            outcomes,
        })
    }

    /// `: severe "重症" | mild "軽症"`.
    fn outcomes(&mut self) -> Option<Vec<Outcome>> {
        self.take(":")?;
        let mut outcomes = vec![self.outcome()?];
        while self.takes("|") {
            outcomes.push(self.outcome()?);
        }
        Some(outcomes)
    }

    fn outcome(&mut self) -> Option<Outcome> {
        Some(Outcome {
            name: self.code_name()?,
            label: self.text_if_any()?,
        })
    }

    /// A table up to its `{`; its body is read by [`crate::parse::table`].
    pub(in crate::parse) fn table_without_body(&mut self) -> Option<Item> {
        let private = self.takes("private");
        self.take("table")?;
        let mut heading = self.heading()?;
        let outcomes = self.outcomes()?;
        heading.cites.extend(self.cites_if_any()?);
        self.take("{")?;
        Some(Item {
            kind: ItemKind::Table(Table {
                name: heading.name,
                label: heading.label,
                cites: heading.cites,
                outcomes,
                columns: Vec::new(),
                rows: Vec::new(),
            }),
            private,
            span: self.span_from(0),
        })
    }

    /// A table of numbers up to its `{`; its body is read by [`crate::parse::table`].
    pub(in crate::parse) fn numbers_without_body(&mut self) -> Option<Item> {
        let private = self.takes("private");
        self.take("table")?;
        let mut heading = self.heading()?;
        self.take(":")?;
        self.take("score")?;
        heading.cites.extend(self.cites_if_any()?);
        self.take("{")?;
        let span = self.span_from(0);
        Some(Item {
            kind: ItemKind::Score(Definition {
                name: heading.name,
                label: heading.label,
                cites: heading.cites,
                rule: cells(TableBody::default(), span),
            }),
            private,
            span,
        })
    }

    fn check(&mut self) -> Option<Check> {
        let id = self.name()?;
        let level = match self.word {
            "error" => Level::Error,
            "warning" => Level::Warning,
            "information" => Level::Information,
            _ => return None,
        };
        self.step();
        let message = self.text()?;
        let mut at = Vec::new();
        let (mut only, mut help) = (None, None);
        loop {
            let word = self.word;
            self.step();
            match word {
                "at" => {
                    at.push(self.path()?);
                    while self.takes(",") {
                        at.push(self.path()?);
                    }
                }
                "new" | "renewal" if only.is_none() => {
                    self.take("only")?;
                    only = Some(if word == "new" {
                        Only::New
                    } else {
                        Only::Renewal
                    });
                }
                "help" if help.is_none() => help = Some(self.text()?),
                "violated" => break,
                _ => return None,
            }
        }
        self.take("when")?;
        Some(Check {
            id,
            level,
            message,
            at,
            only,
            help,
            violated: self.expr()?,
        })
    }

    pub(in crate::parse) fn cell(&mut self) -> Option<Cell> {
        if self.kind() == Some(Kind::Number) || self.word == "-" {
            return self.bound().map(Cell::Number);
        }
        self.code_name().map(Cell::Outcome)
    }
}

struct Heading {
    name: Name,
    label: Option<crate::ast::Text>,
    cites: Vec<crate::ast::Text>,
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}
