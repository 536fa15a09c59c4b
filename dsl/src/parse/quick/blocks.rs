//! Blocks: what `any of { … }`, `first match { … }` and their kin hold between their braces.

use super::Quick;
use super::expr::compared_by;
use crate::Span;
use crate::ast::{Band, CompareOp, Domain, Expr, ExprKind, Path, Quantifier, RowName};
use crate::lex::Kind;
use crate::parse::expr::{compared_with, in_bands};
use crate::parse::read::Arm;
use crate::parse::table::open_subject;

impl Quick<'_> {
    /// What follows the first word of a quantifier, up to `of`.
    pub(super) fn quantifier(&mut self, word: &str) -> Option<Quantifier> {
        let quantifier = match word {
            "all" => Quantifier::All,
            "any" => Quantifier::Any,
            "none" => Quantifier::None,
            "count" => Quantifier::Count,
            "sum" => Quantifier::Sum,
            "max" => Quantifier::Max,
            "min" => Quantifier::Min,
            "earliest" => Quantifier::Earliest,
            "latest" => Quantifier::Latest,
            "exactly" => Quantifier::Exactly(self.count()?),
            "at" if self.takes("least") => Quantifier::AtLeast(self.count()?),
            "at" if self.takes("most") => Quantifier::AtMost(self.count()?),
            _ => return None,
        };
        self.take("of")?;
        Some(quantifier)
    }

    /// What follows the first word of a block.
    pub(super) fn block(&mut self, word: &str) -> Option<ExprKind> {
        let quantifier = self.quantifier(word)?;
        if quantifier == Quantifier::Sum && self.word == "domain" && self.next_word() == "{" {
            return self.domains();
        }
        if self.word != "{" {
            return self.each(quantifier);
        }
        Some(ExprKind::Block {
            quantifier,
            members: self.block_members()?,
        })
    }

    fn block_members(&mut self) -> Option<Vec<Expr>> {
        self.take("{")?;
        self.separators();
        self.lines(Self::block_member)
    }

    /// `E`, `8 when E`, `"視力障害": E`.
    fn block_member(&mut self) -> Option<Expr> {
        let start = self.at;
        let labelled = self.kind() == Some(Kind::Text) && self.next_word() == ":";
        let label = if labelled {
            let text = self.text()?;
            self.step();
            Some(text)
        } else {
            None
        };
        let first = self.expr()?;
        let inner = if self.takes("when") {
            let when = self.expr()?;
            let span = first.span.to(when.span);
            let kind = ExprKind::Points {
                amount: Box::new(first),
                when: Box::new(when),
            };
            Expr { kind, span }
        } else {
            first
        };
        Some(match label {
            None => inner,
            Some(label) => Expr {
                kind: ExprKind::Labelled(label, Box::new(inner)),
                span: self.span_from(start),
            },
        })
    }

    /// `drugs { … }`: one condition or number, read once for each row or side.
    fn each(&mut self, quantifier: Quantifier) -> Option<ExprKind> {
        let of = self.path()?;
        if quantifier == Quantifier::Count && self.takes("in") {
            return self.codes_counted(of);
        }
        let named = if self.takes("as") {
            Some(RowName {
                name: self.name()?,
                label: self.text()?,
            })
        } else {
            None
        };
        let mut members = self.block_members()?;
        let body = members.pop().filter(|_| members.is_empty())?;
        Some(ExprKind::Each {
            quantifier,
            of,
            named,
            body: Box::new(body),
        })
    }

    /// `{ fever; rash }` after `count of symptoms in`.
    fn codes_counted(&mut self, of: Path) -> Option<ExprKind> {
        let span = of.span;
        let kind = ExprKind::Ref(of);
        Some(ExprKind::Includes {
            subject: Box::new(Expr { kind, span }),
            quantifier: Quantifier::Count,
            options: self.options()?,
        })
    }

    // ------------------------------------------------------------------ domains

    /// `domain { domain "皮膚" { … } … }`.
    fn domains(&mut self) -> Option<ExprKind> {
        self.take("domain")?;
        self.take("{")?;
        self.separators();
        self.lines(Self::domain).map(ExprKind::Domains)
    }

    fn domain(&mut self) -> Option<Domain> {
        let start = self.at;
        self.take("domain")?;
        Some(Domain {
            label: self.text()?,
            members: self.block_members()?,
            span: self.span_from(start),
        })
    }

    // ------------------------------------------------------------------ bands

    /// `of E { < 40 gives 0; … }`.
    pub(super) fn bands(&mut self) -> Option<ExprKind> {
        self.take("of")?;
        let subject = self.amount()?;
        self.take("{")?;
        self.separators();
        Some(in_bands(subject, self.lines(Self::band)?))
    }

    /// `< 40 gives 0`, `40 ..< 60 gives 1`.
    fn band(&mut self) -> Option<Band> {
        let start = self.at;
        // Its place is never seen: the subject of the bands takes it.
        let open = open_subject(Span::default());
        let sign = compared_by(self.word).filter(|op| *op != CompareOp::NotEqual);
        let kind = match sign {
            Some(op) => {
                self.step();
                compared_with(open, op, self.bound()?)
            }
            // Two conditions on the subject, which it is not written into.
            None if self.kind() == Some(Kind::Date) => return None,
            None => self.range(open)?,
        };
        let span = self.span_from(start);
        self.take("gives")?;
        Some(Band {
            when: Expr { kind, span },
            gives: self.amount()?,
            span: self.span_from(start),
        })
    }

    // ------------------------------------------------------------------ arms

    /// `match { B when A; otherwise C }`.
    pub(super) fn first_match(&mut self) -> Option<ExprKind> {
        self.take("match")?;
        self.take("{")?;
        self.separators();
        let mut arms = Vec::new();
        let mut otherwise = None;
        for arm in self.lines(Self::arm)? {
            match arm {
                _ if otherwise.is_some() => return None,
                Arm::When(result, condition) => arms.push((result, condition)),
                Arm::Otherwise(result) => otherwise = Some(Box::new(result)),
            }
        }
        Some(ExprKind::FirstMatch { arms, otherwise })
    }

    fn arm(&mut self) -> Option<Arm> {
        if self.takes("otherwise") {
            return self.expr().map(Arm::Otherwise);
        }
        let result = self.expr()?;
        self.take("when")?;
        Some(Arm::When(result, self.expr()?))
    }
}
