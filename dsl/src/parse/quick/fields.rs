//! Sections: groups, fields, types and modifiers.

use super::Quick;
use crate::ast::{
    Carry, Code, Field, Member, Modifier, ModifierKind, Name, NumberLiteral, Privacy, Repeat,
    RepeatKind, Side, Text, TypeExpr, TypeKind,
};
use crate::lex::Kind;
use crate::parse::fields::row_count;
use crate::parse::is_name_continue;
use crate::words;
use std::mem::discriminant;

impl Quick<'_> {
    /// `{ field …; group … }`.
    pub(super) fn members(&mut self) -> Option<Vec<Member>> {
        self.take("{")?;
        self.lines(Self::member)
    }

    pub(in crate::parse) fn member(&mut self) -> Option<Member> {
        let start = self.at;
        let word = self.word;
        self.step();
        Some(match word {
            "field" => {
                let name = self.name()?;
                let label = self.text()?;
                self.take(":")?;
                Member::Field(Field {
                    name,
                    label,
                    ty: self.type_expr()?,
                    modifiers: self.modifiers()?,
                    span: self.span_from(start),
                })
            }
            "group" => Member::Group {
                name: self.name()?,
                label: self.text()?,
                modifiers: self.modifiers()?,
                members: self.members()?,
                span: self.span_from(start),
            },
            "display" => Member::Display(self.path()?),
            "note" => Member::Note(self.text()?),
            "rows" => Member::Repeat(self.rows(start)?),
            "each" => Member::Repeat(self.sides(start)?),
            _ => return None,
        })
    }

    // ------------------------------------------------------------------ rows and sides

    /// What follows `rows`, the token at `start`.
    fn rows(&mut self, start: usize) -> Option<Repeat> {
        let (name, label) = (self.name()?, self.text()?);
        let range = self.at;
        let low = self.count()?;
        self.take("..")?;
        let high = self.count()?;
        let span = self.span_from(range);
        let count = Box::new(row_count(&name, &label, low, high, span));
        let modifiers = self.modifiers()?;
        self.take("of")?;
        let kind = RepeatKind::Rows { low, high, count };
        self.repeat(start, name, label, kind, modifiers)
    }

    /// What follows `each`, the token at `start`.
    fn sides(&mut self, start: usize) -> Option<Repeat> {
        self.take("side")?;
        let (name, label) = (self.name()?, self.text()?);
        let modifiers = self.modifiers()?;
        self.take("of")?;
        let mut sides = vec![self.side()?];
        while self.takes(",") {
            sides.push(self.side()?);
        }
        self.repeat(start, name, label, RepeatKind::Sides(sides), modifiers)
    }

    fn side(&mut self) -> Option<Side> {
        Some(Side {
            name: self.name()?,
            label: self.text()?,
        })
    }

    fn repeat(
        &mut self,
        start: usize,
        name: Name,
        label: Text,
        kind: RepeatKind,
        modifiers: Vec<Modifier>,
    ) -> Option<Repeat> {
        Some(Repeat {
            name,
            label,
            kind,
            modifiers,
            members: self.members()?,
            span: self.span_from(start),
        })
    }

    // ------------------------------------------------------------------ modifiers

    fn modifiers(&mut self) -> Option<Vec<Modifier>> {
        let mut modifiers: Vec<Modifier> = Vec::new();
        while words::begins_modifier(self.word) {
            let start = self.at;
            let kind = self.modifier()?;
            let same = |m: &Modifier| discriminant(&m.kind) == discriminant(&kind);
            if !matches!(kind, ModifierKind::Cites(_)) && modifiers.iter().any(same) {
                return None;
            }
            modifiers.push(Modifier {
                kind,
                span: self.span_from(start),
            });
        }
        Some(modifiers)
    }

    fn modifier(&mut self) -> Option<ModifierKind> {
        let word = self.word;
        self.step();
        Some(match word {
            "required" if self.takes("when") => ModifierKind::RequiredWhen(self.expr()?),
            "required" => ModifierKind::Required,
            "shown" if self.takes("unless") => ModifierKind::ShownWhen(self.expr()?.negated()),
            "shown" => {
                self.take("when")?;
                ModifierKind::ShownWhen(self.expr()?)
            }
            "new" => {
                self.take("only")?;
                ModifierKind::NewOnly
            }
            "renewal" => {
                self.take("only")?;
                ModifierKind::RenewalOnly
            }
            "carry" => ModifierKind::Carry(self.carry()?),
            "personal" => {
                let word = self.word;
                self.step();
                ModifierKind::Personal(match word {
                    "identifying" => Privacy::Identifying,
                    "quasi" => Privacy::Quasi,
                    "sensitive" => Privacy::Sensitive,
                    _ => return None,
                })
            }
            "help" => ModifierKind::Help(self.text()?),
            "cites" => ModifierKind::Cites(self.cited()?),
            "was" => ModifierKind::Was(self.name()?),
            "better" => {
                let higher = self.takes("higher");
                if !higher {
                    self.take("lower")?;
                }
                ModifierKind::Better { higher }
            }
            _ => return None,
        })
    }

    fn carry(&mut self) -> Option<Carry> {
        let word = self.word;
        self.step();
        Some(match word {
            "copy" => Carry::Copy,
            "confirm" => Carry::Confirm,
            "never" => Carry::Never,
            "expires" => {
                let months = self.count()?;
                self.take("months")?;
                Carry::Expires { months }
            }
            _ => return None,
        })
    }

    // ------------------------------------------------------------------ types

    pub(super) fn type_expr(&mut self) -> Option<TypeExpr> {
        let start = self.at;
        let kind = self.type_kind()?;
        Some(TypeExpr {
            kind,
            span: self.span_from(start),
        })
    }

    fn type_kind(&mut self) -> Option<TypeKind> {
        let word = self.word;
        if !words::TYPES.contains(&word) {
            let unknown = words::is_keyword(word);
            return if unknown {
                None
            } else {
                self.path().map(TypeKind::Named)
            };
        }
        self.step();
        Some(match word {
            "text" => {
                let chars = self.count()?;
                let lines = if self.takes("lines") {
                    Some(self.count()?)
                } else {
                    None
                };
                TypeKind::Text { chars, lines }
            }
            "kana" => TypeKind::Kana {
                chars: self.count()?,
            },
            "digits" => TypeKind::Digits {
                count: self.count()?,
            },
            "postal_code" => TypeKind::PostalCode,
            "phone" => TypeKind::Phone,
            "integer" => TypeKind::Integer {
                unit: self.text_if_any()?,
                range: self.type_range()?,
            },
            "decimal" => {
                let (digits, fraction) = self.digits()?.split_once('.')?;
                TypeKind::Decimal {
                    digits: digits.parse().ok()?,
                    fraction: fraction.parse().ok()?,
                    unit: self.text_if_any()?,
                    range: self.type_range()?,
                }
            }
            "date" => TypeKind::Date,
            "month" => TypeKind::Month,
            "year" => TypeKind::Year,
            "choice" => TypeKind::Choice(self.codes()?),
            "choices" if self.takes("of") => TypeKind::ChoicesOf(self.path()?),
            "choices" => TypeKind::Choices(self.codes()?),
            _ => return None,
        })
    }

    fn type_range(&mut self) -> Option<Option<(NumberLiteral, NumberLiteral)>> {
        if self.kind() != Some(Kind::Number) && self.word != "-" {
            return Some(None);
        }
        let low = self.signed()?;
        self.take("..")?;
        Some(Some((low, self.signed()?)))
    }

    // ------------------------------------------------------------------ codes

    /// `{ 1 present "あり"; 2 absent "なし" }`.
    pub(super) fn codes(&mut self) -> Option<Vec<Code>> {
        self.take("{")?;
        self.lines(Self::code)
    }

    pub(in crate::parse) fn code(&mut self) -> Option<Code> {
        let start = self.at;
        let value = self.code_value()?;
        let name = self.code_name()?;
        let label: Text = self.text()?;
        let points = if self.takes("points") {
            Some(self.signed()?)
        } else {
            None
        };
        let unknown = self.takes("unknown");
        if matches!(self.word, "points" | "unknown") {
            return None;
        }
        Some(Code {
            value,
            name,
            label,
            points,
            unknown,
            span: self.span_from(start),
        })
    }

    pub(super) fn code_value(&mut self) -> Option<Name> {
        let token = self.token()?;
        let (start, word) = (self.at, self.word);
        let valued = matches!(token.kind, Kind::Number | Kind::Word);
        if !valued || word.is_empty() || !word.chars().all(is_name_continue) {
            return None;
        }
        self.step();
        // More letters or digits would belong to it.
        let goes_on = self.is_glued() && self.kind() != Some(Kind::Sign);
        (!goes_on).then(|| Name {
            text: super::composed(word),
            span: self.span_from(start),
        })
    }
}
