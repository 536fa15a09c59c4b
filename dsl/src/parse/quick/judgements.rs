//! Judgements, and the exceptions that are declared beside them.

use super::Quick;
use crate::ast::{Category, Exception, ExceptionKind, Judgement, Subtype};
use crate::parse::items::{JudgementLine, category_of};

impl Quick<'_> {
    pub(super) fn judgement(&mut self) -> Option<Judgement> {
        let mut judgement = Judgement {
            name: self.name()?,
            label: self.text()?,
            cites: self.cites_if_any()?,
            ordered: self.takes("first"),
            categories: Vec::new(),
            subtypes: Vec::new(),
            otherwise: None,
            eligible: Vec::new(),
            eligible_cites: Vec::new(),
        };
        if judgement.ordered {
            self.take("match")?;
        }
        self.take("{")?;
        for line in self.lines(Self::judgement_line)? {
            match line {
                JudgementLine::Category(category) => judgement.categories.push(category),
                JudgementLine::Otherwise(name, label, _) => {
                    if judgement.otherwise.replace((name, label)).is_some() {
                        return None;
                    }
                }
                JudgementLine::Subtype(subtype, categories) => {
                    judgement.subtypes.push(subtype);
                    judgement.categories.extend(categories);
                }
                JudgementLine::Eligible(names, cites) => {
                    judgement.eligible.extend(names);
                    judgement.eligible_cites.extend(cites);
                }
            }
        }
        Some(judgement)
    }

    fn judgement_line(&mut self) -> Option<JudgementLine> {
        let start = self.at;
        let word = self.word;
        self.step();
        Some(match word {
            "category" => JudgementLine::Category(self.category()?),
            "subtype" => self.subtype(start)?,
            "otherwise" => {
                let (name, label) = (self.code_name()?, self.text()?);
                JudgementLine::Otherwise(name, label, self.span_from(start))
            }
            "eligible" => {
                let mut names = vec![self.category_name()?];
                while self.takes(",") {
                    names.push(self.category_name()?);
                }
                JudgementLine::Eligible(names, self.cites_if_any()?)
            }
            _ => return None,
        })
    }

    /// What follows `category`.
    fn category(&mut self) -> Option<Category> {
        let name = self.code_name()?;
        let label = self.text()?;
        let cites = self.cites_if_any()?;
        self.take("when")?;
        Some(Category {
            subtype: None,
            name,
            label,
            cites,
            when: self.expr()?,
        })
    }

    /// What follows `subtype`, the token at `start`.
    fn subtype(&mut self, start: usize) -> Option<JudgementLine> {
        let Category {
            name,
            label,
            cites,
            when,
            ..
        } = self.category()?;
        self.take("{")?;
        let categories = self.lines(Self::subtype_line)?;
        let subtype = Subtype {
            name,
            label,
            cites,
            when,
            span: self.span_from(start),
        };
        let categories = categories
            .into_iter()
            .map(|category| category_of(&subtype, category))
            .collect();
        Some(JudgementLine::Subtype(subtype, categories))
    }

    fn subtype_line(&mut self) -> Option<Category> {
        self.take("category")?;
        self.category()
    }

    /// What follows `gap` or `overlap`.
    pub(super) fn exception(&mut self, kind: ExceptionKind) -> Option<Exception> {
        self.take("in")?;
        let of = self.path()?;
        self.take("when")?;
        let when = self.expr()?;
        self.take("because")?;
        Some(Exception {
            kind,
            of,
            when,
            reason: self.text()?,
        })
    }
}
